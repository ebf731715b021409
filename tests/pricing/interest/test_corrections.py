"""What comes late: past quarters are worked out again and the difference is posted, with its explanation."""

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest

from teneur.agreements.terms.overdraft import Event
from teneur.bank import Bank
from teneur.kernel.commands import Channel
from teneur.ledger.reading import operation_at
from teneur.pricing.interest.closing import Period
from teneur.pricing.interest.commands import CorrectInterest, SetValueDate
from teneur.pricing.interest.rules.corrections import interest_after_end, is_capitalised, value_date_to_give
from teneur.pricing.overdraft.commands import EndOverdraftByEvent
from tests.pricing.interest.making import (
    NOUMEA,
    ONE_DAY,
    Q2,
    Q3,
    Q4,
    close,
    closing,
    closings,
    grant,
    independent,
    move,
    move_clock_to,
)
from tests.support.asserts import asserts
from tests.support.bank import ADVISER, BACK_OFFICE, BNC, BOOK, BRED, accepted, open_account, refused

NO_LIMIT = {date.min: 0}
RATES = {date.min: ("14.50", "16.50")}
BNC_RATES = {date.min: ("12.00", "15.00")}


def test_an_entry_with_an_old_value_date_corrects_the_quarter_it_falls_in(bank: Bank) -> None:
    account = open_account(bank, BRED)
    move(bank, account, -500_000, date(2026, 5, 10))
    close(bank, Q2)
    old = closing(bank, account, Q2).charge.debit_minor
    move(bank, account, 500_000, date(2026, 6, 10), booked_on=date(2026, 8, 3))
    report = close(bank, Q3)
    assert (report.corrected, report.closed, report.problems) == (1, 1, [])
    first, revised, third = closings(bank, account)
    assert (first.revision, revised.revision, third.revision) == (0, 1, 0)
    assert first.charge.debit_minor == old
    movements = {date(2026, 5, 10): -500_000, date(2026, 6, 10): 500_000}
    assert revised.charge.interest_minor == independent(movements, Q2, NO_LIMIT, RATES)
    assert revised.numbers.closing_minor == 0
    assert third.numbers.opening_minor == 0
    # the old interest was really debited on 1 July and stays a debit until the correction is booked
    assert third.numbers.debit_number == old * 92
    back = old - revised.charge.debit_minor
    assert bank.account(account).balance_minor == -old + back - third.charge.debit_minor


def test_the_correction_says_what_came_late_and_what_each_quarter_cost_before_and_after(bank: Bank) -> None:
    account = open_account(bank, BRED)
    move(bank, account, -500_000, date(2026, 5, 10))
    close(bank, Q2)
    late = move(bank, account, 500_000, date(2026, 6, 10), booked_on=date(2026, 8, 3))
    close(bank, Q3)
    with bank.read() as connection:
        rows = connection.execute(
            "select position from journal where kind = 222 order by position"
        ).fetchall()
        found = operation_at(connection, 1, rows[0][0])
    assert found is not None
    assert found.record is not None
    cause = {"position": late.position, "value_on": "2026-06-10", "amount_minor": 500_000}
    assert found.record.asked["causes"] == [cause]
    assert found.record.asked["reason"] == "late-value"
    (told,) = found.record.decided["quarters"]
    before, after = told["before"]["debit_minor"], told["after"]["debit_minor"]
    assert (told["first_day"], told["debit_minor"]) == ("2026-04-01", after - before)
    assert "BRED-5.2-1" in found.citations
    (row,) = [r for r in found.rows if r.amount_minor]
    assert (row.credit, row.amount_minor) == (account, before - after)


def test_a_late_debit_costs_more_and_a_late_entry_in_credit_costs_nothing(bank: Bank) -> None:
    poor, rich = open_account(bank, BRED), open_account(bank, BRED)
    move(bank, rich, 900_000, date(2026, 4, 1))
    close(bank, Q2)
    for account in (poor, rich):
        move(bank, account, -100_000, date(2026, 6, 30), booked_on=date(2026, 7, 20))
    close(bank, Q3)
    assert [c.charge.debit_minor for c in closings(bank, poor)[:2]] == [0, 45]  # one day: 45,2 cents
    assert [c.charge.debit_minor for c in closings(bank, rich)] == [0, 0, 0]
    assert [c.revision for c in closings(bank, rich)] == [0, 1, 0]


def test_an_entry_late_by_two_quarters_corrects_both_and_a_second_one_corrects_the_corrections(
    bank: Bank,
) -> None:
    account = open_account(bank, BRED)
    move(bank, account, -200_000, date(2026, 5, 10))
    movements: dict[date, int] = {date(2026, 5, 10): -200_000}

    def book(day: date, amount: int) -> None:
        movements[day] = movements.get(day, 0) + amount

    close(bank, Q2)
    book(Q3.first_day, -closing(bank, account, Q2).charge.debit_minor)
    close(bank, Q3)
    book(Q4.first_day, -closing(bank, account, Q3).charge.debit_minor)
    move(bank, account, 150_000, date(2026, 6, 1), booked_on=date(2026, 10, 5))
    book(date(2026, 6, 1), 150_000)
    before = [closing(bank, account, q).charge.debit_minor for q in (Q2, Q3)]
    assert close(bank, Q4).corrected == 1
    for quarter, old in zip((Q2, Q3), before, strict=True):
        again = closing(bank, account, quarter)
        assert again.revision == 1
        assert again.charge.interest_minor == independent(movements, quarter, NO_LIMIT, RATES)
        book(date(2027, 1, 1), old - again.charge.debit_minor)
    fourth = closing(bank, account, Q4)
    assert fourth.charge.interest_minor == independent(movements, Q4, NO_LIMIT, RATES)
    book(date(2027, 1, 1), -fourth.charge.debit_minor)
    assert bank.account(account).balance_minor == sum(movements.values())
    move(bank, account, -80_000, date(2026, 9, 30), booked_on=date(2027, 2, 1))
    book(date(2026, 9, 30), -80_000)
    next_quarter = Period(date(2027, 1, 1), date(2027, 3, 31))
    assert close(bank, next_quarter).corrected == 1
    assert [closing(bank, account, q).revision for q in (Q2, Q3, Q4)] == [1, 2, 1]
    for quarter in (Q3, Q4, next_quarter):
        found = closing(bank, account, quarter)
        assert found.charge.interest_minor == independent(movements, quarter, NO_LIMIT, RATES)


@pytest.mark.parametrize("seed", range(3))
def test_random_late_entries_leave_every_quarter_as_a_count_day_by_day_has_it(bank: Bank, seed: int) -> None:
    draw = random.Random(seed)
    accounts = [open_account(bank, BRED) for _ in range(3)]
    lives: list[dict[date, int]] = [{} for _ in accounts]
    quarters = (Q2, Q3, Q4)
    for number, period in enumerate(quarters):
        for account, life in zip(accounts, lives, strict=True):
            for _ in range(draw.randrange(8)):
                value_on = period.first_day + timedelta(days=draw.randrange(period.days))
                if number and draw.random() < 0.3:
                    value_on -= timedelta(days=draw.randrange(1, 92 * number))
                    value_on = max(value_on, Q2.first_day)
                amount = draw.choice([-90_000, 70_000, -30_001, 45_000])
                booked = max(value_on, period.first_day)
                move(bank, account, amount, value_on, booked_on=booked)
                life[value_on] = life.get(value_on, 0) + amount
        known = [{c.numbers.first_day: c for c in closings(bank, a)} for a in accounts]
        close(bank, period)
        day = period.last_day + ONE_DAY
        for account, life, before in zip(accounts, lives, known, strict=True):
            for quarter in quarters[: number + 1]:
                found = closing(bank, account, quarter)
                assert found.charge.interest_minor == independent(life, quarter, NO_LIMIT, RATES)
            for quarter in quarters[: number + 1]:
                old = before.get(quarter.first_day)
                new = closing(bank, account, quarter).charge.debit_minor
                life[day] = life.get(day, 0) + (old.charge.debit_minor if old else 0) - new
            assert bank.account(account).balance_minor == sum(life.values())


def test_a_correction_by_numbers_that_others_have_overtaken_is_refused(bank: Bank) -> None:
    account = open_account(bank, BRED)
    close(bank, Q2)
    numbers = closing(bank, account, Q2).numbers
    for revision in (0, 2):
        ask = CorrectInterest(
            quarters=(numbers,), revisions=(revision,), reason="late-value", booked_on=Q3.first_day
        )
        refused(bank.ask(ask, account), "closing-changed")
    ask = CorrectInterest(quarters=(numbers,), revisions=(1,), reason="late-value", booked_on=Q3.first_day)
    refused(bank.ask(ask, account, actor=ADVISER), "not-authorised")
    accepted(bank.ask(ask, account))
    assert [c.revision for c in closings(bank, account)] == [0, 1]


# value dates at the payer bank's request


@asserts("BNC-6.2.2.2-9")
@pytest.mark.parametrize(
    ("due", "given"),
    [("2026-05-20", "2026-05-20"), ("2026-06-10", "2026-06-10"), ("2026-06-15", "2026-06-10")],
)
def test_the_value_date_is_no_later_than_that_of_right_execution(due: str, given: str) -> None:
    credited = date(2026, 6, 10)
    assert value_date_to_give(credited, date.fromisoformat(due)) == date.fromisoformat(given)


@asserts("BNC-6.2.2.2-9")
def test_a_transfer_received_late_counts_from_the_due_day_without_changing_what_was_booked(
    bank: Bank,
) -> None:
    account = open_account(bank, BNC)
    move(bank, account, -300_000, date(2026, 5, 10))
    received = move(bank, account, 300_000, date(2026, 6, 10))
    close(bank, Q2, NOUMEA)
    old = closing(bank, account, Q2).charge
    booked = bank.account(account).balance_minor
    ask = SetValueDate(
        operation=received.position,
        due_value_on=date(2026, 5, 20),
        asked_by="PACS-77 de l’autre banque",
        approved_by=ADVISER,
    )
    answer = accepted(bank.ask(ask, account, actor=BACK_OFFICE, channel=Channel.INTERBANK))
    assert answer.citations == ("BNC-6.2.2.2-9",)
    assert bank.account(account).balance_minor == booked
    close(bank, Q3, NOUMEA)
    again = closing(bank, account, Q2)
    movements = {date(2026, 5, 10): -300_000, date(2026, 5, 20): 300_000}
    assert again.charge.interest_minor == independent(movements, Q2, NO_LIMIT, BNC_RATES)
    assert again.charge.interest_minor < old.interest_minor
    with bank.read() as connection:
        first = operation_at(connection, 1, received.position)
    assert first is not None
    assert first.rows[0].credit_value_on == date(2026, 6, 10)


def test_a_value_date_is_set_right_once_by_two_and_only_backwards(bank: Bank) -> None:
    account, other = open_account(bank, BNC), open_account(bank, BNC)
    received = move(bank, account, 300_000, date(2026, 5, 10))
    debit = move(bank, account, -100, date(2026, 5, 10))

    def ask(operation: int = received.position, **changes: object) -> SetValueDate:
        fields: dict[str, object] = {
            "operation": operation, "due_value_on": date(2026, 5, 6), "asked_by": "ref", "approved_by":
            ADVISER, }  # fmt: skip
        return SetValueDate(**(fields | changes))  # type: ignore[arg-type]

    refused(bank.ask(ask(), account, actor=ADVISER), "not-authorised")
    refused(bank.ask(ask(approved_by=BACK_OFFICE), account, actor=BACK_OFFICE), "second-person-missing")
    refused(bank.ask(ask(asked_by=" "), account, actor=BACK_OFFICE), "invalid-field")
    refused(bank.ask(ask(debit.position), account, actor=BACK_OFFICE), "unknown-operation")
    refused(bank.ask(ask(10_000), account, actor=BACK_OFFICE), "unknown-operation")
    refused(bank.ask(ask(), other, actor=BACK_OFFICE), "unknown-operation")
    late = ask(due_value_on=date(2026, 5, 10))
    refused(bank.ask(late, account, actor=BACK_OFFICE), "value-date-not-earlier", "BNC-6.2.2.2-9")
    accepted(bank.ask(ask(), account, actor=BACK_OFFICE))
    refused(bank.ask(ask(due_value_on=date(2026, 5, 5)), account, actor=BACK_OFFICE), "already-adjusted")
    assert bank.account(account).balance_minor == 299_900


# interest on interest


@asserts("BNC-12.3-1", "BRED-11.3.1-6", "BRED-11.3.2-8")
@pytest.mark.parametrize(
    ("last", "whole"),
    [(date(2025, 2, 27), False), (date(2025, 2, 28), True), (date(2024, 12, 31), False)],
)
def test_only_interest_due_for_a_whole_year_bears_interest(last: date, whole: bool) -> None:
    assert is_capitalised(date(2024, 3, 1), last, 12) is whole


@asserts("BNC-12.3-1", "BRED-11.3.1-6", "BRED-11.3.2-8")
def test_a_debit_left_at_the_end_compounds_once_a_year_and_no_oftener(bank: Bank) -> None:
    terms = bank.agreements["bred-2022-06"].interest
    years = interest_after_end(
        100_000, date(2023, 7, 1), date(2025, 9, 30), lambda _: Decimal("10"), terms.closing,
        terms.capitalised_after_months.value,
    )  # fmt: skip
    # 1st year: 184/365 + 182/366 of 10 000,00 c; 2nd: the like on what was capitalised; then 92 days, simple
    assert [(y.first_day, y.capitalised) for y in years] == [
        (date(2023, 7, 1), True),
        (date(2024, 7, 1), True),
        (date(2025, 7, 1), False),
    ]
    assert years[0].interest_minor == 10_014  # 5 041,10 + 4 972,68 = 10 013,77
    assert years[1].principal_minor == 110_014
    assert years[1].interest_minor == 10_986  # 110 014 × (184/366 + 181/365) × 10 % = 10 986,29
    assert years[2].principal_minor == 121_000
    assert years[2].interest_minor == 3_050  # 121 000 × 92/365 × 10 % = 3 049,86


@asserts("BRED-8.1.1-5")
def test_an_end_that_is_told_after_the_closing_corrects_it_and_what_was_due_keeps_its_rate(
    bank: Bank,
) -> None:
    """500.00 EUR drawn on 4 May at 9 %, 400.00 more on 20 June; on 3 August a death of 10 June is told."""
    account = open_account(bank, BRED)
    grant(bank, account, 100_000, rate_percent=Decimal(9))
    move(bank, account, -50_000, date(2026, 5, 4))
    move(bank, account, -40_000, date(2026, 6, 20))
    close(bank, Q2)
    assert closing(bank, account, Q2).charge.interest_minor == 824  # (50,000 × 47 + 90,000 × 11) × 9 / 36,500
    move_clock_to(bank, date(2026, 8, 3))
    ask = EndOverdraftByEvent(event=Event.DEATH, occurred_on=date(2026, 6, 10), proof="acte")
    accepted(bank.ask(ask, account, actor=BACK_OFFICE))
    report = close(bank, Q3)
    assert (report.corrected, report.problems) == (1, [])
    # (50,000 × 58 × 9 + 40,000 × 11 × 16.5) / 36,500
    assert closing(bank, account, Q2).charge.interest_minor == 914
    with bank.read() as connection:
        (position,) = connection.execute("select position from journal where kind = 222").fetchone() or (0,)
        found = operation_at(connection, BOOK, position)
    assert found is not None
    assert found.record is not None
    assert found.record.asked["reason"] == "authorisation-ended"
    third = closing(bank, account, Q3)
    assert third.numbers.run_off_minor == 50_000
    assert sum(s.authorised_number for s in third.numbers.spans) == 50_000 * 92
    assert close(bank, Q4).corrected == 0
