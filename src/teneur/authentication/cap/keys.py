"""The issuer's keys behind one small interface: in memory, or in an encrypted file.

Whoever verifies codes needs two things only: the key of a card, and a keyed hash for challenges. Keys have
versions, so that they rotate while cards of a former version are still in use.
"""

import secrets
from dataclasses import dataclass, field
from typing import Final, Protocol

import msgspec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC

from teneur.authentication.cap.ciphers import KEY_BYTES, encrypt_blocks, odd_parity, retail_mac
from teneur.authentication.cap.derivation import CardName, Session, card_key_option_a, session_key

CHALLENGE_KEY_BYTES: Final = 32
KEY_FILE: Final = "teneur-cap-keys"


class CardKey:
    """The key of one card. It makes cryptograms and does not show itself."""

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"a card's key has {KEY_BYTES} bytes")
        self._key = key

    def __repr__(self) -> str:
        return "CardKey(hidden)"

    def cryptogram(self, session: Session, counter: int, data: bytes) -> bytes:
        """The application cryptogram (AC, tag 9F26), 8 bytes, under the session key of the counter."""
        return retail_mac(session_key(session, self._key, counter), data)

    def personalise(self) -> bytes:
        """The key itself, to be written into the card and nowhere else."""
        return self._key


class IssuerKeys(Protocol):
    """Where the issuer's keys are used. LookupError for a version that is not held."""

    @property
    def current(self) -> int:
        """The version under which new cards and challenges are made."""
        ...

    def derive_card_key(self, card: CardName, version: int) -> CardKey:
        """The key of a card (EMV option A); it lives for one call."""
        ...

    def challenge_mac(self, message: bytes, version: int) -> bytes:
        """HMAC-SHA-256 of the message under the key for challenges, 32 bytes."""
        ...


@dataclass(frozen=True)
class KeySet:
    """The keys of one version. master: the issuer's key of cryptograms (IMK-AC), 16 bytes."""

    version: int
    master: bytes = field(repr=False)
    challenge: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.master) != KEY_BYTES or len(self.challenge) != CHALLENGE_KEY_BYTES:
            raise ValueError(f"keys have {KEY_BYTES} and {CHALLENGE_KEY_BYTES} bytes")
        if self.master[: KEY_BYTES // 2] == self.master[KEY_BYTES // 2 :]:
            raise ValueError("both halves of the master key are alike: that is single DES")

    @classmethod
    def fresh(cls, version: int) -> "KeySet":
        """Random keys of a version."""
        master = odd_parity(secrets.token_bytes(KEY_BYTES))
        return cls(version, master, secrets.token_bytes(CHALLENGE_KEY_BYTES))


class MemoryKeys:
    """Keys held by this process; the highest version is current."""

    def __init__(self, *sets: KeySet) -> None:
        self._sets = {keys.version: keys for keys in sets}
        if not sets or len(self._sets) != len(sets):
            raise ValueError("keys need at least one version, and each version once")

    def __repr__(self) -> str:
        return f"{type(self).__name__}(versions={sorted(self._sets)})"

    @property
    def current(self) -> int:
        """The highest version."""
        return max(self._sets)

    def derive_card_key(self, card: CardName, version: int) -> CardKey:
        """The key of a card."""
        master = self._of(version).master
        return CardKey(card_key_option_a(lambda blocks: encrypt_blocks(master, blocks), card))

    def challenge_mac(self, message: bytes, version: int) -> bytes:
        """HMAC-SHA-256 under the key for challenges."""
        mac = HMAC(self._of(version).challenge, hashes.SHA256())
        mac.update(message)
        return mac.finalize()

    def rotated(self) -> "MemoryKeys":
        """These keys and a fresh current version."""
        return MemoryKeys(*self._sets.values(), KeySet.fresh(self.current + 1))

    def written(self) -> bytes:
        """The keys as the body of a sealed file (`sealing.seal`), never to be stored or sent otherwise."""
        rows = [_Row(keys.version, keys.master, keys.challenge) for keys in self._sets.values()]
        return msgspec.json.encode(rows)

    @classmethod
    def read(cls, body: bytes) -> "MemoryKeys":
        """The keys of such a body. ValueError if it is none."""
        rows = msgspec.json.decode(body, type=list[_Row])
        return cls(*(KeySet(row.version, row.master, row.challenge) for row in rows))

    def _of(self, version: int) -> KeySet:
        if version not in self._sets:
            raise LookupError(f"no keys of version {version} are held here, only {sorted(self._sets)}")
        return self._sets[version]


class _Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: int
    master: bytes
    challenge: bytes

    def __repr__(self) -> str:
        return f"_Row({self.version}, hidden)"
