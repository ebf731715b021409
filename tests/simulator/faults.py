"""An engine that can be stopped, cut off or overtaken at a chosen point of its next batch."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from types import MappingProxyType
from typing import Any

import msgspec
import psycopg
from psycopg import Connection

import teneur.ledger.engine as engine_module
from teneur.bank import Bank
from teneur.ledger.batch import Batch
from teneur.ledger.copies import Copies
from teneur.ledger.engine import Engine
from teneur.ledger.registry import Registry


class Crash(BaseException):
    """The program stops here. Not an Exception: nobody may catch it and go on."""


class Fault(StrEnum):
    """Where the next batch comes to grief. The first four lose it, the last two lose only the answer."""

    STOPPED_BEFORE_DECIDING = "stopped before deciding"
    STOPPED_AFTER_DECIDING = "stopped after deciding"
    STOPPED_WHILE_STORING = "stopped while storing"
    CUT_OFF_BEFORE_COMMIT = "cut off before the commit"
    STOPPED_AFTER_COMMIT = "stopped after the commit"
    CUT_OFF_AFTER_COMMIT = "cut off after the commit"


STORED = frozenset({Fault.STOPPED_AFTER_COMMIT, Fault.CUT_OFF_AFTER_COMMIT})


class FaultyEngine(Engine):
    """Set `fault` to break the next batch that stores something; `meanwhile` is called before it is decided."""

    def __init__(self, bank: Bank, sole_books: Iterable[int] = ()) -> None:
        self.fault: Fault | None = None
        self.meanwhile: Callable[[], None] | None = None
        self.hit = False
        super().__init__(lambda: bank.connect(hot=True), self._breakable(bank.registry), sole_books)

    def _breakable(self, registry: Registry) -> Registry:
        """The registry whose writers stop the program half-way where that is wanted."""
        broken = Registry(registry.by_ask.values(), ())
        for effect, kind in registry.effects.items():

            def write(connection: Connection[Any], placed: Any, kind: Any = kind) -> None:
                kind.write(connection, placed)
                self._trip(Fault.STOPPED_WHILE_STORING)

            broken.effects[effect] = msgspec.structs.replace(kind, write=write)
        return broken

    def _trip(self, fault: Fault) -> None:
        if self.fault is fault:
            self.fault, self.hit = None, True
            raise Crash(fault)

    def _decide(self, *given: Any) -> int:
        """Between catching up and storing, where another writer may overtake."""
        if self.meanwhile is not None:
            meanwhile, self.meanwhile = self.meanwhile, None
            meanwhile()
        self._trip(Fault.STOPPED_BEFORE_DECIDING)
        decided = super()._decide(*given)
        self._trip(Fault.STOPPED_AFTER_DECIDING)
        return decided

    def _store(self, connection: Connection[Any], batch: Batch, copies: Copies) -> None:
        if not batch.new_grounds and not batch.effects:  # (rows and commit may go in one string)
            self._before_commit(connection)
        super()._store(connection, batch, copies)

    def _store_rest(self, connection: Connection[Any], batch: Batch) -> None:
        super()._store_rest(connection, batch)
        self._before_commit(connection)

    def _before_commit(self, connection: Connection[Any]) -> None:
        self._trip(Fault.STOPPED_WHILE_STORING)  # a batch without any effect
        if self.fault is Fault.CUT_OFF_BEFORE_COMMIT:
            self._cut_off(connection)

    def _settle(self, batch: Batch) -> None:
        super()._settle(batch)
        self._trip(Fault.STOPPED_AFTER_COMMIT)
        if self.fault is Fault.CUT_OFF_AFTER_COMMIT:
            assert self._connection is not None
            self._cut_off(self._connection)

    def _cut_off(self, connection: Connection[Any]) -> None:
        """The server drops the session."""
        self.fault, self.hit = None, True
        with psycopg.connect(
            connection.info.dsn, password=connection.info.password, autocommit=True
        ) as other:
            other.execute("select pg_terminate_backend(%s, 5000)", [connection.info.backend_pid])


@contextmanager
def no_queue() -> Iterator[None]:
    """Writers do not wait for each other: only the fence is left."""
    kept: dict[str, str] = vars(engine_module)["SQL"]
    open_door = {**kept, "lock_book": "select %(book)s"}
    vars(engine_module)["SQL"] = MappingProxyType(open_door)
    try:
        yield
    finally:
        vars(engine_module)["SQL"] = kept
