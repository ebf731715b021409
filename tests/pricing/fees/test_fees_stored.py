"""What happened that has a price is stored with the decision that says so."""

from datetime import date

import pytest

from teneur.bank import Bank
from teneur.kernel.commands import number_of
from teneur.kernel.fees import FeeDue
from teneur.ledger.errors import BrokenDecision
from teneur.pricing.fees.effects import EFFECTS
from tests.support.bank import BRED, open_account

WRITE = EFFECTS[0].write


def test_two_fees_of_one_decision_stand_in_order_not_yet_priced(bank: Bank) -> None:
    account = open_account(bank, BRED)
    day = date(2026, 5, 4)
    raised = [
        (1, 77, FeeDue(account, "direct-debit-rejected", "", day, base_minor=1_999)),
        (1, 77, FeeDue(account, "refusal-notice", "4", day, quantity=2)),
        (1, 78, FeeDue(account, "refusal-notice", "", day)),
    ]
    with bank.connect() as connection:
        WRITE(connection, raised)
        found = connection.execute(
            "select fee, line, event, about, base_minor, quantity, status, price_minor from fee "
            "where account = %s order by fee, line",
            [number_of(account)],
        ).fetchall()
    assert found == [
        (77, 0, "direct-debit-rejected", "77", 1_999, 1, 1, None),
        (77, 1, "refusal-notice", "4", 0, 2, 1, None),
        (78, 0, "refusal-notice", "78", 0, 1, 1, None),
    ]


def test_a_fee_of_another_book_breaks_the_decision(bank: Bank) -> None:
    account = open_account(bank, BRED)
    with bank.connect() as connection, pytest.raises(BrokenDecision, match="book 1"):
        WRITE(connection, [(2, 5, FeeDue(account, "refusal-notice", "", date(2026, 5, 4)))])
