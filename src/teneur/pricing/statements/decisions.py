"""Decisions on statements: how often they come, that one is issued and delivered, what else is asked."""

from collections.abc import Iterable, Iterator
from datetime import date

import msgspec

from teneur.accounts.governing import Governing, GoverningTerms
from teneur.agreements.agreement import Citable
from teneur.agreements.terms.statements import Way
from teneur.customers.commands import StaffRole
from teneur.customers.facts import STAFF
from teneur.customers.rules import is_cleared
from teneur.kernel.clock import business_date
from teneur.kernel.commands import Channel, Command, Decision, Effect, Facts, Need, Outcome, refuse
from teneur.kernel.obligations import Discharge, Owe
from teneur.kernel.rules import unique
from teneur.ledger.account import ACCOUNT, Account, Status
from teneur.ledger.registry import Kind
from teneur.obligations.facts import OPEN_ABOUT
from teneur.obligations.notices.facts import CHOICE as PAPER_CHOICE
from teneur.obligations.notices.facts import NO_CHOICE as NO_PAPER_CHOICE
from teneur.obligations.notices.rules import recipient
from teneur.pricing.fees.commands import AnnounceFees
from teneur.pricing.fees.decisions.collecting import AnnounceHandler, fee_due
from teneur.pricing.fees.effects import FeeChanged
from teneur.pricing.fees.facts import Fee
from teneur.pricing.interest.commands import InformOfRate
from teneur.pricing.interest.decisions.indexes import InformOfRateHandler
from teneur.pricing.statements import rules
from teneur.pricing.statements.commands import (
    AnswerInformation,
    ChooseStatementFrequency,
    DeliverStatement,
    IssueStatement,
    RequestInformation,
)
from teneur.pricing.statements.effects import FrequencyChosen, StatementDelivered, StatementIssued
from teneur.pricing.statements.facts import (
    DELIVERED,
    LAST,
    NO_CHOICE,
    STATEMENT_CHOICE,
    Last,
    StatementChoice,
)
from teneur.pricing.statements.statement import Medium

FRONT = frozenset({StaffRole.CLERK, StaffRole.ADVISER, StaffRole.BACK_OFFICE})
DELIVER, ANSWER = "deliver-statement", "answer-information"
GUARANTEE = "deposit-guarantee"
_WAYS = {
    Channel.BRANCH: Way.BRANCH,
    Channel.POST: Way.POST,
    Channel.PAPER: Way.POST,
    Channel.REMOTE: Way.REMOTE,
    Channel.REMOTE_BUSINESS: Way.REMOTE,
    Channel.MOBILE: Way.REMOTE,
    Channel.PHONE: Way.PHONE,
}


class _OnAccount:
    """A handler of commands about one customer's account."""

    def __init__(self, governing: Governing) -> None:
        self._governing = governing

    def needs(self, command: Command, _facts: Facts) -> Iterable[Need]:
        """The account, and who stands behind the command."""
        yield ACCOUNT, command.subject
        if command.actor < 0:
            yield STAFF, command.actor

    def _account(self, command: Command, facts: Facts) -> Account | Decision:
        account: Account | None = facts.get(ACCOUNT, command.subject)
        if account is None or account.contract is None:
            return refuse("unknown-account", ())
        return account


class _Asked(_OnAccount):
    """What a holder asks for himself, or a member of staff for him."""

    def _asking(self, command: Command, facts: Facts) -> Account | Decision:
        account = self._account(command, facts)
        if isinstance(account, Decision):
            return account
        if account.status is Status.CLOSED:
            return refuse("account-closed", ())
        person = command.actor
        if person < 0 and is_cleared(facts.get(STAFF, person), FRONT):
            person = getattr(command.ask, "requested_by", 0)
        return account if person in account.holders else refuse("not-a-holder", ())


class ChooseFrequencyHandler(_Asked):
    """ChooseStatementFrequency."""

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused for a frequency that is not offered."""
        ask: ChooseStatementFrequency = command.ask  # type: ignore[assignment]
        account = self._asking(command, facts)
        if isinstance(account, Decision):
            return account
        day, terms = self._governing.on_day_of(account, command.received_at)
        statements = terms.agreement.statements
        citations = terms.agreement.cite(rules.may_choose, statements.choosable)
        if ask.frequency is not None and not rules.may_choose(ask.frequency, statements):
            return refuse("frequency-not-offered", citations)
        choice = StatementChoice(ask.frequency, ask.extra_medium)
        chosen = FrequencyChosen(account.id, choice, command.received_at)
        return Decision(Outcome.ACCEPTED, citations, effects=(chosen,), booked_on=day)


class IssueHandler(_OnAccount):
    """IssueStatement: the statement, the fees that it announces, what it costs and how it goes out, at once.

    All of it is one row of the journal, so that none can be without the others.
    """

    def __init__(self, governing: Governing) -> None:
        super().__init__(governing)
        self._announcing = AnnounceHandler(governing)
        self._informing = InformOfRateHandler(governing)

    def needs(self, command: Command, facts: Facts) -> Iterable[Need]:
        """Also the statement before, both choices, and what the announcements need."""
        yield from super().needs(command, facts)
        yield LAST, command.subject
        yield STATEMENT_CHOICE, command.subject
        yield PAPER_CHOICE, command.subject
        yield from self._announcing.needs(command, facts)
        yield from self._informing.needs(command, facts)

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused unless it follows the statement before, and shows just the incident fees that are due."""
        ask: IssueStatement = command.ask  # type: ignore[assignment]
        account = self._account(command, facts)
        if isinstance(account, Decision):
            return account
        if command.actor != 0:
            return refuse("not-authorised", ())
        if ask.document.data is None:
            return refuse("invalid-field", (), detail={"field": "document"})
        if problem := _does_not_follow(ask, facts.get(LAST, account.id)):
            return problem
        day, today = self._governing.on_day_of(account, command.received_at)
        terms = self._governing.of_account(account, ask.last_day)
        if day <= ask.last_day:
            return refuse("period-not-over", ())
        announced, effects, citations = self._announced(command, facts, day)
        if announced != ask.announced:
            return refuse("statement-outdated", (), detail={"announced": [list(a) for a in announced]})
        statements, agreement = terms.agreement.statements, terms.agreement
        event = rules.fee_event(
            ask.frequency, ask.last_day, statements, without_operations=ask.without_operations
        )
        sources: list[Citable] = [rules.is_extra] if event == rules.FREQUENCY_FEE else []
        sources += [rules.yearly_is_due] if ask.without_operations else [rules.is_due]
        sources += [rules.yearly_is_charged] if event == rules.YEARLY_FEE else []
        sources += [rules.guarantee_line] if ask.guarantee else []
        issued = StatementIssued(account.id, ask, command.received_at)
        if event:
            effects += fee_due(today, account, event, f"statement/{ask.number}", day)
        return Decision(
            Outcome.ACCEPTED,
            unique((*agreement.cite(*sources), *self._cited_delivery(account, facts, today), *citations)),
            effects=(issued, *effects, *self._delivery(command, account, facts, today)),
            booked_on=day,
        )

    def _announced(
        self, command: Command, facts: Facts, day: date
    ) -> tuple[tuple[tuple[int, int, int], ...], list[Effect], tuple[str, ...]]:
        """The fees that must stand on the statement of a day, with what showing them and its rates does."""
        ask: IssueStatement = command.ask  # type: ignore[assignment]
        shown: list[tuple[int, int, int]] = []
        effects: list[Effect] = []
        citations: tuple[str, ...] = ()
        found = announcement(self._announcing, command, facts, day, ask.last_day)
        rates = [InformOfRate(name=name, statement=str(ask.number)) for name in ask.rates]
        informed = (self._informing.decide(msgspec.structs.replace(command, ask=one), facts) for one in rates)
        for decision in (found, *informed):
            if decision.outcome is Outcome.ACCEPTED:
                effects += decision.effects
                citations = (*citations, *decision.citations)
                shown += [(fee.id, fee.line, fee.amount_minor or 0) for fee in announced_by(decision)]
        return tuple(shown), effects, citations

    def _media(
        self, account: Account, facts: Facts, terms: GoverningTerms
    ) -> tuple[Medium, StatementChoice, tuple[int, ...]]:
        paper = facts.get(PAPER_CHOICE, account.id) or NO_PAPER_CHOICE
        medium = rules.agreed_medium(paper, terms.agreement.notices)
        people = rules.addressees(
            account.holders, recipient(paper, account.holders), terms.agreement.statements
        )
        return medium, facts.get(STATEMENT_CHOICE, account.id) or NO_CHOICE, people

    def _cited_delivery(self, account: Account, facts: Facts, terms: GoverningTerms) -> tuple[str, ...]:
        sources: list[Citable] = [rules.agreed_medium]
        if len(account.holders) > 1:
            sources.append(rules.addressees)
        _, choice, _ = self._media(account, facts, terms)
        if choice.frequency is not None:
            sources.append(rules.frequency_in_force)
        return terms.agreement.cite(*sources)

    def _delivery(
        self, command: Command, account: Account, facts: Facts, terms: GoverningTerms
    ) -> Iterable[Effect]:
        """In the remote space at once; on paper it is owed until it is in the post. A second medium costs."""
        ask: IssueStatement = command.ask  # type: ignore[assignment]
        at, number = command.received_at, str(ask.number)
        agreed, choice, people = self._media(account, facts, terms)
        extra = choice.extra_medium if choice.extra_medium is not agreed else None
        for person in people:
            for medium in (agreed, extra):
                if medium is Medium.ELECTRONIC:
                    yield StatementDelivered(account.id, ask.number, medium, person, at)
                elif medium is Medium.PAPER:
                    due = rules.paper_due(at, terms.agreement.statements, terms.calendars.payment, terms.zone)
                    clauses = terms.agreement.cite(rules.agreed_medium)
                    yield Owe(account.id, DELIVER, number, clauses[0] if clauses else "", at, due.due_at)
        if extra is not None:
            day = business_date(at, terms.zone)
            yield from fee_due(terms, account, rules.COPY_FEE, f"statement/{ask.number}", day)


def announcement(
    handler: AnnounceHandler, command: Command, facts: Facts, day: date, until: date
) -> Decision:
    """What the statement of a day announces: the incident fees up to a day that nobody was shown yet."""
    ask = AnnounceFees(shown_on=day, until=until, has_statement=True)
    return handler.decide(msgspec.structs.replace(command, ask=ask), facts)


def announced_by(found: Decision) -> Iterator[Fee]:
    """The fees that an announcement shows: what comes to nothing is not shown."""
    for effect in found.effects:
        if isinstance(effect, FeeChanged) and effect.fee.amount_minor:
            yield effect.fee


def _does_not_follow(ask: IssueStatement, last: Last | None) -> Decision | None:
    """The reason, if the statement does not begin where the last one ended."""
    before = last or Last(0, date.min, 0, 0, "")
    follows = (
        ask.number == before.number + 1
        and ask.opening_minor == before.closing_minor
        and ask.first_sequence == before.last_sequence + 1
        and ask.last_sequence >= before.last_sequence
        and before.last_day < ask.first_day <= ask.last_day
    )
    return None if follows else refuse("statement-does-not-follow", (), detail={"number": before.number})


class DeliverHandler(_OnAccount):
    """DeliverStatement: a printed one is in the post."""

    def needs(self, command: Command, facts: Facts) -> Iterable[Need]:
        """Also the statement, what is owed of it, and whose address it has."""
        ask: DeliverStatement = command.ask  # type: ignore[assignment]
        yield from super().needs(command, facts)
        yield DELIVERED, (command.subject, ask.number)
        yield OPEN_ABOUT, (command.subject, DELIVER, str(ask.number))
        yield PAPER_CHOICE, command.subject

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Once, and only where paper is owed."""
        ask: DeliverStatement = command.ask  # type: ignore[assignment]
        account = self._account(command, facts)
        if isinstance(account, Decision):
            return account
        if command.actor != 0 and not is_cleared(
            facts.get(STAFF, command.actor) if command.actor < 0 else None, FRONT
        ):
            return refuse("not-authorised", ())
        if facts.get(DELIVERED, (account.id, ask.number)) is None:
            return refuse("unknown-statement", ())
        if not facts.get(OPEN_ABOUT, (account.id, DELIVER, str(ask.number))):
            return refuse("nothing-owed", ())
        if not ask.reference.strip():
            return refuse("invalid-field", (), detail={"field": "reference"})
        day, terms = self._governing.on_day_of(account, command.received_at)
        paper = facts.get(PAPER_CHOICE, account.id) or NO_PAPER_CHOICE
        at, reference = command.received_at, ask.reference.strip()
        person = recipient(paper, account.holders)
        effects = (
            StatementDelivered(account.id, ask.number, Medium.PAPER, person, at, reference),
            Discharge(account.id, DELIVER, str(ask.number), reference, at),
        )
        citations = terms.agreement.cite(rules.agreed_medium)
        return Decision(Outcome.ACCEPTED, citations, effects=effects, booked_on=day)


class RequestInformationHandler(_Asked):
    """RequestInformation."""

    def decide(self, command: Command, facts: Facts) -> Decision:
        """At the branch or in writing; what the agreement itself says is answered at once."""
        ask: RequestInformation = command.ask  # type: ignore[assignment]
        account = self._asking(command, facts)
        if isinstance(account, Decision):
            return account
        day, terms = self._governing.on_day_of(account, command.received_at)
        statements, agreement = terms.agreement.statements, terms.agreement
        way = _WAYS.get(command.channel, ask.way)
        if ask.way is not way and command.actor > 0:
            return refuse("invalid-field", (), detail={"field": "way"})
        citations = agreement.cite(rules.may_ask_by, statements.information.ways)
        if not rules.may_ask_by(ask.way, statements.information):
            return refuse("way-not-open", citations)
        if not ask.about.strip():
            return refuse("invalid-field", (), detail={"field": "about"})
        if ask.about.strip() == GUARANTEE:
            line = rules.guarantee_line(statements.guarantee)
            ceiling = 0 if line is None else line.ceiling_minor
            told = {"guaranteed": line is not None, "ceiling_minor": ceiling}
            cited = unique((*citations, *agreement.cite(rules.guarantee_line)))
            return Decision(Outcome.ACCEPTED, cited, detail=told, booked_on=day)
        due = rules.information_due(
            command.received_at, statements.information, terms.calendars.payment, terms.zone
        )
        owe = Owe(account.id, ANSWER, "", citations[0] if citations else "", command.received_at, due.due_at)
        return Decision(Outcome.ACCEPTED, citations, effects=(owe,), booked_on=day)


class AnswerInformationHandler(_OnAccount):
    """AnswerInformation."""

    def needs(self, command: Command, facts: Facts) -> Iterable[Need]:
        """Also what is owed under that request."""
        ask: AnswerInformation = command.ask  # type: ignore[assignment]
        yield from super().needs(command, facts)
        yield OPEN_ABOUT, (command.subject, ANSWER, str(ask.request))

    def decide(self, command: Command, facts: Facts) -> Decision:
        """The request is done."""
        ask: AnswerInformation = command.ask  # type: ignore[assignment]
        account = self._account(command, facts)
        if isinstance(account, Decision):
            return account
        if not is_cleared(facts.get(STAFF, command.actor) if command.actor < 0 else None, FRONT):
            return refuse("not-authorised", ())
        if not facts.get(OPEN_ABOUT, (account.id, ANSWER, str(ask.request))):
            return refuse("nothing-owed", ())
        if not ask.how.strip():
            return refuse("invalid-field", (), detail={"field": "how"})
        day, terms = self._governing.on_day_of(account, command.received_at)
        done = Discharge(account.id, ANSWER, str(ask.request), ask.how.strip(), command.received_at)
        citations = terms.agreement.cite(rules.may_ask_by)
        return Decision(Outcome.ACCEPTED, citations, effects=(done,), booked_on=day)


def kinds(governing: Governing) -> tuple[Kind, ...]:
    """All of them: 280 to 289."""
    return (
        Kind(
            280,
            "statement-frequency",
            ChooseStatementFrequency,
            ChooseFrequencyHandler(governing),
            plain=True,
        ),
        Kind(281, "statement-issued", IssueStatement, IssueHandler(governing), plain=True),
        Kind(282, "statement-delivered", DeliverStatement, DeliverHandler(governing), plain=True),
        Kind(
            283, "information-requested", RequestInformation, RequestInformationHandler(governing), plain=True
        ),
        Kind(284, "information-given", AnswerInformation, AnswerInformationHandler(governing), plain=True),
    )
