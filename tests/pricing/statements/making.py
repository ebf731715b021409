"""Short ways to let days pass, and to read statements, choices and what they cost."""

from datetime import date
from typing import Any

from teneur.bank import Bank
from teneur.channels.day.job import advance
from teneur.channels.day.report import DayReport
from teneur.channels.statements import Issued, issued_statements, kept
from teneur.kernel.commands import AccountId, Answer, Channel, book_of, number_of
from teneur.pricing.fees.reading import fees_of
from teneur.pricing.statements.commands import ChooseStatementFrequency
from teneur.pricing.statements.facts import SQL
from teneur.pricing.statements.statement import Statement


def until(bank: Bank, day: date) -> DayReport:
    """Let days pass; nothing may go wrong."""
    report = advance(bank, day)
    assert report.problems == []
    return report


def choose(bank: Bank, account: AccountId, **choice: Any) -> Answer:
    """The first holder chooses in the web space."""
    holder = bank.account(account).holders[0]
    ask = ChooseStatementFrequency(**choice)
    return bank.ask(ask, account, actor=holder, channel=Channel.REMOTE)


def issued(bank: Bank, account: AccountId) -> list[Issued]:
    """What was issued, oldest first."""
    with bank.read() as connection:
        return issued_statements(connection, account)


def read(bank: Bank, account: AccountId, number: int) -> Statement:
    """A statement as kept."""
    with bank.read() as connection:
        found = kept(connection, account, number)
    assert found is not None
    return found[0]


def days(statements: list[Issued]) -> list[tuple[int, int]]:
    """First and last day, as month × 100 + day."""
    return [
        (s.first_day.month * 100 + s.first_day.day, s.last_day.month * 100 + s.last_day.day)
        for s in statements
    ]


def fee_events(bank: Bank, account: AccountId) -> list[str]:
    """The fees of an account, by event, in order."""
    with bank.read() as connection:
        return [fee.event for fee in fees_of(connection, account)]


def deliveries(bank: Bank, account: AccountId) -> list[tuple[int, str, int]]:
    """Number, medium and person of each delivery."""
    key = {"book": book_of(account), "account": number_of(account)}
    with bank.read() as connection:
        return [row[:3] for row in connection.execute(SQL["deliveries"], key)]
