"""What may be asked about fees. The subject is the account. The bank's day asks as actor 0."""

from datetime import date

from teneur.kernel.commands import Ask
from teneur.payments.transfers.commands import PlaceTransfer


class AnnounceFees(Ask, frozen=True, kw_only=True):
    """The bank's day: incident fees that arose until a day are shown on the statement, or letter, of another.

    shown_on: its date. has_statement: whether the period has a statement at all.
    """

    shown_on: date
    until: date
    has_statement: bool


class CollectFee(Ask, frozen=True, kw_only=True):
    """The bank's day: a fee may be taken now. fee, line: position and line of what it is for."""

    fee: int
    line: int


class WaiveFee(Ask, frozen=True, kw_only=True):
    """Two members of staff give a fee up before it is taken."""

    fee: int
    line: int
    reason: str
    approved_by: int


class RefundFee(Ask, frozen=True, kw_only=True):
    """Two members of staff give back a fee, or a part of it."""

    fee: int
    line: int
    amount_minor: int
    reason: str
    approved_by: int


class ChargePeriod(Ask, frozen=True, kw_only=True):
    """The bank's day: a recurring fee for a period of the tariff; the account may have run a part of it."""

    event: str
    first_day: date
    last_day: date


class SettleFees(Ask, frozen=True, kw_only=True):
    """The account ends: what is owed is taken, and what was paid ahead comes back. ends_on: its last day."""

    ends_on: date


class RequestResearch(Ask, frozen=True, kw_only=True, omit_defaults=True):
    """A holder wants archives searched. requested_by: the holder, where a member of staff enters it."""

    about: str
    first_day: date
    last_day: date
    requested_by: int = 0


class RequestCopy(Ask, frozen=True, kw_only=True, omit_defaults=True):
    """A holder wants a document again. document: "statement", "rib" or another. medium: how it is to come."""

    document: str
    reference: str
    medium: str
    requested_by: int = 0


class DeliverRequest(Ask, frozen=True, kw_only=True, omit_defaults=True):
    """What was asked for is given. request: position of the request; quantity: hours, or copies."""

    request: int
    how: str
    quantity: int = 1


class GivePriorInformation(Ask, frozen=True, kw_only=True, omit_defaults=True):
    """A holder wants to know by when an operation would be carried out, and what it would cost.

    operation: "transfer", "cash-withdrawal" or "cash-deposit". order: as it would be given.
    channel: number of the channel on which it would be given. written: the answer is wanted in writing.
    """

    operation: str
    order: PlaceTransfer | None = None
    amount_minor: int = 0
    channel: int = 0
    written: bool = False
    requested_by: int = 0


class NoteSummary(Ask, frozen=True, kw_only=True):
    """The bank's day: the summary of a calendar year is made, and is to be delivered."""

    year: int
    json_sha256: str
    total_minor: int
