"""Transfers between accounts of two books: at once, later, taken back, replayed, by two writers at once."""

import secrets
import threading
from collections.abc import Iterator
from datetime import date

import pytest
from tests.conftest import Databases
from tests.payments.transfers.world import open_world
from tests.support.asserts import asserts
from tests.support.bank import BACK_OFFICE, BNC, BRED, open_account
from tests.support.transfers import (
    NOUMEA_MORNING,
    PARIS_MORNING,
    ask_at,
    balance,
    duties,
    fall_due,
    iban_of,
    order_of,
    pay,
    refused,
)

from teneur.bank import Bank
from teneur.kernel.clock import instant
from teneur.kernel.commands import AccountId, Answer, Channel, Command, Outcome
from teneur.kernel.money import CURRENCIES
from teneur.ledger.batch import transit_account
from teneur.ledger.check import check
from teneur.ledger.reading import trial_balance
from teneur.payments.transfers.commands import (
    PayeeAccount,
    PlaceTransfer,
    Repeat,
    ReviewScreening,
    RevokeTransfer,
)
from teneur.payments.transfers.facts import OrderStatus
from teneur.payments.transfers.rules.standing import Frequency

HERE, THERE = 1, 2
MORNING = {BRED: PARIS_MORNING, BNC: NOUMEA_MORNING}


@pytest.fixture(scope="module")
def bank(databases: Databases) -> Iterator[Bank]:
    """A bank with two books."""
    dsn = databases.create()
    with open_world(dsn, books=(HERE, THERE)) as opened:
        yield opened
    databases.drop(dsn)


def transit(bank: Bank, currency: str) -> tuple[int, int]:
    """The balances of the two mirrored accounts: of here towards there, of there towards here."""
    numeric = int(CURRENCIES[currency].numeric)
    return (
        balance(bank, transit_account(HERE, THERE, numeric)),
        balance(bank, transit_account(THERE, HERE, numeric)),
    )


@pytest.fixture(autouse=True)
def _books_balance(bank: Bank) -> Iterator[None]:
    """After every test: each book sums to zero, the two mirror each other, and the rows bear it out."""
    yield
    with bank.read() as connection:
        rows = connection.execute("select book, max(position) from journal group by book").fetchall()
        for book, position in rows:
            sums: dict[str, int] = {}
            for line in trial_balance(connection, {book: position}).lines:
                sums[line.currency] = sums.get(line.currency, 0) + line.balance_minor
            assert not any(sums.values()), (book, sums)
        assert check(connection) == []
    for currency in ("EUR", "XPF"):
        assert sum(transit(bank, currency)) == 0


@pytest.mark.parametrize("series", [BRED, BNC])
def test_money_goes_from_one_book_to_the_other_in_one_transaction(bank: Bank, series: str) -> None:
    payer = open_account(bank, series, book=HERE, funds_minor=100_000)
    payee = open_account(bank, series, book=THERE)
    before = transit(bank, bank.account(payer).currency)
    answer = pay(bank, payer, iban_of(bank, payee), 12_345, MORNING[series])
    assert answer.outcome is Outcome.ACCEPTED
    assert (balance(bank, payer), balance(bank, payee)) == (87_655, 12_345)
    after = transit(bank, bank.account(payer).currency)
    assert (after[0] - before[0], after[1] - before[1]) == (12_345, -12_345)


def test_an_order_refused_for_funds_touches_neither_book(bank: Bank) -> None:
    payer = open_account(bank, BRED, book=HERE, funds_minor=1_000)
    payee = open_account(bank, BRED, book=THERE)
    refused(pay(bank, payer, iban_of(bank, payee), 1_001), "insufficient-funds")
    assert (balance(bank, payer), balance(bank, payee)) == (1_000, 0)
    assert len(duties(bank, payer, "inform-of-refusal")) == 1


def test_the_two_agreements_may_live_in_different_books(bank: Bank) -> None:
    franc = open_account(bank, BNC, book=THERE, funds_minor=100_000)
    euro_here = open_account(bank, BNC, book=HERE, currency="EUR")
    to = PayeeAccount(name="Jean Payé", iban=iban_of(bank, euro_here), bic="CEPANCNM")
    answer = pay(bank, franc, "", 838, NOUMEA_MORNING, currency="EUR", payee=to)
    assert answer.outcome is Outcome.ACCEPTED, answer
    assert (balance(bank, franc), balance(bank, euro_here)) == (99_000, 838)
    # an account of another bank that happens to be kept here is reached through clearing
    bred = open_account(bank, BRED, book=HERE)
    other = PayeeAccount(name="Jean Payé", iban=iban_of(bank, bred), bic="BREDFRPP")
    assert pay(bank, franc, "", 838, NOUMEA_MORNING, currency="EUR", payee=other).outcome is Outcome.ACCEPTED
    assert (balance(bank, franc), balance(bank, bred)) == (98_000, 0)


@asserts("BNC-6.1.3.6-11")
def test_the_payee_in_another_book_has_the_money_in_the_same_instant(bank: Bank) -> None:
    payer = open_account(bank, BNC, book=HERE, funds_minor=10_000)
    payee = open_account(bank, BNC, book=THERE)
    onward = open_account(bank, BNC, book=HERE)
    pay(bank, payer, iban_of(bank, payee), 4_000, NOUMEA_MORNING)
    assert pay(bank, payee, iban_of(bank, onward), 4_000, NOUMEA_MORNING).outcome is Outcome.ACCEPTED
    assert [balance(bank, a) for a in (payer, payee, onward)] == [6_000, 0, 4_000]


def test_a_late_order_and_a_standing_one_reach_the_other_book_on_their_days(bank: Bank) -> None:
    payer = open_account(bank, BRED, book=HERE, funds_minor=10_000)
    payee = open_account(bank, BRED, book=THERE)
    iban = iban_of(bank, payee)
    late = pay(bank, payer, iban, 100, "2026-05-05T12:00:00.000001+02:00")
    repeat = Repeat(frequency=Frequency.WEEKLY, occurrences=2)
    standing = pay(bank, payer, iban, 1_000, agreed_on=date(2026, 5, 6), repeat=repeat)
    fall_due(bank, payer, late, date(2026, 5, 6), "2026-05-06T06:00:00+02:00")
    fall_due(bank, payer, standing, date(2026, 5, 6), "2026-05-06T06:00:00+02:00")
    assert (balance(bank, payer), balance(bank, payee)) == (8_900, 1_100)
    fall_due(bank, payer, standing, date(2026, 5, 13), "2026-05-13T06:00:00+02:00")
    assert (balance(bank, payer), balance(bank, payee)) == (7_900, 2_100)
    assert order_of(bank, payer, late).status is OrderStatus.DONE
    assert order_of(bank, payer, standing).status is OrderStatus.DONE


def test_an_order_taken_back_never_reaches_the_other_book(bank: Bank) -> None:
    payer = open_account(bank, BRED, book=HERE, funds_minor=10_000)
    payee = open_account(bank, BRED, book=THERE)
    order = pay(bank, payer, iban_of(bank, payee), 1_000, agreed_on=date(2026, 5, 7))
    holder = bank.account(payer).holders[0]
    revoke = RevokeTransfer(transfer=order.position)
    ask_at(bank, revoke, payer, "2026-05-06T10:00:00+02:00", actor=holder, channel=Channel.REMOTE)
    refused(fall_due(bank, payer, order, date(2026, 5, 7), "2026-05-07T06:00:00+02:00"), "not-due")
    assert (balance(bank, payer), balance(bank, payee)) == (10_000, 0)


def test_a_screened_order_goes_to_the_other_book_once_cleared(bank: Bank) -> None:
    payer = open_account(bank, BRED, book=HERE, funds_minor=10_000)
    payee = open_account(bank, BRED, book=THERE)
    held = pay(bank, payer, iban_of(bank, payee), 4_000, name="KRASNY Igor")
    assert held.reason == "screening"
    review = ReviewScreening(transfer=held.position, cleared=True)
    cleared = ask_at(bank, review, payer, "2026-05-05T11:00:00+02:00", actor=BACK_OFFICE)
    assert cleared.outcome is Outcome.ACCEPTED
    assert (balance(bank, payer), bank.account(payer).held_minor, balance(bank, payee)) == (6_000, 0, 4_000)


def test_the_same_key_does_nothing_twice_and_is_another_command_in_the_other_book(bank: Bank) -> None:
    one = open_account(bank, BRED, book=HERE, funds_minor=10_000)
    two = open_account(bank, BRED, book=THERE, funds_minor=10_000)
    key = secrets.token_bytes(16)
    first = pay(bank, one, iban_of(bank, two), 1_000, key=key)
    again = pay(bank, one, iban_of(bank, two), 1_000, key=key)
    assert (again.position, again.replayed) == (first.position, True)
    assert (balance(bank, one), balance(bank, two)) == (9_000, 11_000)
    back = pay(bank, two, iban_of(bank, one), 500, key=key)
    assert (back.outcome, back.replayed, back.book) == (Outcome.ACCEPTED, False, THERE)
    assert (balance(bank, one), balance(bank, two)) == (9_500, 10_500)


def test_a_new_writer_knows_what_the_first_one_did(bank: Bank) -> None:
    payer = open_account(bank, BRED, book=HERE, funds_minor=10_000)
    payee = open_account(bank, BRED, book=THERE)
    key = secrets.token_bytes(16)
    first = pay(bank, payer, iban_of(bank, payee), 1_000, key=key)
    other = bank.engine()
    ask = PlaceTransfer(
        amount_minor=1_000, currency="EUR", payee=PayeeAccount(name="Jean Payé", iban=iban_of(bank, payee))
    )
    command = Command(
        key=key,
        subject=payer,
        received_at=instant(PARIS_MORNING),
        ask=ask,
        actor=bank.account(payer).holders[0],
        channel=Channel.REMOTE,
    )
    replayed = other.post_one(command)
    other.close()
    assert (replayed.position, replayed.replayed) == (first.position, True)
    assert balance(bank, payee) == 1_000


def crosswise(bank: Bank, payer: AccountId, payee: AccountId, count: int, answers: list[Answer]) -> None:
    """A writer of its own pays one cent again and again."""
    engine = bank.engine()
    iban, holder = iban_of(bank, payee), bank.account(payer).holders[0]
    for _ in range(count):
        ask = PlaceTransfer(amount_minor=1, currency="EUR", payee=PayeeAccount(name="Jean Payé", iban=iban))
        command = Command(
            key=secrets.token_bytes(16),
            subject=payer,
            received_at=instant(PARIS_MORNING),
            ask=ask,
            actor=holder,
            channel=Channel.REMOTE,
        )
        answers.append(engine.post_one(command))
    engine.close()


def test_two_writers_pay_each_other_crosswise_without_standing_in_each_others_way(bank: Bank) -> None:
    here = open_account(bank, BRED, book=HERE, funds_minor=1_000)
    there = open_account(bank, BRED, book=THERE, funds_minor=1_000)
    answers: dict[AccountId, list[Answer]] = {here: [], there: []}
    writers = [
        threading.Thread(target=crosswise, args=(bank, payer, payee, count, answers[payer]))
        for payer, payee, count in ((here, there, 30), (there, here, 20))
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(timeout=60)
        assert not writer.is_alive()
    done = {payer: sum(a.outcome is Outcome.ACCEPTED for a in given) for payer, given in answers.items()}
    assert done == {here: 30, there: 20}
    assert (balance(bank, here), balance(bank, there)) == (990, 1_010)


def test_a_batch_may_hold_orders_of_both_books(bank: Bank) -> None:
    here = open_account(bank, BRED, book=HERE, funds_minor=1_000)
    there = open_account(bank, BRED, book=THERE)
    commands = [
        Command(
            key=secrets.token_bytes(16),
            subject=payer,
            received_at=instant(PARIS_MORNING),
            ask=PlaceTransfer(
                amount_minor=amount,
                currency="EUR",
                payee=PayeeAccount(name="Jean Payé", iban=iban_of(bank, payee)),
            ),
            actor=bank.account(payer).holders[0],
            channel=Channel.REMOTE,
        )
        for payer, payee, amount in ((here, there, 1_000), (there, here, 400), (there, here, 601))
    ]
    answers = bank.post(commands)
    outcomes = [a.outcome for a in answers if isinstance(a, Answer)]
    assert outcomes == [Outcome.ACCEPTED, Outcome.ACCEPTED, Outcome.REFUSED]
    assert (balance(bank, here), balance(bank, there)) == (400, 600)
