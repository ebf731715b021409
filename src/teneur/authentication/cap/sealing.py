"""Files that hold secrets: encrypted and authenticated under a passphrase, readable by their owner only.

scrypt (RFC 7914) makes the key of AES-256-GCM from the passphrase; the head of the file is authenticated
with its body, and names its kind, so that one kind of file is never taken for another.
"""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

_KEY_BYTES: Final = 32
_SALT_BYTES: Final = 16
_NONCE_BYTES: Final = 12
_COST_LOG2: Final = 15  # 32 MiB
_MOST_COST_LOG2: Final = 18  # a file must not make us take all memory
_OTHERS: Final = 0o077
_MOST_BYTES: Final = 1 << 20


class SealError(ValueError):
    """A file that cannot be opened: what is wrong with it, never what is in it."""


class _Sealed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kind: str
    scrypt_log2_cost: int
    salt: bytes
    nonce: bytes
    body: bytes


def seal(body: bytes, passphrase: str, kind: str) -> bytes:
    """The bytes of a sealed file. kind: what it holds, such as teneur-cap-keys."""
    salt, nonce = secrets.token_bytes(_SALT_BYTES), secrets.token_bytes(_NONCE_BYTES)
    head = _head(kind, _COST_LOG2)
    sealed = AESGCM(_key(passphrase, salt, _COST_LOG2)).encrypt(nonce, body, head)
    return msgspec.json.encode(_Sealed(kind, _COST_LOG2, salt, nonce, sealed))


def unseal(data: bytes, passphrase: str, kind: str) -> bytes:
    """The body of a sealed file. SealError if it is of another kind, altered, or sealed otherwise."""
    try:
        found = msgspec.json.decode(data, type=_Sealed)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise SealError("this is no sealed file, or it was altered") from None
    if found.kind != kind:
        raise SealError(f"this file holds {found.kind[:40]!r}, not {kind!r}")
    if not 1 <= found.scrypt_log2_cost <= _MOST_COST_LOG2:
        raise SealError("this sealed file was altered: its cost is out of range")
    key = _key(passphrase, found.salt, found.scrypt_log2_cost)
    try:
        return AESGCM(key).decrypt(found.nonce, found.body, _head(kind, found.scrypt_log2_cost))
    except (InvalidTag, ValueError):
        raise SealError("wrong passphrase, or the file was altered") from None


def read_sealed(path: Path, passphrase: str, kind: str) -> bytes:
    """The body of a sealed file on disk. SealError also if others may read it; OSError if it is absent."""
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_mode & _OTHERS:
            raise SealError(f"{path} may be read by others: chmod 600 {path}")
        return unseal(file.read(_MOST_BYTES), passphrase, kind)


def write_sealed(path: Path, body: bytes, passphrase: str, kind: str) -> None:
    """Seal a body into a file, as `write_private` writes it."""
    write_private(path, seal(body, passphrase, kind))


def write_private(path: Path, data: bytes) -> None:
    """Write the file whole or not at all, for its owner only; it is on disk when this returns."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


@contextmanager
def held(path: Path) -> Iterator[None]:
    """No other process that asks likewise works on the file meanwhile."""
    lock = path.with_name(f".{path.name}.lock")
    handle = os.open(lock, os.O_WRONLY | os.O_CREAT, 0o600)
    with os.fdopen(handle, "wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _head(kind: str, cost_log2: int) -> bytes:
    return f"{kind}/scrypt/{cost_log2}/8/1/aes-256-gcm".encode()


def _key(passphrase: str, salt: bytes, cost_log2: int) -> bytes:
    return Scrypt(salt=salt, length=_KEY_BYTES, n=1 << cost_log2, r=8, p=1).derive(passphrase.encode())
