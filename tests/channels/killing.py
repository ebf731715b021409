"""A process that dies at any of its exchanges with the database, or of its writes of files.

What a process leaves behind is what reached the database and the disk. So it is enough to let it die just
before, or just after, any exchange with either.
"""

import logging
import os
import random
import time
from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from teneur.storage.database import Dsn

OTHERS = "select 1 from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"


class Killed(BaseException):
    """The process dies here: no handler of errors sees it."""


class Killer:
    """Kills at seeded exchanges, on average after so many; `bury` takes away what the dead process held."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, seed: int, exchanges_between: int) -> None:
        self._chance = random.Random(seed)
        self._between = exchanges_between
        self._sessions: set[psycopg.Connection[Any]] = set()
        self.kills = self.exchanges = 0
        self.dead = False
        self.armed = False
        wait, fsync = psycopg.Connection.wait, os.fsync

        def exchange(session: psycopg.Connection[Any], *args: Any, **more: Any) -> Any:
            self._sessions.add(session)
            return self._around(lambda: wait(session, *args, **more))

        monkeypatch.setattr(logging.getLogger("psycopg"), "disabled", True)  # it tells of each death
        monkeypatch.setattr(psycopg.Connection, "wait", exchange)
        monkeypatch.setattr(os, "fsync", lambda file: self._around(lambda: fsync(file)))
        self._draw()

    def _draw(self) -> None:
        self._left = 1 + int(self._chance.expovariate(1 / self._between))
        self._after = self._chance.random() < 0.5

    def _around(self, do: Callable[[], Any]) -> Any:
        """Do it, unless the process is dead, or dies before; after it, nobody may learn what came of it."""
        if not self.armed:
            return do()
        if self.dead:
            raise Killed
        self.exchanges += 1
        self._left -= 1
        if self._left:
            return do()
        self.dead = True
        self.kills += 1
        if self._after:
            do()
        raise Killed

    def bury(self, dsn: Dsn) -> None:
        """The sessions of the dead process end, and with them what it had not committed, and its locks."""
        for session in self._sessions:
            session.pgconn.finish()
        self._sessions.clear()
        self.armed = False
        with psycopg.connect(dsn.app) as connection:
            while connection.execute(OTHERS).fetchone():
                connection.rollback()
                time.sleep(0.002)
        self.dead = False
        self.armed = True
        self._draw()
