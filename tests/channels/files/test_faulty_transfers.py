"""Transfers of other banks that are faulty, or break their scheme's rules: refused alone, their money sent
back."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.channels.files.making import (
    INSTANT,
    TUESDAY,
    only_file,
    outcomes,
    recall_of,
    take,
    their_transfer,
    transfers_of,
)
from tests.interbank.schemas import assert_valid
from tests.support.bank import BNC, BOOK, BRED, open_account, open_bank
from tests.support.transfers import balance, iban_of

from teneur.bank import Bank
from teneur.channels.explain import explain
from teneur.channels.files.exporting import export_messages
from teneur.interbank import camt029, pacs002, pacs004
from teneur.interbank.answers import (
    InterbankStatusReport,
    PaymentReturn,
    PaymentReturns,
    RecallAnswers,
    TransactionStatus,
)
from teneur.interbank.messages import Address, Agent, Coded, Party, PaymentType, Remittance
from teneur.interbank.xml import Limits
from teneur.kernel.clock import instant
from teneur.kernel.commands import AccountId
from teneur.ledger.account import load_accounts
from teneur.ledger.chart import Role, own_account
from teneur.ledger.facts import Line, load_operations
from teneur.storage.database import Dsn

WEDNESDAY = "2026-05-06T10:00:00+02:00"
CLEARING = own_account(BOOK, Role.CLEARING, "EUR")
SUSPENSE = own_account(BOOK, Role.SUSPENSE, "EUR")


@pytest.fixture
def bank(database: Dsn) -> Iterator[Bank]:
    with open_bank(database) as opened:
        yield opened


def without_account(document: bytes, nth: int = 1) -> bytes:
    """The message, the payee's account taken out of its nth transfer: schema-valid, and nobody to credit."""
    start = -1
    for _ in range(nth):
        start = document.index(b"<CdtrAcct>", start + 1)
    end = document.index(b"</CdtrAcct>", start) + len(b"</CdtrAcct>")
    return document[:start] + document[end:]


def returned(bank: Bank, folder: Path, at: str = TUESDAY) -> list[PaymentReturn]:
    """The returns that the export writes."""
    found: list[PaymentReturn] = []
    for path in export_messages(bank, BOOK, "pacs.004", folder, at=instant(at)):
        assert_valid("pacs.004.001.09", path.read_bytes())
        message = pacs004.read(path.read_bytes())
        assert isinstance(message, PaymentReturns)
        found += [r for r in message.returns if isinstance(r, PaymentReturn)]
    return found


def reason_of(back: PaymentReturn | TransactionStatus) -> str:
    [reason] = back.reasons
    assert reason.reason is not None
    return reason.reason.code


def lines(bank: Bank, operation: tuple[int, int] | None) -> tuple[Line, ...]:
    assert operation is not None
    with bank.read() as connection:
        return load_operations(connection, [operation])[operation].lines


def moves(bank: Bank, account: AccountId) -> int:
    """How many entries name the account."""
    with bank.read() as connection:
        return load_accounts(connection, [account])[account].sequence


def test_a_faulty_transfer_goes_back_and_the_others_are_credited(bank: Bank, tmp_path: Path) -> None:
    account = open_account(bank, BRED)
    iban = iban_of(bank, account)
    good, bad = (
        their_transfer(iban),
        their_transfer(iban, "70.00", transaction_id="TX-2", end_to_end_id="E-2"),
    )
    report = take(bank, without_account(transfers_of(good, bad), 2))
    assert outcomes(report) == [("ACSC", ""), ("RJCT", "AC03")]
    assert "le compte du bénéficiaire manque" in report.results[1].text[0]
    assert (report.accepted, report.refused) == (1, 1)
    assert balance(bank, account) == 10_000
    [back] = returned(bank, tmp_path)
    assert (back.returned.amount_minor, back.ids.transaction_id, back.ids.end_to_end_id) == (
        7_000,
        "TX-2",
        "E-2",
    )
    assert back.group is not None
    assert (back.group.message_id, reason_of(back)) == ("MSG-1", "AC03")
    assert back.settlement_on == date(2026, 5, 5)
    assert back.original is not None
    assert back.original.debtor_agent == Agent(bic="AGRIFRPPXXX")


def test_the_books_show_faulty_money_as_looked_into_and_as_gone_again(bank: Bank) -> None:
    open_account(bank, BRED)
    transfer = their_transfer("FR7630006000011234567890189", settlement_on=date(2026, 5, 4))
    report = take(bank, without_account(transfers_of(transfer)))
    came, went = lines(bank, report.results[0].operation)
    assert (came.debit, came.credit, came.amount_minor) == (CLEARING, SUSPENSE, 10_000)
    assert (came.booked_on, came.debit_value_on) == (date(2026, 5, 5), date(2026, 5, 4))
    assert (went.debit, went.credit, went.amount_minor) == (SUSPENSE, CLEARING, 10_000)
    assert (went.booked_on, went.credit_value_on) == (date(2026, 5, 5), date(2026, 5, 5))
    assert (balance(bank, SUSPENSE), balance(bank, CLEARING)) == (0, 0)
    told = explain(bank, *(report.results[0].operation or (0, 0)))
    assert told is not None
    assert told.sentence.replace("\u202f", " ").replace("\xa0", " ") == (
        "100,00 € rendus à l’autre banque le 5 mai 2026."
    )


def test_a_file_that_comes_twice_sends_nothing_back_twice(bank: Bank, tmp_path: Path) -> None:
    account = open_account(bank, BRED)
    file = without_account(transfers_of(their_transfer(iban_of(bank, account))))
    take(bank, file)
    entries = moves(bank, SUSPENSE)
    assert take(bank, file, WEDNESDAY).repeated
    other_bytes = file.replace(b"<GrpHdr>", b"\n<GrpHdr>")
    again = take(bank, other_bytes, WEDNESDAY)
    assert not again.repeated
    assert [(r.status, r.reason, r.replayed) for r in again.results] == [("RJCT", "AC03", True)]
    assert moves(bank, SUSPENSE) == entries == 2
    assert len(returned(bank, tmp_path)) == 1


def test_a_faulty_transfer_without_a_number_is_known_by_its_message_and_place(
    bank: Bank, tmp_path: Path
) -> None:
    account = open_account(bank, BRED)
    transfer = their_transfer(iban_of(bank, account), transaction_id="")
    other = msgspec.structs.replace(transfer, end_to_end_id="THEIRS-2")
    file = without_account(without_account(transfers_of(transfer, other)))
    take(bank, file)
    take(bank, file.replace(b"<GrpHdr>", b" <GrpHdr>"))
    assert sorted(r.ids.end_to_end_id for r in returned(bank, tmp_path)) == ["THEIRS-1", "THEIRS-2"]


def test_a_faulty_instant_transfer_is_rejected_and_nothing_is_booked(bank: Bank, tmp_path: Path) -> None:
    account = open_account(bank, BRED)
    stamp = instant(TUESDAY) - timedelta(seconds=2)
    transfer = their_transfer(iban_of(bank, account), payment_type=INSTANT, accepted_at=stamp)
    report = take(bank, without_account(transfers_of(transfer)))
    assert outcomes(report) == [("RJCT", "AC03")]
    document = only_file(bank, "pacs.002", tmp_path)
    assert_valid("pacs.002.001.10", document)
    message = pacs002.read(document)
    assert isinstance(message, InterbankStatusReport)
    [status] = message.statuses
    assert isinstance(status, TransactionStatus)
    assert (status.status, reason_of(status), status.ids.transaction_id) == ("RJCT", "AC03", "TX-1")
    assert returned(bank, tmp_path) == []
    assert moves(bank, SUSPENSE) == 0
    told = explain(bank, *(report.results[0].operation or (0, 0)))
    assert told is not None
    assert "le compte du bénéficiaire manque" in told.sentence


def test_money_whose_amount_cannot_be_read_waits_for_a_person(bank: Bank, tmp_path: Path) -> None:
    account = open_account(bank, BRED)
    file = transfers_of(their_transfer(iban_of(bank, account)))
    file = file.replace(b'<IntrBkSttlmAmt Ccy="EUR">100.00<', b'<IntrBkSttlmAmt Ccy="EUR">100.0O<')
    file = file.replace(b"<CtrlSum>100.00</CtrlSum>", b"")
    report = take(bank, file)
    assert outcomes(report) == [("RJCT", "AM12")]
    assert report.results[0].operation is None
    assert returned(bank, tmp_path) == []


def test_a_recall_of_money_that_went_back_at_once_is_answered_as_not_received(
    bank: Bank, tmp_path: Path
) -> None:
    account = open_account(bank, BRED)
    take(bank, without_account(transfers_of(their_transfer(iban_of(bank, account)))))
    assert outcomes(take(bank, recall_of("TECH"), WEDNESDAY)) == [("RJCT", "NOOR")]


def test_faulty_money_of_a_day_to_come_is_not_taken_today(bank: Bank) -> None:
    account = open_account(bank, BRED)
    transfer = their_transfer(iban_of(bank, account), settlement_on=date(2026, 5, 6))
    early = take(bank, without_account(transfers_of(transfer)))
    assert early.refusal is not None
    assert early.refusal.first.code == "settlement-to-come"
    assert moves(bank, SUSPENSE) == 0


def test_faulty_pacific_francs_go_back_on_the_day_of_noumea(bank: Bank, tmp_path: Path) -> None:
    account = open_account(bank, BNC)
    transfer = their_transfer(
        iban_of(bank, account), "5000", "XPF", debtor_agent=Agent(bic="OPTPNCNX"), debtor_account=None,
        creditor_agent=Agent(bic="CEPANCNM"), settlement_on=date(2026, 5, 6),
    )  # fmt: skip
    early_in_noumea = "2026-05-06T00:30:00+11:00"  # 5 May in Europe
    take(bank, without_account(transfers_of(transfer)), early_in_noumea)
    [back] = returned(bank, tmp_path, early_in_noumea)
    assert (back.returned.amount_minor, back.settlement_on) == (5_000, date(2026, 5, 6))
    assert moves(bank, own_account(BOOK, Role.SUSPENSE, "XPF")) == 2


# ---------------------------------------------------------------- rules of the scheme

SEPA = PaymentType(service_levels=(Coded(code="SEPA"),))
LONG = Remittance(unstructured=("x" * 100, "y" * 100))


@pytest.mark.parametrize(
    ("changes", "told", "sent"),
    [
        ({"charge_bearer": "SHAR"}, "CH16", "MS03"),
        ({"remittance": LONG}, "CH17", "MS03"),
        ({"end_to_end_id": "/slash"}, "CH16", "MS03"),
        ({"creditor_agent": Agent(bic="BCAGDEFF")}, "RC01", "RC01"),
        ({"debtor": Party(name="北京")}, "CH16", "MS03"),
        ({"debtor": Party(name="Durand", address=Address(lines=("1", "2", "3")))}, "BE07", "RR02"),
    ],
)
def test_a_transfer_that_breaks_a_rule_of_sepa_is_refused_alone_and_sent_back(
    bank: Bank, tmp_path: Path, changes: dict[str, Any], told: str, sent: str
) -> None:
    account = open_account(bank, BRED)
    iban = iban_of(bank, account)
    bad = their_transfer(iban, "70.00", transaction_id="TX-2", **changes)
    report = take(bank, transfers_of(their_transfer(iban), bad))
    assert outcomes(report) == [("ACSC", ""), ("RJCT", told)]
    assert balance(bank, account) == 10_000
    [back] = returned(bank, tmp_path)
    assert (back.returned.amount_minor, back.ids.transaction_id, reason_of(back)) == (7_000, "TX-2", sent)
    assert moves(bank, SUSPENSE) == 2


def test_addresses_without_town_and_country_are_refused_from_their_day_on(bank: Bank) -> None:
    account = open_account(bank, BRED)
    payer = Party(name="Durand", address=Address(lines=("12 rue de Rivoli", "75001 Paris")))
    eve, day = date(2026, 11, 13), date(2026, 11, 16)  # the rule holds from Sunday 15 November on
    before = their_transfer(iban_of(bank, account), debtor=payer, settlement_on=eve)
    after = msgspec.structs.replace(before, transaction_id="TX-2", settlement_on=day)
    friday, monday = "2026-11-13T10:00:00+01:00", "2026-11-16T10:00:00+01:00"
    assert outcomes(take(bank, transfers_of(before), friday)) == [("ACSC", "")]
    assert outcomes(take(bank, transfers_of(after, message_id="MSG-2"), monday)) == [("RJCT", "BE07")]


def test_a_transfer_in_euro_from_outside_sepa_keeps_no_rule_of_sepa_unless_it_says_so(bank: Bank) -> None:
    account = open_account(bank, BRED)
    american = their_transfer(
        iban_of(bank, account), debtor_agent=Agent(bic="CHASUS33"), debtor_account=None, charge_bearer="SHAR"
    )
    declared = msgspec.structs.replace(american, transaction_id="TX-2", payment_type=SEPA)
    assert outcomes(take(bank, transfers_of(american, declared))) == [("ACSC", ""), ("RJCT", "CH16")]
    assert balance(bank, account) == 10_000


def test_a_local_transfer_has_its_own_rules(bank: Bank) -> None:
    account = open_account(bank, BNC)
    local: dict[str, Any] = {
        "debtor_agent": Agent(bic="OPTPNCNX"),
        "debtor_account": None,
        "creditor_agent": Agent(bic="CEPANCNM"),
    }
    good = their_transfer(iban_of(bank, account), "5000", "XPF", charge_bearer="SHAR", **local)
    bad = their_transfer(
        iban_of(bank, account), "6000", "XPF", charge_bearer="DEBT", transaction_id="TX-2", **local
    )
    noumea = "2026-05-05T10:00:00+11:00"
    assert outcomes(take(bank, transfers_of(good, bad), noumea)) == [("ACSC", ""), ("RJCT", "CH16")]
    assert balance(bank, account) == 5_000


def test_an_instant_transfer_that_breaks_a_rule_is_rejected(bank: Bank, tmp_path: Path) -> None:
    account = open_account(bank, BRED)
    stamp = instant(TUESDAY) - timedelta(seconds=2)
    transfer = their_transfer(
        iban_of(bank, account), payment_type=INSTANT, accepted_at=stamp, charge_bearer="SHAR"
    )
    assert outcomes(take(bank, transfers_of(transfer))) == [("RJCT", "CH16")]
    message = pacs002.read(only_file(bank, "pacs.002", tmp_path))
    assert isinstance(message, InterbankStatusReport)
    [status] = message.statuses
    assert isinstance(status, TransactionStatus)
    assert (status.status, reason_of(status)) == ("RJCT", "MS03")
    assert balance(bank, account) == 0


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"<NbOfTxs>2</NbOfTxs>", b"<NbOfTxs>3</NbOfTxs>", "count-mismatch"),
        (b"<CtrlSum>200.00</CtrlSum>", b"<CtrlSum>200.01</CtrlSum>", "sum-mismatch"),
        (b"</FIToFICstmrCdtTrf>", b"<Odd/></FIToFICstmrCdtTrf>", "element-not-admitted"),
    ],
)
def test_a_fault_of_the_file_refuses_it_whole_however_late_it_shows(
    bank: Bank, old: bytes, new: bytes, code: str
) -> None:
    account = open_account(bank, BRED)
    iban = iban_of(bank, account)
    file = transfers_of(their_transfer(iban), their_transfer(iban, transaction_id="TX-2"))
    assert old in file
    report = take(bank, file.replace(old, new))
    assert report.refusal is not None
    assert (report.refusal.first.code, report.refusal.message_id) == (code, "MSG-1")
    assert balance(bank, account) == 0


def test_more_transfers_than_one_batch_holds_keep_their_order(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("teneur.channels.files.arriving.MOST", 2)
    account = open_account(bank, BRED)
    iban = iban_of(bank, account)
    transfers = [their_transfer(iban, f"{n}.00", transaction_id=f"TX-{n}") for n in range(1, 6)]
    done: list[tuple[int, int]] = []
    report = take(bank, transfers_of(*transfers), progress=lambda n, of: done.append((n, of)))
    assert [r.position for r in report.results] == [1, 2, 3, 4, 5]
    assert [r.transaction_id for r in report.results] == [f"TX-{n}" for n in range(1, 6)]
    assert done == [(2, 5), (4, 5), (5, 5)]
    assert balance(bank, account) == 1_500


def test_the_bound_of_transactions_holds_for_the_transfers_of_banks(bank: Bank) -> None:
    account = open_account(bank, BRED)
    iban = iban_of(bank, account)
    file = transfers_of(their_transfer(iban), their_transfer(iban, transaction_id="TX-2"))
    report = take(bank, file, limits=Limits(transactions=1))
    assert report.refusal is not None
    assert report.refusal.first.code == "file-too-many"
    assert balance(bank, account) == 0


# ---------------------------------------------------------------- recalls that come too late


def test_a_recall_by_file_counts_from_when_the_other_bank_wrote_it(bank: Bank, tmp_path: Path) -> None:
    account = open_account(bank, BRED)
    take(bank, transfers_of(their_transfer(iban_of(bank, account))))
    written = b"<CreDtTm>2026-05-05T07:00:00Z</CreDtTm>"
    recall = recall_of("TECH")
    assert written in recall, recall
    late = recall.replace(written, b"<CreDtTm>2026-05-20T00:00:00</CreDtTm>")  # local time: Paris
    assert outcomes(take(bank, late, "2026-05-20T09:00:00+02:00")) == [("RJCT", "LEGL")]
    document = only_file(bank, "camt.029", tmp_path, "2026-05-20T09:00:00+02:00")
    assert_valid("camt.029.001.09", document)
    message = camt029.read(document)
    assert isinstance(message, RecallAnswers)
    [answer] = message.answers
    assert not hasattr(answer, "faults")
    assert answer.reasons[0].reason == Coded(code="LEGL")
    assert answer.reasons[0].additional == ("Recall received after the time limit of the scheme (EPC125-05)",)
    in_time = recall.replace(written, b"<CreDtTm>2026-05-19T23:59:59</CreDtTm>").replace(
        b">RECALLS-1<", b">RECALLS-2<"
    )
    assert outcomes(take(bank, in_time, "2026-05-20T09:30:00+02:00")) == [("ACSC", "")]
    assert balance(bank, account) == 0
