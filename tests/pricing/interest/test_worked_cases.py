"""The cases of docs/interest.md, by their numbers: what is worked by hand there is what the rules give."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from teneur.agreements.agreement import Agreement
from teneur.kernel.deadlines import add_months
from teneur.pricing.interest.closing import ONE_DAY, Period, QuarterNumbers, RateSpan, Span
from teneur.pricing.interest.rules import apr, charge, numbers, rates
from teneur.pricing.interest.rules.corrections import interest_after_end
from tests.pricing.interest.making import Q2
from tests.support.asserts import asserts

PAGE = Path(__file__).parents[3] / "docs" / "interest.md"
JUNE = Period(date(2026, 6, 1), date(2026, 6, 30))


def rate(
    first: date, last: date, inside: str, *, limit: int = 0, beyond: str = "16.5", year: int = 365,
    run_off: bool = False,
) -> RateSpan:  # fmt: skip
    """A span of rates."""
    return RateSpan(first, last, limit, Decimal(inside), Decimal(beyond), Decimal(0), year, run_off=run_off)


def spans_of(
    movements: Sequence[tuple[date, int]], period: Period, given: Sequence[RateSpan], opening: int = 0
) -> tuple[Span, ...]:
    """The numbers of a period."""
    steps = numbers.value_ladder(opening, movements, period)
    return numbers.numbers_of(steps, given, opening)[0]


def interest(movements: Sequence[tuple[date, int]], period: Period, *given: RateSpan) -> int:
    """Debit interest of a period."""
    return numbers.debit_interest_minor(spans_of(movements, period, given))


@asserts("BRED-5.2-1")
def test_case_1_a_debit_without_authorisation() -> None:
    movements = [(date(2026, 5, 10), -100_000), (date(2026, 6, 1), 40_000)]
    assert interest(movements, Q2, rate(Q2.first_day, Q2.last_day, "14.5")) == 1_808


@asserts("BNC-7.1-4", "BNC-7.3-6")
def test_case_2_authorised_part_and_excess() -> None:
    span = rate(Q2.first_day, Q2.last_day, "9.75", limit=100_000, beyond="15")
    assert interest([(date(2026, 5, 10), -250_000)], Q2, span) == 4_595


@asserts("BNC-7.3-6")
@pytest.mark.parametrize(("year", "minor"), [(2028, 18_026), (2027, 17_877)])
def test_case_3_leap_year(bnc: Agreement, year: int, minor: int) -> None:
    period = Period(date(year, 1, 1), date(year, 3, 31))
    days = numbers.days_of_year(period.first_day, bnc.interest.closing)
    span = rate(period.first_day, period.last_day, "14.5", limit=10**9, year=days)
    assert interest([(period.first_day, -500_000)], period, span) == minor


def test_case_4_across_the_end_of_a_year() -> None:
    period = Period(date(2027, 12, 1), date(2028, 1, 31))
    old = rate(period.first_day, date(2027, 12, 31), "14.5", limit=10**9)
    new = rate(date(2028, 1, 1), period.last_day, "14.5", limit=10**9, year=366)
    assert interest([(period.first_day, -500_000)], period, old, new) == 12_298


def test_case_5_a_rate_that_changes_within_the_quarter() -> None:
    first = rate(Q2.first_day, date(2026, 5, 15), "12", limit=10**9)
    second = rate(date(2026, 5, 16), Q2.last_day, "9", limit=10**9)
    assert interest([(Q2.first_day, -200_000)], Q2, first, second) == 5_227


def test_case_6_a_limit_that_changes_within_the_quarter() -> None:
    first = rate(JUNE.first_day, date(2026, 6, 15), "8", limit=20_000)
    second = rate(date(2026, 6, 16), JUNE.last_day, "10", limit=70_000)
    assert interest([(JUNE.first_day, -90_000)], JUNE, first, second) == 964


@asserts("BNC-7.3-2", "BNC-7.3-3")
def test_case_7_an_index_below_zero(bnc: Agreement) -> None:
    counted = rates.counted_index(Decimal("-0.4"), bnc.interest.rates)
    percent = rates.indexed_percent(counted, Decimal("4.25"))
    period = Period(date(2026, 5, 21), Q2.last_day)
    span = rate(period.first_day, period.last_day, str(percent), limit=10**9)
    assert interest([(period.first_day, -600_000)], period, span) == 2_864


def quarter(*spans: Span) -> QuarterNumbers:
    """2026-Q2 with these spans."""
    return QuarterNumbers(
        first_day=Q2.first_day,
        last_day=Q2.last_day,
        position=1,
        opening_minor=0,
        closing_minor=0,
        spans=spans,
    )


@asserts("BNC-7.4-1", "BNC-7.4-2")
def test_case_8_the_flat_minimum(bnc: Agreement) -> None:
    movements = [(date(2026, 4, 1), -10_000), (date(2026, 4, 21), 10_000)]
    spans = spans_of(movements, Q2, [rate(Q2.first_day, Q2.last_day, "12", beyond="15")])
    found = charge.charge_of(quarter(*spans), bnc.interest)
    assert (found.interest_minor, found.debit_minor, found.apr_charges_minor) == (82, 600, 82)


@asserts("BNC-7.4-1")
def test_case_9_the_average_at_the_bound(bnc: Agreement) -> None:
    span = rate(Q2.first_day, Q2.last_day, "15", limit=10**9)
    at_bound = charge.charge_of(quarter(*spans_of([(Q2.first_day, -47_733)], Q2, [span])), bnc.interest)
    assert (at_bound.interest_minor, at_bound.minimum_minor) == (1_785, 0)
    once_less = [(Q2.first_day, -47_732), (date(2026, 4, 2), -1)]
    below = charge.charge_of(quarter(*spans_of(once_less, Q2, [span])), bnc.interest)
    assert (below.debit_minor, below.minimum_minor) == (1_785, 0)
    cheap = rate(Q2.first_day, Q2.last_day, "1", limit=10**9)
    few = charge.charge_of(quarter(*spans_of(once_less, Q2, [cheap])), bnc.interest)
    assert (few.interest_minor, few.debit_minor) == (119, 600)
    dear = charge.charge_of(quarter(*spans_of([(Q2.first_day, -47_733)], Q2, [cheap])), bnc.interest)
    assert (dear.interest_minor, dear.debit_minor) == (119, 119)


@asserts("BNC-7.3-6")
def test_case_10_a_half() -> None:
    day = rate(JUNE.first_day, JUNE.first_day, "7.3", limit=10**9)
    one = numbers.span_of(day, 2_500, 0, 0, 1)
    assert numbers.debit_interest_minor([one]) == 1
    assert numbers.debit_interest_minor([one, one, one]) == 2


@asserts("BRED-8.1.1-5", "BNC-7.2.b-5")
def test_case_11_after_the_end_of_an_authorisation() -> None:
    span = rate(JUNE.first_day, JUNE.last_day, "6", limit=50_000, run_off=True)
    movements = [(date(2026, 6, 11), 30_000), (date(2026, 6, 21), -40_000)]
    spans = spans_of(movements, JUNE, [span], opening=-60_000)
    assert (spans[0].authorised_number, spans[0].excess_number) == (1_100_000, 500_000)
    assert numbers.debit_interest_minor(spans) == 407


def test_case_12_a_late_entry() -> None:
    span = rate(Q2.first_day, Q2.last_day, "14.5")
    before = interest([(date(2026, 5, 10), -500_000)], Q2, span)
    after = interest([(date(2026, 5, 10), -500_000), (date(2026, 6, 10), 500_000)], Q2, span)
    assert (before, after, before - after) == (11_753, 7_007, 4_746)


@asserts("BNC-7.3-9", "BRED-8.1.2-4")
def test_case_13_the_real_effective_rate(bred: Agreement) -> None:
    found = apr.real_rate(370, 50_000 * 10 + 80_000 * 5)
    assert found is not None
    assert apr.shown(found, bred.interest.apr) == Decimal("16.2")


@asserts("BNC-7.3-8", "BRED-8.1.2-3")
def test_case_14_the_effective_rate_as_an_example(bred: Agreement) -> None:
    year = Period(date(2026, 1, 1), date(2026, 12, 31))
    drawn = apr.example_flows(100_000, Decimal("14.5"), year, 0, bred.interest.closing)
    assert [round(-f.amount) for f in drawn[1:]] == [3_575, 3_615, 3_655, 103_655]
    found = apr.indicative_rate(100_000, Decimal("14.5"), year, 0, bred.interest.closing)
    assert found.quantize(Decimal("1e-6")) == Decimal("0.153077")
    present = [round(-f.amount / (1 + found) ** (Decimal(f.years.numerator) / f.years.denominator) / 100, 3)
               for f in drawn[1:]]  # fmt: skip
    assert present == [Decimal(p) for p in ("34.520", "33.685", "32.855", "898.940")]
    assert apr.shown(found, bred.interest.apr) == Decimal("15.3")


def test_case_15_published_examples(bred: Agreement) -> None:
    a1 = [apr.Flow(Decimal(1_000), Fraction(0)), apr.Flow(Decimal(-1_200), Fraction(546, 365))]
    a2 = [apr.Flow(Decimal(950), Fraction(0)), a1[1]]
    a3 = [a1[0], *(apr.Flow(Decimal(-600), Fraction(n)) for n in (1, 2))]
    found = [apr.effective_rate(flows) for flows in (a1, a2, a3)]
    closed = [Decimal("1.2") ** (Decimal(365) / 546) - 1, (Decimal(1_200) / 950) ** (Decimal(365) / 546) - 1,
              (Decimal("0.6") + Decimal("2.76").sqrt()) / 2 - 1]  # fmt: skip
    assert all(abs(x - y) < Decimal("1e-12") for x, y in zip(found, closed, strict=True))
    shown = [apr.shown(x, bred.interest.apr) for x in found]
    assert shown == [Decimal("13.0"), Decimal("16.9"), Decimal("13.1")]


@asserts("BRED-11.3.1-6", "BRED-11.3.2-8", "BNC-12.3-1")
def test_case_16_interest_on_interest(bred: Agreement) -> None:
    terms = bred.interest
    years = interest_after_end(
        100_000, date(2023, 7, 1), date(2025, 9, 30), lambda _: Decimal(10), terms.closing,
        terms.capitalised_after_months.value,
    )  # fmt: skip
    assert [(y.principal_minor, y.interest_minor, y.capitalised) for y in years] == [
        (100_000, 10_014, True),
        (110_014, 10_986, True),
        (121_000, 3_050, False),
    ]
    assert years[0].last_day + ONE_DAY == add_months(date(2023, 7, 1), 12)


def test_every_case_of_the_page_has_its_test() -> None:
    cases = re.findall(r"^\*\*(\d+)\. ", PAGE.read_text("utf-8"), re.MULTILINE)
    tested = re.findall(r"^def test_case_(\d+)_", Path(__file__).read_text("utf-8"), re.MULTILINE)
    assert cases == tested == [str(n) for n in range(1, 17)]
