"""Mandatory fields, identifiers and advice."""

import pytest

from teneur.agreements.agreement import Agreement
from teneur.agreements.terms.transfers import Field, Regime, TransferClass
from teneur.kernel.identifiers import make_rib
from teneur.payments.transfers.commands import PayeeAccount
from teneur.payments.transfers.rules.identifiers import (
    Advice,
    bic_waived,
    com_pacific_advice,
    executed_to,
    identifier_problem,
    missing_fields,
    payee_account_missing,
    payee_bank_missing,
)
from teneur.payments.transfers.rules.refusal import Reason
from tests.payments.rules.support import bnc, bred, geography, terms
from tests.support.asserts import asserts

SEPA, LOCAL = TransferClass.SEPA, TransferClass.LOCAL
COM, INTERNATIONAL = TransferClass.COM_PACIFIC, TransferClass.INTERNATIONAL
IBAN = make_rib("10107", "00001", "12345").iban
WRONG_IBAN = IBAN[:-1] + ("0" if IBAN[-1] != "0" else "1")
ACCOUNT, ADDRESS = Field.PAYEE_ACCOUNT_NUMBER, Field.PAYEE_ADDRESS
BIC, BANK = Field.PAYEE_BIC, Field.PAYEE_BANK_NAME
ALL = frozenset(Field)


def lacking(agreement: Agreement, kind: TransferClass, given: frozenset[Field]) -> tuple[Field, ...]:
    return missing_fields(given, kind, terms(agreement).identifiers)


def account(
    agreement: Agreement, kind: TransferClass, *given: Field, regime: Regime = Regime.OUTSIDE
) -> tuple[Field, ...]:
    return payee_account_missing(given, kind, regime, terms(agreement).identifiers)


def bank(
    agreement: Agreement,
    kind: TransferClass,
    *given: Field,
    places: tuple[str, str],
    regime: Regime = Regime.OUTSIDE,
) -> tuple[Field, ...]:
    identifiers = terms(agreement).identifiers
    waived = bic_waived(given, kind, places, identifiers, geography(agreement))
    return payee_bank_missing(given, kind, regime, identifiers, waived=waived)


@asserts("BRED-A3-2.1.1-1")
@pytest.mark.parametrize("kind", [SEPA, COM, INTERNATIONAL])
def test_no_transfer_is_processed_from_incomplete_or_wrong_information(kind: TransferClass) -> None:
    assert lacking(bred(), kind, ALL) == ()
    assert lacking(bred(), kind, ALL - {Field.PAYEE_NAME}) == (Field.PAYEE_NAME,)
    assert lacking(bred(), kind, ALL - {Field.AMOUNT}) == (Field.AMOUNT,)
    assert identifier_problem(WRONG_IBAN) is Reason.IBAN_INVALID
    assert identifier_problem(IBAN) is None


@asserts("BRED-A3-2.1.1-2")
def test_a_euro_transfer_needs_the_payees_iban_on_a_complete_form() -> None:
    assert account(bred(), SEPA, ACCOUNT, ADDRESS) == (Field.PAYEE_IBAN,)
    assert account(bred(), SEPA, Field.PAYEE_IBAN) == ()
    assert account(bred(), COM, ACCOUNT, ADDRESS) == (Field.PAYEE_IBAN,)
    assert lacking(bred(), SEPA, frozenset({Field.PAYEE_IBAN})) == (
        Field.DEBIT_ACCOUNT,
        Field.AMOUNT,
        Field.PAYEE_NAME,
    )
    assert identifier_problem(WRONG_IBAN) is Reason.IBAN_INVALID


@asserts("BRED-A3-2.1.2-1")
def test_an_instant_transfer_needs_a_valid_iban() -> None:
    assert account(bred(), SEPA) == (Field.PAYEE_IBAN,)
    assert account(bred(), SEPA, Field.PAYEE_IBAN) == ()
    assert identifier_problem(WRONG_IBAN) is Reason.IBAN_INVALID


@asserts("BRED-A3-2.1.1-5")
def test_an_order_in_another_currency_may_replace_iban_and_bic() -> None:
    assert lacking(bred(), INTERNATIONAL, ALL - {Field.CURRENCY}) == (Field.CURRENCY,)
    assert account(bred(), INTERNATIONAL, ACCOUNT, ADDRESS) == ()
    assert account(bred(), INTERNATIONAL, ACCOUNT) == (Field.PAYEE_IBAN,)
    places = ("FR", "US")
    assert bank(bred(), INTERNATIONAL, ACCOUNT, BANK, places=places) == ()
    assert bank(bred(), INTERNATIONAL, ACCOUNT, BIC, places=places) == ()
    assert bank(bred(), INTERNATIONAL, ACCOUNT, places=places) == (BIC,)


@asserts("BRED-3.1-19")
def test_the_unique_identifier_is_the_iban_and_the_bic_where_it_is_not_waived() -> None:
    assert account(bred(), SEPA, Field.PAYEE_NAME, regime=Regime.FULL) == (Field.PAYEE_IBAN,)
    assert account(bred(), SEPA, Field.PAYEE_IBAN, regime=Regime.FULL) == ()
    iban = Field.PAYEE_IBAN
    assert bank(bred(), INTERNATIONAL, iban, places=("FR", "SE"), regime=Regime.FULL) == (BIC,)
    assert bank(bred(), INTERNATIONAL, iban, BANK, places=("FR", "SE"), regime=Regime.FULL) == ()
    identifiers = terms(bred()).identifiers
    assert payee_bank_missing([iban], SEPA, Regime.FULL, identifiers, waived=False) == (BIC,)


@asserts("BRED-3.1-20")
@pytest.mark.parametrize("place", ["FR", "DE", "CH", "GB"])
def test_domestic_and_cross_border_sepa_orders_need_no_bic(place: str) -> None:
    assert bank(bred(), SEPA, Field.PAYEE_IBAN, places=("FR", place)) == ()
    assert bank(bred(), COM, Field.PAYEE_IBAN, places=("FR", "NC")) == ()
    assert bank(bred(), INTERNATIONAL, Field.PAYEE_IBAN, places=("FR", place)) == (BIC,)
    assert bank(bred(), SEPA, Field.PAYEE_IBAN, places=("FR", "US")) == (BIC,)


@asserts("BRED-A3-2.1.1-8")
@pytest.mark.parametrize(
    ("iban", "bic", "advice"),
    [
        (IBAN, "BREDFRPP", Advice(warn=False)),
        (IBAN, "ABCDNCNM", Advice(warn=False)),
        (IBAN, "ABCDPFTP", Advice(warn=False)),
        (IBAN, "ABCDWFWF", Advice(warn=False)),
        (IBAN, "", Advice(warn=True)),
        (IBAN, "ABCDDEFF", Advice(warn=True)),
        ("DE89370400440532013000", "BREDFRPP", Advice(warn=True)),
    ],
)
def test_a_pacific_order_without_the_recommended_pair_is_warned_about(
    iban: str, bic: str, advice: Advice
) -> None:
    assert com_pacific_advice(iban, bic, terms(bred()).identifiers) == advice


@asserts("BNC-6.1.3.4-2")
def test_at_the_other_bank_the_customer_must_accept_the_risk_of_rejection() -> None:
    identifiers = terms(bnc()).identifiers
    assert com_pacific_advice(IBAN, "BREDFRPP", identifiers) == Advice(warn=False)
    assert com_pacific_advice(IBAN, "", identifiers) == Advice(warn=True, needs_acceptance=True)
    foreign = com_pacific_advice("DE89370400440532013000", "BREDFRPP", identifiers)
    assert foreign == Advice(warn=True, needs_acceptance=True)


@asserts("BNC-6.1.3.1-1", "BNC-6.1.3.1-2")
@pytest.mark.parametrize("kind", [LOCAL, COM, INTERNATIONAL])
@pytest.mark.parametrize("field", [Field.PAYEE_NAME, Field.DEBIT_ACCOUNT, Field.AMOUNT])
def test_an_order_without_a_mandatory_field_is_refused(kind: TransferClass, field: Field) -> None:
    assert lacking(bnc(), kind, ALL) == ()
    assert lacking(bnc(), kind, ALL - {field}) == (field,)


@asserts("BNC-6.1.3.1-4")
def test_outside_new_caledonia_the_order_needs_iban_or_account_number_and_bic_or_bank_name() -> None:
    assert account(bnc(), COM, Field.PAYEE_IBAN) == ()
    assert account(bnc(), COM, ACCOUNT) == ()
    assert account(bnc(), COM, Field.PAYEE_NAME) == (Field.PAYEE_IBAN,)
    places = ("NC", "FR")
    assert bank(bnc(), COM, ACCOUNT, places=places) == (BIC,)
    assert bank(bnc(), COM, ACCOUNT, BANK, places=places) == ()
    assert bank(bnc(), COM, ACCOUNT, BIC, places=places) == ()


@asserts("BNC-6.1.3.2-3")
def test_a_local_transfer_needs_a_rib_or_an_iban_with_a_right_key() -> None:
    assert account(bnc(), LOCAL, Field.PAYEE_RIB, regime=Regime.FULL) == ()
    assert account(bnc(), LOCAL, Field.PAYEE_IBAN, regime=Regime.FULL) == ()
    assert account(bnc(), LOCAL, ACCOUNT, ADDRESS, regime=Regime.FULL) == (Field.PAYEE_IBAN,)
    assert identifier_problem(WRONG_IBAN) is Reason.IBAN_INVALID
    assert identifier_problem(IBAN) is None


@asserts("BNC-6.1.3.3-2")
def test_an_international_order_needs_payer_data_currency_account_with_address_and_bic() -> None:
    for field in (Field.PAYER_DATA, Field.CURRENCY, Field.DEBIT_ACCOUNT, Field.AMOUNT):
        assert lacking(bnc(), INTERNATIONAL, ALL - {field}) == (field,)
    assert account(bnc(), INTERNATIONAL, ACCOUNT, ADDRESS) == ()
    assert account(bnc(), INTERNATIONAL, ACCOUNT) == (Field.PAYEE_IBAN,)
    assert bank(bnc(), INTERNATIONAL, Field.PAYEE_IBAN, places=("NC", "AU")) == (BIC,)
    assert bank(bnc(), INTERNATIONAL, Field.PAYEE_IBAN, BIC, places=("NC", "AU")) == ()


@asserts("BNC-6.2.1-6")
def test_an_l133_1_order_needs_the_iban_and_the_bic_without_replacement() -> None:
    assert account(bnc(), INTERNATIONAL, ACCOUNT, ADDRESS, regime=Regime.FULL) == (Field.PAYEE_IBAN,)
    assert account(bnc(), INTERNATIONAL, Field.PAYEE_IBAN, regime=Regime.FULL) == ()
    abroad = ("NC", "DE")
    assert bank(bnc(), COM, Field.PAYEE_IBAN, BANK, places=abroad, regime=Regime.FULL) == (BIC,)
    assert bank(bnc(), COM, Field.PAYEE_IBAN, BIC, places=abroad, regime=Regime.FULL) == ()


@asserts("BNC-6.2.1-7")
@pytest.mark.parametrize("place", ["NC", "FR", "PF", "RE"])
def test_a_national_order_needs_only_the_ibans(place: str) -> None:
    for kind in (LOCAL, COM, INTERNATIONAL):
        assert bank(bnc(), kind, Field.PAYEE_IBAN, places=("NC", place), regime=Regime.FULL) == ()
        assert bank(bnc(), kind, Field.PAYEE_IBAN, places=("NC", "AU"), regime=Regime.FULL) == (BIC,)


@asserts("BNC-6.2.2.1-5")
def test_the_order_is_executed_on_the_identifier_whatever_the_name() -> None:
    given = PayeeAccount(iban=IBAN, account_number="1", bank_name="Another bank")
    assert executed_to(given, "Somebody Else") == IBAN
    assert executed_to(given, "") == IBAN


def test_a_bic_of_another_country_than_the_iban_is_a_material_error() -> None:
    assert identifier_problem(IBAN, "DEUTDEFF") is Reason.BIC_DOES_NOT_FIT
    assert identifier_problem(IBAN, "BREDFRPP") is None
    assert identifier_problem(IBAN, "NOTABIC") is Reason.BIC_INVALID
    assert identifier_problem("", "DEUTDEFF") is None
