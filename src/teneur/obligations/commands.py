"""What may be asked about duties. The subject is the account (number 0 of a book: no account)."""

from teneur.kernel.commands import Ask


class DischargeObligation(Ask, frozen=True, kw_only=True):
    """A member of staff notes that a duty is done. how: by what, for whoever reads it later.

    obligation, line: its id within the account.
    """

    obligation: int
    line: int
    how: str


class NoticeSent(Ask, frozen=True, kw_only=True):
    """A notice that was owed has gone out. medium: letter, e-mail, web space … reference: which one."""

    kind: str
    about: str
    medium: str
    reference: str
