"""Orders through the real engine: done at once, sent, kept for their day, refused."""

from collections.abc import Iterator
from datetime import date, datetime

import pytest

from teneur.bank import Bank
from teneur.kernel.clock import SimulatedClock, instant
from teneur.kernel.commands import AccountId, Answer, Channel, Outcome
from teneur.payments.transfers.commands import ExecuteTransfer, PayeeAccount, PlaceTransfer, RevokeTransfer
from teneur.storage.database import Dsn
from tests.support.bank import BNC, BRED, open_account, open_bank

MORNING = "2026-05-05T10:00:00+02:00"


@pytest.fixture
def bank(database: Dsn) -> Iterator[Bank]:
    with open_bank(database) as opened:
        yield opened


def iban_of(bank: Bank, account: AccountId) -> str:
    return bank.account(account).iban


def pay(bank: Bank, payer: AccountId, iban: str, amount_minor: int, at: str = MORNING, **more: object) -> Answer:
    holder = bank.account(payer).holders[0]
    currency = bank.account(payer).currency
    channel = more.pop("channel", Channel.REMOTE)
    ask = PlaceTransfer(
        amount_minor=amount_minor, currency=currency, payee=PayeeAccount(name="Jean Payé", iban=iban), **more
    )
    return bank.ask(ask, payer, actor=holder, channel=channel, at=instant(at))


def test_an_order_before_the_cut_off_to_an_account_here_moves_the_money_at_once(bank: Bank) -> None:
    payer = open_account(bank, BRED, funds_minor=100_000)
    payee = open_account(bank, BRED)
    answer = pay(bank, payer, iban_of(bank, payee), 12_345)
    assert answer.outcome is Outcome.ACCEPTED, (answer, bank.record(answer))
    assert bank.account(payer).balance_minor == 87_655
    assert bank.account(payee).balance_minor == 12_345
    assert "BRED-A5-T-1" in answer.citations
    assert "BRED-A3-1.3-1" in answer.citations
    print(answer.citations, bank.record(answer))


def test_one_cent_more_than_is_available_is_refused_and_the_customer_is_to_be_told(bank: Bank) -> None:
    payer = open_account(bank, BRED, funds_minor=1_000)
    payee = open_account(bank, BRED)
    answer = pay(bank, payer, iban_of(bank, payee), 1_001)
    assert (answer.outcome, answer.reason) == (Outcome.REFUSED, "insufficient-funds")
    assert bank.account(payer).balance_minor == 1_000


def test_a_bnc_local_transfer(bank: Bank) -> None:
    payer = open_account(bank, BNC, funds_minor=100_000)
    payee = open_account(bank, BNC)
    answer = pay(bank, payer, iban_of(bank, payee), 5_000, at="2026-05-05T10:00:00+11:00")
    assert answer.outcome is Outcome.ACCEPTED, (answer, bank.record(answer))
    assert bank.account(payee).balance_minor == 5_000
    print(answer.citations, bank.record(answer))


def test_an_order_after_the_cut_off_waits_for_the_next_day_and_is_done_then(bank: Bank) -> None:
    payer = open_account(bank, BRED, funds_minor=100_000)
    payee = open_account(bank, BRED)
    answer = pay(bank, payer, iban_of(bank, payee), 12_345, at="2026-05-05T12:00:00.000001+02:00")
    assert answer.outcome is Outcome.ACCEPTED
    assert bank.account(payer).balance_minor == 100_000
    due = bank.ask(
        ExecuteTransfer(transfer=answer.position, due_on=date(2026, 5, 6)), payer, at=instant("2026-05-06T06:00:00+02:00")
    )
    assert due.outcome is Outcome.ACCEPTED, due
    assert bank.account(payee).balance_minor == 12_345


def test_an_order_to_another_bank_leaves_through_clearing(bank: Bank) -> None:
    payer = open_account(bank, BRED, funds_minor=100_000)
    answer = pay(bank, payer, "FR7630006000011234567890189", 12_345)
    assert answer.outcome is Outcome.ACCEPTED, (answer, bank.record(answer))
    assert bank.account(payer).balance_minor == 87_655
    print(answer.citations, bank.record(answer))
