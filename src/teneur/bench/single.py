"""Single requests of 64 clients, gathered into batches: an open loop, timed from the intended send.

Requests are due at a fixed rate below what the gathered engine can do. A client whose answer is late sends
its next request when the answer comes, and that wait counts: the clock of a request starts when it was due.
"""

import threading
import time
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass
from statistics import median, quantiles

from psycopg import sql

from teneur.bench.orders import Orders, check
from teneur.bench.race import Writer
from teneur.bench.stage import SQL, Stage
from teneur.kernel.commands import Answer, Command
from teneur.ledger.gather import Gatherer
from teneur.ledger.responsive import responsive
from teneur.storage.database import connect
from teneur.storage.roles import APP

CLIENTS = 64
SHARE = 0.5  # of the rate at which the same clients saturate the engine


@dataclass
class Single:
    """Milliseconds from the intended send to the answer, at a rate below saturation."""

    saturated_per_second: float
    offered_per_second: float
    p50_ms: float
    p99_ms: float
    bare_commit_median_ms: float

    @property
    def p99_ratio(self) -> float:
        """The slowest hundredth in bare commits of the same run."""
        return self.p99_ms / self.bare_commit_median_ms


class Clients:
    """Several clients, each with one request under way at most, posting through one gatherer."""

    def __init__(self, gatherer: Gatherer, count: int = CLIENTS) -> None:
        self._gatherer = gatherer
        self._waiting: list[deque[tuple[Command, float]]] = [deque() for _ in range(count)]
        self._busy = [False] * count
        self._lock = threading.Lock()
        self._left = 0
        self._done = threading.Event()
        self.latencies: list[float] = []
        self.results: list[Answer] = []
        self.failures: list[BaseException] = []

    def run(self, commands: list[Command], per_second: float | None) -> float:
        """Send them at a rate, or (None) as soon as a client is free; seconds until the last answer."""
        clients = len(self._busy)
        self._left = len(commands)
        self._done.clear()
        start = time.perf_counter()
        for number, command in enumerate(commands):
            due = start if per_second is None else start + number / per_second
            pause = due - time.perf_counter()
            if pause > 0:
                time.sleep(pause)
            client = number % clients
            with self._lock:
                free = not self._busy[client]
                self._busy[client] = True
                if not free:
                    self._waiting[client].append((command, due))
            if free:
                self._send(client, command, due)
        self._done.wait()
        return time.perf_counter() - start

    def _send(self, client: int, command: Command, due: float) -> None:
        future = self._gatherer.submit(command)
        future.add_done_callback(lambda answered: self._answered(client, answered, due))

    def _answered(self, client: int, future: Future[Answer], due: float) -> None:
        self.latencies.append(time.perf_counter() - due)
        error = future.exception()
        if error is None:
            self.results.append(future.result())
        else:
            self.failures.append(error)
        with self._lock:
            following = self._waiting[client].popleft() if self._waiting[client] else None
            self._busy[client] = following is not None
            self._left -= 1
            last = not self._left
        if following is not None:
            self._send(client, *following)
        if last:
            self._done.set()


def gathered(
    writer: Writer, orders: Orders, count: int, per_second: float | None, clients: int = CLIENTS
) -> tuple[float, list[float]]:
    """Rate and latencies (seconds) of `count` single requests. Raises what the first failed one raised."""
    commands, expected = orders.take(count)
    with responsive():
        gatherer = Gatherer(writer.engine)
        try:
            crowd = Clients(gatherer, clients)
            seconds = crowd.run(commands, per_second)
        finally:
            gatherer.close()
    if crowd.failures:
        raise crowd.failures[0]
    check(list(crowd.results), expected)
    return count / seconds, crowd.latencies


class BareCommits:
    """One-row commits on a connection of the engine's role."""

    def __init__(self, stage: Stage) -> None:
        with connect(stage.dsn, "owner", schema=stage.copy_schema, autocommit=True) as owner:
            owner.execute(SQL["create_commits"])
            if not stage.dsn.single_role:
                owner.execute(sql.SQL(SQL["grant_commits"]).format(role=sql.Identifier(APP)))
        self._connection = connect(stage.dsn, schema=stage.copy_schema, hot=True, autocommit=True)
        self._count = 0
        self.milliseconds: list[float] = []

    def run(self, count: int) -> None:
        """Commit so many rows, each by itself."""
        for _ in range(count):
            self._count += 1
            start = time.perf_counter()
            self._connection.execute(SQL["bare_commit"], {"n": self._count}, prepare=True)
            self.milliseconds.append((time.perf_counter() - start) * 1000)

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()


def single_requests(writer: Writer, orders: Orders, seconds: float, rounds: int = 7) -> Single:
    """Saturate for a moment, then send at a share of that rate, with bare commits between the rounds."""
    commits = BareCommits(writer.stage)
    try:
        gathered(writer, orders, 1_000, None)  # thread, connection and cache at work once before the clock
        saturated = median(gathered(writer, orders, 3_000, None)[0] for _ in range(3))
        offered = saturated * SHARE
        latencies: list[list[float]] = []
        for _ in range(rounds):
            commits.run(100)
            count = max(1_000, int(offered * seconds / rounds))
            latencies.append(gathered(writer, orders, count, offered)[1])
        commits.run(200)
    finally:
        commits.close()
    return Single(
        saturated_per_second=saturated,
        offered_per_second=offered,
        p50_ms=median(median(part) for part in latencies) * 1000,
        p99_ms=median(quantiles(part, n=100)[98] for part in latencies) * 1000,
        bare_commit_median_ms=median(commits.milliseconds),
    )
