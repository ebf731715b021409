"""The check of the books finds whatever was changed behind the engine's back, and nothing in good books."""

from collections.abc import Callable
from typing import Any

import pytest
from psycopg import Connection
from tests.support.ledger import (
    FIRST,
    Bank,
    ChangeAccount,
    Several,
    command,
    move,
    place,
    release,
    reverse,
    take,
)  # fmt: skip

from teneur.kernel.commands import number_of
from teneur.ledger.account import FIRST_TRANSIT_NUMBER
from teneur.ledger.check import check
from teneur.storage.database import Dsn, connect


def _a_day(bank: Bank) -> None:
    """Some of everything, in two books."""
    a, b = bank.open_accounts(2, book=1, fund_minor=1_000, floor_minor=-100)
    c = bank.open_accounts(1, book=2, fund_minor=1_000)[0]
    bank.open_accounts(1, book=1, fund_minor=50, currency="XPF")
    done, _, held, kept, _, _ = bank.post(
        move(a, b, 100),
        move(a, b, 10_000),
        place(a, 300),
        place(b, 100),
        move(a, c, 70),
        move(c, b, 20),
    )
    bank.post(
        take(a, held.position, 120, b, final=False), release(b, kept.position), reverse(a, done.position)
    )
    bank.post(command(a, Several(entries=((a, b, 1), (b, c, 1), (a, b, 2)))))
    bank.post(move(b, a, 5_000, forced=True))


def _invariants(dsn: Dsn) -> set[str]:
    with connect(dsn, "owner", autocommit=True) as connection:
        return {fault.invariant for fault in check(connection)}


def test_good_books_have_no_fault(two_books: Bank, database: Dsn) -> None:
    _a_day(two_books)
    assert _invariants(database) == set()


def test_a_forced_debit_asked_for_in_another_book_is_no_fault(two_books: Bank, database: Dsn) -> None:
    payer = two_books.open_accounts(1, book=1, fund_minor=10)[0]
    payee = two_books.open_accounts(1, book=2)[0]
    (answer,) = two_books.post(move(payer, payee, 50, forced=True, subject=payee))
    assert (answer.reason, two_books.balance(payer)) == ("", -40)
    assert _invariants(database) == set()


def test_empty_books_have_no_fault(database: Dsn) -> None:
    assert _invariants(database) == set()


TAMPERINGS = {
    "update journal set amount_minor = amount_minor + 1 where book = 1 and amount_minor = 100": {
        "leaf", "running balances",
    },
    "update journal set received_at = received_at + interval '1us' where book = 1 and position = 9": {
        "leaf",
    },
    "update journal set actor = -7 where book = 2 and line = 0 and position = 3": {"leaf"},
    "update record set body = body || ' ' where book = 1 and position = 5": {"leaf"},
    "update record set salt = decode(repeat('00', 16), 'hex') where book = 1 and position = 5": {"leaf"},
    "delete from record where book = 1 and position = 5": {"record kept"},
    "delete from journal where book = 1 and position = 6": {"positions dense"},
    "update account set held_minor = held_minor + 1 where book = 1 and account = 1000000": {"held sums"},
    "update hold set left_minor = left_minor - 1 where status = 1": {"held sums"},
    "update hold set status = 2 where status = 1": {"held sums"},
    "delete from ground where reason = 'insufficient-funds'": {"ground known"},
    "update journal set key = gen_random_uuid(), request = ground where line = 1 and book = 1": {
        "key on first line", "leaf",
    },
    "update journal set key = null, request = null where book = 1 and position = 1": {
        "key on first line", "leaf",
    },
    "update journal set line = 2 where line = 1 and book = 1": {"lines dense", "leaf"},
    "update account set currency = 'USD' where book = 1 and account = 1000000": {"trial balance"},
    "update journal set debit_sequence = debit_sequence + 500 where book = 1 and amount_minor = 100": {
        "sequences dense", "leaf",
    },
}  # fmt: skip


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_tampering_is_found_and_named(
    two_books: Bank, database: Dsn, superuser: Connection[Any], tampering: str
) -> None:
    _a_day(two_books)
    changed = superuser.execute(tampering.encode()).rowcount
    assert changed > 0
    assert TAMPERINGS[tampering] <= _invariants(database)


def _next_row(superuser: Connection[Any], book: int, debit: int, credit: int, amount: int) -> None:
    """An entry whose figures are all in order, as a thief with the superuser's password would write it."""
    superuser.execute(
        b"""with side as (
              select distinct on (account) account, sequence, balance_minor from posting
               where book = %(b)s and account in (%(d)s, %(c)s) order by account, sequence desc)
            insert into journal
            select (select max(position) + 1 from journal where book = %(b)s), %(m)s,
                   d.sequence + 1, c.sequence + 1, d.balance_minor - %(m)s, c.balance_minor + %(m)s,
                   now(), %(b)s, %(d)s, %(c)s, null, current_date, current_date, current_date, -1, 2, 1, 1, 0,
                   gen_random_uuid(), gen_random_uuid(), (select ground from ground limit 1), sha256('x')
              from side d, side c where d.account = %(d)s and c.account = %(c)s""",
        {"b": book, "d": debit, "c": credit, "m": amount},
    )


def test_an_entry_that_no_record_explains_is_found_though_it_balances(
    two_books: Bank, database: Dsn, superuser: Connection[Any]
) -> None:
    _a_day(two_books)
    _next_row(superuser, 1, FIRST + 1, FIRST, 10)
    assert _invariants(database) == {"record kept"}


def test_transit_accounts_that_do_not_mirror_each_other_are_found(
    two_books: Bank, database: Dsn, superuser: Connection[Any]
) -> None:
    _a_day(two_books)
    _next_row(superuser, 2, FIRST_TRANSIT_NUMBER + 1_978, FIRST, 10)
    assert _invariants(database) == {"record kept", "transit mirrored"}


def test_a_sum_below_the_floor_is_a_fault_only_if_it_was_not_forced(
    bank: Bank, database: Dsn, superuser: Connection[Any]
) -> None:
    a, b = bank.open_accounts(2, fund_minor=100)
    bank.post(move(a, b, 500, forced=True))
    assert _invariants(database) == set()
    raised = "update account set floor_minor = 150 where account = %(n)s"
    c = bank.open_accounts(1, fund_minor=200)[0]
    bank.post(move(c, b, 60))
    superuser.execute(raised.encode(), {"n": number_of(c)})
    assert _invariants(database) == {"floors"}


def test_the_past_is_not_judged_by_a_limit_of_today(bank: Bank, database: Dsn) -> None:
    a, b = bank.open_accounts(2, fund_minor=100, floor_minor=-1_000)
    bank.post(move(a, b, 900), command(a, ChangeAccount(floor_minor=0)))
    assert _invariants(database) == set()
    assert bank.post(move(a, b, 1))[0].reason == "insufficient-funds"
    assert bank.post(move(b, a, 850))[0].reason == ""
    assert bank.post(move(a, b, 50), move(a, b, 1))[1].reason == "insufficient-funds"
    assert _invariants(database) == set()


def test_the_check_changes_nothing_and_holds_no_transaction_open(
    two_books: Bank, database: Dsn, connection: Connection[Any]
) -> None:
    _a_day(two_books)
    connection.rollback()
    assert check(connection) == []
    count: Callable[[], int] = two_books.count
    assert count() > 0
    assert connection.info.transaction_status.name == "IDLE"
