"""Facts about notices: what there is to say, whether it was sent, and what the holders chose."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from psycopg import Connection

from teneur.agreements.terms.notices import Medium
from teneur.kernel.commands import AccountId, FactKind, account_id, book_of, number_of
from teneur.ledger.account import LARGEST_POSITION
from teneur.storage.sql import load

SQL = load("teneur.obligations.notices")
LARGEST_LINE = 2**15 - 1
NoticeId = tuple[AccountId, int, int]  # account, position of the row that says so, line


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """What the holders of an account must be told. values: what the template needs.

    sent_at: None until it has gone out; then by which medium, under which reference.
    """

    account: AccountId
    id: int
    line: int
    template: str
    about: str
    values: dict[str, str | int]
    discharges: str
    made_at: datetime
    medium: str = ""
    reference: str = ""
    sent_at: datetime | None = None
    acknowledged: bool = False

    @property
    def key(self) -> NoticeId:
        """What names it within the bank."""
        return self.account, self.id, self.line

    @property
    def name(self) -> str:
        """What names it for people and in files: `1-1000000-42-0`."""
        return f"{book_of(self.account)}-{number_of(self.account)}-{self.id}-{self.line}"


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """What the holders chose for an account. None: nothing, so as the agreement says.

    recipient: the holder whose address is that of the particular terms.
    """

    paperless: bool | None = None
    medium: Medium | None = None
    recipient: int | None = None


NO_CHOICE = Choice()


def notice_from_row(row: Sequence[Any]) -> Notice:
    """A notice from the columns of the queries."""
    book, number, id_, line, template, about, content, discharges, made_at = row[:9]
    medium, reference, sent_at, acknowledged = row[9:]
    return Notice(
        account=account_id(book, number),
        id=id_,
        line=line,
        template=template,
        about=about,
        values=msgspec.json.decode(content, type=dict[str, str | int]),
        discharges=discharges,
        made_at=made_at,
        medium=medium or "",
        reference=reference or "",
        sent_at=sent_at,
        acknowledged=acknowledged,
    )


def load_notices(connection: Connection[Any], keys: Sequence[NoticeId]) -> Mapping[NoticeId, Notice]:
    """Notices by id."""
    keys = [k for k in keys if 0 < k[1] <= LARGEST_POSITION and 0 <= k[2] <= LARGEST_LINE]
    found = {}
    for parameters in _by_book(keys):
        for row in connection.execute(SQL["notices"], parameters):
            notice = notice_from_row(row)
            found[notice.key] = notice
    return found


def load_choices(connection: Connection[Any], accounts: Sequence[AccountId]) -> Mapping[AccountId, Choice]:
    """The latest choice of each account; accounts without any are left out."""
    found = {}
    for book in sorted({book_of(a) for a in accounts}):
        numbers = [number_of(a) for a in accounts if book_of(a) == book]
        rows = connection.execute(SQL["choices"], {"book": book, "accounts": numbers})
        for number, paperless, medium, recipient in rows:
            found[account_id(book, number)] = Choice(
                paperless=paperless, medium=Medium(medium) if medium else None, recipient=recipient
            )
    return found


def _by_book(keys: Sequence[NoticeId]) -> Iterator[dict[str, Any]]:
    for book in sorted({book_of(account) for account, _, _ in keys}):
        mine = [(number_of(a), notice, line) for a, notice, line in keys if book_of(a) == book]
        yield {
            "book": book,
            "accounts": [a for a, _, _ in mine],
            "notices": [notice for _, notice, _ in mine],
            "lines": [line for _, _, line in mine],
        }


NOTICE = FactKind("notice", load_notices)
CHOICE = FactKind("choice of media", load_choices)
