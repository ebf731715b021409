"""Recalls: until when a transfer may be asked back, and until when that is answered.

The agreements say for which grounds money is given back; the scheme of the banks says until when.
"""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from teneur.agreements.terms.transfers import Recalls
from teneur.interbank.reasons import RecallReason
from teneur.kernel.calendars import target_calendar
from teneur.kernel.deadlines import Deadline, Unit, deadline
from teneur.kernel.rules import rule

RULEBOOK: Final = "EPC125-05"  # SEPA Credit Transfer Scheme Rulebook


@rule(law=RULEBOOK)
def recall_limit(reason: str, executed_on: date, terms: Recalls, zone: ZoneInfo) -> Deadline:
    """The last day of a recall: some business days for an error of the payer's bank, else months.

    A reason that the scheme does not know counts as one of the payer.
    """
    if reason in (RecallReason.DUPLICATE, RecallReason.TECHNICAL):
        days = terms.bank_error_business_days.value
        return deadline(executed_on, days, Unit.BUSINESS_DAY, target_calendar(), zone=zone)
    fraud = reason == RecallReason.FRAUD
    months = terms.fraud_months.value if fraud else terms.payer_request_months.value
    return deadline(executed_on, months, Unit.MONTH, zone=zone)


@rule(law=RULEBOOK)
def recall_answer_due(asked_at: datetime, terms: Recalls, zone: ZoneInfo) -> Deadline:
    """Until when the bank that is asked answers."""
    days = terms.answer_business_days.value
    return deadline(asked_at, days, Unit.BUSINESS_DAY, target_calendar(), zone=zone)
