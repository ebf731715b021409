"""What the bank plans for a whole series of agreements."""

from collections.abc import Iterable
from datetime import date

from teneur.accounts.amendments.commands import PlanAmendment, WithdrawAmendment
from teneur.accounts.amendments.decisions.parts import BACK_OFFICE, SECONDS
from teneur.accounts.amendments.effects import AmendmentPlanned, AmendmentWithdrawn
from teneur.accounts.amendments.facts import AMENDMENT, PLANNED, Amendment, AmendmentKind
from teneur.accounts.amendments.rules import notice
from teneur.accounts.governing import Governing
from teneur.agreements.agreement import Agreement, Citable
from teneur.agreements.rules import edition_in_force
from teneur.customers.decisions import REGISTER
from teneur.customers.facts import STAFF
from teneur.customers.rules import are_two_cleared, is_cleared
from teneur.kernel.clock import business_date
from teneur.kernel.commands import Command, Decision, Facts, Need, Outcome, refuse
from teneur.pricing.fees.rules.prices import first_day


class PlanAmendmentHandler:
    """A new edition of an agreement or of its tariff, from a day on."""

    def __init__(self, governing: Governing) -> None:
        self._governing = governing

    def needs(self, command: Command, _facts: Facts) -> Iterable[Need]:
        """What is planned for the series, and both members of staff."""
        ask: PlanAmendment = command.ask  # type: ignore[assignment]
        return ((PLANNED, ask.series), (STAFF, command.actor), (STAFF, ask.approved_by))

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused without two members of staff, without such an edition, on no durable medium, less than two
        months ahead unless a law that is named imposes it, and twice."""
        ask: PlanAmendment = command.ask  # type: ignore[assignment]
        if command.subject != REGISTER:
            return refuse("unknown-account", (), detail={"subject": "an amendment is of the register"})
        first, second = facts.get(STAFF, command.actor), facts.get(STAFF, ask.approved_by)
        if not is_cleared(first, BACK_OFFICE):
            return refuse("not-authorised", ())
        if not are_two_cleared(first, second, BACK_OFFICE, SECONDS):
            return refuse("second-person-missing", ())
        now = self._now(command, ask.series)
        if now is None:
            return refuse("no-agreement-in-force", (), detail={"series": ask.series})
        agreement, day = now
        return self._refusal(ask, agreement, day, facts) or self._planned(command, ask, agreement)

    def _now(self, command: Command, series: str) -> tuple[Agreement, date] | None:
        """The edition of the series that is in force today, by which the change is made."""
        of_series = [a for a in self._governing.agreements if a.edition.series == series]
        for agreement in of_series:
            day = business_date(command.received_at, self._governing.of_agreement(agreement).zone)
            edition = edition_in_force([a.edition for a in of_series], series, day)
            if edition is not None:
                return self._governing.agreements[edition.agreement], day
        return None

    def _refusal(self, ask: PlanAmendment, agreement: Agreement, day: date, facts: Facts) -> Decision | None:
        terms, cite = agreement.amendments, agreement.cite
        if not ask.summary.strip():
            return refuse("invalid-field", (), detail={"field": "summary"})
        if not self._exists(ask):
            return refuse("unknown-edition", (), detail={"edition": ask.edition})
        planned: tuple[Amendment, ...] = facts.get(PLANNED, ask.series) or ()
        if any((a.kind, a.edition) == (ask.kind, ask.edition) and not a.withdrawn for a in planned):
            return refuse("planned-already", ())
        if ask.imposed_by_law != bool(ask.legal_reference.strip()):
            return refuse("legal-reference-missing", cite(notice.legal_application))
        if ask.imposed_by_law:
            return None
        if not notice.is_durable(ask.medium, terms):
            return refuse("medium-not-durable", cite(notice.is_durable, terms.media))
        earliest = notice.earliest_application(day, terms)
        if ask.applies_on < earliest:
            sources = (notice.earliest_application, terms.notice_months)
            return refuse("notice-too-short", cite(*sources), detail={"earliest": earliest})
        return None

    def _exists(self, ask: PlanAmendment) -> bool:
        """Whether the edition is of the series, and in force on the day."""
        of_series = [a for a in self._governing.agreements if a.edition.series == ask.series]
        if ask.kind is AmendmentKind.TARIFF:
            edition = edition_in_force([a.edition for a in of_series], ask.series, ask.applies_on)
            if (
                edition is None
                or ask.edition not in self._governing.agreements[edition.agreement].tariff.editions
            ):
                return False
            return first_day(ask.edition) <= ask.applies_on
        target = [a.edition for a in of_series if a.id == ask.edition]
        return edition_in_force(target, ask.series, ask.applies_on) is not None

    def _planned(self, command: Command, ask: PlanAmendment, agreement: Agreement) -> Decision:
        terms = agreement.amendments
        applies_on = ask.applies_on
        sources: list[Citable] = [notice.earliest_application, notice.is_durable]
        if ask.imposed_by_law:
            applies_on = notice.legal_application(ask.applies_on, terms)
            sources = [notice.legal_application]
        planned = AmendmentPlanned(
            series=ask.series,
            kind=ask.kind,
            edition=ask.edition,
            applies_on=applies_on,
            legal_reference=ask.legal_reference.strip(),
            medium=ask.medium,
            summary=ask.summary.strip(),
            planned_at=command.received_at,
        )
        detail = {"applies_on": applies_on, "edition": ask.edition}
        return Decision(Outcome.ACCEPTED, agreement.cite(*sources), effects=(planned,), detail=detail)


class WithdrawAmendmentHandler:
    """A change that will not come."""

    def needs(self, command: Command, _facts: Facts) -> Iterable[Need]:
        """The change and who asks."""
        ask: WithdrawAmendment = command.ask  # type: ignore[assignment]
        return ((AMENDMENT, ask.amendment), (STAFF, command.actor))

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused unless the back office says why, once."""
        ask: WithdrawAmendment = command.ask  # type: ignore[assignment]
        found: Amendment | None = facts.get(AMENDMENT, ask.amendment)
        if command.subject != REGISTER or found is None:
            return refuse("unknown-amendment", ())
        if not is_cleared(facts.get(STAFF, command.actor), BACK_OFFICE):
            return refuse("not-authorised", ())
        if found.withdrawn:
            return refuse("amendment-withdrawn", ())
        if not ask.reason.strip():
            return refuse("invalid-field", (), detail={"field": "reason"})
        return Decision(Outcome.ACCEPTED, (), effects=(AmendmentWithdrawn(found),))
