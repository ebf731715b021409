"""An order refused, corrected and given again; standing orders withdrawn late; what goes on to the payee."""

from datetime import date

import msgspec
import pytest
from tests.payments.transfers.test_later import revoke
from tests.support.asserts import asserts
from tests.support.bank import BNC, BRED, open_account, pay_in
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

from teneur.bank import Bank
from teneur.kernel.clock import instant
from teneur.kernel.commands import Outcome, book_of
from teneur.payments.transfers.commands import PayeeCheck, Repeat
from teneur.payments.transfers.facts import SQL, OrderStatus
from teneur.payments.transfers.messages import CREDIT_TRANSFER, OutgoingTransfer
from teneur.payments.transfers.rules.standing import Frequency


@asserts("BRED-3.1-17", "BNC-6.2.1-4")
@pytest.mark.parametrize(
    ("series", "first", "again", "clause"),
    [
        (BRED, PARIS_MORNING, "2026-05-06T11:00:00+02:00", "BRED-3.1-17"),
        (BNC, NOUMEA_MORNING, "2026-05-06T11:00:00+11:00", "BNC-6.2.1-4"),
    ],
)
def test_a_refused_order_given_again_is_received_when_it_comes_again(
    bank: Bank, series: str, first: str, again: str, clause: str
) -> None:
    payer = open_account(bank, series, funds_minor=1_000)
    iban = iban_of(bank, open_account(bank, series))
    wrong = pay(bank, payer, iban, 1_001, first)
    refused(wrong, "insufficient-funds")
    assert not duties(bank, payer, "execute-transfer")
    right = pay(bank, payer, iban, 1_000, again, corrects=wrong.position)
    assert right.outcome is Outcome.ACCEPTED
    assert clause in right.citations
    assert balance(bank, payer) == 0


@asserts("BRED-3.1-17", "BNC-6.2.1-4")
@pytest.mark.parametrize(("series", "offset"), [(BRED, "+02:00"), (BNC, "+11:00")])
def test_an_order_refused_when_due_is_not_received_and_no_delay_runs(
    bank: Bank, series: str, offset: str
) -> None:
    payer = open_account(bank, series)
    iban = iban_of(bank, open_account(bank, series))
    day = date(2026, 5, 7)
    order = pay(bank, payer, iban, 1_000, f"2026-05-05T10:00:00{offset}", agreed_on=day)
    assert order_of(bank, payer, order).received_at is not None
    refused(fall_due(bank, payer, order, day, f"{day}T06:00:00{offset}"), "insufficient-funds")
    stands = order_of(bank, payer, order)
    assert (stands.status, stands.received_at, stands.execute_by) == (OrderStatus.REFUSED, None, None)
    pay_in(bank, payer, 1_000, instant(f"{day}T09:00:00{offset}"))
    again = pay(bank, payer, iban, 1_000, f"{day}T10:00:00{offset}", corrects=order.position)
    assert (again.outcome, balance(bank, payer)) == (Outcome.ACCEPTED, 0)


def test_an_order_that_was_not_refused_cannot_be_corrected(bank: Bank) -> None:
    payer = open_account(bank, BRED, funds_minor=10_000)
    other = open_account(bank, BRED, funds_minor=10_000)
    iban = iban_of(bank, other)
    done = pay(bank, payer, iban, 1_000)
    again = pay(bank, payer, iban, 1_000, corrects=done.position)
    refused(again, "order-stands")
    assert "BRED-3.1-17" in again.citations
    of_another = pay(bank, other, ELSEWHERE, 99_999)
    refused(pay(bank, payer, iban, 1_000, corrects=of_another.position), "unknown-order")
    for unknown in (-1, 10**6, 2**53 - 1):
        refused(pay(bank, payer, iban, 1_000, corrects=unknown), "unknown-order")
    assert balance(bank, payer) == 9_000


WEEKLY = Repeat(frequency=Frequency.WEEKLY)
IMMINENT, NEXT = date(2026, 5, 12), date(2026, 5, 19)  # Tuesdays


@asserts("BNC-6.1.3.5-6")
def test_withdrawn_too_late_for_the_next_occurrence_that_one_goes_and_no_other(bank: Bank) -> None:
    payer = open_account(bank, BNC, funds_minor=10_000)
    iban = iban_of(bank, open_account(bank, BNC))
    order = pay(bank, payer, iban, 1_000, NOUMEA_MORNING, agreed_on=IMMINENT, repeat=WEEKLY)
    answer = revoke(bank, payer, order, f"{IMMINENT}T00:00:00+11:00")
    assert answer.outcome is Outcome.ACCEPTED
    assert "BNC-6.1.3.5-6" in answer.citations
    assert bank.decided(answer)["still_due"] == [IMMINENT.isoformat()]
    refused(revoke(bank, payer, order, f"{IMMINENT}T00:00:01+11:00"), "revocation-late")
    one = revoke(bank, payer, order, f"{IMMINENT}T00:00:01+11:00", days=(NEXT,))
    refused(one, "unknown-occurrence")
    done = fall_due(bank, payer, order, IMMINENT, f"{IMMINENT}T06:00:00+11:00")
    assert done.outcome is Outcome.ACCEPTED
    assert (order_of(bank, payer, order).status, balance(bank, payer)) == (OrderStatus.DONE, 9_000)
    refused(fall_due(bank, payer, order, NEXT, f"{NEXT}T06:00:00+11:00"), "not-due")


@asserts("BRED-A3-2.3-8", "BNC-6.1.3.5-6")
@pytest.mark.parametrize(
    ("series", "offset", "clause"), [(BRED, "+02:00", "BRED-A3-2.3-8"), (BNC, "+11:00", "BNC-6.1.3.5-6")]
)
def test_withdrawn_in_time_no_occurrence_comes(bank: Bank, series: str, offset: str, clause: str) -> None:
    payer = open_account(bank, series, funds_minor=10_000)
    iban = iban_of(bank, open_account(bank, series))
    order = pay(bank, payer, iban, 1_000, f"2026-05-05T10:00:00{offset}", agreed_on=IMMINENT, repeat=WEEKLY)
    answer = revoke(bank, payer, order, f"2026-05-11T23:59:59.999999{offset}")
    assert (answer.outcome, clause in answer.citations) == (Outcome.ACCEPTED, True)
    assert bank.decided(answer) == {"price_minor": 0, "revoked": order.position}
    assert order_of(bank, payer, order).status is OrderStatus.REVOKED
    refused(fall_due(bank, payer, order, IMMINENT, f"{IMMINENT}T06:00:00{offset}"), "not-due")


@asserts("BRED-A3-2.3-7")
def test_late_at_the_other_bank_the_imminent_occurrence_is_cancelled_too(bank: Bank) -> None:
    payer = open_account(bank, BRED, funds_minor=10_000)
    order = pay(bank, payer, ELSEWHERE, 1_000, agreed_on=IMMINENT, repeat=WEEKLY)
    answer = revoke(bank, payer, order, f"{IMMINENT}T00:00:00+02:00")
    assert (answer.outcome, answer.citations) == (Outcome.ACCEPTED, ("BRED-A3-2.3-7",))
    assert order_of(bank, payer, order).status is OrderStatus.REVOKED


@asserts("BNC-6.1.3.5-6")
def test_too_late_for_the_last_occurrence_nothing_is_left_to_withdraw(bank: Bank) -> None:
    payer = open_account(bank, BNC, funds_minor=10_000)
    iban = iban_of(bank, open_account(bank, BNC))
    once = Repeat(frequency=Frequency.WEEKLY, occurrences=1)
    order = pay(bank, payer, iban, 1_000, NOUMEA_MORNING, agreed_on=IMMINENT, repeat=once)
    refused(revoke(bank, payer, order, f"{IMMINENT}T00:00:00+11:00"), "revocation-late")


@asserts("BRED-3.1-7", "BNC-6.1.3.1-21")
@pytest.mark.parametrize(
    ("series", "at", "debited"), [(BRED, PARIS_MORNING, 2_500), (BNC, NOUMEA_MORNING, 2_983)]
)
def test_the_whole_amount_goes_on_to_the_payees_bank(bank: Bank, series: str, at: str, debited: int) -> None:
    payer = open_account(bank, series, funds_minor=10_000)
    answer = pay(bank, payer, ELSEWHERE, 2_500, at, currency="EUR", risk_accepted=series == BNC)
    assert answer.outcome is Outcome.ACCEPTED, answer
    assert balance(bank, payer) == 10_000 - debited
    parameters = {"book": book_of(payer), "message": CREDIT_TRANSFER, "limit": 10}
    with bank.read() as connection:
        [(*_, body)] = connection.execute(SQL["waiting_messages"], parameters).fetchall()
    assert msgspec.json.decode(body, type=OutgoingTransfer).amount_minor == 2_500


@asserts("BNC-6.1.3.1-9")
@pytest.mark.parametrize("outcome", ["match", "close-match", "no-match", "not-available"])
def test_no_answer_about_the_payees_name_refuses_an_order(bank: Bank, outcome: str) -> None:
    payer = open_account(bank, BNC, funds_minor=10_000)
    iban = iban_of(bank, open_account(bank, BNC))
    answer = pay(bank, payer, iban, 1_000, NOUMEA_MORNING, check=PayeeCheck(outcome, "shown"))
    assert answer.outcome is Outcome.ACCEPTED
