"""Which roles of the register of staff have which right over the books."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from teneur.customers.commands import StaffRole
from teneur.customers.facts import STAFF
from teneur.customers.rules import is_cleared
from teneur.kernel.commands import Facts, Need
from teneur.ledger.rights import Right

_ADVISER_OR_BACK_OFFICE: Final = frozenset({StaffRole.ADVISER, StaffRole.BACK_OFFICE})
ROLES: Final[Mapping[Right, frozenset[StaffRole]]] = MappingProxyType(
    {
        Right.MOVE: _ADVISER_OR_BACK_OFFICE,
        Right.APPROVE_MOVE: _ADVISER_OR_BACK_OFFICE,
        Right.FORCE: frozenset({StaffRole.BACK_OFFICE}),
        Right.APPROVE_FORCE: _ADVISER_OR_BACK_OFFICE,
    }
)


class StaffRights:
    """The rights of whoever is at work, by the role they have then."""

    def needs(self, staff: Iterable[int]) -> Iterable[Need]:
        """Their entries in the register."""
        return [(STAFF, id_) for id_ in staff if id_ < 0]

    def has(self, facts: Facts, staff: int, right: Right) -> bool:
        """Whether the member of staff works here in a role that has the right."""
        return staff < 0 and is_cleared(facts.get(STAFF, staff), ROLES[right])
