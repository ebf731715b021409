"""Who is an adult, and which member of staff may do what."""

import re
from collections.abc import Collection
from datetime import date

from teneur.customers.commands import Address, StaffRole
from teneur.customers.facts import Staff
from teneur.kernel.deadlines import add_months
from teneur.kernel.rules import rule

ADULT_YEARS = 18
_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)


@rule(law="C. civ. 414")
def is_adult(birth_date: date, on: date) -> bool:
    """Eighteen years are full on the birthday: on the 28th for 29 February, in years without that day."""
    return on >= add_months(birth_date, 12 * ADULT_YEARS)


def is_cleared(staff: Staff | None, roles: Collection[StaffRole]) -> bool:
    """Whether this is an active member of staff in one of these roles."""
    return staff is not None and staff.active and staff.role in roles


def are_two_cleared(
    first: Staff | None,
    second: Staff | None,
    roles: Collection[StaffRole],
    second_roles: Collection[StaffRole],
) -> bool:
    """Where money or protection moves, two different members of staff in fitting roles stand behind it."""
    return (
        is_cleared(first, roles)
        and is_cleared(second, second_roles)
        and first is not None
        and second is not None
        and first.id != second.id
    )


def address_problem(address: Address) -> str:
    """What is missing in an address, or an empty text: ISO 20022 wants at least town and country."""
    for field in ("town", "street", "building", "post_code"):
        text: str = getattr(address, field)
        if not text.isprintable() or (field == "town" and not text.strip()):
            return f"address.{field}"
    return "" if is_country(address.country) else "address.country"


def is_country(code: str) -> bool:
    """Whether a text has the form of an ISO 3166 code."""
    return _COUNTRY.fullmatch(code) is not None
