"""When a draft was sent: proven by what discharged the duty to send it, or by the reference of a letter."""

from datetime import date
from zoneinfo import ZoneInfo

from teneur.accounts.amendments.facts import AccountAmendment
from teneur.kernel.clock import business_date
from teneur.obligations.facts import Obligation

DUTY_LINE = 0  # the row by which a customer is told opens no other duty


def sent_day(entry: AccountAmendment, duty: Obligation | None, where: ZoneInfo) -> date | None:
    """The local day on which the draft went to the customer; None while nothing proves that it did."""
    if entry.reference:
        return entry.sent_on
    if duty is None or duty.discharged_at is None:
        return None
    return business_date(duty.discharged_at, where)
