"""Another bank checks the identity of a customer: one word, nothing told, objections honoured."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from tests.conftest import Databases
from tests.payments.transfers.world import open_world
from tests.support.asserts import asserts
from tests.support.bank import ADMIN, ADVISER, BNC, BOOK, BRED, CLERK, accepted, add_person, open_account
from tests.support.transfers import PARIS_MORNING, ask_at, refused

from teneur.bank import Bank
from teneur.kernel.clock import instant
from teneur.kernel.commands import AccountId, Answer, Channel
from teneur.ledger.chart import Role, own_account
from teneur.payments.transfers.commands import AnswerIdentityCheck, RecordIdentityObjection
from teneur.payments.transfers.decisions.identity import REGISTER

BORN = date(1980, 2, 29)


@pytest.fixture(scope="module")
def bank(databases: Databases) -> Iterator[Bank]:
    """One bank for all tests of this file."""
    dsn = databases.create()
    with open_world(dsn) as opened:
        yield opened
    databases.drop(dsn)


def check(bank: Bank, account: AccountId, channel: Channel = Channel.INTERBANK, **changes: Any) -> Answer:
    """The question of another bank about Marie Dupont, born on 29 February 1980."""
    fields: dict[str, Any] = {
        "surname": "Dupont", "first_names": "Marie", "born_on": BORN, "asking_bic": "AGRIFRPP", **changes
    }  # fmt: skip
    actor = fields.pop("actor", 0)
    return ask_at(bank, AnswerIdentityCheck(**fields), account, PARIS_MORNING, actor=actor, channel=channel)


def told(bank: Bank, account: AccountId, **changes: Any) -> str:
    """What the other bank is told."""
    decided = bank.decided(accepted(check(bank, account, **changes)))
    assert decided.keys() == {"answer"}
    answer: str = decided["answer"]
    return answer


def objects(bank: Bank, person: int, ground: str = "Menaces", actor: int = ADVISER, **more: Any) -> Answer:
    """A member of staff records what the person says."""
    ask = RecordIdentityObjection(person=person, ground=ground, **more)
    return ask_at(bank, ask, REGISTER, PARIS_MORNING, actor=actor, channel=Channel.BRANCH)


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({}, "match"),
        ({"surname": "DUPONT", "first_names": "MARIE"}, "match"),
        ({"surname": "Dupond"}, "no-match"),  # near is not enough
        ({"first_names": "M."}, "no-match"),
        ({"born_on": BORN + timedelta(days=1)}, "no-match"),
        ({"surname": "Marie", "first_names": "Dupont"}, "no-match"),
        ({"born_on": None}, "incomplete"),
        ({"surname": " "}, "incomplete"),
        ({"first_names": ""}, "incomplete"),
    ],
)
@asserts("BRED-5.1-3")
def test_all_three_data_must_fit_and_the_answer_is_one_word(
    bank: Bank, changes: dict[str, Any], answer: str
) -> None:
    account = open_account(bank, BRED)
    assert told(bank, account, **changes) == answer


@asserts("BRED-5.1-3")
def test_question_and_answer_are_kept_and_nothing_else_of_the_person(bank: Bank) -> None:
    account = open_account(bank, BRED)
    answer = check(bank, account, surname="Inconnu", message_id="MSG-1")
    assert answer.citations == ("BRED-5.1-3",)
    record = bank.record(answer)
    assert record["decided"] == {"answer": "no-match"}
    assert record["asked"]["message_id"] == "MSG-1"
    assert "Dupont" not in str(record)
    with bank.read() as connection:
        row = connection.execute(
            "select subject, kind, channel, received_at from journal where book = %s and position = %s",
            (BOOK, answer.position),
        ).fetchone()
    assert row == (account & 0xFFFF_FFFF, 117, Channel.INTERBANK, instant(PARIS_MORNING))


def test_one_holder_who_fits_is_enough(bank: Bank) -> None:
    one, two = add_person(bank), add_person(bank, "Martin", "Paul", date(1970, 1, 1))
    account = open_account(bank, BRED, one, two)
    assert told(bank, account) == "match"
    assert told(bank, account, surname="Martin", first_names="Paul", born_on=date(1970, 1, 1)) == "match"
    assert told(bank, account, surname="Martin", first_names="Paul") == "no-match"  # data of two persons


@asserts("BRED-5.1-3")
def test_a_holder_who_objects_is_neither_confirmed_nor_denied_until_he_withdraws(bank: Bank) -> None:
    person = add_person(bank)
    account = open_account(bank, BRED, person)
    assert told(bank, account) == "match"
    assert accepted(objects(bank, person)).citations == ("BRED-5.1-3",)
    assert told(bank, account) == told(bank, account, surname="Inconnu") == "objection"
    refused(objects(bank, person), "nothing-changes")
    accepted(objects(bank, person, "Plus de menaces", withdrawn=True))
    refused(objects(bank, person, withdrawn=True), "nothing-changes")
    assert told(bank, account) == "match"
    accepted(objects(bank, person))
    assert told(bank, account) == "objection"


def test_the_objection_of_one_holder_leaves_the_answers_about_the_other(bank: Bank) -> None:
    one, two = add_person(bank), add_person(bank, "Martin", "Paul", date(1970, 1, 1))
    account = open_account(bank, BRED, one, two)
    accepted(objects(bank, one))
    assert told(bank, account, surname="Martin", first_names="Paul", born_on=date(1970, 1, 1)) == "match"
    assert told(bank, account) == told(bank, account, surname="Inconnu") == "objection"


def test_only_another_bank_that_says_which_it_is_may_ask(bank: Bank) -> None:
    account = open_account(bank, BRED)
    refused(check(bank, account, Channel.REMOTE), "not-authorised")
    refused(check(bank, account, actor=ADVISER), "not-authorised")
    refused(check(bank, account, asking_bic=""), "bic-invalid")
    refused(check(bank, account, asking_bic="AGRI"), "bic-invalid")


def test_there_is_an_answer_about_customers_accounts_under_terms_that_know_the_check_only(bank: Bank) -> None:
    refused(check(bank, own_account(BOOK, Role.CASH, "EUR")), "unknown-account")
    refused(check(bank, (BOOK << 32) + 999_999_999), "unknown-account")
    refused(check(bank, open_account(bank, BNC)), "service-not-offered")


def test_an_objection_is_recorded_by_staff_with_its_ground(bank: Bank) -> None:
    person = add_person(bank)
    refused(objects(bank, person, actor=person), "not-authorised")
    refused(objects(bank, person, actor=ADMIN), "not-authorised")
    refused(objects(bank, person, " "), "invalid-field")
    refused(objects(bank, 999_999), "unknown-person")
    accepted(objects(bank, person, actor=CLERK))
