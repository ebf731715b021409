"""The three calendars, never mixed: payment days, working days and each branch's opening days.

    payment days   jour ouvrable: Monday to Friday less the days the settlement systems are closed
    working days   jour ouvré: Monday to Friday, TARGET open, and the banks open
    branch days    the days a branch opens, less the days the settlement systems are closed

Closing days come from data files frozen per year (`data/calendars/*.csv`: FR and NC are public holidays,
TARGET the closing days of the euro's settlement system besides weekends). A day outside the frozen years is
an error, never a guess. Weekdays are ISO numbers: 1 is Monday.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping
from datetime import date, time, timedelta
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Final

import msgspec

from teneur.kernel.rules import rule

FIRST_YEAR: Final = 2015
LAST_YEAR: Final = 2050
FIRST_DAY: Final = date(FIRST_YEAR, 1, 1)
LAST_DAY: Final = date(LAST_YEAR, 12, 31)
WEEKDAYS: Final = (1, 2, 3, 4, 5)


class CalendarError(ValueError):
    """A calendar that does not exist, or a day outside the years it is frozen for."""


@cache
def closing_names(calendar: str) -> Mapping[date, str]:
    """The closing days of a frozen calendar ("FR", "NC" or "TARGET") with their names."""
    source = files("teneur.kernel").joinpath("data", "calendars", f"{calendar}.csv")
    if calendar not in {"FR", "NC", "TARGET"}:
        raise CalendarError(f"unknown calendar {calendar!r}: expected FR, NC or TARGET")
    lines = (line.split(",", 1) for line in source.read_text(encoding="utf-8").splitlines())
    return {date.fromisoformat(day): name for day, name in lines}


def closing_days(*calendars: str) -> frozenset[date]:
    """The days on which any of these frozen calendars is closed (weekends apart)."""
    return frozenset(day for name in calendars for day in closing_names(name))


class Hours(msgspec.Struct, frozen=True):
    """One stretch of opening, local time; `until` is the closing time."""

    opens: time
    until: time


class Branch(msgspec.Struct, frozen=True):
    """Opening hours: seven days from Monday, each a tuple of stretches (none: closed); dates it is shut."""

    week: tuple[tuple[Hours, ...], ...]
    closed_on: frozenset[date] = frozenset()

    def opens_on(self, day: date) -> bool:
        """Whether the branch itself opens on that date."""
        return bool(self.week[day.weekday()]) and day not in self.closed_on

    def closes_at(self, day: date) -> time | None:
        """When it closes for the day, or None if it does not open."""
        return self.week[day.weekday()][-1].until if self.opens_on(day) else None


def parse_week(days: Iterable[str]) -> tuple[tuple[Hours, ...], ...]:
    """A week from seven texts, Monday first: "09:00-12:30 14:00-17:30", or "closed"."""
    week = tuple(tuple(map(_parse_hours, [] if text == "closed" else text.split())) for text in days)
    if len(week) != 7:
        raise CalendarError(f"opening hours need seven days from Monday, not {len(week)}")
    for stretches in week:
        if any(later.opens <= earlier.until for earlier, later in pairwise(stretches)):
            raise CalendarError(f"the opening hours of a day overlap or are out of order: {stretches}")
    return week


def _parse_hours(text: str) -> Hours:
    try:
        opens, until = (time.fromisoformat(part) for part in text.split("-"))
    except ValueError as error:
        raise CalendarError(f"{text!r} are not opening hours: expected 09:00-12:30") from error
    if opens >= until:
        raise CalendarError(f"{text!r}: a branch closes after it opens")
    return Hours(opens, until)


@rule("BRED-PREL-2", "BNC-DEF-5")
def is_payment_day(
    day: date, weekdays: tuple[int, ...], branch: Branch | None, settlement_closed: frozenset[date]
) -> bool:
    """A weekday, or at a branch one of its opening days, on which the settlement systems are open."""
    works = day.isoweekday() in weekdays if branch is None else branch.opens_on(day)
    return works and day not in settlement_closed


@rule("BRED-PREL-3", "BNC-DEF-6")
def is_working_day(day: date, target_closed: frozenset[date], banks_closed: frozenset[date]) -> bool:
    """A full day other than Saturday and Sunday on which banks are open and which is also a TARGET day."""
    return day.isoweekday() in WEEKDAYS and day not in target_closed and day not in banks_closed


class Calendar:
    """The business days of one kind within the frozen years. Immutable; answers come from a table."""

    __slots__ = ("_days", "name")

    def __init__(self, name: str, is_open: Callable[[date], bool]) -> None:
        self.name = name
        span = range(FIRST_DAY.toordinal(), LAST_DAY.toordinal() + 1)
        self._days: tuple[date, ...] = tuple(day for day in map(date.fromordinal, span) if is_open(day))

    def __repr__(self) -> str:
        return f"Calendar({self.name})"

    def is_business_day(self, day: date) -> bool:
        """Whether that date is a business day of this calendar."""
        index = bisect_left(self._days, self._known(day))
        return index < len(self._days) and self._days[index] == day

    def next_on_or_after(self, day: date) -> date:
        """The date itself if it is a business day, else the next one."""
        return self._at(bisect_left(self._days, self._known(day)), day)

    def previous_before(self, day: date) -> date:
        """The last business day before the date."""
        return self._at(bisect_left(self._days, self._known(day)) - 1, day)

    def add_business_days(self, day: date, count: int) -> date:
        """The count-th business day after the date; before it if negative; zero: itself or the next one.

        The date itself never counts, so from a Saturday the first business day after is the Monday.
        """
        if count > 0:
            return self._at(bisect_right(self._days, self._known(day)) + count - 1, day)
        return self._at(bisect_left(self._days, self._known(day)) + count, day)

    def business_days_between(self, after: date, until: date) -> int:
        """How many business days lie after the first date, up to and including the second."""
        return bisect_right(self._days, self._known(until)) - bisect_right(self._days, self._known(after))

    def _known(self, day: date) -> date:
        if not FIRST_DAY <= day <= LAST_DAY:
            raise CalendarError(self._out_of_range(day))
        return day

    def _at(self, index: int, asked: date) -> date:
        if not 0 <= index < len(self._days):
            raise CalendarError(self._out_of_range(asked))
        return self._days[index]

    def _out_of_range(self, day: date) -> str:
        return (
            f"the calendar {self.name} is frozen for {FIRST_YEAR} to {LAST_YEAR}: it cannot answer from "
            f"{day.isoformat()}; freeze more years first"
        )


class Calendars:
    """The calendars of one agreement.

    payment     payment days (jour ouvrable) of the bank's own currency
    working     working days (jour ouvré): TARGET, and the banks open
    `payment_in(code)` gives the payment days of an operation in another currency, `branch_days(code)` those
    of a branch.
    """

    def __init__(
        self,
        *,
        weekdays: tuple[int, ...],
        settlement: Mapping[str, tuple[str, ...]],
        own_currency: str,
        banks_closed: tuple[str, ...],
        branches: Mapping[str, Branch],
        branch_override: bool = True,
    ) -> None:
        """settlement: currency code or "other" -> names of frozen calendars; branches must hold "default"."""
        self._payment = {
            code: _payment_calendar(f"payment days {code}", weekdays, None, closing_days(*names))
            for code, names in settlement.items()
        }
        self.payment = self._payment[own_currency]
        self.working = working_calendar(banks_closed)
        self._branches = dict(branches)
        own_closed = closing_days(*settlement[own_currency])
        self._branch_days = {
            code: _payment_calendar(f"branch {code}", weekdays, branch, own_closed)
            if branch_override
            else self.payment
            for code, branch in branches.items()
        }

    def payment_in(self, currency_code: str) -> Calendar:
        """The payment days of an operation in that currency: those on which its settlement system is open."""
        return self._payment.get(currency_code) or self._payment["other"]

    def branch(self, code: str = "default") -> Branch:
        """The opening hours of a branch; a branch without its own has the default ones."""
        return self._branches.get(code) or self._branches["default"]

    def branch_days(self, code: str = "default") -> Calendar:
        """The payment days of operations made at a branch."""
        return self._branch_days.get(code) or self._branch_days["default"]


@cache
def _payment_calendar(
    name: str, weekdays: tuple[int, ...], branch: Branch | None, closed: frozenset[date]
) -> Calendar:
    return Calendar(name, lambda day: is_payment_day(day, weekdays, branch, closed))


@cache
def working_calendar(banks_closed: tuple[str, ...]) -> Calendar:
    """The working days where banks close on the public holidays of these frozen calendars."""
    closed = closing_days(*banks_closed)
    target = closing_days("TARGET")
    return Calendar(
        f"working days {'+'.join(('TARGET', *banks_closed))}", lambda day: is_working_day(day, target, closed)
    )


@cache
def target_calendar() -> Calendar:
    """The days on which TARGET settles: what a euro settlement date must be, whatever an agreement says."""
    closed = closing_days("TARGET")
    return Calendar("TARGET", lambda day: day.isoweekday() in WEEKDAYS and day not in closed)


def days_from(first: date, last: date) -> Iterable[date]:
    """Every date from the first to the last, both included."""
    return (first + timedelta(days=n) for n in range((last - first).days + 1))
