"""Two months' notice: what may be planned, and what each customer is told in time or late."""

from datetime import date
from typing import Any

import pytest

from teneur.accounts.amendments.commands import WithdrawAmendment
from teneur.accounts.amendments.facts import AmendmentKind, AmendmentStatus
from teneur.accounts.amendments.rules.notice import earliest_application, is_durable, latest_sending
from teneur.agreements.agreement import Agreement
from teneur.bank import Bank, shipped_agreements
from teneur.customers.decisions import REGISTER
from teneur.kernel.clock import end_of_day, zone
from teneur.kernel.commands import account_id
from teneur.obligations.notices.facts import load_notices
from tests.accounts.amendments.making import (
    NEW,
    OLD,
    PLANNED,
    ZONE,
    apply,
    duties,
    edition_on,
    history,
    on,
    plan,
    planned,
    planned_tariff,
    sent,
    tell,
    told,
)
from tests.support.asserts import asserts
from tests.support.bank import ADVISER, BACK_OFFICE, BNC, BOOK, BRED, CLERK, accepted, open_account, refused

CASES = pytest.mark.parametrize(
    ("sent_on", "earliest"),
    [
        (date(2026, 11, 15), date(2027, 1, 15)),
        (date(2026, 12, 31), date(2027, 2, 28)),
        (date(2027, 12, 31), date(2028, 2, 29)),
        (date(2027, 12, 29), date(2028, 2, 29)),
        (date(2026, 12, 29), date(2027, 2, 28)),
        (date(2028, 2, 29), date(2028, 4, 29)),
        (date(2027, 6, 30), date(2027, 8, 30)),
        (date(2027, 7, 31), date(2027, 9, 30)),
    ],
)


def terms_of(series: str) -> Agreement:
    return shipped_agreements()[OLD[series]]


@asserts("BRED-11.2.1-1")
@CASES
def test_at_bred_a_change_applies_two_months_after_its_sending_or_at_the_shorter_month_s_end(
    sent_on: date, earliest: date
) -> None:
    terms = terms_of(BRED).amendments
    assert earliest_application(sent_on, terms) == earliest
    assert latest_sending(earliest, terms) >= sent_on
    assert earliest_application(latest_sending(earliest, terms), terms) == earliest


@asserts("BNC-10.1-1")
@CASES
def test_at_bnc_a_change_applies_two_months_after_its_sending_or_at_the_shorter_month_s_end(
    sent_on: date, earliest: date
) -> None:
    terms = terms_of(BNC).amendments
    assert earliest_application(sent_on, terms) == earliest
    assert latest_sending(earliest, terms) >= sent_on


def test_the_last_day_to_send_is_the_last_that_still_reaches_the_date() -> None:
    terms = terms_of(BRED).amendments
    assert latest_sending(date(2027, 2, 28), terms) == date(2026, 12, 31)
    assert latest_sending(date(2028, 2, 29), terms) == date(2027, 12, 31)
    assert latest_sending(date(2028, 2, 28), terms) == date(2027, 12, 28)
    assert latest_sending(date(2027, 4, 30), terms) == date(2027, 2, 28)
    assert latest_sending(date(2027, 3, 1), terms) == date(2027, 1, 1)


@asserts("BRED-11.2.1-1", "BNC-10.1-1")
@pytest.mark.parametrize("series", [BRED, BNC])
def test_a_draft_is_sent_by_letter_on_the_statement_or_into_the_web_space(series: str) -> None:
    terms = terms_of(series).amendments
    media = ("letter", "statement", "secure-message", "e-mail", "sms", "telephone", "")
    assert [m for m in media if is_durable(m, terms)] == ["letter", "statement", "secure-message"]


# planning


@asserts("BRED-11.2.1-1")
def test_at_bred_an_application_two_months_ahead_is_planned_and_a_day_less_is_not(bank: Bank) -> None:
    refused(plan(bank, BRED, applies_on=date(2026, 12, 31)), "unknown-edition")  # it begins the day after
    on(bank, date(2026, 11, 16), BRED)
    refused(plan(bank, BRED, applies_on=date(2027, 1, 15)), "notice-too-short", "BRED-11.2.1-1")
    accepted(plan(bank, BRED, applies_on=date(2027, 1, 16)))


@asserts("BNC-10.1-1", "BNC-4-4")
def test_at_bnc_the_tariff_is_planned_two_months_ahead_and_a_day_less_is_refused(bank: Bank) -> None:
    on(bank, date(2026, 12, 2), BNC)
    fields: dict[str, Any] = {"kind": AmendmentKind.TARIFF, "edition": "2027-02-01"}
    refused(plan(bank, BNC, applies_on=date(2027, 2, 1), **fields), "notice-too-short", "BNC-10.1-1")
    on(bank, date(2026, 12, 3), BNC)
    answer = accepted(plan(bank, BNC, applies_on=date(2027, 2, 3), **fields))
    assert "BNC-10.1-1" in answer.citations


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"actor": ADVISER}, "not-authorised"),
        ({"actor": CLERK}, "not-authorised"),
        ({"approved_by": BACK_OFFICE}, "second-person-missing"),
        ({"approved_by": 0}, "second-person-missing"),
        ({"series": "no-such"}, "no-agreement-in-force"),
        ({"edition": "bnc-2027-01"}, "unknown-edition"),
        ({"edition": "2027-02-01"}, "unknown-edition"),
        ({"summary": " "}, "invalid-field"),
        ({"medium": "sms"}, "medium-not-durable"),
        ({"imposed_by_law": True}, "legal-reference-missing"),
        ({"legal_reference": "Loi 2026-1"}, "legal-reference-missing"),
        ({"subject": account_id(BOOK, 0)}, "unknown-account"),
    ],
)
def test_a_plan_needs_two_members_of_staff_an_edition_and_a_durable_medium(
    bank: Bank, changes: dict[str, Any], reason: str
) -> None:
    refused(plan(bank, **changes), reason)


def test_an_edition_is_planned_once_unless_the_plan_is_withdrawn(bank: Bank) -> None:
    first = planned(bank)
    refused(plan(bank), "planned-already")
    withdraw = WithdrawAmendment(amendment=first, reason="Le texte change encore.")
    refused(bank.ask(withdraw, REGISTER, actor=CLERK), "not-authorised")
    accepted(bank.ask(withdraw, REGISTER, actor=BACK_OFFICE))
    refused(bank.ask(withdraw, REGISTER, actor=BACK_OFFICE), "amendment-withdrawn")
    account = open_account(bank)
    refused(tell(bank, account, first), "amendment-withdrawn")
    assert planned(bank) != first


# telling


@asserts("BRED-11.2.1-1")
def test_at_bred_a_customer_told_in_time_has_the_planned_day_and_one_told_late_his_own(bank: Bank) -> None:
    amendment = planned(bank)
    in_time, late = open_account(bank), open_account(bank)
    on(bank, date(2026, 11, 15), BRED, at="23:59:59")
    told(bank, in_time, amendment)
    on(bank, date(2026, 11, 16), BRED)
    told(bank, late, amendment)
    assert [entry.applies_on for entry in history(bank, in_time)] == [PLANNED]
    assert [entry.applies_on for entry in history(bank, late)] == [date(2027, 1, 16)]
    on(bank, PLANNED, BRED)
    accepted(apply(bank, in_time, amendment))
    refused(apply(bank, late, amendment), "notice-too-short", "BRED-11.2.1-1")
    on(bank, date(2027, 1, 16), BRED)
    accepted(apply(bank, late, amendment))
    assert (edition_on(bank, late, date(2027, 1, 15)), edition_on(bank, late, date(2027, 1, 16))) == (
        OLD[BRED],
        NEW[BRED],
    )


@asserts("BNC-10.1-1")
def test_at_bnc_what_is_sent_on_the_last_of_december_applies_on_the_last_of_february(bank: Bank) -> None:
    amendment = planned(bank, BNC)
    account = open_account(bank, BNC)
    on(bank, date(2026, 12, 31), BNC, at="23:59:59")
    told(bank, account, amendment)
    assert history(bank, account)[0].applies_on == date(2027, 2, 28)
    on(bank, date(2027, 2, 27), BNC, at="23:59:59")
    refused(apply(bank, account, amendment), "notice-too-short", "BNC-10.1-1")
    on(bank, date(2027, 2, 28), BNC, at="00:00:00")
    accepted(apply(bank, account, amendment))
    assert edition_on(bank, account, date(2027, 2, 28)) == NEW[BNC]


@asserts("BRED-11.2.1-1", "BNC-10.1-1")
@pytest.mark.parametrize(
    ("series", "clause"), [(BRED, "BRED-11.2.1-1"), (BNC, "BNC-10.1-1")], ids=["BRED", "BNC"]
)
def test_a_day_earlier_than_two_months_after_the_sending_is_refused_for_that_customer(
    bank: Bank, series: str, clause: str
) -> None:
    amendment = planned(bank, series)
    account = open_account(bank, series)
    on(bank, date(2026, 12, 10), series)
    refused(tell(bank, account, amendment, applies_on=date(2027, 2, 9)), "notice-too-short", clause)
    accepted(tell(bank, account, amendment, applies_on=date(2027, 2, 10)))


@asserts("BRED-11.2.1-1")
def test_only_a_proven_sending_counts_and_one_that_came_late_puts_the_day_off(bank: Bank) -> None:
    amendment = planned(bank)
    account = open_account(bank)
    on(bank, date(2026, 11, 10), BRED)
    accepted(tell(bank, account, amendment))
    duty = duties(bank, account, "send-amendment")[0]
    assert (duty.clause, duty.due_at) == (
        "BRED-11.2.1-1",
        end_of_day(date(2026, 11, 15), zone(ZONE[BRED])),
    )
    on(bank, PLANNED, BRED)
    refused(apply(bank, account, amendment), "notice-not-sent", "BRED-11.2.1-1")
    sent(bank, account, amendment)
    assert duties(bank, account, "send-amendment")[0].discharged_at is not None
    refused(apply(bank, account, amendment), "notice-too-short")
    on(bank, date(2027, 3, 15), BRED)
    accepted(apply(bank, account, amendment))
    entry = history(bank, account)[0]
    assert (entry.status, entry.applies_on) == (AmendmentStatus.ACCEPTED_TACITLY, date(2027, 3, 15))


def test_a_letter_sent_by_other_means_counts_from_its_day_with_its_reference(bank: Bank) -> None:
    amendment = planned(bank)
    account = open_account(bank)
    on(bank, date(2026, 11, 20), BRED)
    posted = {"sent_on": date(2026, 11, 12), "actor": CLERK}
    refused(tell(bank, account, amendment, **posted), "invalid-field")
    refused(tell(bank, account, amendment, reference="pli 7", actor=CLERK), "invalid-field")
    later = {"sent_on": date(2026, 11, 21), "reference": "pli 7", "actor": CLERK}
    refused(tell(bank, account, amendment, **later), "invalid-field")
    accepted(tell(bank, account, amendment, reference="pli 7", **posted))
    assert duties(bank, account, "send-amendment") == []
    on(bank, PLANNED, BRED)
    accepted(apply(bank, account, amendment))


def test_a_customer_is_told_once_of_what_is_new_to_him(bank: Bank) -> None:
    amendment = planned(bank)
    account, elsewhere = open_account(bank), open_account(bank, BNC)
    accepted(tell(bank, account, amendment))
    refused(tell(bank, account, amendment), "told-already")
    refused(tell(bank, elsewhere, amendment), "unknown-amendment")
    refused(tell(bank, account, 10**12), "unknown-amendment")
    other = open_account(bank)
    refused(tell(bank, other, amendment, medium="sms"), "medium-not-durable", "BRED-11.2.1-1")
    refused(tell(bank, other, amendment, actor=bank.account(other).holders[0]), "not-authorised")
    on(bank, PLANNED, BRED)
    new = open_account(bank)
    assert edition_on(bank, new, PLANNED) == NEW[BRED]
    refused(tell(bank, new, amendment), "nothing-to-change")


def test_the_notice_says_what_changes_when_and_what_leaving_costs(bank: Bank) -> None:
    amendment = planned_tariff(bank)
    account = open_account(bank)
    answer = accepted(tell(bank, account, amendment, medium="letter"))
    with bank.read() as connection:
        notice = load_notices(connection, [(account, answer.position, 0)])[account, answer.position, 0]
    assert (notice.template, notice.about, notice.discharges) == (
        "amendment",
        str(amendment),
        "send-amendment",
    )
    assert notice.values == {
        "medium": "letter",
        "kind": "tariff",
        "edition": "2027-02-01",
        "summary": "Le virement instantané est ouvert à tous.",
        "applies_on": "2027-02-01",
        "price_minor": 0,
    }
