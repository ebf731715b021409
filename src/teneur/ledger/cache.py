"""The engine's memory: a cache of the journal of each book up to a position.

Facts stay cached only if every change of them writes a journal row that names the account, so that reading
the rows that others appended is enough to stay right. Nothing here outlives its connection: after a failure
the server may be another one, with a shorter log.
"""

from collections.abc import Hashable, Iterable, Sequence
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from teneur.kernel.commands import AccountId, Answer, FactKind, Outcome, account_id
from teneur.ledger.account import ACCOUNT, SQL, Account
from teneur.ledger.registry import Registry

RECENT_KEYS = 200_000
LONGEST_TAIL = 20_000  # rows; whoever has missed more begins again at the end of the log


class Known(msgspec.Struct, frozen=True, gc=False):
    """What was asked under a key (its hash), and the stored answer.

    Not a tuple but a struct that the garbage collector passes by: else it would walk through all keys.
    """

    request: bytes
    answer: Answer


class StaleCache(Exception):  # (a signal to read again, not an error anyone sees)
    """The log does not hold the row that the cache ends with (a failover lost a tail, or a writer is
    broken), or too much was appended since."""


class FactNotLoaded(KeyError):
    """A decision wants a fact that was not loaded.

    After others in its batch it may follow from what they did: the engine then stores those first and asks
    again. Otherwise its handler did not name it in `needs`.
    """


class Book:
    """Where a book's journal ends, as this engine knows it."""

    __slots__ = ("book", "leaf", "position", "recent")

    def __init__(self, book: int, position: int, leaf: bytes) -> None:
        self.book = book
        self.position = position
        self.leaf = leaf
        self.recent: dict[bytes, Known] = {}

    @property
    def end(self) -> list[tuple[bytes, ...]]:
        """What `peek` finds, as text, where nothing was appended since."""
        return [(b"%d" % self.position, b"\\x" + self.leaf.hex().encode())] if self.position else []


class Cache:
    """Accounts and other cached facts, grounds, and the recent keys of each book."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.books: dict[int, Book] = {}
        self.tables: dict[FactKind, dict[Any, Any]] = {ACCOUNT: {}}
        self.accounts: dict[AccountId, Account] = self.tables[ACCOUNT]
        self.grounds: dict[bytes, tuple[str, tuple[str, ...]]] = {}

    def forget_accounts(self, accounts: Iterable[AccountId]) -> None:
        """Drop what is cached of these accounts; it is read again when next needed."""
        for account in accounts:
            for table in self.tables.values():
                table.pop(account, None)

    def forget_directories(self) -> None:
        """Drop cached facts that are not keyed by account: a batch that was not stored may have added to
        them."""
        for kind, table in self.tables.items():
            if kind is not ACCOUNT:
                table.clear()

    def forget_everything(self) -> None:
        """Start as a new engine would."""
        self.books.clear()
        self.grounds.clear()
        for table in self.tables.values():
            table.clear()

    def table(self, kind: FactKind) -> dict[Any, Any]:
        """The cached facts of a kind."""
        table = self.tables.get(kind)
        if table is None:
            table = self.tables[kind] = {}
        return table

    def book(self, connection: Connection[Any], book: int) -> Book:
        """The book's cache, begun at the end of its log when first met."""
        known = self.books.get(book)
        if known is None:
            row = connection.execute(SQL["head"], {"book": book}).fetchone()
            known = self.books[book] = Book(book, *(row or (0, b"")))
        return known

    def catch_up(self, connection: Connection[Any], book: Book) -> None:
        """Read and apply the rows that others appended. The first must be the one that the cache ends with,
        leaf and all."""
        parameters = {"book": book.book, "position": book.position, "most": LONGEST_TAIL + 1}
        cursor = connection.cursor(binary=True)
        rows: Sequence[Sequence[Any]] = cursor.execute(SQL["tail"], parameters, prepare=True).fetchall()
        if len(rows) > LONGEST_TAIL:
            raise StaleCache
        if book.position:
            if not rows or rows[0][0] != book.position or bytes(rows[0][14]) != book.leaf:
                raise StaleCache
            rows = rows[1:]
        if not rows:
            return
        self.learn_grounds(connection, {row[3] for row in rows if row[1] is not None})
        for row in rows:
            self._apply(book, row)
        book.position, book.leaf = rows[-1][0], bytes(rows[-1][14])

    def _apply(self, book: Book, row: Sequence[Any]) -> None:
        position, key, request, ground, outcome, kind, _line, debit, credit, subject = row[:10]
        debit_sequence, credit_sequence, debit_balance, credit_balance = row[10:14]
        if key is not None:
            reason, clauses = self.grounds[ground.bytes]
            answer = Answer(Outcome(outcome), reason, clauses, book.book, position, replayed=True)
            book.recent[key.bytes] = Known(request.bytes, answer)
        named = [account_id(book.book, n) for n in (debit, credit, subject) if n is not None]
        if kind not in self.registry.plain_numbers or outcome == Outcome.PENDING:
            self.forget_accounts(named)
            return
        if debit_sequence is None:
            return
        changed = ((debit, debit_balance, debit_sequence), (credit, credit_balance, credit_sequence))
        for number, balance, sequence in changed:
            account = self.accounts.get(account_id(book.book, number))
            if account is not None:
                account.balance_minor = balance
                account.sequence = sequence

    def learn_grounds(self, connection: Connection[Any], grounds: Iterable[UUID]) -> None:
        """Read the grounds that are not yet known."""
        missing = [g for g in grounds if g.bytes not in self.grounds]
        if missing:
            for ground, reason, clauses in connection.execute(SQL["ground"], {"grounds": missing}):
                self.grounds[ground.bytes] = (reason, tuple(clauses))

    def trim(self, book: Book) -> None:
        """Keep the newer half of the recent keys when there are too many."""
        if len(book.recent) > RECENT_KEYS:
            book.recent = dict(list(book.recent.items())[-RECENT_KEYS // 2 :])


class BatchFacts:
    """What the decisions of one batch read: cached tables, and tables that live only as long as the batch."""

    __slots__ = ("absent", "accounts", "tables")

    def __init__(self, cache: Cache) -> None:
        self.accounts = cache.accounts
        self.absent: list[tuple[dict[Any, Any], list[Any]]] = []
        self.tables: dict[FactKind, dict[Any, Any]] = dict(cache.tables)

    def get(self, kind: FactKind, key: Hashable) -> Any | None:
        """The fact, or None where there is none; FactNotLoaded if it was not asked for in `needs`."""
        try:
            return self.tables[kind][key]
        except KeyError:
            raise FactNotLoaded(kind.name, key) from None

    def peek(self, kind: FactKind, key: Hashable) -> Any | None:
        """The fact if it is loaded and exists."""
        table = self.tables.get(kind)
        return None if table is None else table.get(key)

    def table(self, kind: FactKind) -> dict[Any, Any]:
        """All loaded facts of a kind, for effects that change them."""
        table = self.tables.get(kind)
        if table is None:
            table = self.tables[kind] = {}
        return table

    def drop_absent(self) -> None:
        """That a fact does not exist is true for one batch only: it may come to exist without this engine
        knowing."""
        for table, keys in self.absent:
            for key in keys:
                if table.get(key, False) is None:
                    del table[key]
        self.absent.clear()
