"""The bench of the quarter's closing: it closes every account and finds the same bytes each time."""

from typing import Any

import pytest

from teneur.bench import quarter
from teneur.storage.database import Dsn


def run(dsn: Dsn, *, payments: bool = False) -> dict[str, Any]:
    return quarter.race_of_quarter(dsn, 60, 20, lambda _: None, payments=payments)


def test_every_account_is_closed_and_the_same_entries_give_the_same_bytes(database: Dsn) -> None:
    first, second = run(database)["closing"], run(database)["closing"]
    assert (first["accounts"], first["postings"]) == (60, 1_200)
    assert first["ratio"] > 0 < first["peak_memory_mb"]
    assert first["charged_minor"] > 0
    assert first["closings_sha256"] == second["closings_sha256"]


def test_payments_go_on_while_a_quarter_is_closed(database: Dsn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quarter, "QUIET_SECONDS", 1)
    found = run(database, payments=True)["payments"]
    assert 0 < found["p50_ms"] <= found["p99_ms"]
    assert 0 < found["p50_while_closing_ms"] <= found["p99_while_closing_ms"]
