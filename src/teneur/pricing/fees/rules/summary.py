"""The yearly summary: what it covers, and by when it is with the customer."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from teneur.agreements.terms.tariff import YearlySummary
from teneur.kernel.clock import end_of_day
from teneur.kernel.rules import rule
from teneur.pricing.fees.rules.recurring import Span

JANUARY = 1


@rule("BRED-5.4-1", "BNC-3.2-1", law="CMF L314-7 III")
def year_summed_up(year: int) -> Span:
    """The summary covers the sums taken in the past calendar year, overdraft interest included."""
    return Span(date(year, 1, 1), date(year, 12, 31))


@rule("BRED-5.4-1", "BNC-3.2-1", law="CMF L314-7 III")
def delivery_due(year: int, terms: YearlySummary, zone: ZoneInfo) -> datetime:
    """The customer receives it in January of the next year."""
    return end_of_day(date(year + 1, terms.month.value, terms.day.value), zone)


def year_to_sum_up(day: date) -> int | None:
    """The year whose summaries are made on a day: in January, from the day after the year's last closings."""
    return day.year - 1 if day.month == JANUARY and day.day > 1 else None
