"""Facts about interest: closings as kept, reference rates, what customers were told of them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import IntEnum
from typing import Any

import msgspec
from psycopg import Connection

from teneur.agreements.terms.interest import Designator
from teneur.kernel.commands import AccountId, FactKind, account_id, book_of, number_of
from teneur.ledger.account import LARGEST_POSITION
from teneur.pricing.interest.closing import Closing, decode
from teneur.storage.sql import load

SQL = load("teneur.pricing.interest")
QuarterKey = tuple[AccountId, date]  # account, first day
Spell = tuple[date, date | None]  # first day in debit, first day back (None: it lasts)


class EventKind(IntEnum):
    """What happens to a reference rate. Stored: never renumber."""

    MODIFIED = 1
    ENDED = 2
    SUBSTITUTED = 3


class IndexEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One of them. id: position in book 0. day: from which it holds; the day the rate disappeared."""

    id: int
    kind: EventKind
    day: date
    substitute: str = ""
    designated_by: Designator | None = None
    points: Decimal = Decimal(0)
    recommended_points: Decimal | None = None
    reason: str = ""


class IndexHistory(msgspec.Struct, frozen=True):
    """A reference rate: its values in order of day, and what happened to it in order."""

    name: str
    values: tuple[tuple[date, Decimal], ...]
    events: tuple[IndexEvent, ...] = ()
    synthetic: bool = False

    def last(self, kind: EventKind) -> IndexEvent | None:
        """The latest event of a kind."""
        return next((e for e in reversed(self.events) if e.kind is kind), None)


class NoticeKind(IntEnum):
    """What customers are told of. Stored: never renumber."""

    SUBSTITUTION = 1
    NEW_RATE = 2


class NoticeStatus(IntEnum):
    """What became of it. Stored: never renumber."""

    OPEN = 1
    ACCEPTED = 2  # by silence
    OBJECTED = 3


class RateNotice(msgspec.Struct, frozen=True, kw_only=True):
    """A customer was told of a substitute index or a new rate. last_day: to object.

    event: the substitution. gone_on: the day the old index disappeared. ends_on: last day of the
    authorisation after an objection.
    """

    account: AccountId
    id: int
    kind: NoticeKind
    name: str
    event: int
    about: str
    gone_on: date | None
    sent_on: date
    last_day: date
    status: NoticeStatus = NoticeStatus.OPEN
    answered_by: int | None = None
    answered_on: date | None = None
    ends_on: date | None = None


class KeptClosing(msgspec.Struct, frozen=True):
    """A closing and the journal row that made it."""

    closing: Closing
    closed_by: int


def load_latest_closings(
    connection: Connection[Any], keys: Sequence[QuarterKey]
) -> Mapping[QuarterKey, Closing]:
    """The latest revision of quarters of accounts, where there is one."""
    found: dict[QuarterKey, Closing] = {}
    for book in sorted({book_of(a) for a, _ in keys}):
        mine = [(number_of(a), day) for a, day in keys if book_of(a) == book]
        parameters = {"book": book, "accounts": [n for n, _ in mine], "days": [d for _, d in mine]}
        for number, day, _, _, _, json in connection.execute(SQL["latest_closings"], parameters):
            found[account_id(book, number), day] = decode(json)
    return found


def load_closings(
    connection: Connection[Any], accounts: Sequence[AccountId]
) -> Mapping[AccountId, tuple[KeptClosing, ...]]:
    """Every closing of accounts in order of quarter and revision; an empty tuple where there is none."""
    found: dict[AccountId, list[KeptClosing]] = {account: [] for account in accounts}
    for book in sorted({book_of(a) for a in accounts}):
        numbers = [number_of(a) for a in accounts if book_of(a) == book]
        rows = connection.execute(SQL["closings_of"], {"book": book, "accounts": numbers})
        for number, _, _, _, closed_by, json in rows:
            found[account_id(book, number)].append(KeptClosing(decode(json), closed_by))
    return {account: tuple(kept) for account, kept in found.items()}


def latest(kept: Iterable[KeptClosing]) -> dict[date, KeptClosing]:
    """The last revision of each quarter by its first day, in order."""
    return {k.closing.numbers.first_day: k for k in kept}


def load_indexes(connection: Connection[Any], names: Sequence[str]) -> Mapping[str, IndexHistory]:
    """Reference rates of which a value was loaded."""
    wanted = {"names": list(names)}
    values: dict[str, list[tuple[date, Decimal]]] = {}
    synthetic: dict[str, bool] = {}
    for name, day, percent, _, made_up in connection.execute(SQL["reference_rates"], wanted):
        values.setdefault(name, []).append((day, percent))
        synthetic[name] = synthetic.get(name, False) or made_up
    events: dict[str, list[IndexEvent]] = {}
    for name, id_, kind, day, substitute, by, points, recommended, reason in connection.execute(
        SQL["events"], wanted
    ):
        event = IndexEvent(
            id=id_,
            kind=EventKind(kind),
            day=day,
            substitute=substitute,
            designated_by=Designator(by) if by else None,
            points=points,
            recommended_points=recommended,
            reason=reason,
        )
        events.setdefault(name, []).append(event)
    return {
        name: IndexHistory(name, tuple(found), tuple(events.get(name, ())), synthetic[name])
        for name, found in values.items()
    }


def load_rate_notices(
    connection: Connection[Any], accounts: Sequence[AccountId]
) -> Mapping[AccountId, tuple[RateNotice, ...]]:
    """What the holders of accounts were told of rates, in order; an empty tuple where nothing was."""
    found: dict[AccountId, list[RateNotice]] = {account: [] for account in accounts}
    for book in sorted({book_of(a) for a in accounts}):
        numbers = [number_of(a) for a in accounts if book_of(a) == book]
        for row in connection.execute(SQL["rate_notices"], {"book": book, "accounts": numbers}):
            (number, id_, kind, name, event, about, gone, sent, last, status, by, on, ends) = row
            notice = RateNotice(
                account=account_id(book, number),
                id=id_,
                kind=NoticeKind(kind),
                name=name,
                event=event,
                about=about,
                gone_on=gone,
                sent_on=sent,
                last_day=last,
                status=NoticeStatus(status),
                answered_by=by,
                answered_on=on,
                ends_on=ends,
            )
            found[notice.account].append(notice)
    return {account: tuple(notices) for account, notices in found.items()}


def load_debit_spells(
    connection: Connection[Any], accounts: Sequence[AccountId], first_day: date
) -> Mapping[AccountId, tuple[Spell, ...]]:
    """The stretches of days in debit of accounts that reach beyond a day, in order; those without are left
    out."""
    found: dict[AccountId, tuple[Spell, ...]] = {}
    for book in sorted({book_of(a) for a in accounts}):
        numbers = [number_of(a) for a in accounts if book_of(a) == book]
        parameters = {"book": book, "accounts": numbers, "first_day": first_day}
        for number, began_on, ended_on in connection.execute(SQL["debit_spells"], parameters):
            account = account_id(book, number)
            found[account] = (*found.get(account, ()), (began_on, ended_on))
    return found


def load_adjusted(
    connection: Connection[Any], keys: Sequence[tuple[int, int]]
) -> Mapping[tuple[int, int], int]:
    """By which position the value date of an operation (book, position) was set right, where it was."""
    found: dict[tuple[int, int], int] = {}
    for book in sorted({b for b, _ in keys}):
        mine = [p for b, p in keys if b == book and 0 < p <= LARGEST_POSITION]
        rows = connection.execute(SQL["value_adjustments"], {"book": book, "operations": mine})
        found |= {(book, operation): by for operation, by in rows}
    return found


LATEST_CLOSING = FactKind("latest closing", load_latest_closings)
INDEX = FactKind("reference rate", load_indexes)
RATE_NOTICES = FactKind("notices of rates", load_rate_notices)
ADJUSTED = FactKind("value date set right", load_adjusted)
