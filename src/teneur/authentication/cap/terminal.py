"""What a reader gives to the card: the data of the card's list (CDOL1) in the form of CAP.

Everything is zero but the challenge (unpredictable number, right-aligned digits), the amount where one is
signed, and what says that a reader without a network asks. Some card schemes want their own date. Sources:
public vectors and traces of cards, named in `docs/cap.md`; the specification of CAP is not public.
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Final

import msgspec

from teneur.authentication.cap.ciphers import BLOCK_BYTES, chain
from teneur.authentication.cap.rules import code_mode_number, response_mode_number

AMOUNT: Final = "9F02"
UNPREDICTABLE_NUMBER: Final = "9F37"
_RESULTS: Final = "95"  # terminal verification results: the card's data were not verified offline
_DATE: Final = "9A"
_FIXED: Final = {
    "9F34": "010002",  # how the holder was verified: PIN in clear to the card, it was right
    "9F35": "34",  # kind of terminal: unattended, offline, the holder's own
}
_ZERO: Final = frozenset({"9F03", "9F1A", "5F2A", "9C", "9F45", "9F4C"})
_AMOUNT_DIGITS: Final = 12
_TYPED_NUMBER = re.compile(r"\d{1,10}", re.ASCII)
_MOST_TYPED_NUMBERS: Final = 10


class Mode(StrEnum):
    """The keys of a reader. CODE: identify; RESPONSE: 8 digits; SIGN: with an amount; DATA: M2 with TDS."""

    CODE = "code"
    RESPONSE = "response"
    SIGN = "sign"
    DATA = "data"


class Typed(msgspec.Struct, frozen=True):
    """What the user keys in beside the PIN, and under which key.

    challenge: digits, for RESPONSE and SIGN. amount_minor: for SIGN. numbers: digit texts, for DATA.
    """

    mode: Mode
    challenge: str = ""
    amount_minor: int = 0
    numbers: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        binds = self.mode in {Mode.RESPONSE, Mode.SIGN}
        if bool(self.challenge) != binds:
            raise ValueError(f"mode {self.mode} takes {'a' if binds else 'no'} challenge")
        if self.amount_minor and self.mode is not Mode.SIGN:
            raise ValueError(f"mode {self.mode} takes no amount")
        if not 0 <= self.amount_minor < 10**_AMOUNT_DIGITS:
            raise ValueError(f"an amount on a reader has at most {_AMOUNT_DIGITS} digits")
        if bool(self.numbers) != (self.mode is Mode.DATA) or len(self.numbers) > _MOST_TYPED_NUMBERS:
            raise ValueError(f"mode {self.mode} takes {_NUMBERS_OF[self.mode is Mode.DATA]}")
        if not all(_TYPED_NUMBER.fullmatch(number) for number in self.numbers):
            raise ValueError("each number typed has 1 to 10 digits")
        self.unpredictable_number()

    def unpredictable_number(self) -> bytes:
        """Four bytes: the challenge as right-aligned decimal digits, zero without one."""
        return response_mode_number(self.challenge) if self.challenge else code_mode_number()


_NUMBERS_OF: Final = {True: f"1 to {_MOST_TYPED_NUMBERS} numbers", False: "no numbers"}


def terminal_data(cdol: bytes, typed: Typed, date: str = "000000") -> bytes:
    """The values of the list, one after another. date: 6 hexadecimal digits, 010101 for Visa DPA.

    ValueError for a list that cannot be read, a tag that CAP does not know, or a value that does not fit.
    """
    values = {
        AMOUNT: f"{typed.amount_minor:0{_AMOUNT_DIGITS}d}",
        UNPREDICTABLE_NUMBER: typed.unpredictable_number().hex(),
        _DATE: date,
        **_FIXED,
    }
    return b"".join(_value(tag, length, values) for tag, length in list_items(cdol))


def _value(tag: str, length: int, values: dict[str, str]) -> bytes:
    if tag in _ZERO:
        return bytes(length)
    if tag == _RESULTS:
        return b"\x80".ljust(length, b"\x00")
    if tag not in values:
        raise ValueError(f"the card asks for {tag}, which CAP does not fill in")
    return right_aligned(values[tag], length)


def right_aligned(digits: str, length: int) -> bytes:
    """Decimal digits in so many bytes, zeros on the left. ValueError if one that is not zero has no place."""
    text = digits.zfill(2 * length)
    if text[: -2 * length].strip("0"):
        raise ValueError(f"{len(digits)} digits do not fit in {length} bytes")
    return bytes.fromhex(text[-2 * length :])


def list_items(cdol: bytes) -> Iterator[tuple[str, int]]:
    """Tag in capital hexadecimal and length of each item of a data object list. ValueError if it is cut."""
    rest = cdol
    while rest:
        size = 2 if rest[0] & 0x1F == 0x1F else 1
        if len(rest) <= size:
            raise ValueError("the card's list of data ends within an item")
        yield rest[:size].hex().upper(), rest[size]
        rest = rest[size + 1 :]


def with_numbers(cryptogram: bytes, numbers: tuple[str, ...]) -> bytes:
    """Signature of data (M2 with TDS): the cryptogram as a key over the typed numbers, 8 bytes.

    The numbers are joined by a nibble F, one more if their digits are odd; then 80 and zeros to whole blocks.
    """
    text = "F".join(numbers)
    data = bytes.fromhex(text + "F" * (len(text) % 2)) + b"\x80"
    return chain(cryptogram, data + bytes(-len(data) % BLOCK_BYTES))
