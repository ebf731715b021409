"""The calendars of the two agreements, from their own files: BRED in Paris, BNC in Nouméa."""

from teneur.agreements.loader import DATA, load_agreement
from teneur.agreements.terms.calendar import calendars
from teneur.kernel.calendars import Calendars
from teneur.kernel.clock import zone


def _calendars_of(agreement_id: str) -> Calendars:
    agreement = load_agreement(DATA / agreement_id)
    return calendars(agreement.calendar, agreement.currency)


BRED, BNC = _calendars_of("bred-2022-06"), _calendars_of("bnc-2026-04")
PARIS, NOUMEA = zone("Europe/Paris"), zone("Pacific/Noumea")
