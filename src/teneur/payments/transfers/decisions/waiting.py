"""Orders that the customer's funds start: looked at every business day, begun when the money is there."""

from datetime import date, datetime

import msgspec

from teneur.accounts.rules import covers
from teneur.agreements.terms.transfers import StartCondition
from teneur.kernel.commands import Decision, Effect, Facts, Outcome
from teneur.ledger.account import Account
from teneur.payments.transfers.context import TransferContext
from teneur.payments.transfers.decisions.order import Order, branch_of
from teneur.payments.transfers.decisions.parts import accepted_detail, order_citations, taken, terms_of_order
from teneur.payments.transfers.effects import OrderTaken
from teneur.payments.transfers.facts import FUNDED, OrderStatus, TransferOrder
from teneur.payments.transfers.rules import reception
from teneur.payments.transfers.rules.plan import Timeline


def has_funds(order: Order, debit: int, at: datetime) -> bool:
    """Whether the funds are there when the order is given, so that it starts today."""
    today = order.terms.local_day(at)
    return _started_by(order, today if _covered(order, debit) else None) is not None


def wait_for_funds(
    order: Order, timeline: Timeline, debit: int, at: datetime, used: tuple[Effect, ...]
) -> Decision:
    """Taken, not received: that comes with the funds."""
    assert order.plan is not None
    assert order.ask.start is not None
    order.only_estimate()
    row: OrderTaken = taken(order.account, OrderStatus.WAITING, order.channel, order.ask, debit, timeline, at)
    return Decision(
        Outcome.ACCEPTED,
        order_citations(order),
        effects=(row, *used),
        detail={**accepted_detail(order), "waits_until": str(order.ask.start.until_on)},
        booked_on=order.terms.local_day(at),
    )


def worth_looking(context: TransferContext, account: Account, stored: TransferOrder, day: date) -> bool:
    """Whether there is something to do that day for an order that waits: its funds are there on a business
    day, or its time is over."""
    assert stored.ask.start is not None
    terms = terms_of_order(context, account, stored, stored.ordered_at)
    if terms is None:
        return False
    if is_over(stored, day):
        return True
    days = terms.plans.days(stored.channel, stored.ask.currency, branch_of(account))
    balance = terms.agreement.accounts.balance
    return days.next_on_or_after(day) == day and covers(account, stored.debit_minor, balance)


def is_over(stored: TransferOrder, day: date) -> bool:
    """Whether the last day on which the order may start has passed."""
    start = stored.ask.start
    return start is not None and start.until_on is not None and day > start.until_on


def begun(order: Order, stored: TransferOrder, facts: Facts, debit: int, day: date) -> TransferOrder | None:
    """The order as it starts, received on the day its funds came; None while they have not.

    It is looked at when each business day begins: what is found then came since the last one did. day: the
    local day of the look, a business day of the order's channel.
    """
    terms = order.terms
    days = terms.plans.days(order.channel, order.ask.currency, branch_of(order.account))
    if days.next_on_or_after(day) != day:
        return None
    ordered_on = terms.local_day(stored.ordered_at)
    if order.find_plan(facts, ordered_on) is not None:  # no such order can be done any more
        return msgspec.structs.replace(stored, status=OrderStatus.SCHEDULED, due_on=day)
    since: datetime | None = facts.get(FUNDED, (order.account.id, stored.id))
    earliest = max(days.add_business_days(day, -1), ordered_on)
    came_on = day if since is None else min(day, max(earliest, terms.local_day(since)))
    started_on = _started_by(order, came_on if _covered(order, debit) else None)
    if started_on is None:
        return None
    given_on = order.timeline(stored.ordered_at).received_on
    moment = reception.agreed_reception(started_on, given_on, days, terms.zone)
    if moment.day > day:
        return None
    return msgspec.structs.replace(
        stored, status=OrderStatus.SCHEDULED, due_on=moment.day, received_at=moment.at
    )


def _started_by(order: Order, funds_available_on: date | None) -> date | None:
    return reception.agreed_day(
        StartCondition.FUNDS_AVAILABLE,
        order.terms.transfers.reception,
        funds_available_on=funds_available_on,
    )


def _covered(order: Order, debit: int) -> bool:
    return covers(order.account, debit, order.terms.agreement.accounts.balance)
