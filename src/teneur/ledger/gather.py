"""Group commit: single requests that come in together are stored together.

There is no timer. Whatever came in while the last batch was being stored is the next batch, so that one
client alone waits for nobody and many clients share each commit. The engine runs on one thread of its own;
callers are threads that wait for a future, or coroutines that await it.
"""

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import Future

from teneur.kernel.commands import Answer, Command
from teneur.ledger.engine import Engine
from teneur.ledger.errors import CommandFailed

MOST = 1_000  # commands in one batch


class Gatherer:
    """Posts single commands in batches. `patience_seconds`: how long to ask again after a lost connection."""

    def __init__(self, engine: Engine, most: int = MOST, patience_seconds: float = 30) -> None:
        self._engine = engine
        self._most = most
        self._patience_seconds = patience_seconds
        self._waiting: list[tuple[Command, Future[Answer]]] = []
        self._wake = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="gatherer", daemon=True)
        self._thread.start()

    def submit(self, command: Command) -> Future[Answer]:
        """The answer to come; its exception is CommandFailed, OutcomeUnknown or BookBusy.

        Cancelled before its batch is taken up, the command is never asked; later it cannot be cancelled.
        """
        future: Future[Answer] = Future()
        with self._wake:
            if self._closed:
                raise RuntimeError("the gatherer is closed: no command is taken any more")
            self._waiting.append((command, future))
            self._wake.notify()
        return future

    def post(self, command: Command) -> Answer:
        """Submit and wait."""
        return self.submit(command).result()

    async def post_async(self, command: Command) -> Answer:
        """Submit and await."""
        return await asyncio.wrap_future(self.submit(command))

    def close(self) -> None:
        """Answer what is waiting, then stop."""
        with self._wake:
            self._closed = True
            self._wake.notify()
        self._thread.join()

    def _run(self) -> None:
        while True:
            with self._wake:
                while not self._waiting and not self._closed:
                    self._wake.wait()
                if not self._waiting:
                    return
                part, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            self._store(part)

    def _more(self) -> bool:
        """Whether the next batch is there already."""
        return bool(self._waiting)

    def _store(self, part: Sequence[tuple[Command, Future[Answer]]]) -> None:
        taken = [(c, f) for c, f in part if f.set_running_or_notify_cancel()]  # a caller may have left
        try:
            results = self._engine.post_surely([c for c, _ in taken], self._patience_seconds, self._more)
        except Exception as error:  # (of the batch as a whole: a bad command fails alone, see `Engine.post`)
            for _, future in taken:
                future.set_exception(error)
            return
        for (_, future), result in zip(taken, results, strict=True):
            if isinstance(result, CommandFailed):
                future.set_exception(result)
            else:
                future.set_result(result)
