"""Which clauses the code carries out, and which a test has proven.

Implemented: a rule function that the program calls, or a parameter, names the clause. Tested: implemented,
and a test that asserts it passed in a run on this very tree. A run writes `build/clauses-report.json` with
the hash of its tree; on any other tree the report counts for nothing.
"""

import hashlib
import importlib
import inspect
import os
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, Final

import msgspec

import teneur
from teneur.agreements.agreement import Agreements
from teneur.agreements.calls import package_sources, uncalled_rules
from teneur.agreements.loader import DATA, load_agreements
from teneur.agreements.register import Clause, ClauseKind, Register
from teneur.agreements.values import written
from teneur.kernel.rules import FUNCTIONS_OF

REPORT: Final = Path("build") / "clauses-report.json"
HASHED: Final = ("src", "tests")
DERIVED: Final = ("__pycache__", ".pyc", ".egg-info")


class TestReport(msgspec.Struct, frozen=True):
    """What the test runs on one tree showed. passed, failed: clause id -> ids of the tests that assert it."""

    __test__ = False  # not a test class, whatever its name

    tree_hash: str
    tested: dict[str, list[str]] = {}
    failed: dict[str, list[str]] = {}


@dataclass(frozen=True)
class CodePlace:
    """A rule function that the program calls: dotted name, file within the checkout or package, line."""

    function: str
    file: str
    line: int


@dataclass(frozen=True)
class ParameterPlace:
    """A parameter that carries a clause: file within the data folder, dotted path, value as text, source."""

    file: str
    path: str
    value: str
    source: str


@dataclass(frozen=True)
class ClauseStanding:
    """All that is known of one clause."""

    clause: Clause
    functions: tuple[CodePlace, ...]
    parameters: tuple[ParameterPlace, ...]
    tests: tuple[str, ...]
    failing_tests: tuple[str, ...]

    @property
    def implemented(self) -> bool:
        """Whether code that runs or a parameter names it."""
        return bool(self.functions or self.parameters)

    @property
    def tested(self) -> bool:
        """Whether it is implemented, a test that asserts it passed on this tree, and none failed."""
        return self.implemented and bool(self.tests) and not self.failing_tests


def checkout() -> Path | None:
    """The checkout that the running code comes from, or None when it is an installed package."""
    root = Path(__file__).resolve().parents[3]
    return root if (root / "pyproject.toml").exists() and (root / "tests").is_dir() else None


def tree_hash(root: Path) -> str:
    """SHA-256 over names and contents of every file below src/ and tests/, less what is derived."""
    total = hashlib.sha256()
    for name in hashed_files(root):
        digest = hashlib.sha256((root / name).read_bytes()).digest()
        total.update(len(name.encode()).to_bytes(4, "big") + name.encode() + digest)
    return total.hexdigest()


def hashed_files(root: Path) -> list[str]:
    """The files that the hash covers, sorted: not hidden ones, not compiled ones, not those of a build."""
    names = []
    for top in HASHED:
        for folder, folders, files in os.walk(root / top):
            folders[:] = [f for f in folders if not f.startswith(".") and not f.endswith(DERIVED)]
            base = Path(folder).relative_to(root)
            names += [
                (base / f).as_posix() for f in files if not f.startswith(".") and not f.endswith(DERIVED)
            ]
    return sorted(names)


def read_report(root: Path) -> TestReport | None:
    """The report in the checkout, whatever tree it is bound to; None if there is none that can be read."""
    try:
        return msgspec.json.decode((root / REPORT).read_bytes(), type=TestReport)
    except (OSError, msgspec.DecodeError):
        return None


def present_report(root: Path | None) -> TestReport:
    """The report if it is bound to the tree as it is now, else an empty one."""
    if root is None:
        return TestReport("")
    report, present = read_report(root), tree_hash(root)
    return report if report is not None and report.tree_hash == present else TestReport(present)


def import_everything() -> None:
    """Import every module of the program, so that every rule function is known."""
    for module in pkgutil.walk_packages(teneur.__path__, f"{teneur.__name__}."):
        if not module.name.rpartition(".")[2].startswith("__"):
            importlib.import_module(module.name)


@cache
def uncalled() -> frozenset[str]:
    """The rule functions that nothing in the program calls: what they cite is not carried out by them."""
    return frozenset(uncalled_rules(package_sources()))


def standings(root: Path | None = None, agreements: Agreements | None = None) -> dict[str, ClauseStanding]:
    """The standing of every clause of the five registers, by id. root: the checkout; None: the code's own."""
    root = root or checkout()
    import_everything()
    report = present_report(root)
    idle = uncalled()
    parameters = _parameters(agreements or load_agreements())
    return {
        clause.id: ClauseStanding(
            clause=clause,
            functions=tuple(
                place
                for f in FUNCTIONS_OF.get(clause.id, ())
                if (place := _place(f, root)).function not in idle
            ),
            parameters=tuple(parameters.get(clause.id, ())),
            tests=tuple(report.tested.get(clause.id, ())),
            failing_tests=tuple(report.failed.get(clause.id, ())),
        )
        for clause in Register.load()
    }


def unknown_clauses() -> dict[str, list[str]]:
    """Clause ids that rule functions cite but no register has, with the functions; must be empty."""
    import_everything()
    register = Register.load()
    return {
        clause: [f"{f.__module__}.{f.__qualname__}" for f in functions]
        for clause, functions in FUNCTIONS_OF.items()
        if clause not in register
    }


def summary(every: Mapping[str, ClauseStanding], agreement: str | None = None) -> dict[str, Any]:
    """Counts as plain values, for JSON.

    `{"agreements": {ID: {"areas": {AREA: {KIND: {"rules": n, "implemented": n, "tested": n}}},
    "tested_ids": […], "untested_ids": […]}}}` for all five sources, or one. KeyError if there is none.
    """
    register = Register.load()
    wanted = register.agreements() if agreement is None else (agreement,)
    return {"agreements": {a: _of_agreement([every[i] for i in register.ids(a)]) for a in wanted}}


def _of_agreement(clauses: Iterable[ClauseStanding]) -> dict[str, Any]:
    areas: dict[str, dict[str, dict[str, int]]] = {}
    tested: list[str] = []
    untested: list[str] = []
    for standing in clauses:
        empty = {str(kind): {"rules": 0, "implemented": 0, "tested": 0} for kind in ClauseKind}
        counts = areas.setdefault(standing.clause.area, empty)[str(standing.clause.kind)]
        counts["rules"] += 1
        counts["implemented"] += standing.implemented
        counts["tested"] += standing.tested
        (tested if standing.tested else untested).append(standing.clause.id)
    return {"areas": dict(sorted(areas.items())), "tested_ids": tested, "untested_ids": untested}


def plain(standing: ClauseStanding) -> dict[str, Any]:
    """All that is known of one clause as plain values, for JSON."""
    clause = {f.name: getattr(standing.clause, f.name) for f in fields(standing.clause)}
    return {
        **clause,
        "params": dict(standing.clause.params),
        "kind": str(standing.clause.kind),
        "implemented": standing.implemented,
        "tested": standing.tested,
        "functions": [asdict(place) for place in standing.functions],
        "parameters": [asdict(place) for place in standing.parameters],
        "tests": list(standing.tests),
        "failing_tests": list(standing.failing_tests),
    }


def by_scope(every: Mapping[str, ClauseStanding], scope: str) -> dict[str, Any]:
    """How far one piece of work (scope.csv) is: counts, and the ids that no test asserts yet."""
    given = [s for s in every.values() if s.clause.scope == scope]
    return {
        "rules": len(given),
        "implemented": sum(s.implemented for s in given),
        "tested": sum(s.tested for s in given),
        "untested_ids": [s.clause.id for s in given if not s.tested],
    }


def _parameters(agreements: Agreements) -> dict[str, list[ParameterPlace]]:
    places: dict[str, list[ParameterPlace]] = {}
    for agreement in agreements:
        for path, parameter in agreement.parameters():
            area, _, rest = path.partition(".")
            file = f"{agreement.id}/{area}.toml"
            for clause in parameter.clauses:
                place = ParameterPlace(file, rest, written(parameter.value), str(parameter.source))
                places.setdefault(clause, []).append(place)
    return places


def _place(function: Callable[..., object], root: Path | None) -> CodePlace:
    written = inspect.unwrap(function)
    path = Path(inspect.getsourcefile(written) or "")
    for base in (root, DATA.parents[2]):
        if base is not None and path.is_relative_to(base):
            path = path.relative_to(base)
            break
    line = getattr(getattr(written, "__code__", None), "co_firstlineno", 0)
    return CodePlace(f"{written.__module__}.{written.__qualname__}", path.as_posix(), line)
