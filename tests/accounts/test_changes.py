"""What staff changes of an account: overdraft, sums made unavailable, edition, particular terms, branch."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from teneur.accounts.commands import ChangeBranch, MoveToAgreement, OpenAccount, SetOverdraft, SetUnavailable
from teneur.accounts.facts import Cut, accounts_of_person, balance, items
from teneur.agreements.agreement import Agreements
from teneur.agreements.terms.cash import CashForm
from teneur.bank import Bank, shipped_agreements
from teneur.cash.commands import CashDeposit, Pieces
from teneur.kernel.commands import AccountId, Answer, account_id
from teneur.ledger.account import AccountKind
from teneur.ledger.chart import Role, own_account
from teneur.ledger.commands import Move
from teneur.storage.database import Dsn
from tests.accounts.editions import edition
from tests.support.asserts import asserts
from tests.support.bank import (
    ADVISER,
    BACK_OFFICE,
    BNC,
    BOOK,
    BRED,
    CLERK,
    MAIN_BRANCH,
    OTHER_ADVISER,
    accepted,
    add_person,
    move_clock,
    open_account,
    open_bank,
    pay_in,
    refused,
)

TODAY = date(2026, 5, 4)


def spend(bank: Bank, account: AccountId, amount_minor: int) -> Answer:
    """A debit that finds its funds or not."""
    currency = bank.account(account).currency
    ask = Move(
        debit=account,
        credit=own_account(BOOK, Role.CLEARING, currency),
        amount_minor=amount_minor,
        booked_on=TODAY,
        debit_value_on=TODAY,
        credit_value_on=TODAY,
        reason="test",
        approved_by=OTHER_ADVISER,
    )
    return bank.ask(ask, account, actor=ADVISER)


def set_overdraft(bank: Bank, account: AccountId, limit: int, **changes: Any) -> Answer:
    fields = {
        "limit_minor": limit,
        "requested_by": bank.account(account).holders[0],
        "approved_by": BACK_OFFICE,
    }
    actor = changes.pop("actor", ADVISER)
    return bank.ask(SetOverdraft(**(fields | changes)), account, actor=actor)


def set_unavailable(bank: Bank, account: AccountId, amount: int, **changes: Any) -> Answer:
    fields: dict[str, Any] = {
        "unavailable_minor": amount,
        "reason": "seizure 2026-17",
        "approved_by": ADVISER,
    }
    actor = changes.pop("actor", BACK_OFFICE)
    return bank.ask(SetUnavailable(**(fields | changes)), account, actor=actor)


# overdraft


@asserts("BRED-8-1")
def test_at_bred_a_debit_may_reach_the_ceiling_and_not_a_cent_more(bank: Bank) -> None:
    account = open_account(bank, BRED, funds_minor=10_000)
    refused(spend(bank, account, 10_001), "insufficient-funds")
    answer = accepted(set_overdraft(bank, account, 50_000))
    assert "BRED-8-1" in answer.citations
    refused(spend(bank, account, 60_001), "insufficient-funds")
    accepted(spend(bank, account, 60_000))
    assert (bank.account(account).balance_minor, bank.account(account).available_minor) == (-50_000, 0)


@asserts("BNC-2.1-3")
def test_at_bnc_the_overdraft_granted_adds_to_what_may_be_used(bank: Bank) -> None:
    account = open_account(bank, BNC, funds_minor=10_000)
    accepted(set_overdraft(bank, account, 30_000))
    assert bank.account(account).available_minor == 40_000
    accepted(spend(bank, account, 40_000))
    accepted(set_overdraft(bank, account, 0))
    assert bank.account(account).available_minor == -30_000
    refused(spend(bank, account, 1), "insufficient-funds")


@asserts("BRED-1.4.a-6")
def test_at_bred_any_co_holder_obtains_an_overdraft_alone(bank: Bank) -> None:
    one, two, stranger = (add_person(bank, name) for name in ("Un", "Deux", "Trois"))
    account = open_account(bank, BRED, one, two)
    for holder, limit in ((one, 10_000), (two, 20_000)):
        assert "BRED-1.4.a-6" in accepted(set_overdraft(bank, account, limit, requested_by=holder)).citations
        assert bank.account(account).floor_minor == -limit
    answer = set_overdraft(bank, account, 30_000, requested_by=stranger)
    refused(answer, "not-a-holder", "BRED-1.4.a-6")
    assert bank.account(account).floor_minor == -20_000


@asserts("BNC-1.2.2.a-5")
def test_at_bnc_all_co_holders_obtain_an_overdraft_together_and_each_gives_it_up_alone(bank: Bank) -> None:
    one, two = add_person(bank, "Un"), add_person(bank, "Deux")
    account = open_account(bank, BNC, one, two)
    refused(set_overdraft(bank, account, 20_000, requested_by=two), "consent-missing", "BNC-1.2.2.a-5")
    accepted(set_overdraft(bank, account, 20_000, requested_by=two, also_requested_by=(one,)))
    refused(set_overdraft(bank, account, 0, requested_by=two + 1), "not-a-holder", "BNC-1.2.2.a-5")
    assert bank.account(account).floor_minor == -20_000
    accepted(set_overdraft(bank, account, 0, requested_by=two))
    assert bank.account(account).floor_minor == 0


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"actor": CLERK}, "not-authorised"),
        ({"approved_by": ADVISER}, "second-person-missing"),
        ({"approved_by": CLERK}, "second-person-missing"),
        ({"approved_by": 0}, "second-person-missing"),
        ({"limit_minor": -1}, "amount-out-of-range"),
    ],
)
def test_an_overdraft_needs_an_adviser_a_second_person_and_a_limit(
    bank: Bank, changes: dict[str, Any], reason: str
) -> None:
    account = open_account(bank)
    refused(set_overdraft(bank, account, 10_000, **changes), reason)
    assert bank.account(account).floor_minor == 0


# sums made unavailable


@asserts("BRED-3.1-13")
def test_at_bred_the_balance_may_be_used_except_what_is_made_unavailable(bank: Bank) -> None:
    account = open_account(bank, BRED, funds_minor=10_000)
    assert "BRED-3.1-13" in accepted(set_unavailable(bank, account, 4_000)).citations
    refused(spend(bank, account, 6_001), "insufficient-funds")
    refused(set_unavailable(bank, account, 10_001), "amount-out-of-range", "BRED-3.1-13")
    accepted(spend(bank, account, 6_000))
    assert bank.account(account).balance_minor == 4_000


@asserts("BNC-2.1-4")
def test_at_bnc_sums_made_unavailable_leave_the_balance_and_come_back(bank: Bank) -> None:
    account = open_account(bank, BNC, funds_minor=10_000)
    accepted(set_unavailable(bank, account, 10_000))
    assert (bank.account(account).balance_minor, bank.account(account).available_minor) == (10_000, 0)
    refused(set_unavailable(bank, account, 10_001), "amount-out-of-range", "BNC-2.1-4")
    accepted(set_unavailable(bank, account, 0))
    accepted(spend(bank, account, 10_000))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"actor": ADVISER}, "not-authorised"),
        ({"approved_by": BACK_OFFICE}, "second-person-missing"),
        ({"reason": " "}, "invalid-field"),
        ({"unavailable_minor": -1}, "amount-out-of-range"),
    ],
)
def test_making_unavailable_needs_the_back_office_a_second_person_and_a_reason(
    bank: Bank, changes: dict[str, Any], reason: str
) -> None:
    account = open_account(bank, funds_minor=10_000)
    refused(set_unavailable(bank, account, 1_000, **changes), reason)
    assert bank.account(account).unavailable_minor == 0


def test_what_is_unavailable_may_be_lowered_even_when_the_balance_fell_below_it(bank: Bank) -> None:
    account = open_account(bank, funds_minor=10_000)
    accepted(set_unavailable(bank, account, 10_000))
    accepted(set_overdraft(bank, account, 5_000))
    accepted(
        spend(bank, account, 5_000)
    )  # down the overdraft, so that 5,000 are left under 10,000 kept aside
    accepted(set_unavailable(bank, account, 8_000))
    refused(set_unavailable(bank, account, 8_001), "amount-out-of-range")


# one account, one balance


@asserts("BRED-PREAMB-2")
def test_every_booking_is_in_the_one_balance_at_once(bank: Bank) -> None:
    account = open_account(bank, BRED, funds_minor=10_000)
    answer = pay_in(bank, account, 2_500)
    assert bank.decided(answer)["balance_minor"] == 12_500
    assert (bank.account(account).balance_minor, bank.account(account).available_minor) == (12_500, 12_500)
    accepted(spend(bank, account, 12_500))


@asserts("BRED-3.1-14", "BNC-2.1-3")
@pytest.mark.parametrize("series", [BRED, BNC])
def test_the_balance_is_what_the_items_of_the_account_add_up_to(bank: Bank, series: str) -> None:
    account = open_account(bank, series, funds_minor=10_000)
    spent = spend(bank, account, 3_000)
    pay_in(bank, account, 500)
    with bank.read() as connection:
        assert [item.amount_minor for item in items(connection, account)] == [10_000, -3_000, 500]
        assert balance(connection, account) == bank.account(account).balance_minor == 7_500
        assert balance(connection, account, Cut(position=spent.position)) == 7_000
        assert balance(connection, account, Cut(position=spent.position - 1)) == 10_000
        assert balance(connection, account, Cut(booked_on=date(2026, 5, 3))) == 0
        assert balance(connection, account, Cut(value_on=TODAY)) == 7_500


@asserts("BRED-14.3-8")
def test_at_bred_the_accounts_of_one_holder_stay_apart(bank: Bank) -> None:
    person = add_person(bank)
    overdrawn, funded = open_account(bank, BRED, person), open_account(bank, BRED, person, funds_minor=10_000)
    accepted(set_overdraft(bank, overdrawn, 9_000))
    accepted(spend(bank, overdrawn, 9_000))
    refused(spend(bank, overdrawn, 1), "insufficient-funds")
    accepted(spend(bank, funded, 10_000))
    with bank.read() as connection:
        assert accounts_of_person(connection, person, [BOOK]) == [overdrawn, funded]
        assert accounts_of_person(connection, person + 1, [BOOK]) == []


# editions and particular terms


def coins(bank: Bank, account: AccountId) -> Answer:
    pieces = (Pieces(CashForm.COINS, 100, 5),)
    currency = bank.account(account).currency
    ask = CashDeposit(currency=currency, pieces=pieces, branch=MAIN_BRANCH, depositor="Marie Dupont")
    return bank.ask(ask, account, actor=CLERK)


@asserts("BNC-SCOPE-6", "BNC-SCOPE-4")
def test_new_terms_govern_what_is_concluded_from_their_day_on(bank: Bank) -> None:
    account = open_account(bank, BNC)
    move = MoveToAgreement(
        agreement="bnc-2026-04",
        valid_from=date(2026, 5, 6),
        particular={"cash.accepted": ["banknotes", "coins"]},
    )
    answer = accepted(bank.ask(move, account, actor=ADVISER))
    assert "BNC-SCOPE-6" in answer.citations
    move_clock(bank, "2026-05-05T12:00:00+11:00")
    refused(coins(bank, account), "form-not-accepted", "BNC-6.1.1.1-1")
    move_clock(bank, "2026-05-06T12:00:00+11:00")
    accepted(coins(bank, account))
    later = bank.account(account)
    assert bank.agreement_for(later, date(2026, 5, 5)).cash.accepted.value == (CashForm.BANKNOTES,)
    accepted_forms = bank.agreement_for(later, date(2026, 5, 6)).cash.accepted
    assert accepted_forms.value == (CashForm.BANKNOTES, CashForm.COINS)
    assert accepted_forms.layer.startswith("particular-terms")


@asserts("BRED-PREAMB-4")
def test_at_bred_what_is_agreed_with_the_customer_wins_over_the_general_conditions(bank: Bank) -> None:
    account = open_account(bank, BRED)
    accepted(coins(bank, account))
    move = MoveToAgreement(
        agreement="bred-2022-06", valid_from=TODAY, particular={"cash.accepted": ["banknotes"]}
    )
    accepted(bank.ask(move, account, actor=ADVISER))
    answer = refused(coins(bank, account), "form-not-accepted")
    assert bank.agreement_for(bank.account(account), TODAY).cash.accepted.layer.startswith(
        "special-conditions"
    )
    assert answer.citations == ()


@asserts("BNC-SCOPE-6")
def test_an_account_moves_to_a_new_edition_and_its_past_stays_under_the_old(database: Dsn) -> None:
    now = shipped_agreements()["bnc-2026-04"]
    old = edition(now, "bnc-2023-01", effective_from=date(2023, 1, 1))
    with open_bank(database, at="2026-03-02T08:00:00+11:00", agreements=Agreements([old, now])) as bank:
        account = open_account(bank, BNC)
        early = MoveToAgreement(agreement="bnc-2026-04", valid_from=date(2026, 3, 31))
        refused(bank.ask(early, account, actor=ADVISER), "no-agreement-in-force", "BNC-HEAD-1")
        move = MoveToAgreement(agreement="bnc-2026-04", valid_from=date(2026, 4, 1))
        accepted(bank.ask(move, account, actor=ADVISER))
        moved = bank.account(account)
        assert bank.agreement_for(moved, date(2026, 3, 31)) is old
        assert bank.agreement_for(moved, date(2026, 4, 1)) is now
        back = MoveToAgreement(agreement="bnc-2026-04", valid_from=date(2026, 3, 1))
        refused(bank.ask(back, account, actor=ADVISER), "retroactive", "BNC-SCOPE-6")


def test_a_move_to_what_does_not_fit_is_refused(bank: Bank) -> None:
    account = open_account(bank, BNC)
    for changes, reason in (
        ({"agreement": "no-such"}, "unknown-agreement"),
        ({"agreement": "bred-2022-06"}, "other-bank"),
        ({"particular": {"cash.no_such": 1}}, "invalid-particular-terms"),
    ):
        fields: dict[str, Any] = {"agreement": "bnc-2026-04", "valid_from": TODAY, **changes}
        refused(bank.ask(MoveToAgreement(**fields), account, actor=ADVISER), reason)
    move = MoveToAgreement(agreement="bnc-2026-04", valid_from=TODAY)
    refused(bank.ask(move, account, actor=CLERK), "not-authorised")


def test_a_branch_s_own_terms_govern_the_accounts_it_keeps(database: Dsn) -> None:
    with open_bank(database) as bank:
        clock = bank.clock
    branch_terms = {("bnc-2026-04", MAIN_BRANCH): {"cash.accepted": ["banknotes", "coins"]}}
    with Bank.open(database, clock, branch_terms=branch_terms) as bank:
        account = open_account(bank, BNC)
        accepted(coins(bank, account))


# branch


def second_branch() -> Agreements:
    bnc = shipped_agreements()["bnc-2026-04"]
    main = bnc.bank.branches["main"]
    other = replace(main, code=replace(main.code, value="00002"))
    terms: Any = replace(bnc.bank, branches={"main": main, "other": other})
    changed = edition(bnc, "bnc-2026-04")
    changed.terms["bank"] = terms
    return Agreements([changed])


@asserts("BNC-DEF-1")
def test_an_account_that_changes_branch_keeps_its_number_and_has_one_branch_again(database: Dsn) -> None:
    with open_bank(database, agreements=second_branch()) as bank:
        account = open_account(bank, BNC)
        iban = bank.account(account).iban
        for branch in ("", "99999"):
            answer = bank.ask(ChangeBranch(branch=branch), account, actor=ADVISER)
            refused(answer, "unknown-branch", "BNC-DEF-1")
        refused(bank.ask(ChangeBranch(branch=MAIN_BRANCH), account, actor=ADVISER), "nothing-changes")
        refused(bank.ask(ChangeBranch(branch="00002"), account, actor=CLERK), "not-authorised")
        accepted(bank.ask(ChangeBranch(branch="00002"), account, actor=ADVISER))
        assert (bank.account(account).branch, bank.account(account).iban) == ("00002", iban)


@pytest.mark.parametrize("number", [0, 5, 9_999_999])
def test_nothing_can_be_asked_of_an_account_that_is_no_customer_s(bank: Bank, number: int) -> None:
    subject = account_id(BOOK, number) if number else own_account(BOOK, Role.CASH, "EUR")
    for ask in (
        SetOverdraft(limit_minor=1, requested_by=1, approved_by=BACK_OFFICE),
        SetUnavailable(unavailable_minor=0, reason="x", approved_by=ADVISER),
        MoveToAgreement(agreement="bnc-2026-04", valid_from=TODAY),
        ChangeBranch(branch=MAIN_BRANCH),
    ):
        refused(bank.ask(ask, subject, actor=ADVISER), "unknown-account")


def test_a_command_seen_in_one_batch_sees_the_one_before(bank: Bank) -> None:
    person = add_person(bank)
    ask = OpenAccount(
        kind=AccountKind.INDIVIDUAL, holders=(person,), currency="EUR", series=BRED, branch=MAIN_BRANCH
    )
    opened = bank.decided(accepted(bank.ask(ask, account_id(BOOK, 0), actor=ADVISER)))["account"]
    again = bank.decided(accepted(bank.ask(ask, account_id(BOOK, 0), actor=ADVISER)))["account"]
    assert again == opened + 1
