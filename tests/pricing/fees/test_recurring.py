"""Fees for periods: in proportion to the days, given back for the days that do not come."""

from datetime import date

import pytest

from teneur.bank import Bank
from teneur.kernel.commands import AccountId
from teneur.pricing.fees.commands import ChargePeriod, SettleFees
from teneur.pricing.fees.facts import FeeStatus
from teneur.pricing.fees.rules import recurring
from teneur.pricing.fees.rules.recurring import Span
from tests.pricing.fees.making import BNC_ID, BRED_ID, collect, day_asks, fee_at, fees, give_terms, raise_fee
from tests.support.asserts import asserts
from tests.support.bank import BNC, BRED, accepted, move_clock, open_account, refused

YEAR = Span(date(2026, 1, 1), date(2026, 12, 31))
EVENT = "account-keeping"


@pytest.mark.parametrize(
    ("day", "months", "first", "last"),
    [
        (date(2026, 5, 4), 1, date(2026, 5, 1), date(2026, 5, 31)),
        (date(2028, 2, 29), 1, date(2028, 2, 1), date(2028, 2, 29)),
        (date(2026, 12, 31), 3, date(2026, 10, 1), date(2026, 12, 31)),
        (date(2026, 7, 1), 3, date(2026, 7, 1), date(2026, 9, 30)),
        (date(2026, 5, 4), 12, date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_periods_are_those_of_the_calendar(day: date, months: int, first: date, last: date) -> None:
    assert recurring.period_holding(day, months) == Span(first, last)
    assert recurring.span_of(str(Span(first, last))) == Span(first, last)
    assert recurring.span_of("cheque 7") is None


@asserts("BRED-11.3.4-1", "BNC-12.3-7")
@pytest.mark.parametrize(
    ("used", "minor"),
    [
        (YEAR, 3_650),
        (Span(date(2026, 1, 1), date(2026, 1, 1)), 10),
        (Span(date(2026, 12, 1), date(2027, 3, 1)), 310),
        (Span(date(2025, 1, 1), date(2025, 12, 31)), 0),
    ],
)
def test_a_period_is_owed_in_proportion_to_its_days(used: Span, minor: int) -> None:
    assert recurring.pro_rata_minor(3_650, YEAR, used) == minor


@asserts("BRED-11.3.4-1", "BNC-12.3-7")
def test_what_was_paid_ahead_comes_back_for_the_days_after_the_last_one() -> None:
    assert recurring.unearned_minor(3_650, YEAR, date(2026, 12, 30)) == 10
    assert recurring.unearned_minor(3_650, YEAR, date(2026, 12, 31)) == 0
    assert recurring.unearned_minor(3_650, YEAR, date(2027, 5, 1)) == 0
    leap = Span(date(2028, 1, 1), date(2028, 12, 31))
    assert recurring.unearned_minor(3_660, leap, date(2028, 2, 29)) == 3_060
    assert recurring.unearned_minor(1, YEAR, date(2026, 1, 1)) == 1


def test_a_period_is_charged_when_it_begins_or_ends_and_a_new_account_for_the_rest() -> None:
    opened = date(2026, 5, 4)
    assert recurring.charged_now(date(2026, 5, 5), opened, 12, in_advance=True) == [YEAR]
    assert recurring.charged_now(date(2026, 5, 6), opened, 12, in_advance=True) == []
    assert recurring.charged_now(date(2027, 1, 1), opened, 12, in_advance=True) == [
        Span(date(2027, 1, 1), date(2027, 12, 31))
    ]
    eve = date(2026, 12, 31)
    assert len(recurring.charged_now(date(2027, 1, 1), eve, 12, in_advance=True)) == 2
    assert recurring.charged_now(date(2026, 5, 5), opened, 3, in_advance=False) == []
    assert recurring.charged_now(date(2026, 7, 1), opened, 3, in_advance=False) == [
        Span(date(2026, 4, 1), date(2026, 6, 30))
    ]
    assert recurring.charged_now(date(2026, 7, 1), date(2026, 7, 1), 3, in_advance=False) == []


def charge(bank: Bank, account: AccountId, period: Span, at: str) -> object:
    """The bank's day charges a period."""
    move_clock(bank, at)
    ask = ChargePeriod(event=EVENT, first_day=period.first_day, last_day=period.last_day)
    return day_asks(bank, ask, account, at)


def priced(bank: Bank, series: str, minor: int) -> AccountId:
    """An account that pays for being kept, opened on 4 May."""
    account = open_account(bank, series)
    name, edition = (BRED_ID, "2022-06-01") if series == BRED else (BNC_ID, "2026-04-01")
    give_terms(
        bank, account, date(2026, 5, 4), {f"tariff.editions.{edition}.{EVENT}": {"fixed_minor": minor}}, name
    )
    return account


def test_an_account_opened_within_the_year_pays_for_the_rest_of_it_once(bank: Bank) -> None:
    account = priced(bank, BRED, 3_650)
    at = "2026-05-05T00:00:00+02:00"
    accepted(charge(bank, account, YEAR, at))  # type: ignore[arg-type]
    assert charge(bank, account, YEAR, at).reason == "already-charged"  # type: ignore[attr-defined]
    (fee,) = fees(bank, account)
    assert fee.about == "2026-05-04/2026-12-31"
    accepted(collect(bank, account, (fee.id, fee.line), at))
    assert bank.account(account).balance_minor == -2_420  # 242 days


def test_only_whole_periods_of_the_tariff_are_charged_and_nothing_where_it_is_free(bank: Bank) -> None:
    account = priced(bank, BRED, 3_650)
    odd = Span(date(2026, 1, 1), date(2026, 6, 30))
    at = "2026-05-05T00:00:00+02:00"
    assert charge(bank, account, odd, at).reason == "invalid-field"  # type: ignore[attr-defined]
    following = Span(date(2027, 1, 1), date(2027, 12, 31))
    assert charge(bank, account, following, at).reason == "not-collectable-yet"  # type: ignore[attr-defined]
    free = open_account(bank, BRED)
    assert charge(bank, free, YEAR, at).reason == "nothing-to-charge"  # type: ignore[attr-defined]


@asserts("BRED-11.3.4-1")
def test_when_the_account_ends_the_rest_of_the_year_comes_back(bank: Bank) -> None:
    account = priced(bank, BRED, 3_650)
    accepted(charge(bank, account, YEAR, "2026-05-05T00:00:00+02:00"))  # type: ignore[arg-type]
    (fee,) = fees(bank, account)
    accepted(collect(bank, account, (fee.id, fee.line), "2026-05-05T00:00:00+02:00"))
    at = "2026-12-02T00:00:00+01:00"
    move_clock(bank, at)
    answer = accepted(day_asks(bank, SettleFees(ends_on=date(2026, 12, 1)), account, at))
    assert bank.account(account).balance_minor == -2_420 + 300
    assert "BRED-11.3.4-1" in answer.citations
    assert fee_at(bank, account, (fee.id, fee.line)).refunded_minor == 300
    accepted(day_asks(bank, SettleFees(ends_on=date(2026, 12, 1)), account, at))
    assert bank.account(account).balance_minor == -2_420 + 300


@asserts("BNC-12.3-7")
def test_when_the_account_ends_the_quarter_is_owed_to_its_last_day(bank: Bank) -> None:
    account = priced(bank, BNC, 910)
    at = "2026-05-14T00:00:00+11:00"
    move_clock(bank, at)
    answer = accepted(day_asks(bank, SettleFees(ends_on=date(2026, 5, 13)), account, at))
    assert "BNC-12.3-7" in answer.citations
    (fee,) = fees(bank, account)
    accepted(collect(bank, account, (fee.id, fee.line), at))
    assert bank.account(account).balance_minor == -100  # 4 to 13 May: 10 days of 91


@asserts("BRED-11.3.1-2", "BNC-12.2.1-3")
@pytest.mark.parametrize(("series", "offset"), [(BRED, "+02:00"), (BNC, "+11:00")])
def test_when_the_account_ends_incident_fees_are_taken_without_their_notice(
    bank: Bank, series: str, offset: str
) -> None:
    account = open_account(bank, series)
    key = raise_fee(bank, account, "overdraft-letter", date(2026, 5, 5))
    at = f"2026-05-06T00:00:00{offset}"
    move_clock(bank, at)
    refused(collect(bank, account, key, at), "not-collectable-yet")
    accepted(day_asks(bank, SettleFees(ends_on=date(2026, 5, 6)), account, at))
    accepted(collect(bank, account, key, at))
    assert bank.account(account).balance_minor == -1_200
    assert fee_at(bank, account, key).status is FeeStatus.COLLECTED
