"""Readers see the books by a cut, and the same cut shows the same figures for ever."""

from datetime import date, timedelta

import pytest
from psycopg import Connection
from tests.support.ledger import (
    DAY,
    NOON,
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

from teneur.kernel.commands import Channel, Outcome, number_of
from teneur.ledger import reading
from teneur.ledger.account import SQL
from teneur.ledger.chart import Role, own_account

D1, D2, D3 = DAY, DAY + timedelta(days=1), DAY + timedelta(days=2)


def test_a_balance_as_of_any_position_is_what_the_replay_of_the_rows_gives(
    bank: Bank, connection: Connection
) -> None:
    a, b = bank.open_accounts(2, fund_minor=100)
    for n in range(1, 25):
        bank.post(move(*((a, b) if n % 3 else (b, a)), n % 7 + 1), place(a, 1))
    end = reading.heads(connection)[1]
    running = 0
    query = "select position, amount_minor from posting where account = %(a)s"
    moves = {row[0]: row[1] for row in bank.rows(query, a=number_of(a))}
    assert len(moves) == 25
    for position in range(end + 2):
        running += moves.get(position, 0)
        assert reading.balance_at(connection, a, position) == running


def test_an_account_that_never_moved_or_does_not_exist_has_a_balance_of_zero(
    bank: Bank, connection: Connection
) -> None:
    (account,) = bank.open_accounts(1)
    assert reading.balance_at(connection, account, 10**6) == 0
    assert reading.balance_at(connection, account + 999, 10**6) == 0
    assert list(reading.postings(connection, account, 10**6)) == []
    assert reading.balance_on_value_date(connection, account, DAY, 10**6) == 0


def test_a_value_date_in_the_past_changes_interest_not_what_was_booked(
    bank: Bank, connection: Connection
) -> None:
    (account,) = bank.open_accounts(1, fund_minor=100)
    before = reading.heads(connection)[1]
    bank.post(
        move(bank.cash(), account, 40, subject=account, booked_on=D3, credit_value_on=D1, debit_value_on=D3)
    )
    after = reading.heads(connection)[1]
    booked = [reading.balance_on_booking_date(connection, account, d, after) for d in (D1, D2, D3)]
    valued = [reading.balance_on_value_date(connection, account, d, after) for d in (D1, D2, D3)]
    assert booked == [100, 100, 140]
    assert valued == [140, 140, 140]
    # what was read before stays what it was
    assert reading.balance_on_value_date(connection, account, D1, before) == 100
    assert reading.balance_at(connection, account, before) == 100


def test_each_side_of_an_entry_keeps_its_own_value_date(bank: Bank, connection: Connection) -> None:
    payer, payee = bank.open_accounts(2, fund_minor=100)
    bank.post(move(payer, payee, 60, booked_on=D2, debit_value_on=D1, credit_value_on=D3))
    cut = reading.heads(connection)[1]
    assert [reading.balance_on_value_date(connection, payer, d, cut) for d in (D1, D2, D3)] == [40, 40, 40]
    assert [reading.balance_on_value_date(connection, payee, d, cut) for d in (D1, D2, D3)] == [100, 100, 160]
    assert [reading.balance_on_booking_date(connection, payee, d, cut) for d in (D1, D2, D3)] == [
        100,
        160,
        160,
    ]


def test_days_before_the_first_and_after_the_last_are_zero_and_the_whole(
    bank: Bank, connection: Connection
) -> None:
    (account,) = bank.open_accounts(1, fund_minor=100)
    cut = reading.heads(connection)[1]
    assert reading.balance_on_booking_date(connection, account, date(1900, 1, 1), cut) == 0
    assert reading.balance_on_booking_date(connection, account, date(9999, 12, 31), cut) == 100


def test_postings_show_counterparty_running_balance_citations_and_record(
    bank: Bank, connection: Connection
) -> None:
    a, b, c = bank.open_accounts(3, fund_minor=100)
    answered = bank.post(command(a, Several(entries=((a, b, 30), (a, c, 20), (b, c, 5)))))[0]
    cut = reading.heads(connection)[1]
    found = list(reading.postings(connection, a, cut))
    assert [(p.amount_minor, p.balance_minor, p.counterparty) for p in found] == [
        (100, 100, bank.cash()), (-30, 70, b), (-20, 50, c),
    ]  # fmt: skip
    assert [p.operation for p in found[1:]] == [answered.position] * 2
    assert [p.position for p in found[1:]] == [answered.position, answered.position + 1]
    assert found[2].citations == ("TEST-1", "TEST-2")
    assert found[2].record is not None
    assert found[2].record.kind == "test-several"
    assert found[2].record.asked == {"entries": [[a, b, 30], [a, c, 20], [b, c, 5]]}
    assert found[0].received_at == NOON


def test_postings_of_a_range_of_days_or_positions(
    bank: Bank, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PAGE", 3)
    (account,) = bank.open_accounts(1)
    cash = bank.cash()
    days = (D1, D2, D3)
    bank.post(*(move(cash, account, n, subject=account, booked_on=days[n // 4]) for n in range(1, 12)))
    cut = reading.heads(connection)[1]
    everything = list(reading.postings(connection, account, cut))
    assert [p.amount_minor for p in everything] == list(range(1, 12))
    second = reading.postings(connection, account, cut, first_day=D2, last_day=D2)
    assert [p.amount_minor for p in second] == [4, 5, 6, 7]
    middle = reading.postings(connection, account, everything[7].position, after=everything[3].position)
    assert [p.amount_minor for p in middle] == [5, 6, 7, 8]
    last = list(reading.postings(connection, account, cut, first_day=D3))
    assert last[0].balance_minor - last[0].amount_minor == reading.balance_on_booking_date(
        connection, account, D2, cut
    )


def test_a_trial_balance_by_a_cut_sums_to_zero_in_every_currency(bank: Bank, connection: Connection) -> None:
    bank.open_accounts(3, fund_minor=100)
    (pacific,) = bank.open_accounts(1, fund_minor=7_000, currency="XPF")
    cut = reading.heads(connection)
    for position in range(cut[1] + 1):
        assert reading.trial_balance(connection, {1: position}).balanced
    whole = reading.trial_balance(connection, cut)
    assert whole.totals_minor == {"EUR": 0, "XPF": 0}
    assert {(x.account, x.balance_minor) for x in whole.lines if x.currency == "XPF"} == {
        (pacific, 7_000), (own_account(1, Role.CASH, "XPF"), -7_000),
    }  # fmt: skip
    assert reading.trial_balance(connection, {1: 0}).lines == ()


def test_the_available_balance_is_explained(bank: Bank, connection: Connection) -> None:
    (account,) = bank.open_accounts(1, fund_minor=1_000, floor_minor=-300)
    first, second = bank.post(place(account, 100), place(account, 250, expires_at=NOON + timedelta(days=6)))
    bank.post(command(account, ChangeAccount(unavailable_minor=50)))
    found = reading.available(connection, account)
    assert found is not None
    assert (found.booked_minor, found.held_minor, found.unavailable_minor, found.overdraft_minor) == (
        1_000, 350, 50, 300,
    )  # fmt: skip
    assert found.available_minor == 900
    assert [(h.id, h.left_minor) for h in found.holds] == [(first.position, 100), (second.position, 250)]
    assert found.position == reading.heads(connection)[1]
    assert reading.available(connection, account + 1) is None


def test_holds_in_force_leave_out_what_is_over(bank: Bank, connection: Connection) -> None:
    a, b = bank.open_accounts(2, fund_minor=1_000)
    first, second = bank.post(place(a, 100), place(a, 200))
    bank.post(take(a, first.position, 100, b), take(a, second.position, 50, b, final=False))
    (left,) = reading.holds_in_force(connection, a)
    assert (left.id, left.amount_minor, left.left_minor, left.purpose) == (second.position, 200, 150, "test")


def test_an_operation_is_read_whole_from_any_of_its_rows(bank: Bank, connection: Connection) -> None:
    a, b, c = bank.open_accounts(3, fund_minor=100)
    asked = command(a, Several(entries=((b, a, 30), (a, c, 20), (b, c, 5))))
    answered = bank.post(asked, move(a, b, 1))[0]
    found = [reading.operation_at(connection, 1, answered.position + n) for n in range(3)]
    assert found[0] == found[1] == found[2]
    operation = found[0]
    assert operation is not None
    assert (operation.position, operation.outcome, operation.key) == (
        answered.position, Outcome.ACCEPTED, asked.key,
    )  # fmt: skip
    assert [(r.line, r.debit, r.credit, r.amount_minor) for r in operation.rows] == [
        (0, b, a, 30), (1, a, c, 20), (2, b, c, 5),
    ]  # fmt: skip
    assert (operation.actor, operation.channel, operation.received_at) == (TELLER, Channel.BRANCH, NOON)
    assert operation.citations == ("TEST-1", "TEST-2")
    assert reading.position_of_key(connection, 1, asked.key) == answered.position
    assert reading.position_of_key(connection, 1, bytes(16)) is None
    assert reading.operation_at(connection, 1, 10**9) is None


def test_a_refusal_and_a_reversal_are_read_with_their_reason_and_their_undoing(
    bank: Bank, connection: Connection
) -> None:
    a, b = bank.open_accounts(2, fund_minor=100)
    refused, done = bank.post(move(a, b, 101), move(a, b, 40))
    undone = bank.post(reverse(a, done.position))[0]
    no = reading.operation_at(connection, 1, refused.position)
    assert no is not None
    assert (no.reason, no.subject, no.rows[0].amount_minor) == ("insufficient-funds", a, None)
    assert no.record is not None
    assert no.record.asked["approved_by"] == SUPERVISOR
    yes = reading.operation_at(connection, 1, done.position)
    assert yes is not None
    assert yes.reversed_by == undone.position


def test_the_half_in_the_other_book_shows_the_record_where_it_was_asked(
    two_books: Bank, connection: Connection
) -> None:
    a = two_books.open_accounts(1, book=1, fund_minor=100)[0]
    b = two_books.open_accounts(1, book=2)[0]
    answered = two_books.post(move(a, b, 60))[0]
    cut = reading.heads(connection)
    (arrived,) = reading.postings(connection, b, cut[2])
    assert arrived.record is not None
    assert (arrived.record.book, arrived.record.position) == (1, answered.position)
    assert arrived.record.asked["amount_minor"] == 60
    half = reading.operation_at(connection, 2, arrived.operation)
    assert half is not None
    assert (half.key, half.record) == (None, arrived.record)


def test_the_last_balance_of_a_busy_account_costs_a_few_pages(bank: Bank, connection: Connection) -> None:
    accounts = bank.open_accounts(5, fund_minor=1_000_000)
    for _ in range(4):
        bank.post(*(move(accounts[n % 4], accounts[4], 1) for n in range(1_000)))
    bank.rows("select count(*) from journal")
    end = reading.heads(connection)[1]
    key = {"book": 1, "account": number_of(accounts[4])}
    for position in (end, end - 2_000, 30):
        plan = connection.execute(
            b"explain (analyze, buffers, format json) " + SQL["sequence_at"].encode(),
            {**key, "position": position},
        ).fetchone()
        assert plan is not None
        top = plan[0][0]["Plan"]
        assert top["Shared Hit Blocks"] + top["Shared Read Blocks"] < 150
    assert reading.balance_at(connection, accounts[4], end) == 1_004_000
