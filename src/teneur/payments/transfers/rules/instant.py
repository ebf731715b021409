"""Instant transfers: reserve, stamp, then debit or release; their clocks; those received."""

from datetime import timedelta
from enum import StrEnum

import msgspec

from teneur.agreements.terms.transfers import Instant as InstantTerms
from teneur.kernel.clock import Instant
from teneur.kernel.rules import rule
from teneur.payments.transfers.rules.refusal import Reason


class InstantClocks(msgspec.Struct, frozen=True):
    """Last instants in time, counted from the stamp.

    target_at: normally. exceeded_at: in exceptional difficulty.
    """

    target_at: Instant
    exceeded_at: Instant


class Confirmation(StrEnum):
    """What the payee's side said of the funds."""

    POSITIVE = "positive"
    NEGATIVE = "negative"


class InstantStep(StrEnum):
    """What is to be done with an instant transfer that has been stamped."""

    WAIT = "wait"
    ALERT = "alert"  # beyond the target
    QUERY_STATUS = "query-status"  # beyond the exceptional time: mark it exceeded and ask
    DEBIT = "debit"  # the hold becomes a debit, at once visible in remote banking
    RELEASE = "release"  # free the hold and inform the customer


class ComplianceStep(StrEnum):
    """What a compliance check leads to before the stamp."""

    GO_ON = "go-on"
    HOLD = "hold"  # looked at by a person; the clocks do not bind meanwhile
    REFUSE = "refuse"


@rule("BRED-A3-3.1.3-2")
def stamp_refusal(*, available_minor: int, amount_minor: int) -> Reason | None:
    """Before the time stamp the funds are reserved; without them the order is refused and never stamped."""
    return Reason.INSUFFICIENT_FUNDS if amount_minor > available_minor else None


@rule("BRED-A3-3.1.3-1")
def received_at_stamp(stamped_at: Instant) -> Instant:
    """The order is received at the bank's time stamp, whatever day or hour it is:

    exact, and kept as evidence.
    """
    return stamped_at


@rule("BRED-A3-1.2-2", "BRED-A3-3.1.3-1", "BRED-A3-3.2.3-1")
def clocks(stamped_at: Instant, terms: InstantTerms) -> InstantClocks:
    """Credited to the payee's bank 10 seconds after the stamp; 20 in exceptional processing difficulty."""
    return InstantClocks(
        stamped_at + timedelta(seconds=terms.target_seconds.value),
        stamped_at + timedelta(seconds=terms.exceptional_seconds.value),
    )


@rule("BRED-A3-3.1.3-3", "BRED-A3-3.1.3-4", "BRED-A3-3.2.3-1")
def next_step(confirmation: Confirmation | None, now: Instant, times: InstantClocks) -> InstantStep:
    """Told that funds were made available: debit. Told that they were not: release and inform, at once.

    Without an answer time alone never moves money: beyond the target an alert, beyond the limit the status
    is asked.
    """
    if confirmation is Confirmation.POSITIVE:
        return InstantStep.DEBIT
    if confirmation is Confirmation.NEGATIVE:
        return InstantStep.RELEASE
    if now > times.exceeded_at:
        return InstantStep.QUERY_STATUS
    return InstantStep.ALERT if now > times.target_at else InstantStep.WAIT


@rule("BRED-A3-3.2.3-2")
def compliance_step(*, hit: bool, cleared: bool | None) -> ComplianceStep:
    """For regulatory compliance an instant transfer may take longer or be refused; the reason is recorded.

    cleared: what the person who looked said; None: not looked at yet.
    """
    if not hit or cleared:
        return ComplianceStep.GO_ON
    return ComplianceStep.HOLD if cleared is None else ComplianceStep.REFUSE


@rule("BRED-A3-3.2.3-4")
def incoming_refusal(stamped_at: Instant, now: Instant, terms: InstantTerms) -> Reason | None:
    """An incoming instant transfer is rejected once the maximum time since its stamp has elapsed."""
    limit = timedelta(seconds=terms.reject_incoming_after_seconds.value)
    return Reason.INSTANT_EXPIRED if now - stamped_at > limit else None
