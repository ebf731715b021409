"""Migrations: ordered SQL files `NNNN_<what>.sql`, each applied once in one transaction, never edited after.

The table `migration` records the name and the hash of each. The runner refuses to go on if a past file was
edited or is missing, if a new file would come before one already applied, or if the database knows a
migration that the program does not (a newer program was here). Two processes may run it at once: one waits
for the other, then finds the work done.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import LiteralString

import psycopg
from psycopg import errors, sql

from teneur.storage import roles
from teneur.storage.database import Dsn, Limits, connect
from teneur.storage.errors import MigrationError
from teneur.storage.sql import load

_QUERIES = load("teneur.storage")
_FILE_NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.sql\Z")
_ATTEMPTS = 5
# A migration waits for a lock at most this long, since every other session queues behind it.
LIMITS = Limits(lock_timeout_ms=10_000, statement_timeout_ms=0, idle_in_transaction_session_timeout_ms=60_000)


@dataclass(frozen=True)
class Migration:
    """One file: its name without the ending, its statements, and the SHA-256 of its bytes."""

    name: str
    statements: LiteralString
    sha256: bytes


def shipped() -> Traversable:
    """The folder of the migrations that ship with the program."""
    return files("teneur.storage") / "migrations"


def read(folder: Traversable | None = None) -> tuple[Migration, ...]:
    """The migrations of a folder in order; raises MigrationError if a name is wrong or a number is given
    twice."""
    files_of_sql = [file for file in (folder or shipped()).iterdir() if file.name.endswith(".sql")]
    found = sorted(files_of_sql, key=lambda file: file.name)
    numbers = set[str]()
    for file in found:
        match = _FILE_NAME.match(file.name)
        if not match or match[1] in numbers:
            raise MigrationError(
                "A migration is named NNNN_what_it_does.sql, and each number is given once",
                file.name,
                "give it the next free number",
            )
        numbers.add(match[1])
    contents = [(file.name.removesuffix(".sql"), file.read_bytes()) for file in found]
    return tuple(Migration(name, data.decode(), hashlib.sha256(data).digest()) for name, data in contents)


def migrate(dsn: Dsn | str, *, schema: str | None = None, folder: Traversable | None = None) -> Sequence[str]:
    """Bring the database (and schema) up to date; returns the names of what was applied now, often nothing.

    Raises MigrationError; whatever was applied before the error stays, the rest is as if never begun.
    """
    migrations = read(folder)
    with connect(dsn, "owner", schema=schema, limits=LIMITS, application_name="teneur-migrate") as connection:
        _prepare(connection, schema)
        applied = []
        for place, migration in enumerate(migrations):
            try:
                if _apply(connection, place, migrations):
                    applied.append(migration.name)
            except errors.LockNotAvailable as error:
                raise MigrationError(
                    "Another session holds a table for longer than a migration may wait",
                    migration.name,
                    "run it again when the other session is done; nothing was changed",
                ) from error
            except psycopg.Error as error:
                raise MigrationError(
                    f"The database refused the migration: {error}",
                    migration.name,
                    "correct the file (it was not applied) or the rights of the role, then run it again",
                ) from error
        if not migrations:
            _check(connection, migrations)
        return tuple(applied)


def pending(dsn: Dsn | str, *, schema: str | None = None) -> Sequence[str]:
    """The names of the shipped migrations that this database has not had."""
    with connect(dsn, "owner", schema=schema) as connection:
        (known,) = connection.execute(_QUERIES["migration_table_exists"]).fetchone() or (False,)
        done = {name for name, _ in connection.execute(_QUERIES["migrations_applied"])} if known else set()
    return tuple(migration.name for migration in read() if migration.name not in done)


def _prepare(connection: psycopg.Connection, schema: str | None) -> None:
    """The role that the migrations grant rights to, the schema and the table `migration`, where they are
    missing."""
    try:
        roles.ensure_app_role(connection)
        connection.commit()
    except (errors.DuplicateObject, errors.UniqueViolation):
        connection.rollback()  # another process created it meanwhile
    except errors.InsufficientPrivilege:
        connection.rollback()  # one role for everything: the migrations then grant nothing
    for attempt in range(_ATTEMPTS):
        try:
            if schema:
                roles.open_schema(connection, schema)
            connection.execute(_QUERIES["create_migration_table"])
            connection.commit()
        except (errors.UniqueViolation, errors.DuplicateTable, errors.InternalError):
            connection.rollback()  # two processes created it at the same instant: PostgreSQL lets one fail
            if attempt == _ATTEMPTS - 1:
                raise
        else:
            return


def _apply(connection: psycopg.Connection, place: int, migrations: Sequence[Migration]) -> bool:
    migration = migrations[place]
    with connection.transaction():
        connection.execute(_QUERIES["lock_migrations"])
        if _check(connection, migrations) > place:
            return False
        connection.execute(sql.SQL(migration.statements))
        connection.execute(_QUERIES["record_migration"], {"name": migration.name, "sha256": migration.sha256})
        return True


def _check(connection: psycopg.Connection, migrations: Iterable[Migration]) -> int:
    """How many migrations are applied, after comparing them with the files."""
    applied = connection.execute(_QUERIES["migrations_applied"]).fetchall()
    known = {migration.name: migration.sha256 for migration in migrations}
    for (name, sha256), expected in zip(applied, [*known, *[None] * len(applied)], strict=False):
        if name not in known or name != expected:
            raise MigrationError(
                "The database had a migration that this program does not have at this place",
                name,
                "run the program version that made it, or a newer one",
            )
        if known[name] != bytes(sha256):
            raise MigrationError(
                "A migration was edited after it had been applied",
                name,
                "restore the file as it was, and write the change as a new migration",
            )
    return len(applied)
