"""When cash paid in counts as received, when it may be used, and what cannot be done with it."""

from collections.abc import Iterable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from teneur.agreements.terms.cash import CashCutOff, CashForm, CashTerms
from teneur.agreements.terms.tariff import TariffTerms, ValuedOperation
from teneur.kernel.calendars import Calendars
from teneur.kernel.clock import Instant
from teneur.kernel.deadlines import Boundary, reception_day
from teneur.kernel.rules import rule
from teneur.pricing.fees.rules.value_dates import value_offset_days


@rule("BNC-6.1.1.1-1")
def accepts(forms: Iterable[CashForm], terms: CashTerms) -> bool:
    """Whether the counter takes cash of these forms: notes, and coins only where the agreement says so."""
    return set(forms) <= set(terms.accepted.value)


@rule("BRED-A5-T-20", "BRED-A1-1.2-3", "BNC-6.1.1.2-3")
def received_on(
    paid_in_at: Instant, branch: str, terms: CashTerms, calendars: Calendars, zone: ZoneInfo
) -> date:
    """The day itself until the branch closes, if it is open; else its next business day."""
    closing = calendars.branch(branch) if terms.counter_cut_off.value is CashCutOff.BRANCH_CLOSING else None
    return reception_day(
        paid_in_at,
        closing,
        Boundary.INCLUSIVE,
        calendars.branch_days(branch),
        zone=zone,
        late_shift_business_days=terms.late_shift_business_days.value,
    )


@rule("BRED-A1-1.2.1-1", "BNC-6.1.1.2-1")
def available_on(reception_on: date, terms: CashTerms) -> date:
    """Cash in the currency of the account may be used from the day it is received."""
    return reception_on + timedelta(days=terms.available_offset_days.value)


@rule("BRED-A1-1.2.1-1", "BNC-6.1.1.2-1", "BNC-5-2")
def valued_on(booked_on: date, terms: CashTerms, tariff: TariffTerms) -> date:
    """The value date is the booking date, which for cash is the day of reception; no tariff can move it."""
    most = terms.value_offset_days.value
    return booked_on + timedelta(days=value_offset_days(ValuedOperation.CASH_DEPOSIT, tariff, most))


@rule("BRED-A1-1.1.2-8", "BNC-6.1.1.1-11")
def can_be_withdrawn(received: bool, terms: CashTerms) -> bool:
    """Whether consent to a deposit can still be withdrawn: no longer once the bank has received it."""
    return terms.revocable.value or not received
