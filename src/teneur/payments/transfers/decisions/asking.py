"""Who may tell the bank what becomes of a payment, and who may send what it has to say."""

from collections.abc import Iterable
from typing import Final

from teneur.customers.commands import StaffRole
from teneur.customers.facts import STAFF
from teneur.customers.rules import is_cleared
from teneur.kernel.commands import Channel, Command, Facts, Need

BACK_OFFICE: Final = frozenset({StaffRole.BACK_OFFICE})
_PROGRAM: Final = 0  # the actor of the bank's own day, and of messages of other banks
# Elsewhere customers, providers and other banks speak: nobody is this bank there, not even its staff.
_INSIDE: Final = frozenset({Channel.SYSTEM, Channel.BRANCH})


def staff_needs(command: Command) -> Iterable[Need]:
    """The entry of whoever asks in the register of staff, if it is a member of staff."""
    return ((STAFF, command.actor),) if command.actor < 0 else ()


def is_back_office(command: Command, facts: Facts) -> bool:
    """Whether a member of the back office asks, at work inside the bank."""
    if command.actor >= 0 or command.channel not in _INSIDE:
        return False
    return is_cleared(facts.get(STAFF, command.actor), BACK_OFFICE)


def is_bank_itself(command: Command, facts: Facts) -> bool:
    """Whether the bank's own program asks, or its back office."""
    if command.actor == _PROGRAM:
        return command.channel is Channel.SYSTEM
    return is_back_office(command, facts)


def may_tell_of_payment(command: Command, facts: Facts) -> bool:
    """Whether who asks can know that the payee's bank has the money or could not give it on.

    A message of another bank says so, the bank's program that has read one, or the back office that has it in
    writing: no customer, and nobody on a customer's channel.
    """
    if command.actor == _PROGRAM and command.channel is Channel.INTERBANK:
        return True
    return is_bank_itself(command, facts)
