"""Customers' files of transfers: third-party files, good and faulty transactions, counts and sums."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teneur.interbank import pain001
from teneur.interbank.faults import FileRefusal
from teneur.interbank.messages import Coded, Party
from teneur.interbank.payments import (
    CustomerTransferFile,
    FaultyTransaction,
    FileHeader,
    PaymentBatch,
    TransferInstruction,
)
from teneur.interbank.xml import Limits
from teneur.kernel.money import EUR, XPF, Money
from tests.interbank.files import OTHER_IBAN, euro_file, file_of, franc_file, transaction
from tests.interbank.schemas import assert_valid, is_valid


def good(source: bytes) -> CustomerTransferFile:
    """The file, which must have been accepted."""
    result = pain001.read(source)
    assert isinstance(result, CustomerTransferFile), result
    return result


def refusal(source: bytes, limits: Limits | None = None) -> FileRefusal:
    """The refusal of the file whole."""
    result = pain001.read(source, limits) if limits else pain001.read(source)
    assert isinstance(result, FileRefusal), result
    return result


def only(source: bytes) -> TransferInstruction | FaultyTransaction:
    """The one transaction of an accepted file."""
    [batch] = good(source).batches
    [item] = batch.transfers
    return item


def faults_of(source: bytes) -> list[str]:
    """The codes of the faults of the one transaction."""
    item = only(source)
    assert isinstance(item, FaultyTransaction), item
    return [fault.code for fault in item.faults]


@pytest.mark.parametrize("version", ["pain.001.001.09", "pain.001.001.03"])
def test_a_euro_file_of_sepaxml_is_read_as_it_was_asked(version: str) -> None:
    source = euro_file(3, version)
    assert_valid(version, source)
    read = good(source)
    assert (read.header.version, read.header.transactions) == (version, 3)
    assert read.header.control_sum == Decimal("31.53")
    [batch] = read.batches
    assert (batch.execution_on, batch.batch_booking, batch.charge_bearer) == (date(2026, 12, 1), True, "SLEV")
    assert batch.debtor_agent.bic == "BREDFRPPXXX"
    assert [transfer.position for transfer in batch.transfers] == [1, 2, 3]
    first = batch.transfers[0]
    assert isinstance(first, TransferInstruction)
    assert first.amount == Money(1050, EUR)
    assert first.end_to_end_id == "E2E-0"
    assert first.creditor_account.iban == OTHER_IBAN
    assert first.creditor_agent is not None
    assert first.creditor_agent.bic == "PSSTFRPPMON"
    assert first.creditor.address is not None
    assert (first.creditor.address.town, first.creditor.address.country) == ("Paris", "FR")
    assert first.payment_type is not None
    assert first.payment_type.service_levels == (Coded(code="SEPA"),)
    assert first.remittance is not None
    assert first.remittance.unstructured == ("Facture 0",)


def test_a_file_of_pacific_francs_with_two_decimals_of_zero_is_whole_francs() -> None:
    source = franc_file(("15000", "2500"))
    assert_valid("pain.001.001.09", source)
    assert b'Ccy="XPF">15000.00<' in source
    [batch] = good(source).batches
    amounts = [item.amount for item in batch.transfers]
    assert amounts == [Money(15_000, XPF), Money(2_500, XPF)]


def test_half_a_pacific_franc_is_a_fault_of_its_transaction_alone() -> None:
    [batch] = good(franc_file(("15000", "2500.50"))).batches
    first, second = batch.transfers
    assert isinstance(first, TransferInstruction)
    assert isinstance(second, FaultyTransaction)
    assert [(fault.code, fault.iso) for fault in second.faults] == [("amount-decimals", "CH20")]
    assert second.end_to_end_id == "XPF-2"


def test_a_bad_transaction_is_answered_alone_with_place_line_and_reason() -> None:
    bad = transaction(
        PmtId="<PmtId><InstrId>I-2</InstrId><EndToEndId>B</EndToEndId></PmtId>",
        CdtrAcct="\n<CdtrAcct><Id><IBAN>fr14</IBAN></Id></CdtrAcct>",
    )
    [batch] = good(file_of(transaction(), bad, transaction())).batches
    kinds = [type(item) for item in batch.transfers]
    assert kinds == [TransferInstruction, FaultyTransaction, TransferInstruction]
    item = batch.transfers[1]
    assert isinstance(item, FaultyTransaction)
    assert (item.position, item.instruction_id, item.end_to_end_id) == (2, "I-2", "B")
    assert item.amount == Money(1000, EUR)
    [fault] = item.faults
    assert (fault.code, fault.iso, fault.line) == ("iban-invalid", "AC03", 2)
    assert fault.path == "CstmrCdtTrfInitn/PmtInf/CdtTrfTxInf/CdtrAcct/Id/IBAN"


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"PmtId": ""}, ["element-missing"]),
        ({"PmtId": f"<PmtId><EndToEndId>{'x' * 36}</EndToEndId></PmtId>"}, ["text-too-long"]),
        ({"PmtId": "<PmtId><EndToEndId>  </EndToEndId></PmtId>"}, ["text-empty"]),
        ({"PmtId": "<PmtId><EndToEndId>A</EndToEndId><UETR>no</UETR></PmtId>"}, ["uetr-invalid"]),
        ({"Amt": ""}, ["element-missing"]),
        ({"Amt": '<Amt><InstdAmt Ccy="EUR">0.00</InstdAmt></Amt>'}, ["amount-zero"]),
        ({"Amt": '<Amt><InstdAmt Ccy="EUR">-1.00</InstdAmt></Amt>'}, ["amount-invalid"]),
        ({"Amt": '<Amt><InstdAmt Ccy="EUR">1,00</InstdAmt></Amt>'}, ["amount-invalid"]),
        ({"Amt": '<Amt><InstdAmt Ccy="EUR">1e2</InstdAmt></Amt>'}, ["amount-invalid"]),
        ({"Amt": '<Amt><InstdAmt Ccy="EUR">1.005</InstdAmt></Amt>'}, ["amount-decimals"]),
        ({"Amt": '<Amt><InstdAmt Ccy="XXZ">1.00</InstdAmt></Amt>'}, ["currency-unknown"]),
        ({"Amt": "<Amt><InstdAmt>1.00</InstdAmt></Amt>"}, ["currency-unknown"]),
        ({"Amt": '<Amt><InstdAmt Ccy="EUR">99999999999999999</InstdAmt></Amt>'}, ["amount-too-large"]),
        ({"Cdtr": ""}, ["creditor-missing"]),
        ({"Cdtr": "<Cdtr/>"}, ["creditor-missing"]),
        ({"CdtrAcct": ""}, ["creditor-account-missing"]),
        ({"CdtrAcct": "<CdtrAcct><Id/></CdtrAcct>"}, ["element-choice"]),
        ({"CdtrAgt": "<CdtrAgt><FinInstnId><BICFI>SHORT</BICFI></FinInstnId></CdtrAgt>"}, ["bic-invalid"]),
        ({"RmtInf": f"<RmtInf><Ustrd>{'x' * 141}</Ustrd></RmtInf>"}, ["text-too-long"]),
        ({"RmtInf": "<Unknown/>"}, ["element-not-admitted"]),
        ({"RgltryRptg": "<ChrgBr>SLEV</ChrgBr>"}, ["element-not-admitted"]),  # known, but out of order
        ({"Cdtr": "<Cdtr><Nm>A</Nm><Nm>B</Nm></Cdtr>"}, ["element-repeated"]),
        ({"Cdtr": "<Cdtr><Nm>A<b/>B</Nm></Cdtr>"}, ["element-not-admitted"]),
        ({"Cdtr": "<Cdtr>junk<Nm>A</Nm></Cdtr>"}, ["text-not-admitted"]),
        ({"Cdtr": '<Cdtr><Nm xmlns="urn:other">A</Nm></Cdtr>'}, ["element-not-admitted", "creditor-missing"]),
    ],
)
def test_what_makes_a_transaction_faulty(changes: dict[str, str], codes: list[str]) -> None:
    assert faults_of(file_of(transaction(**changes))) == codes


def test_an_equivalent_amount_is_refused_with_its_reason() -> None:
    amount = '<Amt><EqvtAmt><Amt Ccy="EUR">10.00</Amt><CcyOfTrf>USD</CcyOfTrf></EqvtAmt></Amt>'
    source = file_of(transaction(Amt=amount), control_sum="10.00")
    assert faults_of(source) == ["equivalent-amount"]


@pytest.mark.parametrize("length", [34, 35])
def test_a_text_may_be_as_long_as_the_standard_says(length: int) -> None:
    source = file_of(transaction(PmtId=f"<PmtId><EndToEndId>{'é' * length}</EndToEndId></PmtId>"))
    item = only(source)
    assert isinstance(item, TransferInstruction)
    assert len(item.end_to_end_id) == length


def test_regulatory_reporting_and_supplementary_data_are_passed_over() -> None:
    report = "<RgltryRptg><Dtls><Tp>X</Tp><Amt Ccy='EUR'>1</Amt></Dtls></RgltryRptg>"
    assert isinstance(only(file_of(transaction(RgltryRptg=report))), TransferInstruction)


def test_what_stands_on_the_batch_holds_for_its_transfers_unless_they_say_otherwise() -> None:
    batch = "<PmtTpInf><SvcLvl><Cd>SEPA</Cd></SvcLvl></PmtTpInf>"
    party = "<UltmtDbtr><Nm>{}</Nm></UltmtDbtr><ChrgBr>{}</ChrgBr>"
    tail = "<ChrgBr>{1}</ChrgBr><UltmtDbtr><Nm>{0}</Nm></UltmtDbtr>"
    own = "<PmtId><EndToEndId>A</EndToEndId></PmtId><PmtTpInf><LclInstrm><Cd>INST</Cd></LclInstrm></PmtTpInf>"
    amount = '<Amt><InstdAmt Ccy="EUR">10.00</InstdAmt></Amt>'
    other = transaction(PmtId=own, Amt=amount + tail.format("Bob", "SHAR"))
    source = file_of(transaction(), other, batch=batch).replace(
        b"</DbtrAgt>", b"</DbtrAgt>" + party.format("Alice", "SLEV").encode()
    )
    [read] = good(source).batches
    first, second = read.transfers
    assert isinstance(first, TransferInstruction)
    assert isinstance(second, TransferInstruction)
    assert first.payment_type is not None
    assert first.payment_type.service_levels == (Coded(code="SEPA"),)
    assert second.payment_type is not None
    assert second.payment_type.local_instrument == Coded(code="INST")
    assert (first.charge_bearer, second.charge_bearer) == ("SLEV", "SHAR")
    assert (first.ultimate_debtor, second.ultimate_debtor) == (Party(name="Alice"), Party(name="Bob"))


def test_a_requested_moment_keeps_its_day_and_its_offset() -> None:
    source = file_of(transaction()).replace(b"<Dt>2026-11-26</Dt>", b"<DtTm>2026-11-26T23:59:59+11:00</DtTm>")
    [batch] = good(source).batches
    assert batch.execution_on == date(2026, 11, 26)
    assert batch.execution_at == datetime(2026, 11, 26, 23, 59, 59, tzinfo=timezone(timedelta(hours=11)))


def test_the_header_tells_the_moment_with_its_offset() -> None:
    header = good(file_of(transaction())).header
    assert header.created_at == datetime(2026, 11, 25, 8, tzinfo=UTC)


# ---------------------------------------------------------------- counts and sums


def test_a_wrong_number_of_transactions_refuses_the_file_whole() -> None:
    refused = refusal(file_of(transaction(), transaction(), count=3))
    assert (refused.first.code, refused.first.iso, refused.message_id) == ("count-mismatch", "FF10", "M-1")
    assert refused.first.english == "there are 2 transactions, the file says 3"


def test_a_wrong_control_sum_refuses_the_file_whole() -> None:
    refused = refusal(file_of(transaction(), transaction(), control_sum="20.01"))
    assert refused.first.code == "sum-mismatch"
    assert isinstance(
        pain001.read(file_of(transaction(), transaction(), control_sum="20.00")), CustomerTransferFile
    )


@pytest.mark.parametrize(
    ("batch", "code"),
    [("<NbOfTxs>2</NbOfTxs>", "count-mismatch"), ("<CtrlSum>9.99</CtrlSum>", "sum-mismatch")],
)
def test_a_wrong_count_or_sum_of_a_batch_refuses_the_file_whole(batch: str, code: str) -> None:
    assert refusal(file_of(transaction(), batch=batch)).first.code == code


def test_a_faulty_transaction_still_counts_in_number_and_sum() -> None:
    source = file_of(transaction(), transaction(Cdtr=""), control_sum="20")
    assert isinstance(pain001.read(source), CustomerTransferFile)
    assert (
        refusal(file_of(transaction(), transaction(Cdtr=""), control_sum="10")).first.code == "sum-mismatch"
    )


def test_an_unreadable_amount_leaves_the_sum_unproven_but_not_the_count() -> None:
    bad = transaction(Amt='<Amt><InstdAmt Ccy="EUR">ten</InstdAmt></Amt>')
    assert isinstance(pain001.read(file_of(transaction(), bad, control_sum="20.00")), CustomerTransferFile)
    assert refusal(file_of(transaction(), bad, count=1, control_sum="20.00")).first.code == "count-mismatch"


def test_a_file_read_twice_is_the_same_file_twice() -> None:
    source = euro_file()
    assert pain001.read(source) == pain001.read(source)


# ---------------------------------------------------------------- the structure of the file


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("<MsgId>M-1</MsgId>", "", "element-missing"),
        ("<MsgId>M-1</MsgId>", f"<MsgId>{'x' * 36}</MsgId>", "text-too-long"),
        ("<PmtMtd>TRF</PmtMtd>", "<PmtMtd>CHK</PmtMtd>", "method-unsupported"),
        ("<PmtMtd>TRF</PmtMtd>", "<PmtMtd>DD</PmtMtd>", "code-unknown"),
        ("<Dt>2026-11-26</Dt>", "<Dt>2026-02-29</Dt>", "date-invalid"),
        ("<Dt>2026-11-26</Dt>", "", "element-choice"),
        ("<Dbtr><Nm>Durand</Nm></Dbtr>", "", "element-missing"),
        ("2026-11-25T09:00:00+01:00", "25/11/2026", "time-invalid"),
        ("<InitgPty>", "<Extra/><InitgPty>", "element-not-admitted"),
        ("</GrpHdr>", "</GrpHdr><Stray/>", "element-not-admitted"),
        ("</CdtTrfTxInf></PmtInf>", "</CdtTrfTxInf><Stray/></PmtInf>", "element-not-admitted"),
        ("</PmtInf></CstmrCdtTrfInitn>", "</PmtInf><Stray/></CstmrCdtTrfInitn>", "element-not-admitted"),
        ("</CstmrCdtTrfInitn>", "</CstmrCdtTrfInitn><CstmrCdtTrfInitn/>", "element-missing"),
        ("pain.001.001.09", "pain.001.001.11", "file-unknown-message"),
        ("pain.001.001.09", "pain.008.001.08", "file-unknown-message"),
        ("CstmrCdtTrfInitn", "Other", "element-missing"),
    ],
)
def test_a_wrong_structure_refuses_the_file_whole(old: str, new: str, code: str) -> None:
    source = file_of(transaction()).decode()
    assert old in source
    assert refusal(source.replace(old, new).encode()).first.code == code


def test_a_stray_element_between_transactions_refuses_the_file_whole() -> None:
    many = [transaction() for _ in range(2000)]
    source = file_of(*many[:1000], "<Stray/>", *many[1000:], count=2000)
    assert refusal(source).first.code == "element-not-admitted"


def test_a_file_without_transactions_is_refused() -> None:
    assert refusal(file_of(count=0)).first.code == "element-missing"


def test_a_transaction_hidden_in_supplementary_data_is_not_a_transaction() -> None:
    hidden = f"<SplmtryData><Envlp>{transaction()}</Envlp></SplmtryData>"
    inside = transaction().replace("</CdtTrfTxInf>", f"{hidden}</CdtTrfTxInf>")
    [batch] = good(file_of(inside)).batches
    assert len(batch.transfers) == 1


def test_comments_do_not_cut_a_name_in_two() -> None:
    item = only(
        file_of(transaction(Cdtr="<Cdtr><Nm>Marie<!-- x --> <![CDATA[Curie & Co]]><?pi x?></Nm></Cdtr>"))
    )
    assert isinstance(item, TransferInstruction)
    assert item.creditor.name == "Marie Curie & Co"


def test_the_stream_gives_header_batch_and_transfers_in_the_order_of_the_file() -> None:
    kinds = [type(item) for item in pain001.stream(BytesIO(euro_file(2)))]
    assert kinds == [FileHeader, PaymentBatch, TransferInstruction, TransferInstruction]


@given(st.integers(1, 10**15), st.sampled_from(["", "0", "000"]))
def test_an_amount_is_read_to_the_cent_whatever_its_size(cents: int, zeros: str) -> None:
    text = f"{cents // 100}.{cents % 100:02d}{zeros}"
    item = only(
        file_of(transaction(Amt=f'<Amt><InstdAmt Ccy="EUR">{text}</InstdAmt></Amt>'), control_sum=text)
    )
    assert isinstance(item, TransferInstruction)
    assert item.amount == Money(cents, EUR)


@given(st.text(min_size=1, max_size=150))
def test_whatever_the_schema_says_of_a_text_the_reader_says_too(text: str) -> None:
    from xml.sax.saxutils import escape

    source = file_of(transaction(RmtInf=f"<RmtInf><Ustrd>{escape(text)}</Ustrd></RmtInf>"), head="")
    result = pain001.read(source)
    if isinstance(result, FileRefusal):
        assert result.first.code in ("file-not-xml", "file-encoding", "file-dtd")
        return
    accepted = isinstance(result.batches[0].transfers[0], TransferInstruction)
    # stricter than the schema in one thing: a text of nothing but white space says nothing
    assert accepted == (is_valid("pain.001.001.09", source) and bool(text.strip()))
