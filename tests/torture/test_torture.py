"""The short form of the torture; the long one is `make torture`."""

import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from teneur.storage.embedded import EmbeddedServer
from tests.torture.__main__ import table
from tests.torture.run import SCENARIOS, Scenario, torture


@pytest.fixture
def server() -> Iterator[EmbeddedServer]:
    folder = Path(tempfile.gettempdir()) / f"teneur-test-{secrets.token_hex(6)}"
    with EmbeddedServer(folder, shared_buffers_mb=32) as started:
        yield started
    shutil.rmtree(folder)


def test_three_kills_under_load_lose_and_double_nothing(server: EmbeddedServer) -> None:
    scenario = Scenario("two books, shared", 2, (1, 2))
    (report,) = torture(server, [scenario], kills=3, seconds=60, seed=7)
    assert report.good, report
    assert report.kills == {"PostgreSQL": 1, "program": 1, "both": 1}
    assert report.in_flight >= 3
    assert "| hold |" in table([report])


@pytest.mark.long
def test_twenty_kills_under_load_lose_and_double_nothing(server: EmbeddedServer) -> None:
    reports = torture(server, SCENARIOS, kills=21, seconds=900, seed=11)
    assert all(report.good for report in reports), reports
    assert sum(report.counted for report in reports) == 21
