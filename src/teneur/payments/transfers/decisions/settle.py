"""What happens to an order after it was taken: settled, confirmed or failed (instant), looked at
(screening)."""

from collections.abc import Iterable
from datetime import date, datetime

import msgspec

from teneur.accounts.rules import covers
from teneur.agreements.terms.transfers import Service
from teneur.kernel.commands import Command, Decision, Effect, Entry, Facts, Need, Outcome, book_of, refuse
from teneur.kernel.deadlines import Deadline
from teneur.kernel.obligations import Discharge
from teneur.ledger.account import ACCOUNT, Account
from teneur.ledger.decisions import hold_in_force, release_hold, take_hold
from teneur.ledger.effects import HOLD, Hold
from teneur.payments.exchange.rules import is_rate_of_day
from teneur.payments.transfers.commands import ConfirmInstant, ReviewScreening, SettleTransfer
from teneur.payments.transfers.context import TransferContext
from teneur.payments.transfers.decisions.asking import is_back_office, may_tell_of_payment, staff_needs
from teneur.payments.transfers.decisions.due import conversion_needs, order_needs
from teneur.payments.transfers.decisions.execution import accounts_missing, entries, target
from teneur.payments.transfers.decisions.fees import transfer_fee
from teneur.payments.transfers.decisions.order import Order
from teneur.payments.transfers.decisions.parts import (
    EXECUTE,
    INFORM,
    accepted_detail,
    execution_owed,
    inform_of_refusal,
    message_of,
    order_citations,
    refuse_order,
    terms_of_order,
)
from teneur.payments.transfers.decisions.telling import failure_notice
from teneur.payments.transfers.effects import OrderChanged
from teneur.payments.transfers.facts import TRANSFER, OrderStatus, TransferOrder
from teneur.payments.transfers.rules import execution, instant
from teneur.payments.transfers.rules.instant import Confirmation, InstantStep
from teneur.payments.transfers.rules.refusal import Reason


def _needs_with_hold(command: Command, transfer: int, facts: Facts) -> list[Need]:
    wanted = [*order_needs(command.subject, transfer, facts), *staff_needs(command)]
    order: TransferOrder | None = facts.peek(TRANSFER, (command.subject, transfer))
    if order is not None and order.hold is not None:
        wanted.append((HOLD, (command.subject, order.hold)))
    return wanted


class SettleHandler:
    """SettleTransfer: the payee's bank has been credited."""

    def __init__(self, context: TransferContext) -> None:
        self._context = context

    def needs(self, command: Command, _facts: Facts) -> Iterable[Need]:
        """The account, the order, and who asks."""
        ask: SettleTransfer = command.ask  # type: ignore[assignment]
        return (
            (ACCOUNT, command.subject), (TRANSFER, (command.subject, ask.transfer)), *staff_needs(command),
        )  # fmt: skip

    def decide(self, command: Command, facts: Facts) -> Decision:
        """The duty to execute is discharged; whether it was in time stands with it."""
        ask: SettleTransfer = command.ask  # type: ignore[assignment]
        if not may_tell_of_payment(command, facts):
            return refuse("interbank-only", ())
        account: Account | None = facts.get(ACCOUNT, command.subject)
        stored: TransferOrder | None = facts.get(TRANSFER, (command.subject, ask.transfer))
        if account is None or stored is None:
            return refuse("unknown-order", ())
        if stored.status is not OrderStatus.SENT:
            return refuse("not-awaiting-settlement", ())
        at = command.received_at
        by = stored.execute_by
        late = by is not None and execution.in_breach(Deadline(by, by.date()), at, at)
        done = msgspec.structs.replace(stored, status=OrderStatus.DONE)
        terms = terms_of_order(self._context, account, stored, at)
        citations = () if terms is None else terms.agreement.cite(execution.in_breach)
        effects = (
            OrderChanged(account.id, done),
            Discharge(account.id, EXECUTE, str(stored.id), ask.reference or "settled", at),
        )
        return Decision(Outcome.ACCEPTED, citations, effects=effects, detail={"late": late})


class ConfirmInstantHandler:
    """ConfirmInstant: only the answer moves money, never time alone."""

    def __init__(self, context: TransferContext) -> None:
        self._context = context

    def needs(self, command: Command, facts: Facts) -> Iterable[Need]:
        """The order, its hold and both ends, and who asks."""
        ask: ConfirmInstant = command.ask  # type: ignore[assignment]
        return _needs_with_hold(command, ask.transfer, facts)

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Available: the hold becomes a debit. Not available: it is freed and the customer told at once."""
        ask: ConfirmInstant = command.ask  # type: ignore[assignment]
        if not may_tell_of_payment(command, facts):
            return refuse("interbank-only", ())
        account: Account | None = facts.get(ACCOUNT, command.subject)
        stored: TransferOrder | None = facts.get(TRANSFER, (command.subject, ask.transfer))
        if account is None or stored is None or stored.hold is None or stored.stamped_at is None:
            return refuse("unknown-order", ())
        hold = hold_in_force(facts, account.id, stored.hold)
        if stored.status is not OrderStatus.RESERVED or hold is None:
            return refuse("not-awaiting-confirmation", ())
        at = command.received_at
        terms = self._context.terms(account, stored.stamped_at)
        assert terms is not None, "the order was taken under an agreement"
        times = instant.clocks(stored.stamped_at, terms.transfers.instant)
        confirmation = Confirmation.POSITIVE if ask.available else Confirmation.NEGATIVE
        step = instant.next_step(confirmation, at, times)
        citations = terms.agreement.cite(instant.next_step)
        late = {"exceeded": at > times.exceeded_at, "order": stored.id}
        order = Order(self._context, terms, account, stored.ask, stored.channel)
        order.find_plan(facts, terms.local_day(stored.stamped_at))
        if step is InstantStep.RELEASE:
            failed = msgspec.structs.replace(stored, status=OrderStatus.FAILED, reason=ask.reason)
            told = failure_notice(account.id, stored.ask, ask.reason, at, INFORM)
            owed = inform_of_refusal(terms, told, order.plan.route if order.plan else None)
            effects: tuple[Effect, ...] = (release_hold(hold), OrderChanged(account.id, failed), *owed)
            return Decision(Outcome.ACCEPTED, citations, effects=effects, detail={**late, "why": ask.reason})
        booked = _entries_of_hold(order, stored, terms.local_day(at))
        if accounts_missing(facts, booked):
            return refuse("unknown-account", citations)
        done = msgspec.structs.replace(stored, status=OrderStatus.DONE)
        effects = (
            take_hold(hold, hold.left_minor, final=True),
            OrderChanged(account.id, done, executed_here=True),
            *_fee(order, stored, terms.local_day(at)),
        )
        return Decision(Outcome.ACCEPTED, citations, booked, effects, detail=late)


def _fee(order: Order, stored: TransferOrder, on: date) -> tuple[Effect, ...]:
    """What the tariff charges, once the money has moved; about the order itself."""
    return () if order.plan is None else transfer_fee(order, on, stored.debit_minor, str(stored.id))


def _entries_of_hold(order: Order, stored: TransferOrder, day: date) -> tuple[Entry, ...]:
    """The debit that a hold has already counted."""
    account = order.account
    to = target(book_of(account.id), order.route, order.payee)
    amounts = (stored.debit_minor, stored.ask.amount_minor)
    return entries(account.id, account.currency, to, amounts, stored.ask.currency, day, day, forced=True)


class ReviewScreeningHandler:
    """ReviewScreening: a member of staff has looked at a name that is on the list."""

    def __init__(self, context: TransferContext) -> None:
        self._context = context

    def needs(self, command: Command, facts: Facts) -> Iterable[Need]:
        """The order, its hold and both ends, and who asks."""
        ask: ReviewScreening = command.ask  # type: ignore[assignment]
        found = _needs_with_hold(command, ask.transfer, facts)
        return found + conversion_needs(self._context, command, ask.transfer, facts)

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Cleared: it goes on as if given now. Not cleared: the money is freed; the law may forbid to say
        why."""
        ask: ReviewScreening = command.ask  # type: ignore[assignment]
        account: Account | None = facts.get(ACCOUNT, command.subject)
        stored: TransferOrder | None = facts.get(TRANSFER, (command.subject, ask.transfer))
        if not is_back_office(command, facts):
            return refuse("staff-only", ())
        if account is None or stored is None or stored.hold is None:
            return refuse("unknown-order", ())
        hold = hold_in_force(facts, account.id, stored.hold)
        at = command.received_at
        terms = terms_of_order(self._context, account, stored, at)
        if stored.status is not OrderStatus.SCREENED or hold is None or terms is None:
            return refuse("not-awaiting-screening", ())
        order = Order(self._context, terms, account, stored.ask, stored.channel)
        problem = order.find_plan(facts, terms.local_day(at))
        if problem is None and ask.cleared:
            if order.convert_now(facts, at) is not None:
                return refuse(str(Reason.RATE_MISSING), terms.agreement.cite(is_rate_of_day))
            more = order.debit_minor - hold.left_minor  # another day, another rate
            if more > 0 and not covers(account, more, terms.agreement.accounts.balance):
                problem = Reason.INSUFFICIENT_FUNDS
        if problem is not None or not ask.cleared:
            reason = problem or Reason.LEGAL_PROVISION
            refused = msgspec.structs.replace(stored, status=OrderStatus.REFUSED, reason=str(reason))
            route = order.plan.route if order.plan else None
            decision = refuse_order(terms, account, at, reason, route, ask=stored.ask)
            # the order is refused; what staff asked is done, so the outcome is accepted
            return Decision(
                Outcome.ACCEPTED,
                decision.citations,
                effects=(release_hold(hold), OrderChanged(account.id, refused), *decision.effects),
                detail={"order": stored.id, "refused": str(reason)},
            )
        return self._go_on(order, stored, facts, hold, at)

    def _go_on(self, order: Order, stored: TransferOrder, facts: Facts, hold: Hold, at: datetime) -> Decision:
        assert order.plan is not None
        terms, account = order.terms, order.account
        citations = order_citations(order)
        detail = {**accepted_detail(order), "order": stored.id}
        day = terms.local_day(at)
        if stored.ask.service is Service.INSTANT and order.payee is None:
            reserved = msgspec.structs.replace(stored, status=OrderStatus.RESERVED, stamped_at=at)
            sent = message_of(order, day, at, stored.id)
            effects: tuple[Effect, ...] = (OrderChanged(account.id, reserved), sent)
            waiting = "awaiting-confirmation"
            return Decision(Outcome.PENDING, citations, effects=effects, reason=waiting, detail=detail)
        stored = msgspec.structs.replace(stored, debit_minor=order.debit_minor)
        booked = _entries_of_hold(order, stored, day)
        if accounts_missing(facts, booked):
            return refuse("unknown-account", citations)
        timeline = order.timeline(at)
        outside = order.payee is None
        status = OrderStatus.SENT if outside else OrderStatus.DONE
        by = timeline.execution.due_at if outside and timeline.execution else None
        changed = msgspec.structs.replace(stored, status=status, execute_by=by)
        effects = (
            take_hold(hold, hold.left_minor, final=True),
            OrderChanged(account.id, changed, executed_here=True),
            *_fee(order, stored, day),
        )
        if outside:
            owed = execution_owed(order, timeline, at, str(stored.id))
            effects = (*effects, message_of(order, day, transfer=stored.id), *owed)
        return Decision(Outcome.ACCEPTED, citations, booked, effects, detail=detail)
