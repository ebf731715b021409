"""Messages between banks, and answers to customers: written, checked by the official schema, read back the
same.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from teneur.interbank import camt029, camt056, pacs002, pacs004, pacs008, pain001, pain002
from teneur.interbank.answers import (
    BatchStatus,
    CustomerStatusReport,
    GroupStatus,
    InterbankStatusReport,
    OriginalGroup,
    OriginalIds,
    PaymentReturn,
    PaymentReturns,
    Recall,
    RecallAnswers,
    Recalls,
    TransactionStatus,
)
from teneur.interbank.faults import FileRefusal, MessageError, fault
from teneur.interbank.messages import Account, Agent, Coded, OtherId, Party, PaymentType, Reason
from teneur.interbank.payments import FaultyTransaction, InterbankTransfer, InterbankTransfers, Settlement
from teneur.interbank.xml import Limits
from teneur.kernel.money import EUR, XPF, Money
from tests.interbank import strategies
from tests.interbank.files import file_of, transaction
from tests.interbank.schemas import assert_valid, required

AT = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
BRED, POSTE = Agent(bic="BREDFRPPXXX"), Agent(bic="PSSTFRPPMON")


def transfer(**changes: Any) -> InterbankTransfer:
    """An instant transfer of ten euro."""
    plain = InterbankTransfer(
        end_to_end_id="NOTPROVIDED",
        transaction_id="TX-1",
        amount=Money(1000, EUR),
        charge_bearer="SLEV",
        settlement_on=date(2026, 11, 25),
        payment_type=PaymentType(service_levels=(Coded(code="SEPA"),), local_instrument=Coded(code="INST")),
        accepted_at=datetime(2026, 11, 25, 9, 59, 59, 123_000, tzinfo=UTC),
        debtor=Party(name="Marie Curie"),
        debtor_account=Account(iban="FR7630006000011234567890189"),
        debtor_agent=BRED,
        creditor_agent=POSTE,
        creditor=Party(name="Pierre Curie"),
        creditor_account=Account(iban="FR1420041010050500013M02606"),
    )
    return replace(plain, **changes)


def message(*transfers: InterbankTransfer, **changes: Any) -> InterbankTransfers:
    """A message of these transfers."""
    plain = InterbankTransfers(
        message_id="M-1",
        created_at=AT,
        settlement=Settlement(method="CLRG", clearing_system=Coded(code="TIP")),
        settlement_on=date(2026, 11, 25),
        transfers=transfers or (transfer(),),
        instructing_agent=BRED,
        instructed_agent=POSTE,
    )
    return replace(plain, **changes)


CODECS: list[tuple[Any, st.SearchStrategy[Any]]] = [
    (pacs008, strategies.interbank_transfers),
    (pacs002, strategies.interbank_reports),
    (pacs004, strategies.returns),
    (camt056, strategies.recalls),
    (camt029, strategies.recall_answers),
    (pain002, strategies.customer_reports),
]


@pytest.mark.parametrize(("codec", "messages"), CODECS, ids=[codec.SCHEMA.name for codec, _ in CODECS])
def test_any_message_comes_back_as_it_was(codec: Any, messages: st.SearchStrategy[Any]) -> None:
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(messages)
    def round_trip(written: Any) -> None:
        document = codec.write(written)
        assert codec.read(document) == written
        assert codec.write(written) == document

    round_trip()


@pytest.mark.parametrize(("codec", "messages"), CODECS, ids=[codec.SCHEMA.name for codec, _ in CODECS])
def test_any_message_is_valid(codec: Any, messages: st.SearchStrategy[Any]) -> None:
    required(codec.SCHEMA.name)

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(messages)
    def valid(written: Any) -> None:
        assert_valid(codec.SCHEMA.name, codec.write(written))

    valid()


def test_count_sum_and_total_are_those_of_the_transfers() -> None:
    document = pacs008.write(message(transfer(), transfer(transaction_id="TX-2", amount=Money(5, EUR))))
    assert b"<NbOfTxs>2</NbOfTxs><CtrlSum>10.05</CtrlSum>" in document
    assert b'<TtlIntrBkSttlmAmt Ccy="EUR">10.05</TtlIntrBkSttlmAmt>' in document


def test_what_a_transfer_shares_with_its_message_is_written_once_and_read_on_both() -> None:
    shared = message(transfer(instructing_agent=BRED, instructed_agent=POSTE))
    document = pacs008.write(shared)
    assert document.count(b"<IntrBkSttlmDt>") == 1
    assert document.count(b"<InstgAgt>") == 1
    assert pacs008.read(document) == shared


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"<NbOfTxs>1<", b"<NbOfTxs>2<", "count-mismatch"),
        (b"<CtrlSum>10.00<", b"<CtrlSum>10.01<", "sum-mismatch"),
        (b"<CtrlSum>10.00<", b"<CtrlSum>9.99<", "sum-mismatch"),
        (b'<TtlIntrBkSttlmAmt Ccy="EUR">10.00<', b'<TtlIntrBkSttlmAmt Ccy="EUR">11.00<', "sum-mismatch"),
        (b'<TtlIntrBkSttlmAmt Ccy="EUR">', b'<TtlIntrBkSttlmAmt Ccy="USD">', "currency-mismatch"),
        (b"<SttlmMtd>CLRG<", b"<SttlmMtd>NONE<", "code-unknown"),
        (b"<MsgId>M-1</MsgId>", b"", "element-missing"),
    ],
)
def test_a_message_whose_whole_does_not_add_up_is_refused_whole(old: bytes, new: bytes, code: str) -> None:
    document = pacs008.write(message())
    assert document.count(old) == 1
    result = pacs008.read(document.replace(old, new))
    assert isinstance(result, FileRefusal)
    assert result.first.code == code


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"<ChrgBr>SLEV</ChrgBr>", b"", "element-missing"),
        (b"<IBAN>FR14", b"<IBAN>??14", "iban-invalid"),
        (b"<TxId>TX-1</TxId>", b"<TxId></TxId>", "text-empty"),
        (b"T09:59:59.123Z", b"T25:59:59Z", "time-invalid"),
    ],
)
def test_a_bad_transfer_of_another_bank_is_faulty_alone(old: bytes, new: bytes, code: str) -> None:
    document = pacs008.write(message(transfer(), transfer(end_to_end_id="OTHER")))
    result = pacs008.read(document.replace(old, new, 1))
    assert isinstance(result, InterbankTransfers)
    first, second = result.transfers
    assert isinstance(first, FaultyTransaction)
    assert [item.code for item in first.faults] == [code]
    assert (first.position, first.end_to_end_id, first.amount) == (1, "NOTPROVIDED", Money(1000, EUR))
    assert isinstance(second, InterbankTransfer)


def test_a_transfer_without_settlement_day_or_payee_account_is_faulty() -> None:
    document = pacs008.write(message())
    bare = document.replace(b"<IntrBkSttlmDt>2026-11-25</IntrBkSttlmDt>", b"").replace(
        b"<CdtrAcct><Id><IBAN>FR1420041010050500013M02606</IBAN></Id></CdtrAcct>", b""
    )
    assert_valid("pacs.008.001.08", bare)  # the standard allows both
    result = pacs008.read(bare)
    assert isinstance(result, InterbankTransfers)
    [item] = result.transfers
    assert isinstance(item, FaultyTransaction)
    assert [one.code for one in item.faults] == ["element-missing", "creditor-account-missing"]


def test_francs_are_written_without_decimals() -> None:
    document = pacs008.write(message(transfer(amount=Money(15_000, XPF))))
    assert_valid("pacs.008.001.08", document)
    assert b'<IntrBkSttlmAmt Ccy="XPF">15000</IntrBkSttlmAmt>' in document


def test_a_bank_of_which_nothing_is_known_is_written_as_not_provided() -> None:
    document = pacs008.write(message(transfer(creditor_agent=Agent())))
    assert_valid("pacs.008.001.08", document)
    result = pacs008.read(document)
    assert isinstance(result, InterbankTransfers)
    [item] = result.transfers
    assert isinstance(item, InterbankTransfer)
    assert item.creditor_agent == Agent(other=OtherId(id="NOTPROVIDED"))


@pytest.mark.parametrize(
    "broken",
    [
        transfer(charge_bearer=""),
        transfer(charge_bearer="NONE"),
        transfer(amount=Money(-1, EUR)),
        transfer(debtor=Party()),
        transfer(creditor_account=Account(iban="FR14", other=OtherId(id="X"))),
        transfer(end_to_end_id="x" * 36),
        transfer(debtor=Party(name="bell\x07")),
        transfer(accepted_at=datetime(2026, 11, 25)),  # noqa: DTZ001 (the point of the case)
        transfer(uetr="not-a-uuid"),
        transfer(purpose=Coded(code="A", proprietary="B")),
    ],
)
def test_a_message_that_the_standard_forbids_is_never_written(broken: InterbankTransfer) -> None:
    with pytest.raises(MessageError, match=r"pacs\.008\.001\.08"):
        pacs008.write(message(broken))


def test_two_currencies_or_no_transfer_make_no_message() -> None:
    with pytest.raises(MessageError, match="one currency"):
        pacs008.write(message(transfer(), transfer(amount=Money(1, XPF))))
    with pytest.raises(MessageError, match="one currency"):
        pacs008.write(replace(message(), transfers=()))


def test_an_instant_transfer_is_rejected_with_one_reason() -> None:
    group = OriginalGroup(message_id="M-1", name="pacs.008.001.08")
    status = TransactionStatus(
        status="RJCT",
        group=group,
        ids=OriginalIds(end_to_end_id="NOTPROVIDED", transaction_id="TX-1"),
        reasons=(Reason(reason=Coded(code="AC04"), originator=Party(bic="PSSTFRPPMON")),),
    )
    report = InterbankStatusReport(message_id="S-1", created_at=AT, statuses=(status,))
    document = pacs002.write(report)
    assert_valid("pacs.002.001.10", document)
    assert b"<TxSts>RJCT</TxSts>" in document
    assert pacs002.read(document) == report


def test_a_return_of_another_amount_than_it_says_is_refused_whole() -> None:
    returned = PaymentReturn(
        returned=Money(1000, EUR),
        reasons=(Reason(reason=Coded(code="AC04")),),
        ids=OriginalIds(transaction_id="TX-1"),
        original_amount=Money(1000, EUR),
        settlement_on=date(2026, 11, 26),
    )
    returns = PaymentReturns(
        message_id="R-1", created_at=AT, settlement=Settlement(method="CLRG"), returns=(returned,)
    )
    document = pacs004.write(returns)
    assert pacs004.read(document) == returns
    total = b'<TtlRtrdIntrBkSttlmAmt Ccy="EUR">10.00<'
    assert total in document
    refused = pacs004.read(document.replace(total, total.replace(b"10.00", b"10.01")))
    assert isinstance(refused, FileRefusal)
    assert refused.first.code == "sum-mismatch"


def test_the_recall_of_a_whole_group_is_refused() -> None:
    recall = Recall(reasons=(Reason(reason=Coded(code="DUPL")),), ids=OriginalIds(transaction_id="TX-1"))
    document = camt056.write(
        Recalls(id="C-1", assigner=BRED, assignee=POSTE, created_at=AT, recalls=(recall,))
    )
    start, end = document.index(b"<TxInf>"), document.index(b"</Undrlyg>")
    group = b"<OrgnlGrpInfAndCxl><OrgnlMsgId>M-1</OrgnlMsgId><OrgnlMsgNmId>pacs.008.001.08</OrgnlMsgNmId>"
    whole = document[:start] + group + b"<GrpCxl>true</GrpCxl></OrgnlGrpInfAndCxl>" + document[end:]
    assert_valid("camt.056.001.08", whole)
    refused = camt056.read(whole)
    assert isinstance(refused, FileRefusal)
    assert refused.first.code == "group-recall"


def test_a_faulty_recall_is_told_apart_from_the_good_ones() -> None:
    recall = Recall(reasons=(Reason(reason=Coded(code="FRAD")),), ids=OriginalIds(transaction_id="TX-1"))
    other = replace(recall, ids=OriginalIds(transaction_id="TX-2"))
    document = camt056.write(
        Recalls(id="C-1", assigner=BRED, assignee=POSTE, created_at=AT, recalls=(recall, other))
    )
    result = camt056.read(document.replace(b"<Cd>FRAD<", b"<Cd>FRAUD<", 1))
    assert isinstance(result, Recalls)
    bad, good = result.recalls
    assert isinstance(bad, FaultyTransaction)
    assert (bad.transaction_id, [item.code for item in bad.faults]) == ("TX-1", ["text-too-long"])
    assert good == other


def test_a_customer_is_told_of_each_transaction_its_status_and_reason_and_how_many_of_each() -> None:
    wrong = fault("usage-iban", "check-digits", path="CdtrAcct/Id/IBAN", value="FR00")
    bank = Party(bic="BREDFRPPXXX")
    statuses = (
        TransactionStatus(
            status="RJCT", ids=OriginalIds(end_to_end_id="A"), reasons=(pain002.reason_of(wrong, bank),)
        ),
        TransactionStatus(status="ACSP", ids=OriginalIds(end_to_end_id="B")),
        TransactionStatus(status="ACSP", ids=OriginalIds(end_to_end_id="C")),
    )
    report = CustomerStatusReport(
        message_id="P-1",
        created_at=AT,
        group=GroupStatus(
            group=OriginalGroup(message_id="M-1", name="pain.001.001.09"), transactions=3, status="PART"
        ),
        batches=(BatchStatus(id="L-1", status="PART", statuses=statuses),),
    )
    document = pain002.write(report)
    assert_valid("pain.002.001.10", document)
    assert b"<DtldNbOfTxs>2</DtldNbOfTxs><DtldSts>ACSP</DtldSts>" in document
    assert b"<DtldNbOfTxs>1</DtldNbOfTxs><DtldSts>RJCT</DtldSts>" in document
    assert b"<Rsn><Cd>AC03</Cd></Rsn><AddtlInf>IBAN: IBAN faux (check-digits)</AddtlInf>" in document
    assert pain002.read(document) == report


def test_a_refused_file_and_a_faulty_transaction_are_answered_with_their_reasons() -> None:
    bank = Party(bic="BREDFRPPXXX")
    refusal = pain001.read(file_of(transaction(), count=2))
    assert isinstance(refusal, FileRefusal)
    answer = pain002.refused_file(refusal, "P-2", AT, bank)
    document = pain002.write(answer)
    assert_valid("pain.002.001.10", document)
    assert b"<OrgnlMsgId>M-1</OrgnlMsgId>" in document
    assert b"<GrpSts>RJCT</GrpSts>" in document
    assert b"<Cd>FF10</Cd>" in document
    nothing = pain001.read(b"nothing")
    assert isinstance(nothing, FileRefusal)
    assert b"<OrgnlMsgId>NOTPROVIDED</OrgnlMsgId>" in pain002.write(
        pain002.refused_file(nothing, "P-3", AT, bank)
    )
    faulty = FaultyTransaction(position=1, line=1, faults=(fault("amount-zero"),), end_to_end_id="A")
    status = pain002.rejected(faulty, bank)
    assert (status.status, status.ids.end_to_end_id) == ("RJCT", "A")
    assert [item.reason for item in status.reasons] == [Coded(code="AM01")]


def test_a_file_that_breaks_off_after_its_header_is_refused_under_its_name() -> None:
    whole = file_of(transaction(), transaction())
    cut = pain001.read(whole[: whole.index(b"<PmtInf>") + 20] + b"<x>" * 40_000)
    assert isinstance(cut, FileRefusal)
    assert (cut.first.code, cut.message_id) == ("file-not-xml", "M-1")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b'<RtrdIntrBkSttlmAmt Ccy="EUR">10.00<', b'<RtrdIntrBkSttlmAmt Ccy="EUR">0.00<', "amount-zero"),
        (b"<IntrBkSttlmDt>2026-11-26</IntrBkSttlmDt>", b"", "element-missing"),
    ],
)
def test_a_return_that_cannot_be_booked_is_faulty(old: bytes, new: bytes, code: str) -> None:
    returned = PaymentReturn(returned=Money(1000, EUR), reasons=(), settlement_on=date(2026, 11, 26))
    other = replace(returned, return_id="R-2", settlement_on=date(2026, 11, 27))
    returns = PaymentReturns(
        message_id="R-1", created_at=AT, settlement=Settlement(method="CLRG"), returns=(returned, other)
    )
    document = pacs004.write(returns).replace(old, new, 1)
    document = document.replace(b"<CtrlSum>20.00</CtrlSum>", b"").replace(
        b'<TtlRtrdIntrBkSttlmAmt Ccy="EUR">20.00</TtlRtrdIntrBkSttlmAmt>', b""
    )
    result = pacs004.read(document)
    assert isinstance(result, PaymentReturns)
    bad, good = result.returns
    assert isinstance(bad, FaultyTransaction)
    assert [item.code for item in bad.faults] == [code]
    assert good == other


def test_the_bound_of_transactions_holds_for_small_messages_too() -> None:
    status = TransactionStatus(status="ACCC", ids=OriginalIds(transaction_id="TX-1"))
    report = InterbankStatusReport(message_id="S-1", created_at=AT, statuses=(status,) * 3)
    document = pacs002.write(report)
    assert pacs002.read(document, Limits(transactions=3)) == report
    refusal = pacs002.read(document, Limits(transactions=2))
    assert isinstance(refusal, FileRefusal)
    assert refusal.first.code == "file-too-many"


def test_a_small_message_that_is_refused_keeps_its_name() -> None:
    status = TransactionStatus(status="ACCC", ids=OriginalIds(transaction_id="TX-1"))
    report = InterbankStatusReport(message_id="S-1", created_at=AT, statuses=(status,))
    refusal = pacs002.read(pacs002.write(report).replace(b"<CreDtTm>", b"<CreDtTm>x"))
    assert isinstance(refusal, FileRefusal)
    assert (refusal.first.code, refusal.message_id) == ("time-invalid", "S-1")


def test_words_longer_than_a_line_of_the_answer_go_on_in_the_next() -> None:
    long = replace(fault("creditor-missing"), french="é" * 250)
    assert [len(line) for line in pain002.reason_of(long, Party(bic="BREDFRPP")).additional] == [105, 105, 40]


@pytest.mark.parametrize(
    ("write", "message_of"),
    [
        (pacs008.write, lambda bad: replace(message(), transfers=(bad,))),
        (
            pacs002.write,
            lambda bad: InterbankStatusReport(message_id="S", created_at=AT, statuses=(bad,)),
        ),
        (
            camt029.write,
            lambda bad: RecallAnswers(
                id="A", assigner=BRED, assignee=POSTE, created_at=AT, confirmation="RJCR", answers=(bad,)
            ),
        ),
    ],
    ids=["pacs008", "pacs002", "camt029"],
)
def test_a_faulty_transaction_is_never_sent_on(
    write: Callable[[Any], bytes], message_of: Callable[[FaultyTransaction], Any]
) -> None:
    with pytest.raises(MessageError, match="faulty"):
        write(message_of(FaultyTransaction(position=1, line=1, faults=())))
