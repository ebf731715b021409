"""Conversions through the engine: orders, money received, cash, rates told; what is booked, kept and owed."""

import secrets
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from teneur.agreements.terms.cash import CashForm
from teneur.bank import Bank
from teneur.cash.commands import CancelCashDeposit, CashDeposit, Pieces
from teneur.customers.decisions import REGISTER
from teneur.kernel.clock import instant
from teneur.kernel.commands import AccountId, Answer, Channel, Command, Outcome
from teneur.ledger.chart import Role, own_account
from teneur.ledger.facts import Operation, load_operations
from teneur.ledger.reading import heads, trial_balance
from teneur.payments.exchange.commands import AskExchangeRate, ConvertCash, SetExchangeRates
from teneur.payments.transfers.commands import ReceiveReturn, ReceiveTransfer, ReviewScreening
from teneur.payments.transfers.facts import OrderStatus
from teneur.pricing.fees.reading import fees_of
from tests.conftest import Databases
from tests.payments.transfers.world import AMERICAN, open_world, send
from tests.support.asserts import asserts
from tests.support.bank import (
    ADVISER,
    BACK_OFFICE,
    BNC,
    BOOK,
    BRED,
    CLERK,
    MAIN_BRANCH,
    accepted,
    add_person,
    open_account,
)
from tests.support.exchange import load_rates, quote
from tests.support.transfers import balance, fall_due, order_of, refused

TUESDAY = "2026-05-05T09:00:00+02:00"
WEDNESDAY = "2026-05-06T09:00:00+02:00"


@pytest.fixture(scope="module")
def bank(databases: Databases) -> Iterator[Bank]:
    """One bank for all tests of this file; dollars at 0.91-0.92 on Tuesday, 0.93-0.94 on Wednesday."""
    dsn = databases.create()
    with open_world(dsn, ("USD", "CHF", "JPY")) as opened:
        load_rates(opened, quote("USD/EUR", "0.91-0.92", "2026-05-05T08:00:00+02:00"))
        load_rates(opened, quote("USD/EUR", "0.93-0.94", "2026-05-06T08:00:00+02:00"))
        yield opened
    databases.drop(dsn)


@pytest.fixture(scope="module")
def payers(bank: Bank) -> dict[str, AccountId]:
    return {series: open_account(bank, series, funds_minor=90_000_000) for series in (BRED, BNC)}


def operation(bank: Bank, answer: Answer) -> Operation:
    key = (answer.book, answer.position)
    with bank.read() as connection:
        return load_operations(connection, [key])[key]


def commissions(bank: Bank, account: AccountId, answer: Answer) -> list[tuple[str, int]]:
    """What the tariff charges for an operation beside the transfer itself: event and base."""
    with bank.read() as connection:
        return [
            (fee.event, fee.base_minor)
            for fee in fees_of(connection, account)
            if fee.id == answer.position and "exchange" in fee.event
        ]


def position(bank: Bank, currency: str) -> int:
    return balance(bank, own_account(BOOK, Role.POSITION, currency))


# orders


@asserts("BRED-3.5.3-1", "BRED-3.5.1-1", "BRED-A3-1.4-6", "BRED-3.5.3-2")
def test_an_order_in_dollars_is_debited_at_the_selling_rate_of_its_day_and_keeps_how(
    bank: Bank, payers: dict[str, AccountId]
) -> None:
    """0.92 × 1.015 = 0.9338: 100 dollars cost 93.38 euros; the commission is apart."""
    before = position(bank, "EUR"), position(bank, "USD")
    answer = accepted(send(bank, payers, BRED, AMERICAN, "USD", 10_000, TUESDAY))
    first, second = operation(bank, answer).lines
    assert (first.amount_minor, second.amount_minor) == (9_338, 10_000)
    assert (first.booked_on, first.debit_value_on) == (date(2026, 5, 5), date(2026, 5, 5))
    kept = bank.decided(answer)["exchange"]
    assert (kept["rate"], kept["side"]) == ("0.9338", "selling")
    assert kept["market"] == "0.92"
    assert (kept["bank_margin_percent"], kept["intermediaries_margin_percent"]) == ("1.20", "0.30")
    assert (kept["source"], kept["quotes"]) == ("test", ["USD/EUR 0.91-0.92"])
    assert kept["quoted_at"] == "2026-05-05T06:00:00Z"
    assert kept["converted_at"] == "2026-05-05T07:00:00Z"
    assert "estimate" not in kept
    assert commissions(bank, payers[BRED], answer) == [("exchange-commission", 9_338)]
    assert (position(bank, "EUR"), position(bank, "USD")) == (before[0] + 9_338, before[1] - 10_000)
    assert {"BRED-3.5.3-1", "BRED-3.5.1-1", "BRED-A3-1.4-6", "BRED-3.5.3-2"} <= set(answer.citations)


def test_a_rate_of_yesterday_does_nothing_and_one_loaded_today_does(
    bank: Bank, payers: dict[str, AccountId]
) -> None:
    at = "2026-05-07T09:00:00+02:00"
    answer = refused(send(bank, payers, BRED, AMERICAN, "USD", 10_000, at), "exchange-rate-missing")
    assert "BRED-3.5.3-1" in answer.citations
    load_rates(bank, quote("USD/EUR", "0.95", "2026-05-07T09:00:01+02:00"))
    accepted(send(bank, payers, BRED, AMERICAN, "USD", 10_000, "2026-05-07T09:00:01+02:00"))


@asserts("BRED-3.5.3-1")
def test_a_deferred_order_is_estimated_today_and_converted_on_its_day(
    bank: Bank, payers: dict[str, AccountId]
) -> None:
    """0.94 × 1.015 = 0.9541 on Wednesday, after the estimate of 93.38 euros on Tuesday."""
    payer, day = payers[BRED], date(2026, 5, 6)
    order = accepted(send(bank, payers, BRED, AMERICAN, "USD", 10_000, TUESDAY, agreed_on=day))
    assert bank.decided(order)["exchange"]["estimate"] is True
    assert order_of(bank, payer, order).debit_minor == 9_338
    executed = accepted(fall_due(bank, payer, order, day, WEDNESDAY))
    assert operation(bank, executed).lines[0].amount_minor == 9_541
    kept = bank.decided(executed)["exchange"]
    assert (kept["rate"], kept["market"], "estimate" in kept) == ("0.9541", "0.94", False)
    assert order_of(bank, payer, order).debit_minor == 9_541
    assert commissions(bank, payer, order) == []
    assert commissions(bank, payer, executed) == [("exchange-commission", 9_541)]


def test_a_due_order_waits_as_it_is_until_there_is_a_rate_of_its_day(
    bank: Bank, payers: dict[str, AccountId]
) -> None:
    payer, day = payers[BRED], date(2026, 5, 12)
    at = "2026-05-07T10:00:00+02:00"
    order = accepted(send(bank, payers, BRED, AMERICAN, "USD", 10_000, at, agreed_on=day))
    refused(fall_due(bank, payer, order, day, "2026-05-12T06:00:00+02:00"), "exchange-rate-missing")
    assert order_of(bank, payer, order).status is OrderStatus.SCHEDULED
    load_rates(bank, quote("USD/EUR", "0.90", "2026-05-12T06:30:00+02:00"))
    accepted(fall_due(bank, payer, order, day, "2026-05-12T07:00:00+02:00"))
    assert order_of(bank, payer, order).status is OrderStatus.SENT


def test_a_deferred_order_may_be_estimated_by_the_rate_of_yesterday(
    bank: Bank, payers: dict[str, AccountId]
) -> None:
    at, day = "2026-05-09T10:00:00+02:00", date(2026, 5, 12)  # a Saturday
    order = accepted(send(bank, payers, BRED, AMERICAN, "USD", 10_000, at, agreed_on=day))
    assert bank.decided(order)["exchange"]["quoted_at"] == "2026-05-07T07:00:01Z"


@pytest.mark.parametrize("actor", [CLERK, None])
def test_a_rate_in_an_order_is_agreed_by_an_adviser_or_it_is_none(
    bank: Bank, payers: dict[str, AccountId], actor: int | None
) -> None:
    rate: dict[str, Any] = {"rate": Decimal("0.5")}
    answer = send(bank, payers, BRED, AMERICAN, "USD", 10_000, TUESDAY, actor=actor, **rate)
    refused(answer, "rate-not-agreed")
    for who in (ADVISER, BACK_OFFICE):
        answer = accepted(send(bank, payers, BRED, AMERICAN, "USD", 10_000, TUESDAY, actor=who, **rate))
        assert operation(bank, answer).lines[0].amount_minor == 5_000
        assert bank.decided(answer)["exchange"]["basis"] == "agreed"


def test_an_agreed_rate_holds_on_the_day_of_execution(bank: Bank, payers: dict[str, AccountId]) -> None:
    payer, day = payers[BRED], date(2026, 5, 13)
    order = accepted(
        send(bank, payers, BRED, AMERICAN, "USD", 10_000, TUESDAY, agreed_on=day, rate=Decimal("0.8"))
    )
    executed = accepted(fall_due(bank, payer, order, day, "2026-05-13T09:00:00+02:00"))
    assert operation(bank, executed).lines[0].amount_minor == 8_000


def test_a_part_of_a_converted_order_comes_back_at_the_rate_it_went(
    bank: Bank, payers: dict[str, AccountId]
) -> None:
    payer = payers[BRED]
    order = accepted(send(bank, payers, BRED, AMERICAN, "USD", 10_000, TUESDAY))
    before = balance(bank, payer)
    back = ReceiveReturn(transfer=order.position, amount_minor=5_000, currency="USD", reason="AC04")
    accepted(bank.ask(back, payer, channel=Channel.INTERBANK, at=instant(WEDNESDAY)))
    assert balance(bank, payer) - before == 4_669  # half of 93.38


@asserts("BRED-3.5.3-1")
def test_an_order_cleared_another_day_is_converted_at_that_days_rate(bank: Bank) -> None:
    """93.38 euros are kept aside on Tuesday; 95.41 are debited on Wednesday, if they are there."""
    to = msgspec.structs.replace(AMERICAN, name="Igor Malvenu Krasny")
    for funds, outcome, left in ((9_500, "insufficient-funds", 9_500), (10_000, None, 459)):
        payer = open_account(bank, BRED, funds_minor=funds)
        order = send(bank, {BRED: payer}, BRED, to, "USD", 10_000, TUESDAY)
        assert (order.reason, bank.account(payer).held_minor) == ("screening", 9_338)
        clear = ReviewScreening(transfer=order.position, cleared=True)

        def review(at: str, clear: ReviewScreening = clear, payer: AccountId = payer) -> Answer:
            return bank.ask(clear, payer, actor=BACK_OFFICE, channel=Channel.BRANCH, at=instant(at))

        refused(review("2026-05-08T09:00:00+02:00"), "exchange-rate-missing")  # it stays held
        answer = accepted(review(WEDNESDAY))
        assert bank.decided(answer).get("refused") == outcome
        assert (balance(bank, payer), bank.account(payer).held_minor) == (left, 0)


# money received


def receive(bank: Bank, account: AccountId, currency: str, amount: int, at: str, **more: Any) -> Answer:
    ask = ReceiveTransfer(
        payee_iban=bank.account(account).iban,
        payee_name="Marie Dupont",
        amount_minor=amount,
        currency=currency,
        payer_name="John Doe",
        payer_bic="CHASUS33",
        **more,
    )
    return bank.ask(ask, account, channel=Channel.INTERBANK, at=instant(at))


@asserts("BRED-3.5.2-1", "BRED-A3-1.4-6", "BRED-3.5.3-2")
def test_dollars_received_are_credited_at_the_buying_rate_on_the_day_they_are_converted(bank: Bank) -> None:
    """0.91 × 0.985 = 0.89635; the funds came on Monday, are converted and held on Tuesday."""
    account = open_account(bank, BRED)
    answer = accepted(receive(bank, account, "USD", 10_000, TUESDAY, settled_on=date(2026, 5, 4)))
    first, second = operation(bank, answer).lines
    assert (first.amount_minor, second.amount_minor) == (10_000, 8_964)
    assert (second.booked_on, second.credit_value_on) == (date(2026, 5, 5), date(2026, 5, 5))
    kept = bank.decided(answer)["exchange"]
    assert (kept["rate"], kept["side"]) == ("0.89635", "buying")
    assert commissions(bank, account, answer) == [("exchange-commission", 8_964)]
    assert {"BRED-3.5.2-1", "BRED-A3-1.4-6"} <= set(answer.citations)


@asserts("BRED-3.5.2-1")
def test_dollars_converted_on_a_day_of_rest_have_the_value_date_of_the_next_business_day(bank: Bank) -> None:
    account = open_account(bank, BRED)
    load_rates(bank, quote("USD/EUR", "1", "2026-05-16T08:00:00+02:00"))
    answer = accepted(receive(bank, account, "USD", 10_000, "2026-05-16T09:00:00+02:00"))
    [_, line] = operation(bank, answer).lines
    assert (line.booked_on, line.credit_value_on) == (date(2026, 5, 16), date(2026, 5, 18))


def test_dollars_received_without_a_rate_of_the_day_go_back(bank: Bank) -> None:
    account = open_account(bank, BRED)
    answer = receive(bank, account, "USD", 10_000, "2026-06-01T09:00:00+02:00")
    assert (answer.outcome, answer.reason) == (Outcome.REFUSED, "exchange-rate-missing")
    assert balance(bank, account) == 0


def test_euros_received_on_an_account_in_francs_bear_neither_margin_nor_commission(bank: Bank) -> None:
    account = open_account(bank, BNC)
    answer = accepted(receive(bank, account, "EUR", 838, TUESDAY))
    kept = bank.decided(answer)["exchange"]
    assert (kept["basis"], kept["converted_minor"], kept["rate"]) == ("parity", 1_000, "119.3317")
    assert "bank_margin_percent" not in kept
    assert commissions(bank, account, answer) == []


# cash


def notes(currency: str, value_minor: int, count: int = 1) -> CashDeposit:
    return CashDeposit(
        currency=currency,
        pieces=(Pieces(CashForm.BANKNOTES, value_minor, count),),
        branch=MAIN_BRANCH,
        depositor="Marie Dupont",
    )


COINS = msgspec.structs.replace(notes("USD", 100), pieces=(Pieces(CashForm.COINS, 100, 1),))


def pay_notes(bank: Bank, account: AccountId, ask: CashDeposit, at: str) -> Answer:
    return bank.ask(ask, account, actor=CLERK, channel=Channel.BRANCH, at=instant(at))


@asserts("BRED-A1-1.1.2-7", "BRED-A1-1.2.2-2")
def test_dollar_notes_before_eleven_are_converted_and_credited_that_day(bank: Bank) -> None:
    account = open_account(bank, BRED)
    till = balance(bank, own_account(BOOK, Role.CASH, "USD"))
    at = "2026-05-05T10:59:59.999999+02:00"
    answer = accepted(pay_notes(bank, account, notes("USD", 10_000), at))
    first, second = operation(bank, answer).lines
    assert (first.amount_minor, second.amount_minor) == (10_000, 8_964)  # 0.91 × 0.985
    assert second.credit_value_on == date(2026, 5, 5)
    assert balance(bank, account) == 8_964
    assert balance(bank, own_account(BOOK, Role.CASH, "USD")) == till - 10_000
    assert commissions(bank, account, answer) == [("cash-exchange", 8_964)]
    assert {"BRED-A1-1.1.2-7", "BRED-A1-1.2.2-2", "BRED-3.5.2-1"} <= set(answer.citations)
    cancel = CancelCashDeposit(operation=answer.position)
    refused(bank.ask(cancel, account, actor=CLERK, at=instant(at)), "irrevocable")


@asserts("BRED-A1-1.2.2-2")
def test_dollar_notes_at_eleven_wait_for_the_next_business_day_and_its_rate(bank: Bank) -> None:
    """0.93 × 0.985 = 0.91605 on Wednesday."""
    account = open_account(bank, BRED)
    at = "2026-05-05T11:00:00+02:00"
    answer = accepted(pay_notes(bank, account, notes("USD", 10_000), at))
    assert bank.decided(answer)["processed_on"] == "2026-05-06"
    assert (balance(bank, account), commissions(bank, account, answer)) == (0, [])
    counting = own_account(BOOK, Role.CASH_IN_COUNT, "USD")
    waiting = balance(bank, counting)

    def convert(when: str, actor: int = 0) -> Answer:
        ask = ConvertCash(deposit=answer.position, day=date.fromisoformat(when[:10]))
        return bank.ask(ask, account, actor=actor, at=instant(when))

    refused(convert("2026-05-05T23:59:59+02:00"), "not-due")
    refused(convert("2026-05-06T08:30:00+02:00", CLERK), "not-authorised")
    done = accepted(convert("2026-05-06T08:30:00+02:00"))
    assert (balance(bank, account), balance(bank, counting)) == (9_161, waiting - 10_000)
    assert operation(bank, done).lines[1].credit_value_on == date(2026, 5, 6)
    assert bank.decided(done)["exchange"]["market"] == "0.93"
    assert commissions(bank, account, done) == [("cash-exchange", 9_161)]
    refused(convert("2026-05-06T08:31:00+02:00"), "already-converted")


@asserts("BRED-A1-1.1.2-7")
def test_notes_go_as_they_are_to_an_account_in_their_currency(bank: Bank) -> None:
    person = add_person(bank)
    account = open_account(bank, BRED, person)
    dollars = open_account(bank, BRED, person, currency="USD")
    answer = accepted(pay_notes(bank, account, notes("USD", 10_000), TUESDAY))
    assert (balance(bank, account), balance(bank, dollars)) == (0, 10_000)
    assert bank.decided(answer)["credited"] == dollars
    assert commissions(bank, account, answer) == commissions(bank, dollars, answer) == []
    assert "BRED-A1-1.1.2-7" in answer.citations


def test_an_account_with_another_bank_whose_books_are_kept_here_is_not_one_at_the_bank(bank: Bank) -> None:
    person = add_person(bank)
    account, francs = open_account(bank, BRED, person), open_account(bank, BNC, person)
    answer = accepted(pay_notes(bank, account, notes("XPF", 10_000), TUESDAY))
    assert (balance(bank, account), balance(bank, francs)) == (8_380, 0)
    assert bank.decided(answer)["exchange"]["basis"] == "parity"
    assert commissions(bank, account, answer) == [("cash-exchange", 8_380)]


def test_an_account_of_somebody_else_or_of_both_holders_is_not_the_customers(bank: Bank) -> None:
    person, other = add_person(bank), add_person(bank)
    account = open_account(bank, BRED, person)
    joint = open_account(bank, BRED, person, other, currency="USD")
    accepted(pay_notes(bank, account, notes("USD", 10_000), TUESDAY))
    assert (balance(bank, account), balance(bank, joint)) == (8_964, 0)


@asserts("BNC-6.1.1.2-5", "BNC-6.1.1.2-6", "BNC-6.1.1.2-7")
def test_at_bnc_yen_are_converted_at_the_rate_of_the_day_in_noumea(bank: Bank) -> None:
    """1 JPY = 1/160/0.00838 = 0.7458234 XPF; × 0.982 = 0.7323986: 10,000 yen are 7,324 francs."""
    account = open_account(bank, BNC)
    load_rates(bank, quote("EUR/JPY", "160", "2026-05-05T01:00:00+11:00", source="ECB"))
    at = "2026-05-05T10:00:00+11:00"
    answer = accepted(pay_notes(bank, account, notes("JPY", 10_000), at))
    assert balance(bank, account) == 7_324
    assert operation(bank, answer).lines[1].credit_value_on == date(2026, 5, 5)
    kept = bank.decided(answer)["exchange"]
    assert (kept["rate"], kept["source"], kept["side"]) == ("0.7323986", "ECB", "buying")
    assert commissions(bank, account, answer) == [("cash-exchange", 7_324)]
    assert {"BNC-6.1.1.2-5", "BNC-6.1.1.2-6", "BNC-6.1.1.2-7"} <= set(answer.citations)


@pytest.mark.parametrize(
    ("ask", "reason"),
    [
        (notes("USD", 700), "invalid-field"),
        (notes("KWD", 1_000), "currency-mismatch"),
        (
            msgspec.structs.replace(notes("USD", 100), pieces=(Pieces(CashForm.COINS, 100, 1),)),
            "form-not-accepted",
        ),
        (notes("GBP", 1_000), "exchange-rate-missing"),
        (notes("CHF", 1_000), "exchange-rate-missing"),
    ],
)
def test_notes_that_cannot_be_converted_are_not_taken(bank: Bank, ask: CashDeposit, reason: str) -> None:
    account = open_account(bank, BRED)
    refused(pay_notes(bank, account, ask, TUESDAY), reason)


def test_notes_of_a_currency_that_the_book_does_not_keep_are_not_taken(bank: Bank) -> None:
    account = open_account(bank, BRED)
    load_rates(bank, quote("GBP/EUR", "1.15", "2026-05-19T08:00:00+02:00"))
    for at in ("2026-05-19T09:00:00+02:00", "2026-05-19T12:00:00+02:00"):
        refused(pay_notes(bank, account, notes("GBP", 1_000), at), "currency-not-kept")


# rates loaded and told


@pytest.mark.parametrize(
    ("quotes", "field"),
    [
        ((), "quotes"),
        ((quote("USD/ZZZ", "1", TUESDAY),), "quotes.0.quote"),
        ((quote("EUR/XPF", "119", TUESDAY),), "quotes.0.quote"),
        ((quote("USD/EUR", "0", TUESDAY),), "quotes.0.buying"),
        ((quote("USD/EUR", "NaN", TUESDAY),), "quotes.0.buying"),
        ((quote("USD/EUR", "0.92-0.91", TUESDAY),), "quotes.0.selling"),
        ((quote("USD/EUR", "1", "2026-05-05T09:00:00.000001+02:00"),), "quotes.0.at"),
        ((quote("USD/EUR", "1", TUESDAY, source=" "),), "quotes.0.source"),
    ],
)
def test_what_is_no_rate_is_not_loaded(bank: Bank, quotes: tuple[Any, ...], field: str) -> None:
    ask = SetExchangeRates(quotes=quotes)
    answer = refused(bank.ask(ask, REGISTER, actor=BACK_OFFICE, at=instant(TUESDAY)), "invalid-field")
    assert bank.decided(answer)["field"] == field


def test_only_the_back_office_loads_rates(bank: Bank) -> None:
    ask = SetExchangeRates(quotes=(quote("USD/EUR", "1", TUESDAY),))
    for actor in (0, CLERK, ADVISER):
        refused(bank.ask(ask, REGISTER, actor=actor, at=instant(TUESDAY)), "not-authorised")


def test_of_one_instant_the_last_rate_counts_and_what_was_converted_stays(bank: Bank) -> None:
    payers = {BRED: open_account(bank, BRED, funds_minor=90_000)}
    at = "2026-05-20T09:00:00+02:00"
    for rate, debit in (("0.90", 9_135), ("0.80", 8_120)):
        load_rates(bank, quote("USD/EUR", rate, at))
        answer = accepted(send(bank, payers, BRED, AMERICAN, "USD", 10_000, at))
        assert operation(bank, answer).lines[0].amount_minor == debit


@asserts("BRED-3.5.3-3", "BNC-6.1.3.1-26", "BNC-6.1.1.2-5", "BRED-A3-1.4-6")
@pytest.mark.parametrize(
    ("series", "selling", "buying"), [(BRED, "0.9338", "0.89635"), (BNC, "111.7613", "106.6372")]
)
def test_the_rate_is_told_at_the_branch_margins_included_and_that_is_kept(
    bank: Bank, payers: dict[str, AccountId], series: str, selling: str, buying: str
) -> None:
    """BNC: 0.92 / 0.00838 = 109.7852 × 1.018; 0.91 / 0.00838 = 108.5919 × 0.982."""
    account, ask = payers[series], AskExchangeRate(currency="USD")
    holder = bank.account(account).holders[0]
    for actor in (CLERK, holder):
        answer = bank.ask(ask, account, actor=actor, channel=Channel.BRANCH, at=instant(TUESDAY))
        told = bank.decided(accepted(answer))
        assert (told["selling"]["rate"], told["buying"]["rate"]) == (selling, buying)
        assert told["selling"]["source"] == "test"
    clauses = {BRED: {"BRED-3.5.3-3", "BRED-A3-1.4-6"}, BNC: {"BNC-6.1.3.1-26", "BNC-6.1.1.2-5"}}[series]
    assert clauses <= set(answer.citations)
    elsewhere = bank.ask(ask, account, actor=holder, channel=Channel.REMOTE, at=instant(TUESDAY))
    refused(elsewhere, "channel-not-offered")
    stranger = add_person(bank)
    refused(
        bank.ask(ask, account, actor=stranger, channel=Channel.BRANCH, at=instant(TUESDAY)), "not-authorised"
    )


def test_whoever_has_no_account_is_told_by_an_agreement_also_of_a_day_that_has_passed(bank: Bank) -> None:
    ask = AskExchangeRate(
        currency="USD", agreement="bred-2022-06", account_currency="EUR", at=instant(TUESDAY)
    )
    later = instant("2026-06-01T09:00:00+02:00")
    answer = accepted(bank.ask(ask, REGISTER, actor=CLERK, channel=Channel.BRANCH, at=later))
    assert bank.decided(answer)["selling"]["rate"] == "0.9338"
    today = AskExchangeRate(currency="USD", agreement="bred-2022-06", account_currency="EUR")
    refused(bank.ask(today, REGISTER, actor=CLERK, channel=Channel.BRANCH, at=later), "exchange-rate-missing")


def test_a_rate_and_an_order_after_it_in_one_batch_see_each_other(bank: Bank) -> None:
    account, at = open_account(bank, BRED), instant("2026-05-21T09:00:00+02:00")
    asked = [
        (REGISTER, SetExchangeRates(quotes=(quote("USD/EUR", "0.90", at),)), BACK_OFFICE),
        (account, notes("USD", 10_000), CLERK),
    ]
    commands = [
        Command(
            key=secrets.token_bytes(16), subject=subject, received_at=at, ask=ask, actor=actor,
            channel=Channel.BRANCH,
        )
        for subject, ask, actor in asked
    ]  # fmt: skip
    for answer in bank.post(commands):
        assert isinstance(answer, Answer)
        accepted(answer)
    assert balance(bank, account) == 8_865  # 0.90 × 0.985


def test_every_currency_balances_and_the_positions_show_what_the_bank_holds(bank: Bank) -> None:
    with bank.read() as connection:
        lines = trial_balance(connection, heads(connection)).lines
    sums: dict[str, int] = {}
    for line in lines:
        sums[line.currency] = sums.get(line.currency, 0) + line.balance_minor
    assert {"EUR", "XPF", "USD", "JPY"} <= set(sums)
    assert set(sums.values()) == {0}
    positions = {line.account for line in lines if line.label == "Position de change" and line.balance_minor}
    assert own_account(BOOK, Role.POSITION, "USD") in positions
