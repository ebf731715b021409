"""COPYs that the server works on while this program decides what comes next.

A batch is sent in pieces, each a COPY of its own in the transaction of the batch. PostgreSQL writes rows and
index entries when a COPY ends, so pieces are what lets both sides work at once; nobody sees a row before the
commit, and an error of any piece breaks the whole transaction, as that of a single COPY would.

The driver has no COPY that does not wait, so this speaks to libpq, which has.
"""

import contextlib
from collections import deque
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

import psycopg
from psycopg import Connection, generators, pq
from psycopg.abc import PQGen
from psycopg.errors import error_from_result
from psycopg.waiting import Wait

Rows = list[tuple[bytes | None, ...]]


def send(connection: Connection[Any], statements: str) -> None:
    """Send a string of statements without parameters, without waiting; `receive` must be called next."""
    connection.pgconn.send_query(statements.encode())
    connection.pgconn.flush()


def receive(connection: Connection[Any]) -> list[Rows]:
    """The rows that each statement of the string gives, as text: one way there and back for all.

    Raises what the database has against the first that failed; it skips the others.
    """
    found = []
    for result in connection.wait(generators.execute(connection.pgconn)):
        if result.status not in (pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK):
            raise error_from_result(result, encoding=connection.info.encoding)
        columns = range(result.nfields)
        found.append([tuple(result.get_value(row, c) for c in columns) for row in range(result.ntuples)])
    return found


class Copies:
    """COPYs of one transaction, in order. While it is open nothing else may be asked on the connection."""

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection
        self._pgconn = connection.pgconn
        self._waiting: deque[tuple[bytes, tuple[bytes, ...]]] = deque()  # statements, rows of each COPY
        self._rows: deque[bytes] = deque()
        self._busy = False
        self._error: psycopg.Error | None = None
        self._ended_with: bytes | None = None

    def put(self, copies: Sequence[tuple[str, bytes]], *, commit: bool = False) -> None:
        """Send the rows of several COPYs (statement, rows) after all that was put before, without waiting.

        They go as one string of statements, which saves the way there and back for each. A database error
        comes with a later call: the server then skips what follows it in the string. commit: end the
        transaction with them; call `commit` next.
        """
        statements = [statement for statement, _ in copies]
        if not self._waiting and self._pgconn.transaction_status == pq.TransactionStatus.IDLE:
            statements.insert(0, "begin")
        if commit:
            statements.append("commit")
        self._waiting.append((";".join(statements).encode(), tuple(rows for _, rows in copies)))
        self.go_on()

    def go_on(self) -> None:
        """Do what can be done without waiting."""
        while self._step():
            pass

    def finish(self) -> None:
        """Wait until all is stored. Raises what the database has against it."""
        self._connection.wait(self._to_the_end())

    def commit(self) -> None:
        """Wait until all is stored for good, after the last was put so."""
        self.finish()
        if self._ended_with != b"COMMIT":  # (of a broken transaction it would say ROLLBACK, and no error)
            raise psycopg.InternalError(f"the transaction ended with {self._ended_with!r}")

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
            if not self._busy:
                return
            yield Wait.RW if self._pgconn.flush() else Wait.R

    def _step(self) -> bool:
        """The next step, if it needs no waiting; whether it was done. Raises the error of a COPY when the
        connection is free again."""
        pgconn = self._pgconn
        if not self._busy:
            if not self._waiting:
                return False
            statements, rows = self._waiting.popleft()
            self._rows = deque(rows)
            pgconn.send_query(statements)
            self._busy = True
            return pgconn.flush() == 0
        if pgconn.flush():
            return False
        pgconn.consume_input()
        if pgconn.is_busy():
            return False
        result = pgconn.get_result()
        if result is None:
            self._busy = False
            self._raise()
        elif result.status == pq.ExecStatus.COPY_IN:
            pgconn.put_copy_data(self._rows.popleft())
            pgconn.put_copy_end()
        elif result.status == pq.ExecStatus.COMMAND_OK:
            self._ended_with = result.command_status
        else:
            self._error = error_from_result(result, encoding=self._connection.info.encoding)
        return True

    def _raise(self) -> None:
        error, self._error = self._error, None
        if error is not None:
            self._waiting.clear()
            raise error
