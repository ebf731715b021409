"""How closings, reference rates and notices of them are stored."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, cast

import msgspec
from psycopg import Connection

from teneur.kernel.commands import AccountId, Effect, book_of, number_of
from teneur.ledger.cache import BatchFacts
from teneur.ledger.errors import BrokenDecision
from teneur.ledger.registry import EffectKind, Placed
from teneur.pricing.interest.closing import Closing, hash_of
from teneur.pricing.interest.facts import (
    ADJUSTED,
    INDEX,
    LATEST_CLOSING,
    RATE_NOTICES,
    SQL,
    IndexEvent,
    IndexHistory,
    NoticeStatus,
    RateNotice,
)


class QuarterClosed(Effect, frozen=True):
    """A closing, or the next revision of one."""

    account: AccountId
    closing: Closing
    json: bytes


class ReferenceRateLoaded(Effect, frozen=True):
    """Values of a reference rate."""

    name: str
    values: tuple[tuple[date, Decimal], ...]
    source: str
    synthetic: bool


class ReferenceRateChanged(Effect, frozen=True):
    """Something happened to a reference rate; the event's id is the position of the row."""

    name: str
    event: IndexEvent


class RateNoticeSent(Effect, frozen=True):
    """Holders were told; the notice's id is the position of the row."""

    account: AccountId
    notice: RateNotice


class RateNoticeAnswered(Effect, frozen=True):
    """By silence or in writing."""

    account: AccountId
    notice: int
    status: NoticeStatus
    answered_on: date
    ends_on: date | None = None


class ValueDateSet(Effect, frozen=True):
    """An operation of the book got its right value date."""

    book: int
    operation: int


# apply: shown to the decisions that follow in the batch


def _apply_closed(facts: BatchFacts, effect: QuarterClosed, _position: int) -> None:
    known = facts.table(LATEST_CLOSING)
    key = (effect.account, effect.closing.numbers.first_day)
    if key in known:
        known[key] = effect.closing


def _apply_loaded(facts: BatchFacts, effect: ReferenceRateLoaded, _position: int) -> None:
    known = facts.table(INDEX)
    if effect.name in known:
        before: IndexHistory = known[effect.name] or IndexHistory(effect.name, ())
        values = tuple(sorted((dict(before.values) | dict(effect.values)).items()))
        synthetic = before.synthetic or effect.synthetic
        known[effect.name] = msgspec.structs.replace(before, values=values, synthetic=synthetic)


def _apply_changed(facts: BatchFacts, effect: ReferenceRateChanged, position: int) -> None:
    known = facts.table(INDEX)
    before: IndexHistory | None = known.get(effect.name)
    if before is not None:
        event = msgspec.structs.replace(effect.event, id=position)
        known[effect.name] = msgspec.structs.replace(before, events=(*before.events, event))


def _apply_sent(facts: BatchFacts, effect: RateNoticeSent, position: int) -> None:
    known = facts.table(RATE_NOTICES)
    if effect.account in known:
        notice = msgspec.structs.replace(effect.notice, id=position)
        known[effect.account] = (*(known[effect.account] or ()), notice)


def _apply_answered(facts: BatchFacts, effect: RateNoticeAnswered, position: int) -> None:
    known = facts.table(RATE_NOTICES)
    if effect.account in known:
        known[effect.account] = tuple(
            msgspec.structs.replace(
                n,
                status=effect.status,
                answered_by=position,
                answered_on=effect.answered_on,
                ends_on=effect.ends_on,
            )
            if n.id == effect.notice
            else n
            for n in known[effect.account] or ()
        )


def _apply_value_date(facts: BatchFacts, effect: ValueDateSet, position: int) -> None:
    facts.table(ADJUSTED)[effect.book, effect.operation] = position


# write: each kind once a batch


def _write_closed(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    with connection.cursor() as cursor, cursor.copy(SQL["copy_closings"]) as copy:
        for book, position, effect in placed:
            closed = cast("QuarterClosed", effect)
            if book_of(closed.account) != book:
                raise BrokenDecision(f"book {book} closes a quarter of book {book_of(closed.account)}")
            copy.write(_line(book, position, closed))


def _line(book: int, position: int, closed: QuarterClosed) -> str:
    """The row as text: nothing in it needs escapes but the bytes, which are hexadecimal."""
    closing, numbers = closed.closing, closed.closing.numbers
    charge = closing.charge
    days = ",".join(day.isoformat() for day, _ in numbers.later)
    sums = ",".join(str(amount) for _, amount in numbers.later)
    return (
        f"{book}\t{number_of(closed.account)}\t{numbers.first_day}\t{closing.revision}\t{numbers.last_day}"
        f"\t{numbers.position}\t{position}\t{numbers.opening_minor}\t{numbers.closing_minor}"
        f"\t{numbers.run_off_minor}\t{{{days}}}\t{{{sums}}}\t{charge.debit_minor}\t{charge.credit_minor}"
        f"\t\\\\x{hash_of(closed.json).hex()}\t\\\\x{closed.json.hex()}\n"
    )


def _write_loaded(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    rows: dict[str, list[Any]] = {
        name: [] for name in ("name", "day", "loaded_by", "percent", "source", "synthetic")
    }
    for _, position, effect in placed:
        loaded = cast("ReferenceRateLoaded", effect)
        for day, percent in loaded.values:
            values = (loaded.name, day, position, percent, loaded.source, loaded.synthetic)
            for column, value in zip(rows.values(), values, strict=True):
                column.append(value)
    connection.execute(SQL["insert_values"], rows)


def _write_changed(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    names = (
        "name", "event", "kind", "day", "substitute", "designated_by", "points", "recommended_points",
        "reason", )  # fmt: skip
    rows: dict[str, list[Any]] = {name: [] for name in names}
    for _, position, effect in placed:
        changed = cast("ReferenceRateChanged", effect)
        event = changed.event
        values = (
            changed.name, position, int(event.kind), event.day, event.substitute,
            str(event.designated_by or ""), event.points, event.recommended_points, event.reason,
        )  # fmt: skip
        for column, value in zip(rows.values(), values, strict=True):
            column.append(value)
    connection.execute(SQL["insert_events"], rows)


def _write_sent(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    names = ("book", "account", "notice", "kind", "name", "event", "about", "gone_on", "sent_on", "last_day")
    rows: dict[str, list[Any]] = {name: [] for name in names}
    for book, position, effect in placed:
        sent = cast("RateNoticeSent", effect)
        if book_of(sent.account) != book:
            raise BrokenDecision(f"book {book} tells the holders of an account of {book_of(sent.account)}")
        n = sent.notice
        values = (
            book, number_of(sent.account), position, int(n.kind), n.name, n.event, n.about, n.gone_on,
            n.sent_on, n.last_day,
        )  # fmt: skip
        for column, value in zip(rows.values(), values, strict=True):
            column.append(value)
    connection.execute(SQL["insert_rate_notices"], rows)


def _write_answered(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    rows = [
        {
            "book": book, "account": number_of(a.account), "notice": a.notice, "status": int(a.status),
            "answered_by": position, "answered_on": a.answered_on, "ends_on": a.ends_on,
        }
        for book, position, effect in placed
        for a in (cast("RateNoticeAnswered", effect),)
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.executemany(SQL["answer_rate_notice"], rows)


def _write_value_dates(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    rows = [
        {"book": book, "operation": cast("ValueDateSet", effect).operation, "adjusted_by": position}
        for book, position, effect in placed
    ]
    with connection.cursor() as cursor:
        cursor.executemany(SQL["insert_value_adjustment"], rows)


EFFECTS = (
    EffectKind(QuarterClosed, _write_closed, _apply_closed),
    EffectKind(ReferenceRateLoaded, _write_loaded, _apply_loaded),
    EffectKind(ReferenceRateChanged, _write_changed, _apply_changed),
    EffectKind(RateNoticeSent, _write_sent, _apply_sent),
    EffectKind(RateNoticeAnswered, _write_answered, _apply_answered),
    EffectKind(ValueDateSet, _write_value_dates, _apply_value_date),
)
