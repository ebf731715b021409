"""A transfer of another bank too faulty to credit anybody: its money goes back, and the books show it.

An ordinary transfer has settled: its money is booked as being looked into (suspense) and from there back to
the account that banks settle through, where the return takes it along. An instant transfer settles only once
we say so: its rejection is all there is to do.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from teneur.agreements.terms.agreement import AgreementKind
from teneur.kernel.clock import business_date
from teneur.kernel.commands import Command, Decision, Entry, Facts, Need, Outcome, book_of, refuse
from teneur.kernel.money import CURRENCIES
from teneur.ledger.account import ACCOUNT, Account, AccountKind
from teneur.ledger.chart import Role, own_account
from teneur.payments.transfers.commands import SendBackTransfer
from teneur.payments.transfers.context import TransferContext
from teneur.payments.transfers.decisions.incoming import comes_from_a_bank
from teneur.payments.transfers.decisions.order import LARGEST_MINOR
from teneur.payments.transfers.effects import MessageQueued
from teneur.payments.transfers.messages import RETURN, STATUS, OutgoingReturn, OutgoingStatus
from teneur.payments.transfers.rules.incoming import fault_told
from teneur.payments.transfers.rules.refusal import Reason

MESSAGE_FAULTY: Final = "message-faulty"


class SendBackHandler:
    """SendBackTransfer: asked where a message of another bank is read."""

    def __init__(self, context: TransferContext) -> None:
        self._context = context

    def needs(self, command: Command, _facts: Facts) -> Iterable[Need]:
        """The account that the transfer settles through, and the one of what is looked into."""
        ask: SendBackTransfer = command.ask  # type: ignore[assignment]
        wanted: list[Need] = [(ACCOUNT, command.subject)]
        if ask.currency in CURRENCIES:
            suspense = own_account(book_of(command.subject), Role.SUSPENSE, ask.currency)
            wanted.append((ACCOUNT, suspense))
        return wanted

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Into suspense and out again, with its return; an instant one is rejected and nothing is booked."""
        ask: SendBackTransfer = command.ask  # type: ignore[assignment]
        account: Account | None = facts.get(ACCOUNT, command.subject)
        at = command.received_at
        if not comes_from_a_bank(command):
            return refuse(str(Reason.NOT_AUTHORISED), ())
        if account is None:
            return refuse("unknown-account", ())
        if account.kind is not AccountKind.OWN or account.currency != ask.currency:
            return refuse("currency-not-kept", ())
        told = fault_told(ask.fault, instantly=ask.instant)
        detail = {"told": told, "field": ask.words}
        if ask.instant:
            rejected = OutgoingStatus(
                accepted=False,
                original_message_id=ask.message_id,
                original_transaction_id=ask.transaction_id,
                original_end_to_end_id=ask.end_to_end_id,
                reason=told,
                payer_bic=ask.payer_bic,
                at=at,
            )
            return refuse(MESSAGE_FAULTY, (), (MessageQueued(account.id, STATUS, rejected),), detail)
        if not 0 < ask.amount_minor <= LARGEST_MINOR:
            return refuse(str(Reason.AMOUNT_INVALID), (), detail=detail)  # no return could say it
        day = self._day_here(ask.currency, at)
        if ask.settled_on is not None and ask.settled_on > day:
            return refuse("funds-not-received", ())
        suspense = own_account(book_of(account.id), Role.SUSPENSE, ask.currency)
        came_on = ask.settled_on or day
        booked = (
            Entry(account.id, suspense, ask.amount_minor, day, came_on, came_on),
            Entry(suspense, account.id, ask.amount_minor, day, day, day),
        )
        back = OutgoingReturn(
            amount_minor=ask.amount_minor,
            currency=ask.currency,
            settlement_on=day,
            reason=told,
            original_message_id=ask.message_id,
            original_transaction_id=ask.transaction_id,
            original_end_to_end_id=ask.end_to_end_id,
            payer_bic=ask.payer_bic,
        )
        queued = MessageQueued(account.id, RETURN, back)
        return Decision(Outcome.ACCEPTED, (), booked, (queued,), detail=detail)

    def _day_here(self, currency: str, at: datetime) -> date:
        """The latest local day where the bank keeps accounts in the currency, else of all its places."""
        governing = self._context.governing
        ours = [a for a in governing.agreements if a.kind is AgreementKind.ACCOUNT]
        placed = [a for a in ours if a.currency == currency] or ours
        return max(business_date(at, governing.of_agreement(a).zone) for a in placed)
