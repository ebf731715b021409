"""What members of staff need a right for where they act on the books themselves.

The ledger names the rights; who has them is known further up, in the register of staff, which the
composition of the bank hands down.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Protocol

from teneur.kernel.commands import Facts, Need


class Right(StrEnum):
    """A right over the books."""

    MOVE = "move"  # entries and reversals by hand, within the funds there are
    APPROVE_MOVE = "approve-move"
    FORCE = "force"  # the same, whatever the funds
    APPROVE_FORCE = "approve-force"


class Rights(Protocol):
    """Who of the staff has which right."""

    def needs(self, staff: Iterable[int]) -> Iterable[Need]:
        """The facts that tell the rights of these members of staff."""
        ...

    def has(self, facts: Facts, staff: int, right: Right) -> bool:
        """Whether this is a member of staff at work who has the right. Nobody else has any."""
        ...


def second_person_missing(actor: int, approved_by: int) -> bool:
    """Where money moves by hand, two different members of staff (negative ids) stand behind it."""
    return actor >= 0 or approved_by >= 0 or actor == approved_by


def hand_problem(
    facts: Facts, rights: Rights, actor: int, approved_by: int, *, forced: bool
) -> tuple[str, Right] | None:
    """Why these two may not move money by hand: the reason, and the right that lacks; None if they may.

    Two different members of staff (negative ids) stand behind it, each with a right of their own; to beat the
    available balance is another right than to move what is there.
    """
    first, second = (Right.FORCE, Right.APPROVE_FORCE) if forced else (Right.MOVE, Right.APPROVE_MOVE)
    if second_person_missing(actor, approved_by):
        return "second-person-missing", second
    if not rights.has(facts, actor, first):
        return "force-not-authorised" if forced else "move-not-authorised", first
    if not rights.has(facts, approved_by, second):
        return "second-person-missing", second
    return None
