"""Ceilings: asked for by customers, decided by advisers."""

from collections.abc import Iterable
from datetime import datetime

from teneur.customers.commands import StaffRole
from teneur.customers.facts import STAFF
from teneur.customers.rules import are_two_cleared, is_cleared
from teneur.kernel.commands import AccountId, Command, Decision, Effect, Facts, Need, Outcome, refuse
from teneur.kernel.notices import Notify
from teneur.ledger.account import ACCOUNT, Account
from teneur.payments.transfers.commands import AskCeiling, DecideCeiling
from teneur.payments.transfers.context import TransferContext
from teneur.payments.transfers.decisions.order import limits_of
from teneur.payments.transfers.effects import CeilingAsked, CeilingDecided, CeilingStatus
from teneur.payments.transfers.facts import CEILING, CeilingRequest
from teneur.payments.transfers.rules import ceilings
from teneur.payments.transfers.rules.ceilings import CeilingChange
from teneur.payments.transfers.rules.citations import refusal_citations
from teneur.payments.transfers.rules.refusal import Reason

RAISE_REFUSED = "ceiling-raise-refused"
ADVISERS = frozenset({StaffRole.ADVISER})
SECONDS = frozenset({StaffRole.ADVISER, StaffRole.BACK_OFFICE})


class AskCeilingHandler:
    """AskCeiling: a lowering counts at once, a raise waits for the adviser, one at a time."""

    def __init__(self, context: TransferContext) -> None:
        self._context = context

    def needs(self, command: Command, _facts: Facts) -> Iterable[Need]:
        """The account and its earlier requests."""
        return ((ACCOUNT, command.subject), (CEILING, command.subject))

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused for who may not order, for nothing to change, and while another raise is pending."""
        ask: AskCeiling = command.ask  # type: ignore[assignment]
        account: Account | None = facts.get(ACCOUNT, command.subject)
        terms = None if account is None else self._context.terms(account, command.received_at)
        if account is None or terms is None:
            return refuse("unknown-account", ())
        if not self._context.may_order(account, terms, command.actor):
            return refuse(str(Reason.NOT_AUTHORISED), ())
        asked = (ask.per_operation_minor, ask.weekly_minor)
        if any(a is not None and a < 0 for a in asked):
            return refuse(str(Reason.AMOUNT_INVALID), ())
        agreed = terms.transfers.ceilings
        now = limits_of(terms, account, facts, terms.local_day(command.received_at))
        requests: tuple[CeilingRequest, ...] = facts.get(CEILING, account.id) or ()
        pending = sum(r.status == CeilingStatus.PENDING for r in requests)
        changes = {
            ceilings.ceiling_change(current, wanted, pending, agreed)
            for current, wanted in zip((now.per_operation_minor, now.weekly_minor), asked, strict=True)
            if current is not None and wanted is not None
        }
        if CeilingChange.REFUSED in changes:
            return refuse(str(Reason.RAISE_PENDING), refusal_citations(terms.agreement, Reason.RAISE_PENDING))
        citations = terms.agreement.cite(ceilings.ceiling_change)
        if not changes & {CeilingChange.REQUESTED, CeilingChange.APPLIED}:
            return refuse("nothing-to-change", citations)
        raised = CeilingChange.REQUESTED in changes
        status = CeilingStatus.PENDING if raised else CeilingStatus.IN_FORCE
        effect = CeilingAsked(account.id, status, *asked, ask.until_on)
        outcome = Outcome.PENDING if raised else Outcome.ACCEPTED
        return Decision(outcome, citations, effects=(effect,), reason="awaiting-adviser" if raised else "")


class DecideCeilingHandler:
    """DecideCeiling: the adviser and a second person; a raise ends on the date of the signed form."""

    def __init__(self, context: TransferContext) -> None:
        self._context = context

    def needs(self, command: Command, _facts: Facts) -> Iterable[Need]:
        """The account and its requests, and the two who decide."""
        ask: DecideCeiling = command.ask  # type: ignore[assignment]
        return (
            (ACCOUNT, command.subject),
            (CEILING, command.subject),
            (STAFF, command.actor),
            (STAFF, ask.approved_by),
        )

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused without an adviser and a second person, a pending request, or an end date."""
        ask: DecideCeiling = command.ask  # type: ignore[assignment]
        account: Account | None = facts.get(ACCOUNT, command.subject)
        terms = None if account is None else self._context.terms(account, command.received_at)
        if account is None or terms is None:
            return refuse("unknown-account", ())
        first, second = facts.get(STAFF, command.actor), facts.get(STAFF, ask.approved_by)
        if not is_cleared(first, ADVISERS):
            return refuse("not-authorised", ())
        if not are_two_cleared(first, second, ADVISERS, SECONDS):
            return refuse("second-person-missing", ())
        requests: tuple[CeilingRequest, ...] = facts.get(CEILING, account.id) or ()
        request = next((r for r in requests if r.request == ask.request), None)
        if request is None or request.status != CeilingStatus.PENDING:
            return refuse("unknown-request", ())
        until = ask.until_on or request.until_on
        citations = terms.agreement.cite(ceilings.limits_in_force)
        if ask.granted and terms.transfers.ceilings.raise_is_temporary.value and until is None:
            return refuse("end-date-missing", citations)
        status = CeilingStatus.IN_FORCE if ask.granted else CeilingStatus.REFUSED
        effects: list[Effect] = [CeilingDecided(account.id, request.request, status, until)]
        if not ask.granted:
            effects.append(_raise_refused(account.id, request, command.received_at))
            agreed = terms.agreement.notices.media.get(RAISE_REFUSED)
            citations += () if agreed is None else terms.agreement.cite(agreed)
        return Decision(Outcome.ACCEPTED, citations, effects=tuple(effects))


def _raise_refused(account: AccountId, request: CeilingRequest, at: datetime) -> Notify:
    """The customer is told that the ceilings stay as they are."""
    asked = (
        ("per_operation_minor", request.per_operation_minor),
        ("weekly_minor", request.weekly_minor),
    )
    values = tuple((name, minor) for name, minor in asked if minor is not None)
    return Notify(account, RAISE_REFUSED, str(request.request), values, at)
