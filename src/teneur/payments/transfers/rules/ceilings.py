"""Ceilings of transfers: per operation, per week, of instant transfers; and their changes."""

from datetime import date, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

import msgspec

from teneur.agreements.terms.transfers import Ceilings, WeekBasis
from teneur.kernel.clock import MICROSECOND, Instant, business_date, start_of_day
from teneur.kernel.commands import Channel
from teneur.kernel.rules import rule
from teneur.payments.transfers.rules.refusal import Reason


class Limits(msgspec.Struct, frozen=True):
    """The ceilings in force for a customer, minor units; None: no ceiling."""

    per_operation_minor: int | None
    weekly_minor: int | None


class TemporaryLimits(msgspec.Struct, frozen=True):
    """Ceilings raised for a time by a signed form; they hold to the end of `until`."""

    limits: Limits
    until: date


class CeilingChange(StrEnum):
    """What becomes of a request to change a ceiling."""

    APPLIED = "applied"  # a lowering: at once and until changed
    REQUESTED = "requested"  # a raise: the adviser decides
    UNCHANGED = "unchanged"
    REFUSED = "refused"  # another raise is pending


def agreed_limits(terms: Ceilings) -> Limits:
    """The ceilings of the agreement, before a customer's own."""
    return Limits(terms.per_operation_minor.value, terms.weekly_minor.value)


@rule("BNC-6.1.3.1-11")
def has_ceilings(channel: Channel, terms: Ceilings) -> bool:
    """Only transfers ordered in the remote space are limited."""
    return channel in terms.channels.value


@rule("BNC-6.1.3.1-11")
def ceiling_refusal(amount_minor: int, spent_in_week_minor: int, limits: Limits) -> Reason | None:
    """Both ceilings must hold; an amount that reaches one exactly is within it."""
    if limits.per_operation_minor is not None and amount_minor > limits.per_operation_minor:
        return Reason.CEILING_PER_OPERATION
    if limits.weekly_minor is not None and spent_in_week_minor + amount_minor > limits.weekly_minor:
        return Reason.CEILING_WEEKLY
    return None


@rule("BNC-6.1.3.1-11")
def week_begins(at: Instant, terms: Ceilings, zone: ZoneInfo) -> Instant:
    """The first instant that counts in the week of an order: rolling, or from Monday where the bank says so.

    Rolling: an order exactly seven days ago no longer counts.
    """
    if terms.week_basis.value is WeekBasis.ROLLING:
        return at - timedelta(days=terms.week_days.value) + MICROSECOND
    today = business_date(at, zone)
    return start_of_day(today - timedelta(days=today.weekday()), zone)


@rule("BNC-6.1.3.1-13", "BNC-6.1.3.1-14")
def ceiling_change(
    current_minor: int, asked_minor: int, pending_raises: int, terms: Ceilings
) -> CeilingChange:
    """A lowering applies at once; a raise goes to the adviser, unless another raise is being handled."""
    if asked_minor == current_minor:
        return CeilingChange.UNCHANGED
    if asked_minor < current_minor:
        return CeilingChange.APPLIED
    if pending_raises >= terms.pending_raises_max.value:
        return CeilingChange.REFUSED
    return CeilingChange.REQUESTED


@rule("BNC-6.1.3.1-15")
def limits_in_force(
    standard: Limits, raised: TemporaryLimits | None, on_date: date, terms: Ceilings
) -> Limits:
    """A raise is temporary: it holds to the date on the signed form, then the earlier ceilings return."""
    if raised is None:
        return standard
    over = terms.raise_is_temporary.value and on_date > raised.until
    return standard if over else raised.limits


@rule("BRED-A3-1.2-3")
def instant_ceiling_refusal(amount_minor: int, terms: Ceilings) -> Reason | None:
    """Instant transfers go up to a maximum that the bank communicates."""
    ceiling = terms.instant_minor.value
    return Reason.INSTANT_CEILING if ceiling is not None and amount_minor > ceiling else None
