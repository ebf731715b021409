"""Which kinds of command and of effect the engine runs. Domains register; the engine never learns what a
cheque is."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec
from psycopg import Connection

from teneur.kernel.commands import Ask, Effect, Handler

Placed = tuple[int, int, Effect]  # book, position of the row that did it, what it did


class Kind(msgspec.Struct, frozen=True):
    """One kind of command. number: stored in the journal, never reused.

    plain: it changes nothing that decisions cache of an account but balances, unless its outcome is pending
    (money kept aside). After any other kind, other writers forget the accounts that its rows name.
    """

    number: int
    name: str
    ask: type[Ask]
    handler: Handler
    plain: bool = False


class EffectKind(msgspec.Struct, frozen=True):
    """One kind of effect: `apply` shows it to the decisions that follow in the batch, `write` stores all of a
    batch.

    apply(facts, effect, position) may be None where no decision of the same batch can depend on it.
    changes_account: it changes what other writers may have cached of `effect.account`. A journal row of the
    operation must then name that account, and the kind of command may not be plain unless the outcome is
    pending.
    """

    effect: type[Effect]
    write: Callable[[Connection[Any], Sequence[Placed]], None]
    apply: Callable[[Any, Any, int], None] | None = None
    changes_account: bool = False


class Registry:
    """All kinds, by what is asked, by number and by effect."""

    def __init__(self, kinds: Iterable[Kind], effects: Iterable[EffectKind]) -> None:
        self.by_ask: dict[type[Ask], Kind] = {}
        self.by_number: dict[int, Kind] = {}
        self.effects: dict[type[Effect], EffectKind] = {}
        for kind in kinds:
            if kind.ask in self.by_ask or kind.number in self.by_number:
                raise ValueError(f"kind {kind.number} ({kind.name}) is registered twice")
            self.by_ask[kind.ask] = self.by_number[kind.number] = kind
        for effect in effects:
            if effect.effect in self.effects:
                raise ValueError(f"effect {effect.effect.__name__} is registered twice")
            self.effects[effect.effect] = effect
        self.plain_numbers = frozenset(k.number for k in self.by_number.values() if k.plain)

    def name_of(self, number: int) -> str:
        """The name of a kind by its number in the journal."""
        kind = self.by_number.get(number)
        return kind.name if kind else f"kind {number}"
