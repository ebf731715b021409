"""Cash paid in."""

from dataclasses import dataclass
from enum import StrEnum

from teneur.agreements.parameters import Parameter


class CashForm(StrEnum):
    """What cash is made of."""

    BANKNOTES = "banknotes"
    COINS = "coins"


class CashCutOff(StrEnum):
    """Until when cash paid in at the counter counts as received that day."""

    BRANCH_CLOSING = "branch-closing"
    NONE = "no-cut-off"


@dataclass(frozen=True)
class CashTerms:
    """`cash.toml`.

    revocable: whether consent to a deposit can be withdrawn once the bank has received it.
    late_shift_business_days: business days by which a deposit after the cut-off, or on a closed day, is
    received later. available_offset_days, value_offset_days: days from reception to availability, and to the
    value date, in the currency of the account.
    """

    accepted: Parameter[tuple[CashForm, ...]]
    revocable: Parameter[bool]
    counter_cut_off: Parameter[CashCutOff]
    late_shift_business_days: Parameter[int]
    available_offset_days: Parameter[int]
    value_offset_days: Parameter[int]
