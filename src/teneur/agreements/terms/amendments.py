"""What the contract is made of, how it is changed, and which services a specific agreement adds."""

from dataclasses import dataclass
from enum import StrEnum

from teneur.agreements.parameters import Parameter
from teneur.agreements.terms.agreement import Title
from teneur.kernel.commands import Channel


class ComponentKind(StrEnum):
    """A part of the contract. Kept as evidence: never rename."""

    GENERAL = "general-terms"
    ANNEXES = "annexes"
    PARTICULAR = "particular-terms"
    TARIFF = "tariff"
    PRODUCT = "product-terms"
    AUTHENTICATION = "authentication"


class DraftMedium(StrEnum):
    """How the draft of an amendment reaches the customer. Stored: never rename."""

    LETTER = "letter"
    STATEMENT = "statement"  # a line on it
    SECURE_MESSAGE = "secure-message"  # in the web space, where it stays
    EMAIL = "e-mail"


class Silence(StrEnum):
    """What no objection until the application date means."""

    ACCEPTANCE = "acceptance"
    REFUSAL = "refusal"


@dataclass(frozen=True)
class Termination:
    """What leaving costs whoever refuses an amendment, in minor units: the agreement, or one service."""

    price_minor: Parameter[int]
    service_price_minor: Parameter[int]


@dataclass(frozen=True)
class ServiceTerms:
    """A payment service that is switched on or off for an account.

    covered: by this edition itself; false: only a separate agreement of the customer covers it. channels:
    what it adds to the channels of the account. offers: dotted paths of parameters that it makes true.
    """

    name: Title
    covered: Parameter[bool]
    channels: Parameter[tuple[Channel, ...]]
    offers: Parameter[tuple[str, ...]]


@dataclass(frozen=True)
class AmendmentTerms:
    """`amendments.toml`.

    components: what the contract is the set of. annexes: names of those of the general terms.
    notice_months: from the sending of the draft to the first possible application date. media: on which it
    may be sent. bound_without_termination: a refusal alone does not keep the old terms. legal_notice_months:
    from the entry into force of a law to the application of what it imposes. tariff_by_notice: a new tariff
    goes the same way. services: by stable code.
    """

    components: Parameter[tuple[ComponentKind, ...]]
    annexes: Parameter[tuple[str, ...]]
    notice_months: Parameter[int]
    media: Parameter[tuple[DraftMedium, ...]]
    silence: Parameter[Silence]
    termination: Termination
    bound_without_termination: Parameter[bool]
    legal_notice_months: Parameter[int]
    tariff_by_notice: Parameter[bool]
    services: dict[str, ServiceTerms]
