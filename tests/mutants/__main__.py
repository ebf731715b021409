"""`python -m tests.mutants`: breaks what carries each tested clause, lists what no test noticed.

The functions that cite a clause are broken together, and the parameters that name it are broken together,
each in a run of its own: either break must be noticed. The clauses come from the report of the last test run,
which must be of this very tree.

Exit codes: 0 every break was noticed, 1 some survived, 2 there is nothing to check.
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

from teneur.agreements.coverage import ClauseStanding, present_report, standings

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


class Site(StrEnum):
    """What of a clause is broken; the value is the variable that asks for it."""

    FUNCTIONS = "TENEUR_BREAK_CLAUSE"
    PARAMETERS = "TENEUR_BREAK_PARAMETERS"


@dataclass(frozen=True)
class Mutant:
    """One clause to break, where, and the tests that assert it."""

    clause: str
    site: Site
    tests: tuple[str, ...]


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant, why, and how long it took."""

    mutant: Mutant
    fate: Fate
    reason: str
    seconds: float


def choose(clauses: Sequence[str], share: float, seed: int) -> list[str]:
    """A random share, at least one, in the order of the register; the same seed chooses the same."""
    if not clauses:
        return []
    count = min(len(clauses), max(1, round(len(clauses) * share)))
    chosen = random.Random(seed).sample(range(len(clauses)), count)
    return [clauses[i] for i in sorted(chosen)]


def mutants_of(standing: ClauseStanding) -> list[Mutant]:
    """One for the functions and one for the parameters that carry the clause, where there are any."""
    sites = {Site.FUNCTIONS: standing.functions, Site.PARAMETERS: standing.parameters}
    return [Mutant(standing.clause.id, site, standing.tests) for site, places in sites.items() if places]


def judge(mutant: Mutant, root: Path = ROOT) -> Verdict:
    """Run the tests of a mutant with its clause broken."""
    started = time.perf_counter()
    try:
        code, output = run_tests(mutant, root)
    except subprocess.TimeoutExpired:
        fate, reason = Fate.NOTICED, f"the tests did not end within {TIMEOUT_SECONDS} s"
    else:
        fate, reason = verdict_of(code, output, mutant)
    return Verdict(mutant, fate, reason, time.perf_counter() - started)


def run_tests(mutant: Mutant, root: Path) -> tuple[int, str]:
    """Exit code and output of pytest over the mutant's tests, in a process of its own."""
    environment = {k: v for k, v in os.environ.items() if k not in set(Site)}
    environment[mutant.site] = mutant.clause
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
        [*command, *mutant.tests],
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
    every = {s.clause.id: s for s in standings(ROOT).values() if s.tested}
    if missing := sorted(set(options.clause) - set(every)):
        _say(f"Not tested on this tree, so nothing to break: {', '.join(missing)}.")
        return 2
    chosen = options.clause or choose(list(every), 1.0 if options.all else options.share, options.seed)
    mutants = [mutant for clause in chosen for mutant in mutants_of(every[clause])]
    if not mutants:
        _say("No clause counts as tested: nothing to break.")
        return 2
    _say(
        f"Breaking {len(chosen)} of {len(every)} tested clauses, {len(mutants)} breaks (seed {options.seed})."
    )
    return _report(mutants, options.jobs)


def _report(mutants: Sequence[Mutant], jobs: int) -> int:
    with ThreadPoolExecutor(jobs) as pool:
        verdicts = []
        for verdict in pool.map(judge, mutants):
            verdicts.append(verdict)
            site = verdict.mutant.site.name.lower()
            _say(f"  {verdict.mutant.clause:24} {site:10} {verdict.fate:9} {verdict.seconds:5.1f} s")
    bad = [v for v in verdicts if v.fate is not Fate.NOTICED]
    for verdict in bad:
        place = f"{verdict.mutant.clause} ({verdict.mutant.site.name.lower()})"
        _say(f"{verdict.fate.upper()} {place}: {verdict.reason}")
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
