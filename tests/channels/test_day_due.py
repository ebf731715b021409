"""What a day asks before it works: everything that may be due, and nothing else is run."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from teneur.agreements.terms.transfers import StartCondition
from teneur.bank import Bank
from teneur.channels.day import job, orders
from teneur.channels.day.due import ASKED_FOR, due, questions
from teneur.channels.day.job import advance
from teneur.channels.day.report import DayReport, Step, Today
from teneur.channels.day.tasks import TASKS
from teneur.channels.notices import keep_ways
from teneur.channels.settings import CLOCK, setting
from teneur.kernel.clock import start_of_day, zone
from teneur.obligations.notices.attempts import unsent
from teneur.payments.transfers.commands import Start
from tests.pricing.overdraft.making import spend
from tests.support.bank import BNC, BOOK, BRED, accepted, bank, move_clock, open_account
from tests.support.transfers import ELSEWHERE, pay

__all__ = ["bank"]

PARIS = "Europe/Paris"


def today(bank: Bank, day: date) -> Today:
    step = Step(start_of_day(day, zone(PARIS)), PARIS, day)
    return Today(bank, BOOK, step, DayReport(), lambda _what, _count: None)


def test_every_task_that_may_be_left_out_is_asked_for_on_some_day(bank: Bank) -> None:
    assert {one.task for one in questions(today(bank, date(2027, 1, 1)))} == ASKED_FOR
    assert set(TASKS) >= ASKED_FOR


@pytest.mark.parametrize("series", [BRED, BNC])
def test_nothing_is_due_on_a_day_on_which_nothing_goes_on(bank: Bank, series: str, tmp_path: Path) -> None:
    keep_ways(bank, None, tmp_path)
    open_account(bank, series, funds_minor=5_000)
    advance(bank, date(2026, 5, 5))
    assert due(today(bank, date(2026, 5, 6)), TASKS) & ASKED_FOR == set()


def test_what_waits_is_due_and_only_that(bank: Bank, tmp_path: Path) -> None:
    keep_ways(bank, None, tmp_path)
    payer = open_account(bank, BRED)
    advance(bank, date(2026, 5, 5))
    move_clock(bank, "2026-05-05T10:00:00+02:00")
    pay(bank, payer, ELSEWHERE, 1_000, start=Start(StartCondition.FUNDS_AVAILABLE))
    assert due(today(bank, date(2026, 5, 6)), TASKS) & ASKED_FOR == {orders.look_for_funds}


def test_work_that_a_task_makes_for_a_later_one_is_done_on_the_same_day(bank: Bank, tmp_path: Path) -> None:
    keep_ways(bank, None, tmp_path)
    payer = open_account(bank, BRED, funds_minor=1_000)
    pay(bank, payer, ELSEWHERE, 5_000, agreed_on=date(2026, 5, 8))
    report = advance(bank, date(2026, 5, 8))
    assert [reason for _, _, reason in report.refused] == ["insufficient-funds"]
    with bank.read() as connection:
        sent = connection.execute("select sent_at from notice_sent order by position desc limit 1").fetchone()
    assert sent == (start_of_day(date(2026, 5, 8), zone(PARIS)),)


def test_a_simulated_clock_is_kept_before_anything_is_done_at_it(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def look(_today: Today, *_: object) -> set[object]:
        with bank.read() as connection:
            seen.append((setting(connection, CLOCK), f"simulated:{bank.clock.now().isoformat()}"))
        return set()

    monkeypatch.setattr(job, "due", look)
    advance(bank, date(2026, 5, 7))
    assert len(seen) == 8
    assert all(kept == now for kept, now in seen)


def test_a_day_that_is_half_done_goes_on_before_an_earlier_one_is_looked_at_again(bank: Bank) -> None:
    advance(bank, date(2026, 5, 6))
    with bank.connect() as connection:  # as if the program had been killed on the last day
        connection.execute("update bank_day set done_on = '2026-05-05' where zone = 'Europe/Paris'")
    assert advance(bank, date(2026, 5, 6)).days == [(PARIS, date(2026, 5, 6))]
    again = advance(bank, date(2026, 5, 6)).days
    assert again == [("Pacific/Noumea", date(2026, 5, 6)), (PARIS, date(2026, 5, 6))]


def test_what_no_way_is_set_up_for_is_looked_at_ever_more_rarely_and_at_once_when_there_is_one(
    bank: Bank, tmp_path: Path
) -> None:
    account = open_account(bank, BRED)
    accepted(spend(bank, account, 3_000, forced=True))
    advance(bank, date(2026, 6, 20))
    now = bank.clock.now()
    assert max(waits(bank)) > now + timedelta(days=3)
    assert min(waits(bank)) > now
    keep_ways(bank, None, tmp_path)
    assert set(waits(bank)) == {now}


def waits(bank: Bank) -> list[datetime]:
    """When each notice that is not sent is tried again."""
    with bank.read() as connection:
        return [next_at for _, next_at in unsent(connection, BOOK, 100) if next_at is not None]
