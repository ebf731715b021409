"""One writer of the torture: posts batches without end and tells its parent, by a pipe, what it was told.

    ("begin", commands)         before the engine is asked
    ("broken", error)           the engine raised: the batch is asked until it is answered, then once more
    ("acknowledged", answers)   after the engine answered
    ("differs", key)            the answer to a repeated question is not the first one

Started by the parent as `python -m tests.torture.worker FD SEED DSN BOOKS SOLE`. SIGTERM ends it.
"""

import logging
import random
import signal
import sys
import time
from collections.abc import Sequence
from multiprocessing.connection import Connection
from typing import Any

import msgspec
import psycopg

from teneur.kernel.commands import AccountId, Answer, Command, Outcome, account_id, book_of
from teneur.ledger.commands import PlaceHold
from teneur.ledger.effects import EFFECTS
from teneur.ledger.engine import Engine
from teneur.ledger.errors import BookBusy, OutcomeUnknown
from teneur.ledger.registry import Registry
from teneur.storage.database import connect
from teneur.storage.errors import ConnectionRefusedByServer
from tests.support.ledger import FIRST, KINDS, TEST_KINDS, answer, move, place, release, take

ACCOUNTS = 100  # in each book
LARGEST_BATCH = 150
MEMORY = 2_000  # old commands to ask again, holds to take
TROUBLE = (OutcomeUnknown, BookBusy, ConnectionRefusedByServer, psycopg.OperationalError)
PAUSE_SECONDS = 0.05


def same(first: Answer, again: Answer) -> bool:
    """Whether two answers tell the same outcome."""
    return msgspec.structs.replace(first, replayed=False) == msgspec.structs.replace(again, replayed=False)


class Load:
    """Random commands: payments within and between books, holds, takes, releases, old keys."""

    def __init__(self, seed: int, books: Sequence[int]) -> None:
        self._random = random.Random(seed)
        self._books = books
        self._holds: list[tuple[AccountId, int]] = []
        self._old: list[tuple[Command, Answer]] = []

    def batch(self) -> list[Command]:
        """The commands of one batch, each key new but for the old ones."""
        return [self._command() for _ in range(self._random.randint(1, LARGEST_BATCH))]

    def learn(self, commands: Sequence[Command], answers: Sequence[Answer]) -> bytes | None:
        """Remember what was answered; the key of an old command whose answer has changed, if any."""
        old = {c.key: a for c, a in self._old}
        for asked, answered in zip(commands, answers, strict=True):
            if asked.key in old and not same(old[asked.key], answered):
                return asked.key
            if isinstance(asked.ask, PlaceHold) and answered.outcome is Outcome.ACCEPTED:
                self._holds.append((asked.subject, answered.position))
        self._old = (self._old + list(zip(commands, answers, strict=True)))[-MEMORY:]
        self._holds = self._holds[-MEMORY:]
        return None

    def _account(self) -> AccountId:
        return account_id(self._random.choice(self._books), FIRST + self._random.randrange(ACCOUNTS))

    def _command(self) -> Command:
        dice, account = self._random.random(), self._account()
        key = self._random.randbytes(16)
        if dice < 0.05 and self._old:
            return self._random.choice(self._old)[0]
        if dice < 0.15:
            return place(account, self._random.randint(1, 300), key=key)
        if dice < 0.30 and self._holds:
            owner, hold = self._random.choice(self._holds)
            if dice < 0.20:
                return release(owner, hold, key=key)
            final = self._random.random() < 0.5
            return take(owner, hold, self._random.randint(1, 150), self._in(owner), final=final, key=key)
        return move(account, self._account(), self._random.randint(1, 400), key=key)

    def _in(self, owner: AccountId) -> AccountId:
        return account_id(book_of(owner), FIRST + self._random.randrange(ACCOUNTS))


def _often() -> bool:
    """Every other batch lets the engine lock its books for the next."""
    return random.random() < 0.5


def ask(engine: Engine, parent: "Connection[Any, Any]", commands: Sequence[Command]) -> list[Answer]:
    """The answers, however often the connection breaks; after a break the batch is asked once more."""
    broke = False
    while True:
        try:
            answers = [answer(result) for result in engine.post(commands, more=_often)]
            if broke:
                for first, again in zip(answers, engine.post(commands), strict=True):
                    if not same(first, answer(again)):
                        parent.send(("differs", first))
        except TROUBLE as error:
            broke = True
            parent.send(("broken", type(error).__name__))
            engine.close()
            time.sleep(PAUSE_SECONDS)
        else:
            return answers


def main() -> None:
    """Post until told to stop."""
    descriptor, seed, dsn, books, sole = sys.argv[1:]
    parent: Connection[Any, Any] = Connection(int(descriptor), readable=False)
    logging.getLogger("psycopg").setLevel(logging.CRITICAL)  # that connections break is the point here
    stopping: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: stopping.append(number))
    numbers = [int(book) for book in books.split(",")]
    registry = Registry((*KINDS, *TEST_KINDS), EFFECTS)
    engine = Engine(lambda: connect(dsn, hot=True), registry, numbers if sole == "sole" else ())
    load = Load(int(seed), numbers)
    while not stopping:
        commands = load.batch()
        parent.send(("begin", commands))
        answers = ask(engine, parent, commands)
        parent.send(("acknowledged", answers))
        changed = load.learn(commands, answers)
        if changed is not None:
            parent.send(("differs", changed))
    engine.close()


if __name__ == "__main__":
    main()
