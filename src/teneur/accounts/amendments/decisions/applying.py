"""The day of a change has come for an account, or an edition of the tariff may not reach it yet."""

from collections.abc import Iterable
from datetime import date

import msgspec

from teneur.accounts.amendments.commands import ApplyAmendment, HoldTariff
from teneur.accounts.amendments.decisions.parts import BACK_OFFICE, Case, OnAccount, is_of_bank
from teneur.accounts.amendments.effects import AmendmentSettled, CustomerTold
from teneur.accounts.amendments.facts import (
    OF_ACCOUNT,
    AccountAmendment,
    Amendment,
    AmendmentKind,
    AmendmentStatus,
    CustomerAnswer,
)
from teneur.accounts.amendments.rules import notice
from teneur.accounts.amendments.rules.contract import ONE_DAY, changed_from, held, held_on
from teneur.accounts.amendments.sending import DUTY_LINE, sent_day
from teneur.agreements.agreement import Citable
from teneur.kernel.commands import AccountId, Command, Decision, Effect, Facts, Need, Outcome, refuse
from teneur.ledger.contracts import Contract, Version
from teneur.ledger.effects import changed
from teneur.obligations.facts import OBLIGATION
from teneur.pricing.fees.rules.prices import first_day


class _Moving(OnAccount):
    """What moving an account on has in common."""

    def moved(self, case: Case, amendment: Amendment, from_day: date) -> Contract | Decision:
        """The contract with the change from a day on; refused where what is agreed with the customer fits no
        parameter of the new edition."""
        if amendment.kind is AmendmentKind.TARIFF:
            return self._tariff_moved(case, amendment, from_day)
        editions = {a.id: a.edition for a in self.governing.agreements}
        new = editions[amendment.edition]

        def change(version: Version) -> Version:
            older = editions[version.agreement].from_date < new.from_date
            return msgspec.structs.replace(version, agreement=new.agreement) if older else version

        contract = changed_from(case.contract, from_day, change)
        return self.unfit(case, contract, from_day) or contract

    def _tariff_moved(self, case: Case, amendment: Amendment, from_day: date) -> Contract:
        """The tariff is free to run on, up to the next edition that the account is still held before."""
        settled = {
            e.amendment.edition
            for e in case.history
            if e.is_settled and e.amendment.kind is AmendmentKind.TARIFF
        } | {amendment.edition}

        def change(version: Version) -> Version:
            limit = held_on(version)
            if limit is None:
                return version
            editions = self.governing.agreements[version.agreement].tariff.editions
            waiting = [
                first_day(e)
                for e in editions
                if e not in settled and limit < first_day(e) <= version.valid_from
            ]
            return held(version, min(waiting) - ONE_DAY if waiting else None)

        return changed_from(case.contract, from_day, change)


class ApplyAmendmentHandler(_Moving):
    """Silence is acceptance; whoever objected without leaving is bound; a law needs neither."""

    def needs(self, command: Command, facts: Facts) -> Iterable[Need]:
        """Also the duty to send the draft: what discharged it proves the sending."""
        ask: ApplyAmendment = command.ask  # type: ignore[assignment]
        yield from super().needs(command, facts)
        for entry in facts.peek(OF_ACCOUNT, command.subject) or ():
            if entry.amendment.id == ask.amendment:
                yield OBLIGATION, duty_of(command.subject, entry)

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused before its day: two months after the proven sending, or the entry into force of the law."""
        case = self.case(command, facts)
        if isinstance(case, Decision):
            return case
        if not is_of_bank(command, facts, BACK_OFFICE):
            return refuse("not-authorised", ())
        amendment = self.amendment(command, case, facts)
        if isinstance(amendment, Decision):
            return amendment
        entry = case.entry(amendment.id)
        if entry is not None and entry.is_settled:
            return refuse("applied-already", ())
        if not self.is_new_to(case, amendment):
            return refuse("nothing-to-change", ())
        return (
            self._by_law(case, amendment)
            if amendment.is_legal
            else self._by_notice(case, amendment, entry, facts)
        )

    def _by_law(self, case: Case, amendment: Amendment) -> Decision:
        citations = case.agreement.cite(notice.legal_application, case.rules.legal_notice_months)
        if case.day < amendment.applies_on:
            return refuse("not-yet", citations, detail={"applies_on": amendment.applies_on})
        contract = self.moved(case, amendment, amendment.applies_on)
        if isinstance(contract, Decision):
            return contract
        told = CustomerTold(
            account=case.account.id,
            amendment=amendment,
            medium=amendment.medium,
            sent_on=case.day,
            applies_on=amendment.applies_on,
            reference=amendment.legal_reference,
            status=AmendmentStatus.LEGAL,
            settled_on=case.day,
        )
        return self._applied(case, amendment, (told,), contract, citations, AmendmentStatus.LEGAL)

    def _by_notice(
        self, case: Case, amendment: Amendment, entry: AccountAmendment | None, facts: Facts
    ) -> Decision:
        sources: list[Citable] = [notice.earliest_application, case.rules.notice_months]
        if amendment.kind is AmendmentKind.TARIFF:
            sources += (notice.tariff_reaches, case.rules.tariff_by_notice)
        cite = case.agreement.cite
        if entry is None:
            return refuse("not-told", cite(*sources))
        sent_on = sent_day(entry, facts.get(OBLIGATION, duty_of(case.account.id, entry)), case.terms.zone)
        if sent_on is None:
            return refuse("notice-not-sent", cite(*sources))
        applies_on = max(entry.applies_on, notice.earliest_application(sent_on, case.rules))
        if case.day < applies_on:
            return refuse("notice-too-short", cite(*sources), detail={"earliest": applies_on})
        if entry.answer is CustomerAnswer.LEAVES:
            return refuse("customer-leaves", cite(notice.price_of_leaving))
        if notice.accepted_by_silence(entry.answer, case.rules):
            status = AmendmentStatus.ACCEPTED_TACITLY
            sources += (notice.accepted_by_silence, case.rules.silence)
        elif notice.binds(entry.answer, case.rules):
            status = AmendmentStatus.BOUND
            sources += (notice.binds, case.rules.bound_without_termination)
        else:
            return refuse("not-accepted", cite(notice.accepted_by_silence, notice.binds))
        contract = self.moved(case, amendment, applies_on)
        if isinstance(contract, Decision):
            return contract
        settled = AmendmentSettled(
            account=case.account.id,
            amendment=amendment.id,
            status=status,
            applies_on=applies_on,
            settled_on=case.day,
        )
        return self._applied(case, amendment, (settled,), contract, cite(*sources), status)

    def _applied(
        self,
        case: Case,
        amendment: Amendment,
        effects: tuple[Effect, ...],
        contract: Contract,
        citations: tuple[str, ...],
        status: AmendmentStatus,
    ) -> Decision:
        if contract != case.contract:
            effects = (*effects, changed(case.account, contract=contract))
        detail = {
            "amendment": amendment.id,
            "edition": amendment.edition,
            "status": status.name.lower().replace("_", "-"),
        }
        return Decision(Outcome.ACCEPTED, citations, effects=effects, detail=detail, booked_on=case.day)


class HoldTariffHandler(OnAccount):
    """The account stays with the tariff before an edition that it has not been brought to."""

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused for no such edition, before its day, and where the procedure has brought it there."""
        ask: HoldTariff = command.ask  # type: ignore[assignment]
        case = self.case(command, facts)
        if isinstance(case, Decision):
            return case
        if not is_of_bank(command, facts, BACK_OFFICE):
            return refuse("not-authorised", ())
        if ask.edition not in case.agreement.tariff.editions:
            return refuse("unknown-edition", (), detail={"edition": ask.edition})
        begins = first_day(ask.edition)
        if begins > case.day:
            return refuse("not-yet", ())
        settled = any(
            e.is_settled and (e.amendment.kind, e.amendment.edition) == (AmendmentKind.TARIFF, ask.edition)
            for e in case.history
        )
        citations = case.agreement.cite(notice.tariff_reaches, case.rules.tariff_by_notice)
        if notice.tariff_reaches(begins, case.account.opened_on, case.rules, settled=settled):
            return refuse("nothing-to-change", citations)
        eve = begins - ONE_DAY
        contract = changed_from(case.contract, begins, lambda v: held(v, min(held_on(v) or eve, eve)))
        change = changed(case.account, contract=contract)
        detail = {"edition": ask.edition, "held_on": eve}
        return Decision(Outcome.ACCEPTED, citations, effects=(change,), detail=detail, booked_on=case.day)


def duty_of(account: AccountId, entry: AccountAmendment) -> tuple[AccountId, int, int]:
    """The duty to send the draft, by its id."""
    return account, entry.notice, DUTY_LINE
