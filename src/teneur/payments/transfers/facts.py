"""Facts about transfers: orders taken earlier, ceilings and what was spent of them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import IntEnum
from typing import Any

import msgspec
from psycopg import Connection

from teneur.kernel.commands import AccountId, Channel, FactKind, account_id, book_of, number_of
from teneur.ledger.account import LARGEST_POSITION
from teneur.payments.transfers.commands import PlaceTransfer
from teneur.storage.sql import load

SQL = load("teneur.payments.transfers")
OrderKey = tuple[AccountId, int]  # account, id of the order
EarlierKey = tuple[AccountId, int]  # account, operation
SpentKey = tuple[AccountId, datetime, tuple[int, ...]]  # account, instant from which on, channels


class OrderStatus(IntEnum):
    """Life of an order that is not done at once. Stored: never renumber."""

    SCHEDULED = 1  # its day has not come
    SENT = 2  # the money has left; the payee's bank has not confirmed
    RESERVED = 3  # instant: the money is kept aside
    SCREENED = 4  # the money is kept aside until someone has looked
    DONE = 5
    REFUSED = 6
    REVOKED = 7
    FAILED = 8  # instant: the money could not be made available
    RETURNED = 9
    RECALL_ASKED = 10
    WAITING = 11  # for the customer's funds


class TransferOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order taken earlier, as it stands.

    ordered_at: when it was given, which decides under which edition; received_at: its moment of reception;
    None: it is not received yet, or was refused. ends_on: the last agreed day that stands of a standing order
    from which consent was withdrawn.
    """

    account: AccountId
    id: int
    status: OrderStatus
    channel: Channel
    ask: PlaceTransfer
    debit_minor: int
    ordered_at: datetime
    received_at: datetime | None
    due_on: date | None = None
    execute_by: datetime | None = None
    stamped_at: datetime | None = None
    hold: int | None = None
    done_occurrences: int = 0
    revoked_days: tuple[date, ...] = ()
    executed: int | None = None
    reason: str = ""
    ends_on: date | None = None


class EarlierOrder(msgspec.Struct, frozen=True):
    """An order that was answered before: when it came, and whether it was refused, then or when due."""

    received_at: datetime
    refused: bool


class CeilingRequest(msgspec.Struct, frozen=True):
    """A request for other ceilings and what became of it (effects.CeilingStatus)."""

    request: int
    status: int
    per_operation_minor: int | None
    weekly_minor: int | None
    until_on: date | None


def order_from_row(book: int, row: Sequence[Any]) -> TransferOrder:
    """An order as `select_order` columns give it."""
    (
        number,
        transfer,
        status,
        debit,
        received,
        due,
        by,
        stamped,
        hold,
        done,
        revoked,
        executed,
        reason,
        ends,
        channel,
        ordered,
        asked,
    ) = row
    return TransferOrder(
        account=account_id(book, number),
        id=transfer,
        status=OrderStatus(status),
        channel=Channel(channel),
        ask=msgspec.json.decode(asked, type=PlaceTransfer),
        debit_minor=debit,
        ordered_at=ordered,
        received_at=received,
        due_on=due,
        execute_by=by,
        stamped_at=stamped,
        hold=hold,
        done_occurrences=done,
        revoked_days=tuple(revoked),
        executed=executed,
        reason=reason,
        ends_on=ends,
    )


def load_orders(connection: Connection[Any], keys: Sequence[OrderKey]) -> Mapping[OrderKey, TransferOrder]:
    """Orders by account and id."""
    found: dict[OrderKey, TransferOrder] = {}
    for book in sorted({book_of(a) for a, _ in keys}):
        mine = [(number_of(a), t) for a, t in keys if book_of(a) == book]
        parameters = {"book": book, "accounts": [a for a, _ in mine], "transfers": [t for _, t in mine]}
        for row in connection.execute(SQL["orders"], parameters):
            order = order_from_row(book, row)
            found[order.account, order.id] = order
    return found


def load_earlier(
    connection: Connection[Any], keys: Sequence[EarlierKey]
) -> Mapping[EarlierKey, EarlierOrder]:
    """Orders of accounts by their operation, whatever became of them."""
    found: dict[EarlierKey, EarlierOrder] = {}
    for book in sorted({book_of(a) for a, _ in keys}):
        mine = [(number_of(a), t) for a, t in keys if book_of(a) == book and 0 < t <= LARGEST_POSITION]
        parameters = {"book": book, "accounts": [a for a, _ in mine], "transfers": [t for _, t in mine]}
        for number, transfer, received_at, refused in connection.execute(SQL["earlier_orders"], parameters):
            found[account_id(book, number), transfer] = EarlierOrder(received_at, refused)
    return found


def load_funded(connection: Connection[Any], keys: Sequence[OrderKey]) -> Mapping[OrderKey, datetime]:
    """Of orders that wait for funds: when the entry came since which the account has had them.

    What is kept aside counts as it stands now. Orders whose funds have not come, or that came otherwise than
    by an entry, are left out.
    """
    found: dict[OrderKey, datetime] = {}
    for book in sorted({book_of(a) for a, _ in keys}):
        mine = [(number_of(a), t) for a, t in keys if book_of(a) == book]
        parameters = {"book": book, "accounts": [a for a, _ in mine], "transfers": [t for _, t in mine]}
        for number, transfer, since in connection.execute(SQL["funded"], parameters):
            if since is not None:
                found[account_id(book, number), transfer] = since
    return found


def load_ceilings(
    connection: Connection[Any], accounts: Sequence[AccountId]
) -> Mapping[AccountId, tuple[CeilingRequest, ...]]:
    """Requests for other ceilings, pending or in force, oldest first; accounts without any have an empty
    tuple."""
    found: dict[AccountId, tuple[CeilingRequest, ...]] = dict.fromkeys(accounts, ())
    for book in sorted({book_of(a) for a in accounts}):
        numbers = [number_of(a) for a in accounts if book_of(a) == book]
        for row in connection.execute(SQL["ceilings"], {"book": book, "accounts": numbers}):
            account = account_id(book, row[0])
            found[account] = (*found[account], CeilingRequest(*row[1:]))
    return found


def load_spent(connection: Connection[Any], keys: Sequence[SpentKey]) -> Mapping[SpentKey, int]:
    """Minor units of the account's currency ordered through these channels since an instant."""
    found: dict[SpentKey, int] = {}
    for book, channels in sorted({(book_of(account), channels) for account, _, channels in keys}):
        mine = [key for key in keys if book_of(key[0]) == book and key[2] == channels]
        parameters = {
            "book": book,
            "accounts": [number_of(account) for account, _, _ in mine],
            "since": [since for _, since, _ in mine],
            "channels": list(channels),
        }
        rows = connection.execute(SQL["spent"], parameters)
        found |= {mine[number - 1]: int(total) for number, total in rows}
    return found


TRANSFER = FactKind("transfer order", load_orders)
EARLIER = FactKind("earlier order", load_earlier)
FUNDED = FactKind("since when an order has its funds", load_funded)
CEILING = FactKind("ceiling requests", load_ceilings)
SPENT = FactKind("spent of the weekly ceiling", load_spent)
