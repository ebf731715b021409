"""What follows from the use of an overdraft: the day's review, one debit let pass, the demand to repay."""

from collections.abc import Iterable

from teneur.accounts.rules import available_minor, floor_minor
from teneur.customers.facts import STAFF
from teneur.customers.rules import is_cleared
from teneur.kernel.commands import Command, Decision, Effect, Facts, Need, refuse
from teneur.kernel.fees import FeeDue
from teneur.kernel.notices import Notify
from teneur.kernel.obligations import Owe
from teneur.ledger.effects import changed
from teneur.obligations.facts import OPEN_ABOUT
from teneur.pricing.overdraft import rules
from teneur.pricing.overdraft.commands import AllowExcess, DemandRepayment, ReviewOverdraft
from teneur.pricing.overdraft.decisions.common import SECONDS, OnOverdraft, two_persons_problem
from teneur.pricing.overdraft.effects import ClaimMade, ExcessTolerated
from teneur.pricing.overdraft.facts import AUTHORISATIONS, DAY_BALANCE, PAY_INSTALMENT, limit_on
from teneur.pricing.overdraft.review import REPAY_OVERDRAFT, instalments_due, review

INTERVENTION_FEE = "intervention"


class ReviewOverdraftHandler(OnOverdraft):
    """A local day has ended: what it changes."""

    def needs(self, command: Command, facts: Facts) -> Iterable[Need]:
        """The balance at the end of the day, and the instalments that fell due by it."""
        yield from super().needs(command, facts)
        ask: ReviewOverdraft = command.ask  # type: ignore[assignment]
        yield DAY_BALANCE, (command.subject, ask.day)
        for about in instalments_due(facts.peek(AUTHORISATIONS, command.subject) or (), ask.day):
            yield OPEN_ABOUT, (command.subject, PAY_INSTALMENT, about)

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused to whoever is not the bank, for a day that has not ended, or before the account's first."""
        ask: ReviewOverdraft = command.ask  # type: ignore[assignment]
        case = self.case(command, facts)
        if isinstance(case, Decision):
            return case
        if command.actor != 0 and not is_cleared(facts.get(STAFF, command.actor), SECONDS):
            return refuse("not-authorised", ())
        if ask.day >= case.day:
            return refuse("day-not-over", ())
        if ask.day < case.account.opened_on:
            return refuse("not-open-yet", ())
        balance: int = facts.get(DAY_BALANCE, (command.subject, ask.day)) or 0
        due = instalments_due(case.history, ask.day)
        still_open = tuple(
            about for about in due if facts.get(OPEN_ABOUT, (command.subject, PAY_INSTALMENT, about))
        )
        found = review(case, case.watch, ask.day, balance, still_open)
        detail = {"balance_minor": balance, "limit_minor": limit_on(case.history, ask.day)}
        decision = self.accepted(case, found.effects, (), detail)
        return Decision(
            decision.outcome,
            found.citations,
            effects=decision.effects,
            detail=detail,
            booked_on=case.day,
        )


class AllowExcessHandler(OnOverdraft):
    """One debit passes, exceptionally: the limit is as before, and so is what the customer may ask for."""

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused without two members of staff, on a credit-only account, and for a debit that is covered."""
        ask: AllowExcess = command.ask  # type: ignore[assignment]
        case = self.case(command, facts)
        if isinstance(case, Decision):
            return case
        if problem := two_persons_problem(command, ask.approved_by, facts):
            return refuse(problem, ())
        cite = case.agreement.cite
        if not rules.may_be_overdrawn(case.designated, case.overdraft.granting):
            return refuse("credit-only", cite(rules.may_be_overdrawn))
        for field in ("about", "reason"):
            text: str = getattr(ask, field)
            if not (text.strip() and text.isprintable()):
                return refuse("invalid-field", cite(rules.tolerated_floor), detail={"field": field})
        account = case.account
        available = available_minor(account, case.agreement.accounts.balance)
        if not max(0, available) < ask.debit_minor <= 2**53 - 1:
            return refuse("amount-out-of-range", ())
        floor = rules.tolerated_floor(available, account.floor_minor, ask.debit_minor)
        tolerated = ExcessTolerated(
            account=account.id,
            day=case.day,
            debit_minor=ask.debit_minor,
            excess_minor=account.floor_minor - floor or ask.debit_minor,
            about=ask.about.strip(),
            reason=ask.reason.strip(),
            author=command.actor,
        )
        fee = FeeDue(account.id, INTERVENTION_FEE, ask.about.strip(), case.day, ask.debit_minor)
        effects: list[Effect] = [tolerated, changed(account, floor_minor=floor), fee]
        detail = {"excess_minor": tolerated.excess_minor, "limit_minor": limit_on(case.history, case.day)}
        return self.accepted(case, effects, (rules.tolerated_floor, floor_minor), detail)


class DemandRepaymentHandler(OnOverdraft):
    """The bank's first demand: what is beyond the limit is due at once, the whole by each holder."""

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused without letter, where nothing is owed, demanded already, or recovery is frozen."""
        ask: DemandRepayment = command.ask  # type: ignore[assignment]
        case = self.case(command, facts)
        if isinstance(case, Decision):
            return case
        if not is_cleared(facts.get(STAFF, command.actor), SECONDS):
            return refuse("not-authorised", ())
        cite, terms, account = case.agreement.cite, case.overdraft.excess, case.account
        if not (ask.letter.strip() and ask.letter.isprintable()):
            return refuse("letter-missing", cite(terms.demand_medium))
        if case.watch.indebtedness is not None:
            return refuse("recovery-frozen", cite(rules.used_part))
        limit = limit_on(case.history, case.day)
        if not rules.is_beyond(account.balance_minor, limit):
            return refuse("nothing-beyond-limit", ())
        if case.watch.claims:
            return refuse("demanded-already", ())
        owed = -account.balance_minor - limit
        debts = rules.owed_by_each(owed, account.holders, terms)
        clause = "".join(cite(rules.owed_by_each)[:1])
        due_at = rules.repayable_by(case.at)
        holders = tuple(holder for holder, _ in debts)
        claim = ClaimMade(account=account.id, amount_minor=owed, demanded_on=case.day, debtors=holders)
        values = (
            ("medium", terms.demand_medium.value),
            ("letter", ask.letter.strip()),
            ("amount_minor", owed),
            ("balance_minor", account.balance_minor),
        )
        effects: list[Effect] = [claim, Notify(account.id, "overdraft-demand", "", values, case.at)]
        effects += (
            Owe(account.id, REPAY_OVERDRAFT, "", clause, case.at, due_at, debtor=f"person {holder}")
            for holder in holders
        )
        detail = {"debts": [{"person": holder, "amount_minor": amount} for holder, amount in debts]}
        sources = (rules.is_beyond, rules.repayable_by, rules.owed_by_each, terms.demand_medium)
        return self.accepted(case, effects, sources, detail)
