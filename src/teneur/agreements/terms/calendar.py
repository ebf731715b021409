"""Terms of time: the agreement's business days, its branches, and what a late order costs."""

from dataclasses import dataclass

from teneur.agreements.parameters import Parameter
from teneur.kernel.calendars import Branch, Calendars, closing_days, parse_week


@dataclass(frozen=True, slots=True)
class PaymentDayTerms:
    """The payment day (jour ouvrable)."""

    weekdays: Parameter[tuple[int, ...]]  # ISO numbers, 1 is Monday
    branch_override: Parameter[bool]  # operations made at a branch follow its opening days
    settlement: dict[str, Parameter[tuple[str, ...]]]  # currency code or "other" -> frozen closing calendars


@dataclass(frozen=True, slots=True)
class WorkingDayTerms:
    """The working day (jour ouvré): always TARGET days, less the days on which the banks are closed."""

    banks_closed: Parameter[tuple[str, ...]]  # frozen calendars of public holidays


@dataclass(frozen=True, slots=True)
class BranchTerms:
    """Opening of one branch, or of all that have no entry of their own ("default")."""

    hours: Parameter[tuple[str, ...]]  # seven texts from Monday, "09:00-12:30 14:00-17:30" or "closed"
    closed_on: Parameter[tuple[str, ...]]  # frozen calendars of public holidays


@dataclass(frozen=True, slots=True)
class CalendarTerms:
    """Everything the agreement says about days and hours that is not one operation's own."""

    late_shift_business_days: Parameter[int]  # of an order received after its cut-off
    payment_days: PaymentDayTerms
    working_days: WorkingDayTerms
    branches: dict[str, BranchTerms]  # branch code or "default"


def calendars(terms: CalendarTerms, own_currency: str) -> Calendars:
    """The calendars that these terms describe.

    own_currency: code of the agreement's currency, whose payment days count where an operation names none
    (a claim, a notice). Equal terms share their calendars: the first costs some 10 ms each, the next
    nothing.
    """
    return Calendars(
        weekdays=terms.payment_days.weekdays.value,
        settlement={code: names.value for code, names in terms.payment_days.settlement.items()},
        own_currency=own_currency,
        banks_closed=terms.working_days.banks_closed.value,
        branches={code: branch(entry) for code, entry in terms.branches.items()},
        branch_override=terms.payment_days.branch_override.value,
    )


def branch(terms: BranchTerms) -> Branch:
    """The opening hours that these terms describe."""
    return Branch(parse_week(terms.hours.value), closing_days(*terms.closed_on.value))
