"""Statements out of the ledger: issued once, kept as issued, read back, checked, set as pages on demand."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

import msgspec
from psycopg import Connection

from teneur.accounts.rules import available_minor
from teneur.bank import Bank
from teneur.interbank import camt053
from teneur.interbank.messages import ReportMessage
from teneur.kernel.commands import AccountId, Answer, Command, Outcome, book_of, number_of
from teneur.kernel.money import Language
from teneur.ledger.account import Account
from teneur.ledger.errors import CommandFailed
from teneur.ledger.reading import balance_on_booking_date
from teneur.pricing.statements import rules
from teneur.pricing.statements.build import StatementError, build_statement
from teneur.pricing.statements.commands import IssueStatement
from teneur.pricing.statements.day import issuing
from teneur.pricing.statements.facts import SQL, load_last
from teneur.pricing.statements.gathering import booked_between, gather, load_due
from teneur.pricing.statements.interchange import to_account_report
from teneur.pricing.statements.rendering import statement_pdf
from teneur.pricing.statements.statement import Period, Statement
from teneur.pricing.statements.titling import account_titled, holders_of, identity

ONE_DAY = timedelta(days=1)
OUTDATED = "statement-outdated"  # something that it announces changed since it was read: it is made again


class Issued(msgspec.Struct, frozen=True, kw_only=True):
    """A statement that was issued. position: the last journal row that it knows."""

    account: AccountId
    number: int
    first_day: date
    last_day: date
    position: int
    issued_at: datetime
    opening_minor: int
    closing_minor: int
    json_sha256: str
    first_sequence: int
    last_sequence: int
    frequency: str


def statement_of(
    bank: Bank,
    connection: Connection[Any],
    account: Account,
    period: Period,
    *,
    position: int,
    number: int,
    issued_at: datetime,
) -> Statement | None:
    """What was booked in a period, as the journal stood at a position; None without any operation.

    It looks like a statement and is none: nothing is kept of it, and it follows no other. Raises
    StatementError where the ledger's figures do not fit together.
    """
    agreement = bank.terms_for(account, period.last_day).agreement
    closing = balance_on_booking_date(connection, account.id, period.last_day, position)
    spendable = available_minor(account, agreement.accounts.balance) - account.balance_minor
    return build_statement(
        account_titled(account, holders_of(connection, account), agreement.bank),
        booked_between(connection, bank.governing, account, period, position),
        opening_minor=balance_on_booking_date(connection, account.id, period.first_day - ONE_DAY, position),
        closing_minor=closing,
        available_minor=closing + spendable,
        period=period,
        number=number,
        issued_at=issued_at,
        bank=identity(agreement.bank),
        agreement=agreement,
        journal_position=position,
    )


def month_of(bank: Bank, account: Account, day: date) -> Period:
    """The agreed period of statements that a day falls in."""
    return rules.statement_period(day, bank.terms_for(account, day).agreement.statements)


def post_statements(
    bank: Bank, statements: Sequence[Statement]
) -> list[tuple[Issued, Answer | CommandFailed]]:
    """Issue statements, in one batch; what became of each."""
    asked = [(statement, *issuing(statement)) for statement in statements]
    commands = [
        Command(key=key, subject=statement.account.account, received_at=statement.issued_at, ask=ask)
        for statement, ask, key in asked
    ]
    results = bank.post(commands)
    return [
        (_issued_as(statement, ask), result)
        for (statement, ask, _), result in zip(asked, results, strict=True)
    ]


def issue(bank: Bank, account_id: AccountId, period: Period) -> Issued | None:
    """Issue the statement to the end of a period that is over; None if none is due or it exists already.

    Raises StatementError: nothing is issued that does not follow the statement before.
    """
    for once_more in (True, False):
        with bank.read() as connection:
            last = load_last(connection, [account_id]).get(account_id)
            if last is not None and last.last_day >= period.last_day:
                return None
            due = load_due(connection, bank.governing, account_id, period, last)
            page = gather(connection, bank.governing, book_of(account_id), [due], bank.clock.now())
        for _, problem in page.problems:
            raise StatementError(problem)
        if not page.statements:
            return None
        [(made, answer)] = post_statements(bank, page.statements)
        if isinstance(answer, CommandFailed):
            raise StatementError(str(answer)) from answer
        if answer.outcome is Outcome.ACCEPTED:
            return made
        if answer.reason != OUTDATED or not once_more:
            raise StatementError(f"{due.account.iban}: statement {made.number} is refused: {answer.reason}")
    return None


def _issued_as(made: Statement, ask: IssueStatement) -> Issued:
    """What is told of a statement that was issued now."""
    return Issued(
        account=made.account.account,
        number=made.number,
        first_day=made.period.first_day,
        last_day=made.period.last_day,
        position=made.journal_position,
        issued_at=made.issued_at,
        opening_minor=made.opening_minor,
        closing_minor=made.closing_minor,
        json_sha256=ask.document.sha256,
        first_sequence=made.first_sequence,
        last_sequence=made.last_sequence,
        frequency=made.frequency.value,
    )


def issued_statements(connection: Connection[Any], account: AccountId) -> list[Issued]:
    """What was issued for an account, oldest first."""
    key = {"book": book_of(account), "account": number_of(account)}
    return [
        Issued(
            account=account, number=number, first_day=first, last_day=last, position=position,
            issued_at=issued_at, opening_minor=opening, closing_minor=closing,
            json_sha256=bytes(digest).hex(), first_sequence=first_sequence, last_sequence=last_sequence,
            frequency=frequency,
        )
        for (
            number, first, last, position, issued_at, opening, closing, digest, first_sequence,
            last_sequence, frequency,
        ) in connection.execute(SQL["statements"], key)
    ]  # fmt: skip


def kept(connection: Connection[Any], account: AccountId, number: int) -> tuple[Statement, bytes] | None:
    """A statement as issued: itself and its canonical JSON; None if there is none of that number."""
    key = {"book": book_of(account), "account": number_of(account), "number": number}
    row = connection.execute(SQL["statement"], key).fetchone()
    if row is None:
        return None
    json = bytes(row[0])
    return msgspec.json.decode(json, type=Statement), json


def page_of(
    bank: Bank, account: AccountId, number: int, language: Language = Language.FRENCH
) -> bytes | None:
    """The PDF of a statement in a language: made when it is first wanted, then kept byte for byte; None if
    there is none of that number."""
    key = {
        "book": book_of(account), "account": number_of(account), "number": number,
        "language": language.value,
    }  # fmt: skip
    with bank.read() as connection:
        row = connection.execute(SQL["page"], key).fetchone()
        found = None if row is not None else kept(connection, account, number)
    if row is not None:
        return bytes(row[0])
    if found is None:
        return None
    pdf = statement_pdf(found[0], language)
    with bank.connect() as connection:
        connection.execute(SQL["insert_page"], {**key, "pdf": pdf, "pdf_sha256": sha256(pdf).digest()})
        row = connection.execute(SQL["page"], key).fetchone()
    assert row is not None
    return bytes(row[0])


def as_camt053(statement: Statement, language: Language = Language.FRENCH) -> bytes:
    """The statement as a camt.053.001.08 message."""
    report = to_account_report(statement, language)
    return camt053.write(
        ReportMessage(message_id=report.id[:35], created_at=statement.issued_at, reports=(report,))
    )
