"""python -m tests.simulator --seed 7 --ops 100000: random operations against the model."""

import argparse
import logging
import os
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from teneur.storage.database import Dsn
from teneur.storage.embedded import EmbeddedServer
from teneur.storage.migrate import migrate
from tests.simulator.checker import Divergence
from tests.simulator.simulation import Simulation

EVERY_SECONDS = 5.0


def say(text: str) -> None:
    """One line to the person at the terminal."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


class Progress:
    """Says now and then how far the run is."""

    def __init__(self, operations: int) -> None:
        self.operations = operations
        self.began = self.said = time.perf_counter()

    def __call__(self, simulation: Simulation) -> None:
        now = time.perf_counter()
        if now - self.said >= EVERY_SECONDS:
            self.said = now
            rate = simulation.asked / (now - self.began)
            day = simulation.generator.now.date()
            say(f"  {simulation.asked:>9,} of {self.operations:,}   {rate:,.0f} a second   {day}")


def report(simulation: Simulation, seconds: float) -> None:
    """Counts by kind and outcome, faults met, speed."""
    kinds: dict[str, Counter[str]] = {}
    for (kind, outcome), count in simulation.counts.items():
        kinds.setdefault(kind, Counter())[outcome] += count
    for kind, outcomes in sorted(kinds.items(), key=lambda item: -item[1].total()):
        parts = ", ".join(f"{count:,} {outcome}" for outcome, count in sorted(outcomes.items()))
        say(f"  {kind:<16}{outcomes.total():>9,}   {parts}")
    say("  faults: " + ", ".join(f"{count} {name}" for name, count in sorted(simulation.faults.items())))
    say(
        f"  {simulation.asked:,} operations, {simulation.checker.rows:,} rows, {simulation.asked / seconds:,.0f} a second"
    )


def explain(simulation: Simulation, error: Exception, last: int) -> None:
    """What differed, the last operations on the account, and how to see it again."""
    say(f"\n{type(error).__name__} near operation {simulation.asked:,} of seed {simulation.seed}: {error}\n")
    if simulation.history:
        subject = simulation.history[-1][1][0].subject
        mine = [(n, a) for n, a in simulation.history if a[0].subject == subject][-last:]
        say(f"The last {len(mine)} operations on account {subject >> 32}/{subject & 0xFFFF_FFFF}:")
        for number, (request, verdict, _) in mine:
            say(
                f"  {number:,} {request.at.isoformat()} {request.kind} {request.channel} {request.ask} -> {verdict!r}"
            )
    say(f"\nAgain: python -m tests.simulator --seed {simulation.seed} --ops {simulation.asked + 1}")


def main() -> int:
    """Run; 0 if the bank and the model agree to the end."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulator", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--ops", type=int, default=10_000)
    parser.add_argument(
        "--last", type=int, default=20, help="how many operations to show when something differs"
    )
    arguments = parser.parse_args()
    logging.getLogger("psycopg").setLevel(logging.ERROR)  # sessions are cut off on purpose
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the server and its folder go in any case
    folder = Path(tempfile.gettempdir()) / f"teneur-simulator-{os.getpid()}"
    server = EmbeddedServer(folder).start()
    try:
        dsn = Dsn(server.app_url, server.owner_url)
        migrate(dsn)
        simulation = Simulation(dsn, arguments.seed)
        say(f"seed {arguments.seed}, {arguments.ops:,} operations from {simulation.generator.now.date()}")
        began = time.perf_counter()
        try:
            digest = simulation.run(arguments.ops, Progress(arguments.ops))
        except (Divergence, AssertionError, Exception) as error:
            explain(simulation, error, arguments.last)
            if not isinstance(error, Divergence):
                raise
            return 1
        finally:
            simulation.close()
        report(simulation, time.perf_counter() - began)
        say(f"  the bank and the model agree; run {digest}")
        return 0
    finally:
        server.release()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
