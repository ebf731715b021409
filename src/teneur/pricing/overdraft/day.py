"""The bank's day: the review of every account that a day which has ended changes, a page at a time.

SQL finds the accounts that may be concerned, for a whole book at once; the rules say which are. A command has
the same key whenever it is asked, so a day that is begun again does nothing twice.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from psycopg import Connection

from teneur.accounts.governing import Governing
from teneur.agreements.terms.overdraft import Event
from teneur.kernel.clock import business_date
from teneur.kernel.commands import AccountId, Ask, account_id, number_of
from teneur.ledger.account import Account, load_accounts
from teneur.obligations.facts import load_open
from teneur.pricing.overdraft.commands import EndOverdraftByEvent, ReviewOverdraft
from teneur.pricing.overdraft.decisions.common import Case
from teneur.pricing.overdraft.facts import (
    PAY_INSTALMENT,
    SQL,
    load_authorisations,
    load_day_balances,
    load_watches,
)
from teneur.pricing.overdraft.review import instalments_due, review

ONE_DAY = timedelta(days=1)
MOST = 1_000  # accounts in one page

Key = Callable[..., bytes]


class Page(NamedTuple):
    """What to ask of which account under which key, and after which account to go on; None: that was all."""

    work: list[tuple[AccountId, Ask, bytes]]
    after: int | None


def reviews(
    connection: Connection[Any],
    governing: Governing,
    book: int,
    zone: ZoneInfo,
    ended_on: date,
    at: datetime,
    key: Key,
    after: int = 0,
) -> Page:
    """The reviews of a local day that has ended, of the accounts that count their days in that zone.

    at: the present instant; key: gives the idempotency key of named parts. To be posted before the orders of
    the next day are executed, since they give it its limits.
    """
    parameters = {"book": book, "day": ended_on, "after": after, "limit": MOST}
    numbers = [n for (n,) in connection.execute(SQL["to_review"], parameters)]
    there = _in_zone(connection, governing, book, numbers, zone, ended_on)
    accounts = {id_: account for id_, account in there.items() if account.opened_on <= ended_on}
    histories = load_authorisations(connection, list(accounts))
    watches = load_watches(connection, list(accounts))
    balances = load_day_balances(connection, [(a, ended_on) for a in accounts])
    due = [(a, PAY_INSTALMENT, about) for a in accounts for about in instalments_due(histories[a], ended_on)]
    still_open = load_open(connection, due)
    work: list[tuple[AccountId, Ask, bytes]] = []
    ask = ReviewOverdraft(day=ended_on)
    today = business_date(at, zone)
    for id_, account in accounts.items():
        case = Case(account, governing.of_account(account, today), at, today, histories[id_], watches[id_])
        abouts = tuple(
            about
            for about in instalments_due(histories[id_], ended_on)
            if (id_, PAY_INSTALMENT, about) in still_open
        )
        if review(case, case.watch, ended_on, balances.get((id_, ended_on), 0), abouts).effects:
            work.append((id_, ask, key("overdraft", book, number_of(id_), ended_on)))
    return Page(work, numbers[-1] if len(numbers) == MOST else None)


def endings(
    connection: Connection[Any],
    governing: Governing,
    book: int,
    zone: ZoneInfo,
    day: date,
    key: Key,
    after: int = 0,
) -> Page:
    """The overdrafts that the incapacity of a holder ends on a day."""
    parameters = {"book": book, "day": day, "after": after, "limit": MOST}
    numbers = [n for (n,) in connection.execute(SQL["incapable"], parameters)]
    ask = EndOverdraftByEvent(event=Event.INCAPACITY, occurred_on=day, proof="register of persons")
    work: list[tuple[AccountId, Ask, bytes]] = [
        (id_, ask, key("overdraft-incapacity", book, number_of(id_), day))
        for id_ in _in_zone(connection, governing, book, numbers, zone, day)
    ]
    return Page(work, numbers[-1] if len(numbers) == MOST else None)


def _in_zone(
    connection: Connection[Any],
    governing: Governing,
    book: int,
    numbers: list[int],
    zone: ZoneInfo,
    day: date,
) -> Mapping[AccountId, Account]:
    """The accounts that count their days in that zone: the others' day may not have ended."""
    found = load_accounts(connection, [account_id(book, n) for n in numbers])
    return {id_: account for id_, account in found.items() if governing.of_account(account, day).zone == zone}
