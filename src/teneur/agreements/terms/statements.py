"""The statement of the account and the RIB."""

from dataclasses import dataclass
from enum import StrEnum

from teneur.agreements.parameters import Parameter


class Period(StrEnum):
    """How often a statement is made. Stored: never rename."""

    OPERATION = "operation"  # on each day on which something was booked
    HALF_MONTH = "half-month"  # to the 15th and to the month's last day
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class StatementOrder(StrEnum):
    """In which order operations stand on a statement."""

    BOOKING = "booking-date-then-sequence"
    VALUE = "value-date-then-sequence"


class Identifier(StrEnum):
    """What identifies the account for payments."""

    IBAN = "iban"
    BIC = "bic"


class Abroad(StrEnum):
    """Which transfers the statement tells more about: those to or from banks outside an area."""

    OUTSIDE_EEA = "outside-eea"
    OUTSIDE_REPUBLIC = "outside-french-republic"


class Way(StrEnum):
    """How a customer may ask for information. Stored: never rename."""

    BRANCH = "branch"
    POST = "post"
    EMAIL = "e-mail"
    REMOTE = "remote-space"
    PHONE = "phone"


@dataclass(frozen=True)
class Rib:
    """The account identity slip: what it states, whether the customer gets it at opening."""

    identifiers: Parameter[tuple[Identifier, ...]]
    on_opening: Parameter[bool]


@dataclass(frozen=True)
class Yearly:
    """The statement of a year without operations: whether there is one, whether it is charged."""

    without_operations: Parameter[bool]
    charged: Parameter[bool]


@dataclass(frozen=True)
class Guarantee:
    """What the statement says of the deposit guarantee.

    covered: whether the account's deposits are guaranteed. ceiling_minor: for each depositor and bank.
    least_a_year: how many statements of a calendar year must say it.
    """

    covered: Parameter[bool]
    ceiling_minor: Parameter[int]
    least_a_year: Parameter[int]


@dataclass(frozen=True)
class Information:
    """Information beside the statement. ways: how it may be asked for; business_days: until the answer."""

    ways: Parameter[tuple[Way, ...]]
    business_days: Parameter[int]


@dataclass(frozen=True)
class StatementTerms:
    """`statements.toml`.

    period: as agreed where the customer chose nothing. needs_operations: none for a period without
    operations. fee_minor: its price. choosable: other frequencies that he may choose. copies: how many are
    issued, however many holders there are. paper_business_days: from the issue until it is in the post.
    """

    period: Parameter[Period]
    needs_operations: Parameter[bool]
    fee_minor: Parameter[int]
    choosable: Parameter[tuple[Period, ...]]
    yearly: Yearly
    copies: Parameter[int]
    paper_business_days: Parameter[int]
    order: Parameter[StatementOrder]
    abroad: Parameter[Abroad]
    guarantee: Guarantee
    identifiers: Parameter[tuple[Identifier, ...]]
    information: Information
    rib: Rib
