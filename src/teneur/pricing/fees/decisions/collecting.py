"""Fees shown, taken, charged for a period, and settled when an account ends."""

from collections.abc import Iterable
from datetime import date

import msgspec

from teneur.accounts.governing import GoverningTerms, open_account
from teneur.kernel.commands import Command, Decision, Effect, Entry, Facts, Need, Outcome, refuse
from teneur.kernel.fees import FeeDue
from teneur.kernel.notices import Notify, Value
from teneur.kernel.rules import unique
from teneur.ledger.account import ACCOUNT, Account
from teneur.pricing.fees.commands import AnnounceFees, ChargePeriod, CollectFee, SettleFees
from teneur.pricing.fees.decisions.parts import (
    OnAccount,
    asked_by_the_day,
    assessed,
    fee_citations,
    fee_detail,
    income_account,
    priced,
    takes_from,
)
from teneur.pricing.fees.effects import FeeChanged
from teneur.pricing.fees.facts import COUNTING, OF_EVENT, OPEN, Fee, FeeStatus
from teneur.pricing.fees.rules import caps, collection, prices, recurring
from teneur.pricing.fees.rules.recurring import Span

TEMPLATE = "incident-fees"


class _InTurn(OnAccount):
    """What prices several fees of an account, each beside those before it."""

    def _in_turn(
        self, account: Account, waiting: Iterable[Fee], known: Iterable[Fee], day: date
    ) -> list[Fee]:
        """The waiting fees with what they come to, in order: announced, or free from that day."""
        beside = {fee.key: fee for fee in known}
        found = []
        for fee in waiting:
            agreement = self._terms(account, fee.occurred_on).agreement
            now = priced(
                fee, assessed(fee, tuple(beside.values()), agreement, account.currency), FeeStatus.ANNOUNCED
            )
            if now.status is FeeStatus.FREE:
                now = msgspec.structs.replace(now, settled_on=day)
            beside[fee.key] = now
            found.append(now)
        return found


class AnnounceHandler(_InTurn):
    """AnnounceFees: what incidents cost is shown, with the day from which it will be taken."""

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Every incident fee up to the day that nobody was shown; those that come to nothing are free."""
        ask: AnnounceFees = command.ask  # type: ignore[assignment]
        if not asked_by_the_day(command):
            return refuse("not-authorised", ())
        account = open_account(command, facts)
        if isinstance(account, Decision):
            return account
        terms = self._terms(account, ask.shown_on)
        notice = terms.agreement.tariff.notice
        due_on = collection.collectable_after_notice(ask.shown_on, notice)
        known: tuple[Fee, ...] = facts.get(COUNTING, account.id) or ()
        waiting = [
            fee
            for fee in known
            if fee.status is FeeStatus.DUE
            and fee.occurred_on <= ask.until
            and caps.is_incident(fee.event, self._terms(account, fee.occurred_on).agreement.tariff)
        ]
        shown = [
            msgspec.structs.replace(fee, announced_on=ask.shown_on, collectable_on=due_on)
            for fee in self._in_turn(account, waiting, known, ask.shown_on)
        ]
        if not shown:
            return refuse("nothing-to-announce", ())
        effects: list[Effect] = [FeeChanged(account.id, fee) for fee in shown]
        by_letter = collection.shown_by_letter(notice, has_statement=ask.has_statement)
        if by_letter and any(fee.amount_minor for fee in shown):
            values = _letter(shown, ask.shown_on, due_on)
            effects.append(
                Notify(account.id, TEMPLATE, ask.shown_on.isoformat(), values, command.received_at)
            )
        citations = [fee_citations(fee, terms.agreement) for fee in shown]
        citations.append(terms.agreement.cite(collection.shown_by_letter, notice.medium, notice.days))
        return Decision(
            Outcome.ACCEPTED,
            unique(clause for found in citations for clause in found),
            effects=tuple(effects),
            detail={"fees": [fee_detail(fee) for fee in shown], "by_letter": by_letter},
            booked_on=ask.shown_on,
        )


def _letter(shown: Iterable[Fee], shown_on: date, due_on: date) -> tuple[tuple[str, Value], ...]:
    """What the letter needs: the total, its day, and each fee by number."""
    fees = [fee for fee in shown if fee.amount_minor]
    values: list[tuple[str, Value]] = [
        ("shown_on", shown_on.isoformat()),
        ("collectable_on", due_on.isoformat()),
        ("count", len(fees)),
        ("total_minor", sum(fee.amount_minor or 0 for fee in fees)),
    ]
    for number, fee in enumerate(fees, start=1):
        values += [
            (f"fee_{number}_event", fee.event),
            (f"fee_{number}_on", fee.occurred_on.isoformat()),
            (f"fee_{number}_minor", fee.amount_minor or 0),
        ]
    return tuple(values)


class CollectHandler(OnAccount):
    """CollectFee: one fee, one entry."""

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Taken from its day on, once, at what its caps leave; free where that is nothing."""
        ask: CollectFee = command.ask  # type: ignore[assignment]
        if not asked_by_the_day(command):
            return refuse("not-authorised", ())
        account = open_account(command, facts)
        if isinstance(account, Decision):
            return account
        known: tuple[Fee, ...] = facts.get(COUNTING, account.id) or ()
        fee = next((f for f in known if (f.id, f.line) == (ask.fee, ask.line)), None)
        if fee is None or fee.status not in OPEN:
            return refuse("unknown-fee", ())
        agreement = self._terms(account, fee.occurred_on).agreement
        day, _ = self._governing.on_day_of(account, command.received_at)
        first = takes_from(fee, agreement)
        if first is None or day < first:
            return refuse("not-collectable-yet", (), detail=fee_detail(fee))
        income = income_account(account)
        if facts.get(ACCOUNT, income) is None:
            return refuse("currency-not-kept", ())
        taken = priced(fee, assessed(fee, known, agreement, account.currency), FeeStatus.COLLECTED, day)
        citations = fee_citations(taken, agreement, collection.fee_entry)
        effects = (FeeChanged(account.id, taken),)
        if not taken.amount_minor:
            return Decision(
                Outcome.ACCEPTED, citations, effects=effects, detail=fee_detail(taken), booked_on=day
            )
        entry = collection.fee_entry(account.id, income, taken.amount_minor, day)
        return Decision(Outcome.ACCEPTED, citations, (entry,), effects, detail=fee_detail(taken))


def fee_due(
    terms: GoverningTerms, account: Account, event: str, about: str, on: date, quantity: int = 1
) -> tuple[FeeDue, ...]:
    """The effect of an event that has a price; none where it is free."""
    agreement = terms.agreement
    price = prices.price_of(event, on, agreement.accounts, agreement.tariff)
    return () if price.zero else (FeeDue(account.id, event, about, on, quantity=quantity),)


class ChargePeriodHandler(OnAccount):
    """ChargePeriod: a recurring fee becomes due."""

    def needs(self, command: Command, facts: Facts) -> Iterable[Need]:
        """Also what was charged for the event before."""
        ask: ChargePeriod = command.ask  # type: ignore[assignment]
        yield from super().needs(command, facts)
        yield OF_EVENT, (command.subject, ask.event)

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Once for each day: refused where the period is none of the tariff's, or is charged already."""
        ask: ChargePeriod = command.ask  # type: ignore[assignment]
        if not asked_by_the_day(command):
            return refuse("not-authorised", ())
        account = open_account(command, facts)
        if isinstance(account, Decision):
            return account
        day, terms = self._governing.on_day_of(account, command.received_at)
        agreed = terms.agreement.tariff.recurring.get(ask.event)
        period = Span(ask.first_day, ask.last_day)
        if agreed is None or recurring.period_holding(ask.first_day, agreed.months.value) != period:
            return refuse("invalid-field", (), detail={"field": "first_day"})
        used = Span(max(period.first_day, account.opened_on), period.last_day)
        in_advance = agreed.in_advance.value
        if recurring.charged_on(period, account.opened_on, in_advance=in_advance) > day:
            return refuse("not-collectable-yet", ())
        if used.days <= 0 or _charged(facts.get(OF_EVENT, (account.id, ask.event)) or (), used):
            return refuse("already-charged", ())
        on = used.first_day if in_advance else used.last_day
        effects = fee_due(self._terms(account, on), account, ask.event, str(used), on)
        if not effects:
            return refuse("nothing-to-charge", ())
        citations = terms.agreement.cite(recurring.pro_rata_minor, terms.agreement.tariff.events[ask.event])
        detail = {"event": ask.event, "for": str(used)}
        return Decision(Outcome.ACCEPTED, citations, effects=effects, detail=detail, booked_on=day)


def _charged(fees: Iterable[Fee], used: Span) -> bool:
    """Whether a day of the span is charged already."""
    spans = (recurring.span_of(fee.about) for fee in fees)
    return any(s and s.first_day <= used.last_day and used.first_day <= s.last_day for s in spans)


class SettleHandler(_InTurn):
    """SettleFees: an account ends."""

    def needs(self, command: Command, facts: Facts) -> Iterable[Need]:
        """Also all fees for periods."""
        yield from super().needs(command, facts)
        account: Account | None = facts.peek(ACCOUNT, command.subject)
        if account is not None and account.contract is not None:
            _, terms = self._governing.on_day_of(account, command.received_at)
            for event in terms.agreement.tariff.recurring:
                yield OF_EVENT, (command.subject, event)

    def decide(self, command: Command, facts: Facts) -> Decision:
        """What is open may be taken at once; periods are owed to the last day; the rest of one comes back."""
        ask: SettleFees = command.ask  # type: ignore[assignment]
        if not asked_by_the_day(command):
            return refuse("not-authorised", ())
        account = open_account(command, facts)
        if isinstance(account, Decision):
            return account
        day, terms = self._governing.on_day_of(account, command.received_at)
        income = income_account(account)
        if facts.get(ACCOUNT, income) is None:
            return refuse("currency-not-kept", ())
        effects: list[Effect] = []
        entries: list[Entry] = []
        tariff = terms.agreement.tariff
        if collection.taken_at_once(closing=True):
            known: tuple[Fee, ...] = facts.get(COUNTING, account.id) or ()
            waiting = [f for f in known if f.status in OPEN and f.event not in tariff.recurring]
            for fee in self._in_turn(account, waiting, known, day):
                effects.append(FeeChanged(account.id, msgspec.structs.replace(fee, collectable_on=day)))
        for event, agreed in tariff.recurring.items():
            ended = _ended(facts.get(OF_EVENT, (account.id, event)) or (), ask.ends_on, day)
            effects += [FeeChanged(account.id, fee) for fee, _ in ended]
            entries += [
                collection.refund_entry(account.id, income, back, day, fee.settled_on or day)
                for fee, back in ended
                if back
            ]
            effects += self._still_owed(account, event, agreed.months.value, ask.ends_on, ended, facts)
        return Decision(
            Outcome.ACCEPTED,
            terms.agreement.cite(
                collection.taken_at_once, recurring.pro_rata_minor, recurring.unearned_minor
            ),
            tuple(entries),
            tuple(effects),
            detail={"refunded_minor": sum(e.amount_minor for e in entries), "ends_on": ask.ends_on},
            booked_on=day,
        )

    def _still_owed(
        self,
        account: Account,
        event: str,
        months: int,
        ends_on: date,
        ended: list[tuple[Fee, int]],
        facts: Facts,
    ) -> tuple[FeeDue, ...]:
        """Of the period that the last day lies in, the days that nothing stands for."""
        period = recurring.period_holding(ends_on, months)
        used = Span(max(period.first_day, account.opened_on), ends_on)
        given_up = {fee.key for fee, _ in ended if fee.status is FeeStatus.WAIVED}
        charged = [f for f in facts.get(OF_EVENT, (account.id, event)) or () if f.key not in given_up]
        if used.days <= 0 or _charged(charged, used):
            return ()
        return fee_due(self._terms(account, ends_on), account, event, str(used), ends_on)


def _ended(fees: Iterable[Fee], ends_on: date, day: date) -> list[tuple[Fee, int]]:
    """Fees for periods that run beyond the last day, as they stand then, with what of each comes back."""
    found = []
    for fee in fees:
        span = recurring.span_of(fee.about)
        if span is None or span.last_day <= ends_on:
            continue
        if fee.status in OPEN:
            given_up = msgspec.structs.replace(fee, status=FeeStatus.WAIVED, amount_minor=0, price_minor=0)
            found.append((msgspec.structs.replace(given_up, settled_on=day), 0))
        elif fee.status is FeeStatus.COLLECTED:
            unearned = recurring.unearned_minor(fee.amount_minor or 0, span, ends_on)
            back = max(0, unearned - fee.refunded_minor)
            whole = back + fee.refunded_minor == fee.amount_minor
            status = FeeStatus.REFUNDED if whole else FeeStatus.COLLECTED
            found.append(
                (msgspec.structs.replace(fee, refunded_minor=fee.refunded_minor + back, status=status), back)
            )
    return found
