"""An order taken earlier falls due: its money moves, or it is refused then."""

from collections.abc import Iterable
from datetime import date, datetime

import msgspec

from teneur.accounts.rules import covers
from teneur.kernel.commands import AccountId, Command, Decision, Effect, Facts, Need, Outcome, book_of, refuse
from teneur.ledger.account import ACCOUNT, ACCOUNT_OF_IBAN, Account, Status
from teneur.ledger.effects import HoldPlaced
from teneur.payments.exchange.converting import rate_needs
from teneur.payments.transfers.commands import ExecuteTransfer, PlaceTransfer
from teneur.payments.transfers.context import TransferContext
from teneur.payments.transfers.decisions.execution import (
    accounts_missing,
    entries,
    settlement_needs,
    target,
)
from teneur.payments.transfers.decisions.fees import transfer_fee
from teneur.payments.transfers.decisions.order import Order, branch_of, payee_iban, schedule_of
from teneur.payments.transfers.decisions.parts import (
    accepted_detail,
    as_refused,
    execution_owed,
    message_of,
    order_citations,
    refuse_order,
    taken,
    terms_of_order,
)
from teneur.payments.transfers.decisions.place import SCREENING, held_for_screening
from teneur.payments.transfers.decisions.waiting import begun, is_over
from teneur.payments.transfers.effects import OrderChanged
from teneur.payments.transfers.facts import FUNDED, TRANSFER, OrderStatus, TransferOrder
from teneur.payments.transfers.rules import incoming, standing
from teneur.payments.transfers.rules.citations import refusal_citations
from teneur.payments.transfers.rules.plan import Timeline
from teneur.payments.transfers.rules.refusal import Reason


def order_needs(account: AccountId, transfer: int, facts: Facts) -> list[Need]:
    """An order, its account, and what moving its money needs."""
    wanted: list[Need] = [(ACCOUNT, account), (TRANSFER, (account, transfer))]
    order: TransferOrder | None = facts.peek(TRANSFER, (account, transfer))
    payer: Account | None = facts.peek(ACCOUNT, account)
    if order is None or payer is None:
        return wanted
    iban = payee_iban(order.ask.payee)
    wanted.append((ACCOUNT_OF_IBAN, iban))
    if order.status is OrderStatus.WAITING:
        wanted.append((FUNDED, (account, transfer)))
    payee = facts.peek(ACCOUNT_OF_IBAN, iban)
    if payee is not None:
        wanted.append((ACCOUNT, payee))
    return wanted + settlement_needs(account, (order.ask.currency, payer.currency))


def conversion_needs(context: TransferContext, command: Command, transfer: int, facts: Facts) -> list[Need]:
    """The market rates by which an order taken earlier is converted, once its account is known."""
    account: Account | None = facts.peek(ACCOUNT, command.subject)
    order: TransferOrder | None = facts.peek(TRANSFER, (command.subject, transfer))
    if account is None or order is None or order.ask.currency == account.currency:
        return []
    at, ask = command.received_at, order.ask
    terms = terms_of_order(context, account, order, at)
    if terms is None:
        return []
    return rate_needs(ask.currency, account.currency, ask.rate, at, terms.agreement.exchange, terms.zone)


class ExecuteHandler:
    """ExecuteTransfer: asked by the bank's day, once for each due day of an order."""

    def __init__(self, context: TransferContext) -> None:
        self._context = context

    def needs(self, command: Command, facts: Facts) -> Iterable[Need]:
        """The order and both ends."""
        ask: ExecuteTransfer = command.ask  # type: ignore[assignment]
        found = order_needs(command.subject, ask.transfer, facts)
        return found + conversion_needs(self._context, command, ask.transfer, facts)

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Do it if it is still due on that day; a refusal of one occurrence leaves the others.

        An order that cannot be converted yet, for want of a rate of the day, waits as it is.
        """
        ask: ExecuteTransfer = command.ask  # type: ignore[assignment]
        account: Account | None = facts.get(ACCOUNT, command.subject)
        stored: TransferOrder | None = facts.get(TRANSFER, (command.subject, ask.transfer))
        if account is None or stored is None:
            return refuse("unknown-order", ())
        waits = stored.status is OrderStatus.WAITING
        if not waits and (stored.status is not OrderStatus.SCHEDULED or stored.due_on != ask.due_on):
            return refuse("not-due", ())
        at = command.received_at
        terms = terms_of_order(self._context, account, stored, at)
        if terms is None or terms.local_day(at) < ask.due_on:
            return refuse("not-due", ())
        order = Order(self._context, terms, account, stored.ask, stored.channel)
        if waits and is_over(stored, ask.due_on):
            return refused_when_due(order, stored, at, Reason.INSUFFICIENT_FUNDS)
        if account.status is Status.OPEN and order.convert_now(facts, at) is not None:
            return refuse(str(Reason.RATE_MISSING), refusal_citations(terms.agreement, Reason.RATE_MISSING))
        debit = order.debit_minor
        if waits:
            started = begun(order, stored, facts, debit, ask.due_on)
            if started is None:
                return refuse("awaiting-funds", ())
            stored = started
        assert stored.due_on is not None
        reason = _reason_when_due(order, facts, stored.due_on)
        if reason is not None:
            charged = debit if reason is Reason.INSUFFICIENT_FUNDS else 0
            return refused_when_due(order, stored, at, reason, charged)
        if held_for_screening(order):
            return screened_when_due(order, stored, debit, at)
        return executed(order, stored, facts, debit, at)


def _reason_when_due(order: Order, facts: Facts, day: date) -> Reason | None:
    """The first reason against an order on its day."""
    account = order.account
    if account.status is not Status.OPEN:
        return Reason.ACCOUNT_UNAVAILABLE
    reason = order.find_plan(facts, day)
    if reason is None and not covers(account, order.debit_minor, order.terms.agreement.accounts.balance):
        return Reason.INSUFFICIENT_FUNDS
    return reason


def refused_when_due(
    order: Order, stored: TransferOrder, at: datetime, reason: Reason, debit_minor: int = 0
) -> Decision:
    """The order, or this occurrence of it, is refused; the customer is to be told.

    debit_minor: what was to be debited, where its notice may be charged.
    """
    route = order.plan.route if order.plan else None
    decision = refuse_order(
        order.terms, order.account, at, reason, route, debit_minor=debit_minor, ask=stored.ask
    )
    later = after_occurrence(order, stored, done=False)
    if later is None or stored.ask.repeat is None:
        later = as_refused(stored, reason)
    effects = (*decision.effects, OrderChanged(order.account.id, later))
    return msgspec.structs.replace(decision, effects=effects)


def screened_when_due(order: Order, stored: TransferOrder, debit: int, at: datetime) -> Decision:
    """The name is on the list: the money is kept aside before it can leave, until staff has looked."""
    assert order.plan is not None
    account, terms, ask = order.account, order.terms, stored.ask
    effects: list[Effect] = [HoldPlaced(account.id, debit, SCREENING, at)]
    if ask.repeat is None:
        waits = msgspec.structs.replace(
            stored, status=OrderStatus.SCREENED, due_on=None, debit_minor=debit, done_occurrences=1
        )
        effects.append(OrderChanged(account.id, waits, holds_here=True))
    else:
        later = after_occurrence(order, stored, done=True)
        effects.append(OrderChanged(account.id, later or _ended(stored)))
        once, timeline = one_occurrence(stored), timeline_when_due(order, stored)
        row = taken(account, OrderStatus.SCREENED, stored.channel, once, debit, timeline, at, holds_here=True)
        effects.append(row)
    return Decision(
        Outcome.PENDING,
        order_citations(order),
        effects=tuple(effects),
        reason=SCREENING,
        detail={**accepted_detail(order), "order": stored.id},
        booked_on=terms.local_day(at),
    )


def one_occurrence(stored: TransferOrder) -> PlaceTransfer:
    """The present occurrence of a standing order, as an order of its own."""
    return msgspec.structs.replace(stored.ask, repeat=None, agreed_on=stored.due_on)


def timeline_when_due(order: Order, stored: TransferOrder) -> Timeline:
    """An order that falls due is received on its day, and has from then on the delay of its kind."""
    assert order.plan is not None
    assert stored.due_on is not None
    return Timeline(None, stored.due_on, order.deadline(order.plan.on_time), stored.due_on)


def executed(order: Order, stored: TransferOrder, facts: Facts, debit: int, at: datetime) -> Decision:
    """The money moves; a standing order is scheduled for its next day."""
    assert order.plan is not None
    assert stored.due_on is not None
    account, terms, ask = order.account, order.terms, stored.ask
    to = target(book_of(account.id), order.route, order.payee)
    amounts = (debit, ask.amount_minor)
    booked_on = max(stored.due_on, terms.local_day(at))
    tariff = terms.agreement.tariff
    ordinary = incoming.value_date(booked_on, terms.transfers.incoming, tariff)
    value_on = order.debit_value_on(booked_on, ordinary)
    booked = entries(account.id, account.currency, to, amounts, ask.currency, booked_on, value_on)
    if accounts_missing(facts, booked):
        return refused_when_due(order, stored, at, Reason.CURRENCY_NOT_OFFERED)
    timeline = timeline_when_due(order, stored)
    outside = order.payee is None
    effects: list[Effect] = []
    if outside:
        once_only = stored.id if ask.repeat is None else None  # an occurrence is an order of its own
        effects.append(message_of(order, booked_on, transfer=once_only))
    if ask.repeat is not None:
        later = after_occurrence(order, stored, done=True)
        effects.append(OrderChanged(account.id, later or _ended(stored), executed_here=True))
        if outside:  # each occurrence is followed until the other bank has the money
            once = one_occurrence(stored)
            effects.append(taken(account, OrderStatus.SENT, stored.channel, once, debit, timeline, at))
            effects += execution_owed(order, timeline, at)
    else:
        status = OrderStatus.SENT if outside else OrderStatus.DONE
        changed = msgspec.structs.replace(
            stored,
            status=status,
            due_on=None,
            debit_minor=debit,
            execute_by=timeline.execution.due_at if timeline.execution else None,
            done_occurrences=1,
        )
        effects.append(OrderChanged(account.id, changed, executed_here=True))
        if outside:
            effects += execution_owed(order, timeline, at, str(stored.id))
    effects += transfer_fee(order, booked_on, debit)
    return Decision(
        Outcome.ACCEPTED,
        order_citations(order),
        booked,
        tuple(effects),
        detail={**accepted_detail(order), "order": stored.id},
    )


def after_occurrence(order: Order, stored: TransferOrder, *, done: bool) -> TransferOrder | None:
    """The standing order as it stands after its present occurrence; None when it has run out."""
    if stored.ask.repeat is None:
        return None
    agreed = next_agreed_day(stored)
    if agreed is None:
        return None
    return msgspec.structs.replace(
        stored,
        due_on=due_day(agreed, order),
        done_occurrences=stored.done_occurrences + done,
    )


def next_agreed_day(stored: TransferOrder, after: date | None = None) -> date | None:
    """The next agreed day after one, or after the present one, that is neither revoked nor withdrawn."""
    schedule = schedule_of(stored.ask)
    day = present_agreed_day(stored) if after is None else after
    while True:
        following = standing.next_occurrence(schedule, day)
        if following is None or (stored.ends_on is not None and following > stored.ends_on):
            return None
        if following not in stored.revoked_days:
            return following
        day = following


def present_agreed_day(stored: TransferOrder) -> date:
    """The agreed day whose due day the order now has: the latest one that rolls to it."""
    assert stored.due_on is not None
    days = standing.occurrences(schedule_of(stored.ask), stored.due_on)
    return days[-1] if days else stored.due_on


def due_day(agreed: date, order: Order) -> date:
    """The business day on which an agreed day is executed, by the days of the channel the order came on."""
    days = order.terms.plans.days(order.channel, order.ask.currency, branch_of(order.account))
    return days.next_on_or_after(agreed)


def _ended(stored: TransferOrder) -> TransferOrder:
    return msgspec.structs.replace(
        stored, status=OrderStatus.DONE, due_on=None, done_occurrences=stored.done_occurrences + 1
    )
