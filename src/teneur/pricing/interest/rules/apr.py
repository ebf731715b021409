"""Effective rates: before use by the equivalence equation, after use by the method of numbers.

Consumer code, annex to article R314-3: Σ draws × (1 + X)^-t = Σ repayments and costs × (1 + X)^-s, times in
years of 365 days (366 in a leap year). R314-7: the rate of one day is the charges over Σ (balance × days);
the yearly rate is (1 + day rate)^365 − 1.
"""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import Final

import msgspec

from teneur.agreements.terms.interest import Closing as ClosingTerms
from teneur.agreements.terms.interest import EffectiveRate
from teneur.kernel.deadlines import add_months
from teneur.kernel.rules import rule
from teneur.pricing.interest.closing import ONE_DAY, Period
from teneur.pricing.interest.rules.numbers import closing_period, days_of_year

PRECISION: Final = 40
TOLERANCE: Final = Decimal("1e-12")
_HIGHEST: Final = Decimal(10**6)  # a yearly rate of 100,000,000 %: beyond it no rate is looked for


class Flow(msgspec.Struct, frozen=True):
    """An amount and when, in years after the first draw. Positive: drawn; negative: repaid or paid."""

    amount: Decimal
    years: Fraction


class NoRateError(ValueError):
    """Flows that no yearly rate from −99 % up makes equal."""


def effective_rate(flows: Sequence[Flow]) -> Decimal:
    """The yearly rate X (0.13 for 13 %) that makes draws and payments equal, to 1e-12, by bisection.

    Raises NoRateError where there is none.
    """
    with localcontext() as context:
        context.prec = PRECISION
        times = [Decimal(f.years.numerator) / Decimal(f.years.denominator) for f in flows]

        def present(rate: Decimal) -> Decimal:
            ratio = (1 + rate).ln()
            return sum((f.amount * (-t * ratio).exp() for f, t in zip(flows, times, strict=True)), Decimal(0))

        low, high = Decimal("-0.99"), Decimal(1)
        while present(high) < 0 and high < _HIGHEST:
            high *= 10
        if present(low) > 0 or present(high) < 0:
            raise NoRateError("the payments never make up for the draws")
        while high - low > TOLERANCE:
            middle = (low + high) / 2
            low, high = (middle, high) if present(middle) < 0 else (low, middle)
        return +((low + high) / 2)


def shown(rate: Decimal, terms: EffectiveRate) -> Decimal:
    """A rate in percent as it is shown: so many decimals, the next one of 5 or more rounding up."""
    unit = Decimal(1).scaleb(-terms.decimals.value)
    return (rate * 100).quantize(unit, ROUND_HALF_UP)


@rule("BNC-7.3-8", "BRED-8.1.2-3", law="C. conso R314-3")
def example_flows(
    limit_minor: int, percent: Decimal, period: Period, fees_minor: int, terms: ClosingTerms
) -> tuple[Flow, ...]:
    """Constant full use of a limit over a period: drawn at its start with the fees taken, interest paid at
    each quarterly closing, the limit repaid after the last day."""
    ends = [period.first_day]
    while ends[-1] <= period.last_day:
        ends.append(min(closing_period(ends[-1], terms).last_day, period.last_day) + ONE_DAY)
    flows = [Flow(Decimal(limit_minor - fees_minor), Fraction(0))]
    for start, end in pairwise(ends):
        share = Decimal((end - start).days) / days_of_year(start, terms)
        paid = Decimal(limit_minor) * percent / 100 * share + (limit_minor if end == ends[-1] else 0)
        flows.append(Flow(-paid, years_between(period.first_day, end)))
    return tuple(flows)


def years_between(first: date, until: date) -> Fraction:
    """Time in years: whole ones from date to date, then days over the 365 or 366 of the year begun."""
    whole = 0
    while add_months(first, 12 * (whole + 1)) <= until:
        whole += 1
    start, end = add_months(first, 12 * whole), add_months(first, 12 * (whole + 1))
    return whole + Fraction((until - start).days, (end - start).days)


@rule("BNC-7.3-8", "BRED-8.1.2-3", law="C. conso R314-3")
def indicative_rate(
    limit_minor: int, percent: Decimal, period: Period, fees_minor: int, terms: ClosingTerms
) -> Decimal:
    """The effective rate of an authorisation, as an example, by equivalence. Raises NoRateError."""
    return effective_rate(example_flows(limit_minor, percent, period, fees_minor, terms))


def example_period(starts_on: date, ends_on: date | None, terms: EffectiveRate) -> Period:
    """The days of the example: a year of 365 or 366 days, or the fixed duration."""
    if ends_on is not None or not terms.example_full_use.value:
        return Period(starts_on, ends_on or starts_on)
    return Period(starts_on, add_months(starts_on, 12) - ONE_DAY)


@rule("BNC-7.3-9", "BRED-8.1.2-4", law="C. conso R314-7")
def real_rate(charges_minor: int, debit_number: int) -> Decimal | None:
    """The rate really applied, by the numbers: (1 + charges / Σ balance × days)^365 − 1; None without
    debit."""
    if debit_number <= 0:
        return None
    with localcontext() as context:
        context.prec = PRECISION
        day_rate = Decimal(charges_minor) / Decimal(debit_number)
        return +((1 + day_rate) ** 365 - 1)


@cache
def _daily(percent: Decimal) -> Fraction:
    """The rate of one day that gives a yearly rate in percent."""
    with localcontext() as context:
        context.prec = PRECISION
        return Fraction((((1 + percent / 100).ln()) / 365).exp() - 1)


def beats(charges_minor: int, debit_number: int, percent: Decimal) -> bool:
    """Whether the real rate is above a yearly rate in percent: as `real_rate`, but told by the rate of a
    day."""
    day_rate = _daily(percent)
    return charges_minor * day_rate.denominator > day_rate.numerator * debit_number


def effective_percent(percent: Decimal) -> Decimal:
    """The effective rate, in percent, of a yearly rate whose interest is paid in four equal quarters, without
    fees: what a rate is compared by before it is used."""
    return ((1 + percent / 400) ** 4 - 1) * 100
