"""The issuer's check of a code: which counter made it, under which challenge, and that it never serves twice.

The answer to the user is one and the same for every refusal; why stands beside it for the evidence alone.
The number of cryptograms computed does not depend on whether the code is right.
"""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Final

import msgspec

from teneur.authentication.cap.bitmap import counter_bits
from teneur.authentication.cap.challenge import Order, challenge_of
from teneur.authentication.cap.derivation import LAST_COUNTER, CardName
from teneur.authentication.cap.keys import CardKey, IssuerKeys
from teneur.authentication.cap.profile import CardProfile
from teneur.authentication.cap.rules import (
    Purpose,
    has_form_of_code,
    in_time,
    mode_binds,
    same_code,
    serves,
    unused,
)
from teneur.authentication.cap.terminal import Mode, Typed

LIFETIME_SECONDS: Final = 120  # our default: the terms say "at once" and give no number
WINDOW: Final = 64  # our default: how many codes a card may make that never reach the bank
_MOST_WINDOW: Final = 1024
_ACCOUNT_DIGITS: Final = 10


class Outstanding(msgspec.Struct, frozen=True, kw_only=True):
    """The one challenge that a card's holder is to answer. key_version: of the key that made it."""

    purpose: Purpose
    mode: Mode
    nonce: bytes
    shown_at: datetime
    key_version: int
    lifetime_seconds: int = LIFETIME_SECONDS


class CardStanding(msgspec.Struct, frozen=True, kw_only=True):
    """What the issuer knows of a card. last_counter: of the last code accepted, 0 before the first."""

    card: CardName
    key_version: int
    profile: CardProfile
    last_counter: int = 0
    outstanding: Outstanding | None = None
    window: int = WINDOW

    def __post_init__(self) -> None:
        if not 0 <= self.last_counter <= LAST_COUNTER:
            raise ValueError(f"a card's counter is between 0 and {LAST_COUNTER}")
        if not 1 <= self.window <= _MOST_WINDOW:
            raise ValueError(f"the window of counters is between 1 and {_MOST_WINDOW}")


class Why(StrEnum):
    """Why a code was accepted or not: for the evidence, never for the user."""

    RIGHT = "right"
    FORM = "form"
    NO_CHALLENGE = "no-challenge"
    OTHER_PURPOSE = "other-purpose"
    TOO_LATE = "too-late"
    NO_MATCH = "no-match"
    REPLAYED = "replayed"


class Verification(msgspec.Struct, frozen=True):
    """The outcome, and the card's standing after it. counter: of the code accepted, else 0."""

    accepted: bool
    why: Why
    standing: CardStanding
    counter: int = 0


def ask(standing: CardStanding, outstanding: Outstanding) -> CardStanding:
    """The standing with a new challenge; a former one is cancelled.

    ValueError if the mode binds nothing and the purpose needs a code bound to its transaction.
    """
    if mode_binds(outstanding.purpose) and outstanding.mode is Mode.CODE:
        raise ValueError(f"a code of mode {outstanding.mode} cannot confirm {outstanding.purpose}")
    return msgspec.structs.replace(standing, outstanding=outstanding)


def typed_for(keys: IssuerKeys, outstanding: Outstanding, order: Order) -> Typed:
    """What the user is to key into the reader for an order; all of it is shown to him beside the order."""
    if outstanding.mode is Mode.CODE:
        return Typed(Mode.CODE)
    version = outstanding.key_version
    challenge = challenge_of(order, outstanding.nonce, lambda message: keys.challenge_mac(message, version))
    match outstanding.mode:
        case Mode.RESPONSE:
            return Typed(Mode.RESPONSE, challenge)
        case Mode.SIGN:
            return Typed(Mode.SIGN, challenge, order.amount_minor)
        case _:
            account = "".join(filter(str.isdecimal, order.payee_account))[-_ACCOUNT_DIGITS:]
            numbers = (challenge, str(order.amount_minor), account)
            return Typed(Mode.DATA, numbers=tuple(number for number in numbers if number))


def verify(keys: IssuerKeys, standing: CardStanding, code: str, order: Order, at: datetime) -> Verification:
    """Whether the code is this card's answer for this order, now and for the first time.

    order: what will be carried out, not what was once shown: the challenge is derived from it anew, so that
    a code never fits another amount or payee. An accepted code uses up its challenge and all counters up
    to its own. LookupError if a key version is not held.
    """
    if not has_form_of_code(code):
        return Verification(False, Why.FORM, standing)
    outstanding = standing.outstanding
    typed = Typed(Mode.CODE) if outstanding is None else typed_for(keys, outstanding, order)
    key = keys.derive_card_key(standing.card, standing.key_version)
    counter = _counter_of(key, standing, typed, code)
    if outstanding is None:
        return Verification(False, Why.NO_CHALLENGE, standing)
    if not serves(outstanding.purpose, order.purpose):
        return Verification(False, Why.OTHER_PURPOSE, standing)
    if not in_time(outstanding.shown_at, at, outstanding.lifetime_seconds):
        return Verification(False, Why.TOO_LATE, standing)
    if not counter:
        return Verification(False, Why.NO_MATCH, standing)
    if not unused(counter, standing.last_counter):
        return Verification(False, Why.REPLAYED, standing)
    after = msgspec.structs.replace(standing, last_counter=counter, outstanding=None)
    return Verification(True, Why.RIGHT, after, counter)


def _counter_of(key: CardKey, standing: CardStanding, typed: Typed, code: str) -> int:
    """The counter that made the code, used or not; 0 if none near did. All are tried, whichever fits."""
    profile, found = standing.profile, 0
    for counter in _candidates(standing, code):
        possible = counter % (LAST_COUNTER + 1)
        cryptogram = key.cryptogram(profile.session, possible, profile.authenticated(typed, possible))
        expected = profile.code(typed, possible, cryptogram, standing.card.sequence)
        if same_code(expected, code) and 0 < counter <= min(
            standing.last_counter + standing.window, LAST_COUNTER
        ):
            found = counter
    return found


def _candidates(standing: CardStanding, code: str) -> Iterator[int]:
    """The counters near the last one that show the same low bits as the code: always as many.

    The first of them is used already: a code seen before takes as long as a new one, and is told from it.
    """
    profile, last = standing.profile, standing.last_counter
    mask = profile.counter_mask
    step = ~mask & (mask + 1)  # how far apart counters with the same low bits are
    bits = counter_bits(code, profile.bitmap, profile.sequence_first) or 0
    first_new = last + 1 + (bits - last - 1) % step
    return (first_new + turn * step for turn in range(-1, -(-standing.window // step)))
