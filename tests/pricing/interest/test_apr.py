"""Effective rates: published examples, our own overdraft example, rounding, and usury thresholds."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from teneur.agreements.agreement import Agreement
from teneur.pricing.interest.closing import Period
from teneur.pricing.interest.rules import apr, usury
from teneur.pricing.interest.rules.apr import Flow, NoRateError
from tests.support.asserts import asserts


def flows(*pairs: tuple[int, Fraction | int]) -> list[Flow]:
    """Amounts at years; positive is drawn."""
    return [Flow(Decimal(amount), Fraction(years)) for amount, years in pairs]


@pytest.mark.parametrize(
    ("given", "rate", "shown"),
    [
        (flows((1_000, 0), (-1_200, Fraction(546, 365))), "0.1296204", "13.0"),
        (flows((950, 0), (-1_200, Fraction(546, 365))), "0.1690262", "16.9"),
        (flows((1_000, 0), (-600, 1), (-600, 2)), "0.1306624", "13.1"),
    ],
    ids=["A1", "A2", "A3"],
)
def test_the_published_examples_are_met(bred: Agreement, given: list[Flow], rate: str, shown: str) -> None:
    """Directive 98/7/EC, annex III."""
    found = apr.effective_rate(given)
    assert found.quantize(Decimal("1e-7")) == Decimal(rate)
    assert apr.shown(found, bred.interest.apr) == Decimal(shown)


@pytest.mark.parametrize(
    "given", [flows((1_000, 0), (-600, 1), (-600, 2)), flows((950, 0), (-1_200, Fraction(3, 2)))]
)
def test_the_rate_solves_the_equation_to_twelve_decimals(given: list[Flow]) -> None:
    """Present values in exact fractions at rates a hair below and above have different signs."""
    rate = Fraction(apr.effective_rate(given))

    def present(at: Fraction) -> float:
        return float(sum(float(f.amount) / float(1 + at) ** float(f.years) for f in given))

    assert abs(present(rate)) < 1e-6
    if all(f.years.denominator == 1 for f in given):
        exact = [
            sum(Fraction(f.amount) / (1 + rate + d) ** int(f.years) for f in given)
            for d in (-Fraction(1, 10**12), Fraction(1, 10**12))
        ]
        assert exact[0] < 0 < exact[1]


def test_a_loan_without_cost_has_rate_zero_and_one_never_repaid_has_none() -> None:
    assert abs(apr.effective_rate(flows((500, 0), (-500, 1)))) <= apr.TOLERANCE
    with pytest.raises(NoRateError):
        apr.effective_rate(flows((500, 0), (-1, 1)))
    with pytest.raises(NoRateError):
        apr.effective_rate(flows((-500, 0), (-100, 1)))


@pytest.mark.parametrize(("rate", "shown"), [("0.1304999", "13.0"), ("0.1305", "13.1"), ("0.13", "13.0")])
def test_one_decimal_is_shown_and_a_next_one_of_five_rounds_up(
    bred: Agreement, rate: str, shown: str
) -> None:
    assert str(apr.shown(Decimal(rate), bred.interest.apr)) == shown


# before use


@asserts("BNC-7.3-8", "BRED-8.1.2-3")
def test_the_example_supposes_full_use_for_a_year_with_interest_paid_each_quarter(
    bred: Agreement, bnc: Agreement
) -> None:
    for agreement in (bred, bnc):
        terms = agreement.interest
        period = apr.example_period(date(2026, 1, 1), None, terms.apr)
        assert period == Period(date(2026, 1, 1), date(2026, 12, 31))
        drawn = apr.example_flows(100_000, Decimal("14.50"), period, 0, terms.closing)
        assert [f.years for f in drawn] == [0, Fraction(90, 365), Fraction(181, 365), Fraction(273, 365), 1]
        assert drawn[1].amount.quantize(Decimal("0.0001")) == Decimal("-3575.3425")
        rate = apr.indicative_rate(100_000, Decimal("14.50"), period, 0, terms.closing)
        assert apr.shown(rate, terms.apr) == Decimal("15.3")


@asserts("BNC-7.3-8", "BRED-8.1.2-3")
def test_a_leap_year_has_366_days_and_a_fixed_duration_is_its_own_example(bred: Agreement) -> None:
    terms = bred.interest
    leap = apr.example_period(date(2027, 7, 1), None, terms.apr)
    assert leap.days == 366
    fixed = apr.example_period(date(2026, 3, 1), date(2026, 5, 31), terms.apr)
    drawn = apr.example_flows(100_000, Decimal("14.50"), fixed, 0, terms.closing)
    assert [f.years for f in drawn] == [0, Fraction(31, 365), Fraction(92, 365)]
    assert apr.indicative_rate(100_000, Decimal("14.50"), fixed, 0, terms.closing).quantize(
        Decimal("1e-6")
    ) == Decimal("0.154373")


@asserts("BNC-7.3-8", "BRED-8.1.2-3")
def test_fees_taken_at_the_start_raise_the_rate(bred: Agreement) -> None:
    terms = bred.interest
    period = Period(date(2026, 1, 1), date(2026, 12, 31))
    rate = apr.indicative_rate(100_000, Decimal("14.50"), period, 3_000, terms.closing)
    assert apr.shown(rate, terms.apr) == Decimal("19.1")


@pytest.mark.parametrize(
    ("first", "until", "years"),
    [
        ("1994-01-01", "1995-07-01", Fraction(365 + 181, 365)),
        ("2024-01-01", "2025-01-01", Fraction(1)),
        ("2028-01-01", "2028-07-01", Fraction(182, 366)),
        ("2024-02-29", "2025-02-28", Fraction(1)),
    ],
)
def test_years_are_counted_from_date_to_date(first: str, until: str, years: Fraction) -> None:
    assert apr.years_between(date.fromisoformat(first), date.fromisoformat(until)) == years


# after use


@asserts("BNC-7.3-9", "BRED-8.1.2-4")
def test_the_real_rate_comes_from_the_numbers() -> None:
    """500,00 for 10 days and 800,00 for 5, interest 3,70: the rate of a day is 3,70 / 9 000."""
    number = 50_000 * 10 + 80_000 * 5
    rate = apr.real_rate(370, number)
    assert rate is not None
    assert (rate * 100).quantize(Decimal("1e-4")) == Decimal("16.1863")
    assert apr.real_rate(0, number) == 0
    assert apr.real_rate(370, 0) is None


@pytest.mark.parametrize(
    ("percent", "beats"), [("16.1862", True), ("16.1863", False), ("16", True), ("17", False)]
)
def test_the_real_rate_is_compared_by_the_rate_of_a_day(percent: str, beats: bool) -> None:
    assert apr.beats(370, 900_000, Decimal(percent)) is beats


# usury


@pytest.mark.parametrize(
    ("used", "percent"),
    [(1, "23.60"), (3_000_00, "23.60"), (3_000_01, "15.76"), (6_000_00, "15.76"), (6_000_01, "8.56")],
)
def test_the_bracket_is_that_of_the_credit_really_used(used: int, percent: str) -> None:
    found = usury.threshold_of(date(2026, 12, 31), used, "EUR")
    assert found is not None
    assert found.percent == Decimal(percent)


def test_the_threshold_is_dated_and_a_day_without_notice_is_not_loaded() -> None:
    assert usury.verdict(Decimal(20), 100, "EUR", date(2027, 1, 1)) is usury.Verdict.NOT_LOADED
    assert usury.verdict(Decimal(20), 100, "EUR", date(2022, 9, 30)) is usury.Verdict.NOT_LOADED
    assert usury.verdict(Decimal("21.16"), 100, "EUR", date(2022, 10, 1)) is usury.Verdict.BELOW
    assert usury.verdict(Decimal("21.17"), 100, "EUR", date(2022, 10, 1)) is usury.Verdict.ABOVE


def test_in_pacific_francs_the_brackets_are_those_in_euro_at_parity() -> None:
    day = date(2026, 10, 1)
    percents = []
    for used in (357_995, 357_996):  # 3 000 € = 357 995 F CFP
        found = usury.threshold_of(day, used, "XPF")
        assert found is not None
        percents.append(found.percent)
    assert percents == [Decimal("23.60"), Decimal("15.76")]


def test_others_than_consumers_have_their_own_line() -> None:
    found = usury.threshold_of(date(2026, 12, 31), 9_999_999, "EUR", consumer=False)
    assert found is not None
    assert (found.percent, found.notice) == (Decimal("19.08"), "ECOT2625422V")


def test_every_day_since_october_2022_has_one_line_a_bracket() -> None:
    day = date(2022, 10, 1)
    while day <= date(2026, 12, 31):
        assert [bound for bound, _ in usury.brackets("EUR", day)] == [3_000_00, 6_000_00, None], day
        day = date.fromordinal(day.toordinal() + 1)
