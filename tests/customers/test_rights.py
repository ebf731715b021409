"""Who may move money by hand: within the funds, and whatever the funds."""

from datetime import date

import pytest

from teneur.bank import Bank
from teneur.channels.explain_texts import reason_text
from teneur.customers.commands import ChangeStaff, RegisterStaff, StaffRole
from teneur.customers.decisions import REGISTER
from teneur.kernel.commands import Answer
from teneur.kernel.money import Language
from teneur.ledger.chart import Role, own_account
from teneur.ledger.commands import Move, ReverseOperation
from tests.support.bank import (
    ADMIN,
    ADVISER,
    BACK_OFFICE,
    BOOK,
    BRED,
    CLERK,
    OTHER_ADMIN,
    OTHER_ADVISER,
    accepted,
    open_account,
    refused,
)

DAY = date(2026, 5, 4)
UNKNOWN = -99
EACH = (ADMIN, CLERK, ADVISER, BACK_OFFICE, UNKNOWN)


def move(
    bank: Bank, account: int, actor: int, approved_by: int, *, amount: int = 100, forced: bool = False
) -> Answer:
    ask = Move(
        debit=account, credit=own_account(BOOK, Role.SUSPENSE, "EUR"), amount_minor=amount, booked_on=DAY,
        debit_value_on=DAY, credit_value_on=DAY, reason="test", approved_by=approved_by, forced=forced,
    )  # fmt: skip
    return bank.ask(ask, account, actor=actor)


def reverse(
    bank: Bank, account: int, operation: Answer, actor: int, approved_by: int, *, forced: bool
) -> Answer:
    ask = ReverseOperation(
        operation=operation.position, booked_on=DAY, reason="test", approved_by=approved_by, forced=forced
    )
    return bank.ask(ask, account, actor=actor)


@pytest.mark.parametrize("actor", EACH)
@pytest.mark.parametrize("approved_by", [ADMIN, CLERK, OTHER_ADVISER, BACK_OFFICE, UNKNOWN, 1])
def test_a_forced_move_wants_the_back_office_and_a_second_person_with_a_right_too(
    bank: Bank, actor: int, approved_by: int
) -> None:
    account = open_account(bank, BRED)
    answer = move(bank, account, actor, approved_by, forced=True)
    if approved_by >= 0 or approved_by == actor:
        refused(answer, "second-person-missing")
    elif actor != BACK_OFFICE:
        refused(answer, "force-not-authorised")
        assert bank.decided(answer) == {"right": "force"}
    elif approved_by != OTHER_ADVISER:
        refused(answer, "second-person-missing")
        assert bank.decided(answer) == {"right": "approve-force"}
    else:
        accepted(answer)
    assert bank.account(account).balance_minor == (-100 if answer.outcome == 1 else 0)


@pytest.mark.parametrize("actor", EACH)
def test_a_move_within_the_funds_wants_two_of_the_advisers_and_the_back_office(
    bank: Bank, actor: int
) -> None:
    account = open_account(bank, BRED, funds_minor=500)
    answer = move(bank, account, actor, OTHER_ADVISER)
    if actor in (ADVISER, BACK_OFFICE):
        accepted(answer)
        for other in (ADMIN, CLERK, UNKNOWN):
            refused(move(bank, account, actor, other), "second-person-missing")
    else:
        refused(answer, "move-not-authorised")


def test_a_reversal_that_beats_the_balance_wants_the_right_to_force(bank: Bank) -> None:
    account, other = open_account(bank, BRED, funds_minor=500), open_account(bank, BRED)
    ask = Move(
        debit=account, credit=other, amount_minor=500, booked_on=DAY, debit_value_on=DAY, credit_value_on=DAY,
        reason="test", approved_by=OTHER_ADVISER,
    )  # fmt: skip
    done = accepted(bank.ask(ask, account, actor=ADVISER))
    accepted(move(bank, other, ADVISER, OTHER_ADVISER, amount=500))
    refused(reverse(bank, account, done, ADVISER, OTHER_ADVISER, forced=False), "insufficient-funds")
    refused(reverse(bank, account, done, ADVISER, OTHER_ADVISER, forced=True), "force-not-authorised")
    refused(reverse(bank, account, done, UNKNOWN, OTHER_ADVISER, forced=False), "move-not-authorised")
    accepted(reverse(bank, account, done, BACK_OFFICE, ADVISER, forced=True))
    assert (bank.account(account).balance_minor, bank.account(other).balance_minor) == (500, -500)


def test_rights_are_those_of_the_role_of_the_moment(bank: Bank) -> None:
    account = open_account(bank, BRED)
    second = accepted(
        bank.ask(
            RegisterStaff(name="Gilles Roy", role=StaffRole.BACK_OFFICE, approved_by=OTHER_ADMIN),
            REGISTER,
            actor=ADMIN,
        )
    )
    newcomer = bank.decided(second)["staff"]
    accepted(move(bank, account, BACK_OFFICE, newcomer, forced=True))
    gone = ChangeStaff(staff=newcomer, role=StaffRole.BACK_OFFICE, active=False, approved_by=OTHER_ADMIN)
    accepted(bank.ask(gone, REGISTER, actor=ADMIN))
    refused(move(bank, account, BACK_OFFICE, newcomer, forced=True), "second-person-missing")
    refused(move(bank, account, newcomer, ADVISER, forced=True), "force-not-authorised")


@pytest.mark.parametrize(
    "reason", ["move-not-authorised", "force-not-authorised", "hold-until-its-day", "hold-of-an-order"]
)
def test_these_refusals_have_words(reason: str) -> None:
    for language in Language:
        assert reason_text(reason, {}, language) != f"{reason}."
