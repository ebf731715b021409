"""The bank's day: what there is to ask about fees, a page at a time.

SQL finds what may be concerned; the rules say what is. Each piece of work has the key that it itself gives,
so that a day which is begun again does nothing twice.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from psycopg import Connection

from teneur.accounts.governing import Governing
from teneur.kernel.commands import AccountId, Ask, account_id, book_of, number_of
from teneur.ledger.account import Account, Status, load_accounts
from teneur.pricing.fees.commands import AnnounceFees, ChargePeriod, CollectFee
from teneur.pricing.fees.decisions.parts import takes_from
from teneur.pricing.fees.facts import SQL, fee_from_row
from teneur.pricing.fees.rules import caps, prices, recurring
from teneur.pricing.statements.rules import statement_period

ONE_DAY = timedelta(days=1)
MOST = 1_000

Key = Callable[..., bytes]
Work = tuple[AccountId, Ask, bytes]  # subject, what is asked, idempotency key
Read = Callable[[], Any]  # a context manager that gives a connection


class Looked(NamedTuple):
    """What a page holds, and after what to go on; None: that was all."""

    work: list[Work]
    after: Any


def pages(look: Callable[[Any], Looked], first: Any) -> Iterator[list[Work]]:
    """Page after page of work."""
    after = first
    while after is not None:
        work, after = look(after)
        yield work


def announcements(
    connection: Connection[Any],
    governing: Governing,
    book: int,
    where: ZoneInfo,
    day: date,
    key: Key,
    after: int,
) -> Looked:
    """On the first day after a period of statements: accounts with incident fees that nothing shows yet.

    To be posted after the statements of that day, which show what they can: for these a letter does it.
    """
    eve = day - ONE_DAY
    parameters = {"book": book, "until": eve, "after": after, "limit": MOST}
    rows = connection.execute(SQL["accounts_to_announce"], parameters).fetchall()
    events = dict(rows)
    work: list[Work] = []
    for account in _in_zone(connection, governing, book, list(events), where, day).values():
        agreement = governing.of_account(account, eve).agreement
        number = number_of(account.id)
        incidents = any(caps.is_incident(e, agreement.tariff) for e in events[number])
        if incidents and statement_period(eve, agreement.statements).last_day == eve:
            ask = AnnounceFees(shown_on=day, until=eve, has_statement=False)
            work.append((account.id, ask, key("fees-announced", book, number, day)))
    return Looked(work, rows[-1][0] if len(rows) == MOST else None)


def collections(
    connection: Connection[Any],
    governing: Governing,
    book: int,
    where: ZoneInfo,
    day: date,
    key: Key,
    after: tuple[int, int, int],
) -> Looked:
    """The fees that may be taken on a day."""
    account, fee, line = after
    parameters = {
        "book": book, "day": day, "limit": MOST,
        "after_account": account, "after_fee": fee, "after_line": line,
    }  # fmt: skip
    rows = connection.execute(SQL["open_after"], parameters).fetchall()
    found = [fee_from_row(row) for row in rows]
    accounts = _in_zone(connection, governing, book, [number_of(f.account) for f in found], where, day)
    work: list[Work] = []
    for one in found:
        of = accounts.get(one.account)
        if of is None:
            continue
        first = takes_from(one, governing.of_account(of, one.occurred_on).agreement)
        if first is not None and first <= day:
            number = number_of(one.account)
            ask = CollectFee(fee=one.id, line=one.line)
            work.append((one.account, ask, key("fee", book, number, one.id, one.line)))
    last = rows[-1] if len(rows) == MOST else None
    return Looked(work, None if last is None else (last[1], last[2], last[3]))


def periods(
    connection: Connection[Any],
    governing: Governing,
    book: int,
    where: ZoneInfo,
    day: date,
    key: Key,
    after: int,
) -> Looked:
    """The recurring fees that begin or end on a day, and the first ones of accounts opened the day before."""
    starts = day.day == 1
    parameters = {
        "book": book, "after": after, "limit": MOST, "opened_to": day,
        "opened_from": date.min if starts else day - ONE_DAY,
    }  # fmt: skip
    numbers = [n for (n,) in connection.execute(SQL["accounts_after"], parameters)]
    work: list[Work] = []
    for account in _in_zone(connection, governing, book, numbers, where, day).values():
        work += _periods_of(governing, account, day, key)
    return Looked(work, numbers[-1] if len(numbers) == MOST else None)


def _periods_of(governing: Governing, account: Account, day: date, key: Key) -> Iterator[Work]:
    agreement = governing.of_account(account, day).agreement
    for event, agreed in agreement.tariff.recurring.items():
        in_advance = agreed.in_advance.value
        for period in recurring.charged_now(
            day, account.opened_on, agreed.months.value, in_advance=in_advance
        ):
            on = max(period.first_day, account.opened_on) if in_advance else period.last_day
            if prices.price_of(event, on, agreement.accounts, agreement.tariff).zero:
                continue
            ask = ChargePeriod(event=event, first_day=period.first_day, last_day=period.last_day)
            book, number = book_of(account.id), number_of(account.id)
            yield account.id, ask, key("fee-period", book, number, event, period.first_day)


def _in_zone(
    connection: Connection[Any],
    governing: Governing,
    book: int,
    numbers: Sequence[int],
    where: ZoneInfo,
    day: date,
) -> Mapping[AccountId, Account]:
    """The accounts that run and count their days in that zone: the others' day may not have come."""
    found = load_accounts(connection, [account_id(book, n) for n in sorted(set(numbers))])
    return {
        id_: account
        for id_, account in found.items()
        if account.status is not Status.CLOSED and governing.of_account(account, day).zone == where
    }
