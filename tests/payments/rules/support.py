"""Both banks' agreements as they ship, and the few things every test of a transfer rule needs."""

from datetime import UTC, date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from teneur.agreements.agreement import Agreement
from teneur.agreements.loader import load_agreements
from teneur.agreements.terms.calendar import calendars
from teneur.agreements.terms.transfers import TransfersTerms
from teneur.kernel.calendars import Calendars
from teneur.payments.transfers.rules.geography import Bank, Geography
from teneur.payments.transfers.rules.plan import Plans

PARIS = ZoneInfo("Europe/Paris")
NOUMEA = ZoneInfo("Pacific/Noumea")
THURSDAY = date(2026, 4, 16)  # an ordinary day in both places
FRIDAY = date(2026, 4, 17)
SATURDAY = date(2026, 4, 18)
MONDAY = date(2026, 4, 20)
EVE_OF_EASTER = date(2026, 4, 2)  # Thursday before Good Friday, a TARGET closing day
AFTER_EASTER = date(2026, 4, 7)  # Tuesday: Good Friday, weekend and Easter Monday are closed

BRED_BANK = Bank("FR", own=True, instant=True)
FRENCH_BANK = Bank("FR", com_pacific=True, instant=True)
GERMAN_BANK = Bank("DE", instant=True)
AMERICAN_BANK = Bank("US")
BNC_BANK = Bank("NC", own=True)
NOUMEA_BANK = Bank("NC", com_pacific=True)


@cache
def _agreements() -> dict[str, Agreement]:
    return {agreement.id: agreement for agreement in load_agreements()}


def bred() -> Agreement:
    return _agreements()["bred-2022-06"]


def bnc() -> Agreement:
    return _agreements()["bnc-2026-04"]


def terms(agreement: Agreement) -> TransfersTerms:
    return agreement.transfers


@cache
def days(agreement: Agreement) -> Calendars:
    return calendars(agreement.calendar, agreement.currency)


@cache
def plans(agreement: Agreement) -> Plans:
    return Plans(agreement, days(agreement))


def geography(agreement: Agreement, on: date = THURSDAY) -> Geography:
    return Geography(agreement.countries, on)


def paris(day: date, text: str) -> datetime:
    """A local time in Paris as an instant: paris(THURSDAY, "12:00:00.000001")."""
    return datetime.fromisoformat(f"{day.isoformat()}T{text}").replace(tzinfo=PARIS).astimezone(UTC)


def noumea(day: date, text: str) -> datetime:
    """A local time in Nouméa as an instant."""
    return datetime.fromisoformat(f"{day.isoformat()}T{text}").replace(tzinfo=NOUMEA).astimezone(UTC)
