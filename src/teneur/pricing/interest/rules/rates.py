"""Which rate a debit bears: the agreed one, the tariff's, a reference rate plus points."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from teneur.agreements.terms.interest import DatedRate, Rates
from teneur.kernel.rules import rule


def rate_on(rates: Sequence[DatedRate], day: date) -> Decimal:
    """The rate of a dated list that holds on a day; zero before its first."""
    known = [r for r in rates if r.since <= day]
    return max(known, key=lambda r: r.since).percent if known else Decimal(0)


@rule("BNC-7.3-3")
def counted_index(percent: Decimal, rates: Rates) -> Decimal:
    """What a reference rate counts: a negative one is zero."""
    floor = rates.index_floor_percent.value
    return percent if floor is None else max(percent, floor)


@rule("BNC-7.3-2")
def indexed_percent(counted_percent: Decimal, points: Decimal) -> Decimal:
    """A reference rate plus points; a rate by reference never pays the debtor."""
    return max(counted_percent + points, Decimal(0))


@rule("BNC-7.3-1", "BRED-8.1.2-1")
def authorised_percent(agreed: Decimal | None, rates: Rates, day: date) -> Decimal:
    """The rate of an authorised overdraft: what was agreed, failing which the tariff's overdraft rate."""
    return rate_on(rates.overdraft_percent.value, day) if agreed is None else agreed


@rule("BNC-7.1-4", "BNC-7.3-1", "BRED-8.2-5")
def unauthorised_percent(rates: Rates, day: date) -> Decimal:
    """The rate of what is beyond the authorisation: always the tariff's."""
    return rate_on(rates.unauthorised_percent.value, day)


@rule("BNC-7.2.b-5", "BRED-8.1.1-5")
def keeps_rate_after_ending(rates: Rates) -> bool:
    """Whether sums still due after the authorisation ended go on at the rate of its terms."""
    return rates.after_ending_agreed.value
