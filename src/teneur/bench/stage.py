"""A bank of its own for one run: schema, books and accounts, all dropped afterwards.

Accounts come by COPY, as OpenAccount would have stored them: setting up is not what is measured.
"""

import contextlib
import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from types import TracebackType
from typing import Any, Self

import psycopg
from psycopg import sql

from teneur.accounts.rules import floor_minor, rib_of_account
from teneur.bank import Bank, shipped_agreements
from teneur.bench.errors import BenchError
from teneur.kernel.clock import FixedClock, instant
from teneur.kernel.commands import AccountId, Channel, Outcome, account_id
from teneur.ledger.account import ACCOUNT, ACCOUNT_OF_IBAN, FIRST_CUSTOMER_NUMBER, AccountKind, Status
from teneur.ledger.account import SQL as LEDGER_SQL
from teneur.ledger.commands import OpenBook
from teneur.ledger.contracts import Contract, Version
from teneur.ledger.engine import Engine
from teneur.storage.database import Dsn, Limits, connect
from teneur.storage.migrate import migrate
from teneur.storage.roles import open_schema
from teneur.storage.sql import load

SQL = load("teneur.bench")
AGREEMENT = "bred-2022-06"
AT = instant("2026-05-05T10:00:00+02:00")  # a Tuesday, two hours before the cut-off
OPENED_ON = date(2024, 3, 1)
BRANCH = "00001"
OVERDRAFT_MINOR = 100_000_00  # what every account may owe: only what is meant to be refused is
JOINT_EVERY = 4  # every fourth account has two holders
PREFIX = "bench_"
DURABLE = {
    "fsync": ("on",),
    "full_page_writes": ("on",),
    "synchronous_commit": ("on", "remote_apply"),
}
_LIMITS = Limits(lock_timeout_ms=60_000, statement_timeout_ms=0, idle_in_transaction_session_timeout_ms=0)
_PIECE = 50_000  # accounts read at once when a cache is warmed

Say = Callable[[str], None]


def refuse_unless_durable(settings: Mapping[str, str]) -> None:
    """Raises BenchError unless a commit under these settings survives a power cut: nothing else is worth
    measuring."""
    for name, accepted in DURABLE.items():
        value = settings.get(name, "unknown")
        if value not in accepted:
            raise BenchError(
                f"{name} is {value!r} on this server: a confirmed commit could be lost, and a figure without"
                f" that promise means nothing. Set {name} = on and run the bench again."
            )


def holders_of(index: int) -> tuple[int, ...]:
    """The persons who hold the account of an index, one or two."""
    first = 2 * index + 1
    return (first, first + 1) if index % JOINT_EVERY == 0 else (first,)


class Stage:
    """Books 1 to `books` with `accounts` customers' accounts each, in a schema that lives as long as this
    object."""

    def __init__(self, dsn: Dsn, accounts: int, books: int = 1, say: Say = lambda _: None) -> None:
        self.dsn = dsn
        self.accounts = accounts
        self.books = tuple(range(1, books + 1))
        self.schema = PREFIX + secrets.token_hex(6)
        self.copy_schema = f"{self.schema}_copy"  # tables of the same shape, for the bare COPY
        self._schemas: tuple[str, ...] = (self.schema, self.copy_schema)
        with connect(dsn, hot=True) as connection:
            refuse_unless_durable(dict(connection.execute(SQL["durability"]).fetchall()))
        self._owner = connect(dsn, "owner", limits=_LIMITS, autocommit=True)
        self.bank = Bank.open(dsn, FixedClock(AT), schema=self.schema)
        try:
            self._prepare(say)
        except BaseException:
            self.close()
            raise

    def _prepare(self, say: Say) -> None:
        for schema in self._schemas:
            self._owner.execute(SQL["mark_schema"], {"schema": schema})
        drop_forgotten(self._owner)
        for schema in self._schemas:
            migrate(self.dsn, schema=schema)
        say(f"opening {len(self.books)} × {self.accounts:,} accounts")
        self._open_books()
        for book in self.books:
            self._open_accounts(book)

    @classmethod
    def join(cls, dsn: Dsn, schema: str, accounts: int, books: tuple[int, ...]) -> Self:
        """The stage of another process, which will drop it."""
        stage = cls.__new__(cls)
        stage.dsn, stage.schema, stage.accounts, stage.books = dsn, schema, accounts, books
        stage.copy_schema, stage._schemas = f"{schema}_copy", ()
        stage.bank = Bank.open(dsn, FixedClock(AT), schema=schema)
        return stage

    def _open_books(self) -> None:
        for book in self.books:
            others = tuple(b for b in self.books if b != book)
            ask = OpenBook(name=f"book {book}", currencies=("EUR",), opened_on=OPENED_ON, other_books=others)
            answer = self.bank.ask(ask, account_id(book, 0), channel=Channel.SYSTEM)
            if answer.outcome is not Outcome.ACCEPTED:
                raise BenchError(f"book {book} could not be opened: {answer.reason}")

    def _open_accounts(self, book: int) -> None:
        agreement = shipped_agreements()[AGREEMENT]
        contract = Contract((Version(AGREEMENT, OPENED_ON),))
        floor = floor_minor(OVERDRAFT_MINOR, agreement.accounts.balance)
        ibans = self.ibans(book)
        with connect(self.dsn, "owner", schema=self.schema, limits=_LIMITS, autocommit=True) as connection:
            with connection.transaction(), connection.cursor() as cursor:
                parameters = {"contract": contract.id, "versions": contract.encode()}
                cursor.execute(LEDGER_SQL["insert_contract"], parameters)
                with cursor.copy(SQL["copy_accounts"]) as copy:
                    copy.set_types(_ACCOUNT_TYPES)
                    for index, iban in enumerate(ibans):
                        holders = list(holders_of(index))
                        kind = AccountKind.JOINT if len(holders) > 1 else AccountKind.INDIVIDUAL
                        number = FIRST_CUSTOMER_NUMBER + index
                        copy.write_row((book, number, int(kind), int(Status.OPEN), "EUR", floor, holders,
                                        contract.id, BRANCH, iban, OPENED_ON))  # fmt: skip
                with cursor.copy(SQL["copy_ibans"]) as copy:
                    copy.set_types(("text", "int8"))
                    for index, iban in enumerate(ibans):
                        copy.write_row((iban, self.account(book, index)))
            connection.execute(SQL["analyze_accounts"])
            connection.execute(SQL["analyze_ibans"])

    def account(self, book: int, index: int) -> AccountId:
        """The id of a customer's account, by its index from 0."""
        return account_id(book, FIRST_CUSTOMER_NUMBER + index)

    def ibans(self, book: int) -> list[str]:
        """The IBANs of a book's accounts by index."""
        bank = shipped_agreements()[AGREEMENT].bank
        return [rib_of_account(self.account(book, i), BRANCH, bank).iban for i in range(self.accounts)]

    def connect(self, schema: str = "") -> psycopg.Connection[Any]:
        """A session like the engine's."""
        return connect(self.dsn, schema=schema or self.schema, hot=True)

    def sizes(self) -> dict[str, int]:
        """Bytes by table, with indexes and what is stored out of line."""
        with self.connect() as connection:
            return dict(connection.execute(SQL["sizes"]).fetchall())

    def invariants(self) -> dict[str, int]:
        """What was checked of the journal after the run; raises BenchError if something does not hold."""
        with connect(self.dsn, "owner", schema=self.schema, limits=_LIMITS) as connection:
            cursor = connection.execute(SQL["invariants"])
            names = [column.name for column in cursor.description or ()]
            values = cursor.fetchone() or ()
        found = {name: int(value) for name, value in zip(names, values, strict=True)}
        broken = {name: value for name, value in found.items() if name != "rows" and value}
        if broken:
            raise BenchError(f"the books are wrong after the run, so no figure counts: {broken}")
        return found

    def close(self) -> None:
        """Drop everything."""
        self.bank.close()
        if not self._owner.closed:
            for schema in self._schemas:
                _drop(self._owner, schema)
            self._owner.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


_ACCOUNT_TYPES = ("int4", "int4", "int2", "int2", "text", "int8", "int4[]", "uuid", "text", "text", "date")


def warm(engine: Engine, stage: Stage, book: int) -> None:
    """Read every account of a book and its directory into the cache, as a bank that runs has them."""
    connection = engine.connection
    accounts = [stage.account(book, index) for index in range(stage.accounts)]
    with connection.transaction():
        for start in range(0, len(accounts), _PIECE):
            piece = accounts[start : start + _PIECE]
            engine.cache.accounts.update(ACCOUNT.load(connection, piece))
    found = engine.cache.accounts
    engine.cache.table(ACCOUNT_OF_IBAN).update({found[a].iban: a for a in accounts})


@contextlib.contextmanager
def peer_schema(dsn: Dsn) -> Iterator[str]:
    """A schema for another program's tables, dropped at the end; the owner's role may create in it."""
    schema = PREFIX + secrets.token_hex(6)
    with connect(dsn, "owner", limits=_LIMITS, autocommit=True) as connection:
        connection.execute(SQL["mark_schema"], {"schema": schema})
        open_schema(connection, schema)
        try:
            yield schema
        finally:
            _drop(connection, schema)


def drop_forgotten(owner: psycopg.Connection[Any]) -> None:
    """Drop what runs that were killed have left: whoever lives holds the mark of its schema."""
    for (schema,) in owner.execute(
        SQL["schemas_of_runs"], {"pattern": PREFIX.replace("_", r"\_") + "%"}
    ).fetchall():
        (free,) = owner.execute(SQL["mark_schema"], {"schema": schema}).fetchone() or (False,)
        if free:
            _drop(owner, schema)


def _drop(owner: psycopg.Connection[Any], schema: str) -> None:
    owner.execute(sql.SQL(SQL["drop_schema"]).format(schema=sql.Identifier(schema)))


def load_average() -> float:
    """How many processes wanted the processors in the last minute."""
    return round(os.getloadavg()[0], 2)
