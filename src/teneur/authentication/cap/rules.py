"""The clauses on card, reader and codes, as short pure functions.

Sources: SOL, CAP reader terms of 1 October 2020 (`sol-cap` of the register).
"""

import hmac
import re
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from teneur.kernel.rules import rule

CHALLENGE_DIGITS: Final = 8
CODE_DIGITS: Final = 8
MOST_WRONG_PINS: Final = 3
_CODE = re.compile(rf"\d{{{CODE_DIGITS}}}", re.ASCII)
_CHALLENGE = re.compile(rf"\d{{1,{CHALLENGE_DIGITS}}}", re.ASCII)


class Purpose(StrEnum):
    """What a code is for; fixed when its challenge is made."""

    LOGIN = "login"
    OPERATION = "operation"
    CARD_PAYMENT = "card-payment"


class CardKind(StrEnum):
    """Chip cards that may be known to a bank; a reader gives codes with two of them."""

    SESAME = "sesame"
    PROFESSIONAL = "professional-bank-card"
    CONSUMER = "consumer-bank-card"


# On the card and the reader


@rule("CAP-DEF-8")
def reader_serves(kind: CardKind) -> bool:
    """A reader yields codes with a Sésame card or a professional bank card only."""
    return kind in {CardKind.SESAME, CardKind.PROFESSIONAL}


@rule("CAP-3c-1", "CAP-2b-12")
def pin_is_right(kept: str, entered: str) -> bool:
    """The holder's PIN is needed for every code, and the card compares it: it goes no further."""
    return hmac.compare_digest(kept.encode(), entered.encode())


@rule("CAP-3e-6")
def wrong_pins_after(before: int, right: bool) -> int:
    """Only wrong PINs in succession count: a right one sets the card's count back to zero."""
    return 0 if right else before + 1


@rule("CAP-3e-5")
def invalidated(wrong_pins: int) -> bool:
    """The third wrong PIN in succession invalidates the card; the first two leave it active."""
    return wrong_pins >= MOST_WRONG_PINS


@rule("CAP-2b-3")
def code_mode_number() -> bytes:
    """Key CODE takes nothing from the transaction: the number given to the card is zero."""
    return bytes(4)


@rule("CAP-2b-4")
def response_mode_number(challenge: str) -> bytes:
    """Key RÉPONSE gives the card the digits of the transaction, right-aligned. ValueError if not 1 to 8."""
    if not _CHALLENGE.fullmatch(challenge):
        raise ValueError(f"a challenge has at most {CHALLENGE_DIGITS} digits")
    return bytes.fromhex(challenge.zfill(CHALLENGE_DIGITS))


# On the challenge


@rule("CAP-2b-6")
def written_challenge(number: int) -> str:
    """The challenge shown has exactly 8 digits: leading zeros are kept."""
    return f"{number:0{CHALLENGE_DIGITS}d}"


@rule("CAP-2b-2")
def mode_binds(purpose: Purpose) -> bool:
    """Which of the two modes a purpose needs: one bound to the transaction (response), or code is enough.

    A code that is bound to nothing may open a session and never confirms an operation or a payment.
    """
    return purpose is not Purpose.LOGIN


# On the verification


@rule("CAP-2b-7")
def has_form_of_code(text: str) -> bool:
    """A code has exactly 8 digits; anything else is not compared at all."""
    return _CODE.fullmatch(text) is not None


@rule("CAP-2b-8")
def in_time(shown_at: datetime, at: datetime, lifetime_seconds: int) -> bool:
    """A code is entered at once: within the lifetime of its challenge, not at its end, nor before it."""
    return timedelta(0) <= at - shown_at < timedelta(seconds=lifetime_seconds)


@rule("CAP-2b-9")
def serves(given_for: Purpose, wanted_for: Purpose) -> bool:
    """A code made for one purpose is refused for another."""
    return given_for is wanted_for


@rule("CAP-1-2", "CAP-2b-10", "CAP-DEF-7")
def unused(counter: int, last_accepted: int) -> bool:
    """A code serves once: one made at or before the last counter accepted never authenticates again."""
    return counter > last_accepted


@rule("CAP-2b-1")
def same_code(expected: str, given: str) -> bool:
    """The card is proven by its cryptogram: the code is what this card's key makes. In constant time."""
    return hmac.compare_digest(expected.encode(), given.encode())
