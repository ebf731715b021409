"""Batches through the engine against a bare COPY of the very rows they stored, round by round."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median

from teneur.bench.orders import Expected, Orders, check
from teneur.bench.stage import SQL, Stage, warm
from teneur.kernel.commands import Answer, Command
from teneur.ledger.account import SQL as LEDGER_SQL
from teneur.ledger.engine import Engine, Result

LEAST_ROUNDS = 5
ROUND_BATCHES = 2  # short rounds: whatever else the machine does then touches both sides alike


@dataclass
class Round:
    """One round of both: orders answered, rows stored, and how long each took."""

    orders: int
    stored: int
    engine_seconds: float
    copy_seconds: float


@dataclass
class Race:
    """What the rounds gave; medians. A round's ratio is the time of the COPY over the time of the engine."""

    rounds: list[Round] = field(default_factory=list)

    @property
    def transfers_per_second(self) -> float:
        """Orders answered a second."""
        return median(r.orders / r.engine_seconds for r in self.rounds)

    @property
    def copy_per_second(self) -> float:
        """Transfers whose rows the bare COPY stored a second."""
        return median(r.stored / r.copy_seconds for r in self.rounds if r.copy_seconds)

    @property
    def ratio(self) -> float:
        """How much of the time is that of a bare COPY."""
        return median(r.copy_seconds / r.engine_seconds for r in self.rounds)


class Writer:
    """One engine on one book, with its orders."""

    def __init__(
        self, stage: Stage, orders: Orders, book: int, *, sole: bool = False, cold: bool = False
    ) -> None:
        self.stage, self.book, self.orders, self.cold = stage, book, orders, cold
        self.engine: Engine = stage.bank.engine((book,) if sole else ())
        if not cold:
            warm(self.engine, stage, book)

    def round(self, count: int, size: int) -> tuple[float, list[Result], Expected]:
        """Seconds that `count` batches of `size` took, and the answers."""
        batches, expected = self.orders.batches(count, size)
        seconds, results = self.post(batches)
        check(results, expected)
        return seconds, results, expected

    def post(self, batches: list[list[Command]]) -> tuple[float, list[Result]]:
        """Post them one after the other. Cold: the cache is empty when the clock starts."""
        if self.cold:
            self.engine.close()
        self.engine.connection  # noqa: B018 (opens it before the clock starts)
        results: list[Result] = []
        post = self.engine.post
        start = time.perf_counter()
        for batch in batches:
            results += post(batch)
        return time.perf_counter() - start, results

    def close(self) -> None:
        """Let go of the connection."""
        self.engine.close()


class Ceiling:
    """Bare COPY of stored rows into tables of the same shape, with the same indexes, one commit a batch."""

    def __init__(self, stage: Stage) -> None:
        self._reader = stage.connect()
        self._writer = stage.connect(stage.copy_schema)

    def round(self, book: int, results: list[Result], size: int) -> tuple[float, int]:
        """Seconds to store again what these answers, in batches of `size`, had stored; and how many rows."""
        batches = []
        stored = 0
        for at in range(0, len(results), size):
            new = [r.position for r in results[at : at + size] if isinstance(r, Answer) and not r.replayed]
            if new:
                stored += len(new)
                batches.append(
                    [self._read(name, book, new[0], new[-1]) for name in ("read_journal", "read_record")]
                )
        start = time.perf_counter()
        for journal, record in batches:
            with self._writer.transaction(), self._writer.cursor() as cursor:
                with cursor.copy(LEDGER_SQL["copy_journal"]) as copy:
                    copy.write(journal)
                with cursor.copy(LEDGER_SQL["copy_record"]) as copy:
                    copy.write(record)
        return time.perf_counter() - start, stored

    def _read(self, name: str, book: int, first: int, last: int) -> bytes:
        parameters = {"book": book, "first": first, "last": last}
        with (
            self._reader.transaction(),
            self._reader.cursor() as cursor,
            cursor.copy(SQL[name], parameters) as copy,
        ):
            return b"".join(bytes(part) for part in copy)

    def close(self) -> None:
        """Let go of the connections."""
        self._reader.close()
        self._writer.close()


def race(writer: Writer, ceiling: Ceiling, size: int, seconds: float, warming_rounds: int = 3) -> Race:
    """Rounds of a few batches each, by turns, until their clocks have run for so long."""
    found = Race()
    spent = 0.0
    while spent < seconds or len(found.rounds) < LEAST_ROUNDS:
        engine_seconds, results, _ = writer.round(ROUND_BATCHES, size)
        copy_seconds, stored = ceiling.round(writer.book, results, size)
        if warming_rounds:
            warming_rounds -= 1
            continue
        found.rounds.append(Round(len(results), stored, engine_seconds, copy_seconds))
        spent += engine_seconds + copy_seconds
    return found


def by_turns(contenders: dict[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """Rates of contenders that take turns, the order rotated; a first round is thrown away."""
    names = list(contenders)
    rates: dict[str, list[float]] = {name: [] for name in names}
    for number in range(rounds + 1):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            rate = contenders[name]()
            if number:
                rates[name].append(rate)
    return rates
