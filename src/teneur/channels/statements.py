"""Statements out of the ledger: built from a cut of the journal, issued once, kept as issued."""

from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

import msgspec
from psycopg import Connection

from teneur.accounts.rules import available_minor
from teneur.agreements.terms.bank import BankTerms
from teneur.bank import Bank
from teneur.customers.facts import Person, load_persons
from teneur.documents.identity import BankIdentity
from teneur.interbank import camt053
from teneur.interbank.messages import ReportMessage
from teneur.kernel.commands import AccountId, book_of, number_of
from teneur.kernel.money import Language
from teneur.ledger.account import FIRST_CUSTOMER_NUMBER, FIRST_TRANSIT_NUMBER, Account, load_accounts
from teneur.ledger.reading import Posting as LedgerPosting
from teneur.ledger.reading import balance_on_booking_date, heads, operation_at, postings
from teneur.payments.transfers.facts import load_orders
from teneur.pricing.statements import rules
from teneur.pricing.statements.build import StatementError, build_statement
from teneur.pricing.statements.interchange import to_account_report
from teneur.pricing.statements.rendering import statement_json, statement_pdf
from teneur.pricing.statements.statement import Period, Posting, Statement, StatementAccount
from teneur.storage.sql import load

SQL = load("teneur.channels")
ONE_DAY = timedelta(days=1)
CASH_KINDS = frozenset({"cash-deposit", "cancel-cash-deposit"})
RETURN_KINDS = frozenset({"transfer-returned", "recall-received"})
BY_HAND = frozenset({"move", "reverse-operation"})


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


def account_titled(account: Account, persons: list[Person], bank: BankTerms) -> StatementAccount:
    """The account as papers name it; the address is that of the first holder."""
    branch = next((b.name.value for b in bank.branches.values() if b.code.value == account.branch), "")
    address: tuple[str, ...] = ()
    if persons:
        at = persons[0].address
        street = " ".join(part for part in (at.building, at.street) if part)
        address = tuple(part for part in (street, f"{at.post_code} {at.town}".strip()) if part)
    return StatementAccount(
        account=account.id,
        iban=account.iban,
        bic=bank.bic.value,
        holders=tuple(person.name for person in persons) or (account.label or account.iban,),
        currency=account.currency,
        address=address,
        domiciliation=branch,
    )


def identity(bank: BankTerms) -> BankIdentity:
    """The bank as its papers name it."""
    return BankIdentity(name=bank.name.value, bic=bank.bic.value)


def holders_of(connection: Connection[Any], account: Account) -> list[Person]:
    """The holders of an account, in the order of its title."""
    found = load_persons(connection, account.holders)
    return [found[person] for person in account.holders if person in found]


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
    """The statement of a period as the journal stood at a position; None if none is due.

    Raises StatementError where the ledger's figures do not fit together.
    """
    agreement = bank.terms_for(account, period.last_day).agreement
    read = list(
        postings(connection, account.id, position, first_day=period.first_day, last_day=period.last_day)
    )
    eve = period.first_day - ONE_DAY
    closing = balance_on_booking_date(connection, account.id, period.last_day, position)
    spendable = available_minor(account, agreement.accounts.balance) - account.balance_minor
    return build_statement(
        account_titled(account, holders_of(connection, account), agreement.bank),
        _described(connection, account.id, read),
        opening_minor=balance_on_booking_date(connection, account.id, eve, position),
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
    """The period of statements that a day falls in, by the account's agreement."""
    return rules.statement_period(day, bank.terms_for(account, day).agreement.statements)


def issue(bank: Bank, account_id: AccountId, period: Period) -> Issued | None:
    """Cut, build and keep the statement of a period that is over; None if none is due or it exists already.

    Raises StatementError: nothing is issued that does not follow the statement before.
    """
    at = bank.clock.now()
    with bank.read() as connection:
        account = load_accounts(connection, [account_id])[account_id]
        book = book_of(account_id)
        key = {"book": book, "account": number_of(account_id)}
        last = connection.execute(SQL["last_statement"], key).fetchone()
        number, last_day, closing = last or (0, date.min, 0)
        if last is not None and last_day >= period.last_day:
            return None
        position = heads(connection, [book]).get(book, 0)
        made = statement_of(
            bank, connection, account, period, position=position, number=number + 1, issued_at=at
        )
        if made is None:
            return None
        _check_follows(connection, account, made, last_day if last else None, closing)
    json = statement_json(made)
    row = {
        **key,
        "number": made.number,
        "first_day": period.first_day,
        "last_day": period.last_day,
        "position": position,
        "issued_at": at,
        "opening_minor": made.opening_minor,
        "closing_minor": made.closing_minor,
        "json_sha256": sha256(json).digest(),
        "json": json,
        "pdf": statement_pdf(made),
    }
    with bank.connect() as connection:
        if connection.execute(SQL["insert_statement"], row).rowcount == 0:
            return None
    return Issued(
        account=account_id,
        number=made.number,
        first_day=period.first_day,
        last_day=period.last_day,
        position=position,
        issued_at=at,
        opening_minor=made.opening_minor,
        closing_minor=made.closing_minor,
        json_sha256=sha256(json).hexdigest(),
    )


def issued_statements(connection: Connection[Any], account: AccountId) -> list[Issued]:
    """What was issued for an account, oldest first."""
    key = {"book": book_of(account), "account": number_of(account)}
    return [
        Issued(
            account=account, number=number, first_day=first, last_day=last, position=position,
            issued_at=issued_at, opening_minor=opening, closing_minor=closing,
            json_sha256=bytes(digest).hex(),
        )
        for number, first, last, position, issued_at, opening, closing, digest in connection.execute(
            SQL["statements"], key
        )
    ]  # fmt: skip


def kept(
    connection: Connection[Any], account: AccountId, number: int
) -> tuple[Statement, bytes, bytes] | None:
    """A statement as issued: itself, its canonical JSON, its PDF; None if there is none of that number."""
    key = {"book": book_of(account), "account": number_of(account), "number": number}
    row = connection.execute(SQL["statement"], key).fetchone()
    if row is None:
        return None
    json, pdf = bytes(row[0]), bytes(row[1])
    return msgspec.json.decode(json, type=Statement), json, pdf


def as_camt053(statement: Statement, language: Language = Language.FRENCH) -> bytes:
    """The statement as a camt.053.001.08 message."""
    report = to_account_report(statement, language)
    return camt053.write(
        ReportMessage(message_id=report.id[:35], created_at=statement.issued_at, reports=(report,))
    )


def _check_follows(
    connection: Connection[Any], account: Account, made: Statement, last_day: date | None, closing_minor: int
) -> None:
    """The opening balance is the last closing balance: nothing was booked into a period already stated."""
    if last_day is not None and made.opening_minor != closing_minor:
        raise StatementError(
            f"{account.iban}: statement {made.number} would open at {made.opening_minor}, but the last one "
            f"closed at {closing_minor} on {last_day}: something was booked into a period already stated"
        )


def _described(connection: Connection[Any], account: AccountId, read: list[LedgerPosting]) -> list[Posting]:
    """The postings with the words of their orders and the names of the other side."""
    payers = {p.position: _payer(connection, p) for p in read if p.record is not None}
    orders = load_orders(
        connection,
        [
            (payers[p.position], p.record.asked["transfer"])
            for p in read
            if p.record is not None and "transfer" in p.record.asked
        ],
    )
    others = load_accounts(
        connection,
        list({*payers.values(), *(p.counterparty for p in read if _is_customer(p.counterparty))}),
    )
    persons = load_persons(connection, [h for a in others.values() for h in a.holders])
    titles = {
        a.id: (", ".join(persons[h].name for h in a.holders if h in persons), a.iban)
        for a in others.values()
        if _is_customer(a.id)
    }
    return [
        _posting(account, p, orders.get((payers.get(p.position, 0), _order_of(p))), titles, payers)
        for p in read
    ]


def _order_of(posting: LedgerPosting) -> int:
    return 0 if posting.record is None else int(posting.record.asked.get("transfer", 0))


def _is_customer(account: AccountId) -> bool:
    return FIRST_CUSTOMER_NUMBER <= number_of(account) < FIRST_TRANSIT_NUMBER


def _payer(connection: Connection[Any], posting: LedgerPosting) -> AccountId:
    """Whose command moved the money: the subject, or the account that the first entry debits."""
    if posting.amount_minor < 0:
        return posting.account
    if _is_customer(posting.counterparty):
        return posting.counterparty
    assert posting.record is not None
    origin = operation_at(connection, posting.record.book, posting.record.position)
    assert origin is not None
    return origin.subject or origin.rows[0].debit or posting.account


def _posting(
    account: AccountId,
    posting: LedgerPosting,
    order: Any,
    titles: dict[AccountId, tuple[str, str]],
    payers: dict[int, AccountId],
) -> Posting:
    record = posting.record
    asked: dict[str, Any] = {} if record is None else dict(record.asked)
    if order is not None:
        asked = {**msgspec.to_builtins(order.ask), **asked}
    pays = posting.amount_minor < 0
    if "payer_name" in asked or "payer_iban" in asked:
        name, iban = asked.get("payer_name", ""), asked.get("payer_iban", "")
    elif pays:
        payee = asked.get("payee", {})
        name, iban = payee.get("name", ""), payee.get("iban", "")
        name, iban = (name, iban) if name or iban else titles.get(posting.counterparty, ("", ""))
    else:
        name, iban = titles.get(payers.get(posting.position, 0), ("", "")) if "payee" in asked else ("", "")
    return Posting(
        account=account,
        sequence=posting.sequence,
        amount_minor=posting.amount_minor,
        balance_minor=posting.balance_minor,
        booked_on=posting.booked_on,
        value_on=posting.value_on,
        operation=posting.operation,
        kind=_kind(posting, asked),
        label=str(asked.get("reason", "")) if record and record.kind in BY_HAND else "",
        counterparty_name=name or str(asked.get("depositor", "")),
        counterparty_iban=iban,
        remittance=asked.get("remittance", ""),
        end_to_end_id=asked.get("end_to_end_id", ""),
        citations=posting.citations,
    )


def _kind(posting: LedgerPosting, asked: dict[str, Any]) -> str:
    """The stable code under which the statement words the operation."""
    record = posting.record
    if record is None:
        return "transfer"
    if record.kind in CASH_KINDS:
        return "cash"
    if record.kind in BY_HAND:
        return "correction"
    if record.kind in RETURN_KINDS:
        return "transfer-return"
    if asked.get("repeat"):
        return "standing-order"
    if asked.get("service") == "instant" or asked.get("instant"):
        return "transfer-instant"
    if _is_customer(posting.counterparty):
        return "transfer-internal"
    found = record.decided.get("class")
    return f"transfer-{found}" if found else "transfer"
