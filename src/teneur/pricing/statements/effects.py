"""How statements, choices and deliveries are stored, in the transaction that decides them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from psycopg import Connection

from teneur.kernel.commands import AccountId, Effect, book_of, number_of
from teneur.ledger.cache import BatchFacts
from teneur.ledger.errors import BrokenDecision
from teneur.ledger.registry import EffectKind, Placed
from teneur.pricing.statements.commands import IssueStatement
from teneur.pricing.statements.facts import DELIVERED, LAST, SQL, STATEMENT_CHOICE, Last, StatementChoice
from teneur.pricing.statements.statement import Medium

_COLUMNS = (
    "book", "account", "number", "medium", "person", "delivered_by", "delivered_at", "reference",
)  # fmt: skip


class StatementIssued(Effect, frozen=True):
    """A statement is kept as issued."""

    account: AccountId
    statement: IssueStatement
    at: datetime


class StatementDelivered(Effect, frozen=True):
    """A statement reached a person's remote space, or the post."""

    account: AccountId
    number: int
    medium: Medium
    person: int
    at: datetime
    reference: str = ""


class FrequencyChosen(Effect, frozen=True):
    """What the holders want from now on, as a whole."""

    account: AccountId
    choice: StatementChoice
    at: datetime


def _apply_issued(facts: BatchFacts, effect: StatementIssued, _position: int) -> None:
    made = effect.statement
    facts.table(LAST)[effect.account] = Last(
        made.number, made.last_day, made.last_sequence, made.closing_minor, made.document.sha256
    )


def _apply_delivered(facts: BatchFacts, effect: StatementDelivered, _position: int) -> None:
    known, key = facts.table(DELIVERED), (effect.account, effect.number)
    if known.get(key) is not None:
        media = tuple(sorted({*known[key].media, effect.medium}))
        known[key] = type(known[key])(known[key].sha256, media)


def _apply_chosen(facts: BatchFacts, effect: FrequencyChosen, _position: int) -> None:
    facts.table(STATEMENT_CHOICE)[effect.account] = effect.choice


def _write_issued(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    with connection.cursor() as cursor, cursor.copy(SQL["copy_statements"]) as copy:
        for book, position, effect in placed:
            issued = cast("StatementIssued", effect)
            made = issued.statement
            if book_of(issued.account) != book or made.document.data is None:
                raise BrokenDecision(f"statement {made.number} of account {issued.account}: not this book's")
            copy.write_row(
                (
                    book, number_of(issued.account), made.number, made.first_day, made.last_day,
                    made.position, issued.at, made.opening_minor, made.closing_minor,
                    bytes.fromhex(made.document.sha256), made.document.data, made.first_sequence,
                    made.last_sequence, made.frequency.value, made.guarantee, position,
                )
            )  # fmt: skip


def _write_delivered(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    rows: dict[str, list[Any]] = {name: [] for name in _COLUMNS}
    for book, position, effect in placed:
        done = cast("StatementDelivered", effect)
        values = (
            book, number_of(done.account), done.number, done.medium.value, done.person, position, done.at,
            done.reference,
        )  # fmt: skip
        for column, value in zip(rows.values(), values, strict=True):
            column.append(value)
    connection.execute(SQL["insert_deliveries"], rows)


def _write_chosen(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    for book, position, effect in placed:
        chosen = cast("FrequencyChosen", effect)
        frequency, extra = chosen.choice.frequency, chosen.choice.extra_medium
        parameters = {
            "book": book,
            "account": number_of(chosen.account),
            "choice": position,
            "frequency": "" if frequency is None else frequency.value,
            "extra_medium": "" if extra is None else extra.value,
            "at": chosen.at,
        }
        connection.execute(SQL["insert_choice"], parameters)


EFFECTS = (
    EffectKind(StatementIssued, _write_issued, _apply_issued),
    EffectKind(StatementDelivered, _write_delivered, _apply_delivered),
    EffectKind(FrequencyChosen, _write_chosen, _apply_chosen),
)
