"""Several books, each with a writer process of its own, against one."""

import contextlib
import multiprocessing
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from statistics import median

from teneur.bench.errors import BenchError
from teneur.bench.orders import Mix, Orders
from teneur.bench.race import Writer, by_turns
from teneur.bench.stage import Stage
from teneur.storage.database import Dsn

_READY_SECONDS = 600


@dataclass
class Books:
    """Transfers a second of one writer, and of all together; medians of rounds taken by turns."""

    books: int
    one_per_second: float
    all_per_second: float
    gain: float


class _Process:
    """A writer of one book in a process of its own."""

    def __init__(self, stage: Stage, book: int, mix: Mix, *, sole: bool) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        dsn = (stage.dsn.app, stage.dsn.owner)
        arguments = (theirs, dsn, stage.schema, stage.accounts, stage.books, book, mix, sole)
        self._process = context.Process(target=_serve, args=arguments, daemon=True)
        self._process.start()
        theirs.close()

    def ask(self, word: str, count: int = 0, size: int = 0) -> None:
        """Send word."""
        self._pipe.send((word, count, size))

    def answer(self) -> float:
        """Wait for the answer; raises BenchError if the writer failed."""
        if not self._pipe.poll(_READY_SECONDS):
            raise BenchError("a writer process does not answer: look for errors above")
        try:
            said = self._pipe.recv()
        except EOFError:
            raise BenchError("a writer process ended early: look for errors above") from None
        if isinstance(said, str):
            raise BenchError(f"a writer process failed: {said}")
        return float(said)

    def close(self) -> None:
        """End it."""
        with contextlib.suppress(OSError):  # it has ended by itself
            self.ask("end")
        self._process.join(10)
        if self._process.is_alive():
            self._process.kill()


def _serve(
    pipe: Connection, urls: tuple[str, str], schema: str, accounts: int, books: tuple[int, ...], book: int,
    mix: Mix, sole: bool,
) -> None:  # fmt: skip
    """The life of a writer process: prepare, wait for the word, post, say how long it took."""
    try:
        stage = Stage.join(Dsn(*urls), schema, accounts, books)
        writer = Writer(stage, Orders(stage, book, mix, seed=book), book, sole=sole)
        writer.round(1, 100)
        pipe.send(0.0)
        while True:
            word, count, size = pipe.recv()
            if word == "end":
                break
            batches, _ = writer.orders.batches(count, size)
            pipe.send(0.0)
            pipe.recv()  # the common start
            pipe.send(writer.post(batches)[0])
        writer.close()
        stage.bank.close()
    except Exception as error:
        pipe.send(repr(error))
        raise


def race_of_books(
    stage: Stage, size: int, batches: int, rounds: int, *, sole: bool = False, mix: Mix | None = None
) -> Books:
    """One writer on the first book, then all writers on all books, by turns."""
    processes = [_Process(stage, book, mix or Mix(), sole=sole) for book in stage.books]
    try:
        for process in processes:
            process.answer()

        def run(some: list[_Process]) -> float:
            for process in some:
                process.ask("prepare", batches, size)
            for process in some:
                process.answer()
            start = time.perf_counter()
            for process in some:
                process.ask("go")
            for process in some:
                process.answer()
            return len(some) * batches * size / (time.perf_counter() - start)

        rates = by_turns({"one": lambda: run(processes[:1]), "all": lambda: run(processes)}, rounds)
    finally:
        for process in processes:
            process.close()
    gain = median(many / one for many, one in zip(rates["all"], rates["one"], strict=True))
    return Books(len(processes), median(rates["one"]), median(rates["all"]), gain)
