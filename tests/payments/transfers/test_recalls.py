"""Recalls: ours wait for an answer; those of other banks are debited for three grounds, once."""

from datetime import date
from typing import Any

import pytest
from tests.payments.transfers.test_incoming import receive, waiting
from tests.payments.transfers.test_returns import give_back
from tests.support.asserts import asserts
from tests.support.bank import BACK_OFFICE, BNC, BOOK, BRED, open_account
from tests.support.transfers import ELSEWHERE, ask_at, balance, duties, iban_of, order_of, pay, refused

from teneur.agreements.terms.transfers import ReversalGround
from teneur.bank import Bank
from teneur.kernel.clock import instant
from teneur.kernel.commands import AccountId, Answer, Channel, Outcome
from teneur.ledger.chart import Role, own_account
from teneur.payments.transfers.commands import ReceiveRecall, ReceiveRecallAnswer, RequestRecall
from teneur.payments.transfers.decisions.returns import ground_of_recall
from teneur.payments.transfers.facts import OrderStatus
from teneur.payments.transfers.messages import (
    RECALL,
    RECALL_ANSWER,
    RETURN,
    OutgoingRecall,
    OutgoingRecallAnswer,
    OutgoingReturn,
)

NEXT_DAY = "2026-05-06T09:00:00+02:00"
NOUMEA = "2026-05-06T09:00:00+11:00"


def ask_back(bank: Bank, account: AccountId, credited: Answer, at: str = NEXT_DAY, **changes: Any) -> Answer:
    """The other bank recalls a transfer of 100.00 euros: an error of its own, or as the changes say."""
    ask = ReceiveRecall(
        **{
            "operation": credited.position,
            "amount_minor": 10_000,
            "currency": "EUR",
            "ground": ReversalGround.PAYER_BANK_ERROR,
            "reason": "TECH",
            "case_id": "CASE-1",
            "original_message_id": "MSG-1",
            "original_transaction_id": "TX-1",
            "payer_bic": "AGRIFRPP",
            **changes,
        }
    )
    return ask_at(bank, ask, account, at, channel=Channel.INTERBANK)


def told(bank: Bank) -> list[str]:
    return [answer.reason for answer in waiting(bank, RECALL_ANSWER, OutgoingRecallAnswer)]


@asserts("BRED-A3-2.2-2")
@pytest.mark.parametrize("ground", list(ReversalGround))
def test_a_transfer_received_in_error_is_taken_back_for_each_of_the_three_grounds(
    bank: Bank, ground: ReversalGround
) -> None:
    account = open_account(bank, BRED)
    answer = ask_back(bank, account, receive(bank, account), ground=ground)
    assert answer.outcome is Outcome.ACCEPTED, answer
    assert balance(bank, account) == 0
    assert balance(bank, own_account(BOOK, Role.CLEARING, "EUR")) == 0
    [back] = waiting(bank, RETURN, OutgoingReturn)
    assert (back.amount_minor, back.reason, back.case_id) == (10_000, "FOCR", "CASE-1")
    assert (back.original_transaction_id, back.instant) == ("TX-1", False)
    assert "BRED-A3-2.2-2" in answer.citations
    assert told(bank) == []


@asserts("BRED-A3-2.2-2")
def test_a_recall_for_any_other_ground_is_refused_and_the_money_stays(bank: Bank) -> None:
    account = open_account(bank, BRED)
    credited = receive(bank, account)
    answer = refused(ask_back(bank, account, credited, ground=None, reason="CUST"), "reversal-ground")
    assert "BRED-A3-2.2-2" in answer.citations
    assert balance(bank, account) == 10_000
    assert told(bank) == ["CUST"]
    assert waiting(bank, RETURN, OutgoingReturn) == []


@asserts("BNC-6.1.3.2-12")
def test_a_local_transfer_received_in_error_is_taken_back_or_kept(bank: Bank) -> None:
    account = open_account(bank, BNC)
    local: dict[str, Any] = {"currency": "XPF", "payer_iban": "", "payer_bic": "BCADNCNN"}
    credited = receive(bank, account, NOUMEA, **local)
    kept = refused(ask_back(bank, account, credited, NOUMEA, currency="XPF", ground=None), "reversal-ground")
    assert "BNC-6.1.3.2-12" in kept.citations
    assert balance(bank, account) == 10_000
    answer = ask_back(
        bank, account, credited, NOUMEA, currency="XPF", ground=ReversalGround.PROVEN_FRAUD, reason="FRAD"
    )
    assert answer.outcome is Outcome.ACCEPTED
    assert balance(bank, account) == 0
    assert "BNC-6.1.3.2-12" in answer.citations


@asserts("BRED-A3-2.2-2", "BNC-6.1.3.2-12")
def test_which_ground_a_reason_of_a_recall_claims() -> None:
    error = ReversalGround.PAYER_BANK_ERROR
    assert [ground_of_recall(r, justified=False) for r in ("TECH", "DUPL", "FRAD")] == [
        error, error, ReversalGround.PROVEN_FRAUD,
    ]  # fmt: skip
    for asked_by_payer in ("CUST", "AC03", "AM09"):
        assert ground_of_recall(asked_by_payer, justified=False) is None
        assert ground_of_recall(asked_by_payer, justified=True) is ReversalGround.PAYER_ERROR_JUSTIFIED
    assert ground_of_recall("NARR", justified=True) is None


def test_a_recall_comes_once(bank: Bank) -> None:
    account = open_account(bank, BRED, funds_minor=50_000)
    credited = receive(bank, account)
    ask_back(bank, account, credited)
    refused(ask_back(bank, account, credited), "already-reversed")
    assert balance(bank, account) == 50_000
    assert told(bank) == ["ARDT"]


def test_a_recall_of_money_that_is_spent_is_refused_without_saying_so(bank: Bank) -> None:
    payer, other = open_account(bank, BRED), open_account(bank, BRED)
    credited = receive(bank, payer)
    pay(bank, payer, iban_of(bank, other), 1, at="2026-05-05T11:00:00+02:00")
    refused(ask_back(bank, payer, credited), "insufficient-funds")
    assert balance(bank, payer) == 9_999
    assert told(bank) == ["MS03"]


@pytest.mark.parametrize(("amount", "currency"), [(9_999, "EUR"), (10_001, "EUR"), (10_000, "XPF")])
def test_a_recall_of_another_amount_is_refused(bank: Bank, amount: int, currency: str) -> None:
    account = open_account(bank, BRED)
    credited = receive(bank, account)
    answer = ask_back(bank, account, credited, amount_minor=amount, currency=currency)
    refused(answer, "amount-does-not-fit")
    assert balance(bank, account) == 10_000


def test_a_recall_of_what_never_came_is_answered_as_not_received(bank: Bank) -> None:
    account = open_account(bank, BRED, funds_minor=50_000)
    unknown = Answer(Outcome.ACCEPTED, "", (), BOOK, 0)
    refused(ask_back(bank, account, unknown), "unknown-operation")
    refused(ask_back(bank, own_account(BOOK, Role.CLEARING, "EUR"), unknown), "unknown-operation")
    assert told(bank) == ["NOOR", "NOOR"]


def test_cash_and_the_money_of_others_cannot_be_recalled(bank: Bank) -> None:
    account, other = open_account(bank, BRED, funds_minor=10_000), open_account(bank, BRED)
    credited = receive(bank, other)
    first_cash = Answer(Outcome.ACCEPTED, "", (), BOOK, credited.position - 2)
    refused(ask_back(bank, account, first_cash), "unknown-operation")
    refused(ask_back(bank, account, credited), "unknown-operation")
    assert (balance(bank, account), balance(bank, other)) == (10_000, 10_000)


def test_converted_money_is_taken_back_as_it_was_credited(bank: Bank) -> None:
    account = open_account(bank, BNC)
    credited = receive(bank, account, NOUMEA, amount_minor=838)
    ask_back(bank, account, credited, NOUMEA, amount_minor=838)
    assert balance(bank, account) == 0
    assert balance(bank, own_account(BOOK, Role.POSITION, "XPF")) == 0
    assert balance(bank, own_account(BOOK, Role.CLEARING, "EUR")) == 0


def recall(
    bank: Bank,
    account: AccountId,
    sent: Answer,
    at: str = NEXT_DAY,
    reason: str = "DUPL",
    actor: int = BACK_OFFICE,
) -> Answer:
    ask = RequestRecall(transfer=sent.position, reason=reason, note="paid twice")
    return ask_at(bank, ask, account, at, actor=actor, channel=Channel.BRANCH)


def test_a_recall_of_ours_waits_for_an_answer_within_15_banking_business_days(bank: Bank) -> None:
    account = open_account(bank, BRED, funds_minor=100_000)
    sent = pay(bank, account, ELSEWHERE, 12_345)
    assert recall(bank, account, sent).outcome is Outcome.ACCEPTED
    assert order_of(bank, account, sent).status is OrderStatus.RECALL_ASKED
    [message] = waiting(bank, RECALL, OutgoingRecall)
    assert (message.transfer, message.amount_minor, message.reason) == (sent.position, 12_345, "DUPL")
    assert (message.settled_on, message.asked_by_payer) == (date(2026, 5, 5), False)
    [owed] = duties(bank, account, "answer-recall")
    assert owed.due_at == instant("2026-05-27T23:59:59.999999+02:00")  # TARGET is open on French holidays
    assert owed.debtor == "payee-bank"
    refused(recall(bank, account, sent), "recall-pending")


def test_a_refused_recall_leaves_the_transfer_done_with_the_reason(bank: Bank) -> None:
    account = open_account(bank, BRED, funds_minor=100_000)
    sent = pay(bank, account, ELSEWHERE, 12_345)
    recall(bank, account, sent)
    ask = ReceiveRecallAnswer(transfer=sent.position, reason="LEGL")
    answer = ask_at(bank, ask, account, "2026-05-07T09:00:00+02:00", channel=Channel.INTERBANK)
    assert answer.outcome is Outcome.ACCEPTED
    order = order_of(bank, account, sent)
    assert (order.status, order.reason) == (OrderStatus.DONE, "LEGL")
    assert balance(bank, account) == 87_655
    [owed] = duties(bank, account, "answer-recall")
    assert owed.discharged_by == "recall refused: LEGL"
    again = ask_at(bank, ask, account, "2026-05-07T09:00:01+02:00", channel=Channel.INTERBANK)
    refused(again, "no-recall-pending")


def test_a_recall_that_is_granted_comes_as_a_return(bank: Bank) -> None:
    account = open_account(bank, BRED, funds_minor=100_000)
    sent = pay(bank, account, ELSEWHERE, 12_345)
    recall(bank, account, sent)
    give_back(bank, account, sent.position, 12_345, reason="FOCR")
    assert balance(bank, account) == 100_000
    [owed] = duties(bank, account, "answer-recall")
    assert owed.discharged_by == "returned: FOCR"


def test_a_recall_for_our_own_error_is_in_time_for_10_banking_business_days(bank: Bank) -> None:
    account = open_account(bank, BRED, funds_minor=100_000)
    sent = pay(bank, account, ELSEWHERE, 12_345)  # on Tuesday 5 May 2026
    refused(recall(bank, account, sent, "2026-05-20T00:00:00+02:00"), "recall-late")
    assert recall(bank, account, sent, "2026-05-19T23:59:59+02:00").outcome is Outcome.ACCEPTED


def test_fraud_may_be_recalled_for_13_months(bank: Bank) -> None:
    account = open_account(bank, BRED, funds_minor=100_000)
    sent = pay(bank, account, ELSEWHERE, 12_345)
    refused(recall(bank, account, sent, "2027-06-06T00:00:00+02:00", "FRAD"), "recall-late")
    assert recall(bank, account, sent, "2027-06-05T23:59:59+02:00", "FRAD").outcome is Outcome.ACCEPTED


def test_the_payer_may_ask_for_a_recall_but_not_in_the_bank_s_name(bank: Bank) -> None:
    account = open_account(bank, BRED, funds_minor=100_000)
    sent = pay(bank, account, ELSEWHERE, 12_345)
    holder = bank.account(account).holders[0]
    stranger = bank.account(open_account(bank, BRED)).holders[0]
    refused(recall(bank, account, sent, reason="FRAD", actor=holder), "not-authorised")
    refused(recall(bank, account, sent, reason="CUST", actor=stranger), "not-authorised")
    refused(recall(bank, account, sent, reason="ZZZZ"), "unknown-reason")
    assert recall(bank, account, sent, reason="CUST", actor=holder).outcome is Outcome.ACCEPTED
    [message] = waiting(bank, RECALL, OutgoingRecall)
    assert message.asked_by_payer


# ---------------------------------------------------------------- time limits of other banks' recalls


TEN_DAYS = ("2026-05-19T23:59:59.999999+02:00", "2026-05-20T00:00:00+02:00")  # last in time, first late
THIRTEEN_MONTHS = ("2027-06-05T23:59:59.999999+02:00", "2027-06-06T00:00:00+02:00")


@pytest.mark.parametrize(
    ("reason", "ground", "limit"),
    [
        ("DUPL", ReversalGround.PAYER_BANK_ERROR, TEN_DAYS),  # TARGET settles on Ascension Day
        ("TECH", ReversalGround.PAYER_BANK_ERROR, TEN_DAYS),
        ("FRAD", ReversalGround.PROVEN_FRAUD, THIRTEEN_MONTHS),
        ("CUST", ReversalGround.PAYER_ERROR_JUSTIFIED, THIRTEEN_MONTHS),
    ],
)
def test_a_recall_of_another_bank_is_in_time_until_the_last_moment_of_the_scheme_s_limit(
    bank: Bank, reason: str, ground: ReversalGround, limit: tuple[str, str]
) -> None:
    last, late = limit
    account = open_account(bank, BRED)
    credited = receive(bank, account, settled_on=date(2026, 5, 5))
    refused(ask_back(bank, account, credited, late, reason=reason, ground=ground), "recall-late")
    assert balance(bank, account) == 10_000
    [answer] = waiting(bank, RECALL_ANSWER, OutgoingRecallAnswer)
    assert (answer.reason, answer.case_id) == ("LEGL", "CASE-1")
    assert "EPC125-05" in answer.words
    assert ask_back(bank, account, credited, last, reason=reason, ground=ground).outcome is Outcome.ACCEPTED
    assert balance(bank, account) == 0


def test_the_limit_counts_from_the_day_of_the_money_not_from_the_day_it_was_booked(bank: Bank) -> None:
    account = open_account(bank, BRED)
    credited = receive(bank, account, "2026-05-07T10:00:00+02:00", settled_on=date(2026, 5, 5))
    refused(ask_back(bank, account, credited, "2026-05-20T00:00:00+02:00"), "recall-late")


def test_a_recall_written_in_time_is_not_late_because_we_read_it_late(bank: Bank) -> None:
    account = open_account(bank, BRED)
    credited = receive(bank, account, settled_on=date(2026, 5, 5))
    written = instant("2026-05-19T23:59:00+02:00")
    read = "2026-05-20T07:00:00+02:00"
    assert ask_back(bank, account, credited, read, asked_at=written).outcome is Outcome.ACCEPTED


def test_a_recall_dated_in_the_future_counts_from_when_it_is_read(bank: Bank) -> None:
    account = open_account(bank, BRED)
    credited = receive(bank, account, settled_on=date(2026, 5, 5))
    written = instant("2026-12-31T00:00:00+01:00")
    answer = ask_back(bank, account, credited, asked_at=written)
    assert answer.outcome is Outcome.ACCEPTED


def test_the_limit_ends_with_the_day_of_the_account_s_own_zone(bank: Bank) -> None:
    account = open_account(bank, BNC)
    local: dict[str, Any] = {"currency": "XPF", "payer_iban": "", "payer_bic": "BCADNCNN"}
    credited = receive(bank, account, "2026-05-05T10:00:00+11:00", settled_on=date(2026, 5, 5), **local)
    late, last = "2026-05-20T00:00:00+11:00", "2026-05-19T23:59:59+11:00"
    refused(ask_back(bank, account, credited, late, currency="XPF"), "recall-late")
    assert ask_back(bank, account, credited, last, currency="XPF").outcome is Outcome.ACCEPTED


def test_a_recall_is_a_duty_to_answer_that_the_answer_discharges(bank: Bank) -> None:
    account = open_account(bank, BRED)
    credited = receive(bank, account, settled_on=date(2026, 5, 5))
    late = "2026-05-20T09:00:00+02:00"
    ask_back(bank, account, credited, late)
    ask_back(bank, account, credited, late, reason="FRAD", ground=ReversalGround.PROVEN_FRAUD, case_id="C-2")
    first, second = duties(bank, account, "answer-recall")
    assert (first.discharged_by, second.discharged_by) == ("answered: LEGL", "answered: FOCR")
    assert first.debtor == second.debtor == "bank"
    assert first.due_at == instant("2026-06-10T23:59:59.999999+02:00")  # 15 TARGET days later
    assert first.discharged_at == instant(late)


def test_a_recall_of_ours_refused_as_late_says_until_when_it_could_be_asked(bank: Bank) -> None:
    account = open_account(bank, BRED, funds_minor=100_000)
    sent = pay(bank, account, ELSEWHERE, 12_345)
    answer = refused(recall(bank, account, sent, "2026-05-20T00:00:00+02:00"), "recall-late")
    assert bank.decided(answer)["recall_until"] == "2026-05-19"
    assert waiting(bank, RECALL, OutgoingRecall) == []
    assert duties(bank, account, "answer-recall") == []


def test_what_the_payer_asks_is_in_time_for_13_months(bank: Bank) -> None:
    account = open_account(bank, BRED, funds_minor=100_000)
    sent = pay(bank, account, ELSEWHERE, 12_345)
    refused(recall(bank, account, sent, "2027-06-06T00:00:00+02:00", "AM09"), "recall-late")
    assert recall(bank, account, sent, "2027-06-05T23:59:59+02:00", "AM09").outcome is Outcome.ACCEPTED


@pytest.mark.parametrize("series", [BRED, BNC])
def test_the_limits_of_recalls_are_our_defaults_and_name_their_source(bank: Bank, series: str) -> None:
    terms = next(a for a in bank.agreements if a.edition.series == series).transfers.recalls
    values = {
        terms.bank_error_business_days: 10,
        terms.fraud_months: 13,
        terms.payer_request_months: 13,
        terms.answer_business_days: 15,
    }
    for parameter, value in values.items():
        assert (parameter.value, str(parameter.source)) == (value, "default")
        assert "EPC125-05" in parameter.note
