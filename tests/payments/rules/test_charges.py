"""Who bears the charges."""

import pytest

from teneur.agreements.agreement import Agreement
from teneur.agreements.terms.transfers import ChargeOption, TransferClass
from teneur.payments.transfers.rules.charges import (
    ChargeAnswer,
    amount_passed_on,
    charge_option,
    charge_situation,
)
from tests.payments.rules.support import bnc, bred, terms
from tests.support.asserts import asserts

SHA, OUR, BEN = ChargeOption.SHA, ChargeOption.OUR, ChargeOption.BEN
SEPA, LOCAL = TransferClass.SEPA, TransferClass.LOCAL
COM, INTERNATIONAL = TransferClass.COM_PACIFIC, TransferClass.INTERNATIONAL


def answers(
    agreement: Agreement, kind: TransferClass, *, converted: bool = False, to_eea: bool = True
) -> list[ChargeAnswer]:
    """What becomes of no request, SHA, OUR and BEN."""
    situation = charge_situation(kind, converted=converted, payee_bank_in_eea=to_eea)
    return [charge_option(asked, situation, terms(agreement).charges) for asked in (None, SHA, OUR, BEN)]


FORCED = [
    ChargeAnswer(SHA),
    ChargeAnswer(SHA),
    ChargeAnswer(SHA, forced=True),
    ChargeAnswer(SHA, forced=True),
]
SHA_OR_BEN = [ChargeAnswer(SHA), ChargeAnswer(SHA), ChargeAnswer(SHA, forced=True), ChargeAnswer(BEN)]
FREE_CHOICE = [ChargeAnswer(SHA), ChargeAnswer(SHA), ChargeAnswer(OUR), ChargeAnswer(BEN)]


@asserts("BRED-3.1-8")
def test_without_conversion_each_bank_charges_its_own_customer() -> None:
    assert answers(bred(), SEPA) == FORCED
    assert answers(bred(), INTERNATIONAL) == FORCED  # an EEA currency within the EEA


@asserts("BRED-A3-1.4-2")
@pytest.mark.parametrize("to_eea", [True, False])
def test_sepa_charges_are_shared(to_eea: bool) -> None:
    assert answers(bred(), SEPA, to_eea=to_eea) == FORCED


@asserts("BRED-A3-1.4-3")
def test_the_payee_bears_the_charges_only_on_request_after_a_conversion_and_outside_the_eea() -> None:
    assert answers(bred(), SEPA, converted=True, to_eea=False) == SHA_OR_BEN
    assert answers(bred(), SEPA, converted=True, to_eea=True) == FORCED
    assert answers(bred(), SEPA, converted=False, to_eea=False) == FORCED


@asserts("BRED-A3-1.4-4")
@pytest.mark.parametrize("converted", [True, False])
def test_a_transfer_outside_sepa_to_a_bank_of_the_eea_is_shared_in_any_currency(converted: bool) -> None:
    assert answers(bred(), INTERNATIONAL, converted=converted) == FORCED


@asserts("BRED-A3-1.4-5")
@pytest.mark.parametrize("converted", [True, False])
def test_towards_a_bank_outside_the_eea_the_parties_may_agree_on_either(converted: bool) -> None:
    assert answers(bred(), INTERNATIONAL, converted=converted, to_eea=False) == FREE_CHOICE


@asserts("BRED-A3-2.1.1-9")
def test_pacific_transfers_have_the_charges_of_sepa() -> None:
    assert answers(bred(), COM, to_eea=False) == FORCED


@asserts("BNC-6.1.3.1-22")
def test_local_transfers_are_shared() -> None:
    assert answers(bnc(), LOCAL, to_eea=False) == FORCED


@asserts("BNC-6.1.3.1-23")
@pytest.mark.parametrize("kind", [LOCAL, COM])
@pytest.mark.parametrize("to_eea", [True, False])
def test_after_an_exchange_the_payer_may_leave_the_charges_to_the_payee_or_share(
    kind: TransferClass, to_eea: bool
) -> None:
    assert answers(bnc(), kind, converted=True, to_eea=to_eea) == SHA_OR_BEN


@asserts("BNC-6.1.3.1-24")
@pytest.mark.parametrize("converted", [True, False])
@pytest.mark.parametrize("to_eea", [True, False])
def test_abroad_the_charges_are_shared_unless_it_is_agreed_otherwise(converted: bool, to_eea: bool) -> None:
    assert answers(bnc(), INTERNATIONAL, converted=converted, to_eea=to_eea) == FREE_CHOICE


@asserts("BRED-3.1-7", "BNC-6.1.3.1-21")
def test_the_whole_amount_goes_on_and_fees_are_apart() -> None:
    assert amount_passed_on(100_00, 15_00, full_amount_binds=True) == 100_00
    assert amount_passed_on(100_00, 15_00, full_amount_binds=False) == 85_00
