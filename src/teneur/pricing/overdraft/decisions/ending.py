"""Less overdraft, or none: by the bank's letter, at once on a ground, by the customer, by itself; and the
instalments that follow."""

from datetime import date

from teneur.accounts.rules import floor_minor
from teneur.customers.commands import StaffRole
from teneur.customers.facts import STAFF
from teneur.customers.rules import is_cleared
from teneur.kernel.clock import end_of_day
from teneur.kernel.commands import Command, Decision, Effect, Facts, refuse
from teneur.kernel.notices import Notify
from teneur.kernel.obligations import Owe
from teneur.pricing.overdraft import rules
from teneur.pricing.overdraft.commands import (
    EndOverdraft,
    EndOverdraftByEvent,
    ReduceOverdraft,
    RepayInInstalments,
)
from teneur.pricing.overdraft.decisions.changing import moved_to
from teneur.pricing.overdraft.decisions.common import (
    ONE_DAY,
    Case,
    OnOverdraft,
    ends_from,
    two_persons_problem,
)
from teneur.pricing.overdraft.effects import AuthorisationBegins
from teneur.pricing.overdraft.facts import (
    PAY_INSTALMENT,
    Authorisation,
    AuthorisationKind,
    in_force,
    limit_on,
    overlaps,
)

BY_NOTICE = "reduced-by-bank"
ON_GROUND = "reduced-by-bank-on-ground"
BY_CUSTOMER = "ended-by-customer"
FRONT = frozenset({StaffRole.CLERK, StaffRole.ADVISER, StaffRole.BACK_OFFICE})
LAW = "Code de la consommation, article L312-90"


class ReduceOverdraftHandler(OnOverdraft):
    """The bank's own decision: two months after its registered letter, or at once on a legitimate ground."""

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused without letter, too early, or at once without a ground on record."""
        ask: ReduceOverdraft = command.ask  # type: ignore[assignment]
        case = self.case(command, facts)
        if isinstance(case, Decision):
            return case
        if problem := two_persons_problem(command, ask.approved_by, facts):
            return refuse(problem, ())
        cite, terms = case.agreement.cite, case.overdraft.ending
        present = in_force(case.history, case.day)
        if present is None:
            return refuse("no-overdraft", ())
        if not 0 <= ask.limit_minor < present.limit_minor:
            return refuse("amount-out-of-range", ())
        if not (ask.letter.strip() and ask.letter.isprintable()):
            return refuse("letter-missing", cite(terms.letter), detail={"letter": terms.letter.value})
        if ask.sent_on > case.day:
            return refuse("invalid-field", (), detail={"field": "sent_on"})
        at_once = ask.ground is not None or bool(ask.explanation.strip())
        earliest = ask.sent_on if at_once else rules.earliest_with_notice(ask.sent_on, terms)
        effective_on = ask.effective_on or max(earliest, case.day)
        if at_once and not rules.acts_at_once(ask.ground, ask.explanation, terms):
            return refuse("no-legitimate-ground", cite(rules.acts_at_once))
        refusal = self._notice_refusal(case, present, earliest, effective_on, at_once=at_once)
        return refusal or self._reduced(case, ask, present, effective_on, at_once=at_once)

    def _notice_refusal(
        self, case: Case, present: Authorisation, earliest: date, effective_on: date, *, at_once: bool
    ) -> Decision | None:
        cite = case.agreement.cite
        one_off = present.kind is AuthorisationKind.ONE_OFF
        over = one_off and present.ends_on is not None and present.ends_on < effective_on
        if over or (not at_once and not rules.notice_may_end(present.kind, case.overdraft.ending)):
            return refuse("one-off-runs-to-its-end", cite(rules.notice_may_end))
        if effective_on < earliest:
            return refuse("notice-too-short", cite(rules.earliest_with_notice), detail={"earliest": earliest})
        return refuse("retroactive", ()) if effective_on < case.day else None

    def _reduced(
        self, case: Case, ask: ReduceOverdraft, present: Authorisation, effective_on: date, *, at_once: bool
    ) -> Decision:
        ended_by = ON_GROUND if at_once else BY_NOTICE
        effects = moved_to(case, present, ask.limit_minor, effective_on, ended_by, present.document)
        law = case.overdraft.law
        parts = (
            law.instalments.value if rules.may_repay_in_instalments(present.kind, effective_on, law) else 0
        )
        values = (
            ("limit_minor", ask.limit_minor),
            ("before_minor", present.limit_minor),
            ("effective_on", effective_on.isoformat()),
            ("letter", ask.letter.strip()),
            ("ground", ask.ground.value if ask.ground else ""),
            ("instalments", parts),
        )
        effects.append(Notify(case.account.id, "overdraft-reduced", "", values, case.at))
        rule = rules.acts_at_once if at_once else rules.earliest_with_notice
        detail = {"effective_on": effective_on, "limit_minor": ask.limit_minor, "instalments": parts}
        return self.accepted(case, effects, (rule, case.overdraft.ending.letter), detail)


class EndOverdraftHandler(OnOverdraft):
    """The customer's own decision, in writing: at receipt."""

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused for whoever is no holder, and for a wish that is not in writing."""
        ask: EndOverdraft = command.ask  # type: ignore[assignment]
        case = self.case(command, facts)
        if isinstance(case, Decision):
            return case
        own = command.actor == ask.requested_by
        if not own and not is_cleared(facts.get(STAFF, command.actor), FRONT):
            return refuse("not-authorised", ())
        if ask.requested_by not in case.account.holders:
            return refuse("not-a-holder", case.agreement.cite(rules.ended_by_customer_on))
        day = rules.ended_by_customer_on(command.channel, case.day, case.overdraft.ending)
        if day is None:
            return refuse("not-in-writing", case.agreement.cite(rules.ended_by_customer_on))
        ends = ends_from(case.history, day, BY_CUSTOMER, case.at)
        if not ends:
            return refuse("no-overdraft", ())
        effects: list[Effect] = [*ends, case.with_floor(0)]
        return self.accepted(case, effects, (rules.ended_by_customer_on, floor_minor), {"ended_on": day})


class EndOverdraftByEventHandler(OnOverdraft):
    """What ends the authorisation by itself, without notice, from its day on."""

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused unless staff or the bank's day tells of it, with a proof, and the agreement names it."""
        ask: EndOverdraftByEvent = command.ask  # type: ignore[assignment]
        case = self.case(command, facts)
        if isinstance(case, Decision):
            return case
        if command.actor != 0 and not is_cleared(facts.get(STAFF, command.actor), FRONT):
            return refuse("not-authorised", ())
        if not ask.proof.strip():
            return refuse("invalid-field", (), detail={"field": "proof"})
        if ask.occurred_on > case.day:
            return refuse("invalid-field", (), detail={"field": "occurred_on"})
        if not rules.ends_by_itself(ask.event, case.account.kind, case.overdraft.ending):
            return refuse("event-ends-nothing", case.agreement.cite(rules.ends_by_itself))
        ends = ends_from(case.history, ask.occurred_on, ask.event.value, case.at)
        if not ends:
            return refuse("no-overdraft", ())
        values = (("event", ask.event.value), ("ended_on", ask.occurred_on.isoformat()))
        told = Notify(case.account.id, "overdraft-ended", "", values, case.at)
        effects: list[Effect] = [*ends, case.with_floor(0), told]
        return self.accepted(case, effects, (rules.ends_by_itself,), {"ended_on": ask.occurred_on})


def last_reduction(case: Case) -> Authorisation | None:
    """The authorisation that the bank's latest reduction or ending cut off, if it has taken effect."""
    cut = [
        a
        for a in case.history
        if a.ended_by in (BY_NOTICE, ON_GROUND) and a.ends_on is not None and a.ends_on < case.day
    ]
    return max(cut, key=lambda a: (a.ends_on or date.min, a.id), default=None)


class RepayInInstalmentsHandler(OnOverdraft):
    """The excess that the bank's reduction left, repaid in equal monthly parts at the overdraft's rate.

    The parts are steps of an authorisation that falls month by month: at the agreed rate, at no other cost.
    """

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused where the law gives no such right, and where there is nothing beyond the new limit."""
        ask: RepayInInstalments = command.ask  # type: ignore[assignment]
        case = self.case(command, facts)
        if isinstance(case, Decision):
            return case
        own = command.actor == ask.requested_by
        if not own and not is_cleared(facts.get(STAFF, command.actor), FRONT):
            return refuse("not-authorised", ())
        if ask.requested_by not in case.account.holders:
            return refuse("not-a-holder", ())
        cut = last_reduction(case)
        law = case.overdraft.law
        reduced_on = cut.ends_on + ONE_DAY if cut is not None and cut.ends_on is not None else None
        if cut is None or reduced_on is None or not rules.may_repay_in_instalments(cut.kind, reduced_on, law):
            return refuse("no-right-to-instalments", (), detail={"law": LAW})
        plans = (a for a in case.history if a.kind is AuthorisationKind.INSTALMENTS)
        if any(overlaps(a, reduced_on, None) for a in plans):
            return refuse("plan-already-made", ())
        limit = limit_on(case.history, case.day)
        excess = -case.account.balance_minor - limit
        if excess <= 0:
            return refuse("nothing-beyond-limit", ())
        return self._planned(case, cut, limit, excess)

    def _planned(self, case: Case, cut: Authorisation, limit: int, excess: int) -> Decision:
        parts = rules.instalments(excess, case.day, case.overdraft.law)
        effects: list[Effect] = []
        starts_on, left = case.day, excess
        for line, (due_on, amount) in enumerate(parts):
            step = AuthorisationBegins(
                account=case.account.id,
                kind=AuthorisationKind.INSTALMENTS,
                limit_minor=limit + left,
                starts_on=starts_on,
                ends_on=due_on,
                rate=cut.rate,
                document=LAW,
                line=line,
            )
            effects.append(step)
            if amount:
                due_at = end_of_day(due_on, case.terms.zone)
                about = due_on.isoformat()
                effects.append(
                    Owe(case.account.id, PAY_INSTALMENT, about, "", case.at, due_at, debtor="customer")
                )
            starts_on, left = due_on + ONE_DAY, left - amount
        effects.append(case.with_floor(limit + excess))
        detail = {
            "excess_minor": excess,
            "instalments": [{"due_on": day, "amount_minor": amount} for day, amount in parts],
        }
        return self.accepted(case, effects, (), detail)
