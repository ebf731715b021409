"""Facts about statements: the last one issued, how often they are wanted, how one was delivered."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
from psycopg import Connection

from teneur.agreements.terms.statements import Period as Frequency
from teneur.kernel.commands import AccountId, FactKind, account_id, book_of, number_of
from teneur.pricing.statements.statement import Medium
from teneur.storage.sql import load

SQL = load("teneur.pricing.statements")
LARGEST_NUMBER = 2**31 - 1
StatementKey = tuple[AccountId, int]  # account, number


class Last(msgspec.Struct, frozen=True, gc=False):
    """The latest statement of an account: where the next one begins. sha256: 64 hexadecimal digits."""

    number: int
    last_day: date
    last_sequence: int
    closing_minor: int
    sha256: str


class StatementChoice(msgspec.Struct, frozen=True, gc=False):
    """What the holders want. frequency: None: as agreed; extra_medium: None: no other than the agreed one."""

    frequency: Frequency | None = None
    extra_medium: Medium | None = None


class Delivered(msgspec.Struct, frozen=True, gc=False):
    """A statement and the media by which it reached the customer."""

    sha256: str
    media: tuple[Medium, ...]


NO_CHOICE = StatementChoice()


def choice_of(frequency: str, extra_medium: str) -> StatementChoice:
    """A choice from its columns."""
    if not frequency and not extra_medium:
        return NO_CHOICE
    return StatementChoice(
        Frequency(frequency) if frequency else None, Medium(extra_medium) if extra_medium else None
    )


def load_last(connection: Connection[Any], accounts: Sequence[AccountId]) -> Mapping[AccountId, Last]:
    """The latest statement of the accounts that have one."""
    found: dict[AccountId, Last] = {}
    for book in sorted({book_of(a) for a in accounts}):
        numbers = [number_of(a) for a in accounts if book_of(a) == book]
        rows = connection.execute(SQL["last_statements"], {"book": book, "accounts": numbers})
        for account, number, last_day, sequence, closing, digest in rows:
            last = Last(number, last_day, sequence, closing, bytes(digest).hex())
            found[account_id(book, account)] = last
    return found


def load_choices(
    connection: Connection[Any], accounts: Sequence[AccountId]
) -> Mapping[AccountId, StatementChoice]:
    """What the holders of accounts chose, where they did."""
    found: dict[AccountId, StatementChoice] = {}
    for book in sorted({book_of(a) for a in accounts}):
        numbers = [number_of(a) for a in accounts if book_of(a) == book]
        rows = connection.execute(SQL["choices"], {"book": book, "accounts": numbers})
        found |= {account_id(book, account): choice_of(*choice) for account, *choice in rows}
    return found


def load_delivered(
    connection: Connection[Any], keys: Sequence[StatementKey]
) -> Mapping[StatementKey, Delivered]:
    """Statements by account and number."""
    found: dict[StatementKey, Delivered] = {}
    for book in sorted({book_of(a) for a, _ in keys}):
        mine = [(number_of(a), n) for a, n in keys if book_of(a) == book and 0 < n <= LARGEST_NUMBER]
        parameters = {"book": book, "accounts": [a for a, _ in mine], "numbers": [n for _, n in mine]}
        for account, number, digest, media in connection.execute(SQL["statement_media"], parameters):
            delivered = Delivered(bytes(digest).hex(), tuple(Medium(m) for m in media))
            found[account_id(book, account), number] = delivered
    return found


LAST = FactKind("last statement", load_last)
STATEMENT_CHOICE = FactKind("choice of statements", load_choices)
DELIVERED = FactKind("statement delivered", load_delivered)
