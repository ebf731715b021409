"""Cash paid in at the counter, through the engine: money, days, refusals, and that it stays paid in."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from teneur.accounts.facts import Cut, balance
from teneur.agreements.agreement import Agreement, Agreements
from teneur.agreements.terms.cash import CashForm
from teneur.bank import Bank, shipped_agreements
from teneur.cash.commands import CancelCashDeposit, CashDeposit, Pieces
from teneur.kernel.clock import instant
from teneur.kernel.commands import AccountId, Answer, account_id, book_of
from teneur.ledger.chart import Role, own_account
from teneur.ledger.facts import Line, load_operations
from teneur.storage.database import Dsn
from tests.support.asserts import asserts
from tests.support.bank import (
    ADMIN,
    BNC,
    BOOK,
    BRED,
    CLERK,
    MAIN_BRANCH,
    accepted,
    move_clock,
    open_account,
    open_bank,
    pay_in,
    refused,
)

NOTES, COINS = CashForm.BANKNOTES, CashForm.COINS


def deposit(bank: Bank, account: AccountId, *pieces: Pieces, at: str = "", **changes: Any) -> Answer:
    actor = changes.pop("actor", CLERK)
    fields: dict[str, Any] = {
        "currency": bank.account(account).currency,
        "pieces": pieces or (Pieces(NOTES, 500, 2),),
        "branch": MAIN_BRANCH,
        "depositor": "Marie Dupont",
    }
    when = instant(at) if at else None
    return bank.ask(CashDeposit(**(fields | changes)), account, actor=actor, at=when)


def booked(bank: Bank, answer: Answer) -> Line:
    with bank.read() as connection:
        key = (answer.book, answer.position)
        (line,) = load_operations(connection, [key])[key].lines
    return line


def test_notes_and_coins_add_up_and_leave_the_bank_s_cash(bank: Bank) -> None:
    account = open_account(bank, BRED)
    answer = deposit(bank, account, Pieces(NOTES, 5_000, 3), Pieces(NOTES, 500, 1), Pieces(COINS, 1, 7))
    assert booked(bank, accepted(answer)).amount_minor == 15_507
    assert bank.account(account).available_minor == 15_507
    assert bank.account(own_account(BOOK, Role.CASH, "EUR")).balance_minor == -15_507


@asserts("BRED-A1-1.2.1-1")
@pytest.mark.parametrize(
    ("at", "day"),
    [("2026-05-07T17:30:00+02:00", date(2026, 5, 7)), ("2026-05-07T18:00:00+02:00", date(2026, 5, 11))],
)
def test_at_bred_cash_bears_the_date_of_its_reception_and_may_be_used(bank: Bank, at: str, day: date) -> None:
    account = open_account(bank, BRED)
    answer = accepted(deposit(bank, account, at=at))
    line = booked(bank, answer)
    assert (line.booked_on, line.credit_value_on, line.debit_value_on) == (day, day, day)
    assert {"BRED-A1-1.2.1-1", "BRED-A5-T-20", "BRED-A1-1.2-3"} <= set(answer.citations)
    assert bank.account(account).available_minor == 1_000
    with bank.read() as connection:
        assert balance(connection, account, Cut(value_on=day)) == 1_000
        assert balance(connection, account, Cut(value_on=date(2026, 5, 6))) == 0


@asserts("BRED-A5-T-20", "BRED-A1-1.2-3")
def test_at_bred_one_deposit_before_and_one_after_closing_bear_different_days(bank: Bank) -> None:
    account = open_account(bank, BRED)
    before = booked(bank, deposit(bank, account, at="2026-05-04T17:29:59+02:00"))
    after = booked(bank, deposit(bank, account, at="2026-05-04T17:30:01+02:00"))
    assert (before.booked_on, after.booked_on) == (date(2026, 5, 4), date(2026, 5, 5))


@asserts("BNC-6.1.1.2-1", "BNC-5-2", "BNC-6.1.1.2-3")
@pytest.mark.parametrize(
    ("at", "day"),
    [("2026-05-06T15:30:00+11:00", date(2026, 5, 6)), ("2026-05-09T10:00:00+11:00", date(2026, 5, 11))],
)
def test_at_bnc_the_value_date_is_the_booking_date_and_that_of_reception(
    bank: Bank, at: str, day: date
) -> None:
    account = open_account(bank, BNC)
    answer = accepted(deposit(bank, account, at=at))
    line = booked(bank, answer)
    assert line.booked_on == line.credit_value_on == line.debit_value_on == day
    assert {"BNC-6.1.1.2-1", "BNC-5-2", "BNC-6.1.1.2-3"} <= set(answer.citations)
    assert bank.account(account).available_minor == 1_000


@asserts("BNC-6.1.1.1-1")
def test_at_bnc_coins_are_refused_and_nothing_of_the_deposit_is_booked(bank: Bank) -> None:
    account = open_account(bank, BNC)
    answer = deposit(bank, account, Pieces(NOTES, 5_000, 1), Pieces(COINS, 100, 1))
    refused(answer, "form-not-accepted", "BNC-6.1.1.1-1")
    assert bank.account(account).balance_minor == 0
    accepted(deposit(bank, account, Pieces(NOTES, 5_000, 1)))
    assert bank.account(account).balance_minor == 5_000


@asserts("BRED-A1-1.1.2-8")
def test_at_bred_a_deposit_cannot_be_taken_back(bank: Bank) -> None:
    account = open_account(bank, BRED)
    cancel = CancelCashDeposit(operation=accepted(deposit(bank, account)).position)
    refused(bank.ask(cancel, account, actor=CLERK), "irrevocable", "BRED-A1-1.1.2-8")
    assert bank.account(account).balance_minor == 1_000


@asserts("BNC-6.1.1.1-11")
def test_at_bnc_a_deposit_cannot_be_taken_back(bank: Bank) -> None:
    account = open_account(bank, BNC)
    cancel = CancelCashDeposit(operation=accepted(deposit(bank, account)).position)
    refused(bank.ask(cancel, account, actor=CLERK), "irrevocable", "BNC-6.1.1.1-11")
    assert bank.account(account).balance_minor == 1_000


@pytest.mark.parametrize(
    ("changes", "reason", "field"),
    [
        ({"actor": 0}, "not-authorised", None),
        ({"actor": ADMIN}, "not-authorised", None),
        ({"currency": "KWD"}, "currency-mismatch", None),
        ({"depositor": " "}, "invalid-field", "depositor"),
        ({"branch": "00009"}, "invalid-field", "branch"),
        ({"pieces": ()}, "invalid-field", "pieces"),
        ({"pieces": (Pieces(NOTES, 500, 1), Pieces(NOTES, 700, 1))}, "invalid-field", "pieces.1"),
        ({"pieces": (Pieces(NOTES, 500, 0),)}, "invalid-field", "pieces.0"),
        ({"pieces": (Pieces(NOTES, 500, -3),)}, "invalid-field", "pieces.0"),
        ({"pieces": (Pieces(NOTES, 500, 1_000_001),)}, "invalid-field", "pieces.0"),
    ],
)
def test_a_deposit_that_is_not_right_is_refused_and_books_nothing(
    bank: Bank, changes: dict[str, Any], reason: str, field: str | None
) -> None:
    account = open_account(bank, BRED)
    answer = refused(deposit(bank, account, **changes), reason)
    assert bank.decided(answer).get("field") == field
    assert bank.account(account).balance_minor == 0


@pytest.mark.parametrize(
    "subject", [account_id(BOOK, 0), account_id(BOOK, 77), own_account(BOOK, Role.CASH, "EUR")]
)
def test_cash_goes_to_customers_accounts_only(bank: Bank, subject: AccountId) -> None:
    ask = CashDeposit(
        currency="EUR", pieces=(Pieces(NOTES, 500, 1),), branch=MAIN_BRANCH, depositor="Marie Dupont"
    )
    refused(bank.ask(ask, subject, actor=CLERK), "unknown-account")


def test_what_is_no_deposit_of_the_account_cannot_be_cancelled(bank: Bank) -> None:
    account, other = open_account(bank, BRED), open_account(bank, BRED)
    made = deposit(bank, account)
    for subject, operation, actor, reason in (
        (other, made.position, CLERK, "unknown-operation"),
        (account, made.position - 1, CLERK, "unknown-operation"),
        (account, made.position + 99, CLERK, "unknown-operation"),
        (account, made.position, 0, "not-authorised"),
        (account_id(BOOK, 77), made.position, CLERK, "unknown-account"),
    ):
        cancel = CancelCashDeposit(operation=operation)
        refused(bank.ask(cancel, subject, actor=actor), reason)


def with_cash(agreement: Agreement, **values: Any) -> Agreements:
    """The agreement with other terms of cash."""
    changed = {name: replace(getattr(agreement.cash, name), value=value) for name, value in values.items()}
    cash: Any = replace(agreement.cash, **changed)
    return Agreements(
        [Agreement(agreement.id, agreement.clause_prefixes[0], {**agreement.terms, "cash": cash})]
    )


def test_where_an_agreement_lets_deposits_be_taken_back_they_are_once_and_if_the_money_is_there(
    database: Dsn,
) -> None:
    agreements = with_cash(shipped_agreements()["bnc-2026-04"], revocable=True)
    with open_bank(database, agreements=agreements) as bank:
        account = open_account(bank, BNC)
        first = CancelCashDeposit(operation=deposit(bank, account).position)
        accepted(bank.ask(first, account, actor=CLERK))
        assert bank.account(account).balance_minor == 0
        refused(bank.ask(first, account, actor=CLERK), "already-reversed")
        with_less = CancelCashDeposit(operation=deposit(bank, account).position)
        with bank.read() as connection:
            assert balance(connection, account) == 1_000
        accepted(bank.ask(with_less, account, actor=CLERK))


@asserts("BNC-6.1.1.2-1")
def test_cash_that_an_agreement_makes_available_later_is_kept_aside_until_then(database: Dsn) -> None:
    agreements = with_cash(shipped_agreements()["bnc-2026-04"], available_offset_days=2)
    with open_bank(database, agreements=agreements) as bank:
        account = open_account(bank, BNC)
        answer = accepted(deposit(bank, account))
        assert bank.decided(answer)["available_on"] == "2026-05-06"
        assert (bank.account(account).balance_minor, bank.account(account).available_minor) == (1_000, 0)


def test_deposits_of_one_batch_see_each_other(bank: Bank) -> None:
    account = open_account(bank, BRED)
    answers = [pay_in(bank, account, 500), pay_in(bank, account, 1_000)]
    assert [bank.decided(a)["balance_minor"] for a in answers] == [500, 1_500]
    assert {book_of(account)} == {a.book for a in answers}


def test_a_deposit_after_years_still_knows_its_days(bank: Bank) -> None:
    account = open_account(bank, BRED)
    move_clock(bank, datetime.fromisoformat("2030-12-31T17:31:00+01:00"))
    assert booked(bank, deposit(bank, account)).booked_on == date(2031, 1, 2)
