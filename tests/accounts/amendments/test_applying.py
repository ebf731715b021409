"""The day has come: silence, refusal without leaving, laws; accounts move on by their contract."""

from datetime import date

import pytest

from teneur.accounts.amendments.commands import Objection
from teneur.accounts.amendments.facts import AmendmentStatus
from teneur.accounts.commands import MoveToAgreement
from teneur.bank import Bank
from tests.accounts.amendments.making import (
    NEW,
    NEW_FROM,
    OLD,
    PLANNED,
    apply,
    edition_on,
    history,
    object_to,
    on,
    open_day,
    plan,
    planned,
    tell,
    told,
)
from tests.support.asserts import asserts
from tests.support.bank import ADVISER, BACK_OFFICE, BNC, BRED, CLERK, accepted, open_account, refused

EVE = date(2027, 1, 14)
CLAUSES = {
    BRED: ("BRED-11.2.1-2", "BRED-11.2.1-5", "BRED-11.2.2-1"),
    BNC: ("BNC-10.1-2", "BNC-10.1-3", "BNC-10.2-1"),
}


def silence_is_acceptance(bank: Bank, series: str) -> None:
    amendment = planned(bank, series)
    account = open_account(bank, series)
    told(bank, account, amendment)
    on(bank, EVE, series, at="23:59:59")
    refused(apply(bank, account, amendment), "notice-too-short")
    on(bank, PLANNED, series, at="00:00:00")
    answer = accepted(apply(bank, account, amendment))
    assert CLAUSES[series][0] in answer.citations
    assert bank.decided(answer)["status"] == "accepted-tacitly"
    assert history(bank, account)[0].status is AmendmentStatus.ACCEPTED_TACITLY
    assert (edition_on(bank, account, EVE), edition_on(bank, account, PLANNED)) == (OLD[series], NEW[series])
    refused(apply(bank, account, amendment), "applied-already")


@asserts("BRED-11.2.1-2")
def test_at_bred_whoever_has_not_objected_by_the_date_has_accepted(bank: Bank) -> None:
    silence_is_acceptance(bank, BRED)


@asserts("BNC-10.1-2")
def test_at_bnc_whoever_kept_silent_by_the_date_has_accepted(bank: Bank) -> None:
    silence_is_acceptance(bank, BNC)


def refusal_alone_binds(bank: Bank, series: str) -> None:
    amendment = planned(bank, series)
    account = open_account(bank, series)
    told(bank, account, amendment)
    answer = accepted(object_to(bank, account, amendment, Objection.REFUSE))
    assert bank.decided(answer)["binds"] is True
    open_day(bank, EVE, series)
    assert edition_on(bank, account, PLANNED) == OLD[series]
    answers = open_day(bank, PLANNED, series)
    assert any(CLAUSES[series][1] in a.citations for a in answers)
    assert history(bank, account)[0].status is AmendmentStatus.BOUND
    assert (edition_on(bank, account, EVE), edition_on(bank, account, PLANNED)) == (OLD[series], NEW[series])


@asserts("BRED-11.2.1-5")
def test_at_bred_refusing_without_leaving_is_noted_and_binds_at_the_date(bank: Bank) -> None:
    refusal_alone_binds(bank, BRED)


@asserts("BNC-10.1-3")
def test_at_bnc_refusing_without_leaving_binds_at_the_date(bank: Bank) -> None:
    refusal_alone_binds(bank, BNC)


def a_law_applies(bank: Bank, series: str, days_ahead: int) -> None:
    enters_on = date(2027, 1, 4)
    account, told_before = open_account(bank, series), open_account(bank, series)
    on(bank, date(2027, 1, 4 - days_ahead), series)
    law = {"imposed_by_law": True, "legal_reference": "Loi n° 2026-1234, article 3"}
    amendment = planned(bank, series, applies_on=enters_on, **law)
    refused(tell(bank, told_before, amendment), "legal-change", CLAUSES[series][2])
    on(bank, date(2027, 1, 3), series, at="23:59:59")
    refused(apply(bank, told_before, amendment), "not-yet", CLAUSES[series][2])
    answers = open_day(bank, enters_on, series)
    assert all(CLAUSES[series][2] in accepted(a).citations for a in answers)
    assert len(answers) == 2
    entry = history(bank, account)[0]
    assert (entry.status, entry.applies_on, entry.reference) == (
        AmendmentStatus.LEGAL,
        enters_on,
        "Loi n° 2026-1234, article 3",
    )
    assert edition_on(bank, account, date(2027, 1, 3)) == OLD[series]
    assert edition_on(bank, account, enters_on) == NEW[series]
    refused(object_to(bank, account, amendment, Objection.LEAVE), "objection-too-late")
    assert open_day(bank, date(2027, 1, 5), series) == []


@asserts("BRED-11.2.2-1")
def test_at_bred_what_a_law_imposes_applies_from_its_entry_into_force_without_notice(bank: Bank) -> None:
    a_law_applies(bank, BRED, days_ahead=1)


@asserts("BNC-10.2-1")
def test_at_bnc_what_a_law_imposes_applies_from_its_entry_into_force_without_notice(bank: Bank) -> None:
    a_law_applies(bank, BNC, days_ahead=3)


def test_a_law_that_is_in_force_already_applies_from_its_own_day(bank: Bank) -> None:
    account = open_account(bank)
    on(bank, date(2027, 1, 20), BRED)
    planned(bank, applies_on=PLANNED, imposed_by_law=True, legal_reference="Décret 2027-7")
    young = open_account(bank)
    open_day(bank, date(2027, 1, 21), BRED)
    assert (edition_on(bank, account, EVE), edition_on(bank, account, PLANNED)) == (OLD[BRED], NEW[BRED])
    assert history(bank, young) == ()


def test_only_the_bank_applies_a_change_and_only_to_whom_it_was_told(bank: Bank) -> None:
    amendment = planned(bank)
    account = open_account(bank)
    on(bank, PLANNED, BRED)
    refused(apply(bank, account, amendment), "not-told", "BRED-11.2.1-1")
    refused(apply(bank, account, amendment, actor=CLERK), "not-authorised")
    refused(apply(bank, account, amendment, actor=bank.account(account).holders[0]), "not-authorised")
    assert edition_on(bank, account, PLANNED) == OLD[BRED]


def test_what_was_agreed_with_the_customer_stays_under_the_new_edition_now_and_later(bank: Bank) -> None:
    amendment = planned(bank)
    account = open_account(bank)
    for valid_from, forms in ((date(2026, 10, 20), ["banknotes"]), (date(2027, 3, 1), ["coins"])):
        move = MoveToAgreement(
            agreement=OLD[BRED], valid_from=valid_from, particular={"cash.accepted": forms}
        )
        accepted(bank.ask(move, account, actor=ADVISER))
    told(bank, account, amendment)
    on(bank, PLANNED, BRED)
    accepted(apply(bank, account, amendment, actor=BACK_OFFICE))
    found = bank.account(account)
    for day, edition, forms in (
        (EVE, OLD[BRED], ["banknotes"]),
        (PLANNED, NEW[BRED], ["banknotes"]),
        (date(2027, 3, 1), NEW[BRED], ["coins"]),
    ):
        agreement = bank.agreement_for(found, day)
        assert agreement.id == edition
        assert [str(form) for form in agreement.cash.accepted.value] == forms


@pytest.mark.parametrize("series", [BRED, BNC])
def test_accounts_opened_from_the_edition_s_day_on_have_it_and_those_between_are_told(
    bank: Bank, series: str
) -> None:
    accepted(plan(bank, series, applies_on=PLANNED))
    on(bank, date(2026, 12, 31), series)
    between = open_account(bank, series)
    open_day(bank, date(2026, 12, 31), series)
    assert history(bank, between)[0].applies_on == date(2027, 2, 28)
    on(bank, NEW_FROM, series)
    new = open_account(bank, series)
    assert edition_on(bank, new, NEW_FROM) == NEW[series]
    open_day(bank, date(2027, 1, 2), series)
    assert history(bank, new) == ()
