"""Pieces that several decisions about transfers share: refusals, citations, sending, what is owed."""

from datetime import date, datetime
from typing import Any

import msgspec

from teneur.accounts import rules as account_rules
from teneur.agreements.agreement import Citable
from teneur.agreements.terms.transfers import ChargeOption, Service
from teneur.kernel.commands import Channel, Decision, Effect, refuse
from teneur.kernel.notices import Notify
from teneur.kernel.obligations import Owe
from teneur.ledger.account import Account
from teneur.payments.exchange import rules as exchange
from teneur.payments.exchange.converting import RATE_RULES
from teneur.payments.exchange.rates import Basis
from teneur.payments.transfers.commands import PlaceTransfer
from teneur.payments.transfers.context import Terms, TransferContext
from teneur.payments.transfers.decisions.fees import refusal_fee
from teneur.payments.transfers.decisions.order import Order
from teneur.payments.transfers.decisions.telling import content_of_notice, refusal_notice
from teneur.payments.transfers.effects import MessageQueued, OrderTaken
from teneur.payments.transfers.facts import OrderStatus, TransferOrder
from teneur.payments.transfers.messages import CREDIT_TRANSFER, ORDINARY, OutgoingTransfer
from teneur.payments.transfers.rules import charges, refusal
from teneur.payments.transfers.rules.citations import refusal_citations
from teneur.payments.transfers.rules.plan import Route, Timeline, TransferPlan
from teneur.payments.transfers.rules.refusal import Reason

INFORM = "inform-of-refusal"
EXECUTE = "execute-transfer"
CONFIRM = "answer-instant-transfer"
_REMEMBERED = 50_000


def terms_of_order(
    context: TransferContext, account: Account, stored: TransferOrder, at: datetime
) -> Terms | None:
    """The terms that govern an order taken earlier: those under which it was given, whatever came since.

    Each occurrence of a standing order is an operation of its own day.
    """
    return context.terms(account, stored.ordered_at if stored.ask.repeat is None else at)


def funds_sources(terms: Terms) -> tuple[Citable, ...]:
    """The rules of the account that say what may be spent: its own funds, what is usable, its floor."""
    balance = terms.agreement.accounts.balance
    return (
        balance.floor_without_authorisation_minor,
        account_rules.floor_minor,
        account_rules.usable_minor,
        account_rules.counted_accounts,
        account_rules.covers,
    )


def refuse_order(
    terms: Terms,
    account: Account,
    at: datetime,
    reason: Reason,
    route: Route | None,
    about: str = "",
    debit_minor: int = 0,
    ask: PlaceTransfer | None = None,
) -> Decision:
    """A refused order: deemed not received, its reason coded, and the customer to be told in time.

    debit_minor: what it would have cost the account, which caps what its notice may cost. ask: the order, of
    which the notice says amount and payee.
    Where the order is too broken to have a route, the duty to inform is taken to bind.
    """
    sources: tuple[Citable, ...] = (refusal.reception_that_counts,)
    if reason is Reason.INSUFFICIENT_FUNDS:
        sources = (*funds_sources(terms), *sources)
    citations = refusal_citations(terms.agreement, reason) + terms.agreement.cite(*sources)
    told = refusal_notice(terms, account.id, reason, ask, about, at, INFORM)
    owed = inform_of_refusal(terms, told, route)
    content = content_of_notice(terms, reason)
    detail = {"correction": content.correction, "reason": str(reason) if content.reason else ""}
    charged = refusal_fee(terms, account, at, reason, debit_minor, notice_owed=bool(owed))
    return refuse(str(reason), citations, (*owed, *charged), detail)


def as_refused(stored: TransferOrder, reason: Reason) -> TransferOrder:
    """An order that was taken and is refused now: deemed not received, so that no delay runs any more."""
    received_at = refusal.reception_that_counts(stored.received_at, refused=True)
    return msgspec.structs.replace(
        stored,
        status=OrderStatus.REFUSED,
        received_at=received_at,
        due_on=None,
        execute_by=None if received_at is None else stored.execute_by,
        reason=str(reason),
    )


def inform_of_refusal(terms: Terms, told: Notify, route: Route | None) -> tuple[Effect, ...]:
    """The duty to tell the customer by the end of the next business day, and the notice that does it."""
    due = refusal.notice_due(
        told.at,
        terms.agreement.notices.refusal,
        terms.calendars.payment,
        terms.zone,
        notice_binds=route is None or route.refusal_notice_binds,
    )
    if due is None:
        return ()
    clauses = terms.agreement.cite(refusal.notice_due)
    clause = clauses[0] if clauses else ""
    return (Owe(told.account, INFORM, told.about, clause, told.at, due.due_at), told)


def plan_citations(plan: TransferPlan, terms: Terms) -> tuple[str, ...]:
    """What an accepted order cites: class, regime, charges, reception, delay, funds. Remembered with the
    plan."""
    found = _CITATIONS.get((plan, terms))
    if found is None:
        if len(_CITATIONS) > _REMEMBERED:
            _CITATIONS.clear()
        funds = terms.agreement.cite(*funds_sources(terms))
        found = tuple(dict.fromkeys((*plan.route.citations, *plan.citations, *funds)))
        _CITATIONS[plan, terms] = found
    return found


_CITATIONS: dict[tuple[TransferPlan, Terms], tuple[str, ...]] = {}


def order_citations(order: Order) -> tuple[str, ...]:
    """What an accepted order cites: its plan, and the conversion of its amount if there is one."""
    assert order.plan is not None
    found = plan_citations(order.plan, order.terms)
    if order.conversion is None:
        return found
    cited = order.terms.agreement.cite(*_CONVERSION[order.conversion.basis])
    return tuple(dict.fromkeys((*found, *cited)))


_CONVERSION: dict[Basis, tuple[Citable, ...]] = {
    Basis.MARKET: (*RATE_RULES, exchange.debit_value_on, exchange.commission_event),
    Basis.AGREED: (exchange.debit_value_on, exchange.commission_event),
    Basis.PARITY: (exchange.debit_value_on,),
}


def execution_owed(order: Order, timeline: Timeline, at: datetime, about: str = "") -> tuple[Effect, ...]:
    """The duty to have the payee's bank credited in time; none where no time is promised."""
    if timeline.execution is None:
        return ()
    clauses = order.terms.agreement.cite(delay_source(order.route))
    clause = clauses[0] if clauses else ""
    due_at = timeline.execution.due_at
    return (Owe(order.account.id, EXECUTE, about, clause, timeline.reception(at), due_at),)


def delay_source(route: Route) -> Citable:
    """The parameter that sets the maximum execution time of a transfer, or says that it is quoted."""
    delay = route.delay
    if route.quoted:
        return delay.kind
    with_exchange = route.converted and delay.converted_business_days.value is not None
    return delay.converted_business_days if with_exchange else delay.business_days


def message_of(
    order: Order, settlement_on: date, stamped_at: datetime | None = None, transfer: int | None = None
) -> MessageQueued:
    """The message that takes an order to the payee's bank. transfer: of an order that an earlier row took.

    What goes on is what was ordered: no price is taken from it here.
    """
    ask, payee = order.ask, order.ask.payee
    body = OutgoingTransfer(
        payer=order.account.id,
        amount_minor=charges.amount_passed_on(
            ask.amount_minor, 0, full_amount_binds=order.route.full_amount_binds
        ),
        currency=ask.currency,
        settlement_on=settlement_on,
        payee_name=payee.name,
        payee_iban=order.iban,
        payee_account_number=payee.account_number,
        payee_bic=payee.bic,
        payee_bank_name=payee.bank_name,
        payee_address=payee.address,
        payee_town=payee.town,
        payee_country=payee.country,
        remittance=ask.remittance,
        structured_reference=ask.structured_reference,
        end_to_end_id=ask.end_to_end_id,
        charges=str(order.charge_option()),
        transfer_class=str(order.route.transfer_class),
        instant=ask.service is Service.INSTANT,
        stamped_at=stamped_at,
        transfer=transfer,
    )
    return MessageQueued(order.account.id, CREDIT_TRANSFER, body)


def taken(
    account: Account,
    status: OrderStatus,
    channel: Channel,
    ask: PlaceTransfer,
    debit: int,
    timeline: Timeline,
    at: datetime,
    *,
    stamped_at: datetime | None = None,
    holds_here: bool = False,
) -> OrderTaken:
    """The row of an order that is not done at once."""
    waits = status is OrderStatus.WAITING
    return OrderTaken(
        account=account.id,
        status=status,
        channel=channel,
        ask=ask,
        debit_minor=debit,
        ordered_at=at,
        received_at=None if waits else timeline.reception(at),
        due_on=timeline.received_on if status is OrderStatus.SCHEDULED else None,
        execute_by=timeline.execution.due_at if timeline.execution and not waits else None,
        stamped_at=stamped_at,
        holds_here=holds_here,
    )


def accepted_detail(order: Order) -> dict[str, Any]:
    """What the record keeps of how an accepted order was understood; `exchange`: how its amount is converted
    (payments.exchange.rates.Conversion), or will be if that is an estimate.

    All orders understood alike share one dict, which is written once a batch: extend a copy.
    """
    found = _understood(order)
    return found if order.conversion is None else {**found, "exchange": order.conversion}


def _understood(order: Order) -> dict[str, str]:
    """Class, law and charges. Inside the bank the ordinary ones are left out."""
    inside = order.payee is not None
    key = (order.route, order.ask.charges, order.advice().warn, inside)
    found = _DETAILS.get(key)
    if found is None:
        if len(_DETAILS) > _REMEMBERED:
            _DETAILS.clear()
        found = _DETAILS[key] = {
            "charges": str(order.charge_option()),
            "class": str(order.route.transfer_class),
            "regime": str(order.route.regime),
        }
        if order.advice().warn:
            found["warning"] = "may-be-rejected"
        if inside and found == ORDINARY:
            found.clear()
    return found


_DETAILS: dict[tuple[Route, ChargeOption | None, bool, bool], dict[str, str]] = {}
