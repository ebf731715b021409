"""Short ways to grant overdrafts, use them and look at them."""

from datetime import date
from typing import Any

from teneur.bank import Bank
from teneur.kernel.commands import AccountId, Answer, Channel
from teneur.ledger.chart import Role, own_account
from teneur.ledger.commands import Move
from teneur.pricing.overdraft.commands import GrantOverdraft
from teneur.pricing.overdraft.facts import Authorisation, load_authorisations
from tests.support.bank import ADVISER, BACK_OFFICE, BOOK, OTHER_ADVISER

TODAY = date(2026, 5, 4)


def grant(bank: Bank, account: AccountId, limit_minor: int, **changes: Any) -> Answer:
    """An open-ended authorisation asked for by all holders, unless changed."""
    actor = changes.pop("actor", ADVISER)
    fields: dict[str, Any] = {
        "limit_minor": limit_minor,
        "requested_by": bank.account(account).holders,
        "approved_by": BACK_OFFICE,
        "document": "conditions particulières 2026-17",
    }
    return bank.ask(GrantOverdraft(**(fields | changes)), account, actor=actor, channel=Channel.BRANCH)


def history(bank: Bank, account: AccountId) -> tuple[Authorisation, ...]:
    """All authorisations of an account."""
    with bank.read() as connection:
        return load_authorisations(connection, [account])[account]


def spend(
    bank: Bank, account: AccountId, amount_minor: int, day: date | None = None, *, forced: bool = False
) -> Answer:
    """A debit by hand, booked on a day (the bank's day of the agreement unless given)."""
    found = bank.account(account)
    booked_on = day or bank.clock.now().astimezone(bank.terms_for(found, TODAY).zone).date()
    ask = Move(
        debit=account,
        credit=own_account(BOOK, Role.CLEARING, found.currency),
        amount_minor=amount_minor,
        booked_on=booked_on,
        debit_value_on=booked_on,
        credit_value_on=booked_on,
        reason="test",
        approved_by=OTHER_ADVISER,
        forced=forced,
    )
    actor = BACK_OFFICE if forced else ADVISER
    return bank.ask(ask, account, actor=actor)
