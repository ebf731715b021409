"""The clauses on the periodic statement, one rule a function."""

import calendar
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from teneur.agreements.terms.notices import NoticeTerms
from teneur.agreements.terms.statements import (
    Abroad,
    Guarantee,
    Identifier,
    Information,
    StatementOrder,
    StatementTerms,
    Way,
    Yearly,
)
from teneur.agreements.terms.statements import Period as Frequency
from teneur.kernel.calendars import Calendar
from teneur.kernel.deadlines import Deadline, Unit, deadline
from teneur.kernel.rules import rule
from teneur.obligations.notices.facts import Choice as PaperChoice
from teneur.obligations.notices.rules import stays_on_paper
from teneur.payments.transfers.rules.geography import Geography
from teneur.pricing.statements.statement import (
    GuaranteeLine,
    Identification,
    Medium,
    Period,
    Posting,
    StatementAccount,
)

FREQUENCY_FEE, YEARLY_FEE, COPY_FEE = "statement-frequency", "statement-yearly", "statement-copy"
_MONTHS: Final = {Frequency.MONTH: 1, Frequency.QUARTER: 3, Frequency.YEAR: 12}
_OFTEN: Final = (
    Frequency.OPERATION,
    Frequency.HALF_MONTH,
    Frequency.MONTH,
    Frequency.QUARTER,
    Frequency.YEAR,
)
_HALF: Final = 15

# periods


@rule("BRED-5.3-1", "BNC-3.1-1", law="CMF L314-14")
def statement_period(day: date, terms: StatementTerms, chosen: Frequency | None = None) -> Period:
    """The calendar period whose statement lists what is booked on a day: its month, by both agreements."""
    frequency = chosen or terms.period.value
    if frequency is Frequency.OPERATION:
        return Period(day, day)
    months = _MONTHS.get(frequency, 1)
    first_month = day.month - (day.month - 1) % months
    last_month = first_month + months - 1
    last_day = calendar.monthrange(day.year, last_month)[1]
    if frequency is Frequency.HALF_MONTH:
        if day.day <= _HALF:
            return Period(date(day.year, day.month, 1), date(day.year, day.month, _HALF))
        return Period(date(day.year, day.month, _HALF + 1), date(day.year, day.month, last_day))
    return Period(date(day.year, first_month, 1), date(day.year, last_month, last_day))


@rule("BRED-5.3-3", "BNC-3.1-5")
def frequency_in_force(chosen: Frequency | None, terms: StatementTerms) -> Frequency:
    """The customer may choose another frequency; as agreed (monthly) where he chose none."""
    return chosen or terms.period.value


@rule("BRED-5.3-3", "BRED-5.5-1", "BNC-3.1-5", "BNC-3.1-9")
def may_choose(frequency: Frequency, terms: StatementTerms) -> bool:
    """Other frequencies may be agreed, after each operation and twice a month among them."""
    return frequency in terms.choosable.value


@rule("BRED-5.3-1", "BNC-3.1-1", law="CMF L314-14")
def is_due(operations: Sequence[Posting], terms: StatementTerms) -> bool:
    """A statement is due if the period has at least one operation."""
    return bool(operations) or not terms.needs_operations.value


@rule("BRED-5.3-4", "BNC-3.1-6")
def yearly_is_due(year: int, stated_to: date | None, terms: Yearly) -> bool:
    """Without any movement there is a statement once a year: of a year in which none was issued.

    stated_to: last day of the latest statement.
    """
    return terms.without_operations.value and (stated_to is None or stated_to.year < year)


def covers_from(
    period: Period, stated_to: date | None, opened_on: date, earliest_unstated: date | None
) -> date:
    """The first day of a statement: where its period begins, after the last one's last day.

    Earlier, right after that one, where something is booked in between that no statement shows.
    """
    begins = opened_on if stated_to is None else date.fromordinal(stated_to.toordinal() + 1)
    if earliest_unstated is not None and begins <= earliest_unstated < period.first_day:
        return begins
    return period.first_day if stated_to is None else max(period.first_day, begins)


def is_late(booked_on: date, stated_to: date | None) -> bool:
    """Whether a line is booked into days that an earlier statement has covered."""
    return stated_to is not None and booked_on <= stated_to


# price and delivery


@rule("BRED-5.3-1", "BNC-3.1-1", law="CMF L314-14")
def price_minor(terms: StatementTerms) -> int:
    """The monthly statement is free of charge: the price in minor units, zero."""
    return terms.fee_minor.value


@rule("BNC-3.1-7", "BNC-3.1-9", "BRED-5.5-1")
def is_extra(frequency: Frequency, last_day: date, terms: StatementTerms) -> bool:
    """A statement at a higher frequency than the agreed one is charged; that to the end of the month is it.

    last_day: of the statement.
    """
    more_often = _OFTEN.index(frequency) < _OFTEN.index(terms.period.value)
    return more_often and last_day != statement_period(last_day, terms).last_day


@rule("BRED-5.3-4")
def yearly_is_charged(terms: Yearly) -> bool:
    """The yearly statement of an account without movement is at the price of the tariff."""
    return terms.charged.value


def fee_event(
    frequency: Frequency, last_day: date, terms: StatementTerms, *, without_operations: bool
) -> str:
    """The event of the tariff that a statement is; empty: the free one."""
    if without_operations:
        return YEARLY_FEE if yearly_is_charged(terms.yearly) else ""
    return FREQUENCY_FEE if is_extra(frequency, last_day, terms) else ""


@rule("BRED-5.3-2", "BNC-3.1-2")
def agreed_medium(choice: PaperChoice, terms: NoticeTerms) -> Medium:
    """Electronic in the remote space or on paper, as agreed; on paper for whoever objects."""
    return Medium.PAPER if stays_on_paper(choice, terms.paperless, document=True) else Medium.ELECTRONIC


@rule("BNC-3.1-3")
def addressees(holders: Sequence[int], recipient: int, terms: StatementTerms) -> tuple[int, ...]:
    """A joint account has one statement, to the address of the particular terms: that of one holder."""
    ordered = (recipient, *(holder for holder in holders if holder != recipient))
    return ordered[: terms.copies.value]


def paper_due(issued_at: datetime, terms: StatementTerms, calendar_: Calendar, zone: ZoneInfo) -> Deadline:
    """By when a printed statement is in the post."""
    return deadline(issued_at, terms.paper_business_days.value, Unit.BUSINESS_DAY, calendar_, zone=zone)


# contents


@rule("BNC-3.1-4")
def chronological(operations: Iterable[Posting], terms: StatementTerms) -> tuple[Posting, ...]:
    """Operations appear in chronological order: by booking date, then as they were posted."""
    if terms.order.value is StatementOrder.VALUE:
        return tuple(sorted(operations, key=lambda posting: (posting.value_on, posting.sequence)))
    return tuple(sorted(operations, key=lambda posting: (posting.booked_on, posting.sequence)))


@rule("BNC-3.3-3")
def printed_identifiers(account: StatementAccount, terms: StatementTerms) -> tuple[Identification, ...]:
    """The IBAN and the BIC stand on the periodic statement."""
    known = {Identifier.IBAN: account.iban, Identifier.BIC: account.bic}
    return tuple(Identification(name.value, known[name]) for name in terms.identifiers.value)


@rule("BRED-A3-1.4-7", "BNC-6.1.3.1-27")
def is_told_abroad(place: str, terms: StatementTerms, geography: Geography) -> bool:
    """The statement gives the data of transfers abroad (at one bank: outside the EEA). place: ISO 3166."""
    if not place:
        return False
    if terms.abroad.value is Abroad.OUTSIDE_EEA:
        return not geography.in_eea(place)
    return not geography.in_french_republic(place)


@rule("BRED-A6-n4-1", "BNC-14.6-9", law="CMF L312-4")
def guarantee_line(terms: Guarantee) -> GuaranteeLine | None:
    """Each statement of a covered account confirms that its deposits are guaranteed."""
    return GuaranteeLine(terms.ceiling_minor.value) if terms.covered.value else None


@rule("BRED-A6-n4-1", "BNC-14.6-9", law="CMF L312-4")
def confirmation_is_missing(confirmed: int, terms: Guarantee) -> bool:
    """At least one statement a year confirms it. confirmed: how many of the year did."""
    return terms.covered.value and confirmed < terms.least_a_year.value


# requests


@rule("BRED-5.5-3")
def may_ask_by(way: Way, terms: Information) -> bool:
    """Other information is asked for at the branch or in writing: by post, e-mail or in the remote space."""
    return way in terms.ways.value


def information_due(asked_at: datetime, terms: Information, calendar_: Calendar, zone: ZoneInfo) -> Deadline:
    """By when what was asked is answered."""
    return deadline(asked_at, terms.business_days.value, Unit.BUSINESS_DAY, calendar_, zone=zone)


STATEMENT_RULES: Final = (statement_period, is_due, price_minor, chronological, printed_identifiers)
YEARLY_RULES: Final = (yearly_is_due, chronological, printed_identifiers)
