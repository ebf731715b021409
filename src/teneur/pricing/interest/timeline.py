"""Limits and rates of an account day by day, as spans: from its authorisations, its terms and the indexes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

import msgspec

from teneur.accounts.governing import Governing
from teneur.agreements.agreement import Agreement
from teneur.agreements.terms.interest import InterestTerms
from teneur.agreements.terms.overdraft import BeyondDays
from teneur.kernel.calendars import Calendar, target_calendar
from teneur.ledger.contracts import Contract
from teneur.pricing.interest.closing import ONE_DAY, Period, RateSpan
from teneur.pricing.interest.facts import (
    EventKind,
    IndexHistory,
    NoticeKind,
    NoticeStatus,
    RateNotice,
    Spell,
)
from teneur.pricing.interest.rules import index as index_rules
from teneur.pricing.interest.rules import rates as rate_rules
from teneur.pricing.interest.rules.numbers import days_of_year
from teneur.pricing.overdraft.facts import Authorisation, IndexedRate, in_force
from teneur.pricing.overdraft.rules import is_too_long


class NoRate(LookupError):
    """No value of a reference rate is known on a day: it must be loaded first."""


class AccountTerms(msgspec.Struct, frozen=True):
    """What the rates of an account come from.

    run_off_minor: what was still due, at the end of the eve, of an authorisation that had ended (None: not
    known, nothing was closed before). spells: days in debit without a break, as the daily review found them.
    """

    contract: Contract
    opened_on: date
    branch: str
    history: tuple[Authorisation, ...] = ()
    notices: tuple[RateNotice, ...] = ()
    run_off_minor: int | None = None
    spells: tuple[Spell, ...] = ()


class Timelines:
    """Makes timelines of one book; accounts with the same terms share theirs."""

    def __init__(self, governing: Governing, indexes: Mapping[str, IndexHistory]) -> None:
        self._governing = governing
        self._indexes = indexes
        self._target: Calendar = target_calendar()
        self._known: dict[tuple[object, ...], tuple[RateSpan, ...]] = {}
        self.gone: dict[str, date] = {}  # indexes not published for too long, not substituted; since when

    def spans(self, account: AccountTerms, period: Period) -> tuple[RateSpan, ...]:
        """The spans of a period, which they cover without a gap. Raises NoRate."""
        if account.history:
            return self._spans(account, period)
        key = (id(account.contract), account.branch, period)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._spans(account, period)
        return found

    def terms_on(self, account: AccountTerms, day: date) -> InterestTerms:
        """What the account's agreement says of interest on a day."""
        return self._agreement_on(account, day).interest

    def _agreement_on(self, account: AccountTerms, day: date) -> Agreement:
        found = self._governing.of_contract(account.contract, max(day, account.opened_on), account.branch)
        if found is None:
            raise NoRate(f"no agreement governs the account on {day}")
        return found.agreement

    def carried(self, account: AccountTerms, period: Period) -> int | None:
        """What was still due, on the eve, of an authorisation that had ended; None where one held that
        day."""
        held = in_force(account.history, period.first_day - ONE_DAY)
        return None if held is not None else account.run_off_minor or 0

    def _spans(self, account: AccountTerms, period: Period) -> tuple[RateSpan, ...]:
        days = sorted(d for d in self._breaks(account, period) if period.first_day <= d <= period.last_day)
        found: list[RateSpan] = []
        for first, following in zip(days, [*days[1:], period.last_day + ONE_DAY], strict=True):
            span = self._span(account, first, following - ONE_DAY, period)
            if found and found[-1].same_terms(span):
                found[-1] = msgspec.structs.replace(found[-1], last_day=span.last_day)
            else:
                found.append(span)
        return tuple(found)

    def _breaks(self, account: AccountTerms, period: Period) -> set[date]:
        """Days on which something may change."""
        days = {period.first_day, date(period.last_day.year, 1, 1)}
        days.update(v.valid_from for v in account.contract.versions)
        rates = self.terms_on(account, period.first_day).rates
        later = self.terms_on(account, period.last_day).rates
        for dated in (rates, later):
            for series in (dated.overdraft_percent, dated.unauthorised_percent, dated.credit_percent):
                days.update(r.since for r in series.value)
        use = self._agreement_on(account, period.last_day).overdraft.use
        for began_on, ended_on in account.spells:
            days.add(began_on + use.longest_debit_days.value * ONE_DAY)
            days.update(() if ended_on is None else (ended_on,))
        for authorisation in account.history:
            days.add(authorisation.starts_on)
            if authorisation.ends_on is not None:
                days.add(authorisation.ends_on + ONE_DAY)
            if isinstance(authorisation.rate, IndexedRate):
                days.update(self._index_days(account, authorisation.rate.index, period))
        return days

    def _index_days(self, account: AccountTerms, name: str, period: Period) -> Iterable[date]:
        history = self._indexes.get(name)
        if history is None:
            return
        yield period.last_day  # looked at by itself: whether the index is still published
        yield from index_rules.changes_between(history.values, period.first_day, period.last_day)
        event = history.last(EventKind.SUBSTITUTED)
        if event is not None:
            yield event.day
            yield from (n.answered_on for n in account.notices if n.answered_on is not None)
            substitute = self._indexes.get(event.substitute)
            if substitute is not None:
                yield from index_rules.changes_between(substitute.values, period.first_day, period.last_day)

    def _span(self, account: AccountTerms, first: date, last: date, period: Period) -> RateSpan:
        terms = self.terms_on(account, first)
        rates = terms.rates
        limit, run_off = 0, False
        agreed: Decimal | None = None
        index, index_percent = "", Decimal(0)
        authorisation = in_force(account.history, first)
        if authorisation is None:
            authorisation = self._ended(account, first, period, terms)
            run_off = authorisation is not None
        if authorisation is not None:
            limit = 0 if self._is_beyond(account, authorisation, first) else authorisation.limit_minor
            rate = authorisation.rate
            if isinstance(rate, IndexedRate):
                index, index_percent, agreed = self._by_index(account, rate, first, terms)
            else:
                agreed = rate
        return RateSpan(
            first,
            last,
            limit,
            rate_rules.authorised_percent(agreed, rates, first),
            rate_rules.unauthorised_percent(rates, first),
            rate_rules.rate_on(rates.credit_percent.value, first),
            days_of_year(first, terms.closing),
            index,
            index_percent,
            run_off,
        )

    def _is_beyond(self, account: AccountTerms, authorisation: Authorisation, day: date) -> bool:
        """Whether the debit has lasted for longer than the authorisation covers, where that makes it
        unauthorised."""
        use = self._agreement_on(account, day).overdraft.use
        return use.rate_beyond.value is BeyondDays.UNAUTHORISED and any(
            is_too_long(began_on, day, authorisation.kind, use)
            for began_on, ended_on in account.spells
            if began_on <= day and (ended_on is None or day < ended_on)
        )

    def _ended(
        self, account: AccountTerms, day: date, period: Period, terms: InterestTerms
    ) -> Authorisation | None:
        """The authorisation that ended last before a day, if something of it may still be due."""
        ended = [a for a in account.history if a.ends_on is not None and a.starts_on <= a.ends_on < day]
        last = max(ended, key=lambda a: (a.ends_on or date.min, a.id, a.line), default=None)
        if last is None or not rate_rules.keeps_rate_after_ending(terms.rates):
            return None
        before = last.ends_on is not None and last.ends_on < period.first_day - ONE_DAY
        return None if before and not account.run_off_minor else last

    def _by_index(
        self, account: AccountTerms, rate: IndexedRate, day: date, terms: InterestTerms
    ) -> tuple[str, Decimal, Decimal]:
        """The reference rate that counts on a day, its value as counted, and the rate with its points."""
        history = self._indexes.get(rate.index)
        if history is None:
            raise NoRate(f"no value of the reference rate {rate.index} is loaded")
        name, margin = rate.index, rate.margin_percent
        event = history.last(EventKind.SUBSTITUTED)
        if event is not None:
            accepted = _accepted_on(account.notices, event.id)
            if index_rules.uses_substitute(event.day, accepted, day, terms.index):
                name = event.substitute
                adjustment = index_rules.Adjustment(event.points, event.reason, event.recommended_points)
                margin = index_rules.margin_after(margin, adjustment)
        used = self._indexes.get(name)
        state = None if used is None else index_rules.index_on(used.values, day, self._target, terms.index)
        if state is None:
            raise NoRate(f"no value of the reference rate {name} is loaded for {day}")
        if state.gone_on is not None and event is None:
            self.gone[name] = state.gone_on
        counted = rate_rules.counted_index(state.percent, terms.rates)
        return name, counted, rate_rules.indexed_percent(counted, margin)


def _accepted_on(notices: Sequence[RateNotice], event: int) -> date | None:
    for notice in notices:
        if notice.kind is NoticeKind.SUBSTITUTION and notice.event == event:
            return notice.answered_on if notice.status is NoticeStatus.ACCEPTED else None
    return None
