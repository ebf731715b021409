"""What holders want of notices: stated by them or by staff, at any time, each choice beside the others."""

from pathlib import Path
from typing import Any

import pytest

from teneur.agreements.terms.notices import Medium
from teneur.bank import Bank
from teneur.kernel.commands import Ask
from teneur.kernel.notices import Value
from teneur.obligations.notices.commands import (
    ChooseMedium,
    ChooseRecipient,
    NoteAcknowledgement,
    ObjectToPaperless,
)
from teneur.obligations.notices.facts import Choice, load_choices
from tests.obligations.notices.making import EXCESS, again, give_email, send, told, ways
from tests.support.asserts import asserts
from tests.support.bank import (
    ADMIN,
    BNC,
    BRED,
    CLERK,
    accepted,
    add_person,
    move_clock,
    open_account,
    refused,
)

CHOICES: list[Ask] = [
    ChooseMedium(medium=Medium.LETTER),
    ObjectToPaperless(),
    ChooseRecipient(person=1),
]


def choice_of(bank: Bank, account: int) -> Choice | None:
    with bank.read() as connection:
        return load_choices(connection, [account]).get(account)


@pytest.mark.parametrize("ask", CHOICES)
def test_holders_and_staff_choose_and_nobody_else(bank: Bank, ask: Ask) -> None:
    account = open_account(bank, BRED)
    stranger = add_person(bank, "Autre")
    for actor in (stranger, ADMIN, 0, -99):
        refused(bank.ask(ask, account, actor=actor), "not-authorised")
    refused(bank.ask(ask, account + 99, actor=CLERK), "unknown-account")
    accepted(bank.ask(ask, account, actor=CLERK))
    accepted(bank.ask(ask, account, actor=bank.account(account).holders[0]))


def test_each_choice_stands_beside_the_others_and_the_latest_counts(bank: Bank) -> None:
    account = open_account(bank, BRED, add_person(bank), add_person(bank, "Martin", "Paul"))
    first, second = bank.account(account).holders
    assert choice_of(bank, account) is None
    accepted(bank.ask(ObjectToPaperless(), account, actor=first))
    accepted(bank.ask(ChooseMedium(medium=Medium.LETTER), account, actor=second))
    accepted(bank.ask(ChooseRecipient(person=second), account, actor=first))
    assert choice_of(bank, account) == Choice(paperless=False, medium=Medium.LETTER, recipient=second)
    accepted(bank.ask(ObjectToPaperless(objects=False), account, actor=first))
    accepted(bank.ask(ChooseMedium(medium=None), account, actor=first))
    assert choice_of(bank, account) == Choice(paperless=True, medium=None, recipient=second)


@asserts("BNC-3.4-2")
def test_e_mail_may_be_chosen_by_whoever_has_given_an_address(bank: Bank) -> None:
    account = open_account(bank, BNC)
    ask = ChooseMedium(medium=Medium.EMAIL)
    refused(bank.ask(ask, account, actor=CLERK), "address-missing")
    give_email(bank, bank.account(account).holders[0], "marie@exemple.nc")
    assert "BNC-3.4-2" in accepted(bank.ask(ask, account, actor=CLERK)).citations


@pytest.mark.parametrize("medium", [Medium.SMS, Medium.REGISTERED_LETTER])
def test_a_medium_that_is_not_offered_cannot_be_chosen(bank: Bank, medium: Medium) -> None:
    refused(
        bank.ask(ChooseMedium(medium=medium), open_account(bank, BRED), actor=CLERK), "medium-not-offered"
    )


def test_only_a_holder_can_be_the_one_who_is_written_to(bank: Bank) -> None:
    account = open_account(bank, BRED)
    stranger = add_person(bank, "Autre")
    refused(bank.ask(ChooseRecipient(person=stranger), account, actor=CLERK), "not-a-holder")


def test_a_joint_account_gets_one_notice_at_the_address_of_the_particular_terms(
    bank: Bank, tmp_path: Path
) -> None:
    account = open_account(bank, BRED, add_person(bank), add_person(bank, "Martin", "Paul"))
    send(bank, ways(bank, tmp_path / "opening"))
    second = bank.account(account).holders[1]
    accepted(bank.ask(ChooseRecipient(person=second), account, actor=CLERK))
    told(bank, account, "overdraft-excess", EXCESS)
    assert len(send(bank, ways(bank, tmp_path)).sent) == 1
    index = (tmp_path / "2026-05-04" / "letters" / "index.jsonl").read_text().splitlines()
    assert len(index) == 1
    assert '"Paul Martin"' in index[0]


def test_the_acknowledgement_of_a_registered_letter_is_noted_once_by_staff(
    bank: Bank, tmp_path: Path
) -> None:
    account = open_account(bank, BRED)
    values: dict[str, Value] = {
        "medium": "registered-letter",
        "letter": "R1",
        "amount_minor": 5,
        "balance_minor": -5,
    }
    notice = told(bank, account, "overdraft-demand", values)
    ordinary = told(bank, account, "overdraft-excess", EXCESS)
    day = bank.clock.now().date()

    def note(of: int, **changed: Any) -> NoteAcknowledgement:
        fields: dict[str, Any] = {"notice": of, "line": 0, "received_on": day, "reference": "AR 1", **changed}
        return NoteAcknowledgement(**fields)

    refused(bank.ask(note(notice.id), account, actor=CLERK), "no-registered-letter")
    send(bank, ways(bank, tmp_path))
    refused(bank.ask(note(notice.id), account, actor=0), "not-authorised")
    refused(bank.ask(note(ordinary.id), account, actor=CLERK), "no-registered-letter")
    refused(bank.ask(note(2**40), account, actor=CLERK), "unknown-notice")
    refused(bank.ask(note(notice.id, reference=" "), account, actor=CLERK), "invalid-field")
    refused(bank.ask(note(notice.id, received_on=day.replace(day=1)), account, actor=CLERK), "invalid-field")
    refused(bank.ask(note(notice.id, received_on=day.replace(day=9)), account, actor=CLERK), "invalid-field")
    move_clock(bank, "2026-05-07T12:00:00+02:00")
    accepted(bank.ask(note(notice.id, received_on=day.replace(day=6)), account, actor=CLERK))
    assert again(bank, notice).acknowledged
    refused(bank.ask(note(notice.id), account, actor=CLERK), "acknowledged-already")
