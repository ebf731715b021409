"""Rules of cash beside their clauses, in both zones, without a database."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from teneur.accounts.governing import Governing, GoverningTerms
from teneur.agreements.terms.cash import CashCutOff, CashForm
from teneur.agreements.terms.tariff import ValuedOperation
from teneur.bank import shipped_agreements
from teneur.cash import rules
from teneur.cash.denominations import DENOMINATIONS, exists
from teneur.kernel.clock import instant
from tests.support.asserts import asserts
from tests.support.bank import MAIN_BRANCH
from tests.support.tariffs import stating

NOTES, COINS = CashForm.BANKNOTES, CashForm.COINS


def terms(agreement_id: str) -> GoverningTerms:
    agreements = shipped_agreements()
    return Governing(agreements).of_agreement(agreements[agreement_id])


def received(agreement_id: str, at: str, branch: str = MAIN_BRANCH) -> date:
    governing = terms(agreement_id)
    return rules.received_on(
        instant(at), branch, governing.agreement.cash, governing.calendars, governing.zone
    )


@asserts("BRED-A5-T-20", "BRED-A1-1.2-3")
@pytest.mark.parametrize(
    ("at", "day"),
    [
        ("2026-05-04T17:30:00+02:00", date(2026, 5, 4)),  # the very closing
        ("2026-05-04T17:30:00.000001+02:00", date(2026, 5, 5)),
        ("2026-05-04T23:59:59.999999+02:00", date(2026, 5, 5)),
        (
            "2026-05-07T17:31:00+02:00",
            date(2026, 5, 11),
        ),  # the eve of a holiday, then a bridge of the weekend
        ("2026-05-08T10:00:00+02:00", date(2026, 5, 11)),  # 8 May, a Friday
        ("2026-05-09T10:00:00+02:00", date(2026, 5, 11)),  # a Saturday
        ("2026-04-03T10:00:00+02:00", date(2026, 4, 7)),  # Good Friday: TARGET is closed
        ("2028-02-29T17:30:00+01:00", date(2028, 2, 29)),
        ("2028-02-29T17:30:01+01:00", date(2028, 3, 1)),
        ("2026-10-26T17:30:00+01:00", date(2026, 10, 26)),  # the day after summer time ends
    ],
)
def test_at_bred_cash_after_the_branch_closes_is_received_the_next_business_day(at: str, day: date) -> None:
    assert received("bred-2022-06", at) == day


@asserts("BRED-A5-T-20")
def test_the_closing_that_counts_is_that_of_the_branch_where_cash_is_paid_in() -> None:
    saturday = "2026-05-16T12:59:00+02:00"
    assert received("bred-2022-06", saturday) == date(2026, 5, 18)
    assert received("bred-2022-06", saturday, "00002") == date(2026, 5, 16)
    assert received("bred-2022-06", "2026-05-16T13:01:00+02:00", "00002") == date(2026, 5, 19)


@asserts("BNC-6.1.1.2-3")
@pytest.mark.parametrize(
    ("at", "day"),
    [
        ("2026-05-04T15:30:00+11:00", date(2026, 5, 4)),
        ("2026-05-04T15:30:00.000001+11:00", date(2026, 5, 5)),
        ("2026-05-09T10:00:00+11:00", date(2026, 5, 11)),  # a Saturday
        ("2026-09-24T10:00:00+11:00", date(2026, 9, 25)),  # New Caledonia's own holiday
        ("2026-04-03T10:00:00+11:00", date(2026, 4, 3)),  # Good Friday closes TARGET, not the local clearing
        ("2026-12-31T15:31:00+11:00", date(2027, 1, 4)),
    ],
)
def test_at_bnc_cash_on_a_closed_day_is_received_the_next_business_day(at: str, day: date) -> None:
    assert received("bnc-2026-04", at) == day


def test_without_a_cut_off_the_whole_day_counts() -> None:
    governing = terms("bnc-2026-04")
    cash = governing.agreement.cash
    free = replace(cash, counter_cut_off=replace(cash.counter_cut_off, value=CashCutOff.NONE))
    at = instant("2026-05-04T23:59:59+11:00")
    assert rules.received_on(at, MAIN_BRANCH, free, governing.calendars, governing.zone) == date(2026, 5, 4)


@asserts("BRED-A1-1.2.1-1")
def test_at_bred_cash_is_available_and_valued_on_the_day_of_reception() -> None:
    agreement = terms("bred-2022-06").agreement
    assert rules.available_on(date(2026, 5, 4), agreement.cash) == date(2026, 5, 4)
    for stated_days in (-1, 0, 1):
        tariff = stating(agreement, ValuedOperation.CASH_DEPOSIT, stated_days)
        assert rules.valued_on(date(2026, 5, 4), agreement.cash, tariff) == date(2026, 5, 4)


@asserts("BNC-6.1.1.2-1", "BNC-5-2")
def test_at_bnc_cash_is_available_and_valued_on_the_day_of_reception() -> None:
    agreement = terms("bnc-2026-04").agreement
    assert rules.available_on(date(2028, 2, 29), agreement.cash) == date(2028, 2, 29)
    for stated_days in (-1, 0, 1):
        tariff = stating(agreement, ValuedOperation.CASH_DEPOSIT, stated_days)
        assert rules.valued_on(date(2028, 2, 29), agreement.cash, tariff) == date(2028, 2, 29)


@asserts("BNC-6.1.1.1-1")
def test_at_bnc_the_counter_takes_notes_and_no_coins() -> None:
    cash = terms("bnc-2026-04").agreement.cash
    assert rules.accepts([NOTES, NOTES], cash)
    assert not rules.accepts([NOTES, COINS], cash)
    assert not rules.accepts([COINS], cash)


@asserts("BRED-A1-1.1.2-8")
def test_at_bred_consent_to_a_deposit_ends_with_its_reception() -> None:
    cash = terms("bred-2022-06").agreement.cash
    assert rules.can_be_withdrawn(False, cash)
    assert not rules.can_be_withdrawn(True, cash)


@asserts("BNC-6.1.1.1-11")
def test_at_bnc_consent_to_a_deposit_ends_with_its_reception() -> None:
    cash = terms("bnc-2026-04").agreement.cash
    assert rules.can_be_withdrawn(False, cash)
    assert not rules.can_be_withdrawn(True, cash)


def test_notes_and_coins_are_those_that_exist() -> None:
    assert exists("EUR", NOTES, 50_000)
    assert not exists("EUR", NOTES, 100_000)
    assert not exists("EUR", COINS, 500)
    assert exists("XPF", NOTES, 10_000)
    assert not exists("XPF", NOTES, 2_000)
    assert exists("USD", NOTES, 500)
    assert exists("JPY", NOTES, 10_000)
    assert not exists("USD", COINS, 25)
    assert not exists("KWD", NOTES, 1_000)
    for currency, form in product(("EUR", "XPF"), CashForm):
        assert DENOMINATIONS[currency, form]
