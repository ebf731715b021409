"""What a customer may ask for: researches, copies, and what an operation would cost."""

from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from teneur.agreements.terms.tariff import Requests
from teneur.kernel.calendars import Calendar
from teneur.kernel.deadlines import Deadline, Unit, deadline
from teneur.kernel.rules import rule

RESEARCH, STATEMENT_COPY, DOCUMENT_COPY = "research", "statement-copy", "document-copy"
FREE_COPY = "free-copy"  # the duty to deliver what costs nothing
STATEMENT, RIB = "statement", "rib"


class FeeLine(msgspec.Struct, frozen=True):
    """One fee that an operation would cost."""

    event: str
    amount_minor: int


class PriorInformation(msgspec.Struct, frozen=True, kw_only=True):
    """By when an operation would be done, and what it would cost.

    latest_at: the last instant at which the payee's bank is credited, or the cash is available; None: at
    once, or as quoted for the order. total_minor: of the fees.
    """

    latest_at: datetime | None
    fees: tuple[FeeLine, ...]
    total_minor: int


@rule("BRED-5.8-2", "BNC-9-2")
def research_event() -> str:
    """Researches in the archives at the customer's request are charged at the tariff."""
    return RESEARCH


@rule("BRED-3.1-9", "BNC-6.1.3.1-28", law="CMF L314-13")
def prior_information(latest_at: datetime | None, fees: tuple[FeeLine, ...]) -> PriorInformation:
    """On request before an order: its maximum execution time, its fees and their breakdown."""
    told = tuple(line for line in fees if line.amount_minor)
    return PriorInformation(
        latest_at=latest_at, fees=told, total_minor=sum(line.amount_minor for line in told)
    )


def delivery_due(asked_at: datetime, terms: Requests, calendar: Calendar, zone: ZoneInfo) -> Deadline:
    """By when what was asked for is given."""
    return deadline(asked_at, terms.delivery_business_days.value, Unit.BUSINESS_DAY, calendar, zone=zone)


def copy_event(document: str, *, extra: bool) -> str:
    """The event of a copy. extra: by another medium than the agreed one."""
    if document == RIB or (document == STATEMENT and not extra):
        return FREE_COPY
    return STATEMENT_COPY if document == STATEMENT else DOCUMENT_COPY
