"""The invariants of the books, checked from the rows alone.

`check` reads all books at one instant and returns what does not hold, for people to read; nothing if all is
well. Each row is read once, in order, so that a book of any size needs memory for its accounts only.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec
from psycopg import Connection

from teneur.kernel.commands import AccountId, Outcome, account_id, book_of, number_of
from teneur.ledger.account import FIRST_TRANSIT_NUMBER, SQL, AccountKind
from teneur.ledger.commands import Move, PlaceHold, ReleaseHold, ReverseOperation
from teneur.ledger.decisions import NUMBERS
from teneur.ledger.journal import COLUMNS, NO_RECORD, leaf_hash, row_bytes_of, salted_hash
from teneur.ledger.reading import heads

MOST_FAULTS = 100  # of one book: enough to see what is wrong
_HOLD_KINDS = (NUMBERS[PlaceHold], NUMBERS[ReleaseHold])
# Kinds whose record says whether the debit was forced. Other kinds force by rule: their domain's to check.
_TELLING_KINDS = (NUMBERS[Move], NUMBERS[ReverseOperation])


class Fault(msgspec.Struct, frozen=True):
    """Something that must not be. invariant: a stable name. what: where and how, in words."""

    invariant: str
    book: int
    what: str


class _State:
    """An account as the rows so far make it."""

    __slots__ = ("balance_minor", "changed_at", "sank_at", "sank_unforced", "sequence")

    def __init__(self) -> None:
        self.balance_minor = 0
        self.sequence = 0
        self.changed_at = 0  # position of the last change of its limit or standing
        self.sank_at = 0  # position of the last debit that took it below its floor of today
        self.sank_unforced = False


def check(connection: Connection[Any], books: Iterable[int] | None = None) -> list[Fault]:
    """What does not hold in these books (all, unless given), and between them, at one instant.

    The session must not be inside a transaction.
    """
    with connection.transaction():
        connection.execute(SQL["read_one_instant"])
        cut = heads(connection, books)
        faults: list[Fault] = []
        balances: dict[AccountId, int] = {}
        for book, position in cut.items():
            walk = Walk(connection, book)
            faults += walk.run(connection, position)
            balances |= {account_id(book, n): state.balance_minor for n, state in walk.accounts.items()}
        return faults + list(mirror_faults(balances))


def mirror_faults(balances: Mapping[AccountId, int]) -> Iterator[Fault]:
    """Transit accounts of two books, in one currency, that do not sum to zero. Both books must be there."""
    books = {book_of(account) for account in balances}
    for account, balance in sorted(balances.items()):
        here, number = book_of(account), number_of(account) - FIRST_TRANSIT_NUMBER
        there, numeric = divmod(number, 1000)
        if number < 0 or there not in books or there < here:
            continue
        mirror = balances.get(account_id(there, FIRST_TRANSIT_NUMBER + here * 1000 + numeric), 0)
        if balance + mirror:
            what = f"transit to book {there}, currency {numeric:03}: {balance} here and {mirror} there"
            yield Fault("transit mirrored", here, what)


class Walk:
    """One pass over the rows of a book."""

    def __init__(self, connection: Connection[Any], book: int) -> None:
        self.book = book
        self.accounts: dict[int, _State] = {}
        self.faults: list[Fault] = []
        self._standing = {row[0]: row[1:] for row in connection.execute(SQL["standing"], {"book": book})}
        self._previous: dict[str, Any] = {"position": 0, "line": 0}

    def run(self, connection: Connection[Any], position: int) -> list[Fault]:
        """Every fault of the book up to a position, at most MOST_FAULTS."""
        with connection.cursor(name="walk") as cursor:
            cursor.itersize = 2_000
            cursor.execute(SQL["walk"], {"book": self.book, "position": position})
            for values in cursor:
                row = dict(zip(COLUMNS, values, strict=False))
                salt, body, grounded = values[len(COLUMNS) :]
                self._order(row)
                self._key(row, body)
                self._leaf(row, salt, body)
                if not grounded:
                    self._fault("ground known", row, f"rests on {row['ground']}, which is not stored")
                if row["amount_minor"] is not None:
                    self._entry(row, body)
                elif row["outcome"] != Outcome.REFUSED and row["kind"] not in _HOLD_KINDS:
                    self._state(row["subject"]).changed_at = row["position"]
                self._previous = row
                if len(self.faults) >= MOST_FAULTS:
                    return self.faults
        self._totals()
        self._standings()
        return self.faults

    def _fault(self, invariant: str, row: Mapping[str, Any], what: str) -> None:
        self.faults.append(Fault(invariant, self.book, f"position {row['position']}: {what}"))

    def _state(self, number: int) -> _State:
        state = self.accounts.get(number)
        if state is None:
            state = self.accounts[number] = _State()
        return state

    def _order(self, row: Mapping[str, Any]) -> None:
        """Positions have no gap; the lines of an operation follow each other."""
        expected = self._previous["position"] + 1
        if row["position"] != expected:
            self._fault("positions dense", row, f"comes where {expected} should be")
        if row["line"] not in (0, self._previous["line"] + 1):
            self._fault("lines dense", row, f"line {row['line']} follows line {self._previous['line']}")

    def _key(self, row: Mapping[str, Any], body: bytes | None) -> None:
        """The key stands on the first row of an operation only; a half names the book where it was asked."""
        if (row["key"] is None) != (row["request"] is None):
            self._fault("key on first line", row, "has a key without a request hash, or the reverse")
        if row["line"] and row["key"] is not None:
            self._fault("key on first line", row, f"line {row['line']} has a key")
        if row["line"] == 0 and row["key"] is None and body is not None:
            asked = msgspec.json.decode(body).get("asked", {})
            if set(asked) != {"book", "position"} or asked["book"] == self.book:
                self._fault("key on first line", row, "has no key and was not asked in another book")

    def _leaf(self, row: Mapping[str, Any], salt: bytes | None, body: bytes | None) -> None:
        """The stored leaf is the hash of the stored row and record."""
        if row["line"] == 0 and (salt is None or body is None):
            self._fault("record kept", row, "the first row of an operation has no record")
            return
        salted = NO_RECORD if salt is None or body is None else salted_hash(salt, body)
        if leaf_hash(row_bytes_of(dict(row)), salted) != row["leaf"]:
            self._fault("leaf", row, "the row or its record is not what its leaf covers")

    def _entry(self, row: Mapping[str, Any], body: bytes | None) -> None:
        """Sequences have no gap, running balances are the sums of the entries."""
        amount = row["amount_minor"]
        for side, change in (("debit", -amount), ("credit", amount)):
            state = self._state(row[side])
            before = state.balance_minor
            state.sequence += 1
            state.balance_minor += change
            if row[f"{side}_sequence"] != state.sequence:
                found = row[f"{side}_sequence"]
                self._fault("sequences dense", row, f"{side} {row[side]} has {found}, not {state.sequence}")
                state.sequence = found
            if row[f"{side}_balance_minor"] != state.balance_minor:
                found = row[f"{side}_balance_minor"]
                text = f"{side} {row[side]} has {found}, not {state.balance_minor}"
                self._fault("running balances", row, text)
                state.balance_minor = found
            if row[side] not in self._standing:
                self._fault("accounts known", row, f"{side} {row[side]} is not an account of the book")
                continue
            floor = self._standing[row[side]][2]
            if side == "debit" and before >= floor > state.balance_minor:
                state.sank_at = row["position"]
                state.sank_unforced = row["kind"] in _TELLING_KINDS and not _was_forced(body)

    def _totals(self) -> None:
        totals: dict[str, int] = {}
        for number, state in self.accounts.items():
            if number in self._standing:
                currency = self._standing[number][1]
                totals[currency] = totals.get(currency, 0) + state.balance_minor
        for currency, total in sorted(totals.items()):
            if total:
                self.faults.append(Fault("trial balance", self.book, f"{currency} sums to {total}, not to 0"))

    def _standings(self) -> None:
        """Held sums, and the floors: judged by today's limit only where it has not changed since."""
        for number, (kind, _currency, floor, held, holds) in self._standing.items():
            if held != holds:
                what = f"account {number} holds {held}, its holds in force sum to {holds}"
                self.faults.append(Fault("held sums", self.book, what))
            state = self.accounts.get(number)
            if state is None or kind == AccountKind.OWN:
                continue
            below = state.balance_minor < floor
            if below and state.sank_unforced and state.sank_at > state.changed_at:
                what = f"account {number} sank below {floor} at position {state.sank_at} without being forced"
                self.faults.append(Fault("floors", self.book, what))


def _was_forced(body: bytes | None) -> bool:
    """Whether the record says so.

    A record that was erased, or that stands in the book where the operation was asked, says nothing here, and
    is not held against anyone.
    """
    return body is None or bool(msgspec.json.decode(body)["asked"].get("forced", True))
