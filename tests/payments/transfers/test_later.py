"""Orders that wait for their day: late, deferred, standing; and taking them back."""

from datetime import date

import pytest
from tests.support.asserts import asserts
from tests.support.bank import BNC, BRED, open_account
from tests.support.transfers import (
    ELSEWHERE,
    NOUMEA_MORNING,
    ask_at,
    balance,
    duties,
    fall_due,
    iban_of,
    order_of,
    pay,
    refused,
)

from teneur.bank import Bank
from teneur.kernel.commands import Answer, Channel, Outcome
from teneur.payments.transfers.commands import Repeat, RevokeTransfer
from teneur.payments.transfers.facts import OrderStatus
from teneur.payments.transfers.rules.standing import Frequency


def revoke(
    bank: Bank, payer: int, order: Answer, at: str, channel: Channel = Channel.REMOTE, **more: object
) -> Answer:
    ask = RevokeTransfer(transfer=order.position, **more)  # type: ignore[arg-type]
    return ask_at(bank, ask, payer, at, actor=bank.account(payer).holders[0], channel=channel)


@asserts("BRED-PREL-1", "BRED-A3-3.1.1-1", "BRED-A5-T-1")
def test_noon_is_in_time_and_a_microsecond_later_is_the_next_day(bank: Bank) -> None:
    payer = open_account(bank, BRED, funds_minor=100_000)
    iban = iban_of(bank, open_account(bank, BRED))
    pay(bank, payer, iban, 100, "2026-05-05T12:00:00+02:00")
    assert balance(bank, payer) == 99_900
    late = pay(bank, payer, iban, 100, "2026-05-05T12:00:00.000001+02:00")
    assert (late.outcome, balance(bank, payer)) == (Outcome.ACCEPTED, 99_900)
    assert order_of(bank, payer, late).due_on == date(2026, 5, 6)
    refused(fall_due(bank, payer, late, date(2026, 5, 5), "2026-05-05T18:00:00+02:00"), "not-due")
    assert fall_due(bank, payer, late, date(2026, 5, 6), "2026-05-06T06:00:00+02:00").outcome is (
        Outcome.ACCEPTED
    )
    assert balance(bank, payer) == 99_800
    refused(fall_due(bank, payer, late, date(2026, 5, 6), "2026-05-06T07:00:00+02:00"), "not-due")


@asserts("BRED-PREL-2")
def test_the_eve_of_good_friday_after_noon_waits_until_the_tuesday_after_easter(bank: Bank) -> None:
    payer = open_account(bank, BRED, funds_minor=100_000)
    late = pay(bank, payer, ELSEWHERE, 100, "2027-03-25T12:01:00+01:00")
    assert order_of(bank, payer, late).due_on == date(2027, 3, 30)


@asserts("BNC-6.1.3.6-6")
def test_an_agreed_day_that_is_closed_rolls_to_the_next_business_day(bank: Bank) -> None:
    payer = open_account(bank, BNC, funds_minor=100_000)
    iban = iban_of(bank, open_account(bank, BNC))
    order = pay(bank, payer, iban, 100, NOUMEA_MORNING, agreed_on=date(2026, 5, 9))  # a Saturday
    assert order_of(bank, payer, order).due_on == date(2026, 5, 11)


@asserts("BNC-6.1.3.6-5")
def test_funds_are_looked_at_on_the_agreed_day_not_before(bank: Bank) -> None:
    payer = open_account(bank, BNC)
    iban = iban_of(bank, open_account(bank, BNC))
    order = pay(bank, payer, iban, 100, NOUMEA_MORNING, agreed_on=date(2026, 5, 7))
    assert order.outcome is Outcome.ACCEPTED
    due = fall_due(bank, payer, order, date(2026, 5, 7), "2026-05-07T06:00:00+11:00")
    refused(due, "insufficient-funds")
    assert order_of(bank, payer, order).status is OrderStatus.REFUSED
    [duty] = duties(bank, payer, "inform-of-refusal")
    assert duty.clause == "BNC-6.2.1-2"


def test_a_day_that_has_passed_is_refused_and_today_is_done_at_once(bank: Bank) -> None:
    payer = open_account(bank, BRED, funds_minor=1_000)
    iban = iban_of(bank, open_account(bank, BRED))
    refused(pay(bank, payer, iban, 100, agreed_on=date(2026, 5, 4)), "date-past")
    pay(bank, payer, iban, 100, agreed_on=date(2026, 5, 5))
    assert balance(bank, payer) == 900


@asserts("BRED-A3-1.2-1")
def test_a_standing_order_of_the_31st_runs_at_month_ends_to_its_last_occurrence(bank: Bank) -> None:
    payer = open_account(bank, BRED, funds_minor=100_000)
    payee = open_account(bank, BRED)
    repeat = Repeat(frequency=Frequency.MONTHLY, occurrences=3)
    order = pay(bank, payer, iban_of(bank, payee), 1_000, agreed_on=date(2026, 8, 31), repeat=repeat)
    days = []
    for _ in range(3):
        due = order_of(bank, payer, order).due_on
        assert due is not None
        days.append(due)
        done = fall_due(bank, payer, order, due, f"{due}T06:00:00+02:00")
        assert done.outcome is Outcome.ACCEPTED
    assert days == [date(2026, 8, 31), date(2026, 9, 30), date(2026, 11, 2)]  # 31 October is a Saturday
    assert order_of(bank, payer, order).status is OrderStatus.DONE
    assert (balance(bank, payer), balance(bank, payee)) == (97_000, 3_000)


def test_an_occurrence_without_funds_is_refused_and_the_next_one_still_comes(bank: Bank) -> None:
    payer = open_account(bank, BRED)
    iban = iban_of(bank, open_account(bank, BRED))
    repeat = Repeat(frequency=Frequency.WEEKLY)
    order = pay(bank, payer, iban, 1_000, agreed_on=date(2026, 5, 6), repeat=repeat)
    refused(fall_due(bank, payer, order, date(2026, 5, 6), "2026-05-06T06:00:00+02:00"), "insufficient-funds")
    stands = order_of(bank, payer, order)
    assert (stands.status, stands.due_on) == (OrderStatus.SCHEDULED, date(2026, 5, 13))


@asserts("BRED-A3-2.3-7", "BNC-6.1.3.5-9")
@pytest.mark.parametrize(("series", "answer"), [(BRED, Outcome.ACCEPTED), (BNC, Outcome.REFUSED)])
def test_a_late_revocation_is_accepted_by_one_agreement_and_refused_by_the_other(
    bank: Bank, series: str, answer: Outcome
) -> None:
    payer = open_account(bank, series, funds_minor=10_000)
    iban = iban_of(bank, open_account(bank, series))
    zone = "+02:00" if series == BRED else "+11:00"
    order = pay(bank, payer, iban, 1_000, f"2026-05-05T10:00:00{zone}", agreed_on=date(2026, 5, 8))
    late = revoke(bank, payer, order, f"2026-05-08T05:00:00{zone}")
    assert late.outcome is answer
    status = order_of(bank, payer, order).status
    assert status is (OrderStatus.REVOKED if answer is Outcome.ACCEPTED else OrderStatus.SCHEDULED)


@asserts("BRED-A3-2.3-5")
def test_an_order_sent_after_the_cut_off_is_revocable_until_its_day_begins(bank: Bank) -> None:
    payer = open_account(bank, BRED, funds_minor=10_000)
    order = pay(bank, payer, ELSEWHERE, 1_000, "2026-05-05T15:00:00+02:00")
    answer = revoke(bank, payer, order, "2026-05-05T23:59:59+02:00")
    assert answer.outcome is Outcome.ACCEPTED
    refused(fall_due(bank, payer, order, date(2026, 5, 6), "2026-05-06T06:00:00+02:00"), "not-due")
    assert balance(bank, payer) == 10_000


def test_what_was_sent_cannot_be_taken_back(bank: Bank) -> None:
    payer = open_account(bank, BRED, funds_minor=10_000)
    order = pay(bank, payer, ELSEWHERE, 1_000)
    refused(revoke(bank, payer, order, "2026-05-05T10:00:01+02:00"), "execution-started")


@asserts("BNC-6.1.3.5-8")
def test_a_revocation_by_phone_is_refused(bank: Bank) -> None:
    payer = open_account(bank, BNC, funds_minor=10_000)
    iban = iban_of(bank, open_account(bank, BNC))
    order = pay(bank, payer, iban, 1_000, NOUMEA_MORNING, agreed_on=date(2026, 5, 8))
    phone = revoke(bank, payer, order, "2026-05-05T11:00:00+11:00", Channel.PHONE)
    assert phone.outcome is Outcome.REFUSED
    written = revoke(bank, payer, order, "2026-05-05T11:00:00+11:00", Channel.REMOTE)
    assert written.outcome is Outcome.ACCEPTED


@asserts("BNC-6.1.3.5-7")
def test_one_occurrence_is_taken_back_and_the_order_goes_on(bank: Bank) -> None:
    payer = open_account(bank, BNC, funds_minor=10_000)
    iban = iban_of(bank, open_account(bank, BNC))
    repeat = Repeat(frequency=Frequency.WEEKLY)
    order = pay(bank, payer, iban, 1_000, NOUMEA_MORNING, agreed_on=date(2026, 5, 12), repeat=repeat)
    answer = revoke(bank, payer, order, "2026-05-06T10:00:00+11:00", days=(date(2026, 5, 12),))
    assert answer.outcome is Outcome.ACCEPTED
    assert order_of(bank, payer, order).due_on == date(2026, 5, 19)
    not_one = revoke(bank, payer, order, "2026-05-06T10:00:00+11:00", days=(date(2026, 5, 20),))
    refused(not_one, "unknown-occurrence")
