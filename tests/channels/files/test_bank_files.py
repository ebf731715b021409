"""Messages between banks, there and back: each way through the engine, every file valid by its schema."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.channels.files.making import (
    INSTANT,
    OTHER,
    TUESDAY,
    euro_orders,
    only_file,
    open_with_files,
    outcomes,
    recall_answer_of,
    recall_of,
    returns_of,
    send,
    status_of,
    take,
    their_transfer,
    transfers_of,
)
from tests.interbank.files import OTHER_IBAN, franc_file
from tests.interbank.schemas import assert_valid
from tests.support.asserts import asserts
from tests.support.bank import BACK_OFFICE, BNC, BOOK, BRED, open_account, open_bank
from tests.support.transfers import ELSEWHERE, balance, duties, fall_due, iban_of, order_of, pay

from teneur.agreements.terms.transfers import Service
from teneur.bank import Bank
from teneur.channels.files.exporting import export_messages
from teneur.interbank import camt029, camt056, pacs002, pacs004, pacs008
from teneur.interbank.answers import (
    GroupStatus,
    InterbankStatusReport,
    OriginalGroup,
    PaymentReturns,
    RecallAnswers,
    Recalls,
)
from teneur.interbank.messages import Account, Agent, Coded, OtherId
from teneur.interbank.payments import InterbankTransfer, InterbankTransfers
from teneur.kernel.clock import instant
from teneur.kernel.commands import AccountId, Answer, Channel, Command, Outcome
from teneur.kernel.identifiers import make_rib
from teneur.ledger.engine import Engine, Result
from teneur.payments.transfers.commands import PayeeAccount, RequestRecall
from teneur.payments.transfers.facts import OrderStatus
from teneur.payments.transfers.rules.directory import read_directory
from teneur.storage.database import Dsn

WEDNESDAY = "2026-05-06T10:00:00+02:00"
DIRECTORY = """country,bank_code,bic,place,com_pacific,instant
FR,30006,AGRIFRPP,FR,no,yes
FR,14158,OPTPNCNX,NC,yes,no
"""


@pytest.fixture
def bank(database: Dsn) -> Iterator[Bank]:
    with open_bank(database) as opened:
        directory = read_directory(DIRECTORY.splitlines())
        opened.transfers.directory = directory
        yield opened


def sent(document: bytes) -> InterbankTransfers:
    assert_valid("pacs.008.001.08", document)
    message = pacs008.read(document)
    assert isinstance(message, InterbankTransfers), message
    return message


def transfers_in(document: bytes) -> list[InterbankTransfer]:
    """The transfers of a file that we send: none is faulty."""
    message = sent(document)
    found = [t for t in message.transfers if isinstance(t, InterbankTransfer)]
    assert len(found) == len(message.transfers)
    return found


def reference(order: Answer) -> str:
    return f"{order.book}-{order.position}"


def test_a_customer_s_file_goes_out_to_the_other_bank_whole(bank: Bank, tmp_path: Path) -> None:
    account = open_with_files(bank, BRED, 100_000)
    report = send(bank, account, euro_orders(iban_of(bank, account), {}, {"amount": 2_000}))
    first, second = transfers_in(only_file(bank, "pacs.008", tmp_path))
    assert [first.amount.amount_minor, second.amount.amount_minor] == [1_050, 2_000]
    assert first.transaction_id == "-".join(map(str, report.results[0].operation or ()))
    assert (first.end_to_end_id, first.charge_bearer, first.settlement_on) == (
        "E2E-0",
        "SLEV",
        date(2026, 5, 5),
    )
    assert (first.debtor.name, first.creditor.name) == ("Marie Dupont", "Fournisseur 0")
    assert first.debtor_account is not None
    assert first.creditor_account is not None
    assert (first.debtor_account.iban, first.creditor_account.iban) == (iban_of(bank, account), OTHER_IBAN)
    assert (first.debtor_agent.bic, first.creditor_agent.bic) == ("BREDFRPPXXX", "PSSTFRPPMON")
    assert first.creditor.address is not None
    assert (first.creditor.address.town, first.creditor.address.country) == ("Paris", "FR")
    assert first.remittance is not None
    assert first.remittance.unstructured == ("Facture 0",)
    assert export_messages(bank, BOOK, "pacs.008", tmp_path) == ()


def test_a_crash_before_the_file_is_written_gives_the_same_file_on_the_next_day(
    bank: Bank, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = open_account(bank, BRED, funds_minor=100_000)
    pay(bank, account, ELSEWHERE, 500)
    with monkeypatch.context() as patch:
        patch.setattr("teneur.channels.files.exporting._put", _crash)
        with pytest.raises(KeyboardInterrupt):
            only_file(bank, "pacs.008", tmp_path)
    assert list(tmp_path.iterdir()) == []
    pay(bank, account, ELSEWHERE, 600, at="2026-05-05T11:00:00+02:00")
    left, new = export_messages(bank, BOOK, "pacs.008", tmp_path, at=instant(WEDNESDAY))
    message = sent(left.read_bytes())
    assert message.created_at == instant(TUESDAY)
    assert left.name == f"pacs.008-{message.message_id}.xml"
    assert [t.amount.amount_minor for t in transfers_in(left.read_bytes())] == [500]
    assert [t.amount.amount_minor for t in transfers_in(new.read_bytes())] == [600]


def test_a_crash_after_the_file_is_written_writes_the_same_bytes_again(
    bank: Bank, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = open_account(bank, BRED, funds_minor=100_000)
    pay(bank, account, ELSEWHERE, 500)
    ask = Bank.ask

    def crash_at_the_note(self: Bank, what: object, *args: object, **more: object) -> Answer:
        if type(what).__name__ == "FileWritten":
            raise KeyboardInterrupt
        return ask(self, what, *args, **more)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(Bank, "ask", crash_at_the_note)
        with pytest.raises(KeyboardInterrupt):
            only_file(bank, "pacs.008", tmp_path)
    [before] = tmp_path.iterdir()
    content = before.read_bytes()
    assert export_messages(bank, BOOK, "pacs.008", tmp_path, at=instant(WEDNESDAY)) == (before,)
    assert before.read_bytes() == content


def _crash(*_: object) -> None:
    raise KeyboardInterrupt


@asserts("BNC-6.1.3.1-3")
def test_the_bank_completes_the_payer_s_data_where_the_payee_s_bank_is_elsewhere(
    bank: Bank, tmp_path: Path
) -> None:
    account = open_with_files(bank, BNC, 100_000)
    home = franc_file(
        ("5000",),
        debtor_account_IBAN=iban_of(bank, account),
        creditor_account_IBAN=_iban_of_opt(),
        creditor_agent_BIC="OPTPNCNX",
        requested_execution_date="2026-05-05",
    )
    noumea = "2026-05-05T10:00:00+11:00"
    assert outcomes(send(bank, account, home, noumea)) == [("ACSP", "")]
    abroad = PayeeAccount(name="Jean Payé", iban=ELSEWHERE, bic="AGRIFRPP")
    paid = pay(bank, account, "", 838, at=noumea, currency="EUR", payee=abroad, risk_accepted=True)
    assert paid.outcome is Outcome.ACCEPTED, paid
    files = export_messages(bank, BOOK, "pacs.008", tmp_path, at=instant(noumea))
    by_currency = {t.amount.currency.code: t for f in files for t in transfers_in(f.read_bytes())}
    local, euro = by_currency["XPF"], by_currency["EUR"]
    assert (local.debtor.name, local.debtor.address) == ("Marie Dupont", None)
    assert local.charge_bearer == "SHAR"
    assert euro.debtor.address is not None
    assert (euro.debtor.name, euro.debtor.address.town) == ("Marie Dupont", "Paris")
    assert euro.debtor_account is not None
    assert euro.debtor_account.iban == iban_of(bank, account)


def _iban_of_opt() -> str:
    return make_rib("14158", "01022", "00000000012").iban


@asserts("BRED-A3-2.2-1", "BRED-7.2.3.a-3")
def test_transfers_of_another_bank_are_credited_once_however_often_they_come(bank: Bank) -> None:
    account = open_account(bank, BRED)
    file = transfers_of(
        their_transfer(iban_of(bank, account)),
        their_transfer(iban_of(bank, account), "0.01", transaction_id="TX-2"),
    )
    assert outcomes(take(bank, file)) == [("ACSC", ""), ("ACSC", "")]
    assert bank.account(account).available_minor == 10_001
    assert take(bank, file).repeated
    again = transfers_of(their_transfer(iban_of(bank, account)), message_id="MSG-2")
    assert outcomes(take(bank, again)) == [("RJCT", "AM05")]
    assert balance(bank, account) == 10_001


def test_what_cannot_be_credited_goes_back_in_a_return(bank: Bank, tmp_path: Path) -> None:
    open_account(bank, BRED)
    wrong_key = "FR7630006000011234567890188"
    report = take(
        bank, transfers_of(their_transfer(ELSEWHERE), their_transfer(wrong_key, transaction_id="TX-2"))
    )
    assert outcomes(report) == [("RJCT", "AC01"), ("RJCT", "AC01")]
    document = only_file(bank, "pacs.004", tmp_path)
    assert_valid("pacs.004.001.09", document)
    message = pacs004.read(document)
    assert isinstance(message, PaymentReturns)
    first = message.returns[0]
    assert not hasattr(first, "faults")
    assert (first.returned.amount_minor, first.ids.transaction_id) == (10_000, "TX-1")
    assert first.group is not None
    assert first.group.message_id == "MSG-1"
    assert [r.reason for r in first.reasons] == [Coded(code="AC01")]


def test_a_local_transfer_in_pacific_francs_to_a_rib_is_credited(bank: Bank) -> None:
    account = open_account(bank, BNC)
    rib = iban_of(bank, account)[4:]
    transfer = their_transfer(
        "", "5000", "XPF", creditor_account=Account(other=OtherId(id=rib)),
        debtor_agent=Agent(bic="OPTPNCNX"), debtor_account=None, charge_bearer="SHAR",
        creditor_agent=Agent(bic="CEPANCNM"),
    )  # fmt: skip
    assert outcomes(take(bank, transfers_of(transfer), "2026-05-05T10:00:00+11:00")) == [("ACSC", "")]
    assert balance(bank, account) == 5_000


def test_money_that_settles_tomorrow_is_not_taken_today(bank: Bank) -> None:
    account = open_account(bank, BRED)
    file = transfers_of(their_transfer(iban_of(bank, account), settlement_on=date(2026, 5, 6)))
    early = take(bank, file)
    assert early.refusal is not None
    assert early.refusal.first.code == "settlement-to-come"
    assert balance(bank, account) == 0
    assert outcomes(take(bank, file, WEDNESDAY)) == [("ACSC", "")]


def test_a_customer_cannot_send_the_messages_of_banks(bank: Bank) -> None:
    account = open_with_files(bank, BRED)
    report = send(bank, account, transfers_of(their_transfer(iban_of(bank, account))))
    assert report.refusal is not None
    assert report.refusal.first.code == "file-unknown-message"
    assert balance(bank, account) == 0
    orders = take(bank, euro_orders(iban_of(bank, account)))
    assert orders.refusal is not None
    assert (orders.refusal.first.code, orders.answer) == ("file-unknown-message", b"")


@asserts("BRED-A3-3.2.3-3", "BRED-A3-3.2.3-4")
def test_an_instant_transfer_received_is_answered_at_once_or_rejected_as_too_old(
    bank: Bank, tmp_path: Path
) -> None:
    account = open_account(bank, BRED)
    stamp = instant(TUESDAY) - timedelta(seconds=25)
    good = their_transfer(iban_of(bank, account), payment_type=INSTANT, accepted_at=stamp)
    old = their_transfer(
        iban_of(bank, account), transaction_id="TX-2", payment_type=INSTANT,
        accepted_at=stamp - timedelta(milliseconds=1),
    )  # fmt: skip
    report = take(bank, transfers_of(good, old))
    assert outcomes(report) == [("ACSC", ""), ("RJCT", "AB05")]
    assert balance(bank, account) == 10_000
    answers = []
    for path in export_messages(bank, BOOK, "pacs.002", tmp_path, at=instant(TUESDAY)):
        assert_valid("pacs.002.001.10", path.read_bytes())
        message = pacs002.read(path.read_bytes())
        assert isinstance(message, InterbankStatusReport)
        answers += [(s.ids.transaction_id, s.status) for s in message.statuses if not hasattr(s, "faults")]
    assert sorted(answers) == [("TX-1", "ACCP"), ("TX-2", "RJCT")]


def instantly(bank: Bank, account: AccountId, amount_minor: int = 5_000) -> Answer:
    answer = pay(bank, account, ELSEWHERE, amount_minor, channel=Channel.MOBILE, service=Service.INSTANT)
    assert answer.outcome is Outcome.PENDING, (answer, bank.record(answer))
    return answer


@asserts("BRED-A3-3.1.3-3")
def test_an_instant_transfer_of_ours_is_reserved_sent_and_debited_on_the_positive_answer(
    bank: Bank, tmp_path: Path
) -> None:
    account = open_account(bank, BRED, funds_minor=10_000)
    order = instantly(bank, account)
    assert (balance(bank, account), bank.account(account).available_minor) == (10_000, 5_000)
    [transfer] = transfers_in(only_file(bank, "pacs.008", tmp_path))
    assert (transfer.transaction_id, transfer.accepted_at) == (reference(order), instant(TUESDAY))
    assert transfer.payment_type == INSTANT
    file = status_of(reference(order), "ACCP")
    assert outcomes(take(bank, file, "2026-05-05T10:00:03+02:00")) == [("ACSC", "")]
    assert (balance(bank, account), bank.account(account).available_minor) == (5_000, 5_000)
    assert take(bank, file, "2026-05-05T10:00:04+02:00").repeated
    late = status_of(reference(order), "RJCT", "AB05", message_id="ST-2")
    take(bank, late, "2026-05-05T10:00:05+02:00")
    assert balance(bank, account) == 5_000


@asserts("BRED-A3-3.1.3-4")
def test_a_negative_answer_frees_the_money_and_the_customer_is_to_be_told(bank: Bank) -> None:
    account = open_account(bank, BRED, funds_minor=10_000)
    order = instantly(bank, account)
    take(bank, status_of(reference(order), "RJCT", "AC04"), "2026-05-05T10:00:03+02:00")
    assert (balance(bank, account), bank.account(account).available_minor) == (10_000, 10_000)
    assert order_of(bank, account, order).reason == "AC04"
    assert [o.discharged_at for o in duties(bank, account, "inform-of-refusal")] == [None]


def test_a_settled_file_ends_the_duty_to_execute_and_a_rejected_one_brings_the_money_back(bank: Bank) -> None:
    account = open_account(bank, BRED, funds_minor=10_000)
    done, rejected = pay(bank, account, ELSEWHERE, 1_000), pay(bank, account, ELSEWHERE, 2_000)
    take(bank, status_of(reference(done), "ACSC"))
    take(bank, status_of(reference(rejected), "RJCT", "AG01", message_id="ST-2"))
    assert order_of(bank, account, done).status is OrderStatus.DONE
    assert order_of(bank, account, rejected).status is OrderStatus.RETURNED
    assert balance(bank, account) == 9_000
    owed = duties(bank, account, "execute-transfer")
    assert [o.discharged_by for o in owed] == ["ST-1", "returned: AG01"]


def test_a_status_of_a_whole_file_of_ours_is_that_of_each_of_its_transfers(
    bank: Bank, tmp_path: Path
) -> None:
    account = open_account(bank, BRED, funds_minor=10_000)
    now = pay(bank, account, ELSEWHERE, 1_000)
    late = pay(bank, account, ELSEWHERE, 2_000, at="2026-05-05T12:00:00.000001+02:00")
    fall_due(bank, account, late, date(2026, 5, 6), "2026-05-06T06:00:00+02:00")
    ids = {}
    for path in export_messages(bank, BOOK, "pacs.008", tmp_path, at=instant(WEDNESDAY)):
        [transfer] = transfers_in(path.read_bytes())
        ids[transfer.transaction_id] = sent(path.read_bytes()).message_id
    assert set(ids) == {reference(now), reference(late)}  # by the order, not by the day it fell due
    assert outcomes(take(bank, file_status_of(ids[reference(late)]), WEDNESDAY)) == [("ACSC", "")]
    assert order_of(bank, account, late).status is OrderStatus.DONE
    assert order_of(bank, account, now).status is OrderStatus.SENT
    assert outcomes(take(bank, file_status_of("NOT-OURS"), WEDNESDAY)) == []


def file_status_of(message_id: str) -> bytes:
    """A pacs.002 that says of a whole file that it has settled."""
    group = OriginalGroup(message_id=message_id, name="pacs.008.001.08")
    status = GroupStatus(group=group, status="ACSC")
    report = InterbankStatusReport(
        message_id=f"F-{message_id}"[:35], created_at=instant(WEDNESDAY), statuses=(), groups=(status,)
    )
    return pacs002.write(report)


def test_a_return_brings_the_money_back_and_one_of_nobody_waits_for_a_person(bank: Bank) -> None:
    account = open_account(bank, BRED, funds_minor=10_000)
    order = pay(bank, account, ELSEWHERE, 1_000)
    file = returns_of(
        (reference(order), "10.00", "AC04"), ("1-999999", "10.00", "AC04"), ("X", "10.00", "AC04"),
    )  # fmt: skip
    report = take(bank, file, WEDNESDAY)
    assert outcomes(report) == [("ACSC", ""), ("RJCT", "NOOR"), ("RJCT", "NOOR")]
    assert balance(bank, account) == 10_000
    assert take(bank, file, WEDNESDAY).repeated


@asserts("BRED-A3-2.2-2")
def test_a_recall_for_an_error_of_the_other_bank_is_granted_once(bank: Bank, tmp_path: Path) -> None:
    account = open_account(bank, BRED)
    take(bank, transfers_of(their_transfer(iban_of(bank, account))))
    assert outcomes(take(bank, recall_of("TECH"), WEDNESDAY)) == [("ACSC", "")]
    assert balance(bank, account) == 0
    document = only_file(bank, "pacs.004", tmp_path, WEDNESDAY)
    assert_valid("pacs.004.001.09", document)
    message = pacs004.read(document)
    assert isinstance(message, PaymentReturns)
    [back] = message.returns
    assert not hasattr(back, "faults")
    assert (back.ids.transaction_id, back.reasons[0].reason) == ("TX-1", Coded(code="FOCR"))
    assert back.settlement_on == date(2026, 5, 6)


@asserts("BRED-A3-2.2-2")
@pytest.mark.parametrize(("words", "granted"), [((), False), (("wrong payee, see letter",), True)])
def test_what_the_payer_asks_is_granted_only_where_his_bank_justifies_it(
    bank: Bank, tmp_path: Path, words: tuple[str, ...], granted: bool
) -> None:
    account = open_account(bank, BRED)
    take(bank, transfers_of(their_transfer(iban_of(bank, account))))
    take(bank, recall_of("CUST", *words), WEDNESDAY)
    assert balance(bank, account) == (0 if granted else 10_000)
    answers = export_messages(bank, BOOK, "camt.029", tmp_path, at=instant(WEDNESDAY))
    assert bool(answers) is not granted


def test_a_recall_of_nothing_is_answered(bank: Bank, tmp_path: Path) -> None:
    open_account(bank, BRED)
    assert outcomes(take(bank, recall_of("FRAD", "x", transaction_id="TX-9"))) == [("RJCT", "NOOR")]
    document = only_file(bank, "camt.029", tmp_path)
    assert_valid("camt.029.001.09", document)
    message = camt029.read(document)
    assert isinstance(message, RecallAnswers)
    [answer] = message.answers
    assert not hasattr(answer, "faults")
    assert (answer.status, answer.ids.transaction_id) == ("RJCR", "TX-9")
    assert [r.reason for r in answer.reasons] == [Coded(code="NOOR")]
    assert answer.case is not None
    assert (answer.case.id, message.assignee.bic) == ("CASE-1", OTHER.bic)


def test_a_recall_of_ours_names_the_message_that_sent_the_transfer_and_is_answered(
    bank: Bank, tmp_path: Path
) -> None:
    account = open_account(bank, BRED, funds_minor=10_000)
    order = pay(bank, account, ELSEWHERE, 1_000)
    sent_in = sent(only_file(bank, "pacs.008", tmp_path)).message_id
    ask = RequestRecall(transfer=order.position, reason="DUPL", note="payé deux fois")
    bank.ask(ask, account, actor=BACK_OFFICE, channel=Channel.BRANCH, at=instant(TUESDAY))
    document = only_file(bank, "camt.056", tmp_path)
    assert_valid("camt.056.001.08", document)
    message = camt056.read(document)
    assert isinstance(message, Recalls)
    [recall] = message.recalls
    assert not hasattr(recall, "faults")
    assert recall.ids.transaction_id == reference(order)
    assert recall.group is not None
    assert recall.group.message_id == sent_in
    assert recall.reasons[0].additional == ("paye deux fois",)
    take(bank, recall_answer_of(reference(order), status="PDCR"), WEDNESDAY)
    assert order_of(bank, account, order).status is OrderStatus.RECALL_ASKED
    take(bank, recall_answer_of(reference(order)), WEDNESDAY)
    assert (order_of(bank, account, order).status, balance(bank, account)) == (OrderStatus.DONE, 9_000)


def test_a_message_cut_off_by_a_crash_is_finished_by_the_same_file(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = open_account(bank, BRED)
    file = transfers_of(their_transfer(iban_of(bank, account)))
    post = Engine.post

    def crash_after_the_credit(self: Engine, commands: Sequence[Command]) -> list[Result]:
        answers = post(self, commands)
        if type(commands[0].ask).__name__ == "ReceiveTransfer":
            raise KeyboardInterrupt
        return answers

    with monkeypatch.context() as patch:
        patch.setattr(Engine, "post", crash_after_the_credit)
        with pytest.raises(KeyboardInterrupt):
            take(bank, file)
    assert balance(bank, account) == 10_000
    report = take(bank, file, WEDNESDAY)
    assert [(r.status, r.replayed) for r in report.results] == [("ACSC", True)]
    assert balance(bank, account) == 10_000
