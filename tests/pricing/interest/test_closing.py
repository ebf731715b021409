"""Closing a quarter on the real books: numbers by SQL against a second count day by day, posted once."""

from datetime import date

from teneur.bank import Bank
from tests.pricing.interest.making import Q2, close, closing, independent, move
from tests.support.asserts import asserts
from tests.support.bank import BRED, open_account

RATES = {date.min: ("14.50", "16.50")}


@asserts("BRED-5.2-1", "BRED-8.2-5")
def test_a_quarter_without_authorisation_bears_the_unauthorised_rate(bank: Bank) -> None:
    account = open_account(bank, BRED)
    move(bank, account, -100_000, date(2026, 5, 10))
    move(bank, account, 40_000, date(2026, 6, 1))
    report = close(bank, Q2)
    assert (report.closed, report.problems) == (1, [])
    found = closing(bank, account, Q2)
    # 1 000,00 for 22 days and 600,00 for 30 days: 4 000 000 of numbers × 16,5 % / 365
    assert found.numbers.debit_number == 100_000 * 22 + 60_000 * 30
    assert found.charge.debit_minor == round(4_000_000 * 0.165 / 365) == 1_808
    assert bank.account(account).balance_minor == -60_000 - 1_808
    movements = {date(2026, 5, 10): -100_000, date(2026, 6, 1): 40_000}
    assert found.charge.interest_minor == independent(movements, Q2, {date.min: 0}, RATES)
