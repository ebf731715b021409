"""The bank's day at a quarter's end: it closes the quarter once, before the statements are cut."""

from datetime import date

from teneur.bank import Bank
from teneur.channels.day.job import advance
from tests.pricing.interest.making import Q2, closing, closings, move
from tests.support.bank import BNC, BRED, bank, open_account

__all__ = ["bank"]


def test_the_day_after_a_quarter_closes_it_in_each_zone_when_its_day_comes(bank: Bank) -> None:
    paris, noumea = open_account(bank, BRED), open_account(bank, BNC)
    move(bank, paris, -80_000, date(2026, 6, 20))
    move(bank, noumea, -800_000, date(2026, 6, 20))
    advance(bank, date(2026, 6, 30))
    assert closings(bank, paris) == closings(bank, noumea) == []
    report = advance(bank, date(2026, 7, 1))
    assert report.problems == []
    assert report.done["quarters closed"] == 2
    assert closing(bank, paris, Q2).charge.debit_minor == 398  # 800,00 × 11 d × 16,5 % / 365
    assert closing(bank, noumea, Q2).charge.debit_minor == 3_616  # 800 000 × 11 d × 15 % / 365
    with bank.read() as connection:
        days = connection.execute("select distinct booked_on from journal where kind = 221").fetchall()
    assert days == [(date(2026, 7, 1),)]
    again = advance(bank, date(2026, 7, 2))
    assert "quarters closed" not in again.done
