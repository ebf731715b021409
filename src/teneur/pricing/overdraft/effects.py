"""What decisions do to authorisations: a limit over a span of days begins, or ends earlier."""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

import msgspec
from psycopg import Connection

from teneur.kernel.commands import AccountId, Effect, number_of
from teneur.ledger.cache import BatchFacts
from teneur.ledger.registry import EffectKind, Placed
from teneur.pricing.overdraft.facts import (
    AUTHORISATIONS,
    SQL,
    Authorisation,
    AuthorisationKind,
    IndexedRate,
    Rate,
)


class AuthorisationBegins(Effect, frozen=True, kw_only=True):
    """A limit from a day on; its id is the position of the row. See `facts.Authorisation`."""

    account: AccountId
    kind: AuthorisationKind
    limit_minor: int
    starts_on: date
    ends_on: date | None
    rate: Rate
    document: str
    line: int = 0


class AuthorisationEnds(Effect, frozen=True, kw_only=True):
    """An authorisation known before has another last day."""

    account: AccountId
    authorisation: int
    line: int
    ends_on: date
    ended_by: str


def _apply_begins(facts: BatchFacts, effect: AuthorisationBegins, position: int) -> None:
    known = facts.table(AUTHORISATIONS)
    new = Authorisation(
        account=effect.account,
        id=position,
        line=effect.line,
        kind=effect.kind,
        limit_minor=effect.limit_minor,
        starts_on=effect.starts_on,
        ends_on=effect.ends_on,
        rate=effect.rate,
        document=effect.document,
    )
    known[effect.account] = (*(known.get(effect.account) or ()), new)


def _apply_ends(facts: BatchFacts, effect: AuthorisationEnds, _position: int) -> None:
    known = facts.table(AUTHORISATIONS)
    known[effect.account] = tuple(
        msgspec.structs.replace(a, ends_on=effect.ends_on, ended_by=effect.ended_by)
        if (a.id, a.line) == (effect.authorisation, effect.line)
        else a
        for a in known.get(effect.account) or ()
    )


def _write_begins(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    rows: dict[str, list[Any]] = {
        name: []
        for name in (
            "book", "account", "authorisation", "line", "kind", "limit_minor", "starts_on", "ends_on",
            "rate_percent", "rate_index", "document",
        )
    }  # fmt: skip
    for book, position, effect in placed:
        new = cast("AuthorisationBegins", effect)
        indexed = new.rate if isinstance(new.rate, IndexedRate) else None
        percent = indexed.margin_percent if indexed else new.rate
        index = indexed.index if indexed else ""
        values = (
            book, number_of(new.account), position, new.line, new.kind, new.limit_minor, new.starts_on,
            new.ends_on, percent, index, new.document,
        )  # fmt: skip
        for column, value in zip(rows.values(), values, strict=True):
            column.append(value)
    connection.execute(SQL["insert_authorisations"], rows)


def _write_ends(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    rows = []
    for book, _, effect in placed:
        ending = cast("AuthorisationEnds", effect)
        rows.append(
            {
                "book": book,
                "account": number_of(ending.account),
                "authorisation": ending.authorisation,
                "line": ending.line,
                "ends_on": ending.ends_on,
                "ended_by": ending.ended_by,
            }
        )
    with connection.cursor() as cursor:
        cursor.executemany(SQL["end_authorisation"], rows)


EFFECTS = (
    EffectKind(AuthorisationBegins, _write_begins, _apply_begins),
    EffectKind(AuthorisationEnds, _write_ends, _apply_ends),
)
