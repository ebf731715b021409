"""Decisions on reference rates: their values, their end, a substitute, and what customers say to it."""

from collections.abc import Iterable
from datetime import date

import msgspec

from teneur.accounts.governing import Governing, GoverningTerms
from teneur.agreements.agreement import Agreement
from teneur.agreements.terms.interest import IndexEnd, IndexTerms
from teneur.customers.commands import StaffRole
from teneur.customers.decisions import REGISTER
from teneur.customers.facts import STAFF
from teneur.customers.rules import is_cleared
from teneur.kernel.calendars import target_calendar
from teneur.kernel.commands import Channel, Command, Decision, Effect, Facts, Need, Outcome, refuse
from teneur.kernel.notices import Notify
from teneur.ledger.account import ACCOUNT, Account
from teneur.pricing.interest.commands import (
    EndReferenceRate,
    InformOfRate,
    InformOfSubstitute,
    LoadReferenceRate,
    ModifyReferenceRate,
    ObjectToRate,
    SubstituteReferenceRate,
    TakeSilence,
)
from teneur.pricing.interest.effects import (
    RateNoticeAnswered,
    RateNoticeSent,
    ReferenceRateChanged,
    ReferenceRateLoaded,
)
from teneur.pricing.interest.facts import (
    INDEX,
    RATE_NOTICES,
    EventKind,
    IndexEvent,
    IndexHistory,
    NoticeKind,
    NoticeStatus,
    RateNotice,
)
from teneur.pricing.interest.rules import index as rules
from teneur.pricing.interest.rules.numbers import micro_percent
from teneur.pricing.overdraft.effects import AuthorisationEnds
from teneur.pricing.overdraft.facts import AUTHORISATIONS, Authorisation, IndexedRate

BACK_OFFICE = frozenset({StaffRole.BACK_OFFICE})
WRITTEN = frozenset({Channel.BRANCH, Channel.PAPER, Channel.POST, Channel.REMOTE, Channel.MOBILE})
SUBSTITUTE = "index-substitution"
ENDED_BY_OBJECTION = "index-objection"


class _OnRate:
    """A handler of commands about a reference rate; the subject is the register."""

    def __init__(self, governing: Governing) -> None:
        self._governing = governing

    def needs(self, command: Command, _facts: Facts) -> Iterable[Need]:
        """The rate and who asks."""
        yield INDEX, command.ask.name  # type: ignore[attr-defined]
        yield STAFF, command.actor

    def _refusal(self, command: Command, facts: Facts) -> Decision | None:
        """Whoever may not ask, and a rate without a name."""
        if command.subject != REGISTER:
            return refuse("unknown-account", (), detail={"subject": "a reference rate is of the register"})
        if not is_cleared(facts.get(STAFF, command.actor), BACK_OFFICE):
            return refuse("not-authorised", ())
        if not command.ask.name.strip():  # type: ignore[attr-defined]
            return refuse("invalid-field", (), detail={"field": "name"})
        return None

    def _agreements(self) -> list[Agreement]:
        return list(self._governing.agreements)

    def _cite(self, *sources: object) -> tuple[str, ...]:
        return tuple(c for a in self._agreements() for c in a.cite(*sources))  # type: ignore[arg-type]

    def _terms(self) -> list[IndexTerms]:
        return [a.interest.index for a in self._agreements() if a.clause_prefixes]


class LoadReferenceRateHandler(_OnRate):
    """Values of a reference rate."""

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused for nobody, no values, two for one day, or more decimals than are counted."""
        ask: LoadReferenceRate = command.ask  # type: ignore[assignment]
        if refusal := self._refusal(command, facts):
            return refusal
        if not ask.source.strip():
            return refuse("invalid-field", (), detail={"field": "source"})
        days = [day for day, _ in ask.values]
        if not days or len(set(days)) != len(days):
            return refuse("invalid-field", (), detail={"field": "values"})
        try:
            for _, percent in ask.values:
                micro_percent(percent)
        except (ValueError, ArithmeticError):
            return refuse("invalid-field", (), detail={"field": "values"})
        known: IndexHistory | None = facts.get(INDEX, ask.name)
        before = known.values[-1][1] if known is not None else None
        last_day, last = max(ask.values)
        change = rules.mention_of(ask.name, before, last, last_day)
        loaded = ReferenceRateLoaded(ask.name, ask.values, ask.source.strip(), ask.synthetic)
        citations = self._cite(rules.mention_of) if change else ()
        return Decision(
            Outcome.ACCEPTED,
            citations,
            effects=(loaded,),
            detail={"values": len(days), "changed": bool(change)},
        )


class ModifyReferenceRateHandler(_OnRate):
    """A rate that was changed stays the reference: no consent, nothing to substitute."""

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused for an unknown rate, or where the agreement does not follow the change."""
        ask: ModifyReferenceRate = command.ask  # type: ignore[assignment]
        if refusal := self._refusal(command, facts):
            return refusal
        if facts.get(INDEX, ask.name) is None:
            return refuse("unknown-index", ())
        if not all(rules.is_still_reference(terms) for terms in self._terms()):
            return refuse("consent-needed", ())
        event = IndexEvent(id=0, kind=EventKind.MODIFIED, day=ask.day, reason=ask.what.strip())
        return Decision(
            Outcome.ACCEPTED,
            self._cite(rules.is_still_reference),
            effects=(ReferenceRateChanged(ask.name, event),),
            detail={"consent_needed": False},
        )


class EndReferenceRateHandler(_OnRate):
    """A rate that ended for good."""

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused for an unknown rate, or what is no end for good (an administrator goes on with it)."""
        ask: EndReferenceRate = command.ask  # type: ignore[assignment]
        if refusal := self._refusal(command, facts):
            return refusal
        if facts.get(INDEX, ask.name) is None:
            return refuse("unknown-index", ())
        if not ask.by.strip():
            return refuse("invalid-field", (), detail={"field": "by"})
        citations = self._cite(rules.is_permanent_end)
        ends = all(
            rules.is_permanent_end(ask.how, successor_administrator=ask.successor_administrator, terms=terms)
            for terms in self._terms()
        )
        if not ends or ask.how is IndexEnd.UNPUBLISHED:
            return refuse("not-a-permanent-end", citations)
        event = IndexEvent(id=0, kind=EventKind.ENDED, day=ask.day, reason=f"{ask.how}: {ask.by.strip()}")
        return Decision(Outcome.ACCEPTED, citations, effects=(ReferenceRateChanged(ask.name, event),))


class SubstituteReferenceRateHandler(_OnRate):
    """Another rate in the place of one that ended."""

    def needs(self, command: Command, facts: Facts) -> Iterable[Need]:
        """Both rates and who asks."""
        ask: SubstituteReferenceRate = command.ask  # type: ignore[assignment]
        yield from super().needs(command, facts)
        for designation in ask.designations:
            yield INDEX, designation.index

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused while the rate lives, without a substitute whose values are known, or a change of the
        margin without reason."""
        ask: SubstituteReferenceRate = command.ask  # type: ignore[assignment]
        if refusal := self._refusal(command, facts):
            return refusal
        history: IndexHistory | None = facts.get(INDEX, ask.name)
        if history is None:
            return refuse("unknown-index", ())
        agreements = self._agreements()
        terms = agreements[0].interest.index
        gone_on = gone_since(history, command.received_at.date(), terms)
        if gone_on is None:
            return refuse("index-still-published", self._cite(rules.index_on, rules.is_permanent_end))
        chosen = rules.substitute_of(ask.designations, terms)
        if chosen is None or chosen.index == ask.name or facts.get(INDEX, chosen.index) is None:
            return refuse("no-substitute", self._cite(rules.substitute_of))
        adjustment = rules.Adjustment(ask.points, ask.reason.strip(), ask.recommended_points)
        if not rules.is_grounded(adjustment, terms):
            return refuse("reason-missing", self._cite(rules.is_grounded))
        event = IndexEvent(
            id=0,
            kind=EventKind.SUBSTITUTED,
            day=gone_on,
            substitute=chosen.index,
            designated_by=chosen.by,
            points=ask.points,
            recommended_points=ask.recommended_points,
            reason=ask.reason.strip(),
        )
        return Decision(
            Outcome.ACCEPTED,
            self._cite(rules.substitute_of, rules.is_grounded, rules.margin_after),
            effects=(ReferenceRateChanged(ask.name, event),),
            detail={"substitute": chosen.index, "designated_by": chosen.by, "gone_on": gone_on},
        )


def gone_since(history: IndexHistory, day: date, terms: IndexTerms) -> date | None:
    """The first day without the rate, if it has ended for good by a day."""
    ended = history.last(EventKind.ENDED)
    if ended is not None and ended.day <= day:
        return ended.day
    state = rules.index_on(history.values, day, target_calendar(), terms)
    return None if state is None else state.gone_on


class _OnAccount:
    """A handler of commands about one account and what its holders were told."""

    def __init__(self, governing: Governing) -> None:
        self._governing = governing

    def needs(self, command: Command, _facts: Facts) -> Iterable[Need]:
        """The account, its notices and authorisations."""
        yield ACCOUNT, command.subject
        yield RATE_NOTICES, command.subject
        yield AUTHORISATIONS, command.subject

    def _governed(self, command: Command, facts: Facts) -> tuple[GoverningTerms, date] | Decision:
        account: Account | None = facts.get(ACCOUNT, command.subject)
        if account is None or account.contract is None:
            return refuse("unknown-account", ())
        day, terms = self._governing.on_day_of(account, command.received_at)
        return terms, day

    def _open_notice(self, command: Command, facts: Facts, id_: int) -> RateNotice | Decision:
        notices: tuple[RateNotice, ...] = facts.get(RATE_NOTICES, command.subject) or ()
        notice = next((n for n in notices if n.id == id_), None)
        if notice is None:
            return refuse("unknown-notice", ())
        if notice.status is not NoticeStatus.OPEN:
            return refuse("already-answered", (), detail={"status": notice.status.name.lower()})
        return notice


class InformOfSubstituteHandler(_OnAccount):
    """The holders are told of a substitution; two months to object begin."""

    def needs(self, command: Command, facts: Facts) -> Iterable[Need]:
        """The rate too."""
        yield from super().needs(command, facts)
        yield INDEX, command.ask.name  # type: ignore[attr-defined]

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused for an unknown substitution, a medium that is none, or holders told already."""
        ask: InformOfSubstitute = command.ask  # type: ignore[assignment]
        governed = self._governed(command, facts)
        if isinstance(governed, Decision):
            return governed
        if command.actor > 0:
            return refuse("not-authorised", ())
        terms, day = governed
        agreement = terms.agreement
        index = agreement.interest.index
        citations = agreement.cite(rules.may_inform_by, rules.objection_deadline)
        if not rules.may_inform_by(ask.medium, index):
            return refuse("invalid-field", citations, detail={"field": "medium"})
        history: IndexHistory | None = facts.get(INDEX, ask.name)
        events = history.events if history is not None else ()
        event = next((e for e in events if e.id == ask.event and e.kind is EventKind.SUBSTITUTED), None)
        if event is None:
            return refuse("unknown-substitution", ())
        told: tuple[RateNotice, ...] = facts.get(RATE_NOTICES, command.subject) or ()
        if any(n.event == event.id for n in told):
            return refuse("already-told", ())
        until = rules.objection_deadline(command.received_at, index, terms.zone)
        notice = RateNotice(
            account=command.subject,
            id=0,
            kind=NoticeKind.SUBSTITUTION,
            name=ask.name,
            event=event.id,
            about=event.substitute,
            gone_on=event.day,
            sent_on=day,
            last_day=until.due_on,
        )
        values = (
            ("index", ask.name), ("substitute", event.substitute), ("since", event.day.isoformat()),
            ("points", str(event.points)), ("reason", event.reason), ("until", until.due_on.isoformat()),
        )  # fmt: skip
        notify = Notify(command.subject, SUBSTITUTE, "", values, command.received_at)
        return Decision(
            Outcome.ACCEPTED,
            citations,
            effects=(RateNoticeSent(command.subject, notice), notify),
            detail={"until": until.due_on},
            booked_on=day,
        )


class InformOfRateHandler(_OnAccount):
    """A statement that mentions a new reference rate was provided; thirty days to dispute begin."""

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused where the agreement presumes nothing."""
        ask: InformOfRate = command.ask  # type: ignore[assignment]
        governed = self._governed(command, facts)
        if isinstance(governed, Decision):
            return governed
        if command.actor > 0:
            return refuse("not-authorised", ())
        terms, day = governed
        until = rules.approval_deadline(command.received_at, terms.agreement.interest.index, terms.zone)
        if until is None:
            return refuse("nothing-presumed", ())
        notice = RateNotice(
            account=command.subject,
            id=0,
            kind=NoticeKind.NEW_RATE,
            name=ask.name,
            event=0,
            about=ask.statement,
            gone_on=None,
            sent_on=day,
            last_day=until.due_on,
        )
        return Decision(
            Outcome.ACCEPTED,
            terms.agreement.cite(rules.approval_deadline, rules.mention_of),
            effects=(RateNoticeSent(command.subject, notice),),
            detail={"until": until.due_on},
            booked_on=day,
        )


class ObjectToRateHandler(_OnAccount):
    """A holder says no in time: the authorisation ends later, at the old index until then."""

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused unless a holder or staff for him objects in writing, in time, to an open notice."""
        ask: ObjectToRate = command.ask  # type: ignore[assignment]
        governed = self._governed(command, facts)
        if isinstance(governed, Decision):
            return governed
        terms, day = governed
        account: Account | None = facts.get(ACCOUNT, command.subject)
        assert account is not None
        if command.actor == 0 or (command.actor > 0 and command.actor not in account.holders):
            return refuse("not-a-holder", ())
        if command.channel not in WRITTEN:
            return refuse("not-in-writing", terms.agreement.cite(rules.last_day_after_objection))
        notice = self._open_notice(command, facts, ask.notice)
        if isinstance(notice, Decision):
            return notice
        substitution = notice.kind is NoticeKind.SUBSTITUTION
        rule = rules.objection_deadline if substitution else rules.approval_deadline
        if day > notice.last_day:
            return refuse("too-late", terms.agreement.cite(rule))
        answered = RateNoticeAnswered(command.subject, notice.id, NoticeStatus.OBJECTED, day)
        if not substitution:
            return Decision(Outcome.ACCEPTED, terms.agreement.cite(rule), effects=(answered,), booked_on=day)
        index = terms.agreement.interest.index
        ends_on = rules.last_day_after_objection(command.received_at, index, terms.zone).due_on
        effects: list[Effect] = [msgspec.structs.replace(answered, ends_on=ends_on)]
        history: tuple[Authorisation, ...] = facts.get(AUTHORISATIONS, command.subject) or ()
        effects += [
            AuthorisationEnds(
                account=command.subject,
                authorisation=a.id,
                line=a.line,
                ends_on=max(ends_on, a.starts_on),
                ended_by=ENDED_BY_OBJECTION,
            )
            for a in history
            if isinstance(a.rate, IndexedRate)
            and a.rate.index == notice.name
            and (a.ends_on is None or a.ends_on > ends_on)
        ]
        return Decision(
            Outcome.ACCEPTED,
            terms.agreement.cite(rules.last_day_after_objection, rules.uses_substitute),
            effects=tuple(effects),
            detail={"ends_on": ends_on},
            booked_on=day,
        )


class TakeSilenceHandler(_OnAccount):
    """The time to object has passed: silence is acceptance, or presumed approval."""

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused unless the bank's day asks, after the last day, about an open notice."""
        ask: TakeSilence = command.ask  # type: ignore[assignment]
        governed = self._governed(command, facts)
        if isinstance(governed, Decision):
            return governed
        terms, day = governed
        if command.actor != 0:
            return refuse("not-authorised", ())
        notice = self._open_notice(command, facts, ask.notice)
        if isinstance(notice, Decision):
            return notice
        substitution = notice.kind is NoticeKind.SUBSTITUTION
        rule = rules.objection_deadline if substitution else rules.approval_deadline
        citations = terms.agreement.cite(rule, *([rules.substitute_counts_from] if substitution else []))
        if day <= notice.last_day:
            return refuse("time-not-passed", citations)
        answered = RateNoticeAnswered(command.subject, notice.id, NoticeStatus.ACCEPTED, day)
        since = None
        if notice.gone_on is not None:
            since = rules.substitute_counts_from(notice.gone_on, day, terms.agreement.interest.index)
        return Decision(
            Outcome.ACCEPTED, citations, effects=(answered,), detail={"since": since}, booked_on=day
        )
