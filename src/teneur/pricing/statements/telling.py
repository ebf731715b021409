"""What a statement tells beside its lines: interest and its rates, the authorised overdraft, incident fees.

Read for all accounts of a page at once.
"""

from collections.abc import Hashable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from psycopg import Connection

from teneur.accounts.amendments.facts import AmendmentStatus, load_of_accounts
from teneur.accounts.governing import Governing
from teneur.agreements.agreement import Agreement
from teneur.agreements.terms.interest import InterestTerms
from teneur.kernel.commands import AccountId, Ask, Command, FactKind, Outcome
from teneur.kernel.rules import rule
from teneur.ledger.account import ACCOUNT, Account
from teneur.pricing.fees.decisions.collecting import AnnounceHandler
from teneur.pricing.fees.facts import COUNTING, load_counting
from teneur.pricing.interest.closing import Closing, RateSpan
from teneur.pricing.interest.closing import Period as Days
from teneur.pricing.interest.facts import (
    IndexHistory,
    KeptClosing,
    RateNotice,
    load_closings,
    load_indexes,
    load_rate_notices,
)
from teneur.pricing.interest.reading import mentions_of, real_percent
from teneur.pricing.interest.rules import apr
from teneur.pricing.interest.timeline import AccountTerms, NoRate, Timelines
from teneur.pricing.overdraft.facts import Authorisation, IndexedRate, in_force, load_authorisations
from teneur.pricing.statements.build import INTEREST, INTEREST_CORRECTION
from teneur.pricing.statements.decisions import announced_by, announcement
from teneur.pricing.statements.statement import (
    AnnouncedFee,
    Announcement,
    Contents,
    Fees,
    InterestCharge,
    Overdraft,
    Posting,
    RateChange,
    RateLine,
)

POSTED = frozenset({INTEREST, INTEREST_CORRECTION})


class _Read:
    """Facts that were read for a look at what a decision would say; nothing is written."""

    def __init__(self, tables: Mapping[FactKind, Mapping[Any, Any]]) -> None:
        self._tables = tables

    def get(self, kind: FactKind, key: Hashable) -> Any | None:
        """The fact, or None."""
        return self._tables[kind].get(key)

    def peek(self, kind: FactKind, key: Hashable) -> Any | None:
        """The fact, or None."""
        return self._tables.get(kind, {}).get(key)


class Telling:
    """Everything that the statements of these accounts tell beside their lines, up to a day of each."""

    def __init__(
        self,
        connection: Connection[Any],
        governing: Governing,
        accounts: Mapping[AccountId, Account],
        postings: Mapping[AccountId, Sequence[Posting]],
    ) -> None:
        """postings: those that each account's statement shows."""
        self._governing = governing
        self._accounts = accounts
        ids = list(accounts)
        with_interest = [id_ for id_, found in postings.items() if any(p.kind in POSTED for p in found)]
        self._closings: Mapping[AccountId, tuple[KeptClosing, ...]] = (
            load_closings(connection, with_interest) if with_interest else {}
        )
        self._counting = load_counting(connection, ids)
        self._announcing = AnnounceHandler(governing)
        self._changes = load_of_accounts(connection, ids)
        self._histories = load_authorisations(connection, ids)
        indexed = [id_ for id_ in ids if any(isinstance(a.rate, IndexedRate) for a in self._histories[id_])]
        self._notices: Mapping[AccountId, tuple[RateNotice, ...]] = (
            load_rate_notices(connection, indexed) if indexed else {}
        )
        rates = (a.rate for id_ in indexed for a in self._histories[id_])
        names = {rate.index for rate in rates if isinstance(rate, IndexedRate)}
        self._timelines = Timelines(governing, _indexes(connection, names))

    def of(self, id_: AccountId, postings: Sequence[Posting], last_day: date, at: datetime) -> Contents:
        """What the statement of an account up to a day tells, issued at an instant."""
        account = self._accounts[id_]
        agreement = self._governing.of_account(account, last_day).agreement
        interest = self._interest(id_, postings, agreement.interest)
        return Contents(
            fees=self._fees(account, last_day, at),
            interest=tuple(charge for charge, _ in interest),
            rate_changes=tuple(change for _, changes in interest for change in changes),
            overdraft=self._overdraft(account, agreement, last_day),
            announcements=tuple(
                Announcement(
                    applies_on=change.applies_on,
                    summary=change.amendment.summary,
                    imposed=change.amendment.is_legal,
                )
                for change in self._changes[id_]
                if change.status is AmendmentStatus.TOLD and change.applies_on > last_day
            ),
        )

    def _fees(self, account: Account, last_day: date, at: datetime) -> Fees:
        """The incident fees that the statement must announce, as its issue will decide."""
        if account.id not in self._counting:
            return Fees()
        facts = _Read({ACCOUNT: self._accounts, COUNTING: self._counting})
        command = Command(key=bytes(16), subject=account.id, received_at=at, ask=Ask())
        terms = self._governing.of_account(account, at.date())
        day = at.astimezone(terms.zone).date()
        found = announcement(self._announcing, command, facts, day, last_day)
        if found.outcome is not Outcome.ACCEPTED:
            return Fees()
        return Fees(
            announced=tuple(
                AnnouncedFee(
                    fee=fee.id,
                    line=fee.line,
                    event=fee.event,
                    occurred_on=fee.occurred_on,
                    amount_minor=fee.amount_minor or 0,
                    collectable_on=fee.collectable_on or day,
                )
                for fee in announced_by(found)
            )
        )

    def _interest(
        self, id_: AccountId, postings: Sequence[Posting], terms: InterestTerms
    ) -> list[tuple[InterestCharge, tuple[RateChange, ...]]]:
        """The closings and corrections that the statement's lines posted, with the rates that changed."""
        posted = {p.operation for p in postings if p.kind in POSTED}
        kept = self._closings.get(id_, ())
        found = []
        before: dict[date, Closing] = {}
        latest: Closing | None = None
        for item in kept:
            closing = item.closing
            numbers = closing.numbers
            if item.closed_by in posted:
                eve = next(
                    (c for c in before.values() if (numbers.first_day - c.numbers.last_day).days == 1), latest
                )
                changes = tuple(
                    RateChange(
                        index=m.index, since=m.since, old_percent=m.old_percent, new_percent=m.new_percent
                    )
                    for m in mentions_of(closing, eve)
                    if closing.revision == 0
                )
                found.append((_charge(item, before.get(numbers.first_day), terms), changes))
            before[numbers.first_day] = closing
            latest = closing
        return found

    def _overdraft(self, account: Account, agreement: Agreement, day: date) -> Overdraft | None:
        history = self._histories.get(account.id, ())
        held = in_force(history, day)
        if held is None or account.contract is None:
            return None
        terms = AccountTerms(
            account.contract, account.opened_on, account.branch, history, self._notices.get(account.id, ())
        )
        try:
            (span,) = self._timelines.spans(terms, Days(day, day))
        except NoRate:
            return Overdraft(
                limit_minor=held.limit_minor,
                percent=Decimal(0),
                ends_on=held.ends_on,
                indicative_apr_percent=None,
            )
        return overdraft_told(held, span, day, agreement.interest)


@rule("BNC-7.3-8", "BRED-8.1.2-3", law="CMF L312-1-1; C. conso R314-3")
def overdraft_told(held: Authorisation, span: RateSpan, day: date, terms: InterestTerms) -> Overdraft:
    """The authorised overdraft stands on the statement with its effective rate beside it, as an example."""
    starts_on = held.starts_on if held.ends_on else date(day.year, 1, 1)
    return Overdraft(
        limit_minor=held.limit_minor,
        percent=span.percent,
        ends_on=held.ends_on,
        indicative_apr_percent=_indicative(span.percent, starts_on, held.ends_on, terms),
    )


_EXAMPLE_MINOR = 100_000_000  # without fees the rate is the same for every limit


@lru_cache(maxsize=10_000)
def _indicative(percent: Decimal, starts_on: date, ends_on: date | None, terms: InterestTerms) -> Decimal:
    period = apr.example_period(starts_on, ends_on, terms.apr)
    return apr.shown(apr.indicative_rate(_EXAMPLE_MINOR, percent, period, 0, terms.closing), terms.apr)


def _indexes(connection: Connection[Any], names: set[str]) -> Mapping[str, IndexHistory]:
    """The reference rates, and those that took their place."""
    loaded: dict[str, IndexHistory | None] = {}
    while missing := names - loaded.keys():
        loaded |= load_indexes(connection, sorted(missing))
        loaded |= dict.fromkeys(missing - loaded.keys())
        names = names | {e.substitute for h in loaded.values() if h for e in h.events if e.substitute}
    return {name: history for name, history in loaded.items() if history is not None}


def _charge(kept: KeptClosing, before: Closing | None, terms: InterestTerms) -> InterestCharge:
    closing = kept.closing
    numbers, charge = closing.numbers, closing.charge
    earlier = 0 if before is None else before.charge.debit_minor - before.charge.credit_minor
    return InterestCharge(
        operation=kept.closed_by,
        knows=numbers.position,
        first_day=numbers.first_day,
        last_day=numbers.last_day,
        revision=closing.revision,
        debit_minor=charge.debit_minor,
        credit_minor=charge.credit_minor,
        posted_minor=charge.debit_minor - charge.credit_minor - earlier,
        minimum=bool(charge.minimum_minor),
        real_apr_percent=real_percent(closing, terms),
        rates=tuple(
            RateLine(
                first_day=span.first_day,
                days=span.days,
                year_days=span.year_days,
                limit_minor=span.limit_minor,
                percent=span.percent,
                excess_percent=span.excess_percent,
                credit_percent=span.credit_percent,
                authorised_number=span.authorised_number,
                excess_number=span.excess_number,
                credit_number=span.credit_number,
                index=span.index,
                index_percent=span.index_percent,
                run_off=span.run_off,
            )
            for span in numbers.spans
        ),
    )
