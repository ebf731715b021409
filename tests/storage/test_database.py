"""Sessions: every one has its timeouts, its time zone and its schema."""

import psycopg
import pytest

from teneur.storage.database import Dsn, Limits, connect, describe, resolve
from teneur.storage.errors import ConnectionRefusedByServer


def show(connection: psycopg.Connection, setting: str) -> str:
    row = connection.execute("select current_setting(%s)", [setting]).fetchone()
    assert row
    return str(row[0])


def test_every_session_has_its_timeouts_and_speaks_utc(connection: psycopg.Connection) -> None:
    assert show(connection, "lock_timeout") == "5s"
    assert show(connection, "statement_timeout") == "30s"
    assert show(connection, "idle_in_transaction_session_timeout") == "30s"
    assert show(connection, "timezone") == "UTC"
    assert show(connection, "application_name") == "teneur"


def test_the_timeouts_outlive_a_rollback(connection: psycopg.Connection) -> None:
    connection.rollback()
    assert show(connection, "lock_timeout") == "5s"


def test_a_session_may_ask_for_other_limits(database: Dsn) -> None:
    limits = Limits(lock_timeout_ms=100, statement_timeout_ms=0, idle_in_transaction_session_timeout_ms=0)
    with connect(database, limits=limits) as connection:
        assert show(connection, "lock_timeout") == "100ms"
        assert show(connection, "statement_timeout") == "0"


def test_a_hot_session_never_reads_whole_tables_by_choice(database: Dsn) -> None:
    with connect(database, hot=True) as connection:
        assert [show(connection, f"enable_{way}") for way in ("seqscan", "hashjoin", "mergejoin")] == [
            "off"
        ] * 3


@pytest.mark.parametrize("schema", ["bred", "two words", 'with "quotes"', "back\\slash"])
def test_a_session_sees_the_schema_of_its_bank_only(database: Dsn, schema: str) -> None:
    with connect(database, "owner") as owner:
        owner.execute(psycopg.sql.SQL("create schema {}").format(psycopg.sql.Identifier(schema)))
    with connect(database, "owner", schema=schema) as connection:
        row = connection.execute("select current_schemas(false)").fetchone()
    assert row == ([schema],)


def test_the_engine_may_create_nothing(connection: psycopg.Connection) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("create table mine (id int)")


def test_a_wrong_password_is_refused_without_showing_one(database: Dsn) -> None:
    wrong = psycopg.conninfo.make_conninfo(database.app, password="not-this-one")
    with pytest.raises(ConnectionRefusedByServer) as caught:
        connect(wrong)
    assert "password authentication failed" in str(caught.value)
    assert "not-this-one" not in str(caught.value)
    assert "what to do" in str(caught.value)


def test_addresses_are_shown_without_their_password(database: Dsn) -> None:
    password = psycopg.conninfo.conninfo_to_dict(database.app)["password"]
    assert str(password) not in repr(database)
    assert str(password) not in describe(database.app)


def test_a_given_url_is_used_for_both_roles_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENEUR_DATABASE_URL", "postgresql://bank@db.example/books")
    monkeypatch.delenv("TENEUR_OWNER_URL", raising=False)
    dsn = resolve()
    assert dsn.app == dsn.owner == "postgresql://bank@db.example/books"
    assert dsn.single_role
    assert dsn.server is None


def test_an_owner_url_separates_the_roles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENEUR_DATABASE_URL", "postgresql://engine@db.example/books")
    monkeypatch.setenv("TENEUR_OWNER_URL", "postgresql://owner@db.example/books")
    dsn = resolve()
    assert (dsn.app, dsn.owner) == (
        "postgresql://engine@db.example/books",
        "postgresql://owner@db.example/books",
    )
    assert not dsn.single_role


def test_the_url_asked_for_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENEUR_DATABASE_URL", "postgresql://bank@db.example/books")
    monkeypatch.delenv("TENEUR_OWNER_URL", raising=False)
    assert resolve("postgresql://other@db.example/test").app == "postgresql://other@db.example/test"
