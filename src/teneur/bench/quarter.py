"""Closing a quarter: accounts a second, the ratio to the plain SQL aggregate, memory, and payments meanwhile.

Entries come by COPY, as transfers between customers would have stored them. The first book is closed alone
by a process of its own; the second while customers pay in it, as they do before, without a closing.
"""

import multiprocessing
import os
import random
import resource
import struct
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from multiprocessing.connection import Connection
from statistics import median, quantiles
from typing import Any
from uuid import UUID

from teneur.bench.errors import BenchError
from teneur.bench.orders import Mix, Orders, check
from teneur.bench.race import Writer
from teneur.bench.single import Clients
from teneur.bench.stage import AT, Say, Stage
from teneur.ledger.account import FIRST_CUSTOMER_NUMBER
from teneur.ledger.account import SQL as LEDGER_SQL
from teneur.ledger.gather import Gatherer
from teneur.ledger.journal import COPY_HEAD, COPY_TAIL, LEAF_LENGTH, days, entry_row, microseconds
from teneur.ledger.responsive import responsive
from teneur.pricing.interest.closing import Period
from teneur.pricing.interest.day import close_quarter
from teneur.pricing.interest.facts import SQL as INTEREST_SQL
from teneur.pricing.overdraft.facts import SQL as OVERDRAFT_SQL
from teneur.storage.database import Dsn, Limits, connect
from teneur.storage.sql import load

SQL = load("teneur.bench", "quarter.sql")
QUARTER = Period(date(2026, 1, 1), date(2026, 3, 31))
ZONE = "Europe/Paris"
AUTHORISED_EVERY = 3  # every third account has an authorised overdraft
LIMIT_MINOR = 500_00
AMOUNT_MOST_MINOR = 400_00
PIECE = 20_000  # rows of one COPY
AGGREGATES = 3
PAYMENTS_PER_SECOND = 200
QUIET_SECONDS = 10
ACCOUNTS_WHILE_PAYING = 20_000
ROW_KIND = 100  # transfers
_GROUND = UUID(int=1)
_LIMITS = Limits(lock_timeout_ms=60_000, statement_timeout_ms=0, idle_in_transaction_session_timeout_ms=0)


@dataclass
class Alone:
    """The closing of a book by itself. ratio: its time over that of the aggregate."""

    accounts: int
    postings: int
    aggregate_seconds: float
    seconds: float
    accounts_per_second: float
    ratio: float
    peak_memory_mb: float
    charged_minor: int
    closings_sha256: str


@dataclass
class Payments:
    """Milliseconds of payments without and with a closing going on in the same book."""

    per_second: int
    p50_ms: float
    p99_ms: float
    p50_while_closing_ms: float
    p99_while_closing_ms: float
    closing_seconds: float
    accounts: int


def fill(stage: Stage, book: int, accounts: int, entries: int, seed: int) -> int:
    """Store entries of a quarter between the first accounts of a book, `entries` postings each; how many
    rows."""
    _authorise(stage, book, accounts)
    count = accounts * entries // 2
    with connect(stage.dsn, schema=stage.schema, limits=_LIMITS) as connection:
        with connection.transaction():
            ground = {"ground": _GROUND, "reason": "", "clauses": []}
            connection.execute(LEDGER_SQL["insert_ground"], ground)
        row = connection.execute(LEDGER_SQL["head"], {"book": book}).fetchone()
        rows = _rows(book, accounts, count, (row or (0,))[0] + 1, seed)
        for start in range(0, count, PIECE):
            piece = b"".join(next(rows) for _ in range(min(PIECE, count - start)))
            with (
                connection.transaction(),
                connection.cursor() as cursor,
                cursor.copy(LEDGER_SQL["copy_journal"]) as copy,
            ):
                copy.write(COPY_HEAD + piece + COPY_TAIL)
    return count


def _authorise(stage: Stage, book: int, accounts: int) -> None:
    numbers = [FIRST_CUSTOMER_NUMBER + i for i in range(0, accounts, AUTHORISED_EVERY)]
    rows: dict[str, list[Any]] = {
        "book": [book] * len(numbers), "account": numbers, "authorisation": [1] * len(numbers),
        "line": [0] * len(numbers), "kind": [1] * len(numbers), "limit_minor": [LIMIT_MINOR] * len(numbers),
        "starts_on": [date(2024, 3, 1)] * len(numbers), "ends_on": [None] * len(numbers),
        "rate_percent": [None] * len(numbers), "rate_index": [""] * len(numbers),
        "document": ["bench"] * len(numbers),
    }  # fmt: skip
    with connect(stage.dsn, schema=stage.schema, limits=_LIMITS) as connection, connection.transaction():
        connection.execute(OVERDRAFT_SQL["insert_authorisations"], rows)


def _rows(book: int, accounts: int, count: int, position: int, seed: int) -> Iterator[bytes]:
    """Journal rows in order of booking: random pairs, right sequences and balances, keys of their own."""
    draw = random.Random(seed).random  # noqa: S311 (test data)
    sequence, balance = [0] * accounts, [0] * accounts
    received = microseconds(AT)
    first = days(QUARTER.first_day)
    filler = LEAF_LENGTH + bytes(32)
    for number in range(count):
        debit = int(draw() * accounts)
        credit = (debit + 1 + int(draw() * (accounts - 1))) % accounts
        amount = 1 + int(draw() * AMOUNT_MOST_MINOR)
        sequence[debit] += 1
        sequence[credit] += 1
        balance[debit] -= amount
        balance[credit] += amount
        day = first + number * QUARTER.days // count
        key = struct.pack("!QQ", book, number + 1)
        yield entry_row(
            position + number, amount, sequence[debit], sequence[credit], balance[debit], balance[credit],
            received, book, FIRST_CUSTOMER_NUMBER + debit, FIRST_CUSTOMER_NUMBER + credit, day, day, day, 0,
            ROW_KIND, 1, 0, key, key, _GROUND.bytes,
        ) + filler  # fmt: skip


def race_of_quarter(
    dsn: Dsn, accounts: int, entries: int, say: Say, *, payments: bool = True
) -> dict[str, Any]:
    """The whole measurement on a stage of its own."""
    with Stage(dsn, accounts, books=2, say=say) as stage:
        meanwhile = min(accounts, ACCOUNTS_WHILE_PAYING)
        say(f"storing {accounts * entries:,} postings, and {meanwhile * entries:,} in the second book")
        fill(stage, 1, accounts, entries, seed=1)
        fill(stage, 2, meanwhile, entries, seed=2)
        with connect(dsn, "owner", schema=stage.schema, limits=_LIMITS, autocommit=True) as owner:
            owner.execute(SQL["analyze_journal"])
            owner.execute(SQL["analyze_authorisations"])
        say("closing the quarter")
        alone = _alone(stage, accounts * entries)
        report: dict[str, Any] = {"closing": asdict(alone), "processors": os.cpu_count()}
        if payments:
            say("closing the quarter of the second book while customers pay in it")
            report["payments"] = asdict(_while_paying(stage))
    return report


def _alone(stage: Stage, postings: int) -> Alone:
    """Aggregates before and after, the closing between them."""
    before = [_aggregate(stage) for _ in range(AGGREGATES)]
    process = _Process(stage, 1)
    try:
        process.go()
        seconds, peak = process.answer()
    finally:
        process.close()
    aggregate = median([*before, *(_aggregate(stage) for _ in range(AGGREGATES))])
    closed, charged, digest = _closed(stage, 1)
    return Alone(
        accounts=closed,
        postings=postings,
        aggregate_seconds=round(aggregate, 3),
        seconds=round(seconds, 3),
        accounts_per_second=round(closed / seconds),
        ratio=round(seconds / aggregate, 2),
        peak_memory_mb=round(peak, 1),
        charged_minor=charged,
        closings_sha256=digest,
    )


def _aggregate(stage: Stage) -> float:
    parameters = {"book": 1, "first_day": QUARTER.first_day, "last_day": QUARTER.last_day}
    with connect(stage.dsn, schema=stage.schema, limits=_LIMITS) as connection:
        connection.execute(INTEREST_SQL["more_memory"])
        start = time.perf_counter()
        connection.execute(SQL["aggregate"], parameters).fetchone()
        return time.perf_counter() - start


def _closed(stage: Stage, book: int) -> tuple[int, int, str]:
    with connect(stage.dsn, schema=stage.schema, limits=_LIMITS) as connection:
        parameters = {"book": book, "first_day": QUARTER.first_day}
        row = connection.execute(SQL["closed"], parameters).fetchone() or (0, 0, "")
    if row[0] != stage.accounts:
        raise BenchError(f"{row[0]} of {stage.accounts} accounts were closed: the figure counts for nothing")
    return row[0], int(row[1]), row[2]


def _while_paying(stage: Stage) -> Payments:
    writer = Writer(stage, Orders(stage, 2, Mix(), seed=2), 2)
    process = _Process(stage, 2)
    try:
        _pay(writer, PAYMENTS_PER_SECOND, 2)
        quiet = _pay(writer, PAYMENTS_PER_SECOND, QUIET_SECONDS)
        process.go()
        busy: list[float] = []
        while not process.has_answered():
            busy += _pay(writer, PAYMENTS_PER_SECOND, 1)
        seconds, _ = process.answer()
    finally:
        process.close()
        writer.close()
    _closed(stage, 2)
    return Payments(
        per_second=PAYMENTS_PER_SECOND,
        p50_ms=round(median(quiet) * 1000, 2),
        p99_ms=round(quantiles(quiet, n=100)[98] * 1000, 2),
        p50_while_closing_ms=round(median(busy) * 1000, 2),
        p99_while_closing_ms=round(quantiles(busy, n=100)[98] * 1000, 2),
        closing_seconds=round(seconds, 2),
        accounts=stage.accounts,
    )


def _pay(writer: Writer, per_second: int, seconds: int) -> list[float]:
    """Latencies of single payments that come at a fixed rate, timed from when each was due."""
    commands, expected = writer.orders.take(per_second * seconds)
    with responsive():
        gatherer = Gatherer(writer.engine)
        try:
            crowd = Clients(gatherer)
            crowd.run(commands, per_second)
        finally:
            gatherer.close()
    if crowd.failures:
        raise crowd.failures[0]
    check(list(crowd.results), expected)
    return crowd.latencies


class _Process:
    """The closing of a book, in a process of its own: as the bank's day runs."""

    def __init__(self, stage: Stage, book: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        arguments = (theirs, (stage.dsn.app, stage.dsn.owner), stage.schema, stage.accounts, book)
        self._process = context.Process(target=_serve, args=arguments, daemon=True)
        self._process.start()
        theirs.close()
        self.answer()

    def go(self) -> None:
        """Begin."""
        self._pipe.send("go")

    def has_answered(self) -> bool:
        """Whether it is done."""
        return self._pipe.poll(0)

    def answer(self) -> tuple[float, float]:
        """Seconds, and the most memory that it ever held, in MB; raises BenchError if it failed."""
        try:
            said = self._pipe.recv()
        except EOFError:
            raise BenchError("the closing's process ended early: look for errors above") from None
        if isinstance(said, str):
            raise BenchError(f"the closing failed: {said}")
        seconds, peak = said
        return float(seconds), float(peak)

    def close(self) -> None:
        """End it."""
        self._process.join(5)
        if self._process.is_alive():
            self._process.kill()


def _serve(pipe: Connection, urls: tuple[str, str], schema: str, accounts: int, book: int) -> None:
    try:
        stage = Stage.join(Dsn(*urls), schema, accounts, (book,))
        bank = stage.bank
        pipe.send((0.0, 0.0))
        pipe.recv()
        start = time.perf_counter()
        report = close_quarter(
            bank.post, bank.read, bank.governing, book, ZONE, QUARTER, lambda: AT + timedelta(hours=1)
        )
        seconds = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        pipe.send(report.problems[0] if report.problems else (seconds, peak))
        bank.close()
    except Exception as error:
        pipe.send(repr(error))
        raise
