"""Migrations: each once, in order, never edited, and safe when two processes start at the same instant."""

import threading
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from teneur.storage import migrate as migrate_module
from teneur.storage.database import Dsn, Limits, connect
from teneur.storage.errors import MigrationError
from teneur.storage.migrate import migrate, pending, read

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(**contents: str) -> Path:
        for name, text in contents.items():
            (tmp_path / f"{name[1:]}.sql").write_text(text)
        return tmp_path

    return write


def tables(dsn: Dsn, schema: str = "public") -> set[str]:
    with connect(dsn, "owner") as connection:
        query = "select relname from pg_class where relkind = 'r' and relnamespace = %s::regnamespace"
        return {name for (name,) in connection.execute(query, [schema])}


def test_migrations_are_applied_in_order_and_once(empty_database: Dsn, write: Write) -> None:
    folder = write(_0001_first="create table one (id int)", _0002_second="alter table one rename to two")
    assert migrate(empty_database, folder=folder) == ("0001_first", "0002_second")
    assert tables(empty_database) == {"two", "migration"}
    assert migrate(empty_database, folder=folder) == ()
    assert tables(empty_database) == {"two", "migration"}


def test_a_new_migration_is_applied_to_a_database_in_use(empty_database: Dsn, write: Write) -> None:
    migrate(empty_database, folder=write(_0001_first="create table one (id int)"))
    folder = write(_0002_second="create table two (id int)")
    assert migrate(empty_database, folder=folder) == ("0002_second",)


def test_a_failing_migration_changes_nothing_and_keeps_the_ones_before(
    empty_database: Dsn, write: Write
) -> None:
    folder = write(
        _0001_good="create table one (id int)", _0002_bad="create table two (id int); create tabel three ()"
    )
    with pytest.raises(MigrationError, match="syntax error") as caught:
        migrate(empty_database, folder=folder)
    assert caught.value.where == "0002_bad"
    assert tables(empty_database) == {"one", "migration"}
    write(_0002_bad="create table two (id int)")
    assert migrate(empty_database, folder=folder) == ("0002_bad",)


def test_a_migration_edited_after_it_was_applied_is_refused(empty_database: Dsn, write: Write) -> None:
    folder = write(_0001_first="create table one (id int)")
    migrate(empty_database, folder=folder)
    write(_0001_first="create table one (id int) ")
    with pytest.raises(MigrationError, match="edited after") as caught:
        migrate(empty_database, folder=folder)
    assert caught.value.where == "0001_first"


@pytest.mark.parametrize("left", [{}, {"_0001_other": "create table one (id int)"}])
def test_a_migration_that_went_missing_is_refused(
    empty_database: Dsn, write: Write, tmp_path: Path, left: dict[str, str]
) -> None:
    migrate(empty_database, folder=write(_0001_first="create table one (id int)"))
    (tmp_path / "0001_first.sql").unlink()
    with pytest.raises(MigrationError, match="does not have at this place") as caught:
        migrate(empty_database, folder=write(**left))
    assert caught.value.where == "0001_first"


def test_a_database_of_a_newer_program_is_refused(empty_database: Dsn, write: Write, tmp_path: Path) -> None:
    migrate(empty_database, folder=write(_0001_first="select 1", _0002_newer="select 1"))
    (tmp_path / "0002_newer.sql").unlink()
    with pytest.raises(MigrationError, match="newer"):
        migrate(empty_database, folder=tmp_path)


@pytest.mark.parametrize("names", [("0001_one", "0001_two"), ("0001-one",), ("first",), ("1_one",)])
def test_names_are_checked_and_numbers_are_given_once(tmp_path: Path, names: tuple[str, ...]) -> None:
    for name in names:
        (tmp_path / f"{name}.sql").write_text("select 1")
    with pytest.raises(MigrationError, match="each number is given once"):
        read(tmp_path)


def test_a_new_migration_before_an_applied_one_is_refused(empty_database: Dsn, write: Write) -> None:
    migrate(empty_database, folder=write(_0001_first="select 1", _0003_third="select 1"))
    with pytest.raises(MigrationError, match="at this place") as caught:
        migrate(empty_database, folder=write(_0002_late="select 1"))
    assert caught.value.where == "0003_third"


def test_two_processes_at_once_apply_each_migration_once(empty_database: Dsn, write: Write) -> None:
    folder = write(
        _0001_first="create table one (id int); select pg_sleep(0.1)", _0002_second="create table two ()"
    )
    applied: list[str] = []
    barrier = threading.Barrier(4)

    def run() -> None:
        barrier.wait()
        applied.extend(migrate(empty_database, folder=folder, schema="bank"))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(applied) == ["0001_first", "0002_second"]


def test_a_migration_does_not_queue_for_ever_behind_a_session(
    empty_database: Dsn, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate_module, "LIMITS", Limits(lock_timeout_ms=50))
    migrate(empty_database, folder=write(_0001_first="create table one (id int)"))
    folder = write(_0002_second="alter table one add name text")
    with connect(empty_database, "owner") as reader:
        reader.execute("select * from one")
        with pytest.raises(MigrationError, match="longer than a migration may wait"):
            migrate(empty_database, folder=folder)
    assert migrate(empty_database, folder=folder) == ("0002_second",)


def test_each_bank_may_have_its_own_schema(empty_database: Dsn, write: Write) -> None:
    folder = write(_0001_first="create table one (id int); grant select on one to teneur_app")
    for schema in ("bred", "bnc"):
        assert migrate(empty_database, schema=schema, folder=folder) == ("0001_first",)
        assert tables(empty_database, schema) == {"one", "migration"}
        with connect(empty_database, schema=schema) as connection:
            assert connection.execute("select * from one").fetchall() == []
    assert tables(empty_database) == set()


def test_pending_names_what_a_database_lacks(empty_database: Dsn) -> None:
    assert list(pending(empty_database)) == [migration.name for migration in read()]
    migrate(empty_database)
    assert list(pending(empty_database)) == []


def test_the_engine_cannot_touch_the_record_of_migrations(connection: psycopg.Connection) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("delete from migration")
