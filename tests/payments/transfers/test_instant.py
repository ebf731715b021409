"""Instant transfers: reserved, stamped, answered. Only the answer moves money."""

from collections.abc import Iterator
from datetime import date

import pytest
from tests.support.asserts import asserts
from tests.support.bank import BNC, BOOK, BRED, open_account, open_bank
from tests.support.transfers import ELSEWHERE, ask_at, balance, duties, iban_of, order_of, pay, refused

from teneur.agreements.terms.transfers import Service
from teneur.bank import Bank
from teneur.kernel.clock import SimulatedClock, instant
from teneur.kernel.commands import Answer, Channel, Outcome
from teneur.ledger.chart import Role, own_account
from teneur.payments.transfers.commands import ConfirmInstant, RevokeTransfer
from teneur.payments.transfers.facts import OrderStatus
from teneur.payments.transfers.rules.directory import COLUMNS, read_directory
from teneur.storage.database import Dsn

SUNDAY_NIGHT = "2026-05-10T03:00:00.250000+02:00"
DIRECTORY = [",".join(COLUMNS), "FR,30006,AGRIFRPPXXX,FR,no,yes", "FR,20041,PSSTFRPPXXX,FR,no,no"]


@pytest.fixture
def bank(database: Dsn) -> Iterator[Bank]:
    """A bank that knows two others, one of which takes instant transfers."""
    with open_bank(database):
        pass
    clock = SimulatedClock(instant("2026-05-04T08:00:00+02:00"))
    with Bank.open(database, clock, directory=read_directory(DIRECTORY)) as opened:
        yield opened


def order(bank: Bank, payer: int, amount: int = 1_000, iban: str = ELSEWHERE) -> Answer:
    return pay(bank, payer, iban, amount, SUNDAY_NIGHT, channel=Channel.MOBILE, service=Service.INSTANT)


def confirm(bank: Bank, payer: int, placed: Answer, *, available: bool, seconds: int = 3) -> Answer:
    at = f"2026-05-10T03:00:{seconds:02d}.250000+02:00"
    return ask_at(
        bank,
        ConfirmInstant(transfer=placed.position, available=available),
        payer,
        at,
        channel=Channel.INTERBANK,
    )


@asserts("BRED-A3-3.1.3-1", "BRED-A3-3.1.3-2")
def test_funds_are_reserved_before_the_stamp_on_a_sunday_night_too(bank: Bank) -> None:
    payer = open_account(bank, BRED, funds_minor=1_500)
    placed = order(bank, payer)
    assert (placed.outcome, placed.reason) == (Outcome.PENDING, "awaiting-confirmation")
    account = bank.account(payer)
    assert (account.balance_minor, account.held_minor, account.available_minor) == (1_500, 1_000, 500)
    assert order_of(bank, payer, placed).stamped_at == instant(SUNDAY_NIGHT)
    refused(order(bank, payer, 501), "insufficient-funds")


@asserts("BRED-A3-3.1.3-4")
def test_told_that_the_payee_has_the_money_the_hold_becomes_a_debit(bank: Bank) -> None:
    payer = open_account(bank, BRED, funds_minor=1_500)
    placed = order(bank, payer)
    assert confirm(bank, payer, placed, available=True).outcome is Outcome.ACCEPTED
    account = bank.account(payer)
    assert (account.balance_minor, account.held_minor) == (500, 0)
    assert balance(bank, own_account(BOOK, Role.CLEARING_INSTANT, "EUR")) == 1_000
    assert order_of(bank, payer, placed).status is OrderStatus.DONE
    refused(confirm(bank, payer, placed, available=True), "not-awaiting-confirmation")
    refused(confirm(bank, payer, placed, available=False), "not-awaiting-confirmation")


@asserts("BRED-A3-3.1.3-3")
def test_told_that_it_could_not_be_the_hold_is_freed_and_the_customer_is_to_be_told(bank: Bank) -> None:
    payer = open_account(bank, BRED, funds_minor=1_500)
    placed = order(bank, payer)
    confirm(bank, payer, placed, available=False)
    account = bank.account(payer)
    assert (account.balance_minor, account.held_minor) == (1_500, 0)
    assert order_of(bank, payer, placed).status is OrderStatus.FAILED
    assert len(duties(bank, payer, "inform-of-refusal")) == 1


@asserts("BRED-A3-3.2.3-1")
def test_an_answer_after_twenty_seconds_still_decides_and_the_excess_is_kept(bank: Bank) -> None:
    payer = open_account(bank, BRED, funds_minor=1_500)
    at_the_limit, beyond = order(bank, payer, 100), order(bank, payer, 101)
    in_time = confirm(bank, payer, at_the_limit, available=True, seconds=20)
    late = confirm(bank, payer, beyond, available=True, seconds=21)
    assert bank.decided(in_time)["exceeded"] is False
    assert bank.decided(late)["exceeded"] is True
    assert balance(bank, payer) == 1_500 - 201


@asserts("BRED-A3-2.3-9")
def test_an_instant_transfer_is_irrevocable(bank: Bank) -> None:
    payer = open_account(bank, BRED, funds_minor=1_500)
    placed = order(bank, payer)
    ask = RevokeTransfer(transfer=placed.position)
    holder = bank.account(payer).holders[0]
    answer = ask_at(bank, ask, payer, "2026-05-10T03:00:01+02:00", actor=holder, channel=Channel.REMOTE)
    refused(answer, "instant-irrevocable")
    assert "BRED-A3-2.3-9" in answer.citations


@asserts("BRED-A3-2.1.2-1", "BRED-A3-1.2-2")
def test_a_bank_that_cannot_take_instant_transfers_is_refused(bank: Bank) -> None:
    payer = open_account(bank, BRED, funds_minor=1_500)
    refused(order(bank, payer, iban="FR1420041010050500013M02606"), "instant-not-reachable")


@asserts("BRED-A3-1.2-3")
def test_a_deferred_order_or_one_above_the_ceiling_is_not_offered_as_instant(bank: Bank) -> None:
    payer = open_account(bank, BRED, funds_minor=2_000_000)
    later = pay(
        bank, payer, ELSEWHERE, 100, SUNDAY_NIGHT, channel=Channel.MOBILE, service=Service.INSTANT,
        agreed_on=date(2026, 5, 12),
    )  # fmt: skip
    refused(later, "instant-not-immediate")
    refused(order(bank, payer, 1_500_001), "instant-ceiling")
    assert order(bank, payer, 1_500_000).outcome is Outcome.PENDING


def test_inside_the_bank_it_is_done_at_once(bank: Bank) -> None:
    payer, payee = open_account(bank, BRED, funds_minor=1_500), open_account(bank, BRED)
    assert order(bank, payer, 1_000, iban_of(bank, payee)).outcome is Outcome.ACCEPTED
    assert (balance(bank, payer), balance(bank, payee)) == (500, 1_000)


def test_the_other_agreement_knows_no_instant_transfers(bank: Bank) -> None:
    payer = open_account(bank, BNC, funds_minor=10_000)
    iban = iban_of(bank, open_account(bank, BNC))
    answer = pay(bank, payer, iban, 100, SUNDAY_NIGHT, channel=Channel.MOBILE, service=Service.INSTANT)
    refused(answer, "service-not-offered")
