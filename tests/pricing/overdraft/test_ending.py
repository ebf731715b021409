"""Less overdraft or none: two months after the letter, at once on a ground, by the customer, by itself."""

from datetime import date
from typing import Any

import pytest

from teneur.agreements.agreement import Agreement
from teneur.agreements.terms.overdraft import Capacity, Event, Ground
from teneur.bank import Bank
from teneur.customers.commands import UpdatePerson
from teneur.customers.decisions import REGISTER
from teneur.kernel.commands import AccountId, Answer, Channel
from teneur.ledger.account import AccountKind
from teneur.pricing.overdraft import rules
from teneur.pricing.overdraft.commands import EndOverdraft, EndOverdraftByEvent, ReduceOverdraft
from teneur.pricing.overdraft.facts import AuthorisationKind, limit_on
from tests.pricing.overdraft.making import TODAY, grant, history, notices, review_day, spend
from tests.support.asserts import asserts
from tests.support.bank import (
    ADVISER,
    BACK_OFFICE,
    BNC,
    BRED,
    CLERK,
    accepted,
    add_person,
    move_clock,
    open_account,
    refused,
)

ONE_OFF: dict[str, Any] = {"kind": AuthorisationKind.ONE_OFF, "ends_on": date(2026, 12, 31)}


def reduce(bank: Bank, account: AccountId, limit_minor: int, **changes: Any) -> Answer:
    fields: dict[str, Any] = {
        "limit_minor": limit_minor,
        "letter": "1A 234 567 8901 2",
        "sent_on": TODAY,
        "approved_by": BACK_OFFICE,
    }
    actor = changes.pop("actor", ADVISER)
    return bank.ask(ReduceOverdraft(**(fields | changes)), account, actor=actor)


def end(bank: Bank, account: AccountId, channel: Channel, **changes: Any) -> Answer:
    holder = bank.account(account).holders[0]
    ask = EndOverdraft(requested_by=changes.get("requested_by", holder))
    return bank.ask(ask, account, actor=changes.get("actor", holder), channel=channel)


def happened(bank: Bank, account: AccountId, event: Event, **changes: Any) -> Answer:
    fields: dict[str, Any] = {"event": event, "occurred_on": TODAY, "proof": "acte"}
    actor = changes.pop("actor", BACK_OFFICE)
    return bank.ask(EndOverdraftByEvent(**(fields | changes)), account, actor=actor)


@asserts("BRED-8.1.1-3", "BNC-7.2.b-2")
@pytest.mark.parametrize(
    ("sent_on", "earliest"),
    [
        (date(2026, 5, 4), date(2026, 7, 4)),
        (date(2026, 12, 31), date(2027, 2, 28)),
        (date(2027, 12, 31), date(2028, 2, 29)),
        (date(2026, 12, 29), date(2027, 2, 28)),
        (date(2028, 2, 29), date(2028, 4, 29)),
    ],
)
def test_the_notice_of_the_bank_runs_two_months_from_the_sending(
    bred: Agreement, bnc: Agreement, sent_on: date, earliest: date
) -> None:
    for agreement in (bred, bnc):
        assert rules.earliest_with_notice(sent_on, agreement.overdraft.ending) == earliest


@asserts("BRED-8.1.1-3", "BNC-7.2.b-2")
@pytest.mark.parametrize(("series", "clause"), [(BRED, "BRED-8.1.1-3"), (BNC, "BNC-7.2.b-2")])
def test_a_reduction_with_notice_takes_effect_on_its_day_by_the_bank_s_day(
    bank: Bank, series: str, clause: str
) -> None:
    account = open_account(bank, series)
    accepted(grant(bank, account, 50_000))
    refused(reduce(bank, account, 20_000, letter=" "), "letter-missing", clause)
    early = reduce(bank, account, 20_000, effective_on=date(2026, 7, 3))
    refused(early, "notice-too-short", clause)
    assert bank.decided(early) == {"earliest": "2026-07-04"}
    answer = accepted(reduce(bank, account, 20_000))
    assert clause in answer.citations
    assert bank.decided(answer)["effective_on"] == "2026-07-04"
    review_day(bank, date(2026, 7, 2), series)
    assert bank.account(account).floor_minor == -50_000
    review_day(bank, date(2026, 7, 3), series)
    assert bank.account(account).floor_minor == -20_000
    [(template, values)] = notices(bank, account)
    assert (template, values["effective_on"], values["limit_minor"]) == (
        "overdraft-reduced",
        "2026-07-04",
        20_000,
    )


@asserts("BNC-7.2.b-2")
def test_at_bnc_notice_ends_only_an_open_ended_authorisation(bank: Bank) -> None:
    account = open_account(bank, BNC)
    accepted(grant(bank, account, 50_000, **ONE_OFF))
    refused(reduce(bank, account, 0), "one-off-runs-to-its-end", "BNC-7.2.b-2")


@asserts("BRED-8.1.1-3")
def test_notice_cannot_reach_a_one_off_authorisation_that_is_over_before(bank: Bank) -> None:
    account = open_account(bank, BRED)
    accepted(grant(bank, account, 50_000, kind=AuthorisationKind.ONE_OFF, ends_on=date(2026, 7, 3)))
    refused(reduce(bank, account, 20_000), "one-off-runs-to-its-end", "BRED-8.1.1-3")
    other = open_account(bank, BRED)
    accepted(grant(bank, other, 50_000, kind=AuthorisationKind.ONE_OFF, ends_on=date(2026, 7, 4)))
    accepted(reduce(bank, other, 20_000))
    spans = [(a.limit_minor, a.starts_on, a.ends_on) for a in history(bank, other)]
    last = date(2026, 7, 4)
    assert spans == [(50_000, TODAY, date(2026, 7, 3)), (20_000, last, last)]
    ground: dict[str, Any] = {"ground": Ground.MISCONDUCT, "explanation": "menaces envers le personnel"}
    accepted(reduce(bank, account, 0, **ground))
    assert bank.account(account).floor_minor == 0
    at_bred = open_account(bank, BRED)
    accepted(grant(bank, at_bred, 50_000, **ONE_OFF))
    accepted(reduce(bank, at_bred, 0))


@asserts("BRED-8.1.1-4", "BNC-7.2.b-3")
@pytest.mark.parametrize(("series", "clause"), [(BRED, "BRED-8.1.1-4"), (BNC, "BNC-7.2.b-3")])
def test_on_a_recorded_legitimate_ground_the_bank_acts_at_once(bank: Bank, series: str, clause: str) -> None:
    account = open_account(bank, series)
    accepted(grant(bank, account, 50_000))
    accepted(spend(bank, account, 10_000))
    refused(reduce(bank, account, 0, ground=Ground.BREACH), "no-legitimate-ground", clause)
    refused(reduce(bank, account, 0, explanation="45 jours"), "no-legitimate-ground", clause)
    ground: dict[str, Any] = {"ground": Ground.BREACH, "explanation": "45 jours débiteurs"}
    refused(reduce(bank, account, 0, letter="", **ground), "letter-missing", clause)
    answer = accepted(reduce(bank, account, 0, **ground))
    assert clause in answer.citations
    assert (bank.account(account).floor_minor, bank.account(account).available_minor) == (0, -10_000)
    [kept] = history(bank, account)
    assert (kept.ends_on, kept.ended_by) == (date(2026, 5, 3), "reduced-by-bank-on-ground")
    refused(reduce(bank, account, 0), "no-overdraft")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"actor": CLERK}, "not-authorised"),
        ({"approved_by": ADVISER}, "second-person-missing"),
        ({"limit_minor": 50_000}, "amount-out-of-range"),
        ({"limit_minor": -1}, "amount-out-of-range"),
        ({"sent_on": date(2026, 5, 5)}, "invalid-field"),
        ({"sent_on": date(2026, 2, 1), "effective_on": date(2026, 4, 2)}, "retroactive"),
    ],
)
def test_a_reduction_that_is_not_in_order_changes_nothing(
    bank: Bank, changes: dict[str, Any], reason: str
) -> None:
    account = open_account(bank)
    accepted(grant(bank, account, 50_000))
    refused(reduce(bank, account, **({"limit_minor": 0} | changes)), reason)
    assert limit_on(history(bank, account), date(2027, 1, 1)) == 50_000


def test_a_letter_of_long_ago_takes_effect_today_at_the_earliest(bank: Bank) -> None:
    account = open_account(bank)
    accepted(grant(bank, account, 50_000))
    accepted(reduce(bank, account, 0, sent_on=date(2026, 1, 31)))
    assert bank.account(account).floor_minor == 0


@asserts("BRED-8.1.1-2", "BNC-7.2.b-1")
@pytest.mark.parametrize(("series", "clause"), [(BRED, "BRED-8.1.1-2"), (BNC, "BNC-7.2.b-1")])
def test_the_customer_ends_it_at_any_time_in_writing_at_receipt(bank: Bank, series: str, clause: str) -> None:
    account = open_account(bank, series)
    accepted(grant(bank, account, 50_000))
    refused(end(bank, account, Channel.PHONE, actor=CLERK), "not-in-writing", clause)
    refused(end(bank, account, Channel.REMOTE, requested_by=99, actor=CLERK), "not-a-holder")
    refused(end(bank, account, Channel.REMOTE, actor=99), "not-authorised")
    move_clock(bank, "2026-05-31T13:59:59.999999+11:00")  # 04:59 in Paris, 13:59 in Nouméa
    answer = accepted(end(bank, account, Channel.POST, actor=CLERK))
    assert clause in answer.citations
    assert bank.decided(answer) == {"ended_on": "2026-05-31"}
    assert bank.account(account).floor_minor == 0
    assert [limit_on(history(bank, account), date(2026, 5, day)) for day in (30, 31)] == [50_000, 0]
    refused(end(bank, account, Channel.POST), "no-overdraft")


@pytest.mark.parametrize(
    ("at", "paris", "noumea"),
    [
        ("2026-05-31T23:59:59.999999+02:00", date(2026, 5, 31), date(2026, 6, 1)),
        ("2026-05-31T15:00:00+02:00", date(2026, 5, 31), date(2026, 6, 1)),
        ("2026-05-31T14:59:59.999999+02:00", date(2026, 5, 31), date(2026, 5, 31)),
    ],
)
def test_receipt_is_the_local_day_of_the_agreement(bank: Bank, at: str, paris: date, noumea: date) -> None:
    accounts = {BRED: open_account(bank, BRED), BNC: open_account(bank, BNC)}
    for account in accounts.values():
        accepted(grant(bank, account, 50_000))
    move_clock(bank, at)
    ended = {s: bank.decided(end(bank, a, Channel.REMOTE))["ended_on"] for s, a in accounts.items()}
    assert ended == {BRED: paris.isoformat(), BNC: noumea.isoformat()}


BOTH = (Event.CLOSING, Event.INCAPACITY, Event.LIQUIDATION)


@asserts("BRED-8.1.1-1", "BNC-7.2.b-4")
def test_the_listed_events_end_it_by_themselves(bred: Agreement, bnc: Agreement) -> None:
    individual, joint = AccountKind.INDIVIDUAL, AccountKind.JOINT
    for agreement in (bred, bnc):
        terms = agreement.overdraft.ending
        for event in BOTH:
            assert rules.ends_by_itself(event, individual, terms)
            assert rules.ends_by_itself(event, joint, terms)
        assert rules.ends_by_itself(Event.DEATH, individual, terms)
        assert not rules.ends_by_itself(Event.DEATH, joint, terms)
        assert rules.ends_by_itself(Event.DENUNCIATION, joint, terms)
        assert not rules.ends_by_itself(Event.DENUNCIATION, individual, terms)
    assert rules.ends_by_itself(Event.INSOLVENCY, individual, bnc.overdraft.ending)
    assert not rules.ends_by_itself(Event.INSOLVENCY, individual, bred.overdraft.ending)


@asserts("BRED-8.1.1-1", "BNC-7.2.b-4")
@pytest.mark.parametrize(("series", "clause"), [(BRED, "BRED-8.1.1-1"), (BNC, "BNC-7.2.b-4")])
def test_death_ends_the_overdraft_of_an_individual_account_only(bank: Bank, series: str, clause: str) -> None:
    one, two = add_person(bank, "Un"), add_person(bank, "Deux")
    alone, joint = open_account(bank, series, one), open_account(bank, series, one, two)
    for account in (alone, joint):
        accepted(grant(bank, account, 50_000))
    refused(happened(bank, joint, Event.DEATH), "event-ends-nothing", clause)
    refused(happened(bank, alone, Event.DEATH, proof=" "), "invalid-field")
    refused(happened(bank, alone, Event.DEATH, occurred_on=date(2026, 5, 5)), "invalid-field")
    refused(happened(bank, alone, Event.DEATH, actor=one), "not-authorised")
    assert clause in accepted(happened(bank, alone, Event.DEATH)).citations
    assert (bank.account(alone).floor_minor, bank.account(joint).floor_minor) == (0, -50_000)
    refused(happened(bank, alone, Event.DEATH), "no-overdraft")


@asserts("BRED-8.1.1-1", "BNC-7.2.b-4")
@pytest.mark.parametrize("series", [BRED, BNC])
def test_the_bank_s_day_ends_the_overdraft_of_whoever_becomes_incapable(bank: Bank, series: str) -> None:
    person = add_person(bank)
    account, other = open_account(bank, series, person), open_account(bank, series)
    for mine in (account, other):
        accepted(grant(bank, mine, 50_000))
    update = UpdatePerson(person=person, reason="judgment", capacity=Capacity.PROTECTED)
    accepted(bank.ask(update, REGISTER, actor=CLERK))
    answers = review_day(bank, TODAY, series)
    assert len(answers) == 1
    assert (bank.account(account).floor_minor, bank.account(other).floor_minor) == (0, -50_000)
    assert history(bank, account)[0].ended_by == "legal-incapacity"
    assert review_day(bank, TODAY, series) == []
