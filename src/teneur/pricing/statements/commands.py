"""What may be asked about statements. The subject is the account; the bank's day asks as actor 0."""

from datetime import date
from hashlib import sha256

import msgspec

from teneur.agreements.terms.statements import Period as Frequency
from teneur.agreements.terms.statements import Way
from teneur.kernel.commands import Ask
from teneur.pricing.statements.statement import Medium


class Document(msgspec.Struct, dict=True, eq=False):
    """A document named by its hash. Its bytes travel beside the name and are no part of the record: they are
    kept once, as the document itself.

    sha256: 64 hexadecimal digits.
    """

    sha256: str

    @classmethod
    def of(cls, data: bytes) -> "Document":
        """The document of these bytes."""
        made = cls(sha256(data).hexdigest())
        made.__dict__["data"] = data
        return made

    @property
    def data(self) -> bytes | None:
        """Its bytes; None where only the name is known, or where they are not those that it names."""
        data: bytes | None = self.__dict__.get("data")
        return data if data is not None and sha256(data).hexdigest() == self.sha256 else None


class ChooseStatementFrequency(Ask, frozen=True, kw_only=True, omit_defaults=True):
    """A holder chooses how often statements come, and whether each comes by a second medium too.

    frequency: None: as agreed. extra_medium: beside the agreed one; None: no other. requested_by: the holder,
    where a member of staff enters it.
    """

    frequency: Frequency | None = None
    extra_medium: Medium | None = None
    requested_by: int = 0


class IssueStatement(Ask, frozen=True, kw_only=True):
    """The bank's day: a statement is issued, and what it announces is announced.

    It states the account's postings from first_sequence to last_sequence, read with the journal up to
    `position`. announced: fee, line and amount of each incident fee that it shows. rates: reference rates
    whose change it mentions. without_operations: the yearly one.
    """

    number: int
    first_day: date
    last_day: date
    frequency: Frequency
    without_operations: bool
    position: int
    first_sequence: int
    last_sequence: int
    opening_minor: int
    closing_minor: int
    announced: tuple[tuple[int, int, int], ...]
    rates: tuple[str, ...]
    guarantee: bool
    document: Document


class DeliverStatement(Ask, frozen=True, kw_only=True):
    """A printed statement is in the post. reference: of the print run, or of the post."""

    number: int
    reference: str


class RequestInformation(Ask, frozen=True, kw_only=True, omit_defaults=True):
    """A holder asks for information beside the statement.

    about: what he wants to know; "deposit-guarantee" is answered at once. way: how he asks. requested_by: the
    holder, where a member of staff enters it.
    """

    about: str
    way: Way
    requested_by: int = 0


class AnswerInformation(Ask, frozen=True, kw_only=True):
    """A member of staff has answered. request: position of the request; how: what was given, and how."""

    request: int
    how: str
