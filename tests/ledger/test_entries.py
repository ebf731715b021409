"""Entries: amounts at their limits, currencies, limits of accounts, forced debits, reversals."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from psycopg import Connection
from tests.support.ledger import (
    DAY,
    SUPERVISOR,
    TELLER,
    Bank,
    ChangeAccount,
    Several,
    command,
    move,
    place,
    reverse,
    take,
)  # fmt: skip

from teneur.kernel.commands import Outcome, number_of
from teneur.ledger import reading
from teneur.ledger.account import Status

LARGEST = 2**53 - 1


@pytest.mark.parametrize("amount", [0, -1, LARGEST + 0 - LARGEST])
def test_nothing_or_less_is_no_amount(bank: Bank, amount: int) -> None:
    a, b = bank.open_accounts(2, fund_minor=100)
    answers = bank.post(move(a, b, amount), place(a, amount))
    assert [x.reason for x in answers] == ["amount-out-of-range"] * 2


def test_one_cent_moves(bank: Bank) -> None:
    a, b = bank.open_accounts(2, fund_minor=1)
    assert [x.reason for x in bank.post(move(a, b, 1), move(a, b, 1))] == ["", "insufficient-funds"]
    assert (bank.balance(a), bank.balance(b)) == (0, 2)


def test_the_largest_amount_moves_and_is_kept_to_the_cent(bank: Bank) -> None:
    a, b = bank.open_accounts(2)
    cash = bank.cash()
    bank.post(move(cash, a, LARGEST, subject=a), move(a, b, LARGEST - 1))
    assert (bank.balance(a), bank.balance(b), bank.balance(cash)) == (1, LARGEST - 1, -LARGEST)
    cold = bank.another_engine()
    assert cold.post_one(move(b, a, LARGEST)).reason == "insufficient-funds"
    assert cold.post_one(move(b, a, LARGEST - 1)).outcome is Outcome.ACCEPTED


def test_another_currency_is_refused_and_never_taken_for_the_accounts_own(bank: Bank) -> None:
    (euro,) = bank.open_accounts(1, fund_minor=100)
    (franc,) = bank.open_accounts(1, fund_minor=100, currency="XPF")
    hold = bank.post(place(euro, 10))[0].position
    answers = bank.post(move(euro, franc, 1), move(franc, euro, 1, forced=True), take(euro, hold, 1, franc))
    assert [x.reason for x in answers] == ["currency-mismatch"] * 3
    assert (bank.balance(euro), bank.balance(franc), bank.held(euro)) == (100, 100, 10)


def test_the_overdraft_is_a_limit_of_the_account_to_the_cent(bank: Bank) -> None:
    (a,) = bank.open_accounts(1, fund_minor=100, floor_minor=-250)
    (b,) = bank.open_accounts(1)
    answers = bank.post(move(a, b, 351), move(a, b, 350), move(a, b, 1))
    assert [x.reason for x in answers] == ["insufficient-funds", "", "insufficient-funds"]
    assert bank.balance(a) == -250


def test_what_is_set_apart_cannot_be_used(bank: Bank) -> None:
    a, b = bank.open_accounts(2, fund_minor=100)
    answers = bank.post(command(a, ChangeAccount(unavailable_minor=30)), move(a, b, 71), move(a, b, 70))
    assert [x.reason for x in answers] == ["", "insufficient-funds", ""]


def test_a_lower_limit_binds_the_next_debit_and_leaves_the_past_alone(
    bank: Bank, connection: Connection
) -> None:
    """Whoever is below the new limit may still receive; an old operation may still be read and reversed."""
    a, b = bank.open_accounts(2, fund_minor=100, floor_minor=-1_000)
    old = bank.post(move(a, b, 900))[0]
    bank.post(command(a, ChangeAccount(floor_minor=0)))
    answers = bank.post(move(a, b, 1), move(b, a, 100), move(a, b, 1), place(a, 1))
    assert [x.reason for x in answers] == [
        "insufficient-funds",
        "",
        "insufficient-funds",
        "insufficient-funds",
    ]
    assert reading.balance_at(connection, a, old.position) == -800
    assert bank.post(reverse(a, old.position))[0].outcome is Outcome.ACCEPTED
    assert bank.balance(a) == 200


def test_a_forced_debit_goes_below_the_limit_with_a_second_person_only(bank: Bank) -> None:
    a, b = bank.open_accounts(2, fund_minor=100)
    answers = bank.post(
        move(a, b, 500),
        move(a, b, 500, forced=True, approved_by=TELLER),
        move(a, b, 500, forced=True, approved_by=7),
        move(a, b, 500, forced=True, actor=7),
        move(a, b, 500, forced=True),
    )
    assert [x.reason for x in answers] == ["insufficient-funds", *["second-person-missing"] * 3, ""]
    assert bank.balance(a) == -400
    assert bank.post(move(a, b, 1))[0].reason == "insufficient-funds"


def test_a_closed_account_neither_pays_nor_receives(bank: Bank) -> None:
    a, b, c = bank.open_accounts(3, fund_minor=100)
    hold = bank.post(place(a, 10))[0].position
    done = bank.post(move(a, b, 5))[0].position
    bank.post(command(b, ChangeAccount(status=Status.CLOSED)))
    answers = bank.post(
        move(a, b, 1), move(b, c, 1, forced=True), place(b, 1), take(a, hold, 10, b), reverse(a, done)
    )
    assert [x.reason for x in answers] == ["account-closed"] * 5


def test_a_refusal_leaves_every_balance_hold_and_sequence(bank: Bank) -> None:
    a, b = bank.open_accounts(2, fund_minor=100)
    hold = bank.post(place(a, 40))[0].position
    state = "select * from account order by book, account"
    entries = "select count(*), max(sequence), sum(amount_minor * sequence) from posting"
    before = (bank.rows(state), bank.row(entries), bank.rows("select * from hold"))
    refused = bank.post(
        move(a, b, 61), move(a, b, 0), move(a, a, 1), move(a, b + 99, 1), move(a, b, 1, actor=5),
        place(a, 61), take(a, hold, 41, b), take(a, hold + 1, 1, b), reverse(a, 10**9), reverse(a, 1),
    )  # fmt: skip
    assert all(x.outcome is Outcome.REFUSED for x in refused)
    assert (bank.rows(state), bank.row(entries), bank.rows("select * from hold")) == before
    assert bank.post(move(a, b, 60))[0].outcome is Outcome.ACCEPTED


def test_a_reversal_books_new_entries_and_leaves_the_old_as_they_were(bank: Bank) -> None:
    a, b, c = bank.open_accounts(3, fund_minor=100)
    done = bank.post(command(a, Several(entries=((a, b, 30), (b, c, 20)))))[0].position
    before = bank.rows("select * from journal where position <= %(p)s order by position", p=done + 1)
    undone = bank.post(reverse(a, done))[0]
    assert bank.rows("select * from journal where position <= %(p)s order by position", p=done + 1) == before
    entries = bank.rows(
        "select debit, credit, amount_minor from journal where position >= %(p)s order by position",
        p=undone.position,
    )
    assert entries == [(number_of(c), number_of(b), 20), (number_of(b), number_of(a), 30)]
    assert [bank.balance(x) for x in (a, b, c)] == [100, 100, 100]


def test_a_reversal_gives_each_side_the_value_date_it_had(bank: Bank, connection: Connection) -> None:
    a, b = bank.open_accounts(2, fund_minor=100)
    early, late = DAY - timedelta(days=9), DAY + timedelta(days=9)
    done = bank.post(move(a, b, 50, debit_value_on=early, credit_value_on=late))[0].position
    bank.post(reverse(a, done))
    cut = reading.heads(connection)[1]
    for day in (early - timedelta(days=1), early, DAY, late):
        funded = 100 if day >= DAY else 0
        assert reading.balance_on_value_date(connection, a, day, cut) == funded
        assert reading.balance_on_value_date(connection, b, day, cut) == funded


def test_an_operation_is_reversed_once_even_within_a_batch(bank: Bank) -> None:
    a, b = bank.open_accounts(2, fund_minor=100)
    done = bank.post(move(a, b, 10))[0].position
    answers = bank.post(reverse(a, done), reverse(a, done))
    assert [x.reason for x in answers] == ["", "already-reversed"]
    assert bank.another_engine().post_one(reverse(a, done)).reason == "already-reversed"
    assert bank.balance(a) == 100


def test_eight_writers_reverse_an_operation_once(bank: Bank) -> None:
    a, b = bank.open_accounts(2, fund_minor=100)
    done = bank.post(move(a, b, 10))[0].position
    engines = [bank.another_engine() for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda e: e.post_one(reverse(a, done)), engines))
    assert sorted(x.reason for x in answers) == ["", *["already-reversed"] * 7]


def test_a_reversal_needs_a_second_person_and_the_money_to_be_there(bank: Bank) -> None:
    a, b, c = bank.open_accounts(3, fund_minor=100)
    done = bank.post(move(a, b, 50), move(b, c, 150))[0].position
    answers = bank.post(
        reverse(a, done, actor=SUPERVISOR), reverse(a, done), reverse(a, done, forced=True), reverse(a, 1)
    )
    assert [x.reason for x in answers] == [
        "second-person-missing", "insufficient-funds", "", "unknown-operation",
    ]  # fmt: skip
    assert bank.balance(b) == -50


def test_a_row_inside_an_operation_names_no_operation(bank: Bank) -> None:
    a, b, c = bank.open_accounts(3, fund_minor=100)
    done = bank.post(command(a, Several(entries=((a, b, 30), (b, c, 20)))))[0].position
    assert bank.post(reverse(a, done + 1))[0].reason == "unknown-operation"


def test_an_operation_of_more_than_a_thousand_entries_is_reversed_whole(bank: Bank) -> None:
    a, b = bank.open_accounts(2, fund_minor=5_000)
    done = bank.post(command(a, Several(entries=((a, b, 1),) * 1_200)), move(b, a, 7))[0].position
    assert bank.post(reverse(a, done))[0].outcome is Outcome.ACCEPTED
    assert (bank.balance(a), bank.balance(b)) == (5_007, 4_993)


def test_one_hot_account_takes_part_in_every_entry_of_a_batch(bank: Bank) -> None:
    hot, *others = bank.open_accounts(20, fund_minor=1_000)
    commands = [move(*((hot, o) if n % 2 else (o, hot)), 3) for n in range(10) for o in others]
    assert all(x.outcome is Outcome.ACCEPTED for x in bank.post(*commands))
    numbers = bank.rows(
        "select sequence from posting where account = %(n)s order by position, sequence", n=number_of(hot)
    )
    assert [n for (n,) in numbers] == list(range(1, 192))
    assert bank.balance(hot) == 1_000
