"""A statement as an ISO 20022 account report, ready to be written as camt.053."""

import re
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from teneur.interbank import messages
from teneur.kernel.money import Currency, Language, Money, currency
from teneur.pricing.statements.statement import Line, Statement
from teneur.pricing.statements.texts import operation_label

_LONGEST_TEXT: Final = 140  # characters of a name and of one remittance line (ISO 20022 Max140Text)
_LONGEST_REFERENCE: Final = 35
_ISSUER: Final = "TENEUR"  # of our own codes, where the ISO list has none
_NOT_XML: Final = re.compile("[^\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DAY: Final = timedelta(days=1)
_SECOND: Final = timedelta(seconds=1)

# Code of the kind of operation: to the debit, to the credit. None: only our own code says it.
_CODES: Final[dict[str, tuple[messages.BankTransactionCode | None, messages.BankTransactionCode | None]]] = {
    "transfer-internal": (messages.INTERNAL_TRANSFER_ISSUED, messages.INTERNAL_TRANSFER_RECEIVED),
    "transfer-sepa": (messages.SEPA_TRANSFER_ISSUED, messages.SEPA_TRANSFER_RECEIVED),
    "transfer-instant": (messages.INSTANT_TRANSFER_ISSUED, messages.INSTANT_TRANSFER_RECEIVED),
    "transfer-local": (messages.DOMESTIC_TRANSFER_ISSUED, messages.DOMESTIC_TRANSFER_RECEIVED),
    "transfer-com-pacific": (messages.SEPA_TRANSFER_ISSUED, messages.SEPA_TRANSFER_RECEIVED),
    "transfer-international": (
        messages.CROSS_BORDER_TRANSFER_ISSUED,
        messages.CROSS_BORDER_TRANSFER_RECEIVED,
    ),
    "standing-order": (messages.STANDING_ORDER_ISSUED, None),
    "transfer-return": (messages.RECEIVED_TRANSFER_RETURNED, messages.ISSUED_TRANSFER_RETURNED),
    "cash": (messages.CASH_WITHDRAWAL, messages.CASH_DEPOSIT),
    "fee": (messages.FEES_DEBITED, None),
    "interest": (messages.INTEREST_DEBITED, messages.INTEREST_CREDITED),
    "interest-correction": (messages.INTEREST_DEBITED, messages.INTEREST_CREDITED),
}


def to_account_report(statement: Statement, language: Language = Language.FRENCH) -> messages.AccountReport:
    """The statement in the words of camt.053: the same lines in the same order, the same balances."""
    account = statement.account
    unit = currency(account.currency)
    zone = ZoneInfo(statement.zone)
    period = statement.period
    after = datetime.combine(period.last_day + _DAY, time(), zone)

    def balance(kind: messages.BalanceKind, minor: int, days_before: int) -> messages.Balance:
        on = (period.first_day if days_before else period.last_day) - days_before * _DAY
        return messages.Balance(kind=kind, amount=Money(minor, unit), on=on)

    return messages.AccountReport(
        id=f"STMT-{account.account}-{statement.number}",
        account=messages.Account(iban=account.iban, currency=unit),
        owner=messages.Party(name=_writable(", ".join(account.holders))[:_LONGEST_TEXT]),
        servicer=messages.Agent(bic=account.bic),
        created_at=statement.issued_at,
        sequence_number=statement.number,
        legal_sequence_number=statement.number,
        from_at=datetime.combine(period.first_day, time(), zone),
        to_at=(after.astimezone(UTC) - _SECOND).astimezone(zone),
        balances=(
            balance(messages.BalanceKind.OPENING_BOOKED, statement.opening_minor, 1),
            balance(messages.BalanceKind.CLOSING_BOOKED, statement.closing_minor, 0),
            balance(messages.BalanceKind.CLOSING_AVAILABLE, statement.available_minor, 0),
        ),
        entries=tuple(_entry(line, unit, language) for line in statement.lines),
    )


def _entry(line: Line, unit: Currency, language: Language) -> messages.ReportEntry:
    amount = Money(abs(line.amount_minor), unit)
    side = messages.Side.DEBIT if line.amount_minor < 0 else messages.Side.CREDIT
    reference = str(line.operation)
    return messages.ReportEntry(
        amount=amount,
        side=side,
        booked_on=line.booked_on,
        value_on=line.value_on,
        code=_code(line),
        reference=str(line.sequence),
        servicer_reference=reference,
        details=(_detail(line, amount, side),),
        information=_writable(
            operation_label(line.kind, line.label, line.amount_minor, language, line.event)
        ),
    )


def _writable(text: str) -> str:
    """The text on one line, with "\ufffd" for what XML 1.0 cannot hold (a customer may have typed it)."""
    return _NOT_XML.sub("\ufffd", " ".join(text.split()))


def _code(line: Line) -> messages.BankTransactionCode:
    debit, credit = _CODES.get(line.kind, (None, None))
    found = debit if line.amount_minor < 0 else credit
    return found or messages.BankTransactionCode(
        proprietary=line.kind[:_LONGEST_REFERENCE], proprietary_issuer=_ISSUER
    )


def _detail(line: Line, amount: Money, side: messages.Side) -> messages.EntryDetail:
    name = _writable(line.counterparty_name)[:_LONGEST_TEXT]
    party = messages.Party(name=name) if name else None
    iban = line.counterparty_iban
    other = messages.Account(iban=iban) if iban else None
    pays = side is messages.Side.DEBIT  # the customer pays: the other side is the creditor
    text = _writable(line.remittance)
    parts = tuple(text[at : at + _LONGEST_TEXT] for at in range(0, len(text), _LONGEST_TEXT))
    return messages.EntryDetail(
        references=messages.References(
            servicer_reference=str(line.operation),
            end_to_end_id=_writable(line.end_to_end_id)[:_LONGEST_REFERENCE] or messages.NOT_PROVIDED,
        ),
        amount=amount,
        side=side,
        creditor=party if pays else None,
        creditor_account=other if pays else None,
        debtor=None if pays else party,
        debtor_account=None if pays else other,
        remittance=messages.Remittance(unstructured=parts) if parts else None,
    )
