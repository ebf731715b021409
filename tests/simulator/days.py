"""Days of the model: closing days from their own rules, local time, business days. Knows nothing of Teneur.

Calendars by name:
    target           Monday to Friday, less the closing days of TARGET
    noumea           Monday to Friday, less the public holidays of New Caledonia
    paris-counter    days of target on which the counter in Paris opens (not on French public holidays)
    noumea-counter   days of noumea on which the counter in Nouméa opens: all of them
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
NOUMEA = ZoneInfo("Pacific/Noumea")
ONE_DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)

# Fixed feasts as (month, day); movable ones as days after Easter Sunday.
_TARGET = ({(1, 1), (5, 1), (12, 25), (12, 26)}, {-2, 1})
_FRANCE = (
    {(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)},
    {1, 39, 50},
)
_CALEDONIA = (_FRANCE[0] | {(9, 24)}, _FRANCE[1])


@lru_cache(maxsize=100)
def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    f = (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def _feast(feasts: tuple[set[tuple[int, int]], set[int]], day: date) -> bool:
    fixed, movable = feasts
    return (day.month, day.day) in fixed or (day - easter(day.year)).days in movable


def _target(day: date) -> bool:
    return day.weekday() < 5 and not _feast(_TARGET, day)


def _noumea(day: date) -> bool:
    return day.weekday() < 5 and not _feast(_CALEDONIA, day)


_OPEN: dict[str, Callable[[date], bool]] = {
    "target": _target,
    "noumea": _noumea,
    "paris-counter": lambda day: _target(day) and not _feast(_FRANCE, day),
    "noumea-counter": _noumea,
}
_COUNTER_SHUT: dict[str, Callable[[date], bool]] = {
    "paris-counter": lambda day: day.weekday() > 4 or _feast(_FRANCE, day),
    "noumea-counter": lambda day: day.weekday() > 4 or _feast(_CALEDONIA, day),
}


@lru_cache(maxsize=100_000)
def is_open(calendar: str, day: date) -> bool:
    """Whether that is a business day."""
    return _OPEN[calendar](day)


@lru_cache(maxsize=100_000)
def next_open(calendar: str, day: date) -> date:
    """The day itself, or the next business day."""
    while not is_open(calendar, day):
        day += ONE_DAY
    return day


@lru_cache(maxsize=100_000)
def add_open(calendar: str, day: date, count: int) -> date:
    """The count-th business day after the day (before it, if negative)."""
    step = ONE_DAY if count > 0 else -ONE_DAY
    for _ in range(abs(count)):
        day += step
        while not is_open(calendar, day):
            day += step
    return day


def counter_opens(counter: str, day: date) -> bool:
    """Whether the counter itself opens, whatever the settlement systems do."""
    return not _COUNTER_SHUT[counter](day)


def local_day(at: datetime, zone: ZoneInfo) -> date:
    """The local date of an instant."""
    return at.astimezone(zone).date()


@lru_cache(maxsize=100_000)
def clock(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The instant of a local time."""
    return datetime.combine(day, at, zone).astimezone(UTC)


@lru_cache(maxsize=100_000)
def day_ends(day: date, zone: ZoneInfo) -> datetime:
    """The last instant of a local day."""
    return clock(day + ONE_DAY, time(0), zone) - TICK


def day_begins(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a local day."""
    return clock(day, time(0), zone)


def plus_months(day: date, count: int, *, to_month_end: bool = False) -> date:
    """The same day of a later month, or its last day where it is shorter (or where that is agreed)."""
    index = day.year * 12 + day.month - 1 + count
    first = date(index // 12, index % 12 + 1, 1)
    following = date((index + 1) // 12, (index + 1) % 12 + 1, 1)
    last = (following - ONE_DAY).day
    return first.replace(day=last if to_month_end else min(day.day, last))
