"""What comes late: value dates set right, and interest on interest."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import msgspec

from teneur.agreements.terms.interest import Closing as ClosingTerms
from teneur.kernel.deadlines import add_months
from teneur.kernel.rules import rule
from teneur.pricing.interest.closing import ONE_DAY
from teneur.pricing.interest.rules.numbers import days_of_year, exact, rounded


@rule("BNC-6.2.2.2-9")
def value_date_to_give(credited_value_on: date, due_value_on: date) -> date:
    """The value date of a transfer received late, at the payer bank's request: no later than the one that
    right execution would have given."""
    return min(credited_value_on, due_value_on)


class InterestYear(msgspec.Struct, frozen=True):
    """A stretch after the end of an account: interest in minor units; capitalised: it bears interest from
    then on."""

    first_day: date
    last_day: date
    principal_minor: int
    interest_minor: int
    capitalised: bool


@rule("BNC-12.3-1", "BRED-11.3.1-6", "BRED-11.3.2-8", law="C. civ. 1343-2")
def is_capitalised(first_day: date, last_day: date, after_months: int) -> bool:
    """Only interest due for a whole year bears interest itself."""
    return last_day + ONE_DAY >= add_months(first_day, after_months)


def interest_after_end(
    principal_minor: int,
    ended_on: date,
    until: date,
    percent_on: Callable[[date], Decimal],
    terms: ClosingTerms,
    after_months: int,
) -> tuple[InterestYear, ...]:
    """What a debit left at the end of an account bears from that day, up to and including `until`.

    Simple interest within each year from the anniversary of the end; a year that is whole is added to the
    principal. principal_minor: the debit, positive. percent_on: the yearly rate of a day.
    """
    years = []
    first, count = ended_on, 1
    while first <= until:
        last = min(add_months(ended_on, after_months * count) - ONE_DAY, until)
        total, day = 0, first
        while day <= last:
            total += exact(principal_minor, percent_on(day), days_of_year(day, terms))
            day += ONE_DAY
        interest = rounded(total)
        whole = is_capitalised(first, last, after_months)
        years.append(InterestYear(first, last, principal_minor, interest, whole))
        principal_minor += interest if whole else 0
        first, count = last + ONE_DAY, count + 1
    return tuple(years)
