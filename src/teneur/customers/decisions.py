"""Decisions on persons and staff."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import msgspec

from teneur.agreements.terms.overdraft import Capacity
from teneur.customers.commands import ChangeStaff, RegisterPerson, RegisterStaff, StaffRole, UpdatePerson
from teneur.customers.effects import PersonKept, StaffKept
from teneur.customers.facts import NEXT_ID, PERSON, STAFF, Person, Staff
from teneur.customers.rules import address_problem, are_two_cleared, is_adult, is_cleared, is_country
from teneur.kernel.commands import AccountId, Command, Decision, Facts, Need, Outcome, account_id, refuse
from teneur.ledger.registry import Kind

REGISTER: AccountId = account_id(0, 0)  # the subject of everything about persons and staff
FRONT = frozenset({StaffRole.CLERK, StaffRole.ADVISER, StaffRole.BACK_OFFICE})
ADMINS = frozenset({StaffRole.ADMIN})
FOUNDERS = 2  # administrators whom nobody approves
_ZONES_APART = timedelta(days=1)
_OPTIONAL = ("email", "phone")


class RegisterPersonHandler:
    """A person becomes known to the bank."""

    def needs(self, command: Command, _facts: Facts) -> Iterable[Need]:
        """Who asks, and the next free id."""
        return ((STAFF, command.actor), (NEXT_ID, "person"))

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused unless staff asks, everything is there, and the person is an adult."""
        ask: RegisterPerson = command.ask  # type: ignore[assignment]
        if not is_cleared(facts.get(STAFF, command.actor), FRONT):
            return refuse("not-authorised", ())
        fields = {name: getattr(ask, name) for name in ask.__struct_fields__}
        person = Person(id=facts.get(NEXT_ID, "person") or 1, **fields)
        problem = _problem(person)
        if abs(ask.since - command.received_at.date()) > _ZONES_APART:
            problem = problem or "since"
        if problem:
            return refuse("invalid-field", (), detail={"field": problem})
        if not is_adult(ask.birth_date, ask.since):
            return refuse("minor", ())
        return Decision(
            Outcome.ACCEPTED,
            (),
            effects=(PersonKept(person),),
            detail={"person": person.id},
            booked_on=ask.since,
        )


class UpdatePersonHandler:
    """What the bank knows of a person changes."""

    def needs(self, command: Command, _facts: Facts) -> Iterable[Need]:
        """Who asks, and the person."""
        ask: UpdatePerson = command.ask  # type: ignore[assignment]
        return ((STAFF, command.actor), (PERSON, ask.person))

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused unless staff asks, with a reason, and the result is a whole adult person."""
        ask: UpdatePerson = command.ask  # type: ignore[assignment]
        person: Person | None = facts.get(PERSON, ask.person)
        if not is_cleared(facts.get(STAFF, command.actor), FRONT):
            return refuse("not-authorised", ())
        if person is None:
            return refuse("unknown-person", ())
        given: dict[str, Any] = {
            name: value
            for name in ask.__struct_fields__
            if name not in ("person", "reason") and (value := getattr(ask, name)) is not None
        }
        if not ask.reason.strip() or not given:
            return refuse("invalid-field", (), detail={"field": "reason" if given else "nothing to change"})
        changed = msgspec.structs.replace(person, **given)
        if problem := _problem(changed):
            return refuse("invalid-field", (), detail={"field": problem})
        if not is_adult(changed.birth_date, command.received_at.date()):
            return refuse("minor", ())
        return Decision(Outcome.ACCEPTED, (), effects=(PersonKept(changed),))


class RegisterStaffHandler:
    """A member of staff begins."""

    def needs(self, command: Command, _facts: Facts) -> Iterable[Need]:
        """Who asks and who approves, and the next free id, which also tells how many there are."""
        ask: RegisterStaff = command.ask  # type: ignore[assignment]
        return ((STAFF, command.actor), (STAFF, ask.approved_by), (NEXT_ID, "staff"))

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused without two administrators, but for the first two of the bank."""
        ask: RegisterStaff = command.ask  # type: ignore[assignment]
        next_id: int = facts.get(NEXT_ID, "staff") or -1
        if not (ask.name.strip() and ask.name.isprintable()):
            return refuse("invalid-field", (), detail={"field": "name"})
        if -next_id <= FOUNDERS:
            if ask.role is not StaffRole.ADMIN:
                return refuse("administrators-first", ())
        elif problem := _administrators_missing(command, ask.approved_by, facts):
            return refuse(problem, ())
        staff = Staff(id=next_id, name=ask.name.strip(), role=ask.role, active=True)
        return Decision(Outcome.ACCEPTED, (), effects=(StaffKept(staff),), detail={"staff": next_id})


class ChangeStaffHandler:
    """A member of staff gets another role, or stops."""

    def needs(self, command: Command, _facts: Facts) -> Iterable[Need]:
        """Who asks, who approves, and whom it is about."""
        ask: ChangeStaff = command.ask  # type: ignore[assignment]
        return ((STAFF, command.actor), (STAFF, ask.approved_by), (STAFF, ask.staff))

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused without two administrators, neither of whom is the one it is about."""
        ask: ChangeStaff = command.ask  # type: ignore[assignment]
        staff: Staff | None = facts.get(STAFF, ask.staff)
        if problem := _administrators_missing(command, ask.approved_by, facts):
            return refuse(problem, ())
        if staff is None:
            return refuse("unknown-staff", ())
        if ask.staff in (command.actor, ask.approved_by):
            return refuse("own-role", ())
        changed = msgspec.structs.replace(staff, role=ask.role, active=ask.active)
        return Decision(Outcome.ACCEPTED, (), effects=(StaffKept(changed),))


def _administrators_missing(command: Command, approved_by: int, facts: Facts) -> str:
    """Why the two who stand behind a change of staff are not enough, or an empty text."""
    first, second = facts.get(STAFF, command.actor), facts.get(STAFF, approved_by)
    if not is_cleared(first, ADMINS):
        return "not-authorised"
    return "" if are_two_cleared(first, second, ADMINS, ADMINS) else "second-person-missing"


def _problem(person: Person) -> str:
    """The first field that is not as it must be, or an empty text."""
    for field in ("surname", "first_names", "birth_place", "email", "phone"):
        text: str = getattr(person, field)
        if not (text.isprintable() and (text.strip() or field in _OPTIONAL)):
            return field
    if not is_country(person.nationality):
        return "nationality"
    if person.birth_date > person.since:
        return "birth_date"
    if person.capacity is Capacity.MINOR:
        return "capacity"  # the birth date tells it
    if person.email and ("@" not in person.email[1:-1] or " " in person.email):
        return "email"
    return address_problem(person.address)


KINDS = (
    Kind(10, "register-person", RegisterPerson, RegisterPersonHandler(), plain=True),
    Kind(11, "update-person", UpdatePerson, UpdatePersonHandler(), plain=True),
    Kind(12, "register-staff", RegisterStaff, RegisterStaffHandler(), plain=True),
    Kind(13, "change-staff", ChangeStaff, ChangeStaffHandler(), plain=True),
)
