"""What decisions do to accounts beside entries: opening, change, holds, reversal marks."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import IntEnum
from typing import Any, cast

import msgspec
from psycopg import Connection

from teneur.kernel.commands import AccountId, Effect, FactKind, account_id, book_of, number_of
from teneur.ledger.account import (
    ACCOUNT,
    ACCOUNT_OF_IBAN,
    FIRST_CUSTOMER_NUMBER,
    LARGEST_POSITION,
    SQL,
    Account,
    AccountKind,
    Status,
    may_exist,
)
from teneur.ledger.cache import BatchFacts
from teneur.ledger.contracts import Contract
from teneur.ledger.errors import BrokenDecision
from teneur.ledger.facts import REVERSED_BY
from teneur.ledger.registry import EffectKind, Placed

Key = tuple[AccountId, int]


class HoldStatus(IntEnum):
    """Life of a hold. Stored: never renumber."""

    IN_FORCE = 1
    TAKEN = 2
    RELEASED = 3
    EXPIRED = 4


class HoldOwner(IntEnum):
    """Whose a hold is: only its owner ends it. Not stored: the row that placed the hold tells."""

    HAND = 1  # placed by hand: taken and released by hand
    PENDING = 2  # of an operation that is pending: whatever decides the operation ends it, never time alone
    DONE = 3  # of an operation that is done: free again on its day


class Hold(msgspec.Struct, frozen=True):
    """Money kept aside: counted in the available balance until taken, released or expired."""

    account: AccountId
    id: int
    amount_minor: int
    left_minor: int
    status: HoldStatus
    purpose: str
    placed_at: datetime
    expires_at: datetime | None
    owner: HoldOwner


class BookOpened(Effect, frozen=True):
    """A new book."""

    book: int
    name: str
    opened_on: date


class AccountOpened(Effect, frozen=True):
    """A new account with its IBAN, if it has one."""

    account: AccountId
    kind: AccountKind
    currency: str
    opened_on: date
    floor_minor: int = 0
    holders: tuple[int, ...] = ()
    contract: Contract | None = None
    branch: str = ""
    iban: str = ""
    label: str = ""


class AccountChanged(Effect, frozen=True):
    """What decisions read of an account, as it stands from now on."""

    account: AccountId
    status: Status
    floor_minor: int
    unavailable_minor: int
    holders: tuple[int, ...]
    contract: Contract | None
    branch: str
    closed_on: date | None = None


class HoldPlaced(Effect, frozen=True):
    """A hold; its id is the position of the row. owner: what the kind and the outcome of that row say."""

    account: AccountId
    amount_minor: int
    purpose: str
    placed_at: datetime
    expires_at: datetime | None = None
    owner: HoldOwner = HoldOwner.PENDING


class HoldChanged(Effect, frozen=True):
    """What is left of a hold after it was taken, released or expired; freed_minor no longer counts as
    held."""

    account: AccountId
    hold: int
    left_minor: int
    freed_minor: int
    status: HoldStatus


class OperationReversed(Effect, frozen=True):
    """An operation of the book is undone by the row at this position."""

    book: int
    operation: int


def changed(account: Account, **changes: Any) -> AccountChanged:
    """The change of an account from its present state."""
    present: dict[str, Any] = {
        "status": account.status,
        "floor_minor": account.floor_minor,
        "unavailable_minor": account.unavailable_minor,
        "holders": account.holders,
        "contract": account.contract,
        "branch": account.branch,
    }
    return AccountChanged(account.id, **(present | changes))


# facts


def load_holds(connection: Connection[Any], keys: Sequence[Key]) -> Mapping[Key, Hold]:
    """Holds by (account, id)."""
    found: dict[Key, Hold] = {}
    keys = [(a, h) for a, h in keys if may_exist(a) and 0 < h <= LARGEST_POSITION]
    for book in sorted({book_of(a) for a, _ in keys}):
        mine = [(number_of(a), h) for a, h in keys if book_of(a) == book]
        parameters = {"book": book, "accounts": [a for a, _ in mine], "holds": [h for _, h in mine]}
        for number, *row in connection.execute(SQL["holds"], parameters):
            hold = hold_from_row(account_id(book, number), row)
            found[hold.account, hold.id] = hold
    return found


def hold_from_row(account: AccountId, row: Sequence[Any]) -> Hold:
    """A hold from the columns that all queries of holds end in."""
    hold, amount, left, status, purpose, placed, expires, owner = row
    return Hold(account, hold, amount, left, HoldStatus(status), purpose, placed, expires, HoldOwner(owner))


def load_next_numbers(connection: Connection[Any], books: Sequence[int]) -> Mapping[int, int]:
    """The next free customer account number of books."""
    found = {}
    for book in books:
        row = connection.execute(SQL["next_number"], {"book": book}).fetchone()
        last = row[0] if row is not None and row[0] is not None else FIRST_CUSTOMER_NUMBER - 1
        found[book] = last + 1
    return found


HOLD = FactKind("hold", load_holds)
NEXT_NUMBER = FactKind("next account number", load_next_numbers)


# apply: shown to the decisions that follow in the batch


def _apply_account_opened(facts: BatchFacts, effect: AccountOpened, _position: int) -> None:
    facts.table(ACCOUNT)[effect.account] = Account(
        effect.account,
        effect.kind,
        effect.currency,
        floor_minor=effect.floor_minor,
        holders=effect.holders,
        contract=effect.contract,
        branch=effect.branch,
        iban=effect.iban,
        label=effect.label,
        opened_on=effect.opened_on,
    )
    if effect.iban:
        facts.table(ACCOUNT_OF_IBAN)[effect.iban] = effect.account
    numbers = facts.table(NEXT_NUMBER)
    book, number = book_of(effect.account), number_of(effect.account)
    if numbers.get(book) == number:
        numbers[book] = number + 1


def _apply_account_changed(facts: BatchFacts, effect: AccountChanged, _position: int) -> None:
    account: Account = facts.table(ACCOUNT)[effect.account]
    account.status = effect.status
    account.floor_minor = effect.floor_minor
    account.unavailable_minor = effect.unavailable_minor
    account.holders = effect.holders
    account.contract = effect.contract
    account.branch = effect.branch


def _apply_hold_placed(facts: BatchFacts, effect: HoldPlaced, position: int) -> None:
    facts.table(ACCOUNT)[effect.account].held_minor += effect.amount_minor
    facts.table(HOLD)[effect.account, position] = Hold(
        effect.account,
        position,
        effect.amount_minor,
        effect.amount_minor,
        HoldStatus.IN_FORCE,
        effect.purpose,
        effect.placed_at,
        effect.expires_at,
        effect.owner,
    )


def _apply_hold_changed(facts: BatchFacts, effect: HoldChanged, _position: int) -> None:
    facts.table(ACCOUNT)[effect.account].held_minor -= effect.freed_minor
    holds = facts.table(HOLD)
    hold = holds[effect.account, effect.hold]
    holds[effect.account, effect.hold] = msgspec.structs.replace(
        hold, left_minor=effect.left_minor, status=effect.status
    )


def _apply_reversed(facts: BatchFacts, effect: OperationReversed, position: int) -> None:
    facts.table(REVERSED_BY)[effect.book, effect.operation] = position


# write: each kind once a batch


def _write_books(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    books = [cast("BookOpened", effect) for _, _, effect in placed]
    parameters = {
        "books": [b.book for b in books],
        "names": [b.name for b in books],
        "opened": [b.opened_on for b in books],
    }
    connection.execute(SQL["insert_book"], parameters)


def _write_accounts_opened(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    opened = [cast("AccountOpened", effect) for _, _, effect in placed]
    _write_contracts(connection, [o.contract for o in opened])
    rows = [
        {
            "book": book_of(o.account), "account": number_of(o.account), "kind": o.kind,
            "status": Status.OPEN,
            "currency": o.currency, "floor_minor": o.floor_minor, "holders": list(o.holders),
            "contract": o.contract.id if o.contract else None, "branch": o.branch, "iban": o.iban,
            "label": o.label, "opened_on": o.opened_on,
        }
        for o in opened
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.executemany(SQL["insert_account"], rows)
        ibans = [{"iban": o.iban, "account_id": o.account} for o in opened if o.iban]
        if ibans:
            cursor.executemany(SQL["insert_iban"], ibans)


def _write_contracts(connection: Connection[Any], contracts: Sequence[Contract | None]) -> None:
    for contract in sorted({c for c in contracts if c is not None}, key=lambda c: c.id):
        connection.execute(SQL["insert_contract"], {"contract": contract.id, "versions": contract.encode()})


def _write_accounts_changed(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    changes = [cast("AccountChanged", effect) for _, _, effect in placed]
    _write_contracts(connection, [c.contract for c in changes])
    rows = [
        {
            "book": book_of(c.account), "account": number_of(c.account), "status": c.status,
            "floor_minor": c.floor_minor, "unavailable_minor": c.unavailable_minor,
            "holders": list(c.holders),
            "contract": c.contract.id if c.contract else None, "branch": c.branch, "closed_on": c.closed_on,
        }
        for c in changes
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.executemany(SQL["update_account"], rows)


def _write_holds_placed(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    rows = []
    deltas: dict[AccountId, int] = {}
    for book, position, effect in placed:
        hold = cast("HoldPlaced", effect)
        if book_of(hold.account) != book:
            raise BrokenDecision(f"book {book} places a hold on an account of book {book_of(hold.account)}")
        deltas[hold.account] = deltas.get(hold.account, 0) + hold.amount_minor
        rows.append(
            {
                "book": book, "account": number_of(hold.account), "hold": position,
                "amount_minor": hold.amount_minor,
                "purpose": hold.purpose, "placed_at": hold.placed_at, "expires_at": hold.expires_at,
            }
        )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.executemany(SQL["insert_hold"], rows)
    _write_held(connection, deltas)


def _write_holds_changed(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    rows = []
    deltas: dict[AccountId, int] = {}
    for _, _, effect in placed:
        hold = cast("HoldChanged", effect)
        deltas[hold.account] = deltas.get(hold.account, 0) - hold.freed_minor
        rows.append(
            {
                "book": book_of(hold.account), "account": number_of(hold.account), "hold": hold.hold,
                "left_minor": hold.left_minor, "status": hold.status,
            }
        )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.executemany(SQL["update_hold"], rows)
    _write_held(connection, deltas)


def _write_held(connection: Connection[Any], deltas: Mapping[AccountId, int]) -> None:
    for book in sorted({book_of(a) for a in deltas}):
        mine = sorted(a for a in deltas if book_of(a) == book)
        parameters = {
            "book": book,
            "accounts": [number_of(a) for a in mine],
            "deltas": [deltas[a] for a in mine],
        }
        connection.execute(SQL["add_held"], parameters)


def _write_reversals(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    rows = [
        {"book": book, "operation": cast("OperationReversed", effect).operation, "reversed_by": position}
        for book, position, effect in placed
    ]
    with connection.cursor() as cursor:
        cursor.executemany(SQL["insert_reversal"], rows)


EFFECTS = (
    EffectKind(BookOpened, _write_books),
    EffectKind(AccountOpened, _write_accounts_opened, _apply_account_opened),
    EffectKind(AccountChanged, _write_accounts_changed, _apply_account_changed, changes_account=True),
    EffectKind(HoldPlaced, _write_holds_placed, _apply_hold_placed, changes_account=True),
    EffectKind(HoldChanged, _write_holds_changed, _apply_hold_changed, changes_account=True),
    EffectKind(OperationReversed, _write_reversals, _apply_reversed),
)
