"""Transfers of ours that come back: the payer has the money again and is told."""

from datetime import date

import pytest
from tests.payments.transfers.test_incoming import operation
from tests.support.bank import BNC, BOOK, BRED, open_account
from tests.support.transfers import (
    ELSEWHERE,
    NOUMEA_MORNING,
    ask_at,
    balance,
    duties,
    fall_due,
    iban_of,
    order_of,
    pay,
    refused,
)

from teneur.bank import Bank
from teneur.kernel.clock import instant
from teneur.kernel.commands import AccountId, Answer, Channel, Outcome
from teneur.ledger.chart import Role, own_account
from teneur.payments.transfers.commands import PayeeAccount, ReceiveReturn
from teneur.payments.transfers.facts import OrderStatus

NEXT_DAY = "2026-05-06T09:00:00+02:00"


def give_back(
    bank: Bank, account: AccountId, transfer: int, amount_minor: int, at: str = NEXT_DAY, *,
    currency: str = "EUR", reason: str = "AC04", settled_on: date | None = None,
) -> Answer:  # fmt: skip
    ask = ReceiveReturn(
        transfer=transfer, amount_minor=amount_minor, currency=currency, reason=reason, settled_on=settled_on
    )
    return ask_at(bank, ask, account, at, channel=Channel.INTERBANK)


def test_a_return_credits_the_payer_ends_the_duty_to_execute_and_is_told_by_the_next_business_day(
    bank: Bank,
) -> None:
    account = open_account(bank, BRED, funds_minor=100_000)
    sent = pay(bank, account, ELSEWHERE, 12_345)
    friday = "2026-05-08T09:00:00+02:00"  # a holiday in France, a day of settlement in euro
    answer = give_back(bank, account, sent.position, 12_345, friday, settled_on=date(2026, 5, 7))
    assert answer.outcome is Outcome.ACCEPTED, answer
    assert balance(bank, account) == 100_000
    assert balance(bank, own_account(BOOK, Role.CLEARING, "EUR")) == 0
    [line] = operation(bank, answer).lines
    assert (line.booked_on, line.credit_value_on) == (date(2026, 5, 8), date(2026, 5, 7))
    order = order_of(bank, account, sent)
    assert (order.status, order.reason) == (OrderStatus.RETURNED, "AC04")
    [executed] = duties(bank, account, "execute-transfer")
    assert executed.discharged_by == "returned: AC04"
    [told] = duties(bank, account, "inform-of-return")
    assert told.about == str(sent.position)
    assert told.due_at == instant("2026-05-11T23:59:59.999999+02:00")
    assert (told.clause, told.discharged_at) == ("BRED-3.1-16", None)


def test_a_return_comes_once(bank: Bank) -> None:
    account = open_account(bank, BRED, funds_minor=100_000)
    sent = pay(bank, account, ELSEWHERE, 12_345)
    give_back(bank, account, sent.position, 12_345)
    refused(give_back(bank, account, sent.position, 12_345), "already-returned")
    assert balance(bank, account) == 100_000


@pytest.mark.parametrize(("amount", "currency"), [(12_346, "EUR"), (0, "EUR"), (-1, "EUR"), (12_345, "XPF")])
def test_more_than_was_sent_or_another_currency_does_not_come_back(
    bank: Bank, amount: int, currency: str
) -> None:
    account = open_account(bank, BRED, funds_minor=100_000)
    sent = pay(bank, account, ELSEWHERE, 12_345)
    refused(give_back(bank, account, sent.position, amount, currency=currency), "amount-does-not-fit")
    assert balance(bank, account) == 87_655


def test_a_part_that_comes_back_is_credited_as_that_part(bank: Bank) -> None:
    account = open_account(bank, BRED, funds_minor=100_000)
    sent = pay(bank, account, ELSEWHERE, 12_345)
    give_back(bank, account, sent.position, 1)
    assert balance(bank, account) == 87_656


def test_a_transfer_inside_the_bank_cannot_be_returned_by_another_bank(bank: Bank) -> None:
    payer, payee = open_account(bank, BRED, funds_minor=100_000), open_account(bank, BRED)
    late = pay(bank, payer, iban_of(bank, payee), 500, at="2026-05-05T12:00:00.000001+02:00")
    refused(give_back(bank, payer, late.position, 500), "not-sent")  # still to come
    fall_due(bank, payer, late, date(2026, 5, 6), "2026-05-06T06:00:00+02:00")
    refused(give_back(bank, payer, late.position, 500), "not-sent")
    refused(give_back(bank, payer, 1, 500), "unknown-order")
    assert balance(bank, payee) == 500


def test_an_order_executed_on_a_later_day_comes_back_by_its_own_number(bank: Bank) -> None:
    account = open_account(bank, BRED, funds_minor=100_000)
    late = pay(bank, account, ELSEWHERE, 12_345, at="2026-05-05T12:00:00.000001+02:00")
    fall_due(bank, account, late, date(2026, 5, 6), "2026-05-06T06:00:00+02:00")
    give_back(bank, account, late.position, 12_345, "2026-05-07T09:00:00+02:00")
    assert balance(bank, account) == 100_000
    assert order_of(bank, account, late).status is OrderStatus.RETURNED


def test_a_converted_transfer_comes_back_as_what_was_debited(bank: Bank) -> None:
    account = open_account(bank, BNC, funds_minor=100_000)
    payee = PayeeAccount(name="Jean Payé", iban=ELSEWHERE, bic="AGRIFRPP")
    sent = pay(bank, account, "", 1_001, at=NOUMEA_MORNING, currency="EUR", payee=payee, risk_accepted=True)
    assert sent.outcome is Outcome.ACCEPTED, sent
    assert balance(bank, account) == 100_000 - 1_195  # 10.01 euros at 8.38 for 1,000 francs: 1,194.5
    give_back(bank, account, sent.position, 1_001)
    assert balance(bank, account) == 100_000
    assert balance(bank, own_account(BOOK, Role.POSITION, "EUR")) == 0


def test_a_customer_cannot_say_that_money_came_back(bank: Bank) -> None:
    account = open_account(bank, BRED, funds_minor=100_000)
    sent = pay(bank, account, ELSEWHERE, 12_345)
    ask = ReceiveReturn(transfer=sent.position, amount_minor=12_345, currency="EUR", reason="AC04")
    holder = bank.account(account).holders[0]
    refused(ask_at(bank, ask, account, NEXT_DAY, actor=holder, channel=Channel.REMOTE), "not-authorised")
