"""Idempotency keys of what files ask: from what the sender's own references say, so that a file that comes
twice, or again after a crash, does nothing twice."""

import hashlib

from teneur.kernel.canonical import canonical

KEY_BYTES = 16


def key_of(*parts: str | int) -> bytes:
    """The first half of the SHA-256 of the parts, in a form in which no two lists of parts look the same."""
    return hashlib.sha256(canonical(list(parts))).digest()[:KEY_BYTES]


def id_of(prefix: str, *parts: str | int) -> str:
    """A message id of at most 35 characters, always the same for the same parts."""
    return prefix + hashlib.sha256(canonical(list(parts))).hexdigest()[: 32 - len(prefix)].upper()


def answer_id_of(sender: int, sha256: str) -> str:
    """The id of the answer to a customer's file: the same for the same file of the same sender."""
    return id_of("ST", sender, sha256) if sender else ""


def received_key(payer_bank: str, message_id: str, transaction_id: str, position: int) -> bytes:
    """The key of a transfer received: the payer's bank and its number for the transaction.

    By the message and the place in it where that bank, or the number, is not given.
    """
    if payer_bank and transaction_id:
        return key_of("pacs.008", payer_bank[:8], transaction_id)
    return key_of("pacs.008", message_id, transaction_id, position)
