"""What readers use: balances, postings, operations, always by a cut and never "now" over moving rows.

A cut is a position of a book. The journal is only appended to, and no position is stored before the one in
front of it, so whatever is read up to a position is the same for ever, in one statement or in many. `heads`
gives the latest cut, of all books at one instant. Amounts are minor units, positive to the account's credit.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg import Connection

from teneur.kernel.commands import AccountId, Channel, Outcome, account_id, book_of, number_of
from teneur.ledger.account import SQL, AccountKind
from teneur.ledger.effects import Hold, hold_from_row

PAGE = 1_000  # postings read at a time


class Record(msgspec.Struct, frozen=True):
    """The evidence record of an operation: what was asked, what the decision noted, by which kind of command.

    book, position: where it stands. The half of a transfer that lies in the other book shows the record of
    the half where it was asked.
    """

    book: int
    position: int
    kind: str
    asked: dict[str, Any]
    decided: dict[str, Any]


class Posting(msgspec.Struct, frozen=True):
    """One side of an entry, as its account sees it. balance_minor: just after it, in order of booking.

    operation: position of the first row of its operation. record is None where it was erased.
    """

    account: AccountId
    sequence: int
    position: int
    operation: int
    amount_minor: int
    balance_minor: int
    counterparty: AccountId
    booked_on: date
    value_on: date
    received_at: datetime
    kind: int
    ground: UUID
    reason: str
    citations: tuple[str, ...]
    record: Record | None


class TrialLine(msgspec.Struct, frozen=True):
    """One account of a trial balance."""

    account: AccountId
    currency: str
    kind: AccountKind
    label: str
    balance_minor: int


class TrialBalance(msgspec.Struct, frozen=True):
    """All accounts that had moved by the cut. cut: position by book."""

    cut: dict[int, int]
    lines: tuple[TrialLine, ...]

    @property
    def totals_minor(self) -> dict[str, int]:
        """The sum by currency: zero, or the books are broken."""
        totals: dict[str, int] = {}
        for line in self.lines:
            totals[line.currency] = totals.get(line.currency, 0) + line.balance_minor
        return totals

    @property
    def balanced(self) -> bool:
        """Whether every currency sums to zero."""
        return not any(self.totals_minor.values())


class Available(msgspec.Struct, frozen=True):
    """Why so much may be used: available = booked − held − unavailable + overdraft. position: the cut."""

    account: AccountId
    position: int
    currency: str
    booked_minor: int
    held_minor: int
    unavailable_minor: int
    overdraft_minor: int
    holds: tuple[Hold, ...]

    @property
    def available_minor(self) -> int:
        """What may be used at the cut."""
        return self.booked_minor - self.held_minor - self.unavailable_minor + self.overdraft_minor


class OperationRow(msgspec.Struct, frozen=True):
    """One row of an operation; the fields of the entry are None on an outcome without entry."""

    position: int
    line: int
    debit: AccountId | None
    credit: AccountId | None
    amount_minor: int | None
    debit_balance_minor: int | None
    credit_balance_minor: int | None
    booked_on: date
    debit_value_on: date | None
    credit_value_on: date | None
    leaf: bytes


class StoredOperation(msgspec.Struct, frozen=True, kw_only=True):
    """An operation as stored: the answer, its rows, and the record behind it.

    position: of its first row. subject is None where the entry of the first row names it. key is None on the
    half that lies in the other book. reversed_by: position of the operation that undid it.
    """

    book: int
    position: int
    outcome: Outcome
    reason: str
    citations: tuple[str, ...]
    kind: int
    received_at: datetime
    actor: int
    channel: Channel
    subject: AccountId | None
    key: bytes | None
    rows: tuple[OperationRow, ...]
    record: Record | None
    reversed_by: int | None


def heads(connection: Connection[Any], books: Iterable[int] | None = None) -> dict[int, int]:
    """The last position of each of these books (all, unless given) at one instant; 0 in an empty one."""
    wanted = None if books is None else list(books)
    return dict(connection.execute(SQL["head_positions"], {"books": wanted}).fetchall())


def balance_at(connection: Connection[Any], account: AccountId, position: int) -> int:
    """The booked balance as of a position of the account's book. Reads a few rows, however many there are."""
    return _balance_after(connection, account, _sequence_at(connection, account, position))


def balance_on_booking_date(connection: Connection[Any], account: AccountId, day: date, position: int) -> int:
    """The booked balance at the end of a day, of what was stored by a position. Reads the account's rows."""
    return _balance_without(connection, "booked_after", account, day, position)


def balance_on_value_date(connection: Connection[Any], account: AccountId, day: date, position: int) -> int:
    """The balance that bears interest at the end of a day, as known at a position. Reads the account's rows.

    The same day read at a later position may show another sum: an entry may be valued in the past.
    """
    return _balance_without(connection, "valued_after", account, day, position)


def postings(
    connection: Connection[Any],
    account: AccountId,
    position: int,
    *,
    after: int = 0,
    first_day: date = date.min,
    last_day: date = date.max,
) -> Iterator[Posting]:
    """The account's postings stored after position `after` and up to `position`, in order.

    Booked on these days, both included. Read page by page: an account of millions of rows needs no memory.
    """
    last = _sequence_at(connection, account, position)
    sequence = _sequence_at(connection, account, after) if after > 0 else 0
    parameters = {**_key(account), "last": last, "first_day": first_day, "last_day": last_day, "most": PAGE}
    while sequence < last:
        rows = connection.execute(SQL["postings"], {**parameters, "after": sequence}).fetchall()
        book = book_of(account)
        records = _records(connection, {(book, row[1] - row[2]): row[13] for row in rows})
        for row in rows:
            operation = row[1] - row[2]
            yield Posting(
                account=account,
                sequence=row[0],
                position=row[1],
                operation=operation,
                amount_minor=row[3],
                balance_minor=row[4],
                counterparty=account_id(book, row[5]),
                booked_on=row[6],
                value_on=row[7],
                received_at=row[8],
                kind=row[9],
                ground=row[10],
                reason=row[11],
                citations=tuple(row[12]),
                record=records.get((book, operation)),
            )
        if len(rows) < PAGE:
            return
        sequence = rows[-1][0]


def trial_balance(connection: Connection[Any], cut: Mapping[int, int]) -> TrialBalance:
    """The balances of all accounts of the books in `cut`, each book at its position."""
    lines = []
    for book, position in sorted(cut.items()):
        rows = connection.execute(SQL["trial_balance"], {"book": book, "position": position})
        for number, currency, kind, label, balance in rows:
            lines.append(TrialLine(account_id(book, number), currency, AccountKind(kind), label, balance))
    return TrialBalance(dict(sorted(cut.items())), tuple(lines))


def holds_in_force(connection: Connection[Any], account: AccountId) -> list[Hold]:
    """What is kept aside on an account, in order of placing."""
    rows = connection.execute(SQL["account_holds"], _key(account))
    return [hold_from_row(account, row) for row in rows]


def available(connection: Connection[Any], account: AccountId) -> Available | None:
    """The available balance and all that makes it, at one instant; None if there is no such account."""
    rows = connection.execute(SQL["available"], _key(account)).fetchall()
    if not rows:
        return None
    position, currency, floor, held, unavailable, booked = rows[0][:6]
    holds = tuple(hold_from_row(account, row[6:]) for row in rows if row[6] is not None)
    return Available(account, position, currency, booked, held, unavailable, -floor, holds)


def position_of_key(connection: Connection[Any], book: int, key: bytes) -> int | None:
    """The position of the operation that an idempotency key names in a book."""
    row = connection.execute(SQL["known_keys"], {"book": book, "keys": [UUID(bytes=key)]}).fetchone()
    return None if row is None else int(row[2])


def operation_at(connection: Connection[Any], book: int, position: int) -> StoredOperation | None:
    """The operation that the row at a position belongs to; None if there is no such row."""
    found = connection.execute(SQL["operation_rows"], {"book": book, "position": position}).fetchall()
    if not found:
        return None
    first = found[0]
    received_at, subject, actor, kind, outcome, channel, key, reason, clauses, body, reversed_by = first[11:]
    rows = tuple(
        OperationRow(
            row[0], row[1], None if row[2] is None else account_id(book, row[2]),
            None if row[3] is None else account_id(book, row[3]), *row[4:11],
        )
        for row in found
    )  # fmt: skip
    return StoredOperation(
        book=book,
        position=first[0],
        outcome=Outcome(outcome),
        reason=reason,
        citations=tuple(clauses),
        kind=kind,
        received_at=received_at,
        actor=actor,
        channel=Channel(channel),
        subject=None if subject is None else account_id(book, subject),
        key=None if key is None else key.bytes,
        rows=rows,
        record=_records(connection, {(book, first[0]): body}).get((book, first[0])),
        reversed_by=reversed_by,
    )


def _key(account: AccountId) -> dict[str, int]:
    return {"book": book_of(account), "account": number_of(account)}


def _sequence_at(connection: Connection[Any], account: AccountId, position: int) -> int:
    row = connection.execute(SQL["sequence_at"], {**_key(account), "position": position}).fetchone()
    return 0 if row is None else int(row[0])


def _balance_after(connection: Connection[Any], account: AccountId, sequence: int) -> int:
    row = connection.execute(SQL["balance_after"], {**_key(account), "sequence": sequence}).fetchone()
    return 0 if row is None else int(row[0])


def _balance_without(
    connection: Connection[Any], query: str, account: AccountId, day: date, position: int
) -> int:
    """The balance at a position less what counts only after the day."""
    sequence = _sequence_at(connection, account, position)
    parameters = {**_key(account), "sequence": sequence, "day": day}
    row = connection.execute(SQL[query], parameters).fetchone()
    assert row is not None
    return _balance_after(connection, account, sequence) - int(row[0])


def _records(
    connection: Connection[Any], bodies: Mapping[tuple[int, int], bytes | None]
) -> dict[tuple[int, int], Record]:
    """Records by book and position of their operation; a half shows the record where it was asked."""
    found: dict[tuple[int, int], Record] = {}
    elsewhere: dict[int, dict[int, list[tuple[int, int]]]] = {}
    for (book, position), body in bodies.items():
        if body is None:
            continue
        content = msgspec.json.decode(body)
        if "decided" in content:
            found[book, position] = _record(book, position, content)
        else:
            asked = content["asked"]
            elsewhere.setdefault(asked["book"], {}).setdefault(asked["position"], []).append((book, position))
    for book, halves in elsewhere.items():
        rows: Sequence[Any] = connection.execute(
            SQL["records"], {"book": book, "positions": list(halves)}
        ).fetchall()
        for position, body in rows:
            record = _record(book, position, msgspec.json.decode(body))
            found |= dict.fromkeys(halves[position], record)
    return found


def _record(book: int, position: int, content: dict[str, Any]) -> Record:
    return Record(book, position, content["kind"], content["asked"], content["decided"])
