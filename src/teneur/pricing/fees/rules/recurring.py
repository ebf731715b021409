"""Fees for a period: which period a day lies in, and what of one is owed when the account ends in it."""

from datetime import date, timedelta

import msgspec

from teneur.kernel.rules import rule

ONE_DAY = timedelta(days=1)


class Span(msgspec.Struct, frozen=True, order=True):
    """Days, both included."""

    first_day: date
    last_day: date

    @property
    def days(self) -> int:
        """How many."""
        return (self.last_day - self.first_day).days + 1

    def __str__(self) -> str:
        return f"{self.first_day.isoformat()}/{self.last_day.isoformat()}"


def span_of(text: str) -> Span | None:
    """The period that `str(span)` wrote; None for another text."""
    first, slash, last = text.partition("/")
    try:
        return Span(date.fromisoformat(first), date.fromisoformat(last)) if slash else None
    except ValueError:
        return None


def period_holding(day: date, months: int) -> Span:
    """The calendar period of so many months (a divisor of 12) that a day lies in."""
    start = date(day.year, (day.month - 1) // months * months + 1, 1)
    following = start.month - 1 + months
    end = date(start.year + following // 12, following % 12 + 1, 1) - ONE_DAY
    return Span(start, end)


def charged_on(period: Span, opened_on: date, *, in_advance: bool) -> date:
    """The day on which a period is charged: its first day on the account, or the day after its last."""
    return max(period.first_day, opened_on) if in_advance else period.last_day + ONE_DAY


def charged_now(day: date, opened_on: date, months: int, *, in_advance: bool) -> list[Span]:
    """The periods charged when a day begins: one that starts or has ended, and that of a new account.

    An account opened during the day before is charged for what is left of that day's period.
    """
    ended, begins = period_holding(day - ONE_DAY, months), period_holding(day, months)
    if not in_advance:
        return [ended] if ended.last_day == day - ONE_DAY and opened_on <= ended.last_day else []
    found = [ended] if opened_on == day - ONE_DAY else []
    return found + ([begins] if begins.first_day == day and opened_on < day else [])


@rule("BRED-11.3.4-1", "BNC-12.3-7", law="CMF L312-1-1")
def pro_rata_minor(amount_minor: int, period: Span, used: Span) -> int:
    """What is owed of a period's fee for the days used of it, rounded down to the customer's benefit."""
    first, last = max(period.first_day, used.first_day), min(period.last_day, used.last_day)
    days = max(0, (last - first).days + 1)
    return amount_minor * days // period.days


@rule("BRED-11.3.4-1", "BNC-12.3-7", law="CMF L312-1-1")
def unearned_minor(paid_minor: int, paid_for: Span, ends_on: date) -> int:
    """What comes back of a fee paid ahead when the account ends: all but the days elapsed, its last too."""
    if ends_on >= paid_for.last_day:
        return 0
    return paid_minor - pro_rata_minor(paid_minor, paid_for, Span(paid_for.first_day, ends_on))
