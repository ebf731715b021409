"""Granting an overdraft, changing its limit with the customer, raising it by the bank alone."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from teneur.accounts.commands import SetOverdraft
from teneur.accounts.rules import floor_minor
from teneur.customers.facts import PERSON
from teneur.kernel.commands import Command, Decision, Effect, Facts, Need, refuse
from teneur.kernel.fees import FeeDue
from teneur.kernel.money import MAX_MINOR
from teneur.pricing.overdraft import rules
from teneur.pricing.overdraft.commands import GrantOverdraft
from teneur.pricing.overdraft.decisions.common import Case, OnOverdraft, ends_from, two_persons_problem
from teneur.pricing.overdraft.decisions.warning import index_need, known_index_needs, usury_told
from teneur.pricing.overdraft.effects import AuthorisationBegins
from teneur.pricing.overdraft.facts import AuthorisationKind, IndexedRate, Rate, in_force, overlaps

BY_AGREEMENT = "agreed-with-customer"
FILE_FEE = "overdraft-file"
SET_BY_STAFF = "set-overdraft"  # no document named


def borrower_refusal(case: Case, asking: Iterable[int], facts: Facts) -> Decision | None:
    """Why these holders may not obtain an overdraft on this account, or None."""
    cite, granting = case.agreement.cite, case.overdraft.granting
    if not rules.may_be_overdrawn(case.designated, granting):
        return refuse("credit-only", cite(rules.may_be_overdrawn))
    asked = tuple(asking)
    strangers = set(asked) - set(case.account.holders)
    if strangers or not asked:
        return refuse("not-a-holder", cite(rules.consents_suffice), detail={"persons": sorted(strangers)})
    if not rules.consents_suffice(case.account.kind, case.account.holders, asked, granting):
        missing = sorted(set(case.account.holders) - set(asked))
        return refuse("consent-missing", cite(rules.consents_suffice), detail={"persons": missing})
    persons = [facts.get(PERSON, holder) for holder in case.account.holders]
    capacities = [rules.capacity_of(p, case.day) for p in persons if p is not None]
    if not rules.may_be_authorised(capacities, granting):
        return refuse("no-capacity", cite(rules.may_be_authorised))
    return None


def rate_asked(percent: Decimal | None, index: str) -> Rate | str:
    """The agreed rate, or the field that is wrong."""
    if percent is None:
        return "rate_index" if index else None
    if not percent.is_finite() or abs(percent) >= 1000 or -percent.as_tuple().exponent > 6:  # type: ignore[operator]
        return "rate_percent"
    if index:
        return IndexedRate(index, percent) if index.isprintable() and index.strip() == index else "rate_index"
    return percent if percent >= 0 else "rate_percent"


class GrantOverdraftHandler(OnOverdraft):
    """A new authorisation, open-ended or one-off, from a day on. A rate above the usury threshold is told."""

    def needs(self, command: Command, facts: Facts) -> Iterable[Need]:
        """Also the reference rate that the agreed one adds to."""
        ask: GrantOverdraft = command.ask  # type: ignore[assignment]
        yield from super().needs(command, facts)
        rate = rate_asked(ask.rate_percent, ask.rate_index)
        yield from () if isinstance(rate, str) else index_need(rate)

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused without two members of staff, for whom it is not for, and where there is one already."""
        ask: GrantOverdraft = command.ask  # type: ignore[assignment]
        case = self.case(command, facts)
        if isinstance(case, Decision):
            return case
        if problem := two_persons_problem(command, ask.approved_by, facts):
            return refuse(problem, ())
        refusal = borrower_refusal(case, ask.requested_by, facts)
        if refusal is not None:
            return refusal
        starts_on = ask.starts_on or case.day
        rate = rate_asked(ask.rate_percent, ask.rate_index)
        refusal = self._field_refusal(case, ask, starts_on, rate)
        if refusal is not None:
            return refusal
        assert not isinstance(rate, str)
        begins = AuthorisationBegins(
            account=case.account.id,
            kind=ask.kind,
            limit_minor=ask.limit_minor,
            starts_on=starts_on,
            ends_on=ask.ends_on,
            rate=rate,
            document=ask.document.strip(),
        )
        effects: list[Effect] = [begins, FeeDue(case.account.id, FILE_FEE, "", case.day, ask.limit_minor)]
        if starts_on == case.day:
            effects.append(case.with_floor(ask.limit_minor))
        sources = (rules.span_fits, rules.consents_suffice, rules.may_be_authorised, floor_minor)
        told = usury_told(case, facts, ask.limit_minor, rate, starts_on, ask.ends_on, FILE_FEE)
        detail = {"limit_minor": ask.limit_minor, "starts_on": starts_on, "ends_on": ask.ends_on, **told}
        return self.accepted(case, effects, sources, detail)

    def _field_refusal(
        self, case: Case, ask: GrantOverdraft, starts_on: date, rate: Rate | str
    ) -> Decision | None:
        cite = case.agreement.cite
        if not 0 < ask.limit_minor <= MAX_MINOR:
            return refuse("amount-out-of-range", ())
        if not (ask.document.strip() and ask.document.isprintable()):
            return refuse("invalid-field", cite(rules.span_fits), detail={"field": "document"})
        if isinstance(rate, str):
            return refuse("invalid-field", (), detail={"field": rate})
        if starts_on < case.day:
            return refuse("retroactive", ())
        if not rules.span_fits(ask.kind, starts_on, ask.ends_on):
            return refuse("invalid-field", cite(rules.span_fits), detail={"field": "ends_on"})
        if any(overlaps(a, starts_on, ask.ends_on) for a in case.history):
            return refuse("overdraft-in-force", ())
        return None


class SetOverdraftHandler(OnOverdraft):
    """The short way: the limit as it is to stand from today on, agreed with the customer."""

    def needs(self, command: Command, facts: Facts) -> Iterable[Need]:
        """Also the reference rates of what is authorised."""
        yield from super().needs(command, facts)
        yield from known_index_needs(command, facts)

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused as granting is; limit 0 ends what there is, on the wish of the holder who asks."""
        ask: SetOverdraft = command.ask  # type: ignore[assignment]
        case = self.case(command, facts)
        if isinstance(case, Decision):
            return case
        if problem := two_persons_problem(command, ask.approved_by, facts):
            return refuse(problem, ())
        asking = (ask.requested_by, *ask.also_requested_by)
        if ask.limit_minor == 0 and ask.requested_by in case.account.holders:
            refusal = None  # giving it up takes no consent of the others
        else:
            refusal = borrower_refusal(case, asking, facts)
        if refusal is not None:
            return refusal
        if not 0 <= ask.limit_minor <= MAX_MINOR:
            return refuse("amount-out-of-range", ())
        now = in_force(case.history, case.day)
        effects: list[Effect] = list(ends_from(case.history, case.day, BY_AGREEMENT, case.at))
        if ask.limit_minor:
            begins = AuthorisationBegins(
                account=case.account.id,
                kind=AuthorisationKind.OPEN_ENDED,
                limit_minor=ask.limit_minor,
                starts_on=case.day,
                ends_on=None,
                rate=now.rate if now else None,
                document=now.document if now else SET_BY_STAFF,
            )
            effects.append(begins)
        effects.append(case.with_floor(ask.limit_minor))
        rate = now.rate if now else None
        told = usury_told(case, facts, ask.limit_minor, rate, case.day, None) if ask.limit_minor else None
        return self.accepted(case, effects, (floor_minor, rules.consents_suffice), told)
