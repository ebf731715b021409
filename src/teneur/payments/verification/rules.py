"""What another bank is told about a payee: as little as answers its question."""

from collections.abc import Iterable
from typing import Final

import msgspec

from teneur.payments.transfers.rules.payee import PayeeCheck, Verification, verify_here
from teneur.payments.verification.wire import MATCHED_NAME_LETTERS, Code

_CODES: Final = {
    PayeeCheck.MATCH: Code.MATCH,
    PayeeCheck.CLOSE_MATCH: Code.CLOSE_MATCH,
    PayeeCheck.NO_MATCH: Code.NO_MATCH,
    PayeeCheck.NOT_AVAILABLE: Code.NOT_POSSIBLE,
}


class Told(msgspec.Struct, frozen=True, omit_defaults=True):
    """The answer. matched_name: of a close match only."""

    code: Code
    matched_name: str = ""


def told_to_bank(name: str, holders: Iterable[tuple[str, str]], *, answers: bool) -> Told:
    """The answer about a name, with the holder's name on a close match and never else.

    answers: whether the account is a customer's of this bank and runs. An account that is closed, the bank's
    own or nobody's gets one and the same answer, and so does an identifier, of which this bank keeps none.
    holders: pairs of the registered name and the family name within it.
    """
    if not answers or not name:
        return Told(Code.NOT_POSSIBLE)
    found: Verification = verify_here(name, holders)
    return Told(_CODES[found.outcome], found.shown_name[:MATCHED_NAME_LETTERS])
