"""Transfers of other banks (pacs.008), read as a stream: credited, sent back, or looked at by a person.

A transfer whose message is faulty, or breaks the rules of its scheme, is refused alone: its money goes back.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import BinaryIO, Final
from zoneinfo import ZoneInfo

import msgspec

from teneur.bank import Bank
from teneur.channels.files.keys import key_of, received_key
from teneur.channels.files.reports import REJECTED, ItemResult, Progress
from teneur.channels.files.steps import MOST, Step, posted
from teneur.channels.files.usage import rules_between_banks
from teneur.interbank import pacs008
from teneur.interbank.faults import FileRefusal, FileRefused
from teneur.interbank.payments import FaultyTransaction, InterbankTransfer, InterbankTransfers
from teneur.interbank.usage import check_interbank, is_rib
from teneur.interbank.xml import Limits
from teneur.kernel.commands import AccountId, Channel, Command
from teneur.kernel.identifiers import compact
from teneur.kernel.money import CURRENCIES
from teneur.ledger.account import load_accounts, load_by_iban
from teneur.ledger.chart import Role, own_account
from teneur.payments.transfers.commands import PayeeAccount, ReceiveTransfer, SendBackTransfer
from teneur.payments.transfers.context import Terms
from teneur.payments.transfers.decisions.order import payee_iban
from teneur.payments.transfers.message_files import ReceivedFile

Transfer = InterbankTransfer | FaultyTransaction
_OVER_ACCOUNTS: Final = frozenset({"INDA", "INGA", "COVE"})  # settled over a correspondent, not by a clearing
_WORDS_LENGTH: Final = 500


class Checked(msgspec.Struct, frozen=True):
    """A message that was read to its end. settles_on: the last day on which money of it settles."""

    message_id: str
    transactions: int
    settles_on: date | None


def check(stream: BinaryIO, limits: Limits) -> Checked | FileRefusal:
    """Read all of it: counts and sums are known at the end only."""
    message_id, count, days = "", 0, date.min
    try:
        for item in pacs008.stream(stream, limits):
            if isinstance(item, InterbankTransfers):
                message_id = item.message_id
                continue
            count += 1
            if item.settlement_on is not None and not is_instant(item):  # those settle at any hour
                days = max(days, item.settlement_on)
    except FileRefused as found:
        return found.refusal
    return Checked(message_id, count, None if days == date.min else days)


def take(
    bank: Bank,
    checked: Checked,
    stream: BinaryIO,
    file: ReceivedFile,
    *,
    book: int,
    limits: Limits,
    progress: Progress | None = None,
) -> tuple[ItemResult, ...]:
    """Do what each transfer asks, in the order of the message."""
    taking: _Taking | None = None
    results: list[ItemResult] = []
    part: list[Transfer] = []

    def flush() -> None:
        assert taking is not None, "a message begins with its header"
        results.extend(posted(bank, taking.steps(part, len(results) + 1)))
        part.clear()
        if progress is not None:
            progress(len(results), checked.transactions)

    for item in pacs008.stream(stream, limits):
        if isinstance(item, InterbankTransfers):
            taking = _Taking(bank, file, item, book)
            continue
        part.append(item)
        if len(part) == MOST:
            flush()
    if part:
        flush()
    return tuple(results)


class _Payee(msgspec.Struct, frozen=True):
    """An account of ours that a transfer names. terms: None before its agreement begins."""

    account: AccountId
    currency: str
    terms: Terms | None


class _Taking:
    """The work on one message."""

    def __init__(
        self,
        bank: Bank,
        file: ReceivedFile,
        head: InterbankTransfers,
        book: int,
    ) -> None:
        self._bank = bank
        self._file = file
        self._head = head
        self._book = book
        self._payees: dict[str, _Payee] = {}

    def steps(self, items: Sequence[Transfer], first: int) -> list[Step]:
        """What each transfer of a part asks for; first: its position in the message."""
        self._find_payees(items)
        return [
            self._send_back(item, position)
            if isinstance(item, FaultyTransaction)
            else self._transfer(item, position)
            for position, item in enumerate(items, start=first)
        ]

    def _find_payees(self, items: Sequence[Transfer]) -> None:
        """Look up at once which accounts the transfers name."""
        ibans = {creditor_iban(item) for item in items if isinstance(item, InterbankTransfer)} - {""}
        if not ibans:
            self._payees = {}
            return
        with self._bank.read() as connection:
            found = load_by_iban(connection, sorted(ibans))
            accounts = load_accounts(connection, list(found.values()))
        context, at = self._bank.transfers, self._file.received_at
        self._payees = {
            iban: _Payee(number, accounts[number].currency, context.terms(accounts[number], at))
            for iban, number in found.items()
        }

    def _transfer(self, item: InterbankTransfer, position: int) -> Step:
        """Money for an account of ours, or for nobody here."""
        iban = creditor_iban(item)
        payee = self._payees.get(iban)
        faulty = None if payee is None else self._against_the_scheme(item, position, payee)
        if faulty is not None:
            return self._send_back(faulty, position)
        code = item.amount.currency.code
        subject = own_account(self._book, Role.CLEARING, code) if payee is None else payee.account
        instant = is_instant(item)
        ask = ReceiveTransfer(
            payee_iban=iban,
            payee_name=item.creditor.name,
            amount_minor=item.amount.amount_minor,
            currency=code,
            payer_name=item.debtor.name,
            payer_iban=item.debtor_account.iban if item.debtor_account else "",
            payer_bic=item.debtor_agent.bic,
            remittance=" ".join(item.remittance.unstructured) if item.remittance else "",
            end_to_end_id=item.end_to_end_id,
            transaction_id=item.transaction_id,
            message_id=self._head.message_id,
            instant=instant,
            stamped_at=aware(item.accepted_at, payee.terms if payee else None) if instant else None,
            settled_on=None if instant else item.settlement_on,
        )
        key = received_key(item.debtor_agent.bic, self._head.message_id, item.transaction_id, position)
        result = ItemResult(
            position=position,
            status=REJECTED,
            end_to_end_id=item.end_to_end_id,
            instruction_id=item.instruction_id,
            transaction_id=item.transaction_id,
            amount=item.amount,
        )
        return Step(result, self._command(key, subject, ask))

    def _against_the_scheme(
        self, item: InterbankTransfer, position: int, payee: _Payee
    ) -> FaultyTransaction | None:
        """The transfer as a faulty one, where it breaks rules of the scheme that it came by."""
        day = self._file.received_at.date()
        if payee.terms is None:
            return None
        settlement_on = item.settlement_on or day
        rules = rules_between_banks(item, self._head.settlement, payee.terms, settlement_on)
        faults = () if rules is None else check_interbank(item, rules, settlement_on)
        if not faults:
            return None
        return FaultyTransaction(
            position=position,
            line=0,
            faults=faults,
            instruction_id=item.instruction_id,
            end_to_end_id=item.end_to_end_id,
            transaction_id=item.transaction_id,
            uetr=item.uetr,
            amount=item.amount,
            payer_bic=item.debtor_agent.bic,
            settlement_on=item.settlement_on,
            instant=is_instant(item),
        )

    def _send_back(self, item: FaultyTransaction, position: int) -> Step:
        """Refused with its faults; its money goes back, unless nothing says how much it is."""
        said = tuple(f"{f.path.rpartition('/')[2]}: {f.french}" for f in item.faults)
        result = ItemResult(
            position=position,
            status=REJECTED,
            end_to_end_id=item.end_to_end_id,
            instruction_id=item.instruction_id,
            transaction_id=item.transaction_id,
            amount=item.amount,
            reason=item.faults[0].iso,
            text=said,
        )
        amount = item.amount
        if amount is None or not amount.amount_minor or amount.currency.code not in CURRENCIES:
            return Step(result)
        instructing = self._head.instructing_agent
        payer_bank = item.payer_bic or (instructing.bic if instructing else "")
        if item.instant:
            role = Role.CLEARING_INSTANT
        elif self._head.settlement.method in _OVER_ACCOUNTS:
            role = Role.NOSTRO
        else:
            role = Role.CLEARING
        ask = SendBackTransfer(
            amount_minor=amount.amount_minor,
            currency=amount.currency.code,
            fault=item.faults[0].iso,
            words="; ".join(said)[:_WORDS_LENGTH],
            payer_bic=payer_bank,
            end_to_end_id=item.end_to_end_id,
            transaction_id=item.transaction_id,
            message_id=self._head.message_id,
            instant=item.instant,
            settled_on=None if item.instant else item.settlement_on,
        )
        received = received_key(payer_bank, self._head.message_id, item.transaction_id, position)
        subject = own_account(self._book, role, amount.currency.code)
        return Step(result, self._command(key_of("sent-back", received.hex()), subject, ask), faulty=True)

    def _command(self, key: bytes, subject: AccountId, ask: ReceiveTransfer | SendBackTransfer) -> Command:
        return Command(
            key=key,
            subject=subject,
            received_at=self._file.received_at,
            ask=ask,
            channel=Channel.INTERBANK,
        )


def aware(at: datetime | None, terms: Terms | None) -> datetime | None:
    """A time without offset is the local time of the bank that reads."""
    if at is None or at.utcoffset() is not None:
        return at
    return at.replace(tzinfo=ZoneInfo("UTC") if terms is None else terms.zone)


def is_instant(item: Transfer) -> bool:
    """Whether the transfer says that it is an instant one."""
    if isinstance(item, FaultyTransaction):
        return item.instant
    instrument = item.payment_type.local_instrument if item.payment_type else None
    return instrument is not None and "INST" in (instrument.code, instrument.proprietary)


def creditor_iban(item: InterbankTransfer) -> str:
    """The IBAN of the payee's account, made of its RIB where that is given."""
    account = item.creditor_account
    if account is None:
        return ""
    number = compact(account.other.id) if account.other else ""
    return account.iban or payee_iban(PayeeAccount(rib=number if is_rib(number) else ""))
