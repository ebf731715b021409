"""Persons: who may be entered, what must be there, how they are found."""

from datetime import UTC, date, datetime

import pytest

from teneur.bank import Bank
from teneur.customers.commands import Address, RegisterPerson, UpdatePerson
from teneur.customers.decisions import REGISTER
from teneur.customers.facts import find_persons, load_persons
from teneur.customers.rules import is_adult
from teneur.kernel.commands import Command
from teneur.kernel.money import Language
from tests.support.bank import ADMIN, CLERK, accepted, add_person, refused

TOWN = Address(street="rue Sébastopol", building="12 bis", post_code="98800", town="Nouméa", country="NC")


def asking(**changes: object) -> RegisterPerson:
    fields: dict[str, object] = {
        "surname": "Wéa",
        "first_names": "Jean-Marie",
        "birth_date": date(1990, 7, 1),
        "birth_place": "Lifou",
        "nationality": "FR",
        "address": TOWN,
        "since": date(2026, 5, 4),
    }
    return RegisterPerson(**(fields | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("born", "on", "adult"),
    [
        (date(2008, 5, 5), date(2026, 5, 4), False),
        (date(2008, 5, 4), date(2026, 5, 4), True),
        (date(2008, 2, 29), date(2026, 2, 27), False),
        (date(2008, 2, 29), date(2026, 2, 28), True),
        (date(1990, 12, 31), date(2026, 1, 1), True),
    ],
)
def test_a_person_is_an_adult_from_the_eighteenth_birthday_on(born: date, on: date, adult: bool) -> None:
    assert is_adult(born, on) is adult


def test_a_person_is_entered_as_told_and_read_back(bank: Bank) -> None:
    ask = asking(email="jm@example.nc", phone="+687 26 00 00", language=Language.ENGLISH)
    person = bank.decided(accepted(bank.ask(ask, REGISTER, actor=CLERK)))["person"]
    with bank.read() as connection:
        found = load_persons(connection, [person, person + 1, -1, 2**40])
    assert list(found) == [person]
    kept = found[person]
    assert (kept.name, kept.birth_date, kept.address) == ("Jean-Marie Wéa", date(1990, 7, 1), TOWN)
    assert (kept.email, kept.phone, kept.language) == ("jm@example.nc", "+687 26 00 00", Language.ENGLISH)


def test_two_persons_of_one_batch_get_different_ids(bank: Bank) -> None:
    at = bank.clock.now()
    commands = [
        Command(key=bytes([n]) * 16, subject=REGISTER, received_at=at, ask=asking(surname=name), actor=CLERK)
        for n, name in ((1, "Un"), (2, "Deux"))
    ]
    bank.post(commands)
    with bank.read() as connection:
        assert {p.surname for p in load_persons(connection, [1, 2]).values()} == {"Un", "Deux"}


def test_a_minor_is_refused_until_the_eve_of_the_birthday(bank: Bank) -> None:
    refused(bank.ask(asking(birth_date=date(2008, 5, 5)), REGISTER, actor=CLERK), "minor")
    accepted(bank.ask(asking(birth_date=date(2008, 5, 4)), REGISTER, actor=CLERK))


def test_the_day_is_the_local_one_and_may_be_ahead_of_utc_by_one(bank: Bank) -> None:
    at = datetime(2026, 5, 4, 20, 0, tzinfo=UTC)  # the morning of the 5th in Nouméa
    ask = asking(birth_date=date(2008, 5, 5), since=date(2026, 5, 5))
    accepted(bank.ask(ask, REGISTER, actor=CLERK, at=at))
    late = bank.ask(asking(since=date(2026, 5, 6)), REGISTER, actor=CLERK, at=at)
    assert bank.decided(refused(late, "invalid-field")) == {"field": "since"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("surname", "  "),
        ("first_names", ""),
        ("birth_place", "Lif\x00ou"),
        ("nationality", "fr"),
        ("birth_date", date(2030, 1, 1)),
        ("email", "jm.example.nc"),
        ("email", "@example.nc"),
        ("phone", "1\n2"),
        ("address", Address(town=" ", country="NC")),
        ("address", Address(town="Nouméa", country="NCL")),
        ("address", Address(town="Nouméa", country="NC", street="a\tb")),
    ],
)
def test_what_is_missing_or_malformed_is_named(bank: Bank, field: str, value: object) -> None:
    answer = refused(bank.ask(asking(**{field: value}), REGISTER, actor=CLERK), "invalid-field")
    assert bank.decided(answer)["field"].partition(".")[0] == field
    with bank.read() as connection:
        assert load_persons(connection, [1]) == {}


@pytest.mark.parametrize("actor", [0, ADMIN, 7, -99])
def test_only_staff_at_work_with_customers_enters_persons(bank: Bank, actor: int) -> None:
    refused(bank.ask(asking(), REGISTER, actor=actor), "not-authorised")


@pytest.mark.parametrize("text", ["lefevre", "Lefèvre", "ANNE lef", "lef ann", "œuvrard"])
def test_a_person_is_found_without_accents_by_the_beginning_of_each_word(bank: Bank, text: str) -> None:
    person = add_person(bank, "Lefèvre-Œuvrard", "Anne Sophie")
    add_person(bank, "Marlefevre", "Jeanne")
    with bank.read() as connection:
        assert [p.id for p in find_persons(connection, text)] == [person]


@pytest.mark.parametrize("text", ["", " - ", "efevre", "anne paul", "%", "_"])
def test_a_search_that_fits_nobody_finds_nobody(bank: Bank, text: str) -> None:
    add_person(bank, "Lefèvre", "Anne")
    with bank.read() as connection:
        assert find_persons(connection, text) == []


def test_a_change_touches_what_it_names_and_the_search_follows(bank: Bank) -> None:
    person = add_person(bank, "Dupont", "Marie")
    ask = UpdatePerson(person=person, reason="marriage", surname="Durand", address=TOWN)
    accepted(bank.ask(ask, REGISTER, actor=CLERK))
    with bank.read() as connection:
        kept = load_persons(connection, [person])[person]
        assert (kept.name, kept.address, kept.birth_date) == ("Marie Durand", TOWN, date(1980, 2, 29))
        assert [p.id for p in find_persons(connection, "durand")] == [person]
        assert find_persons(connection, "dupont") == []


def test_a_change_is_refused_without_reason_person_or_content(bank: Bank) -> None:
    person = add_person(bank)
    for ask, reason in (
        (UpdatePerson(person=person, reason=" ", surname="X"), "invalid-field"),
        (UpdatePerson(person=person, reason="why"), "invalid-field"),
        (UpdatePerson(person=person, reason="why", nationality="F"), "invalid-field"),
        (UpdatePerson(person=person, reason="why", birth_date=date(2020, 1, 1)), "minor"),
        (UpdatePerson(person=person + 1, reason="why", surname="X"), "unknown-person"),
    ):
        refused(bank.ask(ask, REGISTER, actor=CLERK), reason)
    refused(bank.ask(UpdatePerson(person=person, reason="x", surname="X"), REGISTER), "not-authorised")
