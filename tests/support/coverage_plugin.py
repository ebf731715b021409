"""A pytest plugin: which clauses the tests that passed assert, into `build/clauses-report.json`.

An id that no register has is an error at collection. The report is bound to the hash of the tree: a later run
on the same tree adds to it (a test seen again replaces what it said before), a run on another tree starts
anew, and a run during which the tree changed writes nothing.
"""

import fcntl
import os
from collections.abc import Generator, Iterable
from pathlib import Path

import msgspec
import pytest

from teneur.agreements.coverage import REPORT, TestReport, read_report, tree_hash
from teneur.agreements.register import Register

ATTRIBUTE = "asserted_clauses"


def clauses_of_item(item: pytest.Item) -> tuple[str, ...]:
    """The clause ids that a test asserts, by its own marks and those of its class and module."""
    return tuple(dict.fromkeys(c for mark in item.iter_markers("asserts") for c in mark.args))


def unknown_ids(items: Iterable[pytest.Item], register: Register) -> list[str]:
    """A sentence for each test that asserts a clause which is in no register."""
    return [
        f"{item.nodeid} asserts {clause!r}, which is in no register; near: {near(clause, register)}"
        for item in items
        for clause in clauses_of_item(item)
        if clause not in register
    ]


def near(clause: object, register: Register) -> str:
    return ", ".join(register.near(clause)) if isinstance(clause, str) and register.near(clause) else "none"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    problems = unknown_ids(items, Register.load())
    if problems:
        raise pytest.UsageError("\n".join(problems))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    # Reports travel from the workers of xdist to the controller: what they carry must be plain values.
    setattr(report, ATTRIBUTE, list(clauses_of_item(item)))
    return report


def pytest_configure(config: pytest.Config) -> None:
    on_worker = hasattr(config, "workerinput")
    broken = os.environ.get("TENEUR_BREAK_CLAUSE") or os.environ.get("TENEUR_BREAK_PARAMETERS")
    if on_worker or broken or config.option.collectonly:
        return
    config.pluginmanager.register(Collector(config.rootpath), "teneur-clauses")


class Collector:
    """Gathers the reports of one run, in the one process that sees them all."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.tree = tree_hash(root)
        self.clauses: dict[str, list[str]] = {}
        self.passed: set[str] = set()
        self.failed: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        clauses = getattr(report, ATTRIBUTE, [])
        if not clauses:
            return
        self.clauses[report.nodeid] = clauses
        # A failing set-up or tear-down spoils the test; one skipped, or expected to fail, asserts nothing.
        if report.failed:
            self.failed.add(report.nodeid)
        elif report.when == "call" and report.passed and not hasattr(report, "wasxfail"):
            self.passed.add(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        if not self.clauses or tree_hash(self.root) != self.tree:
            return
        (self.root / REPORT).parent.mkdir(exist_ok=True)
        with (self.root / REPORT).with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            write_report(self.root, self.merged(read_report(self.root)))

    def merged(self, before: TestReport | None) -> TestReport:
        """The report with what this run saw; on another tree, or over nothing, only what this run saw."""
        old = before if before is not None and before.tree_hash == self.tree else TestReport(self.tree)
        tested = self._without_mine(old.tested)
        failed = self._without_mine(old.failed)
        for test, clauses in self.clauses.items():
            for clause in clauses:
                if test in self.failed:
                    failed.setdefault(clause, []).append(test)
                elif test in self.passed:
                    tested.setdefault(clause, []).append(test)
        return TestReport(self.tree, _sorted(tested), _sorted(failed))

    def _without_mine(self, tests_by_clause: dict[str, list[str]]) -> dict[str, list[str]]:
        kept = {c: [t for t in tests if t not in self.clauses] for c, tests in tests_by_clause.items()}
        return {c: tests for c, tests in kept.items() if tests}


def write_report(root: Path, report: TestReport) -> None:
    """Put the report in its place in one step, so that no reader sees half of it."""
    path = root / REPORT
    draft = path.with_suffix(f".{os.getpid()}.tmp")
    draft.write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=1))
    draft.replace(path)


def _sorted(tests_by_clause: dict[str, list[str]]) -> dict[str, list[str]]:
    return {clause: sorted(set(tests)) for clause, tests in sorted(tests_by_clause.items())}
