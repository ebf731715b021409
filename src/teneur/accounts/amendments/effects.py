"""What decisions do to plans and to accounts in them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, cast

import msgspec
from psycopg import Connection

from teneur.accounts.amendments.facts import (
    AMENDMENT,
    OF_ACCOUNT,
    PLANNED,
    SQL,
    AccountAmendment,
    Amendment,
    AmendmentKind,
    AmendmentStatus,
    CustomerAnswer,
)
from teneur.kernel.commands import AccountId, Effect, book_of, number_of
from teneur.ledger.cache import BatchFacts
from teneur.ledger.errors import BrokenDecision
from teneur.ledger.registry import EffectKind, Placed


class AmendmentPlanned(Effect, frozen=True, kw_only=True):
    """A change is planned; its id is the position of the row."""

    series: str
    kind: AmendmentKind
    edition: str
    applies_on: date
    legal_reference: str
    medium: str
    summary: str
    planned_at: datetime


class AmendmentWithdrawn(Effect, frozen=True):
    """A planned change will not come."""

    amendment: Amendment


class CustomerTold(Effect, frozen=True, kw_only=True):
    """An account enters a campaign: its holders are told, or the law brings the change (settled_on)."""

    account: AccountId
    amendment: Amendment
    medium: str
    sent_on: date
    applies_on: date
    reference: str = ""
    status: AmendmentStatus = AmendmentStatus.TOLD
    settled_on: date | None = None


class CustomerAnswered(Effect, frozen=True, kw_only=True):
    """What a customer says to a change."""

    account: AccountId
    amendment: int
    answer: CustomerAnswer
    answered_on: date
    service: str = ""


class AmendmentSettled(Effect, frozen=True, kw_only=True):
    """A change has reached an account whose holders were told of it."""

    account: AccountId
    amendment: int
    status: AmendmentStatus
    applies_on: date
    settled_on: date


def _apply_planned(facts: BatchFacts, effect: AmendmentPlanned, position: int) -> None:
    fields = {name: getattr(effect, name) for name in effect.__struct_fields__}
    new = Amendment(id=position, **fields)
    facts.table(AMENDMENT)[position] = new
    planned = facts.table(PLANNED)
    planned[effect.series] = (*(planned.get(effect.series) or ()), new)


def _apply_withdrawn(facts: BatchFacts, effect: AmendmentWithdrawn, _position: int) -> None:
    gone = msgspec.structs.replace(effect.amendment, withdrawn=True)
    facts.table(AMENDMENT)[gone.id] = gone
    planned = facts.table(PLANNED)
    planned[gone.series] = tuple(gone if a.id == gone.id else a for a in planned.get(gone.series) or ())


def _apply_told(facts: BatchFacts, effect: CustomerTold, position: int) -> None:
    fields = {name: getattr(effect, name) for name in effect.__struct_fields__}
    known = facts.table(OF_ACCOUNT)
    known[effect.account] = (
        *(known.get(effect.account) or ()),
        AccountAmendment(notice=position, **fields),
    )


def _change(facts: BatchFacts, account: AccountId, amendment: int, **changes: Any) -> None:
    known = facts.table(OF_ACCOUNT)
    known[account] = tuple(
        msgspec.structs.replace(entry, **changes) if entry.amendment.id == amendment else entry
        for entry in known.get(account) or ()
    )


def _apply_answered(facts: BatchFacts, effect: CustomerAnswered, _position: int) -> None:
    _change(
        facts,
        effect.account,
        effect.amendment,
        answer=effect.answer,
        answered_on=effect.answered_on,
        service=effect.service,
    )


def _apply_settled(facts: BatchFacts, effect: AmendmentSettled, _position: int) -> None:
    _change(
        facts,
        effect.account,
        effect.amendment,
        status=effect.status,
        applies_on=effect.applies_on,
        settled_on=effect.settled_on,
    )


def _write_planned(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    plans = [(position, cast("AmendmentPlanned", effect)) for _, position, effect in placed]
    rows = {name: [getattr(plan, name) for _, plan in plans] for name in AmendmentPlanned.__struct_fields__}
    connection.execute(SQL["insert_amendments"], rows | {"amendment": [position for position, _ in plans]})


def _write_withdrawn(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    for _, position, effect in placed:
        gone = cast("AmendmentWithdrawn", effect).amendment
        connection.execute(SQL["withdraw_amendment"], {"amendment": gone.id, "withdrawn_by": position})


def _write_told(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    told = [(book, position, cast("CustomerTold", effect)) for book, position, effect in placed]
    for book, _, one in told:
        if book_of(one.account) != book:
            raise BrokenDecision(f"an account of book {book_of(one.account)} is told by a row of book {book}")
    rows: dict[str, list[Any]] = {
        "book": [book for book, _, _ in told],
        "account": [number_of(one.account) for _, _, one in told],
        "amendment": [one.amendment.id for _, _, one in told],
        "notice": [position for _, position, _ in told],
        "medium": [one.medium for _, _, one in told],
        "sent_on": [one.sent_on for _, _, one in told],
        "reference": [one.reference for _, _, one in told],
        "applies_on": [one.applies_on for _, _, one in told],
        "status": [one.status for _, _, one in told],
        "settled_on": [one.settled_on for _, _, one in told],
        "settled_by": [position if one.settled_on else None for _, position, one in told],
    }
    connection.execute(SQL["insert_told"], rows)


def _write_answered(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    rows = []
    for book, _, effect in placed:
        said = cast("CustomerAnswered", effect)
        rows.append(
            {
                "book": book, "account": number_of(said.account), "amendment": said.amendment,
                "answer": said.answer, "answered_on": said.answered_on, "service": said.service,
            }
        )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.executemany(SQL["answer"], rows)


def _write_settled(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    for book in sorted({book for book, _, _ in placed}):
        mine = [(position, cast("AmendmentSettled", e)) for b, position, e in placed if b == book]
        rows = {
            "book": book,
            "account": [number_of(one.account) for _, one in mine],
            "amendment": [one.amendment for _, one in mine],
            "status": [one.status for _, one in mine],
            "applies_on": [one.applies_on for _, one in mine],
            "settled_on": [one.settled_on for _, one in mine],
            "settled_by": [position for position, _ in mine],
        }
        connection.execute(SQL["settle"], rows)


EFFECTS = (
    EffectKind(AmendmentPlanned, _write_planned, _apply_planned),
    EffectKind(AmendmentWithdrawn, _write_withdrawn, _apply_withdrawn),
    EffectKind(CustomerTold, _write_told, _apply_told),
    EffectKind(CustomerAnswered, _write_answered, _apply_answered),
    EffectKind(AmendmentSettled, _write_settled, _apply_settled),
)
