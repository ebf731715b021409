"""Reading the register: what is due, what is late, what was owed at an instant, what concerns an account."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from psycopg import Connection

from teneur.kernel.commands import AccountId, book_of, number_of
from teneur.obligations.facts import SQL, Obligation, obligation_from_row

MOST = 10_000


def due(connection: Connection[Any], book: int, until: datetime, limit: int = MOST) -> list[Obligation]:
    """Open duties whose last instant lies at or before `until`, the most urgent first."""
    rows = connection.execute(SQL["due_until"], {"book": book, "until": until, "limit": limit})
    return [obligation_from_row(row) for row in rows]


def overdue(connection: Connection[Any], book: int, at: datetime, limit: int = MOST) -> list[Obligation]:
    """Open duties that can no longer be done in time: at the last instant itself they still could."""
    return due(connection, book, at - timedelta(microseconds=1), limit)


def open_as_of(connection: Connection[Any], book: int, at: datetime) -> list[Obligation]:
    """What was open at an instant, the most urgent first, duties without a date last."""
    return [
        obligation_from_row(row) for row in connection.execute(SQL["open_as_of"], {"book": book, "at": at})
    ]


def of_account(connection: Connection[Any], account: AccountId) -> list[Obligation]:
    """Every duty about an account, open or done, in the order in which they arose."""
    parameters = {"book": book_of(account), "account": number_of(account)}
    return [obligation_from_row(row) for row in connection.execute(SQL["of_account"], parameters)]


def still_open(obligations: Iterable[Obligation]) -> list[Obligation]:
    """Those that nothing has discharged."""
    return [o for o in obligations if o.discharged_at is None]
