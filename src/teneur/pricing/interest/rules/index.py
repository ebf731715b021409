"""A reference rate that changes, is not published, or ends: what counts meanwhile and afterwards.

An index is published on TARGET days. Values are percent a year, each from its day on.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import msgspec

from teneur.agreements.terms.interest import Designator, IndexEnd, IndexTerms
from teneur.kernel.calendars import Calendar
from teneur.kernel.clock import Instant
from teneur.kernel.deadlines import Deadline, Unit, deadline
from teneur.kernel.rules import rule

Published = tuple[date, Decimal]  # day, percent


class IndexState(msgspec.Struct, frozen=True):
    """What a reference rate is worth on a day.

    published_on: the day of the value. missing_days: TARGET days since then without one. gone_on: the first
    of them, where the gap is too long and counts as the end of the index.
    """

    percent: Decimal
    published_on: date
    missing_days: int
    gone_on: date | None = None


class Designation(msgspec.Struct, frozen=True):
    """Somebody names a substitute index."""

    index: str
    by: Designator


class Adjustment(msgspec.Struct, frozen=True):
    """A change of the margin at a substitution: points, why, and what a competent body recommends, if so."""

    points: Decimal = Decimal(0)
    reason: str = ""
    recommended_points: Decimal | None = None


class Mention(msgspec.Struct, frozen=True):
    """What a statement says of a reference rate that changed: old and new percent, and from which day."""

    index: str
    since: date
    old_percent: Decimal
    new_percent: Decimal


@rule("BNC-7.3-10")
def is_still_reference(terms: IndexTerms) -> bool:
    """An index whose definition, method, formula, publication or administrator changes stays the reference:
    what results of the change applies by itself."""
    return terms.follows_modification.value


@rule("BNC-7.3-11")
def index_on(
    values: Sequence[Published], day: date, target: Calendar, terms: IndexTerms
) -> IndexState | None:
    """The value of a day: the last one published. Missing for more than eight TARGET days, the index counts
    as gone from the first of them. None before the first value. values: in order of day."""
    at = bisect_right(values, day, key=lambda v: v[0])
    if not at:
        return None
    published_on, percent = values[at - 1]
    missing = target.business_days_between(published_on, day)
    too_long = missing > terms.longest_gap_target_days.value
    gone_on = target.add_business_days(published_on, 1) if too_long else None
    return IndexState(percent, published_on, missing, gone_on)


@rule("BNC-7.3-12")
def is_permanent_end(how: IndexEnd, *, successor_administrator: bool, terms: IndexTerms) -> bool:
    """Whether the index has ended for good: announced by its administrator, an authority or a court without
    an administrator who goes on, or no longer lawful to use."""
    if how not in terms.ends.value:
        return False
    return not (how is IndexEnd.ANNOUNCED and successor_administrator)


@rule("BNC-7.3-12")
def substitute_of(designations: Iterable[Designation], terms: IndexTerms) -> Designation | None:
    """The substitute: the official one, named by the first in order who named any, else the closest index
    that the bank finds in good faith."""
    ranks = terms.priority.value
    known = [d for d in designations if d.by in ranks]
    return min(known, key=lambda d: ranks.index(d.by), default=None)


@rule("BNC-7.3-13")
def is_grounded(adjustment: Adjustment, terms: IndexTerms) -> bool:
    """Whether the margin may be changed so: in good faith, up or down, with a reason; what a competent body
    recommends is followed, or the reason says why not."""
    if not adjustment.points and adjustment.recommended_points in (None, Decimal(0)):
        return True
    allowed = terms.margin_may_change.value or not adjustment.points
    return allowed and bool(adjustment.reason.strip())


@rule("BNC-7.3-13")
def margin_after(margin_percent: Decimal, adjustment: Adjustment) -> Decimal:
    """The points above the substitute index."""
    return margin_percent + adjustment.points


@rule("BNC-7.3-14")
def may_inform_by(medium: str, terms: IndexTerms) -> bool:
    """The customer is told of the substitution as soon as possible, by any means."""
    return medium in terms.information_media.value


@rule("BNC-7.3-15", "BNC-7.3-16")
def objection_deadline(sent_at: Instant, terms: IndexTerms, zone: ZoneInfo) -> Deadline:
    """How long the customer may object: two months from the sending; silence is acceptance."""
    return deadline(sent_at, terms.objection_months.value, Unit.MONTH, zone=zone)


@rule("BNC-7.3-15")
def substitute_counts_from(gone_on: date, accepted_on: date, terms: IndexTerms) -> date:
    """An accepted substitute applies from the day the index disappeared or became unusable."""
    return gone_on if terms.retroactive.value else accepted_on


@rule("BNC-7.3-16")
def last_day_after_objection(received_at: Instant, terms: IndexTerms, zone: ZoneInfo) -> Deadline:
    """The authorisation ends two months after the bank receives the objection."""
    return deadline(received_at, terms.ending_months.value, Unit.MONTH, zone=zone)


@rule("BNC-7.3-15", "BNC-7.3-16")
def uses_substitute(gone_on: date, accepted_on: date | None, day: date, terms: IndexTerms) -> bool:
    """Whether the substitute counts on a day: once accepted. Until then, and after an objection, it is the
    old index while it is published, then its last value."""
    return accepted_on is not None and day >= substitute_counts_from(gone_on, accepted_on, terms)


@rule("BNC-7.3-4")
def mention_of(index: str, old_percent: Decimal | None, new_percent: Decimal, since: date) -> Mention | None:
    """A change in the reference rate is told by a mention on the statement; no change, no mention."""
    if old_percent is None or old_percent == new_percent:
        return None
    return Mention(index, since, old_percent, new_percent)


@rule("BNC-7.3-5")
def approval_deadline(provided_at: Instant, terms: IndexTerms, zone: ZoneInfo) -> Deadline | None:
    """Until when a new rate may be disputed: thirty days from the provision of the statement; then it and the
    operations on it are presumed approved. None where nothing is presumed."""
    if terms.approval_days.value is None:
        return None
    return deadline(provided_at, terms.approval_days.value, Unit.CALENDAR_DAY, zone=zone)


def changes_between(values: Sequence[Published], first: date, last: date) -> list[date]:
    """The days after the first, up to the last, from which another value may count."""
    return [day for day, _ in values if first < day <= last]
