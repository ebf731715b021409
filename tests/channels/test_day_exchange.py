"""Exchange in the bank's day: orders and cash wait until a rate of the day is loaded, then go once."""

from collections.abc import Iterator
from datetime import date

import pytest

from teneur.agreements.terms.cash import CashForm
from teneur.agreements.terms.transfers import StartCondition
from teneur.bank import Bank
from teneur.cash.commands import CashDeposit, Pieces
from teneur.channels.day.job import advance
from teneur.kernel.clock import instant
from teneur.kernel.commands import Channel
from teneur.payments.transfers.commands import Start
from teneur.payments.transfers.facts import OrderStatus
from tests.conftest import Databases
from tests.payments.transfers.world import AMERICAN, open_world, send
from tests.support.asserts import asserts
from tests.support.bank import BRED, CLERK, MAIN_BRANCH, accepted, move_clock, open_account
from tests.support.exchange import load_rates, quote
from tests.support.transfers import balance, order_of

FRIDAY = date(2026, 5, 15)


@pytest.fixture
def bank(databases: Databases) -> Iterator[Bank]:
    dsn = databases.create()
    with open_world(dsn, ("USD",)) as opened:
        load_rates(opened, quote("USD/EUR", "0.90", "2026-05-04T03:00:00+02:00"))
        yield opened
    databases.drop(dsn)


@asserts("BRED-3.5.3-1")
def test_a_due_order_waits_for_a_rate_of_its_day_and_goes_once(bank: Bank) -> None:
    """0.95 × 1.015 = 0.96425."""
    payer = open_account(bank, BRED, funds_minor=100_000)
    day = date(2026, 5, 6)
    order = accepted(
        send(bank, {BRED: payer}, BRED, AMERICAN, "USD", 10_000, "2026-05-04T09:00:00+02:00", agreed_on=day)
    )
    report = advance(bank, day)
    assert (report.executed, report.refused) == ([], [])
    assert any("no exchange rate of the day" in problem for problem in report.problems)
    assert order_of(bank, payer, order).status is OrderStatus.SCHEDULED
    move_clock(bank, "2026-05-06T09:00:00+02:00")
    load_rates(bank, quote("USD/EUR", "0.95", "2026-05-06T09:00:00+02:00"))
    for expected in (1, 0):
        assert len(advance(bank, day).executed) == expected
    assert order_of(bank, payer, order).status is OrderStatus.SENT
    assert order_of(bank, payer, order).debit_minor == 9_643


def test_an_order_that_waits_for_funds_waits_for_a_rate_too_but_not_for_ever(bank: Bank) -> None:
    payer = open_account(bank, BRED)
    until = date(2026, 5, 7)
    start = Start(StartCondition.FUNDS_AVAILABLE, until_on=until)
    order = accepted(
        send(bank, {BRED: payer}, BRED, AMERICAN, "USD", 10_000, "2026-05-04T09:00:00+02:00", start=start)
    )
    assert order_of(bank, payer, order).status is OrderStatus.WAITING
    assert advance(bank, until).refused == []
    assert [reason for _, _, reason in advance(bank, date(2026, 5, 8)).refused] == ["insufficient-funds"]


@asserts("BRED-A1-1.2.2-2", "BRED-A1-1.1.2-7")
def test_late_cash_is_converted_once_on_its_day_when_the_rate_is_there(bank: Bank) -> None:
    account = open_account(bank, BRED)
    ask = CashDeposit(
        currency="USD",
        pieces=(Pieces(CashForm.BANKNOTES, 10_000, 1),),
        branch=MAIN_BRANCH,
        depositor="Marie Dupont",
    )
    at = instant("2026-05-13T11:00:00+02:00")  # Thursday the 14th is Ascension
    accepted(bank.ask(ask, account, actor=CLERK, channel=Channel.BRANCH, at=at))
    report = advance(bank, FRIDAY)
    assert balance(bank, account) == 0
    assert any(problem.startswith("cash of 1/") for problem in report.problems)
    move_clock(bank, "2026-05-15T08:00:00+02:00")
    load_rates(bank, quote("USD/EUR", "0.95", "2026-05-15T08:00:00+02:00"))
    assert advance(bank, FRIDAY).done["cash converted"] == 1
    assert "cash converted" not in advance(bank, FRIDAY).done
    assert balance(bank, account) == 9_358 - 400  # 0.95 × 0.985 = 0.93575; the least commission, apart
