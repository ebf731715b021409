"""Facts about fees: what happened that has a price, and what became of it."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import IntEnum
from typing import Any

import msgspec
from psycopg import Connection

from teneur.kernel.commands import AccountId, FactKind, account_id, book_of, number_of
from teneur.ledger.account import LARGEST_POSITION
from teneur.pricing.fees.rules.caps import Charge
from teneur.storage.sql import load

SQL = load("teneur.pricing.fees")
LARGEST_LINE = 2**15 - 1
Key = tuple[AccountId, int, int]  # account, position of the row of what happened, line


class FeeStatus(IntEnum):
    """Life of a fee. Stored: never renumber."""

    DUE = 1
    ANNOUNCED = 2  # an incident fee that its holder was shown
    COLLECTED = 3
    WAIVED = 4  # given up before it was taken
    FREE = 5  # it came to nothing
    REFUNDED = 6  # taken, and wholly given back


OPEN = frozenset({FeeStatus.DUE, FeeStatus.ANNOUNCED})


class Fee(msgspec.Struct, frozen=True, kw_only=True):
    """One fee. price_minor: by the tariff; amount_minor: after caps; both None until they are decided.

    limits: codes of what made it less. collectable_on: first day on which it may be taken, once announced.
    settled_by: position of the row that collected, waived or freed it.
    """

    account: AccountId
    id: int
    line: int
    event: str
    about: str
    occurred_on: date
    base_minor: int = 0
    quantity: int = 1
    status: FeeStatus = FeeStatus.DUE
    price_minor: int | None = None
    amount_minor: int | None = None
    limits: tuple[str, ...] = ()
    announced_on: date | None = None
    collectable_on: date | None = None
    settled_on: date | None = None
    settled_by: int | None = None
    refunded_minor: int = 0

    @property
    def key(self) -> Key:
        """What names it."""
        return self.account, self.id, self.line

    @property
    def order(self) -> tuple[date, int, int]:
        """Fees count in the order of their days."""
        return self.occurred_on, self.id, self.line

    @property
    def charge(self) -> Charge:
        """The fee as the caps see it: what was given up or given back no longer fills them."""
        kept = None if self.amount_minor is None else self.amount_minor - self.refunded_minor
        return Charge(
            event=self.event,
            about=self.about,
            occurred_on=self.occurred_on,
            base_minor=self.base_minor,
            quantity=self.quantity,
            amount_minor=0 if self.status is FeeStatus.WAIVED else kept,
        )


def fee_from_row(row: Sequence[Any]) -> Fee:
    """A fee from the columns of the queries."""
    (book, number, id_, line, event, about, occurred_on, base, quantity, status) = row[:10]
    (price, amount, limits, announced_on, collectable_on, settled_on, settled_by, refunded) = row[10:]
    return Fee(
        account=account_id(book, number),
        id=id_,
        line=line,
        event=event,
        about=about,
        occurred_on=occurred_on,
        base_minor=base,
        quantity=quantity,
        status=FeeStatus(status),
        price_minor=price,
        amount_minor=amount,
        limits=tuple(limits.split()),
        announced_on=announced_on,
        collectable_on=collectable_on,
        settled_on=settled_on,
        settled_by=settled_by,
        refunded_minor=refunded,
    )


def load_counting(
    connection: Connection[Any], accounts: Sequence[AccountId]
) -> Mapping[AccountId, tuple[Fee, ...]]:
    """The open fees of accounts, with the settled ones that count for the caps of theirs, in order."""
    found: dict[AccountId, tuple[Fee, ...]] = {}
    for book in sorted({book_of(a) for a in accounts}):
        numbers = [number_of(a) for a in accounts if book_of(a) == book]
        for row in connection.execute(SQL["counting"], {"book": book, "accounts": numbers}):
            fee = fee_from_row(row)
            found[fee.account] = (*found.get(fee.account, ()), fee)
    return found


def load_fees(connection: Connection[Any], keys: Sequence[Key]) -> Mapping[Key, Fee]:
    """Fees by key."""
    found: dict[Key, Fee] = {}
    keys = [k for k in keys if 0 < k[1] <= LARGEST_POSITION and 0 <= k[2] <= LARGEST_LINE]
    for book in sorted({book_of(a) for a, _, _ in keys}):
        mine = [(number_of(a), fee, line) for a, fee, line in keys if book_of(a) == book]
        parameters = {
            "book": book,
            "accounts": [a for a, _, _ in mine],
            "fees": [fee for _, fee, _ in mine],
            "lines": [line for _, _, line in mine],
        }
        for row in connection.execute(SQL["fees"], parameters):
            fee = fee_from_row(row)
            found[fee.key] = fee
    return found


def load_of_events(
    connection: Connection[Any], keys: Sequence[tuple[AccountId, str]]
) -> Mapping[tuple[AccountId, str], tuple[Fee, ...]]:
    """All fees of an account for an event, in order."""
    found: dict[tuple[AccountId, str], tuple[Fee, ...]] = {}
    for account, event in keys:
        parameters = {"book": book_of(account), "account": number_of(account), "event": event}
        rows = connection.execute(SQL["of_event"], parameters).fetchall()
        found[account, event] = tuple(fee_from_row(row) for row in rows)
    return found


COUNTING = FactKind("fees that count", load_counting)
FEE = FactKind("fee", load_fees)
OF_EVENT = FactKind("fees for an event", load_of_events)
