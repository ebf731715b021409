"""Which terms govern: edition by date, version of a contract, rank of overrides, eligible parties."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from teneur.agreements.terms.agreement import AgreementTerms, PartyKind, Purpose
from teneur.agreements.terms.countries import CountrySet, CountryTerms
from teneur.kernel.rules import rule


@dataclass(frozen=True)
class Edition:
    """One edition of a series. from_date: first day in force; until: first day no longer (None: open)."""

    agreement: str
    series: str
    from_date: date
    until: date | None = None


@dataclass(frozen=True)
class ContractVersion:
    """An agreement that a contract is under, from the day it was signed for the account on."""

    agreement: str
    from_date: date


@rule("BRED-PREAMB-1", "BNC-SCOPE-1")
def is_eligible(party: PartyKind, purpose: Purpose, terms: AgreementTerms) -> bool:
    """The agreement is only for natural persons who do not act for professional needs."""
    eligible = terms.eligible_party
    return party in eligible.kinds.value and purpose in eligible.purposes.value


@rule("BNC-HEAD-1")
def edition_in_force(editions: Sequence[Edition], series: str, on_date: date) -> Edition | None:
    """The edition of a series in force on a date: the latest that has begun and not ended."""
    in_force = [
        e
        for e in editions
        if e.series == series and e.from_date <= on_date and (e.until is None or on_date < e.until)
    ]
    return max(in_force, key=lambda e: e.from_date, default=None)


@rule("BNC-SCOPE-5")
def agreement_of_new_account(edition: Edition | None, specific: str | None) -> str | None:
    """Every deposit account is under the bank's agreement, unless a specific provision names another."""
    if specific is not None:
        return specific
    return None if edition is None else edition.agreement


@rule("BNC-SCOPE-6")
def version_of_operation(
    versions: Sequence[ContractVersion], concluded_on: date, *, retroactive: bool
) -> ContractVersion | None:
    """The version an operation is under: the latest signed by the day it was concluded.

    A new version governs only operations concluded from its date on, unless it says that it is retroactive.
    """
    known = [v for v in versions if retroactive or v.from_date <= concluded_on]
    return max(known, key=lambda v: v.from_date, default=None)


@rule("BRED-PREAMB-4", "BNC-SCOPE-4")
def winning_layer(precedence: Sequence[str], having: Sequence[str]) -> str:
    """The rank whose value holds: the most particular of those there are, else the agreement itself."""
    return min(having, key=precedence.index, default=precedence[-1])


@rule("BRED-11.1-1", "BNC-12.1-1")
def ends_on(opened_on: date, terms: AgreementTerms) -> date | None:
    """The day the agreement ends by itself: none, it is for an indefinite term."""
    if terms.term_months.value is None:
        return None
    return _months_after(opened_on, terms.term_months.value)


@rule("BNC-DEF-2")
def in_eea(country: str, on_date: date, terms: CountryTerms) -> bool:
    """European Union members plus Iceland, Liechtenstein and Norway."""
    return is_member(country, on_date, terms.european_union) or is_member(country, on_date, terms.eea_others)


@rule("BRED-PREL-5", "BNC-DEF-3")
def in_sepa(country: str, on_date: date, terms: CountryTerms) -> bool:
    """The SEPA area of the text: the EEA, French territories outside the Pacific, countries it lists."""
    if is_member(country, on_date, terms.sepa_excluded):
        return False
    sets = (terms.european_union, terms.eea_others, terms.french_territories, terms.sepa_others)
    return any(is_member(country, on_date, countries) for countries in sets)


def is_member(country: str, on_date: date, countries: CountrySet) -> bool:
    """Whether a country (ISO 3166) belongs to a set on a date."""
    dated = [m for m in countries.dated.value if m.country == country]
    if not dated:
        return country in countries.members.value
    return any(
        (m.since is None or m.since <= on_date) and (m.until is None or on_date < m.until) for m in dated
    )


def _months_after(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
