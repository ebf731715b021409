"""Reasons, grounds, and the duty to inform."""

import pytest

from teneur.agreements.agreement import Agreement
from teneur.payments.transfers.rules.citations import refusal_citations
from teneur.payments.transfers.rules.refusal import (
    Ground,
    NoticeContent,
    Reason,
    ground_of,
    instrument_refusal,
    notice_content,
    notice_due,
    reception_that_counts,
)
from tests.payments.rules.support import (
    AFTER_EASTER,
    EVE_OF_EASTER,
    FRIDAY,
    MONDAY,
    NOUMEA,
    PARIS,
    SATURDAY,
    THURSDAY,
    bnc,
    bred,
    days,
    noumea,
    paris,
    terms,
)
from tests.support.asserts import asserts


@asserts("BRED-3.1-15", "BNC-6.2.1-1")
@pytest.mark.parametrize(
    ("reason", "ground"),
    [
        (Reason.INSUFFICIENT_FUNDS, Ground.FUNDS),
        (Reason.IBAN_INVALID, Ground.MATERIAL_ERROR),
        (Reason.MISSING_FIELD, Ground.MATERIAL_ERROR),
        (Reason.LEGAL_PROVISION, Ground.LAW),
        (Reason.CEILING_WEEKLY, Ground.TERMS),
    ],
)
def test_a_refusal_has_a_coded_reason_and_its_ground(reason: Reason, ground: Ground) -> None:
    assert ground_of(reason) is ground


@asserts("BRED-3.1-16")
def test_the_customer_is_told_by_the_end_of_the_first_business_day_after_the_refusal() -> None:
    refusal, calendar = bred().notices.refusal, days(bred()).payment
    due = notice_due(paris(THURSDAY, "09:00"), refusal, calendar, PARIS, notice_binds=True)
    assert due is not None
    assert (due.due_on, due.due_at) == (FRIDAY, paris(FRIDAY, "23:59:59.999999"))
    easter = notice_due(paris(EVE_OF_EASTER, "23:59"), refusal, calendar, PARIS, notice_binds=True)
    assert easter is not None
    assert easter.due_on == AFTER_EASTER
    assert notice_due(paris(THURSDAY, "09:00"), refusal, calendar, PARIS, notice_binds=False) is None


@asserts("BNC-6.2.1-2")
def test_the_notice_counts_in_business_days_of_noumea() -> None:
    refusal, calendar = bnc().notices.refusal, days(bnc()).payment
    due = notice_due(noumea(SATURDAY, "08:00"), refusal, calendar, NOUMEA, notice_binds=True)
    assert due is not None
    assert (due.due_on, due.due_at) == (MONDAY, noumea(MONDAY, "23:59:59.999999"))
    assert notice_due(noumea(SATURDAY, "08:00"), refusal, calendar, NOUMEA, notice_binds=False) is None


@asserts("BRED-3.1-16", "BNC-6.2.1-3")
@pytest.mark.parametrize("agreement", [bred(), bnc()])
def test_the_notice_gives_reason_and_correction_unless_the_law_forbids_it(agreement: Agreement) -> None:
    refusal = agreement.notices.refusal
    wrong_iban, no_funds = Reason.IBAN_INVALID, Reason.INSUFFICIENT_FUNDS
    assert notice_content(wrong_iban, refusal, may_tell=True) == NoticeContent(True, True)
    assert notice_content(no_funds, refusal, may_tell=True) == NoticeContent(True, False)
    assert notice_content(wrong_iban, refusal, may_tell=False) == NoticeContent(False, False)
    assert notice_content(Reason.LEGAL_PROVISION, refusal, may_tell=False) == NoticeContent(False, False)


@asserts("BRED-3.1-17", "BNC-6.2.1-4")
def test_a_refused_order_is_deemed_not_received() -> None:
    at = paris(THURSDAY, "09:00")
    assert reception_that_counts(at, refused=True) is None
    assert reception_that_counts(at, refused=False) == at


@asserts("BNC-6-2")
def test_bills_and_promissory_notes_are_refused() -> None:
    refusal = terms(bnc()).refusal
    assert instrument_refusal("bill-of-exchange", refusal) is Reason.INSTRUMENT_EXCLUDED
    assert instrument_refusal("promissory-note", refusal) is Reason.INSTRUMENT_EXCLUDED
    assert instrument_refusal("transfer", refusal) is None


def test_a_refusal_cites_the_ground_in_general_and_the_rule_that_refused() -> None:
    assert refusal_citations(bred(), Reason.INSUFFICIENT_FUNDS) == ("BRED-3.1-15",)
    assert "BRED-A3-1.2-3" in refusal_citations(bred(), Reason.INSTANT_CEILING)
    ceiling = refusal_citations(bnc(), Reason.CEILING_WEEKLY)
    assert ceiling == ("BNC-6.2.1-1", "BNC-6.1.3.1-11")
    assert refusal_citations(bnc(), Reason.REVOCATION_LATE) == ("BNC-6.1.3.5-9",)


@pytest.mark.parametrize("reason", list(Reason))
def test_no_refusal_cites_a_clause_of_the_other_bank(reason: Reason) -> None:
    assert all(clause.startswith("BRED-") for clause in refusal_citations(bred(), reason))
    assert all(clause.startswith("BNC-") for clause in refusal_citations(bnc(), reason))
