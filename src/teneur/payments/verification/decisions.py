"""Another bank verifies a payee: the answer from the books, kept as evidence with the question."""

from collections.abc import Iterable

from teneur.customers.facts import PERSON, Person
from teneur.kernel.commands import Command, Decision, Facts, Need, Outcome, account_id, refuse
from teneur.ledger.account import ACCOUNT, Account, AccountKind, Status
from teneur.ledger.registry import Kind
from teneur.payments.transfers.context import TransferContext
from teneur.payments.transfers.decisions.incoming import comes_from_a_bank
from teneur.payments.transfers.rules.identifiers import identifier_problem
from teneur.payments.transfers.rules.payee import verify_here
from teneur.payments.transfers.rules.refusal import Reason
from teneur.payments.verification.commands import AnswerPayeeCheck
from teneur.payments.verification.rules import told_to_bank

NOBODY = account_id(0, 0)  # questions about accounts that this bank does not keep


class AnswerPayeeCheckHandler:
    """AnswerPayeeCheck: a code, and the holder's name on a close match."""

    def __init__(self, context: TransferContext) -> None:
        self._context = context

    def needs(self, command: Command, facts: Facts) -> Iterable[Need]:
        """The account and its holders."""
        if command.subject == NOBODY:
            return
        account: Account | None = facts.peek(ACCOUNT, command.subject)
        yield ACCOUNT, command.subject
        for holder in account.holders if account is not None else ():
            yield PERSON, holder

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused to anyone but a bank that says which it is, and where IBAN and account do not belong."""
        ask: AnswerPayeeCheck = command.ask  # type: ignore[assignment]
        account: Account | None = None
        if command.subject != NOBODY:
            account = facts.get(ACCOUNT, command.subject)
        if not comes_from_a_bank(command):
            return refuse(str(Reason.NOT_AUTHORISED), ())
        if not ask.requesting_bic or identifier_problem("", ask.requesting_bic) is not None:
            return refuse(str(Reason.BIC_INVALID), ())
        if command.subject != NOBODY and (account is None or account.iban != ask.iban):
            return refuse("unknown-account", ())
        terms = None if account is None else self._context.terms(account, command.received_at)
        answers = (
            account is not None
            and terms is not None
            and account.kind is not AccountKind.OWN
            and account.status is not Status.CLOSED
        )
        told = told_to_bank(ask.name, _names(account, facts), answers=answers)
        return Decision(
            Outcome.ACCEPTED,
            terms.agreement.cite(verify_here) if terms is not None else (),
            detail=told,
            booked_on=terms.local_day(command.received_at) if terms is not None else None,
        )


def _names(account: Account | None, facts: Facts) -> list[tuple[str, str]]:
    """The holders' names, each with the family name within it."""
    names = []
    for holder in account.holders if account is not None else ():
        person: Person | None = facts.get(PERSON, holder)
        assert person is not None, f"the holder {holder} of an account is no person that the bank knows"
        names.append((person.name, person.surname))
    return names


def kinds(context: TransferContext) -> tuple[Kind, ...]:
    """130 to 134: verification of payee between banks."""
    return (Kind(130, "payee-verified", AnswerPayeeCheck, AnswerPayeeCheckHandler(context), plain=True),)
