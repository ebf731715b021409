"""Counterparty, timing and class of a transfer."""

from datetime import date

import pytest

from teneur.agreements.terms.transfers import Field, StartCondition, Timing, TransferClass
from teneur.payments.transfers.commands import Start
from teneur.payments.transfers.rules.geography import Bank
from teneur.payments.transfers.rules.routing import (
    Counterparty,
    bank_completes,
    counterparty,
    is_com_pacific,
    is_local,
    timing_of,
    transfer_class,
)
from tests.payments.rules.support import (
    AMERICAN_BANK,
    BNC_BANK,
    BRED_BANK,
    FRENCH_BANK,
    GERMAN_BANK,
    NOUMEA_BANK,
    THURSDAY,
    bnc,
    bred,
    geography,
    terms,
)
from tests.support.asserts import asserts

SEPA, LOCAL = TransferClass.SEPA, TransferClass.LOCAL
COM, INTERNATIONAL = TransferClass.COM_PACIFIC, TransferClass.INTERNATIONAL


def bred_class(currency: str, payee: Bank, payer: Bank = BRED_BANK) -> TransferClass:
    return transfer_class(currency, payer, payee, terms(bred()).routing, geography(bred()))


def bnc_class(currency: str, payee: Bank, payer: Bank = BNC_BANK) -> TransferClass:
    return transfer_class(currency, payer, payee, terms(bnc()).routing, geography(bnc()))


@asserts("BRED-A3-1.1-1")
def test_a_transfer_goes_to_or_comes_from_the_customers_own_account_or_a_third_party() -> None:
    assert counterparty([1, 2], [2]) is Counterparty.OWN
    assert counterparty([1, 2], [3]) is Counterparty.THIRD_PARTY


@asserts("BNC-6.1.3.1-5")
def test_a_transfer_may_go_to_a_third_party_or_to_the_customers_own_account_here_or_elsewhere() -> None:
    assert counterparty([7], [8]) is Counterparty.THIRD_PARTY
    assert counterparty([7], [7]) is Counterparty.OWN
    assert counterparty([7], [], declared_own=True) is Counterparty.OWN
    assert counterparty([7], []) is Counterparty.THIRD_PARTY


@asserts("BNC-6.1.3.1-20", "BNC-6.1.3.2-11")
def test_a_transfer_received_comes_from_the_customer_himself_or_from_a_third_party() -> None:
    assert counterparty([7], [7, 9]) is Counterparty.OWN
    assert counterparty([7], [9]) is Counterparty.THIRD_PARTY


@asserts("BRED-A3-1.2-1", "BNC-6.1.3.1-6")
@pytest.mark.parametrize(
    ("agreed", "repeats", "timing"),
    [
        (None, False, Timing.IMMEDIATE),
        (THURSDAY, False, Timing.DEFERRED),
        (Start(StartCondition.FUNDS_AVAILABLE), False, Timing.DEFERRED),
        (THURSDAY, True, Timing.STANDING),
    ],
)
def test_an_order_is_immediate_deferred_or_standing(
    agreed: object | None, repeats: bool, timing: Timing
) -> None:
    assert timing_of(agreed, repeats=repeats) is timing


@asserts("BRED-A3-1.3-1", "BRED-PREL-5")
@pytest.mark.parametrize("place", ["FR", "GP", "RE", "DE", "NO", "CH", "GB", "AD", "VA", "GI", "MC", "SM"])
def test_a_euro_transfer_within_the_sepa_list_is_sepa(place: str) -> None:
    assert bred_class("EUR", Bank(place)) is SEPA


@asserts("BRED-A3-1.3-1", "BRED-PREL-5")
@pytest.mark.parametrize(
    ("currency", "place"), [("EUR", "US"), ("EUR", "AL"), ("EUR", "JE"), ("SEK", "SE"), ("USD", "FR")]
)
def test_every_other_transfer_is_international(currency: str, place: str) -> None:
    assert bred_class(currency, Bank(place)) is INTERNATIONAL


@asserts("BRED-A3-1.3-1")
def test_a_transfer_coming_in_from_outside_sepa_is_international() -> None:
    assert bred_class("EUR", BRED_BANK, payer=AMERICAN_BANK) is INTERNATIONAL
    assert bred_class("EUR", BRED_BANK, payer=GERMAN_BANK) is SEPA


@asserts("BRED-A3-2.1.1-7", "BRED-PREL-5")
@pytest.mark.parametrize("place", ["NC", "PF", "WF"])
def test_euro_between_france_and_the_pacific_is_com_pacific_never_sepa(place: str) -> None:
    assert bred_class("EUR", Bank(place)) is COM
    assert bred_class("EUR", BRED_BANK, payer=Bank(place)) is COM
    assert bred_class("EUR", Bank("PF"), payer=Bank(place)) is COM  # between the territories too


@asserts("BRED-A3-2.1.1-7")
def test_the_pacific_service_is_for_euro_and_for_no_other_sepa_country() -> None:
    assert bred_class("EUR", Bank("NC"), payer=GERMAN_BANK) is INTERNATIONAL
    assert bred_class("XPF", Bank("NC")) is INTERNATIONAL
    assert bred_class("EUR", Bank("NC"), payer=Bank("PM")) is COM


@asserts("BNC-6.1.3.2-1")
def test_local_is_pacific_francs_between_two_banks_of_new_caledonia() -> None:
    assert bnc_class("XPF", NOUMEA_BANK) is LOCAL
    assert bnc_class("XPF", BNC_BANK) is LOCAL
    assert bnc_class("EUR", NOUMEA_BANK) is not LOCAL
    assert bnc_class("XPF", Bank("WF")) is not LOCAL
    routing = terms(bnc()).routing
    assert is_local("XPF", BNC_BANK, NOUMEA_BANK, routing)
    assert not is_local("USD", BNC_BANK, NOUMEA_BANK, routing)
    assert not is_local("XPF", FRENCH_BANK, NOUMEA_BANK, routing)


@asserts("BNC-6.1.3.2-4")
def test_the_payee_bank_of_a_local_transfer_is_in_new_caledonia_whatever_the_leftover_of_the_text() -> None:
    assert bnc_class("XPF", NOUMEA_BANK) is LOCAL
    assert bnc_class("XPF", FRENCH_BANK) is INTERNATIONAL
    assert bnc_class("XPF", GERMAN_BANK) is INTERNATIONAL


@asserts("BNC-DEF-4")
def test_com_pacific_is_not_sepa_and_needs_a_bank_that_its_clearing_reaches() -> None:
    assert bnc_class("EUR", FRENCH_BANK) is COM
    assert bnc_class("EUR", Bank("FR", com_pacific=False)) is INTERNATIONAL
    assert bnc_class("EUR", GERMAN_BANK) is INTERNATIONAL
    assert bnc_class("XPF", FRENCH_BANK) is INTERNATIONAL


@asserts("BNC-6.1.3.4-1")
@pytest.mark.parametrize("place", ["FR", "GP", "MQ", "GF", "RE", "YT", "BL", "MF", "PM", "PF", "WF", "NC"])
def test_euro_with_any_part_of_the_republic_is_com_pacific(place: str) -> None:
    reachable = Bank(place, com_pacific=True)
    assert is_com_pacific("EUR", BNC_BANK, reachable, terms(bnc()).routing)
    assert is_com_pacific("EUR", reachable, BNC_BANK, terms(bnc()).routing)
    assert not is_com_pacific("USD", BNC_BANK, reachable, terms(bnc()).routing)


@asserts("BNC-6.1.3.3-1")
@pytest.mark.parametrize(
    ("currency", "bank"),
    [
        ("EUR", Bank("FR")),  # in the Republic, not reachable
        ("EUR", Bank("PF")),
        ("EUR", Bank("DE", com_pacific=True)),  # outside the Republic
        ("XPF", Bank("PF", com_pacific=True)),
        ("AUD", Bank("AU")),
    ],
)
def test_an_unreachable_bank_and_a_bank_outside_the_republic_are_international(
    currency: str, bank: Bank
) -> None:
    assert bnc_class(currency, bank) is INTERNATIONAL
    assert bnc_class("EUR", FRENCH_BANK) is COM


@asserts("BNC-6.1.3.1-3")
def test_an_order_that_leaves_new_caledonia_is_completed_with_the_payers_data() -> None:
    assert bank_completes(BNC_BANK, FRENCH_BANK) == (Field.PAYER_DATA,)
    assert bank_completes(BNC_BANK, NOUMEA_BANK) == ()


@asserts("BNC-DEF-2")
def test_the_eea_of_the_terms_is_the_union_with_iceland_liechtenstein_and_norway() -> None:
    where = geography(bnc())
    assert all(where.in_eea(place) for place in ("FR", "DE", "HR", "IS", "LI", "NO"))
    assert not any(where.in_eea(place) for place in ("GB", "CH", "NC", "MC"))
    assert geography(bnc(), date(2020, 12, 31)).in_eea("GB")


@asserts("BNC-DEF-3")
def test_the_sepa_of_the_terms_takes_the_longer_list_and_leaves_the_pacific_out() -> None:
    where = geography(bnc())
    assert all(where.in_sepa(p) for p in ("FR", "RE", "PM", "GB", "VA", "AD", "JE", "GG", "IM", "CH", "MC"))
    assert not any(where.in_sepa(place) for place in ("NC", "PF", "WF", "US", "GI"))
