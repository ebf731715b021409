"""The clauses on the periodic statement, one rule a function."""

import calendar
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from teneur.agreements.terms.statements import Identifier, StatementOrder, StatementTerms
from teneur.agreements.terms.statements import Period as Frequency
from teneur.kernel.rules import rule
from teneur.pricing.statements.statement import Identification, Period, Posting, StatementAccount

_MONTHS: Final = {Frequency.MONTH: 1, Frequency.QUARTER: 3, Frequency.YEAR: 12}


@rule("BRED-5.3-1", "BNC-3.1-1", law="CMF L314-14")
def statement_period(day: date, terms: StatementTerms) -> Period:
    """The calendar period whose statement lists what is booked on a day: its month, by both agreements."""
    months = _MONTHS[terms.period.value]
    first_month = day.month - (day.month - 1) % months
    last_month = first_month + months - 1
    last_day = calendar.monthrange(day.year, last_month)[1]
    return Period(date(day.year, first_month, 1), date(day.year, last_month, last_day))


@rule("BRED-5.3-1", "BNC-3.1-1", law="CMF L314-14")
def is_due(operations: Sequence[Posting], terms: StatementTerms) -> bool:
    """A statement is due if the period has at least one operation."""
    return bool(operations) or not terms.needs_operations.value


@rule("BRED-5.3-1", "BNC-3.1-1", law="CMF L314-14")
def price_minor(terms: StatementTerms) -> int:
    """The monthly statement is free of charge: the price in minor units, zero."""
    return terms.fee_minor.value


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


STATEMENT_RULES: Final = (statement_period, is_due, price_minor, chronological, printed_identifiers)
