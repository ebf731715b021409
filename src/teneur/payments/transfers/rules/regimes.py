"""Which law governs an operation, and which of its rules are then switched off."""

from enum import StrEnum

from teneur.agreements.parameters import Parameter
from teneur.agreements.terms.transfers import Regime, RegimeCase, Regimes
from teneur.kernel.rules import rule
from teneur.payments.transfers.rules.geography import Geography


class Duty(StrEnum):
    """A rule of payment services that a regime may leave out; its value is the article (CMF)."""

    REFUSAL_NOTICE = "L133-10"
    FULL_AMOUNT = "L133-11"
    DELAY_OF_OTHER_OPERATIONS = "L133-12"
    MAXIMUM_EXECUTION_TIME = "L133-13 I"
    PAYEE_CREDIT = "L133-13 II"
    VALUE_DATE_OF_CREDIT = "L133-14 I"
    AVAILABILITY = "L133-14 II"
    EXECUTION_LIABILITY = "L133-22"


ALL_ARTICLES = "all"


@rule(
    "BRED-PREL-9", "BRED-PREL-10", "BRED-PREL-11", "BRED-PREL-12", "BNC-DEF-8", "BNC-DEF-11", law="CMF L133-1"
)
def regime_of(
    currency: str,
    payer_place: str,
    payee_place: str,
    terms: Regimes,
    eea_currencies: frozenset[str],
    geography: Geography,
) -> Regime:
    """The first case that fits the currency and the places of both banks; outside if none does.

    Frozen on the operation when it is created. Never asked for cheques, bills or cash between persons.
    """
    for case in terms.cases.values():
        if _currency_fits(currency, case.currencies.value, eea_currencies) and _places_fit(
            payer_place, payee_place, case, geography
        ):
            return case.regime.value
    return Regime.OUTSIDE


@rule("BRED-PREL-10", "BRED-PREL-11", "BNC-DEF-8", "BNC-DEF-11", law="CMF L133-1")
def duty_applies(duty: Duty, regime: Regime, terms: Regimes) -> bool:
    """A duty binds unless its article, or the article of which it is a part, is left out for the regime."""
    excluded = excluded_articles(regime, terms).value
    return (
        ALL_ARTICLES not in excluded and duty.value not in excluded and duty.value.split()[0] not in excluded
    )


def excluded_articles(regime: Regime, terms: Regimes) -> Parameter[frozenset[str]]:
    """The articles that a regime leaves out; a regime the agreement does not know is outside the chapter."""
    return terms.excluded_articles.get(regime) or terms.excluded_articles[Regime.OUTSIDE]


def _currency_fits(currency: str, allowed: tuple[str, ...], eea_currencies: frozenset[str]) -> bool:
    in_eea = currency in eea_currencies
    return any(
        word in (currency, "any") or (word == "eea" and in_eea) or (word == "non-eea" and not in_eea)
        for word in allowed
    )


def _places_fit(payer_place: str, payee_place: str, case: RegimeCase, geography: Geography) -> bool:
    pairs = ((payer_place, payee_place), (payee_place, payer_place))
    return any(
        geography.belongs(one, case.one.value)
        and geography.belongs(other, case.other.value)
        and not geography.belongs(other, case.excluding.value)
        for one, other in (pairs[:1] if case.directed.value else pairs)
    )
