"""The bank against the model: seeds, the same run twice, planted bugs, and a model that stands alone."""

import ast
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from teneur.storage.database import Dsn
from tests.simulator.checker import Divergence
from tests.simulator.plants import PLANTS, planted
from tests.simulator.simulation import Simulation

HERE = Path(__file__).parent
PURE = ("model", "orders", "taking", "receiving", "counter", "terms", "days")
SECONDS = 4.0  # of each seed; more operations on a faster machine
FEWEST, MOST = 1_500, 20_000
WITHIN = 6_000  # operations, in which a planted bug must be found


@pytest.fixture
def simulate(database: Dsn) -> Iterator[Callable[[int], Simulation]]:
    """Call it with a seed, once."""
    opened: list[Simulation] = []

    def start(seed: int) -> Simulation:
        opened.append(Simulation(database, seed))
        return opened[-1]

    yield start
    for simulation in opened:
        simulation.close()


@pytest.mark.parametrize("seed", range(1, 6))
def test_the_bank_does_what_the_model_says(simulate: Callable[[int], Simulation], seed: int) -> None:
    simulation = simulate(seed)
    end = time.perf_counter() + SECONDS
    while simulation.asked < FEWEST or (time.perf_counter() < end and simulation.asked < MOST):
        simulation.step()
    simulation.checker.everything()
    assert simulation.model.customers
    assert simulation.counts["transfer", "accepted"] > 100
    assert simulation.counts["transfer", "refused"] > 100
    assert simulation.reasons["hold-of-an-order"]  # tried, and not let
    assert simulation.reasons["interbank-only"]


def test_the_same_seed_is_the_same_run(new_database: Callable[[], Dsn]) -> None:
    hashes = []
    for seed in (8, 8, 9):
        simulation = Simulation(new_database(), seed)
        hashes.append(simulation.run(2_000))
        simulation.close()
    assert hashes[0] == hashes[1] != hashes[2]


@pytest.mark.parametrize("bug", PLANTS)
def test_a_planted_bug_is_found(simulate: Callable[[int], Simulation], bug: str) -> None:
    with planted(bug):
        simulation = simulate(1)
        with pytest.raises(Divergence):
            simulation.run(WITHIN)
    assert simulation.asked < WITHIN


@pytest.mark.parametrize("name", PURE)
def test_the_model_knows_nothing_of_the_bank(name: str) -> None:
    tree = ast.parse((HERE / f"{name}.py").read_text("utf-8"))
    imported = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0
            imported |= {node.module or ""} if node.module != "tests.simulator" else set()
            if node.module == "tests.simulator":
                imported |= {f"tests.simulator.{alias.name}" for alias in node.names}
    own = {f"tests.simulator.{pure}" for pure in PURE}
    foreign = {m for m in imported if m.split(".")[0] in ("teneur", "tests", "psycopg", "msgspec")} - own
    assert not foreign
