"""Persons who object to having their identity confirmed to other banks: the fact and the effect."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

import msgspec
from psycopg import Connection

from teneur.kernel.commands import Effect, FactKind
from teneur.ledger.cache import BatchFacts
from teneur.ledger.registry import EffectKind, Placed
from teneur.storage.sql import load

SQL = load("teneur.payments.transfers")
LARGEST_ID = 2**31 - 1


class Objection(msgspec.Struct, frozen=True, kw_only=True):
    """What a person said last. in_force: False once withdrawn. ground: why, in the person's words."""

    person: int
    in_force: bool
    ground: str
    recorded_at: datetime


class ObjectionKept(Effect, frozen=True):
    """An objection, or its withdrawal, as it stands from now on."""

    objection: Objection


def load_objections(connection: Connection[Any], persons: Sequence[int]) -> Mapping[int, Objection]:
    """What these persons said last, of those who ever said anything."""
    asked = [person for person in persons if 0 < person <= LARGEST_ID]
    rows = connection.execute(SQL["identity_objections"], {"persons": asked})
    return {
        person: Objection(person=person, in_force=in_force, ground=ground, recorded_at=recorded_at)
        for person, in_force, ground, recorded_at in rows
    }


def _apply(facts: BatchFacts, effect: ObjectionKept, _position: int) -> None:
    facts.table(OBJECTION)[effect.objection.person] = effect.objection


def _write(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    for _, _, effect in placed:
        objection = cast("ObjectionKept", effect).objection
        connection.execute(SQL["write_identity_objection"], msgspec.structs.asdict(objection))


OBJECTION = FactKind("objection to identity checks", load_objections)
OBJECTION_EFFECTS = (EffectKind(ObjectionKept, _write, _apply),)
