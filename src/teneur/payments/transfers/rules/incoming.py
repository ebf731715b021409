"""Transfers received: available at once, value dates, conversion, and when one may be taken back."""

from datetime import date, timedelta

import msgspec

from teneur.agreements.terms.transfers import Incoming
from teneur.kernel.rules import rule
from teneur.payments.transfers.rules.refusal import Reason
from teneur.payments.transfers.rules.routing import Counterparty


class IncomingCredit(msgspec.Struct, frozen=True):
    """How a received transfer is booked. source: whose it is; instant: it came as one."""

    available_on: date
    value_on: date
    convert: bool
    source: Counterparty
    instant: bool


@rule(
    "BRED-7.2.3.a-3",
    "BRED-A3-3.2.3-3",
    "BNC-6.1.3.6-10",
    "BNC-6.1.3.6-11",
)
def available_on(funds_received_on: date, terms: Incoming) -> date:
    """At once when the bank's own account is credited, inside the bank too; visible immediately."""
    return funds_received_on + timedelta(days=terms.availability_delay_days.value)


@rule("BNC-5-2", "BRED-7.2.3.a-3")
def value_date(booked_on: date, terms: Incoming) -> date:
    """The value date is the booking date, which for a received transfer is the day the funds came."""
    return booked_on + timedelta(days=terms.value_offset_days.value)


@rule("BNC-6.1.3.3-4", "BNC-6.1.3.4-3")
def needs_conversion(currency: str, account_currency: str) -> bool:
    """Converted only if the currency differs from the account's, then credited (euro into Pacific francs)."""
    return currency != account_currency


@rule("BRED-A3-2.2-1", "BNC-6.1.3.2-11", "BNC-6.1.3.3-4", "BNC-6.1.3.4-3", "BNC-6.1.3.1-20")
def credit(
    funds_received_on: date,
    currency: str,
    account_currency: str,
    source: Counterparty,
    terms: Incoming,
    *,
    instant: bool = False,
) -> IncomingCredit:
    """The account may be credited by transfers of any class, instant included, regular or not, own or not."""
    on = available_on(funds_received_on, terms)
    convert = needs_conversion(currency, account_currency)
    return IncomingCredit(on, value_date(on, terms), convert, source, instant)


@rule("BRED-A3-2.2-2", "BNC-6.1.3.2-12")
def reversal_refusal(ground: str, terms: Incoming, *, from_payer_bank: bool) -> Reason | None:
    """A transfer received in error is debited back on a cancellation by the payer's bank.

    On three grounds only: its own error, an error of the payer that it justifies, or proven fraud.
    """
    return None if from_payer_bank and ground in terms.reversal_grounds.value else Reason.REVERSAL_GROUND
