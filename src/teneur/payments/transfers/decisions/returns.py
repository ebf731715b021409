"""Money that was sent comes back, is asked back, or is asked back from us.

A return credits the payer by the way that the money went out. A recall of ours waits for the other bank's
answer. A recall by another bank is debited for the three grounds of the agreement only, once, if the money is
there; whatever else is asked is answered with its reason and changes nothing.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

import msgspec

from teneur.agreements.terms.transfers import ReversalGround
from teneur.interbank.reasons import ASKED_BY_PAYER, RecallReason, RecallRefusal, protected
from teneur.kernel.commands import (
    AccountId,
    Command,
    Decision,
    Effect,
    Entry,
    Facts,
    Need,
    Outcome,
    book_of,
    number_of,
    refuse,
)
from teneur.kernel.money import CURRENCIES, Money, convert_parity
from teneur.kernel.obligations import Discharge, Owe
from teneur.kernel.rules import rule
from teneur.ledger.account import ACCOUNT, FIRST_CUSTOMER_NUMBER, Account, Status
from teneur.ledger.chart import Role, own_account
from teneur.ledger.decisions import short_of_funds
from teneur.ledger.effects import OperationReversed
from teneur.ledger.facts import OPERATION, REVERSED_BY, Line, Operation
from teneur.payments.exchange.converting import part_of
from teneur.payments.exchange.rules import has_parity
from teneur.payments.transfers.commands import (
    ReceiveRecall,
    ReceiveRecallAnswer,
    ReceiveReturn,
    RequestRecall,
)
from teneur.payments.transfers.context import Terms, TransferContext
from teneur.payments.transfers.decisions.execution import (
    accounts_missing,
    incoming_entries,
    settlement_needs,
)
from teneur.payments.transfers.decisions.incoming import DATA_PROTECTION, comes_from_a_bank
from teneur.payments.transfers.decisions.parts import EXECUTE
from teneur.payments.transfers.decisions.telling import return_notice
from teneur.payments.transfers.effects import MessageQueued, OrderChanged
from teneur.payments.transfers.facts import TRANSFER, OrderStatus, TransferOrder
from teneur.payments.transfers.messages import (
    RECALL,
    RECALL_ANSWER,
    RETURN,
    OutgoingRecall,
    OutgoingRecallAnswer,
    OutgoingReturn,
)
from teneur.payments.transfers.rules import incoming, refusal
from teneur.payments.transfers.rules.citations import refusal_citations
from teneur.payments.transfers.rules.recalls import RULEBOOK, recall_answer_due, recall_limit
from teneur.payments.transfers.rules.refusal import Reason

INFORM_OF_RETURN = "inform-of-return"
ANSWER_RECALL = "answer-recall"
RECEIVE_KIND: Final = 109  # number of the kind ReceiveTransfer
RECALL_LATE: Final = "recall-late"
# The scheme has no code for lateness: its "legal reasons" (LEGL) is the one beside which it lets words stand.
LATE_IN_WORDS: Final = "Recall received after the time limit of the scheme (EPC125-05)"
_SENT_OUT = (OrderStatus.SENT, OrderStatus.DONE, OrderStatus.RECALL_ASKED)


@rule("BRED-A3-2.2-2", "BNC-6.1.3.2-12")
def ground_of_recall(reason: str, *, justified: bool) -> ReversalGround | None:
    """The ground of the agreement that an ISO reason of a recall claims; None: none of the three.

    DUPL and TECH are errors of the payer's bank, FRAD is fraud that it has found; what the payer himself asks
    (CUST, AC03, AM09) is his error only where his bank justifies it in words.
    """
    if reason in (RecallReason.DUPLICATE, RecallReason.TECHNICAL):
        return ReversalGround.PAYER_BANK_ERROR
    if reason == RecallReason.FRAUD:
        return ReversalGround.PROVEN_FRAUD
    if reason in ASKED_BY_PAYER and justified:
        return ReversalGround.PAYER_ERROR_JUSTIFIED
    return None


def _sent_needs(account: AccountId, transfer: int, facts: Facts) -> list[Need]:
    """An order and the operation by which its money went out."""
    wanted: list[Need] = [(ACCOUNT, account), (TRANSFER, (account, transfer))]
    order: TransferOrder | None = facts.peek(TRANSFER, (account, transfer))
    if order is not None:
        wanted.append((OPERATION, _executed_by(order)))
    return wanted


def _executed_by(order: TransferOrder) -> tuple[int, int]:
    return book_of(order.account), order.executed or order.id


def _way_out(order: TransferOrder, facts: Facts) -> Line | None:
    """The entry that left to another bank; None if the money went nowhere, or to an account here."""
    operation: Operation | None = facts.get(OPERATION, _executed_by(order))
    if operation is None or not operation.lines:
        return None
    last = operation.lines[-1]
    return last if number_of(last.credit) < FIRST_CUSTOMER_NUMBER else None


class ReceiveReturnHandler:
    """ReceiveReturn: the payee's bank could not, or would not, credit the payee."""

    def __init__(self, context: TransferContext) -> None:
        self._context = context

    def needs(self, command: Command, facts: Facts) -> Iterable[Need]:
        """The order, the way its money went, and the accounts by which it comes back."""
        ask: ReceiveReturn = command.ask  # type: ignore[assignment]
        subject = command.subject
        wanted = _sent_needs(subject, ask.transfer, facts)
        account: Account | None = facts.peek(ACCOUNT, subject)
        if account is not None:
            wanted += settlement_needs(subject, (ask.currency, account.currency))
            wanted.append((ACCOUNT, own_account(book_of(subject), Role.SUSPENSE, account.currency)))
        return wanted

    def decide(self, command: Command, facts: Facts) -> Decision:
        """The payer has his money again, the duty to execute ends, and he is to be told why."""
        ask: ReceiveReturn = command.ask  # type: ignore[assignment]
        account: Account | None = facts.get(ACCOUNT, command.subject)
        stored: TransferOrder | None = facts.get(TRANSFER, (command.subject, ask.transfer))
        if account is None or stored is None:
            return refuse("unknown-order", ())
        if not comes_from_a_bank(command):
            return refuse(str(Reason.NOT_AUTHORISED), ())
        at = command.received_at
        terms = self._context.terms(account, at)
        if stored.status is OrderStatus.RETURNED:
            return refuse("already-returned", ())
        way_out = _way_out(stored, facts) if stored.status in _SENT_OUT else None
        if terms is None or way_out is None:
            return refuse("not-sent", ())
        if ask.currency != stored.ask.currency or not 0 < ask.amount_minor <= stored.ask.amount_minor:
            return refuse("amount-does-not-fit", ())
        today = terms.local_day(at)
        if ask.settled_on is not None and ask.settled_on > today:
            return refuse("funds-not-received", ())
        back = _credited_back(ask, stored, account)
        closed = account.status is Status.CLOSED
        suspense = own_account(book_of(account.id), Role.SUSPENSE, account.currency)
        booked = incoming_entries(
            way_out.credit,
            ask.currency,
            suspense if closed else account.id,
            account.currency,
            (ask.amount_minor, back),
            today,
            incoming.value_date(ask.settled_on or today, terms.transfers.incoming, terms.agreement.tariff),
        )
        if back <= 0 or accounts_missing(facts, booked):
            return refuse("currency-not-kept", ())
        order = str(stored.id)
        returned = msgspec.structs.replace(stored, status=OrderStatus.RETURNED, reason=ask.reason)
        effects = (
            OrderChanged(account.id, returned),
            Discharge(account.id, EXECUTE, order, f"returned: {ask.reason}", at),
            Discharge(account.id, ANSWER_RECALL, order, f"returned: {ask.reason}", at),
            *_inform(terms, stored, back, ask.reason, at),
        )
        citations = terms.agreement.cite(incoming.value_date)
        detail = {"credited_minor": back, "order": stored.id, "suspense": closed}
        return Decision(Outcome.ACCEPTED, citations, booked, effects, detail=detail)


def _credited_back(ask: ReceiveReturn, stored: TransferOrder, account: Account) -> int:
    """What was debited, if all comes back; else the part at the rate that the order was converted at."""
    if ask.amount_minor == stored.ask.amount_minor:
        return stored.debit_minor
    if ask.currency == account.currency:
        return ask.amount_minor
    if has_parity(ask.currency, account.currency):
        part = Money(ask.amount_minor, CURRENCIES[ask.currency])
        return convert_parity(part, CURRENCIES[account.currency]).amount_minor
    return part_of(stored.debit_minor, ask.amount_minor, stored.ask.amount_minor)


def _inform(
    terms: Terms, stored: TransferOrder, credited_minor: int, reason: str, at: datetime
) -> tuple[Effect, ...]:
    """To the payer a return is what a refusal is: he is told in the same time."""
    notice = terms.agreement.notices.refusal
    due = refusal.notice_due(at, notice, terms.calendars.payment, terms.zone, notice_binds=True)
    clauses = terms.agreement.cite(refusal.notice_due)
    if due is None or not clauses:
        return ()
    account, order = stored.account, str(stored.id)
    told = return_notice(account, stored.ask, credited_minor, reason, order, at, INFORM_OF_RETURN)
    return (Owe(account, INFORM_OF_RETURN, order, clauses[0], at, due.due_at), told)


class RequestRecallHandler:
    """RequestRecall: by the payer, or by the bank for its own error or for fraud."""

    def __init__(self, context: TransferContext) -> None:
        self._context = context

    def needs(self, command: Command, facts: Facts) -> Iterable[Need]:
        """The order and the operation that sent its money."""
        ask: RequestRecall = command.ask  # type: ignore[assignment]
        return _sent_needs(command.subject, ask.transfer, facts)

    def decide(self, command: Command, facts: Facts) -> Decision:
        """The request waits to be sent, and the other bank owes an answer."""
        ask: RequestRecall = command.ask  # type: ignore[assignment]
        account: Account | None = facts.get(ACCOUNT, command.subject)
        stored: TransferOrder | None = facts.get(TRANSFER, (command.subject, ask.transfer))
        if account is None or stored is None:
            return refuse("unknown-order", ())
        at = command.received_at
        terms = self._context.terms(account, at)
        if ask.reason not in frozenset(RecallReason):
            return refuse("unknown-reason", ())
        asked_by_payer = command.actor > 0
        if asked_by_payer and (
            terms is None
            or ask.reason not in ASKED_BY_PAYER
            or not self._context.may_order(account, terms, command.actor)
        ):
            return refuse(str(Reason.NOT_AUTHORISED), ())
        if stored.status is OrderStatus.RECALL_ASKED:
            return refuse("recall-pending", ())
        way_out = _way_out(stored, facts) if stored.status in _SENT_OUT else None
        if terms is None or way_out is None:
            return refuse("not-sent", ())
        limit = recall_limit(ask.reason, way_out.booked_on, terms.transfers.recalls, terms.zone)
        if not limit.met_by(at):
            return refuse(RECALL_LATE, (), detail={"recall_until": limit.due_on.isoformat()})
        body = OutgoingRecall(
            payer=account.id,
            transfer=stored.id,
            amount_minor=stored.ask.amount_minor,
            currency=stored.ask.currency,
            reason=ask.reason,
            note=ask.note,
            end_to_end_id=stored.ask.end_to_end_id,
            settled_on=way_out.booked_on,
            payee_bic=stored.ask.payee.bic,
            payee_iban=stored.ask.payee.iban,
            asked_by_payer=ask.reason in ASKED_BY_PAYER,
        )
        due = recall_answer_due(at, terms.transfers.recalls, terms.zone)
        effects = (
            OrderChanged(account.id, msgspec.structs.replace(stored, status=OrderStatus.RECALL_ASKED)),
            MessageQueued(account.id, RECALL, body),
            Owe(account.id, ANSWER_RECALL, str(stored.id), RULEBOOK, at, due.due_at, debtor="payee-bank"),
        )
        day = terms.local_day(at)
        return Decision(Outcome.ACCEPTED, (), effects=effects, detail={"order": stored.id}, booked_on=day)


class ReceiveRecallAnswerHandler:
    """ReceiveRecallAnswer: the money stays where it is."""

    def __init__(self, context: TransferContext) -> None:
        self._context = context

    def needs(self, command: Command, _facts: Facts) -> Iterable[Need]:
        """The order."""
        ask: ReceiveRecallAnswer = command.ask  # type: ignore[assignment]
        return ((ACCOUNT, command.subject), (TRANSFER, (command.subject, ask.transfer)))

    def decide(self, command: Command, facts: Facts) -> Decision:
        """The order is done again, with the reason; whoever refuses to give the money back has it."""
        ask: ReceiveRecallAnswer = command.ask  # type: ignore[assignment]
        account: Account | None = facts.get(ACCOUNT, command.subject)
        stored: TransferOrder | None = facts.get(TRANSFER, (command.subject, ask.transfer))
        if account is None or stored is None:
            return refuse("unknown-order", ())
        if not comes_from_a_bank(command):
            return refuse(str(Reason.NOT_AUTHORISED), ())
        if stored.status is not OrderStatus.RECALL_ASKED:
            return refuse("no-recall-pending", ())
        at = command.received_at
        done = msgspec.structs.replace(stored, status=OrderStatus.DONE, reason=ask.reason)
        how = f"recall refused: {ask.reason}"
        effects: tuple[Effect, ...] = (
            OrderChanged(account.id, done),
            Discharge(account.id, ANSWER_RECALL, str(stored.id), how, at),
        )
        if ask.reason != RecallRefusal.NOT_RECEIVED:
            effects = (*effects, Discharge(account.id, EXECUTE, str(stored.id), how, at))
        return Decision(Outcome.ACCEPTED, (), effects=effects, detail={"order": stored.id})


class ReceiveRecallHandler:
    """ReceiveRecall: the payer's bank asks for money that we have credited."""

    def __init__(self, context: TransferContext) -> None:
        self._context = context

    def needs(self, command: Command, facts: Facts) -> Iterable[Need]:
        """The operation, whether it is undone already, and its accounts."""
        ask: ReceiveRecall = command.ask  # type: ignore[assignment]
        key = (book_of(command.subject), ask.operation)
        wanted: list[Need] = [(ACCOUNT, command.subject), (OPERATION, key), (REVERSED_BY, key)]
        operation: Operation | None = facts.peek(OPERATION, key)
        for line in operation.lines if operation else ():
            wanted += [(ACCOUNT, line.debit), (ACCOUNT, line.credit)]
        return wanted

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Debited by new entries and returned; or refused, with the reason that the other bank is told."""
        ask: ReceiveRecall = command.ask  # type: ignore[assignment]
        account: Account | None = facts.get(ACCOUNT, command.subject)
        if account is None:
            return refuse("unknown-account", ())
        if not comes_from_a_bank(command):
            return refuse(str(Reason.NOT_AUTHORISED), ())
        key = (book_of(account.id), ask.operation)
        operation: Operation | None = facts.get(OPERATION, key)
        at = command.received_at
        terms = self._context.terms(account, at)
        if (
            terms is None
            or operation is None
            or operation.kind != RECEIVE_KIND
            or not operation.lines
            or operation.lines[-1].credit != account.id
        ):
            return _keep(account, ask, at, "unknown-operation", RecallRefusal.NOT_RECEIVED, terms)
        if facts.get(REVERSED_BY, key) is not None:
            return _keep(account, ask, at, "already-reversed", RecallRefusal.ALREADY_RETURNED, terms)
        came = operation.lines[0]
        source: Account | None = facts.get(ACCOUNT, came.debit)
        if source is None or source.currency != ask.currency or came.amount_minor != ask.amount_minor:
            return _keep(account, ask, at, "amount-does-not-fit", RecallRefusal.AGENT_UNSPECIFIED, terms)
        if _came_too_late(ask, came, at, terms):
            return _keep(account, ask, at, RECALL_LATE, RecallRefusal.LEGAL, terms)
        reason = incoming.reversal_refusal(
            str(ask.ground or ""), terms.transfers.incoming, from_payer_bank=comes_from_a_bank(command)
        )
        if reason is not None:  # the payee would have to agree
            return _keep(account, ask, at, str(reason), RecallRefusal.CUSTOMER, terms)
        if account.status is Status.CLOSED:
            return _keep(account, ask, at, "account-unavailable", RecallRefusal.ACCOUNT_CLOSED, terms)
        day = terms.local_day(at)
        entries = tuple(
            Entry(line.credit, line.debit, line.amount_minor, day, day, day)
            for line in reversed(operation.lines)
        )
        if short_of_funds(facts, entries):
            return _keep(account, ask, at, "insufficient-funds", RecallRefusal.INSUFFICIENT_FUNDS, terms)
        instantly = came.debit == own_account(book_of(account.id), Role.CLEARING_INSTANT, ask.currency)
        effects = (
            OperationReversed(*key),
            MessageQueued(account.id, RETURN, _returned(ask, day, instantly=instantly)),
            *_answered(account, ask, at, "FOCR", terms),
        )
        citations = terms.agreement.cite(incoming.reversal_refusal, ground_of_recall)
        detail = {"ground": str(ask.ground), "reverses": ask.operation}
        return Decision(Outcome.ACCEPTED, citations, entries, effects, detail=detail)


def _returned(ask: ReceiveRecall, day: date, *, instantly: bool) -> OutgoingReturn:
    return OutgoingReturn(
        amount_minor=ask.amount_minor,
        currency=ask.currency,
        settlement_on=day,
        reason="FOCR",
        original_message_id=ask.original_message_id,
        original_transaction_id=ask.original_transaction_id,
        original_end_to_end_id=ask.original_end_to_end_id,
        payer_bic=ask.payer_bic,
        case_id=ask.case_id,
        instant=instantly,
    )


def _came_too_late(ask: ReceiveRecall, came: Line, at: datetime, terms: Terms) -> bool:
    """Whether the other bank asked after the scheme's limit, by the time of its message.

    It counts from the day on which the money settled here, at most a day after it left the payer.
    """
    asked_at = at if ask.asked_at is None else min(ask.asked_at, at)
    limit = recall_limit(ask.reason, came.debit_value_on, terms.transfers.recalls, terms.zone)
    return not limit.met_by(asked_at)


def _answered(
    account: Account, ask: ReceiveRecall, at: datetime, told: str, terms: Terms | None
) -> tuple[Effect, ...]:
    """The duty to answer, done by the message that the same decision queues."""
    if terms is None:
        return ()
    due = recall_answer_due(at, terms.transfers.recalls, terms.zone)
    about = f"recall of {ask.operation}: {ask.case_id}" if ask.case_id else f"recall of {ask.operation}"
    return (
        Owe(account.id, ANSWER_RECALL, about, RULEBOOK, at, due.due_at),
        Discharge(account.id, ANSWER_RECALL, about, f"answered: {told}", at),
    )


def _keep(
    account: Account, ask: ReceiveRecall, at: datetime, reason: str, told: RecallRefusal, terms: Terms | None
) -> Decision:
    """The recall is refused; the other bank is told why, as far as it may know."""
    code = protected(str(told), data_protection=DATA_PROTECTION)
    answer = OutgoingRecallAnswer(
        reason=code,
        case_id=ask.case_id,
        original_message_id=ask.original_message_id,
        original_transaction_id=ask.original_transaction_id,
        original_end_to_end_id=ask.original_end_to_end_id,
        payer_bic=ask.payer_bic,
        words=LATE_IN_WORDS if reason == RECALL_LATE else "",
    )
    citations: tuple[str, ...] = ()
    if terms is not None and reason == Reason.REVERSAL_GROUND:
        citations = refusal_citations(terms.agreement, Reason.REVERSAL_GROUND)
    effects = (MessageQueued(account.id, RECALL_ANSWER, answer), *_answered(account, ask, at, code, terms))
    return refuse(reason, citations, effects, {"told": code})
