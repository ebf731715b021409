"""The bytes of a journal row and of its leaf.

A row is stored by binary COPY. Its *row bytes*, form 1, are the tuple that PostgreSQL's binary COPY format
defines, for all columns of `journal` in table order but the last: a 2-byte count of fields, then for each
field a 4-byte length (−1: null) and the value, big-endian; instants are microseconds and dates are days since
2000-01-01. The count is that of the whole row, leaf included (23).

    salted hash = SHA-256(salt ‖ body) of the record at that position; 32 zero bytes for a row without record
    leaf        = SHA-256(0x00 ‖ 0x01 ‖ row bytes ‖ salted hash)

0x00 is RFC 6962's mark of a leaf, 0x01 the form of the row bytes. A new form never reuses a number.
"""

import hashlib
import struct
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
EPOCH_DAY = date(2000, 1, 1).toordinal()
COPY_HEAD = b"PGCOPY\n\xff\r\n\0" + struct.pack("!ii", 0, 0)
COPY_TAIL = struct.pack("!h", -1)
LEAF_MARK = b"\x00\x01"
NO_RECORD = bytes(32)
LEAF_LENGTH = struct.pack("!i", 32)

COLUMNS = (
    "position", "amount_minor", "debit_sequence", "credit_sequence", "debit_balance_minor",
    "credit_balance_minor", "received_at", "book", "debit", "credit", "subject", "booked_on",
    "debit_value_on", "credit_value_on", "actor", "kind", "outcome", "channel", "line", "key",
    "request", "ground", "leaf",
)  # fmt: skip

_TYPES = dict(
    zip(COLUMNS, ["q"] * 7 + ["i"] * 8 + ["h"] * 4 + ["16s"] * 3 + ["32s"], strict=True)
)  # wire types: 8, 4 and 2 byte integers, 16 byte ids
FIELD_COUNT = len(COLUMNS)

_sha256 = hashlib.sha256


@cache
def _layout(nulls: frozenset[str]) -> Any:
    """A packer for rows whose `nulls` columns are null; the shapes that rows have are few."""
    form = "!h"
    for column in COLUMNS[:-1]:
        form += "i" if column in nulls else "i" + _TYPES[column]
    return struct.Struct(form).pack


_ENTRY_COLUMNS = frozenset(COLUMNS[1:6]) | {"debit", "credit", "debit_value_on", "credit_value_on"}
# The four shapes that rows have: with or without an entry, first of their operation or not. A row with an
# entry names its subject there or not.
_PACK_ENTRY = _layout(frozenset({"subject"}))
_PACK_OUTCOME = _layout(_ENTRY_COLUMNS)


def entry_row(
    position: int, amount: int, debit_sequence: int, credit_sequence: int, debit_balance: int,
    credit_balance: int, received_us: int, book: int, debit: int, credit: int, booked: int,
    debit_value: int, credit_value: int, actor: int, kind: int, outcome: int, channel: int, key: bytes,
    request: bytes, ground: bytes,
) -> bytes:  # fmt: skip
    """Row bytes of the first row of an operation with an entry that names its subject: the hot path."""
    return _PACK_ENTRY(  # type: ignore[no-any-return]
        FIELD_COUNT, 8, position, 8, amount, 8, debit_sequence, 8, credit_sequence, 8, debit_balance,
        8, credit_balance, 8, received_us, 4, book, 4, debit, 4, credit, -1, 4, booked, 4, debit_value, 4,
        credit_value, 4, actor, 2, kind, 2, outcome, 2, channel, 2, 0, 16, key, 16, request, 16, ground,
    )  # fmt: skip


def outcome_row(
    position: int, received_us: int, book: int, subject: int, booked: int, actor: int, kind: int, outcome:
    int,
    channel: int, key: bytes, request: bytes, ground: bytes,
) -> bytes:  # fmt: skip
    """Row bytes of an outcome without entry: refusals, holds, changes of an account."""
    return _PACK_OUTCOME(  # type: ignore[no-any-return]
        FIELD_COUNT, 8, position, -1, -1, -1, -1, -1, 8, received_us, 4, book, -1, -1, 4, subject, 4, booked,
        -1, -1, 4, actor, 2, kind, 2, outcome, 2, channel, 2, 0, 16, key, 16, request, 16, ground,
    )  # fmt: skip


def any_row(values: dict[str, Any]) -> bytes:
    """Row bytes of a row of any shape: `values` by column, absent or None for null."""
    nulls = frozenset(c for c in COLUMNS[:-1] if values.get(c) is None)
    parts: list[Any] = [FIELD_COUNT]
    for column in COLUMNS[:-1]:
        if column in nulls:
            parts.append(-1)
        else:
            parts += [struct.calcsize("!" + _TYPES[column]), values[column]]
    return _layout(nulls)(*parts)  # type: ignore[no-any-return]


def microseconds(instant: datetime) -> int:
    """Microseconds since 2000-01-01 UTC: the wire form of an instant."""
    delta = instant - EPOCH
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


def days(day: date) -> int:
    """Days since 2000-01-01: the wire form of a date."""
    return day.toordinal() - EPOCH_DAY


def salted_hash(salt: bytes, body: bytes) -> bytes:
    """What a leaf knows of a record: nothing can be learnt from it once the salt is gone."""
    return _sha256(salt + body).digest()


def leaf_hash(row: bytes, salted: bytes) -> bytes:
    """The leaf of a row (RFC 6962: a leaf is hashed with a zero byte in front)."""
    return _sha256(LEAF_MARK + row + salted).digest()


def row_bytes_of(stored: dict[str, Any]) -> bytes:
    """Row bytes of a row as read back from the table (instants, dates and ids as the driver gives them)."""
    values = dict(stored)
    values["received_at"] = microseconds(stored["received_at"])
    for column in ("booked_on", "debit_value_on", "credit_value_on"):
        if stored[column] is not None:
            values[column] = days(stored[column])
    for column in ("key", "request", "ground"):
        if stored[column] is not None:
            values[column] = stored[column].bytes
    return any_row(values)
