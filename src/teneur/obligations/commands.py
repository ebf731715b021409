"""What may be asked about duties. The subject is the account (number 0 of a book: no account)."""

from teneur.kernel.commands import Ask


class DischargeObligation(Ask, frozen=True, kw_only=True):
    """A member of staff notes that a duty is done. how: by what, for whoever reads it later.

    obligation, line: its id within the account.
    """

    obligation: int
    line: int
    how: str


class NoticeSent(Ask, frozen=True, kw_only=True, omit_defaults=True):
    """A notice has gone out. medium: letter, e-mail, secure message … reference: which one.

    kind, about: the duty that it does; kind is empty where none was owed. notice, line: its id within the
    account, 0 for one that was told otherwise than by a notice of the register. document_sha256: of its
    canonical JSON. address_sha256: of the address as it was written to.
    """

    kind: str
    about: str
    medium: str
    reference: str
    notice: int = 0
    line: int = 0
    document_sha256: str = ""
    address_sha256: str = ""
