"""Facts about duties: those that are open, by what they concern."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from psycopg import Connection

from teneur.kernel.commands import AccountId, FactKind, account_id, book_of, number_of
from teneur.ledger.account import LARGEST_POSITION
from teneur.storage.sql import load

SQL = load("teneur.obligations")

LARGEST_LINE = 2**15 - 1
Id = tuple[AccountId, int, int]  # account, position of the row that opened it, line
About = tuple[AccountId, str, str]  # account, kind, what it concerns


class Obligation(msgspec.Struct, frozen=True, kw_only=True):
    """A duty. clause: empty for one of the bank's own making.

    due_at: last instant in time, None if the text gives none. discharged_at: None while it is open.
    """

    account: AccountId
    id: int
    line: int
    kind: str
    about: str
    clause: str
    debtor: str
    starts_at: datetime
    due_at: datetime | None
    discharged_at: datetime | None = None
    discharged_by: str | None = None

    def is_open(self, at: datetime) -> bool:
        """Whether it was owed at that instant and not yet done."""
        return self.starts_at <= at and (self.discharged_at is None or self.discharged_at > at)

    def is_overdue(self, at: datetime) -> bool:
        """Whether it was open at that instant and its last instant had passed."""
        return self.is_open(at) and self.due_at is not None and self.due_at < at


def obligation_from_row(row: Sequence[Any]) -> Obligation:
    """A duty from the columns of the queries."""
    (book, number, id_, line, kind, about, clause, debtor, starts_at, due_at, at, by) = row
    return Obligation(
        account=account_id(book, number),
        id=id_,
        line=line,
        kind=kind,
        about=about,
        clause=clause,
        debtor=debtor,
        starts_at=starts_at,
        due_at=due_at,
        discharged_at=at,
        discharged_by=by,
    )


def load_obligations(connection: Connection[Any], keys: Sequence[Id]) -> Mapping[Id, Obligation]:
    """Duties by id."""
    found: dict[Id, Obligation] = {}
    keys = [k for k in keys if 0 < k[1] <= LARGEST_POSITION and 0 <= k[2] <= LARGEST_LINE]
    for book in sorted({book_of(a) for a, _, _ in keys}):
        mine = [(number_of(a), o, line) for a, o, line in keys if book_of(a) == book]
        parameters = {
            "book": book,
            "accounts": [a for a, _, _ in mine],
            "obligations": [o for _, o, _ in mine],
            "lines": [line for _, _, line in mine],
        }
        for row in connection.execute(SQL["obligations"], parameters):
            obligation = obligation_from_row(row)
            found[obligation.account, obligation.id, obligation.line] = obligation
    return found


def load_open(connection: Connection[Any], keys: Sequence[About]) -> Mapping[About, tuple[Obligation, ...]]:
    """The open duties of a kind about a thing, oldest first; nothing where there is none."""
    found: dict[About, tuple[Obligation, ...]] = {}
    for book in sorted({book_of(a) for a, _, _ in keys}):
        mine = [(number_of(a), kind, about) for a, kind, about in keys if book_of(a) == book]
        parameters = {
            "book": book,
            "accounts": [a for a, _, _ in mine],
            "kinds": [kind for _, kind, _ in mine],
            "abouts": [about for _, _, about in mine],
        }
        for row in connection.execute(SQL["open_about"], parameters):
            obligation = obligation_from_row(row)
            key = (obligation.account, obligation.kind, obligation.about)
            found[key] = (*found.get(key, ()), obligation)
    return found


OBLIGATION = FactKind("obligation", load_obligations)
OPEN_ABOUT = FactKind("open obligations about a thing", load_open)
