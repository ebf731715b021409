"""Standing orders: on which days they fall due."""

from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum
from itertools import count, takewhile

import msgspec

from teneur.kernel.deadlines import add_months
from teneur.kernel.rules import rule
from teneur.payments.transfers.rules.refusal import Reason


class Frequency(StrEnum):
    """How often a standing order falls due."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half-yearly"
    YEARLY = "yearly"


_DAYS = {Frequency.WEEKLY: 7, Frequency.FORTNIGHTLY: 14}
_MONTHS = {Frequency.MONTHLY: 1, Frequency.QUARTERLY: 3, Frequency.HALF_YEARLY: 6, Frequency.YEARLY: 12}


class Schedule(msgspec.Struct, frozen=True):
    """When a standing order falls due.

    Days are agreed days: a closed one is executed on the next business day. first_on: the first agreed day,
    which gives the day of the week or of the month. end_of_month: always the last day of the month, whatever
    day the first is. last_on: no agreed day after it. occurrences: how many in all.
    """

    frequency: Frequency
    first_on: date
    end_of_month: bool = False
    last_on: date | None = None
    occurrences: int | None = None


@rule("BRED-A3-1.2-1", "BNC-6.1.3.2-9")
def occurrence(schedule: Schedule, number: int) -> date:
    """The agreed day of an occurrence, counted from 0, at the set frequency.

    A day that a shorter month does not have is its last day; the next month has its own day again.
    """
    if schedule.frequency in _DAYS:
        return schedule.first_on + timedelta(days=number * _DAYS[schedule.frequency])
    day = add_months(schedule.first_on, number * _MONTHS[schedule.frequency])
    return _month_end(day) if schedule.end_of_month else day


@rule("BRED-A3-1.2-1", "BNC-6.1.3.2-9")
def occurrences(schedule: Schedule, until: date, after: date | None = None) -> tuple[date, ...]:
    """The agreed days up to and including `until`, after `after` if given, within the order's duration."""
    days = takewhile(lambda day: day <= until, _all(schedule))
    return tuple(day for day in days if after is None or day > after)


def next_occurrence(schedule: Schedule, after: date) -> date | None:
    """The first agreed day after a date, or None when the order has run out."""
    return next((day for day in _all(schedule) if day > after), None)


def schedule_refusal(schedule: Schedule, ordered_on: date) -> Reason | None:
    """The duration must leave at least one occurrence, and the first day may not have passed."""
    if schedule.first_on < ordered_on:
        return Reason.DATE_PAST
    if schedule.end_of_month and schedule.frequency in _DAYS:
        return Reason.SCHEDULE_INVALID
    if schedule.occurrences is not None and schedule.occurrences < 1:
        return Reason.SCHEDULE_INVALID
    ends_before = schedule.last_on is not None and schedule.last_on < occurrence(schedule, 0)
    return Reason.SCHEDULE_INVALID if ends_before else None


def _all(schedule: Schedule) -> Iterator[date]:
    numbers = count() if schedule.occurrences is None else range(schedule.occurrences)
    days = (occurrence(schedule, number) for number in numbers)
    last = schedule.last_on
    return days if last is None else takewhile(lambda day: day <= last, days)


def _month_end(day: date) -> date:
    return add_months(day.replace(day=1), 1) - timedelta(days=1)
