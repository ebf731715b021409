"""Facts about overdrafts: every authorisation of an account, past and to come."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import IntEnum
from typing import Any

import msgspec
from psycopg import Connection

from teneur.kernel.commands import AccountId, FactKind, account_id, book_of, number_of
from teneur.storage.sql import load

SQL = load("teneur.pricing.overdraft")


class AuthorisationKind(IntEnum):
    """What an authorisation is. Stored: never renumber."""

    OPEN_ENDED = 1
    ONE_OFF = 2  # negotiated, with an end date
    INSTALMENTS = 3  # a step of the plan by which an excess is repaid after the bank reduced or ended another


class IndexedRate(msgspec.Struct, frozen=True):
    """A reference rate plus points: margin_percent in percent a year, may be negative."""

    index: str
    margin_percent: Decimal


Rate = Decimal | IndexedRate | None  # percent a year; None: the overdraft rate of the tariff


class Authorisation(msgspec.Struct, frozen=True, kw_only=True):
    """One limit over a span of days.

    id: position of the journal row that made it; line: which of its spans. limit_minor: > 0, how deep the
    balance may go. starts_on: first day; ends_on: last day, None if open-ended; one before starts_on if it
    was ended on its first day. document: where it was agreed. ended_by: why it ends, where not agreed from
    the start.
    """

    account: AccountId
    id: int
    limit_minor: int
    kind: AuthorisationKind
    starts_on: date
    ends_on: date | None
    rate: Rate = None
    line: int = 0
    document: str = ""
    ended_by: str = ""

    def is_in_force(self, day: date) -> bool:
        """Whether it holds on that day."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


def in_force(history: Iterable[Authorisation], day: date) -> Authorisation | None:
    """The authorisation that holds on a day: at most one does."""
    return max((a for a in history if a.is_in_force(day)), key=lambda a: (a.id, a.line), default=None)


def limit_on(history: Iterable[Authorisation], day: date) -> int:
    """How deep the balance may go on a day, in minor units; 0 without an authorisation."""
    found = in_force(history, day)
    return 0 if found is None else found.limit_minor


def overlaps(authorisation: Authorisation, starts_on: date, ends_on: date | None) -> bool:
    """Whether an authorisation holds on any day of a span (ends_on: last day, None if open)."""
    last = authorisation.ends_on or date.max
    return (
        authorisation.starts_on <= last
        and starts_on <= last
        and authorisation.starts_on <= (ends_on or date.max)
    )


def load_authorisations(
    connection: Connection[Any], accounts: Sequence[AccountId]
) -> Mapping[AccountId, tuple[Authorisation, ...]]:
    """Every authorisation of these accounts, past and to come, oldest first; an empty tuple where none is."""
    found: dict[AccountId, list[Authorisation]] = {account: [] for account in accounts}
    for book in sorted({book_of(a) for a in accounts}):
        numbers = [number_of(a) for a in accounts if book_of(a) == book]
        for row in connection.execute(SQL["authorisations"], {"book": book, "accounts": numbers}):
            authorisation = authorisation_from_row(book, row)
            found[authorisation.account].append(authorisation)
    return {account: tuple(history) for account, history in found.items()}


def authorisation_from_row(book: int, row: Sequence[Any]) -> Authorisation:
    """An authorisation from the columns of the query `authorisations`."""
    (number, id_, line, kind, limit, starts_on, ends_on, percent, index, document, ended_by) = row
    rate: Rate = IndexedRate(index, percent) if index else percent
    return Authorisation(
        account=account_id(book, number),
        id=id_,
        line=line,
        kind=AuthorisationKind(kind),
        limit_minor=limit,
        starts_on=starts_on,
        ends_on=ends_on,
        rate=rate,
        document=document,
        ended_by=ended_by,
    )


AUTHORISATIONS = FactKind("overdraft authorisations", load_authorisations)
