"""From the journal to the commands of a closing: the numbers of many accounts in one look, by pages.

SQL forms the numbers by span of rates out of what was posted since each account's last closing, up to the
cut; nothing is read row by row here. Accounts with a story (late entries, an authorisation that ended, a
substitute index accepted) are few: they are worked out step by step.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
from psycopg import Connection

from teneur.accounts.governing import Governing
from teneur.kernel.commands import AccountId, account_id, number_of
from teneur.kernel.money import EUR, XPF
from teneur.ledger.contracts import contract_from_row
from teneur.pricing.interest.closing import ONE_DAY, Period, QuarterNumbers, RateSpan
from teneur.pricing.interest.commands import Cause, CloseQuarter, CorrectInterest
from teneur.pricing.interest.facts import (
    SQL,
    KeptClosing,
    NoticeKind,
    NoticeStatus,
    RateNotice,
    latest,
    load_closings,
    load_debit_spells,
    load_indexes,
    load_latest_closings,
    load_rate_notices,
)
from teneur.pricing.interest.rules import apr, usury
from teneur.pricing.interest.rules.numbers import closing_period, numbers_of, span_of, value_ladder
from teneur.pricing.interest.timeline import AccountTerms, Timelines
from teneur.pricing.overdraft.facts import Authorisation, IndexedRate, in_force, load_authorisations

LATE_VALUE, SUBSTITUTE_INDEX, ENDED = "late-value", "substitute-index", "authorisation-ended"


class Candidate(msgspec.Struct, frozen=True, gc=False):
    """An account to close, with its last closing before. cut: 0 without one; closed_day: its last day."""

    number: int
    terms: AccountTerms
    currency: str
    cut: int
    balance_minor: int
    closed_day: date
    later: tuple[tuple[date, int], ...]


class Found(msgspec.Struct, gc=False):
    """What SQL found of one account: by span (authorised, excess, credit number, days in debit)."""

    opening_minor: int = 0
    closing_minor: int = 0
    numbers: dict[int, tuple[int, int, int, int]] = {}
    later: dict[date, int] = {}
    late_since: date | None = None


class Page(msgspec.Struct, frozen=True):
    """Closings and corrections of some accounts. last: number of the last account that was looked at, 0 if
    there was none. problems: accounts that could not be closed, for people. warnings: yearly rates that were
    used and are above the usury threshold, or cannot be compared with one."""

    last: int
    closings: tuple[tuple[AccountId, CloseQuarter], ...]
    corrections: tuple[tuple[AccountId, CorrectInterest], ...]
    problems: tuple[str, ...]
    warnings: tuple[tuple[Decimal, usury.Verdict], ...] = ()


def gather(
    connection: Connection[Any],
    governing: Governing,
    book: int,
    zone: str,
    period: Period,
    cut: int,
    booked_on: date,
    after: int,
    limit: int,
) -> Page:
    """The commands that close a quarter for the next accounts after a number, as the journal stood at the
    cut.

    connection: in a read-only transaction. booked_on: the day the interest is posted.
    """
    parameters = {
        "book": book, "after": after, "limit": limit,
        "first_day": period.first_day, "last_day": period.last_day,
    }  # fmt: skip
    rows = connection.execute(SQL["accounts_to_close"], parameters).fetchall()
    if not rows:
        return Page(0, (), (), ())
    reading = _Reading(connection, governing, book, period, cut, booked_on)
    return reading.page(rows[-1][0], _candidates(governing, rows, zone, period))


def _candidates(
    governing: Governing, rows: Sequence[Sequence[Any]], zone: str, period: Period
) -> Iterator[Candidate]:
    """The accounts of a zone, whose agreement is in force by the end of the quarter."""
    for row in rows:
        (number, contract_id, versions, branch, code, opened_on, *closed) = row
        (cut, balance, run_off, first, closed_day, later_days, later_minor) = closed
        contract = contract_from_row(contract_id, versions)
        assert contract is not None
        governed = governing.of_contract(contract, max(period.last_day, opened_on), branch)
        if governed is None or governed.agreement.zone != zone:
            continue
        later = tuple(zip(later_days or (), later_minor or (), strict=True))
        terms = AccountTerms(contract, opened_on, branch, run_off_minor=None if first else run_off)
        yield Candidate(number, terms, code, cut, balance, closed_day, later)


class _Reading:
    """One page being read."""

    def __init__(
        self,
        connection: Connection[Any],
        governing: Governing,
        book: int,
        period: Period,
        cut: int,
        booked_on: date,
    ) -> None:
        self.connection = connection
        self.governing = governing
        self.book = book
        self.period = period
        self.cut = cut
        self.booked_on = booked_on
        self.problems: list[str] = []

    def page(self, last: int, candidates: Iterable[Candidate]) -> Page:
        known = {c.number: c for c in candidates}
        accounts = [account_id(self.book, n) for n in known]
        histories = load_authorisations(self.connection, accounts)
        notices = load_rate_notices(self.connection, accounts)
        authorised = [a for a, history in histories.items() if history]
        spells = load_debit_spells(self.connection, authorised, self.period.first_day)
        names = {a.rate.index for h in histories.values() for a in h if isinstance(a.rate, IndexedRate)}
        self.timelines = Timelines(self.governing, self._indexes(names))
        spans: dict[int, tuple[RateSpan, ...]] = {}
        for number, candidate in list(known.items()):
            account = account_id(self.book, number)
            terms = candidate.terms
            if histories[account] or notices[account]:
                terms = msgspec.structs.replace(
                    terms,
                    history=histories[account],
                    notices=notices[account],
                    spells=spells.get(account, ()),
                )
                known[number] = msgspec.structs.replace(candidate, terms=terms)
            try:
                spans[number] = self.timelines.spans(terms, self.period)
            except (LookupError, ValueError) as error:
                self.problems.append(f"{self.book}/{number}: {error}")
                del known[number]
        self.problems += [
            f"{name}: no value since {gone_on}, longer than the agreement waits; substitute it"
            for name, gone_on in sorted(self.timelines.gone.items())
        ]
        found = self._found(known, spans)
        stories = {n: f.late_since for n, f in found.items() if f.late_since is not None}
        for number, candidate in known.items():
            since = accepted_since(candidate.terms.notices, candidate.closed_day, candidate.cut)
            if since is not None:
                stories[number] = min(since, stories.get(number) or since)
        ended = self._ended_since(known.values())
        stories |= {n: min(day, stories.get(n) or day) for n, day in ended.items()}
        slow = stories.keys() | {n for n, s in spans.items() if any(span.run_off for span in s)}
        closings = [self._closing(n, spans[n], found[n]) for n in known if n not in slow]
        corrections: list[tuple[AccountId, CorrectInterest]] = []
        if slow:
            quarters, corrections = self._with_story(sorted(slow), known, stories, ended.keys())
            closings = sorted([*closings, *quarters], key=lambda pair: pair[0])
        warned = usury_warnings((known[n].currency, span) for n in known for span in spans[n])
        return Page(last, tuple(closings), tuple(corrections), tuple(self.problems), warned)

    def _indexes(self, names: set[str]) -> Mapping[str, Any]:
        """The reference rates, and those that took their place."""
        loaded: dict[str, Any] = {}
        while missing := names - loaded.keys():
            loaded |= load_indexes(self.connection, sorted(missing))
            loaded |= dict.fromkeys(missing - loaded.keys())
            names = names | {
                e.substitute for h in loaded.values() if h is not None for e in h.events if e.substitute
            }
        return {name: history for name, history in loaded.items() if history is not None}

    def _found(
        self, known: Mapping[int, Candidate], spans: Mapping[int, Sequence[RateSpan]]
    ) -> dict[int, Found]:
        """What SQL finds: a look for each last cut (nearly all accounts share one), and another for accounts
        whose rates change within the quarter."""
        looks: dict[tuple[int, date, bool], dict[int, Candidate]] = {}
        for number, candidate in known.items():
            changes = len(spans[number]) > 1
            look = looks.setdefault((candidate.cut, candidate.closed_day, changes), {})
            look[number] = candidate
        self.connection.execute(SQL["more_memory"])
        self.connection.execute(SQL["more_time"])
        result: dict[int, Found] = {}
        for (cut, closed_day, changes), candidates in looks.items():
            self._look(result, cut, closed_day, candidates, spans, changes=changes)
        return result

    def _look(
        self,
        result: dict[int, Found],
        since: int,
        closed_day: date,
        candidates: Mapping[int, Candidate],
        spans: Mapping[int, Sequence[RateSpan]],
        *,
        changes: bool,
    ) -> None:
        every = [(n, s) for n in candidates for s in spans[n]]
        later = [(n, day, amount) for n, c in candidates.items() for day, amount in c.later]
        parameters = {
            "book": self.book, "low": min(candidates), "high": max(candidates), "cut": self.cut,
            "since": since, "closed_day": closed_day,
            "first_day": self.period.first_day, "eve": self.period.first_day - ONE_DAY,
            "next_day": self.period.last_day + ONE_DAY,
            "accounts": list(candidates), "balances": [c.balance_minor for c in candidates.values()],
            "span_accounts": [n for n, _ in every], "span_days": [s.first_day for _, s in every],
            "span_limits": [s.limit_minor for _, s in every],
            "later_accounts": [n for n, _, _ in later], "later_days": [d for _, d, _ in later],
            "later_minor": [a for _, _, a in later],
        }  # fmt: skip
        query = SQL["quarter_numbers_by_span" if changes else "quarter_numbers"]
        for row in self.connection.cursor(binary=True).execute(query, parameters):
            (number, seg, authorised, excess, credit, days, opening, moved, later_days, later_sums, late) = (
                row
            )
            found = result.get(number)
            if found is None:
                found = result[number] = Found(numbers={}, later={})
            found.opening_minor += opening
            found.closing_minor += moved
            if seg:
                found.numbers[seg] = (authorised, excess, credit, days)
            for day, amount in zip(later_days or (), later_sums or (), strict=True):
                found.later[day] = found.later.get(day, 0) + amount
            if late is not None:
                found.late_since = late if found.late_since is None else min(late, found.late_since)

    def _ended_since(self, known: Iterable[Candidate]) -> dict[int, date]:
        """The first day without authorisation, of accounts whose closing counts one on it: that it had ended
        (by a death, say) was told later."""
        days = {
            (account_id(self.book, c.number), closing_period(day, terms).first_day): (c.number, day)
            for c in known
            for day in first_days_without(c.terms.history)
            if day <= c.closed_day
            for terms in (self.timelines.terms_on(c.terms, day).closing,)
        }
        found: dict[int, date] = {}
        for key, stands in load_latest_closings(self.connection, list(days)).items():
            number, day = days[key]
            held = [s for s in stands.numbers.spans if s.first_day <= day]
            if held and held[-1].limit_minor and not held[-1].run_off:
                found[number] = min(day, found.get(number, day))
        return found

    def _closing(
        self, number: int, spans: Sequence[RateSpan], found: Found
    ) -> tuple[AccountId, CloseQuarter]:
        numbers = QuarterNumbers(
            first_day=self.period.first_day,
            last_day=self.period.last_day,
            position=self.cut,
            opening_minor=found.opening_minor,
            closing_minor=found.closing_minor,
            spans=tuple(span_of(rate, *found.numbers[seg]) for seg, rate in enumerate(spans, 1)),
            later=_nonzero(found.later),
        )
        return account_id(self.book, number), CloseQuarter(numbers=numbers, booked_on=self.booked_on)

    def _with_story(
        self,
        accounts: Sequence[int],
        known: Mapping[int, Candidate],
        stories: Mapping[int, date | None],
        ended: Collection[int],
    ) -> tuple[list[tuple[AccountId, CloseQuarter]], list[tuple[AccountId, CorrectInterest]]]:
        """Step by step: quarters closed before that change, then the one to close."""
        ids = [account_id(self.book, n) for n in accounts]
        kept = load_closings(self.connection, ids)
        first = min((d for d in stories.values() if d is not None), default=self.period.first_day)
        spells = load_debit_spells(self.connection, ids, first)
        sums = value_sums(self.connection, self.book, accounts, self.cut)
        closings, corrections = [], []
        for account in ids:
            number = number_of(account)
            since = stories.get(number)
            terms = msgspec.structs.replace(known[number].terms, spells=spells.get(account, ()))
            candidate = msgspec.structs.replace(known[number], terms=terms)
            run_off = candidate.terms.run_off_minor
            if since is not None:
                revised = self.revise(
                    account, candidate, kept[account], sums[number], since, ended=number in ended
                )
                if revised is not None:
                    corrections.append((account, revised))
                    run_off = revised.quarters[-1].run_off_minor
            terms = msgspec.structs.replace(candidate.terms, run_off_minor=run_off)
            numbers = quarter_by_steps(self.timelines, terms, sums[number], self.period, self.cut)
            closings.append((account, CloseQuarter(numbers=numbers, booked_on=self.booked_on)))
        return closings, corrections

    def revise(
        self,
        account: AccountId,
        candidate: Candidate,
        kept: Sequence[KeptClosing],
        sums: Mapping[date, int],
        since: date,
        *,
        ended: bool = False,
    ) -> CorrectInterest | None:
        """Every quarter closed before that reaches to a day or beyond, by the numbers of this cut. ended: an
        authorisation turned out to have ended by then."""
        before = latest(kept)
        quarters: list[QuarterNumbers] = []
        revisions: list[int] = []
        run_off: int | None = None
        for first_day, stands in before.items():
            numbers = stands.closing.numbers
            if numbers.last_day < since:
                run_off = numbers.run_off_minor
                continue
            terms = msgspec.structs.replace(candidate.terms, run_off_minor=run_off)
            again = quarter_by_steps(
                self.timelines, terms, sums, Period(first_day, numbers.last_day), self.cut
            )
            quarters.append(again)
            revisions.append(stands.closing.revision + 1)
            run_off = again.run_off_minor
        if not quarters:
            return None
        parameters = {
            "book": self.book, "account": number_of(account), "after": candidate.cut, "cut": self.cut,
            "last_day": candidate.closed_day,
        }  # fmt: skip
        causes = tuple(Cause(*row) for row in self.connection.execute(SQL["late_postings"], parameters))
        return CorrectInterest(
            quarters=tuple(quarters),
            revisions=tuple(revisions),
            reason=LATE_VALUE if causes else ENDED if ended else SUBSTITUTE_INDEX,
            booked_on=self.booked_on,
            causes=causes,
        )


def usury_warnings(used: Iterable[tuple[str, RateSpan]]) -> tuple[tuple[Decimal, usury.Verdict], ...]:
    """The yearly rates, of currencies with a fixed parity, that a dated check warns of before they are used:
    those above the threshold of their day and bracket, and those for which no threshold is loaded."""
    seen: set[tuple[str, int, Decimal, date]] = set()
    warned: set[tuple[Decimal, usury.Verdict]] = set()
    for code, span in used:
        if code not in (EUR.code, XPF.code):
            continue
        for percent, credit in ((span.percent, span.limit_minor), (span.excess_percent, 1)):
            key = (code, credit, percent, span.last_day)
            if not credit or key in seen:
                continue
            seen.add(key)
            verdict = usury.verdict(apr.effective_percent(percent), credit, code, span.last_day)
            if verdict is not usury.Verdict.BELOW:
                warned.add((percent, verdict))
    return tuple(sorted(warned))


def value_sums(
    connection: Connection[Any], book: int, accounts: Sequence[int], cut: int
) -> dict[int, dict[date, int]]:
    """The movements of accounts by value date, of all that stood in the journal at a cut."""
    found: dict[int, dict[date, int]] = {number: {} for number in accounts}
    parameters = {"book": book, "accounts": list(accounts), "cut": cut}
    for number, day, amount in connection.execute(SQL["value_sums"], parameters):
        found[number][day] = amount
    return found


def quarter_by_steps(
    timelines: Timelines, terms: AccountTerms, sums: Mapping[date, int], period: Period, cut: int
) -> QuarterNumbers:
    """The numbers of a quarter out of the balance, step by step. sums: movements by value date."""
    opening = sum(amount for day, amount in sums.items() if day < period.first_day)
    steps = value_ladder(opening, sums.items(), period)
    rates = timelines.spans(terms, period)
    spans, run_off = numbers_of(steps, rates, opening, timelines.carried(terms, period))
    return QuarterNumbers(
        first_day=period.first_day,
        last_day=period.last_day,
        position=cut,
        opening_minor=opening,
        closing_minor=steps[-1].balance_minor,
        spans=spans,
        later=_nonzero({day: amount for day, amount in sums.items() if day > period.last_day}),
        run_off_minor=run_off,
    )


def accepted_since(notices: Sequence[RateNotice], closed_day: date, cut: int) -> date | None:
    """From which day a substitute counts in quarters closed before, if it was accepted since the last
    closing."""
    days = [
        n.gone_on
        for n in notices
        if n.kind is NoticeKind.SUBSTITUTION
        and n.status is NoticeStatus.ACCEPTED
        and n.gone_on is not None
        and n.gone_on <= closed_day
        and n.answered_by is not None
        and n.answered_by > cut
    ]
    return min(days, default=None)


def first_days_without(history: Sequence[Authorisation]) -> list[date]:
    """The days after which an authorisation was ended and none followed."""
    days = {a.ends_on + ONE_DAY for a in history if a.ended_by and a.ends_on is not None}
    return sorted(day for day in days if in_force(history, day) is None)


def _nonzero(sums: Mapping[date, int]) -> tuple[tuple[date, int], ...]:
    return tuple(sorted((day, amount) for day, amount in sums.items() if amount))
