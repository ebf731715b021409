"""The balance over the period as a line that can be drawn: places on a page in ten-thousandths, and words.

The balance is that at the end of each day, as on the statement; what is booked before the period counts from
its first day on. Zero is always on the scale, so that heights can be compared.
"""

from datetime import date, timedelta

import msgspec

from teneur.documents.wording import amount, day_and_month, long_date, round_figure
from teneur.kernel.money import Language, currency
from teneur.pricing.statements.statement import Statement
from teneur.pricing.statements.texts import words

WHOLE = 10_000
MOST_TICKS = 5
_ONE_DAY = timedelta(days=1)
_WEEK, _MONTHS, _YEARS = 7, 100, 800  # days of a period from which marks stand by week, month, quarter


class DayBalance(msgspec.Struct, frozen=True):
    """The balance at the end of a day on which it changed."""

    day: date
    balance_minor: int


class Tick(msgspec.Struct, frozen=True):
    """A mark on a scale: its place, and what stands beside it."""

    at: int
    label: str


class Chart(msgspec.Struct, frozen=True, kw_only=True):
    """What is drawn. points: (across, up), a line of steps; zero: how high zero stands; limit: how high the
    end of the authorised overdraft stands, None: not shown. alternative: the same in words."""

    points: tuple[tuple[int, int], ...]
    zero: int
    limit: int | None
    up: tuple[Tick, ...]
    across: tuple[Tick, ...]
    alternative: str


def day_balances(statement: Statement) -> tuple[DayBalance, ...]:
    """The balance at the end of each day on which it changed, in order."""
    found: dict[date, int] = {}
    balance = statement.opening_minor
    for line in statement.lines:
        balance += line.amount_minor
        found[max(line.booked_on, statement.period.first_day)] = balance
    return tuple(DayBalance(day, minor) for day, minor in sorted(found.items()))


def chart_of(statement: Statement, language: Language) -> Chart | None:
    """The chart of a statement; None where there is no line to draw: one day, or no operation."""
    first, last = statement.period.first_day, statement.period.last_day
    days = (last - first).days + 1
    changes = day_balances(statement)
    if days < 2 or not changes:
        return None
    balances = [statement.opening_minor, *(change.balance_minor for change in changes)]
    limit = statement.overdraft.limit_minor if statement.overdraft and min(balances) < 0 else None
    low = min(0, *balances, *([] if limit is None else [-limit]))
    high = max(0, *balances)
    step = _step(high - low, statement.account.currency)
    low, high = low // step * step, -(-high // step) * step
    if low == high:
        high += step

    def height(minor: int) -> int:
        return (minor - low) * WHOLE // (high - low)

    points = [(0, height(statement.opening_minor))]
    for change in changes:
        across = (change.day - first).days * WHOLE // days
        points += [(across, points[-1][1]), (across, height(change.balance_minor))]
    points.append((WHOLE, points[-1][1]))
    unit = currency(statement.account.currency)
    return Chart(
        points=tuple(points),
        zero=height(0),
        limit=None if limit is None else height(-limit),
        up=tuple(
            Tick(height(minor), round_figure(minor, unit, language)) for minor in range(low, high + 1, step)
        ),
        across=_days(first, days, language),
        alternative=_alternative(statement, changes, language),
    )


def _step(span: int, code: str) -> int:
    """The distance of marks: 1, 2 or 5 times a power of ten, so that there are few of them."""
    step: int = 10 ** currency(code).decimals
    while True:
        for times in (1, 2, 5):
            if span <= times * step * (MOST_TICKS - 1):
                return times * step
        step *= 10


def _days(first: date, days: int, language: Language) -> tuple[Tick, ...]:
    """Marks at the first day and then by week, by month in a longer period, by quarter in the longest."""
    found = []
    for number in range(days):
        day = first + number * _ONE_DAY
        if days < _MONTHS:
            marked = number % _WEEK == 0
        else:
            marked = day.day == 1 and (days < _YEARS or day.month % 3 == 1)
        if marked or number == 0:
            found.append(Tick(number * WHOLE // days, day_and_month(day, language)))
    return tuple(found)


def _alternative(statement: Statement, changes: tuple[DayBalance, ...], language: Language) -> str:
    unit = currency(statement.account.currency)
    start = DayBalance(statement.period.first_day - _ONE_DAY, statement.opening_minor)
    every = (start, *changes)
    lowest = min(every, key=lambda c: c.balance_minor)
    highest = max(every, key=lambda c: c.balance_minor)
    return words(language)["chart_alternative"].format(
        first=long_date(statement.period.first_day, language),
        last=long_date(statement.period.last_day, language),
        opening=amount(statement.opening_minor, unit, language),
        closing=amount(statement.closing_minor, unit, language),
        lowest=amount(lowest.balance_minor, unit, language),
        lowest_day=long_date(lowest.day, language),
        highest=amount(highest.balance_minor, unit, language),
        highest_day=long_date(highest.day, language),
    )
