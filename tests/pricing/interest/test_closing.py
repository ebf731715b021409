"""Closing quarters on the real books: numbers by SQL against a second count day by day, posted once."""

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest

from teneur.accounts.commands import MoveToAgreement
from teneur.bank import Bank
from teneur.kernel.commands import AccountId, Command, Outcome, account_id
from teneur.ledger.chart import Role, own_account
from teneur.pricing.fees.reading import fees_of
from teneur.pricing.interest.closing import hash_of
from teneur.pricing.interest.commands import BeginClosing, CloseQuarter
from teneur.pricing.interest.day import CannotClose, begin, pages, quarters_over
from teneur.pricing.interest.facts import SQL
from teneur.pricing.interest.reading import told
from teneur.pricing.overdraft.facts import AuthorisationKind
from tests.pricing.interest.making import (
    NOUMEA,
    PARIS,
    Q2,
    Q3,
    close,
    closing,
    closings,
    grant,
    independent,
    move,
    move_clock_to,
)
from tests.support.asserts import asserts
from tests.support.bank import ADVISER, BNC, BOOK, BRED, accepted, open_account, refused

NO_LIMIT = {date.min: 0}
BRED_RATES = {date.min: ("14.50", "16.50")}
BNC_RATES = {date.min: ("12.00", "15.00")}


@asserts("BRED-5.2-1", "BRED-8.2-5")
def test_a_debit_without_authorisation_bears_the_unauthorised_rate_of_the_tariff(bank: Bank) -> None:
    account = open_account(bank, BRED)
    move(bank, account, -100_000, date(2026, 5, 10))
    move(bank, account, 40_000, date(2026, 6, 1))
    report = close(bank, Q2)
    assert (report.closed, report.problems) == (1, [])
    found = closing(bank, account, Q2)
    # 1 000,00 for 22 days and 600,00 for 30 days: numbers of 4 000 000 × 16,5 % / 365
    assert found.numbers.debit_number == 100_000 * 22 + 60_000 * 30
    assert found.charge.debit_minor == 1_808
    assert bank.account(account).balance_minor == -60_000 - 1_808
    movements = {date(2026, 5, 10): -100_000, date(2026, 6, 1): 40_000}
    assert found.charge.interest_minor == independent(movements, Q2, NO_LIMIT, BRED_RATES)


@asserts("BRED-8.1.2-1", "BRED-8.2-5")
def test_the_authorised_part_and_the_excess_bear_their_own_rates(bank: Bank) -> None:
    account = open_account(bank, BRED)
    grant(bank, account, 50_000)
    move(bank, account, -80_000, date(2026, 5, 11))
    close(bank, Q2)
    (span,) = (s for s in closing(bank, account, Q2).numbers.spans if s.debit_number)
    days = 51  # 11 May to 30 June
    assert (span.authorised_number, span.excess_number) == (50_000 * days, 30_000 * days)
    assert (span.percent, span.excess_percent) == (Decimal("14.50"), Decimal("16.50"))
    assert closing(bank, account, Q2).charge.interest_minor == independent(
        {date(2026, 5, 11): -80_000}, Q2, {date.min: 50_000}, BRED_RATES
    )


@asserts("BNC-7.3-1", "BNC-7.1-4", "BNC-7.3-6")
def test_an_agreed_rate_wins_over_the_tariff_and_never_touches_the_excess(bank: Bank) -> None:
    account = open_account(bank, BNC)
    grant(bank, account, 100_000, rate_percent=Decimal("9.75"))
    move(bank, account, -250_000, date(2026, 5, 10))
    close(bank, Q2, NOUMEA)
    found = closing(bank, account, Q2)
    # 52 days: (100 000 × 9,75 % + 150 000 × 15 %) × 52 / 365 = 4 594,52
    assert found.charge.debit_minor == 4_595
    assert found.charge.interest_minor == independent(
        {date(2026, 5, 10): -250_000}, Q2, {date.min: 100_000}, {date.min: ("9.75", "15.00")}
    )


@asserts("BNC-5-1")
def test_only_the_value_date_counts(bank: Bank) -> None:
    account, other = open_account(bank, BNC), open_account(bank, BNC)
    move(bank, account, -600_000, date(2026, 6, 1), booked_on=date(2026, 6, 29))
    move(bank, other, -600_000, date(2026, 6, 29), booked_on=date(2026, 6, 1))
    close(bank, Q2, NOUMEA)
    assert closing(bank, account, Q2).numbers.debit_number == 600_000 * 30
    assert closing(bank, other, Q2).numbers.debit_number == 600_000 * 2


def test_the_first_and_the_last_day_of_a_quarter_count_whole(bank: Bank) -> None:
    account = open_account(bank, BRED)
    for day, amount in ((Q2.last_day, -10_000), (Q3.first_day, -20_000), (Q3.last_day, 5_000)):
        move(bank, account, amount, day)
    close(bank, Q2, on=Q3.last_day)
    second = closing(bank, account, Q2)
    assert (second.numbers.debit_number, second.numbers.closing_minor) == (10_000, -10_000)
    assert dict(second.numbers.later) == {Q3.first_day: -20_000, Q3.last_day: 5_000}
    close(bank, Q3)
    third = closing(bank, account, Q3)
    charged = second.charge.debit_minor  # posted on the last day of the third quarter, when the second closed
    assert third.numbers.opening_minor == -10_000
    assert third.numbers.closing_minor == -25_000 - charged
    assert third.numbers.debit_number == 30_000 * 91 + 25_000 + charged


def test_each_closing_opens_where_the_one_before_closed(bank: Bank) -> None:
    account = open_account(bank, BRED)
    move(bank, account, -100_000, date(2026, 6, 15))
    close(bank, Q2)
    move(bank, account, 300_000, date(2026, 8, 1))
    close(bank, Q3)
    first, second = closings(bank, account)
    assert second.numbers.opening_minor == first.numbers.closing_minor == -100_000
    assert second.numbers.closing_minor == bank.account(account).balance_minor + second.charge.debit_minor
    interest_on = {Q3.first_day: -first.charge.debit_minor}  # value-dated on its booking day
    movements = {date(2026, 6, 15): -100_000, date(2026, 8, 1): 300_000, **interest_on}
    assert second.charge.interest_minor == independent(movements, Q3, NO_LIMIT, BRED_RATES)


@pytest.mark.parametrize(("amount", "interest"), [(0, 0), (-1, 0), (-2_000, 2), (2_000, 0)])
def test_zero_one_cent_and_a_credit_balance_cost_what_they_cost(
    bank: Bank, amount: int, interest: int
) -> None:
    account = open_account(bank, BRED)
    if amount:
        move(bank, account, amount, date(2026, 6, 30) if amount == -1 else date(2026, 6, 29))
    close(bank, Q2)
    found = closing(bank, account, Q2)
    assert (found.charge.debit_minor, found.charge.credit_minor) == (interest, 0)
    assert bank.account(account).balance_minor == amount - interest


def test_a_new_limit_and_a_new_rate_split_the_numbers_on_their_day(bank: Bank) -> None:
    account = open_account(bank, BRED)
    one_off, may = AuthorisationKind.ONE_OFF, date(2026, 5, 31)
    grant(bank, account, 20_000, rate_percent=Decimal("8"), kind=one_off, ends_on=may)
    grant(bank, account, 70_000, starts_on=date(2026, 6, 1), rate_percent=Decimal("10"))
    move(bank, account, -90_000, date(2026, 5, 20))
    close(bank, Q2)
    found = closing(bank, account, Q2)
    spans = [(s.first_day, s.days, s.limit_minor, s.percent) for s in found.numbers.spans]
    assert spans == [
        (date(2026, 4, 1), 33, 0, Decimal("14.50")),
        (date(2026, 5, 4), 28, 20_000, Decimal("8")),
        (date(2026, 6, 1), 30, 70_000, Decimal("10")),
    ]
    limits = {date.min: 0, date(2026, 5, 4): 20_000, date(2026, 6, 1): 70_000}
    rates = {date.min: ("8", "16.50"), date(2026, 6, 1): ("10", "16.50")}
    assert found.charge.interest_minor == independent({date(2026, 5, 20): -90_000}, Q2, limits, rates)


def test_what_is_due_when_an_authorisation_ends_keeps_its_rate_until_it_is_repaid(bank: Bank) -> None:
    account = open_account(bank, BRED)
    ends_on = date(2026, 5, 31)
    grant(bank, account, 50_000, kind=AuthorisationKind.ONE_OFF, ends_on=ends_on, rate_percent=Decimal("6"))
    move(bank, account, -60_000, date(2026, 5, 20))
    move(bank, account, 30_000, date(2026, 6, 11))  # 300,00 still due
    move(bank, account, -40_000, date(2026, 6, 21))  # new debts are beyond any authorisation
    close(bank, Q2)
    last = closing(bank, account, Q2).numbers.spans[-1]
    assert last.run_off
    assert last.authorised_number == 50_000 * 10 + 30_000 * 10 + 30_000 * 10
    assert last.excess_number == 10_000 * 10 + 0 + 40_000 * 10
    assert closing(bank, account, Q2).numbers.run_off_minor == 30_000
    close(bank, Q3)
    third = closing(bank, account, Q3).numbers
    assert (third.spans[0].authorised_number, third.run_off_minor) == (30_000 * 92, 30_000)


@asserts("BNC-7.2.b-5", "BRED-8.1.1-5")
@pytest.mark.parametrize(("series", "zone", "excess"), [(BRED, PARIS, "16.50"), (BNC, NOUMEA, "15.00")])
def test_the_rate_after_the_end_is_that_of_the_terms(bank: Bank, series: str, zone: str, excess: str) -> None:
    account = open_account(bank, series)
    ends_on = date(2026, 5, 31)
    grant(bank, account, 500_000, kind=AuthorisationKind.ONE_OFF, ends_on=ends_on, rate_percent=Decimal("6"))
    move(bank, account, -400_000, date(2026, 5, 31))
    move(bank, account, 450_000, date(2026, 6, 15))
    move(bank, account, -450_000, date(2026, 6, 25))  # repaid meanwhile: nothing of it is due any more
    close(bank, Q2, zone)
    found = closing(bank, account, Q2)
    last = found.numbers.spans[-1]
    assert (last.percent, last.excess_percent) == (Decimal("6"), Decimal(excess))
    assert (last.authorised_number, last.excess_number) == (400_000 * 14, 400_000 * 6)


def test_credit_interest_is_paid_where_the_particular_terms_give_a_rate(bank: Bank) -> None:
    account = open_account(bank, BRED)
    rate = [{"since": "2026-05-04", "percent": "2.00"}]
    ask = MoveToAgreement(
        agreement="bred-2022-06",
        valid_from=date(2026, 5, 4),
        particular={"interest.rates.credit_percent": rate},
    )
    accepted(bank.ask(ask, account, actor=ADVISER))
    move(bank, account, 1_000_000, date(2026, 5, 10))
    close(bank, Q2)
    found = closing(bank, account, Q2)
    assert found.charge.credit_minor == 2_849  # 10 000,00 × 52 days × 2 % / 365 = 28,493
    assert bank.account(account).balance_minor == 1_002_849
    expense = own_account(BOOK, Role.INTEREST_EXPENSE, "EUR")
    assert bank.account(expense).balance_minor == -2_849


@asserts("BNC-7.3-7", "BRED-8.1.2-2")
@pytest.mark.parametrize(
    ("series", "name", "edition", "zone"),
    [(BRED, "bred-2022-06", "2022-06-01", PARIS), (BNC, "bnc-2026-04", "2026-04-01", NOUMEA)],
)
def test_an_agreed_commission_is_a_fee_beside_the_interest_and_counts_in_the_rate(
    bank: Bank, series: str, name: str, edition: str, zone: str
) -> None:
    account, free = open_account(bank, series), open_account(bank, series)
    path = f"tariff.editions.{edition}.overdraft-commission"
    particular = {path: {"percent": "0.5", "least_minor": 2}}
    ask = MoveToAgreement(agreement=name, valid_from=date(2026, 5, 6), particular=particular)
    accepted(bank.ask(ask, account, actor=ADVISER))
    for used in (account, free):
        move(bank, used, -1_000_000, date(2026, 5, 10))
    report = close(bank, Q2, zone)
    assert report.problems == []
    found = closing(bank, account, Q2)
    average = 1_000_000 * 52 // 91
    assert found.charge.commission_minor == average // 200
    assert found.charge.apr_charges_minor == found.charge.interest_minor + average // 200
    assert bank.account(account).balance_minor == -1_000_000 - found.charge.debit_minor
    with bank.read() as connection:
        fees = [fee for fee in fees_of(connection, account) if fee.event == "overdraft-commission"]
        assert [(f.occurred_on, f.base_minor, f.about) for f in fees] == [
            (Q2.last_day, average, str(Q2.first_day))
        ]
        assert [f for f in fees_of(connection, free) if f.event == "overdraft-commission"] == []
    assert closing(bank, free, Q2).charge.commission_minor == 0


def test_a_quarter_is_closed_once_and_again_gives_the_same_bytes(bank: Bank) -> None:
    account = open_account(bank, BRED)
    move(bank, account, -123_456, date(2026, 5, 10))
    close(bank, Q2)
    once = closing(bank, account, Q2).encode()
    balance = bank.account(account).balance_minor
    again = close(bank, Q2)
    assert (again.closed, again.replayed, again.problems) == (0, 0, [])
    assert closing(bank, account, Q2).encode() == once
    assert bank.account(account).balance_minor == balance
    with bank.read() as connection:
        rows = connection.execute("select sha256, json from interest_closing").fetchall()
    assert [(hash_of(bytes(json)), bytes(json)) for _, json in rows] == [(bytes(rows[0][0]), once)]


def test_a_run_that_was_killed_goes_on_from_the_same_cut(bank: Bank) -> None:
    accounts = [open_account(bank, BRED) for _ in range(6)]
    for number, account in enumerate(accounts):
        move(bank, account, -10_000 * (number + 1), date(2026, 5, 10))
    move_clock_to(bank, Q3.first_day)
    (first,) = bank.post([begin(BOOK, PARIS, Q2, bank.clock.now())])
    cut = first.position  # type: ignore[union-attr]
    found = next(pages(bank.read, bank.governing, BOOK, PARIS, Q2, cut, 2))
    for account, ask in found.closings:  # the first page, and then the lights go out
        accepted(bank.ask(ask, account))
    late = move(bank, accounts[5], -1_000_000, date(2026, 5, 11), booked_on=Q3.first_day)
    report = close(bank, Q2, page=2)
    assert (report.cut, report.closed) == (cut, 4)
    assert late.position > cut
    assert [closing(bank, a, Q2).numbers.position for a in accounts] == [cut] * 6
    assert closing(bank, accounts[5], Q2).numbers.debit_number == 60_000 * 52


def test_nobody_but_the_banks_day_closes_a_quarter(bank: Bank) -> None:
    account = open_account(bank, BRED)
    move_clock_to(bank, Q3.first_day)
    ask = BeginClosing(first_day=Q2.first_day, last_day=Q2.last_day, zone=PARIS)
    refused(bank.ask(ask, account_id(BOOK, 0), actor=ADVISER), "not-authorised")
    refused(bank.ask(ask, account), "unknown-account")
    wrong = BeginClosing(first_day=Q2.first_day, last_day=date(2026, 6, 29), zone=PARIS)
    refused(bank.ask(wrong, account_id(BOOK, 0)), "not-a-quarter")
    begun = accepted(bank.ask(ask, account_id(BOOK, 0)))
    found = next(pages(bank.read, bank.governing, BOOK, PARIS, Q2, begun.position))
    ((_, closes),) = found.closings
    refused(bank.ask(closes, account, actor=ADVISER), "not-authorised")
    short = CloseQuarter(numbers=closes.numbers, booked_on=Q2.last_day)
    refused(bank.ask(short, account), "quarter-not-over")


@asserts("BRED-5.2-1", "BNC-7.3-6")
def test_a_quarter_is_over_when_its_last_day_is_over_where_the_agreement_counts_days(bank: Bank) -> None:
    move_clock_to(bank, Q2.last_day)
    with pytest.raises(CannotClose, match="quarter-not-over"):
        close(bank, Q2, on=Q2.last_day)
    assert quarters_over(bank.governing, PARIS, date(2026, 7, 1)) == [Q2]
    assert quarters_over(bank.governing, NOUMEA, date(2026, 7, 1)) == [Q2]
    assert quarters_over(bank.governing, PARIS, date(2026, 6, 30)) == []
    assert quarters_over(bank.governing, PARIS, date(2026, 6, 1)) == []


def test_an_account_of_another_zone_is_left_alone(bank: Bank) -> None:
    paris, noumea = open_account(bank, BRED), open_account(bank, BNC)
    close(bank, Q2, NOUMEA)
    assert closings(bank, paris) == []
    assert len(closings(bank, noumea)) == 1


@pytest.mark.parametrize("seed", range(4))
def test_random_lives_agree_with_a_count_day_by_day(bank: Bank, seed: int) -> None:
    """Two quarters, with and without a limit, entries of every value date: SQL against fractions."""
    draw = random.Random(seed)
    lives: list[tuple[AccountId, int, dict[date, int]]] = []
    for _ in range(5):
        account = open_account(bank, BRED)
        limit = draw.choice([0, 0, 30_000, 100_000])
        if limit:
            grant(bank, account, limit)
        lives.append((account, limit, {}))
    for period in (Q2, Q3):
        for account, _, movements in lives:
            for _ in range(draw.randrange(12)):
                day = period.first_day + timedelta(days=draw.randrange(period.days))
                amount = draw.choice([-1, 1, -999, 25_000, -60_000, 100_000, -120_000])
                move(bank, account, amount, day)
                movements[day] = movements.get(day, 0) + amount
        close(bank, period)
        for account, limit, movements in lives:
            found = closing(bank, account, period)
            limits = {date.min: 0, date(2026, 5, 4): limit}
            assert found.charge.interest_minor == independent(movements, period, limits, BRED_RATES)
            booked = period.last_day + timedelta(days=1)
            movements[booked] = movements.get(booked, 0) - found.charge.debit_minor
            assert bank.account(account).balance_minor == sum(movements.values())


def test_a_closing_is_told_with_the_balance_that_its_cut_had(bank: Bank) -> None:
    account = open_account(bank, BRED)
    move(bank, account, -100_000, date(2026, 5, 10))
    close(bank, Q2)
    move(bank, account, 50_000, date(2026, 5, 20), booked_on=Q3.first_day)  # after the cut
    terms = bank.agreement_for(bank.account(account), Q2.last_day).interest
    with bank.read() as connection:
        (only,) = told(connection, account, Q2.first_day, terms)
    assert [(s.first_day, s.days, s.balance_minor) for s in only.steps] == [
        (date(2026, 4, 1), 39, 0),
        (date(2026, 5, 10), 52, -100_000),
    ]
    assert only.difference_minor == only.closing.charge.debit_minor
    assert only.operation.startswith("1/")


def test_what_is_kept_of_a_closing_cannot_be_changed_by_the_program(bank: Bank) -> None:
    account = open_account(bank, BRED)
    close(bank, Q2)
    key = {"book": BOOK, "accounts": [account & 0xFFFF_FFFF]}
    with bank.connect() as connection:
        assert len(connection.execute(SQL["closings_of"], key).fetchall()) == 1
        with pytest.raises(Exception, match="permission denied"):
            connection.execute("update interest_closing set debit_minor = 0")


def test_the_same_command_twice_posts_once(bank: Bank) -> None:
    account = open_account(bank, BRED)
    move(bank, account, -100_000, date(2026, 5, 10))
    move_clock_to(bank, Q3.first_day)
    begun = accepted(bank.ask(BeginClosing(first_day=Q2.first_day, last_day=Q2.last_day, zone=PARIS),
                              account_id(BOOK, 0)))  # fmt: skip
    ((_, ask),) = next(pages(bank.read, bank.governing, BOOK, PARIS, Q2, begun.position)).closings
    command = Command(key=bytes(16), subject=account, received_at=bank.clock.now(), ask=ask)
    first, second = bank.post([command]) + bank.post([command])
    assert (first.outcome, second.replayed) == (Outcome.ACCEPTED, True)  # type: ignore[union-attr]
    assert len(closings(bank, account)) == 1
