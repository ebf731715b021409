"""The issuer's check: which codes are accepted, once, for what, when, and from which counter."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from teneur.authentication.cap import verifying
from teneur.authentication.cap.challenge import Order
from teneur.authentication.cap.derivation import LAST_COUNTER, CardName, TreeSession
from teneur.authentication.cap.keys import CardKey, IssuerKeys, KeySet, MemoryKeys
from teneur.authentication.cap.profile import TRIAL_PROFILE, CardProfile
from teneur.authentication.cap.rules import Purpose
from teneur.authentication.cap.terminal import Mode, Typed, terminal_data
from teneur.authentication.cap.verifying import (
    CardStanding,
    Outstanding,
    Verification,
    Why,
    ask,
    typed_for,
    verify,
)
from tests.authentication.cap.making import (
    KEYS,
    LOGIN,
    MASTER,
    NAME,
    NOON,
    PIN,
    RENT,
    asked,
    code_for,
    new_card,
    standing,
)
from tests.support.asserts import asserts


def change(order: Order, **fields: Any) -> Order:
    """The order with something else in it."""
    return msgspec.structs.replace(order, **fields)


@pytest.mark.parametrize("mode", [Mode.RESPONSE, Mode.SIGN, Mode.DATA])
def test_a_code_bound_to_an_order_confirms_it(mode: Mode) -> None:
    found = verify(KEYS, standing(RENT, mode), code_for(new_card(), RENT, mode), RENT, NOON)
    assert (found.accepted, found.why, found.counter) == (True, Why.RIGHT, 1)
    assert (found.standing.last_counter, found.standing.outstanding) == (1, None)


@asserts("CAP-2b-1")
def test_a_code_is_proof_of_this_card_only() -> None:
    code = code_for(new_card(), RENT)
    assert verify(KEYS, standing(RENT), code, RENT, NOON).accepted
    wrong = f"{(int(code) + 1) % 100_000_000:08d}"
    assert not verify(KEYS, standing(RENT), wrong, RENT, NOON).accepted
    other = standing(RENT, card=CardName(NAME.pan, "02"))
    assert not verify(KEYS, other, code, RENT, NOON).accepted


@asserts("CAP-2b-5")
@pytest.mark.parametrize("mode", [Mode.RESPONSE, Mode.SIGN, Mode.DATA])
@pytest.mark.parametrize(
    "altered",
    [
        {"amount_minor": 125_001},
        {"amount_minor": 124_999},
        {"payee_account": "FR1420041010050500013M02606"},
        {"currency": "XPF"},
        {"operation": "1/43"},
    ],
)
def test_one_cent_or_another_payee_voids_the_code(mode: Mode, altered: dict[str, Any]) -> None:
    code = code_for(new_card(), RENT, mode)
    found = verify(KEYS, standing(RENT, mode), code, change(RENT, **altered), NOON)
    assert (found.accepted, found.why) == (False, Why.NO_MATCH)
    assert found.standing == standing(RENT, mode)
    # the number that the user keys in is the order's own, so that no other order has the code
    assert typed_for(KEYS, asked(RENT), RENT).challenge == "12497076"


@asserts("CAP-2b-3")
def test_key_code_takes_nothing_from_any_transaction() -> None:
    typed = Typed(Mode.CODE)
    usual = bytes.fromhex("9F02069F37049F0306")
    assert terminal_data(usual, typed) == bytes(16)
    assert code_for(new_card(), LOGIN, Mode.CODE) == code_for(
        new_card(), change(LOGIN, operation="x"), Mode.CODE
    )


@asserts("CAP-2b-4")
@pytest.mark.parametrize(
    ("challenge", "data"), [("00000000", "00000000"), ("00000042", "00000042"), ("99999999", "99999999")]
)
def test_key_response_gives_the_card_all_eight_digits(challenge: str, data: str) -> None:
    assert terminal_data(bytes.fromhex("9F3704"), Typed(Mode.RESPONSE, challenge)).hex() == data
    card, other = new_card(), new_card()
    neighbour = f"{(int(challenge) + 1) % 100_000_000:08d}"
    assert card.compute(PIN, Typed(Mode.RESPONSE, challenge)) != other.compute(
        PIN, Typed(Mode.RESPONSE, neighbour)
    )


@pytest.mark.parametrize("challenge", ["", "123456789", "1234567a", "١٢٣٤٥٦٧٨", " 1234567", "-1"])
def test_what_is_not_one_to_eight_digits_is_no_challenge(challenge: str) -> None:
    with pytest.raises(ValueError, match="challenge"):
        Typed(Mode.RESPONSE, challenge)


@asserts("CAP-2b-2")
@pytest.mark.parametrize(
    ("purpose", "allowed"), [(Purpose.LOGIN, True), (Purpose.OPERATION, False), (Purpose.CARD_PAYMENT, False)]
)
def test_a_code_bound_to_nothing_opens_a_session_and_confirms_nothing(
    purpose: Purpose, allowed: bool
) -> None:
    order = change(LOGIN, purpose=purpose)
    if allowed:
        assert verify(
            KEYS, standing(order, Mode.CODE), code_for(new_card(), order, Mode.CODE), order, NOON
        ).accepted
    else:
        with pytest.raises(ValueError, match="cannot confirm"):
            standing(order, Mode.CODE)


@asserts("CAP-2b-9")
def test_a_code_for_one_purpose_is_refused_for_another() -> None:
    code = code_for(new_card(), LOGIN, Mode.CODE)
    for purpose in (Purpose.OPERATION, Purpose.CARD_PAYMENT):
        found = verify(KEYS, standing(LOGIN, Mode.CODE), code, change(LOGIN, purpose=purpose), NOON)
        assert (found.accepted, found.why) == (False, Why.OTHER_PURPOSE)
    assert verify(KEYS, standing(LOGIN, Mode.CODE), code, LOGIN, NOON).accepted


@asserts("CAP-2b-8")
@pytest.mark.parametrize(
    ("after_seconds", "accepted"), [(0, True), (119, True), (120, False), (3600, False), (-1, False)]
)
def test_a_code_is_entered_at_once(after_seconds: int, accepted: bool) -> None:
    at = NOON + timedelta(seconds=after_seconds)
    found = verify(KEYS, standing(RENT), code_for(new_card(), RENT), RENT, at)
    assert (found.accepted, found.why) == (accepted, Why.RIGHT if accepted else Why.TOO_LATE)


@asserts("CAP-2b-7")
@pytest.mark.parametrize(
    "bad", ["", "1234567", "123456789", "1234567a", "١٢٣٤٥٦٧٨", "12345 78", "12345678\n", "-1234567"]
)
def test_a_code_is_eight_digits_and_else_not_compared(bad: str) -> None:
    counted = Counting()
    assert verify(counted, standing(RENT), bad, RENT, NOON).why is Why.FORM
    assert counted.computed == 0
    assert verify(KEYS, standing(RENT), code_for(new_card(), RENT), RENT, NOON).why is Why.RIGHT


@asserts("CAP-1-2", "CAP-2b-10", "CAP-DEF-7")
def test_a_code_serves_once_even_if_it_is_asked_for_again() -> None:
    code = code_for(new_card(), RENT)
    first = verify(KEYS, standing(RENT), code, RENT, NOON)
    assert first.accepted
    second = verify(KEYS, first.standing, code, RENT, NOON)
    assert (second.accepted, second.why) == (False, Why.NO_CHALLENGE)
    third = verify(KEYS, ask(first.standing, asked(RENT)), code, RENT, NOON)
    assert (third.accepted, third.why, third.standing.last_counter) == (False, Why.REPLAYED, 1)
    for order in (RENT, LOGIN):
        mode = Mode.CODE if order is LOGIN else Mode.RESPONSE
        assert not verify(KEYS, ask(first.standing, asked(order, mode)), code, order, NOON).accepted


def test_a_code_made_before_the_last_one_accepted_is_refused() -> None:
    card = new_card()
    older, newer = code_for(card, LOGIN, Mode.CODE), code_for(card, LOGIN, Mode.CODE)
    after = verify(KEYS, standing(LOGIN, Mode.CODE), newer, LOGIN, NOON).standing
    assert after.last_counter == 2
    assert verify(KEYS, ask(after, asked(LOGIN, Mode.CODE)), older, LOGIN, NOON).why is Why.REPLAYED


@given(last=st.integers(0, LAST_COUNTER), ahead=st.integers(-70, 140))
def test_a_counter_is_accepted_in_its_window_and_nowhere_else(last: int, ahead: int) -> None:
    counter = last + ahead
    if not 1 <= counter <= LAST_COUNTER:
        return
    code = code_for(new_card(counter=counter - 1), RENT)
    found = verify(KEYS, standing(RENT, last=last), code, RENT, NOON)
    assert found.accepted is (1 <= ahead <= verifying.WINDOW)
    assert found.counter == (counter if found.accepted else 0)


@pytest.mark.parametrize(("ahead", "accepted"), [(1, True), (64, True), (65, False), (0, False)])
def test_the_window_ends_where_it_says(ahead: int, accepted: bool) -> None:
    code = code_for(new_card(counter=99 + ahead), RENT)
    assert verify(KEYS, standing(RENT, last=100), code, RENT, NOON).accepted is accepted


@pytest.mark.parametrize("window", [1, 5, 63, 64, 65, 200])
def test_any_window_holds_for_any_number_of_counter_bits(window: int) -> None:
    for bitmap in ("00000100000000000FFFFF", "00001F00000000000FFFFF", "0001FF000000000000FFFF"):
        profile = msgspec.structs.replace(TRIAL_PROFILE, bitmap=bytes.fromhex(bitmap))
        for ahead, accepted in ((1, True), (window, True), (window + 1, False)):
            code = code_for(new_card(profile, counter=499 + ahead), RENT)
            known = standing(RENT, last=500, profile=profile, window=window)
            assert verify(KEYS, known, code, RENT, NOON).accepted is accepted, (bitmap, ahead)


def test_the_last_counter_of_a_card_is_accepted_and_nothing_comes_after_it() -> None:
    card = new_card(counter=LAST_COUNTER - 1)
    code = code_for(card, RENT)
    found = verify(KEYS, standing(RENT, last=LAST_COUNTER - 1), code, RENT, NOON)
    assert (found.accepted, found.counter) == (True, LAST_COUNTER)
    assert card.compute(PIN, Typed(Mode.CODE)).code == ""
    wrapped = code_for(new_card(counter=0), RENT)
    for last in (LAST_COUNTER, LAST_COUNTER - 1):
        assert not verify(KEYS, standing(RENT, last=last), wrapped, RENT, NOON).accepted


def test_a_new_challenge_cancels_the_former() -> None:
    code = code_for(new_card(), RENT)
    later = ask(standing(RENT), asked(RENT, nonce=b"another nonce 16"))
    assert verify(KEYS, later, code, RENT, NOON).why is Why.NO_MATCH


def test_without_a_challenge_no_code_is_accepted() -> None:
    known = msgspec.structs.replace(standing(LOGIN, Mode.CODE), outstanding=None)
    assert verify(KEYS, known, code_for(new_card(), LOGIN, Mode.CODE), LOGIN, NOON).why is Why.NO_CHALLENGE


def test_a_refusal_changes_nothing_so_the_right_code_is_still_good() -> None:
    code = code_for(new_card(), RENT)
    refused = verify(KEYS, standing(RENT), "00000000", RENT, NOON)
    assert not refused.accepted
    assert verify(KEYS, refused.standing, code, RENT, NOON).accepted


def test_right_wrong_used_late_and_unasked_codes_cost_the_same_cryptograms() -> None:
    card = new_card()
    code = code_for(card, RENT)
    late, unasked = NOON + timedelta(hours=1), msgspec.structs.replace(standing(RENT), outstanding=None)
    costs = set()
    for known, given_code, at in (
        (standing(RENT), code, NOON),
        (standing(RENT), "00000000", NOON),
        (standing(RENT), "99999999", NOON),
        (standing(RENT, last=1), code, NOON),
        (standing(RENT), code, late),
        (unasked, code, NOON),
        (standing(RENT, last=LAST_COUNTER), code, NOON),
    ):
        counted = Counting()
        verify(counted, known, given_code, RENT, at)
        costs.add(counted.computed)
    assert costs == {2}


def test_an_order_of_another_key_version_is_verified_while_both_are_held() -> None:
    code = code_for(new_card(), RENT)
    both = MemoryKeys(KeySet(1, MASTER, bytes(range(32))), KeySet.fresh(2))
    assert verify(both, standing(RENT), code, RENT, NOON).accepted
    with pytest.raises(LookupError, match="version 1"):
        verify(MemoryKeys(KeySet.fresh(2)), standing(RENT), code, RENT, NOON)


def test_cards_with_tree_keys_and_a_sequence_number_in_the_code_are_verified() -> None:
    profile = CardProfile(
        bitmap=bytes.fromhex("0100003F00000000000FFFFF"), issuer_data=b"\x06", before_counter=b"\x10\x00",
        after_counter=b"\xa5", session=TreeSession(), flags=b"\x40", digits=9,
    )  # fmt: skip
    card = new_card(profile)
    code = card.compute(PIN, Typed(Mode.CODE)).code
    assert int(code) >= 1 << 26  # the sequence number 01 stands before all
    eight = msgspec.structs.replace(profile, bitmap=bytes.fromhex("0000003F00000000000FFFFF"), digits=8)
    code = code_for(new_card(eight), RENT)
    assert verify(KEYS, standing(RENT, profile=eight), code, RENT, NOON).accepted


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"bitmap": bytes.fromhex("00007F00000000000FFFFF")}, "more than 8 digits"),
        ({"bitmap": bytes.fromhex("00003F000000000000007F")}, "fewer than 16 bits"),
        ({"bitmap": bytes.fromhex("00003E00000000000FFFFF")}, "lowest bit"),
        ({"session": TreeSession(2, 6)}, "too few session keys"),
        ({"data_list": bytes.fromhex("9F02")}, "ends within"),
    ],
)
def test_a_range_of_cards_whose_codes_would_be_weak_is_refused(
    fields: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        msgspec.structs.replace(TRIAL_PROFILE, **fields)
    values = {**msgspec.to_builtins(TRIAL_PROFILE), **msgspec.to_builtins(fields)}
    with pytest.raises(msgspec.ValidationError, match=complaint):
        msgspec.convert(values, CardProfile)


@asserts("CAP-2b-12")
def test_the_pin_stays_with_the_card_and_the_issuers_side_has_no_place_for_it() -> None:
    structs = (CardStanding, Outstanding, Verification, Order, Typed, CardProfile)
    fields = {name for struct in structs for name in struct.__struct_fields__}
    assert not [name for name in fields if "pin" in name.split("_")]
    typed = typed_for(KEYS, asked(RENT), RENT)
    assert new_card().compute("0000", typed).code == ""
    changed = new_card()
    changed.pin = "1234"  # another PIN in the card, the same code: it enters nothing that is sent
    assert changed.compute("1234", typed) == new_card().compute(PIN, typed)


class Counting(IssuerKeys):
    """The keys of the tests, counting cryptograms."""

    def __init__(self) -> None:
        self.computed = 0

    @property
    def current(self) -> int:
        return KEYS.current

    def derive_card_key(self, card: CardName, version: int) -> CardKey:
        counting = self

        class Counted(CardKey):
            def cryptogram(self, *arguments: Any) -> bytes:
                counting.computed += 1
                return super().cryptogram(*arguments)

        return Counted(KEYS.derive_card_key(card, version).personalise())

    def challenge_mac(self, message: bytes, version: int) -> bytes:
        return KEYS.challenge_mac(message, version)
