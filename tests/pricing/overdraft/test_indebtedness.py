"""Over-indebtedness: the used part isolated, recovery frozen, older debts, the review by common accord."""

from contextlib import closing
from datetime import date
from typing import Any

import pytest

from teneur.accounts.commands import MoveToAgreement
from teneur.agreements.agreement import Agreement
from teneur.agreements.terms.overdraft import OldDebts
from teneur.bank import Bank
from teneur.kernel.commands import AccountId, Answer, Outcome
from teneur.ledger.chart import Role, own_account
from teneur.ledger.check import check
from teneur.pricing.overdraft import rules
from teneur.pricing.overdraft.commands import CheckOldDebt, CloseOverIndebtedness, RecordAdmissibility
from teneur.pricing.overdraft.rules import OldDebtAnswer
from tests.pricing.overdraft.making import TODAY, duties, grant, notices, pay, review_day, spend, watch
from tests.pricing.overdraft.test_changing import change
from tests.pricing.overdraft.test_tolerance import demand
from tests.support.asserts import asserts
from tests.support.bank import (
    ADVISER,
    BACK_OFFICE,
    BNC,
    BOOK,
    BRED,
    CURRENCY,
    accepted,
    add_person,
    move_clock,
    open_account,
    pay_in,
    refused,
)

CREDITOR = "FR7630006000011234567890189"


def admit(bank: Bank, account: AccountId, decided_on: date = TODAY, **changes: Any) -> Answer:
    fields: dict[str, Any] = {
        "reference": "2026/000123",
        "decided_on": decided_on,
        "approved_by": ADVISER,
        "creditors": (CREDITOR,),
    }
    actor = changes.pop("actor", BACK_OFFICE)
    return bank.ask(RecordAdmissibility(**(fields | changes)), account, actor=actor)


def old_debt(bank: Bank, account: AccountId, born_on: date | None, creditor: str = CREDITOR) -> Answer:
    ask = CheckOldDebt(creditor=creditor, amount_minor=5_000, born_on=born_on)
    return bank.ask(ask, account, actor=ADVISER)


@asserts("BRED-8.1-5", "BNC-7.2.a-6")
@pytest.mark.parametrize(("series", "clause"), [(BRED, "BRED-8.1-5"), (BNC, "BNC-7.2.a-6")])
def test_the_used_part_is_isolated_by_one_balanced_operation(bank: Bank, series: str, clause: str) -> None:
    account = open_account(bank, series)
    technical = own_account(BOOK, Role.OVER_INDEBTEDNESS, CURRENCY[series])
    accepted(grant(bank, account, 50_000))
    accepted(spend(bank, account, 20_001))
    answer = accepted(admit(bank, account))
    assert clause in answer.citations
    assert bank.decided(answer) == {"isolated_minor": 20_001, "technical_account": technical}
    assert (bank.account(account).balance_minor, bank.account(technical).balance_minor) == (0, -20_001)
    case = watch(bank, account).indebtedness
    assert case is not None
    assert (case.isolated_minor, case.technical_account, case.id) == (20_001, technical, answer.position)
    assert notices(bank, account)[-1][0] == "over-indebtedness-recorded"
    refused(admit(bank, account), "case-open-already")
    with closing(bank.connect()) as connection:
        assert check(connection) == []


@asserts("BRED-8.1-5", "BNC-7.2.a-6")
def test_what_is_isolated_is_the_debit_of_the_day_of_the_decision(bank: Bank) -> None:
    assert [rules.used_part(balance) for balance in (-1, 0, 1)] == [1, 0, 0]
    account = open_account(bank, BRED)
    accepted(grant(bank, account, 50_000))
    accepted(spend(bank, account, 20_000))
    review_day(bank, TODAY)
    pay_in(bank, account, 15_000)
    accepted(admit(bank, account))
    assert bank.account(account).balance_minor == 15_000  # later income pays no older debt
    with bank.read() as connection:
        row = connection.execute(
            "select booked_on, debit_value_on, credit_value_on from journal"
            " where book = %s and amount_minor = 20000 order by position desc limit 1",
            (BOOK,),
        ).fetchone()
    assert row == (date(2026, 5, 5), TODAY, TODAY)


def test_nothing_is_isolated_where_nothing_was_used(bank: Bank) -> None:
    account = open_account(bank, BRED, funds_minor=500)
    answer = accepted(admit(bank, account))
    assert bank.decided(answer) == {"isolated_minor": 0, "technical_account": 0}
    assert bank.account(account).balance_minor == 500
    assert duties(bank, account) == []


@asserts("BRED-8.1-5")
def test_recovery_is_frozen_until_the_measures_are_known(bank: Bank) -> None:
    account = open_account(bank, BRED)
    accepted(spend(bank, account, 60_000, forced=True))
    accepted(admit(bank, account))
    accepted(spend(bank, account, 1_000, forced=True))
    refused(demand(bank, account), "recovery-frozen", "BRED-8.1-5")
    close = CloseOverIndebtedness(measures="plan conventionnel de 84 mois")
    refused(bank.ask(close, account, actor=bank.account(account).holders[0]), "not-authorised")
    accepted(bank.ask(close, account, actor=BACK_OFFICE))
    refused(bank.ask(close, account, actor=BACK_OFFICE), "no-case-open")
    accepted(demand(bank, account))


def test_a_claim_of_before_is_not_declared_while_recovery_is_frozen(bank: Bank) -> None:
    account = open_account(bank, BRED)
    accepted(spend(bank, account, 60_000, forced=True))
    accepted(demand(bank, account))
    accepted(admit(bank, account, decided_on=date(2026, 5, 3)))  # nothing was used on that day
    review_day(bank, date(2026, 7, 1))
    assert duties(bank, account, "declare-to-ficp") == []


@asserts("BRED-8.1-5", "BNC-7.2.a-7")
@pytest.mark.parametrize(("series", "clause"), [(BRED, "BRED-8.1-5"), (BNC, "BNC-7.2.a-7")])
def test_the_authorisation_is_to_be_reviewed_by_common_accord(bank: Bank, series: str, clause: str) -> None:
    assert rules.is_to_be_reviewed(1)
    assert not rules.is_to_be_reviewed(0)
    account = open_account(bank, series)
    accepted(grant(bank, account, 50_000))
    accepted(admit(bank, account))
    [duty] = duties(bank, account)
    assert (duty.kind, duty.clause, duty.due_at) == ("review-overdraft", clause, None)
    answer = accepted(change(bank, account, 10_000, document="accord du 4 mai"))
    assert clause in answer.citations
    assert duties(bank, account) == []
    assert bank.account(account).floor_minor == -10_000


@asserts("BRED-8.1-6", "BNC-7.2.a-6")
@pytest.mark.parametrize(
    ("creditor", "born_on", "refusing", "alerting"),
    [
        (CREDITOR, date(2026, 5, 3), OldDebtAnswer.REFUSE, OldDebtAnswer.ALERT),
        (CREDITOR, date(2026, 5, 4), OldDebtAnswer.GO, OldDebtAnswer.GO),
        (CREDITOR, None, OldDebtAnswer.LOOK, OldDebtAnswer.ALERT),
        ("FR76 other", date(2026, 5, 3), OldDebtAnswer.GO, OldDebtAnswer.GO),
    ],
)
def test_a_debt_is_older_if_it_was_born_before_the_decision(
    bred: Agreement,
    bnc: Agreement,
    creditor: str,
    born_on: date | None,
    refusing: OldDebtAnswer,
    alerting: OldDebtAnswer,
) -> None:
    assert (bred.overdraft.old_debts.value, bnc.overdraft.old_debts.value) == (
        OldDebts.ALERT,
        OldDebts.REFUSE,
    )
    for agreement, expected in ((bred, alerting), (bnc, refusing)):
        policy = agreement.overdraft.old_debts.value
        assert rules.old_debt_answer(TODAY, creditor, (CREDITOR,), born_on, policy) is expected


@asserts("BNC-7.2.a-6")
def test_at_bnc_older_debts_are_refused_and_unknown_ages_looked_into(bank: Bank) -> None:
    account = open_account(bank, BNC)
    accepted(old_debt(bank, account, date(2020, 1, 1)))  # no case
    accepted(admit(bank, account))
    answer = refused(old_debt(bank, account, date(2026, 5, 3)), "debt-before-admissibility", "BNC-7.2.a-6")
    assert answer.outcome is Outcome.REFUSED
    pending = old_debt(bank, account, None)
    assert (pending.outcome, pending.reason) == (Outcome.PENDING, "age-of-debt-unknown")
    [duty] = duties(bank, account)
    assert (duty.kind, duty.clause) == ("look-into-old-debt", "BNC-7.2.a-6")
    accepted(old_debt(bank, account, TODAY))


@asserts("BRED-8.1-6")
def test_at_bred_payments_of_older_debts_raise_an_alert(bank: Bank) -> None:
    account = open_account(bank, BRED)
    accepted(admit(bank, account))
    answer = accepted(old_debt(bank, account, date(2026, 5, 3)))
    assert bank.decided(answer) == {"alert": CREDITOR}
    [duty] = duties(bank, account)
    assert (duty.kind, duty.clause) == ("look-into-old-debt", "BRED-8.1-6")
    accepted(old_debt(bank, account, TODAY))
    assert len(duties(bank, account)) == 1


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"actor": ADVISER}, "not-authorised"),
        ({"approved_by": BACK_OFFICE}, "second-person-missing"),
        ({"reference": " "}, "invalid-field"),
        ({"decided_on": date(2026, 5, 5)}, "invalid-field"),
    ],
)
def test_a_decision_that_is_not_in_order_is_not_recorded(
    bank: Bank, changes: dict[str, Any], reason: str
) -> None:
    account = open_account(bank, BRED, add_person(bank))
    refused(admit(bank, account, **changes), reason)
    assert watch(bank, account).indebtedness is None


@asserts("BNC-7.2.a-6")
def test_at_bnc_a_transfer_to_a_listed_creditor_waits_for_a_person(bank: Bank) -> None:
    move_clock(bank, "2026-05-05T09:00:00+11:00")  # Monday evening in Paris
    creditor, shop = (bank.account(open_account(bank, BNC)).iban for _ in range(2))
    account = open_account(bank, BNC, funds_minor=10_000)
    accepted(pay(bank, account, creditor))
    later = MoveToAgreement(agreement="bnc-2026-04", valid_from=date(2026, 6, 1))
    accepted(bank.ask(later, account, actor=ADVISER))
    accepted(admit(bank, account, creditors=(creditor,)))
    answer = pay(bank, account, creditor)
    assert (answer.outcome, answer.reason) == (Outcome.PENDING, "screening")
    assert "BNC-7.2.a-6" in answer.citations
    assert bank.account(account).held_minor == 1_000
    accepted(pay(bank, account, shop))
    terms = bank.agreement_for(bank.account(account), date(2026, 6, 1)).overdraft
    assert terms.old_debt_creditors.value == (creditor,)
    accepted(bank.ask(CloseOverIndebtedness(measures="plan"), account, actor=BACK_OFFICE))
    accepted(pay(bank, account, creditor))


def test_at_bred_such_a_transfer_is_not_held_back(bank: Bank) -> None:
    creditor = bank.account(open_account(bank, BRED)).iban
    account = open_account(bank, BRED, funds_minor=10_000)
    accepted(admit(bank, account, creditors=(creditor,)))
    accepted(pay(bank, account, creditor))
