"""Files of messages as facts of the bank: received, answered, taken along, written.

Their contents are the channel's business. Here stands what makes a file that comes twice do nothing twice,
and what a crash between marking messages and writing their file leaves to be done.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import IntEnum
from typing import Any, Final, cast

import msgspec
from psycopg import Connection

from teneur.kernel.commands import (
    Ask,
    Channel,
    Command,
    Decision,
    Effect,
    FactKind,
    Facts,
    Need,
    Outcome,
    account_id,
    book_of,
    refuse,
)
from teneur.ledger.cache import BatchFacts
from teneur.ledger.registry import EffectKind, Placed
from teneur.payments.transfers.decisions.asking import is_bank_itself, staff_needs
from teneur.storage.sql import load

SQL = load("teneur.payments.transfers")
FILES: Final = account_id(0, 0)  # the subject of received files: they may concern many accounts, or none
FileKey = tuple[int, str]  # sender, SHA-256 in hexadecimal


class FileStatus(IntEnum):
    """Life of a received file. Stored: never renumber."""

    RECEIVED = 1  # its transactions may be done in part: the same file again does the rest
    ANSWERED = 2
    REFUSED = 3  # whole


class ReceivedFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file as it stands. answered: position in book 0 of the row whose record holds the answer."""

    sender: int
    sha256: str
    name: str
    message: str
    message_id: str
    received_at: datetime
    status: FileStatus
    transactions: int = 0
    accepted: int = 0
    pending: int = 0
    refused: int = 0
    answered: int | None = None


class ReceiveFile(Ask, frozen=True, kw_only=True):
    """A file has come; the subject is book 0. sender: a person, or 0 for another bank."""

    sender: int
    sha256: str
    name: str
    message: str
    message_id: str
    transactions: int


class AnswerFile(Ask, frozen=True, kw_only=True):
    """What became of a file, and the answer that its sender gets (XML; empty where none is due)."""

    sender: int
    sha256: str
    whole_refused: bool
    accepted: int
    pending: int
    refused: int
    answer: str


class FileWritten(Ask, frozen=True, kw_only=True):
    """A file of marked messages lies where it is sent from; the subject is its book."""

    file_id: str
    sha256: str


class FileKept(Effect, frozen=True):
    """A received file as it stands from now on; `answered_here`: by the row of this effect."""

    file: ReceivedFile
    answered_here: bool = False


class FileMarked(Effect, frozen=True):
    """Messages of a book wait to be written as this file."""

    book: int
    file_id: str
    message: str
    marked_at: datetime


class FileOut(Effect, frozen=True):
    """The file of these messages is written."""

    book: int
    file_id: str
    sha256: str
    written_at: datetime


def load_files(connection: Connection[Any], keys: Sequence[FileKey]) -> Mapping[FileKey, ReceivedFile]:
    """Received files by sender and hash."""
    found: dict[FileKey, ReceivedFile] = {}
    for sender, sha256 in keys:
        parameters = {"book": 0, "sender": sender, "sha256": bytes.fromhex(sha256)}
        for row in connection.execute(SQL["file_received"], parameters):
            found[sender, sha256] = _from_row(row)
    return found


def list_files(connection: Connection[Any], limit: int = 100) -> list[ReceivedFile]:
    """Received files, the newest first."""
    return [_from_row(row) for row in connection.execute(SQL["files_received"], {"book": 0, "limit": limit})]


def _from_row(row: Sequence[Any]) -> ReceivedFile:
    (sender, sha256, name, message, message_id, received_at, status, *counts, answered) = row
    transactions, accepted, pending, refused = counts
    return ReceivedFile(
        sender=sender,
        sha256=bytes(sha256).hex(),
        name=name,
        message=message,
        message_id=message_id,
        received_at=received_at,
        status=FileStatus(status),
        transactions=transactions,
        accepted=accepted,
        pending=pending,
        refused=refused,
        answered=answered,
    )


FILE = FactKind("received file", load_files)


class ReceiveFileHandler:
    """ReceiveFile: remembered with the moment of its reception, which is that of all its orders."""

    def needs(self, command: Command, _facts: Facts) -> Iterable[Need]:
        """Whether it has come before."""
        ask: ReceiveFile = command.ask  # type: ignore[assignment]
        return ((FILE, (ask.sender, ask.sha256)),)

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused if it came before under another key."""
        ask: ReceiveFile = command.ask  # type: ignore[assignment]
        if not _from_file_channel(command):
            return refuse("not-authorised", ())
        if facts.get(FILE, (ask.sender, ask.sha256)) is not None:
            return refuse("file-known", ())
        kept = ReceivedFile(
            sender=ask.sender,
            sha256=ask.sha256,
            name=ask.name,
            message=ask.message,
            message_id=ask.message_id,
            received_at=command.received_at,
            status=FileStatus.RECEIVED,
            transactions=ask.transactions,
        )
        return Decision(Outcome.ACCEPTED, (), effects=(FileKept(kept),))


class AnswerFileHandler:
    """AnswerFile: once; its record keeps the answer as it was given."""

    def needs(self, command: Command, _facts: Facts) -> Iterable[Need]:
        """The file."""
        ask: AnswerFile = command.ask  # type: ignore[assignment]
        return ((FILE, (ask.sender, ask.sha256)),)

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused for a file that never came, or was answered already."""
        ask: AnswerFile = command.ask  # type: ignore[assignment]
        if not _from_file_channel(command):
            return refuse("not-authorised", ())
        file: ReceivedFile | None = facts.get(FILE, (ask.sender, ask.sha256))
        if file is None:
            return refuse("unknown-file", ())
        if file.status is not FileStatus.RECEIVED:
            return refuse("file-answered", ())
        status = FileStatus.REFUSED if ask.whole_refused else FileStatus.ANSWERED
        kept = msgspec.structs.replace(
            file, status=status, accepted=ask.accepted, pending=ask.pending, refused=ask.refused
        )
        return Decision(Outcome.ACCEPTED, (), effects=(FileKept(kept, answered_here=True),))


class FileWrittenHandler:
    """FileWritten: noted, so that it is not written again."""

    def needs(self, command: Command, _facts: Facts) -> Iterable[Need]:
        """Who asks. Of the file nothing: writing it again is harmless."""
        return staff_needs(command)

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Accepted for the bank itself: a file that is said to be written is not written again."""
        ask: FileWritten = command.ask  # type: ignore[assignment]
        if not is_bank_itself(command, facts):
            return refuse("bank-only", ())
        out = FileOut(book_of(command.subject), ask.file_id, ask.sha256, command.received_at)
        return Decision(Outcome.ACCEPTED, (), effects=(out,))


def _from_file_channel(command: Command) -> bool:
    """Files are taken in and answered by the bank's program, whoever sent them."""
    return command.actor == 0 and command.channel in (Channel.FILE, Channel.INTERBANK)


def _apply_kept(facts: BatchFacts, effect: FileKept, position: int) -> None:
    answered = position if effect.answered_here else effect.file.answered
    file = msgspec.structs.replace(effect.file, answered=answered)
    facts.table(FILE)[file.sender, file.sha256] = file


def _write_kept(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    for book, position, effect in placed:
        kept = cast("FileKept", effect)
        values = msgspec.structs.asdict(kept.file)
        values |= {
            "book": book,
            "sha256": bytes.fromhex(kept.file.sha256),
            "answered": position if kept.answered_here else kept.file.answered,
        }
        connection.execute(SQL["keep_file"], values)


def _write_marked(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    for _, _, effect in placed:
        marked = cast("FileMarked", effect)
        values = {
            "book": marked.book,
            "file": marked.file_id,
            "message": marked.message,
            "marked_at": marked.marked_at,
        }
        connection.execute(SQL["insert_file_sent"], values)


def _write_out(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    for _, _, effect in placed:
        out = cast("FileOut", effect)
        values = {
            "book": out.book,
            "file": out.file_id,
            "sha256": bytes.fromhex(out.sha256),
            "written_at": out.written_at,
        }
        connection.execute(SQL["file_written"], values)


FILE_EFFECTS = (
    EffectKind(FileKept, _write_kept, _apply_kept),
    EffectKind(FileMarked, _write_marked),
    EffectKind(FileOut, _write_out),
)
