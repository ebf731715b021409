"""Over-indebtedness: the used part set apart, older debts not paid, recovery frozen.

The used part goes to one technical account of the bank's chart for each book and currency, not to an account
of the customer's: nobody can order on it, it has no contract that would charge or state it, and the entry and
the case are one operation. Whose it is, and how much, the case says; its journal row proves it.
"""

from collections.abc import Iterable
from datetime import date

from teneur.customers.facts import STAFF
from teneur.customers.rules import is_cleared
from teneur.kernel.commands import Command, Decision, Effect, Entry, Facts, Need, Outcome, book_of, refuse
from teneur.kernel.money import MAX_MINOR
from teneur.kernel.notices import Notify
from teneur.kernel.obligations import Owe
from teneur.ledger.account import ACCOUNT, Account
from teneur.ledger.chart import Role, own_account
from teneur.ledger.contracts import Version
from teneur.ledger.effects import AccountChanged, changed
from teneur.pricing.overdraft import rules
from teneur.pricing.overdraft.commands import CheckOldDebt, CloseOverIndebtedness, RecordAdmissibility
from teneur.pricing.overdraft.decisions.common import (
    BACK_OFFICE,
    SECONDS,
    Case,
    OnOverdraft,
    two_persons_problem,
)
from teneur.pricing.overdraft.effects import IndebtednessClosed, IndebtednessRecorded
from teneur.pricing.overdraft.facts import DAY_BALANCE, limit_on

REVIEW_OVERDRAFT = "review-overdraft"
LOOK_INTO_OLD_DEBT = "look-into-old-debt"
CREDITORS = "overdraft.old_debt_creditors"


def with_creditors(case: Case, creditors: tuple[str, ...]) -> AccountChanged | None:
    """The account with these creditors in its own terms from today on, in versions to come too; None where
    nothing changes."""
    contract = case.account.contract
    present = contract.in_force(case.day) if contract is not None else None
    if contract is None or present is None or not (creditors or present.particular.get(CREDITORS)):
        return None

    def renewed(version: Version, valid_from: date) -> Version:
        kept = {k: v for k, v in version.particular.items() if k != CREDITORS}
        if creditors:
            kept[CREDITORS] = list(creditors)
        return Version(version.agreement, valid_from, version.kind, kept, version.switched_on)

    later = [v for v in contract.versions if v.kind == present.kind and v.valid_from > case.day]
    moved = contract.moved_to(renewed(present, case.day))
    for version in later:
        moved = moved.moved_to(renewed(version, version.valid_from))
    return changed(case.account, contract=moved)


class RecordAdmissibilityHandler(OnOverdraft):
    """The commission's decision: the used part is isolated, the authorisation is to be reviewed."""

    def needs(self, command: Command, facts: Facts) -> Iterable[Need]:
        """The balance at the end of the day of the decision, and the technical account."""
        yield from super().needs(command, facts)
        ask: RecordAdmissibility = command.ask  # type: ignore[assignment]
        yield DAY_BALANCE, (command.subject, ask.decided_on)
        account: Account | None = facts.peek(ACCOUNT, command.subject)
        if account is not None:
            yield ACCOUNT, own_account(book_of(account.id), Role.OVER_INDEBTEDNESS, account.currency)

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused without two of the back office, for a day to come, and while a case is open."""
        ask: RecordAdmissibility = command.ask  # type: ignore[assignment]
        case = self.case(command, facts)
        if isinstance(case, Decision):
            return case
        if problem := two_persons_problem(command, ask.approved_by, facts, BACK_OFFICE):
            return refuse(problem, ())
        if not (ask.reference.strip() and ask.reference.isprintable()):
            return refuse("invalid-field", (), detail={"field": "reference"})
        if ask.decided_on > case.day:
            return refuse("invalid-field", (), detail={"field": "decided_on"})
        if case.watch.indebtedness is not None:
            return refuse("case-open-already", ())
        account = case.account
        technical = own_account(book_of(account.id), Role.OVER_INDEBTEDNESS, account.currency)
        if facts.get(ACCOUNT, technical) is None:
            return refuse("technical-account-missing", ())
        then: int = facts.get(DAY_BALANCE, (account.id, ask.decided_on)) or 0
        balance = account.balance_minor if ask.decided_on == case.day else then
        return self._recorded(case, ask, technical, rules.used_part(balance))

    def _recorded(self, case: Case, ask: RecordAdmissibility, technical: int, used: int) -> Decision:
        account, cite = case.account, case.agreement.cite
        entries: tuple[Entry, ...] = ()
        if used:
            entries = (Entry(technical, account.id, used, case.day, ask.decided_on, ask.decided_on),)
        recorded = IndebtednessRecorded(
            account=account.id,
            reference=ask.reference.strip(),
            decided_on=ask.decided_on,
            isolated_minor=used,
            technical_account=technical if used else None,
            creditors=tuple(c.strip() for c in ask.creditors if c.strip()),
        )
        values = (("isolated_minor", used), ("decided_on", ask.decided_on.isoformat()))
        effects: list[Effect] = [
            recorded,
            Notify(account.id, "over-indebtedness-recorded", "", values, case.at),
        ]
        if rules.is_to_be_reviewed(limit_on(case.history, case.day)):
            clause = "".join(cite(rules.is_to_be_reviewed)[:1])
            effects.append(Owe(account.id, REVIEW_OVERDRAFT, "", clause, case.at, None))
        change = with_creditors(case, recorded.creditors)
        if change is not None:
            effects.append(change)
        decision = self.accepted(
            case,
            effects,
            (rules.used_part, rules.is_to_be_reviewed, rules.old_debt_answer),
            {"isolated_minor": used, "technical_account": technical if used else 0},
        )
        return Decision(
            decision.outcome,
            decision.citations,
            entries,
            decision.effects,
            detail=decision.detail,
            booked_on=case.day,
        )


class CheckOldDebtHandler(OnOverdraft):
    """Whether a payment to a creditor may go, asked before it is made or collected."""

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused for a listed creditor's older debt, or looked into, or alerted, as the agreement says."""
        ask: CheckOldDebt = command.ask  # type: ignore[assignment]
        case = self.case(command, facts)
        if isinstance(case, Decision):
            return case
        if command.actor > 0:
            return refuse("not-authorised", ())
        if not 0 < ask.amount_minor <= MAX_MINOR or not ask.creditor.strip():
            return refuse("invalid-field", (), detail={"field": "creditor"})
        debts = case.watch.indebtedness
        if debts is None:
            return self.accepted(case, (), ())
        policy = case.overdraft.old_debts
        creditor = ask.creditor.strip()
        answer = rules.old_debt_answer(debts.decided_on, creditor, debts.creditors, ask.born_on, policy.value)
        sources = (rules.old_debt_answer, policy)
        citations = case.agreement.cite(*sources)
        if answer is rules.OldDebtAnswer.GO:
            return self.accepted(case, (), sources)
        if answer is rules.OldDebtAnswer.REFUSE:
            return refuse("debt-before-admissibility", citations)
        clause = "".join(citations[:1])
        duty = Owe(case.account.id, LOOK_INTO_OLD_DEBT, "", clause, case.at, None)
        if answer is rules.OldDebtAnswer.ALERT:
            return self.accepted(case, (duty,), sources, {"alert": creditor})
        return Decision(
            Outcome.PENDING, citations, effects=(duty,), reason="age-of-debt-unknown", booked_on=case.day
        )


class CloseOverIndebtednessHandler(OnOverdraft):
    """The commission's measures are known."""

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused unless the back office or an adviser says what they are, of an open case."""
        ask: CloseOverIndebtedness = command.ask  # type: ignore[assignment]
        case = self.case(command, facts)
        if isinstance(case, Decision):
            return case
        if not is_cleared(facts.get(STAFF, command.actor), SECONDS):
            return refuse("not-authorised", ())
        if not ask.measures.strip():
            return refuse("invalid-field", (), detail={"field": "measures"})
        if case.watch.indebtedness is None:
            return refuse("no-case-open", ())
        closed = IndebtednessClosed(account=case.account.id, case_id=case.watch.indebtedness.id)
        change = with_creditors(case, ())
        return self.accepted(case, (closed, change) if change else (closed,), (rules.used_part,))
