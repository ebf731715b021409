"""Places and sets of places: where the bank that keeps an account is, and what that place belongs to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import msgspec

from teneur.agreements.rules import in_eea, in_sepa, is_member
from teneur.agreements.terms.countries import CountryTerms


class Bank(msgspec.Struct, frozen=True):
    """The bank that keeps an account, as far as the rules ask.

    place: ISO 3166 code of where it keeps the account (NC, not FR, in Nouméa). own: it is this bank.
    com_pacific: it adheres to a clearing that SEPA COM Pacifique reaches. instant: it takes instant
    transfers.
    """

    place: str
    own: bool = False
    com_pacific: bool = False
    instant: bool = False


@dataclass(frozen=True, slots=True)
class Geography:
    """The country sets of an agreement on a date."""

    countries: CountryTerms
    on_date: date

    def belongs(self, place: str, sets: Iterable[str]) -> bool:
        """Whether the place is named, or is in a set named by a word (`PLACE_WORDS` of the terms)."""
        return any(name == place or self._in_set(place, name) for name in sets)

    def in_eea(self, place: str) -> bool:
        """European Economic Area."""
        return in_eea(place, self.on_date, self.countries)

    def in_sepa(self, place: str) -> bool:
        """SEPA area as the agreement defines it."""
        return in_sepa(place, self.on_date, self.countries)

    def in_euro_area(self, place: str) -> bool:
        """States whose currency is the euro."""
        return is_member(place, self.on_date, self.countries.euro_area)

    def in_french_republic(self, place: str) -> bool:
        """Any part of the French Republic."""
        return is_member(place, self.on_date, self.countries.french_republic)

    def _in_set(self, place: str, name: str) -> bool:
        match name:
            case "any":
                return True
            case "eea":
                return self.in_eea(place)
            case "sepa":
                return self.in_sepa(place)
            case "pacific":
                return is_member(place, self.on_date, self.countries.pacific)
            case "french-republic":
                return self.in_french_republic(place)
        return False
