"""Messages of other banks about single transfers: confirmations, returns, recalls and their answers.

A transaction of ours is known by the number that we gave it when it was sent: book and position of its order.
One of theirs is known by the key under which it was credited (`keys.received_key`).
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from types import ModuleType
from typing import Any, BinaryIO, Final
from uuid import UUID

import msgspec

from teneur.bank import Bank
from teneur.channels.files import arriving
from teneur.channels.files.intake import refusal
from teneur.channels.files.keys import key_of, received_key
from teneur.channels.files.reports import REJECTED, ItemResult, Progress
from teneur.channels.files.steps import DONE, MOST, Step, posted
from teneur.interbank import camt029, camt056, pacs002, pacs004, pacs008
from teneur.interbank.answers import (
    InterbankStatusReport,
    OriginalIds,
    PaymentReturn,
    PaymentReturns,
    Recall,
    RecallAnswer,
    RecallAnswers,
    Recalls,
    TransactionStatus,
)
from teneur.interbank.answers import OriginalGroup as Group
from teneur.interbank.faults import Fault, FileRefusal
from teneur.interbank.messages import Reason
from teneur.interbank.payments import FaultyTransaction
from teneur.interbank.xml import SMALL, Limits
from teneur.kernel.clock import business_date
from teneur.kernel.commands import AccountId, Ask, Channel, Command, account_id
from teneur.ledger.account import LARGEST_POSITION, LAST_BOOK, load_accounts
from teneur.ledger.chart import Role, own_account
from teneur.payments.transfers.commands import (
    ConfirmInstant,
    ReceiveRecall,
    ReceiveRecallAnswer,
    ReceiveReturn,
    SettleTransfer,
)
from teneur.payments.transfers.decisions.returns import ground_of_recall
from teneur.payments.transfers.facts import OrderStatus, TransferOrder, load_orders
from teneur.payments.transfers.message_files import ReceivedFile
from teneur.payments.transfers.messages import CREDIT_TRANSFER
from teneur.storage.sql import load

SQL = load("teneur.channels.files")
Whole = InterbankStatusReport | PaymentReturns | Recalls | RecallAnswers
_READERS: Final[Mapping[str, ModuleType]] = {m.SCHEMA.name: m for m in (pacs002, pacs004, camt056, camt029)}
MESSAGES: Final = (pacs008.SCHEMA.name, *_READERS)
_REFERENCE: Final = re.compile(r"(\d{1,7})-(\d{1,19})", re.ASCII)
_POSITIVE: Final = frozenset({"ACCP", "ACSC", "ACCC", "ACWC"})
_SETTLED: Final = frozenset({"ACSC", "ACCC"})
UNKNOWN_ORIGINAL: Final = "NOOR"
FROM_NOWHERE: Final = ("Aucun virement de cette banque ne porte cette référence.",)


class Checked(msgspec.Struct, frozen=True):
    """A message that was read whole. settles_on: the last day on which money of it settles."""

    message_id: str
    transactions: int
    settles_on: date | None
    whole: Whole


def check(stream: BinaryIO, message: str, limits: Limits) -> Checked | arriving.Checked | FileRefusal:
    """The message, or why it is refused whole."""
    reader = _READERS.get(message)
    if reader is None:
        return arriving.check(stream, limits)
    whole: Whole | FileRefusal = reader.read(stream, SMALL)
    if isinstance(whole, FileRefusal):
        return whole
    identifier = whole.id if isinstance(whole, Recalls | RecallAnswers) else whole.message_id
    items = _items(whole)
    days = [i.settlement_on for i in items if isinstance(i, PaymentReturn) and i.settlement_on is not None]
    return Checked(identifier, len(items), max(days, default=None), whole)


def _items(whole: Whole) -> Sequence[Any]:
    match whole:
        case InterbankStatusReport():
            return whole.statuses or whole.groups
        case PaymentReturns():
            return whole.returns
        case Recalls():
            return whole.recalls
        case RecallAnswers():
            return whole.answers


def funds_to_come(bank: Bank, checked: object, at: datetime) -> FileRefusal | None:
    """Refused for now where the money of a transaction settles on a day to come, by the bank's own clock."""
    if not isinstance(checked, Checked | arriving.Checked) or checked.settles_on is None:
        return None
    zones = {bank.governing.of_agreement(a).zone for a in bank.agreements}
    today = max((business_date(at, zone) for zone in zones), default=at.date())
    if checked.settles_on <= today:
        return None
    early = Fault(
        code="settlement-to-come",
        iso="DT01",
        french=f"règlement le {checked.settles_on:%d/%m/%Y} : à importer ce jour-là",
        english=f"settles on {checked.settles_on.isoformat()}: import it on that day",
        path="GrpHdr/IntrBkSttlmDt",
    )
    return msgspec.structs.replace(refusal("file-empty"), faults=(early,), message_id=checked.message_id)


def take(
    bank: Bank, checked: Checked, file: ReceivedFile, *, book: int, progress: Progress | None = None
) -> tuple[ItemResult, ...]:
    """Do what each transaction asks, in the order of the message."""
    taking = _Taking(bank, file, book)
    make: Callable[[Any, int], Iterable[Step]] = {
        InterbankStatusReport: taking.status,
        PaymentReturns: taking.payment_return,
        Recalls: taking.recall,
        RecallAnswers: taking.recall_answer,
    }[type(checked.whole)]
    taking.whole = checked.whole
    results: list[ItemResult] = []
    items = _items(checked.whole)
    for start in range(0, len(items), MOST):
        part = items[start : start + MOST]
        todo = [s for n, item in enumerate(part, start=start + 1) for s in taking.steps(item, n, make)]
        results += posted(bank, todo)
        if progress is not None:
            progress(start + len(part), len(items))
    return tuple(results)


class _Taking:
    """The work on one message."""

    def __init__(self, bank: Bank, file: ReceivedFile, book: int) -> None:
        self._bank = bank
        self._file = file
        self._book = book
        self.whole: Any = None

    def steps(self, item: Any, position: int, make: Callable[[Any, int], Iterable[Step]]) -> Iterable[Step]:
        """What one transaction asks for; a faulty one asks for a person to look at it."""
        if isinstance(item, FaultyTransaction):
            return (
                Step(
                    ItemResult(
                        position=position,
                        status=REJECTED,
                        end_to_end_id=item.end_to_end_id,
                        instruction_id=item.instruction_id,
                        transaction_id=item.transaction_id,
                        amount=item.amount,
                        reason=item.faults[0].iso,
                        text=tuple(f"{f.path.rpartition('/')[2]}: {f.french}" for f in item.faults),
                    )
                ),
            )
        return make(item, position)

    def _command(self, key: bytes, subject: AccountId, ask: Ask) -> Command:
        return Command(
            key=key,
            subject=subject,
            received_at=self._file.received_at,
            ask=ask,
            channel=Channel.INTERBANK,
        )

    # what concerns orders of ours

    def _order(self, ids: OriginalIds) -> TransferOrder | None:
        """The order that we sent under this number."""
        found = _REFERENCE.fullmatch(ids.transaction_id)
        if found is None:
            return None
        book, position = int(found[1]), int(found[2])
        if book > LAST_BOOK or position > LARGEST_POSITION:
            return None
        with self._bank.read() as connection:
            parameters = {"book": book, "position": position}
            row = connection.execute(SQL["account_of_operation"], parameters).fetchone()
            if row is None or row[0] is None:
                return None
            key = (account_id(book, row[0]), position)
            return load_orders(connection, [key]).get(key)

    def _about(self, position: int, ids: OriginalIds, order: TransferOrder | None, reason: str) -> ItemResult:
        """The result as long as nothing was done; a reference that is not ours is refused as unknown."""
        return ItemResult(
            position=position,
            status=REJECTED if order is None else DONE,
            end_to_end_id=ids.end_to_end_id,
            instruction_id=ids.instruction_id,
            transaction_id=ids.transaction_id,
            account=None if order is None else order.account,
            reason=UNKNOWN_ORIGINAL if order is None else reason,
            text=FROM_NOWHERE if order is None else (),
        )

    def status(self, item: Any, position: int) -> Iterable[Step]:
        """A confirmation, or a rejection before settlement; of one transaction, or of all in a file of
        ours."""
        if isinstance(item, TransactionStatus):
            return (self._status(item.status, item.reasons, item.ids, position),)
        name, _, _ = item.group.name.rpartition(".001.")
        if not item.status or name != CREDIT_TRANSFER:
            return ()
        return [self._status(item.status, item.reasons, ids, position) for ids in self._sent(item.group)]

    def _sent(self, group: Group) -> list[OriginalIds]:
        found = []
        with self._bank.read() as connection:
            for book in [row[0] for row in connection.execute(SQL["books"])]:
                parameters = {"book": book, "message": CREDIT_TRANSFER, "file": group.message_id}
                for _, position, body in connection.execute(SQL["sent_in_file"], parameters):
                    transfer = msgspec.json.decode(body).get("transfer") or position
                    found.append(OriginalIds(transaction_id=f"{book}-{transfer}"))
        return found

    def _status(self, status: str, reasons: tuple[Reason, ...], ids: OriginalIds, position: int) -> Step:
        order = self._order(ids)
        reason = code_of(reasons)
        result = self._about(position, ids, order, "")
        if order is None:
            return Step(result)
        ask: Ask | None = None
        if order.status is OrderStatus.RESERVED and status in {*_POSITIVE, REJECTED}:
            positive = status != REJECTED
            ask = ConfirmInstant(transfer=order.id, available=positive, reason="" if positive else reason)
        elif order.status is OrderStatus.SENT and status in _SETTLED:
            ask = SettleTransfer(transfer=order.id, reference=self.whole.message_id)
        elif order.status is OrderStatus.SENT and status == REJECTED:
            ask = self._whole_return(order, reason, None)
        if ask is None:
            return Step(result)
        key = key_of("pacs.002", self.whole.message_id, ids.transaction_id, type(ask).__name__)
        return Step(result, self._command(key, order.account, ask))

    def _whole_return(self, order: TransferOrder, reason: str, settled_on: date | None) -> ReceiveReturn:
        return ReceiveReturn(
            transfer=order.id,
            amount_minor=order.ask.amount_minor,
            currency=order.ask.currency,
            reason=reason,
            message_id=self.whole.message_id,
            settled_on=settled_on,
        )

    def payment_return(self, item: PaymentReturn, position: int) -> Iterable[Step]:
        """A transfer of ours comes back."""
        order = self._order(item.ids)
        result = self._about(position, item.ids, order, "")
        result = msgspec.structs.replace(result, amount=item.returned)
        if order is None:
            return (Step(result),)
        ask = msgspec.structs.replace(
            self._whole_return(order, code_of(item.reasons), item.settlement_on),
            amount_minor=item.returned.amount_minor,
            currency=item.returned.currency.code,
        )
        key = key_of("pacs.004", self.whole.message_id, item.return_id, item.ids.transaction_id, position)
        return (Step(result, self._command(key, order.account, ask)),)

    def recall_answer(self, item: RecallAnswer, position: int) -> Iterable[Step]:
        """A recall of ours is refused; one that is granted comes as a return, one that waits says nothing."""
        order = self._order(item.ids)
        result = self._about(position, item.ids, order, "")
        refused = (item.status or self.whole.confirmation) == "RJCR"
        if order is None or not refused or order.status is not OrderStatus.RECALL_ASKED:
            return (Step(result),)
        ask = ReceiveRecallAnswer(transfer=order.id, reason=code_of(item.reasons))
        key = key_of("camt.029", self.whole.id, item.ids.transaction_id, position)
        return (Step(result, self._command(key, order.account, ask)),)

    # camt.056

    def recall(self, item: Recall, position: int) -> Iterable[Step]:
        """A transfer that we credited is asked back."""
        message_id = item.group.message_id if item.group else ""
        payer_bank = item.original.debtor_agent if item.original else None
        banks = [b.bic for b in (payer_bank, self.whole.assigner) if b is not None and b.bic]
        credited = self._credited(message_id, item.ids.transaction_id, banks)
        amount = item.original_amount or (item.original.amount if item.original else None)
        code = amount.currency.code if amount else "EUR"
        case = item.case or self.whole.case
        reason = code_of(item.reasons)
        justified = any(text.strip() for r in item.reasons for text in r.additional)
        subject = own_account(self._book, Role.CLEARING, code) if credited is None else credited[0]
        ask = ReceiveRecall(
            operation=0 if credited is None else credited[1],
            amount_minor=amount.amount_minor if amount else 0,
            currency=code,
            ground=ground_of_recall(reason, justified=justified),
            reason=reason,
            case_id=case.id if case else item.recall_id,
            original_message_id=message_id,
            original_transaction_id=item.ids.transaction_id,
            original_end_to_end_id=item.ids.end_to_end_id,
            payer_bic=banks[0] if banks else "",
            asked_at=self._asked_at(credited),
        )
        result = ItemResult(
            position=position,
            status=REJECTED,
            end_to_end_id=item.ids.end_to_end_id,
            transaction_id=item.ids.transaction_id,
            amount=amount,
        )
        key = key_of("camt.056", self.whole.id, item.recall_id, item.ids.transaction_id, position)
        return (Step(result, self._command(key, subject, ask)),)

    def _asked_at(self, credited: tuple[AccountId, int] | None) -> datetime | None:
        """When the message was written; a time without offset is that of the account's place."""
        written: datetime = self.whole.created_at
        if credited is None or written.utcoffset() is not None:
            return arriving.aware(written, None)
        with self._bank.read() as connection:
            account = load_accounts(connection, [credited[0]])[credited[0]]
        return arriving.aware(written, self._bank.transfers.terms(account, self._file.received_at))

    def _credited(
        self, message_id: str, transaction_id: str, banks: Sequence[str]
    ) -> tuple[AccountId, int] | None:
        """The account and the operation that a transfer of theirs credited."""
        keys = [received_key(bank, message_id, transaction_id, 0) for bank in banks if transaction_id]
        with self._bank.read() as connection:
            parameters = {"keys": [UUID(bytes=key) for key in keys]}
            rows = connection.execute(SQL["operations_by_key"], parameters).fetchall()
        return next(((account_id(book, credit), at) for book, at, _, credit in rows if credit), None)


def code_of(reasons: Sequence[Reason]) -> str:
    """The first code that a message gives as its reason."""
    coded = next((r.reason for r in reasons if r.reason is not None), None)
    return "" if coded is None else coded.code or coded.proprietary
