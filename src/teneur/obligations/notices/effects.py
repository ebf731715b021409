"""How notices, what holders chose and the proof of sending are stored, in the transaction that says so."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, cast

import msgspec
from psycopg import Connection

from teneur.kernel.canonical import canonical
from teneur.kernel.commands import AccountId, Effect, book_of, number_of
from teneur.kernel.notices import Notify
from teneur.ledger.cache import BatchFacts
from teneur.ledger.errors import BrokenDecision
from teneur.ledger.registry import EffectKind, Placed
from teneur.obligations.notices.facts import CHOICE, NOTICE, SQL, Choice

_COLUMNS = (
    "book", "account", "notice", "line", "template", "about", "content", "discharges", "made_at",
)  # fmt: skip


class ChoiceMade(Effect, frozen=True):
    """What the holders of an account want from now on, as a whole."""

    account: AccountId
    choice: Choice
    at: datetime


class Sent(Effect, frozen=True):
    """A notice has gone out. notice, line: its id within the account."""

    account: AccountId
    notice: int
    line: int
    medium: str
    reference: str
    at: datetime


class Acknowledged(Effect, frozen=True):
    """A registered letter was handed over on a day."""

    account: AccountId
    notice: int
    line: int
    received_on: date


def _write_notices(connection: Connection[Any], placed: Sequence[Placed]) -> None:
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


def _apply_choice(facts: BatchFacts, effect: ChoiceMade, _position: int) -> None:
    facts.table(CHOICE)[effect.account] = effect.choice


def _write_choices(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    for book, position, effect in placed:
        made = cast("ChoiceMade", effect)
        parameters = {
            "book": book,
            "account": number_of(made.account),
            "choice": position,
            "paperless": made.choice.paperless,
            "medium": "" if made.choice.medium is None else made.choice.medium.value,
            "recipient": made.choice.recipient,
            "at": made.at,
        }
        connection.execute(SQL["insert_choice"], parameters)


def _apply_sent(facts: BatchFacts, effect: Sent, _position: int) -> None:
    known, key = facts.table(NOTICE), (effect.account, effect.notice, effect.line)
    if known.get(key) is not None:
        known[key] = msgspec.structs.replace(
            known[key], sent_at=effect.at, medium=effect.medium, reference=effect.reference
        )


def _write_sent(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    columns = ("book", "account", "notice", "line", "position", "medium", "reference", "at")
    rows: dict[str, list[Any]] = {name: [] for name in columns}
    for book, position, effect in placed:
        sent = cast("Sent", effect)
        row = (
            book, number_of(sent.account), sent.notice, sent.line, position, sent.medium, sent.reference,
            sent.at,
        )  # fmt: skip
        for column, value in zip(rows.values(), row, strict=True):
            column.append(value)
    connection.execute(SQL["insert_sent"], rows)


def _apply_acknowledged(facts: BatchFacts, effect: Acknowledged, _position: int) -> None:
    known, key = facts.table(NOTICE), (effect.account, effect.notice, effect.line)
    if known.get(key) is not None:
        known[key] = msgspec.structs.replace(known[key], acknowledged=True)


def _write_acknowledged(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    for book, position, effect in placed:
        done = cast("Acknowledged", effect)
        parameters = {
            "book": book,
            "account": number_of(done.account),
            "notice": done.notice,
            "line": done.line,
            "position": position,
            "received_on": done.received_on,
        }
        connection.execute(SQL["acknowledge"], parameters)


EFFECTS = (
    EffectKind(Notify, _write_notices),
    EffectKind(ChoiceMade, _write_choices, _apply_choice),
    EffectKind(Sent, _write_sent, _apply_sent),
    EffectKind(Acknowledged, _write_acknowledged, _apply_acknowledged),
)
