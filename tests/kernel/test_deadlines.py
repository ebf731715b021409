"""Deadlines and reception days, to the microsecond, in Paris and in Nouméa."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kernel.agreed import NOUMEA, PARIS, bnc, bred
from tests.support.asserts import asserts

from teneur.kernel.calendars import CalendarError
from teneur.kernel.clock import MICROSECOND, ClockError, Instant, instant
from teneur.kernel.deadlines import (
    Boundary,
    DeadlineError,
    ReceptionPlan,
    Unit,
    add_months,
    deadline,
    deemed_reception_day,
    last_on_time,
    reception_day,
)

NOON = time(12)
arrivals = st.integers(0, 31 * 86_400).map(lambda s: datetime(2026, 3, 20, tzinfo=UTC) + timedelta(seconds=s))


def test_one_business_day_after_maundy_thursday_ends_on_easter_tuesday() -> None:
    due = deadline(instant("2026-04-02T15:00:00+02:00"), 1, Unit.BUSINESS_DAY, bred().payment, zone=PARIS)
    assert due.due_on == date(2026, 4, 7)
    assert due.due_at == instant("2026-04-07T23:59:59.999999+02:00")
    assert due.met_by(due.due_at)
    assert not due.met_by(due.due_at + MICROSECOND)


def test_an_instant_counts_from_its_local_date() -> None:
    at = instant("2026-09-22T14:00:00Z")  # already the 23rd in Nouméa, and the 24th is a holiday there
    assert deadline(at, 1, Unit.BUSINESS_DAY, bnc().payment, zone=NOUMEA).due_on == date(2026, 9, 25)
    assert deadline(at, 1, Unit.BUSINESS_DAY, bred().payment, zone=PARIS).due_on == date(2026, 9, 23)


def test_the_end_of_a_day_in_noumea_is_an_hour_past_noon_in_london() -> None:
    due = deadline(date(2026, 6, 1), 0, Unit.CALENDAR_DAY, zone=NOUMEA)
    assert due.due_at == datetime(2026, 6, 1, 12, 59, 59, 999999, UTC)


@pytest.mark.parametrize(
    ("start", "count", "unit", "due_on"),
    [
        (date(2026, 1, 31), 1, Unit.MONTH, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, Unit.MONTH, date(2024, 2, 29)),
        (date(2026, 11, 30), 3, Unit.MONTH, date(2027, 2, 28)),
        (date(2026, 12, 15), 13, Unit.MONTH, date(2028, 1, 15)),
        (date(2026, 3, 31), -1, Unit.MONTH, date(2026, 2, 28)),
        (date(2024, 2, 29), 1, Unit.YEAR, date(2025, 2, 28)),
        (date(2024, 2, 29), 4, Unit.YEAR, date(2028, 2, 29)),
        (date(2026, 4, 2), 8, Unit.WEEK, date(2026, 5, 28)),
        (date(2024, 2, 28), 60, Unit.CALENDAR_DAY, date(2024, 4, 28)),
        (date(2026, 4, 2), 0, Unit.CALENDAR_DAY, date(2026, 4, 2)),
        (date(2026, 4, 3), 0, Unit.BUSINESS_DAY, date(2026, 4, 7)),
        (date(2026, 4, 7), -1, Unit.BUSINESS_DAY, date(2026, 4, 2)),
        (date(2026, 4, 4), 1, Unit.BUSINESS_DAY, date(2026, 4, 7)),
        (date(2026, 4, 4), 2, Unit.BUSINESS_DAY, date(2026, 4, 8)),
    ],
)
def test_a_delay_ends_with_its_last_day(start: date, count: int, unit: Unit, due_on: date) -> None:
    assert deadline(start, count, unit, bred().payment, zone=PARIS).due_on == due_on


@pytest.mark.parametrize(
    ("start", "count", "unit", "due_on"),
    [
        (date(2026, 4, 2), 1, Unit.BUSINESS_DAY, date(2026, 4, 2)),
        (date(2026, 4, 2), 2, Unit.BUSINESS_DAY, date(2026, 4, 7)),
        (date(2026, 4, 4), 1, Unit.BUSINESS_DAY, date(2026, 4, 7)),
        (date(2026, 4, 2), 7, Unit.CALENDAR_DAY, date(2026, 4, 8)),
        (date(2026, 4, 2), 1, Unit.WEEK, date(2026, 4, 8)),
        (date(2026, 3, 1), 1, Unit.MONTH, date(2026, 3, 31)),
        (date(2024, 3, 1), 1, Unit.YEAR, date(2025, 2, 28)),
    ],
)
def test_counted_inclusively_the_first_day_is_day_one(
    start: date, count: int, unit: Unit, due_on: date
) -> None:
    assert deadline(start, count, unit, bred().payment, zone=PARIS, inclusive=True).due_on == due_on


def test_a_last_day_that_is_closed_moves_on_only_if_asked() -> None:
    kept = deadline(date(2026, 3, 27), 1, Unit.WEEK, bred().payment, zone=PARIS)
    rolled = deadline(date(2026, 3, 27), 1, Unit.WEEK, bred().payment, zone=PARIS, roll=True)
    assert (kept.due_on, rolled.due_on) == (date(2026, 4, 3), date(2026, 4, 7))


@pytest.mark.parametrize(
    ("unit", "count", "seconds"), [(Unit.SECOND, 10, 10), (Unit.MINUTE, 5, 300), (Unit.HOUR, 48, 172_800)]
)
def test_hours_minutes_and_seconds_are_elapsed_time_through_a_change_of_clock(
    unit: Unit, count: int, seconds: int
) -> None:
    for eve in ("2026-03-28T12:00:00.5Z", "2026-10-24T12:00:00.5Z"):
        due = deadline(instant(eve), count, unit, zone=PARIS)
        assert due.due_at - instant(eve) == timedelta(seconds=seconds)


def test_a_day_of_25_hours_is_due_at_its_own_end() -> None:
    due = deadline(date(2026, 10, 24), 1, Unit.CALENDAR_DAY, zone=PARIS)
    assert due.due_at == instant("2026-10-25T22:59:59.999999Z")


@pytest.mark.parametrize(
    "wrong",
    [
        {"count": 0, "unit": Unit.CALENDAR_DAY, "inclusive": True},
        {"count": 1, "unit": Unit.HOUR, "inclusive": True},
        {"count": 1, "unit": Unit.HOUR},
        {"count": 1, "unit": Unit.BUSINESS_DAY},
        {"count": 1, "unit": Unit.MONTH, "roll": True},
    ],
)
def test_what_cannot_be_counted_is_an_error(wrong: dict[str, Any]) -> None:
    with pytest.raises(DeadlineError):
        deadline(date(2026, 4, 2), zone=PARIS, **wrong)


def test_a_start_without_zone_is_an_error() -> None:
    for unit in (Unit.SECOND, Unit.CALENDAR_DAY):
        with pytest.raises(ClockError):
            deadline(datetime(2026, 4, 2), 1, unit, zone=PARIS)  # noqa: DTZ001 - what is tested


@given(st.dates(date(2016, 1, 1), date(2049, 1, 1)), st.integers(-600, 600))
def test_a_month_later_is_the_same_day_or_the_last_of_the_month(day: date, count: int) -> None:
    moved = add_months(day, count)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == count
    assert moved.day == day.day or (moved.day < day.day and (moved + timedelta(days=1)).day == 1)


@pytest.mark.parametrize(
    ("received", "boundary", "expected"),
    [
        ("2026-04-02T11:59:59.999999+02:00", Boundary.INCLUSIVE, date(2026, 4, 2)),
        ("2026-04-02T12:00:00+02:00", Boundary.INCLUSIVE, date(2026, 4, 2)),
        ("2026-04-02T12:00:00.000001+02:00", Boundary.INCLUSIVE, date(2026, 4, 7)),
        ("2026-04-02T11:59:59.999999+02:00", Boundary.STRICT, date(2026, 4, 2)),
        ("2026-04-02T12:00:00+02:00", Boundary.STRICT, date(2026, 4, 7)),
        ("2026-04-02T00:00:00+02:00", Boundary.STRICT, date(2026, 4, 2)),
        ("2026-04-02T23:59:59.999999+02:00", Boundary.STRICT, date(2026, 4, 7)),
        ("2026-04-04T09:00:00+02:00", Boundary.INCLUSIVE, date(2026, 4, 7)),
        ("2026-04-04T18:00:00+02:00", Boundary.INCLUSIVE, date(2026, 4, 7)),
        ("2026-04-06T23:30:00+02:00", Boundary.INCLUSIVE, date(2026, 4, 7)),
        ("2026-12-31T12:00:01+01:00", Boundary.INCLUSIVE, date(2027, 1, 4)),
    ],
)
@asserts("BRED-PREL-1")
def test_an_order_after_the_cut_off_is_deemed_received_the_next_business_day(
    received: str, boundary: Boundary, expected: date
) -> None:
    assert reception_day(instant(received), NOON, boundary, bred().payment, zone=PARIS) == expected


@asserts("BRED-PREL-1")
def test_a_day_deemed_later_is_a_business_day_as_many_days_on_as_agreed() -> None:
    thursday = date(2026, 4, 2)
    assert deemed_reception_day(thursday, False, bred().payment, 1) == thursday
    assert deemed_reception_day(thursday, True, bred().payment, 1) == date(2026, 4, 7)
    assert deemed_reception_day(thursday, True, bred().payment, 2) == date(2026, 4, 8)


def test_noon_in_noumea_is_not_noon_in_paris() -> None:
    at = instant("2026-06-01T12:00:00+11:00")
    assert reception_day(at, NOON, Boundary.INCLUSIVE, bnc().payment, zone=NOUMEA) == date(2026, 6, 1)
    late = at + MICROSECOND
    assert reception_day(late, NOON, Boundary.INCLUSIVE, bnc().payment, zone=NOUMEA) == date(2026, 6, 2)
    assert reception_day(late, NOON, Boundary.INCLUSIVE, bred().payment, zone=PARIS) == date(2026, 6, 1)


def test_without_a_cut_off_the_whole_day_is_in_time() -> None:
    at = instant("2026-04-02T23:59:59.999999+02:00")
    assert reception_day(at, None, Boundary.STRICT, bred().payment, zone=PARIS) == date(2026, 4, 2)


def test_a_cut_off_at_midnight_takes_only_the_instant_that_opens_the_day() -> None:
    midnight = instant("2026-04-02T00:00:00+02:00")
    args: tuple[Any, ...] = (time(0), Boundary.INCLUSIVE, bred().payment)
    assert reception_day(midnight, *args, zone=PARIS) == date(2026, 4, 2)
    assert reception_day(midnight + MICROSECOND, *args, zone=PARIS) == date(2026, 4, 7)
    strict: tuple[Any, ...] = (time(0), Boundary.STRICT, bred().payment)
    assert reception_day(midnight, *strict, zone=PARIS) == date(2026, 4, 7)


def test_at_a_branch_the_cut_off_is_the_hour_it_closes_that_day() -> None:
    branch, days = bred().branch("00002"), bred().branch_days("00002")
    for received, expected in (
        ("2026-04-10T17:30:00+02:00", date(2026, 4, 10)),
        ("2026-04-10T17:30:00.000001+02:00", date(2026, 4, 11)),
        ("2026-04-11T13:00:00+02:00", date(2026, 4, 11)),
        ("2026-04-11T13:00:01+02:00", date(2026, 4, 14)),
        ("2026-04-13T10:00:00+02:00", date(2026, 4, 14)),
    ):
        assert reception_day(instant(received), branch, Boundary.INCLUSIVE, days, zone=PARIS) == expected


def test_the_last_instant_in_time_is_known_before_anything_arrives() -> None:
    day = date(2026, 4, 2)
    assert last_on_time(day, NOON, Boundary.INCLUSIVE, PARIS) == instant("2026-04-02T12:00:00+02:00")
    assert last_on_time(day, NOON, Boundary.STRICT, PARIS) == instant("2026-04-02T11:59:59.999999+02:00")
    assert last_on_time(day, None, Boundary.STRICT, PARIS) == instant("2026-04-02T23:59:59.999999+02:00")


def test_a_reception_without_zone_or_beyond_the_frozen_years_is_an_error() -> None:
    with pytest.raises(ClockError):
        reception_day(datetime(2026, 4, 2), NOON, Boundary.STRICT, bred().payment, zone=PARIS)  # noqa: DTZ001
    with pytest.raises(CalendarError):
        reception_day(instant("2051-01-02T10:00:00Z"), NOON, Boundary.STRICT, bred().payment, zone=PARIS)


def spelled_out(received_at: Instant, cutoff: time) -> date:
    """The rule in other words: look at the local clock, then walk to the next business day."""
    local = received_at.astimezone(PARIS)
    day = local.date()
    if bred().payment.is_business_day(day) and local.time() <= cutoff:
        return day
    day += timedelta(days=1 if bred().payment.is_business_day(day) else 0)
    while not bred().payment.is_business_day(day):
        day += timedelta(days=1)
    return day


@given(st.lists(arrivals, min_size=1), st.sampled_from([time(0), NOON, time(16, 30), time(23, 59, 59)]))
def test_a_plan_answers_each_order_as_the_rule_does(received: list[Instant], cutoff: time) -> None:
    plan = ReceptionPlan(cutoff, Boundary.INCLUSIVE, bred().payment, zone=PARIS)
    for at in received:
        assert plan.day(at) == spelled_out(at, cutoff)


def test_the_windows_of_a_plan_join_without_gap_or_overlap() -> None:
    plan = ReceptionPlan(NOON, Boundary.INCLUSIVE, bred().payment, zone=PARIS)
    at = instant("2026-10-23T00:00:00+02:00")
    for _ in range(10):
        window = plan.window(at)
        assert window.start == at
        assert plan.day(window.end - MICROSECOND) == window.day
        at = window.end
