"""What an agreement is: titles, zone and currency, whom and when it governs, what wins over it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from teneur.agreements.parameters import Parameter


class AgreementKind(StrEnum):
    """What a contract can take from an agreement."""

    ACCOUNT = "account"
    AUTHENTICATION = "authentication"


class PartyKind(StrEnum):
    """Who asks for an account."""

    NATURAL_PERSON = "natural-person"
    LEGAL_PERSON = "legal-person"


class Purpose(StrEnum):
    """What the account is for."""

    PRIVATE = "private"
    PROFESSIONAL = "professional"


@dataclass(frozen=True)
class Title:
    """The title for people."""

    fr: Parameter[str]
    en: Parameter[str]


@dataclass(frozen=True)
class Document:
    """The source text: its reference and the place in it where its date stands."""

    reference: Parameter[str]
    edition: Parameter[str]


@dataclass(frozen=True)
class EligibleParty:
    """Whom the agreement may be made with."""

    kinds: Parameter[tuple[PartyKind, ...]]
    purposes: Parameter[tuple[Purpose, ...]]


@dataclass(frozen=True)
class AgreementTerms:
    """`agreement.toml`.

    series: the bank's line of editions that this one belongs to; the latest edition in force is offered.
    effective_from, effective_until: first day, and first day no longer, on which it may be made.
    precedence: ranks of terms, the winning one first; the last is the agreement itself.
    retroactive: whether a new edition also governs operations concluded before the account moved to it.
    term_months: how long the agreement runs from opening; none: no end.
    """

    kind: Parameter[AgreementKind]
    title: Title
    document: Document
    series: Parameter[str]
    zone: Parameter[str]
    currency: Parameter[str]
    effective_from: Parameter[date]
    effective_until: Parameter[date | None]
    eligible_party: EligibleParty
    precedence: Parameter[tuple[str, ...]]
    retroactive: Parameter[bool]
    term_months: Parameter[int | None]
