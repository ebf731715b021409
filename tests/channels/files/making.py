"""Files of customers of the test bank, and messages of other banks about them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import sepaxml
from tests.interbank.files import OTHER_IBAN, STRUCTURED
from tests.support.bank import ADVISER, BOOK, BRED, CURRENCY, MAIN_BRANCH, add_person, pay_in

from teneur.accounts.commands import OpenAccount
from teneur.bank import Bank
from teneur.channels.files.exporting import export_messages
from teneur.channels.files.importing import OTHER_BANK, import_file
from teneur.channels.files.reports import ImportReport
from teneur.interbank import camt029, camt056, pacs002, pacs004, pacs008
from teneur.interbank.answers import (
    Case,
    InterbankStatusReport,
    OriginalGroup,
    OriginalIds,
    OriginalTransaction,
    PaymentReturn,
    PaymentReturns,
    Recall,
    RecallAnswer,
    RecallAnswers,
    Recalls,
    TransactionStatus,
)
from teneur.interbank.messages import Account, Agent, Coded, Party, PaymentType, Reason
from teneur.interbank.payments import InterbankTransfer, InterbankTransfers, Settlement
from teneur.kernel.clock import instant
from teneur.kernel.commands import AccountId, Channel, Outcome, account_id
from teneur.kernel.money import Money, currency
from teneur.ledger.account import AccountKind

TUESDAY = "2026-05-05T10:00:00+02:00"
OTHER = Agent(bic="AGRIFRPPXXX")
MADE_AT = datetime(2026, 5, 5, 7, tzinfo=UTC)
CLEARING = Settlement(method="CLRG")
INSTANT = PaymentType(service_levels=(Coded(code="SEPA"),), local_instrument=Coded(code="INST"))


def open_with_files(bank: Bank, series: str = BRED, funds_minor: int = 0, *, files: bool = True) -> AccountId:
    """An account whose holder may send files, unless told otherwise."""
    ask = OpenAccount(
        kind=AccountKind.INDIVIDUAL,
        holders=(add_person(bank),),
        currency=CURRENCY[series],
        series=series,
        branch=MAIN_BRANCH,
        switched_on=(Channel.FILE,) if files else (),
    )
    answer = bank.ask(ask, account_id(BOOK, 0), actor=ADVISER, channel=Channel.BRANCH)
    assert answer.outcome is Outcome.ACCEPTED, answer
    account: AccountId = bank.decided(answer)["account"]
    if funds_minor:
        pay_in(bank, account, funds_minor)
    return account


def euro_orders(iban: str, *payments: dict[str, Any], message: str = "pain.001.001.09") -> bytes:
    """A file of sepaxml: each payment is a change of one of 10.50 euros on 5 May 2026."""
    writer = sepaxml.SepaTransfer(
        {"name": "Marie Dupont", "IBAN": iban, "BIC": "BREDFRPPXXX", "batch": True, "currency": "EUR"},
        schema=message,
        clean=True,
    )
    for number, changes in enumerate(payments or ({},)):
        payment = {
            "name": f"Fournisseur {number}",
            "IBAN": OTHER_IBAN,
            "BIC": "PSSTFRPPMON",
            "amount": 1050,
            "execution_date": date(2026, 5, 5),
            "description": f"Facture {number}",
            "endtoend_id": f"E2E-{number}",
            "address": STRUCTURED,
        }
        writer.add_payment({**payment, **changes})
    return bytes(writer.export(validate=True))


def send(bank: Bank, account: AccountId, file: bytes, at: str = TUESDAY, **more: Any) -> ImportReport:
    """The holder of the account sends a file."""
    return import_file(bank, file, sender=bank.account(account).holders[0], at=instant(at), **more)


def take(bank: Bank, file: bytes, at: str = TUESDAY, **more: Any) -> ImportReport:
    """Another bank sends a message."""
    return import_file(bank, file, sender=OTHER_BANK, at=instant(at), **more)


def only_file(bank: Bank, kind: str, folder: Path, at: str = TUESDAY) -> bytes:
    """The one file that the export of a kind writes."""
    [path] = export_messages(bank, BOOK, kind, folder, at=instant(at))
    return path.read_bytes()


def their_transfer(iban: str, amount: str = "100.00", code: str = "EUR", **changes: Any) -> InterbankTransfer:
    """A transfer of another bank to an account."""
    values: dict[str, Any] = {
        "end_to_end_id": "THEIRS-1",
        "transaction_id": "TX-1",
        "amount": money(amount, code),
        "charge_bearer": "SLEV",
        "settlement_on": date(2026, 5, 5),
        "debtor": Party(name="Atelier Durand"),
        "debtor_account": Account(iban="FR7630006000011234567890189"),
        "debtor_agent": OTHER,
        "creditor_agent": Agent(bic="BREDFRPPXXX"),
        "creditor": Party(name="Marie Dupont"),
        "creditor_account": Account(iban=iban),
    }
    return InterbankTransfer(**{**values, **changes})


def transfers_of(*transfers: InterbankTransfer, message_id: str = "MSG-1") -> bytes:
    """A pacs.008 of another bank."""
    return pacs008.write(
        InterbankTransfers(
            message_id=message_id,
            created_at=MADE_AT,
            settlement=CLEARING,
            settlement_on=transfers[0].settlement_on,
            instructing_agent=OTHER,
            transfers=transfers,
        )
    )


def money(amount: str, code: str = "EUR") -> Money:
    kind = currency(code)
    return Money(int(Decimal(amount).scaleb(kind.decimals)), kind)


def reasons_of(code: str, *words: str) -> tuple[Reason, ...]:
    return (Reason(reason=Coded(code=code), originator=Party(bic=OTHER.bic), additional=words),)


def status_of(reference: str, status: str, reason: str = "", message_id: str = "ST-1") -> bytes:
    """A pacs.002 about a transfer of ours."""
    one = TransactionStatus(
        status=status,
        ids=OriginalIds(transaction_id=reference),
        group=OriginalGroup(message_id="OURS", name="pacs.008.001.08"),
        reasons=reasons_of(reason) if reason else (),
    )
    return pacs002.write(InterbankStatusReport(message_id=message_id, created_at=MADE_AT, statuses=(one,)))


def returns_of(*items: tuple[str, str, str], on: date = date(2026, 5, 6)) -> bytes:
    """A pacs.004: (our reference, amount, reason) of each."""
    returns = tuple(
        PaymentReturn(
            return_id=f"RET-{number}",
            returned=money(amount),
            reasons=reasons_of(reason),
            ids=OriginalIds(transaction_id=reference),
            settlement_on=on,
        )
        for number, (reference, amount, reason) in enumerate(items)
    )
    return pacs004.write(
        PaymentReturns(
            message_id="RETURNS-1", created_at=MADE_AT, settlement=CLEARING, settlement_on=on, returns=returns
        )
    )


def recall_of(reason: str, *words: str, amount: str = "100.00", transaction_id: str = "TX-1") -> bytes:
    """A camt.056 about a transfer that we credited."""
    recall = Recall(
        recall_id="CXL-1",
        case=Case(id="CASE-1", creator=Party(bic=OTHER.bic)),
        group=OriginalGroup(message_id="MSG-1", name="pacs.008.001.08"),
        ids=OriginalIds(transaction_id=transaction_id, end_to_end_id="THEIRS-1"),
        original_amount=money(amount),
        original_settled_on=date(2026, 5, 5),
        reasons=reasons_of(reason, *words),
        original=OriginalTransaction(debtor_agent=OTHER),
    )
    us = Agent(bic="BREDFRPPXXX")
    return camt056.write(
        Recalls(id="RECALLS-1", assigner=OTHER, assignee=us, created_at=MADE_AT, recalls=(recall,))
    )


def recall_answer_of(reference: str, reason: str = "LEGL", status: str = "RJCR") -> bytes:
    """A camt.029 about a recall of ours."""
    answer = RecallAnswer(
        status=status, reasons=reasons_of(reason), ids=OriginalIds(transaction_id=reference)
    )
    return camt029.write(
        RecallAnswers(
            id="ANSWERS-1",
            assigner=OTHER,
            assignee=Agent(bic="BREDFRPPXXX"),
            created_at=MADE_AT,
            confirmation=status,
            answers=(answer,),
        )
    )


def outcomes(report: ImportReport) -> Sequence[tuple[str, str]]:
    """Status and reason of each transaction."""
    assert report.refusal is None, report.refusal
    return [(result.status, result.reason) for result in report.results]
