"""What decisions know of an account: a cache of the journal up to the engine's position."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import IntEnum
from typing import Any

import msgspec
from psycopg import Connection

from teneur.kernel.commands import AccountId, FactKind, account_id, book_of, number_of
from teneur.ledger.contracts import Contract, contract_from_row
from teneur.storage.sql import load

SQL = load("teneur.ledger")
# The floor of the bank's own accounts. A real limit, meant to be out of reach: amounts are exact in JSON only
# within ±(2**53 − 1) minor units, 90 thousand billion euros; a book beyond it is wrong.
UNLIMITED_MINOR = -(2**53)
FIRST_CUSTOMER_NUMBER = 1_000_000
FIRST_TRANSIT_NUMBER = 1_000_000_000
LAST_NUMBER = 2**31 - 1
LAST_BOOK = 1_000_000
LARGEST_POSITION = 2**63 - 1


class AccountKind(IntEnum):
    """Whose account it is. Stored: never renumber."""

    OWN = 1  # the bank's: cash, clearing, fees …
    INDIVIDUAL = 2
    JOINT = 3


class Status(IntEnum):
    """Whether an account runs. Stored: never renumber."""

    OPEN = 1
    BLOCKED = 2  # no debit by order of its holders
    CLOSED = 3


class _Named(msgspec.Struct, eq=False, gc=False):
    id: AccountId
    kind: AccountKind
    currency: str


class Account(_Named, eq=False, gc=False, kw_only=True):
    """State of one account. Decisions read it; only the engine and the effects change it.

    It refers to nothing that could refer back, so the garbage collector passes it by (gc=False): visiting a
    million of them would take a second.
    """

    status: Status = Status.OPEN
    floor_minor: int = 0
    held_minor: int = 0
    unavailable_minor: int = 0
    holders: tuple[int, ...] = ()
    contract: Contract | None = None
    branch: str = ""
    iban: str = ""
    label: str = ""
    opened_on: date = date.min
    balance_minor: int = 0
    sequence: int = 0

    @property
    def available_minor(self) -> int:
        """What may be used: booked balance − holds − sums made unavailable + authorised overdraft (floor is ≤
        0)."""
        return self.balance_minor - self.held_minor - self.unavailable_minor - self.floor_minor

    def __repr__(self) -> str:
        return f"Account({book_of(self.id)}/{number_of(self.id)}, {self.balance_minor} {self.currency})"


def may_exist(id_: AccountId) -> bool:
    """Whether a number that came from outside can be an account's id at all."""
    return 0 <= id_ >> 32 <= LAST_BOOK and 0 < number_of(id_) <= LAST_NUMBER


def load_accounts(connection: Connection[Any], ids: Sequence[AccountId]) -> Mapping[AccountId, Account]:
    """The accounts of these ids that exist, in order of id, with the last balance and sequence number that
    the journal gives them."""
    found: dict[AccountId, Account] = {}
    ids = [i for i in ids if may_exist(i)]
    for book in sorted({book_of(i) for i in ids}):
        numbers = sorted(number_of(i) for i in ids if book_of(i) == book)
        rows = connection.cursor(binary=True).execute(SQL["accounts"], {"book": book, "numbers": numbers})
        for row in rows:
            (number, kind, status, currency, floor, held, unavailable, holders) = row[:8]
            (contract, versions, branch, iban, label, opened_on, balance, sequence) = row[8:]
            id_ = account_id(book, number)
            found[id_] = Account(
                id_,
                AccountKind(kind),
                currency,
                status=Status(status),
                floor_minor=floor,
                held_minor=held,
                unavailable_minor=unavailable,
                holders=tuple(holders),
                contract=contract_from_row(contract, versions),
                branch=branch,
                iban=iban,
                label=label,
                opened_on=opened_on,
                balance_minor=balance,
                sequence=sequence,
            )
    return found


def load_by_iban(connection: Connection[Any], ibans: Sequence[str]) -> Mapping[str, AccountId]:
    """Which accounts of this bank these IBANs name. An IBAN never changes its account, so this may be
    cached."""
    return dict(connection.execute(SQL["by_iban"], {"ibans": list(ibans)}).fetchall())


ACCOUNT = FactKind("account", load_accounts, cached=True)
ACCOUNT_OF_IBAN = FactKind("account of IBAN", load_by_iban, cached=True)
