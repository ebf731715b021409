"""The engine: one database transaction for a whole batch of commands.

    1 catch up    lock the books, read what others appended since the cache's position
    2 recognise   a known key gets its stored answer; nothing is done twice
    3 load        the facts the batch needs that are not cached, each kind once
    4 decide      pure functions, in order, each seeing the effects of the one before
    5 write       COPY the journal rows and records (the server stores the first while the last are decided),
                  each other kind of effect once; commit; only then answer

Why it is safe: a decision depends only on the log up to position P (and on facts that change only with it).
The batch takes P+1 … P+n, and the primary key lets only one batch have them: whoever was slower gets a unique
violation, reads what it missed and decides again. The lock only saves that wasted work. An error of COMMIT
means "unknown": the same keys are asked again on a new connection with an empty cache.
"""

import contextlib
import struct
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

import psycopg
from psycopg import Connection
from psycopg import errors as pg
from psycopg.pq import TransactionStatus

from teneur.kernel.commands import Answer, Command, FactKind, Outcome, book_of
from teneur.ledger.account import ACCOUNT, LAST_BOOK, SQL, may_exist
from teneur.ledger.batch import Batch, asked_again, missing_transit_accounts
from teneur.ledger.cache import BatchFacts, Book, Cache, FactNotLoaded, Known, StaleCache
from teneur.ledger.copies import Copies, receive, send
from teneur.ledger.errors import BookBusy, BrokenDecision, CommandFailed, OutcomeUnknown
from teneur.ledger.journal import COPY_HEAD, COPY_TAIL
from teneur.ledger.registry import Registry
from teneur.storage.errors import ConnectionRefusedByServer

ATTEMPTS = 50
KEY_BYTES = 16
PIECE = 3 * 320  # of `Batch.rows`, three for each row: what is sent while the rest is decided
LOOK_EVERY = 64  # commands decided between two looks at what the server has done
WARY_BATCHES = 50  # after an old key came back, how many batches look their keys up beforehand
RETRY_PAUSE_SECONDS = 0.02
Result = Answer | CommandFailed
_ERRORS_OF_PROGRAMS = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, struct.error)


def _never() -> bool:
    return False


class _MoreBooks(Exception):  # (a signal to lock more books)
    def __init__(self, books: set[int]) -> None:
        self.books = books


class Engine:
    """Decides and stores commands. One engine is one connection and one cache; not to be shared between
    threads.

    connect: opens a connection for the hot path. sole_books: books that only this engine writes; it then
    keeps their lock for its session and skips reading what others appended. Several engines may serve one
    book otherwise.
    """

    def __init__(
        self, connect: Callable[[], Connection[Any]], registry: Registry, sole_books: Iterable[int] = ()
    ) -> None:
        self._connect = connect
        self._registry = registry
        self._sole = frozenset(sole_books)
        self._wary = 0
        self._ahead = ""  # the look for the next batch, if it was sent and not yet answered
        self.retries = 0  # batches decided again because someone else was faster
        self.splits = 0  # batches stored in halves because of a bad command among them
        self._connection: Connection[Any] | None = None
        self.cache = Cache(registry)

    @property
    def connection(self) -> Connection[Any]:
        """The open connection, opened when first needed with an empty cache."""
        if self._connection is None or self._connection.closed:
            self.cache = Cache(self._registry)
            self._ahead = ""
            self._connection = self._connect()
            for book in sorted(self._sole):
                row = self._connection.execute(SQL["hold_book"], {"book": book}).fetchone()
                self._connection.commit()
                if row is None or not row[0]:
                    self.close()
                    raise BookBusy(f"book {book} is kept by another sole writer; stop it, or write it shared")
        return self._connection

    def close(self) -> None:
        """Close the connection and drop the cache."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def post(self, commands: Sequence[Command], more: Callable[[], bool] = _never) -> list[Result]:
        """The answers to commands, in order, durable on return. A refusal is an answer.

        more: asked after the commit, whether the next call comes at once: the engine then locks the same
        books for it while the caller deals with the answers, and keeps them until that call.

        A command that is malformed, whose decision raised, or that asked for what the books or the tables
        forbid has a CommandFailed in its place, with the cause; the others are not affected. Raises
        OutcomeUnknown when the connection broke (send the same keys again), BookBusy after too many
        collisions.
        """
        results: list[Result] = []
        parts = [commands]  # what is left, in transactions of their own, the next one last
        while parts:
            part = parts.pop()
            try:
                answers = self._post(part, _never if parts else more)
            except (psycopg.DataError, psycopg.IntegrityError, BrokenDecision, *_ERRORS_OF_PROGRAMS) as error:
                if len(part) > 1:
                    self.splits += 1
                    half = len(part) // 2  # the others are stored as if it had never been among them
                    parts += (part[half:], part[:half])
                    continue
                answers = [CommandFailed.of(part[0], error)]
            results += answers
            if len(answers) < len(part):
                parts += _doubling(part[len(answers) :], len(answers))
        return results

    def _post(self, commands: Sequence[Command], more: Callable[[], bool]) -> list[Result]:
        """The answers to the first commands, at least one: those that were stored in one transaction."""
        books = {book_of(c.subject) for c in commands}
        if books and not 0 <= min(books) <= max(books) <= LAST_BOOK:
            self._let_go()
            raise ValueError(f"a subject names no book between 0 and {LAST_BOOK}")
        for attempt in range(ATTEMPTS):
            batch: Batch | None = None
            try:
                connection = self.connection
                self._catch_up(connection, sorted(books))
                results: list[Result | None] = [None] * len(commands)
                todo = self._recognise(connection, commands, results)
                facts = self._load(connection, commands, todo, results, books)
                batch = Batch(self.cache, facts, len(commands))
                with Copies(connection) as copies:
                    decided = self._decide(connection, commands, results, batch, books, copies)
                    self._store(connection, batch, copies)
                self._settle(batch)
            except _MoreBooks as others:
                books |= others.books
                self._back_out(batch)
            except (pg.UniqueViolation, StaleCache) as error:
                self._after_collision(error, batch)
            except (pg.DeadlockDetected, pg.SerializationFailure, pg.LockNotAvailable):
                self._back_out(batch)
                time.sleep(RETRY_PAUSE_SECONDS * min(attempt + 1, 10))
            except psycopg.OperationalError as error:
                self._lost(error)
            except BaseException:  # (whatever it is: the memory must be as the tables are)
                self._back_out(batch)
                raise
            else:
                if decided == len(commands) and more():
                    self._look_ahead(connection, sorted(books))
                return self._answers(commands[:decided], results[:decided])
        raise BookBusy(
            f"books {sorted(books)} changed under {ATTEMPTS} attempts; nothing was stored, try again"
        )

    def post_one(self, command: Command) -> Answer:
        """The answer to one command; raises its CommandFailed."""
        result = self.post([command])[0]
        if isinstance(result, CommandFailed):
            raise result
        return result

    def post_surely(
        self, commands: Sequence[Command], patience_seconds: float = 30, more: Callable[[], bool] = _never
    ) -> list[Result]:
        """As `post`, asking again with the same keys on a new connection as long as patience lasts."""
        give_up = time.monotonic() + patience_seconds
        while True:
            try:
                return self.post(commands, more)
            except (OutcomeUnknown, BookBusy, ConnectionRefusedByServer, psycopg.OperationalError):
                if time.monotonic() > give_up:
                    raise
                self.close()
                time.sleep(RETRY_PAUSE_SECONDS * 5)

    # 1 catch up

    def _catch_up(self, connection: Connection[Any], books: Sequence[int]) -> None:
        """Lock the books that others write too, and read what they appended."""
        look, known = self._look(books)
        if self._ahead != look:  # (it was for other books than those that the commands name)
            self._let_go()
            if look:
                idle = connection.pgconn.transaction_status == TransactionStatus.IDLE
                send(connection, look if idle else look.removeprefix("begin;"))
        self._ahead = ""
        found = receive(connection) if look else []
        for book, peek in zip(known, found[len(found) - len(known) :], strict=True):
            if peek != book.end:
                self.cache.catch_up(connection, book)
        for number in books:
            self.cache.book(connection, number)

    def _look_ahead(self, connection: Connection[Any], books: Sequence[int]) -> None:
        """Lock and look for the next batch while the answers to this one are given."""
        look, _ = self._look(books)
        if look:
            with contextlib.suppress(psycopg.OperationalError):  # (the next batch will meet it too)
                send(connection, look)
                self._ahead = look

    def _let_go(self) -> None:
        """Unlock the books that were locked for commands which do not come."""
        if self._ahead and self._connection is not None:
            self._ahead = ""
            with contextlib.suppress(psycopg.Error):
                receive(self._connection)
            with contextlib.suppress(psycopg.OperationalError):  # (the next batch will meet it too)
                self._connection.rollback()

    def _look(self, books: Sequence[int]) -> tuple[str, list[Book]]:
        """Begin, lock those books that others write too, and peek at the logs of the ones known (the second).

        One string, since every batch waits for it. The peeks are later statements than the locks: a wait for
        a lock does not refresh a snapshot.
        """
        shared = [book for book in books if book not in self._sole]
        known = [self.cache.books[book] for book in shared if book in self.cache.books]
        statements = [SQL["lock_book"] % {"book": int(book)} for book in shared]
        statements += [SQL["peek"] % {"book": b.book, "position": b.position} for b in known]
        return ";".join(["begin", *statements]) if shared else "", known

    # 2 recognise

    def _recognise(
        self, connection: Connection[Any], commands: Sequence[Command], results: list[Result | None]
    ) -> list[int]:
        """Indexes of commands to decide; known keys get their stored answer."""
        if self._wary:
            self._wary -= 1
            self._look_up(connection, commands)
        todo = []
        seen: set[tuple[int, bytes]] = set()
        books = self.cache.books
        for index, command in enumerate(commands):
            book = command.subject >> 32
            key = command.key
            if len(key) != KEY_BYTES:
                raise ValueError(f"an idempotency key has {KEY_BYTES} bytes, not {len(key)}")
            known = books[book].recent.get(key)
            if known is not None:
                results[index] = asked_again(command, known)
            elif (book, key) not in seen:
                seen.add((book, key))
                todo.append(index)
        return todo

    def _look_up(self, connection: Connection[Any], commands: Sequence[Command]) -> None:
        """Read the stored answers of keys that may be older than the recent ones in memory."""
        by_book: dict[int, list[UUID]] = {}
        for command in commands:
            by_book.setdefault(book_of(command.subject), []).append(UUID(bytes=command.key))
        for book, keys in by_book.items():
            recent = self.cache.books[book].recent
            rows = connection.execute(SQL["known_keys"], {"book": book, "keys": keys})
            for key, request, position, outcome, reason, clauses in rows:
                answer = Answer(Outcome(outcome), reason, tuple(clauses), book, position, replayed=True)
                recent[key.bytes] = Known(request.bytes, answer)

    # 3 load

    def _load(
        self,
        connection: Connection[Any],
        commands: Sequence[Command],
        todo: list[int],
        results: list[Result | None],
        books: set[int],
    ) -> BatchFacts:
        """Facts of the batch: handlers are asked until they want nothing new."""
        facts = BatchFacts(self.cache)
        by_ask = self._registry.by_ask
        asking = todo
        while asking:
            missing: dict[FactKind, set[Any]] = {}
            others: set[int] = set()  # of accounts, cached or not: to rely on one, its book must be locked
            again = []
            for index in asking:
                command = commands[index]
                wanting = False
                try:
                    key: Any
                    for kind, key in by_ask[type(command.ask)].handler.needs(command, facts):
                        table = facts.tables.get(kind)
                        if kind is ACCOUNT and key >> 32 not in books and may_exist(key):
                            others.add(key >> 32)
                        if table is None or key not in table:
                            missing.setdefault(kind, set()).add(key)
                            wanting = True
                except Exception as error:
                    results[index] = CommandFailed.of(command, error)
                    continue
                if wanting:
                    again.append(index)
            if others:
                raise _MoreBooks(others)
            for kind, keys in missing.items():
                self._fetch(connection, facts, kind, keys)
            asking = again
        return facts

    def _fetch(self, connection: Connection[Any], facts: BatchFacts, kind: FactKind, keys: set[Any]) -> None:
        """Load the missing facts of one kind; only what exists may stay cached after the batch."""
        loaded = kind.load(connection, list(keys))
        table = facts.table(kind)
        if kind.cached:
            cached = self.cache.table(kind)
            cached.update(loaded)
            if table is not cached:
                table.update(loaded)
        else:
            table.update(loaded)
        absent = [k for k in keys if k not in loaded]
        if absent and kind.cached:
            facts.absent.append((table, absent))
        for key in absent:
            table[key] = None

    # 4 decide

    def _decide(
        self,
        connection: Connection[Any],
        commands: Sequence[Command],
        results: list[Result | None],
        batch: Batch,
        books: set[int],
        copies: Copies,
    ) -> int:
        """Decide in order; how many were. The rest wants facts that follow from what these do."""
        by_ask = self._registry.by_ask
        facts = batch.facts
        alone = (
            len(books) == 1
        )  # with several, accounts may have to be read on the way: nothing is sent ahead
        for index, command in enumerate(commands):
            if results[index] is not None:
                continue
            known = batch.known.get(command.subject >> 32)
            if known is not None and command.key in known:
                results[index] = asked_again(command, known[command.key])
                continue
            kind = by_ask[type(command.ask)]
            try:
                decision = kind.handler.decide(command, facts)
            except FactNotLoaded as error:
                if batch.leaves:
                    return index
                results[index] = CommandFailed.of(command, error)
                continue
            except Exception as error:
                results[index] = CommandFailed.of(command, error)
                continue
            if not alone and (missing := missing_transit_accounts(facts, decision.entries)):
                self._fetch(connection, facts, ACCOUNT, missing)
            try:
                results[index] = batch.add(command, kind, decision)
            except BrokenDecision as error:
                raise BrokenDecision(f"{kind.name}: {error}") from error
            if alone and not index % LOOK_EVERY:
                _send_ahead(batch, copies)
        return len(commands)

    # 5 write

    def _store(self, connection: Connection[Any], batch: Batch, copies: Copies) -> None:
        """Send what is left of the batch and commit; in one string, where nothing else has to be written."""
        alone = bool(batch.rows) and not batch.new_grounds and not batch.effects
        _send(batch, copies, commit=alone)
        if not alone:
            copies.finish()
            self._store_rest(connection, batch)
        try:
            if alone:
                copies.commit()
            else:
                connection.commit()
        except Exception:
            raise
        except BaseException:  # stopped from outside while the server commits: it may do so, or not
            self.close()
            raise

    def _store_rest(self, connection: Connection[Any], batch: Batch) -> None:
        """What hangs on the journal's rows, which are stored first: their keys are the fence for the rest."""
        for ground, (reason, clauses) in sorted(batch.new_grounds.items()):
            parameters = {"ground": UUID(bytes=ground), "reason": reason, "clauses": list(clauses)}
            connection.execute(SQL["insert_ground"], parameters)
        if batch.effects:
            for effect, kind in self._registry.effects.items():  # in order: placed before changed
                if effect in batch.effects:
                    kind.write(connection, batch.effects[effect])

    def _settle(self, batch: Batch) -> None:
        """After the commit: the cache now ends where the batch does."""
        cache = self.cache
        cache.grounds.update(batch.new_grounds)
        for number, leaf in batch.leaves.items():
            book = cache.books[number]
            book.position, book.leaf = batch.positions[number], leaf
        for number, known in batch.known.items():
            book = cache.books[number]
            book.recent.update(known)
            cache.trim(book)
        batch.facts.drop_absent()

    def _answers(self, commands: Sequence[Command], results: list[Result | None]) -> list[Result]:
        missing = [c.key.hex() for c, r in zip(commands, results, strict=True) if r is None]
        assert not missing, f"commands without an answer: {missing}"
        return [r for r in results if r is not None]

    # when something went wrong

    def _back_out(self, batch: Batch | None) -> None:
        """Nothing was stored: undo in memory what this batch changed there."""
        if self._connection is not None and not self._connection.closed:
            try:
                self._connection.rollback()
            except psycopg.OperationalError:
                self.close()
                return
        if batch is not None:
            batch.facts.drop_absent()
            self.cache.forget_accounts(batch.touched)
            if batch.effects:
                self.cache.forget_directories()
        else:  # facts may have been loaded half-way: absent ones must not stay
            for table in self.cache.tables.values():
                for key in [k for k, v in table.items() if v is None]:
                    del table[key]

    def _after_collision(self, error: Exception, batch: Batch | None) -> None:
        """Someone else appended first, or an old key came back: read again what must be read."""
        self.retries += 1
        self._back_out(batch)
        constraint = error.diag.constraint_name if isinstance(error, psycopg.Error) else None
        if constraint is not None and constraint.startswith("journal_key"):
            self._wary = WARY_BATCHES
            return
        if isinstance(error, psycopg.Error) and not (constraint or "").startswith("journal"):
            raise error  # uniqueness of a domain's table: its decision should have refused (see `post`)
        self.cache.forget_everything()

    def _lost(self, error: psycopg.OperationalError) -> None:
        """The connection is gone: whether the batch was stored is not known."""
        self._back_out(None)  # closes where the rollback shows that the connection is gone
        if self._connection is not None and not self._connection.closed:
            self.cache.forget_everything()
            raise error
        self.close()
        raise OutcomeUnknown("the connection to the database broke; ask again with the same keys") from error


def _doubling(rest: Sequence[Command], size: int) -> list[Sequence[Command]]:
    """What is left after a command had to wait for facts: in parts twice as large each, the next one last.

    It may wait again soon, and what comes after it should not be looked at each time.
    """
    parts = []
    start = 0
    while start < len(rest):
        parts.append(rest[start : start + size])
        start += size
        size *= 2
    return parts[::-1]


def _send_ahead(batch: Batch, copies: Copies) -> None:
    """Send a piece if there is enough for one; else see what the server has done."""
    if len(batch.rows) >= PIECE:
        _send(batch, copies)
    else:
        copies.go_on()


def _send(batch: Batch, copies: Copies, *, commit: bool = False) -> None:
    """Send the rows that are there: the journal first, then its records, and perhaps the commit."""
    if batch.rows:
        journal = COPY_HEAD + b"".join(batch.rows) + COPY_TAIL
        records = COPY_HEAD + b"".join(batch.records) + COPY_TAIL
        copies.put([(SQL["copy_journal"], journal), (SQL["copy_record"], records)], commit=commit)
        batch.rows.clear()
        batch.records.clear()
