"""Interest: when it is closed, on which day basis, at which rates, its minimum, the index and its end."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from teneur.agreements.parameters import Parameter


class YearBasis(StrEnum):
    """How many days a year has when interest is counted."""

    CIVIL_YEAR = "civil-year"  # 365, and 366 in a leap year
    FIXED_365 = "fixed-365"


class Designator(StrEnum):
    """Who names a substitute index. Stored: never rename."""

    ADMINISTRATOR = "administrator"
    AUTHORITY = "authority"
    WORKING_GROUP = "working-group"
    BANK = "bank-good-faith"


class IndexEnd(StrEnum):
    """What ends an index for good. Stored: never rename."""

    ANNOUNCED = "announced"  # by its administrator, an authority or a court, and no successor goes on
    UNLAWFUL = "unlawful"  # the law no longer lets the bank use it
    UNPUBLISHED = "unpublished"  # not published for longer than the agreement waits


@dataclass(frozen=True)
class DatedRate:
    """A yearly rate in percent from a day on."""

    since: date
    percent: Decimal


@dataclass(frozen=True)
class Closing:
    """period_months: between two closings. year: the day basis."""

    period_months: Parameter[int]
    year: Parameter[YearBasis]


@dataclass(frozen=True)
class Rates:
    """Yearly rates in percent, each from its day on.

    overdraft_percent: of an authorised overdraft for which no rate was agreed. unauthorised_percent: of what
    is beyond the authorisation. credit_percent: of a credit balance. index_floor_percent: what a reference
    rate counts at least (none: it counts as it is).
    """

    overdraft_percent: Parameter[tuple[DatedRate, ...]]
    unauthorised_percent: Parameter[tuple[DatedRate, ...]]
    credit_percent: Parameter[tuple[DatedRate, ...]]
    index_floor_percent: Parameter[Decimal | None]
    after_ending_agreed: Parameter[bool]  # what is still due after an authorisation ended keeps its rate


@dataclass(frozen=True)
class FlatMinimum:
    """The least debit interest of a quarter with a small average debit balance.

    amount_minor: none where the agreement has no minimum. below_average_minor: strictly below it.
    counts_in_apr: whether it is part of the effective rate. exempting_services, services: codes; what the
    customer has subscribed stands in the particular terms.
    """

    amount_minor: Parameter[int | None]
    below_average_minor: Parameter[int]
    counts_in_apr: Parameter[bool]
    exempting_services: Parameter[tuple[str, ...]]
    services: Parameter[tuple[str, ...]]


@dataclass(frozen=True)
class IndexTerms:
    """The end of a reference rate.

    longest_gap_target_days: how long the last value serves while none is published. ends: what ends it for
    good. priority: whose substitute comes first. follows_modification: whether an index that was changed
    stays the reference. information_media: by which the substitution may be told. objection_months: how long
    the customer may object, silence being acceptance. ending_months: after an objection, until the
    authorisation ends. retroactive: whether the substitute counts from the day the index disappeared.
    """

    longest_gap_target_days: Parameter[int]
    ends: Parameter[tuple[IndexEnd, ...]]
    priority: Parameter[tuple[Designator, ...]]
    margin_may_change: Parameter[bool]
    follows_modification: Parameter[bool]
    information_media: Parameter[tuple[str, ...]]
    objection_months: Parameter[int]
    ending_months: Parameter[int]
    retroactive: Parameter[bool]
    approval_days: Parameter[int | None]  # after the statement: then a new rate is presumed approved


@dataclass(frozen=True)
class EffectiveRate:
    """How an effective rate (TAEG) is shown. example_full_use: the example supposes constant full use."""

    decimals: Parameter[int]
    example_full_use: Parameter[bool]


@dataclass(frozen=True)
class InterestTerms:
    """`interest.toml`."""

    closing: Closing
    rates: Rates
    minimum: FlatMinimum
    index: IndexTerms
    apr: EffectiveRate
    capitalised_after_months: Parameter[int]  # only interest due for so long bears interest itself
