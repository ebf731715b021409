"""Transfers received."""

from datetime import date

import pytest

from teneur.agreements.agreement import Agreement
from teneur.agreements.terms.tariff import ValuedOperation
from teneur.agreements.terms.transfers import ReversalGround
from teneur.interbank.faults import _KINDS
from teneur.interbank.reasons import RejectReason, ReturnReason
from teneur.payments.transfers.rules.incoming import (
    IncomingCredit,
    available_on,
    credit,
    fault_told,
    needs_conversion,
    reversal_refusal,
    value_date,
)
from teneur.payments.transfers.rules.refusal import Reason
from teneur.payments.transfers.rules.routing import Counterparty
from teneur.pricing.fees.rules.value_dates import value_offset_days
from tests.payments.rules.support import SATURDAY, THURSDAY, bnc, bred, terms
from tests.support.asserts import asserts
from tests.support.tariffs import stating

OWN, THIRD = Counterparty.OWN, Counterparty.THIRD_PARTY


@asserts("BRED-7.2.3.a-3")
def test_a_received_transfer_is_available_at_once_and_value_dated_the_day_the_funds_came() -> None:
    incoming = terms(bred()).incoming
    assert available_on(THURSDAY, incoming) == THURSDAY
    assert value_date(THURSDAY, incoming, bred().tariff) == THURSDAY


@asserts("BRED-A3-3.2.3-3")
def test_an_instant_transfer_received_on_a_closed_day_is_available_that_very_day() -> None:
    booked = credit(SATURDAY, "EUR", "EUR", THIRD, terms(bred()).incoming, bred().tariff, instant=True)
    assert booked.available_on == SATURDAY


@asserts("BNC-6.1.3.6-10", "BNC-6.1.3.6-11")
def test_on_receipt_of_the_funds_the_payee_is_credited_without_delay() -> None:
    incoming = terms(bnc()).incoming
    assert available_on(THURSDAY, incoming) == THURSDAY
    assert credit(THURSDAY, "XPF", "XPF", THIRD, incoming, bnc().tariff).available_on == THURSDAY


@asserts("BNC-5-2")
@pytest.mark.parametrize("day", [THURSDAY, SATURDAY])
@pytest.mark.parametrize("stated_days", [-1, 0, 1])
def test_the_value_date_is_the_booking_date_whatever_the_tariff_states(day: date, stated_days: int) -> None:
    tariff = stating(bnc(), ValuedOperation.TRANSFER, stated_days)
    assert value_date(day, terms(bnc()).incoming, tariff) == day
    assert credit(day, "XPF", "XPF", THIRD, terms(bnc()).incoming, tariff).value_on == day


@asserts("BNC-5-4")
@pytest.mark.parametrize(("most_days", "expected"), [(0, 0), (1, 1), (2, 2), (3, 2)])
def test_the_tariff_states_value_dates_within_what_the_agreement_allows(
    most_days: int, expected: int
) -> None:
    for operation in ValuedOperation:
        later, earlier = stating(bnc(), operation, 2), stating(bnc(), operation, -2)
        assert value_offset_days(operation, later, most_days) == expected
        assert value_offset_days(operation, earlier, most_days) == -expected


@asserts("BRED-A3-2.2-1")
def test_the_account_is_credited_with_the_class_of_its_source_and_the_instant_flag() -> None:
    incoming = terms(bred()).incoming
    expected = IncomingCredit(THURSDAY, THURSDAY, convert=False, source=OWN, instant=True)
    assert credit(THURSDAY, "EUR", "EUR", OWN, incoming, bred().tariff, instant=True) == expected
    ordinary = credit(THURSDAY, "EUR", "EUR", THIRD, incoming, bred().tariff)
    assert ordinary == IncomingCredit(THURSDAY, THURSDAY, convert=False, source=THIRD, instant=False)


@asserts("BNC-6.1.3.1-20", "BNC-6.1.3.2-11")
@pytest.mark.parametrize("source", [OWN, THIRD])
def test_local_transfers_from_oneself_and_from_third_parties_are_credited(source: Counterparty) -> None:
    booked = credit(THURSDAY, "XPF", "XPF", source, terms(bnc()).incoming, bnc().tariff)
    assert booked == IncomingCredit(THURSDAY, THURSDAY, convert=False, source=source, instant=False)


@asserts("BNC-6.1.3.3-4")
def test_an_international_transfer_is_converted_only_if_its_currency_is_another() -> None:
    incoming = terms(bnc()).incoming
    assert credit(THURSDAY, "USD", "XPF", THIRD, incoming, bnc().tariff).convert
    assert not credit(THURSDAY, "XPF", "XPF", THIRD, incoming, bnc().tariff).convert
    assert not needs_conversion("USD", "USD")
    assert credit(THURSDAY, "USD", "XPF", THIRD, incoming, bnc().tariff).available_on == THURSDAY


@asserts("BNC-6.1.3.4-3")
def test_a_com_pacific_transfer_is_converted_into_francs_and_credited() -> None:
    assert needs_conversion("EUR", "XPF")
    booked = credit(THURSDAY, "EUR", "XPF", THIRD, terms(bnc()).incoming, bnc().tariff)
    assert booked == IncomingCredit(THURSDAY, THURSDAY, convert=True, source=THIRD, instant=False)


@asserts("BRED-A3-2.2-2", "BNC-6.1.3.2-12")
@pytest.mark.parametrize("agreement", [bred(), bnc()])
def test_a_transfer_received_in_error_is_taken_back_on_three_grounds_only(agreement: Agreement) -> None:
    incoming = terms(agreement).incoming
    for ground in ReversalGround:
        assert reversal_refusal(ground, incoming, from_payer_bank=True) is None
        assert reversal_refusal(ground, incoming, from_payer_bank=False) is Reason.REVERSAL_GROUND
    for other in ("payee-asked", "duplicate", ""):
        assert reversal_refusal(other, incoming, from_payer_bank=True) is Reason.REVERSAL_GROUND


@pytest.mark.parametrize(
    ("fault", "returned", "rejected"),
    [
        ("AC03", "AC03", "AC03"),
        ("RC01", "RC01", "RC01"),
        ("BE04", "BE04", "BE04"),
        ("BE07", "RR02", "BE07"),  # a return has no code for the payer's address alone
        ("BE22", "RR03", "MS03"),
        ("AM03", "MS03", "AM03"),
        ("CH16", "MS03", "MS03"),
    ],
)
def test_what_the_other_bank_is_told_of_a_fault_is_in_the_list_of_the_answer(
    fault: str, returned: str, rejected: str
) -> None:
    assert fault_told(fault, instantly=False) == returned
    assert fault_told(fault, instantly=True) == rejected


def test_no_fault_is_told_by_a_code_that_the_answer_does_not_know() -> None:
    faults = {kind.iso for kind in _KINDS.values()}
    assert {fault_told(f, instantly=False) for f in faults} <= {str(r) for r in ReturnReason}
    assert {fault_told(f, instantly=True) for f in faults} <= {str(r) for r in RejectReason}
