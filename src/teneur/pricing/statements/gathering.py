"""From the journal to statements, for a page of accounts in a few looks, however many postings they have.

A statement states the account's postings after those stated last, in their own order, up to the first one
that is booked beyond its last day: so statements follow each other without a gap whatever is booked back
later, and the closing balance is the running balance of the ledger at that place. What is booked into days
already stated stands on the next statement, marked as late.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import msgspec
from psycopg import Connection

from teneur.accounts.governing import Governing
from teneur.accounts.rules import available_minor
from teneur.agreements.agreement import Agreement
from teneur.agreements.terms.statements import Period as Frequency
from teneur.customers.facts import Person, load_persons
from teneur.kernel.commands import AccountId, book_of, number_of
from teneur.ledger.account import Account, load_accounts
from teneur.ledger.reading import heads
from teneur.obligations.notices.facts import NO_CHOICE as NO_PAPER_CHOICE
from teneur.obligations.notices.facts import Choice as PaperChoice
from teneur.obligations.notices.facts import load_choices as load_paper_choices
from teneur.obligations.notices.rules import recipient
from teneur.payments.transfers.rules.geography import Geography
from teneur.pricing.fees.facts import Fee
from teneur.pricing.fees.reading import fees_of
from teneur.pricing.fees.rules import prices
from teneur.pricing.statements import rules
from teneur.pricing.statements.build import StatementError, build_statement
from teneur.pricing.statements.describing import Raw, described, raw_postings
from teneur.pricing.statements.facts import SQL, Last
from teneur.pricing.statements.statement import Period, Posting, Previous, Statement
from teneur.pricing.statements.telling import Telling
from teneur.pricing.statements.titling import account_titled, identity

POSTINGS_AT_ONCE = 20_000  # the memory of a page, and more only for an account that alone has more


class Due(msgspec.Struct, frozen=True, gc=False):
    """A statement that may be due. period: by the calendar; last: the statement before.

    yearly: the year of which it is the statement, where there is no posting; None: it is due with one only.
    """

    account: Account
    period: Period
    frequency: Frequency
    last: Last | None
    yearly: Period | None = None


class Page(msgspec.Struct, gc=False):
    """Statements that are due, and what could not be stated, for people."""

    statements: list[Statement] = []
    problems: list[tuple[AccountId, str]] = []


def in_portions(dues: Iterable[Due]) -> Iterable[list[Due]]:
    """Accounts in portions of so many postings at most."""
    portion: list[Due] = []
    count = 0
    for due in dues:
        more = due.account.sequence - (due.last.last_sequence if due.last else 0)
        if portion and count + more > POSTINGS_AT_ONCE:
            yield portion
            portion, count = [], 0
        portion.append(due)
        count += more
    if portion:
        yield portion


def gather(
    connection: Connection[Any],
    governing: Governing,
    book: int,
    dues: Sequence[Due],
    at: datetime,
) -> Page:
    """The statements of a book's accounts that are due, issued at an instant; nothing is kept of them.

    connection: in a read-only transaction that sees one state.
    """
    page = Page([], [])
    position = heads(connection, [book]).get(book, 0)
    rows = connection.execute(
        SQL["unstated"],
        {
            "book": book,
            "accounts": [number_of(due.account.id) for due in dues],
            "afters": [due.last.last_sequence if due.last else 0 for due in dues],
            "lasts": [due.account.sequence for due in dues],
        },
    ).fetchall()
    raws = raw_postings(connection, book, rows)
    by_account: dict[AccountId, list[Raw]] = {}
    for raw in raws:
        by_account.setdefault(raw.account, []).append(raw)
    wanted = {
        due.account.id: stated
        for due in dues
        if (stated := _until(by_account.get(due.account.id, ()), due.period.last_day)) or due.yearly
    }
    making = _Making(connection, governing, {d.account.id: d.account for d in dues if d.account.id in wanted})
    postings = making.postings([raw for stated in wanted.values() for raw in stated])
    telling = Telling(connection, governing, making.accounts, postings)
    for due in dues:
        id_ = due.account.id
        if id_ not in wanted:
            continue
        try:
            made = making.statement(due, postings.get(id_, []), position, at, telling)
        except (StatementError, LookupError, ValueError) as error:
            page.problems.append((id_, str(error)))
            continue
        if made is not None:
            page.statements.append(made)
    return page


def _until(raws: Sequence[Raw], last_day: date) -> list[Raw]:
    """The postings up to the first that is booked beyond a day."""
    for at, raw in enumerate(raws):
        if raw.booked_on > last_day:
            return list(raws[:at])
    return list(raws)


def booked_between(
    connection: Connection[Any], governing: Governing, account: Account, period: Period, position: int
) -> list[Posting]:
    """The postings of an account booked in a period, as the journal stood at a position, described."""
    book = book_of(account.id)
    parameters = {
        "book": book, "account": number_of(account.id), "position": position,
        "first_day": period.first_day, "last_day": period.last_day,
    }  # fmt: skip
    raws = raw_postings(connection, book, connection.execute(SQL["booked_between"], parameters))
    making = _Making(connection, governing, {account.id: account})
    return making.postings(raws).get(account.id, [])


class _Making:
    """Statements of these accounts being made."""

    def __init__(
        self, connection: Connection[Any], governing: Governing, accounts: Mapping[AccountId, Account]
    ) -> None:
        self.accounts = accounts
        self._connection = connection
        self._governing = governing
        self._fees: dict[AccountId, list[Fee]] = {}
        self._abroad: dict[tuple[int, str, date], bool] = {}
        self._paper: Mapping[AccountId, PaperChoice] = load_paper_choices(connection, list(accounts))
        holders = sorted({h for a in accounts.values() for h in a.holders})
        self._persons: Mapping[int, Person] = load_persons(connection, holders)

    def postings(self, raws: Sequence[Raw]) -> dict[AccountId, list[Posting]]:
        """The postings described, by account."""
        return described(self._connection, raws, self._told_abroad, self._fees_of)

    def statement(
        self,
        due: Due,
        postings: Sequence[Posting],
        position: int,
        at: datetime,
        telling: Telling,
    ) -> Statement | None:
        """The statement, or None if none is due."""
        account, last = due.account, due.last
        terms = self._governing.of_account(account, due.period.last_day)
        agreement = terms.agreement
        stated_to = None if last is None else last.last_day
        opening = 0 if last is None else last.closing_minor
        new = [p.booked_on for p in postings if not rules.is_late(p.booked_on, stated_to)]
        whole = due.period if postings or due.yearly is None else due.yearly
        first = rules.covers_from(whole, stated_to, account.opened_on, min(new, default=None))
        frequency = due.frequency if postings else Frequency.YEAR
        period = Period(first, due.period.last_day)
        closing = postings[-1].balance_minor if postings else opening
        contents = telling.of(account.id, postings, period.last_day, at)
        event = rules.fee_event(
            frequency, period.last_day, agreement.statements, without_operations=not postings
        )
        spendable = available_minor(account, agreement.accounts.balance) - account.balance_minor
        return build_statement(
            self.titled(account, agreement),
            postings,
            opening_minor=opening,
            closing_minor=closing,
            available_minor=closing + spendable,
            period=period,
            number=1 if last is None else last.number + 1,
            issued_at=at,
            bank=identity(agreement.bank),
            agreement=agreement,
            journal_position=position,
            frequency=frequency,
            previous=None if last is None else Previous(last.number, last.last_day, last.sha256),
            stated_to=stated_to,
            after_sequence=0 if last is None else last.last_sequence,
            contents=contents,
            price_minor=_price(event, period.last_day, agreement) if event else None,
            without_operations=due.yearly is not None and not postings,
        )

    def titled(self, account: Account, agreement: Agreement) -> Any:
        """The account as its one statement names it, with the address of whoever is written to."""
        persons = [self._persons[h] for h in account.holders if h in self._persons]
        choice = self._paper.get(account.id, NO_PAPER_CHOICE)
        people = rules.addressees(account.holders, recipient(choice, account.holders), agreement.statements)
        return account_titled(account, persons, agreement.bank, self._persons.get(people[0]))

    def _told_abroad(self, account: AccountId, place: str, day: date) -> bool:
        agreement = self._governing.of_account(self.accounts[account], day).agreement
        key = (id(agreement), place, day)
        found = self._abroad.get(key)
        if found is None:
            geography = Geography(agreement.countries, day)
            found = self._abroad[key] = rules.is_told_abroad(place, agreement.statements, geography)
        return found

    def _fees_of(self, account: AccountId, order: int) -> int:
        """What the bank's fees about an order come to: as taken, else by the tariff of their day."""
        if account not in self._fees:
            self._fees[account] = fees_of(self._connection, account)
        total = 0
        for fee in self._fees[account]:
            if fee.about != str(order) and fee.id != order:
                continue
            amount = fee.amount_minor
            if amount is None:
                agreement = self._governing.of_account(self.accounts[account], fee.occurred_on).agreement
                amount = _price(fee.event, fee.occurred_on, agreement, fee.base_minor, fee.quantity)
            total += amount - fee.refunded_minor
        return total


def _price(event: str, on: date, agreement: Agreement, base_minor: int = 0, quantity: int = 1) -> int:
    price = prices.price_of(event, on, agreement.accounts, agreement.tariff)
    return prices.amount_of(price, base_minor, quantity)


def load_due(
    connection: Connection[Any], governing: Governing, id_: AccountId, period: Period, last: Last | None
) -> Due:
    """One account and an agreed period of it. Raises LookupError if there is no such account."""
    account = load_accounts(connection, [id_]).get(id_)
    if account is None or account.contract is None:
        raise LookupError(f"there is no customer's account {book_of(id_)}/{number_of(id_)}")
    terms = governing.of_account(account, period.last_day).agreement.statements
    return Due(account, period, rules.frequency_in_force(None, terms), last)


def last_from_row(row: Sequence[Any]) -> Last | None:
    """The latest statement from the columns of the query `accounts_after`; None where there is none."""
    number, last_day, sequence, closing, digest = row[3:8]
    return None if number is None else Last(number, last_day, sequence, closing, bytes(digest).hex())
