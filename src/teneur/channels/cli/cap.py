"""`cap compute`: a code of EMV CAP from its parts, JSON in and JSON out, to compare with other programs."""

import sys
from typing import Final

import click
import msgspec

from teneur.authentication.cap.bitmap import CardAnswer, compress, shown
from teneur.authentication.cap.derivation import TreeSession
from teneur.authentication.cap.keys import CardKey
from teneur.authentication.cap.rules import CHALLENGE_DIGITS
from teneur.authentication.cap.terminal import Mode, Typed, terminal_data, with_numbers
from teneur.channels.cli.shell import Group, Trouble
from teneur.channels.cli.texts import say

USUAL_LIST: Final = "9F02069F03069F1A0295055F2A029A039C019F3704"
USUAL_CARD_DATA: Final = "1000xxxxA50006040000"  # of the public vectors: AIP, counter, CVR
TYPED: Final = {"identify": "", "respond": "challenge", "sign": "reference"}  # mode -> field of the number
REMEDY: Final = "docs/cap.md"


class FromCryptogram(msgspec.Struct, forbid_unknown_fields=True):
    """A cryptogram that a card gave. tds: the numbers typed for the signature of data."""

    cryptogram: str
    atc: str
    ipb: str
    iad: str = ""
    cid: str = "80"
    psn: str = ""
    tds: list[str] | str = ""
    digits: int = 1


class FromKey(msgspec.Struct, forbid_unknown_fields=True):
    """A card's key and what is typed. icc_data: the card's own data, with xxxx for the counter."""

    icc_master_key: str = ""
    atc: str = ""
    iad: str = ""
    ipb: str = ""
    mode: str = ""
    branch_factor: int = 4
    height: int = 8
    iv: str = "0" * 32
    challenge: str = ""
    amount: str = ""
    reference: str = ""
    icc_data: str = USUAL_CARD_DATA
    cdol1: str = USUAL_LIST
    cid: str = "80"
    psn: str = ""
    digits: int = 1

    def __repr__(self) -> str:
        return "FromKey(hidden)"


@click.group("cap", cls=Group, help=say("Codes EMV CAP.", "Codes of EMV CAP."))
def cap() -> None:
    """Commands about codes."""


@cap.command("compute", help=say("Un code : JSON lu, JSON écrit.", "A code: JSON read, JSON written."))
def compute() -> None:
    """One JSON object on standard input, one on standard output; an empty value is as none."""
    data = sys.stdin.buffer.read(1 << 16)
    try:
        read = msgspec.json.decode(data, type=dict[str, object])
        given = {name: value for name, value in read.items() if value not in (None, "")}
        if "cryptogram" in given:
            result = {"code": from_cryptogram(msgspec.convert(given, FromCryptogram, strict=False))}
        else:
            result = from_key(msgspec.convert(given, FromKey, strict=False))
    except (ValueError, msgspec.MsgspecError) as error:
        raise Trouble(f"cap compute: {error}", REMEDY) from None
    click.echo(msgspec.json.encode(result).decode())


def from_cryptogram(given: FromCryptogram) -> str:
    """The digits of a card's answer."""
    numbers = (given.tds,) if isinstance(given.tds, str) else tuple(given.tds)
    typed = tuple(number for number in numbers if number)
    cryptogram = bytes.fromhex(given.cryptogram)
    if typed:
        cryptogram = with_numbers(cryptogram, Typed(Mode.DATA, numbers=typed).numbers)
    return _code(given, cryptogram)


def from_key(given: FromKey) -> dict[str, str]:
    """Session key and cryptogram in hexadecimal, and the digits.

    As in the public vectors the number typed is the challenge for respond and the reference for sign, one
    beyond 8 digits is cut to its first 8, and an amount counts whenever there is one.
    """
    if given.mode not in TYPED:
        raise ValueError(f"mode is {given.mode!r}: expected {', '.join(TYPED)}")
    atc = int(given.atc, 16)
    number = str(getattr(given, TYPED[given.mode])) if TYPED[given.mode] else ""
    typed = Typed(Mode.SIGN, (number or "0")[:CHALLENGE_DIGITS], int(given.amount or "0"))
    card_data = given.icc_data.replace("xxxx", f"{atc:04X}")
    data = terminal_data(bytes.fromhex(given.cdol1), typed) + bytes.fromhex(card_data)
    session = TreeSession(given.branch_factor, given.height, bytes.fromhex(given.iv))
    key = bytes.fromhex(given.icc_master_key)
    cryptogram = CardKey(key).cryptogram(session, atc, data)
    return {
        "session_key": session.session_key(key, atc).hex().upper(),
        "cryptogram": cryptogram.hex().upper(),
        "code": _code(given, cryptogram),
    }


def _code(given: FromCryptogram | FromKey, cryptogram: bytes) -> str:
    answer = CardAnswer(
        counter=int(given.atc, 16),
        cryptogram=cryptogram,
        issuer_data=bytes.fromhex(given.iad),
        cid=bytes.fromhex(given.cid),
        sequence=bytes.fromhex(given.psn),
    )
    number = compress(answer, bytes.fromhex(given.ipb))
    return shown(number, max(given.digits, len(str(number))))
