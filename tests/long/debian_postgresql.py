"""Run tests on Debian's own PostgreSQL: `python -m tests.long.debian_postgresql [tests …]`.

The programs of /usr/lib/postgresql run under our own adapter, in a temporary folder and a service account;
the distribution's cluster, if there is one, is not touched.
"""

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from teneur.storage.embedded import EmbeddedServer

OLDEST_SUPPORTED = 15
TESTS = ("tests/storage", "tests/ledger")


def oldest_installed() -> Path:
    """The programs of the oldest installed version that Teneur supports."""
    found = {
        int(path.parents[1].name): path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")
    }
    supported = [version for version in sorted(found) if version >= OLDEST_SUPPORTED]
    if not supported:
        sys.exit(
            f"No PostgreSQL of {OLDEST_SUPPORTED} or newer in /usr/lib/postgresql: apt-get install postgresql"
        )
    return found[supported[0]]


def main() -> int:
    """Start the server, run the tests on it, stop it; returns the exit code of pytest."""
    data = Path(tempfile.gettempdir()) / f"teneur-debian-{secrets.token_hex(4)}"
    try:
        with EmbeddedServer(data, binaries=oldest_installed(), shared_buffers_mb=128) as server:
            sys.stdout.write(server.run("postgres", "--version"))
            sys.stdout.flush()
            tests = sys.argv[1:] or [test for test in TESTS if Path(test).exists()]
            command = [sys.executable, "-m", "pytest", "-q", "-n", "auto", *tests]
            environment = {**os.environ, "TENEUR_TEST_DATABASE_URL": server.superuser_url}
            return subprocess.run(command, env=environment, check=False).returncode
    finally:
        shutil.rmtree(data, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
