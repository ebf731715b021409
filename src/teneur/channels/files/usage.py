"""Which usage rules a transfer must keep, of a customer or of another bank: by its currency, and where the
other bank may be.
"""

from datetime import date
from functools import lru_cache

from teneur.agreements.rules import in_sepa, is_member
from teneur.agreements.terms.countries import CountryTerms
from teneur.interbank.payments import InterbankTransfer, Settlement, TransferInstruction
from teneur.interbank.usage import UsageRules, local_xpf, sepa
from teneur.payments.transfers.context import Terms

SEPA = "SEPA"
CLEARING = "CLRG"


def rules_of(transfer: TransferInstruction, terms: Terms, settlement_on: date) -> UsageRules | None:
    """The rules of SEPA (SEPA COM Pacifique included) or of local transfers; None: of no scheme, it goes
    abroad."""
    code = transfer.amount.currency.code
    bic = transfer.creditor_agent.bic if transfer.creditor_agent else ""
    if code == "EUR":
        rules = _sepa(terms, settlement_on)
        said = transfer.payment_type.service_levels if transfer.payment_type else ()
        declared = any(level.code == SEPA for level in said)
        iban = transfer.creditor_account.iban
        inside = iban[:2] in rules.iban_countries and (not bic or bic[4:6] in rules.bic_countries)
        return rules if declared or inside else None
    if code == "XPF" and (not bic or bic[4:6] == terms.home.place):
        return _local(terms.home.place)
    return None


def rules_between_banks(
    transfer: InterbankTransfer, settlement: Settlement, terms: Terms, settlement_on: date
) -> UsageRules | None:
    """The rules that a transfer of another bank came by; None: of no scheme, it came from abroad.

    Of SEPA where it says so, or a clearing settled it between banks of the area; of local transfers where a
    clearing settled it between banks of the place.
    """
    code = transfer.amount.currency.code
    country = transfer.debtor_agent.bic[4:6]
    cleared = settlement.method == CLEARING
    if code == "EUR":
        rules = _sepa(terms, settlement_on)
        said = transfer.payment_type.service_levels if transfer.payment_type else ()
        declared = any(level.code == SEPA for level in said)
        return rules if declared or (cleared and country in rules.bic_countries) else None
    if code == "XPF" and cleared and country == terms.home.place:
        return _local(terms.home.place)
    return None


@lru_cache(maxsize=1_000)
def _sepa(terms: Terms, on: date) -> UsageRules:
    countries = terms.agreement.countries
    area = frozenset(c for c in _named(countries) if in_sepa(c, on, countries))
    pacific = frozenset(c for c in _named(countries) if is_member(c, on, countries.pacific))
    return sepa(area | pacific, area)


@lru_cache(maxsize=100)
def _local(place: str) -> UsageRules:
    return local_xpf(frozenset({place}))


def _named(countries: CountryTerms) -> frozenset[str]:
    """Every country that the agreement names in the sets of SEPA and of the Pacific."""
    sets = (
        countries.european_union, countries.eea_others, countries.french_territories,
        countries.sepa_others, countries.pacific,
    )  # fmt: skip
    return frozenset(c for s in sets for c in (*s.members.value, *(m.country for m in s.dated.value)))
