"""The clauses on statements, each at its edges."""

from datetime import date

import pytest

from teneur.agreements.terms.statements import Period as Frequency
from teneur.agreements.terms.statements import Way
from teneur.bank import shipped_agreements
from teneur.obligations.notices.facts import Choice
from teneur.payments.transfers.rules.geography import Geography
from teneur.pricing.statements import rules
from teneur.pricing.statements.statement import GuaranteeLine, Medium, Period
from tests.pricing.fees.making import with_terms
from tests.support.asserts import asserts

BRED, BNC = (shipped_agreements()[name] for name in ("bred-2022-06", "bnc-2026-04"))
BOTH = (BRED, BNC)


@pytest.mark.parametrize(
    ("day", "frequency", "first", "last"),
    [
        (date(2026, 2, 15), Frequency.HALF_MONTH, date(2026, 2, 1), date(2026, 2, 15)),
        (date(2026, 2, 16), Frequency.HALF_MONTH, date(2026, 2, 16), date(2026, 2, 28)),
        (date(2028, 2, 29), Frequency.HALF_MONTH, date(2028, 2, 16), date(2028, 2, 29)),
        (date(2026, 12, 31), Frequency.HALF_MONTH, date(2026, 12, 16), date(2026, 12, 31)),
        (date(2026, 3, 31), Frequency.OPERATION, date(2026, 3, 31), date(2026, 3, 31)),
        (date(2026, 3, 31), Frequency.QUARTER, date(2026, 1, 1), date(2026, 3, 31)),
        (date(2026, 10, 1), Frequency.QUARTER, date(2026, 10, 1), date(2026, 12, 31)),
        (date(2026, 7, 1), Frequency.YEAR, date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_each_frequency_has_its_own_calendar_periods(
    day: date, frequency: Frequency, first: date, last: date
) -> None:
    assert rules.statement_period(day, BRED.statements, frequency) == Period(first, last)


@asserts("BRED-5.3-3")
def test_the_customers_choice_is_the_frequency_and_the_month_where_he_made_none() -> None:
    assert rules.frequency_in_force(Frequency.QUARTER, BRED.statements) is Frequency.QUARTER
    assert rules.frequency_in_force(None, BRED.statements) is Frequency.MONTH


@asserts("BNC-3.1-5")
def test_the_customers_choice_is_the_frequency_at_bnc_too() -> None:
    assert rules.frequency_in_force(Frequency.HALF_MONTH, BNC.statements) is Frequency.HALF_MONTH
    assert rules.frequency_in_force(None, BNC.statements) is Frequency.MONTH


@asserts("BRED-5.5-1")
def test_after_each_operation_and_twice_a_month_may_be_agreed_and_cost_something() -> None:
    for frequency in (Frequency.OPERATION, Frequency.HALF_MONTH, Frequency.MONTH, Frequency.QUARTER):
        assert rules.may_choose(frequency, BRED.statements)
    assert not rules.may_choose(Frequency.YEAR, BRED.statements)
    assert rules.is_extra(Frequency.OPERATION, date(2026, 7, 30), BRED.statements)


@asserts("BNC-3.1-9")
def test_a_higher_frequency_may_be_agreed_at_bnc_and_is_charged() -> None:
    assert rules.may_choose(Frequency.OPERATION, BNC.statements)
    assert not rules.may_choose(Frequency.YEAR, BNC.statements)
    assert rules.is_extra(Frequency.HALF_MONTH, date(2026, 7, 15), BNC.statements)


@asserts("BNC-3.1-7")
def test_only_what_comes_beside_the_monthly_statement_is_charged() -> None:
    for agreement in BOTH:
        terms = agreement.statements
        assert rules.is_extra(Frequency.HALF_MONTH, date(2026, 7, 15), terms)
        assert not rules.is_extra(Frequency.HALF_MONTH, date(2026, 7, 31), terms)
        assert not rules.is_extra(Frequency.MONTH, date(2026, 7, 31), terms)
        assert not rules.is_extra(Frequency.QUARTER, date(2026, 9, 30), terms)


@asserts("BRED-5.3-4")
def test_the_yearly_statement_is_due_of_a_year_without_any_and_is_charged_at_bred() -> None:
    yearly = BRED.statements.yearly
    assert rules.yearly_is_due(2026, None, yearly)
    assert rules.yearly_is_due(2026, date(2025, 12, 31), yearly)
    assert not rules.yearly_is_due(2026, date(2026, 1, 31), yearly)
    assert rules.yearly_is_charged(yearly)
    event = rules.fee_event(Frequency.YEAR, date(2026, 12, 31), BRED.statements, without_operations=True)
    assert event == "statement-yearly"


@asserts("BNC-3.1-6")
def test_the_yearly_statement_of_bnc_is_due_in_the_same_way_and_costs_nothing() -> None:
    yearly = BNC.statements.yearly
    assert rules.yearly_is_due(2026, date(2025, 12, 31), yearly)
    assert not rules.yearly_is_due(2026, date(2026, 12, 30), yearly)
    assert not rules.yearly_is_charged(yearly)
    event = rules.fee_event(Frequency.YEAR, date(2026, 12, 31), BNC.statements, without_operations=True)
    assert event == ""


JULY = Period(date(2026, 7, 1), date(2026, 7, 31))


@pytest.mark.parametrize(
    ("stated_to", "earliest", "first"),
    [
        (None, date(2026, 7, 2), date(2026, 7, 1)),  # the first statement
        (None, date(2026, 6, 30), date(2026, 6, 10)),  # … that is late: from the opening on
        (date(2026, 6, 30), date(2026, 7, 2), date(2026, 7, 1)),
        (date(2026, 5, 31), None, date(2026, 7, 1)),  # a month without operations stays without
        (date(2026, 5, 31), date(2026, 6, 30), date(2026, 6, 1)),  # a month that was passed over
        (date(2026, 7, 15), date(2026, 7, 20), date(2026, 7, 16)),  # half a month was stated already
    ],
)
def test_a_statement_begins_where_its_period_does_and_leaves_no_day_out_on_which_something_was_booked(
    stated_to: date | None, earliest: date | None, first: date
) -> None:
    assert rules.covers_from(JULY, stated_to, date(2026, 6, 10), earliest) == first


def test_late_is_what_is_booked_into_days_already_stated() -> None:
    assert rules.is_late(date(2026, 6, 30), date(2026, 6, 30))
    assert not rules.is_late(date(2026, 7, 1), date(2026, 6, 30))
    assert not rules.is_late(date(2026, 7, 1), None)


@asserts("BRED-5.3-2")
def test_at_bred_the_statement_is_on_paper_until_the_customer_wants_it_electronically() -> None:
    assert rules.agreed_medium(Choice(), BRED.notices) is Medium.PAPER
    assert rules.agreed_medium(Choice(paperless=True), BRED.notices) is Medium.ELECTRONIC
    assert rules.agreed_medium(Choice(paperless=False), BRED.notices) is Medium.PAPER


@asserts("BNC-3.1-2")
def test_at_bnc_the_statement_is_electronic_unless_the_customer_objects() -> None:
    assert rules.agreed_medium(Choice(), BNC.notices) is Medium.ELECTRONIC
    assert rules.agreed_medium(Choice(paperless=False), BNC.notices) is Medium.PAPER


@asserts("BNC-3.1-3")
def test_a_joint_account_has_one_statement_to_one_address() -> None:
    assert rules.addressees((11, 12, 13), 12, BNC.statements) == (12,)
    assert rules.addressees((11,), 11, BNC.statements) == (11,)


@asserts("BRED-A3-1.4-7")
def test_at_bred_transfers_outside_the_eea_are_told_of() -> None:
    geography = Geography(BRED.countries, date(2026, 5, 4))
    told = {place for place in ("FR", "DE", "NO", "CH", "US", "NC") if _told(BRED, place, geography)}
    assert told == {"CH", "US", "NC"}
    assert not rules.is_told_abroad("", BRED.statements, geography)


@asserts("BNC-6.1.3.1-27")
def test_at_bnc_transfers_outside_the_french_republic_are_told_of() -> None:
    geography = Geography(BNC.countries, date(2026, 5, 4))
    told = {place for place in ("FR", "NC", "PF", "DE", "AU", "US") if _told(BNC, place, geography)}
    assert told == {"DE", "AU", "US"}


def _told(agreement: object, place: str, geography: Geography) -> bool:
    return rules.is_told_abroad(place, agreement.statements, geography)  # type: ignore[attr-defined]


@asserts("BRED-A6-n4-1")
def test_each_statement_of_a_covered_account_confirms_the_guarantee_and_a_year_without_one_is_found() -> None:
    terms = BRED.statements.guarantee
    assert rules.guarantee_line(terms) == GuaranteeLine(10_000_000)
    assert rules.confirmation_is_missing(0, terms)
    assert not rules.confirmation_is_missing(1, terms)
    excluded = with_terms("bred-2022-06", {"statements.guarantee.covered": False}).statements.guarantee
    assert rules.guarantee_line(excluded) is None
    assert not rules.confirmation_is_missing(0, excluded)


@asserts("BNC-14.6-9")
def test_at_bnc_the_guarantee_is_that_of_100_000_euros_in_pacific_francs() -> None:
    terms = BNC.statements.guarantee
    assert rules.guarantee_line(terms) == GuaranteeLine(11_933_174)
    assert rules.confirmation_is_missing(0, terms)
    assert not rules.confirmation_is_missing(1, terms)


@asserts("BRED-5.5-3")
def test_information_is_asked_for_at_the_branch_or_in_writing() -> None:
    terms = BRED.statements.information
    assert {way for way in Way if rules.may_ask_by(way, terms)} == set(Way) - {Way.PHONE}
