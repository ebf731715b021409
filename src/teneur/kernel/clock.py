"""Where all time comes from. Only `SystemClock` reads the machine's clock; everything else is told the time.

An instant is an aware datetime in UTC with microseconds. A business date is the local date of an instant in
the agreement's zone (Europe/Paris, Pacific/Noumea).
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Instant = datetime  # aware, UTC

MICROSECOND = timedelta(microseconds=1)


class ClockError(ValueError):
    """A time without zone, an unknown zone, or a clock asked to run backwards."""


class Clock(Protocol):
    """Says what time it is."""

    def now(self) -> Instant:
        """The present instant, aware, UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> Instant:
        """The present instant of the machine, UTC."""
        return datetime.now(UTC)


class SimulatedClock:
    """A clock that stands until it is moved: tests and simulations of years in seconds."""

    def __init__(self, at: datetime) -> None:
        self._now = instant(at)

    def now(self) -> Instant:
        """The instant last set."""
        return self._now

    def set(self, at: datetime) -> None:
        """Move to a later (or the same) instant; ClockError if earlier: time never runs backwards."""
        target = instant(at)
        if target < self._now:
            raise ClockError(f"the clock stands at {self._now.isoformat()}: it cannot go back to {at}")
        self._now = target

    def advance(self, by: timedelta) -> Instant:
        """Move forward by an elapsed time and say the new instant."""
        self.set(self._now + by)
        return self._now


class FixedClock:
    """A clock that always says the same instant."""

    def __init__(self, at: datetime) -> None:
        self._now = instant(at)

    def now(self) -> Instant:
        """The instant given at the start."""
        return self._now


def instant(value: datetime | str) -> Instant:
    """The instant of an aware datetime or of ISO 8601 text with an offset; ClockError if it has no offset."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError as error:
        raise ClockError(f"{value!r} is not a time: expected 2026-04-03T12:00:00+02:00") from error
    if moment.utcoffset() is None:
        raise ClockError(f"{value} has no time zone: add one, such as +02:00 or Z")
    return moment.astimezone(UTC)


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """The time zone of an IANA name; ClockError if there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ClockError(f"unknown time zone {name!r}: expected a name such as Europe/Paris") from error


def business_date(at: Instant, where: ZoneInfo) -> date:
    """The local date of an instant."""
    if at.utcoffset() is None:
        raise ClockError(f"{at} has no time zone")
    return at.astimezone(where).date()


def local_instant(day: date, at: time, where: ZoneInfo) -> Instant:
    """The instant of a local clock time; the first, where the change to winter time brings it twice."""
    return datetime.combine(day, at, where).astimezone(UTC)


@lru_cache(maxsize=10_000)
def start_of_day(day: date, where: ZoneInfo) -> Instant:
    """The first instant of a local date (0:00)."""
    return local_instant(day, time.min, where)


@lru_cache(maxsize=10_000)
def end_of_day(day: date, where: ZoneInfo) -> Instant:
    """The last instant of a local date: one microsecond before the next begins."""
    return start_of_day(day + timedelta(days=1), where) - MICROSECOND
