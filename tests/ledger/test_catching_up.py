"""What an engine looks at before a batch: one string of statements; the log only if others wrote to it."""

import threading
import time
from contextlib import closing

import pytest
from tests.support.ledger import Bank, answer, move

from teneur.kernel.commands import Outcome
from teneur.ledger import engine as engine_module
from teneur.ledger.account import SQL
from teneur.ledger.cache import Book, Cache
from teneur.ledger.check import check
from teneur.ledger.copies import receive, send
from teneur.storage.database import connect


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The books whose logs were read, from the position known."""
    books: list[int] = []
    catch_up = Cache.catch_up

    def noted(self: Cache, connection: object, book: Book) -> None:
        books.append(book.book)
        catch_up(self, connection, book)  # type: ignore[arg-type]

    monkeypatch.setattr(Cache, "catch_up", noted)
    return books


def test_a_log_that_nobody_else_wrote_to_is_not_read(bank: Bank, read: list[int]) -> None:
    a, b = bank.open_accounts(2, fund_minor=100)
    bank.post(move(a, b, 1))
    bank.post(move(a, b, 1))
    assert read == []


def test_a_row_of_another_writer_is_read_before_deciding(bank: Bank, read: list[int]) -> None:
    a, b = bank.open_accounts(2, fund_minor=100)
    bank.post(move(a, b, 1))
    other = bank.another_engine()
    other.post([move(a, b, 99)])
    assert read == []
    refused = bank.post(move(a, b, 1))[0]
    assert (refused.reason, read) == ("insufficient-funds", [1])
    bank.post(move(b, a, 1))
    assert read == [1]
    assert bank.engine.retries == 0


def test_of_two_books_only_the_log_that_grew_is_read(two_books: Bank, read: list[int]) -> None:
    (a,), (b,) = (two_books.open_accounts(1, book=book, fund_minor=100) for book in (1, 2))
    two_books.post(move(a, b, 1))
    other = two_books.another_engine()
    other.post([move(two_books.cash(2), b, 5, subject=b)])
    read.clear()
    assert two_books.post(move(a, b, 99))[0].outcome is Outcome.ACCEPTED
    assert read == [2]
    assert two_books.balance(b) == 205
    with closing(connect(two_books.dsn)) as connection:
        assert check(connection) == []


def test_what_was_appended_while_the_lock_was_waited_for_is_seen(bank: Bank, read: list[int]) -> None:
    """The look is a statement after the lock: its snapshot is younger than the wait."""
    a, b = bank.open_accounts(2, fund_minor=100)
    slow, fast = bank.another_engine(), bank.another_engine()
    for engine in (slow, fast):
        engine.post([move(a, b, 1)])
    read.clear()
    with closing(connect(bank.dsn)) as keeper:
        keeper.execute(SQL["lock_book"], {"book": 1})
        found: list[str] = []
        waiting = threading.Thread(target=lambda: found.append(answer(slow.post([move(a, b, 98)])[0]).reason))
        waiting.start()
        _wait_for_a_lock(bank)
        # the fast one is let through the gate, and commits while the slow one waits
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(engine_module, "SQL", {**SQL, "lock_book": "select %(book)s"})
            fast.post([move(a, b, 50)])
        keeper.rollback()
        waiting.join(10)
    assert found == ["insufficient-funds"]
    assert (slow.retries, read) == (0, [1])


def _wait_for_a_lock(bank: Bank) -> None:
    until = time.monotonic() + 10
    query = "select count(*) from pg_locks where locktype = 'advisory' and not granted"
    while bank.row(query) == (0,):
        assert time.monotonic() < until
        time.sleep(0.01)


def test_an_engine_that_knows_nothing_of_a_book_begins_at_its_end(bank: Bank, read: list[int]) -> None:
    a, b = bank.open_accounts(2, fund_minor=100)
    bank.post(move(a, b, 1))
    new = bank.another_engine()
    assert answer(new.post([move(a, b, 100)])[0]).reason == "insufficient-funds"
    assert read == []


def test_a_batch_is_asked_within_a_transaction_that_is_open(bank: Bank) -> None:
    a, b = bank.open_accounts(2, fund_minor=100)
    connection = bank.engine.connection
    connection.execute("select 1")
    assert connection.info.transaction_status.name == "INTRANS"
    bank.post(move(a, b, 1))
    assert connection.info.transaction_status.name == "IDLE"
    assert bank.balance(a) == 99


def test_each_of_a_string_of_statements_gives_its_rows(bank: Bank) -> None:
    with bank.connect() as connection:
        send(connection, "begin;select 1, null;select where false;select 'a' union all select 'b'")
        found = receive(connection)
        assert found == [[], [(b"1", None)], [], [(b"a",), (b"b",)]]
        assert connection.info.transaction_status.name == "INTRANS"
