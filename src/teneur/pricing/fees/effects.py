"""How fees are stored: what happened, and what becomes of it."""

from collections.abc import Sequence
from typing import Any, cast

from psycopg import Connection

from teneur.kernel.commands import book_of, number_of
from teneur.kernel.fees import FeeDue
from teneur.ledger.errors import BrokenDecision
from teneur.ledger.registry import EffectKind, Placed
from teneur.storage.sql import load

SQL = load("teneur.pricing.fees")
_COLUMNS = (
    "book", "account", "fee", "line", "event", "about", "occurred_on", "base_minor", "quantity",
)  # fmt: skip


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


EFFECTS = (EffectKind(FeeDue, _write_due),)
