"""Reading accounts: whose they are, their items and balances by a cut, and the records of operations."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
from psycopg import Connection

from teneur.accounts.rules import Item, balance_of, recorded
from teneur.kernel.commands import AccountId, account_id, book_of, number_of
from teneur.storage.sql import load

SQL = load("teneur.accounts")


class Cut(msgspec.Struct, frozen=True, kw_only=True):
    """Which entries count; what is not given does not limit. All limits are inclusive."""

    position: int | None = None
    booked_on: date | None = None
    value_on: date | None = None


def record_of(connection: Connection[Any], book: int, position: int) -> bytes | None:
    """The body of the evidence record of an operation (canonical JSON), or None."""
    row = connection.execute(SQL["record"], {"book": book, "position": position}).fetchone()
    return None if row is None else bytes(row[0])


def accounts_of_person(connection: Connection[Any], person: int, books: Sequence[int]) -> list[AccountId]:
    """The accounts that a person holds, alone or with others, in order of opening."""
    rows = connection.execute(SQL["accounts_of_person"], {"books": list(books), "person": person})
    return [account_id(book, number) for book, number in rows]


def items(connection: Connection[Any], account: AccountId, cut: Cut | None = None) -> list[Item]:
    """The debit and credit items of an account within a cut, in the order in which they were booked."""
    limits = cut or Cut()
    parameters = {
        "book": book_of(account),
        "account": number_of(account),
        "position": limits.position,
        "booked_on": limits.booked_on,
        "value_on": limits.value_on,
    }
    return recorded(connection.execute(SQL["items"], parameters))


def balance(connection: Connection[Any], account: AccountId, cut: Cut | None = None) -> int:
    """The balance from the items themselves, in minor units: what the running balance must equal."""
    return balance_of(items(connection, account, cut), on=date.max)
