"""Yearly summaries of fees out of the ledger: made once, kept as made, then noted in the journal."""

from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from psycopg import Connection

from teneur.bank import Bank
from teneur.channels.day.report import MOST, Work, derived_key
from teneur.channels.settings import SQL as CHANNELS_SQL
from teneur.kernel.commands import AccountId, account_id, book_of, number_of
from teneur.ledger.account import Account, load_accounts
from teneur.ledger.reading import heads
from teneur.pricing.fees.commands import NoteSummary
from teneur.pricing.fees.decisions.requests import SUMMARY
from teneur.pricing.fees.facts import SQL
from teneur.pricing.fees.rendering import summary_pdf
from teneur.pricing.fees.rules.summary import year_summed_up
from teneur.pricing.fees.summary import FeeSummary, build_summary, summary_json, taken_in_year
from teneur.pricing.statements.titling import account_titled, holders_of, identity


class SummaryNotDue(LookupError):
    """The year is not over for the account, or the account did not run in it."""


def accounts_without(
    bank: Bank, book: int, where: ZoneInfo, year: int, after: int
) -> tuple[list[AccountId], int | None]:
    """Accounts of a zone that have no summary of a year yet, a page; and after which to go on."""
    covered = year_summed_up(year)
    parameters = {
        "book": book, "after": after, "limit": MOST, "year": year,
        "first_day": covered.first_day, "last_day": covered.last_day, "kind": SUMMARY,
    }  # fmt: skip
    with bank.read() as connection:
        numbers = [n for (n,) in connection.execute(CHANNELS_SQL["accounts_without_summary"], parameters)]
        accounts = load_accounts(connection, [account_id(book, n) for n in numbers])
    found = [id_ for id_, a in accounts.items() if bank.terms_for(a, covered.last_day).zone == where]
    return found, numbers[-1] if len(numbers) == MOST else None


def made_now(
    bank: Bank, connection: Connection[Any], account: Account, year: int, position: int
) -> FeeSummary:
    """The summary of a year as the journal stands at a position; nothing is kept of it."""
    agreement = bank.terms_for(account, year_summed_up(year).last_day).agreement
    return build_summary(
        taken_in_year(connection, account, year, position),
        year,
        account_titled(account, holders_of(connection, account), agreement.bank),
        bank=identity(agreement.bank),
        agreement=agreement,
        issued_at=bank.clock.now(),
        position=position,
    )


def make(bank: Bank, account_id_: AccountId, year: int) -> Work:
    """Make and keep the summary of a year, unless it is kept already; what the journal is then to note.

    What was kept first stands, so that a run that was killed in between notes the same. Raises SummaryNotDue
    before the year is over.
    """
    book, number = book_of(account_id_), number_of(account_id_)
    key = {"book": book, "account": number, "year": year}
    covered = year_summed_up(year)
    with bank.read() as connection:
        account = load_accounts(connection, [account_id_])[account_id_]
        terms = bank.terms_for(account, covered.last_day)
        if bank.clock.now().astimezone(terms.zone).date() <= covered.last_day:
            raise SummaryNotDue(f"the year {year} is not over for account {book}/{number}")
        if kept(connection, account_id_, year) is None:
            position = heads(connection, [book]).get(book, 0)
            made = made_now(bank, connection, account, year, position)
        else:
            made = None
    if made is not None:
        json = summary_json(made)
        row = {
            **key,
            "made_at": made.issued_at,
            "position": made.journal_position,
            "json_sha256": sha256(json).digest(),
            "json": json,
            "pdf": summary_pdf(made),
        }
        with bank.connect() as connection:
            connection.execute(SQL["insert_summary"], row)
    with bank.read() as connection:
        found = kept(connection, account_id_, year)
    assert found is not None, "it was just kept"
    summary, json, _ = found
    ask = NoteSummary(year=year, json_sha256=sha256(json).hexdigest(), total_minor=summary.total_minor)
    return account_id_, ask, derived_key("fee-summary", book, number, year)


def kept(
    connection: Connection[Any], account: AccountId, year: int
) -> tuple[FeeSummary, bytes, bytes] | None:
    """A summary as made: itself, its canonical JSON, its PDF; None if there is none of that year."""
    key = {"book": book_of(account), "account": number_of(account), "year": year}
    row = connection.execute(SQL["summary"], key).fetchone()
    if row is None:
        return None
    json, pdf = bytes(row[3]), bytes(row[4])
    return msgspec.json.decode(json, type=FeeSummary), json, pdf
