"""What an order must state: mandatory fields, the payee's identifier, the BIC and when it is waived."""

from collections.abc import Collection
from typing import Protocol

import msgspec

from teneur.agreements.terms.transfers import BicAdvice, Field, Identifiers, Regime, TransferClass
from teneur.kernel.identifiers import IdentifierError, bic_fits_iban, is_valid_iban, parse_bic, parse_iban
from teneur.kernel.rules import rule
from teneur.payments.transfers.rules.geography import Geography
from teneur.payments.transfers.rules.refusal import Reason

_UNIQUE = frozenset({Field.PAYEE_IBAN, Field.PAYEE_RIB})


class Identified(Protocol):
    """What an order states of the payee's account."""

    @property
    def iban(self) -> str:
        """Electronic form; empty: not given."""
        ...

    @property
    def rib(self) -> str:
        """23 characters."""
        ...

    @property
    def account_number(self) -> str:
        """Of an account without IBAN."""
        ...


class Advice(msgspec.Struct, frozen=True):
    """warn:

    tell that the order may be rejected. needs_acceptance: go on only if the customer takes that risk.
    """

    warn: bool
    needs_acceptance: bool = False


@rule(
    "BRED-A3-2.1.1-1", "BRED-A3-2.1.1-2", "BRED-A3-2.1.1-5", "BNC-6.1.3.1-1", "BNC-6.1.3.1-2", "BNC-6.1.3.3-2"
)
def missing_fields(
    given: Collection[Field], transfer_class: TransferClass, terms: Identifiers
) -> tuple[Field, ...]:
    """The mandatory fields that the order lacks; it is refused, not parked, if there are any."""
    wanted = terms.requirements[transfer_class].fields.value
    return tuple(field for field in wanted if field not in given)


@rule(
    "BRED-3.1-19",
    "BRED-A3-2.1.1-2",
    "BRED-A3-2.1.1-5",
    "BRED-A3-2.1.2-1",
    "BNC-6.1.3.1-4",
    "BNC-6.1.3.2-3",
    "BNC-6.1.3.3-2",
    "BNC-6.2.1-6",
)
def payee_account_missing(
    given: Collection[Field], transfer_class: TransferClass, regime: Regime, terms: Identifiers
) -> tuple[Field, ...]:
    """What lacks of the payee's account: nothing if one of the alternatives is complete.

    Else the fields of the best one. Some regimes take no replacement of the unique identifier.
    """
    alternatives = _alternatives(terms.requirements[transfer_class].payee_account.value)
    if regime in terms.strict_regimes.value:
        alternatives = [a for a in alternatives if a <= _UNIQUE] or alternatives
    return _lacking(given, alternatives)


@rule("BRED-3.1-19", "BRED-A3-2.1.1-5", "BNC-6.1.3.1-4", "BNC-6.1.3.3-2", "BNC-6.2.1-6")
def payee_bank_missing(
    given: Collection[Field],
    transfer_class: TransferClass,
    regime: Regime,
    terms: Identifiers,
    *,
    waived: bool,
) -> tuple[Field, ...]:
    """What lacks of the payee's bank:

    its BIC, or its name where that may replace it; nothing where waived.
    """
    if waived:
        return ()
    alternatives = _alternatives(terms.requirements[transfer_class].payee_bank.value)
    if regime in terms.strict_regimes.value:
        alternatives = [frozenset({Field.PAYEE_BIC})]
    return _lacking(given, alternatives)


@rule("BRED-3.1-20", "BNC-6.2.1-7")
def bic_waived(
    given: Collection[Field],
    transfer_class: TransferClass,
    places: tuple[str, str],
    terms: Identifiers,
    geography: Geography,
) -> bool:
    """Domestic and, in SEPA, cross-border orders need only the IBANs (or the RIB that an IBAN is made of)."""
    return (
        transfer_class in terms.bic_waived_classes.value
        and not _UNIQUE.isdisjoint(given)
        and all(geography.belongs(place, terms.bic_waived_within.value) for place in places)
    )


@rule("BRED-A3-2.1.1-1", "BRED-A3-2.1.1-2", "BRED-A3-2.1.2-1", "BNC-6.1.3.2-3")
def identifier_problem(iban: str, bic: str = "") -> Reason | None:
    """A wrong IBAN (key included), a wrong BIC or a pair that cannot belong together:

    refused as a material error.
    """
    if iban and not is_valid_iban(iban):
        return Reason.IBAN_INVALID
    if not bic:
        return None
    try:
        parsed = parse_bic(bic)
    except IdentifierError:
        return Reason.BIC_INVALID
    return Reason.BIC_DOES_NOT_FIT if iban and not bic_fits_iban(parsed, parse_iban(iban)) else None


@rule("BRED-A3-2.1.1-8", "BNC-6.1.3.4-2")
def com_pacific_advice(iban: str, bic: str, terms: Identifiers) -> Advice:
    """A BIC of PF, NC, WF or FR with an FR IBAN is recommended, else the order may be rejected.

    It is never refused on this ground alone; an agreement may ask that the customer accept the risk.
    """
    fits = bic[4:6] in terms.advised_bic_countries.value and iban[:2] == terms.advised_iban_country.value
    if fits:
        return Advice(warn=False)
    return Advice(warn=True, needs_acceptance=terms.bic_advice.value is BicAdvice.WARN_AND_ACCEPT)


@rule("BNC-6.2.2.1-5")
def executed_to(given: Identified, payee_name: str) -> str:
    """The account the order is executed to:

    the identifier decides, whatever name or other detail comes with it.
    """
    return given.iban or given.rib or given.account_number


def _alternatives(texts: Collection[str]) -> list[frozenset[Field]]:
    return [frozenset(Field(name) for name in text.split("+")) for text in texts]


def _lacking(given: Collection[Field], alternatives: list[frozenset[Field]]) -> tuple[Field, ...]:
    if not alternatives or any(a <= set(given) for a in alternatives):
        return ()
    return tuple(sorted(alternatives[0] - set(given)))
