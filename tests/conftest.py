"""One PostgreSQL server a run, shared by its workers; each test gets a fresh clone of a migrated database.

TENEUR_TEST_DATABASE_URL: the address of a superuser on a throw-away PostgreSQL server (15 or newer), used
instead.
"""

import fcntl
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from teneur.storage import roles
from teneur.storage.database import Dsn, connect
from teneur.storage.embedded import EmbeddedServer
from teneur.storage.migrate import migrate

pytest_plugins = ["tests.support.coverage_plugin"]

_PREFIX = "teneur-test-"
_RUN = "TENEUR_TEST_RUN"  # set by the process that starts the workers, and read by them
_GIVEN = "TENEUR_TEST_DATABASE_URL"
_FORGOTTEN_SECONDS = 60  # a run takes hold of its server within a second of making its folder


class Databases:
    """Makes and drops databases on the server of the run."""

    def __init__(self, superuser_url: str, template: str, address: Callable[[str, str], str]) -> None:
        """`address(role, database)` is the address under which a role reaches a database."""
        self.superuser_url = superuser_url
        self.template = template
        self._address = address
        self._numbers = count(1)
        self._connection = psycopg.connect(superuser_url, autocommit=True)

    def create(self, template: str | None = None) -> Dsn:
        """A new database: migrated, or a clone of another template (`template0`: empty)."""
        name = f"{self.template}_{os.getpid()}_{next(self._numbers)}"
        return self._create(name, template or self.template)

    def drop(self, dsn: Dsn) -> None:
        """Drop the database, whoever is still connected."""
        self._run("drop database if exists {} with (force)", str(conninfo_to_dict(dsn.owner)["dbname"]))

    def prepare_template(self) -> None:
        """Migrate once a run; the workers that come later find it done."""
        if not self._connection.execute(
            "select 1 from pg_database where datname = %s", [self.template]
        ).fetchone():
            fresh = f"{self.template}_new"
            self._run("drop database if exists {}", fresh)  # of a worker whose migration failed
            migrate(self._create(fresh, "template0"))
            self._run("alter database {} rename to {}", fresh, self.template)

    def drop_all(self) -> None:
        """Drop every database of the run."""
        query = "select datname from pg_database where starts_with(datname, %s)"
        for (name,) in self._connection.execute(query, [self.template]).fetchall():
            self._run("drop database {} with (force)", name)

    def provision_roles(self, password: str) -> None:
        """Give the two roles a password, on a server that is not ours."""
        for role in (roles.OWNER, roles.APP):
            if not self._connection.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone():
                self._run("create role {} login", role)
            self._connection.execute(
                sql.SQL("alter role {} login password {}").format(sql.Identifier(role), sql.Literal(password))
            )

    def close(self) -> None:
        """Close the session that makes databases."""
        self._connection.close()

    def _create(self, name: str, template: str) -> Dsn:
        self._run("create database {} template {} owner {}", name, template, roles.OWNER)
        return Dsn(self._address(roles.APP, name), self._address(roles.OWNER, name))

    def _run(self, statement: str, *names: str) -> None:
        self._connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _run_folder() -> Path:
    return Path(tempfile.gettempdir()) / (_PREFIX + os.environ[_RUN])


def _lock_file() -> Path:
    return Path(tempfile.gettempdir()) / f"teneur-lock-{os.environ[_RUN]}"


def _databases_of_given_server(url: str) -> Databases:
    run = os.environ[_RUN]

    def address(role: str, database: str) -> str:
        return make_conninfo(url, dbname=database, user=role, password=f"of-{run}")

    return Databases(url, f"teneur_test_{run}", address)


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """Makes databases on the server of the run, which starts when a first test asks for it."""
    given, run = os.environ.get(_GIVEN), os.environ[_RUN]
    server = None
    if given:
        made = _databases_of_given_server(given)
    else:
        server = EmbeddedServer(_run_folder(), shared_buffers_mb=128).start()
        made = Databases(server.superuser_url, f"teneur_test_{run}", server.url)
    with _lock_file().open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if given:
            made.provision_roles(f"of-{run}")
        made.prepare_template()
    yield made
    made.close()
    if server:
        server.release()


@pytest.fixture
def new_database(databases: Databases) -> Iterator[Callable[[], Dsn]]:
    """Call it for a fresh migrated database, as often as needed; all are dropped after the test."""
    made: list[Dsn] = []

    def create() -> Dsn:
        made.append(databases.create())
        return made[-1]

    yield create
    for dsn in made:
        databases.drop(dsn)


@pytest.fixture
def database(new_database: Callable[[], Dsn]) -> Dsn:
    """A fresh migrated database."""
    return new_database()


@pytest.fixture
def empty_database(databases: Databases) -> Iterator[Dsn]:
    """A fresh database without any table."""
    dsn = databases.create("template0")
    yield dsn
    databases.drop(dsn)


@pytest.fixture
def connection(database: Dsn) -> Iterator[psycopg.Connection]:
    """A session of the engine's role on `database`."""
    with connect(database) as opened:
        yield opened


@pytest.fixture
def owner_connection(database: Dsn) -> Iterator[psycopg.Connection]:
    """A session of the owner's role on `database`."""
    with connect(database, "owner") as opened:
        yield opened


def pytest_configure(config: pytest.Config) -> None:
    """Name the run, and clear away what runs that were killed left behind."""
    if not hasattr(config, "workerinput"):
        os.environ[_RUN] = secrets.token_hex(6)
        for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
            found = folder.stat()
            if found.st_uid == os.geteuid() and time.time() - found.st_mtime > _FORGOTTEN_SECONDS:
                _clear(folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server and leave nothing behind."""
    if hasattr(config, "workerinput"):
        return
    given = os.environ.get(_GIVEN)
    if given:
        databases = _databases_of_given_server(given)
        databases.drop_all()
        databases.close()
    _clear(_run_folder())
    _lock_file().unlink(missing_ok=True)


def _clear(path: Path) -> None:
    """Remove a run's folder with its server, unless a process still uses it."""
    users = path / "users.lock"
    if not users.is_file():
        return
    with users.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
    EmbeddedServer(path).stop()
    shutil.rmtree(path, ignore_errors=True)  # another run may be clearing it too
