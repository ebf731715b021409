"""What is owed, as effects: a decision opens a duty or discharges it. The register of duties is the
obligations package."""

from datetime import datetime

from teneur.kernel.commands import AccountId, Effect


class Owe(Effect, frozen=True):
    """A deadline that somebody owes.

    kind: stable code of the duty (inform-of-refusal, execute-transfer …). about: what it concerns, within the
    account (an order, an operation), as text; empty: the operation that opens it, by its position. clause:
    where it comes from. due_at: aware instant; None when the text gives none.
    """

    account: AccountId
    kind: str
    about: str
    clause: str
    starts_at: datetime
    due_at: datetime | None
    debtor: str = "bank"


class Discharge(Effect, frozen=True):
    """The duty of this kind about this thing is done; `how` says by what. Nothing happens if there is none
    open."""

    account: AccountId
    kind: str
    about: str
    how: str
    at: datetime
