"""Canonical JSON: the same bytes as an independent implementation of RFC 8785, and nothing that has none."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from teneur.kernel.canonical import MAX_INTEGER, CanonicalError, canonical

keys = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=8)
texts = st.text(st.characters(exclude_categories=["Cs"]))
integers = st.integers(-MAX_INTEGER, MAX_INTEGER)
values = st.recursive(
    st.none() | st.booleans() | integers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)


@given(values)
def test_our_bytes_are_those_of_an_independent_implementation(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


class Order(msgspec.Struct):
    payee: str
    amount_minor: int
    at: datetime
    on: date
    rate: Decimal
    key: bytes


def test_a_struct_is_written_with_sorted_names_and_plain_texts() -> None:
    order = Order(
        "Zoé",
        1,
        datetime(2026, 4, 3, 10, 0, 0, 5, tzinfo=UTC),
        date(2026, 4, 3),
        Decimal("1.50"),
        b"\x00\x01",
    )
    assert (
        canonical(order)
        == (
            '{"amount_minor":1,"at":"2026-04-03T10:00:00.000005Z","key":"AAE=","on":"2026-04-03",'
            '"payee":"Zoé","rate":"1.50"}'
        ).encode()
    )


@given(st.floats() | integers.map(float), st.sampled_from(["bare", "list", "dict", "deep"]))
def test_a_float_is_refused_wherever_it_hides(number: float, where: str) -> None:
    value: Any = {
        "bare": number,
        "list": ["x", number],
        "dict": {"a": number},
        "deep": {"a": [{"b": None, "c": number}]},
    }[where]
    with pytest.raises(CanonicalError, match="float"):
        canonical(value)


@pytest.mark.parametrize("number", [MAX_INTEGER + 1, -MAX_INTEGER - 1, 10**30])
def test_a_number_that_readers_could_round_is_refused(number: int) -> None:
    with pytest.raises(CanonicalError, match=r"\$\.amount"):
        canonical({"amount": number})
    assert canonical([MAX_INTEGER, -MAX_INTEGER]) == b"[9007199254740991,-9007199254740991]"


@pytest.mark.parametrize("value", [{1: 2}, {"a": object()}, "\ud800", {"\U0001f600": 1}])
def test_what_has_no_canonical_form_is_refused(value: Any) -> None:
    with pytest.raises(CanonicalError):
        canonical(value)


def test_a_text_that_looks_like_a_float_is_a_text() -> None:
    assert canonical({"a": "x,1.5", "b": "[null", "c": ":12345678901234567890"}) == (
        b'{"a":"x,1.5","b":"[null","c":":12345678901234567890"}'
    )
