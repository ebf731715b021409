"""Batches that are sent in pieces while the rest is decided: one transaction, whatever happens."""

import psycopg
import pytest
from psycopg.pq import TransactionStatus
from tests.support.ledger import Bank, Defect, answer, command, move, place

from teneur.kernel.commands import Command
from teneur.ledger.account import SQL
from teneur.ledger.check import check
from teneur.ledger.copies import Copies
from teneur.ledger.engine import PIECE, Engine
from teneur.ledger.errors import CommandFailed, OutcomeUnknown
from teneur.ledger.journal import COPY_HEAD, COPY_TAIL

LARGE = 1_000
assert PIECE // 3 < LARGE / 2


def batch(bank: Bank, size: int = LARGE) -> tuple[int, list[Command]]:
    payer, payee = bank.open_accounts(2, fund_minor=10_000)
    return payer, [move(payer, payee, 1) for _ in range(size)]


def holds(bank: Bank) -> bool:
    with bank.connect() as connection:
        return check(connection) == []


def test_a_batch_sent_in_pieces_is_stored_once_and_in_order(bank: Bank) -> None:
    payer, asked = batch(bank)
    before = bank.count()
    positions = [a.position for a in bank.post(*asked)]
    assert positions == list(range(before + 1, before + LARGE + 1))
    assert bank.balance(payer) == 9_000
    assert holds(bank)


def test_a_sole_writer_of_a_book_stores_all_pieces_in_one_transaction(bank: Bank) -> None:
    payer, asked = batch(bank)
    engine = bank.another_engine([1])
    engine.post(asked[:1])
    assert engine.connection.info.transaction_status is TransactionStatus.IDLE
    before = bank.count()
    engine.post(asked[1:])
    (transactions,) = bank.row(
        "select count(distinct xmin::text) from journal where position > %(p)s", p=before
    )
    assert transactions == 1
    assert bank.balance(payer) == 9_000
    engine.close()


def test_an_old_key_in_the_first_piece_gets_its_answer_and_the_rest_is_done(bank: Bank) -> None:
    payer, asked = batch(bank)
    first = bank.post(asked[0])[0]
    results = [answer(r) for r in bank.another_engine().post(asked)]
    assert (results[0].position, results[0].replayed) == (first.position, True)
    assert not any(r.replayed for r in results[1:])
    assert bank.balance(payer) == 9_000
    assert holds(bank)


@pytest.mark.parametrize("place", [10, 500, 990])
@pytest.mark.parametrize("how", ["beats the available balance", "amount too large for the table"])
def test_a_broken_command_fails_alone_wherever_it_stands(bank: Bank, how: str, place: int) -> None:
    payer, asked = batch(bank)
    other = bank.open_accounts(1, fund_minor=1)[0]
    asked[place] = command(payer, Defect(how=how, other=other))
    results = bank.engine.post(asked)
    assert [i for i, r in enumerate(results) if isinstance(r, CommandFailed)] == [place]
    assert bank.balance(payer) == 9_001
    assert holds(bank)


def test_another_writer_that_was_faster_makes_the_whole_batch_be_decided_again(bank: Bank) -> None:
    payer, asked = batch(bank)
    slow, fast = bank.another_engine([1]), bank.another_engine()
    slow.post(asked[:1])
    slow.connection.execute("select pg_advisory_unlock_all()")
    slow.connection.commit()
    fast.post(asked[1:2])
    results = [answer(r) for r in slow.post(asked[2:])]
    assert slow.retries == 1
    assert len({r.position for r in results}) == LARGE - 2
    assert bank.balance(payer) == 9_000
    assert holds(bank)


def test_a_server_that_goes_between_two_pieces_leaves_nothing_and_the_outcome_open(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    payer, asked = batch(bank)
    engine = bank.another_engine()
    engine.post(asked[:1])
    pid, sent = engine.connection.info.backend_pid, []
    put = Copies.put

    def cut(self: Copies, copies: list[tuple[str, bytes]], **how: bool) -> None:
        put(self, copies, **how)
        sent.append(len(copies))
        if len(sent) == 1:
            with bank.connect() as connection:
                connection.execute("select pg_terminate_backend(%s, 5000)", [pid])

    monkeypatch.setattr(Copies, "put", cut)
    with pytest.raises(OutcomeUnknown):
        engine.post(asked[1:])
    assert bank.balance(payer) == 9_999
    assert len(engine.post(asked[1:])) == LARGE - 1
    assert bank.balance(payer) == 9_000
    assert holds(bank)


def test_an_error_of_the_database_is_told_once_and_frees_the_connection(bank: Bank) -> None:
    with bank.connect() as connection:
        copies = Copies(connection)
        wrong = COPY_HEAD + b"\x00\x01\x00\x00\x00\x04abcd" + COPY_TAIL
        right = COPY_HEAD + COPY_TAIL
        with pytest.raises(psycopg.DataError):  # noqa: PT012 (whichever call comes upon it)
            copies.put([(SQL["copy_journal"], wrong), (SQL["copy_record"], right)])
            copies.put([(SQL["copy_journal"], right)])
            copies.finish()
        copies.finish()
        assert connection.info.transaction_status is TransactionStatus.INERROR
        connection.rollback()
        assert connection.execute("select 1").fetchone() == (1,)


def _last_string(bank: Bank, engine: Engine) -> str:
    pid = engine.connection.info.backend_pid
    (query,) = bank.row("select query from pg_stat_activity where pid = %(pid)s", pid=pid)
    return str(query)


def test_the_last_rows_and_the_commit_go_in_one_string_where_nothing_else_is_written(bank: Bank) -> None:
    payer, payee = bank.open_accounts(2, fund_minor=100)
    engine = bank.engine
    bank.post(move(payer, payee, 1))
    string = _last_string(bank, engine)
    assert [s.split()[:2] for s in string.split(";")] == [["copy", "journal"], ["copy", "record"], ["commit"]]
    assert engine.connection.info.transaction_status is TransactionStatus.IDLE
    assert bank.balance(payer) == 99


def test_effects_are_written_between_the_rows_and_the_commit(bank: Bank) -> None:
    payer, _ = bank.open_accounts(2, fund_minor=100)
    bank.post(place(payer, 10))
    assert _last_string(bank, bank.engine).lower() == "commit"
    assert bank.held(payer) == 10
    assert holds(bank)


def test_a_sole_writer_begins_stores_and_commits_in_one_string(bank: Bank) -> None:
    payer, payee = bank.open_accounts(2, fund_minor=100)
    engine = bank.another_engine([1])
    engine.post([move(payer, payee, 1)])
    engine.post([move(payer, payee, 1)])
    string = _last_string(bank, engine)
    assert [s.split()[0] for s in string.split(";")] == ["begin", "copy", "copy", "commit"]
    assert bank.balance(payer) == 98
    engine.close()


def test_a_sole_writer_that_was_overtaken_in_a_small_batch_decides_it_again(bank: Bank) -> None:
    payer, payee = bank.open_accounts(2, fund_minor=100)
    slow, fast = bank.another_engine([1]), bank.another_engine()
    slow.post([move(payer, payee, 1)])
    slow.connection.execute("select pg_advisory_unlock_all()")
    slow.connection.commit()
    fast.post([move(payer, payee, 1)])
    slow.post([move(payer, payee, 1)])
    assert slow.retries == 1
    assert bank.balance(payer) == 97
    assert holds(bank)


@pytest.mark.parametrize("late", [False, True])
def test_a_server_that_goes_at_the_commit_leaves_the_outcome_open_and_the_books_right(
    bank: Bank, monkeypatch: pytest.MonkeyPatch, late: bool
) -> None:
    payer, payee = bank.open_accounts(2, fund_minor=100)
    engine = bank.another_engine()
    engine.post([move(payer, payee, 1)])
    pid, commit = engine.connection.info.backend_pid, Copies.commit

    def cut(self: Copies) -> None:
        monkeypatch.undo()
        if late:  # the rows are stored for good, and nobody hears of it
            self.finish()
            engine.connection.close()
        else:
            with bank.connect() as connection:
                connection.execute("select pg_terminate_backend(%s, 5000)", [pid])
        commit(self)

    monkeypatch.setattr(Copies, "commit", cut)
    asked = [move(payer, payee, 1) for _ in range(5)]
    with pytest.raises(OutcomeUnknown):
        engine.post(asked)
    answers = [answer(r) for r in engine.post(asked)]
    assert [a.replayed for a in answers] == [late] * 5 or not late
    assert bank.balance(payer) == 94
    assert holds(bank)


def test_whoever_is_stopped_while_the_server_commits_knows_nothing_any_more(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    payer, payee = bank.open_accounts(2, fund_minor=100)
    engine = bank.another_engine([1])
    engine.post([move(payer, payee, 1)])

    def stop(self: Copies) -> None:
        monkeypatch.undo()
        self.finish()
        raise KeyboardInterrupt

    monkeypatch.setattr(Copies, "commit", stop)
    asked = [move(payer, payee, 1)]
    with pytest.raises(KeyboardInterrupt):
        engine.post(asked)
    assert answer(engine.post(asked)[0]).replayed
    assert bank.balance(payer) == 98
    engine.close()


def test_an_error_before_the_commit_in_a_string_keeps_it_from_being_done(bank: Bank) -> None:
    wrong = COPY_HEAD + b"\x00\x01\x00\x00\x00\x04abcd" + COPY_TAIL
    with bank.connect() as connection:
        copies = Copies(connection)
        with pytest.raises(psycopg.DataError):  # noqa: PT012 (whichever call comes upon it)
            copies.put([(SQL["copy_journal"], wrong)], commit=True)
            copies.commit()
        assert connection.info.transaction_status.name == "INERROR"
        copies.put([], commit=True)
        with pytest.raises(psycopg.InternalError, match="ROLLBACK"):
            copies.commit()
        assert connection.info.transaction_status.name == "IDLE"
