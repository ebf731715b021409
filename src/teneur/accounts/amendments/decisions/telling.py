"""Telling customers of a change, and what they say to it."""

from datetime import date

from teneur.accounts.amendments.commands import NotifyAmendment, Objection, ObjectToAmendment
from teneur.accounts.amendments.decisions.parts import (
    CLOSE_ACCOUNT,
    FRONT,
    SEND_AMENDMENT,
    Case,
    OnAccount,
    holder_refusal,
    is_of_bank,
)
from teneur.accounts.amendments.effects import CustomerAnswered, CustomerTold
from teneur.accounts.amendments.facts import AccountAmendment, Amendment, CustomerAnswer
from teneur.accounts.amendments.rules import notice
from teneur.accounts.amendments.rules.contract import ONE_DAY, changed_from, with_service
from teneur.accounts.amendments.rules.services import has_service, switched
from teneur.agreements.terms.amendments import DraftMedium
from teneur.kernel.clock import end_of_day
from teneur.kernel.commands import Command, Decision, Effect, Facts, Outcome, refuse
from teneur.kernel.notices import Notify
from teneur.kernel.obligations import Owe
from teneur.ledger.effects import changed


class NotifyAmendmentHandler(OnAccount):
    """The draft goes to the customer; from its sending on two months run."""

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused twice, for what the account has already or a law imposes, on no durable medium, for a day
        earlier than two months after the sending, and for a sending that nobody can prove."""
        ask: NotifyAmendment = command.ask  # type: ignore[assignment]
        case = self.case(command, facts)
        if isinstance(case, Decision):
            return case
        if not is_of_bank(command, facts, FRONT):
            return refuse("not-authorised", ())
        amendment = self.amendment(command, case, facts)
        if isinstance(amendment, Decision):
            return amendment
        if amendment.is_legal:
            return refuse("legal-change", case.agreement.cite(notice.legal_application))
        if case.entry(amendment.id) is not None:
            return refuse("told-already", ())
        if not self.is_new_to(case, amendment):
            return refuse("nothing-to-change", ())
        medium = ask.medium or amendment.medium
        if not notice.is_durable(medium, case.rules):
            return refuse("medium-not-durable", case.agreement.cite(notice.is_durable, case.rules.media))
        sent_on = ask.sent_on or case.day
        if sent_on > case.day or (ask.sent_on is None) == bool(ask.reference.strip()):
            return refuse("invalid-field", (), detail={"field": "sent_on, reference"})
        earliest = max(amendment.applies_on, notice.earliest_application(sent_on, case.rules))
        if ask.applies_on is not None and ask.applies_on < earliest:
            sources = (notice.earliest_application, case.rules.notice_months)
            return refuse("notice-too-short", case.agreement.cite(*sources), detail={"earliest": earliest})
        return self._told(command, case, amendment, medium, sent_on, ask.applies_on or earliest)

    def _told(
        self, command: Command, case: Case, amendment: Amendment, medium: str, sent_on: date, applies_on: date
    ) -> Decision:
        ask: NotifyAmendment = command.ask  # type: ignore[assignment]
        account, at, agreement = case.account.id, command.received_at, case.agreement
        told = CustomerTold(
            account=account,
            amendment=amendment,
            medium=medium,
            sent_on=sent_on,
            applies_on=applies_on,
            reference=ask.reference.strip(),
        )
        effects: list[Effect] = [told]
        citations = agreement.cite(notice.earliest_application, notice.is_durable, case.rules.notice_months)
        if not told.reference:
            about = str(amendment.id)
            due_at = end_of_day(notice.latest_sending(applies_on, case.rules), case.terms.zone)
            clause = agreement.cite(notice.earliest_application)[0]
            named = ask.medium or (medium if medium == DraftMedium.LETTER else "")  # else as customers chose
            values = (
                *((("medium", named),) if named else ()),
                ("kind", amendment.kind.name.lower()),
                ("edition", amendment.edition),
                ("summary", amendment.summary),
                ("applies_on", applies_on.isoformat()),
                ("price_minor", notice.price_of_leaving(case.rules)),
            )
            effects += (
                Owe(account, SEND_AMENDMENT, about, clause, at, due_at),
                Notify(account, "amendment", about, values, at, SEND_AMENDMENT),
            )
        detail = {"amendment": amendment.id, "sent_on": sent_on, "applies_on": applies_on, "medium": medium}
        return Decision(
            Outcome.ACCEPTED, citations, effects=tuple(effects), detail=detail, booked_on=case.day
        )


class ObjectToAmendmentHandler(OnAccount):
    """A customer does not agree: says so and stays, leaves, or ends one service."""

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused to whoever does not hold the account, for a change it was not told of, from the application
        date on, and after the customer has left."""
        ask: ObjectToAmendment = command.ask  # type: ignore[assignment]
        case = self.case(command, facts)
        if isinstance(case, Decision):
            return case
        if refusal := holder_refusal(command, case, facts, ask.requested_by):
            return refusal
        amendment = self.amendment(command, case, facts)
        if isinstance(amendment, Decision):
            return amendment
        entry = case.entry(amendment.id)
        if entry is None:
            return refuse("not-told", ())
        sources = (notice.may_terminate, notice.binds)
        if entry.is_settled or not notice.may_terminate(case.day, entry.applies_on):
            return refuse(
                "objection-too-late", case.agreement.cite(*sources), detail={"applies_on": entry.applies_on}
            )
        if entry.answer is CustomerAnswer.LEAVES:
            return refuse("answered-already", ())
        match ask.objection:
            case Objection.REFUSE:
                return self._refused(case, entry)
            case Objection.LEAVE:
                return self._leaves(command, case, entry)
            case Objection.END_SERVICE:
                return self._ends_service(ask, case, entry)

    def _answered(
        self, case: Case, entry: AccountAmendment, answer: CustomerAnswer, service: str = ""
    ) -> CustomerAnswered:
        return CustomerAnswered(
            account=case.account.id,
            amendment=entry.amendment.id,
            answer=answer,
            answered_on=case.day,
            service=service,
        )

    def _refused(self, case: Case, entry: AccountAmendment) -> Decision:
        """Noted; it binds all the same unless the customer terminates in time."""
        answer = entry.answer if entry.answer is not CustomerAnswer.NONE else CustomerAnswer.REFUSED
        bound = notice.binds(answer, case.rules)
        citations = case.agreement.cite(notice.binds, case.rules.bound_without_termination)
        detail = {"binds": bound, "applies_on": entry.applies_on, "terminate_before": entry.applies_on}
        effects = (self._answered(case, entry, answer, entry.service),)
        return Decision(Outcome.ACCEPTED, citations, effects=effects, detail=detail, booked_on=case.day)

    def _leaves(self, command: Command, case: Case, entry: AccountAmendment) -> Decision:
        """The closing is owed before the application date; it costs nothing."""
        about, at = f"amendment {entry.amendment.id}", command.received_at
        price = notice.price_of_leaving(case.rules)
        last_day = entry.applies_on - ONE_DAY
        sources = (notice.price_of_leaving, case.rules.termination.price_minor)
        citations = case.agreement.cite(*sources)
        due_at = end_of_day(last_day, case.terms.zone)
        effects = (
            self._answered(case, entry, CustomerAnswer.LEAVES),
            Owe(case.account.id, CLOSE_ACCOUNT, about, citations[0], at, due_at),
        )
        detail = {"price_minor": price, "close_by": last_day}
        return Decision(Outcome.ACCEPTED, citations, effects=effects, detail=detail, booked_on=case.day)

    def _ends_service(self, ask: ObjectToAmendment, case: Case, entry: AccountAmendment) -> Decision:
        """Only that service ends, before the application date, and costs nothing; the rest applies."""
        service = case.rules.services.get(ask.service)
        sources = (notice.price_of_ending_service, case.rules.termination.service_price_minor)
        citations = case.agreement.cite(*sources)
        if service is None or not has_service(service, case.agreement, case.version):
            return refuse("service-not-held", citations, detail={"service": ask.service})
        last_day = ask.last_day or entry.applies_on - ONE_DAY
        if last_day < case.day or not notice.may_terminate(last_day, entry.applies_on):
            return refuse("invalid-field", citations, detail={"field": "last_day"})
        first_day = last_day + ONE_DAY
        contract = changed_from(case.contract, first_day, lambda v: switched(v, service, on=False))
        contract = with_service(contract, ask.service, "", first_day)
        effects = (
            self._answered(case, entry, CustomerAnswer.SERVICE_ENDED, ask.service),
            changed(case.account, contract=contract),
        )
        price = notice.price_of_ending_service(case.rules)
        detail = {"price_minor": price, "service": ask.service, "last_day": last_day}
        return Decision(Outcome.ACCEPTED, citations, effects=effects, detail=detail, booked_on=case.day)
