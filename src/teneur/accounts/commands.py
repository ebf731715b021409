"""What may be asked about accounts. Staff asks; the subject is the account, once there is one."""

from datetime import date
from typing import Any

import msgspec

from teneur.agreements.terms.agreement import PartyKind, Purpose
from teneur.kernel.commands import Ask
from teneur.ledger.account import AccountKind


class OpenAccount(Ask, frozen=True, kw_only=True, omit_defaults=True):
    """Open a deposit account; the subject is (book, number 0).

    series: the bank's line of editions ("bred-account"); the one in force governs, unless
    `specific_agreement` names another edition. authentication: id of the authentication agreement, or empty.
    branch: the five digits of the branch that keeps it. particular: dotted parameter path -> value, from the
    particular terms. switched_on: channels, by number, that a specific agreement of the customer adds.
    """

    kind: AccountKind
    holders: tuple[int, ...]
    currency: str
    series: str
    branch: str
    authentication: str = ""
    specific_agreement: str | None = None
    party: PartyKind = PartyKind.NATURAL_PERSON
    purpose: Purpose = Purpose.PRIVATE
    particular: dict[str, Any] = msgspec.field(default_factory=dict)
    label: str = ""
    switched_on: tuple[int, ...] = ()


class SetOverdraft(Ask, frozen=True, kw_only=True, omit_defaults=True):
    """Authorise an open-ended overdraft up to a limit from today on, whatever there was (0: none any more).

    requested_by: the holder who obtains it; also_requested_by: co-holders who ask with them. The overdrafts
    decide it; all that can be agreed of an authorisation stands in their own commands.
    """

    limit_minor: int
    requested_by: int
    approved_by: int
    also_requested_by: tuple[int, ...] = ()


class MoveToAgreement(Ask, frozen=True, kw_only=True, omit_defaults=True):
    """Put the account under another edition, other particular terms or channels, from a day on."""

    agreement: str
    valid_from: date
    particular: dict[str, Any] = msgspec.field(default_factory=dict)
    switched_on: tuple[int, ...] = ()


class SetUnavailable(Ask, frozen=True, kw_only=True):
    """Make a sum of the balance unavailable, or free it: the whole sum as it is to stand from now on."""

    unavailable_minor: int
    reason: str
    approved_by: int


class ChangeBranch(Ask, frozen=True, kw_only=True):
    """Let another branch keep the account; its number and its IBAN stay."""

    branch: str
