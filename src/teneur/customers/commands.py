"""What may be asked about persons and staff. The subject is book 0 itself: (0, number 0)."""

from datetime import date
from enum import StrEnum

import msgspec

from teneur.agreements.terms.overdraft import Capacity
from teneur.kernel.commands import Ask
from teneur.kernel.money import Language


class StaffRole(StrEnum):
    """What a member of staff may do. Stored: never rename."""

    CLERK = "clerk"  # at the counter
    ADVISER = "adviser"
    BACK_OFFICE = "back-office"
    DISPUTE = "dispute"
    ADMIN = "admin"  # keeps the register of staff, touches no account


class Address(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A postal address in the parts that ISO 20022 wants. country: ISO 3166, two letters."""

    town: str
    country: str
    street: str = ""
    building: str = ""
    post_code: str = ""


class RegisterPerson(Ask, frozen=True, kw_only=True, omit_defaults=True):
    """Enter an adult natural person. since: the local day on which the bank comes to know the person.

    nationality: ISO 3166, two letters. birth_date: as on the identity document. capacity: minority is told by
    the birth date, never stated.
    """

    surname: str
    first_names: str
    birth_date: date
    birth_place: str
    nationality: str
    address: Address
    since: date
    email: str = ""
    phone: str = ""
    language: Language = Language.FRENCH
    capacity: Capacity = Capacity.FULL


class UpdatePerson(Ask, frozen=True, kw_only=True, omit_defaults=True):
    """Change what is given; None leaves it as it is. reason: why, for whoever reads it later."""

    person: int
    reason: str
    surname: str | None = None
    first_names: str | None = None
    birth_date: date | None = None
    birth_place: str | None = None
    nationality: str | None = None
    address: Address | None = None
    email: str | None = None
    phone: str | None = None
    language: Language | None = None
    capacity: Capacity | None = None


class RegisterStaff(Ask, frozen=True, kw_only=True):
    """Enter a member of staff. An administrator asks, a second one approves.

    The first two of an empty bank are administrators whom nobody approves: there is nobody yet.
    """

    name: str
    role: StaffRole
    approved_by: int = 0


class ChangeStaff(Ask, frozen=True, kw_only=True):
    """Change the role of a member of staff, or end (or resume) their work."""

    staff: int
    role: StaffRole
    active: bool
    approved_by: int
