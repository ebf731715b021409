"""Whoever refuses may leave, or end one service, free of charge and before the date."""

from datetime import date

import pytest

from teneur.accounts.amendments.commands import ActivateService, Objection
from teneur.accounts.amendments.facts import AmendmentStatus, CustomerAnswer
from teneur.bank import Bank
from teneur.kernel.clock import end_of_day, zone
from teneur.kernel.commands import Channel
from tests.accounts.amendments.making import (
    NEW,
    OLD,
    PLANNED,
    ZONE,
    apply,
    duties,
    edition_on,
    history,
    object_to,
    on,
    open_day,
    planned,
    told,
)
from tests.support.asserts import asserts
from tests.support.bank import ADVISER, BNC, BRED, accepted, add_person, open_account, refused

EVE = date(2027, 1, 14)


def leaving_is_free(bank: Bank, series: str, clause: str) -> None:
    amendment = planned(bank, series)
    account = open_account(bank, series)
    told(bank, account, amendment)
    on(bank, EVE, series, at="23:59:59")
    answer = accepted(object_to(bank, account, amendment, Objection.LEAVE))
    assert clause in answer.citations
    decided = bank.decided(answer)
    assert (decided["price_minor"], decided["close_by"]) == (0, EVE.isoformat())
    duty = duties(bank, account, "close-account")[0]
    assert (duty.clause, duty.due_at) == (clause, end_of_day(EVE, zone(ZONE[series])))
    refused(object_to(bank, account, amendment, Objection.REFUSE), "answered-already")
    assert open_day(bank, PLANNED, series) == []
    refused(apply(bank, account, amendment), "customer-leaves", clause)
    assert edition_on(bank, account, PLANNED) == OLD[series]


@asserts("BRED-11.2.1-3")
def test_at_bred_whoever_refuses_leaves_free_of_charge_up_to_the_eve(bank: Bank) -> None:
    leaving_is_free(bank, BRED, "BRED-11.2.1-3")


@asserts("BNC-10.1-3")
def test_at_bnc_whoever_refuses_leaves_free_of_charge_up_to_the_eve(bank: Bank) -> None:
    leaving_is_free(bank, BNC, "BNC-10.1-3")


@asserts("BRED-11.2.1-3", "BRED-11.2.1-5", "BNC-10.1-3")
@pytest.mark.parametrize(
    ("series", "clause"), [(BRED, "BRED-11.2.1-5"), (BNC, "BNC-10.1-3")], ids=["BRED", "BNC"]
)
def test_from_the_first_instant_of_the_date_on_it_is_too_late(bank: Bank, series: str, clause: str) -> None:
    amendment = planned(bank, series)
    account = open_account(bank, series)
    told(bank, account, amendment)
    on(bank, PLANNED, series, at="00:00:00")
    for objection in Objection:
        refused(object_to(bank, account, amendment, objection), "objection-too-late", clause)
    accepted(apply(bank, account, amendment))


def test_whoever_refused_may_still_leave_in_time(bank: Bank) -> None:
    amendment = planned(bank)
    account = open_account(bank)
    told(bank, account, amendment)
    accepted(object_to(bank, account, amendment, Objection.REFUSE))
    accepted(object_to(bank, account, amendment, Objection.LEAVE))
    assert history(bank, account)[0].answer is CustomerAnswer.LEAVES


@asserts("BRED-11.2.1-4")
def test_at_bred_one_service_ends_alone_free_of_charge_and_the_rest_applies(bank: Bank) -> None:
    amendment = planned(bank)
    account = open_account(bank)
    told(bank, account, amendment)
    refused(
        object_to(bank, account, amendment, Objection.END_SERVICE, service="file-transmission"),
        "service-not-held",
        "BRED-11.2.1-4",
    )
    end = {"service": "instant-transfer", "last_day": PLANNED}
    refused(object_to(bank, account, amendment, Objection.END_SERVICE, **end), "invalid-field")
    answer = accepted(object_to(bank, account, amendment, Objection.END_SERVICE, service="instant-transfer"))
    decided = bank.decided(answer)
    assert (decided["price_minor"], decided["last_day"]) == (0, EVE.isoformat())
    assert duties(bank, account, "close-account") == []
    open_day(bank, PLANNED)
    entry = history(bank, account)[0]
    assert (entry.status, entry.service) == (AmendmentStatus.BOUND, "instant-transfer")
    found = bank.account(account)
    assert bank.agreement_for(found, EVE).transfers.instant.offered.value is True
    assert bank.agreement_for(found, PLANNED).transfers.instant.offered.value is False
    assert edition_on(bank, account, PLANNED) == NEW[BRED]


@asserts("BNC-10.1-4")
def test_at_bnc_one_service_ends_alone_free_of_charge_and_the_rest_applies(bank: Bank) -> None:
    amendment = planned(bank, BNC)
    account = open_account(bank, BNC)
    holder = bank.account(account).holders[0]
    signed = ActivateService(service="file-transmission", requested_by=holder, document="TT-2026-8")
    accepted(bank.ask(signed, account, actor=ADVISER, channel=Channel.BRANCH))
    told(bank, account, amendment)
    end = {"service": "file-transmission", "last_day": date(2026, 12, 31)}
    answer = accepted(object_to(bank, account, amendment, Objection.END_SERVICE, **end))
    assert "BNC-10.1-4" in answer.citations
    assert (bank.decided(answer)["price_minor"], duties(bank, account, "close-account")) == (0, [])
    found = bank.account(account)
    assert found.contract is not None
    last, after = found.contract.in_force(date(2026, 12, 31)), found.contract.in_force(date(2027, 1, 1))
    assert last is not None
    assert after is not None
    assert (last.switched_on, after.switched_on) == ((6,), ())
    open_day(bank, PLANNED, BNC)
    assert edition_on(bank, account, PLANNED) == NEW[BNC]


def test_only_holders_object_themselves_or_through_staff_and_to_what_they_were_told(bank: Bank) -> None:
    amendment = planned(bank)
    one, two, stranger = (add_person(bank, name) for name in ("Un", "Deux", "Trois"))
    account = open_account(bank, BRED, one, two)
    leave = Objection.LEAVE
    refused(object_to(bank, account, amendment, leave), "not-told")
    told(bank, account, amendment)
    refused(object_to(bank, account, amendment, leave, requested_by=stranger), "not-a-holder")
    refused(object_to(bank, account, amendment, leave, actor=stranger), "not-authorised")
    refused(object_to(bank, account, amendment, leave, actor=0), "not-authorised")
    accepted(object_to(bank, account, amendment, Objection.REFUSE, requested_by=two, actor=two))
    accepted(object_to(bank, account, amendment, leave, requested_by=two, actor=ADVISER))
