"""What the bank must tell the customer, by when, and by which media."""

from dataclasses import dataclass
from enum import StrEnum

from teneur.agreements.parameters import Parameter


class Medium(StrEnum):
    """How a notice reaches whoever is told. Stored: never rename."""

    SECURE_MESSAGE = "secure-message"  # in the web space, where it stays
    EMAIL = "e-mail"
    SMS = "sms"
    LETTER = "letter"
    REGISTERED_LETTER = "registered-letter"  # with acknowledgement of receipt


@dataclass(frozen=True)
class RefusalNotice:
    """The notice that a payment order was refused.

    delay_business_days: it is due by the end of this business day after the refusal.
    gives_reason, gives_correction: what it says, the second for a material error.
    withheld_when_unlawful: reason and correction are left out where the law forbids to tell.
    """

    delay_business_days: Parameter[int]
    gives_reason: Parameter[bool]
    gives_correction: Parameter[bool]
    withheld_when_unlawful: Parameter[bool]


@dataclass(frozen=True)
class Paperless:
    """Whether what could come on paper comes electronically.

    by_default: for documents, until the customer says what he wants. documents: kinds of notice that are
    documents; the others are messages, which come electronically unless the customer objected.
    """

    by_default: Parameter[bool]
    documents: Parameter[tuple[str, ...]]


@dataclass(frozen=True)
class NoticeTerms:
    """`notices.toml`.

    media: for each kind of notice the media in order of preference; `other` is for all that are not named.
    Where a decision names a medium because the text does, that one binds. text_names: kinds whose medium the
    text names, so that no choice of the customer changes it. email_allowed: whether information on the
    agreement may come by e-mail. choosable: what a customer may choose as his first medium.
    """

    refusal: RefusalNotice
    media: dict[str, Parameter[tuple[Medium, ...]]]
    text_names: Parameter[tuple[str, ...]]
    email_allowed: Parameter[bool]
    choosable: Parameter[tuple[Medium, ...]]
    paperless: Paperless
