"""A chip card and a reader in software, for the demo and for tests: not a secure element.

The card keeps its PIN, its count of wrong ones and its counter, and stops for good at the third wrong PIN.
The reader holds nothing: any reader serves any card. Whoever can copy the card's file can undo a wrong PIN;
the issuer's counter still refuses what was used.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

import msgspec

from teneur.authentication.cap.derivation import LAST_COUNTER, CardName
from teneur.authentication.cap.keys import CardKey
from teneur.authentication.cap.profile import CardProfile
from teneur.authentication.cap.rules import (
    MOST_WRONG_PINS,
    CardKind,
    invalidated,
    pin_is_right,
    reader_serves,
    wrong_pins_after,
)
from teneur.authentication.cap.sealing import SealError, held, read_sealed, seal, write_private
from teneur.authentication.cap.terminal import Typed

CARD_FILE: Final = "teneur-cap-card"
_PIN = re.compile(r"\d{4,12}", re.ASCII)


class CardRefusal(StrEnum):
    """Why a reader shows no code."""

    NOT_SERVED = "card-not-served"
    PIN_FORM = "pin-form"
    WRONG_PIN = "wrong-pin"
    INVALIDATED = "card-invalidated"
    WORN_OUT = "card-worn-out"


class Display(msgspec.Struct, frozen=True):
    """What a reader shows: a code, or why there is none and how many tries the PIN has left."""

    code: str = ""
    refusal: CardRefusal | None = None
    tries_left: int = MOST_WRONG_PINS


@dataclass
class SoftwareCard:
    """A personalised card. counter: of the last session begun, right PIN or not."""

    name: CardName
    kind: CardKind
    profile: CardProfile
    key: CardKey = field(repr=False)
    pin: str = field(repr=False)
    counter: int = 0
    wrong_pins: int = 0

    def __post_init__(self) -> None:
        if not _PIN.fullmatch(self.pin):
            raise ValueError("a PIN has 4 to 12 digits")

    @property
    def tries_left(self) -> int:
        """How many PINs may still be wrong."""
        return max(MOST_WRONG_PINS - self.wrong_pins, 0)

    def compute(self, pin: str, typed: Typed) -> Display:
        """One session of the card: PIN, then cryptogram. Every session moves the counter on."""
        if invalidated(self.wrong_pins):
            return Display(refusal=CardRefusal.INVALIDATED, tries_left=0)
        if self.counter >= LAST_COUNTER:
            return Display(refusal=CardRefusal.WORN_OUT, tries_left=self.tries_left)
        self.counter += 1
        right = pin_is_right(self.pin, pin)
        self.wrong_pins = wrong_pins_after(self.wrong_pins, right)
        if not right:
            stopped = invalidated(self.wrong_pins)
            return Display(
                refusal=CardRefusal.INVALIDATED if stopped else CardRefusal.WRONG_PIN,
                tries_left=self.tries_left,
            )
        data = self.profile.authenticated(typed, self.counter)
        cryptogram = self.key.cryptogram(self.profile.session, self.counter, data)
        return Display(code=self.profile.code(typed, self.counter, cryptogram, self.name.sequence))


def press(card: SoftwareCard, pin: str, typed: Typed) -> Display:
    """What a reader shows after the card was inserted, the PIN entered and a key pressed.

    A PIN that is not 4 to 12 digits is not given to the card.
    """
    if not reader_serves(card.kind):
        return Display(refusal=CardRefusal.NOT_SERVED, tries_left=card.tries_left)
    if not _PIN.fullmatch(pin):
        return Display(refusal=CardRefusal.PIN_FORM, tries_left=card.tries_left)
    return card.compute(pin, typed)


class _CardBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: CardName
    kind: CardKind
    profile: CardProfile
    key: bytes
    pin: str
    counter: int
    wrong_pins: int

    def __repr__(self) -> str:
        return "_CardBody(hidden)"


def sealed_card(card: SoftwareCard, passphrase: str) -> bytes:
    """The bytes of a card's file."""
    body = _CardBody(
        card.name, card.kind, card.profile, card.key.personalise(), card.pin, card.counter, card.wrong_pins
    )
    return seal(msgspec.json.encode(body), passphrase, CARD_FILE)


def write_card(path: Path, card: SoftwareCard, passphrase: str) -> None:
    """Write a card's file, whole or not at all."""
    write_private(path, sealed_card(card, passphrase))


def read_card(path: Path, passphrase: str) -> SoftwareCard:
    """The card of a file. SealError if it is none, was altered or is sealed otherwise."""
    try:
        body = msgspec.json.decode(read_sealed(path, passphrase, CARD_FILE), type=_CardBody)
    except msgspec.DecodeError:
        raise SealError("the file is sealed rightly but holds no card of this version") from None
    return SoftwareCard(
        body.name, body.kind, body.profile, CardKey(body.key), body.pin, body.counter, body.wrong_pins
    )


@contextmanager
def inserted(path: Path, passphrase: str) -> Iterator[SoftwareCard]:
    """The card while it is in a reader. What happened is on disk when this ends: show nothing before."""
    with held(path):
        card = read_card(path, passphrase)
        try:
            yield card
        finally:
            write_card(path, card, passphrase)
