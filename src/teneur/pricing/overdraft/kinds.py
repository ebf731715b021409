"""The kinds of command about overdrafts. Numbers are stored and never reused."""

from teneur.accounts.commands import SetOverdraft
from teneur.accounts.governing import Governing
from teneur.ledger.registry import Kind
from teneur.pricing.overdraft.commands import GrantOverdraft
from teneur.pricing.overdraft.decisions.granting import GrantOverdraftHandler, SetOverdraftHandler


def kinds(governing: Governing) -> tuple[Kind, ...]:
    """200 to 219; 21 is the older, short way to set a limit."""
    return (
        Kind(21, "set-overdraft", SetOverdraft, SetOverdraftHandler(governing)),
        Kind(200, "grant-overdraft", GrantOverdraft, GrantOverdraftHandler(governing)),
    )
