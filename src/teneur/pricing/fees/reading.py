"""Reading fees: all of an account, and those that a statement or a letter of a day shows."""

from datetime import date
from typing import Any

from psycopg import Connection

from teneur.kernel.commands import AccountId, book_of, number_of
from teneur.pricing.fees.facts import SQL, Fee, fee_from_row


def fees_of(connection: Connection[Any], account: AccountId) -> list[Fee]:
    """All fees of an account, in the order of their days."""
    key = {"book": book_of(account), "account": number_of(account)}
    return [fee_from_row(row) for row in connection.execute(SQL["of_account"], key)]


def announced(connection: Connection[Any], account: AccountId, shown_on: date) -> list[Fee]:
    """The incident fees that the statement of a day shows before they are taken: with what they come to and
    `collectable_on`, the first day on which they may be debited."""
    key = {"book": book_of(account), "account": number_of(account), "announced_on": shown_on}
    return [fee_from_row(row) for row in connection.execute(SQL["announced"], key)]
