"""A parameter of an agreement: a value that knows the clauses it comes from."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")


class Source(StrEnum):
    """Where a value comes from: the text, our reading of an unclear text, or our default if it is silent."""

    DOCUMENT = "document"
    READING = "reading"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Parameter(Generic[T]):
    """One value of an agreement with its clauses. `note` says why, where it is a reading or our default.

    layer: empty for the agreement's own value; else the rank and the reference of the override that won over
    it (`special-conditions CP-2026-17`).
    """

    value: T
    clauses: tuple[str, ...] = ()
    source: Source = Source.DOCUMENT
    note: str = ""
    layer: str = ""
