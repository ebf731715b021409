"""Notices in the web space: made available there, which is what delivery means for a secure message."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec
from psycopg import Connection

from teneur.kernel.commands import book_of, number_of
from teneur.obligations.notices.adapters import Answer, Parcel
from teneur.obligations.notices.document import NoticeDocument
from teneur.obligations.notices.facts import SQL


class SecureMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A message as the web space shows it. name: of the notice."""

    name: str
    subject: str
    body: str
    available_at: datetime


class WebSpace:
    """The adapter of secure messages."""

    needs_page = False

    def __init__(self, connect: Callable[[], Connection[Any]]) -> None:
        self._connect = connect

    def address(self, document: NoticeDocument, _email: str) -> str:
        """The person: every holder has a web space. What is enclosed is shown there by itself."""
        return f"person {document.person}"

    def send(self, parcels: Sequence[Parcel]) -> Iterator[Answer]:
        """All in one transaction; a message that is there already stays as it is."""
        rows = []
        for parcel in parcels:
            account, notice, line = parcel.key
            rows.append(
                {
                    "book": book_of(account),
                    "account": number_of(account),
                    "notice": notice,
                    "line": line,
                    "person": parcel.document.person,
                    "subject": parcel.document.subject,
                    "body": parcel.text,
                    "at": parcel.document.issued_at,
                }
            )
        with self._connect() as connection, connection.cursor() as cursor:
            cursor.executemany(SQL["insert_message"], rows)
        yield from (Answer(reference=f"web space: {parcel.document.name}") for parcel in parcels)


def messages_of(connection: Connection[Any], person: int, limit: int = 100) -> list[SecureMessage]:
    """What the web space shows a person, the latest first."""
    rows = connection.execute(SQL["messages_of_person"], {"person": person, "limit": limit})
    return [
        SecureMessage(
            name=f"{book}-{number}-{notice}-{line}", subject=subject, body=body, available_at=available_at
        )
        for book, number, notice, line, subject, body, available_at in rows
    ]
