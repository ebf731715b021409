"""The statement of the account and the RIB."""

from dataclasses import dataclass
from enum import StrEnum

from teneur.agreements.parameters import Parameter


class Period(StrEnum):
    """How often a statement is made."""

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


@dataclass(frozen=True)
class Rib:
    """The account identity slip: what it states, whether the customer gets it at opening."""

    identifiers: Parameter[tuple[Identifier, ...]]
    on_opening: Parameter[bool]


@dataclass(frozen=True)
class StatementTerms:
    """`statements.toml`. needs_operations: none for a period without operations. fee_minor: its price."""

    period: Parameter[Period]
    needs_operations: Parameter[bool]
    fee_minor: Parameter[int]
    order: Parameter[StatementOrder]
    identifiers: Parameter[tuple[Identifier, ...]]
    rib: Rib
