"""A statement is the ledger's own words, or it is not issued."""

from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from teneur.kernel.identifiers import IdentifierError
from teneur.kernel.money import MoneyError
from teneur.pricing.statements.build import StatementError
from tests.pricing.making import ACCOUNT_ID, OPENING_MINOR, account, chain, issue, issued, posting


@given(st.lists(st.integers(-(10**12), 10**12).filter(bool), min_size=1, max_size=30))
def test_opening_and_lines_give_the_closing_balance_and_the_totals(amounts: list[int]) -> None:
    statement = issued(chain(amounts))
    assert (
        statement.opening_minor + sum(line.amount_minor for line in statement.lines)
        == statement.closing_minor
    )
    assert statement.lines[-1].balance_minor == statement.closing_minor
    totals = statement.totals
    assert totals.credit_minor - totals.debit_minor == sum(amounts)
    assert totals.debit_count + totals.credit_count == len(amounts)


def test_a_line_keeps_every_word_of_its_operation() -> None:
    line = issued(
        [posting(1, -10, OPENING_MINOR - 10, counterparty_iban="FR7610107001180001234567822")]
    ).lines[0]
    assert (line.operation, line.counterparty_name, line.remittance) == (
        1_001,
        "Société Exemple",
        "Facture 8841",
    )
    assert (line.end_to_end_id, line.citations) == ("E2E-1", ("BRED-A3-1.1-1",))
    assert line.counterparty_iban == "FR7610107001180001234567822"


@pytest.mark.parametrize("off_by", [-1, 1])
def test_a_closing_balance_one_cent_off_the_ledger_is_a_broken_program(off_by: int) -> None:
    with pytest.raises(StatementError, match="missing or counted twice"):
        issue(chain([-100, 300]), closing_minor=OPENING_MINOR + 200 + off_by)


def test_a_missing_operation_is_a_broken_program() -> None:
    postings = chain([-100, 300, -50])
    del postings[1]
    with pytest.raises(StatementError, match="missing"):
        issue(postings, closing_minor=OPENING_MINOR + 150)


def test_no_operation_but_another_balance_is_a_broken_program() -> None:
    with pytest.raises(StatementError, match="missing"):
        issue([], closing_minor=OPENING_MINOR + 1)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"account": ACCOUNT_ID + 1}, "belongs to account"),
        ({"amount_minor": 0}, "cannot be that of an operation"),
        ({"booked_on": date(2026, 6, 30)}, "outside the period"),
        ({"booked_on": date(2026, 8, 1)}, "outside the period"),
        ({"operation": 100_000}, "after the cut"),
        ({"balance_minor": OPENING_MINOR}, "do not give the balance"),
        ({"sequence": 1}, "handed over twice"),
    ],
)
def test_a_posting_that_cannot_be_is_a_broken_program(change: dict[str, Any], message: str) -> None:
    first, second = chain([-100, 300])
    with pytest.raises(StatementError, match=message):
        issue([first, msgspec.structs.replace(second, **change)], closing_minor=OPENING_MINOR + 200)


def test_the_first_and_the_last_day_belong_to_the_period() -> None:
    first, second = chain([-100, 300])
    last = msgspec.structs.replace(second, booked_on=date(2026, 7, 31))
    assert len(issued([first, last]).lines) == 2


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"account": account(iban="FR7610107001180001234567823")}, IdentifierError),
        ({"account": account(bic="BRED")}, IdentifierError),
        ({"account": account(currency="FRF")}, MoneyError),
        ({"account": account(holders=())}, StatementError),
        ({"number": 0}, StatementError),
        ({"issued_at": datetime(2026, 8, 1)}, StatementError),  # noqa: DTZ001 - that is the fault
    ],
)
def test_an_account_or_an_issue_that_cannot_be_is_a_broken_program(
    changes: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        issue(chain([-100]), **changes)


def test_the_instant_of_issue_may_be_in_any_zone() -> None:
    assert issued(chain([1]), issued_at=datetime(2026, 8, 1, tzinfo=UTC)).zone == "Europe/Paris"
