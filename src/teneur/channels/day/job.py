"""The job: works off every local day up to a day, book by book, at the day's first instant.

A day is noted as done only when all its work is; whatever was begun before a crash is asked again with the
same keys, which the engine recognises, so that nothing is done twice.
"""

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from typing import Any

from psycopg import Connection

from teneur.bank import Bank
from teneur.channels.day.due import due
from teneur.channels.day.orders import late_instant
from teneur.channels.day.report import ONE_DAY, DayReport, Progress, Step, Task, Today
from teneur.channels.day.tasks import TASKS
from teneur.channels.settings import CLOCK, SQL, clock_setting, keep_setting
from teneur.kernel.clock import SimulatedClock, business_date, start_of_day, zone
from teneur.kernel.commands import Outcome
from teneur.ledger.account import SQL as LEDGER_SQL


def advance(bank: Bank, to: date, progress: Progress | None = None) -> DayReport:
    """Work off every local day up to and including `to`, in all zones and books.

    A simulated clock moves to the first instant of each day. With the machine's clock, days that have not
    begun are left.
    """
    report = DayReport()
    tell = progress or (lambda _what, _count: None)
    zones = sorted({agreement.zone for agreement in bank.agreements})
    with bank.read() as connection:
        books = [row[0] for row in connection.execute(LEDGER_SQL["books"]) if row[0] > 0]
    steps = _steps(bank, zones, books, to)
    with closing(bank.connect()) as notes:
        for step in steps:
            _move_clock(notes, bank, step)
            for book in books:
                _work_off(Today(bank, book, step, report, tell))
            _note_done(notes, bank, books, step)
            report.days.append((step.zone, step.day))
            tell("day", 1)
    for book in books:
        report.late_instant += late_instant(bank, book)
    return report


def _work_off(today: Today) -> None:
    """The tasks of a day, in order, less those that have nothing to do; asked again after each that posted,
    since what one does may be work for those after it."""
    posted, wanted = -1, set[Task]()
    for number, task in enumerate(TASKS):
        if posted != today.bank.posted:
            posted = today.bank.posted
            wanted = due(today, TASKS[number:])
        if task in wanted:
            task(today)


def days_to_work_off(bank: Bank, to: date) -> int:
    """How many local days an advance would work off now, over all zones."""
    zones = sorted({agreement.zone for agreement in bank.agreements})
    with bank.read() as connection:
        books = [row[0] for row in connection.execute(LEDGER_SQL["books"]) if row[0] > 0]
    return sum(1 for _ in _steps(bank, zones, books, to))


def _steps(bank: Bank, zones: list[str], books: list[int], to: date) -> Iterator[Step]:
    """The days to work off, in the order in which they begin around the world.

    A day that is done is worked off again while it lasts, but not before one that has begun and is not done:
    that one may be half done, and what it did is not for an earlier day to see.
    """
    now = bank.clock.now()
    new, again = list[Step](), list[Step]()
    for name in zones:
        where = zone(name)
        today = business_date(now, where)
        done = min((done_on(bank, book).get(name, today - ONE_DAY) for book in books), default=to)
        last = to if isinstance(bank.clock, SimulatedClock) else min(to, today)
        day = min(done + ONE_DAY, today)
        while day <= last:
            (new if day > done else again).append(Step(start_of_day(day, where), name, day))
            day += ONE_DAY
    return iter(sorted(new if any(step.at <= now for step in new) else new + again))


def done_on(bank: Bank, book: int) -> dict[str, date]:
    """The last local day whose work is wholly done, by zone."""
    with bank.read() as connection:
        return dict(connection.execute(SQL["done_on"], {"book": book}).fetchall())


def done_on_day(bank: Bank, book: int, day: date) -> list[tuple[str, Outcome, int]]:
    """What the bank asked of itself on a local day: kind of command, outcome, how often."""
    with bank.read() as connection:
        rows = connection.execute(SQL["done_on_day"], {"book": book, "day": day}).fetchall()
    return [(bank.registry.name_of(kind), Outcome(outcome), count) for kind, outcome, count in rows]


def _move_clock(connection: Connection[Any], bank: Bank, step: Step) -> None:
    """A simulated clock goes to the day's first instant, and is kept there before anything is done at it."""
    if isinstance(bank.clock, SimulatedClock):
        bank.clock.set(max(step.at, bank.clock.now()))
        with connection.transaction():
            connection.execute(SQL["soon"])
            keep_setting(connection, CLOCK, clock_setting(bank.clock))


def _note_done(connection: Connection[Any], bank: Bank, books: list[int], step: Step) -> None:
    """All the work of a local day is done."""
    with connection.transaction():
        connection.execute(SQL["soon"])
        for book in books:
            parameters = {"book": book, "zone": step.zone, "done_on": step.day}
            connection.execute(SQL["keep_done_on"], parameters)
