"""How fees are stored: what happened, and what becomes of it."""

from collections.abc import Sequence
from typing import Any, cast

import msgspec
from psycopg import Connection

from teneur.kernel.commands import AccountId, Effect, book_of, number_of
from teneur.kernel.fees import FeeDue
from teneur.ledger.cache import BatchFacts
from teneur.ledger.errors import BrokenDecision
from teneur.ledger.registry import EffectKind, Placed
from teneur.pricing.fees.facts import COUNTING, FEE, OF_EVENT, OPEN, SQL, Fee, FeeStatus

_COLUMNS = (
    "book", "account", "fee", "line", "event", "about", "occurred_on", "base_minor", "quantity",
)  # fmt: skip
_SETTLED = frozenset({FeeStatus.COLLECTED, FeeStatus.WAIVED, FeeStatus.FREE})


class FeeChanged(Effect, frozen=True):
    """A fee as it stands from now on. The row that settles it, or gives it back, is that of this effect."""

    account: AccountId
    fee: Fee


def _apply_due(facts: BatchFacts, effect: FeeDue, position: int) -> None:
    """Only where a command of the batch asks about the account's fees; the line is the writer's to give."""
    new = Fee(
        account=effect.account,
        id=position,
        line=0,
        event=effect.event,
        about=effect.about or str(position),
        occurred_on=effect.occurred_on,
        base_minor=effect.base_minor,
        quantity=effect.quantity,
    )
    counting = facts.table(COUNTING)
    if effect.account in counting:
        counting[effect.account] = tuple(
            sorted((*(counting[effect.account] or ()), new), key=lambda fee: fee.order)
        )
    of_event = facts.table(OF_EVENT)
    if (effect.account, effect.event) in of_event:
        key = (effect.account, effect.event)
        of_event[key] = (*(of_event[key] or ()), new)


def _apply_changed(facts: BatchFacts, effect: FeeChanged, position: int) -> None:
    fee = effect.fee
    if fee.status in _SETTLED and fee.settled_by is None:
        fee = msgspec.structs.replace(fee, settled_by=position)
    by_key = facts.table(FEE)
    if fee.key in by_key:
        by_key[fee.key] = fee
    for table, key in (
        (facts.table(COUNTING), effect.account),
        (facts.table(OF_EVENT), (effect.account, fee.event)),
    ):
        if table.get(key):
            table[key] = tuple(fee if known.key == fee.key else known for known in table[key])


def _write_due(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    lines: dict[tuple[int, int], int] = {}
    rows: dict[str, list[Any]] = {name: [] for name in _COLUMNS}
    for book, position, effect in placed:
        due = cast("FeeDue", effect)
        if book_of(due.account) != book:
            raise BrokenDecision(
                f"a fee ({due.event}) of book {book_of(due.account)} by a row of book {book}"
            )
        line = lines.get((book, position), 0)
        lines[book, position] = line + 1
        values = (
            book, number_of(due.account), position, line, due.event, due.about or str(position),
            due.occurred_on, due.base_minor, due.quantity,
        )  # fmt: skip
        for column, value in zip(rows.values(), values, strict=True):
            column.append(value)
    connection.execute(SQL["insert_fees"], rows)


def _write_changed(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    rows = []
    for book, position, effect in placed:
        fee = cast("FeeChanged", effect).fee
        if book_of(fee.account) != book:
            raise BrokenDecision(f"a fee of book {book_of(fee.account)} is changed by a row of book {book}")
        settles = fee.status not in OPEN and fee.settled_by is None
        rows.append(
            {
                "book": book, "account": number_of(fee.account), "fee": fee.id, "line": fee.line,
                "status": fee.status, "price_minor": fee.price_minor, "amount_minor": fee.amount_minor,
                "limits": " ".join(fee.limits), "announced_on": fee.announced_on,
                "collectable_on": fee.collectable_on, "settled_on": fee.settled_on,
                "settled_by": position if settles else None, "refunded_minor": fee.refunded_minor,
                "refunded_by": position if fee.refunded_minor and not settles else None,
            }
        )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.executemany(SQL["change_fee"], rows)


EFFECTS = (
    EffectKind(FeeDue, _write_due, _apply_due),
    EffectKind(FeeChanged, _write_changed, _apply_changed),
)
