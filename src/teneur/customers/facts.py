"""Facts about persons and staff, read in each batch: their changes name no account, so none is cached."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
from psycopg import Connection

from teneur.agreements.terms.overdraft import Capacity
from teneur.customers.commands import Address, StaffRole
from teneur.kernel.commands import FactKind
from teneur.kernel.money import Language
from teneur.kernel.names import normalise
from teneur.storage.sql import load

SQL = load("teneur.customers")
LARGEST_ID = 2**31 - 1


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A person as the bank knows them."""

    id: int
    surname: str
    first_names: str
    birth_date: date
    birth_place: str
    nationality: str
    address: Address
    email: str
    phone: str
    language: Language
    since: date
    capacity: Capacity = Capacity.FULL

    @property
    def name(self) -> str:
        """First names and surname, as written to the person."""
        return f"{self.first_names} {self.surname}"


class Staff(msgspec.Struct, frozen=True, kw_only=True):
    """A member of staff."""

    id: int
    name: str
    role: StaffRole
    active: bool


def search_key(*names: str) -> str:
    """Names in small letters without accents, a blank around each word: a word is found by its beginning."""
    return f" {' '.join(normalise(name) for name in names).lower()} "


def person_from_row(row: Sequence[Any]) -> Person:
    """A person from the columns of the query `persons`."""
    (id_, surname, first_names, birth_date, birth_place, nationality) = row[:6]
    (street, building, post_code, town, country, email, phone, language, since, capacity) = row[6:]
    return Person(
        id=id_,
        surname=surname,
        first_names=first_names,
        birth_date=birth_date,
        birth_place=birth_place,
        nationality=nationality,
        address=Address(street=street, building=building, post_code=post_code, town=town, country=country),
        email=email,
        phone=phone,
        language=Language(language),
        since=since,
        capacity=Capacity(capacity),
    )


def load_persons(connection: Connection[Any], ids: Sequence[int]) -> Mapping[int, Person]:
    """The persons of these ids that exist."""
    asked = [id_ for id_ in ids if 0 < id_ <= LARGEST_ID]
    persons = map(person_from_row, connection.execute(SQL["persons"], {"persons": asked}))
    return {person.id: person for person in persons}


def find_persons(connection: Connection[Any], text: str, limit: int = 50) -> list[Person]:
    """Persons of whom every word of the text begins a word of the name, by name."""
    words = search_key(text).split()
    if not words:
        return []
    patterns = [f"% {word}%" for word in words]
    rows = connection.execute(SQL["find_persons"], {"patterns": patterns, "limit": limit})
    return [person_from_row(row) for row in rows]


def load_staff(connection: Connection[Any], ids: Sequence[int]) -> Mapping[int, Staff]:
    """The members of staff of these ids that exist."""
    asked = [id_ for id_ in ids if -LARGEST_ID <= id_ < 0]
    rows = connection.execute(SQL["staff"], {"staff": asked})
    return {id_: Staff(id=id_, name=name, role=StaffRole(role), active=on) for id_, name, role, on in rows}


def list_staff(connection: Connection[Any]) -> list[Staff]:
    """All members of staff, in order of entry."""
    rows = connection.execute(SQL["all_staff"])
    return [Staff(id=id_, name=name, role=StaffRole(role), active=on) for id_, name, role, on in rows]


def load_next_ids(connection: Connection[Any], kinds: Sequence[str]) -> Mapping[str, int]:
    """The next free id of "person" (1, 2, …) and "staff" (−1, −2, …)."""
    row = connection.execute(SQL["next_ids"]).fetchone()
    person, staff = row if row else (1, -1)
    return {kind: {"person": person, "staff": staff}[kind] for kind in kinds}


PERSON = FactKind("person", load_persons)
STAFF = FactKind("staff", load_staff)
NEXT_ID = FactKind("next id of a person or of staff", load_next_ids)
