"""`schema.sql` and the migrations make the same database, and the books keep the rules of the design."""

from pathlib import Path

import pytest

from teneur.storage.database import Dsn, connect
from teneur.storage.migrate import migrate
from teneur.storage.schema_dump import SCHEMA, readable
from teneur.storage.sql import parse

CATALOGUE = parse(Path(__file__).with_name("catalogue.sql").read_text(), "catalogue.sql")["catalogue"]


def catalogue(dsn: Dsn) -> list[str]:
    with connect(dsn, "owner") as connection:
        return [line for (line,) in connection.execute(CATALOGUE)]


def test_all_migrations_give_the_schema_in_the_file(database: Dsn, empty_database: Dsn) -> None:
    with connect(empty_database, "owner") as connection:
        connection.execute(SCHEMA.read_text())
    assert catalogue(empty_database) == catalogue(database), "run: python -m teneur.storage.schema_dump"


@pytest.mark.parametrize(
    "change",
    [
        "alter table migration add note text",
        "alter table migration alter applied_at drop default",
        "alter table migration alter applied_at drop not null",
        "alter table migration alter name type varchar(80)",
        "alter table migration add check (name <> '')",
        "create index on migration (applied_at)",
        "create view names as select name from migration",
        "grant select on migration to teneur_app",
        "grant select (name) on migration to teneur_app",
        "create type mood as enum ('calm')",
        "create domain cents as bigint check (value >= 0)",
        "create function one() returns int language sql as 'select 1'",
        "create rule quiet as on delete to migration do instead nothing",
        "comment on table migration is 'x'",
    ],
)
def test_the_comparison_sees_every_kind_of_difference(
    empty_database: Dsn, tmp_path: Path, change: str
) -> None:
    migrate(empty_database, folder=tmp_path)
    before = catalogue(empty_database)
    with connect(empty_database, "owner") as connection:
        connection.execute(change)
    assert catalogue(empty_database) != before


def test_the_schema_can_stand_under_any_name(empty_database: Dsn) -> None:
    with connect(empty_database, "owner", schema="bank") as connection:
        connection.execute("create schema bank")
        connection.execute(SCHEMA.read_text())
        (count,) = connection.execute(
            "select count(*) from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
        ).fetchone() or (None,)
    assert count == 0


def test_a_dump_is_reduced_to_what_defines_the_schema() -> None:
    text = "\\restrict a\n--\n-- Name: t\n--\nSET x = 1;\n\n\nCREATE TABLE public.t (\n"
    text += "    id integer\n);\n\n\n\\unrestrict a\n"
    assert readable(text) == "CREATE TABLE t (\n    id integer\n);\n"
