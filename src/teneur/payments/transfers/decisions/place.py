"""An order is given: refused, done at once, sent, reserved, held for screening, or kept for its day."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from teneur.accounts.rules import covers
from teneur.agreements.terms.transfers import Service, Timing
from teneur.customers.facts import STAFF
from teneur.kernel.commands import Command, Decision, Effect, Facts, Need, Outcome, book_of, refuse
from teneur.ledger.account import ACCOUNT, ACCOUNT_OF_IBAN, Account
from teneur.ledger.effects import HoldPlaced
from teneur.payments.exchange.converting import rate_needs
from teneur.payments.transfers.commands import PlaceTransfer
from teneur.payments.transfers.context import TransferContext
from teneur.payments.transfers.decisions.execution import (
    entries,
    settlement_missing,
    settlement_needs,
    target,
)
from teneur.payments.transfers.decisions.fees import transfer_fee
from teneur.payments.transfers.decisions.order import (
    Order,
    agreed_rate_problem,
    amount_problem,
    authority_problem,
    counts_against_ceilings,
    orderer,
    payee_iban,
    spent_key,
)
from teneur.payments.transfers.decisions.parts import (
    accepted_detail,
    execution_owed,
    message_of,
    order_citations,
    refuse_order,
    taken,
)
from teneur.payments.transfers.decisions.waiting import has_funds, wait_for_funds
from teneur.payments.transfers.effects import CeilingUsed
from teneur.payments.transfers.facts import CEILING, EARLIER, SPENT, EarlierOrder, OrderStatus
from teneur.payments.transfers.rules import instant, refusal
from teneur.payments.transfers.rules.plan import Timeline
from teneur.payments.transfers.rules.refusal import Reason
from teneur.payments.transfers.rules.screening import ScreeningStep, screening_step
from teneur.pricing.overdraft.rules import looked_into_first

SCREENING = "screening"


class PlaceHandler:
    """PlaceTransfer."""

    def __init__(self, context: TransferContext) -> None:
        self._context = context

    def needs(self, command: Command, facts: Facts) -> Iterable[Need]:
        """Payer, payee if he is ours, else the account the bank settles through; ceilings where there are
        any."""
        ask: PlaceTransfer = command.ask  # type: ignore[assignment]
        subject = command.subject
        iban = payee_iban(ask.payee)
        account: Account | None = facts.peek(ACCOUNT, subject)
        if account is None:
            return ((ACCOUNT, subject), (ACCOUNT_OF_IBAN, iban))
        wanted: list[Need] = [(ACCOUNT_OF_IBAN, iban)]
        if ask.rate is not None:
            wanted.append((STAFF, command.actor))
        payee = facts.peek(ACCOUNT_OF_IBAN, iban)
        terms = self._context.terms(account, command.received_at)
        inside = payee is not None and terms is not None and terms.keeps(iban)
        if inside:
            wanted.append((ACCOUNT, payee))
        converts = ask.currency != account.currency
        if not inside or converts:
            wanted += settlement_needs(subject, (ask.currency, account.currency))
        if converts and terms is not None:
            agreed, zone, at = terms.agreement.exchange, terms.zone, command.received_at
            wanted += rate_needs(ask.currency, account.currency, ask.rate, at, agreed, zone)
        if terms is not None and counts_against_ceilings(terms, command.channel):
            wanted += [(CEILING, subject), (SPENT, spent_key(terms, subject, command))]
        if ask.corrects:
            wanted.append((EARLIER, (subject, ask.corrects)))
        return wanted

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refuse for the first reason, else do what the plan of such an order says."""
        ask: PlaceTransfer = command.ask  # type: ignore[assignment]
        account: Account | None = facts.get(ACCOUNT, command.subject)
        if account is None:
            return refuse("unknown-account", ())
        at = command.received_at
        terms = self._context.terms(account, at)
        if terms is None:
            return refuse("no-agreement-in-force", ())
        order = Order(self._context, terms, account, ask, command.channel)
        today = terms.local_day(at)
        reason = (
            authority_problem(self._context, terms, account, orderer(command, ask))
            or amount_problem(ask)
            or (agreed_rate_problem(ask, account, command, facts) if order.converts else None)
            or order.schedule_problem(today)
            or order.find_plan(facts, today)
            or order.content_problem()
            or (_unkept(order, facts) if order.converts or order.payee is None else None)
            or (order.convert(facts, at) if order.converts else None)
        )
        if reason is not None:
            route = order.plan.route if order.plan else None
            return refuse_order(terms, account, at, reason, route, ask=ask)
        debit = order.debit_minor
        reason = order.ceiling_problem(facts, command, debit) if debit > 0 else Reason.AMOUNT_INVALID
        if reason is not None:
            return refuse_order(terms, account, at, reason, order.route, ask=ask)
        if ask.corrects:
            return self._corrected(order, facts, command, debit)
        return self._proceed(order, facts, command, debit)

    def _corrected(self, order: Order, facts: Facts, command: Command, debit: int) -> Decision:
        """Given again after a refusal: the refused order is deemed not received, this one counts from now."""
        earlier: EarlierOrder | None = facts.get(EARLIER, (order.account.id, order.ask.corrects))
        if earlier is None:
            return refuse("unknown-order", ())
        if refusal.reception_that_counts(earlier.received_at, refused=earlier.refused) is not None:
            return refuse_order(
                order.terms,
                order.account,
                command.received_at,
                Reason.ORDER_STANDS,
                order.route,
                ask=order.ask,
            )
        decision = self._proceed(order, facts, command, debit)
        cited = order.terms.agreement.cite(refusal.reception_that_counts)
        citations = tuple(dict.fromkeys((*decision.citations, *cited)))
        return msgspec.structs.replace(decision, citations=citations)

    def _proceed(self, order: Order, facts: Facts, command: Command, debit: int) -> Decision:
        """Nothing stands against the order itself: now or later, screened or not, instant or not."""
        assert order.plan is not None
        at = command.received_at
        timeline = order.timeline(at)
        used: tuple[Effect, ...] = ()
        if counts_against_ceilings(order.terms, command.channel):
            used = (CeilingUsed(order.account.id, debit),)
        timing = order.plan.timing
        if timing is Timing.DEFERRED and order.awaits_funds and not has_funds(order, debit, at):
            return wait_for_funds(order, timeline, debit, at, used)
        if timing is Timing.STANDING or timeline.received_on > order.terms.local_day(at):
            return schedule(order, timeline, debit, at, used)
        if order.converts and order.convert_now(facts, at) is not None:
            missing = Reason.RATE_MISSING
            return refuse_order(order.terms, order.account, at, missing, order.route, ask=order.ask)
        if held_for_screening(order):
            return hold_for_screening(order, timeline, debit, at, used)
        if order.ask.service is Service.INSTANT and order.payee is None:
            return reserve_instant(order, timeline, debit, at, used)
        return move(order, timeline, debit, at, used)


def _unkept(order: Order, facts: Facts) -> Reason | None:
    """A currency that the payer's book was not opened for."""
    missing = settlement_missing(facts, order.account, order.route, order.payee)
    return Reason.CURRENCY_NOT_OFFERED if missing else None


def schedule(
    order: Order, timeline: Timeline, debit: int, at: datetime, used: tuple[Effect, ...]
) -> Decision:
    """Kept for its day: after the cut-off, deferred or standing. Funds and rate are looked at on the day."""
    assert order.plan is not None
    order.only_estimate()
    row = taken(order.account, OrderStatus.SCHEDULED, order.channel, order.ask, debit, timeline, at)
    return Decision(
        Outcome.ACCEPTED,
        order_citations(order),
        effects=(row, *used),
        detail={**accepted_detail(order), "due_on": timeline.received_on.isoformat()},
        booked_on=order.terms.local_day(at),
    )


def held_for_screening(order: Order) -> bool:
    """Whether the payee's name is on the list, or the payee a creditor of an over-indebted customer, and
    nobody has looked at the order yet."""
    if pays_listed_creditor(order):
        return True
    screening = order.context.screening
    if screening is None:
        return False
    return screening_step(screening.hits(order.ask.payee.name), cleared=None) is ScreeningStep.HOLD


def pays_listed_creditor(order: Order) -> bool:
    """Whether the payee is a creditor in an admissible file of over-indebtedness; an order tells no age."""
    terms = order.terms.agreement.overdraft
    creditors = terms.old_debt_creditors.value
    return bool(creditors) and looked_into_first(order.ask.payee.iban, creditors, terms.old_debts.value)


def hold_for_screening(
    order: Order, timeline: Timeline, debit: int, at: datetime, used: tuple[Effect, ...]
) -> Decision:
    """The money is kept aside before it can leave, until a member of staff has looked."""
    assert order.plan is not None
    if not covers(order.account, debit, order.terms.agreement.accounts.balance):
        return refuse_order(
            order.terms,
            order.account,
            at,
            Reason.INSUFFICIENT_FUNDS,
            order.route,
            debit_minor=debit,
            ask=order.ask,
        )
    hold = HoldPlaced(order.account.id, debit, SCREENING, at)
    row = taken(
        order.account, OrderStatus.SCREENED, order.channel, order.ask, debit, timeline, at, holds_here=True
    )
    citations = order_citations(order)
    if order.ask.service is Service.INSTANT:
        citations += order.terms.agreement.cite(instant.compliance_step)
    if pays_listed_creditor(order):
        citations += order.terms.agreement.cite(looked_into_first)
    return Decision(
        Outcome.PENDING,
        citations,
        effects=(hold, row, *used),
        reason=SCREENING,
        detail=accepted_detail(order),
        booked_on=order.terms.local_day(at),
    )


def reserve_instant(
    order: Order, timeline: Timeline, debit: int, at: datetime, used: tuple[Effect, ...] = ()
) -> Decision:
    """Instant: the funds are reserved, then the order is stamped and sent; the debit waits for the answer."""
    assert order.plan is not None
    account, terms = order.account, order.terms
    reason = instant.stamp_refusal(available_minor=account.available_minor, amount_minor=debit)
    if reason is not None:
        return refuse_order(terms, account, at, reason, order.route, debit_minor=debit, ask=order.ask)
    stamped_at = instant.received_at_stamp(at)
    times = instant.clocks(stamped_at, terms.transfers.instant)
    row = taken(
        account, OrderStatus.RESERVED, order.channel, order.ask, debit, timeline, at,
        stamped_at=stamped_at, holds_here=True,
    )  # fmt: skip
    citations = order_citations(order) + terms.agreement.cite(
        instant.stamp_refusal, instant.received_at_stamp, instant.clocks
    )
    return Decision(
        Outcome.PENDING,
        tuple(dict.fromkeys(citations)),
        effects=(
            HoldPlaced(account.id, debit, "instant-transfer", at),
            row,
            message_of(order, terms.local_day(at), stamped_at),
            *used,
        ),
        reason="awaiting-confirmation",
        detail={**accepted_detail(order), "exceeded_at": times.exceeded_at.isoformat()},
        booked_on=terms.local_day(at),
    )


def move(
    order: Order, timeline: Timeline, debit: int, at: datetime, used: tuple[Effect, ...] = ()
) -> Decision:
    """The money moves now: to the payee here, or out through the bank's settlement account."""
    assert order.plan is not None
    account, terms, ask = order.account, order.terms, order.ask
    if not covers(account, debit, terms.agreement.accounts.balance):
        return refuse_order(
            terms, account, at, Reason.INSUFFICIENT_FUNDS, order.route, debit_minor=debit, ask=ask
        )
    to = target(book_of(account.id), order.route, order.payee)
    booked = entries(
        account.id,
        account.currency,
        to,
        (debit, ask.amount_minor),
        ask.currency,
        timeline.received_on,
        order.debit_value_on(timeline.received_on, timeline.value_on),
    )
    effects = used
    if order.payee is None:
        effects = (
            *effects,
            taken(account, OrderStatus.SENT, order.channel, ask, debit, timeline, at),
            message_of(order, timeline.received_on),
            *execution_owed(order, timeline, at),
        )
    if order.plan.fee_event or order.converts:
        effects = (*effects, *transfer_fee(order, timeline.received_on, debit))
    return Decision(
        Outcome.ACCEPTED,
        order_citations(order),
        booked,
        effects,
        detail=accepted_detail(order),
    )
