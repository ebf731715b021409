"""`python -m tests.mutants`: breaks the code of tested clauses one by one and lists those no test noticed.

The clauses come from the report of the last test run, which must be of this very tree. Exit codes: 0 every
break was noticed, 1 some survived, 2 there is nothing to check.
"""

import argparse
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from teneur.agreements.coverage import present_report, standings

ROOT = Path(__file__).resolve().parents[2]
TIMEOUT_SECONDS = 300
_TESTS_FAILED = 1  # pytest's exit codes
_INTERRUPTED = 2
_INTERNAL_ERROR = 3


class Fate(StrEnum):
    """What became of one break."""

    NOTICED = "noticed"
    SURVIVED = "survived"
    UNSOUND = "unsound"  # the tests could not run at all, or fail without the break


@dataclass(frozen=True)
class Mutant:
    """One clause to break, and the tests that assert it."""

    clause: str
    tests: tuple[str, ...]


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant, why, and how long it took."""

    mutant: Mutant
    fate: Fate
    reason: str
    seconds: float


def choose(mutants: Sequence[Mutant], share: float, seed: int) -> list[Mutant]:
    """A random share, at least one, in the order of the register; the same seed chooses the same."""
    if not mutants:
        return []
    count = min(len(mutants), max(1, round(len(mutants) * share)))
    chosen = random.Random(seed).sample(range(len(mutants)), count)
    return [mutants[i] for i in sorted(chosen)]


def mutants_of(root: Path) -> list[Mutant]:
    """One for each clause that counts as tested on this tree."""
    return [Mutant(s.clause.id, s.tests) for s in standings(root).values() if s.tested]


def judge(mutant: Mutant, root: Path = ROOT) -> Verdict:
    """Run the tests of a mutant with its clause broken."""
    started = time.perf_counter()
    try:
        code, output = run_tests(mutant.tests, root, mutant.clause)
    except subprocess.TimeoutExpired:
        fate, reason = Fate.NOTICED, f"the tests did not end within {TIMEOUT_SECONDS} s"
    else:
        fate, reason = verdict_of(code, output, mutant)
    return Verdict(mutant, fate, reason, time.perf_counter() - started)


def run_tests(tests: Sequence[str], root: Path, broken: str | None) -> tuple[int, str]:
    """Exit code and output of pytest over these tests, in a process of its own."""
    environment = {k: v for k, v in os.environ.items() if k != "TENEUR_BREAK_CLAUSE"}
    if broken is not None:
        environment["TENEUR_BREAK_CLAUSE"] = broken
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-x",
        "-q",
        "--no-header",
        "-p",
        "no:xdist",
        "-p",
        "no:cacheprovider",
    ]
    done = subprocess.run(
        [*command, *tests],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def verdict_of(code: int, output: str, mutant: Mutant) -> tuple[Fate, str]:
    """What pytest's end says of the break."""
    if code == _TESTS_FAILED:
        return Fate.NOTICED, last_line(output, r"^(FAILED|ERROR) ")
    if code in (_INTERRUPTED, _INTERNAL_ERROR) and re.search(
        r"^(ERROR collecting|E  )", output, re.MULTILINE
    ):
        return Fate.NOTICED, "the broken program cannot even be loaded: " + last_line(output, r"^E  ")
    if code == 0:
        return Fate.SURVIVED, f"{len(mutant.tests)} test(s) pass all the same: {', '.join(mutant.tests)}"
    return Fate.UNSOUND, f"pytest ended with {code}: {last_line(output, r'.')}"


def last_line(output: str, pattern: str) -> str:
    """The last line that begins so; the whole last line if none does."""
    lines = [line.strip() for line in output.splitlines() if re.match(pattern, line)]
    return lines[-1][:200] if lines else output.strip()[-200:]


def main(arguments: Sequence[str] | None = None) -> int:
    """Choose, break, report."""
    options = _options(arguments)
    if not present_report(ROOT).tested:
        _say("No report of this very tree: run the tests first (`make test`), then this check.")
        return 2
    every = mutants_of(ROOT)
    if options.clause:
        chosen = [m for m in every if m.clause in options.clause]
        if missing := sorted(set(options.clause) - {m.clause for m in chosen}):
            _say(f"Not tested on this tree, so nothing to break: {', '.join(missing)}.")
            return 2
    else:
        chosen = choose(every, 1.0 if options.all else options.share, options.seed)
    if not chosen:
        _say("No clause counts as tested: nothing to break.")
        return 2
    _say(f"Breaking {len(chosen)} of {len(every)} tested clauses (seed {options.seed}).")
    with ThreadPoolExecutor(options.jobs) as pool:
        verdicts = []
        for verdict in pool.map(judge, chosen):
            verdicts.append(verdict)
            _say(f"  {verdict.mutant.clause:24} {verdict.fate:9} {verdict.seconds:5.1f} s")
    bad = [v for v in verdicts if v.fate is not Fate.NOTICED]
    for verdict in bad:
        _say(f"{verdict.fate.upper()} {verdict.mutant.clause}: {verdict.reason}")
    _say(f"{len(verdicts) - len(bad)} of {len(verdicts)} breaks were noticed.")
    return 1 if bad else 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--share", type=float, default=0.2, help="share of the tested clauses (default 0.2)")
    parser.add_argument("--seed", type=int, default=None, help="chooses the share; random if not given")
    parser.add_argument("--all", action="store_true", help="every tested clause")
    parser.add_argument(
        "--clause", action="append", default=[], metavar="ID", help="this clause; may be repeated"
    )
    parser.add_argument("--jobs", type=int, default=2, help="at the same time (default 2)")
    options = parser.parse_args(arguments)
    if not 0 < options.share <= 1:
        parser.error("--share must be above 0 and at most 1")
    if options.seed is None:
        options.seed = random.SystemRandom().randrange(1_000_000)
    return options


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
