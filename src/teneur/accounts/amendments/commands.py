"""What may be asked about amendments and services.

The bank's plans are asked of the register (book 0, number 0); everything else of the account.
"""

from datetime import date
from enum import StrEnum

from teneur.accounts.amendments.facts import AmendmentKind
from teneur.kernel.commands import Ask


class Objection(StrEnum):
    """What a customer who does not agree does. Kept as evidence: never rename."""

    REFUSE = "refuse"  # says no and stays
    LEAVE = "leave"  # terminates the agreement
    END_SERVICE = "end-service"  # terminates one product or service


class PlanAmendment(Ask, frozen=True, kw_only=True, omit_defaults=True):
    """Plan a new edition for a series of agreements; two members of staff.

    edition: id of the agreement, or first day of the edition of the tariff. applies_on: for a change that a
    law imposes, the day on which that enters into force. medium: on which the draft is sent. imposed_by_law:
    then legal_reference names the text.
    """

    series: str
    kind: AmendmentKind
    edition: str
    applies_on: date
    summary: str
    medium: str
    approved_by: int
    imposed_by_law: bool = False
    legal_reference: str = ""


class WithdrawAmendment(Ask, frozen=True, kw_only=True):
    """A planned change will not come: for whom it does not apply yet, it never will."""

    amendment: int
    reason: str


class NotifyAmendment(Ask, frozen=True, kw_only=True, omit_defaults=True):
    """Tell an account's holders of a planned change.

    medium: as planned if empty. applies_on: the day wanted for them; None: the planned one, or later where
    their notice comes late. sent_on, reference: the draft was sent already, by other means, on that day.
    """

    amendment: int
    medium: str = ""
    applies_on: date | None = None
    sent_on: date | None = None
    reference: str = ""


class ObjectToAmendment(Ask, frozen=True, kw_only=True, omit_defaults=True):
    """A holder does not agree. service: the one to end, whose last day is last_day (None: the eve of the
    application)."""

    amendment: int
    objection: Objection
    requested_by: int
    service: str = ""
    last_day: date | None = None


class ApplyAmendment(Ask, frozen=True, kw_only=True):
    """The bank's day: the change's day has come for the account."""

    amendment: int


class HoldTariff(Ask, frozen=True, kw_only=True):
    """The bank's day: an edition of the tariff begins that may not reach the account yet. edition: its first
    day."""

    edition: str


class ActivateService(Ask, frozen=True, kw_only=True, omit_defaults=True):
    """Switch a payment service on. document: the separate agreement that the holder signed; empty: none."""

    service: str
    requested_by: int
    document: str = ""
