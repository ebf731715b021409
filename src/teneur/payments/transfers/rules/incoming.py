"""Transfers received: available at once, value dates, conversion, and when one may be taken back."""

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

import msgspec

from teneur.agreements.terms.tariff import TariffTerms, ValuedOperation
from teneur.agreements.terms.transfers import Incoming
from teneur.interbank.reasons import RejectReason, ReturnReason
from teneur.kernel.rules import rule
from teneur.payments.transfers.rules.refusal import Reason
from teneur.payments.transfers.rules.routing import Counterparty
from teneur.pricing.fees.rules.value_dates import value_offset_days

# Faults whose own code a return may not name, and the one in its list that says the same.
_NEAREST: Final[Mapping[str, ReturnReason]] = MappingProxyType(
    {"BE07": ReturnReason.DEBTOR_NAME_MISSING, "BE22": ReturnReason.CREDITOR_NAME_MISSING}
)


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
def value_date(booked_on: date, terms: Incoming, tariff: TariffTerms) -> date:
    """The value date is the booking date, which for a received transfer is the day the funds came.

    No tariff can move it further than the agreement lets it.
    """
    most = terms.value_offset_days.value
    return booked_on + timedelta(days=value_offset_days(ValuedOperation.TRANSFER, tariff, most))


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
    tariff: TariffTerms,
    *,
    instant: bool = False,
) -> IncomingCredit:
    """The account may be credited by transfers of any class, instant included, regular or not, own or not."""
    on = available_on(funds_received_on, terms)
    convert = needs_conversion(currency, account_currency)
    return IncomingCredit(on, value_date(on, terms, tariff), convert, source, instant)


@rule("BRED-A3-2.2-2", "BNC-6.1.3.2-12")
def reversal_refusal(ground: str, terms: Incoming, *, from_payer_bank: bool) -> Reason | None:
    """A transfer received in error is debited back on a cancellation by the payer's bank.

    On three grounds only: its own error, an error of the payer that it justifies, or proven fraud.
    """
    return None if from_payer_bank and ground in terms.reversal_grounds.value else Reason.REVERSAL_GROUND


def fault_told(fault: str, *, instantly: bool) -> str:
    """What the payer's bank is told of a fault (an ISO code): MS03 where the list of the answer,
    a rejection (instant) or a return, knows nothing nearer.
    """
    if instantly:
        return fault if fault in frozenset(RejectReason) else str(RejectReason.AGENT_UNSPECIFIED)
    if fault in frozenset(ReturnReason):
        return fault
    return str(_NEAREST.get(fault, ReturnReason.AGENT_UNSPECIFIED))
