"""Holds are counted in the available balance from placing to the end, and nothing takes one twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from tests.support.ledger import (
    NOON,
    Bank,
    KeepAside,
    OpenAccount,
    command,
    move,
    place,
    release,
    take,
)

from teneur.kernel.commands import AccountId, Answer, Command, Outcome
from teneur.ledger import reading
from teneur.ledger.account import SQL
from teneur.ledger.effects import HOLD, HoldOwner


def test_six_holds_of_a_thousand_on_five_thousand_leave_one_refused(bank: Bank) -> None:
    (account,) = bank.open_accounts(1, fund_minor=5_000)
    answers = bank.post(*(place(account, 1_000) for _ in range(6)))
    assert [a.outcome for a in answers] == [Outcome.ACCEPTED] * 5 + [Outcome.REFUSED]
    assert answers[5].reason == "insufficient-funds"
    assert bank.held(account) == 5_000


def test_held_money_cannot_be_spent(bank: Bank) -> None:
    payer, payee = bank.open_accounts(2, fund_minor=1_000)
    answers = bank.post(place(payer, 600), move(payer, payee, 401), move(payer, payee, 400))
    assert [a.reason for a in answers] == ["", "insufficient-funds", ""]


def test_an_overdraft_limit_counts_for_holds_as_for_debits(bank: Bank) -> None:
    (account,) = bank.open_accounts(1, fund_minor=100, floor_minor=-50)
    assert [a.reason for a in bank.post(place(account, 151), place(account, 150))] == [
        "insufficient-funds",
        "",
    ]


def test_a_hold_is_taken_in_parts_and_never_beyond_what_is_left(bank: Bank) -> None:
    payer, payee = bank.open_accounts(2, fund_minor=1_000)
    hold = bank.post(place(payer, 500))[0].position
    answers = bank.post(
        take(payer, hold, 200, payee, final=False),
        take(payer, hold, 301, payee, final=False),
        take(payer, hold, 300, payee, final=False),
        take(payer, hold, 1, payee, final=False),
    )
    assert [a.reason for a in answers] == ["", "amount-out-of-range", "", "hold-not-in-force"]
    assert (bank.balance(payer), bank.held(payer)) == (500, 0)


def test_what_a_final_take_leaves_is_free_again(bank: Bank) -> None:
    payer, payee = bank.open_accounts(2, fund_minor=500)
    hold = bank.post(place(payer, 500))[0].position
    answers = bank.post(take(payer, hold, 200, payee), move(payer, payee, 300), move(payer, payee, 1))
    assert [a.reason for a in answers] == ["", "", "insufficient-funds"]
    assert bank.held(payer) == 0


def test_a_released_hold_can_be_neither_taken_nor_released_again(bank: Bank) -> None:
    payer, payee = bank.open_accounts(2, fund_minor=500)
    hold = bank.post(place(payer, 500))[0].position
    answers = bank.post(release(payer, hold), release(payer, hold), take(payer, hold, 1, payee))
    assert [a.reason for a in answers] == ["", "hold-not-in-force", "hold-not-in-force"]
    assert (bank.balance(payer), bank.held(payer)) == (500, 0)


def test_an_expired_hold_still_counts_until_its_release_is_recorded(bank: Bank) -> None:
    payer, payee = bank.open_accounts(2, fund_minor=500)
    end = NOON + timedelta(hours=1)
    hold = bank.post(place(payer, 500, expires_at=end))[0].position
    early, late = end - timedelta(microseconds=1), end
    answers = bank.post(
        release(payer, hold, expired=True, at=early),
        take(payer, hold, 1, payee, at=late),
        move(payer, payee, 1, at=late),
        release(payer, hold, expired=True, at=late),
        move(payer, payee, 500, at=late),
    )
    assert [a.reason for a in answers] == [
        "hold-not-expired", "hold-not-in-force", "insufficient-funds", "", "",
    ]  # fmt: skip
    assert bank.row("select status, left_minor from hold") == (4, 0)


def test_a_hold_that_ends_at_or_before_its_placing_is_refused(bank: Bank) -> None:
    (account,) = bank.open_accounts(1, fund_minor=500)
    assert bank.post(place(account, 1, expires_at=NOON))[0].reason == "hold-expired"


def test_a_hold_of_another_account_cannot_be_taken(bank: Bank) -> None:
    owner, thief = bank.open_accounts(2, fund_minor=500)
    hold = bank.post(place(owner, 500))[0].position
    assert bank.post(take(thief, hold, 500, owner))[0].reason == "hold-not-in-force"


def test_a_hold_placed_and_taken_in_one_batch_after_another_take_is_stored_as_taken(bank: Bank) -> None:
    """Effects of one kind are written together: the placing must still be stored before its taking."""
    payer, payee = bank.open_accounts(2, fund_minor=1_000)
    first = bank.post(place(payer, 100))[0].position
    second = first + 2
    answers = bank.post(take(payer, first, 100, payee), place(payer, 200), take(payer, second, 200, payee))
    assert [a.outcome for a in answers] == [Outcome.ACCEPTED] * 3
    assert answers[1].position == second
    assert bank.engine.splits == 0
    assert bank.rows("select hold, status, left_minor from hold order by hold") == [
        (first, 2, 0),
        (second, 2, 0),
    ]
    assert bank.held(payer) == 0
    cold = bank.another_engine()
    assert cold.post_one(take(payer, second, 200, payee)).reason == "hold-not-in-force"


def test_an_account_opened_after_a_hold_elsewhere_can_be_held_in_the_same_batch(bank: Bank) -> None:
    old, payee = bank.open_accounts(2, fund_minor=1_000)
    new = payee + 1
    answers = bank.post(place(old, 100), command(new, OpenAccount()), move(old, new, 50), place(new, 50))
    assert [a.outcome for a in answers] == [Outcome.ACCEPTED] * 4
    assert (bank.held(old), bank.held(new)) == (100, 50)
    assert bank.engine.splits == 0


def _race(bank: Bank, account: AccountId, payee: AccountId, hold: int, amount: int) -> int:
    """Eight writers take the same hold at once, each under its own key; how many were let."""
    engines = [bank.another_engine() for _ in range(8)]
    with ThreadPoolExecutor(len(engines)) as pool:
        answers = list(
            pool.map(lambda e: e.post_one(take(account, hold, amount, payee, final=False)), engines)
        )
    return sum(a.outcome is Outcome.ACCEPTED for a in answers)


def test_one_hold_taken_by_eight_writers_at_once_is_taken_once(bank: Bank) -> None:
    payer, payee = bank.open_accounts(2, fund_minor=10_000)
    hold = bank.post(place(payer, 500))[0].position
    assert _race(bank, payer, payee, hold, 500) == 1
    assert (bank.balance(payee), bank.held(payer)) == (10_500, 0)


def test_parts_of_a_hold_taken_by_eight_writers_at_once_never_exceed_it(bank: Bank) -> None:
    payer, payee = bank.open_accounts(2, fund_minor=10_000)
    hold = bank.post(place(payer, 500))[0].position
    assert _race(bank, payer, payee, hold, 150) == 3
    assert (bank.balance(payee), bank.held(payer)) == (10_450, 50)


# holds that operations place for themselves

LATER = NOON + timedelta(hours=1)
OWNERS = ((True, "hold-of-an-order"), (False, "hold-until-its-day"))


def keep(account: AccountId, amount: int, *, pending: bool) -> Command:
    return command(account, KeepAside(amount_minor=amount, pending=pending, expires_at=LATER))


@pytest.mark.parametrize(("pending", "reason"), OWNERS)
@pytest.mark.parametrize("in_one_batch", [True, False])
def test_a_hold_of_an_operation_is_not_ended_by_hand(
    bank: Bank, pending: bool, reason: str, in_one_batch: bool
) -> None:
    """Whether the table tells whose it is, or, within a batch, the effect."""
    payer, payee = bank.open_accounts(2, fund_minor=1_000)
    hold = bank.count() + 1
    by_hand = take(payer, hold, 500, payee), take(payer, hold, 1, payee, final=False), release(payer, hold)
    placing = keep(payer, 500, pending=pending)
    answers = bank.post(placing, *by_hand) if in_one_batch else bank.post(placing) + bank.post(*by_hand)
    assert answers[0].position == hold
    assert [a.reason for a in answers[1:]] == [reason] * 3
    assert (bank.balance(payer), bank.held(payer)) == (1_000, 500)
    assert bank.row("select status, left_minor from hold") == (1, 500)


def test_who_refuses_says_what_keeps_the_money_and_since_which_operation(bank: Bank) -> None:
    (payer,) = bank.open_accounts(1, fund_minor=1_000)
    hold = bank.post(keep(payer, 500, pending=True))[0].position
    position = bank.post(release(payer, hold))[0].position
    (body,) = bank.row("select body from record where book = 1 and position = %(at)s", at=position)
    assert b'"decided":{"placed_by":%d,"purpose":"order"}' % hold in bytes(body)


@pytest.mark.parametrize("in_one_batch", [True, False])
def test_time_alone_frees_what_a_finished_operation_keeps_but_nothing_of_a_pending_one(
    bank: Bank, in_one_batch: bool
) -> None:
    one, other = bank.open_accounts(2, fund_minor=1_000)
    first = bank.count() + 1
    placing = keep(one, 500, pending=True), keep(other, 500, pending=False)
    ending = [
        release(account, hold, expired=True, at=at)
        for account, hold in ((one, first), (other, first + 1))
        for at in (LATER - timedelta(microseconds=1), LATER)
    ]
    answers = bank.post(*placing, *ending) if in_one_batch else bank.post(*placing) + bank.post(*ending)
    assert [a.reason for a in answers[2:]] == [
        "hold-of-an-order", "hold-of-an-order", "hold-not-expired", "",
    ]  # fmt: skip
    assert (bank.held(one), bank.held(other)) == (500, 0)


def test_the_bank_s_day_does_not_meet_expired_holds_of_pending_operations(bank: Bank) -> None:
    one, other, third = bank.open_accounts(3, fund_minor=1_000)
    bank.post(keep(one, 1, pending=True), keep(other, 2, pending=False), place(third, 3, expires_at=LATER))
    with bank.connect() as connection:
        rows = connection.execute(SQL["holds_expired"], {"book": 1, "at": LATER}).fetchall()
    assert [account for account, _ in rows] == [other & 0xFFFF_FFFF, third & 0xFFFF_FFFF]


def test_every_reader_tells_whose_a_hold_is(bank: Bank) -> None:
    (account,) = bank.open_accounts(1, fund_minor=1_000)
    placing = place(account, 1), keep(account, 2, pending=True), keep(account, 3, pending=False)
    holds = [answer.position for answer in bank.post(*placing)]
    with bank.connect() as connection:
        loaded = HOLD.load(connection, [(account, hold) for hold in holds])
        listed = reading.holds_in_force(connection, account)
        available = reading.available(connection, account)
    assert available is not None
    assert [loaded[account, hold] for hold in holds] == listed == list(available.holds)
    assert [hold.owner for hold in listed] == [HoldOwner.HAND, HoldOwner.PENDING, HoldOwner.DONE]


def test_eight_writers_at_once_end_no_hold_of_a_pending_operation(bank: Bank) -> None:
    payer, payee = bank.open_accounts(2, fund_minor=10_000)
    hold = bank.post(keep(payer, 500, pending=True))[0].position
    asked = [take(payer, hold, 500, payee) if n % 2 else release(payer, hold) for n in range(8)]

    def post(command_: Command) -> Answer:
        return bank.another_engine().post_one(command_)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(post, asked))
    assert {(a.outcome, a.reason) for a in answers} == {(Outcome.REFUSED, "hold-of-an-order")}
    assert (bank.balance(payer), bank.held(payer)) == (10_000, 500)
