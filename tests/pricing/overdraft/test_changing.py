"""Another limit: with the customer at the branch, by the bank alone, and when it takes effect."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from teneur.accounts.commands import SetOverdraft
from teneur.bank import Bank
from teneur.kernel.commands import AccountId, Answer, Channel
from teneur.pricing.overdraft.commands import ChangeOverdraft, RaiseOverdraft
from teneur.pricing.overdraft.facts import AuthorisationKind, limit_on
from tests.pricing.overdraft.making import TODAY, grant, history, notices, review_day
from tests.support.asserts import asserts
from tests.support.bank import (
    ADVISER,
    BACK_OFFICE,
    BNC,
    BRED,
    CLERK,
    accepted,
    add_person,
    open_account,
    refused,
)


def change(bank: Bank, account: AccountId, limit_minor: int, **changes: Any) -> Answer:
    channel = changes.pop("channel", Channel.BRANCH)
    actor = changes.pop("actor", ADVISER)
    fields: dict[str, Any] = {
        "limit_minor": limit_minor,
        "requested_by": bank.account(account).holders,
        "approved_by": BACK_OFFICE,
        "document": "avenant 1",
    }
    return bank.ask(ChangeOverdraft(**(fields | changes)), account, actor=actor, channel=channel)


def raised(bank: Bank, account: AccountId, limit_minor: int, **changes: Any) -> Answer:
    fields: dict[str, Any] = {
        "limit_minor": limit_minor,
        "effective_on": TODAY,
        "apr_percent": Decimal("9.9"),
        "medium": "letter",
        "approved_by": BACK_OFFICE,
    }
    actor = changes.pop("actor", ADVISER)
    return bank.ask(RaiseOverdraft(**(fields | changes)), account, actor=actor)


@asserts("BNC-7.2.a-4")
def test_at_bnc_another_limit_is_agreed_with_the_adviser_through_the_branch(bank: Bank) -> None:
    account = open_account(bank, BNC)
    accepted(grant(bank, account, 100_000, rate_percent=Decimal("11.5")))
    refused(change(bank, account, 120_000, channel=Channel.REMOTE), "agreed-at-branch-only", "BNC-7.2.a-4")
    other = (add_person(bank),)
    refused(change(bank, account, 120_000, requested_by=other), "agreed-at-branch-only", "BNC-7.2.a-4")
    answer = accepted(change(bank, account, 300_000))  # with the customer the bank may go beyond 178,998
    assert "BNC-7.2.a-4" in answer.citations
    before, now = history(bank, account)
    assert (before.ends_on, before.ended_by) == (date(2026, 5, 3), "agreed-with-customer")
    assert (now.limit_minor, now.starts_on, now.rate, now.document) == (
        300_000, TODAY, Decimal("11.5"), "avenant 1",
    )  # fmt: skip
    assert bank.account(account).floor_minor == -300_000


def test_a_raise_takes_the_consent_that_a_grant_takes_and_a_lower_limit_any_holder(bank: Bank) -> None:
    one, two = add_person(bank, "Un"), add_person(bank, "Deux")
    account = open_account(bank, BNC, one, two)
    accepted(grant(bank, account, 100_000))
    refused(change(bank, account, 100_001, requested_by=(one,)), "consent-missing", "BNC-1.2.2.a-5")
    accepted(change(bank, account, 50_000, requested_by=(one,)))
    assert bank.account(account).floor_minor == -50_000


def test_a_change_to_come_is_applied_by_the_bank_s_day_and_not_before(bank: Bank) -> None:
    account = open_account(bank, BRED)
    accepted(grant(bank, account, 50_000))
    accepted(change(bank, account, 20_000, starts_on=date(2026, 5, 6)))
    assert bank.account(account).floor_minor == -50_000
    assert review_day(bank, date(2026, 5, 4)) == []
    [answer] = review_day(bank, date(2026, 5, 5))
    assert bank.account(account).floor_minor == -20_000
    [again] = review_day(bank, date(2026, 5, 5)) or [answer]
    assert again.position == answer.position
    assert [limit_on(history(bank, account), date(2026, 5, day)) for day in (5, 6)] == [50_000, 20_000]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"actor": CLERK}, "not-authorised"),
        ({"approved_by": ADVISER}, "second-person-missing"),
        ({"limit_minor": 0}, "amount-out-of-range"),
        ({"starts_on": date(2026, 5, 3)}, "retroactive"),
        ({"document": ""}, "invalid-field"),
    ],
)
def test_a_change_that_is_not_in_order_changes_nothing(
    bank: Bank, changes: dict[str, Any], reason: str
) -> None:
    account = open_account(bank)
    refused(change(bank, account, 20_000), "no-overdraft")
    accepted(grant(bank, account, 50_000))
    refused(change(bank, account, **({"limit_minor": 20_000} | changes)), reason)
    assert bank.account(account).floor_minor == -50_000


@asserts("BNC-7.2.a-3")
def test_at_bnc_the_bank_alone_raises_the_limit_to_178_998_francs_and_not_one_more(bank: Bank) -> None:
    account = open_account(bank, BNC)
    accepted(grant(bank, account, 100_000))
    refused(raised(bank, account, 178_999), "customer-must-agree", "BNC-7.2.a-3")
    refused(raised(bank, account, 178_998, apr_percent=None), "mention-missing", "BNC-7.2.a-3")
    refused(raised(bank, account, 178_998, effective_on=date(2026, 5, 3)), "no-overdraft")
    refused(raised(bank, account, 178_998, medium="phone"), "invalid-field", "BNC-7.2.a-3")
    assert bank.account(account).floor_minor == -100_000
    answer = accepted(raised(bank, account, 178_998))
    assert "BNC-7.2.a-3" in answer.citations
    assert bank.account(account).floor_minor == -178_998
    mentions = {
        "limit_minor": 178_998,
        "effective_on": "2026-05-04",
        "apr_percent": "9.9",
        "medium": "letter",
    }
    assert notices(bank, account) == [("overdraft-raised", mentions)]
    refused(raised(bank, account, 178_998), "amount-out-of-range")  # it is no raise


@asserts("BNC-7.2.a-3")
def test_a_raise_is_never_effective_before_the_customer_is_told(bank: Bank) -> None:
    account = open_account(bank, BNC)
    accepted(grant(bank, account, 100_000))
    review_day(bank, date(2026, 5, 9), BNC)
    refused(raised(bank, account, 110_000, effective_on=date(2026, 5, 9)), "retroactive", "BNC-7.2.a-3")
    accepted(raised(bank, account, 110_000, effective_on=date(2026, 5, 11)))
    review_day(bank, date(2026, 5, 9), BNC)
    assert bank.account(account).floor_minor == -100_000
    review_day(bank, date(2026, 5, 10), BNC)
    assert bank.account(account).floor_minor == -110_000


def test_at_bred_the_bank_never_raises_alone(bank: Bank) -> None:
    account = open_account(bank, BRED)
    accepted(grant(bank, account, 10_000))
    refused(raised(bank, account, 10_001), "customer-must-agree")
    one_off = open_account(bank, BNC)
    kind = AuthorisationKind.ONE_OFF
    accepted(grant(bank, one_off, 10_000, kind=kind, ends_on=date(2026, 6, 30)))
    refused(raised(bank, one_off, 10_001), "no-overdraft")


def test_the_short_way_keeps_the_agreed_rate_and_gives_up_what_was_to_come(bank: Bank) -> None:
    account = open_account(bank)
    accepted(grant(bank, account, 50_000, rate_percent=Decimal("8")))
    accepted(change(bank, account, 20_000, starts_on=date(2026, 6, 1)))
    for limit in (30_000, 0, 0):
        ask = SetOverdraft(
            limit_minor=limit, requested_by=bank.account(account).holders[0], approved_by=BACK_OFFICE
        )
        accepted(bank.ask(ask, account, actor=ADVISER))
        kept = history(bank, account)
        assert bank.account(account).floor_minor == -limit
        assert [limit_on(kept, day) for day in (TODAY, date(2026, 6, 1))] == [limit, limit]
    assert kept[-1].rate == Decimal("8") or kept[-2].rate == Decimal("8")
