"""The bank's day: in its own zone, on its own days, done once however often it is begun."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from teneur.agreements.terms.transfers import Service
from teneur.bank import Bank
from teneur.channels.day import orders, papers
from teneur.channels.day import report as reporting
from teneur.channels.day.job import advance
from teneur.channels.day.report import DayReport, derived_key
from teneur.channels.statements import issued_statements
from teneur.kernel.clock import FixedClock, instant
from teneur.kernel.commands import AccountId, Channel, account_id
from teneur.ledger.commands import PlaceHold
from teneur.ledger.reading import heads, operation_at, postings
from teneur.payments.transfers.commands import PayeeAccount, PlaceTransfer, Repeat
from teneur.payments.transfers.facts import OrderStatus, load_orders
from teneur.payments.transfers.rules.geography import Bank as PayeeBank
from teneur.payments.transfers.rules.standing import Frequency
from teneur.storage.database import Dsn
from tests.support.bank import BNC, BOOK, BRED, accepted, open_account, open_bank

FAR_IBAN = "FR7630006000011234567890189"


def order(bank: Bank, payer: AccountId, payee: AccountId, amount_minor: int, **more: object) -> int:
    """An order in the web space; its id."""
    account = bank.account(payer)
    ask = PlaceTransfer(
        amount_minor=amount_minor,
        currency=account.currency,
        payee=PayeeAccount(name="Paul", iban=bank.account(payee).iban),
        **more,  # type: ignore[arg-type]
    )
    return accepted(bank.ask(ask, payer, actor=account.holders[0], channel=Channel.REMOTE)).position


def movements(bank: Bank, account: AccountId) -> list[tuple[int, date]]:
    """What moved on the account and when it was booked."""
    with bank.read() as connection:
        head = heads(connection, [BOOK])[BOOK]
        return [(p.amount_minor, p.booked_on) for p in postings(connection, account, head)]


def two_accounts(bank: Bank, series: str = BRED, funds_minor: int = 100_000) -> tuple[AccountId, AccountId]:
    return open_account(bank, series, funds_minor=funds_minor), open_account(bank, series)


def test_a_deferred_order_moves_the_money_on_its_day_and_never_before(database: Dsn) -> None:
    with open_bank(database) as bank:
        payer, payee = two_accounts(bank)
        order(bank, payer, payee, 2_500, agreed_on=date(2026, 5, 8))
        assert not advance(bank, date(2026, 5, 7)).executed
        assert bank.account(payee).balance_minor == 0
        assert len(advance(bank, date(2026, 5, 8)).executed) == 1
        assert movements(bank, payee) == [(2_500, date(2026, 5, 8))]


def test_an_order_for_a_closed_day_waits_for_the_next_payment_day(database: Dsn) -> None:
    """1 May is a TARGET holiday, a Friday in 2026; the weekend follows."""
    with open_bank(database, at="2026-04-29T09:00:00+02:00") as bank:
        payer, payee = two_accounts(bank)
        order(bank, payer, payee, 2_500, agreed_on=date(2026, 5, 1))
        assert not advance(bank, date(2026, 5, 3)).executed
        advance(bank, date(2026, 5, 4))
        assert movements(bank, payee) == [(2_500, date(2026, 5, 4))]


@pytest.mark.parametrize(
    ("series", "begins"), [(BRED, "2026-05-06T00:00:00+02:00"), (BNC, "2026-05-05T15:00:00+02:00")]
)
def test_each_account_has_its_day_in_the_zone_of_its_agreement(
    database: Dsn, series: str, begins: str
) -> None:
    with open_bank(database) as bank:
        payer, payee = two_accounts(bank, series)
        order(bank, payer, payee, 2_500, agreed_on=date(2026, 5, 6))
        report = advance(bank, date(2026, 5, 6))
        with bank.read() as connection:
            done = operation_at(connection, *report.executed[0])
        assert done is not None
        assert done.received_at == instant(begins)


def test_the_clock_ends_at_the_last_opening_of_the_day(database: Dsn) -> None:
    with open_bank(database) as bank:
        advance(bank, date(2026, 5, 6))
        assert bank.clock.now() == instant("2026-05-06T00:00:00+02:00")


MONDAY = date(2026, 6, 1)


class Killed(Exception):
    """The process dies here."""


def killed_after(calls: int) -> Callable[[str, int], None]:
    """A listener that dies when it has been called so often."""
    left = [calls]

    def listen(_what: str, _count: int) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise Killed

    return listen


def many_orders(dsn: Dsn) -> tuple[Bank, AccountId, AccountId]:
    bank = open_bank(dsn, at="2026-05-29T09:00:00+02:00")  # a Friday: the month ends on Sunday
    payer, payee = two_accounts(bank)
    for number in range(7):
        order(bank, payer, payee, 100 + number, agreed_on=MONDAY, remittance=str(number))
    order(bank, payer, payee, 5, agreed_on=MONDAY, repeat=Repeat(Frequency.WEEKLY))
    return bank, payer, payee


@pytest.mark.parametrize("calls", [1, 2, 6, 7, 8, 10, 12])
def test_a_run_killed_anywhere_and_begun_again_gives_the_same_books(
    new_database: Callable[[], Dsn], monkeypatch: pytest.MonkeyPatch, calls: int
) -> None:
    for module in (reporting, orders, papers):
        monkeypatch.setattr(module, "MOST", 2)
    whole, _, whole_payee = many_orders(new_database())
    advance(whole, MONDAY)
    broken, payer, payee = many_orders(new_database())
    with pytest.raises(Killed):
        advance(broken, MONDAY, killed_after(calls))
    broken.close()
    again = Bank.open(broken.dsn, broken.clock)
    report = advance(again, MONDAY)
    assert not report.problems
    assert sorted(movements(again, payee)) == sorted(movements(whole, whole_payee))
    with again.read() as connection:
        assert [s.number for s in issued_statements(connection, payer)] == [1]
    whole.close()
    again.close()


def test_what_was_done_is_not_done_again(database: Dsn) -> None:
    bank, payer, payee = many_orders(database)
    with bank:
        advance(bank, MONDAY)
        before = movements(bank, payee)
        report = advance(bank, MONDAY)
        assert (report.executed, report.refused) == ([], [])
        assert movements(bank, payee) == before
        assert len(before) == 8
        assert bank.account(payer).balance_minor == 100_000 - sum(amount for amount, _ in before)


def test_a_key_is_that_of_the_order_on_its_day() -> None:
    keys = {derived_key("due", 1, 7, 8, day) for day in (date(2026, 5, 6), date(2026, 6, 6))}
    assert len(keys) == 2
    assert derived_key("due", 1, 7, 8, date(2026, 5, 6)) in keys
    assert derived_key("due", 1, 78, 0) != derived_key("due", 1, 7, 80)
    assert all(len(key) == 16 for key in keys)


def test_days_that_the_bank_was_closed_are_made_up_for(database: Dsn) -> None:
    """With the machine's clock nobody moves it: two occurrences may be due at once."""
    with open_bank(database) as bank:
        payer, payee = two_accounts(bank)
        order(bank, payer, payee, 100, agreed_on=date(2026, 5, 5), repeat=Repeat(Frequency.WEEKLY))
        advance(bank, date(2026, 5, 4))
    late = Bank.open(database, FixedClock(instant("2026-05-13T10:00:00+02:00")))
    with late:
        report = advance(late, date(2026, 12, 31))
        assert len(report.executed) == 2
        assert max(d for _, d in report.days) == date(2026, 5, 13)
        assert [amount for amount, _ in movements(late, payee)] == [100, 100]
        with late.read() as connection:
            key = (payer, operation_order(late, report))
            assert load_orders(connection, [key])[key].due_on == date(2026, 5, 19)


def operation_order(bank: Bank, report: DayReport) -> int:
    with bank.read() as connection:
        done = operation_at(connection, *report.executed[0])
    assert done is not None
    assert done.record is not None
    return int(done.record.asked["transfer"])


def test_an_order_without_funds_is_refused_on_its_day_and_the_day_goes_on(database: Dsn) -> None:
    with open_bank(database) as bank:
        payer, payee = two_accounts(bank, funds_minor=1_000)
        poor = order(bank, payer, payee, 900_000, agreed_on=date(2026, 5, 6))
        order(bank, payer, payee, 500, agreed_on=date(2026, 5, 6), remittance="small")
        report = advance(bank, date(2026, 5, 6))
        assert [reason for _, _, reason in report.refused] == ["insufficient-funds"]
        assert len(report.executed) == 1
        with bank.read() as connection:
            assert load_orders(connection, [(payer, poor)])[payer, poor].status is OrderStatus.REFUSED


def test_a_hold_is_free_again_once_its_time_has_come(database: Dsn) -> None:
    with open_bank(database) as bank:
        payer, _ = two_accounts(bank)
        at = bank.clock.now()
        accepted(
            bank.ask(PlaceHold(amount_minor=700, purpose="card", expires_at=at + timedelta(days=2)), payer)
        )
        assert advance(bank, date(2026, 5, 6)).released_holds == 0
        assert bank.account(payer).held_minor == 700
        assert advance(bank, date(2026, 5, 7)).released_holds == 1
        assert bank.account(payer).held_minor == 0


def test_an_instant_transfer_without_answer_is_named_and_its_money_stays_aside(database: Dsn) -> None:
    with open_bank(database) as bank:
        payer, _ = two_accounts(bank)
        ask = PlaceTransfer(
            amount_minor=3_000,
            currency="EUR",
            payee=PayeeAccount(name="Lucie", iban=FAR_IBAN),
            service=Service.INSTANT,
        )
        bank.transfers.directory._by_code["FR", "30006"] = _instant_bank()
        answer = bank.ask(ask, payer, actor=bank.account(payer).holders[0], channel=Channel.MOBILE)
        assert answer.reason == "awaiting-confirmation"
        assert not advance(bank, date(2026, 5, 4)).late_instant
        late = advance(bank, date(2026, 5, 5)).late_instant
        assert [(one.account, one.transfer) for one in late] == [(payer, answer.position)]
        assert bank.account(payer).held_minor == 3_000


def _instant_bank() -> PayeeBank:
    return PayeeBank("FR", instant=True)


def statements_of(bank: Bank, account: AccountId) -> list[tuple[int, date, date, datetime]]:
    with bank.read() as connection:
        return [
            (s.number, s.first_day, s.last_day, s.issued_at) for s in issued_statements(connection, account)
        ]


@pytest.mark.parametrize(
    ("series", "issued_at"), [(BRED, "2026-06-01T00:00:00+02:00"), (BNC, "2026-06-01T00:00:00+11:00")]
)
def test_statements_are_cut_when_the_month_ends_where_the_account_is(
    database: Dsn, series: str, issued_at: str
) -> None:
    with open_bank(database, at="2026-05-29T03:00:00+02:00") as bank:
        account = open_account(bank, series, funds_minor=50_000)
        silent = open_account(bank, series)
        advance(bank, date(2026, 5, 31))
        early = statements_of(bank, account)
        advance(bank, date(2026, 6, 1))
        expected = (1, date(2026, 5, 1), date(2026, 5, 31), instant(issued_at))
        assert statements_of(bank, account) == [expected]
        assert early in ([], [expected])
        assert statements_of(bank, silent) == []


def test_every_book_has_its_day(database: Dsn) -> None:
    with open_bank(database, books=(1, 2)) as bank:
        first = open_account(bank, BRED, funds_minor=5_000)
        second = open_account(bank, BRED, book=2, funds_minor=5_000)
        payee = open_account(bank, BRED)
        order(bank, first, payee, 100, agreed_on=date(2026, 5, 6))
        order(bank, second, payee, 200, agreed_on=date(2026, 5, 6))
        report = advance(bank, date(2026, 5, 6))
        assert {book for book, _ in report.executed} == {1, 2}
        assert bank.account(payee).balance_minor == 300
        assert bank.account(account_id(2, second & 0xFFFF_FFFF)).balance_minor == 4_800
