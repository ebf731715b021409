"""What decisions do to the registers of persons and of staff."""

from collections.abc import Sequence
from typing import Any, cast

from psycopg import Connection

from teneur.customers.facts import NEXT_ID, PERSON, SQL, STAFF, Person, Staff, search_key
from teneur.kernel.commands import Effect
from teneur.ledger.cache import BatchFacts
from teneur.ledger.registry import EffectKind, Placed


class PersonKept(Effect, frozen=True):
    """A person, new or changed, as known from now on."""

    person: Person


class StaffKept(Effect, frozen=True):
    """A member of staff, new or changed, as known from now on."""

    staff: Staff


def _apply_person(facts: BatchFacts, effect: PersonKept, _position: int) -> None:
    facts.table(PERSON)[effect.person.id] = effect.person
    _take_id(facts, "person", effect.person.id, 1)


def _apply_staff(facts: BatchFacts, effect: StaffKept, _position: int) -> None:
    facts.table(STAFF)[effect.staff.id] = effect.staff
    _take_id(facts, "staff", effect.staff.id, -1)


def _take_id(facts: BatchFacts, kind: str, taken: int, step: int) -> None:
    """The next command of the batch gets the next id."""
    ids = facts.table(NEXT_ID)
    if ids.get(kind) == taken:
        ids[kind] = taken + step


def _write_persons(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    latest = {p.id: p for p in (cast("PersonKept", effect).person for _, _, effect in placed)}
    persons = list(latest.values())
    parameters: dict[str, list[Any]] = {"person": [p.id for p in persons]}
    for field in (
        "surname",
        "first_names",
        "birth_date",
        "birth_place",
        "nationality",
        "email",
        "phone",
        "since",
    ):
        parameters[field] = [getattr(p, field) for p in persons]
    for field in ("street", "building", "post_code", "town", "country"):
        parameters[field] = [getattr(p.address, field) for p in persons]
    parameters["language"] = [p.language.value for p in persons]
    parameters["capacity"] = [p.capacity.value for p in persons]
    parameters["search_key"] = [search_key(p.first_names, p.surname) for p in persons]
    connection.execute(SQL["write_persons"], parameters)


def _write_staff(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    latest = {s.id: s for s in (cast("StaffKept", effect).staff for _, _, effect in placed)}
    staff = list(latest.values())
    parameters = {
        "staff": [s.id for s in staff],
        "name": [s.name for s in staff],
        "role": [s.role.value for s in staff],
        "active": [s.active for s in staff],
    }
    connection.execute(SQL["write_staff"], parameters)


EFFECTS = (
    EffectKind(PersonKept, _write_persons, _apply_person),
    EffectKind(StaffKept, _write_staff, _apply_staff),
)
