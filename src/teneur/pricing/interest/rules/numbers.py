"""The method of numbers: value-dated balances times days, by rate, rounded once.

Interest = Σ number × yearly rate / days of the civil year. Everything is whole numbers over one denominator
until the sum is rounded half up to the minor unit.
"""

import calendar
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from teneur.agreements.terms.interest import Closing as ClosingTerms
from teneur.agreements.terms.interest import YearBasis
from teneur.kernel.deadlines import add_months
from teneur.kernel.rules import rule
from teneur.pricing.interest.closing import ONE_DAY, Period, RateSpan, Span, Step

MICRO: Final = 10**6
RATE_DECIMALS: Final = 6
_YEARS: Final = 365 * 366
DENOMINATOR: Final = 100 * MICRO * _YEARS  # of number × micro-percent × (365 × 366 / days of the year)


@rule("BRED-5.2-1", "BNC-7.3-6")
def closing_period(day: date, terms: ClosingTerms) -> Period:
    """The period that a day falls in, from closing to closing: its civil quarter."""
    months = terms.period_months.value
    first = date(day.year, day.month - (day.month - 1) % months, 1)
    return Period(first, add_months(first, months) - ONE_DAY)


def days_of_year(day: date, terms: ClosingTerms) -> int:
    """How many days the year of a day counts: 365, or 366 in a leap year."""
    leap = terms.year.value is YearBasis.CIVIL_YEAR and calendar.isleap(day.year)
    return 366 if leap else 365


def micro_percent(percent: Decimal) -> int:
    """A rate in millionths of a percent. Raises ValueError for a rate with more decimals."""
    scaled = percent.scaleb(RATE_DECIMALS)
    whole = int(scaled)
    if whole != scaled:
        raise ValueError(f"the rate {percent} % has more than {RATE_DECIMALS} decimals")
    return whole


@rule("BNC-5-1")
def value_ladder(
    opening_minor: int, movements: Iterable[tuple[date, int]], period: Period
) -> tuple[Step, ...]:
    """The value-dated balance over a period, step by step; booking dates count for nothing.

    opening_minor: at the end of the eve. movements: (value date, amount), in any order; those outside the
    period are left out.
    """
    by_day: dict[date, int] = {period.first_day: 0}
    for value_on, amount in movements:
        if period.first_day <= value_on <= period.last_day:
            by_day[value_on] = by_day.get(value_on, 0) + amount
    days = sorted(by_day)
    steps = []
    balance = opening_minor
    for day, following in zip(days, [*days[1:], period.last_day + ONE_DAY], strict=True):
        balance += by_day[day]
        steps.append(Step(day, (following - day).days, balance))
    return tuple(steps)


@rule("BNC-7.1-4", "BRED-8.2-5")
def split_debit(balance_minor: int, limit_minor: int) -> tuple[int, int]:
    """The authorised part of a debit balance and what is beyond: all of it, if nothing is authorised."""
    debit = max(0, -balance_minor)
    authorised = min(debit, limit_minor)
    return authorised, debit - authorised


@rule("BNC-7.2.b-5", "BRED-8.1.1-5")
def still_due(due_minor: int, balance_minor: int) -> int:
    """What is still due, that day, of the sums due when the authorisation ended: it only ever shrinks."""
    return min(due_minor, max(0, -balance_minor))


def numbers_of(
    steps: Sequence[Step], rates: Sequence[RateSpan], opening_minor: int, run_off_minor: int | None = None
) -> tuple[tuple[Span, ...], int]:
    """The numbers of each span of rates, and what is still due at the end of an ended authorisation.

    steps and rates cover the same days. run_off_minor: what was still due on the eve of an authorisation that
    had ended before; None: it held on the eve, if there was one.
    """
    spans = []
    due, eve = run_off_minor or 0, opening_minor
    continues = run_off_minor is not None
    for rate in rates:
        if rate.run_off and not continues:
            due = split_debit(eve, rate.limit_minor)[0]
        cut, eve = _cut(steps, rate, eve)
        authorised = excess = credit = debit_days = 0
        for balance, days in cut:
            if rate.run_off:
                due = still_due(due, balance)
                part, rest = due, max(0, -balance) - due
            else:
                part, rest = split_debit(balance, rate.limit_minor)
            authorised += part * days
            excess += rest * days
            credit += max(0, balance) * days
            debit_days += days if balance < 0 else 0
        continues = rate.run_off
        spans.append(span_of(rate, authorised, excess, credit, debit_days))
    return tuple(spans), due if rates and rates[-1].run_off else 0


def _cut(steps: Sequence[Step], rate: RateSpan, eve: int) -> tuple[list[tuple[int, int]], int]:
    """The balances within a span, each with its days there, and the balance at its end."""
    found = []
    for step in steps:
        first = max(step.first_day, rate.first_day)
        last = min(step.first_day.toordinal() + step.days - 1, rate.last_day.toordinal())
        days = last - first.toordinal() + 1
        if days > 0:
            found.append((step.balance_minor, days))
            eve = step.balance_minor
    return found, eve


def span_of(rate: RateSpan, authorised: int, excess: int, credit: int, debit_days: int) -> Span:
    """A span with what its numbers give at its rates."""
    year = rate.year_days
    return Span(
        rate.first_day,
        (rate.last_day - rate.first_day).days + 1,
        rate.limit_minor,
        rate.percent,
        rate.excess_percent,
        rate.credit_percent,
        year,
        authorised,
        excess,
        credit,
        debit_days,
        _micro(authorised, rate.percent, year),
        _micro(excess, rate.excess_percent, year),
        _micro(credit, rate.credit_percent, year),
        rate.index,
        rate.index_percent,
        rate.run_off,
    )


def _micro(number: int, percent: Decimal, year_days: int) -> int:
    """Interest of a number, in millionths of a minor unit, rounded half up; for readers."""
    if not number:
        return 0
    whole = 100 * year_days
    return (2 * number * micro_percent(percent) + whole) // (2 * whole)


def exact(number: int, percent: Decimal, year_days: int) -> int:
    """Interest of a number, exactly: over DENOMINATOR."""
    return number * micro_percent(percent) * (_YEARS // year_days) if number else 0


def rounded(numerator: int) -> int:
    """Minor units from a sum over DENOMINATOR, half up. The sum is not negative."""
    return (2 * numerator + DENOMINATOR) // (2 * DENOMINATOR)


@rule("BNC-7.3-6", "BRED-5.2-1")
def debit_interest_minor(spans: Iterable[Span]) -> int:
    """Debit interest of a period: each part at its rate, on the sums really used, rounded once."""
    total = 0
    for s in spans:
        if s.authorised_number:
            total += exact(s.authorised_number, s.percent, s.year_days)
        if s.excess_number:
            total += exact(s.excess_number, s.excess_percent, s.year_days)
    return rounded(total)


@rule("BRED-5.2-1")
def credit_interest_minor(spans: Iterable[Span]) -> int:
    """Credit interest of a period, where a rate is agreed; rounded once."""
    return rounded(
        sum(exact(s.credit_number, s.credit_percent, s.year_days) for s in spans if s.credit_percent)
    )
