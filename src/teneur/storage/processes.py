"""The processes of a PostgreSQL server, as Linux shows them in /proc."""

import os
import signal
import time
from collections.abc import Iterable
from pathlib import Path

_READY_LINE = 7  # of postmaster.pid: "ready" once the server takes connections


def postmaster_of(files: Path) -> int | None:
    """The process id of the living server of these database files; None if there is none.

    A number in a file is not trusted: the process must be a PostgreSQL of the account that owns the files.
    """
    lines = _pid_file(files)
    if not lines or not lines[0].strip().isdigit():
        return None
    pid = int(lines[0])
    try:
        same_owner = Path(f"/proc/{pid}").stat().st_uid == files.stat().st_uid
        name = Path(f"/proc/{pid}/comm").read_text().strip()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return pid if same_owner and name == "postgres" and is_alive(pid) else None


def is_ready(files: Path) -> bool:
    """Whether the server of these files runs and takes connections."""
    lines = _pid_file(files)
    started = len(lines) > _READY_LINE and lines[_READY_LINE].strip() == "ready"
    return started and postmaster_of(files) is not None


def is_alive(pid: int) -> bool:
    """Whether the process runs; one that is dead and not yet reaped by its parent does not."""
    return _state_and_parent(pid)[0] not in ("", "Z", "X")


def forget_dead_postmaster(lock_files: Iterable[Path]) -> None:
    """Remove the lock files of a server that is dead but unreaped: PostgreSQL alone would take it for
    alive."""
    for path in lock_files:
        lines = _lines(path)
        if lines and lines[0].strip().isdigit() and _state_and_parent(int(lines[0]))[0] == "Z":
            path.unlink(missing_ok=True)


def kill_family(pid: int) -> None:
    """Kill the server and its children with SIGKILL, and wait until all are dead."""
    os.kill(pid, signal.SIGSTOP)  # it cannot have another child while we list them
    family = [pid, *children_of(pid)]
    for member in family:
        try:
            os.kill(member, signal.SIGKILL)
        except ProcessLookupError:
            continue  # it ended by itself
    while any(is_alive(member) for member in family):
        time.sleep(0.001)


def children_of(pid: int) -> list[int]:
    """The living children of a process."""
    everyone = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return [other for other in everyone if _state_and_parent(other)[1] == pid]


def _pid_file(files: Path) -> list[str]:
    return _lines(files / "postmaster.pid")


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text().splitlines()
    except FileNotFoundError:
        return []


def _state_and_parent(pid: int) -> tuple[str, int]:
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return "", 0
    state, parent, *_ = text.rpartition(")")[2].split()  # the name before it may hold spaces and brackets
    return state, int(parent)
