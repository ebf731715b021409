"""Messages that wait are taken along in files.

First a command marks which messages a file takes along, under an id that follows from them; then the file is
written from what is marked; then a command notes that it is written. A crash between any two leaves a file
that the next export writes again, with the same name, id, time and messages: nothing is sent under two ids.
"""

import hashlib
import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from teneur.bank import Bank
from teneur.channels.files import outgoing
from teneur.channels.files.keys import id_of, key_of
from teneur.channels.files.outgoing import Waiting
from teneur.kernel.commands import Outcome, account_id
from teneur.ledger.decisions import book_subject
from teneur.payments.transfers.commands import ExportMessages
from teneur.payments.transfers.message_files import SQL, FileWritten
from teneur.payments.transfers.messages import CREDIT_TRANSFER, RECALL, RECALL_ANSWER, RETURN, STATUS

KINDS: Final = (CREDIT_TRANSFER, RETURN, STATUS, RECALL, RECALL_ANSWER)
MOST: Final = 1_000  # messages in one file
_PREFIX: Final = {CREDIT_TRANSFER: "CT", RETURN: "RT", STATUS: "PS", RECALL: "RC", RECALL_ANSWER: "RA"}


def export_messages(
    bank: Bank, book: int, kind: str, folder: Path, *, at: datetime | None = None
) -> tuple[Path, ...]:
    """Write every waiting message of a kind of a book; the files, in order. Those a crash left come first.

    kind: pacs.008, pacs.004, pacs.002, camt.056 or camt.029. A file holds what may stand in one message: one
    currency, one day, one way to settle, one bank asked. The folder must exist.
    """
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is no message that waits: one of {', '.join(KINDS)}")
    written = [_write(bank, book, kind, *left, folder) for left in _unwritten(bank, book, kind)]
    while waiting := _waiting(bank, book, kind):
        for group in outgoing.groups(bank, kind, waiting, MOST):
            _mark(bank, book, kind, group, at or bank.clock.now())
        written += [_write(bank, book, kind, *left, folder) for left in _unwritten(bank, book, kind)]
    return tuple(path for path in written if path is not None)


def _waiting(bank: Bank, book: int, kind: str) -> list[Waiting]:
    with bank.read() as connection:
        rows = connection.execute(
            SQL["waiting_messages"], {"book": book, "message": kind, "limit": 10 * MOST}
        ).fetchall()
    return list(_read(book, kind, rows))


def _read(book: int, kind: str, rows: Sequence[Any]) -> Iterator[Waiting]:
    for number, position, line, body in rows:
        yield Waiting(account_id(book, number), position, line, outgoing.read_body(kind, body))


def _mark(bank: Bank, book: int, kind: str, group: Sequence[Waiting], at: datetime) -> None:
    items = tuple((w.account, w.position, w.line) for w in group)
    file_id = id_of(_PREFIX[kind], book, *(part for item in items for part in item))
    ask = ExportMessages(message=kind, file_id=file_id, items=items)
    answer = bank.ask(ask, book_subject(book), key=key_of("export", file_id), at=at)
    if answer.outcome is not Outcome.ACCEPTED:
        raise RuntimeError(f"messages of book {book} cannot be marked for {file_id}: {answer.reason}")


def _unwritten(bank: Bank, book: int, kind: str) -> list[tuple[str, datetime]]:
    with bank.read() as connection:
        rows = connection.execute(SQL["files_unwritten"], {"book": book, "message": kind}).fetchall()
    return [(file_id, marked_at) for file_id, marked_at in rows]


def _write(bank: Bank, book: int, kind: str, file_id: str, marked_at: datetime, folder: Path) -> Path | None:
    """The file of the messages that are marked for it; None if another export took them all along first."""
    with bank.read() as connection:
        parameters = {"book": book, "message": kind, "file_id": file_id}
        rows = connection.execute(SQL["exported_messages"], parameters).fetchall()
    messages = list(_read(book, kind, rows))
    content = outgoing.document(bank, kind, file_id, marked_at, messages) if messages else b""
    path = folder / f"{kind}-{file_id}.xml"
    if messages:
        _put(path, content)
    ask = FileWritten(file_id=file_id, sha256=hashlib.sha256(content).hexdigest())
    bank.ask(ask, book_subject(book))
    return path if messages else None


def _put(path: Path, content: bytes) -> None:
    """The whole file or none of it, and durable, whatever happens meanwhile."""
    draft = path.with_suffix(".part")
    with draft.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
