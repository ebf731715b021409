"""Reading and noting what is kept of a delivery: the document as issued, its page, each attempt."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec
from psycopg import Connection

from teneur.kernel.commands import book_of, number_of
from teneur.obligations.notices.delivery import Attempt, Outcome
from teneur.obligations.notices.document import NoticeDocument, document_json
from teneur.obligations.notices.facts import SQL, Notice, NoticeId, notice_from_row


def key_of(key: NoticeId) -> dict[str, Any]:
    """The parameters that name a notice."""
    account, notice, line = key
    return {"book": book_of(account), "account": number_of(account), "notice": notice, "line": line}


def kept_document(connection: Connection[Any], key: NoticeId) -> tuple[NoticeDocument, bytes | None] | None:
    """A notice as issued, with its page if it has one; None before it is issued."""
    row = connection.execute(SQL["document"], key_of(key)).fetchone()
    if row is None:
        return None
    json, pdf = row
    document = msgspec.json.decode(bytes(json), type=NoticeDocument)
    return document, None if pdf is None else bytes(pdf)


def keep_document(connection: Connection[Any], key: NoticeId, document: NoticeDocument) -> None:
    """Issue a notice; one that was issued before stays as it is."""
    json = document_json(document)
    row = {
        **key_of(key), "at": document.issued_at, "sha256": sha256(json).digest(), "json": json
    }  # fmt: skip
    connection.execute(SQL["insert_document"], row)


def keep_page(connection: Connection[Any], key: NoticeId, pdf: bytes) -> None:
    """Keep the page of a notice, byte for byte."""
    row = {**key_of(key), "sha256": sha256(pdf).digest(), "pdf": pdf}
    connection.execute(SQL["insert_page"], row)


def attempts_of(connection: Connection[Any], key: NoticeId) -> list[Attempt]:
    """The attempts to send a notice, in order."""
    rows = connection.execute(SQL["deliveries"], key_of(key))
    return [
        Attempt(
            number=number,
            medium=medium,
            address_sha256=address,
            reference=reference,
            begun_at=begun_at,
            ended_at=ended_at,
            outcome=Outcome(outcome) if outcome else None,
            error=error,
        )
        for number, medium, address, reference, begun_at, ended_at, outcome, error in rows
    ]


def begin(
    connection: Connection[Any], key: NoticeId, number: int, medium: str, address: str, at: datetime
) -> None:
    """An attempt begins. Of the address only its hash is kept."""
    digest = sha256(address.encode()).hexdigest() if address else ""
    row = {
        **key_of(key), "attempt": number, "medium": medium, "address_sha256": digest, "reference": "",
        "at": at,
    }  # fmt: skip
    connection.execute(SQL["begin_delivery"], row)


def end(
    connection: Connection[Any],
    key: NoticeId,
    number: int,
    outcome: Outcome,
    at: datetime,
    *,
    reference: str = "",
    error: str = "",
) -> None:
    """What became of an attempt."""
    row = {
        **key_of(key), "attempt": number, "outcome": outcome.value, "at": at, "reference": reference,
        "error": error,
    }  # fmt: skip
    connection.execute(SQL["end_delivery"], row)


def wait_until(connection: Connection[Any], key: NoticeId, at: datetime | None) -> None:
    """When the notice is tried again; None: a person must look."""
    connection.execute(SQL["wait_until"], {**key_of(key), "next_at": at})


def waiting(connection: Connection[Any], book: int, at: datetime, limit: int) -> list[Notice]:
    """Notices of a book whose time has come, the longest waiting first."""
    rows = connection.execute(SQL["take_waiting"], {"book": book, "at": at, "limit": limit})
    return [notice_from_row(row) for row in rows]


def unsent(
    connection: Connection[Any], book: int, limit: int, *, given_up: bool = False
) -> list[tuple[Notice, datetime | None]]:
    """Notices that are not sent, oldest first, with when they are tried again; only those given up."""
    parameters = {"book": book, "limit": limit, "given_up": given_up}
    rows = connection.execute(SQL["unsent"], parameters)
    return [(notice_from_row(row[:13]), row[13]) for row in rows]


def notices_of(connection: Connection[Any], account: int, limit: int) -> list[Notice]:
    """What the holders of an account were, or are to be, told: the latest first."""
    parameters = {"book": book_of(account), "account": number_of(account), "limit": limit}
    return [notice_from_row(row) for row in connection.execute(SQL["notices_of_account"], parameters)]


class Grounds(msgspec.Struct, frozen=True):
    """What a notice rests on. duty_done: by what the duty was done already; None: it is open, or none is."""

    clauses: tuple[str, ...]
    duty_done: str | None


def grounds_of(connection: Connection[Any], book: int, notices: Sequence[Notice]) -> dict[NoticeId, Grounds]:
    """The clauses of the duty and of the decision behind each notice, and whether the duty is done."""
    owed = [n for n in notices if n.discharges]
    parameters = {
        "book": book,
        "accounts": [number_of(n.account) for n in owed],
        "kinds": [n.discharges for n in owed],
        "abouts": [n.about for n in owed],
    }
    duties = {
        (number, kind, about): (clause, by if done else None)
        for number, kind, about, done, clause, by in connection.execute(SQL["duties_done"], parameters)
    }
    positions = {"book": book, "positions": [n.id for n in notices]}
    cited = dict(connection.execute(SQL["clauses_of_operations"], positions).fetchall())
    found = {}
    for notice in notices:
        clause, by = duties.get((number_of(notice.account), notice.discharges, notice.about), ("", None))
        clauses = (*((clause,) if clause else ()), *cited.get(notice.id, ()))
        found[notice.key] = Grounds(tuple(dict.fromkeys(clauses)), by)
    return found


def hurry(connection: Connection[Any], at: datetime) -> None:
    """What waits for a later time is tried from an instant on."""
    connection.execute(SQL["hurry"], {"at": at})


def try_again(connection: Connection[Any], at: datetime) -> None:
    """Notices that were given up are tried again from now on, by all media anew."""
    connection.execute(SQL["try_again"], {"at": at})
