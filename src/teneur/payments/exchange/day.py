"""What the bank's day does about exchange: foreign cash whose day has come is converted and credited."""

from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from psycopg import Connection

from teneur.accounts.governing import Governing
from teneur.kernel.commands import AccountId
from teneur.ledger.account import load_accounts
from teneur.payments.exchange.commands import ConvertCash
from teneur.payments.exchange.facts import SQL, load_deposits
from teneur.payments.exchange.reading import exchange_at


class Due(NamedTuple):
    """A deposit to convert: what to ask, what its idempotency key is derived from, whose day it is."""

    account: AccountId
    ask: ConvertCash
    key: tuple[str, int, int, date]
    zone: ZoneInfo


class Page(NamedTuple):
    """Deposits of a page; those for which no rate of the day is loaded; where the next page begins."""

    work: list[Due]
    without_rate: list[int]
    next: int | None


def cash_due(
    connection: Connection[Any],
    governing: Governing,
    book: int,
    day: date,
    at: datetime,
    after: int,
    limit: int,
) -> Page:
    """A page of foreign cash whose day has come, in the order in which it was paid in."""
    parameters = {"book": book, "day": day, "after": after, "limit": limit}
    rows = connection.execute(SQL["foreign_cash_due"], parameters).fetchall()
    found = load_deposits(connection, [(book, deposit) for _, deposit in rows])
    accounts = load_accounts(connection, [d.account for d in found.values()])
    page = Page([], [], rows[-1][1] if len(rows) == limit else None)
    for _, number in rows:
        deposit = found[book, number]
        account = accounts[deposit.account]
        terms = governing.of_account(account, day)
        exchange = exchange_at(connection, at, terms.agreement.exchange, terms.zone)
        made = exchange.conversion(deposit.amount_minor, deposit.currency, account.currency, debit=False)
        if made is None or made.estimate:
            page.without_rate.append(number)
        else:
            ask, key = ConvertCash(deposit=number, day=day), ("foreign-cash", book, number, day)
            page.work.append(Due(account.id, ask, key, terms.zone))
    return page
