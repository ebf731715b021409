"""A broken answer is always another answer, of the same type where there is one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Any

import msgspec
import pytest

from teneur.kernel.breaking import SENTINEL, break_function, perturb


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Only(StrEnum):
    ONE = "one"


class Number(IntEnum):
    ONE = 1
    TWO = 2


class Amount(msgspec.Struct, frozen=True):
    minor: int
    currency: str


@dataclass(frozen=True)
class Due:
    who: None
    at: datetime


@dataclass(frozen=True)
class Positive:
    """Refuses what the perturbation of its first field would make of it."""

    days: tuple[int, ...]
    name: str

    def __post_init__(self) -> None:
        if not self.days:
            raise ValueError("no days")


NOON = datetime(2026, 4, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (True, False),
        (False, True),
        (0, 1),
        (Decimal("1.50"), Decimal("2.50")),
        (date(2024, 2, 28), date(2024, 2, 29)),
        (NOON, NOON + timedelta(days=1)),
        (timedelta(seconds=10), timedelta(days=1, seconds=10)),
        (time(23, 30), time(0, 30)),
        (Colour.RED, Colour.BLUE),
        (Colour.BLUE, Colour.RED),
        (Number.ONE, Number.TWO),
        (b"\x00\xff", b"\x01\xfe"),
        ((1, 2), ()),
        ([1], []),
        (frozenset({1}), frozenset()),
        ({"a": 1}, {}),
        (Amount(5, "EUR"), Amount(6, "EUR")),
        (Due(None, NOON), Due(None, NOON + timedelta(days=1))),
    ],
)
def test_each_type_has_its_own_wrong_answer(value: Any, wanted: Any) -> None:
    changed = perturb(value)
    assert changed == wanted
    assert type(changed) is type(value)


@pytest.mark.parametrize("value", ["", "text", perturb("text"), (), [], frozenset(), set(), {}, b""])
def test_an_empty_or_any_text_becomes_another_of_its_type(value: Any) -> None:
    assert perturb(value) != value
    assert type(perturb(value)) is type(value)


@pytest.mark.parametrize("value", [None, Only.ONE, object(), print])
def test_where_no_other_value_is_known_a_foreign_object_stands(value: Any) -> None:
    assert perturb(value) is SENTINEL


def test_a_record_that_refuses_the_change_is_changed_in_its_next_field() -> None:
    changed = perturb(Positive((1,), "a"))
    assert changed.days == (1,)
    assert changed.name != "a"


def test_a_record_with_nothing_to_change_is_replaced() -> None:
    @dataclass(frozen=True)
    class Empty:
        nothing: None = None

    assert perturb(Empty()) is SENTINEL


def test_a_broken_function_keeps_its_name_and_answers_wrongly() -> None:
    def double(x: int) -> int:
        return 2 * x

    assert break_function(double)(4) == 9
    assert break_function(double).__qualname__ == double.__qualname__


def test_a_broken_generator_yields_nothing_where_it_yielded_something() -> None:
    def count(n: int) -> Iterator[int]:
        yield from range(n)

    assert list(break_function(count)(3)) == []
    nothing: list[Any] = list(break_function(count)(0))
    assert nothing == [SENTINEL]
