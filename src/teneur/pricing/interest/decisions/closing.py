"""Decisions that close quarters and correct them. The numbers come with the command, read up to its cut."""

from collections.abc import Iterable
from datetime import date

from teneur.accounts.governing import Governing, GoverningTerms
from teneur.agreements.agreement import Agreement, Citable
from teneur.kernel.clock import business_date
from teneur.kernel.clock import zone as zone_of
from teneur.kernel.commands import (
    AccountId,
    Command,
    Decision,
    Effect,
    Entry,
    Facts,
    Need,
    Outcome,
    book_of,
    number_of,
    refuse,
)
from teneur.kernel.fees import FeeDue
from teneur.kernel.money import EUR, XPF
from teneur.ledger.account import ACCOUNT, Account
from teneur.ledger.chart import Role, own_account
from teneur.pricing.fees.rules import prices
from teneur.pricing.interest.closing import Charge, Closing, QuarterNumbers
from teneur.pricing.interest.commands import BeginClosing, CloseQuarter, CorrectInterest
from teneur.pricing.interest.effects import QuarterClosed
from teneur.pricing.interest.facts import LATEST_CLOSING
from teneur.pricing.interest.rules import apr, charge, numbers, rates, usury

COMMISSION = "overdraft-commission"
_WITH_PARITY = frozenset({EUR.code, XPF.code})


class BeginClosingHandler:
    """The cut of a quarter's closing: a row of its own, whose position says what the closing knows."""

    def __init__(self, governing: Governing) -> None:
        self._governing = governing

    def needs(self, _command: Command, _facts: Facts) -> Iterable[Need]:
        """Nothing."""
        return ()

    def decide(self, command: Command, _facts: Facts) -> Decision:
        """Refused unless the bank's day asks, on a book, for a whole quarter that is over."""
        ask: BeginClosing = command.ask  # type: ignore[assignment]
        if command.actor != 0:
            return refuse("not-authorised", ())
        if number_of(command.subject) != 0:
            return refuse("unknown-account", (), detail={"subject": "a book is closed, not an account"})
        agreements = [a for a in self._governing.agreements if a.zone == ask.zone]
        whole = (ask.first_day, ask.last_day)
        periods = {a.id: numbers.closing_period(ask.first_day, a.interest.closing) for a in agreements}
        fitting = [a for a in agreements if (periods[a.id].first_day, periods[a.id].last_day) == whole]
        if not fitting:
            return refuse("not-a-quarter", ())
        day = business_date(command.received_at, zone_of(ask.zone))
        if day <= ask.last_day:
            return refuse("quarter-not-over", fitting[0].cite(numbers.closing_period))
        citations = tuple(c for a in fitting for c in a.cite(numbers.closing_period))
        return Decision(Outcome.ACCEPTED, citations, booked_on=day)


class CloseQuarterHandler:
    """The interest of a quarter, posted to the account."""

    def __init__(self, governing: Governing) -> None:
        self._governing = governing

    def needs(self, command: Command, facts: Facts) -> Iterable[Need]:
        """The account, and the bank's income and expense in its currency."""
        return _accounts(command.subject, facts)

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused unless the bank's day asks for a customer's account and a quarter that is over and
        covered."""
        ask: CloseQuarter = command.ask  # type: ignore[assignment]
        account: Account | None = facts.get(ACCOUNT, command.subject)
        if command.actor != 0:
            return refuse("not-authorised", ())
        if account is None or account.contract is None:
            return refuse("unknown-account", ())
        quarter = ask.numbers
        if sum(span.days for span in quarter.spans) != quarter.period.days:
            return refuse("invalid-field", (), detail={"field": "numbers.spans"})
        if ask.booked_on <= quarter.last_day:
            return refuse("quarter-not-over", ())
        terms = self._governing.of_account(account, quarter.last_day)
        closing = closing_of(account, quarter, terms, 0, _commission(quarter, terms, account.currency))
        cost = closing.charge
        entries = _entries(account, cost.debit_minor, cost.credit_minor, ask.booked_on)
        effects: list[Effect] = [QuarterClosed(account.id, closing, closing.encode())]
        if cost.commission_minor:
            base = charge.average_debit_minor(quarter.debit_number, quarter.period.days)
            about = str(quarter.first_day)
            effects.append(FeeDue(account.id, COMMISSION, about, quarter.last_day, base))
        citations = terms.agreement.cite(*_sources(quarter, cost, terms.agreement))
        return Decision(
            Outcome.ACCEPTED, citations, entries, tuple(effects), detail=_told(cost), booked_on=ask.booked_on
        )


class CorrectInterestHandler:
    """Quarters closed before, as they would have been; the difference is posted."""

    def __init__(self, governing: Governing) -> None:
        self._governing = governing

    def needs(self, command: Command, facts: Facts) -> Iterable[Need]:
        """The accounts, and the latest closing of each quarter."""
        ask: CorrectInterest = command.ask  # type: ignore[assignment]
        yield from _accounts(command.subject, facts)
        for quarter in ask.quarters:
            yield LATEST_CLOSING, (command.subject, quarter.first_day)

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused unless the bank's day asks, and each quarter stands as it did when the numbers were
        read."""
        ask: CorrectInterest = command.ask  # type: ignore[assignment]
        account: Account | None = facts.get(ACCOUNT, command.subject)
        if command.actor != 0:
            return refuse("not-authorised", ())
        if account is None or account.contract is None:
            return refuse("unknown-account", ())
        if not ask.quarters or len(ask.quarters) != len(ask.revisions):
            return refuse("invalid-field", (), detail={"field": "quarters"})
        entries: list[Entry] = []
        effects: list[Effect] = []
        told = []
        sources: dict[int, Citable] = {}
        for quarter, revision in zip(ask.quarters, ask.revisions, strict=True):
            before: Closing | None = facts.get(LATEST_CLOSING, (account.id, quarter.first_day))
            if before is None or before.revision + 1 != revision:
                return refuse("closing-changed", (), detail={"first_day": quarter.first_day})
            terms = self._governing.of_account(account, quarter.last_day)
            closing = closing_of(account, quarter, terms, revision, before.charge.commission_minor)
            old, new = before.charge, closing.charge
            net = new.debit_minor - new.credit_minor - old.debit_minor + old.credit_minor
            entries += _entries(account, max(net, 0), max(-net, 0), ask.booked_on)
            effects.append(QuarterClosed(account.id, closing, closing.encode()))
            told.append(
                {
                    "first_day": quarter.first_day,
                    "before": _told(old),
                    "after": _told(new),
                    "debit_minor": net,
                }
            )
            sources |= {id(s): s for s in _sources(quarter, new, terms.agreement)}
        governing = self._governing.of_account(account, ask.booked_on).agreement
        detail = {"reason": ask.reason, "quarters": told}
        return Decision(
            Outcome.ACCEPTED,
            governing.cite(*sources.values()),
            tuple(entries),
            tuple(effects),
            detail=detail,
            booked_on=ask.booked_on,
        )


def _commission(quarter: QuarterNumbers, terms: GoverningTerms, code: str) -> int:
    """What the tariff of the last day charges for the use of an overdraft; a correction leaves it alone."""
    agreement = terms.agreement
    price = prices.price_of(COMMISSION, quarter.last_day, agreement.accounts, agreement.tariff)
    price = prices.price_in(price, agreement.currency, code)
    return charge.commission_minor(quarter.debit_number, quarter.period.days, price)


def closing_of(
    account: Account, quarter: QuarterNumbers, terms: GoverningTerms, revision: int, commission_minor: int
) -> Closing:
    """The closing that these numbers make under these terms."""
    agreement = terms.agreement
    agreed = charge.in_currency(agreement.interest, agreement.currency, account.currency)
    cost = charge.charge_of(quarter, agreed, commission_minor)
    return Closing(
        account=account.id,
        revision=revision,
        currency=account.currency,
        agreement=agreement.id,
        numbers=quarter,
        charge=cost,
        usury=usury_of(quarter, cost, account.currency),
    )


def usury_of(quarter: QuarterNumbers, cost: Charge, code: str) -> str:
    """What the check of the rate really applied says; empty where nothing was due or no bracket can be
    found."""
    number = quarter.debit_number
    if not cost.apr_charges_minor or code not in _WITH_PARITY:
        return ""
    used = number // max(1, sum(span.debit_days for span in quarter.spans))
    line = usury.threshold_of(quarter.last_day, used, code)
    if line is None:
        return usury.Verdict.NOT_LOADED
    usurious = apr.beats(cost.apr_charges_minor, number, line.percent)
    return usury.Verdict.ABOVE if usurious else usury.Verdict.BELOW


def _accounts(account: AccountId, facts: Facts) -> Iterable[Need]:
    yield ACCOUNT, account
    found: Account | None = facts.peek(ACCOUNT, account)
    if found is not None:
        book = book_of(account)
        yield ACCOUNT, own_account(book, Role.INTEREST_INCOME, found.currency)
        yield ACCOUNT, own_account(book, Role.INTEREST_EXPENSE, found.currency)


def _entries(account: Account, debit_minor: int, credit_minor: int, day: date) -> tuple[Entry, ...]:
    """Debit interest goes to income, credit interest comes out of expense; the value date is the booking
    day."""
    book = book_of(account.id)
    found = []
    if debit_minor:
        income = own_account(book, Role.INTEREST_INCOME, account.currency)
        found.append(Entry(account.id, income, debit_minor, day, day, day, forced=True))
    if credit_minor:
        expense = own_account(book, Role.INTEREST_EXPENSE, account.currency)
        found.append(Entry(expense, account.id, credit_minor, day, day, day, forced=True))
    return tuple(found)


_ALWAYS: tuple[Citable, ...] = (numbers.closing_period, numbers.value_ladder)


def _sources(quarter: QuarterNumbers, cost: Charge, agreement: Agreement) -> tuple[Citable, ...]:
    """The rules behind a closing: only those that had something to decide."""
    terms = agreement.interest
    sources = list(_ALWAYS)
    if cost.interest_minor:
        sources.append(numbers.debit_interest_minor)
    if any(span.authorised_number for span in quarter.spans):
        sources.append(rates.authorised_percent)
    if any(span.excess_number for span in quarter.spans):
        sources += (numbers.split_debit, rates.unauthorised_percent)
    if any(span.run_off and span.authorised_number for span in quarter.spans):
        sources += (numbers.still_due, rates.keeps_rate_after_ending)
    if any(span.index for span in quarter.spans):
        sources += (rates.indexed_percent, rates.counted_index)
    if cost.commission_minor:
        sources.append(charge.commission_minor)
    if cost.minimum_minor:
        sources += (charge.flat_minimum_minor, charge.apr_charges_minor, terms.minimum.below_average_minor)
    if cost.credit_minor:
        sources.append(numbers.credit_interest_minor)
    return tuple(sources)


def _told(cost: Charge) -> dict[str, int]:
    """What the record keeps of a charge."""
    return {
        "interest_minor": cost.interest_minor,
        "minimum_minor": cost.minimum_minor,
        "commission_minor": cost.commission_minor,
        "debit_minor": cost.debit_minor,
        "credit_minor": cost.credit_minor,
    }
