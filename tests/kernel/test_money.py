"""Money: whole minor units, strict reading, one rounding."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teneur.kernel.money import (
    CURRENCIES,
    EUR,
    MAX_MINOR,
    XPF,
    Language,
    Money,
    MoneyError,
    convert,
    convert_parity,
    currency,
    display,
    has_parity,
    parity_down,
    parity_up,
    parse,
    plain,
    round_half_up,
)

JPY, KWD, USD = currency("JPY"), currency("KWD"), currency("USD")
amounts = st.builds(
    Money, st.integers(-MAX_MINOR, MAX_MINOR), st.sampled_from(sorted(CURRENCIES.values(), key=str))
)


def test_euro_has_cents_and_the_pacific_franc_has_none() -> None:
    assert (EUR.numeric, EUR.decimals, XPF.numeric, XPF.decimals) == ("978", 2, "953", 0)


def test_an_unknown_currency_is_named_in_the_error() -> None:
    with pytest.raises(MoneyError, match="'ABC'"):
        currency("ABC")


def test_every_currency_has_its_own_three_digit_number() -> None:
    numbers = [c.numeric for c in CURRENCIES.values()]
    assert len(set(numbers)) == len(numbers)
    assert all(len(n) == 3 and n.isdigit() for n in numbers)


@pytest.mark.parametrize("amount", [1.0, 0.1, float("nan"), True, "1", Decimal(1), None])
def test_an_amount_that_is_not_a_whole_number_is_refused(amount: Any) -> None:
    with pytest.raises(MoneyError, match="whole number"):
        Money(amount, EUR)


@pytest.mark.parametrize("amount", [2**53, -(2**53)])
def test_an_amount_that_json_readers_could_round_is_refused(amount: int) -> None:
    with pytest.raises(MoneyError, match="beyond"):
        Money(amount, EUR)


def test_a_sum_beyond_the_largest_amount_is_refused() -> None:
    with pytest.raises(MoneyError, match="beyond"):
        Money(MAX_MINOR, EUR) + Money(1, EUR)


def test_two_currencies_are_never_added_subtracted_or_compared() -> None:
    euro, franc = Money(100, EUR), Money(100, XPF)
    with pytest.raises(MoneyError, match="two currencies"):
        euro + franc
    with pytest.raises(MoneyError, match="two currencies"):
        euro - franc
    with pytest.raises(MoneyError, match="two currencies"):
        _ = euro < franc
    assert euro != franc


@given(amounts, st.integers(-(10**9), 10**9))
def test_what_is_added_and_taken_away_again_leaves_the_amount(money: Money, other: int) -> None:
    step = Money(other, money.currency)
    if abs(money.amount_minor + other) <= MAX_MINOR:
        assert money + step - step == money
    negative = -money
    assert -negative == money


@pytest.mark.parametrize(
    ("text", "of", "minor"),
    [
        ("1234.56", EUR, 123456),
        ("1234.5", EUR, 123450),
        ("1234", EUR, 123400),
        ("0.01", EUR, 1),
        ("0", XPF, 0),
        ("1234", XPF, 1234),
        ("1.234", KWD, 1234),
        ("90071992547409.91", EUR, MAX_MINOR),
    ],
)
def test_an_amount_in_machine_form_is_read_to_the_minor_unit(text: str, of: Any, minor: int) -> None:
    assert parse(text, of) == Money(minor, of)


@pytest.mark.parametrize(
    ("text", "of"),
    [
        ("1234.567", EUR),
        ("1234.560", EUR),
        ("1234.00", XPF),
        ("90071992547409.92", EUR),
        ("9007199254740992", XPF),
        *((text, EUR) for text in ("", ".5", "5.", "1,5", "1 000", " 1", "1\n", "+1", "-1", "1e3", "NaN")),
        *((text, EUR) for text in ("Infinity", "1_000", "٣", "１", "0x10", "--1", "9" * 400)),
    ],
)
def test_anything_else_is_not_an_amount(text: str, of: Any) -> None:
    with pytest.raises(MoneyError):
        parse(text, of)


def test_a_minus_sign_is_read_only_where_it_is_asked_for() -> None:
    assert parse("-0.05", EUR, signed=True) == Money(-5, EUR)


@given(amounts)
def test_the_machine_form_is_read_back_as_the_same_amount(money: Money) -> None:
    assert parse(plain(money), money.currency, signed=True) == money


@pytest.mark.parametrize(
    ("money", "french", "english"),
    [
        (Money(123456, EUR), "1\u202f234,56\u00a0€", "€1,234.56"),
        (Money(-123456, EUR), "\u22121\u202f234,56\u00a0€", "\u2212€1,234.56"),
        (Money(5, EUR), "0,05\u00a0€", "€0.05"),
        (Money(1234, XPF), "1\u202f234\u00a0F\u00a0CFP", "XPF\u00a01,234"),
        (Money(1234567, XPF), "1\u202f234\u202f567\u00a0F\u00a0CFP", "XPF\u00a01,234,567"),
        (Money(999, JPY), "999\u00a0JPY", "JPY\u00a0999"),
        (Money(1050, USD), "10,50\u00a0$", "$10.50"),
    ],
)
def test_people_read_amounts_as_their_language_writes_them(money: Money, french: str, english: str) -> None:
    assert display(money) == french
    assert display(money, Language.ENGLISH) == english


@pytest.mark.parametrize(
    ("francs", "cents"), [(1000, 838), (1, 1), (59, 49), (60, 50), (625, 524), (0, 0), (-1000, -838)]
)
def test_pacific_francs_become_euro_at_the_fixed_parity(francs: int, cents: int) -> None:
    assert convert_parity(Money(francs, XPF), EUR) == Money(cents, EUR)


@pytest.mark.parametrize(
    ("cents", "francs"), [(838, 1000), (1, 1), (100, 119), (10000, 11933), (-838, -1000)]
)
def test_euro_become_pacific_francs_at_the_fixed_parity(cents: int, francs: int) -> None:
    assert convert_parity(Money(cents, EUR), XPF) == Money(francs, XPF)


def test_the_parity_is_for_euro_and_pacific_francs_only() -> None:
    assert convert_parity(Money(7, EUR), EUR) == Money(7, EUR)
    with pytest.raises(MoneyError, match="give a rate"):
        convert_parity(Money(100, USD), XPF)


@given(st.integers(-(10**12), 10**12))
def test_cents_survive_the_way_to_francs_and_back_within_half_a_franc(cents: int) -> None:
    back = convert_parity(convert_parity(Money(cents, EUR), XPF), EUR)
    assert abs(back.amount_minor - cents) <= 1


@given(st.fractions(max_denominator=1000))
def test_rounding_goes_to_the_nearest_and_a_half_goes_away_from_zero(amount: Fraction) -> None:
    nearest = round_half_up(amount)
    assert abs(nearest - amount) <= Fraction(1, 2)
    assert round_half_up(-amount) == -nearest
    if abs(nearest - amount) == Fraction(1, 2):
        assert abs(nearest) > abs(amount)


def test_a_conversion_rounds_once_half_up() -> None:
    assert convert(Money(1000, USD), Decimal("0.92345"), EUR) == Money(923, EUR)
    assert convert(Money(100, USD), Decimal("0.925"), EUR) == Money(93, EUR)
    assert convert(Money(10000, USD), Decimal("110.305"), XPF) == Money(11031, XPF)
    assert convert(Money(1234, JPY), Decimal("0.0061"), EUR) == Money(753, EUR)


@pytest.mark.parametrize("rate", [Decimal(0), Decimal(-1), Decimal("NaN"), Decimal("Infinity"), 1, 0.9])
def test_a_rate_is_a_positive_decimal(rate: Any) -> None:
    with pytest.raises(MoneyError, match="positive Decimal"):
        convert(Money(100, USD), rate, EUR)


def test_a_price_told_in_the_other_currency_is_rounded_down() -> None:
    assert parity_down(1_200, "XPF", "EUR") == 1_005  # 10.056 EUR
    assert parity_down(1_200, "EUR", "XPF") == 1_431  # 1,431.98 F
    assert parity_down(47_733, "XPF", "EUR") == 40_000
    assert parity_down(838, "EUR", "XPF") == 1_000  # exactly
    assert (parity_down(0, "EUR", "XPF"), parity_down(7, "USD", "USD")) == (0, 7)
    assert (parity_up(954, "XPF", "EUR"), parity_up(838, "EUR", "XPF")) == (800, 1_000)
    assert has_parity("XPF", "EUR")
    assert not has_parity("EUR", "USD")
    with pytest.raises(MoneyError, match="no fixed parity"):
        parity_down(1, "USD", "EUR")
