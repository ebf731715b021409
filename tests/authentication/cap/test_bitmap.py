"""From a card's answer to digits, bit by bit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teneur.authentication.cap.bitmap import (
    CardAnswer,
    compress,
    counter_bits,
    counter_mask,
    cryptogram_bits,
    sequence_flagged,
    shown,
)

ANSWERS = st.builds(
    CardAnswer,
    counter=st.integers(0, 0xFFFF),
    cryptogram=st.binary(min_size=8, max_size=8),
    issuer_data=st.binary(max_size=8),
    sequence=st.sampled_from([b"", b"\x00", b"\x01", b"\x99"]),
)


@given(ANSWERS, st.data())
def test_the_code_is_the_selected_bits_written_as_a_number(answer: CardAnswer, data: st.DataObject) -> None:
    written = answer.written()
    size = data.draw(st.integers(1, len(written)))
    bitmap = data.draw(st.binary(min_size=size, max_size=size).filter(any))
    kept = "".join(
        bit for bit, wanted in zip(bits_of(written), bits_of(bitmap), strict=False) if wanted == "1"
    )
    assert compress(answer, bitmap) == int(kept, 2)


@given(ANSWERS, st.binary(min_size=4, max_size=11).filter(any))
def test_the_counter_is_read_from_the_code_as_far_as_it_is_shown(answer: CardAnswer, bitmap: bytes) -> None:
    first = bool(answer.sequence)
    mask = counter_mask(bitmap, first)
    assert counter_bits(str(compress(answer, bitmap)), bitmap, first) == answer.counter & mask


def test_a_number_beyond_the_bitmap_and_what_is_no_number_show_no_counter() -> None:
    bitmap = bytes.fromhex("00003F00000000000FFFFF")
    assert counter_bits(str((1 << 26) - 1), bitmap, sequence_first=False) == 0x3F
    assert counter_bits(str(1 << 26), bitmap, sequence_first=False) is None
    assert counter_bits("12a4", bitmap, sequence_first=False) is None
    assert counter_bits("١٢", bitmap, sequence_first=False) is None


@pytest.mark.parametrize(
    ("number", "digits", "text"),
    [(0, 8, "00000000"), (7, 8, "00000007"), (9_999_999, 8, "09999999"), (99_999_999, 8, "99999999")],
)
def test_a_reader_shows_zeros_on_the_left(number: int, digits: int, text: str) -> None:
    assert shown(number, digits) == text


def test_a_code_too_long_for_the_reader_is_refused_not_cut() -> None:
    with pytest.raises(ValueError, match="9 digits and the reader shows 8"):
        shown(100_000_000, 8)


@pytest.mark.parametrize(
    ("flags", "flagged"),
    [("00", False), ("40", True), ("80", False), ("C0", True), ("A0", False), ("", False)],
)
def test_the_sequence_number_counts_when_the_cards_flag_says_so(flags: str, flagged: bool) -> None:
    assert sequence_flagged(bytes.fromhex(flags)) is flagged


def test_the_sequence_number_moves_the_bitmap_by_a_byte() -> None:
    bitmap = bytes.fromhex("00003F00000000000FFFFF")
    assert (counter_mask(bitmap, False), cryptogram_bits(bitmap, False)) == (0x003F, 20)
    assert (counter_mask(bitmap, True), cryptogram_bits(bitmap, True)) == (0x3F00, 20)


def bits_of(data: bytes) -> str:
    """Ones and zeros as text."""
    return "".join(f"{byte:08b}" for byte in data)
