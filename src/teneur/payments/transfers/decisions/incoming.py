"""Money comes from another bank: credited at once, or refused with its reason and sent back.

An ordinary transfer has settled before its message is read. When it cannot be credited nothing is booked and
its return waits to be sent: in the clearing account what came and what goes back cancel out, so that both
stay out of the books. An instant transfer settles only once we say so: the refusal itself undoes it.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final

import msgspec

from teneur.agreements.agreement import Citable
from teneur.agreements.terms.transfers import Service, TransferClass
from teneur.customers.facts import PERSON, Person
from teneur.interbank.reasons import RejectReason, protected
from teneur.kernel.commands import Channel, Command, Decision, Effect, Facts, Need, Outcome, book_of, refuse
from teneur.kernel.fees import FeeDue
from teneur.kernel.identifiers import is_valid_iban
from teneur.kernel.money import CURRENCIES
from teneur.kernel.names import NameMatch, match_names
from teneur.ledger.account import ACCOUNT, ACCOUNT_OF_IBAN, Account, AccountKind, Status
from teneur.ledger.chart import Role, own_account
from teneur.payments.exchange import rules as exchange_rules
from teneur.payments.exchange.converting import RATE_RULES, Exchange, rate_needs
from teneur.payments.exchange.facts import QUOTE
from teneur.payments.exchange.rates import Basis, Conversion
from teneur.payments.transfers.commands import ReceiveTransfer
from teneur.payments.transfers.context import Terms, TransferContext
from teneur.payments.transfers.decisions.execution import (
    accounts_missing,
    incoming_entries,
    settlement_account,
    settlement_needs,
)
from teneur.payments.transfers.decisions.order import LARGEST_MINOR
from teneur.payments.transfers.effects import MessageQueued
from teneur.payments.transfers.messages import RETURN, STATUS, OutgoingReturn, OutgoingStatus
from teneur.payments.transfers.rules import incoming, instant, routing
from teneur.payments.transfers.rules.citations import refusal_citations
from teneur.payments.transfers.rules.geography import Bank
from teneur.payments.transfers.rules.incoming import IncomingCredit
from teneur.payments.transfers.rules.refusal import Reason

DATA_PROTECTION: Final = True  # bank secrecy (CMF L511-33): another bank is not told how an account stands

# What the other bank is told. Return messages know fewer reasons than rejections do: those become MS03.
_TOLD: Final[Mapping[Reason, RejectReason]] = MappingProxyType(
    {
        Reason.IBAN_INVALID: RejectReason.ACCOUNT_NUMBER,
        Reason.ACCOUNT_UNAVAILABLE: RejectReason.ACCOUNT_CLOSED,
        Reason.INSTANT_EXPIRED: RejectReason.TIMEOUT_CREDITOR_AGENT,
        Reason.SERVICE_NOT_OFFERED: RejectReason.INSTANT_NOT_OFFERED,
        Reason.CURRENCY_NOT_OFFERED: RejectReason.CURRENCY,
        Reason.AMOUNT_INVALID: RejectReason.AMOUNT_NOT_ALLOWED,
        Reason.MISSING_FIELD: RejectReason.AGENT_UNSPECIFIED,
    }
)
_RETURNABLE: Final = frozenset({RejectReason.ACCOUNT_NUMBER, RejectReason.ACCOUNT_CLOSED})


def reason_told(reason: Reason, *, instantly: bool) -> str:
    """The ISO code of a rejection (instant) or a return (ordinary): MS03 where secrecy or its list forbids
    more."""
    code = _TOLD.get(reason, RejectReason.AGENT_UNSPECIFIED)
    if not instantly and code not in _RETURNABLE:
        code = RejectReason.AGENT_UNSPECIFIED
    return protected(str(code), data_protection=DATA_PROTECTION)


def comes_from_a_bank(command: Command) -> bool:
    """Whether a message of another bank asks: no customer and no member of staff can say that money came."""
    return command.channel is Channel.INTERBANK and command.actor == 0


class ReceiveHandler:
    """ReceiveTransfer: asked by a message of another bank."""

    def __init__(self, context: TransferContext) -> None:
        self._context = context

    def needs(self, command: Command, facts: Facts) -> Iterable[Need]:
        """The payee's account, the accounts that the bank settles through, and who holds the payee's."""
        ask: ReceiveTransfer = command.ask  # type: ignore[assignment]
        subject = command.subject
        wanted: list[Need] = [(ACCOUNT, subject), (ACCOUNT_OF_IBAN, ask.payee_iban)]
        account: Account | None = facts.peek(ACCOUNT, subject)
        if account is not None:
            wanted += settlement_needs(subject, (ask.currency, account.currency))
            wanted += [(PERSON, holder) for holder in account.holders]
            wanted += self._rates(command, account)
        return wanted

    def _rates(self, command: Command, account: Account) -> list[Need]:
        ask: ReceiveTransfer = command.ask  # type: ignore[assignment]
        terms = self._context.terms(account, command.received_at)
        if terms is None or ask.currency not in CURRENCIES:
            return []
        at, agreed = command.received_at, terms.agreement.exchange
        return rate_needs(ask.currency, account.currency, None, at, agreed, terms.zone)

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Credit the payee at once; else nothing is booked and the other bank gets money or answer back."""
        ask: ReceiveTransfer = command.ask  # type: ignore[assignment]
        account: Account | None = facts.get(ACCOUNT, command.subject)
        at = command.received_at
        if not comes_from_a_bank(command):
            return refuse(str(Reason.NOT_AUTHORISED), ())
        if account is None:
            return refuse("unknown-account", ())
        named = facts.get(ACCOUNT_OF_IBAN, ask.payee_iban)
        if named is not None and named != account.id:
            return refuse("subject-is-not-the-payee", ())
        terms = self._context.terms(account, at)
        if named is None or account.kind is AccountKind.OWN or terms is None:
            return send_back(account, ask, at, Reason.IBAN_INVALID, terms)
        today = terms.local_day(at)
        if ask.settled_on is not None and ask.settled_on > today:
            return refuse("funds-not-received", ())
        reason = _refusal(ask, account, terms, at)
        if reason is not None:
            return send_back(account, ask, at, reason, terms)
        return self._credited(command, ask, account, terms, facts)

    def _credited(
        self, command: Command, ask: ReceiveTransfer, account: Account, terms: Terms, facts: Facts
    ) -> Decision:
        at = command.received_at
        day = terms.local_day(at)
        source = _whose(ask, account, facts)
        credit = incoming.credit(
            ask.settled_on or day,
            ask.currency,
            account.currency,
            source,
            terms.transfers.incoming,
            terms.agreement.tariff,
            instant=ask.instant,
        )
        conversion = None
        if credit.convert:
            if facts.get(ACCOUNT, own_account(book_of(account.id), Role.POSITION, ask.currency)) is None:
                return send_back(account, ask, at, Reason.CURRENCY_NOT_OFFERED, terms)
            exchange = Exchange(lambda key: facts.get(QUOTE, key), at, terms.agreement.exchange, terms.zone)
            conversion = exchange.conversion(ask.amount_minor, ask.currency, account.currency, debit=False)
            if conversion is None or conversion.estimate:
                return send_back(account, ask, at, Reason.RATE_MISSING, terms)
        credited = ask.amount_minor if conversion is None else conversion.converted_minor
        kind = self._class(ask, terms, day)
        service = Service.INSTANT if ask.instant else Service.ORDINARY
        booked = incoming_entries(
            settlement_account(book_of(account.id), kind, service, ask.currency),
            ask.currency,
            account.id,
            account.currency,
            (ask.amount_minor, credited),
            max(credit.available_on, day),
            credit.value_on if conversion is None else _valued_on(credit.value_on, day, conversion, terms),
        )
        if credited <= 0 or accounts_missing(facts, booked):
            return send_back(account, ask, at, Reason.CURRENCY_NOT_OFFERED, terms)
        effects: tuple[Effect, ...] = ()
        if ask.instant:
            effects = (MessageQueued(account.id, STATUS, _status(ask, at)),)
        detail: dict[str, Any] = {
            "class": str(kind),
            "credited_minor": credited,
            "instant": credit.instant,
            "source": str(credit.source),
        }
        citations = _citations(terms, credit)
        if conversion is not None:
            detail["exchange"] = conversion
            citations = tuple(
                dict.fromkeys((*citations, *terms.agreement.cite(*_CONVERSION[conversion.basis])))
            )
            effects = (*effects, *_commission(account, conversion, day, terms))
        return Decision(Outcome.ACCEPTED, citations, booked, effects, detail=detail)

    def _class(self, ask: ReceiveTransfer, terms: Terms, day: date) -> TransferClass:
        """What kind of transfer it is, by where the payer's bank is; here where nothing says so."""
        if is_valid_iban(ask.payer_iban):
            payer = self._context.bank_of(terms, ask.payer_iban, ask.payer_bic)
        else:
            payer = self._context.directory.bank_without_iban(ask.payer_bic) or Bank(terms.home.place)
        geography = terms.plans.geography(day)
        return routing.transfer_class(ask.currency, payer, terms.home, terms.transfers.routing, geography)


def _refusal(ask: ReceiveTransfer, account: Account, terms: Terms, at: datetime) -> Reason | None:
    if ask.currency not in CURRENCIES:
        return Reason.CURRENCY_NOT_OFFERED
    if not 0 < ask.amount_minor <= LARGEST_MINOR:
        return Reason.AMOUNT_INVALID
    if account.status is Status.CLOSED:
        return Reason.ACCOUNT_UNAVAILABLE
    if ask.instant:
        if not terms.transfers.instant.offered.value:
            return Reason.SERVICE_NOT_OFFERED
        if ask.stamped_at is None:
            return Reason.MISSING_FIELD
        expired = instant.incoming_refusal(ask.stamped_at, at, terms.transfers.instant)
        if expired is not None:
            return expired
    return None


_CONVERSION: Final[Mapping[Basis, tuple[Citable, ...]]] = MappingProxyType(
    {
        Basis.MARKET: (*RATE_RULES, exchange_rules.credit_value_on, exchange_rules.commission_event),
        Basis.PARITY: (exchange_rules.credit_value_on,),
    }
)


def _valued_on(funds_on: date, day: date, conversion: Conversion, terms: Terms) -> date:
    """The value date of what is credited in another currency than it came in."""
    days = terms.calendars.payment_in(conversion.account_currency)
    agreed = terms.agreement.exchange.value_dates
    return exchange_rules.credit_value_on(funds_on, day, conversion.basis, days, agreed)


def _commission(account: Account, conversion: Conversion, day: date, terms: Terms) -> tuple[Effect, ...]:
    """The commission by the tariff, apart from what is credited."""
    event = exchange_rules.commission_event(conversion.basis, terms.agreement.exchange.commission)
    return (FeeDue(account.id, event, "", day, conversion.converted_minor),) if event else ()


def send_back(
    account: Account, ask: ReceiveTransfer, at: datetime, reason: Reason, terms: Terms | None
) -> Decision:
    """Refused: the rejection of an instant transfer, or the return of one that has settled."""
    told = reason_told(reason, instantly=ask.instant)
    citations = () if terms is None else refusal_citations(terms.agreement, reason)
    detail = {"told": told}
    if ask.instant:
        rejected = msgspec.structs.replace(_status(ask, at), accepted=False, reason=told)
        return refuse(str(reason), citations, (MessageQueued(account.id, STATUS, rejected),), detail)
    if not 0 < ask.amount_minor <= LARGEST_MINOR or ask.currency not in CURRENCIES:
        return refuse(str(reason), citations, detail=detail)  # nothing that a return could say
    day = at.date() if terms is None else terms.local_day(at)
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
    return refuse(str(reason), citations, (MessageQueued(account.id, RETURN, back),), detail)


def _status(ask: ReceiveTransfer, at: datetime) -> OutgoingStatus:
    return OutgoingStatus(
        accepted=True,
        original_message_id=ask.message_id,
        original_transaction_id=ask.transaction_id,
        original_end_to_end_id=ask.end_to_end_id,
        payer_bic=ask.payer_bic,
        at=at,
    )


def _whose(ask: ReceiveTransfer, account: Account, facts: Facts) -> routing.Counterparty:
    """Whether the payer is one of the holders, as far as the names say."""
    persons: list[Person | None] = [facts.get(PERSON, holder) for holder in account.holders]
    same = [p.id for p in persons if p and match_names(ask.payer_name, p.name) is NameMatch.MATCH]
    return routing.counterparty(account.holders, same)


def _citations(terms: Terms, credit: IncomingCredit) -> tuple[str, ...]:
    conversion = (incoming.needs_conversion,) if credit.convert else ()
    return terms.agreement.cite(
        incoming.credit, incoming.available_on, incoming.value_date, *conversion, routing.counterparty
    )
