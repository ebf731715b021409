"""The parent of the torture: starts writers, kills, restarts, asks again, and compares at the end.

What was acknowledged is kept here, outside the processes that are killed. A kill counts only if it fell on a
batch in flight: the writer had asked the engine and was not answered.
"""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from teneur.kernel.commands import AccountId, Answer, Command, Outcome
from teneur.ledger.check import check
from teneur.ledger.commands import Move, TakeHold
from teneur.storage import roles
from teneur.storage.database import Dsn, connect
from teneur.storage.embedded import EmbeddedServer
from teneur.storage.migrate import migrate
from tests.support.ledger import Bank, answer
from tests.torture.worker import ACCOUNTS, TROUBLE, same

ROOT = Path(__file__).parents[2]
FUND_MINOR = 20_000
RESEND_SECONDS = 60
WHAT_IS_KILLED = ("PostgreSQL", "program", "both")


@dataclass(frozen=True)
class Scenario:
    """Who writes what while it is killed."""

    name: str
    writers: int
    books: tuple[int, ...]
    sole: bool = False


SCENARIOS = (
    Scenario("one book, shared", 3, (1,)),
    Scenario("two books, shared", 3, (1, 2)),
    Scenario("one book, sole", 1, (1,), sole=True),
)


@dataclass
class Report:
    """What came of a scenario; everything after `acknowledged` must be zero or empty."""

    name: str
    writers: int
    kills: dict[str, int] = field(default_factory=dict)
    missed: int = 0  # kills that fell between two batches, not counted
    in_flight: int = 0  # batches that a counted kill fell on
    stored: int = 0  # of these: found stored when they were asked again, though nobody had been told
    acknowledged: int = 0
    lost: int = 0
    changed: int = 0
    unasked: int = 0  # rows of the journal that nobody was answered about
    differing: int = 0
    wrong_balances: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def counted(self) -> int:
        """Kills that fell on a batch in flight."""
        return sum(self.kills.values())

    @property
    def good(self) -> bool:
        """Whether nothing was lost, doubled or changed."""
        bad = self.lost + self.changed + self.unasked + self.differing + self.wrong_balances
        return not bad and not self.faults and self.acknowledged > 0


@dataclass
class Writer:
    """A process that posts, and what it was last heard to do."""

    number: int
    process: subprocess.Popen[bytes]
    pipe: "Connection[Any, Any]"
    asking: list[Command] | None = None
    broken: bool = False  # the engine raised since the batch was asked
    breaks: int = 0


class Torture:
    """One scenario on a database of its own."""

    def __init__(self, server: EmbeddedServer, scenario: Scenario, seed: int) -> None:
        self._server = server
        self._scenario = scenario
        self._random = random.Random(seed)
        self._seeds = iter(range(seed * 1_000, seed * 1_000 + 1_000))
        self._dsn = self._database()
        self._acknowledged: dict[bytes, tuple[Command, Answer]] = {}
        self._writers: list[Writer] = []
        self.report = Report(scenario.name, scenario.writers)

    def run(self, kills: int, deadline: float) -> Report:
        """Kill until `kills` fell on a batch in flight (or the time is over), then compare."""
        self._accounts, self._opened = self._open()
        try:
            self._writers = [self._start(number) for number in range(self._scenario.writers)]
            while self.report.counted < kills and time.monotonic() < deadline:
                self._listen(self._random.uniform(0.1, 0.8))
                self._kill(WHAT_IS_KILLED[self.report.counted % len(WHAT_IS_KILLED)])
            self._listen(0.5)
            self._stop()
        finally:
            for writer in self._writers:
                writer.process.kill()
                writer.process.wait()
        self._compare()
        return self.report

    # the bank

    def _database(self) -> Dsn:
        name = f"torture_{os.getpid()}_{self._scenario.name.replace(' ', '_').replace(',', '')}"
        with psycopg.connect(self._server.superuser_url, autocommit=True) as connection:
            connection.execute(
                sql.SQL("create database {} owner {}").format(*map(sql.Identifier, (name, roles.OWNER)))
            )
        dsn = Dsn(self._server.url(roles.APP, name), self._server.url(roles.OWNER, name))
        migrate(dsn)
        return dsn

    def _open(self) -> tuple[list[AccountId], int]:
        """Open books and accounts; how many commands that took."""
        bank = Bank(self._dsn)
        bank.open_books(*self._scenario.books)
        accounts: list[AccountId] = []
        for book in self._scenario.books:
            accounts += bank.open_accounts(ACCOUNTS, book=book, fund_minor=FUND_MINOR)
        opened = len(self._stored_keys())
        bank.close()
        return accounts, opened

    # the writers

    def _start(self, number: int) -> Writer:
        ours, theirs = os.pipe()
        books = ",".join(map(str, self._scenario.books))
        arguments = [str(theirs), str(next(self._seeds)), self._dsn.app, books]
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.torture.worker",
                *arguments,
                "sole" if self._scenario.sole else "shared",
            ],
            cwd=ROOT,
            pass_fds=[theirs],
        )
        os.close(theirs)
        return Writer(number, process, Connection(ours, writable=False))

    def _listen(self, seconds: float, only: Writer | None = None) -> None:
        """Take in what the writers say for so long; of one that is dead, all that is left in its pipe."""
        end = time.monotonic() + seconds
        while True:
            pipes = [w.pipe for w in self._writers if not w.pipe.closed and only in (None, w)]
            ready = wait(pipes, max(0.0, end - time.monotonic()))
            for writer in self._writers:
                if writer.pipe in ready:
                    self._hear(writer)
            if time.monotonic() > end and not (ready and only):
                return

    def _hear(self, writer: Writer) -> None:
        try:
            word, what = writer.pipe.recv()
        except (EOFError, OSError):
            writer.pipe.close()  # it died, perhaps in the middle of a word
            return
        if word == "begin":
            writer.asking = what
        elif word == "broken":
            writer.broken = True
            writer.breaks += 1
        elif word == "differs":
            self.report.differing += 1
        else:
            assert writer.asking is not None
            if writer.broken:
                self.report.stored += self._was_stored(writer.asking, what)
            self._acknowledge(writer.asking, what)
            writer.asking = None
            writer.broken = False

    def _acknowledge(self, commands: Iterable[Command], answers: Iterable[Answer]) -> None:
        for asked, answered in zip(commands, answers, strict=True):
            known = self._acknowledged.setdefault(asked.key, (asked, answered))
            if not same(known[1], answered):
                self.report.differing += 1

    # the kills

    def _kill(self, what: str) -> None:
        victim = self._random.choice(self._writers)
        self._wait_until_in_flight(victim)
        time.sleep(self._random.uniform(0, 0.05))
        before = {w.number: w.breaks for w in self._writers}
        if what != "PostgreSQL":
            victim.process.kill()
        if what != "program":
            self._server.kill9()
            self._server.start()
        hit = 0
        if what != "PostgreSQL":
            hit += self._replace(victim)
        if what != "program":
            hit += self._broken_batches(before, victim if what == "both" else None)
        if hit:
            self.report.kills[what] = self.report.kills.get(what, 0) + 1
            self.report.in_flight += hit
        else:
            self.report.missed += 1

    def _wait_until_in_flight(self, writer: Writer) -> None:
        end = time.monotonic() + 20
        while writer.asking is None and time.monotonic() < end:
            self._listen(0.001)

    def _replace(self, victim: Writer) -> int:
        """Hear the last words of a dead writer, ask its unanswered batch again, twice, and start another."""
        victim.process.wait()
        while not victim.pipe.closed:
            self._hear(victim)
        unanswered = victim.asking
        if unanswered is not None:
            engine_bank = Bank(self._dsn)
            first = self._ask_surely(engine_bank, unanswered)
            self.report.stored += self._was_stored(unanswered, first)
            self._acknowledge(unanswered, first)
            self._acknowledge(unanswered, self._ask_surely(engine_bank, unanswered))
            engine_bank.close()
        self._writers[self._writers.index(victim)] = self._start(victim.number)
        return int(unanswered is not None)

    def _ask_surely(self, bank: Bank, commands: list[Command]) -> list[Answer]:
        end = time.monotonic() + RESEND_SECONDS
        while True:
            try:
                return [answer(result) for result in bank.engine.post(commands)]
            except TROUBLE:
                bank.engine.close()
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)

    def _broken_batches(self, before: dict[int, int], except_for: Writer | None) -> int:
        """How many living writers had a batch in flight (their engine broke). Waits for their answers."""
        watched = [w for w in self._writers if w is not except_for]
        end = time.monotonic() + RESEND_SECONDS
        self._listen(0.1)
        while any(w.broken for w in watched) and time.monotonic() < end:
            self._listen(0.005)
        return sum(w.breaks > before.get(w.number, 0) for w in watched)

    def _was_stored(self, commands: Sequence[Command], answers: Sequence[Answer]) -> bool:
        """Whether the new commands of a batch were stored before they were asked again."""
        new = [a for c, a in zip(commands, answers, strict=True) if c.key not in self._acknowledged]
        return bool(new) and all(a.replayed for a in new)

    def _stop(self) -> None:
        for writer in self._writers:
            self._wait_until_in_flight(writer)  # one that has just been started does not listen to us yet
            writer.process.terminate()
        end = time.monotonic() + RESEND_SECONDS
        while any(not w.pipe.closed for w in self._writers) and time.monotonic() < end:
            self._listen(0.05)
        for writer in self._writers:
            writer.process.wait(timeout=RESEND_SECONDS)
            assert writer.process.returncode == 0, f"a writer failed with {writer.process.returncode}"
            assert writer.asking is None, "a writer ended without its answer"

    # the comparison

    def _stored_keys(self) -> list[tuple[bytes, int, int, int, str]]:
        query = """select key, book, position, outcome, reason from journal join ground using (ground)
                    where key is not null"""
        with connect(self._dsn) as connection:
            return [(row[0].bytes, *row[1:]) for row in connection.execute(query)]

    def _compare(self) -> None:
        """Everything acknowledged is there once, as it was told, nothing else is, and balances follow."""
        report = self.report
        report.acknowledged = len(self._acknowledged)
        stored = self._stored_keys()
        by_key = {row[0]: row[1:] for row in stored}
        report.unasked = len(stored) - self._opened - report.acknowledged
        balances = dict.fromkeys(self._accounts, FUND_MINOR)
        for key, (asked, told) in self._acknowledged.items():
            if key not in by_key:
                report.lost += 1
            elif by_key[key] != (told.book, told.position, told.outcome, told.reason):
                report.changed += 1
            ask = asked.ask
            if told.outcome is Outcome.ACCEPTED and isinstance(ask, Move | TakeHold):
                debit = ask.debit if isinstance(ask, Move) else asked.subject
                balances[debit] -= ask.amount_minor
                balances[ask.credit] += ask.amount_minor
        bank = Bank(self._dsn)
        report.wrong_balances = sum(bank.balance(account) != total for account, total in balances.items())
        self._ask_everything_again(bank)
        bank.close()
        with connect(self._dsn, autocommit=True) as connection:
            report.faults += [f"{fault.invariant}: {fault.what}" for fault in check(connection)]

    def _ask_everything_again(self, bank: Bank) -> None:
        """A program that has just started gives the same answers to keys of any age."""
        everything = self._random.sample(
            list(self._acknowledged.values()), min(1_000, len(self._acknowledged))
        )
        again = [answer(result) for result in bank.engine.post([asked for asked, _ in everything])]
        for (_, told), found in zip(everything, again, strict=True):
            self.report.differing += not (found.replayed and same(told, found))


def torture(
    server: EmbeddedServer, scenarios: Iterable[Scenario], kills: int, seconds: float, seed: int
) -> list[Report]:
    """Share `kills` and `seconds` among the scenarios; a report for each."""
    chosen = list(scenarios)
    reports = []
    start = time.monotonic()
    for index, scenario in enumerate(chosen):
        share = kills // len(chosen) + (index < kills % len(chosen))
        deadline = start + seconds * (index + 1) / len(chosen)
        reports.append(Torture(server, scenario, seed + index).run(share, deadline))
    return reports
