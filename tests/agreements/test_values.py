"""From what stands in a file to the typed value of a parameter."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest

from teneur.agreements.values import ValueProblem, convert
from teneur.kernel.commands import Channel


class Policy(StrEnum):
    REFUSE = "refuse"
    IF_NOT_STARTED = "if-not-started"


@dataclass(frozen=True)
class Span:
    since: date
    until: date | None = None


GOOD: list[tuple[object, Any, object]] = [
    (4, int, 4),
    (0, int, 0),
    ("Paris", str, "Paris"),
    (False, bool, False),
    ("8.38", Decimal, Decimal("8.38")),
    (date(2024, 2, 29), date, date(2024, 2, 29)),
    ("2024-02-29", date, date(2024, 2, 29)),
    (time(23, 59), time, time(23, 59)),
    ("23:59:00", time, time(23, 59)),
    ("if-not-started", Policy, Policy.IF_NOT_STARTED),
    ("initiation-service", Channel, Channel.INITIATION_SERVICE),
    (["FR", "NC"], tuple[str, ...], ("FR", "NC")),
    ([], tuple[str, ...], ()),
    (["a", 1], tuple[str, int], ("a", 1)),
    (["branch", "post"], frozenset[Channel], frozenset({Channel.BRANCH, Channel.POST})),
    ("none", int | None, None),
    (7, int | None, 7),
    ({"since": date(2020, 1, 1)}, Span, Span(date(2020, 1, 1))),
    ([{"since": date(2020, 1, 1), "until": "none"}], tuple[Span, ...], (Span(date(2020, 1, 1)),)),
]

BAD: list[tuple[object, Any, str]] = [
    (True, int, "a whole number"),
    (1.0, int, "a whole number"),
    ("4", int, "a whole number"),
    ("none", int, "a whole number"),
    (1, bool, "true or false"),
    (8.38, Decimal, "in quotes"),
    (8, Decimal, "in quotes"),
    ("NaN", Decimal, "in quotes"),
    ("8,38", Decimal, "in quotes"),
    (datetime(2024, 1, 1, tzinfo=UTC), date, "a date"),
    ("2024-02-30", date, "a date"),
    ("20240101", date, "a date"),
    ("12:00", time, "a time"),
    ("", str, "not a text"),
    ("none", str, "not a text"),
    ("never", Policy, "one of refuse, if-not-started"),
    ("BRANCH", Channel, "one of system, branch"),
    ("FR", tuple[str, ...], "a list"),
    (["FR", 1], tuple[str, ...], "a text"),
    (["a"], tuple[str, int], "exactly 2 items"),
    ({}, Span, "since is missing"),
    ({"since": date(2020, 1, 1), "till": date(2021, 1, 1)}, Span, "till is not among since, until"),
    ("2020", Span, "not a table"),
]


@pytest.mark.parametrize(("raw", "kind", "wanted"), GOOD)
def test_a_value_of_its_type_is_taken(raw: object, kind: Any, wanted: object) -> None:
    value = convert(raw, kind)
    assert value == wanted
    assert type(value) is type(wanted)


@pytest.mark.parametrize(("raw", "kind", "said"), BAD)
def test_a_value_of_another_type_is_refused_in_words(raw: object, kind: Any, said: str) -> None:
    with pytest.raises(ValueProblem, match=said):
        convert(raw, kind)


def test_a_typed_value_is_taken_as_it_is_so_that_overrides_need_not_be_texts() -> None:
    assert convert(Decimal("1.5"), Decimal) == Decimal("1.5")
    assert convert(Policy.REFUSE, Policy) is Policy.REFUSE
