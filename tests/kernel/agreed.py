"""The calendars of the two agreements, from their own files: BRED in Paris, BNC in Nouméa."""

from functools import cache

from teneur.agreements.loader import DATA, load_agreement
from teneur.agreements.terms.calendar import calendars
from teneur.kernel.calendars import Calendars
from teneur.kernel.clock import zone

PARIS, NOUMEA = zone("Europe/Paris"), zone("Pacific/Noumea")


@cache
def bred() -> Calendars:
    """The calendars of the BRED agreement."""
    return _calendars_of("bred-2022-06")


@cache
def bnc() -> Calendars:
    """The calendars of the BNC agreement."""
    return _calendars_of("bnc-2026-04")


def _calendars_of(agreement_id: str) -> Calendars:
    agreement = load_agreement(DATA / agreement_id)
    return calendars(agreement.calendar, agreement.currency)
