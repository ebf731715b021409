"""The register of clauses: what each of the five sources demands, one clause a line.

The files beside this module are the register itself, one JSON object a line, and `scope.csv`, which gives
each clause to the piece of work that builds it. A clause id is unique over all registers, and its prefix
tells its agreement. `french.toml` says in French what the clauses that the program cites demand.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import msgspec

from teneur.kernel.money import Language

REGISTER_FILES: Mapping[str, str] = MappingProxyType(
    {
        "bred-2022-06": "bred.jsonl",
        "bnc-2026-04": "bnc.jsonl",
        "sol-cap-2020-10": "sol-cap.jsonl",
        "sol-sms-2023-06": "sol-sms.jsonl",
        "ruling-reims-2024": "ruling.jsonl",
    }
)
FRENCH = "french.toml"
PREFIXES: Mapping[str, str] = MappingProxyType(
    {
        "bred-2022-06": "BRED-",
        "bnc-2026-04": "BNC-",
        "sol-cap-2020-10": "CAP-",
        "sol-sms-2023-06": "SMS-",
        "ruling-reims-2024": "RULING-",
    }
)


class ClauseKind(StrEnum):
    """Who carries a clause out: the software alone, a person whom the software tracks, or the text itself."""

    AUTOMATIC = "automatic"
    WORKFLOW = "workflow"
    DISCLOSURE = "disclosure"


@dataclass(frozen=True)
class Clause:
    """One rule of a source, in our words, with its numbers and what the software does about it.

    french: the rule in a French sentence; empty when there is none yet.
    """

    id: str
    agreement: str
    article: str
    area: str
    rule: str
    params: Mapping[str, object]
    trigger: str
    effect: str
    kind: ClauseKind
    law: tuple[str, ...]
    scope: str
    french: str = ""

    def sentence(self, language: Language) -> str:
        """The rule in the language; in English when it has no French sentence."""
        return self.rule if language is Language.ENGLISH else self.french or self.rule


class _Line(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    article: str
    area: str
    rule: str
    params: dict[str, object]
    trigger: str
    effect: str
    kind: ClauseKind
    law: tuple[str, ...]


class RegisterError(ValueError):
    """The register that ships with the program is broken; the message names the file and the line."""


class Register:
    """All clauses by id."""

    def __init__(self, clauses: Mapping[str, Clause]) -> None:
        self._clauses = clauses
        self._ids = {
            agreement: tuple(c.id for c in clauses.values() if c.agreement == agreement)
            for agreement in REGISTER_FILES
        }

    @staticmethod
    def load(folder: Path | None = None) -> "Register":
        """The register shipped with the program (read once), or the one of `folder`. Raises RegisterError."""
        return _load(folder or Path(__file__).parent)

    def __contains__(self, clause_id: object) -> bool:
        return clause_id in self._clauses

    def __getitem__(self, clause_id: str) -> Clause:
        return self._clauses[clause_id]

    def __iter__(self) -> Iterator[Clause]:
        return iter(self._clauses.values())

    def __len__(self) -> int:
        return len(self._clauses)

    def get(self, clause_id: str) -> Clause | None:
        """The clause, or None if the register has no such id."""
        return self._clauses.get(clause_id)

    def agreements(self) -> tuple[str, ...]:
        """The ids of the five sources, in their order."""
        return tuple(self._ids)

    def ids(self, agreement: str) -> tuple[str, ...]:
        """The clause ids of one source, in the order of its text. KeyError if there is no such source."""
        return self._ids[agreement]

    def near(self, clause_id: str) -> tuple[str, ...]:
        """Ids that a person who wrote `clause_id` may have meant, nearest first; for messages."""
        return tuple(get_close_matches(clause_id, self._clauses, n=3, cutoff=0.8))


@lru_cache(maxsize=8)
def _load(folder: Path) -> Register:
    scope = dict(
        line.split(",", 1) for line in (folder / "scope.csv").read_text("utf-8").splitlines()[1:] if line
    )
    french = _french(folder)
    decoder = msgspec.json.Decoder(_Line)
    clauses: dict[str, Clause] = {}
    for agreement, name in REGISTER_FILES.items():
        for number, text in enumerate((folder / name).read_text("utf-8").splitlines(), start=1):
            clause = _clause(agreement, decoder, text, f"{name} line {number}", scope, french)
            if clause.id in clauses:
                raise RegisterError(
                    f"{name} line {number}: clause id {clause.id} appears twice; ids are unique."
                )
            clauses[clause.id] = clause
    if unknown := french.keys() - clauses.keys():
        raise RegisterError(f"{FRENCH}: no register has the clause id {min(unknown)}.")
    return Register(MappingProxyType(clauses))


def _french(folder: Path) -> dict[str, str]:
    """The French sentences by clause id."""
    try:
        return msgspec.convert(tomllib.loads((folder / FRENCH).read_text("utf-8")), dict[str, str])
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise RegisterError(f'{FRENCH}: {error}; each line is "CLAUSE-ID" = "sentence".') from error


def _clause(
    agreement: str,
    decoder: msgspec.json.Decoder[_Line],
    text: str,
    where: str,
    scope: Mapping[str, str],
    french: Mapping[str, str],
) -> Clause:
    try:
        line = decoder.decode(text)
    except msgspec.ValidationError as error:
        raise RegisterError(f"{where}: {error}") from error
    if not line.id.startswith(PREFIXES[agreement]):
        raise RegisterError(f"{where}: clause id {line.id} must begin with {PREFIXES[agreement]}.")
    if line.id not in scope:
        raise RegisterError(f"{where}: clause id {line.id} has no line in scope.csv.")
    return Clause(
        id=line.id,
        agreement=agreement,
        article=line.article,
        area=line.area,
        rule=line.rule,
        params=MappingProxyType(line.params),
        trigger=line.trigger,
        effect=line.effect,
        kind=line.kind,
        law=line.law,
        scope=scope[line.id],
        french=french.get(line.id, ""),
    )
