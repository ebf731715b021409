"""The 8 digits of a transaction."""

import hashlib
import hmac
from collections import Counter

import msgspec
import pytest

from teneur.authentication.cap.challenge import Order, challenge_of
from teneur.authentication.cap.rules import Purpose, written_challenge
from tests.authentication.cap.making import KEYS, LOGIN, NONCE, RENT
from tests.support.asserts import asserts


def digits(order: Order, nonce: bytes = NONCE) -> str:
    """The challenge under the keys of the tests."""
    return challenge_of(order, nonce, lambda message: KEYS.challenge_mac(message, 1))


@asserts("CAP-2b-5")
def test_the_challenge_is_a_keyed_hash_of_all_that_the_user_agrees_to() -> None:
    text = (
        '{"domain":"teneur/cap/challenge/1","nonce":"000102030405060708090a0b0c0d0e0f","order":{'
        '"amount_minor":125000,"currency":"EUR","operation":"1/42",'
        '"payee_account":"FR7630006000011234567890189","purpose":"operation"}}'
    )
    first = hmac.digest(bytes(range(32)), bytes(4) + text.encode(), hashlib.sha256)[:4]
    assert digits(RENT) == f"{int.from_bytes(first, 'big') % 100_000_000:08d}"


@pytest.mark.parametrize(
    "change",
    [
        {"amount_minor": 125_001},
        {"amount_minor": 124_999},
        {"payee_account": "FR7630006000011234567890188"},
        {"currency": "XPF"},
        {"operation": "1/43"},
        {"purpose": Purpose.CARD_PAYMENT},
    ],
)
def test_any_change_makes_another_challenge(change: dict[str, object]) -> None:
    assert digits(msgspec.structs.replace(RENT, **change)) != digits(RENT)


def test_another_nonce_makes_another_challenge_and_the_same_one_the_same() -> None:
    assert digits(RENT, bytes(16)) != digits(RENT) == digits(RENT)


def test_parts_do_not_run_into_each_other() -> None:
    one = msgspec.structs.replace(RENT, operation="1/4", payee_account="2FR")
    other = msgspec.structs.replace(RENT, operation="1/42", payee_account="FR")
    assert digits(one) != digits(other)


@asserts("CAP-2b-6")
@pytest.mark.parametrize(
    ("word", "text"), [(0, "00000000"), (42, "00000042"), (99_999_999, "99999999"), (100_000_000, "00000000")]
)
def test_a_challenge_has_eight_digits_with_its_leading_zeros(word: int, text: str) -> None:
    assert challenge_of(RENT, NONCE, lambda _: word.to_bytes(4, "big") * 8) == text
    assert written_challenge(word % 100_000_000) == text


def test_words_that_would_favour_some_digits_are_passed_over() -> None:
    unfair, fair = 4_200_000_000, 4_199_999_999
    answers = iter([unfair.to_bytes(4, "big") * 8, b"\xff" * 28 + fair.to_bytes(4, "big")])
    assert challenge_of(RENT, NONCE, lambda _: next(answers)) == "99999999"


def test_challenges_are_spread_evenly() -> None:
    firsts = Counter(digits(LOGIN, number.to_bytes(16, "big"))[0] for number in range(4000))
    spread = sum((firsts[str(digit)] - 400) ** 2 / 400 for digit in range(10))
    assert spread < 33.7  # chi-square, 9 degrees of freedom, one in ten thousand; the nonces are fixed


def test_a_nonce_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        digits(RENT, b"short")
