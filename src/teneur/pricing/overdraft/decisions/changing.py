"""Another limit: agreed with the customer at the branch, or raised by the bank alone."""

from collections.abc import Iterable
from datetime import date

from teneur.accounts.rules import floor_minor
from teneur.agreements.agreement import Citable
from teneur.kernel.commands import Command, Decision, Effect, Facts, Need, refuse
from teneur.kernel.money import MAX_MINOR, has_parity, parity_up
from teneur.kernel.notices import Notify
from teneur.kernel.obligations import Discharge
from teneur.pricing.overdraft import rules
from teneur.pricing.overdraft.commands import ChangeOverdraft, RaiseOverdraft
from teneur.pricing.overdraft.decisions.common import Case, OnOverdraft, ends_from, two_persons_problem
from teneur.pricing.overdraft.decisions.granting import BY_AGREEMENT, borrower_refusal
from teneur.pricing.overdraft.decisions.indebtedness import REVIEW_OVERDRAFT
from teneur.pricing.overdraft.decisions.warning import known_index_needs, usury_told
from teneur.pricing.overdraft.effects import AuthorisationBegins
from teneur.pricing.overdraft.facts import Authorisation, AuthorisationKind, in_force

RAISED = "raised-by-bank"


def moved_to(
    case: Case, present: Authorisation, limit_minor: int, starts_on: date, ended_by: str, document: str
) -> list[Effect]:
    """The effects by which an authorisation goes on with another limit from a day on (0: it ends)."""
    effects: list[Effect] = list(ends_from(case.history, starts_on, ended_by, case.at))
    if limit_minor:
        kept = (
            present.kind
            if present.kind is not AuthorisationKind.INSTALMENTS
            else AuthorisationKind.OPEN_ENDED
        )
        begins = AuthorisationBegins(
            account=case.account.id,
            kind=kept,
            limit_minor=limit_minor,
            starts_on=starts_on,
            ends_on=present.ends_on if kept is AuthorisationKind.ONE_OFF else None,
            rate=present.rate,
            document=document,
        )
        effects.append(begins)
    if starts_on <= case.day:
        effects.append(case.with_floor(limit_minor))
    return effects


class ChangeOverdraftHandler(OnOverdraft):
    """Another limit from a day on, agreed with the customer; after an over-indebtedness, by common accord."""

    def needs(self, command: Command, facts: Facts) -> Iterable[Need]:
        """Also the reference rates of what is authorised."""
        yield from super().needs(command, facts)
        yield from known_index_needs(command, facts)

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused outside the branch, without the holders whose consent it takes, or for no other limit."""
        ask: ChangeOverdraft = command.ask  # type: ignore[assignment]
        case = self.case(command, facts)
        if isinstance(case, Decision):
            return case
        if problem := two_persons_problem(command, ask.approved_by, facts):
            return refuse(problem, ())
        starts_on = ask.starts_on or case.day
        if starts_on < case.day:
            return refuse("retroactive", ())
        present = in_force(case.history, starts_on)
        if present is None:
            return refuse("no-overdraft", ())
        if not 0 < ask.limit_minor <= MAX_MINOR:
            return refuse("amount-out-of-range", ())
        if not (ask.document.strip() and ask.document.isprintable()):
            return refuse("invalid-field", (), detail={"field": "document"})
        refusal = self._consent_refusal(command, case, ask, present, facts)
        if refusal is not None:
            return refusal
        effects = moved_to(case, present, ask.limit_minor, starts_on, BY_AGREEMENT, ask.document.strip())
        sources: list[Citable] = [rules.may_agree_limit, floor_minor]
        if case.watch.indebtedness is not None:
            about = str(case.watch.indebtedness.id)
            effects.append(Discharge(case.account.id, REVIEW_OVERDRAFT, about, ask.document.strip(), case.at))
            sources.append(rules.is_to_be_reviewed)
        told = usury_told(case, facts, ask.limit_minor, present.rate, starts_on, present.ends_on)
        before = present.limit_minor
        detail = {"limit_minor": ask.limit_minor, "before_minor": before, "starts_on": starts_on, **told}
        return self.accepted(case, effects, sources, detail)

    def _consent_refusal(
        self, command: Command, case: Case, ask: ChangeOverdraft, present: Authorisation, facts: Facts
    ) -> Decision | None:
        """A raise is asked for as a grant is; a lower limit any holder agrees."""
        if not rules.may_agree_limit(command.channel, ask.requested_by, case.account.holders):
            return refuse("agreed-at-branch-only", case.agreement.cite(rules.may_agree_limit))
        if ask.limit_minor > present.limit_minor:
            return borrower_refusal(case, ask.requested_by, facts)
        return None


class RaiseOverdraftHandler(OnOverdraft):
    """A higher limit that the customer is told of, not asked for: an amendment of the agreement."""

    def needs(self, command: Command, facts: Facts) -> Iterable[Need]:
        """Also the reference rates of what is authorised."""
        yield from super().needs(command, facts)
        yield from known_index_needs(command, facts)

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused beyond what the bank may do alone, without the three mentions or before they are sent."""
        ask: RaiseOverdraft = command.ask  # type: ignore[assignment]
        case = self.case(command, facts)
        if isinstance(case, Decision):
            return case
        if problem := two_persons_problem(command, ask.approved_by, facts):
            return refuse(problem, ())
        cite, terms = case.agreement.cite, case.overdraft.raising
        present = in_force(case.history, ask.effective_on)
        if present is None or present.kind is not AuthorisationKind.OPEN_ENDED:
            return refuse("no-overdraft", ())
        if not present.limit_minor < ask.limit_minor <= MAX_MINOR:
            return refuse("amount-out-of-range", ())
        own, code = case.agreement.currency, case.account.currency
        if not (
            has_parity(own, code) and rules.may_raise_alone(parity_up(ask.limit_minor, code, own), terms)
        ):
            return refuse("customer-must-agree", cite(rules.may_raise_alone, terms.maximum_minor))
        if ask.medium not in terms.media.value:
            return refuse("invalid-field", cite(terms.media), detail={"field": "medium"})
        mentions = rules.raise_mentions(ask.limit_minor, ask.effective_on, ask.apr_percent)
        if not mentions:
            return refuse("mention-missing", cite(rules.raise_mentions), detail={"field": "apr_percent"})
        if ask.effective_on < rules.earliest_raise(case.day):
            return refuse("retroactive", cite(rules.earliest_raise))
        effects = moved_to(case, present, ask.limit_minor, ask.effective_on, RAISED, present.document)
        values = (*mentions, ("medium", ask.medium))
        effects.append(Notify(case.account.id, "overdraft-raised", "", values, case.at))
        sources = (rules.may_raise_alone, terms.media, rules.raise_mentions, rules.earliest_raise)
        told = usury_told(case, facts, ask.limit_minor, present.rate, ask.effective_on, None)
        detail = {"limit_minor": ask.limit_minor, "before_minor": present.limit_minor, **told}
        return self.accepted(case, effects, sources, detail)
