"""How what must be told is stored, in the transaction of the decision that says so."""

from collections.abc import Sequence
from typing import Any, cast

from psycopg import Connection

from teneur.kernel.canonical import canonical
from teneur.kernel.commands import book_of, number_of
from teneur.kernel.notices import Notify
from teneur.ledger.errors import BrokenDecision
from teneur.ledger.registry import EffectKind, Placed
from teneur.storage.sql import load

SQL = load("teneur.obligations.notices")
_COLUMNS = (
    "book", "account", "notice", "line", "template", "about", "content", "discharges", "made_at",
)  # fmt: skip


def _write(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    lines: dict[tuple[int, int], int] = {}
    rows: dict[str, list[Any]] = {name: [] for name in _COLUMNS}
    for book, position, effect in placed:
        notify = cast("Notify", effect)
        if book_of(notify.account) != book:
            raise BrokenDecision(
                f"notice {notify.template} concerns book {book_of(notify.account)}, its row is in book {book}"
            )
        line = lines.get((book, position), 0)
        lines[book, position] = line + 1
        row = (
            book, number_of(notify.account), position, line, notify.template, notify.about or str(position),
            canonical(dict(notify.values)).decode(), notify.discharges, notify.at,
        )  # fmt: skip
        for column, value in zip(rows.values(), row, strict=True):
            column.append(value)
    connection.execute(SQL["insert_notices"], rows)


EFFECTS = (EffectKind(Notify, _write),)
