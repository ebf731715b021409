"""Taking an order back: until when, through which channel, at what price."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo

import msgspec

from teneur.agreements.terms.transfers import CutOff, LateRevocation, Revocation, Service, Timing
from teneur.kernel.calendars import Branch, Calendar
from teneur.kernel.clock import Instant
from teneur.kernel.commands import Channel
from teneur.kernel.rules import rule
from teneur.payments.transfers.rules.reception import ANY, last_instant
from teneur.payments.transfers.rules.refusal import Reason


class RevocationKind(StrEnum):
    """How a revocation is accepted."""

    IN_TIME = "in-time"
    LATE = "late"  # execution had not begun


class RevocationAnswer(msgspec.Struct, frozen=True):
    """reason: why it is refused, None if accepted. price_minor: of one in time, as the agreement says."""

    reason: Reason | None
    kind: RevocationKind = RevocationKind.IN_TIME
    price_minor: int = 0


class OrderToRevoke(msgspec.Struct, frozen=True):
    """What a revocation is judged on.

    received_at: the deemed reception; until it an immediate order is revocable; None: not received, and
    nothing yet says when it will be. deadline_at: of an order with an agreed day, its last instant in time.
    started: execution has begun.
    """

    timing: Timing
    service: Service
    channel: Channel
    received_at: Instant | None
    deadline_at: Instant | None = None
    started: bool = False


def cut_off_of_revocation(channel: Channel, terms: Revocation) -> CutOff:
    """The bank's cut-off for a revocation on that channel."""
    key = channel.name.lower().replace("_", "-")
    return (terms.cut_offs.get(key) or terms.cut_offs[ANY]).value


@rule("BRED-A3-2.3-6", "BRED-A3-2.3-8", "BNC-6.1.3.5-5", "BNC-6.1.3.5-6")
def revocation_deadline(
    agreed_day: date, cut_off: CutOff, terms: Revocation, calendar: Calendar, branch: Branch, zone: ZoneInfo
) -> Instant:
    """The end of the business day before the day agreed to start, at the bank's cut-off.

    The agreed day counts as agreed: that a closed one is executed later moves nothing here.
    """
    day = calendar.add_business_days(agreed_day, -terms.deadline_business_days_before.value)
    return last_instant(day, cut_off, branch, zone)


@rule("BRED-A3-2.3-4", "BNC-6.1.3.5-8")
def channel_refusal(channel: Channel, terms: Revocation, *, written: bool) -> Reason | None:
    """In writing, at the branch (in person or by letter) or in the remote space; not by telephone."""
    if channel not in terms.channels.value:
        return Reason.REVOCATION_CHANNEL
    return Reason.REVOCATION_NOT_WRITTEN if terms.written.value and not written else None


@rule("BRED-A3-2.3-9", "BNC-6.1.3.5-10")
def irrevocable(service: Service, channel: Channel, terms: Revocation) -> Reason | None:
    """An instant transfer is irrevocable; so is an order consented to through an initiation provider."""
    if service is Service.INSTANT and not terms.instant_revocable.value:
        return Reason.INSTANT_IRREVOCABLE
    if channel is Channel.INITIATION_SERVICE and not terms.initiation_service_revocable.value:
        return Reason.INITIATION_IRREVOCABLE
    return None


@rule("BRED-A3-2.3-5", "BNC-6.1.3.5-3", "BNC-6.1.3.5-4")
def immediate_in_time(asked_at: Instant, received_at: Instant | None) -> bool:
    """Revocable until it is received: an order sent after the cut-off, until its deemed reception.

    One given at the branch and one of the remote space or a machine alike: both are final once received. One
    that waits for the customer's funds is not received before they come.
    """
    return received_at is None or asked_at < received_at


@rule("BRED-A3-2.3-6", "BNC-6.1.3.5-5", "BNC-6.1.3.5-6")
def dated_in_time(asked_at: Instant, deadline_at: Instant) -> bool:
    """Revocable up to and including the last instant of its deadline."""
    return asked_at <= deadline_at


@rule("BRED-A3-2.3-7", "BNC-6.1.3.5-9")
def late_answer(terms: Revocation, *, started: bool) -> RevocationAnswer:
    """After the deadline: refused, or accepted while execution has not begun, at the tariff price."""
    if terms.late.value is LateRevocation.REFUSE:
        return RevocationAnswer(Reason.REVOCATION_LATE)
    if started:
        return RevocationAnswer(Reason.EXECUTION_STARTED)
    return RevocationAnswer(None, RevocationKind.LATE)


def revocation(
    order: OrderToRevoke, asked_at: Instant, channel: Channel, terms: Revocation, *, written: bool = True
) -> RevocationAnswer:
    """Whether the order, or one occurrence of a standing order, may be taken back."""
    refused = channel_refusal(channel, terms, written=written) or irrevocable(
        order.service, order.channel, terms
    )
    if refused is not None:
        return RevocationAnswer(refused)
    if order.timing is Timing.IMMEDIATE or order.deadline_at is None:
        in_time = immediate_in_time(asked_at, order.received_at)
    else:
        in_time = dated_in_time(asked_at, order.deadline_at)
    if in_time:
        return RevocationAnswer(None, RevocationKind.IN_TIME, price(order.timing, terms))
    return late_answer(terms, started=order.started)


@rule("BRED-A3-2.3-5", "BRED-A3-2.3-6", "BNC-6.1.3.5-3", "BNC-6.1.3.5-5")
def price(timing: Timing, terms: Revocation) -> int:
    """In time it is free of charge."""
    immediate = timing is Timing.IMMEDIATE
    return (terms.immediate_price_minor if immediate else terms.deferred_price_minor).value


@rule("BRED-A3-2.3-4", "BNC-6.1.3.5-7")
def occurrences_after_revocation(
    planned: Iterable[date], chosen: Iterable[date], terms: Revocation
) -> tuple[date, ...]:
    """The occurrences that stay when some are revoked: the order itself goes on."""
    out = frozenset(chosen) if terms.occurrences_revocable.value else frozenset()
    return tuple(day for day in planned if day not in out)


@rule("BRED-A3-2.3-8", "BNC-6.1.3.5-6")
def occurrences_withdrawn(planned: Iterable[tuple[date, Instant]], asked_at: Instant) -> tuple[date, ...]:
    """Consent withdrawn from a standing order: every occurrence whose deadline has not passed is cancelled.

    planned: agreed day and revocation deadline of each. Reading: "the day agreed to start the execution" is
    that of each occurrence, so a request that is late for the next one alone is in time for all that follow.
    That one goes, and where late requests are refused the request is refused for it only; the order then
    ends. One executed although withdrawn in time is unauthorised.
    """
    return tuple(day for day, deadline_at in planned if asked_at <= deadline_at)
