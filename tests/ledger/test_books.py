"""Several books: transfers between them in both directions, by many writers, mirrored to the cent."""

from concurrent.futures import ThreadPoolExecutor

from psycopg import Connection
from tests.support.ledger import DAY, Bank, ChangeAccount, Several, answer, command, move, place, reverse

from teneur.kernel.commands import AccountId, Answer, Outcome, account_id
from teneur.kernel.money import CURRENCIES
from teneur.ledger import reading
from teneur.ledger.account import Status
from teneur.ledger.batch import transit_account
from teneur.ledger.check import check
from teneur.ledger.commands import OpenBook
from teneur.ledger.decisions import book_subject
from teneur.ledger.engine import Engine

EUR = int(CURRENCIES["EUR"].numeric)


def _pair(bank: Bank, fund_minor: int = 1_000) -> tuple[AccountId, AccountId]:
    return (
        bank.open_accounts(1, book=1, fund_minor=fund_minor)[0],
        bank.open_accounts(1, book=2, fund_minor=fund_minor)[0],
    )


def test_a_transfer_to_another_book_and_back_leaves_mirrored_transit_accounts(two_books: Bank) -> None:
    a, b = _pair(two_books)
    there, back = two_books.post(move(a, b, 600), move(b, a, 250))
    assert (there.book, back.book) == (1, 2)
    assert (two_books.balance(a), two_books.balance(b)) == (650, 1_350)
    assert two_books.balance(transit_account(1, 2, EUR)) == 350
    assert two_books.balance(transit_account(2, 1, EUR)) == -350


def test_a_transfer_may_be_asked_in_the_book_that_is_credited(
    two_books: Bank, connection: Connection
) -> None:
    a, b = _pair(two_books)
    asked = move(a, b, 600, subject=b)
    answered = two_books.post(asked)[0]
    assert answered.book == 2
    assert (two_books.balance(a), two_books.balance(b)) == (400, 1_600)
    again = two_books.another_engine().post_one(asked)
    assert (again.position, again.replayed) == (answered.position, True)
    (gone,) = [p for p in reading.postings(connection, a, 10**6) if p.amount_minor < 0]
    assert gone.record is not None
    assert (gone.record.book, gone.record.position) == (2, answered.position)


def test_a_transfer_between_books_beyond_the_available_balance_is_refused_in_one_book_only(
    two_books: Bank,
) -> None:
    a, b = _pair(two_books)
    before = two_books.count(2)
    assert two_books.post(move(a, b, 1_001))[0].reason == "insufficient-funds"
    assert two_books.count(2) == before
    assert two_books.balance(b) == 1_000


def test_an_operation_may_touch_three_books(
    database: object, two_books: Bank, connection: Connection
) -> None:
    opening = OpenBook(name="Third", currencies=("EUR",), opened_on=DAY, other_books=(1, 2))
    two_books.post(command(book_subject(3), opening))
    for book in (1, 2):
        others = tuple(b for b in (1, 2, 3) if b != book)
        again = OpenBook(name=f"Book {book}", currencies=("EUR",), opened_on=DAY, other_books=others)
        two_books.post(command(book_subject(book), again))
    a, b = _pair(two_books)
    c = two_books.open_accounts(1, book=3)[0]
    two_books.post(command(a, Several(entries=((b, c, 7), (a, b, 5), (c, a, 3)))))
    assert [two_books.balance(x) for x in (a, b, c)] == [998, 998, 4]
    connection.rollback()
    assert check(connection) == []


def test_an_operation_whose_entries_lie_all_elsewhere_is_answered_in_the_book_of_its_subject(
    two_books: Bank, connection: Connection
) -> None:
    a, _ = _pair(two_books)
    b, c = two_books.open_accounts(2, book=2, fund_minor=10)
    answered = two_books.post(command(a, Several(entries=((b, c, 4),))))[0]
    assert (answered.book, two_books.balance(c)) == (1, 14)
    connection.rollback()
    assert check(connection) == []


def test_a_transfer_between_books_is_reversed_from_the_other_side_by_a_new_transfer(two_books: Bank) -> None:
    a, b = _pair(two_books)
    done = two_books.post(move(a, b, 600))[0]
    assert two_books.post(reverse(a, done.position))[0].reason == "reverse-from-payee"
    two_books.post(move(b, a, 600))
    assert (two_books.balance(a), two_books.balance(b)) == (1_000, 1_000)


def test_a_book_that_does_not_know_the_other_books_nothing(two_books: Bank) -> None:
    """Without transit accounts there is no way between two books: the command fails, nothing is half done."""
    opening = OpenBook(name="Island", currencies=("EUR",), opened_on=DAY)
    two_books.post(command(book_subject(7), opening))
    island = two_books.open_accounts(1, book=7)[0]
    a, b = _pair(two_books)
    failed, done = two_books.engine.post([move(a, island, 5), move(a, b, 5)])
    assert isinstance(failed, Exception)
    assert answer(done).outcome is Outcome.ACCEPTED
    assert (two_books.balance(a), two_books.balance(island)) == (995, 0)


def test_what_memory_knows_of_another_books_account_is_brought_up_to_date(two_books: Bank) -> None:
    """The engine has the account in memory from an earlier batch; another engine changed it meanwhile."""
    a, b = _pair(two_books)
    two_books.post(move(a, b, 1))
    other = two_books.another_engine()
    other.post_one(move(two_books.cash(2), b, 5_000, subject=b))
    assert two_books.post(move(b, a, 6_001, subject=a))[0].outcome is Outcome.ACCEPTED
    other.post_one(command(b, ChangeAccount(status=Status.CLOSED)))
    assert two_books.post(move(a, b, 1))[0].reason == "account-closed"


def test_many_writers_on_both_books_in_both_directions_do_not_block_each_other(
    two_books: Bank, connection: Connection
) -> None:
    a, b = _pair(two_books, 100_000)
    engines = [two_books.another_engine() for _ in range(6)]

    def work(number: int) -> list[Answer]:
        engine: Engine = engines[number]
        found = []
        for step in range(8):
            pair = [move(a, b, 1), move(b, a, 1, subject=a), place(a, 1), move(b, a, 1)]
            turn = (number + step) % 4
            found += [answer(r) for r in engine.post(pair[turn:] + pair[:turn])]
        return found

    with ThreadPoolExecutor(len(engines)) as pool:
        answers = [x for found in pool.map(work, range(len(engines))) for x in found]
    assert [x.outcome for x in answers] == [Outcome.ACCEPTED] * (6 * 8 * 4)
    assert (two_books.balance(a), two_books.held(a)) == (100_000 + 48, 48)
    connection.rollback()
    assert check(connection) == []


def test_the_same_book_opened_again_opens_only_what_is_missing(two_books: Bank) -> None:
    before = two_books.rows("select account from account where book = 1")
    opening = OpenBook(name="Book 1", currencies=("EUR", "XPF"), opened_on=DAY, other_books=(2, 3))
    two_books.post(command(book_subject(1), opening), command(book_subject(1), opening))
    after = two_books.rows("select account from account where book = 1")
    assert len(after) - len(before) == 2
    assert (
        two_books.post(command(book_subject(9), OpenBook(name="", currencies=("ZZZ",), opened_on=DAY)))[
            0
        ].reason
        == "unknown-currency"
    )
    assert two_books.rows("select book from book order by book") == [(1,), (2,)]


def test_book_zero_takes_what_has_no_account(bank: Bank) -> None:
    bank.open_books(0)
    answered = bank.post(
        command(account_id(0, 0), OpenBook(name="Staff", currencies=("EUR",), opened_on=DAY))
    )[0]
    assert (answered.book, answered.position) == (0, 2)
