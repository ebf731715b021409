"""Taking a file in: kept aside while it is read, named by its hash, known by the namespace of its message."""

import hashlib
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Final

from teneur.interbank.faults import FileRefusal, fault
from teneur.interbank.xml import Limits

Given = bytes | Path | BinaryIO
_CHUNK: Final = 64 * 1024
_MEMORY_BYTES: Final = 1_000_000  # of a file, before it is kept on disk
_NAMESPACE: Final = re.compile(rb"urn:iso:std:iso:20022:tech:xsd:([a-z]{4}\.\d{3}\.\d{3}\.\d{2})\b")


class Kept:
    """A copy of the file that nobody else can change while it is read twice."""

    def __init__(self, copy: BinaryIO, sha256: str, *, too_large: bool) -> None:
        self._copy = copy
        self.sha256 = sha256
        self.too_large = too_large

    def rewound(self) -> BinaryIO:
        """The copy, from its beginning."""
        self._copy.seek(0)
        return self._copy

    def message(self) -> str:
        """The name of the message that the namespace says (pain.001.001.09), or an empty text."""
        found = _NAMESPACE.search(self.rewound().read(_CHUNK))
        return found[1].decode() if found else ""


@contextmanager
def kept(source: Given, limits: Limits) -> Iterator[Kept]:
    """The file, copied up to the bound of its size and hashed; the copy is gone afterwards."""
    with _opened(source) as stream, tempfile.SpooledTemporaryFile(_MEMORY_BYTES) as copy:
        digest = hashlib.sha256()
        total = 0
        while total <= limits.file_bytes and (chunk := stream.read(_CHUNK)):
            total += len(chunk)
            digest.update(chunk)
            copy.write(chunk)
        yield Kept(copy, digest.hexdigest(), too_large=total > limits.file_bytes)  # type: ignore[arg-type]


@contextmanager
def _opened(source: Given) -> Iterator[BinaryIO]:
    if isinstance(source, bytes):
        yield BytesIO(source)
    elif isinstance(source, Path):
        with source.open("rb") as stream:
            yield stream
    else:
        yield source


def refusal(code: str, *words: object, message_id: str = "") -> FileRefusal:
    """The refusal of a whole file for one fault."""
    return FileRefusal(faults=(fault(code, *words),), message_id=message_id)
