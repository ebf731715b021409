"""Answering wrongly on purpose: the mutation check breaks the code of one clause and wants a test to notice.

Never runs in service: `rule` calls it only for the clause that TENEUR_BREAK_CLAUSE names, the agreement
loader only for the one that TENEUR_BREAK_PARAMETERS names.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from functools import wraps
from inspect import isgeneratorfunction
from typing import Any, Final, TypeVar, cast

import msgspec

Function = TypeVar("Function", bound=Callable[..., object])
_FOREIGN_TEXT: Final = "broken-on-purpose"


class _Sentinel:
    """What stands where nothing should: equal to nothing but itself."""

    def __repr__(self) -> str:
        return "<broken on purpose>"


SENTINEL: Final = _Sentinel()


def break_function(function: Function) -> Function:
    """The function with its answer perturbed. It keeps its name, so that a failing test still says where."""
    if isgeneratorfunction(function):
        # The items are perturbed as one answer: a rule that yields is a rule that answers a sequence.
        @wraps(function)
        def broken_items(*args: Any, **kwargs: Any) -> Any:
            yield from perturb(tuple(function(*args, **kwargs)))

        return cast("Function", broken_items)

    @wraps(function)
    def broken(*args: Any, **kwargs: Any) -> Any:
        return perturb(function(*args, **kwargs))

    return cast("Function", broken)


def perturb(value: Any) -> Any:
    """Another value of the same type, near enough to be wrong in silence; SENTINEL where there is none."""
    for kinds, change in _CHANGES:
        if isinstance(value, kinds):
            return change(value)
    if isinstance(value, msgspec.Struct):
        return _record(value, value.__struct_fields__, msgspec.structs.replace)
    if is_dataclass(value) and not isinstance(value, type):
        return _record(value, tuple(f.name for f in fields(value) if f.init), replace)
    return SENTINEL


def _record(value: Any, names: tuple[str, ...], copy: Callable[..., Any]) -> Any:
    """The record with its first perturbable field perturbed; SENTINEL if it has none."""
    for name in names:
        changed = perturb(getattr(value, name))
        if changed is SENTINEL:
            continue
        try:
            return copy(value, **{name: changed})
        except (TypeError, ValueError):
            continue  # the record checks its fields and refuses this one: the next
    return SENTINEL


def _enum(value: Enum) -> Enum:
    members = list(type(value))
    return members[(members.index(value) + 1) % len(members)] if len(members) > 1 else cast("Enum", SENTINEL)


def _time(value: time) -> time:
    return value.replace(hour=(value.hour + 1) % 24)


def _mapping(value: Mapping[Any, Any]) -> Any:
    return {} if value else {_FOREIGN_TEXT: SENTINEL}


def _text(value: str) -> str:
    return _FOREIGN_TEXT if value != _FOREIGN_TEXT else value + "!"


# Order matters: an Enum may be an int or a str, a bool is an int, a datetime is a date.
_CHANGES: Final[tuple[tuple[type | tuple[type, ...], Callable[[Any], Any]], ...]] = (
    (Enum, _enum),
    (bool, lambda value: not value),
    (int, lambda value: value + 1),
    (Decimal, lambda value: value + 1),
    (date, lambda value: value + timedelta(days=1)),
    (timedelta, lambda value: value + timedelta(days=1)),
    (time, _time),
    (str, _text),
    (bytes, lambda value: bytes(b ^ 1 for b in value) or b"\x00"),
    (tuple, lambda value: () if value else (SENTINEL,)),
    (list, lambda value: [] if value else [SENTINEL]),
    (frozenset, lambda value: frozenset() if value else frozenset([SENTINEL])),
    (set, lambda value: set() if value else {SENTINEL}),
    (Mapping, _mapping),
)
