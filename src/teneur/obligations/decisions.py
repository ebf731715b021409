"""Decisions on duties: noting that one is done."""

from collections.abc import Iterable

from teneur.kernel.commands import Command, Decision, Effect, Facts, Need, Outcome, refuse
from teneur.kernel.obligations import Discharge
from teneur.kernel.rules import unique
from teneur.ledger.registry import Kind
from teneur.obligations.commands import DischargeObligation, NoticeSent
from teneur.obligations.facts import OBLIGATION, OPEN_ABOUT, Obligation
from teneur.obligations.notices.effects import Sent
from teneur.obligations.notices.facts import NOTICE, Notice


def _cited(obligations: Iterable[Obligation]) -> tuple[str, ...]:
    """The clauses that duties come from, once each; a duty of the bank's own making has none."""
    return unique(o.clause for o in obligations if o.clause)


class DischargeObligationHandler:
    """A duty done, as a member of staff notes it."""

    def needs(self, command: Command, _facts: Facts) -> Iterable[Need]:
        """The duty."""
        ask: DischargeObligation = command.ask  # type: ignore[assignment]
        return ((OBLIGATION, (command.subject, ask.obligation, ask.line)),)

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused unless staff asks, says how, and the duty is open."""
        ask: DischargeObligation = command.ask  # type: ignore[assignment]
        obligation: Obligation | None = facts.get(OBLIGATION, (command.subject, ask.obligation, ask.line))
        if command.actor >= 0:
            return refuse("not-authorised", ())
        if not ask.how.strip():
            return refuse("invalid-field", (), detail={"field": "how"})
        if obligation is None:
            return refuse("unknown-obligation", ())
        if obligation.discharged_at is not None:
            return refuse("already-discharged", (), detail={"how": obligation.discharged_by})
        done = Discharge(
            command.subject, obligation.kind, obligation.about, ask.how.strip(), command.received_at
        )
        return Decision(Outcome.ACCEPTED, _cited((obligation,)), effects=(done,))


class NoticeSentHandler:
    """A notice has gone out; what was owed by it is done."""

    def needs(self, command: Command, _facts: Facts) -> Iterable[Need]:
        """What is open of it, and the notice."""
        ask: NoticeSent = command.ask  # type: ignore[assignment]
        yield OPEN_ABOUT, (command.subject, ask.kind, ask.about)
        if ask.notice:
            yield NOTICE, (command.subject, ask.notice, ask.line)

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused unless the bank says so (its day or its staff), by which medium, and it was owed."""
        ask: NoticeSent = command.ask  # type: ignore[assignment]
        owed: tuple[Obligation, ...] | None = facts.get(OPEN_ABOUT, (command.subject, ask.kind, ask.about))
        if command.actor > 0:
            return refuse("not-authorised", ())
        for field in ("medium", "reference"):
            if not getattr(ask, field).strip():
                return refuse("invalid-field", (), detail={"field": field})
        if not owed and not ask.notice:
            return refuse("nothing-owed", ())
        medium, reference = ask.medium.strip(), ask.reference.strip()
        effects: list[Effect] = []
        if ask.notice:
            if problem := _not_this_notice(facts.get(NOTICE, (command.subject, ask.notice, ask.line)), ask):
                return refuse(problem, ())
            at = command.received_at
            effects.append(Sent(command.subject, ask.notice, ask.line, medium, reference, at))
        if owed:
            how = f"{medium}: {reference}"
            effects.append(Discharge(command.subject, ask.kind, ask.about, how, command.received_at))
        return Decision(Outcome.ACCEPTED, _cited(owed or ()), effects=tuple(effects))


def _not_this_notice(notice: Notice | None, ask: NoticeSent) -> str:
    """Why the notice cannot have been sent so, or an empty text."""
    if notice is None or (notice.discharges, notice.about) != (ask.kind, ask.about):
        return "unknown-notice"
    return "sent-already" if notice.sent_at is not None else ""


KINDS = (
    Kind(50, "discharge-obligation", DischargeObligation, DischargeObligationHandler(), plain=True),
    Kind(51, "notice-sent", NoticeSent, NoticeSentHandler(), plain=True),
)
