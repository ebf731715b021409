"""From a folder of TOML files to typed terms; refuses what is unknown, missing, mistyped, not registered.

A folder is one agreement; each file is one area; each parameter is a table with `value`, `clauses`, `source`
and `note`. Every problem of a folder is found before it is refused, so that it can be mended in one go.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from teneur.agreements.agreement import Agreement, Agreements
from teneur.agreements.errors import AgreementError, Problem
from teneur.agreements.parameters import Parameter, Source
from teneur.agreements.register import PREFIXES, Register
from teneur.agreements.terms import AREAS
from teneur.agreements.values import ValueProblem, convert, describe
from teneur.kernel.breaking import perturb

DATA = Path(__file__).parent / "data"
LEAF_KEYS = ("value", "clauses", "source", "note")

# Set only by the mutation check: parameters that name this clause are loaded with a wrong value. Another name
# than for functions: a negated function over a negated parameter would answer rightly again.
_BROKEN_CLAUSE = os.environ.get("TENEUR_BREAK_PARAMETERS")


def load_agreements(folder: Path = DATA, register: Register | None = None) -> Agreements:
    """Every agreement of the folder, one sub-folder each. Raises AgreementError with all problems of all."""
    loaded: list[Agreement] = []
    problems: list[Problem] = []
    for path in sorted(p for p in folder.iterdir() if p.is_dir() and not p.name.startswith(("_", "."))):
        try:
            loaded.append(load_agreement(path, register))
        except AgreementError as error:
            problems.extend(error.problems)
    if problems:
        raise AgreementError(str(folder), tuple(problems))
    return Agreements(loaded)


def load_agreement(
    folder: Path, register: Register | None = None, areas: Mapping[str, type] | None = None
) -> Agreement:
    """The agreement of one folder, whose name is its id. Raises AgreementError."""
    return _Loading(folder, register or Register.load(), AREAS if areas is None else areas).agreement()


class _Loading:
    """One load: the problems found so far, and where it is."""

    def __init__(self, folder: Path, register: Register, areas: Mapping[str, type]) -> None:
        self.folder = folder
        self.register = register
        self.areas = areas
        self.problems: list[Problem] = []
        self.file = ""

    def agreement(self) -> Agreement:
        self._check_folder()
        terms = {area: self._area(area, kind) for area, kind in self.areas.items()}
        if self.problems:
            raise AgreementError(self.folder.name, tuple(self.problems))
        return Agreement(self.folder.name, PREFIXES[self.folder.name], terms)

    def problem(self, path: str, what: str, remedy: str) -> None:
        self.problems.append(Problem(f"{self.folder.name}/{self.file}", path, what, remedy))

    def _check_folder(self) -> None:
        known = ", ".join(PREFIXES)
        if self.folder.name not in PREFIXES:
            self.problem("", "no register belongs to this agreement id", f"Name the folder one of {known}.")
        for path in sorted(self.folder.glob("*.toml")):
            if path.stem not in self.areas:
                self.file = path.name
                self.problem(
                    "", "no such area", f"Areas are {', '.join(sorted(self.areas))}; rename or remove it."
                )

    def _area(self, area: str, kind: type) -> Any:
        self.file = f"{area}.toml"
        path = self.folder / self.file
        if not path.exists():
            self.problem("", "the file is missing", f"Write the parameters of {area} into it.")
            return None
        try:
            tree = tomllib.loads(path.read_text("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            self.problem("", f"not TOML in UTF-8 ({error})", "Mend the syntax there.")
            return None
        return self._node(tree, kind, "")

    def _node(self, tree: object, kind: Any, path: str) -> Any:
        if get_origin(kind) is Parameter:
            return self._leaf(tree, get_args(kind)[0], path)
        if not isinstance(tree, dict):
            self.problem(path, f"{tree!r} stands where a table is expected", "Write a table.")
            return None
        if get_origin(kind) is dict:
            inner = get_args(kind)[1]
            return {key: self._node(value, inner, _join(path, key)) for key, value in tree.items()}
        if is_dataclass(kind):
            return self._table(tree, kind, path)
        raise TypeError(f"{path}: {kind} is neither a Parameter, a dataclass nor dict[str, …]")

    def _table(self, tree: dict[str, Any], kind: Any, path: str) -> Any:
        hints = get_type_hints(kind)
        wanted = [f.name for f in fields(kind)]
        for key in tree:
            if key not in wanted:
                self.problem(_join(path, key), "unknown parameter", f"Known here: {', '.join(wanted)}.")
        values = {}
        for name in wanted:
            if name in tree:
                values[name] = self._node(tree[name], hints[name], _join(path, name))
            else:
                self.problem(_join(path, name), "missing", f"Add it: {_expected(hints[name])}.")
        return kind(**values) if len(values) == len(wanted) else None

    def _leaf(self, tree: object, kind: Any, path: str) -> Parameter[Any] | None:
        if not isinstance(tree, dict) or "value" not in tree:
            self.problem(
                path, "missing value", f"Write a table with value ({describe(kind)}), clauses and source."
            )
            return None
        for key in tree:
            if key not in LEAF_KEYS:
                self.problem(_join(path, key), "unknown key", f"A parameter has only {', '.join(LEAF_KEYS)}.")
        found = len(self.problems)
        source = self._source(tree, path)
        clauses = self._clauses(tree, path, source)
        try:
            value = convert(tree["value"], kind)
        except ValueProblem as problem:
            self.problem(path, f"wrong value: {problem}", f"Write {describe(kind)}.")
        if len(self.problems) > found or source is None:
            return None
        if _BROKEN_CLAUSE is not None and _BROKEN_CLAUSE in clauses:
            value = perturb(value)
        return Parameter(value, clauses, source, tree.get("note", ""))

    def _source(self, tree: dict[str, Any], path: str) -> Source | None:
        try:
            source: Source = convert(tree.get("source", ""), Source)
        except ValueProblem as problem:
            self.problem(
                _join(path, "source"), f"wrong or missing: {problem}", "Say where the value comes from."
            )
            return None
        note = tree.get("note", "")
        if not isinstance(note, str):
            self.problem(_join(path, "note"), f"{note!r} is not a text", "Write it in quotes.")
        elif source is not Source.DOCUMENT and not note.strip():
            self.problem(
                _join(path, "note"), f"missing, and the source is {source}", "Say why the value is so."
            )
        return source

    def _clauses(self, tree: dict[str, Any], path: str, source: Source | None) -> tuple[str, ...]:
        clauses = tree.get("clauses", [])
        where = _join(path, "clauses")
        if not isinstance(clauses, list) or not all(isinstance(c, str) for c in clauses):
            self.problem(where, f"{clauses!r} is not a list of clause ids", 'Write it as ["BRED-1-1"].')
            return ()
        if not clauses and source in (Source.DOCUMENT, Source.READING):
            self.problem(
                where, "no clause is named", 'Name the clause, or say source = "default" with a note.'
            )
        for clause_id in clauses:
            clause = self.register.get(clause_id)
            if clause is None:
                near = ", ".join(self.register.near(clause_id)) or "none is near; look into the register"
                self.problem(where, f"clause {clause_id} is not in the register", f"Did you mean: {near}?")
            elif clause.agreement != self.folder.name:
                self.problem(
                    where,
                    f"clause {clause_id} belongs to {clause.agreement}",
                    "Name a clause of this agreement.",
                )
        return tuple(clauses)


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _expected(kind: Any) -> str:
    if get_origin(kind) is Parameter:
        return f"a parameter, value {describe(get_args(kind)[0])}"
    return "a table"
