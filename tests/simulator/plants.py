"""Bugs planted in the bank on purpose: a simulator that does not find them is worth nothing."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from itertools import count
from types import MappingProxyType
from typing import Any

import msgspec
import pytest

from teneur.kernel.commands import Command
from teneur.ledger import effects
from teneur.ledger.cache import Cache
from teneur.ledger.effects import HOLD, Hold, HoldPlaced, HoldStatus
from teneur.ledger.engine import Engine, Result
from teneur.payments.transfers.rules import incoming, reception

Plant = Callable[[pytest.MonkeyPatch], None]


def lost_hold(patch: pytest.MonkeyPatch) -> None:
    """A hold is stored but does not count in what is available."""

    def apply(facts: Any, effect: HoldPlaced, position: int) -> None:
        amount, placed = effect.amount_minor, effect.placed_at
        facts.table(HOLD)[effect.account, position] = Hold(
            effect.account,
            position,
            amount,
            amount,
            HoldStatus.IN_FORCE,
            effect.purpose,
            placed,
            effect.expires_at,
            effect.owner,
        )

    kinds = tuple(
        msgspec.structs.replace(kind, apply=apply) if kind.effect is HoldPlaced else kind
        for kind in effects.EFFECTS
    )
    patch.setattr(effects, "EFFECTS", kinds)


def doubled_replay(patch: pytest.MonkeyPatch) -> None:
    """What is asked again is done again: a key that comes back is taken for a new one."""
    post, seen, numbers = Engine.post, set[bytes](), count()

    def forgetful(self: Engine, commands: Sequence[Command]) -> list[Result]:
        def renamed(command: Command) -> Command:
            if command.key not in seen:
                seen.add(command.key)
                return command
            return msgspec.structs.replace(command, key=next(numbers).to_bytes(16, "big"))

        return post(self, [renamed(command) for command in commands])

    patch.setattr(Engine, "post", forgetful)


def wrong_value_date(patch: pytest.MonkeyPatch) -> None:
    """Transfers count one day late."""
    right = incoming.value_date
    patch.setattr(incoming, "value_date", lambda *given: right(*given) + timedelta(days=1))


def exclusive_cut_off(patch: pytest.MonkeyPatch) -> None:
    """An order of the very instant of the cut-off is taken for late."""
    right = reception.last_instant

    def early(day: date, *rest: Any) -> datetime:
        return right(day, *rest) - timedelta(microseconds=1)

    patch.setattr(reception, "last_instant", early)


def stale_memory(patch: pytest.MonkeyPatch) -> None:
    """A writer does not notice that another one has kept money aside, or changed a limit."""
    patch.setattr(Cache, "forget_accounts", lambda *_: None)


def forgotten_duty(patch: pytest.MonkeyPatch) -> None:
    """Nobody is told of a refusal."""
    from teneur.payments.transfers.decisions import parts

    patch.setattr(parts, "inform_of_refusal", lambda *_, **__: ())


PLANTS: Mapping[str, Plant] = MappingProxyType(
    {
        "a lost hold": lost_hold,
        "a doubled replay": doubled_replay,
        "a wrong value date": wrong_value_date,
        "a cut-off that excludes its own instant": exclusive_cut_off,
        "a memory that does not notice other writers": stale_memory,
        "a forgotten duty": forgotten_duty,
    }
)


@contextmanager
def planted(name: str) -> Iterator[None]:
    """The bug is there as long as this lasts."""
    with pytest.MonkeyPatch.context() as patch:
        PLANTS[name](patch)
        yield
