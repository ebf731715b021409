"""From a plain value (TOML, JSON, an override) to the typed value of a parameter, or what is wrong with it.

Types: int, str, bool, Decimal (quoted), date, time, an Enum (a StrEnum by value, any other by its name in
lower case with dashes), tuple, frozenset, a frozen dataclass of plain values, and `X | None` (written
`"none"`, as TOML has no null).
"""

import types
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from enum import Enum, StrEnum
from typing import Any, Union, get_args, get_origin, get_type_hints

NONE = "none"


class ValueProblem(ValueError):
    """What is wrong with one value, said for people."""


def convert(raw: object, kind: Any) -> Any:
    """The typed value of `raw`. Raises ValueProblem."""
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _optional(raw, kind)
    if origin is tuple or origin is frozenset:
        return _sequence(raw, kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _member(raw, kind)
    if isinstance(kind, type) and is_dataclass(kind):
        return _record(raw, kind)
    if kind is Decimal:
        return _decimal(raw)
    return _plain(raw, kind)


def describe(kind: Any) -> str:
    """The type in words, for messages."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return " or ".join('"none"' if a is types.NoneType else describe(a) for a in arguments)
    if origin is tuple or origin is frozenset:
        return f"a list, each {describe(arguments[0])}"
    if isinstance(kind, type) and issubclass(kind, Enum):
        return f"one of {', '.join(names_of(kind))}"
    names = {
        int: "a whole number",
        str: "a text",
        bool: "true or false",
        Decimal: 'a decimal number in quotes ("8.38")',
        date: "a date (2026-04-01)",
        time: "a time (12:00:00)",
    }
    return names.get(kind, getattr(kind, "__name__", str(kind)))


def names_of(kind: type[Enum]) -> dict[str, Enum]:
    """How each member is written."""
    if issubclass(kind, StrEnum):
        return {str(member.value): member for member in kind}
    return {member.name.lower().replace("_", "-"): member for member in kind}


def written(value: object) -> str:
    """A value as a person reads it in the file: `12:00 (inclusive)`, `a, b`, `true`, `none`."""
    if value is None:
        return NONE
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Enum):
        return next(name for name, member in names_of(type(value)).items() if member is value)
    if isinstance(value, time):
        return f"{value:%H:%M}" if value.replace(second=0, microsecond=0) == value else value.isoformat()
    if isinstance(value, tuple):
        return ", ".join(map(written, value))
    if isinstance(value, frozenset):
        return ", ".join(sorted(map(written, value)))
    if is_dataclass(value) and type(value).__str__ is object.__str__:
        parts = (getattr(value, f.name) for f in fields(value))
        return " ".join(written(part) for part in parts if part is not None)
    return str(value)


def _optional(raw: object, kind: Any) -> Any:
    inner = [a for a in get_args(kind) if a is not types.NoneType]
    if len(inner) != 1:
        raise ValueProblem(f"the program gives it the type {kind}, which no file can state")
    if raw is None or raw == NONE:
        return None
    return convert(raw, inner[0])


def _sequence(raw: object, kind: Any) -> Any:
    if not isinstance(raw, list | tuple | set | frozenset):
        raise ValueProblem(f"{raw!r} is not {describe(kind)}")
    arguments = get_args(kind)
    if get_origin(kind) is frozenset:
        return frozenset(convert(item, arguments[0]) for item in raw)
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        return tuple(convert(item, arguments[0]) for item in raw)
    if len(raw) != len(arguments):
        raise ValueProblem(f"{raw!r} must have exactly {len(arguments)} items")
    return tuple(convert(item, argument) for item, argument in zip(raw, arguments, strict=True))


def _member(raw: object, kind: type[Enum]) -> Enum:
    if isinstance(raw, kind):
        return raw
    names = names_of(kind)
    if not isinstance(raw, str) or raw not in names:
        raise ValueProblem(f"{raw!r} is not {describe(kind)}")
    return names[raw]


def _record(raw: object, kind: type) -> Any:
    if isinstance(raw, kind):
        return raw
    if not isinstance(raw, dict):
        raise ValueProblem(f"{raw!r} is not a table with {', '.join(f.name for f in fields(kind))}")
    hints = get_type_hints(kind)
    wanted = {f.name: f for f in fields(kind)}
    if unknown := sorted(set(raw) - set(wanted)):
        raise ValueProblem(f"{', '.join(unknown)} is not among {', '.join(wanted)}")
    missing = [name for name, f in wanted.items() if f.default is MISSING and name not in raw]
    if missing:
        raise ValueProblem(f"{', '.join(missing)} is missing in {raw!r}")
    return kind(**{name: convert(value, hints[name]) for name, value in raw.items()})


def _decimal(raw: object) -> Decimal:
    if isinstance(raw, Decimal) and raw.is_finite():
        return raw
    try:
        value = Decimal(raw) if isinstance(raw, str) else None
    except InvalidOperation:
        value = None
    if value is None or not value.is_finite():
        raise ValueProblem(f"{raw!r} is not {describe(Decimal)}")
    return value


def _from_text(raw: str, kind: type[date] | type[time]) -> object:
    """A date or a time in full as JSON writes it (a contract is kept as JSON); anything else stays a text."""
    try:
        value = kind.fromisoformat(raw)
    except ValueError:
        return raw
    return value if value.isoformat() == raw else raw


def _plain(raw: object, kind: Any) -> Any:
    if kind not in (int, str, bool, date, time):
        raise ValueProblem(f"the program gives it the type {kind}, which no file can state")
    if isinstance(raw, str) and kind in (date, time):
        raw = _from_text(raw, kind)
    wrong_bool = isinstance(raw, bool) and kind is not bool
    wrong_date = isinstance(raw, datetime) and kind is date
    wrong_time = isinstance(raw, time) and raw.tzinfo is not None
    if not isinstance(raw, kind) or wrong_bool or wrong_date or wrong_time:
        raise ValueProblem(f"{raw!r} is not {describe(kind)}")
    if kind is str and (not isinstance(raw, str) or not raw.strip() or raw == NONE):
        raise ValueProblem(f"{raw!r} is not a text")
    return raw
