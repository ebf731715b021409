"""How duties are opened and discharged, to be stored in this order: a batch may do what it opened."""

from collections.abc import Sequence
from typing import Any, cast

import msgspec
from psycopg import Connection

from teneur.kernel.commands import book_of, number_of
from teneur.kernel.obligations import Discharge, Owe
from teneur.ledger.cache import BatchFacts
from teneur.ledger.errors import BrokenDecision
from teneur.ledger.registry import EffectKind, Placed
from teneur.obligations.facts import OBLIGATION, OPEN_ABOUT, SQL, Obligation

_COLUMNS = (
    "book", "account", "obligation", "line", "kind", "about", "clause", "debtor", "starts_at", "due_at",
)  # fmt: skip


def _apply_owe(facts: BatchFacts, effect: Owe, position: int) -> None:
    """Only where a command of the batch asks about these duties; the line is the writer's to give."""
    known = facts.table(OPEN_ABOUT)
    about = effect.about or str(position)
    key = (effect.account, effect.kind, about)
    if key in known:
        new = Obligation(
            account=effect.account,
            id=position,
            line=0,
            kind=effect.kind,
            about=about,
            clause=effect.clause,
            debtor=effect.debtor,
            starts_at=effect.starts_at,
            due_at=effect.due_at,
        )
        known[key] = (*(known[key] or ()), new)


def _apply_discharge(facts: BatchFacts, effect: Discharge, _position: int) -> None:
    about = (effect.account, effect.kind, effect.about)
    known = facts.table(OPEN_ABOUT)
    if about in known:
        known[about] = None
    by_id = facts.table(OBLIGATION)
    for key, found in by_id.items():
        if (
            found is not None
            and (found.account, found.kind, found.about) == about
            and not found.discharged_at
        ):
            by_id[key] = msgspec.structs.replace(found, discharged_at=effect.at, discharged_by=effect.how)


def _write_owed(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    lines: dict[tuple[int, int], int] = {}
    rows: dict[str, list[Any]] = {name: [] for name in _COLUMNS}
    for book, position, effect in placed:
        owe = cast("Owe", effect)
        if book_of(owe.account) != book:
            raise BrokenDecision(f"{owe.kind} is owed in book {book_of(owe.account)} by a row of book {book}")
        line = lines.get((book, position), 0)
        lines[book, position] = line + 1
        values = (
            book, number_of(owe.account), position, line, owe.kind, owe.about or str(position),
            owe.clause, owe.debtor, owe.starts_at, owe.due_at,
        )  # fmt: skip
        for column, value in zip(rows.values(), values, strict=True):
            column.append(value)
    connection.execute(SQL["insert_obligations"], rows)


def _write_discharged(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    """The first discharge of a duty counts; a row discharges only what was open before it."""
    rows: dict[str, list[Any]] = {
        name: [] for name in ("book", "account", "position", "kind", "about", "how", "at")
    }
    latest: set[tuple[int, str, str]] = set()
    again: list[Placed] = []
    for book, position, effect in placed:
        done = cast("Discharge", effect)
        if book_of(done.account) != book:
            raise BrokenDecision(f"{done.kind} is discharged in book {book_of(done.account)} by book {book}")
        about = (done.account, done.kind, done.about)
        if about in latest:
            again.append((book, position, effect))
            continue
        latest.add(about)
        values = (book, number_of(done.account), position, done.kind, done.about, done.how, done.at)
        for column, value in zip(rows.values(), values, strict=True):
            column.append(value)
    connection.execute(SQL["discharge"], rows)
    if again:  # the same thing owed and done more than once within the batch: one after the other
        _write_discharged(connection, again)


EFFECTS = (
    EffectKind(Owe, _write_owed, _apply_owe),
    EffectKind(Discharge, _write_discharged, _apply_discharge),
)
