"""The issuer proprietary bitmap: which bits of a card's answer become the digits that a reader shows.

A card answers CID ‖ ATC ‖ AC ‖ IAD, after its sequence number (PSN) if its flag (tag 9F55) says so. The
reader keeps the bits under the ones of the bitmap (IPB, tag 9F56) and shows them as one decimal number.
"""

import re
from collections.abc import Iterator
from typing import Final

import msgspec

from teneur.authentication.cap.derivation import counter_bytes

GENUINE_CID: Final = b"\x80"  # an ARQC: the card did not decline
AC_BYTES: Final = 8
_SEQUENCE_FLAG: Final = 0x40
_DIGITS = re.compile(r"\d+", re.ASCII)


class CardAnswer(msgspec.Struct, frozen=True):
    """What a card gives for a code. sequence: PSN, one byte, or none where the flag leaves it out."""

    counter: int
    cryptogram: bytes
    issuer_data: bytes
    cid: bytes = GENUINE_CID
    sequence: bytes = b""

    def written(self) -> bytes:
        """The bytes that the bitmap lies over."""
        if len(self.cryptogram) != AC_BYTES or len(self.cid) != 1:
            raise ValueError(f"a cryptogram has {AC_BYTES} bytes and its information one")
        return self.sequence + self.cid + counter_bytes(self.counter) + self.cryptogram + self.issuer_data


def sequence_flagged(flags: bytes) -> bool:
    """Whether the internet authentication flags (tag 9F55) put the sequence number before the answer."""
    return bool(flags[:1]) and bool(flags[0] & _SEQUENCE_FLAG)


def compress(answer: CardAnswer, bitmap: bytes) -> int:
    """The number that the selected bits make. ValueError if the bitmap selects none, or beyond the answer."""
    written = answer.written()
    if any(bitmap[len(written) :]):
        raise ValueError("the bitmap selects bits beyond the card's answer")
    places = list(selected(bitmap))
    if not places:
        raise ValueError("the bitmap selects no bits: there would be no code")
    number = 0
    for place in places:
        number = number << 1 | bit(written, place)
    return number


def selected(bitmap: bytes) -> Iterator[int]:
    """The places of the ones, from the left, counted from 0."""
    return (place for place in range(8 * len(bitmap)) if bit(bitmap, place))


def bit(data: bytes, place: int) -> int:
    """The bit at a place counted from the left."""
    return data[place // 8] >> (7 - place % 8) & 1


def shown(number: int, digits: int) -> str:
    """The number as a reader shows it, with zeros on the left. ValueError if it needs more digits."""
    text = f"{number:0{digits}d}"
    if len(text) > digits:
        raise ValueError(f"the code has {len(text)} digits and the reader shows {digits}")
    return text


def counter_mask(bitmap: bytes, sequence_first: bool) -> int:
    """Which bits of the counter a code shows, as a mask of 16 bits."""
    start = 2 if sequence_first else 1
    return int.from_bytes(bitmap[start : start + 2].ljust(2, b"\x00"), "big")


def counter_bits(code: str, bitmap: bytes, sequence_first: bool) -> int | None:
    """The bits of the counter in a code, where `counter_mask` has its ones; None if it is no such code."""
    places = list(selected(bitmap))
    if not _DIGITS.fullmatch(code) or int(code) >> len(places):
        return None
    number, found = int(code), 0
    first = 16 if sequence_first else 8
    for index, place in enumerate(reversed(places)):
        if first <= place < first + 16 and number >> index & 1:
            found |= 1 << (first + 15 - place)
    return found


def cryptogram_bits(bitmap: bytes, sequence_first: bool) -> int:
    """How many bits of the cryptogram a code shows: a guess is right once in 2 to this power."""
    start = 32 if sequence_first else 24
    return sum(start <= place < start + 8 * AC_BYTES for place in selected(bitmap))
