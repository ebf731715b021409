"""What may be asked about interest. Closings and corrections are the bank's day's; rates are for staff.

The subject is the account; of a book's closing (book, number 0); of a reference rate the register (book 0).
"""

from datetime import date
from decimal import Decimal

import msgspec

from teneur.agreements.terms.interest import IndexEnd
from teneur.kernel.commands import Ask
from teneur.pricing.interest.closing import QuarterNumbers
from teneur.pricing.interest.rules.index import Designation


class BeginClosing(Ask, frozen=True, kw_only=True):
    """Close a quarter of a book, for the agreements of a zone. Its place in the journal is the cut: the
    same for every account, and when the work is taken up again."""

    first_day: date
    last_day: date
    zone: str


class CloseQuarter(Ask, frozen=True, kw_only=True):
    """Post the interest of a quarter by these numbers, which were read up to their cut."""

    numbers: QuarterNumbers
    booked_on: date


class Cause(msgspec.Struct, frozen=True):
    """An entry that came late: position, value date, amount in minor units (positive: credit)."""

    position: int
    value_on: date
    amount_minor: int


class CorrectInterest(Ask, frozen=True, kw_only=True, omit_defaults=True):
    """Post what quarters closed before would have cost otherwise, less what they did.

    quarters: all that change, in order, by the numbers of one cut. causes: entries with an older value date;
    reason: "late-value", "authorisation-ended" or "substitute-index".
    """

    quarters: tuple[QuarterNumbers, ...]
    revisions: tuple[int, ...]
    reason: str
    booked_on: date
    causes: tuple[Cause, ...] = ()


class LoadReferenceRate(Ask, frozen=True, kw_only=True):
    """Load values of a reference rate (percent a year), each from its day on. synthetic: made up, no real
    figure."""

    name: str
    values: tuple[tuple[date, Decimal], ...]
    source: str
    synthetic: bool


class ModifyReferenceRate(Ask, frozen=True, kw_only=True):
    """Note that the definition, method, formula, publication or administrator of a rate changed from a day
    on."""

    name: str
    day: date
    what: str


class EndReferenceRate(Ask, frozen=True, kw_only=True, omit_defaults=True):
    """Note that a rate ended: announced (by whom), or no longer lawful. day: the first one without it."""

    name: str
    day: date
    how: IndexEnd
    by: str
    successor_administrator: bool = False


class SubstituteReferenceRate(Ask, frozen=True, kw_only=True, omit_defaults=True):
    """Put another rate in the place of one that ended.

    designations: every substitute that somebody named, officially or the bank itself. points: change of the
    margin, up or down, with its reason. recommended_points: what a competent body recommends.
    """

    name: str
    designations: tuple[Designation, ...]
    points: Decimal = Decimal(0)
    reason: str = ""
    recommended_points: Decimal | None = None


class InformOfSubstitute(Ask, frozen=True, kw_only=True):
    """Tell the holders of an account of a substitution (its position in book 0); the time to object runs."""

    name: str
    event: int
    medium: str


class InformOfRate(Ask, frozen=True, kw_only=True):
    """A statement that mentions a new reference rate was provided; the time to dispute runs."""

    name: str
    statement: str


class ObjectToRate(Ask, frozen=True, kw_only=True):
    """A holder objects, in writing, to what a notice told."""

    notice: int


class TakeSilence(Ask, frozen=True, kw_only=True):
    """The time to object to a notice has passed without a word."""

    notice: int


class SetValueDate(Ask, frozen=True, kw_only=True):
    """Give a transfer received late the value date of right execution, at the payer bank's request.

    operation: position of its first row in the book of the account. asked_by: the other bank's reference.
    """

    operation: int
    due_value_on: date
    asked_by: str
    approved_by: int
