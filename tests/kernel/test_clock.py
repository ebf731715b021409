"""The clock: instants in UTC, business dates in the agreement's zone."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from teneur.kernel.clock import (
    ClockError,
    FixedClock,
    SimulatedClock,
    SystemClock,
    business_date,
    end_of_day,
    instant,
    local_instant,
    start_of_day,
    zone,
)

PARIS, NOUMEA = zone("Europe/Paris"), zone("Pacific/Noumea")


def test_the_system_clock_says_utc_and_does_not_go_back() -> None:
    first = SystemClock().now()
    assert first.tzinfo is UTC
    assert SystemClock().now() >= first


def test_a_simulated_clock_stands_until_it_is_moved_and_never_goes_back() -> None:
    clock = SimulatedClock(instant("2026-04-03T12:00:00+02:00"))
    assert clock.now() == clock.now() == datetime(2026, 4, 3, 10, tzinfo=UTC)
    assert clock.advance(timedelta(hours=1)) == datetime(2026, 4, 3, 11, tzinfo=UTC)
    with pytest.raises(ClockError, match="cannot go back"):
        clock.set(instant("2026-04-03T10:59:59Z"))


def test_a_fixed_clock_always_says_the_same_instant_in_utc() -> None:
    assert FixedClock(instant("2026-01-01T00:00:00+11:00")).now() == datetime(2025, 12, 31, 13, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-04-03T12:00:00", "noon", ""])
def test_a_time_without_zone_or_sense_is_refused(text: str) -> None:
    with pytest.raises(ClockError):
        instant(text)


def test_an_unknown_zone_is_refused() -> None:
    for name in ("Europe/Atlantis", "../etc/passwd"):
        with pytest.raises(ClockError, match="unknown time zone"):
            zone(name)


def test_the_same_instant_is_two_dates_in_paris_and_noumea() -> None:
    at = instant("2026-12-31T14:00:00Z")
    assert business_date(at, PARIS) == date(2026, 12, 31)
    assert business_date(at, NOUMEA) == date(2027, 1, 1)


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 4, 3), 24)]
)
def test_paris_days_have_23_24_or_25_hours(day: date, hours: int) -> None:
    length = end_of_day(day, PARIS) - start_of_day(day, PARIS) + timedelta(microseconds=1)
    assert length == timedelta(hours=hours)


def test_a_local_time_becomes_one_instant() -> None:
    assert local_instant(date(2026, 7, 1), time(12), PARIS) == datetime(2026, 7, 1, 10, tzinfo=UTC)
    assert local_instant(date(2026, 7, 1), time(12), NOUMEA) == datetime(2026, 7, 1, 1, tzinfo=UTC)
