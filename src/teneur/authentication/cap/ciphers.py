"""Triple DES as EMV uses it, on the ciphers of `cryptography`: blocks, key parity, padding, retail MAC.

Sources: EMV Book 2, annex A1 (padding, MAC), ISO/IEC 9797-1 MAC algorithm 3 with padding method 2.
"""

from typing import Final

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes

BLOCK_BYTES: Final = 8
KEY_BYTES: Final = 16


def encrypt_blocks(key: bytes, data: bytes) -> bytes:
    """Each block of 8 bytes encrypted by itself. key: 16 bytes. ValueError if a length is wrong."""
    if len(key) != KEY_BYTES:
        raise ValueError(f"a key of {len(key)} bytes: EMV keys have {KEY_BYTES}")
    encryptor = Cipher(TripleDES(key + key[:BLOCK_BYTES]), modes.ECB()).encryptor()  # noqa: S305 (EMV's mode)
    return encryptor.update(data) + encryptor.finalize()


def chain(key: bytes, data: bytes) -> bytes:
    """The last block of single DES in CBC with a zero start over whole blocks. key: 8 bytes."""
    encryptor = Cipher(TripleDES(key * 3), modes.CBC(bytes(BLOCK_BYTES))).encryptor()
    return (bytes(BLOCK_BYTES) + encryptor.update(data) + encryptor.finalize())[-BLOCK_BYTES:]


def padded(data: bytes) -> bytes:
    """The data with 80 and as few zero bytes as make whole blocks; whole blocks get one more."""
    return data + b"\x80" + bytes(-(len(data) + 1) % BLOCK_BYTES)


def retail_mac(key: bytes, data: bytes) -> bytes:
    """ISO 9797-1 MAC algorithm 3 of the padded data, 8 bytes. key: 16 bytes."""
    whole = padded(data)
    chained = chain(key[:BLOCK_BYTES], whole[:-BLOCK_BYTES])
    return encrypt_blocks(key, xor(chained, whole[-BLOCK_BYTES:]))


def odd_parity(key: bytes) -> bytes:
    """The key with the lowest bit of each byte set so that its ones are odd, as DES keys are written."""
    return bytes(byte if byte.bit_count() % 2 else byte ^ 1 for byte in key)


def xor(one: bytes, other: bytes) -> bytes:
    """Bitwise exclusive or of two sequences of one length."""
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
