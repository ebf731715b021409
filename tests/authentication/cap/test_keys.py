"""The issuer's keys: in memory and in a sealed file, never shown, and changed without stopping."""

from collections import Counter
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from teneur.authentication.cap.ciphers import encrypt_blocks, padded, xor
from teneur.authentication.cap.derivation import (
    CardName,
    CommonSession,
    TreeSession,
    counter_bytes,
    session_key,
)
from teneur.authentication.cap.keys import KEY_FILE, CardKey, KeySet, MemoryKeys
from teneur.authentication.cap.sealing import SealError, read_sealed, seal, unseal, write_sealed
from teneur.authentication.cap.terminal import Mode, Typed
from tests.authentication.cap.making import KEYS, MASTER, NAME, PIN, new_card
from tests.support.asserts import asserts


def test_a_file_gives_the_keys_back_to_its_passphrase_only(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    write_sealed(path, KEYS.written(), "correct horse", KEY_FILE)
    found = MemoryKeys.read(read_sealed(path, "correct horse", KEY_FILE))
    assert found.derive_card_key(NAME, 1).personalise() == KEYS.derive_card_key(NAME, 1).personalise()
    assert found.challenge_mac(b"x", 1) == KEYS.challenge_mac(b"x", 1)
    with pytest.raises(SealError, match="wrong passphrase"):
        read_sealed(path, "correct house", KEY_FILE)
    assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["keys"]


def test_a_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    write_sealed(path, b"body", "p", KEY_FILE)
    path.chmod(0o640)
    with pytest.raises(SealError, match="chmod 600"):
        read_sealed(path, "p", KEY_FILE)


def test_one_kind_of_file_is_not_taken_for_another() -> None:
    sealed = seal(b"body", "p", KEY_FILE)
    assert unseal(sealed, "p", KEY_FILE) == b"body"
    with pytest.raises(SealError, match="not 'teneur-cap-card'"):
        unseal(sealed, "p", "teneur-cap-card")
    renamed = sealed.replace(KEY_FILE.encode(), b"teneur-cap-card")
    with pytest.raises(SealError, match="altered"):
        unseal(renamed, "p", "teneur-cap-card")


@pytest.mark.parametrize("cost", [0, 14, 16, 19, 60, -1])
def test_an_altered_cost_is_refused_before_it_costs_anything(cost: int) -> None:
    fields = msgspec.json.decode(seal(b"body", "p", KEY_FILE))
    fields["scrypt_log2_cost"] = cost
    with pytest.raises(SealError, match="altered"):
        unseal(msgspec.json.encode(fields), "p", KEY_FILE)


@pytest.mark.parametrize("data", [b"", b"{}", b"not json", b"\xff\xfe", b'{"kind": 1}'])
def test_what_is_no_sealed_file_is_said(data: bytes) -> None:
    with pytest.raises(SealError, match="no sealed file"):
        unseal(data, "p", KEY_FILE)


def test_the_same_body_is_sealed_anew_each_time() -> None:
    assert seal(b"body", "p", KEY_FILE) != seal(b"body", "p", KEY_FILE)


def test_keys_do_not_show() -> None:
    key = KEYS.derive_card_key(NAME, 1)
    shown = repr(KEYS) + repr(KeySet(1, MASTER, bytes(range(32)))) + repr(key) + repr([KEYS, key])
    for secret in (MASTER, bytes(range(32)), key.personalise()):
        assert secret.hex() not in shown.lower()
        assert repr(secret) not in shown
    with pytest.raises(msgspec.ValidationError) as caught:
        MemoryKeys.read(KEYS.written().replace(b'"version":1', b'"version":"1"'))
    assert "version" in str(caught.value)


def test_a_new_version_becomes_current_and_the_former_still_serves() -> None:
    rotated = KEYS.rotated()
    assert (KEYS.current, rotated.current) == (1, 2)
    before = KEYS.derive_card_key(NAME, 1).personalise()
    assert rotated.derive_card_key(NAME, 1).personalise() == before
    assert rotated.derive_card_key(NAME, 2).personalise() != before
    assert MemoryKeys.read(rotated.written()).challenge_mac(b"x", 2) == rotated.challenge_mac(b"x", 2)
    with pytest.raises(LookupError, match="version 3"):
        rotated.derive_card_key(NAME, 3)


@pytest.mark.parametrize(
    ("master", "challenge", "complaint"),
    [
        (bytes(8), bytes(32), "16 and 32 bytes"),
        (MASTER, bytes(16), "16 and 32 bytes"),
        (MASTER[:8] * 2, bytes(32), "single DES"),
    ],
)
def test_keys_that_are_too_short_are_refused(master: bytes, challenge: bytes, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        KeySet(1, master, challenge)


def test_keys_without_a_version_or_with_one_twice_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one version"):
        MemoryKeys()
    with pytest.raises(ValueError, match="each version once"):
        MemoryKeys(KeySet.fresh(1), KeySet.fresh(1))


def test_fresh_keys_have_odd_parity_and_differ() -> None:
    one, other = KeySet.fresh(1), KeySet.fresh(1)
    assert all(byte.bit_count() % 2 for byte in one.master)
    assert one.master != other.master
    assert one.challenge != other.challenge


def test_cards_of_one_number_with_other_sequence_numbers_have_other_keys() -> None:
    assert (
        KEYS.derive_card_key(CardName(NAME.pan, "00"), 1).personalise()
        != KEYS.derive_card_key(CardName(NAME.pan, "01"), 1).personalise()
    )


@asserts("CAP-2b-11")
def test_no_code_tells_anything_of_the_next() -> None:
    found = session_key(CommonSession(), MASTER, 0x1C)
    assert found.hex().upper() == "E9FB384AF807B940FEDCEA613461B0C4"  # published: pyemv 1.5.0
    for session in (CommonSession(), TreeSession()):
        keys = [session_key(session, MASTER, counter) for counter in range(1, 257)]
        changed = [xor(one, other) for one, other in pairwise(keys)]
        bits = sum(int.from_bytes(change, "big").bit_count() for change in changed)
        assert 0.47 < bits / (255 * 128) < 0.53  # half of all bits, parity bits with them
    card = new_card()
    typed = Typed(Mode.CODE)
    codes = [int(card.compute(PIN, typed).code) & 0xFFFFF for _ in range(4096)]
    for shift in (0, 4, 8, 12, 16):
        counts = Counter(code >> shift & 15 for code in codes)
        steps = Counter((one - other) >> shift & 15 for one, other in pairwise(codes))
        for spread in (counts, steps):
            expected = spread.total() / 16
            assert sum((spread[digit] - expected) ** 2 / expected for digit in range(16)) < 44.3


def test_every_counter_has_its_own_session_key() -> None:
    for session in (CommonSession(), TreeSession()):
        assert len({session.session_key(MASTER, counter) for counter in range(0, 65536, 127)}) == 517
        assert len(session.session_key(MASTER, 65535)) == 16
        for counter in (-1, 65536):
            with pytest.raises(ValueError, match="between 0 and 65535"):
                session.session_key(MASTER, counter)
    assert counter_bytes(65535) == b"\xff\xff"


@pytest.mark.parametrize(
    ("branches", "height", "start"), [(1, 8, 16), (256, 8, 16), (4, 0, 16), (4, 17, 16), (4, 8, 15)]
)
def test_a_tree_that_cannot_be_is_refused(branches: int, height: int, start: int) -> None:
    with pytest.raises(ValueError, match="tree of session keys"):
        TreeSession(branches, height, bytes(start))


@pytest.mark.parametrize(("size", "blocks"), [(0, 1), (1, 1), (7, 1), (8, 2), (9, 2), (15, 2), (16, 3)])
def test_padding_always_adds_a_byte_and_makes_whole_blocks(size: int, blocks: int) -> None:
    data = padded(b"\x01" * size)
    assert len(data) == 8 * blocks
    assert data.rstrip(b"\x00") == b"\x01" * size + b"\x80"


def test_a_key_of_another_length_is_refused() -> None:
    for size in (8, 15, 24):
        with pytest.raises(ValueError, match="16"):
            CardKey(bytes(size))
        with pytest.raises(ValueError, match="16"):
            encrypt_blocks(bytes(size), bytes(8))
