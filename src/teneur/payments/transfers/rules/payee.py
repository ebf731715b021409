"""Verification of payee, before consent:

shown to the payer, kept with what was shown, never a refusal by itself.
"""

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from teneur.kernel.names import NameMatch, best_match
from teneur.kernel.rules import rule


class PayeeCheck(StrEnum):
    """The answer shown to the payer."""

    MATCH = "match"
    CLOSE_MATCH = "close-match"
    NO_MATCH = "no-match"
    NOT_AVAILABLE = "not-available"


class Verification(msgspec.Struct, frozen=True):
    """What was answered. shown_name: the holder's name, for a close match only.

    Of another bank also: its BIC, the id of the question, and why it could not say, if so.
    """

    outcome: PayeeCheck
    asked_name: str
    shown_name: str = ""
    answered_by: str = ""
    request_id: str = ""
    cause: str = ""


@rule("BNC-6.1.3.1-9")
def verify_here(asked_name: str, holders: Iterable[tuple[str, str]]) -> Verification:
    """The name against those on an account of this bank: given and family name, or trade name, in full.

    holders: pairs of the registered name and the family name within it. Without any (another bank keeps the
    account and does not answer) the check is not available.
    """
    names = tuple(holders)
    if not names:
        return Verification(PayeeCheck.NOT_AVAILABLE, asked_name)
    match, name = best_match(asked_name, names)
    shown = name if match is NameMatch.CLOSE_MATCH else ""
    return Verification(PayeeCheck(match.value), asked_name, shown)
