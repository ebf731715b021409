"""Several writers at once: the primary key is the fence, memory is never believed longer than it may be."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import psycopg
import pytest
from psycopg import Connection
from psycopg import errors as pg
from tests.support.ledger import (
    REGISTRY,
    Bank,
    ChangeAccount,
    answer,
    command,
    move,
    place,
    release,
    reverse,
    take,
)

from teneur.kernel.commands import Answer, Command, Outcome
from teneur.ledger import cache
from teneur.ledger import engine as engine_module
from teneur.ledger.account import SQL, Status
from teneur.ledger.check import check
from teneur.ledger.engine import Engine
from teneur.ledger.errors import BookBusy, OutcomeUnknown
from teneur.storage.database import Dsn, connect


def _steal_lock(engine: Engine, book: int = 1) -> None:
    """Break the book's lock on purpose: let the engine believe that it keeps the book alone."""
    engine._sole = frozenset({book})


def _post_all(engine: Engine, batches: list[list[Command]]) -> list[Answer]:
    return [answer(r) for batch in batches for r in engine.post(batch)]


@pytest.mark.parametrize("broken_lock", [False, True])
def test_four_writers_on_one_book_lose_and_double_nothing(
    bank: Bank, connection: Connection, *, broken_lock: bool
) -> None:
    """With the lock broken every batch runs into the fence, reads what it missed and decides again."""
    accounts = bank.open_accounts(4, fund_minor=1_000)
    engines = [bank.another_engine() for _ in range(4)]
    for engine in engines:
        assert engine.connection
        if broken_lock:
            _steal_lock(engine)
    batches = [
        [[move(accounts[(n + i) % 4], accounts[(n + i + 1) % 4], 1) for i in range(10)] for _ in range(10)]
        for n in range(4)
    ]
    with ThreadPoolExecutor(4) as pool:
        answers = [a for found in pool.map(_post_all, engines, batches) for a in found]
    assert [a.outcome for a in answers] == [Outcome.ACCEPTED] * 400
    assert len({a.position for a in answers}) == 400
    assert sum(bank.balance(a) for a in accounts) == 4_000
    assert broken_lock == any(e.retries for e in engines)
    connection.rollback()
    assert check(connection) == []


def test_an_intruder_cannot_make_a_sole_writer_decide_on_what_is_past(bank: Bank) -> None:
    a, b = bank.open_accounts(2, fund_minor=1_000)
    sole = bank.another_engine(sole_books=(1,))
    sole.post_one(move(a, b, 1))
    intruder = bank.another_engine()
    assert intruder.connection
    _steal_lock(intruder)
    assert intruder.post_one(move(a, b, 900)).outcome is Outcome.ACCEPTED
    assert sole.post_one(move(a, b, 100)).reason == "insufficient-funds"
    assert sole.post_one(move(a, b, 99)).outcome is Outcome.ACCEPTED
    assert bank.balance(a) == 0


@pytest.mark.parametrize("what", ["hold", "reversal"])
def test_an_intruder_that_did_the_same_meets_the_fence_not_an_error(bank: Bank, what: str) -> None:
    """Both write a row of another table under the same key: the journal must be what stops the second."""
    a, b = bank.open_accounts(2, fund_minor=1_000)
    done = bank.post(move(a, b, 5))[0].position
    first, second = bank.another_engine(), bank.another_engine()
    for engine in (first, second):
        assert engine.connection
        _steal_lock(engine)
        engine.post_one(move(a, b, 1))

    def make() -> Command:
        return reverse(a, done) if what == "reversal" else place(a, 10)

    assert first.post_one(make()).outcome is Outcome.ACCEPTED
    again = second.post_one(make())
    assert second.retries
    assert again.reason == ("already-reversed" if what == "reversal" else "")


def test_a_limit_changed_by_another_engine_is_seen_at_once(bank: Bank) -> None:
    a, b = bank.open_accounts(2, fund_minor=100)
    other = bank.another_engine()
    assert bank.post(move(a, b, 101))[0].reason == "insufficient-funds"
    other.post_one(command(a, ChangeAccount(floor_minor=-50)))
    assert bank.post(move(a, b, 150))[0].outcome is Outcome.ACCEPTED
    other.post_one(command(a, ChangeAccount(floor_minor=0)))
    assert bank.post(move(a, b, 1))[0].reason == "insufficient-funds"
    other.post_one(move(b, a, 60))
    assert [x.reason for x in bank.post(move(a, b, 11), move(a, b, 10))] == ["insufficient-funds", ""]


def test_holds_placed_taken_and_released_by_another_engine_are_seen_at_once(bank: Bank) -> None:
    a, b = bank.open_accounts(2, fund_minor=100)
    other = bank.another_engine()
    bank.post(move(a, b, 1))
    hold = other.post_one(place(a, 90)).position
    assert [x.reason for x in bank.post(move(a, b, 10), move(a, b, 9))] == ["insufficient-funds", ""]
    other.post_one(take(a, hold, 40, b, final=False))
    assert [x.reason for x in bank.post(move(a, b, 1), take(a, hold, 51, b))] == [
        "insufficient-funds", "amount-out-of-range",
    ]  # fmt: skip
    other.post_one(release(a, hold))
    assert [x.reason for x in bank.post(move(a, b, 51), move(a, b, 50))] == ["insufficient-funds", ""]
    other.post_one(command(b, ChangeAccount(status=Status.CLOSED)))
    assert bank.post(move(a, b, 1))[0].reason == "account-closed"


def test_a_sole_writer_keeps_its_book_until_it_is_closed(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = bank.open_accounts(2, fund_minor=100)
    sole = bank.another_engine(sole_books=(1,))
    assert sole.post_one(move(a, b, 1)).outcome is Outcome.ACCEPTED
    with pytest.raises(BookBusy, match="sole writer"):
        bank.another_engine(sole_books=(1,)).post_one(move(a, b, 1))
    monkeypatch.setattr(engine_module, "ATTEMPTS", 1)
    quick = Engine(lambda: connect(bank.dsn, hot=True, limits=_quick_limits()), REGISTRY)
    with closing(quick), pytest.raises(BookBusy):
        quick.post_one(move(a, b, 1))
    sole.close()
    assert bank.another_engine(sole_books=(1,)).post_one(move(a, b, 1)).outcome is Outcome.ACCEPTED


def _quick_limits() -> Any:
    from teneur.storage.database import Limits

    return Limits(lock_timeout_ms=100)


def test_a_writer_that_waits_for_a_lock_gives_up_and_says_so(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Someone keeps the book's lock and never lets go: no call hangs for ever."""
    a, b = bank.open_accounts(2, fund_minor=100)
    monkeypatch.setattr(engine_module, "ATTEMPTS", 2)
    quick = Engine(lambda: connect(bank.dsn, hot=True, limits=_quick_limits()), REGISTRY)
    with closing(quick), closing(connect(bank.dsn)) as stuck:
        stuck.execute(SQL["lock_book"], {"book": 1})
        start = time.perf_counter()
        with pytest.raises(BookBusy):
            quick.post_one(move(a, b, 1))
        assert time.perf_counter() - start < 5
        stuck.rollback()
        assert quick.post_one(move(a, b, 1)).outcome is Outcome.ACCEPTED


def test_the_engines_sessions_have_lock_and_statement_timeouts(bank: Bank) -> None:
    bank.post(*[])
    names = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")
    found = [
        bank.engine.connection.execute("select current_setting(%s)", [name]).fetchone() for name in names
    ]
    bank.engine.connection.rollback()
    assert all(row is not None and row[0] not in ("0", "") for row in found)


def test_a_statement_that_takes_too_long_leaves_the_engine_usable(
    bank: Bank, superuser: Connection[Any]
) -> None:
    from teneur.storage.database import Limits

    a, b = bank.open_accounts(2, fund_minor=100)
    slow = Engine(
        lambda: connect(bank.dsn, hot=True, limits=Limits(lock_timeout_ms=0, statement_timeout_ms=200)),
        REGISTRY,
    )
    with closing(slow), superuser.transaction():
        slow.post_one(move(a, b, 1))
        superuser.execute("lock table record in exclusive mode")
        with pytest.raises(pg.QueryCanceled):
            slow.post([move(a, b, 1)])
        superuser.execute("rollback")
        superuser.execute("begin")
        assert slow.post_one(move(a, b, 99)).outcome is Outcome.ACCEPTED
    assert bank.balance(a) == 0


# failovers and lost connections


def _lose_tail(superuser: Connection[Any], position: int) -> None:
    """What an asynchronous replica that missed the end would show."""
    superuser.execute("delete from journal where book = 1 and position > %s", [position])
    superuser.execute("delete from record where book = 1 and position > %s", [position])
    superuser.execute(
        "delete from ground where not exists (select from journal j where j.ground = ground.ground)"
    )


@pytest.mark.parametrize("appended", [0, 1, 3])
def test_an_engine_notices_that_a_failover_lost_the_tail(
    bank: Bank, superuser: Connection[Any], appended: int
) -> None:
    """The position it ends with is gone, or holds another row: its leaf tells."""
    a, b = bank.open_accounts(2, fund_minor=1_000)
    kept = bank.post(move(a, b, 1))[0].position
    lost = [move(a, b, 900), move(a, b, 50_000), place(b, 5)]
    bank.post(*lost[:2])
    _lose_tail(superuser, kept)
    other = bank.another_engine()
    for _ in range(appended):
        other.post_one(move(a, b, 10))
    left = 1_000 - 1 - 10 * appended
    assert [x.reason for x in bank.post(move(a, b, left + 1), move(a, b, left))] == ["insufficient-funds", ""]
    assert bank.engine.retries == 1
    # what was lost is not answered from memory, and can be asked again
    again = bank.post(*lost[:2])
    assert [(x.replayed, x.reason) for x in again] == [(False, "insufficient-funds")] * 2
    connection = connect(bank.dsn)
    with closing(connection):
        assert check(connection) == []


def test_a_ground_lost_with_the_tail_is_stored_again(bank: Bank, superuser: Connection[Any]) -> None:
    a, b = bank.open_accounts(2, fund_minor=1_000)
    kept = bank.post(move(a, b, 1))[0].position
    bank.post(move(a, b, 1_000_000))
    _lose_tail(superuser, kept)
    refused = bank.post(move(a, b, 1_000_000))[0]
    assert refused.reason == "insufficient-funds"
    assert bank.row("select count(*) from ground where reason = 'insufficient-funds'") == (1,)


def test_memory_never_outlives_its_connection(bank: Bank, superuser: Connection[Any]) -> None:
    a, b = bank.open_accounts(2, fund_minor=1_000)
    bank.post(move(a, b, 1))
    before = bank.engine.cache
    pid = bank.engine.connection.info.backend_pid
    superuser.execute("select pg_terminate_backend(%s, 5000)", [pid])
    superuser.execute("update account set floor_minor = 500 where account = 1000000")
    asked = move(a, b, 500)
    with pytest.raises(OutcomeUnknown):
        bank.engine.post([asked])
    assert bank.engine.post_one(asked).reason == "insufficient-funds"
    assert bank.engine.cache is not before


def test_a_lost_connection_is_an_unknown_outcome_and_the_same_keys_settle_it(
    bank: Bank, superuser: Connection[Any]
) -> None:
    a, b = bank.open_accounts(2, fund_minor=1_000)
    bank.post(move(a, b, 1))
    asked = [move(a, b, 1) for _ in range(3)]
    superuser.execute("select pg_terminate_backend(%s, 5000)", [bank.engine.connection.info.backend_pid])
    answers = [answer(r) for r in bank.engine.post_surely(asked)]
    assert [x.outcome for x in answers] == [Outcome.ACCEPTED] * 3
    assert bank.balance(b) == 1_004


def test_a_commit_whose_answer_was_lost_is_not_done_twice(bank: Bank) -> None:
    """The commit reached the server, the connection broke before its answer came back."""
    a, b = bank.open_accounts(2, fund_minor=1_000)

    class Breaking(psycopg.Connection[Any]):
        broken_once = False

        def commit(self) -> None:
            super().commit()
            if not Breaking.broken_once:
                Breaking.broken_once = True
                self.close()
                raise pg.ConnectionFailure("planted: the answer to COMMIT was lost")

    engine = Engine(lambda: Breaking.connect(bank.dsn.app), REGISTRY)  # type: ignore[union-attr]
    with closing(engine):
        asked = move(a, b, 100)
        with pytest.raises(OutcomeUnknown):
            engine.post([asked])
        assert (bank.balance(b), bank.times_stored(asked.key)) == (1_100, 1)
        again = engine.post_one(asked)
        assert (again.outcome, again.replayed) == (Outcome.ACCEPTED, True)
    assert (bank.balance(b), bank.times_stored(asked.key)) == (1_100, 1)


def test_a_server_that_is_not_there_is_asked_again_as_long_as_patience_lasts(
    bank: Bank, database: Dsn
) -> None:
    a, b = bank.open_accounts(2, fund_minor=1_000)
    tries = []

    def connect_at_third_try() -> Connection[Any]:
        tries.append(1)
        url = database.app if len(tries) > 2 else psycopg.conninfo.make_conninfo(database.app, port=1)
        return connect(url, hot=True)

    engine = Engine(connect_at_third_try, REGISTRY)
    with closing(engine):
        assert answer(engine.post_surely([move(a, b, 1)])[0]).outcome is Outcome.ACCEPTED
    assert len(tries) == 3


def test_an_engine_that_missed_more_than_it_is_worth_to_read_begins_again(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = bank.open_accounts(2, fund_minor=1_000)
    bank.post(move(a, b, 1))
    old = move(a, b, 1)
    other = bank.another_engine()
    first = other.post_one(old)
    monkeypatch.setattr(cache, "LONGEST_TAIL", 20)
    other.post([move(a, b, 1) for _ in range(20)])
    asked = bank.post(move(a, b, 979), move(a, b, 978))
    assert [x.reason for x in asked] == ["insufficient-funds", ""]
    assert bank.engine.retries == 1
    again = bank.post(old)[0]
    assert (again.position, again.replayed) == (first.position, True)


def test_two_writers_that_lock_two_books_in_any_order_never_deadlock(two_books: Bank) -> None:
    a = two_books.open_accounts(1, book=1, fund_minor=10_000)[0]
    b = two_books.open_accounts(1, book=2, fund_minor=10_000)[0]
    engines = [two_books.another_engine() for _ in range(2)]
    start = threading.Barrier(2)

    def work(engine: Engine, first: int, second: int) -> None:
        start.wait()
        for _ in range(15):
            engine.post([move(first, second, 1)])
            engine.post([move(first, first + 1, 1), move(second, first, 1)])

    with ThreadPoolExecutor(2) as pool:
        done = [pool.submit(work, engines[0], a, b), pool.submit(work, engines[1], b, a)]
        for future in done:
            future.result(timeout=60)
    assert two_books.balance(a) + two_books.balance(b) == 20_000
    deadlocks = two_books.row(
        "select pg_stat_get_db_deadlocks(oid) from pg_database where datname = current_database()"
    )
    assert deadlocks == (0,)
