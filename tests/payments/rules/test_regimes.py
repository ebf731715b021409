"""The legal regime of an operation and what it switches off."""

import pytest

from teneur.agreements.terms.transfers import Regime
from teneur.payments.transfers.rules.regimes import Duty, duty_applies, regime_of
from tests.payments.rules.support import bnc, bred, geography, terms
from tests.support.asserts import asserts


def bred_regime(currency: str, payer: str, payee: str) -> Regime:
    t = terms(bred())
    return regime_of(currency, payer, payee, t.regimes, t.routing.eea_currencies.value, geography(bred()))


def bnc_regime(currency: str, payer: str, payee: str) -> Regime:
    t = terms(bnc())
    return regime_of(currency, payer, payee, t.regimes, t.routing.eea_currencies.value, geography(bnc()))


@asserts("BRED-PREL-9")
@pytest.mark.parametrize("payee", ["FR", "GP", "GF", "MQ", "RE", "YT", "MF", "DE", "NO"])
@pytest.mark.parametrize("currency", ["EUR", "SEK"])
def test_euro_or_an_eea_currency_with_one_bank_in_france_and_the_other_in_the_eea_is_full(
    currency: str, payee: str
) -> None:
    assert bred_regime(currency, "FR", payee) is Regime.FULL
    assert bred_regime(currency, payee, "RE") is Regime.FULL


@asserts("BRED-PREL-9")
def test_full_needs_one_bank_in_the_listed_territories_and_the_other_in_the_eea() -> None:
    assert bred_regime("EUR", "DE", "IT") is Regime.OUTSIDE
    assert bred_regime("EUR", "FR", "CH") is not Regime.FULL
    assert bred_regime("EUR", "FR", "PM") is not Regime.FULL  # Saint-Pierre is not in the list
    assert bred_regime("USD", "FR", "DE") is not Regime.FULL


@asserts("BRED-PREL-9")
def test_every_duty_binds_in_the_full_regime() -> None:
    regimes = terms(bred()).regimes
    assert all(duty_applies(duty, Regime.FULL, regimes) for duty in Duty)


@asserts("BRED-PREL-10")
def test_dollars_within_the_eea_are_under_the_regime_without_four_articles() -> None:
    assert bred_regime("USD", "FR", "DE") is Regime.NON_EEA_CURRENCY
    assert bred_regime("XPF", "FR", "GP") is Regime.NON_EEA_CURRENCY
    assert bred_regime("SEK", "FR", "DE") is Regime.FULL
    regimes = terms(bred()).regimes
    off = {d for d in Duty if not duty_applies(d, Regime.NON_EEA_CURRENCY, regimes)}
    assert off == {
        Duty.FULL_AMOUNT,
        Duty.DELAY_OF_OTHER_OPERATIONS,
        Duty.MAXIMUM_EXECUTION_TIME,
        Duty.PAYEE_CREDIT,
        Duty.AVAILABILITY,
    }


@asserts("BRED-PREL-11")
@pytest.mark.parametrize("currency", ["EUR", "USD", "SEK"])
def test_one_leg_out_of_the_area_is_one_leg_whatever_the_currency(currency: str) -> None:
    assert bred_regime(currency, "FR", "US") is Regime.ONE_LEG
    assert bred_regime(currency, "US", "MF") is Regime.ONE_LEG
    assert bred_regime(currency, "US", "CA") is Regime.OUTSIDE


@asserts("BRED-PREL-11")
def test_one_leg_leaves_out_full_amount_execution_time_and_liability_only() -> None:
    regimes = terms(bred()).regimes
    off = {d for d in Duty if not duty_applies(d, Regime.ONE_LEG, regimes)}
    assert off == {Duty.FULL_AMOUNT, Duty.MAXIMUM_EXECUTION_TIME, Duty.EXECUTION_LIABILITY}


@asserts("BRED-PREL-12")
def test_the_partial_regime_is_for_a_payer_in_saint_pierre_or_saint_barthelemy_and_a_payee_abroad() -> None:
    assert bred_regime("EUR", "PM", "US") is Regime.PARTIAL
    assert bred_regime("USD", "BL", "DE") is Regime.PARTIAL
    assert bred_regime("EUR", "US", "PM") is Regime.OUTSIDE  # the payer's side decides
    assert bred_regime("EUR", "PM", "BL") is Regime.OUTSIDE


@asserts("BRED-A3-2.1.1-7")
def test_euro_with_the_pacific_has_its_own_regime_before_the_one_leg_case() -> None:
    assert bred_regime("EUR", "FR", "NC") is Regime.L712_8
    assert bred_regime("EUR", "PF", "WF") is Regime.L712_8
    assert bred_regime("XPF", "FR", "NC") is Regime.ONE_LEG


@asserts("BNC-DEF-8")
@pytest.mark.parametrize(
    ("currency", "payer", "payee"),
    [
        ("EUR", "FR", "DE"),
        ("SEK", "SE", "BL"),
        ("EUR", "PM", "PM"),
        ("EUR", "PM", "FR"),
        ("XPF", "NC", "NC"),
        ("XPF", "NC", "PF"),
        ("XPF", "WF", "FR"),
        ("XPF", "RE", "NC"),
    ],
)
def test_the_three_cases_of_l133_1_are_under_it(currency: str, payer: str, payee: str) -> None:
    assert bnc_regime(currency, payer, payee) is Regime.FULL
    assert duty_applies(Duty.REFUSAL_NOTICE, Regime.FULL, terms(bnc()).regimes)


@asserts("BNC-DEF-8")
@pytest.mark.parametrize(
    ("currency", "payer", "payee"),
    [
        ("SEK", "NC", "FR"),  # an EEA currency other than the euro
        ("XPF", "NC", "US"),
        ("XPF", "NC", "DE"),
        ("EUR", "NC", "DE"),
        ("USD", "NC", "NC"),
        ("XPF", "FR", "FR"),
    ],
)
def test_what_fits_no_case_is_outside_and_no_duty_binds(currency: str, payer: str, payee: str) -> None:
    assert bnc_regime(currency, payer, payee) is Regime.OUTSIDE
    assert not any(duty_applies(duty, Regime.OUTSIDE, terms(bnc()).regimes) for duty in Duty)


@asserts("BNC-DEF-11")
@pytest.mark.parametrize("there", ["FR", "GP", "MQ", "GF", "RE", "YT", "BL", "MF", "PM", "NC", "PF", "WF"])
def test_euro_of_the_pacific_is_under_l712_8_with_notice_and_full_amount(there: str) -> None:
    assert bnc_regime("EUR", "NC", there) is Regime.L712_8
    assert bnc_regime("EUR", there, "WF") is Regime.L712_8
    assert bnc_regime("USD", there, "NC") is Regime.OUTSIDE
    regimes = terms(bnc()).regimes
    assert duty_applies(Duty.REFUSAL_NOTICE, Regime.L712_8, regimes)
    assert duty_applies(Duty.FULL_AMOUNT, Regime.L712_8, regimes)


def test_every_currency_and_pair_of_places_has_exactly_one_regime() -> None:
    places = ["FR", "RE", "PM", "BL", "NC", "PF", "WF", "DE", "GB", "US"]
    for currency in ("EUR", "SEK", "XPF", "USD"):
        for payer in places:
            for payee in places:
                assert bred_regime(currency, payer, payee) in Regime
                assert bnc_regime(currency, payer, payee) in Regime
