"""Facts about exchange: market rates, accounts in a currency, foreign cash that waits."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import msgspec
from psycopg import Connection

from teneur.kernel.commands import AccountId, FactKind, account_id, book_of, number_of
from teneur.ledger.account import LARGEST_POSITION
from teneur.payments.exchange.rates import Quote
from teneur.storage.sql import load

SQL = load("teneur.payments.exchange")
QuoteKey = tuple[str, str, datetime, datetime]  # two codes in order of the alphabet, since, until
InCurrencyKey = tuple[AccountId, str]
DepositKey = tuple[int, int]  # book, position


class ForeignDeposit(msgspec.Struct, frozen=True, kw_only=True):
    """Foreign cash that the bank took in. converted_by: position of the row that credited the account."""

    account: AccountId
    deposit: int
    currency: str
    amount_minor: int
    processed_on: date
    converted_by: int | None = None


def load_quotes(connection: Connection[Any], keys: Sequence[QuoteKey]) -> Mapping[QuoteKey, Quote]:
    """The latest market rates of pairs within spans of time."""
    parameters = {
        name: [key[index] for key in keys] for index, name in enumerate(("one", "other", "since", "until"))
    }
    return {
        keys[number - 1]: quote_from_row(row)
        for number, *row in connection.execute(SQL["latest_rates"], parameters)
    }


def quote_from_row(row: Sequence[Any]) -> Quote:
    """Market rates as the queries give them."""
    base, quote, buying, selling, at, source, synthetic = row
    return Quote(
        base=base, quote=quote, buying=buying, selling=selling, at=at, source=source, synthetic=synthetic
    )


def load_in_currency(
    connection: Connection[Any], keys: Sequence[InCurrencyKey]
) -> Mapping[InCurrencyKey, tuple[AccountId, ...]]:
    """Open accounts in a currency, in the same book, that have the very holders of an account."""
    found: dict[InCurrencyKey, tuple[AccountId, ...]] = dict.fromkeys(keys, ())
    for book in sorted({book_of(account) for account, _ in keys}):
        mine = [(number_of(account), code) for account, code in keys if book_of(account) == book]
        parameters = {"book": book, "accounts": [a for a, _ in mine], "currencies": [c for _, c in mine]}
        for account, code, other in connection.execute(SQL["accounts_in_currency"], parameters):
            found[account_id(book, account), code] += (account_id(book, other),)
    return found


def load_deposits(
    connection: Connection[Any], keys: Sequence[DepositKey]
) -> Mapping[DepositKey, ForeignDeposit]:
    """Foreign cash by the row that took it in."""
    found: dict[DepositKey, ForeignDeposit] = {}
    for book in sorted({book for book, _ in keys}):
        deposits = [d for b, d in keys if b == book and 0 < d <= LARGEST_POSITION]
        rows = connection.execute(SQL["foreign_cash"], {"book": book, "deposits": deposits})
        for account, deposit, code, amount, processed_on, converted_by in rows:
            found[book, deposit] = ForeignDeposit(
                account=account_id(book, account),
                deposit=deposit,
                currency=code,
                amount_minor=amount,
                processed_on=processed_on,
                converted_by=converted_by,
            )
    return found


QUOTE = FactKind("market rate", load_quotes)
IN_CURRENCY = FactKind("accounts in a currency", load_in_currency)
FOREIGN_CASH = FactKind("foreign cash", load_deposits)
