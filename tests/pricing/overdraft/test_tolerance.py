"""One debit let pass, the demand to repay, and what an unpaid demand leads to."""

from datetime import date
from typing import Any

import pytest

from teneur.accounts.commands import OpenAccount
from teneur.agreements.agreement import Agreement
from teneur.bank import Bank
from teneur.kernel.commands import AccountId, Answer, account_id
from teneur.ledger.account import AccountKind
from teneur.pricing.overdraft import rules
from teneur.pricing.overdraft.commands import AllowExcess, DemandRepayment
from teneur.pricing.overdraft.facts import ClaimStatus, limit_on
from tests.pricing.overdraft.making import (
    TODAY,
    duties,
    fees,
    grant,
    history,
    notices,
    review_day,
    review_days,
    spend,
    watch,
)
from tests.support.asserts import asserts
from tests.support.bank import (
    ADVISER,
    BACK_OFFICE,
    BNC,
    BOOK,
    BRED,
    CLERK,
    MAIN_BRANCH,
    accepted,
    add_person,
    open_account,
    pay_in,
    refused,
)


def allow(bank: Bank, account: AccountId, debit_minor: int, **changes: Any) -> Answer:
    fields: dict[str, Any] = {
        "debit_minor": debit_minor,
        "about": "chèque 1234567",
        "reason": "salaire annoncé",
        "approved_by": BACK_OFFICE,
    }
    actor = changes.pop("actor", ADVISER)
    return bank.ask(AllowExcess(**(fields | changes)), account, actor=actor)


def demand(bank: Bank, account: AccountId, actor: int = BACK_OFFICE, letter: str = "LS 17") -> Answer:
    return bank.ask(DemandRepayment(letter=letter), account, actor=actor)


@asserts("BRED-8.2-3", "BNC-7.1-3")
@pytest.mark.parametrize(("series", "clause"), [(BRED, "BRED-8.2-3"), (BNC, "BNC-7.1-3")])
def test_one_debit_passes_exceptionally_and_the_limit_is_as_before(
    bank: Bank, series: str, clause: str
) -> None:
    account = open_account(bank, series)
    accepted(grant(bank, account, 10_000))
    accepted(spend(bank, account, 4_000))
    refused(spend(bank, account, 6_500), "insufficient-funds")
    answer = accepted(allow(bank, account, 6_500))
    assert clause in answer.citations
    assert bank.decided(answer) == {"excess_minor": 500, "limit_minor": 10_000}
    assert limit_on(history(bank, account), TODAY) == 10_000
    refused(spend(bank, account, 6_501), "insufficient-funds")
    accepted(spend(bank, account, 6_500))
    refused(spend(bank, account, 1), "insufficient-funds")
    with bank.read() as connection:
        row = connection.execute(
            "select day, debit_minor, excess_minor, about, reason, author from overdraft_tolerance"
        ).fetchone()
    assert row == (TODAY, 6_500, 500, "chèque 1234567", "salaire annoncé", ADVISER)
    assert ("intervention", "chèque 1234567", TODAY) in fees(bank, account)
    review_day(bank, TODAY, series)  # the tolerance was for its day
    assert bank.account(account).floor_minor == -10_000
    assert watch(bank, account).episodes[-1].began_on == TODAY


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"actor": CLERK}, "not-authorised"),
        ({"approved_by": ADVISER}, "second-person-missing"),
        ({"debit_minor": 10_000}, "amount-out-of-range"),  # that one is covered
        ({"about": ""}, "invalid-field"),
        ({"reason": " "}, "invalid-field"),
    ],
)
def test_a_tolerance_has_authors_a_reason_and_a_debit_that_needs_it(
    bank: Bank, changes: dict[str, Any], reason: str
) -> None:
    account = open_account(bank, BRED, funds_minor=10_000)
    refused(allow(bank, account, **({"debit_minor": 10_001} | changes)), reason)
    assert bank.account(account).floor_minor == 0


@asserts("BRED-1.3-3", "BNC-1.1.1-4")
@pytest.mark.parametrize(("series", "clause"), [(BRED, "BRED-1.3-3"), (BNC, "BNC-1.1.1-4")])
def test_nothing_passes_beyond_zero_on_an_account_opened_by_right(
    bank: Bank, series: str, clause: str
) -> None:
    ask = OpenAccount(
        kind=AccountKind.INDIVIDUAL,
        holders=(add_person(bank),),
        currency="EUR" if series == BRED else "XPF",
        series=series,
        branch=MAIN_BRANCH,
        particular={"accounts.designated": True},
    )
    opened = accepted(bank.ask(ask, account_id(BOOK, 0), actor=ADVISER))
    refused(allow(bank, bank.decided(opened)["account"], 1), "credit-only", clause)


@asserts("BRED-8.2-4", "BNC-7.1-3", "BRED-1.4.a-8", "BNC-1.2.2.a-6")
@pytest.mark.parametrize(
    ("series", "clause", "solidarity"),
    [(BRED, "BRED-8.2-4", "BRED-1.4.a-8"), (BNC, "BNC-7.1-3", "BNC-1.2.2.a-6")],
)
def test_what_is_demanded_is_due_at_once_and_the_whole_of_it_by_each_holder(
    bank: Bank, series: str, clause: str, solidarity: str
) -> None:
    one, two = add_person(bank, "Un"), add_person(bank, "Deux")
    account = open_account(bank, series, one, two)
    accepted(grant(bank, account, 10_000))
    accepted(spend(bank, account, 10_000))
    refused(demand(bank, account), "nothing-beyond-limit")
    accepted(spend(bank, account, 2_001, forced=True))
    refused(demand(bank, account, CLERK), "not-authorised")
    refused(demand(bank, account, letter=""), "letter-missing")
    answer = accepted(demand(bank, account))
    assert {clause, solidarity} <= set(answer.citations)
    owed = [{"person": one, "amount_minor": 2_001}, {"person": two, "amount_minor": 2_001}]
    assert bank.decided(answer) == {"debts": owed}
    debts = duties(bank, account, "repay-overdraft")
    assert [(d.debtor, d.due_at, d.clause) for d in debts] == [
        (f"person {holder}", bank.clock.now(), solidarity) for holder in (one, two)
    ]
    [claim] = watch(bank, account).claims
    assert (claim.amount_minor, claim.debtors, claim.demanded_on) == (2_001, (one, two), TODAY)
    [(template, values)] = notices(bank, account)
    assert (template, values["medium"], values["letter"]) == ("overdraft-demand", "letter", "LS 17")
    refused(demand(bank, account), "demanded-already")


@asserts("BRED-8.2-7", "BNC-7.1-6")
def test_a_demanded_debt_is_declared_after_its_delay_from_its_threshold_on(
    bred: Agreement, bnc: Agreement
) -> None:
    for agreement, threshold in ((bred, 50_000), (bnc, 59_666)):
        terms = agreement.overdraft.excess
        for day, owed, expected in (
            (date(2026, 6, 2), threshold, False),
            (date(2026, 6, 3), threshold, True),
            (date(2026, 6, 3), threshold - 1, False),
        ):
            assert rules.is_to_be_declared(TODAY, day, owed, terms) is expected


@asserts("BRED-8.2-7", "BNC-7.1-6")
@pytest.mark.parametrize(("series", "clause"), [(BRED, "BRED-8.2-7"), (BNC, "BNC-7.1-6")])
def test_an_unpaid_demand_opens_the_declaration_and_payment_closes_both(
    bank: Bank, series: str, clause: str
) -> None:
    account = open_account(bank, series)
    accepted(spend(bank, account, 60_000, forced=True))
    accepted(demand(bank, account))
    review_days(bank, TODAY, date(2026, 6, 2), series)
    assert duties(bank, account, "declare-to-ficp") == []
    [answer] = review_day(bank, date(2026, 6, 3), series)
    assert clause in answer.citations
    [duty] = duties(bank, account, "declare-to-ficp")
    assert duty.clause == clause
    assert watch(bank, account).claims[0].status is ClaimStatus.TO_DECLARE
    review_days(bank, date(2026, 6, 4), date(2026, 6, 7), series)
    pay_in(bank, account, 60_000)  # Monday 8 June
    review_day(bank, date(2026, 6, 8), series)
    assert watch(bank, account).claims == ()
    assert duties(bank, account, "declare-to-ficp") + duties(bank, account, "repay-overdraft") == []


def test_a_debt_repaid_in_time_is_never_declared(bank: Bank) -> None:
    account = open_account(bank, BRED)
    accepted(spend(bank, account, 60_000, forced=True))
    accepted(demand(bank, account))
    pay_in(bank, account, 60_000)
    review_day(bank, TODAY)
    assert watch(bank, account).claims == ()
    assert review_days(bank, date(2026, 6, 2), date(2026, 6, 5)) == []
    assert duties(bank, account) == []
