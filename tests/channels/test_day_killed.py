"""Two months in which everything goes on: killed anywhere, again and again, they come out the same."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from teneur.channels.day import job
from teneur.channels.day.job import advance
from teneur.channels.day.report import Task, Today
from teneur.ledger.check import check
from teneur.storage.database import Dsn
from tests.channels.busy_book import LAST_DAY, content, give_ways, letters, make, reopen
from tests.channels.killing import Killed, Killer
from tests.conftest import Databases

Content = dict[str, list[tuple[object, ...]]]
EXCHANGES_BETWEEN = 400  # two kills, on average


class Start:
    """The busy book as it begins, and what becomes of it if nobody is killed."""

    def __init__(self, databases: Databases, folder: Path) -> None:
        self.databases, self.folder = databases, folder
        self.first = databases.create()
        make(self.first)
        self.copies: list[Dsn] = []
        whole = self.copy("whole")
        unbroken(whole)
        self.expected, self.sent = came_of(whole, folder / "whole")

    def copy(self, name: str) -> Dsn:
        """The same start once more; letters go to the folder of that name."""
        with psycopg.connect(self.first.app) as connection:
            template = connection.info.dbname
        self.copies.append(self.databases.create(template))
        give_ways(self.copies[-1], self.folder / name)
        return self.copies[-1]

    def assert_same(self, dsn: Dsn, name: str) -> None:
        """Table by table, so that a difference can be read."""
        found, sent = came_of(dsn, self.folder / name)
        for table, rows in self.expected.items():
            assert found[table] == rows, table
        assert sent == self.sent


@pytest.fixture(scope="module")
def start(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    made = Start(databases, tmp_path_factory.mktemp("letters"))
    yield made
    for dsn in (made.first, *made.copies):
        databases.drop(dsn)


def came_of(dsn: Dsn, folder: Path) -> tuple[Content, dict[str, bytes]]:
    """All that stands in the tables, and the letters; the setting of the folder is each one's own."""
    with reopen(dsn) as bank:
        with bank.connect() as connection:
            assert check(connection) == []
        with bank.read() as connection:
            found = content(connection)
    found["setting"] = [row for row in found["setting"] if row[0] != "notices-print-folder"]
    return found, letters(folder)


def unbroken(dsn: Dsn) -> None:
    with reopen(dsn) as bank:
        report = advance(bank, LAST_DAY)
    assert report.problems == []


def broken(dsn: Dsn, killer: Killer) -> None:
    """Begun again after each death, as often as it takes."""
    while True:
        killer.bury(dsn)
        try:
            bank = reopen(dsn)
            report = advance(bank, LAST_DAY)
        except Killed:
            continue
        killer.armed = False
        bank.close()
        assert report.problems == []
        return


def test_the_two_months_have_all_that_can_go_wrong(start: Start) -> None:
    for table in ("fee", "interest_closing", "statement", "obligation", "overdraft_episode", "rate_notice"):
        assert start.expected[table], table
    kinds = {row[15] for row in start.expected["journal"]}
    assert {3, 34, 51, 101, 206, 221, 226, 227, 241, 250, 281} <= kinds
    assert len(start.sent) > 50


@pytest.mark.parametrize(
    "seeds", [range(1, 2), pytest.param(range(2, 14), marks=pytest.mark.long)], ids=["short", "long"]
)
def test_a_bank_killed_anywhere_has_the_same_books_papers_duties_and_notices(
    start: Start, monkeypatch: pytest.MonkeyPatch, seeds: range
) -> None:
    for seed in seeds:
        dsn = start.copy(f"broken-{seed}")
        with monkeypatch.context() as patch:
            killer = Killer(patch, seed, EXCHANGES_BETWEEN)
            broken(dsn, killer)
        assert killer.kills > 20
        start.assert_same(dsn, f"broken-{seed}")


def test_a_day_that_does_not_ask_what_is_due_first_does_the_same(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    def everything(_today: Today, tasks: Iterable[Task]) -> set[Task]:
        return set(tasks)

    monkeypatch.setattr(job, "due", everything)
    dsn = start.copy("unasked")
    unbroken(dsn)
    start.assert_same(dsn, "unasked")


def test_what_way_the_database_takes_to_its_rows_changes_nothing(start: Start) -> None:
    dsn = start.copy("unindexed")
    unbroken(replace(dsn, app=make_conninfo(dsn.app, options="-c enable_nestloop=off")))
    start.assert_same(dsn, "unindexed")
