"""The clauses on the periodic statement."""

from datetime import date

import msgspec
import pytest

from teneur.kernel.canonical import canonical
from teneur.pricing.statements import rules
from teneur.pricing.statements.rendering import statement_pdf
from teneur.pricing.statements.statement import Period
from tests.pricing.making import BNC, BOTH, BRED, agreement, chain, issue, issued, posting
from tests.support import pdf
from tests.support.asserts import asserts


@asserts("BRED-5.3-1")
def test_a_month_with_one_operation_has_a_free_statement_at_bred() -> None:
    statement = issued(chain([-8_450]), BRED)
    assert statement.price_minor == 0
    assert "BRED-5.3-1" in statement.citations
    assert "Ce relevé est gratuit." in pdf.text(statement_pdf(statement))


@asserts("BRED-5.3-1")
def test_a_month_without_an_operation_has_no_statement_at_bred() -> None:
    assert issue([], BRED) is None


@asserts("BRED-5.3-1")
def test_the_period_of_a_bred_statement_is_the_calendar_month() -> None:
    terms = agreement(BRED).statements
    assert rules.statement_period(date(2028, 2, 29), terms) == Period(date(2028, 2, 1), date(2028, 2, 29))
    assert rules.statement_period(date(2026, 12, 31), terms) == Period(date(2026, 12, 1), date(2026, 12, 31))


@asserts("BNC-3.1-1")
def test_a_month_with_one_operation_has_a_free_statement_at_bnc() -> None:
    statement = issued(chain([-8_450]), BNC)
    assert statement.price_minor == 0
    assert "BNC-3.1-1" in statement.citations
    assert canonical(statement).startswith(b"{")


@asserts("BNC-3.1-1")
def test_a_month_without_an_operation_has_no_statement_at_bnc() -> None:
    assert issue([], BNC) is None


@asserts("BNC-3.1-1")
def test_the_period_of_a_bnc_statement_is_the_calendar_month() -> None:
    terms = agreement(BNC).statements
    assert rules.statement_period(date(2026, 2, 1), terms) == Period(date(2026, 2, 1), date(2026, 2, 28))


@asserts("BNC-3.1-4")
def test_operations_stand_by_booking_date_and_then_as_posted() -> None:
    given = [
        posting(4, -10, 70, booked_on=date(2026, 7, 3), value_on=date(2026, 7, 1)),
        posting(1, -10, 100, booked_on=date(2026, 7, 2), value_on=date(2026, 7, 9)),
        posting(3, -10, 80, booked_on=date(2026, 7, 2), value_on=date(2026, 7, 4)),
        posting(2, -10, 90, booked_on=date(2026, 7, 2), value_on=date(2026, 7, 5)),
    ]
    assert [line.sequence for line in issued(given, BNC).lines] == [1, 2, 3, 4]


def test_a_late_booking_of_an_early_day_stands_with_its_day_and_the_running_balance_follows_the_page() -> (
    None
):
    given = [
        posting(1, -10, 123_446, booked_on=date(2026, 7, 1)),
        posting(2, -20, 123_426, booked_on=date(2026, 7, 9)),
        posting(3, 500, 123_926, booked_on=date(2026, 7, 2)),
    ]
    lines = issued(given, BNC).lines
    assert [(line.sequence, line.balance_minor) for line in lines] == [
        (1, 123_446),
        (3, 123_946),
        (2, 123_926),
    ]


@asserts("BNC-3.3-3")
def test_iban_and_bic_are_printed_on_the_statement() -> None:
    statement = issued(chain([-8_450]), BNC)
    page = pdf.text(statement_pdf(statement))
    first_page = page.split("Opérations")[0]
    assert "FR76 1010 7001 1800 0123 4567 822" in first_page.replace("\u00a0", " ")
    assert "BREDFRPPXXX" in first_page
    assert {item["name"] for item in msgspec.json.decode(canonical(statement))["identifiers"]} == {
        "iban",
        "bic",
    }


@pytest.mark.parametrize("agreement_id", BOTH)
def test_a_statement_cites_clauses_of_its_own_agreement_only(agreement_id: str) -> None:
    prefix = agreement(agreement_id).clause_prefixes
    citations = issued(chain([1]), agreement_id).citations
    assert citations
    assert all(clause.startswith(prefix) for clause in citations)
