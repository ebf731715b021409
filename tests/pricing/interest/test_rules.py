"""The rules on numbers, rates and the flat minimum, each on its own, at its bounds."""

from datetime import date
from decimal import Decimal

import msgspec
import pytest

from teneur.agreements.agreement import Agreement
from teneur.agreements.parameters import Parameter
from teneur.agreements.terms.interest import DatedRate
from teneur.agreements.terms.tariff import Price
from teneur.pricing.interest.closing import Period, QuarterNumbers, RateSpan, Span
from teneur.pricing.interest.rules import charge, numbers, rates
from tests.support.asserts import asserts

TODAY = date(2026, 5, 4)
Q2 = Period(date(2026, 4, 1), date(2026, 6, 30))


def span(number: int = 0, percent: str = "10", year: int = 365, **more: int) -> Span:
    """A span of some authorised number at a rate."""
    plain = Span(date(2026, 4, 1), 91, 0, Decimal(percent), Decimal(20), Decimal(1), year, number)
    return msgspec.structs.replace(plain, **more)


def quarter(*spans: Span, period: Period = Q2) -> QuarterNumbers:
    """A quarter of these spans."""
    return QuarterNumbers(
        first_day=period.first_day, last_day=period.last_day, position=1, opening_minor=0, closing_minor=0,
        spans=spans,
    )  # fmt: skip


# periods and ladders


@asserts("BRED-5.2-1", "BNC-7.3-6")
@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        ("2026-01-01", "2026-01-01", "2026-03-31"),
        ("2026-03-31", "2026-01-01", "2026-03-31"),
        ("2026-04-01", "2026-04-01", "2026-06-30"),
        ("2028-02-29", "2028-01-01", "2028-03-31"),
        ("2026-12-31", "2026-10-01", "2026-12-31"),
    ],
)
def test_accounts_are_closed_by_civil_quarters(
    bred: Agreement, bnc: Agreement, day: str, first: str, last: str
) -> None:
    wanted = Period(date.fromisoformat(first), date.fromisoformat(last))
    for agreement in (bred, bnc):
        assert numbers.closing_period(date.fromisoformat(day), agreement.interest.closing) == wanted


@pytest.mark.parametrize(
    ("day", "days"), [("2024-02-29", 366), ("2025-12-31", 365), ("2028-01-01", 366), ("2100-03-01", 365)]
)
def test_a_leap_year_counts_366_days(bnc: Agreement, day: str, days: int) -> None:
    assert numbers.days_of_year(date.fromisoformat(day), bnc.interest.closing) == days


@asserts("BNC-5-1")
def test_a_ladder_stands_on_value_dates_alone_in_any_order() -> None:
    period = Period(date(2026, 4, 1), date(2026, 4, 10))
    movements = [
        (date(2026, 4, 9), 50),
        (date(2026, 4, 3), -80),
        (date(2026, 4, 9), -1),
        (date(2026, 4, 11), 7),
    ]
    steps = numbers.value_ladder(-10, movements, period)
    assert [(s.first_day.day, s.days, s.balance_minor) for s in steps] == [
        (1, 2, -10),
        (3, 6, -90),
        (9, 2, -41),
    ]


@asserts("BNC-7.1-4", "BRED-8.2-5")
@pytest.mark.parametrize(
    ("balance", "limit", "parts"),
    [(-150, 100, (100, 50)), (-100, 100, (100, 0)), (-101, 100, (100, 1)), (-70, 0, (0, 70)), (1, 9, (0, 0))],
)
def test_a_debit_splits_at_the_limit_and_is_all_excess_without_one(
    balance: int, limit: int, parts: tuple[int, int]
) -> None:
    assert numbers.split_debit(balance, limit) == parts


@asserts("BNC-7.2.b-5", "BRED-8.1.1-5")
@pytest.mark.parametrize(
    ("due", "balance", "left"), [(500, -900, 500), (500, -300, 300), (500, 0, 0), (0, -9, 0)]
)
def test_what_is_still_due_only_shrinks(due: int, balance: int, left: int) -> None:
    assert numbers.still_due(due, balance) == left


def test_an_overdraft_that_ended_before_goes_on_from_what_was_due_then() -> None:
    period = Period(date(2026, 4, 1), date(2026, 4, 10))
    rate = RateSpan(*_days(period), 900, Decimal(6), Decimal(15), Decimal(0), 365, run_off=True)
    steps = numbers.value_ladder(-700, [(date(2026, 4, 6), -50)], period)
    spans, due = numbers.numbers_of(steps, [rate], -700, 200)
    assert (spans[0].authorised_number, spans[0].excess_number, due) == (200 * 10, 500 * 5 + 550 * 5, 200)
    spans, due = numbers.numbers_of(steps, [rate], -700, None)  # it held on the eve: 700 were due
    assert (spans[0].authorised_number, spans[0].excess_number, due) == (7_000, 250, 700)


def _days(period: Period) -> tuple[date, date]:
    return period.first_day, period.last_day


# interest


@asserts("BNC-7.3-6")
def test_interest_is_number_times_rate_over_the_days_of_the_civil_year() -> None:
    assert numbers.debit_interest_minor([span(1_000_000, "12", 365)]) == 329  # 328,77
    assert numbers.debit_interest_minor([span(1_000_000, "12", 366)]) == 328  # 327,87


@asserts("BRED-5.2-1", "BNC-7.3-6")
@pytest.mark.parametrize(
    ("number", "minor"), [(0, 0), (1, 0), (2_499, 0), (2_500, 1), (7_499, 1), (7_500, 2)]
)
def test_a_half_rounds_up_once_at_the_end(number: int, minor: int) -> None:
    assert numbers.debit_interest_minor([span(number, "7.3")]) == minor  # number / 5 000
    halves = [span(number // 2, "7.3"), span(number - number // 2, "7.3")]
    assert numbers.debit_interest_minor(halves) == minor


@asserts("BRED-5.2-1")
def test_credit_interest_has_its_own_numbers_and_rate() -> None:
    assert numbers.credit_interest_minor([span(credit_number=36_500_000)]) == 1_000
    assert numbers.debit_interest_minor([span(credit_number=36_500_000)]) == 0


def test_a_rate_with_more_than_six_decimals_is_not_counted() -> None:
    assert numbers.micro_percent(Decimal("3.141592")) == 3_141_592
    with pytest.raises(ValueError, match="6 decimals"):
        numbers.micro_percent(Decimal("3.1415926"))


# rates


@asserts("BNC-7.3-1", "BRED-8.1.2-1")
def test_the_agreed_rate_is_counted_else_the_tariffs(bred: Agreement, bnc: Agreement) -> None:
    for agreement, tariff in ((bred, "14.50"), (bnc, "12.00")):
        terms = agreement.interest.rates
        assert rates.authorised_percent(Decimal("7.25"), terms, TODAY) == Decimal("7.25")
        assert rates.authorised_percent(Decimal(0), terms, TODAY) == 0
        assert rates.authorised_percent(None, terms, TODAY) == Decimal(tariff)


@asserts("BNC-7.1-4", "BNC-7.3-1", "BRED-8.2-5")
def test_the_excess_always_bears_the_tariffs_unauthorised_rate(bred: Agreement, bnc: Agreement) -> None:
    assert rates.unauthorised_percent(bred.interest.rates, TODAY) == Decimal("16.50")
    assert rates.unauthorised_percent(bnc.interest.rates, TODAY) == Decimal("15.00")


def test_a_dated_rate_holds_from_its_day(bnc: Agreement) -> None:
    dated = (DatedRate(date(2026, 1, 1), Decimal(9)), DatedRate(date(2026, 5, 4), Decimal(8)))
    assert rates.rate_on(dated, date(2025, 12, 31)) == 0
    assert rates.rate_on(dated, date(2026, 5, 3)) == 9
    assert rates.rate_on(dated, date(2026, 5, 4)) == 8


@asserts("BNC-7.3-3")
@pytest.mark.parametrize(
    ("index", "counted"), [("-0.586", "0"), ("-0.001", "0"), ("0", "0"), ("1.934", "1.934")]
)
def test_a_negative_index_counts_as_zero(bnc: Agreement, index: str, counted: str) -> None:
    assert rates.counted_index(Decimal(index), bnc.interest.rates) == Decimal(counted)


@asserts("BNC-7.3-2")
def test_a_rate_by_reference_is_the_index_plus_points() -> None:
    assert rates.indexed_percent(Decimal("1.934"), Decimal("4.25")) == Decimal("6.184")
    assert rates.indexed_percent(Decimal("0"), Decimal("4.25")) == Decimal("4.25")
    assert rates.indexed_percent(Decimal("0.5"), Decimal("-1")) == 0


@asserts("BNC-7.2.b-5", "BRED-8.1.1-5")
def test_both_agreements_keep_the_rate_after_the_end(bred: Agreement, bnc: Agreement) -> None:
    for agreement in (bred, bnc):
        assert rates.keeps_rate_after_ending(agreement.interest.rates)


# the flat minimum


@asserts("BNC-7.4-1")
@pytest.mark.parametrize(
    ("average", "minimum"),
    [(47_732, 600), (47_733, 0), (47_734, 0), (1, 600), (0, 0)],
)
def test_the_flat_minimum_is_for_an_average_under_the_bound(
    bnc: Agreement, average: int, minimum: int
) -> None:
    terms = bnc.interest.minimum
    assert charge.flat_minimum_minor(average * 91, 91, 10, terms) == minimum


@asserts("BNC-7.4-1")
def test_the_average_runs_over_all_days_and_a_single_franc_of_number_decides(bnc: Agreement) -> None:
    terms = bnc.interest.minimum
    assert charge.flat_minimum_minor(47_733 * 91 - 1, 91, 10, terms) == 600
    assert charge.flat_minimum_minor(1, 91, 0, terms) == 600


@asserts("BNC-7.4-1")
@pytest.mark.parametrize(("interest", "minimum"), [(599, 600), (600, 0), (601, 0)])
def test_the_minimum_takes_the_place_of_less_interest_only(
    bnc: Agreement, interest: int, minimum: int
) -> None:
    assert charge.flat_minimum_minor(1_000_000, 91, interest, bnc.interest.minimum) == minimum


@asserts("BNC-7.4-3")
@pytest.mark.parametrize(
    ("services", "exempt"),
    [((), False), (("franchise-agios",), True), (("x", "exoneration-agios"), True), (("x",), False)],
)
def test_a_service_exempts_from_the_minimum(bnc: Agreement, services: tuple[str, ...], exempt: bool) -> None:
    assert charge.is_exempt(services, bnc.interest.minimum) is exempt


@asserts("BNC-7.4-2")
def test_the_minimum_is_charged_but_is_no_part_of_the_effective_rate(bnc: Agreement) -> None:
    found = charge.charge_of(quarter(span(10_000 * 20, "15")), bnc.interest)
    assert (found.interest_minor, found.minimum_minor, found.debit_minor) == (82, 600, 600)
    assert found.apr_charges_minor == 82
    assert charge.apr_charges_minor(82, 600, bnc.interest.minimum) == 82


@asserts("BNC-7.3-7", "BRED-8.1.2-2")
@pytest.mark.parametrize(
    ("number", "price", "expected"),
    [
        (0, Price(fixed_minor=500), 0),  # no overdraft was used
        (1, Price(fixed_minor=500), 500),
        (91 * 10_000, Price(percent=Decimal("0.5")), 50),
        (91 * 10_000 - 1, Price(percent=Decimal("0.5")), 49),  # an average just below, rounded down
        (91, Price(percent=Decimal("0.5")), 0),
        (91, Price(percent=Decimal("0.5"), least_minor=1), 1),
    ],
)
def test_a_commission_is_due_for_a_quarter_in_debit(number: int, price: Price, expected: int) -> None:
    assert charge.commission_minor(number, 91, price) == expected


def test_an_agreement_without_minimum_charges_what_the_numbers_give(bred: Agreement) -> None:
    found = charge.charge_of(quarter(span(10_000 * 20, "15")), bred.interest)
    assert (found.debit_minor, found.minimum_minor, found.apr_charges_minor) == (82, 0, 82)


@asserts("BNC-7.4-3")
def test_whoever_has_the_allowance_pays_the_interest_alone(bnc: Agreement) -> None:
    terms = bnc.interest
    minimum = terms.minimum
    with_service: Parameter[tuple[str, ...]] = Parameter(("franchise-agios",))
    changed = type(minimum)(
        minimum.amount_minor, minimum.below_average_minor, minimum.counts_in_apr, minimum.exempting_services,
        with_service,
    )  # fmt: skip
    exempt = type(terms)(
        terms.closing, terms.rates, changed, terms.index, terms.apr, terms.capitalised_after_months
    )
    found = charge.charge_of(quarter(span(10_000 * 20, "15")), exempt)
    assert (found.debit_minor, found.minimum_minor) == (82, 0)
    assert msgspec.structs.asdict(found)["apr_charges_minor"] == 82
