"""The bench measures what it says, notices what is wrong, and leaves nothing behind."""

import json
import threading
import time
from concurrent.futures import Future
from typing import Any, cast

import psycopg
import pytest
from click.testing import CliRunner
from psycopg.conninfo import make_conninfo

from teneur.bench.bars import run as run_bars
from teneur.bench.cli import command
from teneur.bench.errors import BenchError
from teneur.bench.measure import Options
from teneur.bench.orders import Mix, Orders, check
from teneur.bench.peers import pgbench_program, ratios
from teneur.bench.race import Ceiling, Writer, race
from teneur.bench.single import Clients
from teneur.bench.stage import PREFIX, Stage, refuse_unless_durable
from teneur.kernel.commands import Answer, Command, Outcome
from teneur.ledger.gather import Gatherer
from teneur.payments.transfers.commands import PlaceTransfer
from teneur.storage.database import Dsn, connect

ACCOUNTS = 2_000
DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}


def counts(dsn: Dsn, schema: str) -> dict[str, int]:
    with connect(dsn, "owner", schema=schema) as connection:
        found = connection.execute(
            "select outcome, count(*) from journal where kind = 100 group by 1"
        ).fetchall()
    return {Outcome(outcome).name: count for outcome, count in found}


def test_the_report_has_every_figure_and_the_schema_is_gone(
    database: Dsn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TENEUR_DATABASE_URL", database.app)
    monkeypatch.setenv("TENEUR_OWNER_URL", database.owner)
    arguments = ["--accounts", str(ACCOUNTS), "--seconds", "0.2", "--batch", "200", "--books", "2", "--json"]
    result = CliRunner().invoke(command, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    for name in (
        "transfers_per_second", "copy_ceiling_per_second", "single_request_p50_ms", "single_request_p99_ms",
        "bare_commit_median_ms", "p99_ratio", "books_gain", "journal_rows",
    ):  # fmt: skip
        assert report[name] > 0, name
    assert report["accounts"] == ACCOUNTS
    assert report["invariants"] == "hold"
    assert 0 < report["ratio"] < 1.5
    assert 300 < report["journal_bytes_per_transfer"] < report["bytes_per_transfer"] < 2_000
    assert report["single_request_p50_ms"] <= report["single_request_p99_ms"]
    with connect(database, "owner") as connection:
        left = connection.execute("select nspname from pg_namespace where starts_with(nspname, %s)", [PREFIX])
        assert left.fetchall() == []


def test_the_copy_stores_the_very_rows_of_the_run(database: Dsn) -> None:
    with Stage(database, ACCOUNTS) as stage:
        writer, ceiling = Writer(stage, Orders(stage, 1, Mix(refused=0.1)), 1), Ceiling(stage)
        found = race(writer, ceiling, 100, 0.01, warming_rounds=0)
        writer.close()
        ceiling.close()
        assert all(r.orders == r.stored == 200 for r in found.rounds)
        with connect(database, "owner", schema=stage.schema) as connection:
            for table in ("journal", "record"):
                engine, copied = (
                    f"select * from {table} where position > 1",
                    f"select * from {stage.copy_schema}.{table}",
                )
                query = f"select count(*) from ({engine} except {copied}) x"
                assert connection.execute(query.encode()).fetchone() == (0,)
                there = connection.execute(
                    f"select count(*) from {stage.copy_schema}.{table}".encode()
                ).fetchone()
                assert there == (200 * len(found.rounds),)


def test_the_shares_of_refused_and_replayed_orders_are_honoured(database: Dsn) -> None:
    with Stage(database, ACCOUNTS) as stage:
        orders = Orders(stage, 1, Mix(refused=0.3, replayed=0.25))
        writer = Writer(stage, orders, 1)
        _, results, expected = writer.round(10, 200)
        answers = [r for r in results if isinstance(r, Answer)]
        assert len(answers) == 2_000
        assert 0.2 < sum(a.replayed for a in answers) / 2_000 < 0.3
        assert 0.25 < sum(a.outcome is Outcome.REFUSED for a in answers) / 2_000 < 0.35
        stored = counts(database, stage.schema)
        assert sum(stored.values()) == expected.new == 2_000 - expected.replayed
        refused_anew = {a.position for a in answers if a.outcome is Outcome.REFUSED}
        assert stored["REFUSED"] == len(refused_anew)
        writer.close()


def test_one_hot_account_is_in_every_transfer_on_either_side(database: Dsn) -> None:
    with Stage(database, 50) as stage:
        commands, _ = Orders(stage, 1, Mix(hot=1)).take(200)
        hot, iban = stage.account(1, 0), stage.ibans(1)[0]
        as_payer = [c.subject == hot for c in commands]
        as_payee = [cast("PlaceTransfer", c.ask).payee.iban == iban for c in commands]
        assert all(a != b for a, b in zip(as_payer, as_payee, strict=True))
        assert 80 < sum(as_payer) < 120


def test_a_cold_writer_begins_each_round_without_a_cache(database: Dsn) -> None:
    with Stage(database, 100) as stage:
        writer = Writer(stage, Orders(stage, 1, Mix()), 1, cold=True)
        writer.round(1, 50)
        before = writer.engine.cache
        writer.round(1, 50)
        assert writer.engine.cache is not before
        writer.close()


@pytest.mark.parametrize("name", DURABLE)
def test_a_server_that_may_lose_a_commit_is_not_measured(name: str) -> None:
    refuse_unless_durable(DURABLE)
    with pytest.raises(BenchError, match=f"{name} is 'off'"):
        refuse_unless_durable({**DURABLE, name: "off"})


def test_a_session_that_does_not_wait_for_its_commit_is_not_measured(database: Dsn) -> None:
    careless = make_conninfo(database.app, options="-c synchronous_commit=off")
    with (
        pytest.raises(BenchError, match="synchronous_commit is 'off'"),
        Stage(Dsn(careless, database.owner), 10),
    ):
        pass


def test_answers_other_than_expected_are_an_error(database: Dsn) -> None:
    with Stage(database, 100) as stage:
        orders = Orders(stage, 1, Mix())
        writer = Writer(stage, orders, 1)
        commands, expected = orders.take(10)
        results = writer.engine.post(commands)
        check(results, expected)
        expected.refused = 1
        with pytest.raises(BenchError, match="0 were refused"):
            check(results, expected)
        writer.close()


def test_books_that_are_wrong_after_the_run_are_an_error(database: Dsn) -> None:
    with Stage(database, 100) as stage:
        writer = Writer(stage, Orders(stage, 1, Mix()), 1)
        writer.round(1, 50)
        assert stage.invariants()["rows"] == 51
        with connect(database, "owner", schema=stage.schema) as connection:
            connection.execute(
                "update journal set credit_balance_minor = credit_balance_minor + 1 where position = 7"
            )
        with pytest.raises(BenchError, match="broken_balances"):
            stage.invariants()
        writer.close()


def test_what_a_killed_run_left_is_dropped_and_a_living_run_is_left_alone(database: Dsn) -> None:
    with psycopg.connect(database.owner, autocommit=True) as owner:
        owner.execute(f"create schema {PREFIX}forgotten".encode())
        with Stage(database, 10) as living:
            assert owner.execute(f"select to_regnamespace('{PREFIX}forgotten')".encode()).fetchone() == (
                None,
            )
            with Stage(database, 10):
                assert living.invariants()["rows"] == 1


class SlowGatherer:
    """Answers each request after a while, one after the other, as a busy bank does."""

    def __init__(self, each_seconds: float) -> None:
        self._each_seconds = each_seconds
        self._lock = threading.Lock()

    def submit(self, command: Command) -> Future[Answer]:
        future: Future[Answer] = Future()
        answer = Answer(Outcome.ACCEPTED, "", (), 1, 1)

        def serve() -> None:
            with self._lock:
                time.sleep(self._each_seconds)
            future.set_result(answer)

        threading.Thread(target=serve).start()
        return future


def test_the_time_of_a_request_runs_from_when_it_was_due() -> None:
    clients = Clients(cast("Gatherer", SlowGatherer(0.01)), count=2)
    clients.run(cast("list[Command]", [None] * 20), per_second=1_000)
    # 20 requests are due within 20 ms and served in 200: the last has waited for nearly all of it, though it
    # was sent a moment before it was answered.
    assert max(clients.latencies) > 0.15
    assert len(clients.results) == 20


def test_ratios_compare_like_with_like() -> None:
    rates: dict[str, Any] = {"teneur, batches of 1000": 30_000.0}
    for who, one, many in (
        ("teneur", 900, 12_000),
        ("pgbench TPC-B", 1_500, 3_000),
        ("django-hordak", 500, 450),
    ):
        rates |= {f"{who}, 1 client": float(one), f"{who}, 64 clients": float(many)}
    found = ratios(rates, 1_000)
    assert found["teneur over pgbench TPC-B, 1 client"] == 0.6
    assert found["teneur over pgbench TPC-B, 64 clients"] == 4.0
    assert found["teneur in batches of 1000 over the best of django-hordak"] == 60.0


def test_pgbench_is_found() -> None:
    assert pgbench_program().is_file()


def test_every_bar_is_printed_with_its_verdict(database: Dsn) -> None:
    report = run_bars(
        database, Options(accounts=200, seconds=0.05, batch=50), lambda _: None, few=50, many=200
    )
    assert len(report["bars"]) == 7
    assert {line["passed"] for line in report["bars"]} <= {"pass", "FAIL"}
    assert report["passed"] == all(line["passed"] == "pass" for line in report["bars"])
    sizes = {line["bar"]: line for line in report["bars"]}["bytes a transfer, journal and its indexes"]
    assert (sizes["measured"] <= 400) == (sizes["passed"] == "pass")
