"""A card, its issuer and an order, for the tests of this folder."""

from datetime import UTC, datetime
from typing import Final

import msgspec

from teneur.authentication.cap.card import SoftwareCard
from teneur.authentication.cap.challenge import Order
from teneur.authentication.cap.derivation import CardName
from teneur.authentication.cap.keys import KeySet, MemoryKeys
from teneur.authentication.cap.profile import TRIAL_PROFILE, CardProfile
from teneur.authentication.cap.rules import CardKind, Purpose
from teneur.authentication.cap.terminal import Mode
from teneur.authentication.cap.verifying import CardStanding, Outstanding, ask, typed_for

NOON: Final = datetime(2026, 11, 25, 12, tzinfo=UTC)
NAME: Final = CardName("4976000000000012", "01")
MASTER: Final = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
KEYS: Final = MemoryKeys(KeySet(1, MASTER, bytes(range(32))))
PIN: Final = "4711"
NONCE: Final = bytes(range(16))
RENT: Final = Order(
    purpose=Purpose.OPERATION,
    operation="1/42",
    amount_minor=125_000,
    currency="EUR",
    payee_account="FR7630006000011234567890189",
)
LOGIN: Final = Order(purpose=Purpose.LOGIN, operation="session-7")


def new_card(
    profile: CardProfile = TRIAL_PROFILE, counter: int = 0, kind: CardKind = CardKind.SESAME
) -> SoftwareCard:
    """A card personalised under the issuer's key."""
    return SoftwareCard(NAME, kind, profile, KEYS.derive_card_key(NAME, 1), PIN, counter)


def standing(order: Order, mode: Mode = Mode.RESPONSE, last: int = 0, **fields: object) -> CardStanding:
    """What the issuer knows after asking for a code at noon."""
    known = CardStanding(card=NAME, key_version=1, profile=TRIAL_PROFILE, last_counter=last)
    known = msgspec.structs.replace(known, **fields)
    return ask(known, asked(order, mode))


def asked(order: Order, mode: Mode = Mode.RESPONSE, nonce: bytes = NONCE) -> Outstanding:
    """A challenge shown at noon."""
    return Outstanding(purpose=order.purpose, mode=mode, nonce=nonce, shown_at=NOON, key_version=1)


def code_for(card: SoftwareCard, order: Order, mode: Mode = Mode.RESPONSE) -> str:
    """What the reader shows to a holder who keys in what he is shown."""
    code = card.compute(PIN, typed_for(KEYS, asked(order, mode), order)).code
    assert code
    return code
