"""Another bank checks surname, first names and birth date of a customer; persons who object to it."""

from collections.abc import Iterable

from teneur.customers.commands import StaffRole
from teneur.customers.facts import PERSON, STAFF, Person
from teneur.customers.rules import is_cleared
from teneur.kernel.commands import Command, Decision, Facts, Need, Outcome, account_id, refuse
from teneur.kernel.rules import unique
from teneur.ledger.account import ACCOUNT, Account, Status
from teneur.payments.transfers.commands import AnswerIdentityCheck, RecordIdentityObjection
from teneur.payments.transfers.context import TransferContext
from teneur.payments.transfers.decisions.incoming import comes_from_a_bank
from teneur.payments.transfers.identity_objections import OBJECTION, Objection, ObjectionKept
from teneur.payments.transfers.rules.identifiers import identifier_problem
from teneur.payments.transfers.rules.identity_check import Identity, IdentityAnswer, identity_answer
from teneur.payments.transfers.rules.refusal import Reason

REGISTER = account_id(0, 0)  # persons belong to no book
FRONT = frozenset({StaffRole.CLERK, StaffRole.ADVISER, StaffRole.BACK_OFFICE})
_FIRST_OF = (
    IdentityAnswer.INCOMPLETE,
    IdentityAnswer.MATCH,
    IdentityAnswer.OBJECTION,
    IdentityAnswer.NO_MATCH,
)


class AnswerIdentityCheckHandler:
    """AnswerIdentityCheck: one word for the three data together, and nothing of what the bank holds."""

    def __init__(self, context: TransferContext) -> None:
        self._context = context

    def needs(self, command: Command, facts: Facts) -> Iterable[Need]:
        """The account, its holders, and whether they object."""
        account: Account | None = facts.peek(ACCOUNT, command.subject)
        yield ACCOUNT, command.subject
        for holder in account.holders if account is not None else ():
            yield PERSON, holder
            yield OBJECTION, holder

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused to anyone but a bank that says which it is, and where the agreement knows no such check.

        Of several holders one who fits is enough; a holder who objects is neither confirmed nor denied.
        """
        ask: AnswerIdentityCheck = command.ask  # type: ignore[assignment]
        account: Account | None = facts.get(ACCOUNT, command.subject)
        if not comes_from_a_bank(command):
            return refuse(str(Reason.NOT_AUTHORISED), ())
        if not ask.asking_bic or identifier_problem("", ask.asking_bic) is not None:
            return refuse(str(Reason.BIC_INVALID), ())
        terms = None if account is None else self._context.terms(account, command.received_at)
        if account is None or terms is None or account.status is Status.CLOSED:
            return refuse("unknown-account", ())
        citations = terms.agreement.cite(identity_answer)
        if not citations:
            return refuse(str(Reason.SERVICE_NOT_OFFERED), ())
        asked = Identity(ask.surname, ask.first_names, ask.born_on)
        answers = {_answer(asked, holder, facts) for holder in account.holders}
        answer = next(a for a in _FIRST_OF if a in answers)
        return Decision(
            Outcome.ACCEPTED,
            citations,
            detail={"answer": str(answer)},
            booked_on=terms.local_day(command.received_at),
        )


class RecordIdentityObjectionHandler:
    """RecordIdentityObjection: by staff, for a person, with the ground; or its withdrawal."""

    def __init__(self, context: TransferContext) -> None:
        self._context = context

    def needs(self, command: Command, _facts: Facts) -> Iterable[Need]:
        """Who asks, the person, and what he said before."""
        ask: RecordIdentityObjection = command.ask  # type: ignore[assignment]
        return ((STAFF, command.actor), (PERSON, ask.person), (OBJECTION, ask.person))

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused without a member of staff, a person, a ground or a change."""
        ask: RecordIdentityObjection = command.ask  # type: ignore[assignment]
        if not is_cleared(facts.get(STAFF, command.actor), FRONT):
            return refuse(str(Reason.NOT_AUTHORISED), ())
        if command.subject != REGISTER or facts.get(PERSON, ask.person) is None:
            return refuse("unknown-person", ())
        if not (ask.ground.strip() and ask.ground.isprintable()):
            return refuse("invalid-field", (), detail={"field": "ground"})
        before: Objection | None = facts.get(OBJECTION, ask.person)
        if (before is not None and before.in_force) is not ask.withdrawn:
            return refuse("nothing-changes", ())
        kept = Objection(
            person=ask.person,
            in_force=not ask.withdrawn,
            ground=ask.ground,
            recorded_at=command.received_at,
        )
        agreements = self._context.governing.agreements
        citations = unique(clause for a in agreements for clause in a.cite(identity_answer))
        return Decision(Outcome.ACCEPTED, citations, effects=(ObjectionKept(kept),))


def _answer(asked: Identity, holder: int, facts: Facts) -> IdentityAnswer:
    person: Person | None = facts.get(PERSON, holder)
    assert person is not None, f"the holder {holder} of an account is no person that the bank knows"
    objection: Objection | None = facts.get(OBJECTION, holder)
    held = Identity(person.surname, person.first_names, person.birth_date)
    return identity_answer(asked, held, objected=objection is not None and objection.in_force)
