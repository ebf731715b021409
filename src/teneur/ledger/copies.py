"""COPYs that the server works on while this program decides what comes next.

A batch is sent in pieces, each a COPY of its own in the transaction of the batch. PostgreSQL writes rows and
index entries when a COPY ends, so pieces are what lets both sides work at once; nobody sees a row before the
commit, and an error of any piece breaks the whole transaction, as that of a single COPY would.

The driver has no COPY that does not wait, so this speaks to libpq, which has.
"""

import contextlib
from collections import deque
from enum import Enum
from types import TracebackType
from typing import Any, Self

import psycopg
from psycopg import Connection, pq
from psycopg.abc import PQGen
from psycopg.errors import error_from_result
from psycopg.waiting import Wait


class _State(Enum):
    IDLE = 0
    ASKED = 1  # the statement is sent; the server will say that it takes the rows
    SENT = 2  # the rows are sent; the server will say what became of them


class Copies:
    """COPYs of one transaction, in order. While it is open nothing else may be asked on the connection."""

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection
        self._pgconn = connection.pgconn
        self._waiting: deque[tuple[bytes, bytes]] = deque()  # statement, rows
        self._rows = b""
        self._state = _State.IDLE
        self._error: psycopg.Error | None = None

    def put(self, statement: str, rows: bytes) -> None:
        """Send rows after all that was put before, without waiting. A database error comes with a later
        call."""
        if not self._waiting and self._pgconn.transaction_status == pq.TransactionStatus.IDLE:
            self._waiting.append((b"begin", b""))
        self._waiting.append((statement.encode(), rows))
        self.go_on()

    def go_on(self) -> None:
        """Do what can be done without waiting."""
        while self._step():
            pass

    def finish(self) -> None:
        """Wait until all is stored. Raises what the database has against it."""
        self._connection.wait(self._to_the_end())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """After an error, end what is under way, so that the transaction can be rolled back."""
        if error is not None:
            self._waiting.clear()
            with contextlib.suppress(psycopg.Error):
                self.finish()

    def _to_the_end(self) -> PQGen[None]:
        while True:
            self.go_on()
            if self._state is _State.IDLE:
                return
            yield Wait.RW if self._pgconn.flush() else Wait.R

    def _step(self) -> bool:
        """The next step, if it needs no waiting; whether it was done. Raises the error of a COPY when the
        connection is free again."""
        pgconn = self._pgconn
        if self._state is _State.IDLE:
            if not self._waiting:
                return False
            statement, self._rows = self._waiting.popleft()
            pgconn.send_query(statement)
            self._state = _State.ASKED
            return pgconn.flush() == 0
        if pgconn.flush():
            return False
        pgconn.consume_input()
        if pgconn.is_busy():
            return False
        result = pgconn.get_result()
        if result is None:
            self._state = _State.IDLE
            self._raise()
        elif result.status == pq.ExecStatus.COPY_IN:
            pgconn.put_copy_data(self._rows)
            pgconn.put_copy_end()
            self._rows, self._state = b"", _State.SENT
        elif result.status != pq.ExecStatus.COMMAND_OK:
            self._error = error_from_result(result, encoding=self._connection.info.encoding)
        return True

    def _raise(self) -> None:
        error, self._error = self._error, None
        if error is not None:
            self._waiting.clear()
            raise error
