"""What may be asked about notices. The subject is the account."""

from datetime import date

from teneur.agreements.terms.notices import Medium
from teneur.kernel.commands import Ask


class ChooseMedium(Ask, frozen=True, kw_only=True):
    """The medium that the holders want first, where the text leaves the choice. None: as agreed."""

    medium: Medium | None


class ObjectToPaperless(Ask, frozen=True, kw_only=True, omit_defaults=True):
    """The holders object to paperless delivery and want paper; objects=False: they want it electronically."""

    objects: bool = True


class ChooseRecipient(Ask, frozen=True, kw_only=True):
    """Whose address is that of the particular terms: one of the holders."""

    person: int


class NoteAcknowledgement(Ask, frozen=True, kw_only=True):
    """The acknowledgement of receipt of a registered letter has come back.

    notice, line: which notice. received_on: the day on which the letter was handed over. reference: of the
    post's slip.
    """

    notice: int
    line: int
    received_on: date
    reference: str
