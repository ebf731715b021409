"""Granting an overdraft: to whom, for how long, at which rate, by whose consent."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from teneur.accounts.commands import MoveToAgreement, OpenAccount
from teneur.agreements.terms.overdraft import Capacity
from teneur.bank import Bank
from teneur.customers.commands import UpdatePerson
from teneur.customers.decisions import REGISTER
from teneur.kernel.commands import AccountId, account_id
from teneur.ledger.account import AccountKind
from teneur.pricing.overdraft.facts import AuthorisationKind, IndexedRate, in_force, limit_on
from tests.pricing.overdraft.making import TODAY, grant, history, spend
from tests.support.asserts import asserts
from tests.support.bank import (
    ADVISER,
    BNC,
    BOOK,
    BRED,
    CLERK,
    MAIN_BRANCH,
    accepted,
    add_person,
    open_account,
    refused,
)

LEAP_DAY = date(2028, 2, 29)
AGREEMENT = {BRED: "bred-2022-06", BNC: "bnc-2026-04"}


@asserts("BRED-8.1-2")
def test_at_bred_an_open_ended_authorisation_keeps_ceiling_document_and_first_day(bank: Bank) -> None:
    account = open_account(bank, BRED)
    answer = accepted(grant(bank, account, 50_000, rate_percent=Decimal("9.9")))
    assert "BRED-8.1-2" in answer.citations
    [kept] = history(bank, account)
    assert (kept.kind, kept.limit_minor, kept.starts_on, kept.ends_on, kept.rate) == (
        AuthorisationKind.OPEN_ENDED, 50_000, TODAY, None, Decimal("9.9"),
    )  # fmt: skip
    assert (kept.id, kept.document) == (answer.position, "conditions particulières 2026-17")
    accepted(spend(bank, account, 50_000))
    refused(spend(bank, account, 1), "insufficient-funds")
    refused(grant(bank, account, 60_000), "overdraft-in-force")
    other = open_account(bank, BRED)
    for changes in ({"ends_on": date(2026, 6, 30)}, {"document": " "}):
        refused(grant(bank, other, 100, **changes), "invalid-field", "BRED-8.1-2")
    refused(grant(bank, other, 0), "amount-out-of-range")
    assert history(bank, other) == ()


@asserts("BRED-8.1-4", "BNC-7.2.a-5")
@pytest.mark.parametrize(("series", "clause"), [(BRED, "BRED-8.1-4"), (BNC, "BNC-7.2.a-5")])
def test_a_one_off_authorisation_has_a_ceiling_and_an_end(bank: Bank, series: str, clause: str) -> None:
    account = open_account(bank, series)
    one_off: dict[str, Any] = {"kind": AuthorisationKind.ONE_OFF}
    refused(grant(bank, account, 50_000, **one_off), "invalid-field", clause)
    early = date(2026, 5, 3)
    refused(grant(bank, account, 50_000, ends_on=early, **one_off), "invalid-field", clause)
    answer = accepted(grant(bank, account, 50_000, ends_on=LEAP_DAY, **one_off))
    assert clause in answer.citations
    kept = history(bank, account)
    assert limit_on(kept, date(2026, 5, 3)) == 0
    assert [limit_on(kept, day) for day in (TODAY, date(2028, 2, 29), date(2028, 3, 1))] == [
        50_000,
        50_000,
        0,
    ]
    found = in_force(kept, TODAY)
    assert found is not None
    assert found.kind is AuthorisationKind.ONE_OFF


@asserts("BRED-8.1-1", "BNC-7.2.a-1")
@pytest.mark.parametrize(("series", "clause"), [(BRED, "BRED-8.1-1"), (BNC, "BNC-7.2.a-1")])
def test_a_protected_adult_gets_no_overdraft(bank: Bank, series: str, clause: str) -> None:
    person, other = add_person(bank), add_person(bank, "Roy")
    account = open_account(bank, series, person)
    joint = open_account(bank, series, other, person)
    update = UpdatePerson(person=person, reason="judgment", capacity=Capacity.PROTECTED)
    accepted(bank.ask(update, REGISTER, actor=CLERK))
    refused(grant(bank, account, 1), "no-capacity", clause)
    refused(grant(bank, joint, 1), "no-capacity", clause)
    free = UpdatePerson(person=person, reason="judgment lifted", capacity=Capacity.FULL)
    accepted(bank.ask(free, REGISTER, actor=CLERK))
    accepted(grant(bank, account, 1))


def test_minority_is_told_by_the_birth_date_and_never_stated(bank: Bank) -> None:
    person = add_person(bank)
    update = UpdatePerson(person=person, reason="?", capacity=Capacity.MINOR)
    assert bank.decided(refused(bank.ask(update, REGISTER, actor=CLERK), "invalid-field")) == {
        "field": "capacity"
    }


def designated(bank: Bank, series: str) -> AccountId:
    """An account opened by right."""
    ask = OpenAccount(
        kind=AccountKind.INDIVIDUAL,
        holders=(add_person(bank),),
        currency="EUR" if series == BRED else "XPF",
        series=series,
        branch=MAIN_BRANCH,
        particular={"accounts.designated": True},
    )
    opened: AccountId = bank.decided(accepted(bank.ask(ask, account_id(BOOK, 0), actor=ADVISER)))["account"]
    return opened


@asserts("BRED-1.3-3", "BNC-1.1.1-4")
@pytest.mark.parametrize(("series", "clause"), [(BRED, "BRED-1.3-3"), (BNC, "BNC-1.1.1-4")])
def test_an_account_opened_by_right_runs_in_credit_only(bank: Bank, series: str, clause: str) -> None:
    account = designated(bank, series)
    refused(grant(bank, account, 1), "credit-only", clause)
    refused(spend(bank, account, 1), "insufficient-funds")
    move = MoveToAgreement(agreement=AGREEMENT[series], valid_from=TODAY)  # waives the basic services
    accepted(bank.ask(move, account, actor=ADVISER))
    accepted(grant(bank, account, 1))
    accepted(spend(bank, account, 1))


@asserts("BNC-1.2.2.a-5")
def test_at_bnc_all_co_holders_must_ask_for_an_overdraft(bank: Bank) -> None:
    one, two, three = (add_person(bank, name) for name in ("Un", "Deux", "Trois"))
    account = open_account(bank, BNC, one, two, three)
    answer = refused(
        grant(bank, account, 20_000, requested_by=(one, three)), "consent-missing", "BNC-1.2.2.a-5"
    )
    assert bank.decided(answer) == {"persons": [two]}
    refused(grant(bank, account, 20_000, requested_by=(one, two, three, 99)), "not-a-holder")
    refused(grant(bank, account, 20_000, requested_by=()), "not-a-holder")
    assert bank.account(account).floor_minor == 0
    accepted(grant(bank, account, 20_000, requested_by=(three, one, two)))
    assert bank.account(account).floor_minor == -20_000


@asserts("BRED-1.4.a-6")
def test_at_bred_one_co_holder_obtains_the_overdraft_for_all(bank: Bank) -> None:
    one, two = add_person(bank, "Un"), add_person(bank, "Deux")
    account = open_account(bank, BRED, one, two)
    refused(grant(bank, account, 20_000, requested_by=(two + 1,)), "not-a-holder", "BRED-1.4.a-6")
    assert "BRED-1.4.a-6" in accepted(grant(bank, account, 20_000, requested_by=(two,))).citations


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"actor": CLERK}, "not-authorised"),
        ({"approved_by": ADVISER}, "second-person-missing"),
        ({"approved_by": 0}, "second-person-missing"),
        ({"limit_minor": -1}, "amount-out-of-range"),
        ({"starts_on": date(2026, 5, 3)}, "retroactive"),
        ({"rate_percent": Decimal("-0.01")}, "invalid-field"),
        ({"rate_percent": Decimal("1000")}, "invalid-field"),
        ({"rate_percent": Decimal("NaN")}, "invalid-field"),
        ({"rate_percent": Decimal("0.0000001")}, "invalid-field"),
        ({"rate_index": "ESTR"}, "invalid-field"),
        ({"kind": AuthorisationKind.INSTALMENTS}, "invalid-field"),
    ],
)
def test_a_grant_that_is_not_in_order_changes_nothing(
    bank: Bank, changes: dict[str, Any], reason: str
) -> None:
    account = open_account(bank)
    refused(grant(bank, account, **({"limit_minor": 10_000} | changes)), reason)
    assert (bank.account(account).floor_minor, history(bank, account)) == (0, ())


def test_an_agreed_rate_may_be_an_index_with_points_below_it(bank: Bank) -> None:
    account = open_account(bank, BNC)
    accepted(grant(bank, account, 10_000, rate_percent=Decimal("-0.25"), rate_index="EURIBOR-3M"))
    assert history(bank, account)[0].rate == IndexedRate("EURIBOR-3M", Decimal("-0.25"))


def test_an_authorisation_to_come_does_not_lower_the_floor_yet(bank: Bank) -> None:
    account = open_account(bank)
    accepted(grant(bank, account, 10_000, starts_on=date(2026, 5, 5)))
    assert bank.account(account).floor_minor == 0
    refused(grant(bank, account, 20_000), "overdraft-in-force")
    month = {"kind": AuthorisationKind.ONE_OFF, "ends_on": TODAY}
    accepted(grant(bank, account, 20_000, **month))
    kept = history(bank, account)
    assert [limit_on(kept, date(2026, 5, day)) for day in (3, 4, 5, 6)] == [0, 20_000, 10_000, 10_000]
