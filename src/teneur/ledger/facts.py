"""Facts of the books: operations as they were booked, what was undone, which accounts exist."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
from psycopg import Connection

from teneur.kernel.commands import AccountId, FactKind, account_id
from teneur.ledger.account import LARGEST_POSITION, SQL

OperationKey = tuple[int, int]  # book, position of the first row


class Line(msgspec.Struct, frozen=True):
    """One entry of an operation."""

    debit: AccountId
    credit: AccountId
    amount_minor: int
    booked_on: date
    debit_value_on: date
    credit_value_on: date


class Operation(msgspec.Struct, frozen=True):
    """An operation as booked: its entries in order. lines is empty for an outcome without entry."""

    book: int
    position: int
    kind: int
    outcome: int
    lines: tuple[Line, ...]


def load_operations(
    connection: Connection[Any], keys: Sequence[OperationKey]
) -> Mapping[OperationKey, Operation]:
    """Operations by (book, position of their first row)."""
    lines: dict[OperationKey, list[Line]] = {}
    heads: dict[OperationKey, tuple[int, int]] = {}
    for book in sorted({b for b, _ in keys}):
        mine = [p for b, p in keys if b == book and 0 < p <= LARGEST_POSITION]
        for row in connection.execute(SQL["operations"], {"book": book, "operations": mine}):
            operation, line, debit, credit, amount, booked, debit_value, credit_value, kind, outcome = row
            key = (book, operation)
            if line == 0:
                heads[key] = (kind, outcome)
            lines.setdefault(key, [])
            if amount is not None:
                entry = Line(
                    account_id(book, debit),
                    account_id(book, credit),
                    amount,
                    booked,
                    debit_value,
                    credit_value,
                )
                lines[key].append(entry)
    return {key: Operation(*key, *head, tuple(lines[key])) for key, head in heads.items()}


def load_reversals(connection: Connection[Any], keys: Sequence[OperationKey]) -> Mapping[OperationKey, int]:
    """By which position an operation was undone, for those that were."""
    found: dict[OperationKey, int] = {}
    for book in sorted({b for b, _ in keys}):
        operations = [p for b, p in keys if b == book and 0 < p <= LARGEST_POSITION]
        rows = connection.execute(SQL["reversals"], {"book": book, "operations": operations})
        found |= {(book, operation): by for operation, by in rows}
    return found


OPERATION = FactKind("operation", load_operations)
REVERSED_BY = FactKind("reversed by", load_reversals)
