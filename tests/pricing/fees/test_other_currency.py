"""A tariff is in the currency of its agreement: an account in the other one pays it at the fixed parity."""

from datetime import date
from decimal import Decimal

import pytest

from teneur.bank import Bank
from teneur.kernel.commands import Channel
from teneur.pricing.interest.closing import Period
from teneur.pricing.overdraft.commands import DemandRepayment, RaiseOverdraft
from teneur.pricing.overdraft.facts import ClaimStatus
from tests.pricing.fees.making import announce, collect, fee_at, raise_fee
from tests.pricing.interest.making import NOUMEA, close, closing, move
from tests.pricing.overdraft.making import TODAY, grant, review_day, spend, watch
from tests.support.bank import (
    ADVISER,
    BACK_OFFICE,
    BNC,
    BRED,
    accepted,
    move_clock,
    open_account,
    refused,
)

Q2 = Period(date(2026, 4, 1), date(2026, 6, 30))


@pytest.mark.parametrize(
    ("series", "currency", "price_minor"),
    [
        (BRED, "EUR", 1_200),
        (BRED, "XPF", 1_431),  # 12.00 EUR are 1,431.98 F
        (BNC, "XPF", 1_200),
        (BNC, "EUR", 1_005),  # 1,200 F are 10.056 EUR
    ],
)
def test_a_letter_costs_the_same_in_either_currency(
    bank: Bank, series: str, currency: str, price_minor: int
) -> None:
    account = open_account(bank, series, currency=currency)
    key = raise_fee(bank, account, "overdraft-letter", date(2026, 5, 4))
    accepted(announce(bank, account, date(2026, 6, 1), date(2026, 5, 31), "2026-06-01T00:00:00+02:00"))
    accepted(collect(bank, account, key, "2026-06-15T00:00:00+02:00"))
    assert fee_at(bank, account, key).amount_minor == price_minor
    assert bank.account(account).balance_minor == -price_minor


def test_the_caps_of_the_law_count_at_the_parity_too(bank: Bank) -> None:
    """80.00 EUR a month are 9,546.5 F: ten interventions at 8.00 EUR, not a centime of an eleventh."""
    account = open_account(bank, BRED, currency="XPF")
    days = [date(2026, 5, 5 + n) for n in range(12)]
    keys = [raise_fee(bank, account, "intervention", day, base_minor=90_000) for day in days]
    # no more than the order that was refused: 103 F are 86.3 c, 86 c are 102.6 F
    small = raise_fee(bank, account, "refusal-notice", date(2026, 5, 30), about="order", base_minor=103)
    accepted(announce(bank, account, date(2026, 6, 1), date(2026, 5, 31), "2026-06-01T00:00:00+02:00"))
    amounts = [fee_at(bank, account, key).amount_minor for key in keys]
    assert amounts == [954] * 10 + [0, 0]
    assert fee_at(bank, account, small).amount_minor == 102


def test_the_flat_minimum_and_its_bound_are_worth_the_same_in_euro(bank: Bank) -> None:
    """600 F are 5.028 EUR; 47,733 F are 400.00 EUR."""
    below, at = (open_account(bank, BNC, currency="EUR") for _ in range(2))
    move(bank, below, -1, date(2026, 4, 1), booked_on=date(2026, 5, 4))
    move(bank, at, -40_000, date(2026, 4, 1), booked_on=date(2026, 5, 4))
    close(bank, Q2, NOUMEA)
    charge = closing(bank, below, Q2).charge
    assert (charge.minimum_minor, charge.debit_minor) == (502, 502)
    assert closing(bank, at, Q2).charge.minimum_minor == 0


def test_the_bank_raises_by_itself_up_to_the_same_worth(bank: Bank) -> None:
    """178,998 F are 1,500.00 EUR."""
    move_clock(bank, "2026-05-05T09:00:00+11:00")
    account = open_account(bank, BNC, currency="EUR")
    accepted(grant(bank, account, 100_000))
    for limit_minor, may in ((150_001, False), (150_000, True)):
        ask = RaiseOverdraft(
            limit_minor=limit_minor,
            effective_on=date(2026, 5, 6),
            apr_percent=Decimal("12.6"),
            medium="letter",
            approved_by=BACK_OFFICE,
        )
        answer = bank.ask(ask, account, actor=ADVISER, channel=Channel.BRANCH)
        accepted(answer) if may else refused(answer, "customer-must-agree", "BNC-7.2.a-3")


def test_a_debt_is_declared_from_the_same_worth_on(bank: Bank) -> None:
    """59,666 F are 500.00 EUR, which is where the file of incidents begins."""
    below, at = (open_account(bank, BNC, currency="EUR") for _ in range(2))
    for account, debt in ((below, 49_999), (at, 50_000)):
        accepted(spend(bank, account, debt, forced=True))
        accepted(bank.ask(DemandRepayment(letter="LS 17"), account, actor=BACK_OFFICE))
    review_day(bank, TODAY, BNC)
    review_day(bank, date(2026, 6, 3), BNC)
    found = [watch(bank, account).claims[0].status for account in (below, at)]
    assert found == [ClaimStatus.DEMANDED, ClaimStatus.TO_DECLARE]
