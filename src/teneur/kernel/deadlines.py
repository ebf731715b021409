"""Deadlines and reception days: the one place where a delay becomes an instant.

Every deadline is kept as its last instant, in UTC: what is done at `due_at` is in time, one microsecond
later is late. A delay in days, weeks, months or years ends with its last day, at 23:59:59.999999 local
time; a delay in hours, minutes or seconds is elapsed time, to the microsecond, whatever a change to summer
time does to the clock.
"""

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

import msgspec

from teneur.kernel.calendars import Branch, Calendar
from teneur.kernel.clock import (
    MICROSECOND,
    ClockError,
    Instant,
    business_date,
    end_of_day,
    instant,
    local_instant,
    start_of_day,
)
from teneur.kernel.rules import rule


class DeadlineError(ValueError):
    """A delay that cannot be counted as asked: a broken program."""


class Unit(StrEnum):
    """What a delay is counted in. A business day is one of the calendar given with it."""

    BUSINESS_DAY = "business-day"
    CALENDAR_DAY = "calendar-day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    HOUR = "hour"
    MINUTE = "minute"
    SECOND = "second"


class Deadline(msgspec.Struct, frozen=True, order=True):
    """due_at: the last instant in time, UTC. due_on: its local date."""

    due_at: Instant
    due_on: date

    def met_by(self, at: Instant) -> bool:
        """Whether something done at that instant is in time."""
        return at <= self.due_at


_ELAPSED = {
    Unit.HOUR: timedelta(hours=1),
    Unit.MINUTE: timedelta(minutes=1),
    Unit.SECOND: timedelta(seconds=1),
}


def deadline(
    start: date | datetime,
    count: int,
    unit: Unit,
    calendar: Calendar | None = None,
    *,
    zone: ZoneInfo,
    inclusive: bool = False,
    roll: bool = False,
) -> Deadline:
    """The deadline `count` units after `start` (before it, if negative), in the agreement's zone.

    start: an aware instant, or a local date for units of a day or more. The day of the start does not
    count, unless `inclusive`: then it is day one. Zero business days from a closed day is the next business
    day. Months and years keep the day number, or take the last day of a shorter month (31 January + 1 month
    = 28 or 29 February). roll: a last day that is no business day of the calendar moves to the next one.
    calendar: needed for business days and for roll. Raises DeadlineError for what cannot be counted,
    CalendarError beyond frozen years.
    """
    if inclusive and (count < 1 or unit in _ELAPSED):
        raise DeadlineError("only a delay of one day or more can count its first day")
    if unit in _ELAPSED:
        if not isinstance(start, datetime):
            raise DeadlineError(f"a delay in {unit}s runs from an instant, not from the date {start}")
        due_at = instant(start) + count * _ELAPSED[unit]
        return Deadline(due_at, business_date(due_at, zone))
    first = business_date(start, zone) if isinstance(start, datetime) else start
    due_on = _last_day(first, count, unit, calendar, inclusive)
    if roll:
        due_on = _needed(calendar).next_on_or_after(due_on)
    return Deadline(end_of_day(due_on, zone), due_on)


def _last_day(first: date, count: int, unit: Unit, calendar: Calendar | None, inclusive: bool) -> date:
    if unit is Unit.BUSINESS_DAY:
        business = _needed(calendar)
        if inclusive:
            return business.add_business_days(business.next_on_or_after(first), count - 1)
        return business.add_business_days(first, count)
    back = timedelta(days=1 if inclusive else 0)
    if unit is Unit.MONTH or unit is Unit.YEAR:
        return add_months(first, count * (12 if unit is Unit.YEAR else 1)) - back
    return first + count * timedelta(days=7 if unit is Unit.WEEK else 1) - back


def _needed(calendar: Calendar | None) -> Calendar:
    if calendar is None:
        raise DeadlineError("a delay in business days needs the calendar that says which days those are")
    return calendar


def add_months(day: date, count: int) -> date:
    """The same day number `count` months later, or the last day of that month if it is shorter."""
    months = day.year * 12 + day.month - 1 + count
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


class Boundary(StrEnum):
    """What arriving at the very instant of a cut-off is worth.

    INCLUSIVE ("until 12:00"): 12:00:00.000000 is in time, the next microsecond is late.
    STRICT ("before 11:00"): 11:00:00.000000 is late.
    """

    INCLUSIVE = "inclusive"
    STRICT = "strict"


Cutoff = time | Branch | None  # a local time; a branch: when it closes that day; None: the end of the day


def last_on_time(day: date, cutoff: Cutoff, boundary: Boundary, zone: ZoneInfo) -> Instant:
    """The last instant of a local date that is before or at the cut-off."""
    at = cutoff.closes_at(day) if isinstance(cutoff, Branch) else cutoff
    if at is None:
        return end_of_day(day, zone)
    closing = local_instant(day, at, zone)
    return closing if boundary is Boundary.INCLUSIVE else closing - MICROSECOND


@rule("BRED-PREL-1")
def deemed_reception_day(
    arrived_on: date, late: bool, calendar: Calendar, late_shift_business_days: int
) -> date:
    """Arrived after the cut-off, or on a closed day: deemed received the next business day."""
    if not calendar.is_business_day(arrived_on):
        return calendar.next_on_or_after(arrived_on)
    return calendar.add_business_days(arrived_on, late_shift_business_days) if late else arrived_on


class ReceptionWindow(msgspec.Struct, frozen=True):
    """Orders arriving from `start` until just before `end` are deemed received on `day`."""

    start: Instant
    end: Instant
    day: date


class ReceptionPlan:
    """The reception days of one kind of order on one channel, for many orders.

    `day(received_at)` compares instants only, as long as the orders arrive in one stretch between a cut-off
    and midnight; the plan works out each stretch once. Safe to share between threads: its caches only ever
    hold right answers.
    """

    __slots__ = ("_boundary", "_calendar", "_current", "_cutoff", "_shift", "_windows", "_zone")

    def __init__(
        self,
        cutoff: Cutoff,
        boundary: Boundary,
        calendar: Calendar,
        *,
        zone: ZoneInfo,
        late_shift_business_days: int = 1,
    ) -> None:
        self._cutoff = cutoff
        self._boundary = boundary
        self._calendar = calendar
        self._zone = zone
        self._shift = late_shift_business_days
        self._windows: dict[date, tuple[ReceptionWindow, ...]] = {}
        never = datetime.min.replace(tzinfo=zone)
        self._current = ReceptionWindow(never, never, date.min)

    def day(self, received_at: Instant) -> date:
        """The deemed reception day of an order that arrives at that instant."""
        current = self._current
        if current.start <= received_at < current.end:
            return current.day
        self._current = current = self.window(received_at)
        return current.day

    def window(self, received_at: Instant) -> ReceptionWindow:
        """The stretch of time around an instant in which every order has the same reception day."""
        local = business_date(received_at, self._zone)
        windows = self._windows.get(local)
        if windows is None:
            windows = self._windows[local] = self._windows_of(local)
        return next(w for w in windows if w.start <= received_at < w.end)

    def _windows_of(self, local: date) -> tuple[ReceptionWindow, ...]:
        start, end = start_of_day(local, self._zone), start_of_day(local + timedelta(days=1), self._zone)
        late_from = last_on_time(local, self._cutoff, self._boundary, self._zone) + MICROSECOND
        return tuple(
            ReceptionWindow(*span, deemed_reception_day(local, late, self._calendar, self._shift))
            for late, span in ((False, (start, late_from)), (True, (late_from, end)))
            if span[0] < span[1]
        )


def reception_day(
    received_at: Instant,
    cutoff: Cutoff,
    boundary: Boundary,
    calendar: Calendar,
    *,
    zone: ZoneInfo,
    late_shift_business_days: int = 1,
) -> date:
    """The deemed reception day of one order. For many orders of one kind keep a ReceptionPlan instead."""
    if received_at.utcoffset() is None:
        raise ClockError(f"the reception instant {received_at} has no time zone")
    plan = ReceptionPlan(
        cutoff, boundary, calendar, zone=zone, late_shift_business_days=late_shift_business_days
    )
    return plan.day(received_at)
