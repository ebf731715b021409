"""Decisions on notices: what the holders choose, that a notice went out, that a letter was received."""

from collections.abc import Iterable

import msgspec

from teneur.accounts.governing import Governing, GoverningTerms, open_account
from teneur.agreements.terms.notices import Medium
from teneur.customers.commands import StaffRole
from teneur.customers.facts import PERSON, STAFF, Person
from teneur.customers.rules import is_cleared
from teneur.kernel.clock import business_date
from teneur.kernel.commands import Command, Decision, Facts, Need, Outcome, refuse
from teneur.ledger.account import ACCOUNT, Account
from teneur.ledger.registry import Kind
from teneur.obligations.notices import rules
from teneur.obligations.notices.commands import (
    ChooseMedium,
    ChooseRecipient,
    NoteAcknowledgement,
    ObjectToPaperless,
)
from teneur.obligations.notices.effects import Acknowledged, ChoiceMade
from teneur.obligations.notices.facts import CHOICE, NO_CHOICE, NOTICE, Choice, Notice

FRONT = frozenset({StaffRole.CLERK, StaffRole.ADVISER, StaffRole.BACK_OFFICE})


class _OnChoice:
    """A choice of the holders: themselves, or staff for them, may state it at any time."""

    def __init__(self, governing: Governing) -> None:
        self._governing = governing

    def needs(self, command: Command, facts: Facts) -> Iterable[Need]:
        """The account, its choice, who asks, and who is written to."""
        yield ACCOUNT, command.subject
        yield CHOICE, command.subject
        yield STAFF, command.actor
        account: Account | None = facts.peek(ACCOUNT, command.subject)
        if account is not None:
            yield from ((PERSON, holder) for holder in account.holders)

    def _checked(self, command: Command, facts: Facts) -> tuple[Account, Choice, GoverningTerms] | Decision:
        account = open_account(command, facts)
        if isinstance(account, Decision):
            return account
        if command.actor not in account.holders and not is_cleared(facts.get(STAFF, command.actor), FRONT):
            return refuse("not-authorised", ())
        _, terms = self._governing.on_day_of(account, command.received_at)
        return account, facts.get(CHOICE, account.id) or NO_CHOICE, terms

    def _chosen(
        self, command: Command, choice: Choice, terms: GoverningTerms, citations: tuple[str, ...]
    ) -> Decision:
        made = ChoiceMade(command.subject, choice, command.received_at)
        day = business_date(command.received_at, terms.zone)
        return Decision(Outcome.ACCEPTED, citations, effects=(made,), booked_on=day)


class ChooseMediumHandler(_OnChoice):
    """ChooseMedium."""

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused for a medium that is not offered, and for e-mail to whoever has given no address."""
        ask: ChooseMedium = command.ask  # type: ignore[assignment]
        checked = self._checked(command, facts)
        if isinstance(checked, Decision):
            return checked
        account, choice, terms = checked
        notices = terms.agreement.notices
        if ask.medium is not None and ask.medium not in notices.choosable.value:
            return refuse("medium-not-offered", terms.agreement.cite(notices.choosable))
        if ask.medium is Medium.EMAIL:
            if not rules.may_write_email(notices):
                return refuse("medium-not-offered", terms.agreement.cite(rules.may_write_email))
            person: Person | None = facts.get(PERSON, rules.recipient(choice, account.holders))
            if person is None or not person.email:
                return refuse("address-missing", ())
        citations = terms.agreement.cite(rules.may_write_email) if ask.medium is Medium.EMAIL else ()
        changed = msgspec.structs.replace(choice, medium=ask.medium)
        return self._chosen(command, changed, terms, citations)


class ObjectToPaperlessHandler(_OnChoice):
    """ObjectToPaperless."""

    def decide(self, command: Command, facts: Facts) -> Decision:
        """From now on all that could come on paper does, or comes electronically again."""
        ask: ObjectToPaperless = command.ask  # type: ignore[assignment]
        checked = self._checked(command, facts)
        if isinstance(checked, Decision):
            return checked
        _, choice, terms = checked
        changed = msgspec.structs.replace(choice, paperless=not ask.objects)
        return self._chosen(command, changed, terms, terms.agreement.cite(rules.stays_on_paper))


class ChooseRecipientHandler(_OnChoice):
    """ChooseRecipient."""

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused for whoever does not hold the account."""
        ask: ChooseRecipient = command.ask  # type: ignore[assignment]
        checked = self._checked(command, facts)
        if isinstance(checked, Decision):
            return checked
        account, choice, terms = checked
        if ask.person not in account.holders:
            return refuse("not-a-holder", ())
        return self._chosen(command, msgspec.structs.replace(choice, recipient=ask.person), terms, ())


class NoteAcknowledgementHandler:
    """NoteAcknowledgement."""

    def needs(self, command: Command, _facts: Facts) -> Iterable[Need]:
        """The notice and who asks."""
        ask: NoteAcknowledgement = command.ask  # type: ignore[assignment]
        return ((NOTICE, (command.subject, ask.notice, ask.line)), (STAFF, command.actor))

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused unless staff says so, of a registered letter that went out, once."""
        ask: NoteAcknowledgement = command.ask  # type: ignore[assignment]
        notice: Notice | None = facts.get(NOTICE, (command.subject, ask.notice, ask.line))
        if not is_cleared(facts.get(STAFF, command.actor), FRONT):
            return refuse("not-authorised", ())
        if notice is None:
            return refuse("unknown-notice", ())
        if notice.sent_at is None or notice.medium != Medium.REGISTERED_LETTER:
            return refuse("no-registered-letter", ())
        if notice.acknowledged:
            return refuse("acknowledged-already", ())
        if not ask.reference.strip():
            return refuse("invalid-field", (), detail={"field": "reference"})
        if not notice.sent_at.date() <= ask.received_on <= command.received_at.date():
            return refuse("invalid-field", (), detail={"field": "received_on"})
        done = Acknowledged(command.subject, ask.notice, ask.line, ask.received_on)
        return Decision(Outcome.ACCEPTED, (), effects=(done,))


def kinds(governing: Governing) -> tuple[Kind, ...]:
    """The kinds of command about notices (51, that one was sent, stands with the duties)."""
    return (
        Kind(52, "choose-medium", ChooseMedium, ChooseMediumHandler(governing), plain=True),
        Kind(53, "object-to-paperless", ObjectToPaperless, ObjectToPaperlessHandler(governing), plain=True),
        Kind(54, "choose-recipient", ChooseRecipient, ChooseRecipientHandler(governing), plain=True),
        Kind(55, "note-acknowledgement", NoteAcknowledgement, NoteAcknowledgementHandler(), plain=True),
    )
