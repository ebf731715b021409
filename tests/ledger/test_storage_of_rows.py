"""What is stored: nothing can be changed by the engine's role, and each leaf can be computed by anyone."""

import hashlib
import struct
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg import Connection
from psycopg.rows import dict_row
from tests.support.ledger import Bank, Several, command, move, place

from teneur.ledger.journal import (
    COLUMNS,
    any_row,
    days,
    entry_row,
    leaf_hash,
    microseconds,
    outcome_row,
    row_bytes_of,
    salted_hash,
)  # fmt: skip

APPEND_ONLY = ("journal", "record", "ground", "contract", "reversal", "book", "iban_directory")
COLUMN_OF = {"ground": "reason", "contract": "versions", "reversal": "reversed_by", "book": "name",
             "iban_directory": "account_id"}  # fmt: skip


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_the_engines_role_may_neither_change_delete_nor_truncate(
    bank: Bank, connection: Connection, table: str
) -> None:
    column = COLUMN_OF.get(table, "position")
    for statement in (f"update {table} set {column} = {column}", f"delete from {table}", f"truncate {table}",
                      f"drop table {table}", f"alter table {table} disable trigger all"):  # fmt: skip
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement.encode())
        connection.rollback()


@pytest.mark.parametrize("table", ["account", "hold", "obligation"])
def test_the_engines_role_may_not_delete_what_it_may_change(
    bank: Bank, connection: Connection, table: str
) -> None:
    for statement in (f"delete from {table}", f"truncate {table}"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement.encode())
        connection.rollback()


KEY, REQUEST, GROUND = bytes(range(16)), bytes(range(16, 32)), bytes(range(32, 48))
ENTRY_HEX = (
    "0017"  # 23 fields
    "000000080000000000000007"  # position
    "0000000800000000000004d2"  # amount_minor
    "000000080000000000000003" "000000080000000000000002"  # debit_sequence, credit_sequence
    "00000008fffffffffffffb2e" "0000000800000000000004d2"  # the two balances
    "000000080002eedfdc9fd000"  # received_at
    "0000000400000001" "00000004000f4240" "00000004000f4241"  # book, debit, credit
    "ffffffff"  # subject: null, the entry names it
    "0000000400002556" "0000000400002555" "0000000400002557"  # booked_on, value dates
    "00000004ffffffff"  # actor
    "000000020002" "000000020001" "000000020001" "000000020000"  # kind, outcome, channel, line
    "00000010000102030405060708090a0b0c0d0e0f"
    "00000010101112131415161718191a1b1c1d1e1f"
    "00000010202122232425262728292a2b2c2d2e2f"
)  # fmt: skip


def test_the_bytes_of_a_row_with_an_entry_are_those_of_the_published_form() -> None:
    received = datetime(2026, 2, 28, 12, 0, tzinfo=UTC)
    assert microseconds(received) == (received - datetime(2000, 1, 1, tzinfo=UTC)) // timedelta(
        microseconds=1
    )
    day = days(date(2026, 3, 3))
    row = entry_row(
        7, 1_234, 3, 2, -1_234, 1_234, microseconds(received), 1, 1_000_000, 1_000_001, day, day - 1, day + 1,
        -1, 2, 1, 1, KEY, REQUEST, GROUND,
    )  # fmt: skip
    assert row.hex() == ENTRY_HEX
    salted = salted_hash(b"\x01" * 16, b"{}")
    assert salted.hex() == hashlib.sha256(b"\x01" * 16 + b"{}").hexdigest()
    expected = hashlib.sha256(b"\x00\x01" + bytes.fromhex(ENTRY_HEX) + salted).hexdigest()
    assert (
        leaf_hash(row, salted).hex()
        == expected
        == "fdb06a515eea5512de0f66f8d21ee6f37f5fbf9b69edd6de64d6c65e101496f1"
    )


def test_the_bytes_of_an_outcome_without_entry_are_those_of_the_published_form() -> None:
    row = outcome_row(9, 0, 1, 1_000_000, 0, 5, 3, 2, 4, KEY, REQUEST, GROUND)
    null = "ffffffff"
    assert row.hex() == (
        "0017" + "000000080000000000000009" + null * 5 + "000000080000000000000000" + "0000000400000001"
        + null * 2 + "00000004000f4240" + "0000000400000000" + null * 2 + "0000000400000005"
        + "000000020003" + "000000020002" + "000000020004" + "000000020000"
        + "00000010" + KEY.hex() + "00000010" + REQUEST.hex() + "00000010" + GROUND.hex()
    )  # fmt: skip


def test_the_three_ways_to_pack_a_row_agree() -> None:
    values = {
        "position": 7, "amount_minor": 1, "debit_sequence": 3, "credit_sequence": 2,
        "debit_balance_minor": -1, "credit_balance_minor": 1, "received_at": 77, "book": 1, "debit": 5,
        "credit": 6, "booked_on": 4, "debit_value_on": 3, "credit_value_on": 5, "actor": -1, "kind": 2,
        "outcome": 1, "channel": 1, "line": 0, "key": KEY, "request": REQUEST, "ground": GROUND,
    }  # fmt: skip
    assert any_row(values) == entry_row(
        7, 1, 3, 2, -1, 1, 77, 1, 5, 6, 4, 3, 5, -1, 2, 1, 1, KEY, REQUEST, GROUND
    )


@given(st.datetimes(datetime(1970, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001
def test_instants_keep_every_microsecond(instant: datetime) -> None:
    assert datetime(2000, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds(instant)) == instant


def _stored(connection: Connection[Any]) -> list[dict[str, Any]]:
    query = "select j.*, r.salt, r.body from journal j left join record r using (book, position) order by 1"
    return connection.cursor(row_factory=dict_row).execute(query).fetchall()


def test_every_leaf_can_be_computed_from_what_the_database_gives_back(
    two_books: Bank, connection: Connection
) -> None:
    a, b, c = two_books.open_accounts(3, book=1, fund_minor=1_000)
    d = two_books.open_accounts(1, book=2)[0]
    two_books.post(move(a, b, 1), move(a, b, 10**6), place(a, 5), move(a, d, 9))
    two_books.post(command(a, Several(entries=((b, c, 1), (a, c, 2), (a, d, 3)))))
    rows = _stored(connection)
    assert {row["line"] for row in rows} == {0, 1, 2}
    for row in rows:
        salt, body, leaf = row.pop("salt"), row.pop("body"), row["leaf"]
        salted = bytes(32) if body is None else hashlib.sha256(salt + body).digest()
        assert hashlib.sha256(b"\0\1" + row_bytes_of(row) + salted).digest() == leaf


def test_the_row_bytes_are_what_postgresql_itself_copies_out(bank: Bank, connection: Connection) -> None:
    """An outsider needs no code of ours: COPY … (format binary) gives the same bytes, leaf at the end."""
    a, b = bank.open_accounts(2, fund_minor=1_000)
    bank.post(move(a, b, 1), place(a, 5), command(a, Several(entries=((a, b, 1), (b, a, 2)))))
    with connection.cursor().copy(
        "copy (select * from journal order by position) to stdout (format binary)"
    ) as copy:
        data = b"".join(bytes(part) for part in copy)
    stored = {row["position"]: row for row in _stored(connection)}
    offset, seen = 19, 0
    while data[offset : offset + 2] != b"\xff\xff":
        start = offset
        offset += 2
        for _ in COLUMNS:
            (length,) = struct.unpack_from("!i", data, offset)
            offset += 4 + max(length, 0)
        (position,) = struct.unpack_from("!q", data, start + 6)
        row = {k: v for k, v in stored[position].items() if k not in ("salt", "body")}
        assert data[start : offset - 36] == row_bytes_of(row)
        seen += 1
    assert seen == len(stored)


def test_a_key_is_on_the_first_row_of_an_operation_only_and_found_again(bank: Bank) -> None:
    a, b = bank.open_accounts(2, fund_minor=1_000)
    asked = command(a, Several(entries=((a, b, 1), (b, a, 2), (a, b, 3))))
    first = bank.post(asked)[0]
    rows = bank.rows(
        "select key, line from journal where position >= %(p)s order by position", p=first.position
    )
    assert rows == [(UUID(bytes=asked.key), 0), (None, 1), (None, 2)]
