"""The bank's day: which statements are due, and what is to be asked to issue them, a page at a time.

What is issued already is passed over, and a statement must follow the one before, so that a day which is
begun again, or by two at once, issues nothing twice.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from psycopg import Connection

from teneur.accounts.governing import Governing
from teneur.agreements.terms.statements import Period as Frequency
from teneur.kernel import commands
from teneur.kernel.clock import zone
from teneur.kernel.commands import AccountId, account_id, book_of, number_of
from teneur.ledger.account import Account, Status, load_accounts
from teneur.obligations.reading import open_as_of
from teneur.pricing.statements import rules
from teneur.pricing.statements.commands import Document, IssueStatement
from teneur.pricing.statements.decisions import DELIVER
from teneur.pricing.statements.facts import SQL, StatementChoice, choice_of
from teneur.pricing.statements.gathering import Due, last_from_row
from teneur.pricing.statements.rendering import statement_json
from teneur.pricing.statements.statement import Period, Statement

ONE_DAY = timedelta(days=1)
MOST = 1_000


class Looked(NamedTuple):
    """What a page of accounts holds, and after which number to go on; None: that was all."""

    dues: list[Due]
    after: int | None


def frequencies_over(eve: date, governing: Governing, where: ZoneInfo) -> tuple[bool, tuple[Frequency, ...]]:
    """Whether the agreed periods of a zone end on a day; and the frequencies that do, by the same terms."""
    agreed, found = False, set[Frequency]()
    for agreement in governing.agreements:
        if zone(agreement.zone) != where:
            continue
        terms = agreement.statements
        agreed = agreed or rules.statement_period(eve, terms).last_day == eve
        found |= {f for f in Frequency if rules.statement_period(eve, terms, f).last_day == eve}
    return agreed, tuple(sorted(found))


def statements_due(
    connection: Connection[Any],
    governing: Governing,
    book: int,
    where: ZoneInfo,
    day: date,
    after: int,
    limit: int = MOST,
) -> Looked:
    """On the day after a period of theirs: the accounts with postings that no statement states yet.

    After a year, also those that had no statement in it.
    """
    eve = day - ONE_DAY
    agreed, frequencies = frequencies_over(eve, governing, where)
    parameters = {
        "book": book, "after": after, "day": eve, "limit": limit,
        "chosen_only": not agreed, "frequencies": [f.value for f in frequencies],
    }  # fmt: skip
    rows = connection.execute(SQL["accounts_after"], parameters).fetchall()
    accounts = load_accounts(connection, [account_id(book, row[0]) for row in rows])
    dues = []
    for row in rows:
        account = accounts[account_id(book, row[0])]
        if governing.of_account(account, eve).zone == where:
            due = _due(governing, account, eve, choice_of(row[1], row[2]), row)
            if due is not None:
                dues.append(due)
    return Looked(dues, rows[-1][0] if len(rows) == limit else None)


def _due(governing: Governing, account: Account, eve: date, choice: StatementChoice, row: Any) -> Due | None:
    terms = governing.of_account(account, eve).agreement.statements
    frequency = rules.frequency_in_force(choice.frequency, terms)
    period = rules.statement_period(eve, terms, frequency)
    last = last_from_row(row)
    year = rules.statement_period(eve, terms, Frequency.YEAR)
    yearly: Period | None = None
    if year.last_day == eve and account.status is not Status.CLOSED:
        stated_to = None if last is None else last.last_day
        yearly = year if rules.yearly_is_due(eve.year, stated_to, terms.yearly) else None
    unstated = account.sequence > (0 if last is None else last.last_sequence)
    if (period.last_day == eve and unstated) or yearly is not None:
        return Due(account, period, frequency, last, yearly)
    return None


def derived_key(*parts: object) -> bytes:
    """The idempotency key of what the bank's day does: the same work always has the same key."""
    return commands.derived_key("teneur-statement", *parts)


def issuing(statement: Statement) -> tuple[IssueStatement, bytes]:
    """What issues a statement, and its key: made by all of it, so that one made again is another command."""
    account = statement.account.account
    ask = IssueStatement(
        number=statement.number,
        first_day=statement.period.first_day,
        last_day=statement.period.last_day,
        frequency=statement.frequency,
        without_operations=not statement.lines,
        position=statement.journal_position,
        first_sequence=statement.first_sequence,
        last_sequence=statement.last_sequence,
        opening_minor=statement.opening_minor,
        closing_minor=statement.closing_minor,
        announced=tuple((fee.fee, fee.line, fee.amount_minor) for fee in statement.fees.announced),
        rates=tuple(dict.fromkeys(change.index for change in statement.rate_changes)),
        guarantee=statement.guarantee is not None,
        document=Document.of(statement_json(statement)),
    )
    key = derived_key(book_of(account), number_of(account), statement.number, ask.document.sha256)
    return ask, key


def unconfirmed(
    connection: Connection[Any], governing: Governing, book: int, where: ZoneInfo, year: int
) -> Iterator[tuple[AccountId, int]]:
    """Covered accounts that no statement of a year told that their deposits are guaranteed, with how many
    did."""
    last_day = date(year, 12, 31)
    least = max(a.statements.guarantee.least_a_year.value for a in governing.agreements)
    after: int | None = 0
    while after is not None:
        parameters = {
            "book": book, "after": after, "limit": MOST, "least": least,
            "first_day": date(year, 1, 1), "last_day": last_day,
        }  # fmt: skip
        rows = connection.execute(SQL["accounts_unconfirmed"], parameters).fetchall()
        accounts = load_accounts(connection, [account_id(book, number) for number, _ in rows])
        for number, confirmed in rows:
            terms = governing.of_account(accounts[account_id(book, number)], last_day)
            guarantee = terms.agreement.statements.guarantee
            if terms.zone == where and rules.confirmation_is_missing(confirmed, guarantee):
                yield account_id(book, number), confirmed
        after = rows[-1][0] if len(rows) == MOST else None


def owed_on_paper(connection: Connection[Any], book: int, at: datetime) -> list[tuple[AccountId, int]]:
    """The statements that are to be printed and posted, those due first: account and number."""
    return [(o.account, int(o.about)) for o in open_as_of(connection, book, at) if o.kind == DELIVER]
