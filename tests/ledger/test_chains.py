"""Long batches in which each command waits for the one before: answers as if they came one by one."""

import sys
from collections.abc import Iterable, Sequence
from contextlib import closing
from typing import Any

import pytest
from tests.support.ledger import KINDS, Bank, command

from teneur.kernel.commands import Ask, Command, Decision, FactKind, Facts, Need, Outcome
from teneur.ledger.effects import EFFECTS
from teneur.ledger.engine import Engine, Result
from teneur.ledger.errors import CommandFailed
from teneur.ledger.registry import Kind, Registry

ALONE = 1_000_000_000  # a number that waits for nobody


class Follow(Ask, frozen=True, kw_only=True):
    """Number `number` of a chain: what it wants can be named once the number before it is decided."""

    number: int
    fails: bool = False


class Chain:
    """The handler, with what it saw: frames below each decision, and how often its needs were asked."""

    def __init__(self) -> None:
        self.decided = 0
        self.depths: set[int] = set()
        self.asked = 0

    def needs(self, command: Command, _facts: Facts) -> Iterable[Need]:
        self.asked += 1
        ask: Follow = command.ask  # type: ignore[assignment]
        return [(TURN, ask.number)] if ask.number <= self.decided + 1 or ask.number == ALONE else []

    def decide(self, command: Command, facts: Facts) -> Decision:
        ask: Follow = command.ask  # type: ignore[assignment]
        facts.get(TURN, ask.number)
        if ask.fails:
            raise RuntimeError("planted")
        self.depths.add(_depth())
        self.decided = max(self.decided, ask.number) if ask.number != ALONE else self.decided
        return Decision(Outcome.ACCEPTED, ())


def _load(_connection: Any, keys: Sequence[int]) -> dict[int, bool]:
    return dict.fromkeys(keys, True)


TURN = FactKind("test-turn", _load)


def _depth() -> int:
    frame, depth = sys._getframe(), 0
    while frame.f_back is not None:
        frame, depth = frame.f_back, depth + 1
    return depth


def _post(bank: Bank, numbers: Sequence[int], fails: Sequence[int] = ()) -> tuple[Chain, list[Result]]:
    (account,) = bank.open_accounts(1)
    chain = Chain()
    registry = Registry((*KINDS, Kind(30_100, "test-follow", Follow, chain, plain=True)), EFFECTS)
    commands = [command(account, Follow(number=n, fails=n in fails)) for n in numbers]
    with closing(Engine(bank.connect, registry)) as engine:
        return chain, engine.post(commands)


def _positions(results: Sequence[Result]) -> list[int]:
    return [-1 if isinstance(r, CommandFailed) else r.position for r in results]


def test_each_command_of_a_chain_is_decided_after_the_one_before_at_the_same_depth(bank: Bank) -> None:
    chain, results = _post(bank, range(1, 301))
    positions = _positions(results)
    assert positions == list(range(positions[0], positions[0] + 300))
    assert len(chain.depths) == 1
    (transactions,) = bank.row("select count(distinct xmin::text) from journal where kind = 30100")
    assert transactions == 300


def test_a_chain_is_not_looked_at_as_a_whole_for_each_of_its_commands(bank: Bank) -> None:
    chain, _ = _post(bank, range(1, 257))
    assert chain.asked < 256 * 2 * 10


@pytest.mark.long
def test_a_chain_of_5000_commands_is_answered(bank: Bank) -> None:
    chain, results = _post(bank, range(1, 5_001))
    positions = _positions(results)
    assert positions == list(range(positions[0], positions[0] + 5_000))
    assert len(chain.depths) == 1


def test_what_waits_for_nobody_after_a_chain_is_stored_in_few_transactions(bank: Bank) -> None:
    _, results = _post(bank, [1, 2, *[ALONE] * 200])
    positions = _positions(results)
    assert positions == list(range(positions[0], positions[0] + 202))
    (transactions,) = bank.row("select count(distinct xmin::text) from journal where kind = 30100")
    assert transactions < 12


def test_commands_that_fail_in_a_chain_fail_alone_with_those_that_wait_for_them(bank: Bank) -> None:
    _, results = _post(bank, [1, 2, 3, 4, ALONE, ALONE], fails=[3])
    positions = _positions(results)
    first = positions[0]
    assert positions == [first, first + 1, -1, -1, first + 2, first + 3]
