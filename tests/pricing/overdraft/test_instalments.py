"""Twelve equal monthly instalments, since 20 November 2026, where the bank reduces or ends an overdraft."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from teneur.agreements.agreement import Agreement
from teneur.bank import Bank
from teneur.kernel.commands import AccountId, Answer, Channel
from teneur.pricing.overdraft import rules
from teneur.pricing.overdraft.commands import ChangeOverdraft, ReduceOverdraft, RepayInInstalments
from teneur.pricing.overdraft.facts import AuthorisationKind, in_force, limit_on
from tests.pricing.overdraft.making import duties, fees, grant, history, notices, review_day, spend
from tests.support.bank import (
    ADVISER,
    BACK_OFFICE,
    BNC,
    BRED,
    accepted,
    move_clock,
    open_account,
    pay_in,
    refused,
)

OPEN_ENDED = AuthorisationKind.OPEN_ENDED


def cut(bank: Bank, account: AccountId, limit_minor: int, sent_on: date) -> Answer:
    ask = ReduceOverdraft(limit_minor=limit_minor, letter="1A 2", sent_on=sent_on, approved_by=BACK_OFFICE)
    return accepted(bank.ask(ask, account, actor=ADVISER))


def plan(bank: Bank, account: AccountId) -> Answer:
    holder = bank.account(account).holders[0]
    return bank.ask(RepayInInstalments(requested_by=holder), account, actor=holder)


@pytest.mark.parametrize(
    ("reduced_on", "mainland"), [(date(2026, 11, 19), False), (date(2026, 11, 20), True)]
)
def test_the_right_begins_on_20_november_2026_on_the_mainland_only(
    bred: Agreement, bnc: Agreement, reduced_on: date, mainland: bool
) -> None:
    law = bred.overdraft.law
    assert rules.may_repay_in_instalments(OPEN_ENDED, reduced_on, law) is mainland
    assert not rules.may_repay_in_instalments(AuthorisationKind.ONE_OFF, reduced_on, law)
    assert not rules.may_repay_in_instalments(OPEN_ENDED, reduced_on, bnc.overdraft.law)


@pytest.mark.parametrize("excess", [1, 11, 12, 13, 100_000, 100_005, 99_999_999])
def test_the_twelve_parts_are_equal_to_the_cent_and_add_up_exactly(bred: Agreement, excess: int) -> None:
    parts = [amount for _, amount in rules.instalments(excess, date(2026, 12, 1), bred.overdraft.law)]
    assert len(parts) == 12
    assert sum(parts) == excess
    assert max(parts) - min(parts) <= 1
    assert parts == sorted(parts)


def test_a_month_end_stays_a_month_end_where_the_month_is_short(bred: Agreement) -> None:
    due = [day for day, _ in rules.instalments(1_200, date(2027, 8, 31), bred.overdraft.law)]
    assert due[0] == date(2027, 9, 30)
    assert due[5] == date(2028, 2, 29)
    assert due[-1] == date(2028, 8, 31)


def test_an_excess_is_repaid_month_by_month_at_the_agreed_rate_and_no_other_cost(bank: Bank) -> None:
    move_clock(bank, "2026-09-20T12:00:00+02:00")
    account = open_account(bank, BRED)
    accepted(grant(bank, account, 100_000, rate_percent=Decimal("9.9")))
    accepted(spend(bank, account, 90_000))
    answer = cut(bank, account, 30_000, date(2026, 9, 20))
    assert bank.decided(answer)["instalments"] == 12
    assert notices(bank, account)[-1][1]["instalments"] == 12
    refused(plan(bank, account), "no-right-to-instalments")  # not yet in effect
    review_day(bank, date(2026, 11, 19))
    assert bank.account(account).available_minor == -60_000
    charged = fees(bank, account)
    planned = bank.decided(accepted(plan(bank, account)))
    assert planned["excess_minor"] == 60_000
    assert planned["instalments"][0] == {"due_on": "2026-12-20", "amount_minor": 5_000}
    assert [part["amount_minor"] for part in planned["instalments"]] == [5_000] * 12
    assert len(duties(bank, account, "pay-instalment")) == 12
    assert {d.debtor for d in duties(bank, account, "pay-instalment")} == {"customer"}
    kept = history(bank, account)
    for day, limit in (
        (date(2026, 11, 20), 90_000),
        (date(2026, 12, 20), 90_000),
        (date(2026, 12, 21), 85_000),
        (date(2027, 11, 20), 35_000),
        (date(2027, 11, 21), 30_000),
    ):
        found = in_force(kept, day)
        assert found is not None
        assert (found.limit_minor, found.rate) == (limit, Decimal("9.9"))
    assert fees(bank, account) == charged
    refused(plan(bank, account), "plan-already-made")
    assert bank.account(account).available_minor == 0
    review_day(bank, date(2026, 12, 18))
    assert len(duties(bank, account, "pay-instalment")) == 12
    move_clock(bank, "2026-12-19T10:00:00+01:00")
    pay_in(bank, account, 5_000)
    review_day(bank, date(2026, 12, 20))
    assert bank.account(account).floor_minor == -85_000
    assert len(duties(bank, account, "pay-instalment")) == 12  # the cash is booked on Monday 21
    review_day(bank, date(2026, 12, 21))
    assert duties(bank, account, "pay-instalment")[0].about == "2027-01-20"


def test_without_an_excess_or_where_the_law_does_not_reach_there_is_no_plan(bank: Bank) -> None:
    move_clock(bank, "2026-11-24T12:00:00+01:00")
    for series, reason in ((BRED, "nothing-beyond-limit"), (BNC, "no-right-to-instalments")):
        account = open_account(bank, series)
        accepted(grant(bank, account, 100_000))
        refused(plan(bank, account), "no-right-to-instalments")
        early = date(2026, 9, 1)
        cut(bank, account, 30_000, early)
        next_day = bank.clock.now() + timedelta(days=1)
        move_clock(bank, next_day)
        refused(plan(bank, account), reason)
        assert limit_on(history(bank, account), date(2026, 11, 27)) == 30_000
        refused(bank.ask(RepayInInstalments(requested_by=99), account, actor=ADVISER), "not-a-holder")
        refused(bank.ask(RepayInInstalments(requested_by=99), account, actor=98), "not-authorised")


def test_what_the_bank_cut_before_the_day_gives_no_right(bank: Bank) -> None:
    move_clock(bank, "2026-11-19T12:00:00+01:00")
    account = open_account(bank, BRED)
    accepted(grant(bank, account, 100_000))
    accepted(spend(bank, account, 90_000))
    answer = cut(bank, account, 0, date(2026, 9, 19))
    assert bank.decided(answer)["instalments"] == 0
    move_clock(bank, "2026-11-25T12:00:00+01:00")
    refused(plan(bank, account), "no-right-to-instalments")


def test_a_plan_that_another_limit_takes_the_place_of_leaves_no_instalment_owed(bank: Bank) -> None:
    move_clock(bank, "2026-11-24T12:00:00+01:00")
    account = open_account(bank, BRED)
    accepted(grant(bank, account, 100_000))
    accepted(spend(bank, account, 90_000))
    cut(bank, account, 30_000, date(2026, 9, 20))
    review_day(bank, date(2026, 11, 24))
    accepted(plan(bank, account))
    review_day(bank, date(2026, 12, 10))
    assert len(duties(bank, account, "pay-instalment")) == 12
    agreed = ChangeOverdraft(
        limit_minor=100_000,
        requested_by=bank.account(account).holders,
        approved_by=BACK_OFFICE,
        document="avenant 2",
    )
    accepted(bank.ask(agreed, account, actor=ADVISER, channel=Channel.BRANCH))
    assert duties(bank, account, "pay-instalment") == []
    assert limit_on(history(bank, account), date(2027, 12, 1)) == 100_000
