"""Customers' files of transfers (pain.001): each transaction an order, the answer a pain.002."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import BinaryIO, Final

import msgspec

from teneur.agreements.terms.transfers import ChargeOption, Service
from teneur.bank import Bank
from teneur.channels.files.keys import answer_id_of, key_of
from teneur.channels.files.reasons import explanation, iso_reason
from teneur.channels.files.reports import PENDING, REJECTED, ItemResult, Progress
from teneur.channels.files.usage import rules_of
from teneur.interbank import pain001, pain002
from teneur.interbank.answers import (
    BatchStatus,
    CustomerStatusReport,
    GroupStatus,
    OriginalGroup,
    OriginalIds,
    TransactionStatus,
)
from teneur.interbank.faults import FileRefusal, FileRefused
from teneur.interbank.messages import Address, Agent, Coded, Party, Reason, Remittance
from teneur.interbank.payments import FaultyTransaction, FileHeader, PaymentBatch, TransferInstruction
from teneur.interbank.usage import check as usage_faults
from teneur.interbank.usage import is_rib
from teneur.interbank.xml import LIMITS, Limits
from teneur.kernel.commands import AccountId, Channel, Command, Outcome, account_id
from teneur.kernel.identifiers import compact
from teneur.ledger.account import Account, load_accounts, load_by_iban
from teneur.ledger.errors import CommandFailed
from teneur.obligations.commands import NoticeSent
from teneur.payments.transfers.commands import PayeeAccount, PlaceTransfer
from teneur.payments.transfers.context import Terms
from teneur.payments.transfers.decisions.order import payee_iban
from teneur.payments.transfers.decisions.parts import INFORM
from teneur.payments.transfers.facts import OrderStatus, load_orders
from teneur.payments.transfers.message_files import ReceivedFile

MESSAGES: Final = tuple(pain001.SCHEMAS)
MOST: Final = 1_000  # orders in one batch
SENDER_OF_ANSWERS: Final = "TENEUR"  # originator of reasons that no bank of an account gives
NOT_YOURS: Final = "Le compte à débiter n’est pas un compte que vous pouvez utiliser ici."
_CHARGES: Final = {"SHAR": ChargeOption.SHA, "DEBT": ChargeOption.OUR, "CRED": ChargeOption.BEN}
_STATUS: Final = {
    OrderStatus.SCHEDULED: "ACCP",
    OrderStatus.SENT: "ACSP",
    OrderStatus.RESERVED: "ACSP",
    OrderStatus.SCREENED: PENDING,
    OrderStatus.WAITING: PENDING,
    OrderStatus.DONE: "ACSC",
    OrderStatus.RECALL_ASKED: "ACSC",
}


class Checked(msgspec.Struct, frozen=True):
    """A file that was read to its end and may be done."""

    message_id: str
    transactions: int


def check(stream: BinaryIO, limits: Limits) -> Checked | FileRefusal:
    """Read all of it: counts and sums are known at the end only."""
    header: FileHeader | None = None
    try:
        for item in pain001.stream(stream, limits):
            if isinstance(item, FileHeader):
                header = item
    except FileRefused as found:
        named = found.refusal.message_id or (header.message_id if header else "")
        return msgspec.structs.replace(found.refusal, message_id=named)
    assert header is not None, "a stream without a header is refused"
    return Checked(header.message_id, header.transactions)


class _Debtor(msgspec.Struct, frozen=True):
    """The account that a batch debits, and the terms that it runs under."""

    account: Account
    terms: Terms


def place(
    bank: Bank,
    stream: BinaryIO,
    file: ReceivedFile,
    *,
    limits: Limits = LIMITS,
    progress: Progress | None = None,
) -> tuple[tuple[ItemResult, ...], CustomerStatusReport]:
    """Order every transaction, in the order of the file; what became of each, and the answer."""
    placing = _Placing(bank, file, progress)
    for item in pain001.stream(stream, limits):
        placing.add(item)
    placing.flush()
    return tuple(placing.results), placing.answer()


class _Placing:
    """The work on one file: where it stands in it, what waits for the next batch, what came out."""

    def __init__(self, bank: Bank, file: ReceivedFile, progress: Progress | None) -> None:
        self._bank = bank
        self._file = file
        self._progress = progress
        self._header: FileHeader | None = None
        self._batches: list[tuple[PaymentBatch, int, Agent | None]] = []  # with the index of its first result
        self._debtor: _Debtor | None = None
        self._seen: dict[tuple[str, str], int] = {}
        self._waiting: list[tuple[int, Command]] = []
        self.results: list[ItemResult] = []

    def add(self, item: pain001.Item) -> None:
        """The next piece of the stream."""
        if isinstance(item, FileHeader):
            self._header = item
        elif isinstance(item, PaymentBatch):
            self._debtor = self._find_debtor(item)
            self._seen = {}
            self._batches.append((item, len(self.results), self._agent()))
        elif isinstance(item, FaultyTransaction):
            self._refused_by_faults(item)
        else:
            self._transfer(item)

    def _find_debtor(self, batch: PaymentBatch) -> _Debtor | None:
        """The account, if it is ours and the sender may order from it; who may not learns nothing about it.

        That is found out before any key is used: a stranger who names the account in a file of his own cannot
        use up the references of its holder.
        """
        given = batch.debtor_account
        number = compact(given.other.id) if given.other else ""
        iban = given.iban or payee_iban(PayeeAccount(rib=number if is_rib(number) else ""))
        with self._bank.read() as connection:
            named = load_by_iban(connection, [iban]).get(iban) if iban else None
            account = None if named is None else load_accounts(connection, [named]).get(named)
        if account is None:
            return None
        context = self._bank.transfers
        terms = context.terms(account, self._file.received_at)
        if terms is None or not context.may_order(account, terms, self._file.sender):
            return None
        return _Debtor(account, terms)

    def _agent(self) -> Agent | None:
        return Agent(bic=self._debtor.terms.agreement.bank.bic.value) if self._debtor else None

    def _refused_by_faults(self, item: FaultyTransaction) -> None:
        faults = item.faults
        self.results.append(
            ItemResult(
                position=item.position,
                status=REJECTED,
                end_to_end_id=item.end_to_end_id,
                instruction_id=item.instruction_id,
                amount=item.amount,
                reason=faults[0].iso,
                text=tuple(line for f in faults for line in pain002.reason_of(f, Party()).additional),
            )
        )

    def _transfer(self, item: TransferInstruction) -> None:
        if self._debtor is None:
            self.results.append(msgspec.structs.replace(_blank(item), reason="AC01", text=(NOT_YOURS,)))
            return
        batch = self._batches[-1][0]
        terms = self._debtor.terms
        today = terms.local_day(self._file.received_at)
        settlement_on = max(batch.execution_on, today)
        rules = rules_of(item, terms, settlement_on)
        faults = () if rules is None else usage_faults(item, batch, rules, settlement_on)
        if faults:
            self._refused_by_faults(
                FaultyTransaction(
                    position=item.position,
                    line=item.line,
                    faults=faults,
                    instruction_id=item.instruction_id,
                    end_to_end_id=item.end_to_end_id,
                    amount=item.amount,
                )
            )
            return
        self._waiting.append((len(self.results), self._command(item, batch, today)))
        self.results.append(_blank(item))
        if len(self._waiting) == MOST:
            self.flush()

    def _command(self, item: TransferInstruction, batch: PaymentBatch, today: date) -> Command:
        assert self._debtor is not None
        assert self._header is not None
        account = self._debtor.account
        pair = (item.instruction_id, item.end_to_end_id)
        times = self._seen[pair] = self._seen.get(pair, 0) + 1
        key = key_of("pain.001", account.iban, self._header.message_id, batch.id, *pair, times)
        ask = order_of(
            item,
            execution_on=batch.execution_on if batch.execution_on > today else None,
            instruction="/".join((self._header.message_id, batch.id, item.instruction_id)),
        )
        return Command(
            key=key,
            subject=account.id,
            received_at=self._file.received_at,
            ask=ask,
            actor=self._file.sender,
            channel=Channel.FILE,
        )

    def flush(self) -> None:
        """Post what waits, and put the answers where they belong."""
        waiting, self._waiting = self._waiting, []
        if waiting:
            answers = self._bank.post([command for _, command in waiting])
            taken = [
                (command.subject, answer.position)
                for (_, command), answer in zip(waiting, answers, strict=True)
                if not isinstance(answer, CommandFailed) and answer.outcome is not Outcome.REFUSED
            ]
            with self._bank.read() as connection:
                orders = load_orders(connection, taken)
            for (index, command), answer in zip(waiting, answers, strict=True):
                known = self.results[index]
                if isinstance(answer, CommandFailed):
                    self.results[index] = msgspec.structs.replace(known, reason=iso_reason(""))
                    continue
                changes: dict[str, object] = {
                    "account": command.subject,
                    "operation": (answer.book, answer.position),
                    "clauses": answer.citations,
                    "replayed": answer.replayed,
                }
                if answer.outcome is Outcome.REFUSED:
                    changes["reason"] = iso_reason(answer.reason)
                    changes["text"] = explanation(answer.reason, answer.citations)
                else:
                    order = orders.get((command.subject, answer.position))
                    changes["status"] = _STATUS.get(order.status, REJECTED) if order else "ACSC"
                self.results[index] = msgspec.structs.replace(known, **changes)
        if self._progress is not None:
            self._progress(len(self.results), self._file.transactions)

    def answer(self) -> CustomerStatusReport:
        """The pain.002 of the file, with a status for each transaction in the order of the file."""
        assert self._header is not None
        header = self._header
        ends = [start for _, start, _ in self._batches[1:]] + [len(self.results)]
        batches = tuple(
            _batch_status(batch, self.results[start:end], agent)
            for (batch, start, agent), end in zip(self._batches, ends, strict=True)
        )
        group = OriginalGroup(
            message_id=header.message_id, name=header.version, created_at=_written_time(header.created_at)
        )
        return CustomerStatusReport(
            message_id=answer_id_of(self._file.sender, self._file.sha256),
            created_at=self._file.received_at,
            group=GroupStatus(
                group=group,
                transactions=header.transactions,
                control_sum=header.control_sum,
                status=_overall([r.status for r in self.results]),
            ),
            batches=batches,
            debtor_agent=next((agent for _, _, agent in self._batches if agent), None),
        )


def _blank(item: TransferInstruction) -> ItemResult:
    return ItemResult(
        position=item.position,
        status=REJECTED,
        end_to_end_id=item.end_to_end_id,
        instruction_id=item.instruction_id,
        amount=item.amount,
    )


def order_of(item: TransferInstruction, *, execution_on: date | None, instruction: str) -> PlaceTransfer:
    """The order that a transaction gives. execution_on: a day to come, or None for now."""
    agent = item.creditor_agent or Agent()
    number = compact(item.creditor_account.other.id) if item.creditor_account.other else ""
    address = item.creditor.address or Address()
    remittance = item.remittance or Remittance()
    payee = PayeeAccount(
        name=item.creditor.name,
        iban=item.creditor_account.iban,
        rib=number if is_rib(number) else "",
        account_number="" if is_rib(number) else number,
        address=_address_lines(address),
        town=address.town,
        country=address.country,
        bic=agent.bic,
        bank_name=agent.name,
    )
    return PlaceTransfer(
        amount_minor=item.amount.amount_minor,
        currency=item.amount.currency.code,
        payee=payee,
        service=_service(item),
        agreed_on=execution_on,
        remittance=" ".join(remittance.unstructured),
        structured_reference=next((s.reference for s in remittance.structured), ""),
        end_to_end_id=item.end_to_end_id,
        charges=_CHARGES.get(item.charge_bearer),
        instruction=instruction,
    )


def _service(item: TransferInstruction) -> Service:
    kind = item.payment_type
    if kind is None:
        return Service.ORDINARY
    if kind.local_instrument is not None and "INST" in (
        kind.local_instrument.code,
        kind.local_instrument.proprietary,
    ):
        return Service.INSTANT
    urgent = any(level.code == "URGP" for level in kind.service_levels)
    return Service.TREASURY if urgent and item.amount.currency.code == "EUR" else Service.ORDINARY


def _address_lines(address: Address) -> tuple[str, ...]:
    street = " ".join(filter(None, (address.building_number, address.street)))
    town = " ".join(filter(None, (address.post_code, address.town)))
    return tuple(line for line in (street, *address.lines, town) if line)


def _written_time(at: datetime) -> datetime | None:
    """A time without offset cannot be written back: it is left out."""
    return at if at.utcoffset() is not None else None


def _overall(statuses: list[str]) -> str:
    """The status of many: all refused, none refused, or in part."""
    refused = statuses.count(REJECTED)
    if refused == len(statuses):
        return REJECTED
    return "PART" if refused else "ACCP"


def _batch_status(batch: PaymentBatch, results: list[ItemResult], agent: Agent | None) -> BatchStatus:
    us = Party(bic=agent.bic) if agent else Party(name=SENDER_OF_ANSWERS)
    return BatchStatus(
        id=batch.id,
        transactions=len(results),
        status=_overall([r.status for r in results]),
        statuses=tuple(_status_of(r, us) for r in results),
    )


def _status_of(result: ItemResult, us: Party) -> TransactionStatus:
    reasons: tuple[Reason, ...] = ()
    if result.reason:
        reasons = (Reason(reason=Coded(code=result.reason), originator=us, additional=result.text),)
    return TransactionStatus(
        status=result.status,
        ids=OriginalIds(instruction_id=result.instruction_id, end_to_end_id=result.end_to_end_id),
        reasons=reasons,
        servicer_reference=servicer_reference(result),
    )


def servicer_reference(result: ItemResult) -> str:
    """Our number of the decision: book, number of the account in it, position; empty without a decision."""
    if result.operation is None or result.account is None:
        return ""
    book, position = result.operation
    return f"{book}-{result.account & 0xFFFF_FFFF}-{position}"


def tell(bank: Bank, answer: bytes, answer_id: str) -> None:
    """What the answer says of refusals is told: the duty to inform of each is done by it.

    Each under a key of its own, so that it may be asked again at any time.
    """
    notices = []
    for account, position in _refusals(answer):
        ask = NoticeSent(kind=INFORM, about=str(position), medium="pain.002", reference=answer_id)
        notices.append(
            Command(
                key=key_of("told", answer_id, account, position),
                subject=account,
                received_at=bank.clock.now(),
                ask=ask,
                channel=Channel.FILE,
            )
        )
    for start in range(0, len(notices), MOST):
        bank.post(notices[start : start + MOST])


def _refusals(answer: bytes) -> Iterator[tuple[AccountId, int]]:
    """Account and position of every refusal that an answer names as a decision of ours."""
    report = pain002.read(answer, LIMITS)
    assert isinstance(report, CustomerStatusReport), "an answer of ours can be read"
    for batch in report.batches:
        for status in batch.statuses:
            if isinstance(status, TransactionStatus) and status.status == REJECTED:
                parts = status.servicer_reference.split("-")
                if len(parts) == 3:
                    book, number, position = map(int, parts)
                    yield account_id(book, number), position
