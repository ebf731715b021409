"""What the bank must tell the customer, and by when."""

from dataclasses import dataclass

from teneur.agreements.parameters import Parameter


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
class NoticeTerms:
    """`notices.toml`."""

    refusal: RefusalNotice
