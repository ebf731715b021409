"""What our messages to other banks say, from what waits in the books and what the bank completes."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from teneur.agreements.agreement import Agreement
from teneur.agreements.terms.agreement import AgreementKind
from teneur.agreements.terms.transfers import Field, TransferClass
from teneur.bank import Bank
from teneur.channels.files.keys import id_of
from teneur.customers.facts import Person, load_persons
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
from teneur.interbank.charset import for_interbank
from teneur.interbank.messages import (
    NOT_PROVIDED,
    Account,
    Address,
    Agent,
    Coded,
    OtherId,
    Party,
    PaymentType,
    Reason,
    Remittance,
    StructuredRemittance,
)
from teneur.interbank.payments import InterbankTransfer, InterbankTransfers, Settlement
from teneur.kernel.commands import AccountId, book_of, number_of
from teneur.kernel.money import Money, currency
from teneur.ledger import account as ledger
from teneur.payments.transfers.messages import (
    CREDIT_TRANSFER,
    RECALL,
    RECALL_ANSWER,
    RETURN,
    STATUS,
    OutgoingRecall,
    OutgoingRecallAnswer,
    OutgoingReturn,
    OutgoingStatus,
    OutgoingTransfer,
)
from teneur.payments.transfers.rules import routing
from teneur.payments.transfers.rules.geography import Bank as PlacedBank
from teneur.storage.sql import load

SQL = load("teneur.channels.files")
_NAME_LENGTH: Final = 70
_CLEARING: Final = Settlement(method="CLRG")
_BEARERS: Final = {"SHA": "SHAR", "OUR": "DEBT", "BEN": "CRED"}
_SEPA_CLASSES: Final = (TransferClass.SEPA, TransferClass.COM_PACIFIC)
_NO_AGENT: Final = Agent(other=OtherId(id=NOT_PROVIDED))
_BODIES: Final[Mapping[str, type[Any]]] = {
    CREDIT_TRANSFER: OutgoingTransfer,
    RETURN: OutgoingReturn,
    STATUS: OutgoingStatus,
    RECALL: OutgoingRecall,
    RECALL_ANSWER: OutgoingRecallAnswer,
}


class Waiting(msgspec.Struct, frozen=True):
    """A message of the outbox. account: that it concerns; position, line: of the row that queued it."""

    account: AccountId
    position: int
    line: int
    body: Any


def read_body(kind: str, body: str) -> Any:
    """What a message says, from its stored form."""
    return msgspec.json.decode(body, type=_BODIES[kind])


def reference_of(message: Waiting) -> str:
    """The number by which other banks know a transfer of ours: book and position of its order."""
    order = getattr(message.body, "transfer", None) or message.position
    return f"{book_of(message.account)}-{order}"


def groups(bank: Bank, kind: str, waiting: Sequence[Waiting], most: int) -> Iterator[list[Waiting]]:
    """The messages that may go in one file, in order, at most so many; instant ones go alone."""
    found: dict[Hashable, list[Waiting]] = {}
    with _Known(bank, waiting) as known:
        for message in waiting:
            body = message.body
            instant = getattr(body, "instant", False) or kind == STATUS
            key = (
                known.agreement(message).bank.bic.value,
                getattr(body, "currency", ""),
                getattr(body, "settlement_on", None),
                getattr(body, "transfer_class", "") == TransferClass.INTERNATIONAL,
                _asked(body) if kind in (RECALL, RECALL_ANSWER) else "",
                (message.position, message.line) if instant else None,
            )
            found.setdefault(key, []).append(message)
    for together in found.values():
        for start in range(0, len(together), most):
            yield together[start : start + most]


def _asked(body: OutgoingRecall | OutgoingRecallAnswer) -> str:
    """The bank that a recall, or an answer to one, is addressed to."""
    return body.payee_bic if isinstance(body, OutgoingRecall) else body.payer_bic


def document(bank: Bank, kind: str, file_id: str, at: datetime, messages: Sequence[Waiting]) -> bytes:
    """The file of these messages, which `groups` has put together."""
    with _Known(bank, messages) as known:
        return _WRITERS[kind](known, file_id, at, messages)


class _Known:
    """What the bank knows and the messages do not say: accounts, holders, its own names."""

    def __init__(self, bank: Bank, messages: Sequence[Waiting]) -> None:
        self.bank = bank
        self._accounts: dict[AccountId, ledger.Account] = {}
        self._persons: Mapping[int, Person] = {}
        self._ids = sorted({m.account for m in messages})

    def __enter__(self) -> "_Known":
        with self.bank.read() as connection:
            self._accounts = dict(ledger.load_accounts(connection, self._ids))
            holders = sorted({h for a in self._accounts.values() for h in a.holders})
            self._persons = load_persons(connection, holders)
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is held open."""

    def account(self, message: Waiting) -> ledger.Account:
        """The account that a message concerns."""
        return self._accounts[message.account]

    def agreement(self, message: Waiting) -> Agreement:
        """That of the account; for one of the bank's own, the first in its currency."""
        account = self.account(message)
        if account.contract is not None:
            day = self.bank.clock.now().date()
            return self.bank.governing.of_account(account, day).agreement
        ours = [a for a in self.bank.agreements if a.kind is AgreementKind.ACCOUNT]
        return next((a for a in ours if a.currency == account.currency), ours[0])

    def us(self, message: Waiting) -> Agent:
        """This bank."""
        return Agent(bic=self.agreement(message).bank.bic.value)

    def holders(self, message: Waiting) -> list[Person]:
        """The holders of the account, in its order."""
        return [self._persons[h] for h in self.account(message).holders if h in self._persons]


# ---------------------------------------------------------------- pacs.008


def _transfers(known: _Known, file_id: str, at: datetime, messages: Sequence[Waiting]) -> bytes:
    first: OutgoingTransfer = messages[0].body
    abroad = first.transfer_class == TransferClass.INTERNATIONAL
    return pacs008.write(
        InterbankTransfers(
            message_id=file_id,
            created_at=at,
            settlement=Settlement(method="INDA") if abroad else _CLEARING,
            settlement_on=first.settlement_on,
            payment_type=_payment_type(first),
            instructing_agent=known.us(messages[0]),
            transfers=tuple(_transfer(known, m) for m in messages),
        )
    )


def _transfer(known: _Known, message: Waiting) -> InterbankTransfer:
    body: OutgoingTransfer = message.body
    us = known.us(message)
    account = known.account(message)
    transfer = InterbankTransfer(
        end_to_end_id=body.end_to_end_id or NOT_PROVIDED,
        transaction_id=reference_of(message),
        amount=Money(body.amount_minor, currency(body.currency)),
        charge_bearer=_bearer(body),
        payment_type=_payment_type(body),
        settlement_on=body.settlement_on,
        accepted_at=body.stamped_at,
        instructing_agent=us,
        debtor=payer(known, message),
        debtor_account=Account(iban=account.iban),
        debtor_agent=us,
        creditor_agent=_creditor_agent(body),
        creditor=Party(name=body.payee_name, address=_payee_address(body)),
        creditor_account=_payee_account(body),
        remittance=_remittance(body),
    )
    return for_interbank(transfer)


def payer(known: _Known, message: Waiting) -> Party:
    """The payer, completed by the bank: always the name; the address where the rule wants his data."""
    body: OutgoingTransfer = message.body
    people = known.holders(message)
    name = " / ".join(person.name for person in people)[:_NAME_LENGTH]
    terms = known.bank.transfers.terms(known.account(message), known.bank.clock.now())
    assert terms is not None, "whoever ordered had an agreement"
    if body.payee_iban:
        payee_bank: PlacedBank | None = known.bank.transfers.bank_of(terms, body.payee_iban, body.payee_bic)
    else:
        payee_bank = known.bank.transfers.directory.bank_without_iban(body.payee_bic)
    wanted = payee_bank is None or Field.PAYER_DATA in routing.bank_completes(terms.home, payee_bank)
    return Party(name=name, address=_address(people[0]) if wanted and people else None)


def _address(person: Person) -> Address:
    home = person.address
    return Address(
        street=home.street,
        building_number=home.building,
        post_code=home.post_code,
        town=home.town,
        country=home.country,
    )


def _payee_address(body: OutgoingTransfer) -> Address | None:
    """As the order gave it, where town and country stand apart; other lines go abroad only."""
    if body.payee_town and body.payee_country:
        lines = tuple(line for line in body.payee_address if body.payee_town not in line)[:2]
        return Address(town=body.payee_town, country=body.payee_country, lines=lines)
    if body.transfer_class in _SEPA_CLASSES or not body.payee_address:
        return None
    return Address(country=body.payee_country, lines=body.payee_address[:7])


def _payee_account(body: OutgoingTransfer) -> Account:
    if body.payee_iban:
        return Account(iban=body.payee_iban)
    return Account(other=OtherId(id=body.payee_account_number or NOT_PROVIDED))


def _creditor_agent(body: OutgoingTransfer) -> Agent:
    if body.payee_bic:
        return Agent(bic=body.payee_bic)
    return Agent(name=body.payee_bank_name) if body.payee_bank_name else _NO_AGENT


def _payment_type(body: OutgoingTransfer) -> PaymentType | None:
    if body.transfer_class not in _SEPA_CLASSES:
        return None
    instrument = Coded(code="INST") if body.instant else None
    return PaymentType(service_levels=(Coded(code="SEPA"),), local_instrument=instrument)


def _bearer(body: OutgoingTransfer) -> str:
    return "SLEV" if body.transfer_class in _SEPA_CLASSES else _BEARERS[body.charges]


def _remittance(body: OutgoingTransfer) -> Remittance | None:
    if body.structured_reference:
        kind = Coded(code="SCOR")
        one = StructuredRemittance(reference=body.structured_reference, reference_kind=kind)
        return Remittance(structured=(one,))
    return Remittance(unstructured=(body.remittance[:140],)) if body.remittance else None


# ---------------------------------------------------------------- pacs.004 and pacs.002


def _returns(known: _Known, file_id: str, at: datetime, messages: Sequence[Waiting]) -> bytes:
    return pacs004.write(
        PaymentReturns(
            message_id=file_id,
            created_at=at,
            settlement=_CLEARING,
            settlement_on=messages[0].body.settlement_on,
            instructing_agent=known.us(messages[0]),
            returns=tuple(_return(known, m) for m in messages),
        )
    )


def _return(known: _Known, message: Waiting) -> PaymentReturn:
    body: OutgoingReturn = message.body
    amount = Money(body.amount_minor, currency(body.currency))
    payer_bank = Agent(bic=body.payer_bic) if body.payer_bic else None
    return PaymentReturn(
        return_id=_own_id(message),
        group=_original_group(body.original_message_id),
        ids=_original_ids(body),
        original_amount=amount,
        returned=amount,
        settlement_on=body.settlement_on,
        instructing_agent=known.us(message),
        reasons=(_reason(body.reason, Party(bic=known.us(message).bic)),),
        original=OriginalTransaction(debtor_agent=payer_bank) if payer_bank else None,
    )


def _statuses(known: _Known, file_id: str, at: datetime, messages: Sequence[Waiting]) -> bytes:
    return pacs002.write(
        InterbankStatusReport(
            message_id=file_id,
            created_at=at,
            instructing_agent=known.us(messages[0]),
            statuses=tuple(_status(known, m) for m in messages),
        )
    )


def _status(known: _Known, message: Waiting) -> TransactionStatus:
    body: OutgoingStatus = message.body
    us = Party(bic=known.us(message).bic)
    return TransactionStatus(
        status="ACCP" if body.accepted else "RJCT",
        status_id=_own_id(message),
        group=_original_group(body.original_message_id),
        ids=_original_ids(body),
        reasons=() if body.accepted else (_reason(body.reason, us),),
        accepted_at=body.at if body.accepted else None,
    )


# ---------------------------------------------------------------- camt.056 and camt.029


def _recalls(known: _Known, file_id: str, at: datetime, messages: Sequence[Waiting]) -> bytes:
    us = known.us(messages[0])
    return camt056.write(
        Recalls(
            id=file_id,
            assigner=us,
            assignee=_agent(_asked(messages[0].body)),
            created_at=at,
            recalls=tuple(_recall(known, m) for m in messages),
        )
    )


def _recall(known: _Known, message: Waiting) -> Recall:
    body: OutgoingRecall = message.body
    us = known.us(message)
    holders = " / ".join(person.name for person in known.holders(message))[:_NAME_LENGTH]
    originator = Party(name=holders) if body.asked_by_payer and holders else Party(bic=us.bic)
    notes = tuple(body.note[at : at + 105] for at in range(0, len(body.note), 105))
    amount = Money(body.amount_minor, currency(body.currency))
    sent_in = _sent_in(known.bank, message)
    recall = Recall(
        recall_id=_own_id(message),
        case=Case(id=_own_id(message), creator=Party(bic=us.bic)),
        group=_original_group(sent_in) if sent_in else None,
        ids=OriginalIds(end_to_end_id=body.end_to_end_id, transaction_id=reference_of(message)),
        original_amount=amount,
        original_settled_on=body.settled_on,
        reasons=(msgspec.structs.replace(_reason(body.reason, originator), additional=notes),),
        original=OriginalTransaction(
            debtor_agent=us,
            creditor_agent=Agent(bic=body.payee_bic) if body.payee_bic else None,
            creditor_account=Account(iban=body.payee_iban) if body.payee_iban else None,
        ),
    )
    return for_interbank(recall)


def _sent_in(bank: Bank, message: Waiting) -> str:
    """The id of the message that took the transfer to the other bank."""
    parameters = {
        "book": book_of(message.account),
        "account": number_of(message.account),
        "message": CREDIT_TRANSFER,
        "transfer": message.body.transfer,
    }
    with bank.read() as connection:
        row = connection.execute(SQL["file_of_message"], parameters).fetchone()
    return "" if row is None else str(row[0])


def _recall_answers(known: _Known, file_id: str, at: datetime, messages: Sequence[Waiting]) -> bytes:
    us = known.us(messages[0])
    return camt029.write(
        RecallAnswers(
            id=file_id,
            assigner=us,
            assignee=_agent(_asked(messages[0].body)),
            created_at=at,
            confirmation="RJCR",
            answers=tuple(_recall_answer(known, m) for m in messages),
        )
    )


def _recall_answer(known: _Known, message: Waiting) -> RecallAnswer:
    body: OutgoingRecallAnswer = message.body
    us = Party(bic=known.us(message).bic)
    words = (body.words,) if body.words else ()
    case = (
        Case(id=body.case_id, creator=Party(bic=body.payer_bic)) if body.case_id and body.payer_bic else None
    )
    return RecallAnswer(
        status="RJCR",
        status_id=_own_id(message),
        case=case,
        group=_original_group(body.original_message_id),
        ids=_original_ids(body),
        reasons=(msgspec.structs.replace(_reason(body.reason, us), additional=words),),
    )


# ---------------------------------------------------------------- shared


def _agent(bic: str) -> Agent:
    return Agent(bic=bic) if bic else _NO_AGENT


def _own_id(message: Waiting) -> str:
    """Our number of a message that is no transfer."""
    return id_of("", message.account, message.position, message.line)


def _original_group(message_id: str) -> OriginalGroup | None:
    return OriginalGroup(message_id=message_id, name=pacs008.SCHEMA.name) if message_id else None


def _original_ids(body: OutgoingReturn | OutgoingStatus | OutgoingRecallAnswer) -> OriginalIds:
    return OriginalIds(end_to_end_id=body.original_end_to_end_id, transaction_id=body.original_transaction_id)


def _reason(code: str, originator: Party) -> Reason:
    return Reason(reason=Coded(code=code), originator=originator)


_WRITERS: Final[Mapping[str, Callable[[_Known, str, datetime, Sequence[Waiting]], bytes]]] = {
    CREDIT_TRANSFER: _transfers,
    RETURN: _returns,
    STATUS: _statuses,
    RECALL: _recalls,
    RECALL_ANSWER: _recall_answers,
}
