"""One bad command harms no other: a broken decision, an absurd envelope, a value that the tables refuse."""

from datetime import datetime

import pytest
from tests.support.ledger import NOON, Bank, Defect, Several, answer, command, move, place

from teneur.kernel.commands import AccountId, Command, Outcome, account_id
from teneur.ledger.errors import BrokenDecision, CommandFailed

DEFECTS = [
    "needs",
    "decide",
    "undeclared fact",
    "float in the record",
    "beats the available balance",
    "second entry beats the available balance",
    "amount too large for the table",
    "hold on an account no row names",
    "character the database refuses",
    "hold of nothing",
]


def _harmless(bank: Bank, bad: Command, payer: AccountId, payee: AccountId) -> None:
    before = bank.count()
    first, failed, last = bank.engine.post([move(payer, payee, 100), bad, move(payer, payee, 50)])
    assert isinstance(failed, CommandFailed)
    assert answer(first).outcome is answer(last).outcome is Outcome.ACCEPTED
    assert bank.count() == before + 2
    assert bank.times_stored(bad.key[:16].ljust(16, b"\0")) == 0
    assert (bank.balance(payer), bank.balance(payee)) == (9_850, 10_150)
    assert bank.held(payer) == bank.held(payee) == 0
    # the memory is as clean as the tables: the very sum that is left can be spent, and no cent more
    refused, spent = bank.post(move(payer, payee, 9_851), move(payer, payee, 9_850))
    assert (refused.reason, spent.outcome) == ("insufficient-funds", Outcome.ACCEPTED)


@pytest.mark.parametrize("how", DEFECTS)
def test_a_broken_decision_does_not_harm_the_others_of_its_batch(bank: Bank, how: str) -> None:
    payer, payee = bank.open_accounts(2, fund_minor=10_000)
    _harmless(bank, command(payer, Defect(how=how, other=payee)), payer, payee)


def test_a_hold_in_another_book_than_its_command_is_a_broken_decision(two_books: Bank) -> None:
    here, payee = two_books.open_accounts(2, book=1, fund_minor=10_000)
    there = two_books.open_accounts(1, book=2, fund_minor=10_000)[0]
    _harmless(two_books, command(here, Defect(how="hold in another book", other=there)), here, payee)
    assert two_books.held(there) == 0


@pytest.mark.parametrize("size", [0, 15, 17])
def test_a_key_that_is_not_16_bytes_is_refused_alone(bank: Bank, size: int) -> None:
    payer, payee = bank.open_accounts(2, fund_minor=10_000)
    bad = Command(key=b"k" * size, subject=payer, received_at=NOON, ask=move(payer, payee, 1).ask, actor=-1)
    _harmless(bank, bad, payer, payee)


def test_a_reception_instant_without_zone_fails_alone(bank: Bank) -> None:
    payer, payee = bank.open_accounts(2, fund_minor=10_000)
    _harmless(bank, move(payer, payee, 1, at=datetime(2026, 3, 2, 12)), payer, payee)  # noqa: DTZ001


def test_an_actor_beyond_the_table_fails_alone(bank: Bank) -> None:
    payer, payee = bank.open_accounts(2, fund_minor=10_000)
    _harmless(bank, move(payer, payee, 1, actor=-(2**31) - 1), payer, payee)


@pytest.mark.parametrize("subject", [-1, account_id(1_000_001, 1), 2**63, account_id(1, 2**31)])
def test_a_subject_that_no_book_can_keep_fails_alone(bank: Bank, subject: int) -> None:
    payer, payee = bank.open_accounts(2, fund_minor=10_000)
    _harmless(bank, place(subject, 1), payer, payee)


@pytest.mark.parametrize("amount", [2**53, 2**63, 2**70, -(2**70)])
def test_an_amount_that_no_record_can_hold_fails_alone(bank: Bank, amount: int) -> None:
    payer, payee = bank.open_accounts(2, fund_minor=10_000)
    _harmless(bank, move(payer, payee, amount), payer, payee)


@pytest.mark.parametrize("other", [0, -5, 1 << 32, account_id(1, 2**31), 2**53 - 1, account_id(777, 5)])
def test_an_account_that_cannot_exist_is_unknown_and_nothing_worse(bank: Bank, other: int) -> None:
    payer, payee = bank.open_accounts(2, fund_minor=10_000)
    answers = bank.post(move(payer, payee, 1), move(payer, other, 1), move(payer, payee, 1))
    assert [a.reason for a in answers] == ["", "unknown-account", ""]


@pytest.mark.parametrize("hold", [0, -1, 2**53 - 1])
def test_a_hold_that_cannot_exist_is_not_in_force(bank: Bank, hold: int) -> None:
    from tests.support.ledger import release

    (account,) = bank.open_accounts(1)
    assert bank.post(release(account, hold))[0].reason == "hold-not-in-force"


def test_a_single_broken_command_raises_with_its_cause(bank: Bank) -> None:
    payer, payee = bank.open_accounts(2, fund_minor=10_000)
    with pytest.raises(CommandFailed) as caught:
        bank.engine.post_one(command(payer, Defect(how="beats the available balance", other=payee)))
    assert isinstance(caught.value.__cause__, BrokenDecision)


def test_several_broken_commands_of_a_batch_each_fail_with_their_own_cause(bank: Bank) -> None:
    payer, payee = bank.open_accounts(2, fund_minor=10_000)
    batch = [move(payer, payee, 1) for _ in range(20)]
    for index, how in ((3, "hold of nothing"), (4, "decide"), (17, "beats the available balance")):
        batch[index] = command(payer, Defect(how=how, other=payee))
    results = bank.engine.post(batch)
    assert [i for i, r in enumerate(results) if isinstance(r, CommandFailed)] == [3, 4, 17]
    assert bank.balance(payee) == 10_017


def test_an_operation_of_several_entries_is_all_or_nothing(bank: Bank) -> None:
    a, b, c = bank.open_accounts(3, fund_minor=100)
    bank.post(command(a, Several(entries=((a, b, 30), (a, c, 20), (b, c, 5)))))
    assert [bank.balance(x) for x in (a, b, c)] == [50, 125, 125]
    rows = bank.rows(
        "select line, key is not null, position from journal where kind = 30004 order by position"
    )
    assert [(line, keyed) for line, keyed, _ in rows] == [(0, True), (1, False), (2, False)]
    assert rows[2][2] - rows[0][2] == 2
