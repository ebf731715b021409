"""The card and reader in software: PIN, tries, counter, and the file they are kept in."""

import multiprocessing
from pathlib import Path

import pytest

from teneur.authentication.cap.card import (
    CardRefusal,
    Display,
    SoftwareCard,
    inserted,
    press,
    read_card,
    write_card,
)
from teneur.authentication.cap.derivation import LAST_COUNTER, CardName
from teneur.authentication.cap.rules import CardKind
from teneur.authentication.cap.sealing import SealError
from teneur.authentication.cap.terminal import Mode, Typed
from tests.authentication.cap.making import KEYS, MASTER, NAME, PIN, new_card
from tests.support.asserts import asserts

CODE = Typed(Mode.CODE)


@asserts("CAP-3c-1")
def test_every_code_needs_the_pin() -> None:
    card = new_card()
    assert press(card, PIN, CODE).code
    refused = press(card, "0000", CODE)
    assert (refused.code, refused.refusal) == ("", CardRefusal.WRONG_PIN)
    assert press(card, PIN, CODE).code


@asserts("CAP-3e-5")
def test_the_third_wrong_pin_in_succession_invalidates_the_card() -> None:
    card = new_card()
    assert press(card, "0000", CODE) == Display(refusal=CardRefusal.WRONG_PIN, tries_left=2)
    assert press(card, "0000", CODE) == Display(refusal=CardRefusal.WRONG_PIN, tries_left=1)
    assert press(new_card(), PIN, CODE).code
    assert press(card, "0000", CODE) == Display(refusal=CardRefusal.INVALIDATED, tries_left=0)
    for _ in range(3):
        assert press(card, PIN, CODE) == Display(refusal=CardRefusal.INVALIDATED, tries_left=0)
    assert card.counter == 3


def test_two_wrong_pins_leave_the_card_active() -> None:
    card = new_card()
    press(card, "0000", CODE)
    press(card, "0000", CODE)
    assert press(card, PIN, CODE).code


@asserts("CAP-3e-6")
def test_a_right_pin_sets_the_count_of_wrong_ones_to_zero() -> None:
    card = new_card()
    for _ in range(4):
        assert press(card, "0000", CODE).tries_left == 2
        assert press(card, "0000", CODE).tries_left == 1
        assert press(card, PIN, CODE).tries_left == 3
    assert card.wrong_pins == 0


@asserts("CAP-DEF-8")
def test_any_reader_gives_codes_with_a_sesame_or_professional_card_and_no_other() -> None:
    for kind in (CardKind.SESAME, CardKind.PROFESSIONAL):
        assert press(new_card(kind=kind), PIN, CODE).code
    card = new_card(kind=CardKind.CONSUMER)
    assert press(card, PIN, CODE) == Display(refusal=CardRefusal.NOT_SERVED)
    assert card.counter == 0


@pytest.mark.parametrize("pin", ["", "123", "1234567890123", "12a4", "١٢٣٤"])
def test_what_is_no_pin_is_not_given_to_the_card(pin: str) -> None:
    card = new_card()
    assert press(card, pin, CODE) == Display(refusal=CardRefusal.PIN_FORM)
    assert (card.counter, card.wrong_pins) == (0, 0)
    with pytest.raises(ValueError, match="4 to 12 digits"):
        SoftwareCard(NAME, CardKind.SESAME, card.profile, card.key, pin)


def test_codes_are_never_the_same_twice_and_the_last_counter_ends_the_card() -> None:
    card = new_card()
    codes = [press(card, PIN, CODE).code for _ in range(50)]
    assert len(set(codes)) == 50
    assert all(len(code) == 8 and code.isdecimal() for code in codes)
    old = new_card(counter=LAST_COUNTER - 1)
    assert press(old, PIN, CODE).code
    assert press(old, PIN, CODE) == Display(refusal=CardRefusal.WORN_OUT)
    assert old.counter == LAST_COUNTER


def test_the_file_keeps_tries_and_counter(tmp_path: Path) -> None:
    path = tmp_path / "card"
    write_card(path, new_card(), "")
    for pin in ("0000", "0000"):
        with inserted(path, "") as card:
            press(card, pin, CODE)
    card = read_card(path, "")
    assert (card.counter, card.wrong_pins, card.tries_left) == (2, 2, 1)
    with inserted(path, "") as card:
        assert press(card, "0000", CODE).refusal is CardRefusal.INVALIDATED
    with inserted(path, "") as card:
        assert press(card, PIN, CODE).refusal is CardRefusal.INVALIDATED
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_file_keeps_what_happened_before_a_failure(tmp_path: Path) -> None:
    path = tmp_path / "card"
    write_card(path, new_card(), "")

    def interrupted() -> None:
        with inserted(path, "") as card:
            press(card, "0000", CODE)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert read_card(path, "").wrong_pins == 1


def test_an_altered_file_or_another_passphrase_opens_no_card(tmp_path: Path) -> None:
    path = tmp_path / "card"
    write_card(path, new_card(), "open sesame")
    sealed = path.read_bytes()
    with pytest.raises(SealError, match="wrong passphrase"):
        read_card(path, "open rice")
    for place in range(0, len(sealed), 37):
        path.write_bytes(sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :])
        with pytest.raises(SealError):
            read_card(path, "open sesame")
    path.write_bytes(sealed[:-3])
    with pytest.raises(SealError):
        read_card(path, "open sesame")
    path.write_bytes(sealed)
    assert read_card(path, "open sesame").name == NAME


def test_neither_pin_nor_key_shows(tmp_path: Path) -> None:
    path = tmp_path / "card"
    card = new_card()
    write_card(path, card, "")
    shown = repr(card) + repr(read_card(path, "")) + path.read_text()
    key = KEYS.derive_card_key(NAME, 1).personalise()
    for secret in (repr(PIN), f'"{PIN}"', key.hex(), MASTER.hex(), repr(key)):
        assert secret not in shown


def use(path: str, times: int) -> list[str]:
    """Codes of a card, one insertion each."""
    codes = []
    for _ in range(times):
        with inserted(Path(path), "") as card:
            codes.append(press(card, PIN, CODE).code)
    return codes


def test_two_programs_with_one_card_never_get_one_code_twice(tmp_path: Path) -> None:
    path = tmp_path / "card"
    write_card(path, new_card(), "")
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        first, second = pool.starmap(use, [(str(path), 4)] * 2)
    assert len({*first, *second}) == 8
    assert read_card(path, "").counter == 8


@pytest.mark.parametrize(
    ("pan", "sequence"),
    [
        ("1234567", "00"),
        ("1" * 20, "00"),
        ("497600000000001x", "00"),
        ("4976000000000012", "1"),
        ("4976000000000012", "1a"),
    ],
)
def test_a_card_has_a_number_and_a_sequence_number(pan: str, sequence: str) -> None:
    with pytest.raises(ValueError, match="digits"):
        CardName(pan, sequence)
