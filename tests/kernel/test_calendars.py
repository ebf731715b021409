"""The three calendars: what closes each of them, and that they are never mixed."""

import csv
import os
from datetime import date, time, timedelta
from pathlib import Path

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kernel.agreed import PARIS, bnc, bred
from tests.kernel.freeze_calendars import FOLDER, frozen
from tests.support.asserts import asserts

from teneur.agreements.loader import DATA, load_agreement
from teneur.kernel.calendars import (
    FIRST_DAY,
    FIRST_YEAR,
    LAST_DAY,
    LAST_YEAR,
    CalendarError,
    closing_days,
    closing_names,
    days_from,
    parse_week,
    target_calendar,
)
from teneur.kernel.clock import instant
from teneur.kernel.deadlines import Boundary, ReceptionPlan

# Easter, and days that close one calendar and neither of the other two.
KEY_DATES = {
    ("TARGET", date(2026, 4, 3)),
    ("TARGET", date(2026, 4, 6)),
    ("TARGET", date(2025, 12, 26)),
    ("FR", date(2026, 7, 14)),
    ("FR", date(2024, 5, 9)),
    ("FR", date(2027, 5, 17)),
    ("NC", date(2026, 9, 24)),
    ("NC", date(2026, 5, 14)),
}
NOT_CLOSED = {("TARGET", date(2026, 7, 14)), ("FR", date(2026, 4, 3)), ("FR", date(2026, 9, 24))}
inner_days = st.dates(date(2016, 1, 1), date(2049, 12, 31))


def test_the_frozen_days_are_those_of_the_library() -> None:
    for name, text in frozen().items():
        assert (FOLDER / f"{name}.csv").read_text(encoding="utf-8") == text


def test_the_frozen_days_hold_the_key_dates_and_no_neighbours() -> None:
    for calendar, day in KEY_DATES:
        assert day in closing_names(calendar), (calendar, day)
    for calendar, day in NOT_CLOSED:
        assert day not in closing_names(calendar), (calendar, day)


def test_the_frozen_days_are_those_of_the_reference_list_of_the_specification() -> None:
    folder = Path(os.environ.get("TENEUR_SHARED", Path(__file__).parents[3] / "shared"))
    reference = folder / "spec/data/calendars.csv"
    if reference.exists():
        with reference.open(encoding="utf-8") as file:
            expected = {(row["calendar"], date.fromisoformat(row["date"])) for row in csv.DictReader(file)}
        years = {name: {day.year for n, day in expected if n == name} for name in ("FR", "NC", "TARGET")}
        ours = {(name, day) for name in years for day in closing_names(name) if day.year in years[name]}
        assert ours == expected
    else:
        assert {(name, day) for name, day in KEY_DATES if day in closing_names(name)} == KEY_DATES


def test_the_frozen_years_are_whole() -> None:
    for name in ("FR", "NC", "TARGET"):
        assert {day.year for day in closing_names(name)} == set(range(FIRST_YEAR, LAST_YEAR + 1))


def test_an_unknown_calendar_is_refused() -> None:
    with pytest.raises(CalendarError, match="unknown calendar"):
        closing_days("TARGET", "../../secrets")


@asserts("BRED-PREL-2")
def test_euro_payment_days_are_weekdays_on_which_the_settlement_systems_are_open() -> None:
    assert bred().payment.is_business_day(date(2026, 7, 14))  # banks rest, TARGET settles
    assert not bred().payment.is_business_day(date(2026, 4, 3))  # Good Friday: TARGET is closed
    assert not bred().payment.is_business_day(date(2026, 4, 4))  # a Saturday
    assert bred().payment.add_business_days(date(2026, 4, 2), 1) == date(2026, 4, 7)
    assert bred().payment.previous_before(date(2026, 4, 7)) == date(2026, 4, 2)


@asserts("BRED-PREL-2")
def test_operations_at_a_branch_follow_its_opening_days_less_settlement_closings() -> None:
    weekdays, saturdays = bred().branch_days("00001"), bred().branch_days("00002")
    assert saturdays.is_business_day(date(2026, 4, 11))  # Saturday, open
    assert not saturdays.is_business_day(date(2026, 4, 13))  # Monday, shut
    assert weekdays.is_business_day(date(2026, 4, 13))
    assert not weekdays.is_business_day(date(2026, 7, 14))  # the branch is shut, payments are not
    assert not saturdays.is_business_day(date(2026, 4, 3))  # the branch would open, settlement is closed
    assert not saturdays.is_business_day(date(2026, 12, 26))  # a Saturday that TARGET closes


@asserts("BRED-PREL-3")
def test_working_days_in_france_are_weekdays_on_which_target_is_open() -> None:
    assert bred().working.next_on_or_after(date(2026, 4, 3)) == date(2026, 4, 7)
    assert not bred().working.is_business_day(date(2026, 12, 25))
    assert not bred().working.is_business_day(date(2026, 4, 11))
    assert bred().working.add_business_days(date(2025, 12, 24), 1) == date(2025, 12, 29)


@asserts("BNC-DEF-5")
def test_pacific_franc_payment_days_follow_the_local_clearing_and_euro_ones_target() -> None:
    citizenship, good_friday = date(2026, 9, 24), date(2026, 4, 3)
    assert not bnc().payment.is_business_day(citizenship)
    assert bnc().payment.is_business_day(good_friday)
    assert bnc().payment_in("EUR").is_business_day(citizenship)
    assert not bnc().payment_in("EUR").is_business_day(good_friday)
    assert not bnc().payment_in("USD").is_business_day(citizenship)
    assert not bnc().payment_in("USD").is_business_day(good_friday)
    assert bnc().payment.add_business_days(date(2026, 5, 13), 1) == date(2026, 5, 15)


@asserts("BNC-DEF-5")
def test_a_branch_in_noumea_is_shut_on_weekends_and_local_holidays() -> None:
    assert bnc().branch_days().next_on_or_after(date(2026, 9, 24)) == date(2026, 9, 25)
    assert bnc().branch_days().next_on_or_after(date(2026, 9, 26)) == date(2026, 9, 28)
    assert bnc().branch_days().is_business_day(date(2026, 4, 3))


@asserts("BNC-DEF-6")
def test_working_days_in_noumea_need_the_local_banks_open_and_target_too() -> None:
    assert not bnc().working.is_business_day(date(2026, 9, 24))  # TARGET open, banks closed
    assert not bnc().working.is_business_day(date(2026, 4, 3))  # banks open, TARGET closed
    assert bnc().working.is_business_day(date(2026, 4, 2))
    assert bnc().working.add_business_days(date(2026, 4, 2), 1) == date(2026, 4, 7)


def test_target_is_one_calendar_whatever_the_agreement() -> None:
    closed = [day for day in days_from(date(2026, 1, 1), date(2026, 12, 31)) if day.isoweekday() < 6]
    assert [day for day in closed if not target_calendar().is_business_day(day)] == [
        date(2026, 1, 1),
        date(2026, 4, 3),
        date(2026, 4, 6),
        date(2026, 5, 1),
        date(2026, 12, 25),
    ]


def naive_target(day: date) -> bool:
    """A business day as the library sees it, not our tables."""
    return day.isoweekday() < 6 and day not in holidays.financial_holidays("ECB", years=day.year)


@given(inner_days, st.integers(-40, 40))
def test_counting_business_days_is_walking_from_day_to_day(day: date, count: int) -> None:
    walked, left = day, abs(count)
    step = timedelta(days=1 if count >= 0 else -1)
    if count == 0:
        while not naive_target(walked):
            walked += step
    while left:
        walked += step
        left -= naive_target(walked)
    assert target_calendar().add_business_days(day, count) == walked


@given(inner_days, st.integers(1, 60))
def test_counting_back_undoes_counting_forward(day: date, count: int) -> None:
    calendar = bnc().working
    start = calendar.next_on_or_after(day)
    end = calendar.add_business_days(start, count)
    assert calendar.add_business_days(end, -count) == start
    assert calendar.business_days_between(start, end) == count
    assert calendar.business_days_between(end, start) == -count


@given(inner_days)
def test_next_and_previous_are_the_nearest_business_days(day: date) -> None:
    calendar = bred().payment
    following, before = calendar.next_on_or_after(day), calendar.previous_before(day)
    assert before < day <= following
    assert calendar.is_business_day(before)
    assert calendar.is_business_day(following)
    between = days_from(before + timedelta(days=1), following - timedelta(days=1))
    assert not any(calendar.is_business_day(d) for d in between)


@pytest.mark.parametrize(
    "day", [FIRST_DAY - timedelta(days=1), LAST_DAY + timedelta(days=1), date.min, date.max]
)
def test_a_day_outside_the_frozen_years_is_an_error_not_a_guess(day: date) -> None:
    calendar = target_calendar()
    for ask in (calendar.is_business_day, calendar.next_on_or_after, calendar.previous_before):
        with pytest.raises(CalendarError, match="frozen for 2015 to 2050"):
            ask(day)


def test_a_count_that_leaves_the_frozen_years_is_an_error() -> None:
    calendar = target_calendar()
    with pytest.raises(CalendarError):
        calendar.add_business_days(date(2050, 12, 20), 20)
    with pytest.raises(CalendarError):
        calendar.add_business_days(date(2015, 1, 9), -20)
    with pytest.raises(CalendarError):
        calendar.previous_before(FIRST_DAY)
    with pytest.raises(CalendarError):
        calendar.next_on_or_after(date(2050, 12, 31))


def test_a_branch_closes_at_its_own_hour_and_never_on_a_day_it_is_shut() -> None:
    branch = bred().branch("00002")
    assert branch.closes_at(date(2026, 4, 11)) == time(13)
    assert branch.closes_at(date(2026, 4, 14)) == time(17, 30)
    assert branch.closes_at(date(2026, 4, 13)) is None
    assert branch.closes_at(date(2026, 7, 14)) is None
    assert bred().branch("99999") == bred().branch("default")


@pytest.mark.parametrize(
    "hours", ["9-12", "12:00-09:00", "09:00", "09:00-12:00 11:00-13:00", "14:00-17:00 09:00-12:00", "x-y"]
)
def test_opening_hours_that_make_no_sense_are_refused(hours: str) -> None:
    with pytest.raises(CalendarError):
        parse_week([hours] + ["closed"] * 6)


def test_a_week_has_seven_days() -> None:
    with pytest.raises(CalendarError, match="seven days"):
        parse_week(["closed"] * 6)


@asserts("BRED-PREL-1")
def test_a_late_order_moves_by_the_business_days_that_the_agreement_says() -> None:
    late_shift = load_agreement(DATA / "bred-2022-06").calendar.late_shift_business_days.value
    received = instant("2026-04-02T12:00:01+02:00")
    plan = ReceptionPlan(
        time(12), Boundary.INCLUSIVE, bred().payment, zone=PARIS, late_shift_business_days=late_shift
    )
    assert plan.day(received) == date(2026, 4, 7)
