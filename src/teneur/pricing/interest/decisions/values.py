"""Value dates set right: a transfer received late counts from the day of right execution.

The journal keeps what was booked. Two entries of the same amount, out on the value date given and back in on
the one due, move nothing but the value date; interest of quarters closed before is corrected by the next
closing.
"""

from collections.abc import Iterable

from teneur.accounts.governing import Governing
from teneur.customers.commands import StaffRole
from teneur.customers.facts import STAFF
from teneur.customers.rules import are_two_cleared, is_cleared
from teneur.kernel.clock import business_date
from teneur.kernel.commands import Command, Decision, Entry, Facts, Need, Outcome, book_of, refuse
from teneur.ledger.account import ACCOUNT, Account, Status
from teneur.ledger.chart import Role, own_account
from teneur.ledger.facts import OPERATION, Operation
from teneur.pricing.interest.commands import SetValueDate
from teneur.pricing.interest.effects import ValueDateSet
from teneur.pricing.interest.facts import ADJUSTED
from teneur.pricing.interest.rules.corrections import value_date_to_give

BACK_OFFICE = frozenset({StaffRole.BACK_OFFICE})
SECONDS = frozenset({StaffRole.ADVISER, StaffRole.BACK_OFFICE})


class SetValueDateHandler:
    """The right value date for a credit that came late."""

    def __init__(self, governing: Governing) -> None:
        self._governing = governing

    def needs(self, command: Command, facts: Facts) -> Iterable[Need]:
        """The account, the operation, whether it was set right already, and who asks."""
        ask: SetValueDate = command.ask  # type: ignore[assignment]
        key = (book_of(command.subject), ask.operation)
        yield ACCOUNT, command.subject
        yield OPERATION, key
        yield ADJUSTED, key
        yield STAFF, command.actor
        yield STAFF, ask.approved_by
        account: Account | None = facts.peek(ACCOUNT, command.subject)
        if account is not None:
            yield ACCOUNT, own_account(book_of(account.id), Role.SUSPENSE, account.currency)

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused without two members of staff, a request, a credit of the account, and an earlier value
        date."""
        ask: SetValueDate = command.ask  # type: ignore[assignment]
        account: Account | None = facts.get(ACCOUNT, command.subject)
        key = (book_of(command.subject), ask.operation)
        operation: Operation | None = facts.get(OPERATION, key)
        first, second = facts.get(STAFF, command.actor), facts.get(STAFF, ask.approved_by)
        if not is_cleared(first, BACK_OFFICE):
            return refuse("not-authorised", ())
        if not are_two_cleared(first, second, BACK_OFFICE, SECONDS):
            return refuse("second-person-missing", ())
        if account is None or account.contract is None:
            return refuse("unknown-account", ())
        if account.status is Status.CLOSED:
            return refuse("account-closed", ())
        if not ask.asked_by.strip():
            return refuse("invalid-field", (), detail={"field": "asked_by"})
        credits_of = [line for line in operation.lines if line.credit == account.id] if operation else []
        if len(credits_of) != 1:
            return refuse("unknown-operation", ())
        if facts.get(ADJUSTED, key) is not None:
            return refuse("already-adjusted", ())
        (credit,) = credits_of
        day = business_date(command.received_at, self._governing.of_account(account, credit.booked_on).zone)
        agreement = self._governing.of_account(account, day).agreement
        citations = agreement.cite(value_date_to_give)
        given = value_date_to_give(credit.credit_value_on, ask.due_value_on)
        if given >= credit.credit_value_on or given < account.opened_on:
            return refuse("value-date-not-earlier", citations)
        suspense = own_account(key[0], Role.SUSPENSE, account.currency)
        amount, was = credit.amount_minor, credit.credit_value_on
        entries = (
            Entry(suspense, account.id, amount, day, given, given, forced=True),
            Entry(account.id, suspense, amount, day, was, was, forced=True),
        )
        detail = {"operation": ask.operation, "value_on": given, "was_value_on": was}
        return Decision(
            Outcome.ACCEPTED, citations, entries, (ValueDateSet(*key),), detail=detail, booked_on=day
        )
