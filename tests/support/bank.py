"""A bank for tests: staff, persons and accounts under both agreements, all made by the real engine."""

import secrets
from collections.abc import Iterator
from datetime import date, datetime

import pytest

from teneur.accounts.commands import OpenAccount
from teneur.agreements.agreement import Agreements
from teneur.agreements.terms.cash import CashForm
from teneur.bank import Bank
from teneur.cash.commands import CashDeposit, Pieces
from teneur.customers.commands import Address, RegisterPerson, RegisterStaff, StaffRole
from teneur.customers.decisions import REGISTER
from teneur.kernel.clock import SimulatedClock, instant
from teneur.kernel.commands import AccountId, Answer, Ask, Channel, Command, Outcome, account_id
from teneur.ledger.account import AccountKind
from teneur.ledger.commands import OpenBook
from teneur.storage.database import Dsn

ADMIN, OTHER_ADMIN, CLERK, ADVISER, OTHER_ADVISER, BACK_OFFICE = -1, -2, -3, -4, -5, -6
BRED, BNC = "bred-account", "bnc-account"
STAFF = (
    ("Ada Martin", StaffRole.ADMIN),
    ("Bruno Petit", StaffRole.ADMIN),
    ("Chloé Roux", StaffRole.CLERK),
    ("David Blanc", StaffRole.ADVISER),
    ("Emma Noir", StaffRole.ADVISER),
    ("Farid Vidal", StaffRole.BACK_OFFICE),
)
CURRENCY = {BRED: "EUR", BNC: "XPF"}
MAIN_BRANCH = "00001"
BOOK = 1
START = "2026-05-04T12:00:00+11:00"  # Monday noon in Nouméa, Monday before dawn in Paris
NOTE = {"EUR": 500, "XPF": 500}  # the smallest, in minor units


def open_bank(
    dsn: Dsn,
    at: str | datetime = START,
    books: tuple[int, ...] = (BOOK,),
    agreements: Agreements | None = None,
) -> Bank:
    """A bank whose staff is at work and whose books keep euros and Pacific francs."""
    bank = Bank.open(dsn, SimulatedClock(instant(at)), agreements=agreements)
    asks: list[tuple[AccountId, Ask]] = []
    for book in books:
        others = tuple(b for b in books if b != book)
        ask = OpenBook(
            name=f"book {book}", currencies=("EUR", "XPF"), opened_on=date(2026, 1, 1), other_books=others
        )
        asks.append((account_id(book, 0), ask))
    asks += [(REGISTER, RegisterStaff(name=name, role=role, approved_by=OTHER_ADMIN)) for name, role in STAFF]
    now = bank.clock.now()
    answers = bank.post(
        [
            Command(key=secrets.token_bytes(16), subject=subject, received_at=now, ask=ask, actor=ADMIN)
            for subject, ask in asks
        ]
    )
    for answer in answers:
        assert isinstance(answer, Answer), answer
        accepted(answer)
    return bank


@pytest.fixture
def bank(database: Dsn) -> Iterator[Bank]:
    """A bank on a Monday morning; a conftest that imports this gives it to the tests of its folder."""
    with open_bank(database) as opened:
        yield opened


def move_clock(bank: Bank, at: str | datetime) -> None:
    """Let the bank's clock stand at a later instant."""
    assert isinstance(bank.clock, SimulatedClock)
    bank.clock.set(instant(at))


def accepted(answer: Answer) -> Answer:
    """The answer, which must be an acceptance."""
    assert answer.outcome is Outcome.ACCEPTED, answer
    return answer


def refused(answer: Answer, reason: str, *clauses: str) -> Answer:
    """The answer, which must be a refusal for this reason that cites at least these clauses."""
    assert (answer.outcome, answer.reason) == (Outcome.REFUSED, reason), answer
    assert set(clauses) <= set(answer.citations), answer
    return answer


def add_person(
    bank: Bank, surname: str = "Dupont", first_names: str = "Marie", birth_date: date = date(1980, 2, 29)
) -> int:
    """A person known to the bank; their id."""
    ask = RegisterPerson(
        surname=surname,
        first_names=first_names,
        birth_date=birth_date,
        birth_place="Paris",
        nationality="FR",
        address=Address(street="rue de la Paix", building="1", post_code="75002", town="Paris", country="FR"),
        since=bank.clock.now().date(),
    )
    person: int = bank.decided(accepted(bank.ask(ask, REGISTER, actor=CLERK, channel=Channel.BRANCH)))[
        "person"
    ]
    return person


def open_account(
    bank: Bank, series: str = BRED, *holders: int, book: int = BOOK, currency: str = "", funds_minor: int = 0
) -> AccountId:
    """An account of these holders (none: a new person), joint if there are several; perhaps with cash."""
    people = holders or (add_person(bank),)
    ask = OpenAccount(
        kind=AccountKind.JOINT if len(people) > 1 else AccountKind.INDIVIDUAL,
        holders=people,
        currency=currency or CURRENCY[series],
        series=series,
        branch=MAIN_BRANCH,
    )
    answer = accepted(bank.ask(ask, account_id(book, 0), actor=ADVISER, channel=Channel.BRANCH))
    account: AccountId = bank.decided(answer)["account"]
    if funds_minor:
        pay_in(bank, account, funds_minor)
    return account


def pay_in(bank: Bank, account: AccountId, amount_minor: int, at: datetime | None = None) -> Answer:
    """Cash in the smallest notes of the account's currency: a multiple of 500 minor units."""
    currency = bank.account(account).currency
    count, rest = divmod(amount_minor, NOTE[currency])
    assert rest == 0, f"{amount_minor} is no multiple of the smallest note"
    ask = CashDeposit(
        currency=currency,
        pieces=(Pieces(CashForm.BANKNOTES, NOTE[currency], count),),
        branch=MAIN_BRANCH,
        depositor="Marie Dupont",
    )
    return accepted(bank.ask(ask, account, actor=CLERK, channel=Channel.BRANCH, at=at))
