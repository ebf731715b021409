"""When an order counts as received: cut-offs by operation and channel, closed days, agreed days."""

from datetime import date
from zoneinfo import ZoneInfo

import msgspec

from teneur.agreements.parameters import Parameter
from teneur.agreements.terms.transfers import (
    CutOff,
    CutOffKind,
    Reception,
    Service,
    StartCondition,
    Timing,
    TransferClass,
)
from teneur.kernel.calendars import Branch, Calendar
from teneur.kernel.clock import Instant, start_of_day
from teneur.kernel.commands import Channel
from teneur.kernel.deadlines import Cutoff, deemed_reception_day, last_on_time
from teneur.kernel.rules import rule

ANY = "any"


class ReceptionMoment(msgspec.Struct, frozen=True):
    """The moment of reception: the instant, and its local business day, from which every delay runs."""

    at: Instant
    day: date


class DeemedReception(msgspec.Struct, frozen=True):
    """day: the business day of reception. begins_at: its first instant, if that is not the actual moment."""

    day: date
    begins_at: Instant | None


def cut_off_of(
    transfer_class: TransferClass,
    service: Service,
    timing: Timing,
    currency: str,
    channel: Channel,
    terms: Reception,
) -> Parameter[CutOff] | None:
    """The cut-off of an order (BRED Annex 5), or None: an instant transfer is received at any time.

    Sought for the operation and the channel, then for the operation on any channel, then for the channel,
    then for anything. SEPA COM Pacifique has the cut-offs of the SEPA transfer it is made like, unless it
    has its own.
    """
    if service is Service.INSTANT:
        return None
    channel_key = channel.name.lower().replace("_", "-")
    for operation in (*_operations(transfer_class, service, timing, currency), ANY):
        row = terms.cut_offs.get(operation, {})
        found = row.get(channel_key) or row.get(ANY)
        if found is not None:
            return found
    return None


def _operations(
    transfer_class: TransferClass, service: Service, timing: Timing, currency: str
) -> tuple[str, ...]:
    if service is Service.TREASURY:
        return ("treasury",)
    if transfer_class is TransferClass.INTERNATIONAL:
        return ("international-euro" if currency == "EUR" else "international-currency",)
    like = (transfer_class,) if transfer_class is not TransferClass.COM_PACIFIC else (transfer_class, "sepa")
    if timing is Timing.STANDING:
        return tuple(f"{name}-standing" for name in like)
    return tuple(str(name) for name in like)


def kernel_cut_off(cut_off: CutOff | None, branch: Branch) -> Cutoff:
    """The cut-off as the kernel counts it:

    a local time, the branch whose closing ends the day, or the day's end.
    """
    if cut_off is None or cut_off.kind is CutOffKind.END_OF_DAY:
        return None
    return branch if cut_off.kind is CutOffKind.BRANCH_CLOSING else cut_off.at


def last_instant(day: date, cut_off: CutOff | None, branch: Branch, zone: ZoneInfo) -> Instant:
    """The last instant of a local day at which an order is in time."""
    boundary = CutOff(CutOffKind.END_OF_DAY).boundary if cut_off is None else cut_off.boundary
    return last_on_time(day, kernel_cut_off(cut_off, branch), boundary, zone)


@rule("BRED-A3-3.1.1-1", "BNC-6.1.3.6-1")
def deemed_reception(
    arrived_on: date, calendar: Calendar, late_shift_business_days: int, zone: ZoneInfo, *, late: bool
) -> DeemedReception:
    """The actual moment; past the cut-off or on a closed day, the next business day.

    The next business day begins at 0:00: until then an order sent late may still be taken back.
    """
    day = deemed_reception_day(arrived_on, late, calendar, late_shift_business_days)
    return DeemedReception(day, None if day == arrived_on else start_of_day(day, zone))


@rule("BRED-A3-3.1.2-1", "BNC-6.1.3.6-5", "BNC-6.1.3.6-6")
def agreed_reception(
    agreed_day: date, instruction_received_on: date, calendar: Calendar, zone: ZoneInfo
) -> ReceptionMoment:
    """Deferred or standing: deemed received on the agreed day; on a closed day, the next business day.

    instruction_received_on: the reception day of the order itself by its own cut-off; an order or a change
    that arrives too late for its agreed day is received after it.
    """
    day = max(calendar.next_on_or_after(agreed_day), instruction_received_on)
    return ReceptionMoment(start_of_day(day, zone), day)


@rule("BRED-A3-3.1.2-1", "BNC-6.1.3.6-5")
def agreed_day(
    condition: StartCondition,
    terms: Reception,
    *,
    given_day: date | None = None,
    period_ends_on: date | None = None,
    funds_available_on: date | None = None,
) -> date | None:
    """The day agreed to start: a given day, the end of a period, or the day the payer makes funds available.

    None while it is not known (the funds have not come), or if the agreement does not offer that condition.
    The order is deemed received on that day, see `agreed_reception`.
    """
    if condition not in terms.start_conditions.value:
        return None
    days = {
        StartCondition.GIVEN_DAY: given_day,
        StartCondition.END_OF_PERIOD: period_ends_on,
        StartCondition.FUNDS_AVAILABLE: funds_available_on,
    }
    return days[condition]
