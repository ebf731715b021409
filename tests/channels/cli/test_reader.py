"""`teneur reader`: keys, a card, a code, and the bank's answer to it."""

import io
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from teneur.authentication.cap.card import SoftwareCard, sealed_card
from teneur.authentication.cap.derivation import CardName
from teneur.authentication.cap.keys import KEY_FILE, KeySet, MemoryKeys
from teneur.authentication.cap.profile import TRIAL_PROFILE
from teneur.authentication.cap.rules import CardKind
from teneur.authentication.cap.sealing import seal
from teneur.channels.cli.main import run
from teneur.channels.cli.reader import CARD_VARIABLE, KEYS_VARIABLE

PAN = "4976000000000012"
PIN = "4711"
PAYEE = "FR7630006000011234567890189"
OTHER = "FR1420041010050500013M02606"

Terminal = Callable[..., Any]


@pytest.fixture
def teneur(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """The command line in an empty folder, with keys and a card; typed: lines on standard input."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(KEYS_VARIABLE, "correct horse")

    def line(*words: str, typed: str = "", code: int = 0, as_json: bool = True) -> Any:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        capsys.readouterr()
        found = run([*words, *(["--json"] if as_json else [])])
        out, err = capsys.readouterr()
        assert found == code, out + err
        return json.loads(out) if as_json and out else out + err

    for name, data in files().items():
        Path(name).write_bytes(data)
        Path(name).chmod(0o600)
    return line


@cache
def files() -> dict[str, bytes]:
    """Sealed keys and a sealed card under them, made once: sealing is slow on purpose."""
    keys, name = MemoryKeys(KeySet.fresh(1)), CardName(PAN)
    card = SoftwareCard(name, CardKind.SESAME, TRIAL_PROFILE, keys.derive_card_key(name, 1), PIN)
    return {"keys": seal(keys.written(), "correct horse", KEY_FILE), "card": sealed_card(card, "")}


def test_keys_and_a_card_with_a_chosen_pin_are_made(teneur: Terminal) -> None:
    assert teneur("reader", "keys", "new-keys") == {"version": 1}
    made = teneur("reader", "card", "new-keys", "new-card", "--pan", PAN, "--choose-pin", typed="123456\n")
    assert made == {"card": "new-card", "key_version": 1}
    assert teneur("reader", "insert", "new-card", "--mode", "code", typed="123456\n")["code"]
    assert Path("new-keys").stat().st_mode & 0o777 == 0o600


def press(teneur: Terminal, *words: str, pin: str = PIN, **how: Any) -> Any:
    """A session at the reader."""
    return teneur("reader", "insert", "card", *words, typed=f"{pin}\n", **how)


def ask(teneur: Terminal, *words: str) -> str:
    """The bank asks for a code to pay 1,250.00 EUR; the 8 digits."""
    asked = teneur(
        "reader", "ask", "keys", "record", "--pan", PAN, "--operation", "1/42", "--amount", "1250,00",
        "--payee", PAYEE, *words,
    )  # fmt: skip
    return str(asked["typed"]["challenge"])


def check(teneur: Terminal, code: str, *words: str, exits: int = 0) -> bool:
    """The bank's answer."""
    return bool(teneur("reader", "check", "keys", "record", code, *words, code=exits)["accepted"])


def test_a_payment_is_confirmed_once_by_the_code_for_its_digits(teneur: Terminal) -> None:
    digits = ask(teneur)
    code = press(teneur, "--mode", "response", "--challenge", digits)["code"]
    assert not check(teneur, code, "--amount", "1250,01", exits=1)
    assert not check(teneur, code, "--payee", OTHER, exits=1)
    assert check(teneur, code)
    assert not check(teneur, code, exits=1)
    ask(teneur)
    assert not check(teneur, code, exits=1)


def test_a_login_takes_the_code_of_key_code(teneur: Terminal) -> None:
    teneur("reader", "ask", "keys", "record", "--pan", PAN, "--purpose", "login", "--operation", "s1")
    assert check(teneur, press(teneur, "--mode", "code")["code"])


def test_an_amount_and_numbers_may_be_signed(teneur: Terminal) -> None:
    digits = ask(teneur, "--mode", "sign")
    code = press(teneur, "--mode", "sign", "--challenge", digits, "--amount", "125000")["code"]
    assert check(teneur, code)
    asked = teneur(
        "reader", "ask", "keys", "record", "--operation", "1/43", "--amount", "9,99", "--mode", "data"
    )
    numbers = [word for number in asked["typed"]["numbers"] for word in ("--number", number)]
    assert check(teneur, press(teneur, "--mode", "data", *numbers)["code"])


def test_code_mode_cannot_confirm_a_payment(teneur: Terminal) -> None:
    words = ("reader", "ask", "keys", "record", "--pan", PAN, "--operation", "1", "--mode", "code")
    assert "cannot confirm" in teneur(*words, code=2, as_json=False)


def test_the_key_and_the_digits_are_asked_for_and_the_code_shown(teneur: Terminal) -> None:
    for pressed in ("RÉPONSE\n00000042", "response\n00000042", "Code"):
        out = teneur("reader", "insert", "card", typed=f"{PIN}\n{pressed}\n", as_json=False)
        assert len(out.strip()) == 8
        assert out.strip().isdecimal()
    refused = teneur("reader", "insert", "card", typed=f"{PIN}\nOK\n", code=2, as_json=False)
    assert "pas de touche" in refused


def test_the_third_wrong_pin_stops_the_card_for_good(teneur: Terminal) -> None:
    for left in (2, 1):
        shown = press(teneur, "--mode", "code", pin="0000", code=1, as_json=False)
        assert f"{left} essai(s)" in shown
    assert "invalidée" in press(teneur, "--mode", "code", pin="0000", code=1, as_json=False)
    refused = teneur("reader", "insert", "card", "--mode", "code", typed=f"{PIN}\n", code=1)
    assert (refused["refusal"], refused["tries_left"], refused["code"]) == ("card-invalidated", 0, "")
    english = press(teneur, "--mode", "code", "--lang", "en", code=1, as_json=False)
    assert "order another one" in english


def test_the_refusal_says_nothing_of_its_reason(teneur: Terminal) -> None:
    digits = ask(teneur)
    code = press(teneur, "--mode", "response", "--challenge", digits)["code"]
    wrong = f"{(int(code) + 1) % 100_000_000:08d}"
    said = {
        teneur("reader", "check", "keys", "record", given, *more, code=1, as_json=False)
        for given, more in ((wrong, ()), (code, ("--amount", "1")), ("12", ()))
    }
    assert said == {"Code refusé.\n"}


def test_keys_rotate_and_former_cards_still_serve(teneur: Terminal) -> None:
    ask(teneur)
    assert teneur("reader", "keys", "keys", "--rotate")["version"] == 2
    digits = ask(teneur)
    assert check(teneur, press(teneur, "--mode", "response", "--challenge", digits)["code"])
    assert teneur("reader", "card", "keys", "second", "--pan", PAN)["key_version"] == 2


def test_a_drawn_pin_is_shown_once_and_works(teneur: Terminal) -> None:
    made = teneur("reader", "card", "keys", "second", "--pan", PAN)
    shown = teneur("reader", "insert", "second", "--mode", "code", typed=f"{made['pin']}\n")
    assert len(shown["code"]) == 8


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("reader", "keys", "keys"), "existe déjà"),
        (("reader", "keys", "none", "--rotate"), "n’existe pas"),
        (("reader", "ask", "keys", "none", "--operation", "1"), "n’existe pas"),
        (("reader", "card", "keys", "other", "--pan", "12"), "8 to 19 digits"),
        (("reader", "insert", "keys", "--mode", "code"), "not 'teneur-cap-card'"),
    ],
)
def test_wrong_use_is_said(words: tuple[str, ...], complaint: str, teneur: Terminal) -> None:
    assert complaint in teneur(*words, code=2, as_json=False)


def test_a_wrong_passphrase_opens_nothing(teneur: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CARD_VARIABLE, "guess")
    assert "wrong passphrase" in press(teneur, "--mode", "code", code=2, as_json=False)
    monkeypatch.setenv(KEYS_VARIABLE, "guess")
    assert "wrong passphrase" in teneur("reader", "keys", "keys", "--rotate", code=2, as_json=False)
    monkeypatch.delenv(KEYS_VARIABLE)
    assert "vide" in teneur("reader", "keys", "keys", "--rotate", code=2, as_json=False)
