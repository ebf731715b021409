"""A reference rate that changes, is late, or ends: the bounds of each rule."""

from datetime import date
from decimal import Decimal

import pytest

from teneur.agreements.agreement import Agreement
from teneur.agreements.terms.interest import Designator, IndexEnd
from teneur.kernel.calendars import target_calendar
from teneur.kernel.clock import instant, zone
from teneur.pricing.interest.rules import index
from teneur.pricing.interest.rules.index import Adjustment, Designation, Mention
from tests.support.asserts import asserts

TARGET = target_calendar()
NOUMEA = zone("Pacific/Noumea")
VALUES = ((date(2026, 3, 31), Decimal("1.9")), (date(2026, 4, 1), Decimal("2.1")))
SENT = instant("2026-05-04T23:59:00+11:00")


@asserts("BNC-7.3-10")
def test_a_modified_index_stays_the_reference_without_consent(bnc: Agreement) -> None:
    assert index.is_still_reference(bnc.interest.index)


@asserts("BNC-7.3-11")
@pytest.mark.parametrize(
    ("day", "percent", "missing", "gone"),
    [
        ("2026-03-31", "1.9", 0, None),
        ("2026-04-01", "2.1", 0, None),
        ("2026-04-06", "2.1", 1, None),  # Good Friday and Easter Monday are no TARGET days
        ("2026-04-14", "2.1", 7, None),
        ("2026-04-15", "2.1", 8, None),
        ("2026-04-16", "2.1", 9, "2026-04-02"),
    ],
)
def test_the_last_value_serves_for_eight_target_days_and_not_for_nine(
    bnc: Agreement, day: str, percent: str, missing: int, gone: str | None
) -> None:
    found = index.index_on(VALUES, date.fromisoformat(day), TARGET, bnc.interest.index)
    assert found is not None
    assert (found.percent, found.missing_days) == (Decimal(percent), missing)
    assert found.gone_on == (date.fromisoformat(gone) if gone else None)


@asserts("BNC-7.3-11")
def test_before_its_first_value_an_index_has_none(bnc: Agreement) -> None:
    assert index.index_on(VALUES, date(2026, 3, 30), TARGET, bnc.interest.index) is None


@asserts("BNC-7.3-12")
@pytest.mark.parametrize(
    ("how", "successor", "ends"),
    [
        (IndexEnd.ANNOUNCED, False, True),
        (IndexEnd.ANNOUNCED, True, False),
        (IndexEnd.UNLAWFUL, False, True),
        (IndexEnd.UNLAWFUL, True, True),
    ],
)
def test_an_end_is_for_good_unless_an_administrator_goes_on(
    bnc: Agreement, how: IndexEnd, successor: bool, ends: bool
) -> None:
    assert index.is_permanent_end(how, successor_administrator=successor, terms=bnc.interest.index) is ends


@asserts("BNC-7.3-12")
def test_the_substitute_is_the_official_one_in_order_else_the_banks_in_good_faith(bnc: Agreement) -> None:
    terms = bnc.interest.index
    every = [Designation(f"of-{by}", by) for by in reversed(Designator)]
    order = []
    while every:
        chosen = index.substitute_of(every, terms)
        assert chosen is not None
        order.append(chosen.by)
        every.remove(chosen)
    assert order == [
        Designator.ADMINISTRATOR, Designator.AUTHORITY, Designator.WORKING_GROUP, Designator.BANK,
    ]  # fmt: skip
    assert index.substitute_of([], terms) is None


@asserts("BNC-7.3-13")
@pytest.mark.parametrize(
    ("adjustment", "grounded"),
    [
        (Adjustment(), True),
        (Adjustment(Decimal("0.25")), False),
        (Adjustment(Decimal("0.25"), " "), False),
        (Adjustment(Decimal("0.25"), "écart moyen sur cinq ans"), True),
        (Adjustment(Decimal("-0.25"), "écart moyen sur cinq ans"), True),
        (Adjustment(Decimal(0), "", Decimal("0.1")), False),
        (Adjustment(Decimal(0), "l’écart est nul depuis un an", Decimal("0.1")), True),
    ],
)
def test_the_margin_changes_up_or_down_with_a_reason_and_a_look_at_what_is_recommended(
    bnc: Agreement, adjustment: Adjustment, grounded: bool
) -> None:
    assert index.is_grounded(adjustment, bnc.interest.index) is grounded


@asserts("BNC-7.3-13")
def test_the_margin_over_the_substitute_is_the_old_one_adjusted() -> None:
    assert index.margin_after(Decimal("4"), Adjustment(Decimal("-0.085"), "x")) == Decimal("3.915")
    assert index.margin_after(Decimal("4"), Adjustment()) == 4


@asserts("BNC-7.3-14")
@pytest.mark.parametrize(("medium", "may"), [("statement", True), ("letter", True), ("rumour", False)])
def test_the_customer_is_told_by_any_medium_of_the_agreement(bnc: Agreement, medium: str, may: bool) -> None:
    assert index.may_inform_by(medium, bnc.interest.index) is may


@asserts("BNC-7.3-15", "BNC-7.3-16")
def test_the_time_to_object_ends_with_the_last_instant_of_two_months(bnc: Agreement) -> None:
    found = index.objection_deadline(SENT, bnc.interest.index, NOUMEA)
    assert found.due_on == date(2026, 7, 4)
    assert found.due_at == instant("2026-07-04T23:59:59.999999+11:00")
    december = index.objection_deadline(instant("2025-12-31T10:00:00+11:00"), bnc.interest.index, NOUMEA)
    assert december.due_on == date(2026, 2, 28)


@asserts("BNC-7.3-15")
def test_an_accepted_substitute_counts_from_the_day_the_old_index_disappeared(bnc: Agreement) -> None:
    gone, accepted = date(2026, 4, 2), date(2026, 7, 5)
    assert index.substitute_counts_from(gone, accepted, bnc.interest.index) == gone
    assert index.uses_substitute(gone, accepted, date(2026, 4, 2), bnc.interest.index)
    assert not index.uses_substitute(gone, accepted, date(2026, 4, 1), bnc.interest.index)


@asserts("BNC-7.3-16")
def test_without_acceptance_the_old_index_or_its_last_value_goes_on(bnc: Agreement) -> None:
    assert not index.uses_substitute(date(2026, 4, 2), None, date(2027, 1, 1), bnc.interest.index)


@asserts("BNC-7.3-16")
def test_after_an_objection_the_authorisation_has_two_months(bnc: Agreement) -> None:
    found = index.last_day_after_objection(SENT, bnc.interest.index, NOUMEA)
    assert found.due_on == date(2026, 7, 4)


@asserts("BNC-7.3-4")
def test_a_changed_index_is_mentioned_with_both_values_and_an_unchanged_one_is_not() -> None:
    day = date(2026, 4, 1)
    mention = index.mention_of("€STR", Decimal("1.9"), Decimal("2.1"), day)
    assert mention == Mention("€STR", day, Decimal("1.9"), Decimal("2.1"))
    assert index.mention_of("€STR", Decimal("1.9"), Decimal("1.90"), day) is None
    assert index.mention_of("€STR", None, Decimal("1.9"), day) is None


@asserts("BNC-7.3-5")
def test_a_new_rate_is_presumed_approved_after_thirty_days(bnc: Agreement, bred: Agreement) -> None:
    found = index.approval_deadline(SENT, bnc.interest.index, NOUMEA)
    assert found is not None
    assert found.due_at == instant("2026-06-03T23:59:59.999999+11:00")
    assert index.approval_deadline(SENT, bred.interest.index, NOUMEA) is None
