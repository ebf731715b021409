"""Switching a payment service on for an account."""

from teneur.accounts.amendments.commands import ActivateService
from teneur.accounts.amendments.decisions.parts import Case, OnAccount, holder_refusal
from teneur.accounts.amendments.rules.contract import changed_from, services_signed, with_service
from teneur.accounts.amendments.rules.services import has_service, is_covered, switched
from teneur.agreements.terms.amendments import ServiceTerms
from teneur.kernel.commands import Command, Decision, Facts, Outcome, refuse
from teneur.ledger.effects import changed


class ActivateServiceHandler(OnAccount):
    """A service from today on, covered by the contract."""

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused to whoever does not hold the account, for a service that nobody has, that the account has,
        or that no version of its contract covers."""
        ask: ActivateService = command.ask  # type: ignore[assignment]
        case = self.case(command, facts)
        if isinstance(case, Decision):
            return case
        if refusal := holder_refusal(command, case, facts, ask.requested_by):
            return refusal
        document = ask.document.strip()
        if document and command.actor > 0:  # a separate agreement is signed with the bank, not declared to it
            return refuse("not-authorised", ())
        citations = case.agreement.cite(is_covered)
        service = self._service(ask.service, case)
        if service is None:
            return refuse("unknown-service", citations, detail={"service": ask.service})
        if not is_covered(ask.service, case.rules.services, document):
            return refuse("service-not-covered", citations, detail={"service": ask.service})
        if has_service(service, case.agreement, case.version):
            return refuse("nothing-to-change", citations)
        contract = changed_from(case.contract, case.day, lambda v: switched(v, service, on=True))
        if document:
            contract = with_service(contract, ask.service, document, case.day)
        if unfit := self.unfit(case, contract, case.day):
            return unfit
        detail = {
            "service": ask.service,
            "covered_by": document or case.agreement.id,
            "signed": sorted(services_signed(contract, case.day)),
        }
        change = changed(case.account, contract=contract)
        return Decision(Outcome.ACCEPTED, citations, effects=(change,), detail=detail, booked_on=case.day)

    def _service(self, code: str, case: Case) -> ServiceTerms | None:
        """What the service is: by the account's edition, else by the latest of its series that has it."""
        own = case.rules.services.get(code)
        if own is not None:
            return own
        series = case.agreement.edition.series
        having = [
            a
            for a in self.governing.agreements
            if a.edition.series == series and code in a.amendments.services
        ]
        if not having:
            return None
        return max(having, key=lambda a: a.edition.from_date).amendments.services[code]
