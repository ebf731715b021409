"""Researches and copies asked for, what an operation would cost, the yearly summary to be delivered."""

from collections.abc import Iterable

from teneur.accounts.governing import GoverningTerms, open_account
from teneur.customers.facts import STAFF
from teneur.customers.rules import is_cleared
from teneur.kernel.commands import Command, Decision, Effect, Facts, Need, Outcome, refuse
from teneur.kernel.notices import Notify
from teneur.kernel.obligations import Discharge, Owe
from teneur.ledger.account import ACCOUNT, Account
from teneur.obligations.facts import OPEN_ABOUT
from teneur.pricing.fees.commands import DeliverRequest, NoteSummary, RequestCopy, RequestResearch
from teneur.pricing.fees.decisions.collecting import fee_due
from teneur.pricing.fees.decisions.parts import COUNTER, OnAccount, asked_by_the_day, person_asking
from teneur.pricing.fees.rules import prices, requests, summary

DELIVER_RESEARCH = "deliver-research"
DELIVER_STATEMENT = "deliver-statement-copy"
DELIVER_DOCUMENT = "deliver-document-copy"
DELIVER_FREE = "deliver-free-copy"
SUMMARY = "deliver-fee-summary"
SUMMARY_TEMPLATE = "fee-summary"
DUTIES = {  # what is owed, and the event that its delivery is
    DELIVER_RESEARCH: requests.RESEARCH,
    DELIVER_STATEMENT: requests.STATEMENT_COPY,
    DELIVER_DOCUMENT: requests.DOCUMENT_COPY,
    DELIVER_FREE: requests.FREE_COPY,
}


class _Asking(OnAccount):
    """What a holder asks for: a duty with a day, at a price told at once."""

    def _asked(self, command: Command, facts: Facts) -> Account | Decision:
        account = open_account(command, facts)
        if isinstance(account, Decision):
            return account
        return account if person_asking(command, account, facts) else refuse("not-a-holder", ())

    def _owed(
        self,
        command: Command,
        account: Account,
        terms: GoverningTerms,
        event: str,
        citations: tuple[str, ...],
    ) -> Decision:
        agreement, at = terms.agreement, command.received_at
        due = requests.delivery_due(at, agreement.tariff.requests, terms.calendars.payment, terms.zone)
        rest = ("", citations[0] if citations else "", at, due.due_at)
        match event:
            case requests.RESEARCH:
                owe = Owe(account.id, DELIVER_RESEARCH, *rest)
            case requests.STATEMENT_COPY:
                owe = Owe(account.id, DELIVER_STATEMENT, *rest)
            case requests.DOCUMENT_COPY:
                owe = Owe(account.id, DELIVER_DOCUMENT, *rest)
            case _:
                owe = Owe(account.id, DELIVER_FREE, *rest)
        price = prices.price_of(event, due.due_on, agreement.accounts, agreement.tariff)
        price = prices.price_in(price, agreement.currency, account.currency)
        detail = {"event": event, "price_minor": prices.amount_of(price, 0, 1)}
        day, _ = self._governing.on_day_of(account, command.received_at)
        return Decision(Outcome.ACCEPTED, citations, effects=(owe,), detail=detail, booked_on=day)


class ResearchHandler(_Asking):
    """RequestResearch."""

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused for who is no holder, and for a request that says nothing."""
        ask: RequestResearch = command.ask  # type: ignore[assignment]
        account = self._asked(command, facts)
        if isinstance(account, Decision):
            return account
        if not ask.about.strip() or ask.last_day < ask.first_day:
            return refuse(
                "invalid-field", (), detail={"field": "first_day" if ask.about.strip() else "about"}
            )
        _, terms = self._governing.on_day_of(account, command.received_at)
        event = requests.research_event()
        return self._owed(command, account, terms, event, terms.agreement.cite(requests.research_event))


class CopyHandler(_Asking):
    """RequestCopy."""

    def decide(self, command: Command, facts: Facts) -> Decision:
        """The agreed medium is free; another one is charged when it is delivered."""
        ask: RequestCopy = command.ask  # type: ignore[assignment]
        account = self._asked(command, facts)
        if isinstance(account, Decision):
            return account
        for field in ("document", "reference", "medium"):
            if not getattr(ask, field).strip():
                return refuse("invalid-field", (), detail={"field": field})
        _, terms = self._governing.on_day_of(account, command.received_at)
        agreed = terms.agreement.tariff.requests.agreed_medium
        extra = prices.extra_delivery(ask.medium, agreed.value)
        event = requests.copy_event(ask.document, extra=extra)
        sources = (prices.extra_delivery, agreed) if ask.document == requests.STATEMENT else ()
        return self._owed(command, account, terms, event, terms.agreement.cite(*sources))


class DeliverHandler(OnAccount):
    """DeliverRequest: a member of staff has given what was asked for."""

    def needs(self, command: Command, facts: Facts) -> Iterable[Need]:
        """What is owed under that request."""
        ask: DeliverRequest = command.ask  # type: ignore[assignment]
        yield from super().needs(command, facts)
        for duty in DUTIES:
            yield OPEN_ABOUT, (command.subject, duty, str(ask.request))

    def decide(self, command: Command, facts: Facts) -> Decision:
        """The duty is done, and its fee becomes due."""
        ask: DeliverRequest = command.ask  # type: ignore[assignment]
        staff = facts.get(STAFF, command.actor) if command.actor < 0 else None
        if not is_cleared(staff, COUNTER):
            return refuse("not-authorised", ())
        account = open_account(command, facts)
        if isinstance(account, Decision):
            return account
        about = str(ask.request)
        duty = next((d for d in DUTIES if facts.get(OPEN_ABOUT, (account.id, d, about))), None)
        if duty is None:
            return refuse("nothing-owed", ())
        event = DUTIES[duty]
        if not ask.how.strip() or not 0 < ask.quantity <= 1_000:
            return refuse("invalid-field", (), detail={"field": "quantity" if ask.how.strip() else "how"})
        day, terms = self._governing.on_day_of(account, command.received_at)
        effects: list[Effect] = [Discharge(account.id, duty, about, ask.how.strip(), command.received_at)]
        effects += fee_due(terms, account, event, about, day, ask.quantity)
        event_terms = terms.agreement.tariff.events.get(event)
        citations = () if event_terms is None else terms.agreement.cite(event_terms)
        detail = {"event": event, "charged": len(effects) > 1}
        return Decision(Outcome.ACCEPTED, citations, effects=tuple(effects), detail=detail, booked_on=day)


class SummaryHandler(OnAccount):
    """NoteSummary: the summary of a year is made; it is to be with the customer in January."""

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused before the year is over."""
        ask: NoteSummary = command.ask  # type: ignore[assignment]
        if not asked_by_the_day(command):
            return refuse("not-authorised", ())
        account: Account | None = facts.get(ACCOUNT, command.subject)  # a closed one has its last summary
        if account is None or account.contract is None:
            return refuse("unknown-account", ())
        day, terms = self._governing.on_day_of(account, command.received_at)
        covered = summary.year_summed_up(ask.year)
        if day <= covered.last_day:
            return refuse("not-due", ())
        tariff = terms.agreement.tariff
        citations = terms.agreement.cite(summary.year_summed_up, tariff.summary.month, tariff.summary.day)
        due_at = summary.delivery_due(ask.year, tariff.summary, terms.zone)
        about = str(ask.year)
        values = (("year", ask.year), ("total_minor", ask.total_minor), ("json_sha256", ask.json_sha256))
        effects = (
            Owe(account.id, SUMMARY, about, citations[0], command.received_at, due_at),
            Notify(account.id, SUMMARY_TEMPLATE, about, values, command.received_at, SUMMARY),
        )
        return Decision(Outcome.ACCEPTED, citations, effects=effects, booked_on=day)
