"""The country sets that the text refers to, each with the dates between which a country belongs to it."""

from dataclasses import dataclass
from datetime import date

from teneur.agreements.parameters import Parameter


@dataclass(frozen=True)
class Membership:
    """From when and until when (first day out) a country is in a set; a bound that is not given is open."""

    country: str
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class CountrySet:
    """Countries by ISO 3166 code. `dated` bounds the membership of those that came or went."""

    members: Parameter[tuple[str, ...]]
    dated: Parameter[tuple[Membership, ...]]


@dataclass(frozen=True)
class CountryTerms:
    """`countries.toml`.

    european_union: member states. eea_others: EEA states outside the Union. french_territories: parts of the
    French Republic that have their own code and belong to SEPA with France. pacific: the Pacific territories,
    served by SEPA COM Pacifique. sepa_others: SEPA countries outside the EEA. sepa_excluded: out of SEPA by
    reading. euro_area: states whose currency is the euro. french_republic: codes of all its parts.
    """

    european_union: CountrySet
    eea_others: CountrySet
    french_territories: CountrySet
    pacific: CountrySet
    sepa_others: CountrySet
    sepa_excluded: CountrySet
    euro_area: CountrySet
    french_republic: CountrySet
