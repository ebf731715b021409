"""The directory of banks: from an IBAN and a BIC to the bank that keeps the account.

An FR IBAN serves the whole French Republic, so it does not say where the bank is: the directory does (by the
bank code), else the country of the BIC, else mainland France is taken. What the directory does not know is
not reachable by SEPA COM Pacifique nor for instant transfers.

A directory is CSV with a header: `country,bank_code,bic,place,com_pacific,instant`, flags being yes or no.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass

from teneur.kernel.identifiers import IdentifierError, parse_bic, parse_iban
from teneur.payments.transfers.rules.geography import Bank

COLUMNS = ("country", "bank_code", "bic", "place", "com_pacific", "instant")
_FLAGS = {"yes": True, "no": False}


class DirectoryError(ValueError):
    """A row of a directory that cannot be read; the message says which and what is wrong."""


@dataclass(frozen=True, slots=True)
class DirectoryEntry:
    """One bank. country: the country code of its IBANs."""

    country: str
    bank_code: str
    bic: str
    bank: Bank


class Directory:
    """Immutable; found banks are remembered by the front of the IBAN that names them."""

    def __init__(
        self, entries: Iterable[DirectoryEntry] = (), own_codes: Iterable[tuple[str, str]] = ()
    ) -> None:
        """own_codes: (IBAN country, bank code) of this bank; they need an entry only for its place."""
        entries = tuple(entries)
        self._by_code = {(e.country, e.bank_code): e.bank for e in entries}
        self._by_bic = {e.bic[:8]: e.bank for e in entries if e.bic}
        own = frozenset(own_codes)
        self._by_code = {
            key: Bank(bank.place, own=key in own, com_pacific=bank.com_pacific, instant=bank.instant)
            for key, bank in self._by_code.items()
        }
        self._found: dict[tuple[str, str], Bank] = {}

    def bank_of(self, iban: str, bic: str = "") -> Bank:
        """The bank of a valid IBAN in electronic form; a BIC that is not valid is ignored here."""
        front = (iban[:12], bic)
        found = self._found.get(front)
        if found is None:
            found = self._found[front] = self._find(iban, bic)
        return found

    def bank_without_iban(self, bic: str) -> Bank | None:
        """The bank that a BIC alone names, where there is no IBAN; None if the BIC is wrong."""
        place = _place_of(bic)
        return None if place is None else self._by_bic.get(bic[:8]) or Bank(place)

    def _find(self, iban: str, bic: str) -> Bank:
        parsed = parse_iban(iban)
        known = self._by_code.get((parsed.country, parsed.bank_code))
        if known is not None:
            return known
        return Bank(_place_of(bic, iban_country=parsed.country) or parsed.country)


def read_directory(lines: Iterable[str], own_codes: Iterable[tuple[str, str]] = ()) -> Directory:
    """The directory of CSV lines. Raises DirectoryError."""
    reader = csv.DictReader(lines)
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise DirectoryError(
            f"the header must be {','.join(COLUMNS)}, not {','.join(reader.fieldnames or ())}"
        )
    return Directory((_entry(row, number) for number, row in enumerate(reader, start=2)), own_codes)


def _entry(row: dict[str, str], number: int) -> DirectoryEntry:
    try:
        flags = {name: _FLAGS[row[name]] for name in ("com_pacific", "instant")}
    except KeyError as error:
        raise DirectoryError(f"line {number}: {error.args[0]!r} is neither yes nor no") from error
    if not (row["country"] and row["bank_code"] and len(row["place"]) == 2):
        raise DirectoryError(f"line {number}: country, bank code and a place of two letters are needed")
    return DirectoryEntry(row["country"], row["bank_code"], row["bic"], Bank(row["place"], **flags))


def _place_of(bic: str, iban_country: str = "") -> str | None:
    """The country of a BIC; None if it is no BIC, or of another country than the IBAN can belong to."""
    try:
        country = parse_bic(bic).country if bic else None
    except IdentifierError:
        return None
    if country is None or not iban_country or country == iban_country:
        return country
    return country if (iban_country, country) in _SHARED_IBANS else None


_SHARED_IBANS = frozenset(
    [("FR", place) for place in ("BL", "GF", "GP", "MF", "MQ", "NC", "PF", "PM", "RE", "WF", "YT")]
    + [("GB", place) for place in ("GG", "IM", "JE")]
)
