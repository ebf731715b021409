"""What decisions about transfers do beside entries, holds and duties: orders, ceilings, messages to send."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import IntEnum
from typing import Any, cast

import msgspec
from psycopg import Connection

from teneur.kernel.canonical import canonical
from teneur.kernel.commands import AccountId, Channel, Effect, book_of, number_of
from teneur.ledger.cache import BatchFacts
from teneur.ledger.registry import EffectKind, Placed
from teneur.payments.transfers.commands import PlaceTransfer
from teneur.payments.transfers.facts import (
    CEILING,
    SPENT,
    SQL,
    TRANSFER,
    CeilingRequest,
    OrderStatus,
    TransferOrder,
)
from teneur.payments.transfers.identity_objections import OBJECTION_EFFECTS
from teneur.payments.transfers.message_files import FILE_EFFECTS


class CeilingStatus(IntEnum):
    """Life of a request for other ceilings. Stored: never renumber."""

    PENDING = 1
    IN_FORCE = 2
    REFUSED = 3
    REPLACED = 4


class OrderTaken(Effect, frozen=True):
    """An order that is not done at once; its id is the position of the row."""

    account: AccountId
    status: OrderStatus
    channel: Channel
    ask: PlaceTransfer
    debit_minor: int
    ordered_at: datetime
    received_at: datetime | None
    due_on: date | None
    execute_by: datetime | None
    stamped_at: datetime | None = None
    holds_here: bool = False  # the hold was placed by the same row


class OrderChanged(Effect, frozen=True):
    """How an order stands from now on."""

    account: AccountId
    order: TransferOrder
    executed_here: bool = False  # by the operation of this row
    holds_here: bool = False  # the hold was placed by the same row


class CeilingAsked(Effect, frozen=True):
    """Other ceilings were asked for; a lowering is in force at once."""

    account: AccountId
    status: CeilingStatus
    per_operation_minor: int | None
    weekly_minor: int | None
    until_on: date | None


class CeilingDecided(Effect, frozen=True):
    """A request is granted, refused or replaced."""

    account: AccountId
    request: int
    status: CeilingStatus
    until_on: date | None


class CeilingUsed(Effect, frozen=True):
    """Part of the weekly ceiling is used; the journal row itself is what later batches count."""

    account: AccountId
    amount_minor: int


class MessageQueued(Effect, frozen=True):
    """A message that the next file of its kind takes along. body: a struct with a canonical form."""

    account: AccountId
    message: str
    body: Any


class MessagesExported(Effect, frozen=True):
    """Messages that a file has taken along."""

    book: int
    file_id: str
    items: tuple[tuple[AccountId, int, int], ...]


def _apply_taken(facts: BatchFacts, effect: OrderTaken, position: int) -> None:
    order = TransferOrder(
        account=effect.account,
        id=position,
        status=effect.status,
        channel=effect.channel,
        ask=effect.ask,
        debit_minor=effect.debit_minor,
        ordered_at=effect.ordered_at,
        received_at=effect.received_at,
        due_on=effect.due_on,
        execute_by=effect.execute_by,
        stamped_at=effect.stamped_at,
        hold=position if effect.holds_here else None,
    )
    facts.table(TRANSFER)[effect.account, position] = order


def _apply_changed(facts: BatchFacts, effect: OrderChanged, position: int) -> None:
    order = effect.order
    if effect.executed_here:
        order = msgspec.structs.replace(order, executed=position)
    if effect.holds_here:
        order = msgspec.structs.replace(order, hold=position)
    facts.table(TRANSFER)[effect.account, order.id] = order
    if order.status in (OrderStatus.REFUSED, OrderStatus.REVOKED, OrderStatus.FAILED):
        spent = facts.table(SPENT)  # what no longer counts is found out by reading again
        for key in [k for k in spent if k[0] == effect.account]:
            del spent[key]


def _apply_used(facts: BatchFacts, effect: CeilingUsed, _position: int) -> None:
    spent = facts.table(SPENT)
    for key in [k for k in spent if k[0] == effect.account]:
        spent[key] = (spent[key] or 0) + effect.amount_minor


def _write_nothing(_connection: Connection[Any], _placed: Sequence[Placed]) -> None:
    """The journal row says it already."""


def _apply_ceiling(facts: BatchFacts, effect: CeilingAsked | CeilingDecided, position: int) -> None:
    """Ceilings are read anew in the next batch; within this one the requests of the account change."""
    requests = facts.table(CEILING)
    known: tuple[CeilingRequest, ...] = requests.get(effect.account) or ()
    if isinstance(effect, CeilingAsked):
        new = CeilingRequest(
            position, effect.status, effect.per_operation_minor, effect.weekly_minor, effect.until_on
        )
        requests[effect.account] = (*known, new)
        return
    requests[effect.account] = tuple(
        msgspec.structs.replace(r, status=effect.status, until_on=effect.until_on or r.until_on)
        if r.request == effect.request
        else r
        for r in known
    )


def _write_taken(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    rows = []
    for book, position, effect in placed:
        taken = cast("OrderTaken", effect)
        rows.append(
            {
                "book": book,
                "account": number_of(taken.account),
                "transfer": position,
                "status": taken.status,
                "channel": taken.channel,
                "amount_minor": taken.ask.amount_minor,
                "currency": taken.ask.currency,
                "debit_minor": taken.debit_minor,
                "received_at": taken.received_at,
                "due_on": taken.due_on,
                "execute_by": taken.execute_by,
                "stamped_at": taken.stamped_at,
                "hold": position if taken.holds_here else None,
                "payee_iban": taken.ask.payee.iban,
                "end_to_end_id": taken.ask.end_to_end_id,
                "asked": canonical(taken.ask).decode(),
            }
        )
    with connection.cursor() as cursor:
        cursor.executemany(SQL["insert_order"], rows)


def _write_changed(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    rows = []
    for book, position, effect in placed:
        changed = cast("OrderChanged", effect)
        order = changed.order
        rows.append(
            {
                "book": book,
                "account": number_of(order.account),
                "transfer": order.id,
                "status": order.status,
                "debit_minor": order.debit_minor,
                "received_at": order.received_at,
                "due_on": order.due_on,
                "ends_on": order.ends_on,
                "execute_by": order.execute_by,
                "stamped_at": order.stamped_at,
                "hold": position if changed.holds_here else order.hold,
                "done_occurrences": order.done_occurrences,
                "revoked_days": list(order.revoked_days),
                "executed": position if changed.executed_here else order.executed,
                "reason": order.reason,
            }
        )
    with connection.cursor() as cursor:
        cursor.executemany(SQL["update_order"], rows)


def _write_ceilings_asked(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    rows = []
    for book, position, effect in placed:
        asked = cast("CeilingAsked", effect)
        rows.append(
            {
                "book": book,
                "account": number_of(asked.account),
                "request": position,
                "status": asked.status,
                "per_operation_minor": asked.per_operation_minor,
                "weekly_minor": asked.weekly_minor,
                "until_on": asked.until_on,
            }
        )
    with connection.cursor() as cursor:
        cursor.executemany(SQL["insert_ceiling"], rows)


def _write_ceilings_decided(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    rows = []
    for book, _, effect in placed:
        decided = cast("CeilingDecided", effect)
        rows.append(
            {
                "book": book,
                "account": number_of(decided.account),
                "request": decided.request,
                "status": decided.status,
                "until_on": decided.until_on,
            }
        )
    with connection.cursor() as cursor:
        cursor.executemany(SQL["update_ceiling"], rows)


def _write_messages(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    lines: dict[tuple[int, int], int] = {}
    rows = []
    for book, position, effect in placed:
        queued = cast("MessageQueued", effect)
        line = lines.get((book, position), 0)
        lines[book, position] = line + 1
        rows.append(
            {
                "book": book,
                "account": number_of(queued.account),
                "position": position,
                "line": line,
                "message": queued.message,
                "body": canonical(queued.body).decode(),
            }
        )
    with connection.cursor() as cursor:
        cursor.executemany(SQL["insert_message"], rows)


def _write_exported(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    for _, _, effect in placed:
        exported = cast("MessagesExported", effect)
        parameters = {
            "file_id": exported.file_id,
            "book": exported.book,
            "accounts": [number_of(a) for a, _, _ in exported.items if book_of(a) == exported.book],
            "positions": [p for a, p, _ in exported.items if book_of(a) == exported.book],
            "lines": [line for a, _, line in exported.items if book_of(a) == exported.book],
        }
        connection.execute(SQL["mark_exported"], parameters)


EFFECTS = (
    EffectKind(OrderTaken, _write_taken, _apply_taken),
    EffectKind(OrderChanged, _write_changed, _apply_changed),
    EffectKind(CeilingAsked, _write_ceilings_asked, _apply_ceiling),
    EffectKind(CeilingDecided, _write_ceilings_decided, _apply_ceiling),
    EffectKind(CeilingUsed, _write_nothing, _apply_used),
    EffectKind(MessageQueued, _write_messages),
    EffectKind(MessagesExported, _write_exported),
    *FILE_EFFECTS,
    *OBJECTION_EFFECTS,
)
