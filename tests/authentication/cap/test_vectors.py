"""Values that others published: keys, cryptograms and codes.

Sources (values only): ivanstambuk/openauth-sim, docs/test-vectors/emv-cap (Apache-2.0), some of them from
emvlab.org; knovichikhin/pyemv 1.5.0, tests against a real HSM and documentation (MIT); traces of real cards
and the codes real readers showed, published in doegox/EMV-CAP, among them one of "Optimised to Fail"
(Drimer, Murdoch, Anderson, 2009).
"""

import json
from collections.abc import Callable
from io import BytesIO, TextIOWrapper
from typing import Any

import pytest

from teneur.authentication.cap.ciphers import encrypt_blocks, retail_mac
from teneur.authentication.cap.derivation import (
    CardName,
    CommonSession,
    TreeSession,
    card_key_option_a,
    common_session_key,
)
from teneur.authentication.cap.terminal import Mode, Typed, terminal_data
from teneur.channels.cli.main import run

MASTER = "0123456789ABCDEFFEDCBA9876543210"
A, B = "0123456789ABCDEF0123456789ABCDEF", "89ABCDEF0123456789ABCDEF01234567"
IAD, IPB = "06770A03A48000", "00001F00000000000FFFFF00000000008000"

Compute = Callable[..., Any]


@pytest.fixture
def compute(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Compute:
    """`teneur cap compute` with an object on standard input; its object, or its complaint."""

    def ask(code: int = 0, **given: Any) -> Any:
        monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(json.dumps(given).encode())))
        capsys.readouterr()
        assert run(["cap", "compute"]) == code
        out, err = capsys.readouterr()
        return err if code else json.loads(out)

    return ask


@pytest.mark.parametrize(
    ("mode", "key", "atc", "tree", "typed", "session", "cryptogram", "code"),
    [
        ("identify", A, "00B4", (4, 8), {},
         "5EC8B98ABC8F9E7597647CBCB9A75402", "7F32A79FDA945643", "42511495"),
        ("identify", A, "00C1", (2, 6), {},
         "34326B077FF70D3DA189317619D90EF4", "0272A3125E2FC049", "4161683"),
        ("identify", A, "00C2", (6, 10), {},
         "E0E9831325383B2C7C942C5ED5988375", "0F1E73DB3FE44BB1", "4757347"),
        ("respond", A, "00B5", (4, 8), {"challenge": "1122334455"},
         "40386B4334EA43313D8A4C262F6885AB", "B1FA3935AA491B75", "45233899"),
        ("respond", A, "00D1", (4, 8), {"challenge": "4815"},
         "348549A74361237CC77575B50EC7C8E3", "D23D64617F0644FA", "36473333"),
        ("respond", A, "00D2", (4, 8), {"challenge": "26002600"},
         "167C8C54F8CBB0231001C7F89EFB3B2F", "9BD8E78BA6FB3B85", "39221003"),
        ("sign", B, "0101", (4, 8), {"amount": "000000000845", "reference": "271828", "challenge": "314159"},
         "54B3F20237B0BFFD156161C78C5D4C64", "4D4B59254E31CB18", "2332209"),
        ("sign", B, "0102", (4, 8), {"amount": "000000050375", "reference": "654321", "challenge": "123456"},
         "7CA7516EC8167A1C2FB064F80DAD5B26", "DB33738C88011BC8", "4339601"),
        ("sign", B, "01A4", (4, 8), {"amount": "000000123456", "reference": "445566", "challenge": "998877"},
         "FB861FFEA7AEB052F461E991FD07A425", "3F758937C03A6189", "9749267"),
    ],
)  # fmt: skip
def test_a_card_key_gives_the_published_session_key_cryptogram_and_code(
    mode: str, key: str, atc: str, tree: tuple[int, int], typed: dict[str, str], session: str,
    cryptogram: str, code: str, compute: Compute,
) -> None:  # fmt: skip
    given = {
        "icc_master_key": key, "atc": atc, "branch_factor": tree[0], "height": tree[1], "iv": "0" * 32,
        "mode": mode, "iad": IAD, "ipb": IPB, **typed,
    }  # fmt: skip
    assert compute(**given) == {"session_key": session, "cryptogram": cryptogram, "code": code}
    assert compute(**given, icc_data=f"1000{atc}A50006040000", digits=8)["code"] == code.zfill(8)
    assert compute(**{"challenge": "", "amount": "", **given}, icc_data="", psn=None)["code"] == code


BELGIAN = {"iad": "06015603A400000700030000010002", "ipb": "0000FF000000000003FFFF"}
DUTCH = {"iad": "0C10A50003040000000000000000000000FF", "ipb": "0700007FFFFF000000000000", "psn": "08"}


@pytest.mark.parametrize(
    ("card", "code"),
    [
        ({**BELGIAN, "atc": "005A", "cryptogram": "513C1201B7DB02A0"}, "23790240"),
        ({**BELGIAN, "atc": "0059", "cryptogram": "94AB83B4EA4FCD87"}, "23580039"),
        ({**BELGIAN, "atc": "005A", "cryptogram": "513C1201B7DB02A0", "tds": "1234"}, "23719593"),
        ({**BELGIAN, "atc": "004B", "cryptogram": "499FC380743A56ED"}, "19814125"),
        ({"atc": "0010", "cryptogram": "CF17CD2F3F369044", "iad": "06780A03A48000",
          "ipb": "8001FFFFFF" + "00" * 12}, "34656023"),
        ({"atc": "0042", "cryptogram": "C14D71DBAFA79FED", "iad": "0012A50003020000000000000000000000FF",
          "ipb": "00007FFFFFE0000000000000"}, "34998891"),
        ({"atc": "0042", "cryptogram": "B7F9A572DA74CAFF", "iad": IAD, "ipb": IPB}, "4822527"),
        ({"atc": "0004", "cryptogram": "4908A95A2FC4F0FB", "iad": "0110A50003040000000000000000000000FF",
          "ipb": "80007FFFFF" + "00" * 16}, "8669448"),
        ({**DUTCH, "atc": "0079", "cryptogram": "DF0705A00E3A9EF2", "digits": 8}, "07986951"),
        ({**DUTCH, "atc": "007C", "cryptogram": "9CA5A4CA1651CE31", "digits": 8, "tds": ["0530026806"]},
         "08180460"),
    ],
)  # fmt: skip
def test_the_answer_of_a_real_card_gives_the_code_that_its_reader_showed(
    card: dict[str, Any], code: str, compute: Compute
) -> None:
    assert compute(**card) == {"code": code}


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"mode": "guess", "atc": "0001"}, "mode is 'guess'"),
        ({"mode": "identify", "atc": "0001", "icc_master_key": "00", "ipb": "01", "iad": ""}, "16 bytes"),
        ({"cryptogram": "00", "atc": "0001", "iad": "", "ipb": "FF"}, "8 bytes"),
        ({"cryptogram": "00" * 8, "atc": "0001", "iad": "", "ipb": "00"}, "no bits"),
        ({"cryptogram": "00" * 8, "atc": "0001", "iad": "", "ipb": "00" * 11 + "01"}, "beyond"),
        ({"cryptogram": "zz", "atc": "0001", "iad": "", "ipb": "00"}, "hexadecimal"),
        ({"cryptogram": "00" * 8, "atc": "0001", "iad": "", "ipb": "FF", "tsd": "1"}, "tsd"),
    ],
)
def test_what_makes_no_code_is_said(given: dict[str, Any], complaint: str, compute: Compute) -> None:
    assert complaint in compute(code=2, **given)


def test_a_card_key_is_never_in_a_complaint(compute: Compute) -> None:
    assert A not in compute(code=2, icc_master_key=A, atc="0001", mode="guess", iad=IAD, ipb=IPB)


@pytest.mark.parametrize(
    ("pan", "sequence", "key"),
    [
        ("12345678901234567", "01", "73AD54688CEF2934B0979857E3C719F1"),
        ("99012345678901234", "45", "67F8292358083E5EA7AB7FDA58D53B6B"),
    ],
)
def test_option_a_gives_the_published_card_keys(pan: str, sequence: str, key: str) -> None:
    assert card_key(pan, sequence).hex().upper() == key


@pytest.mark.parametrize(
    ("pan", "sequence", "card_check", "session_check", "cryptogram"),
    [
        ("9901234567890123", "45", "1DA5", "0995", "4B46013359B7A58B"),
        ("12345678901234567", "45", "FF08", "DF82", "19C1FBC83EBDC0D5"),
        ("12345678901234567", "00", None, "3F4F", "8698A7319324FD93"),
        ("1234567890123456", "00", "BAB0", "BC19", "0CE77D211CB5459A"),
    ],
)
def test_issuer_key_to_cryptogram_as_a_hardware_module_computed_it(
    pan: str, sequence: str, card_check: str | None, session_check: str, cryptogram: str
) -> None:
    card = card_key(pan, sequence)
    assert card_check in {None, check_digits(card)}
    session = common_session_key(card, bytes.fromhex("1234567890123456"))
    assert check_digits(session) == session_check
    data = bytes.fromhex("0123456789ABCDEF0123456789ABCDEF")
    assert retail_mac(session, data).hex().upper() == cryptogram


def test_session_keys_by_counter_as_published() -> None:
    master = bytes.fromhex(MASTER)
    assert CommonSession().session_key(master, 0x1C).hex().upper() == "E9FB384AF807B940FEDCEA613461B0C4"
    assert TreeSession(4, 8).session_key(master, 0x1C).hex().upper() == "E5BF6D1067F194B0A89B7F5D83BC64A2"


USUAL = "9F02069F03069F1A0295055F2A029A039C019F3704"


@pytest.mark.parametrize(
    ("data_list", "typed", "date", "data"),
    [
        (USUAL, Typed(Mode.RESPONSE, "12345678"), "000000",
         "0000000000000000000000000000800000000000000000000012345678"),
        (USUAL, Typed(Mode.CODE), "010101", "0000000000000000000000000000800000000000000101010000000000"),
        (USUAL + "9F4C029F3403", Typed(Mode.RESPONSE, "1234"), "000000",
         "00000000000000000000000000008000000000000000000000000012340000010002"),
        (USUAL + "9F35019F45029F4C089F3403", Typed(Mode.CODE), "000000",
         "00000000000000000000000000008000000000000000000000000000003400000000000000000000010002"),
        (USUAL, Typed(Mode.SIGN, "445566", 123456), "000000",
         "0000001234560000000000000000800000000000000000000000445566"),
    ],
)  # fmt: skip
def test_a_reader_gives_a_card_what_real_readers_gave(
    data_list: str, typed: Typed, date: str, data: str
) -> None:
    assert terminal_data(bytes.fromhex(data_list), typed, date).hex() == data


def card_key(pan: str, sequence: str) -> bytes:
    """The key of a card under the published issuer's key."""
    master = bytes.fromhex(MASTER)
    return card_key_option_a(lambda blocks: encrypt_blocks(master, blocks), CardName(pan, sequence))


def check_digits(key: bytes) -> str:
    """The first two bytes of zeros encrypted, as modules print them."""
    return encrypt_blocks(key, bytes(8))[:2].hex().upper()
