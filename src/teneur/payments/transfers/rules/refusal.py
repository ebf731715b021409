"""Refusals: coded reasons, their grounds, and the duty to inform."""

from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

import msgspec

from teneur.agreements.terms.notices import RefusalNotice
from teneur.agreements.terms.transfers import Refusal
from teneur.kernel.calendars import Calendar
from teneur.kernel.clock import Instant
from teneur.kernel.deadlines import Deadline, Unit, deadline
from teneur.kernel.rules import rule


class Reason(StrEnum):
    """Why an order, a revocation or a message is refused. Stored: never rename."""

    INSUFFICIENT_FUNDS = "insufficient-funds"
    AMOUNT_INVALID = "amount-invalid"
    MISSING_FIELD = "missing-field"
    IBAN_INVALID = "iban-invalid"
    BIC_INVALID = "bic-invalid"
    BIC_DOES_NOT_FIT = "bic-does-not-fit-iban"
    SAME_ACCOUNT = "same-account"
    DATE_PAST = "date-past"
    SCHEDULE_INVALID = "schedule-invalid"
    SIGNATURE_MISSING = "signature-missing"
    NOT_AUTHORISED = "not-authorised"
    CHANNEL_NOT_OFFERED = "channel-not-offered"
    SUBSCRIPTION_NEEDED = "subscription-needed"
    OWN_ACCOUNTS_ONLY = "own-accounts-only"
    SERVICE_NOT_OFFERED = "service-not-offered"
    CURRENCY_NOT_OFFERED = "currency-not-offered"
    RISK_NOT_ACCEPTED = "risk-not-accepted"
    INSTANT_NOT_IMMEDIATE = "instant-not-immediate"
    INSTANT_NOT_REACHABLE = "instant-not-reachable"
    INSTANT_CEILING = "instant-ceiling"
    INSTANT_EXPIRED = "instant-expired"
    CEILING_PER_OPERATION = "ceiling-per-operation"
    CEILING_WEEKLY = "ceiling-weekly"
    RAISE_PENDING = "raise-pending"
    INSTRUMENT_EXCLUDED = "instrument-excluded"
    ACCOUNT_UNAVAILABLE = "account-unavailable"
    LEGAL_PROVISION = "legal-provision"
    REVOCATION_CHANNEL = "revocation-channel"
    REVOCATION_NOT_WRITTEN = "revocation-not-written"
    REVOCATION_LATE = "revocation-late"
    EXECUTION_STARTED = "execution-started"
    INSTANT_IRREVOCABLE = "instant-irrevocable"
    INITIATION_IRREVOCABLE = "initiation-irrevocable"
    REVERSAL_GROUND = "reversal-ground"
    START_NOT_OFFERED = "start-not-offered"
    ORDER_STANDS = "order-stands"
    RATE_MISSING = "exchange-rate-missing"
    RATE_NOT_AGREED = "rate-not-agreed"


class Ground(StrEnum):
    """The grounds of a refusal that the text names; `terms` is what the agreement itself does not offer."""

    FUNDS = "funds"
    MATERIAL_ERROR = "material-error"
    LAW = "law"
    TERMS = "terms"


_MATERIAL_ERRORS = frozenset(
    {
        Reason.AMOUNT_INVALID,
        Reason.MISSING_FIELD,
        Reason.IBAN_INVALID,
        Reason.BIC_INVALID,
        Reason.BIC_DOES_NOT_FIT,
        Reason.SAME_ACCOUNT,
        Reason.DATE_PAST,
        Reason.SCHEDULE_INVALID,
        Reason.SIGNATURE_MISSING,
    }
)


@rule("BRED-3.1-15", "BNC-6.2.1-1")
def ground_of(reason: Reason) -> Ground:
    """An order may be refused notably for lack of funds, a material error, or a provision of the law."""
    if reason is Reason.INSUFFICIENT_FUNDS:
        return Ground.FUNDS
    if reason in _MATERIAL_ERRORS:
        return Ground.MATERIAL_ERROR
    if reason in (Reason.LEGAL_PROVISION, Reason.ACCOUNT_UNAVAILABLE):
        return Ground.LAW
    return Ground.TERMS


class NoticeContent(msgspec.Struct, frozen=True):
    """What the notice of a refusal says:

    whether it gives the reason, and the correction of a material error.
    """

    reason: bool
    correction: bool


@rule("BRED-3.1-16", "BNC-6.2.1-2")
def notice_due(
    refused_at: datetime, terms: RefusalNotice, calendar: Calendar, zone: ZoneInfo, *, notice_binds: bool
) -> Deadline | None:
    """As soon as possible and at the latest at the end of the first business day after the refusal.

    notice_binds: the regime of the operation gives that duty (`duty_applies(Duty.REFUSAL_NOTICE, …)`); else
    None.
    """
    if not notice_binds:
        return None
    return deadline(refused_at, terms.delay_business_days.value, Unit.BUSINESS_DAY, calendar, zone=zone)


@rule("BRED-3.1-16", "BNC-6.2.1-3")
def notice_content(reason: Reason, terms: RefusalNotice, *, may_tell: bool) -> NoticeContent:
    """The reason and, for a material error, the correction; neither where the law forbids to tell."""
    silent = terms.withheld_when_unlawful.value and not may_tell
    told = terms.gives_reason.value and not silent
    mend = terms.gives_correction.value and not silent and ground_of(reason) is Ground.MATERIAL_ERROR
    return NoticeContent(told, mend)


def law_lets_tell(reason: Reason) -> bool:
    """Whether the customer may be told why: a provision of the law may itself forbid to say more."""
    return reason is not Reason.LEGAL_PROVISION


@rule("BRED-3.1-17", "BNC-6.2.1-4")
def reception_that_counts(received_at: Instant | None, *, refused: bool) -> Instant | None:
    """A refused order is deemed not received: no reception, so no execution clock and no liability.

    Corrected and given again, it is received when it comes again.
    """
    return None if refused else received_at


@rule("BNC-6-2")
def instrument_refusal(instrument: str, terms: Refusal) -> Reason | None:
    """Bills of exchange, promissory notes and the like are neither issued nor collected."""
    return Reason.INSTRUMENT_EXCLUDED if instrument in terms.excluded_instruments.value else None
