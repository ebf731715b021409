"""What every way of sending has in common: parcels go in, an answer for each comes out.

An adapter sends at least once: a program that dies after sending and before its answer is stored sends the
same parcel again, under the same reference, so that whoever receives it can see that it is the same.
"""

from collections.abc import Iterator, Sequence
from typing import Protocol

import msgspec

from teneur.agreements.terms.notices import Medium
from teneur.obligations.notices.document import NoticeDocument
from teneur.obligations.notices.facts import NoticeId


class Parcel(msgspec.Struct, frozen=True, kw_only=True):
    """One notice to send by one medium.

    text: for what shows text. pdf: for what shows pages, else None. sha256: of the document's canonical JSON.
    email: as the person has given it by now. enclosures: names of files and pages that go with it.
    """

    key: NoticeId
    medium: Medium
    document: NoticeDocument
    text: str
    sha256: str
    email: str = ""
    pdf: bytes | None = None
    enclosures: tuple[tuple[str, bytes], ...] = ()


class Answer(msgspec.Struct, frozen=True):
    """What became of a parcel. reference: which one it is there. error: why it did not go.

    permanent: that address or message will not be taken later either.
    """

    reference: str = ""
    error: str = ""
    permanent: bool = False

    @property
    def sent(self) -> bool:
        """Whether it is out of our hands."""
        return not self.error


class Adapter(Protocol):
    """A way of sending."""

    needs_page: bool

    def address(self, document: NoticeDocument, email: str) -> str:
        """The address to write to, as one text; empty if there is none."""
        ...

    def send(self, parcels: Sequence[Parcel]) -> Iterator[Answer]:
        """Send them in order, with an answer for each as soon as it is known."""
        ...
