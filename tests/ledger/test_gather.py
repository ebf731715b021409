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
from psycopg.pq import TransactionStatus
from tests.support.ledger import REGISTRY, Bank, Defect, command, move

from teneur.kernel.commands import Answer, Outcome, account_id
from teneur.ledger.account import SQL as LEDGER_SQL
from teneur.ledger.engine import Engine
from teneur.ledger.errors import CommandFailed, OutcomeUnknown
from teneur.ledger.gather import Gatherer
from teneur.storage.database import Limits, connect


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


def _locks(bank: Bank) -> int:
    query = "select count(*) from pg_locks l join pg_database d on d.oid = l.database"
    (count,) = bank.row(f"{query} where l.locktype = 'advisory' and d.datname = current_database()")
    return int(count)


def test_the_book_is_locked_for_the_next_batch_while_the_answers_are_given(bank: Bank) -> None:
    a, b = bank.open_accounts(2, fund_minor=100)
    engine = bank.engine
    engine.post([move(a, b, 1)], more=lambda: False)
    assert _locks(bank) == 0
    engine.post([move(a, b, 1)], more=lambda: True)
    assert engine.connection.info.transaction_status is TransactionStatus.ACTIVE
    engine.post([move(a, b, 1)])
    assert (bank.balance(a), _locks(bank)) == (97, 0)
    assert engine.retries == 0


@pytest.mark.parametrize("next_batch", ["none", "another book", "no such book", "closed"])
def test_a_book_that_was_locked_for_commands_that_do_not_come_is_let_go(
    two_books: Bank, next_batch: str
) -> None:
    bank, engine = two_books, two_books.engine
    a, b = bank.open_accounts(2, fund_minor=100)
    (c,) = bank.open_accounts(1, book=2, fund_minor=100)
    engine.post([move(a, b, 1)])
    engine.post([move(a, b, 1)], more=lambda: True)
    match next_batch:
        case "none":
            assert engine.post([]) == []
        case "another book":
            assert engine.post_one(move(c, bank.cash(2), 1)).outcome is Outcome.ACCEPTED
        case "no such book":
            result = engine.post([move(account_id(-1, 5), a, 1)])[0]
            assert isinstance(result, CommandFailed)
        case "closed":
            engine.close()
    with closing(connect(bank.dsn, limits=Limits(lock_timeout_ms=2_000))) as other:
        other.execute(LEDGER_SQL["lock_book"], {"book": 1})
    bank.post(move(a, b, 1))
    assert bank.balance(a) == 97


def test_two_writers_that_look_ahead_take_turns_and_lose_nothing(bank: Bank) -> None:
    a, b = bank.open_accounts(2, fund_minor=1_000)
    engines = [bank.another_engine() for _ in range(2)]
    gatherers = [Gatherer(engine, most=5) for engine in engines]
    futures = [gatherers[n % 2].submit(move(a, b, 1)) for n in range(400)]
    positions = {future.result(30).position for future in futures}
    for gatherer in gatherers:
        gatherer.close()
    assert (len(positions), bank.balance(a)) == (400, 600)
    assert [engine.retries for engine in engines] == [0, 0]
    assert _locks(bank) == 0


def test_a_server_that_goes_after_the_answers_were_given_is_asked_again(bank: Bank) -> None:
    a, b = bank.open_accounts(2, fund_minor=100)
    engine = bank.engine
    engine.post([move(a, b, 1)])
    engine.post([move(a, b, 1)], more=lambda: True)
    with connect(bank.dsn, autocommit=True) as other:
        pid = engine.connection.info.backend_pid
        other.execute("select pg_terminate_backend(%s, 5000)", [pid])
    asked = move(a, b, 1)
    with pytest.raises(OutcomeUnknown):
        engine.post([asked])
    assert not engine.post_one(asked).replayed
    assert bank.balance(a) == 97


def test_a_lock_that_does_not_come_for_the_next_batch_is_tried_again_then(bank: Bank) -> None:
    a, b = bank.open_accounts(2, fund_minor=100)
    limits = Limits(lock_timeout_ms=100)
    with (
        closing(Engine(lambda: connect(bank.dsn, hot=True, limits=limits), REGISTRY)) as quick,
        closing(connect(bank.dsn)) as stuck,
    ):
        quick.post([move(a, b, 1)])

        def meanwhile() -> bool:
            stuck.execute(LEDGER_SQL["lock_book"], {"book": 1})
            return True

        quick.post([move(a, b, 1)], more=meanwhile)
        time.sleep(0.3)
        stuck.rollback()
        assert quick.post_one(move(a, b, 1)).outcome is Outcome.ACCEPTED
    assert bank.balance(a) == 97
