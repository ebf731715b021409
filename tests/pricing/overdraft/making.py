"""Short ways to grant overdrafts, use them and look at them."""

import json
from datetime import date, timedelta
from typing import Any

from teneur.bank import Bank
from teneur.channels.day.report import derived_key
from teneur.kernel.clock import start_of_day, zone
from teneur.kernel.commands import AccountId, Answer, Channel, number_of
from teneur.ledger.chart import Role, own_account
from teneur.ledger.commands import Move
from teneur.obligations.facts import Obligation
from teneur.obligations.reading import of_account, still_open
from teneur.pricing.overdraft.commands import GrantOverdraft
from teneur.pricing.overdraft.day import endings, reviews
from teneur.pricing.overdraft.facts import Authorisation, Watch, load_authorisations, load_watches
from teneur.pricing.overdraft.texts import DUTIES
from tests.support.bank import (
    ADVISER,
    BACK_OFFICE,
    BNC,
    BOOK,
    BRED,
    OTHER_ADVISER,
    accepted,
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


def review_day(bank: Bank, ended_on: date, series: str = BRED) -> list[Answer]:
    """The bank's day: what a local day that has ended changes, at the first instant of the next."""
    where = ZONE[series]
    at = start_of_day(ended_on + timedelta(days=1), where)
    if at > bank.clock.now():
        move_clock(bank, at)
    answers: list[Answer] = []
    for task in (endings, reviews):
        after: int | None = 0
        while after is not None:
            with bank.read() as connection:
                day = ended_on if task is reviews else ended_on + timedelta(days=1)
                page = task(
                    connection, bank.governing, BOOK, where, day, bank.clock.now(), derived_key, after
                )
            for result in bank.post(page.commands):
                assert isinstance(result, Answer), result
                answers.append(accepted(result))
            after = page.after
    return answers


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
