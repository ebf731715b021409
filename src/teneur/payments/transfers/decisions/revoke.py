"""An order is taken back, wholly or for some occurrences."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

import msgspec

from teneur.agreements.terms.transfers import Service, Timing
from teneur.kernel.commands import Channel, Command, Decision, Effect, Facts, Need, Outcome, refuse
from teneur.ledger.account import ACCOUNT, Account
from teneur.ledger.decisions import release_hold
from teneur.ledger.effects import HOLD
from teneur.payments.transfers.commands import RevokeTransfer
from teneur.payments.transfers.context import Terms, TransferContext
from teneur.payments.transfers.decisions.due import due_day, next_agreed_day, present_agreed_day
from teneur.payments.transfers.decisions.fees import late_revocation_fee, withdrawal_fee
from teneur.payments.transfers.decisions.order import Order, branch_of, schedule_of
from teneur.payments.transfers.decisions.parts import terms_of_order
from teneur.payments.transfers.effects import OrderChanged
from teneur.payments.transfers.facts import TRANSFER, OrderStatus, TransferOrder
from teneur.payments.transfers.rules import revocation, standing
from teneur.payments.transfers.rules.citations import refusal_citations
from teneur.payments.transfers.rules.refusal import Reason
from teneur.pricing.fees.rules import prices

REVOCABLE = frozenset({OrderStatus.SCHEDULED, OrderStatus.SCREENED, OrderStatus.WAITING})


class RevokeHandler:
    """RevokeTransfer."""

    def __init__(self, context: TransferContext) -> None:
        self._context = context

    def needs(self, command: Command, facts: Facts) -> Iterable[Need]:
        """The account, the order, and the hold it may have."""
        ask: RevokeTransfer = command.ask  # type: ignore[assignment]
        key = (command.subject, ask.transfer)
        wanted: list[Need] = [(ACCOUNT, command.subject), (TRANSFER, key)]
        order: TransferOrder | None = facts.peek(TRANSFER, key)
        if order is not None and order.hold is not None:
            wanted.append((HOLD, (command.subject, order.hold)))
        return wanted

    def decide(self, command: Command, facts: Facts) -> Decision:
        """By kind, channel and moment, as the agreement says."""
        ask: RevokeTransfer = command.ask  # type: ignore[assignment]
        account: Account | None = facts.get(ACCOUNT, command.subject)
        stored: TransferOrder | None = facts.get(TRANSFER, (command.subject, ask.transfer))
        if account is None or stored is None:
            return refuse("unknown-order", ())
        terms = terms_of_order(self._context, account, stored, command.received_at)
        if terms is None:
            return refuse("no-agreement-in-force", ())
        if command.actor > 0 and not self._context.may_order(account, terms, command.actor):
            return refuse(str(Reason.NOT_AUTHORISED), ())
        order = Order(self._context, terms, account, stored.ask, stored.channel)
        deadline = deadline_of(order, stored, command)
        judged = revocation.OrderToRevoke(
            timing=order.timing,
            service=stored.ask.service,
            channel=stored.channel,
            received_at=stored.received_at,
            deadline_at=deadline,
            started=stored.status not in REVOCABLE,
        )
        answer = revocation.revocation(
            judged, command.received_at, command.channel, terms.transfers.revocation, written=ask.written
        )
        if answer.reason is None and stored.status not in REVOCABLE:
            answer = revocation.RevocationAnswer(Reason.EXECUTION_STARTED)
        if answer.reason is Reason.REVOCATION_LATE and order.timing is Timing.STANDING and not ask.days:
            return self._withdraw(order, stored, command)
        if answer.reason is not None:
            return refuse(str(answer.reason), refusal_citations(terms.agreement, answer.reason))
        citations = revocation_citations(terms, order.timing, answer)
        if ask.days:
            return self._revoke_days(order, stored, ask.days, citations)
        if order.timing is Timing.STANDING and answer.kind is revocation.RevocationKind.IN_TIME:
            return self._withdraw(order, stored, command)
        changed = msgspec.structs.replace(stored, status=OrderStatus.REVOKED, due_on=None)
        effects = [OrderChanged(account.id, changed)]
        hold = None if stored.hold is None else facts.get(HOLD, (account.id, stored.hold))
        released = () if hold is None else (release_hold(hold),)
        price = answer.price_minor
        charged: tuple[Effect, ...] = ()
        if answer.kind is revocation.RevocationKind.LATE:
            price, charged = late_revocation_fee(order, stored.id, command.received_at)
        return Decision(
            Outcome.ACCEPTED,
            citations,
            effects=(*effects, *released, *charged),
            detail={"price_minor": price, "revoked": stored.id},
            booked_on=terms.local_day(command.received_at),
        )

    def _withdraw(self, order: Order, stored: TransferOrder, command: Command) -> Decision:
        """Consent is withdrawn: no occurrence comes any more, but for those that it is too late for."""
        terms = order.terms
        planned = tuple(planned_from_now(order, stored, command))
        withdrawn = revocation.occurrences_withdrawn(planned, command.received_at)
        goes = [day for day, _ in planned if day not in withdrawn]
        if not withdrawn:
            reason = Reason.REVOCATION_LATE
            return refuse(str(reason), refusal_citations(terms.agreement, reason))
        if goes:
            changed = msgspec.structs.replace(stored, ends_on=goes[-1])
        else:
            changed = msgspec.structs.replace(stored, status=OrderStatus.REVOKED, due_on=None)
        price, charged = withdrawal_fee(order, stored.id, command.received_at)
        sources = (revocation.channel_refusal, revocation.occurrences_withdrawn, prices.withdrawal_price)
        return Decision(
            Outcome.ACCEPTED,
            terms.agreement.cite(*sources),
            effects=(OrderChanged(order.account.id, changed), *charged),
            detail={
                "price_minor": price,
                "revoked": stored.id,
                **({"still_due": [day.isoformat() for day in goes]} if goes else {}),
            },
            booked_on=terms.local_day(command.received_at),
        )

    def _revoke_days(
        self, order: Order, stored: TransferOrder, days: tuple[date, ...], citations: tuple[str, ...]
    ) -> Decision:
        """Only the chosen occurrences; the order goes on."""
        terms = order.terms
        if stored.ask.repeat is None or stored.due_on is None:
            return refuse("not-a-standing-order", ())
        schedule = schedule_of(stored.ask)
        present = present_agreed_day(stored)
        horizon = max(days)
        planned = standing.occurrences(schedule, horizon) if horizon >= present else ()
        if stored.ends_on is not None:
            planned = tuple(d for d in planned if d <= stored.ends_on)
        left = revocation.occurrences_after_revocation(planned, days, terms.transfers.revocation)
        if not set(days) <= {d for d in planned if d >= present} or set(days) & set(left):
            return refuse("unknown-occurrence", ())
        revoked = tuple(sorted({*stored.revoked_days, *days}))
        changed = msgspec.structs.replace(stored, revoked_days=revoked)
        if present in days:
            following = next_agreed_day(changed, present)
            if following is None:
                changed = msgspec.structs.replace(changed, status=OrderStatus.REVOKED, due_on=None)
            else:
                changed = msgspec.structs.replace(changed, due_on=due_day(following, order))
        citations += terms.agreement.cite(revocation.occurrences_after_revocation)
        return Decision(
            Outcome.ACCEPTED,
            tuple(dict.fromkeys(citations)),
            effects=(OrderChanged(order.account.id, changed),),
            detail={"revoked_days": [d.isoformat() for d in days]},
        )


def deadline_of(order: Order, stored: TransferOrder, command: Command) -> datetime | None:
    """Of a deferred or standing order: the last instant in time, for the first occurrence that is meant.

    None: it has no agreed day, since it is immediate or waits for its funds.
    """
    ask: RevokeTransfer = command.ask  # type: ignore[assignment]
    if order.timing is Timing.IMMEDIATE or stored.ask.service is Service.INSTANT:
        return None
    if order.timing is Timing.DEFERRED:
        agreed = stored.ask.agreed_on
    elif ask.days:
        agreed = min(ask.days)
    else:
        agreed = present_agreed_day(stored) if stored.due_on else None
    return None if agreed is None else deadline_for(agreed, order, stored, command.channel)


def deadline_for(agreed: date, order: Order, stored: TransferOrder, channel: Channel) -> datetime:
    """The last instant in time of a revocation asked on a channel, for an agreed day."""
    calendars = order.terms.calendars
    revocable = order.terms.transfers.revocation
    return revocation.revocation_deadline(
        agreed,
        revocation.cut_off_of_revocation(channel, revocable),
        revocable,
        calendars.payment_in(stored.ask.currency),
        calendars.branch(branch_of(order.account)),
        order.terms.zone,
    )


def planned_from_now(
    order: Order, stored: TransferOrder, command: Command
) -> Iterator[tuple[date, datetime]]:
    """The occurrences of a standing order from the present one on, each with its last instant in time.

    Up to the first one that is in time: the deadlines of all later ones are later still.
    """
    day = present_agreed_day(stored) if stored.due_on else None
    while day is not None:
        deadline = deadline_for(day, order, stored, command.channel)
        yield day, deadline
        day = next_agreed_day(stored, day) if deadline < command.received_at else None


def revocation_citations(
    terms: Terms, timing: Timing, answer: revocation.RevocationAnswer
) -> tuple[str, ...]:
    """What an accepted revocation cites."""
    if answer.kind is revocation.RevocationKind.LATE:
        return terms.agreement.cite(revocation.late_answer, prices.late_revocation_price)
    by_kind = revocation.immediate_in_time if timing is Timing.IMMEDIATE else revocation.dated_in_time
    return terms.agreement.cite(revocation.channel_refusal, by_kind, revocation.price)
