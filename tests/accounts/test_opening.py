"""Opening an account: for whom, by whom, under which edition, with which number."""

from datetime import date
from typing import Any

import pytest

from teneur.accounts.commands import OpenAccount
from teneur.accounts.decisions import AGREEMENT_ENDS, DELIVER_RIB
from teneur.agreements.agreement import Agreements
from teneur.agreements.terms.agreement import PartyKind, Purpose
from teneur.bank import Bank, shipped_agreements
from teneur.kernel.clock import instant
from teneur.kernel.commands import Answer, Channel, account_id, book_of
from teneur.kernel.identifiers import is_valid_iban, rib_key
from teneur.ledger.account import Account, AccountKind, load_by_iban
from teneur.obligations.reading import of_account
from teneur.storage.database import Dsn
from tests.accounts.editions import edition
from tests.support.asserts import asserts
from tests.support.bank import (
    ADVISER,
    BNC,
    BOOK,
    BRED,
    CLERK,
    CURRENCY,
    MAIN_BRANCH,
    accepted,
    add_person,
    move_clock,
    open_account,
    open_bank,
    refused,
)


def ask_for(bank: Bank, line: str, /, *holders: int, actor: int = ADVISER, **changes: Any) -> Answer:
    fields: dict[str, Any] = {
        "kind": AccountKind.INDIVIDUAL,
        "holders": holders,
        "currency": CURRENCY[line],
        "series": line,
        "branch": MAIN_BRANCH,
    }
    ask = OpenAccount(**(fields | changes))
    return bank.ask(ask, account_id(BOOK, 0), actor=actor, channel=Channel.BRANCH)


def opened(bank: Bank, answer: Answer) -> Account:
    return bank.account(bank.decided(accepted(answer))["account"])


@pytest.mark.parametrize("series", [BRED, BNC])
def test_an_account_opens_with_its_holder_its_number_and_nothing_on_it(bank: Bank, series: str) -> None:
    person = add_person(bank)
    answer = ask_for(bank, series, person, label="Courses", actor=CLERK)
    account = opened(bank, answer)
    assert (account.holders, account.currency, account.label) == ((person,), CURRENCY[series], "Courses")
    assert (account.balance_minor, account.floor_minor, account.available_minor) == (0, 0, 0)
    assert (account.kind, account.branch) == (AccountKind.INDIVIDUAL, MAIN_BRANCH)
    agreement = bank.agreement_for(account, date(2026, 5, 4))
    bank_code = agreement.bank.bank_code.value
    assert is_valid_iban(account.iban)
    assert account.iban[4:14] == bank_code + MAIN_BRANCH
    assert account.iban[25:] == rib_key(bank_code, MAIN_BRANCH, account.iban[14:25])
    with bank.read() as connection:
        assert load_by_iban(connection, [account.iban]) == {account.iban: account.id}


def test_two_accounts_have_different_numbers_in_every_book(database: Dsn) -> None:
    with open_bank(database, books=(1, 2, 120)) as bank:
        accounts = [bank.account(open_account(bank, BRED, book=book)) for book in (1, 1, 2, 120)]
    assert [book_of(a.id) for a in accounts] == [1, 1, 2, 120]
    assert len({a.iban for a in accounts}) == 4
    assert len({a.id for a in accounts}) == 4


@asserts("BRED-PREAMB-1")
def test_bred_opens_nothing_for_a_legal_person_or_for_professional_use(bank: Bank) -> None:
    person = add_person(bank)
    legal = ask_for(bank, BRED, person, party=PartyKind.LEGAL_PERSON)
    refused(legal, "not-eligible", "BRED-PREAMB-1")
    professional = ask_for(bank, BRED, person, purpose=Purpose.PROFESSIONAL)
    refused(professional, "not-eligible", "BRED-PREAMB-1")
    accepted(ask_for(bank, BRED, person))


@asserts("BNC-SCOPE-1")
def test_bnc_opens_nothing_for_a_legal_person_or_for_professional_use(bank: Bank) -> None:
    person = add_person(bank)
    legal = ask_for(bank, BNC, person, party=PartyKind.LEGAL_PERSON)
    refused(legal, "not-eligible", "BNC-SCOPE-1")
    professional = ask_for(bank, BNC, person, purpose=Purpose.PROFESSIONAL)
    refused(professional, "not-eligible", "BNC-SCOPE-1")
    accepted(ask_for(bank, BNC, person))


@asserts("BNC-1.2.1.a-1")
def test_an_individual_account_with_a_second_holder_is_refused(bank: Bank) -> None:
    one, two = add_person(bank), add_person(bank, "Martin", "Paul")
    answer = ask_for(bank, BNC, one, two)
    refused(answer, "wrong-number-of-holders", "BNC-1.2.1.a-1")
    assert opened(bank, ask_for(bank, BNC, one)).holders == (one,)


@asserts("BNC-DEF-1")
@pytest.mark.parametrize("branch", ["", "99999"])
def test_an_account_without_a_branch_of_the_bank_is_refused(bank: Bank, branch: str) -> None:
    person = add_person(bank)
    refused(ask_for(bank, BNC, person, branch=branch), "unknown-branch", "BNC-DEF-1")
    refused(ask_for(bank, BNC), "wrong-number-of-holders", "BNC-DEF-1")
    assert opened(bank, ask_for(bank, BNC, person)).branch == MAIN_BRANCH


def test_a_joint_account_needs_two_different_holders(bank: Bank) -> None:
    one, two = add_person(bank), add_person(bank, "Martin", "Paul")
    for holders in ((one,), (one, one)):
        refused(ask_for(bank, BRED, *holders, kind=AccountKind.JOINT), "wrong-number-of-holders")
    joint = opened(bank, ask_for(bank, BRED, one, two, kind=AccountKind.JOINT))
    assert (joint.kind, joint.holders) == (AccountKind.JOINT, (one, two))


def test_holders_are_persons_the_bank_knows(bank: Bank) -> None:
    for stranger in (99, -3, 0, 2**40):
        assert bank.decided(refused(ask_for(bank, BRED, stranger), "unknown-person")) == {"person": stranger}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"kind": AccountKind.OWN}, "invalid-field"),
        ({"currency": "EURO"}, "unknown-currency"),
        ({"currency": "USD"}, "currency-not-kept"),
        ({"series": "no-such-bank"}, "no-agreement-in-force"),
        ({"specific_agreement": "no-such-edition"}, "no-agreement-in-force"),
        ({"authentication": "no-such-agreement"}, "unknown-agreement"),
        ({"particular": {"cash.no_such_parameter": 1}}, "invalid-particular-terms"),
        ({"particular": {"cash.revocable": "perhaps"}}, "invalid-particular-terms"),
    ],
)
def test_what_the_bank_does_not_know_is_refused_with_its_reason(
    bank: Bank, changes: dict[str, Any], reason: str
) -> None:
    refused(ask_for(bank, BRED, add_person(bank), **changes), reason)


@pytest.mark.parametrize("actor", [0, 1, -1, -6, -77])
def test_only_a_clerk_or_an_adviser_opens_accounts(bank: Bank, actor: int) -> None:
    refused(ask_for(bank, BRED, add_person(bank), actor=actor), "not-authorised")


@asserts("BNC-HEAD-1")
def test_no_account_opens_before_the_edition_is_in_force_by_the_clock_of_noumea(database: Dsn) -> None:
    with open_bank(database, at="2026-03-31T23:59:59+11:00") as bank:
        person = add_person(bank)
        refused(ask_for(bank, BNC, person), "no-agreement-in-force")
        move_clock(bank, "2026-04-01T00:00:00+11:00")
        account = opened(bank, ask_for(bank, BNC, person))
        assert account.opened_on == date(2026, 4, 1)


@asserts("BNC-SCOPE-5")
def test_the_bank_s_terms_apply_unless_a_specific_provision_names_others(database: Dsn) -> None:
    bnc = shipped_agreements()["bnc-2026-04"]
    special = edition(bnc, "bnc-special", series="bnc-special")
    with open_bank(database, agreements=Agreements([bnc, special])) as bank:
        person = add_person(bank)
        by_default = opened(bank, ask_for(bank, BNC, person))
        named = opened(bank, ask_for(bank, BNC, person, specific_agreement="bnc-special"))
        assert bank.agreement_for(by_default, date(2026, 5, 4)) is bnc
        assert bank.agreement_for(named, date(2026, 5, 4)) is special


@asserts("BRED-11.1-1")
def test_an_account_at_bred_has_no_last_day(bank: Bank) -> None:
    account = open_account(bank, BRED)
    with bank.read() as connection:
        assert [o for o in of_account(connection, account) if o.kind == AGREEMENT_ENDS] == []
    assert bank.agreement_for(bank.account(account), date(2050, 12, 31)).id == "bred-2022-06"


@asserts("BNC-12.1-1")
def test_an_account_at_bnc_has_no_last_day(bank: Bank) -> None:
    account = open_account(bank, BNC)
    with bank.read() as connection:
        assert [o for o in of_account(connection, account) if o.kind == AGREEMENT_ENDS] == []
    assert bank.agreement_for(bank.account(account), date(2050, 12, 31)).id == "bnc-2026-04"


def test_an_agreement_with_a_term_is_watched_until_its_last_day(database: Dsn) -> None:
    termed = edition(shipped_agreements()["bnc-2026-04"], "bnc-2026-04", term_months=12)
    with open_bank(database, agreements=Agreements([termed])) as bank:
        account = open_account(bank, BNC)
        with bank.read() as connection:
            duty = next(o for o in of_account(connection, account) if o.kind == AGREEMENT_ENDS)
    assert (duty.about, duty.clause) == ("bnc-2026-04", "BNC-12.1-1")
    assert duty.due_at == instant("2027-05-04T23:59:59.999999+11:00")


@asserts("BRED-1.1-8")
def test_opening_at_bred_owes_the_customer_the_rib_that_day(bank: Bank) -> None:
    account = bank.account(open_account(bank, BRED))
    with bank.read() as connection:
        duty, *_ = of_account(connection, account.id)
    assert (duty.kind, duty.about, duty.clause) == (DELIVER_RIB, account.iban, "BRED-1.1-8")
    assert duty.starts_at == bank.clock.now()
    assert duty.due_at == instant("2026-05-04T23:59:59.999999+02:00")


def test_an_authentication_agreement_stands_beside_the_account_agreement(bank: Bank) -> None:
    account = opened(bank, ask_for(bank, BNC, add_person(bank), authentication="sol-sms-2023-06"))
    assert account.contract is not None
    found = account.contract.in_force(date(2026, 5, 4), "authentication")
    assert found is not None
    assert found.agreement == "sol-sms-2023-06"
    assert bank.agreement_for(account, date(2026, 5, 4)).id == "bnc-2026-04"


def test_opening_cites_the_clauses_that_made_it(bank: Bank) -> None:
    answer = ask_for(bank, BNC, add_person(bank))
    assert {"BNC-SCOPE-1", "BNC-SCOPE-5", "BNC-HEAD-1", "BNC-1.2.1.a-1", "BNC-DEF-1"} <= set(answer.citations)
    assert all(clause.startswith("BNC-") for clause in answer.citations)


def test_the_same_request_twice_opens_one_account(bank: Bank) -> None:
    ask = OpenAccount(
        kind=AccountKind.INDIVIDUAL,
        holders=(add_person(bank),),
        currency="EUR",
        series=BRED,
        branch=MAIN_BRANCH,
    )
    first, second = (
        bank.ask(ask, account_id(BOOK, 0), actor=ADVISER, key=b"the very same id") for _ in range(2)
    )
    assert (second.position, second.replayed) == (first.position, True)
    assert bank.decided(first) == bank.decided(second)
