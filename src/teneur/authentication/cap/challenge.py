"""The challenge of a transaction: 8 digits that are another number if the amount or the payee is another."""

from collections.abc import Callable, Iterator
from typing import Final

import msgspec

from teneur.authentication.cap.rules import CHALLENGE_DIGITS, Purpose, written_challenge
from teneur.kernel.canonical import canonical
from teneur.kernel.rules import rule

NONCE_BYTES: Final = 16
_DOMAIN: Final = "teneur/cap/challenge/1"
_WORD_BYTES: Final = 4
_RANGE: Final = 10**CHALLENGE_DIGITS
_FAIR_BELOW: Final = (1 << 8 * _WORD_BYTES) // _RANGE * _RANGE  # beyond, some digits would be likelier

Mac = Callable[[bytes], bytes]


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What the user sees and agrees to. operation: its id. payee_account: IBAN or number as shown.

    For a login amount, currency and payee are zero and empty.
    """

    purpose: Purpose
    operation: str
    amount_minor: int = 0
    currency: str = ""
    payee_account: str = ""


@rule("CAP-2b-5", law="Règlement délégué (UE) 2018/389, art. 5")
def challenge_of(order: Order, nonce: bytes, mac: Mac) -> str:
    """The code is bound to one transaction: its challenge is a keyed hash of all that the user agrees to.

    8 digits, each number equally likely: words of the hash that would favour some are passed over.
    nonce: 16 bytes, new for each challenge; ValueError if it has another length.
    """
    if len(nonce) != NONCE_BYTES:
        raise ValueError(f"the nonce of a challenge has {NONCE_BYTES} bytes")
    message = canonical({"order": msgspec.to_builtins(order), "nonce": nonce.hex(), "domain": _DOMAIN})
    return written_challenge(next(word % _RANGE for word in _words(message, mac) if word < _FAIR_BELOW))


def _words(message: bytes, mac: Mac) -> Iterator[int]:
    round_number = 0
    while True:
        digest = mac(round_number.to_bytes(4, "big") + message)
        for start in range(0, len(digest), _WORD_BYTES):
            yield int.from_bytes(digest[start : start + _WORD_BYTES], "big")
        round_number += 1
