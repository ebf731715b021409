"""From the issuer's key to the key of one code: card key, then session key.

Sources: EMV Book 2, A1.4.1 (option A), A1.3.1 (common session key derivation; version 4.1 for the tree).
"""

import re
from collections.abc import Callable
from typing import Final

import msgspec

from teneur.authentication.cap.ciphers import BLOCK_BYTES, KEY_BYTES, encrypt_blocks, odd_parity, xor
from teneur.kernel.rules import rule

LAST_COUNTER: Final = 0xFFFF
_PAN = re.compile(r"\d{8,19}", re.ASCII)
_SEQUENCE = re.compile(r"\d{2}", re.ASCII)

Encrypt = Callable[[bytes], bytes]  # whole blocks under the issuer's key, wherever it lives


class CardName(msgspec.Struct, frozen=True, order=True):
    """What names a card to its issuer. pan: 8 to 19 digits; sequence: two digits (PSN, tag 5F34)."""

    pan: str
    sequence: str = "00"

    def __post_init__(self) -> None:
        if not _PAN.fullmatch(self.pan):
            raise ValueError("a card number has 8 to 19 digits")
        if not _SEQUENCE.fullmatch(self.sequence):
            raise ValueError("a card sequence number has two digits, such as 00")


class CommonSession(msgspec.Struct, frozen=True, tag="common"):
    """Common session key derivation: the counter alone makes the key of the code."""

    def session_key(self, card_key: bytes, counter: int) -> bytes:
        """16 bytes of odd parity."""
        rest = bytes(BLOCK_BYTES - 3)
        head = counter_bytes(counter)
        return common_session_key(card_key, head + b"\x00" + rest)


class TreeSession(msgspec.Struct, frozen=True, tag="tree"):
    """The tree of EMV 4.1. branches: b, children of a key; height: H, levels; start: IV, 16 bytes.

    With fewer than 65,536 leaves (b ** H) several counters share a key; `covers_all_counters` tells.
    """

    branches: int = 4
    height: int = 8
    start: bytes = bytes(KEY_BYTES)

    def __post_init__(self) -> None:
        if not 2 <= self.branches <= 255 or not 1 <= self.height <= 16:
            raise ValueError("a tree of session keys has 2 to 255 branches and 1 to 16 levels")
        if len(self.start) != KEY_BYTES:
            raise ValueError(f"the start of a tree of session keys has {KEY_BYTES} bytes")

    @property
    def covers_all_counters(self) -> bool:
        """Whether each counter has a key of its own."""
        return int(self.branches**self.height) > LAST_COUNTER

    def session_key(self, card_key: bytes, counter: int) -> bytes:
        """16 bytes of odd parity."""
        number = int.from_bytes(counter_bytes(counter), "big")
        steps = [number // self.branches**level for level in range(self.height)]
        parent, grandparent = card_key, self.start
        for step in reversed(steps[1:]):
            parent, grandparent = self._child(parent, grandparent, step), parent
        return odd_parity(xor(self._child(parent, grandparent, steps[0]), grandparent))

    def _child(self, parent: bytes, grandparent: bytes, step: int) -> bytes:
        turn = (step % self.branches).to_bytes(BLOCK_BYTES, "big")
        right_turn = xor(turn, bytes(BLOCK_BYTES - 1) + b"\xf0")
        return encrypt_blocks(parent, xor(grandparent, turn + right_turn))


Session = CommonSession | TreeSession


@rule("CAP-2b-11", law="Règlement délégué (UE) 2018/389, art. 4")
def session_key(session: Session, card_key: bytes, counter: int) -> bytes:
    """The key of one code alone, 16 bytes: it comes from the card's secret key, never from other codes."""
    return session.session_key(card_key, counter)


def card_key_option_a(encrypt: Encrypt, card: CardName) -> bytes:
    """The card's key, 16 bytes of odd parity, from the last 16 digits of number and sequence.

    Option B (SHA-1 of longer numbers) is not supported: a number beyond 16 digits is derived by option A
    too, as EMV allows the issuer to choose.
    """
    data = bytes.fromhex((card.pan + card.sequence)[-2 * BLOCK_BYTES :].zfill(2 * BLOCK_BYTES))
    return odd_parity(encrypt(data + xor(data, b"\xff" * BLOCK_BYTES)))


def common_session_key(card_key: bytes, diversifier: bytes) -> bytes:
    """EMV common session key derivation. diversifier: R, 8 bytes; its third byte is overwritten."""
    if len(diversifier) != BLOCK_BYTES:
        raise ValueError(f"the diversifier of a session key has {BLOCK_BYTES} bytes")
    left = diversifier[:2] + b"\xf0" + diversifier[3:]
    right = diversifier[:2] + b"\x0f" + diversifier[3:]
    return odd_parity(encrypt_blocks(card_key, left + right))


def counter_bytes(counter: int) -> bytes:
    """The application transaction counter (ATC, tag 9F36) in two bytes. ValueError outside 0 to 65535."""
    if not 0 <= counter <= LAST_COUNTER:
        raise ValueError(f"a card's counter is between 0 and {LAST_COUNTER}, not {counter}")
    return counter.to_bytes(2, "big")
