"""Where the database is, and how a session on it is opened.

`resolve` finds the server: the URL given, TENEUR_DATABASE_URL, or else the embedded server. `connect` opens
a session with every timeout set, in UTC, on the schema of one bank.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Literal, Self

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from teneur.storage.embedded import EmbeddedServer
from teneur.storage.errors import ConnectionRefusedByServer

Role = Literal["app", "owner"]

# The keyed look-ups of the engine always follow an index. After a bulk load, before statistics are gathered,
# the planner may otherwise read whole tables for a batch of a thousand keys.
_HOT = ("enable_seqscan", "enable_hashjoin", "enable_mergejoin")


@dataclass(frozen=True)
class Dsn:
    """The addresses of a database: one for the engine, one for the migrations. Passwords are in them.

    single_role: both are the same role, so that rights do not keep the engine from rewriting the journal;
    whoever starts the engine says so to its user.
    server: the embedded server that serves them, held until `close`.
    """

    app: str = field(repr=False)
    owner: str = field(repr=False)
    single_role: bool = False
    server: EmbeddedServer | None = field(default=None, repr=False)

    def close(self) -> None:
        """Let go of the embedded server, if it is one: it stops with its last user."""
        if self.server:
            self.server.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@dataclass(frozen=True)
class Limits:
    """How long a session may wait, in milliseconds; 0 means without limit."""

    lock_timeout_ms: int = 5_000
    statement_timeout_ms: int = 30_000
    idle_in_transaction_session_timeout_ms: int = 30_000


LIMITS = Limits()


def resolve(url: str | None = None) -> Dsn:
    """The database at `url`, or at TENEUR_DATABASE_URL, or else in the embedded server, which is started.

    With a URL, TENEUR_OWNER_URL may name another role for the migrations.
    """
    given = url or os.environ.get("TENEUR_DATABASE_URL")
    if not given:
        server = EmbeddedServer().start()
        return Dsn(server.app_url, server.owner_url, server=server)
    owner = os.environ.get("TENEUR_OWNER_URL") or given
    return Dsn(given, owner, single_role=_user(owner) == _user(given))


def connect(
    dsn: Dsn | str,
    role: Role = "app",
    *,
    schema: str | None = None,
    limits: Limits = LIMITS,
    hot: bool = False,
    autocommit: bool = False,
    application_name: str = "teneur",
) -> psycopg.Connection:
    """Open a session. `schema` is the bank's schema, where one database keeps several banks.

    hot: for the engine's own session, whose statements are all look-ups by key.
    Raises ConnectionRefusedByServer.
    """
    url = dsn if isinstance(dsn, str) else dsn.app if role == "app" else dsn.owner
    settings = _settings(schema, limits, hot)
    try:
        return psycopg.connect(
            with_settings(url, settings),
            autocommit=autocommit,
            application_name=application_name,
            connect_timeout=10,
        )
    except psycopg.OperationalError as error:
        raise ConnectionRefusedByServer(
            f"The database does not let us in: {str(error).strip()}",
            describe(url),
            "check that the server runs, and the role and password of the URL (TENEUR_DATABASE_URL)",
        ) from error


def with_settings(url: str, settings: Sequence[tuple[str, str]]) -> str:
    """The same address with session settings that hold from the first statement and outlive every
    rollback."""
    parameters: dict[str, Any] = conninfo_to_dict(url)
    ours = [f"-c {name}={_escaped(value)}" for name, value in settings]
    options = " ".join([*filter(None, [parameters.pop("options", "")]), *ours])
    return make_conninfo("", **parameters, options=options)


def describe(url: str) -> str:
    """The address without its password, for messages."""
    parameters = conninfo_to_dict(url)
    place = parameters.get("host") or parameters.get("hostaddr") or "the default host"
    return f"database {parameters.get('dbname', '?')} on {place} as {parameters.get('user', '?')}"


def _settings(schema: str | None, limits: Limits, hot: bool) -> list[tuple[str, str]]:
    settings = [
        ("timezone", "UTC"),
        ("lock_timeout", str(limits.lock_timeout_ms)),
        ("statement_timeout", str(limits.statement_timeout_ms)),
        ("idle_in_transaction_session_timeout", str(limits.idle_in_transaction_session_timeout_ms)),
    ]
    if schema:
        settings.append(("search_path", '"' + schema.replace('"', '""') + '"'))
    if hot:
        settings.extend((name, "off") for name in _HOT)
    return settings


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace(" ", "\\ ")


def _user(url: str) -> str:
    return str(conninfo_to_dict(url).get("user") or "")
