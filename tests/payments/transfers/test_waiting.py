"""Orders that start when the customer's funds come, or when a period ends."""

from datetime import date

import pytest
from tests.payments.transfers.test_later import revoke
from tests.support.asserts import asserts
from tests.support.bank import BNC, BRED, move_clock, open_account, pay_in
from tests.support.transfers import (
    ELSEWHERE,
    NOUMEA_MORNING,
    PARIS_MORNING,
    balance,
    duties,
    fall_due,
    iban_of,
    order_of,
    pay,
    refused,
)

from teneur.agreements.terms.transfers import Service, StartCondition
from teneur.bank import Bank
from teneur.channels.day.job import advance
from teneur.kernel.clock import instant
from teneur.kernel.commands import AccountId, Answer, Channel, Outcome
from teneur.payments.transfers.commands import Repeat, Start
from teneur.payments.transfers.facts import OrderStatus
from teneur.payments.transfers.rules.standing import Frequency

MORNING = {BRED: PARIS_MORNING, BNC: NOUMEA_MORNING}
OFFSET = {BRED: "+02:00", BNC: "+11:00"}
WHEN_FUNDED = Start(StartCondition.FUNDS_AVAILABLE)


def waiting(bank: Bank, series: str, start: Start = WHEN_FUNDED, **more: object) -> tuple[AccountId, Answer]:
    """An order of 1,000 that an empty account gives on Tuesday morning."""
    payer = open_account(bank, series)
    iban = iban_of(bank, open_account(bank, series))
    answer = pay(bank, payer, iban, 1_000, MORNING[series], start=start, **more)  # type: ignore[arg-type]
    assert answer.outcome is Outcome.ACCEPTED, answer
    return payer, answer


@asserts("BRED-A3-3.1.2-1", "BNC-6.1.3.6-5")
@pytest.mark.parametrize("series", [BRED, BNC])
def test_an_order_waits_for_its_funds_and_is_received_on_the_day_they_come(bank: Bank, series: str) -> None:
    payer, order = waiting(bank, series)
    stands = order_of(bank, payer, order)
    assert (stands.status, stands.received_at, stands.due_on) == (OrderStatus.WAITING, None, None)
    day = date(2026, 5, 6)
    look = f"{day}T00:00:00{OFFSET[series]}"
    refused(fall_due(bank, payer, order, day, look), "awaiting-funds")
    pay_in(bank, payer, 1_500, instant(f"{day}T15:00:00{OFFSET[series]}"))
    done = fall_due(bank, payer, order, date(2026, 5, 7), f"2026-05-07T00:00:00{OFFSET[series]}")
    assert done.outcome is Outcome.ACCEPTED
    stands = order_of(bank, payer, order)
    assert (stands.status, balance(bank, payer)) == (OrderStatus.DONE, 500)
    assert stands.received_at == instant(f"{day}T00:00:00{OFFSET[series]}")


def test_with_the_funds_there_it_starts_at_once_and_after_the_cut_off_the_next_day(bank: Bank) -> None:
    payer = open_account(bank, BRED, funds_minor=10_000)
    iban = iban_of(bank, open_account(bank, BRED))
    pay(bank, payer, iban, 1_000, "2026-05-05T12:00:00+02:00", start=WHEN_FUNDED)
    assert balance(bank, payer) == 9_000
    late = pay(bank, payer, iban, 1_000, "2026-05-05T12:00:01+02:00", start=WHEN_FUNDED)
    stands = order_of(bank, payer, late)
    assert (stands.status, stands.due_on) == (OrderStatus.SCHEDULED, date(2026, 5, 6))


def test_the_banks_day_looks_every_business_day_and_sends_it_when_the_funds_are_there(bank: Bank) -> None:
    payer = open_account(bank, BRED)
    order = pay(bank, payer, ELSEWHERE, 1_000, start=WHEN_FUNDED)
    journal = advance(bank, date(2026, 5, 8))
    assert (journal.executed, journal.refused) == ([], [])  # nothing is written while nothing comes
    move_clock(bank, "2026-05-08T17:00:00+02:00")
    pay_in(bank, payer, 500)
    move_clock(bank, "2026-05-09T11:00:00+02:00")  # a Saturday
    pay_in(bank, payer, 500)
    advance(bank, date(2026, 5, 10))
    assert order_of(bank, payer, order).status is OrderStatus.WAITING
    advance(bank, date(2026, 5, 11))
    stands = order_of(bank, payer, order)
    assert stands.status is OrderStatus.SENT
    assert stands.received_at == instant("2026-05-11T00:00:00+02:00")
    [duty] = duties(bank, payer, "execute-transfer")
    assert duty.due_at == instant("2026-05-12T23:59:59.999999+02:00")


def test_funds_that_did_not_come_by_the_last_day_end_it_and_the_customer_is_told(bank: Bank) -> None:
    last = date(2026, 5, 7)
    payer, order = waiting(bank, BRED, Start(StartCondition.FUNDS_AVAILABLE, until_on=last))
    advance(bank, last)
    assert order_of(bank, payer, order).status is OrderStatus.WAITING
    advance(bank, date(2026, 5, 8))
    stands = order_of(bank, payer, order)
    assert (stands.status, stands.received_at) == (OrderStatus.REFUSED, None)
    [duty] = duties(bank, payer, "inform-of-refusal")
    assert duty.clause == "BRED-3.1-16"


@pytest.mark.parametrize("series", [BRED, BNC])
def test_it_is_revocable_as_long_as_it_waits(bank: Bank, series: str) -> None:
    payer, order = waiting(bank, series)
    answer = revoke(bank, payer, order, f"2026-05-20T18:00:00{OFFSET[series]}")
    assert answer.outcome is Outcome.ACCEPTED
    assert order_of(bank, payer, order).status is OrderStatus.REVOKED


@pytest.mark.parametrize(
    ("start", "more", "reason"),
    [
        (Start(StartCondition.FUNDS_AVAILABLE, until_on=date(2026, 5, 4)), {}, "date-past"),
        (Start(StartCondition.FUNDS_AVAILABLE, until_on=date(9999, 1, 1)), {}, "schedule-invalid"),
        (Start(StartCondition.FUNDS_AVAILABLE, days=1), {}, "schedule-invalid"),
        (WHEN_FUNDED, {"agreed_on": date(2026, 5, 8)}, "schedule-invalid"),
        (WHEN_FUNDED, {"repeat": Repeat(Frequency.WEEKLY)}, "schedule-invalid"),
        (Start(StartCondition.END_OF_PERIOD), {}, "schedule-invalid"),
        (Start(StartCondition.END_OF_PERIOD, days=-1), {}, "schedule-invalid"),
        (Start(StartCondition.END_OF_PERIOD, months=10**9), {}, "schedule-invalid"),
        (Start(StartCondition.GIVEN_DAY), {}, "schedule-invalid"),
    ],
)
def test_a_start_that_cannot_be_is_refused(
    bank: Bank, start: Start, more: dict[str, object], reason: str
) -> None:
    payer = open_account(bank, BRED, funds_minor=10_000)
    answer = pay(bank, payer, ELSEWHERE, 100, start=start, **more)  # type: ignore[arg-type]
    refused(answer, reason)


@asserts("BRED-A3-3.1.2-1", "BNC-6.1.3.6-5")
@pytest.mark.parametrize("series", [BRED, BNC])
@pytest.mark.parametrize(
    ("start", "due_on"),
    [
        (Start(StartCondition.END_OF_PERIOD, days=3), date(2026, 5, 8)),
        (Start(StartCondition.END_OF_PERIOD, months=1), date(2026, 6, 5)),
        (Start(StartCondition.END_OF_PERIOD, days=4), date(2026, 5, 11)),  # a Saturday
    ],
)
def test_an_order_starts_when_the_agreed_period_ends(
    bank: Bank, series: str, start: Start, due_on: date
) -> None:
    payer = open_account(bank, series, funds_minor=10_000)
    iban = iban_of(bank, open_account(bank, series))
    order = pay(bank, payer, iban, 1_000, MORNING[series], start=start)
    if series == BNC and due_on == date(2026, 5, 8):
        due_on = date(2026, 5, 11)  # closed in New Caledonia too
    assert order_of(bank, payer, order).due_on == due_on


def test_a_standing_order_may_begin_when_a_period_ends(bank: Bank) -> None:
    payer = open_account(bank, BRED, funds_minor=10_000)
    start = Start(StartCondition.END_OF_PERIOD, months=1)
    order = pay(bank, payer, ELSEWHERE, 1_000, start=start, repeat=Repeat(Frequency.MONTHLY))
    assert fall_due(bank, payer, order, date(2026, 6, 5), "2026-06-05T06:00:00+02:00").outcome is (
        Outcome.ACCEPTED
    )
    assert order_of(bank, payer, order).due_on == date(2026, 7, 6)


def test_an_instant_transfer_waits_for_nothing(bank: Bank) -> None:
    payer = open_account(bank, BRED)
    iban = iban_of(bank, open_account(bank, BRED))
    answer = pay(bank, payer, iban, 100, start=WHEN_FUNDED, service=Service.INSTANT, channel=Channel.MOBILE)
    refused(answer, "instant-not-immediate")
