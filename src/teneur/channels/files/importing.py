"""One file in, whatever its message.

    1 keep        a copy, its hash, the message that its namespace names
    2 check       read to the end: structure, counts and sums; a bad file is refused whole, nothing is done
    3 remember    the file and the moment of its reception, which is that of all its orders
    4 do          each transaction as a command, in order, in batches; a bad one is refused alone
    5 answer      the answer is stored with the file, then what it told is no longer owed

A crash between any two leaves a file that is RECEIVED: the same file again does what is missing, under the
same keys, and answers. A file that is answered does nothing when it comes again.
"""

from datetime import datetime
from typing import Any

import msgspec

from teneur.accounts.facts import record_of
from teneur.bank import Bank
from teneur.channels.files import arriving, customers, from_banks
from teneur.channels.files.intake import Given, Kept, kept, refusal
from teneur.channels.files.keys import answer_id_of, key_of
from teneur.channels.files.reports import ImportReport, ItemResult, Progress, counts
from teneur.interbank import pain002
from teneur.interbank.answers import CustomerStatusReport
from teneur.interbank.faults import FileRefusal
from teneur.interbank.messages import Party
from teneur.interbank.xml import LIMITS, Limits
from teneur.kernel.commands import Channel
from teneur.payments.transfers.message_files import (
    FILES,
    AnswerFile,
    FileStatus,
    ReceivedFile,
    ReceiveFile,
    load_files,
)

OTHER_BANK = 0


def import_file(
    bank: Bank,
    source: Given,
    *,
    sender: int,
    name: str = "",
    book: int = 1,
    at: datetime | None = None,
    limits: Limits = LIMITS,
    progress: Progress | None = None,
) -> ImportReport:
    """Import one file and say what became of each transaction. Nothing is done if it is refused whole.

    sender: the person who sends orders (pain.001), or OTHER_BANK for a message of another bank (pacs.008,
    pacs.002, pacs.004, camt.056, camt.029). name: what the sender calls it. book: that answers for accounts
    nobody has. at: received then (now). Raises OutcomeUnknown or
    BookBusy where the database failed: import the same file again.
    """
    moment = at or bank.clock.now()
    with kept(source, limits) as copy:
        message = copy.message()
        checked = _checked(copy, message, sender, limits)
        if isinstance(checked, FileRefusal):
            head = Head(message_id=checked.message_id)
        else:
            head = Head(message_id=checked.message_id, transactions=checked.transactions)
            early = from_banks.funds_to_come(bank, checked, moment) if sender == OTHER_BANK else None
            if early is not None:  # not remembered: on the day of its funds the same file is welcome
                return ImportReport(
                    name=name, sha256=copy.sha256, message=message, message_id=head.message_id,
                    received_at=moment, refusal=early, transactions=head.transactions,
                )  # fmt: skip
        file = _remember(bank, copy, name, message, sender, head, moment)
        if file.status is not FileStatus.RECEIVED:
            return _repeated(bank, file)
        if isinstance(checked, FileRefusal):
            return _refuse_whole(bank, file, checked)
        if isinstance(checked, customers.Checked):
            results, said = customers.place(bank, copy.rewound(), file, limits=limits, progress=progress)
        elif isinstance(checked, arriving.Checked):
            results = arriving.take(
                bank, checked, copy.rewound(), file, book=book, limits=limits,
                progress=progress,
            )  # fmt: skip
            said = None
        else:
            results = from_banks.take(bank, checked, file, book=book, progress=progress)
            said = None
    return _answered(bank, file, results, said)


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """What a file says of itself."""

    message_id: str
    transactions: int = 0


def _checked(
    copy: Kept, message: str, sender: int, limits: Limits
) -> customers.Checked | arriving.Checked | from_banks.Checked | FileRefusal:
    """The file read to its end; or why it is refused whole."""
    if copy.too_large:
        return refusal("file-too-large", limits.file_bytes)
    expected = from_banks.MESSAGES if sender == OTHER_BANK else customers.MESSAGES
    if message and message not in expected:
        return refusal("file-unknown-message", message, ", ".join(expected))
    if sender == OTHER_BANK:
        return from_banks.check(copy.rewound(), message, limits)
    return customers.check(copy.rewound(), limits)


def _remember(
    bank: Bank, copy: Kept, name: str, message: str, sender: int, head: Head, at: datetime
) -> ReceivedFile:
    """The file as the bank knows it: new, or as it came before, perhaps under another name."""
    found = _known(bank, sender, copy.sha256)
    if found is None:
        ask = ReceiveFile(
            sender=sender,
            sha256=copy.sha256,
            name="".join(c for c in name if c.isprintable())[:200],
            message=message,
            message_id=head.message_id,
            transactions=head.transactions,
        )
        key = key_of("file", sender, copy.sha256)
        bank.ask(ask, FILES, channel=_channel(sender), key=key, at=at)
        found = _known(bank, sender, copy.sha256)
    assert found is not None, "a file that was received has its row"
    return found


def _known(bank: Bank, sender: int, sha256: str) -> ReceivedFile | None:
    with bank.read() as connection:
        return load_files(connection, [(sender, sha256)]).get((sender, sha256))


def _channel(sender: int) -> Channel:
    return Channel.INTERBANK if sender == OTHER_BANK else Channel.FILE


def _refuse_whole(bank: Bank, file: ReceivedFile, refused: FileRefusal) -> ImportReport:
    said = None
    if file.sender != OTHER_BANK:
        us = Party(name=customers.SENDER_OF_ANSWERS)
        name = file.message or customers.MESSAGES[0]
        said = pain002.refused_file(
            refused, answer_id_of(file.sender, file.sha256), file.received_at, us, name
        )
    return _answered(bank, file, (), said, refused)


def _answered(
    bank: Bank,
    file: ReceivedFile,
    results: tuple[ItemResult, ...],
    said: CustomerStatusReport | None,
    refused: FileRefusal | None = None,
) -> ImportReport:
    """Store the answer; what it tells of refusals is then no longer owed."""
    accepted, pending, rejected = counts(results)
    written = b"" if said is None else pain002.write(said)
    ask = AnswerFile(
        sender=file.sender,
        sha256=file.sha256,
        whole_refused=refused is not None,
        accepted=accepted,
        pending=pending,
        refused=rejected,
        answer=written.decode(),
    )
    key = key_of("file-answer", file.sender, file.sha256)
    bank.ask(ask, FILES, channel=_channel(file.sender), key=key)
    stored = _known(bank, file.sender, file.sha256)
    assert stored is not None, "a file that was received has its row"
    answer = _answer_of(bank, stored)  # of whoever was first, if the file came twice at the same time
    if answer:
        customers.tell(bank, answer, answer_id_of(file.sender, file.sha256))
    return _report(stored, results, answer, refused)


def _repeated(bank: Bank, file: ReceivedFile) -> ImportReport:
    """A file that was answered before: the same answer, and nothing done; but what it told is told."""
    answer = _answer_of(bank, file)
    if answer:
        customers.tell(bank, answer, answer_id_of(file.sender, file.sha256))
    return msgspec.structs.replace(_report(file, (), answer, None), repeated=True)


def _report(
    file: ReceivedFile, results: tuple[ItemResult, ...], answer: bytes, refused: FileRefusal | None
) -> ImportReport:
    return ImportReport(
        name=file.name,
        sha256=file.sha256,
        message=file.message,
        message_id=file.message_id,
        received_at=file.received_at,
        refusal=refused,
        results=results,
        transactions=file.transactions,
        accepted=file.accepted,
        pending=file.pending,
        refused=file.refused,
        answer_id=answer_id_of(file.sender, file.sha256),
        answer=answer,
    )


def _answer_of(bank: Bank, file: ReceivedFile) -> bytes:
    """The answer that the record of the file's answer keeps."""
    if file.answered is None:
        return b""
    with bank.read() as connection:
        body = record_of(connection, 0, file.answered)
    if body is None:
        return b""
    record = msgspec.json.decode(body, type=dict[str, Any])
    return str(record["asked"]["answer"]).encode()
