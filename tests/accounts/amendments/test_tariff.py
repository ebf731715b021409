"""A new tariff reaches an account only by the procedure; whoever is told late keeps old prices longer."""

from collections.abc import Iterator
from datetime import date

import pytest

from teneur.accounts.amendments.commands import HoldTariff
from teneur.accounts.amendments.facts import AmendmentStatus
from teneur.accounts.amendments.rules.notice import tariff_reaches
from teneur.bank import Bank, shipped_agreements
from teneur.kernel.commands import AccountId
from teneur.pricing.fees.rules.prices import price_in_force
from teneur.storage.database import Dsn
from tests.accounts.amendments.making import (
    BOTH,
    EVENT,
    NEW_FROM,
    NOW,
    OLD,
    apply,
    drawer,
    history,
    on,
    open_day,
    planned_tariff,
    told,
)
from tests.support.asserts import asserts
from tests.support.bank import BACK_OFFICE, BNC, BRED, CLERK, accepted, open_account, open_bank, refused

NEW_PRICE = 9_900
EVE, FIRST = date(2027, 1, 31), date(2027, 2, 1)
LATER = date(2027, 3, 1)


def price_on(bank: Bank, account: AccountId, day: date) -> int:
    """What the event costs the account on a day, in minor units."""
    found = price_in_force(EVENT, day, bank.agreement_for(bank.account(account), day).tariff)
    assert found is not None
    return found.value.fixed_minor


def old_price(series: str) -> int:
    found = price_in_force(EVENT, EVE, shipped_agreements()[OLD[series]].tariff)
    assert found is not None
    return found.value.fixed_minor


@asserts("BNC-4-4")
def test_at_bnc_a_new_tariff_reaches_whoever_was_told_in_time_and_nobody_else(bank: Bank) -> None:
    amendment = planned_tariff(bank, BNC)
    in_time, late, never = (open_account(bank, BNC) for _ in range(3))
    on(bank, date(2026, 12, 1), BNC, at="23:59:59")
    told(bank, in_time, amendment)
    on(bank, date(2026, 12, 31), BNC)
    told(bank, late, amendment)
    open_day(bank, EVE, BNC)  # tells the one who was forgotten; nothing proves that it was sent
    open_day(bank, FIRST, BNC)
    new = open_account(bank, BNC)
    before = old_price(BNC)
    assert before != NEW_PRICE
    assert [price_on(bank, a, EVE) for a in (in_time, late, never)] == [before] * 3
    assert [price_on(bank, a, FIRST) for a in (in_time, late, never, new)] == [
        NEW_PRICE, before, before, NEW_PRICE,
    ]  # fmt: skip
    open_day(bank, date(2027, 2, 28), BNC)
    assert price_on(bank, late, date(2027, 2, 27)) == before
    assert price_on(bank, late, date(2027, 2, 28)) == NEW_PRICE
    open_day(bank, date(2027, 6, 1), BNC)
    assert price_on(bank, never, date(2027, 6, 1)) == before
    statuses = [history(bank, a)[0].status for a in (in_time, late, never)]
    tacit = AmendmentStatus.ACCEPTED_TACITLY
    assert statuses == [tacit, tacit, AmendmentStatus.TOLD]


@asserts("BRED-11.2.1-1", "BRED-11.2.1-2")
def test_at_bred_a_new_tariff_goes_the_same_way(bank: Bank) -> None:
    amendment = planned_tariff(bank, BRED)
    in_time, never = open_account(bank), open_account(bank)
    told(bank, in_time, amendment)
    open_day(bank, FIRST)
    assert price_on(bank, in_time, FIRST) == NEW_PRICE
    assert price_on(bank, never, FIRST) == old_price(BRED)


@asserts("BNC-4-4")
def test_at_bnc_an_edition_without_any_campaign_reaches_new_accounts_only(bank: Bank) -> None:
    account = open_account(bank, BNC)
    answers = open_day(bank, FIRST, BNC)
    assert all("BNC-4-4" in accepted(a).citations for a in answers)
    assert len(answers) == 1
    assert price_on(bank, account, FIRST) == old_price(BNC)
    assert open_day(bank, date(2027, 2, 2), BNC) == []


@asserts("BNC-4-4")
@pytest.mark.parametrize(
    ("opened_on", "settled", "reaches"),
    [(EVE, False, False), (EVE, True, True), (FIRST, False, True), (LATER, False, True)],
)
def test_the_procedure_brings_a_tariff_to_whoever_ran_before_it(
    opened_on: date, settled: bool, reaches: bool
) -> None:
    terms = shipped_agreements()[OLD[BNC]].amendments
    assert tariff_reaches(FIRST, opened_on, terms, settled=settled) is reaches


def test_a_tariff_is_held_on_its_first_day_by_the_bank_alone(bank: Bank) -> None:
    account = open_account(bank)
    on(bank, EVE, BRED, at="23:59:59")
    hold = HoldTariff(edition="2027-02-01")
    refused(bank.ask(hold, account), "not-yet")
    on(bank, FIRST, BRED)
    refused(bank.ask(hold, account, actor=CLERK), "not-authorised")
    refused(bank.ask(HoldTariff(edition="soon"), account), "unknown-edition")
    young = open_account(bank)
    refused(bank.ask(hold, young), "nothing-to-change")
    accepted(bank.ask(hold, account, actor=BACK_OFFICE))


@pytest.fixture
def two_tariffs(database: Dsn) -> Iterator[Bank]:
    with open_bank(database, at=NOW, agreements=drawer("2027-02-01", "2027-03-01")) as opened:
        yield opened


def test_one_edition_may_be_held_while_the_one_before_it_comes_late(two_tariffs: Bank) -> None:
    bank = two_tariffs
    first = planned_tariff(bank, BRED, "2027-02-01")
    second = planned_tariff(bank, BRED, "2027-03-01", applies_on=LATER)
    account = open_account(bank)
    on(bank, date(2026, 12, 20), BRED)
    told(bank, account, first)
    open_day(bank, FIRST)
    assert price_on(bank, account, date(2027, 2, 19)) == old_price(BRED)
    open_day(bank, date(2027, 2, 20))
    agreement = bank.agreement_for(bank.account(account), date(2027, 2, 20))
    assert agreement.tariff.held_on.value is None
    told_on = date(2027, 2, 25)
    on(bank, told_on, BRED)
    if all(entry.amendment.id != second for entry in history(bank, account)):
        told(bank, account, second)
    open_day(bank, LATER)
    held = bank.agreement_for(bank.account(account), LATER).tariff.held_on.value
    assert held == date(2027, 2, 28)


@pytest.mark.parametrize("series", BOTH)
def test_a_law_brings_a_tariff_at_once(bank: Bank, series: str) -> None:
    account = open_account(bank, series)
    on(bank, NEW_FROM, series)
    reference = "Arrêté du 2 janvier 2027"
    amendment = planned_tariff(bank, series, imposed_by_law=True, legal_reference=reference)
    open_day(bank, FIRST, series)
    assert price_on(bank, account, FIRST) == NEW_PRICE
    refused(apply(bank, account, amendment), "applied-already")
