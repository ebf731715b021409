"""By when a transfer must have reached the payee's bank."""

from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo

from teneur.agreements.terms.transfers import (
    Delay,
    DelayBasis,
    DelayKind,
    Execution,
    Timing,
    TransferClass,
)
from teneur.kernel.calendars import Calendar
from teneur.kernel.clock import Instant
from teneur.kernel.commands import Channel
from teneur.kernel.deadlines import Deadline, Unit, deadline
from teneur.kernel.rules import rule
from teneur.payments.transfers.rules.geography import Geography


class Reach(StrEnum):
    """Whose account must be credited by the deadline."""

    PAYEE_BANK = "payee-bank"
    CORRESPONDENT = "correspondent"  # the bank's own, where the law on execution times does not bind


def delay_of(
    transfer_class: TransferClass, currency: str, eea_currencies: frozenset[str], terms: Execution
) -> Delay:
    """The row of the agreement on maximum execution times that the transfer falls under."""
    if terms.basis.value is DelayBasis.CLASS:
        return terms.delays[transfer_class]
    if currency == "EUR":
        return terms.delays["euro"]
    return terms.delays["eea-currency" if currency in eea_currencies else "other-currency"]


@rule("BRED-A3-3.2.2-2", "BNC-6.1.3.6-12")
def is_quoted(delay: Delay, places: tuple[str, str], terms: Execution, geography: Geography) -> bool:
    """No fixed delay: it is specific to the operation, quoted for the order and disclosed on request.

    Where the clauses go by currency, only to or from a state of the euro area; other such orders have a
    fixed delay.
    """
    if delay.kind.value is not DelayKind.QUOTED:
        return False
    return terms.basis.value is DelayBasis.CLASS or any(map(geography.in_euro_area, places))


@rule("BRED-A3-3.2.1-2", "BNC-6.1.3.6-8")
def paper_extension(delay: Delay, channel: Channel, timing: Timing, terms: Execution) -> int:
    """Business days more for an order initiated on paper (BRED: immediate orders only)."""
    on_paper = channel in terms.paper_channels.value and timing in terms.paper_timings.value
    return delay.paper_extra_business_days.value if on_paper else 0


@rule("BRED-A3-3.2.1-1", "BRED-A3-3.2.2-1", "BNC-6.1.3.6-7", "BNC-6.1.3.6-9", "BNC-6.1.3.6-12")
def maximum_business_days(delay: Delay, paper_days: int, *, converted: bool) -> int:
    """The delay with its extension on paper; with an exchange its own limit, which paper does not extend."""
    with_exchange = delay.converted_business_days.value
    if converted and with_exchange is not None:
        return with_exchange
    return delay.business_days.value + paper_days


@rule("BRED-A3-3.2.1-1", "BRED-A3-3.2.2-1", "BNC-6.1.3.6-7")
def execution_deadline(received_on: date, business_days: int, calendar: Calendar, zone: ZoneInfo) -> Deadline:
    """The end of the last business day of the delay, counted from the day after the deemed reception."""
    return deadline(received_on, business_days, Unit.BUSINESS_DAY, calendar, zone=zone)


@rule("BRED-PREL-10", "BRED-PREL-11")
def reach(*, maximum_time_binds: bool) -> Reach:
    """Up to the payee's bank where the law on execution times binds, else to the bank's correspondent."""
    return Reach.PAYEE_BANK if maximum_time_binds else Reach.CORRESPONDENT


@rule("BRED-7.2.3.a-1")
def in_breach(due: Deadline, credited_at: Instant | None, now: Instant) -> bool:
    """The bank answers until the payee's bank has the amount:

    late if it came after the time, or has not come yet.
    """
    return not due.met_by(now if credited_at is None else credited_at)
