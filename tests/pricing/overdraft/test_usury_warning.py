"""A rate above the usury threshold is told before it is used, and refuses nothing (consumer code, L314-6)."""

from decimal import Decimal
from fractions import Fraction

import pytest

from teneur.bank import Bank
from teneur.kernel.commands import Channel
from teneur.pricing.overdraft.commands import ChangeOverdraft
from tests.pricing.interest.test_reference_rates import INDEX, load
from tests.pricing.overdraft.making import TODAY, grant
from tests.support.bank import ADVISER, BACK_OFFICE, BNC, BRED, accepted, move_clock, open_account

QUARTERS = (58, 92, 92, 90, 33)  # days from 4 May 2026 to each closing, and to 3 May 2027


def worth(limit_minor: int, percent: str, fee_minor: int, yearly: Fraction) -> float:
    """What a year of full use costs more than it brings, at a yearly effective rate."""
    left, days = float(limit_minor - fee_minor), 0
    for number, count in enumerate(QUARTERS):
        days += count
        paid = limit_minor * float(Decimal(percent)) / 100 * count / 365
        paid += limit_minor if number == len(QUARTERS) - 1 else 0
        left -= paid * (1 + float(yearly)) ** (-days / 365)
    return left


@pytest.mark.parametrize(
    ("limit_minor", "percent", "told"),
    [
        (200_000, "14.5", False),  # up to 3,000 EUR: 23.52 %
        (200_000, "22.5", True),
        (500_000, "14.5", False),  # up to 6,000 EUR: 15.73 %; here 15.71 %
        (500_000, "14.6", True),
        (700_000, "14.5", True),  # beyond: 8.61 %
    ],
)
def test_the_rate_of_a_grant_is_compared_with_the_threshold_of_its_bracket(
    bank: Bank, limit_minor: int, percent: str, told: bool
) -> None:
    answer = accepted(grant(bank, open_account(bank, BRED), limit_minor, rate_percent=Decimal(percent)))
    detail = bank.decided(answer)
    assert detail.get("usury") == ("above" if told else None)
    if told:
        shown, half = Fraction(detail["apr_percent"]) / 100, Fraction(5, 10_000)
        assert (
            worth(limit_minor, percent, 1_500, shown - half)
            <= 0
            <= worth(limit_minor, percent, 1_500, shown + half)
        )


def test_another_limit_may_fall_in_another_bracket(bank: Bank) -> None:
    account = open_account(bank, BRED)
    assert "usury" not in bank.decided(accepted(grant(bank, account, 200_000)))
    ask = ChangeOverdraft(
        limit_minor=400_000,
        requested_by=bank.account(account).holders,
        approved_by=BACK_OFFICE,
        document="A 2",
    )
    rate = Decimal("15.0")
    other = open_account(bank, BRED)
    accepted(grant(bank, other, 200_000, rate_percent=rate))
    found = [bank.decided(bank.ask(ask, a, actor=ADVISER, channel=Channel.BRANCH)) for a in (account,)]
    again = ChangeOverdraft(
        limit_minor=400_000, requested_by=bank.account(other).holders, approved_by=BACK_OFFICE, document="A 2"
    )
    found.append(bank.decided(bank.ask(again, other, actor=ADVISER, channel=Channel.BRANCH)))
    assert [detail.get("usury") for detail in found] == [None, "above"]


def test_a_rate_by_reference_counts_with_its_value_of_the_day(bank: Bank) -> None:
    account, other = open_account(bank, BNC), open_account(bank, BNC)
    unknown = accepted(grant(bank, account, 1_000_000, rate_percent=Decimal(4), rate_index=INDEX))
    assert bank.decided(unknown)["usury"] == "not-loaded"
    load(bank, INDEX, (TODAY, "6.5"))
    known = accepted(grant(bank, other, 1_000_000, rate_percent=Decimal(4), rate_index=INDEX))
    detail = bank.decided(known)
    assert (detail["usury"], detail["apr_percent"]) == ("above", "11.1")  # beyond 715,990 F: 8.61 %
    shown, half = Fraction(111, 1_000), Fraction(5, 10_000)
    assert worth(1_000_000, "10.5", 1_500, shown - half) <= 0 <= worth(1_000_000, "10.5", 1_500, shown + half)


def test_a_day_whose_notice_is_not_loaded_is_told_too(bank: Bank) -> None:
    move_clock(bank, "2030-01-02T12:00:00+01:00")
    answer = accepted(grant(bank, open_account(bank, BRED), 50_000))
    assert bank.decided(answer)["usury"] == "not-loaded"
