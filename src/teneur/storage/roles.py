"""The two roles of a database, so that the program that runs the books cannot rewrite them.

    teneur_owner   owns the tables and runs the migrations
    teneur_app     runs the engine: it may insert into the journal and read it, never update or delete

Rights on tables are granted to `teneur_app` by the migrations.
"""

from typing import LiteralString

import psycopg
from psycopg import sql

from teneur.storage.sql import load

OWNER = "teneur_owner"
APP = "teneur_app"

_QUERIES = load("teneur.storage")


def provision(superuser: psycopg.Connection, database: str, owner_password: str, app_password: str) -> None:
    """Create the two roles and the database where they are missing; touches nothing that exists.

    The connection belongs to a role that may create roles and databases, in autocommit (a database cannot be
    created inside a transaction).
    """
    for role, password in ((OWNER, owner_password), (APP, app_password)):
        if not _exists(superuser, "role_exists", {"role": role}):
            verifier = superuser.pgconn.encrypt_password(
                password.encode(), role.encode(), b"scram-sha-256"
            ).decode()
            _run(superuser, "create_login_role", role=sql.Identifier(role), verifier=sql.Literal(verifier))
    if not _exists(superuser, "database_exists", {"database": database}):
        name = sql.Identifier(database)
        _run(superuser, "create_database", database=name, owner=sql.Identifier(OWNER))
    name = sql.Identifier(database)
    _run(superuser, "close_database", database=name)
    _run(superuser, "open_database", database=name, role=sql.Identifier(APP))


def ensure_app_role(connection: psycopg.Connection) -> None:
    """Create `teneur_app` without login where it is missing, for a server that we did not set up.

    The application may then log in under a name of its own that is a member of it.
    """
    if not _exists(connection, "role_exists", {"role": APP}):
        _run(connection, "create_group_role", role=sql.Identifier(APP))


def open_schema(connection: psycopg.Connection, schema: str) -> None:
    """Create the schema of a bank where it is missing and let the application look into it."""
    _run(connection, "create_schema", schema=sql.Identifier(schema))
    if _exists(connection, "role_exists", {"role": APP}):
        _run(connection, "open_schema", schema=sql.Identifier(schema), role=sql.Identifier(APP))


def _exists(connection: psycopg.Connection, query: str, parameters: dict[str, str]) -> bool:
    row = connection.execute(_QUERIES[query], parameters).fetchone()
    return bool(row and row[0])


def _run(connection: psycopg.Connection, query: LiteralString, **parts: sql.Composable) -> None:
    connection.execute(sql.SQL(_QUERIES[query]).format(**parts))
