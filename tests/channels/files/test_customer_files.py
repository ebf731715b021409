"""Customers' files, written by third parties: orders under the agreement, an answer for each transaction."""

from collections.abc import Iterator, Sequence
from datetime import date

import pytest
from tests.channels.files.making import euro_orders, open_with_files, outcomes, send
from tests.interbank.files import UNSTRUCTURED, franc_file
from tests.interbank.schemas import assert_valid
from tests.support.asserts import asserts
from tests.support.bank import ADVISER, BNC, BOOK, BRED, MAIN_BRANCH, add_person, open_account, open_bank
from tests.support.transfers import balance, duties, fall_due, iban_of

from teneur.accounts.commands import MoveToAgreement, OpenAccount
from teneur.bank import Bank
from teneur.channels.files.importing import import_file
from teneur.channels.files.reasons import ISO, explanation, iso_reason
from teneur.interbank import pain002
from teneur.interbank.answers import CustomerStatusReport, TransactionStatus
from teneur.interbank.xml import Limits
from teneur.kernel.clock import instant
from teneur.kernel.commands import Channel, Command, Outcome, account_id
from teneur.ledger.account import AccountKind
from teneur.ledger.engine import Engine, Result
from teneur.obligations.reading import due
from teneur.payments.transfers.message_files import FileStatus, ReceivedFile, list_files
from teneur.payments.transfers.rules.refusal import Reason
from teneur.storage.database import Dsn


@pytest.fixture
def bank(database: Dsn) -> Iterator[Bank]:
    with open_bank(database) as opened:
        yield opened


def read_answer(answer: bytes) -> CustomerStatusReport:
    assert_valid("pain.002.001.10", answer)
    report = pain002.read(answer)
    assert isinstance(report, CustomerStatusReport), report
    return report


def positions(bank: Bank) -> int:
    """How many rows the journal of the book has."""
    with bank.read() as connection:
        row = connection.execute("select count(*) from journal where book = %s", [BOOK]).fetchone()
    assert row is not None
    return int(row[0])


@pytest.mark.parametrize("message", ["pain.001.001.09", "pain.001.001.03"])
def test_a_euro_file_is_paid_out_and_answered_transaction_by_transaction(bank: Bank, message: str) -> None:
    account = open_with_files(bank, BRED, 100_000)
    payee = open_account(bank, BRED)
    file = euro_orders(
        iban_of(bank, account), {}, {"IBAN": iban_of(bank, payee), "BIC": "BREDFRPPXXX", "amount": 700},
        message=message,
    )  # fmt: skip
    seen: list[tuple[int, int]] = []
    report = send(bank, account, file, name="mai.xml", progress=lambda done, of: seen.append((done, of)))
    assert outcomes(report) == [("ACSP", ""), ("ACSC", "")]
    assert (report.accepted, report.pending, report.refused, report.repeated) == (2, 0, 0, False)
    assert (balance(bank, account), balance(bank, payee)) == (100_000 - 1_750, 700)
    assert seen == [(2, 2)]
    answer = read_answer(report.answer)
    assert (answer.group.status, answer.group.group.name) == ("ACCP", message)
    [batch] = answer.batches
    statuses = [s for s in batch.statuses if isinstance(s, TransactionStatus)]
    assert [(s.status, s.ids.end_to_end_id) for s in statuses] == [("ACSP", "E2E-0"), ("ACSC", "E2E-1")]
    [kept] = _files(bank)
    assert (kept.name, kept.message, kept.status, kept.accepted) == (
        "mai.xml",
        message,
        FileStatus.ANSWERED,
        2,
    )


def _files(bank: Bank) -> list[ReceivedFile]:
    with bank.read() as connection:
        return list_files(connection)


def test_the_same_file_twice_does_nothing_twice_and_is_recognised(bank: Bank) -> None:
    account = open_with_files(bank, BRED, 100_000)
    file = euro_orders(iban_of(bank, account), {}, {"amount": 99_999_99})
    first = send(bank, account, file)
    before = positions(bank)
    again = send(bank, account, file, at="2026-05-06T10:00:00+02:00", name="encore.xml")
    assert again.repeated
    assert (again.answer, again.answer_id) == (first.answer, first.answer_id)
    assert (again.accepted, again.refused, again.received_at) == (1, 1, first.received_at)
    assert balance(bank, account) == 100_000 - 1_050
    assert positions(bank) == before


def test_the_same_orders_in_a_file_of_other_bytes_are_not_paid_again(bank: Bank) -> None:
    account = open_with_files(bank, BRED, 100_000)
    file = euro_orders(iban_of(bank, account), {}, {})
    send(bank, account, file)
    again = send(bank, account, file + b"\n")
    assert not again.repeated
    assert [r.replayed for r in again.results] == [True, True]
    assert balance(bank, account) == 100_000 - 2_100


def test_the_same_references_with_another_amount_are_refused_as_a_duplicate(bank: Bank) -> None:
    account = open_with_files(bank, BRED, 100_000)
    file = euro_orders(iban_of(bank, account))
    send(bank, account, file)
    changed = file.replace(b"10.50", b"20.50")
    assert outcomes(send(bank, account, changed)) == [("RJCT", "AM05")]
    assert balance(bank, account) == 100_000 - 1_050


def test_a_file_broken_off_by_a_crash_is_finished_by_the_same_file(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = open_with_files(bank, BRED, 100_000)
    file = euro_orders(iban_of(bank, account), {}, {"execution_date": date(2026, 5, 6)})
    post = Engine.post
    calls = []

    def crash_after_the_orders(self: Engine, commands: Sequence[Command]) -> list[Result]:
        calls.append(len(commands))
        answers = post(self, commands)
        if len(commands) == 2:
            raise KeyboardInterrupt
        return answers

    with monkeypatch.context() as patch:
        patch.setattr(Engine, "post", crash_after_the_orders)
        with pytest.raises(KeyboardInterrupt):
            send(bank, account, file)
    assert balance(bank, account) == 100_000 - 1_050
    report = send(bank, account, file, at="2026-05-07T10:00:00+02:00")  # a day later nothing has changed
    assert [(r.status, r.replayed) for r in report.results] == [("ACSP", True), ("ACCP", True)]
    assert report.received_at == instant("2026-05-05T10:00:00+02:00")
    assert balance(bank, account) == 100_000 - 1_050


@asserts("BRED-A5-T-3")
def test_a_file_of_noon_is_in_time_and_one_a_microsecond_later_waits_for_the_next_day(bank: Bank) -> None:
    account = open_with_files(bank, BRED, 100_000)
    iban = iban_of(bank, account)
    in_time = send(bank, account, euro_orders(iban), "2026-05-05T12:00:00+02:00")
    late = send(bank, account, euro_orders(iban, {"amount": 2_000}), "2026-05-05T12:00:00.000001+02:00")
    assert (outcomes(in_time), outcomes(late)) == ([("ACSP", "")], [("ACCP", "")])
    assert balance(bank, account) == 100_000 - 1_050
    operation = late.results[0].operation
    assert operation is not None
    fall_due(bank, account, operation[1], date(2026, 5, 6), "2026-05-06T06:00:00+02:00")
    assert balance(bank, account) == 100_000 - 3_050


def test_a_past_day_means_now_and_a_day_to_come_is_kept_for_it(bank: Bank) -> None:
    account = open_with_files(bank, BRED, 100_000)
    file = euro_orders(
        iban_of(bank, account),
        {"execution_date": date(2026, 4, 1)},
        {"execution_date": date(2026, 5, 6)},
    )
    assert outcomes(send(bank, account, file)) == [("ACSP", ""), ("ACCP", "")]
    assert balance(bank, account) == 100_000 - 1_050


def test_bad_transactions_are_refused_alone_with_reason_words_and_clauses_and_are_told(bank: Bank) -> None:
    account = open_with_files(bank, BRED, 100_000)
    file = euro_orders(
        iban_of(bank, account),
        {"amount": 99_000_00},  # more than there is
        {},
        {"IBAN": "FR1420041010050500013M02606", "BIC": "DEUTDEFFXXX"},  # a bank of another country
        {"IBAN": iban_of(bank, account), "BIC": "BREDFRPPXXX"},  # to itself
    )
    report = send(bank, account, file)
    assert outcomes(report) == [("RJCT", "AM04"), ("ACSP", ""), ("RJCT", "RC01"), ("RJCT", "AC03")]
    assert balance(bank, account) == 100_000 - 1_050
    answer = read_answer(report.answer)
    assert answer.group.status == "PART"
    [batch] = answer.batches
    poor = batch.statuses[0]
    assert isinstance(poor, TransactionStatus)
    [reason] = poor.reasons
    assert reason.additional[0] == "Le solde disponible du compte ne suffit pas."
    assert "BRED-3.1-15" in " ".join(reason.additional[1:])
    owed = duties(bank, account, "inform-of-refusal")
    assert [o.discharged_by for o in owed] == [f"pain.002: {report.answer_id}"] * 2


def test_what_a_refusal_owes_stays_owed_until_the_answer_is_there(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = open_with_files(bank, BRED, 100_000)
    file = euro_orders(iban_of(bank, account), {"amount": 99_000_00})
    with monkeypatch.context() as patch:
        patch.setattr("teneur.channels.files.customers.tell", _crash)
        with pytest.raises(KeyboardInterrupt):
            send(bank, account, file)
    [owed] = duties(bank, account, "inform-of-refusal")
    assert owed.discharged_at is None
    assert send(bank, account, file).repeated
    [told] = duties(bank, account, "inform-of-refusal")
    assert told.discharged_at is not None
    with bank.read() as connection:
        until = instant("2027-01-01T00:00:00+01:00")
        assert "inform-of-refusal" not in {o.kind for o in due(connection, BOOK, until)}


def _crash(*_: object) -> None:
    raise KeyboardInterrupt


@asserts("BRED-A3-2.1.1-3")
def test_files_need_a_specific_agreement(bank: Bank) -> None:
    account = open_with_files(bank, BRED, 100_000, files=False)
    file = euro_orders(iban_of(bank, account))
    assert outcomes(send(bank, account, file)) == [("RJCT", "AG01")]
    ask = MoveToAgreement(agreement="bred-2022-06", valid_from=date(2026, 5, 6), switched_on=(Channel.FILE,))
    moved = bank.ask(ask, account, actor=ADVISER, channel=Channel.BRANCH)
    assert moved.outcome is Outcome.ACCEPTED, moved
    later = euro_orders(iban_of(bank, account), {"execution_date": date(2026, 5, 6)})
    assert outcomes(send(bank, account, later, "2026-05-06T10:00:00+02:00")) == [("ACSP", "")]


def test_only_channels_that_the_agreement_names_can_be_switched_on(bank: Bank) -> None:
    ask = OpenAccount(
        kind=AccountKind.INDIVIDUAL, holders=(add_person(bank),), currency="EUR", series=BRED,
        branch=MAIN_BRANCH, switched_on=(Channel.ATM,),
    )  # fmt: skip
    answer = bank.ask(ask, account_id(BOOK, 0), actor=ADVISER, channel=Channel.BRANCH)
    assert (answer.outcome, answer.reason) == (Outcome.REFUSED, "invalid-field")


def test_a_stranger_s_file_learns_nothing_and_cannot_use_up_the_holder_s_references(bank: Bank) -> None:
    account = open_with_files(bank, BRED, 100_000)
    stranger = add_person(bank, "Intrus", "Paul")
    file = euro_orders(iban_of(bank, account))
    before = positions(bank)
    tried = import_file(bank, file, sender=stranger, at=instant("2026-05-05T09:00:00+02:00"))
    elsewhere = euro_orders("FR7630006000011234567890189")
    unknown = import_file(bank, elsewhere, sender=stranger, at=instant("2026-05-05T09:00:00+02:00"))
    assert outcomes(tried) == outcomes(unknown) == [("RJCT", "AC01")]
    assert tried.results[0].text == unknown.results[0].text
    assert positions(bank) == before
    assert outcomes(send(bank, account, file)) == [("ACSP", "")]


def test_a_file_of_pacific_francs_is_paid_inside_the_territory(bank: Bank) -> None:
    account = open_with_files(bank, BNC, 100_000)
    payee = open_account(bank, BNC)
    file = franc_file(
        ("15000", "2500"),
        debtor_account_IBAN=iban_of(bank, account),
        creditor_account_IBAN=iban_of(bank, payee),
        creditor_agent_BIC="CEPANCNMXXX",
        requested_execution_date="2026-05-05",
    )
    report = send(bank, account, file, "2026-05-05T10:00:00+11:00")
    assert outcomes(report) == [("ACSC", ""), ("ACSC", "")]
    assert (balance(bank, account), balance(bank, payee)) == (100_000 - 17_500, 17_500)
    read_answer(report.answer)
    assert send(bank, account, file, "2026-05-05T11:00:00+11:00").repeated


def test_half_a_franc_is_refused_alone_in_the_answer(bank: Bank) -> None:
    account = open_with_files(bank, BNC, 100_000)
    payee = open_account(bank, BNC)
    file = franc_file(
        ("15000.50", "2500"),
        debtor_account_IBAN=iban_of(bank, account),
        creditor_account_IBAN=iban_of(bank, payee),
        creditor_agent_BIC="CEPANCNMXXX",
        requested_execution_date="2026-05-05",
    )
    report = send(bank, account, file, "2026-05-05T10:00:00+11:00")
    assert outcomes(report) == [("RJCT", "CH20"), ("ACSC", "")]
    assert balance(bank, payee) == 2_500


def test_unstructured_addresses_are_refused_from_15_november_2026_on(bank: Bank) -> None:
    account = open_with_files(bank, BRED, 100_000)
    friday, sunday = date(2026, 11, 13), date(2026, 11, 15)
    file = euro_orders(
        iban_of(bank, account),
        {"address": UNSTRUCTURED, "execution_date": friday},
        {"address": UNSTRUCTURED, "execution_date": sunday},
    )
    assert sorted(outcomes(send(bank, account, file))) == [("ACCP", ""), ("RJCT", "BE04")]


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (b"", "file-empty"),
        (b"not xml at all", "file-not-xml"),
        (b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "b">]><d>&a;</d>', "file-dtd"),
        (b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08"/>', "file-unknown-message"),
        (b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.008.001.02"/>', "file-unknown-message"),
        (b"PK\x03\x04", "file-compressed"),
    ],
)
def test_a_bad_file_is_refused_whole_and_answered(bank: Bank, file: bytes, code: str) -> None:
    sender = add_person(bank)
    report = import_file(bank, file, sender=sender, name="bad\x00\n.xml")
    assert report.refusal is not None
    assert report.refusal.first.code == code
    assert (report.name, report.results) == ("bad.xml", ())
    assert read_answer(report.answer).group.status == "RJCT"
    assert _files(bank)[0].status is FileStatus.REFUSED
    assert import_file(bank, file, sender=sender).repeated


def test_a_wrong_control_sum_at_the_end_refuses_the_file_and_nothing_is_paid(bank: Bank) -> None:
    account = open_with_files(bank, BRED, 100_000)
    file = euro_orders(iban_of(bank, account), {}, {})
    assert file.count(b"21.00") == 2
    report = send(bank, account, file.replace(b"21.00", b"22.00"))
    assert report.refusal is not None
    assert report.refusal.first.code == "sum-mismatch"
    assert balance(bank, account) == 100_000
    assert outcomes(send(bank, account, file)) == [("ACSP", ""), ("ACSP", "")]


def test_a_file_beyond_the_bound_is_refused_without_being_read_to_its_end(bank: Bank) -> None:
    account = open_with_files(bank, BRED, 100_000)
    file = euro_orders(iban_of(bank, account))
    report = send(bank, account, file, limits=Limits(file_bytes=1_000))
    assert report.refusal is not None
    assert report.refusal.first.code == "file-too-large"
    assert balance(bank, account) == 100_000


def test_every_reason_has_a_code_and_words_that_fit() -> None:
    not_of_orders = {
        Reason.RAISE_PENDING, Reason.REVOCATION_CHANNEL, Reason.REVOCATION_NOT_WRITTEN,
        Reason.REVOCATION_LATE, Reason.EXECUTION_STARTED, Reason.INSTANT_IRREVOCABLE,
        Reason.INITIATION_IRREVOCABLE,
        Reason.REVERSAL_GROUND,
    }  # fmt: skip
    assert set(Reason) - not_of_orders <= set(ISO)
    for reason in Reason:
        lines = explanation(str(reason), ("BRED-3.1-15",) * 20)
        assert all(0 < len(line) <= 105 and "{" not in line for line in lines)
    assert explanation(str(Reason.LEGAL_PROVISION), ("BRED-3.1-15",)) == ()
    assert iso_reason("anything else") == "MS03"
