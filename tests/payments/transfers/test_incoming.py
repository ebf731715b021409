"""Money from other banks: credited at once at the right value, or sent back with its reason."""

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from tests.support.asserts import asserts
from tests.support.bank import ADVISER, BNC, BOOK, BRED, open_account
from tests.support.transfers import ELSEWHERE, balance, duties, iban_of, refused

from teneur.bank import Bank
from teneur.interbank.reasons import ReturnReason
from teneur.kernel.clock import instant
from teneur.kernel.commands import AccountId, Answer, Channel, Outcome, number_of
from teneur.ledger.chart import Role, own_account
from teneur.ledger.facts import Operation, load_operations
from teneur.payments.transfers.commands import ReceiveTransfer
from teneur.payments.transfers.decisions.incoming import reason_told
from teneur.payments.transfers.facts import SQL
from teneur.payments.transfers.messages import RETURN, STATUS, OutgoingReturn, OutgoingStatus
from teneur.payments.transfers.rules.refusal import Reason

MORNING = "2026-05-05T10:00:00+02:00"
STAMP = instant("2026-05-05T10:00:00+02:00")


def receive(
    bank: Bank,
    account: AccountId,
    at: str = MORNING,
    *,
    actor: int = 0,
    channel: Channel = Channel.INTERBANK,
    **changes: Any,
) -> Answer:
    """A transfer of 100.00 euros from another French bank, or as the changes say."""
    ask = ReceiveTransfer(
        **{
            "payee_iban": iban_of(bank, account),
            "payee_name": "Marie Dupont",
            "amount_minor": 10_000,
            "currency": "EUR",
            "payer_name": "Atelier Durand",
            "payer_iban": ELSEWHERE,
            "payer_bic": "AGRIFRPP",
            "end_to_end_id": "E2E-1",
            "transaction_id": "TX-1",
            "message_id": "MSG-1",
            **changes,
        }
    )
    return bank.ask(ask, account, actor=actor, channel=channel, at=instant(at))


def operation(bank: Bank, answer: Answer) -> Operation:
    with bank.read() as connection:
        return load_operations(connection, [(answer.book, answer.position)])[answer.book, answer.position]


def waiting(bank: Bank, message: str, kind: type[msgspec.Struct]) -> list[Any]:
    """The messages of a kind that wait to be sent."""
    with bank.read() as connection:
        rows = connection.execute(
            SQL["waiting_messages"], {"book": BOOK, "message": message, "limit": 100}
        ).fetchall()
    return [msgspec.json.decode(row[3], type=kind) for row in rows]


@asserts("BRED-7.2.3.a-3", "BRED-A3-2.2-1")
def test_a_transfer_received_is_available_at_once_with_the_day_of_the_funds_as_value_date(bank: Bank) -> None:
    account = open_account(bank, BRED)
    answer = receive(bank, account, settled_on=date(2026, 5, 5))
    assert answer.outcome is Outcome.ACCEPTED, answer
    assert bank.account(account).available_minor == 10_000
    [line] = operation(bank, answer).lines
    assert (line.booked_on, line.credit_value_on) == (date(2026, 5, 5), date(2026, 5, 5))
    assert line.debit == own_account(BOOK, Role.CLEARING, "EUR")
    assert {"BRED-7.2.3.a-3", "BRED-A3-2.2-1"} <= set(answer.citations)
    assert bank.decided(answer) == {
        "class": "sepa", "credited_minor": 10_000, "instant": False, "source": "third-party",
    }  # fmt: skip


@asserts("BRED-7.2.3.a-3")
def test_a_message_read_the_day_after_the_funds_came_keeps_their_day_as_value_date(bank: Bank) -> None:
    account = open_account(bank, BRED)
    answer = receive(bank, account, "2026-05-06T00:00:00+02:00", settled_on=date(2026, 5, 5))
    [line] = operation(bank, answer).lines
    assert (line.booked_on, line.credit_value_on) == (date(2026, 5, 6), date(2026, 5, 5))


def test_funds_of_a_day_to_come_are_not_credited_yet(bank: Bank) -> None:
    account = open_account(bank, BRED)
    last_moment = "2026-05-05T23:59:59.999999+02:00"
    refused(receive(bank, account, last_moment, settled_on=date(2026, 5, 6)), "funds-not-received")
    assert balance(bank, account) == 0
    assert waiting(bank, RETURN, OutgoingReturn) == []


@asserts("BRED-A3-2.2-1")
def test_a_transfer_from_the_holder_s_account_elsewhere_is_marked_as_their_own(bank: Bank) -> None:
    account = open_account(bank, BRED)
    answer = receive(bank, account, payer_name="DUPONT MARIE")
    assert bank.decided(answer)["source"] == "own"


@asserts("BNC-6.1.3.4-3", "BNC-5-2")
def test_euros_for_an_account_in_pacific_francs_are_converted_at_the_parity(bank: Bank) -> None:
    account = open_account(bank, BNC)
    answer = receive(bank, account, "2026-05-05T10:00:00+11:00", amount_minor=838)
    assert balance(bank, account) == 1_000
    first, second = operation(bank, answer).lines
    assert (first.amount_minor, second.amount_minor) == (838, 1_000)
    assert first.credit == own_account(BOOK, Role.POSITION, "EUR")
    assert (second.booked_on, second.credit_value_on) == (date(2026, 5, 5), date(2026, 5, 5))
    assert {"BNC-6.1.3.4-3", "BNC-5-2"} <= set(answer.citations)


@asserts("BNC-6.1.3.6-10", "BNC-6.1.3.6-11", "BNC-6.1.3.2-11")
def test_pacific_francs_from_another_bank_of_noumea_are_credited_at_once_without_conversion(
    bank: Bank,
) -> None:
    account = open_account(bank, BNC)
    answer = receive(
        bank, account, "2026-05-05T10:00:00+11:00", amount_minor=1, currency="XPF",
        payer_iban="", payer_bic="BCADNCNN",
    )  # fmt: skip
    assert bank.account(account).available_minor == 1
    assert bank.decided(answer)["class"] == "local"
    [line] = operation(bank, answer).lines
    assert (line.debit, line.booked_on) == (own_account(BOOK, Role.CLEARING, "XPF"), date(2026, 5, 5))
    assert {"BNC-6.1.3.6-10", "BNC-6.1.3.6-11", "BNC-6.1.3.2-11"} <= set(answer.citations)


@asserts("BNC-6.1.3.3-4")
def test_an_international_transfer_in_the_account_s_currency_is_credited_as_it_is(bank: Bank) -> None:
    account = open_account(bank, BNC)
    answer = receive(
        bank, account, "2026-05-05T10:00:00+11:00", amount_minor=5_000, currency="XPF",
        payer_iban="", payer_bic="BOFAUS3N",
    )  # fmt: skip
    assert balance(bank, account) == 5_000
    assert bank.decided(answer)["class"] == "international"
    assert operation(bank, answer).lines[0].debit == own_account(BOOK, Role.NOSTRO, "XPF")
    assert "BNC-6.1.3.3-4" in answer.citations


def test_a_currency_that_the_book_does_not_keep_is_sent_back(bank: Bank) -> None:
    account = open_account(bank, BRED)
    refused(receive(bank, account, currency="USD"), "currency-not-offered")
    [back] = waiting(bank, RETURN, OutgoingReturn)
    assert (back.amount_minor, back.currency, back.reason) == (10_000, "USD", "MS03")


def test_an_iban_of_nobody_is_sent_back_as_wrong_and_nothing_is_booked(bank: Bank) -> None:
    open_account(bank, BRED)
    clearing = own_account(BOOK, Role.CLEARING, "EUR")
    answer = receive(bank, clearing, payee_iban=ELSEWHERE)
    refused(answer, "iban-invalid")
    assert balance(bank, clearing) == 0
    [back] = waiting(bank, RETURN, OutgoingReturn)
    assert (back.reason, back.amount_minor, back.currency) == ("AC01", 10_000, "EUR")
    assert (back.original_message_id, back.original_transaction_id) == ("MSG-1", "TX-1")
    assert back.payer_bic == "AGRIFRPP"


def test_a_message_whose_subject_is_not_the_payee_credits_nobody(bank: Bank) -> None:
    payee, other = open_account(bank, BRED), open_account(bank, BRED)
    refused(receive(bank, other, payee_iban=iban_of(bank, payee)), "subject-is-not-the-payee")
    assert (balance(bank, payee), balance(bank, other)) == (0, 0)


@pytest.mark.parametrize(
    ("actor", "channel"), [(0, Channel.SYSTEM), (1, Channel.REMOTE), (ADVISER, Channel.BRANCH)]
)
def test_only_a_message_of_a_bank_brings_money(bank: Bank, actor: int, channel: Channel) -> None:
    account = open_account(bank, BRED)
    refused(receive(bank, account, actor=actor, channel=channel), "not-authorised")
    assert balance(bank, account) == 0


@pytest.mark.parametrize("amount", [0, -1])
def test_an_amount_that_is_none_is_refused_without_a_return(bank: Bank, amount: int) -> None:
    account = open_account(bank, BRED)
    refused(receive(bank, account, amount_minor=amount), "amount-invalid")
    assert waiting(bank, RETURN, OutgoingReturn) == []


@asserts("BRED-A3-3.2.3-3", "BRED-A3-2.2-1")
def test_an_instant_transfer_is_available_at_once_and_confirmed(bank: Bank) -> None:
    account = open_account(bank, BRED)
    sunday_night = "2026-05-10T23:59:59+02:00"
    answer = receive(bank, account, sunday_night, instant=True, stamped_at=instant(sunday_night))
    assert bank.account(account).available_minor == 10_000
    [line] = operation(bank, answer).lines
    assert line.debit == own_account(BOOK, Role.CLEARING_INSTANT, "EUR")
    assert (line.booked_on, line.credit_value_on) == (date(2026, 5, 10), date(2026, 5, 10))
    assert bank.decided(answer)["instant"] is True
    [status] = waiting(bank, STATUS, OutgoingStatus)
    assert (status.accepted, status.reason, status.original_transaction_id) == (True, "", "TX-1")
    assert "BRED-A3-3.2.3-3" in answer.citations


@asserts("BRED-A3-3.2.3-4")
def test_an_instant_transfer_is_taken_25_seconds_after_its_stamp_and_rejected_a_microsecond_later(
    bank: Bank,
) -> None:
    account = open_account(bank, BRED)
    in_time = (STAMP + timedelta(seconds=25)).isoformat()
    late = (STAMP + timedelta(seconds=25, microseconds=1)).isoformat()
    assert receive(bank, account, in_time, instant=True, stamped_at=STAMP).outcome is Outcome.ACCEPTED
    answer = refused(
        receive(bank, account, late, instant=True, stamped_at=STAMP, transaction_id="TX-2"), "instant-expired"
    )
    assert "BRED-A3-3.2.3-4" in answer.citations
    assert balance(bank, account) == 10_000
    statuses = waiting(bank, STATUS, OutgoingStatus)
    assert [(s.accepted, s.reason) for s in statuses] == [(True, ""), (False, "AB05")]
    assert waiting(bank, RETURN, OutgoingReturn) == []


def test_an_instant_transfer_without_a_stamp_is_rejected(bank: Bank) -> None:
    account = open_account(bank, BRED)
    refused(receive(bank, account, instant=True), "missing-field")


def test_a_bank_that_offers_no_instant_transfers_rejects_them(bank: Bank) -> None:
    account = open_account(bank, BNC)
    refused(receive(bank, account, instant=True, stamped_at=STAMP), "service-not-offered")
    [status] = waiting(bank, STATUS, OutgoingStatus)
    assert (status.accepted, status.reason) == (False, "ERIN")


def test_the_other_bank_is_not_told_how_an_account_stands() -> None:
    assert reason_told(Reason.ACCOUNT_UNAVAILABLE, instantly=True) == "MS03"
    assert reason_told(Reason.ACCOUNT_UNAVAILABLE, instantly=False) == "MS03"
    assert reason_told(Reason.IBAN_INVALID, instantly=False) == "AC01"
    assert {reason_told(reason, instantly=False) for reason in Reason} <= {str(r) for r in ReturnReason}


def test_what_is_received_opens_no_duty(bank: Bank) -> None:
    account = open_account(bank, BRED)
    receive(bank, account)
    assert [o.kind for o in duties(bank, account)] == ["deliver-rib", "deliver-tariff"]
    assert number_of(account) >= 1_000_000
