"""Where published series end: what a simulation that goes further runs on, and how it may go on at all.

Reference rates go on with their last value on every TARGET day, loaded by a member of staff and marked as
made up, on a simulated clock only. Usury thresholds are never made up: where none is published, rates are
compared with none, and closings say so. Calendars are computed to their last year; no day goes beyond it.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import msgspec

from teneur.bank import Bank
from teneur.channels.settings import SQL
from teneur.customers.decisions import REGISTER
from teneur.kernel.calendars import target_calendar
from teneur.kernel.clock import SimulatedClock
from teneur.kernel.commands import Answer
from teneur.pricing.interest.commands import LoadReferenceRate
from teneur.pricing.interest.rules.usury import thresholds

SOURCE = "simulation: the last value repeated"


class NotSimulated(Exception):
    """Series are made up for simulations only, and this bank's clock is the machine's."""


class Rate(msgspec.Struct, frozen=True):
    """A reference rate that has not ended. real_to: the last day of a real value, if there is one; last_day:
    that of any value, with its percent."""

    name: str
    real_to: date | None
    last_day: date
    percent: Decimal

    def ends_before(self, day: date) -> bool:
        """Whether there is no value for a day."""
        return self.last_day < day

    def made_up_before(self, day: date) -> bool:
        """Whether values up to a day are made up."""
        return self.real_to is None or self.real_to < min(day, self.last_day)


class Series(msgspec.Struct, frozen=True):
    """What the days up to one run on. usury_to: the last day with a published threshold."""

    to: date
    usury_to: date
    rates: tuple[Rate, ...]

    @property
    def made_up(self) -> tuple[Rate, ...]:
        """The rates of which values are made up."""
        return tuple(rate for rate in self.rates if rate.made_up_before(self.to))

    @property
    def missing(self) -> tuple[Rate, ...]:
        """The rates that have no value up to the day: closings that need one say so."""
        return tuple(rate for rate in self.rates if rate.ends_before(self.to))

    @property
    def without_usury(self) -> bool:
        """Whether there are days without a published usury threshold."""
        return self.usury_to < self.to


def series_to(bank: Bank, to: date) -> Series:
    """What the days up to one run on."""
    with bank.read() as connection:
        rows = connection.execute(SQL["rates_that_go_on"]).fetchall()
    usury_to = max(threshold.last_day for threshold in thresholds())
    return Series(to, usury_to, tuple(Rate(*row) for row in rows))


def make_up(bank: Bank, to: date, actor: int) -> Sequence[Answer]:
    """Load what reference rates need to go on to a day. Raises NotSimulated, CommandFailed."""
    if not isinstance(bank.clock, SimulatedClock):
        raise NotSimulated
    calendar, answers = target_calendar(), []
    for rate in series_to(bank, to).missing:
        count = calendar.business_days_between(rate.last_day, to)
        days = [calendar.add_business_days(rate.last_day, number) for number in range(1, count + 1)]
        if days:
            values = tuple((day, rate.percent) for day in days)
            ask = LoadReferenceRate(name=rate.name, values=values, source=SOURCE, synthetic=True)
            answers.append(bank.ask(ask, REGISTER, actor=actor))
    return answers
