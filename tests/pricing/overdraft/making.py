"""Short ways to grant overdrafts, use them and look at them."""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from teneur.bank import Bank
from teneur.channels.day.overdrafts import end_overdrafts, review_overdrafts
from teneur.channels.day.report import DayReport, Step, Today, Work
from teneur.kernel.clock import start_of_day, zone
from teneur.kernel.commands import AccountId, Answer, Channel, Command, number_of
from teneur.ledger.chart import Role, own_account
from teneur.ledger.commands import Move
from teneur.obligations.facts import Obligation
from teneur.obligations.reading import of_account, still_open
from teneur.payments.transfers.commands import PayeeAccount, PlaceTransfer
from teneur.pricing.overdraft.commands import GrantOverdraft
from teneur.pricing.overdraft.facts import Authorisation, Watch, load_authorisations, load_watches
from teneur.pricing.overdraft.texts import DUTIES
from tests.support.bank import (
    ADVISER,
    BACK_OFFICE,
    BNC,
    BOOK,
    BRED,
    OTHER_ADVISER,
    move_clock,
)

ZONE = {BRED: zone("Europe/Paris"), BNC: zone("Pacific/Noumea")}
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


POSTED: dict[int, list[Answer]] = {}  # by report


class _Posted(Today, frozen=True):
    """A day that keeps the answers of what its tasks posted."""

    def ask(self, work: Sequence[Work]) -> list[tuple[Command, Answer]]:
        found = super().ask(work)
        POSTED.setdefault(id(self.report), []).extend(answer for _, answer in found)
        return found


def pay(bank: Bank, account: AccountId, iban: str, amount_minor: int = 1_000) -> Answer:
    """A transfer that a holder orders in the web space."""
    found = bank.account(account)
    payee = PayeeAccount(name="Crédit Exemple", iban=iban)
    ask = PlaceTransfer(amount_minor=amount_minor, currency=found.currency, payee=payee, signed=True)
    return bank.ask(ask, account, actor=found.holders[0], channel=Channel.REMOTE)


def review_day(bank: Bank, ended_on: date, series: str = BRED) -> list[Answer]:
    """The bank's day: what a local day that has ended changes, at the first instant of the next."""
    where = ZONE[series]
    at = start_of_day(ended_on + timedelta(days=1), where)
    if at > bank.clock.now():
        move_clock(bank, at)
    report = DayReport()
    step = Step(at, where.key, ended_on + timedelta(days=1))
    today = _Posted(bank, BOOK, step, report, lambda _what, _count: None)
    for task in (end_overdrafts, review_overdrafts):
        task(today)
    assert report.problems == []
    return [answer for answer in POSTED.pop(id(report), []) if not answer.replayed]


def review_days(bank: Bank, first: date, last: date, series: str = BRED) -> list[tuple[date, Answer]]:
    """Every day from the first to the last, and what was reviewed on which."""
    found = []
    day = first
    while day <= last:
        found += [(day, answer) for answer in review_day(bank, day, series)]
        day += timedelta(days=1)
    return found


def watch(bank: Bank, account: AccountId) -> Watch:
    """What is going on with an account."""
    with bank.read() as connection:
        return load_watches(connection, [account])[account]


def duties(bank: Bank, account: AccountId, kind: str = "") -> list[Obligation]:
    """The duties about overdrafts that are open on an account."""
    with bank.read() as connection:
        found = still_open(of_account(connection, account))
    return [o for o in found if (o.kind == kind if kind else o.kind in DUTIES)]


def notices(bank: Bank, account: AccountId) -> list[tuple[str, dict[str, Any]]]:
    """What the holders are to be told about overdrafts, oldest first: template and values."""
    with bank.read() as connection:
        rows = connection.execute(
            "select template, content from notice where book = %s and account = %s and template like 'over%%'"
            " order by notice, line",
            (BOOK, number_of(account)),
        ).fetchall()
    return [(template, json.loads(content)) for template, content in rows]


def fees(bank: Bank, account: AccountId) -> list[tuple[str, str, date]]:
    """What is charged: event, about, day."""
    with bank.read() as connection:
        rows = connection.execute(
            "select event, about, occurred_on from fee where book = %s and account = %s order by fee, line",
            (BOOK, number_of(account)),
        ).fetchall()
    return [(event, about, day) for event, about, day in rows]
