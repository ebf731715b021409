"""Notices on paper: a folder a day of pages to print, with an index, for whoever prints and posts them.

    <folder>/2026-05-04/letters/1-1000000-42-0.pdf
    <folder>/2026-05-04/letters/index.jsonl
    <folder>/2026-05-04/registered/…

A page and the index appear whole or not at all, and are on the disk before the answer. The index is one JSON
object a line (name, file, SHA-256, postal address, country, language); a page that is written again is the
same page, under the same name.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

import msgspec

from teneur.agreements.terms.notices import Medium
from teneur.obligations.notices.adapters import Answer, Parcel
from teneur.obligations.notices.document import NoticeDocument

INDEX = "index.jsonl"
FOLDERS: Mapping[Medium, str] = MappingProxyType(
    {Medium.LETTER: "letters", Medium.REGISTERED_LETTER: "registered"}
)


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One page in the index."""

    name: str
    file: str
    sha256: str
    enclosures: tuple[str, ...]
    address: tuple[str, ...]
    language: str
    acknowledgement: bool


class PrintFolder:
    """The adapter of letters, ordinary and registered."""

    needs_page = True

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def address(self, document: NoticeDocument, _email: str) -> str:
        """The lines of the envelope: more than a name."""
        return "\n".join(document.address) if len(document.address) > 1 else ""

    def send(self, parcels: Sequence[Parcel]) -> Iterator[Answer]:
        """Every page, then the index: no answer before both are on the disk."""
        try:
            answers = self._write(parcels)
        except OSError as error:
            answers = [Answer(error=f"{type(error).__name__}: {error.strerror}")] * len(parcels)
        yield from answers

    def _write(self, parcels: Sequence[Parcel]) -> list[Answer]:
        new: dict[Path, dict[str, Line]] = {}
        answers = []
        for parcel in parcels:
            assert parcel.pdf is not None, "a letter needs its page"
            document = parcel.document
            day = document.issued_at.astimezone(ZoneInfo(document.zone)).date().isoformat()
            folder = self.folder / day / FOLDERS[parcel.medium]
            folder.mkdir(parents=True, exist_ok=True)
            file = f"{document.name}.pdf"
            write_whole(folder / file, parcel.pdf)
            for name, page in parcel.enclosures:
                write_whole(folder / f"{document.name}-{name}", page)
            new.setdefault(folder, {})[document.name] = Line(
                name=document.name,
                file=file,
                sha256=sha256(parcel.pdf).hexdigest(),
                enclosures=tuple(f"{document.name}-{name}" for name, _ in parcel.enclosures),
                address=document.address,
                language=document.language.value,
                acknowledgement=parcel.medium is Medium.REGISTERED_LETTER,
            )
            answers.append(Answer(reference=str((folder / file).relative_to(self.folder))))
        for folder, lines in new.items():
            known = {line.name: line for line in read_index(folder)}
            written = b"".join(msgspec.json.encode(line) + b"\n" for line in (known | lines).values())
            write_whole(folder / INDEX, written)
        return answers


def read_index(folder: Path) -> list[Line]:
    """The pages of a folder, in the order in which they were written."""
    path = folder / INDEX
    lines = path.read_bytes().splitlines() if path.exists() else []
    return [msgspec.json.decode(line, type=Line) for line in lines]


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole, and stays so if the machine stops."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
