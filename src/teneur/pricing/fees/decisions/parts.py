"""What the decisions on fees share: the account and its terms, assessing fees in order, citations."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import msgspec

from teneur.accounts.governing import Governing, GoverningTerms
from teneur.agreements.agreement import Agreement, Citable
from teneur.customers.commands import StaffRole
from teneur.customers.facts import STAFF
from teneur.customers.rules import is_cleared
from teneur.kernel.commands import Command, Facts, Need, book_of
from teneur.kernel.money import has_parity, parity_down, parity_up
from teneur.ledger.account import ACCOUNT, Account
from teneur.ledger.chart import Role, own_account
from teneur.pricing.fees.facts import COUNTING, Fee, FeeStatus
from teneur.pricing.fees.rules import caps, collection, prices

ADVISERS = frozenset({StaffRole.ADVISER, StaffRole.BACK_OFFICE})
COUNTER = frozenset({StaffRole.CLERK, StaffRole.ADVISER, StaffRole.BACK_OFFICE})


class OnAccount:
    """A handler of commands about one customer's account."""

    def __init__(self, governing: Governing) -> None:
        self._governing = governing

    def needs(self, command: Command, facts: Facts) -> Iterable[Need]:
        """The account, its fees that count, the bank's income account, and who stands behind it."""
        yield ACCOUNT, command.subject
        yield COUNTING, command.subject
        if command.actor < 0:
            yield STAFF, command.actor
        approved_by = getattr(command.ask, "approved_by", 0)
        if approved_by < 0:
            yield STAFF, approved_by
        account: Account | None = facts.peek(ACCOUNT, command.subject)
        if account is not None:
            yield ACCOUNT, income_account(account)

    def _terms(self, account: Account, on: date) -> GoverningTerms:
        return self._governing.of_account(account, on)


def income_account(account: Account) -> int:
    """The bank's own account that takes the fees of an account."""
    return own_account(book_of(account.id), Role.FEE_INCOME, account.currency)


def asked_by_the_day(command: Command) -> bool:
    """Whether the bank's own day asks, and nobody else."""
    return command.actor == 0


def person_asking(command: Command, account: Account, facts: Facts) -> bool:
    """Whether a holder asks: himself, or through a member of staff who enters what he wants."""
    if command.actor > 0:
        return command.actor in account.holders
    requested_by = getattr(command.ask, "requested_by", 0)
    return is_cleared(facts.get(STAFF, command.actor), COUNTER) and requested_by in account.holders


def assessed(fee: Fee, known: Sequence[Fee], agreement: Agreement, code: str) -> caps.Assessed:
    """What a fee comes to, in the account's currency (`code`), beside all the others known of its account.

    Tariff and caps are in the currency of the agreement: where the law fixes a parity, they count at it.
    """
    own = agreement.currency
    if not has_parity(code, own):
        own = code
    before = [in_currency(other.charge, code, own) for other in known if other.order < fee.order]
    priced_ = [other for other in known if other.key != fee.key and other.amount_minor is not None]
    others = [in_currency(other.charge, code, own) for other in priced_]
    charge = in_currency(fee.charge, code, own)
    found = caps.assess(charge, before, others, agreement.accounts, agreement.tariff)
    return msgspec.structs.replace(
        found,
        price_minor=parity_down(found.price_minor, own, code),
        amount_minor=parity_down(found.amount_minor, own, code),
    )


def in_currency(charge: caps.Charge, code: str, to: str) -> caps.Charge:
    """A charge whose amounts are told in another currency, at the fixed parity: rounded so that no cap leaves
    more than it would."""
    amount = None if charge.amount_minor is None else parity_up(charge.amount_minor, code, to)
    base = parity_down(charge.base_minor, code, to)
    return msgspec.structs.replace(charge, base_minor=base, amount_minor=amount) if code != to else charge


def priced(fee: Fee, found: caps.Assessed, status: FeeStatus, on: date | None = None) -> Fee:
    """The fee with what it comes to. What its holder was shown is never exceeded."""
    shown = fee.amount_minor
    amount = found.amount_minor if shown is None else min(shown, found.amount_minor)
    return msgspec.structs.replace(
        fee,
        status=FeeStatus.FREE if amount == 0 else status,
        price_minor=found.price_minor,
        amount_minor=amount,
        limits=found.limits if shown is None else fee.limits or found.limits,
        settled_on=on,
    )


def fee_citations(fee: Fee, agreement: Agreement, *more: Citable) -> tuple[str, ...]:
    """The clauses of a fee: its event, its price, that it is a debit of its own, what made it free."""
    tariff = agreement.tariff
    event = tariff.events.get(fee.event)
    sources: list[Citable] = [] if event is None else [event]
    price = prices.price_in_force(fee.event, fee.occurred_on, tariff)
    sources += [prices.price_in_force, *([] if price is None else [price])]
    if price is not None and price.layer:
        sources.append(prices.agreed_price)
    if prices.basic_service(fee.event, prices.holder_of(agreement.accounts, tariff), tariff):
        sources += [prices.basic_service, tariff.free.designated]
    return agreement.cite(*sources, *more)


def fee_detail(fee: Fee) -> dict[str, Any]:
    """What the record keeps of a fee."""
    found: dict[str, Any] = {
        "event": fee.event,
        "about": fee.about,
        "occurred_on": fee.occurred_on.isoformat(),
        "price_minor": fee.price_minor or 0,
        "amount_minor": fee.amount_minor or 0,
        "limits": list(fee.limits),
    }
    if fee.collectable_on is not None:
        found["collectable_on"] = fee.collectable_on.isoformat()
    return found


def takes_from(fee: Fee, agreement: Agreement) -> date | None:
    """The first day on which a fee may be taken; None while it waits for its notice, or has no event."""
    event = agreement.tariff.events.get(fee.event)
    if fee.collectable_on is not None or event is None:
        return fee.collectable_on
    return collection.collectable_on(event.value, fee.occurred_on)
