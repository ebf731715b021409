"""Records in a table whose columns stand in order of size: what was stored before stays as it was."""

import os
from pathlib import Path

import psycopg
import pytest

from teneur.storage.database import Dsn, connect
from teneur.storage.migrate import migrate, shipped

ROWS = [
    (book, position, os.urandom(16), b"{}" * length)
    for book, position, length in ((2, 1, 1), (1, 1, 70), (1, 2, 0), (1, 1 << 40, 5_000))
]
STORED = "select book, position, salt, body from record order by book, position"


@pytest.fixture
def before(empty_database: Dsn, tmp_path: Path) -> Dsn:
    """A database as it was before, with records in it."""
    for file in shipped().iterdir():
        if file.name < "0007":
            (tmp_path / file.name).write_bytes(file.read_bytes())
    migrate(empty_database, folder=tmp_path)
    with connect(empty_database) as connection, connection.cursor() as cursor:
        cursor.executemany("insert into record values (%s, %s, %s, %s)", ROWS)
    return empty_database


def columns(connection: psycopg.Connection) -> list[str]:
    query = (
        "select attname from pg_attribute where attrelid = 'record'::regclass and attnum > 0 order by attnum"
    )
    return [name for (name,) in connection.execute(query)]


def test_records_keep_their_contents_and_lose_their_padding(before: Dsn) -> None:
    with connect(before) as connection:
        assert columns(connection) == ["book", "position", "salt", "body"]
    assert "0007_record_order" in migrate(before)
    with connect(before) as connection:
        assert columns(connection) == ["position", "book", "salt", "body"]
        assert connection.execute(STORED).fetchall() == sorted(ROWS)


@pytest.mark.parametrize(
    "statement", ["update record set body = ''", "delete from record", "truncate record"]
)
def test_the_engine_still_appends_and_reads_and_nothing_else(before: Dsn, statement: str) -> None:
    migrate(before)
    with connect(before) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)
        connection.rollback()
        connection.execute("insert into record (book, position, salt, body) values (3, 1, '', '')")
        with pytest.raises(psycopg.errors.UniqueViolation, match="record_pkey"):
            connection.execute("insert into record (book, position, salt, body) values (3, 1, '', '')")


@pytest.mark.parametrize("column", ["position", "book", "salt", "body"])
def test_no_part_of_a_record_may_be_missing(before: Dsn, column: str) -> None:
    migrate(before)
    values = {"position": "9", "book": "9", "salt": "''", "body": "''", column: "null"}
    with connect(before) as connection, pytest.raises(psycopg.errors.NotNullViolation):
        connection.execute(
            f"insert into record ({', '.join(values)}) values ({', '.join(values.values())})".encode()
        )


def test_a_record_needs_no_padding_any_more(before: Dsn) -> None:
    size = "select pg_column_size(r) from record r where book = 1 and position = 1"
    with connect(before) as connection:
        (was,) = connection.execute(size).fetchone() or (0,)
    migrate(before)
    with connect(before) as connection:
        assert connection.execute(size).fetchone() == (was - 4,)
