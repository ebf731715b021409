"""Single requests gathered into batches: each gets its own answer, and none can stop the others."""

import asyncio
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from typing import Any

import psycopg
import pytest
from tests.support.ledger import REGISTRY, Bank, Defect, command, move

from teneur.kernel.commands import Answer, Outcome
from teneur.ledger.engine import Engine
from teneur.ledger.errors import CommandFailed, OutcomeUnknown
from teneur.ledger.gather import Gatherer
from teneur.storage.database import connect


class _Stopping(Engine):
    """Its batches wait, decided and not yet committed, until the gate is open."""

    gate = threading.Event()

    def _store(self, *given: Any) -> None:
        assert self.gate.wait(20)
        super()._store(*given)


@pytest.fixture
def slow(bank: Bank) -> Iterator[Gatherer]:
    """A gatherer whose first batch is being stored until `_Stopping.gate` opens."""
    _Stopping.gate.clear()
    engine = _Stopping(bank.connect, REGISTRY)
    gatherer = Gatherer(engine, most=10)
    yield gatherer
    _Stopping.gate.set()
    gatherer.close()
    engine.close()


def test_what_comes_in_while_a_batch_is_stored_is_the_next_batch(bank: Bank, slow: Gatherer) -> None:
    a, b = bank.open_accounts(2, fund_minor=1_000)
    first = slow.submit(move(a, b, 1))
    time.sleep(0.3)
    rest = [slow.submit(move(a, b, 1)) for _ in range(25)]
    _Stopping.gate.set()
    answers = [future.result(20) for future in (first, *rest)]
    assert [x.outcome for x in answers] == [Outcome.ACCEPTED] * 26
    query = "select count(*) from journal where amount_minor = 1 group by xmin::text order by min(position)"
    assert [n for (n,) in bank.rows(query)] == [1, 10, 10, 5]


def test_a_caller_that_gives_up_stops_nobody_else(bank: Bank, slow: Gatherer) -> None:
    """A caller may leave before its command is taken up, or while it is stored."""
    a, b = bank.open_accounts(2, fund_minor=1_000)
    stored = move(a, b, 1)
    being_stored = slow.submit(stored)
    time.sleep(0.3)
    never = move(a, b, 2)
    waiting = slow.submit(never)
    assert not being_stored.cancel()
    assert waiting.cancel()
    after = slow.submit(move(a, b, 3))
    _Stopping.gate.set()
    assert after.result(20).outcome is Outcome.ACCEPTED
    assert slow.post(move(a, b, 4)).outcome is Outcome.ACCEPTED
    assert (bank.times_stored(stored.key), bank.times_stored(never.key)) == (1, 0)


def test_a_coroutine_that_is_cancelled_stops_nobody_else(bank: Bank, slow: Gatherer) -> None:
    a, b = bank.open_accounts(2, fund_minor=1_000)

    async def leave_and_come_back() -> Answer:
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(slow.post_async(move(a, b, 1)), 0.3)
        _Stopping.gate.set()
        return await asyncio.wait_for(slow.post_async(move(a, b, 2)), 20)

    assert asyncio.run(leave_and_come_back()).outcome is Outcome.ACCEPTED


def test_sixty_four_callers_each_get_their_own_answer(bank: Bank) -> None:
    a, b = bank.open_accounts(2, fund_minor=100)
    with closing(Gatherer(bank.another_engine())) as gatherer:

        def call(number: int) -> tuple[int, Answer]:
            asked = move(a, b, 1 if number % 2 else 101)
            answered = gatherer.post(asked)
            assert bank_position(asked.key) == answered.position
            return number, answered

        connection = connect(bank.dsn, autocommit=True)
        lock = threading.Lock()

        def bank_position(key: bytes) -> int:
            with lock:
                row = connection.execute(
                    "select position from journal where key = encode(%s, 'hex')::uuid", [key]
                )
                return int(row.fetchall()[0][0])

        with closing(connection), ThreadPoolExecutor(64) as pool:
            answers = list(pool.map(call, range(128)))
    assert all((x.reason == "") == bool(n % 2) for n, x in answers)
    assert bank.balance(a) == 36


def test_a_command_that_fails_fails_its_caller_only(bank: Bank, slow: Gatherer) -> None:
    a, b = bank.open_accounts(2, fund_minor=1_000)
    slow.submit(move(a, b, 1))
    time.sleep(0.3)
    good = [slow.submit(move(a, b, 1)) for _ in range(3)]
    bad = [slow.submit(command(a, Defect(how=how, other=b))) for how in ("decide", "hold of nothing")]
    _Stopping.gate.set()
    assert all(future.result(20).outcome is Outcome.ACCEPTED for future in good)
    for future in bad:
        with pytest.raises(CommandFailed):
            future.result(20)


def test_a_server_that_stays_away_is_told_to_every_caller_after_one_patience(bank: Bank) -> None:
    """Not one patience a caller: with a thousand waiting that would be hours."""
    a, b = bank.open_accounts(2, fund_minor=1_000)

    def refuse() -> Any:
        raise psycopg.OperationalError("planted: nobody there")

    engine = Engine(refuse, REGISTRY)
    with closing(Gatherer(engine, patience_seconds=0.5)) as gatherer:
        start = time.perf_counter()
        futures: list[Future[Answer]] = [gatherer.submit(move(a, b, 1)) for _ in range(20)]
        for future in futures:
            with pytest.raises(OutcomeUnknown):
                future.result(20)
        assert time.perf_counter() - start < 5


def test_closing_answers_what_waits_and_takes_nothing_more(bank: Bank) -> None:
    a, b = bank.open_accounts(2, fund_minor=1_000)
    gatherer = Gatherer(bank.another_engine())
    futures = [gatherer.submit(move(a, b, 1)) for _ in range(50)]
    gatherer.close()
    assert all(future.result(0).outcome is Outcome.ACCEPTED for future in futures)
    with pytest.raises(RuntimeError, match="closed"):
        gatherer.submit(move(a, b, 1))
