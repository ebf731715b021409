"""When standing orders fall due."""

from datetime import date

import pytest

from teneur.payments.transfers.rules.reception import agreed_reception
from teneur.payments.transfers.rules.refusal import Reason
from teneur.payments.transfers.rules.standing import (
    Frequency,
    Schedule,
    next_occurrence,
    occurrence,
    occurrences,
    schedule_refusal,
)
from tests.payments.rules.support import NOUMEA, PARIS, THURSDAY, bnc, bred, days
from tests.support.asserts import asserts


def monthly(day: int, **options: object) -> Schedule:
    return Schedule(Frequency.MONTHLY, date(2027, 12, day), **options)  # type: ignore[arg-type]


@asserts("BNC-6.1.3.2-9")
def test_a_standing_order_of_the_31st_falls_due_at_each_month_end_leap_years_included() -> None:
    order = monthly(31)
    assert [occurrence(order, n) for n in range(5)] == [
        date(2027, 12, 31),
        date(2028, 1, 31),
        date(2028, 2, 29),
        date(2028, 3, 31),
        date(2028, 4, 30),
    ]
    assert occurrences(order, date(2028, 2, 29)) == (
        date(2027, 12, 31),
        date(2028, 1, 31),
        date(2028, 2, 29),
    )


@asserts("BRED-A3-1.2-1")
@pytest.mark.parametrize(
    ("frequency", "third"),
    [
        (Frequency.WEEKLY, date(2026, 4, 30)),
        (Frequency.FORTNIGHTLY, date(2026, 5, 14)),
        (Frequency.MONTHLY, date(2026, 6, 16)),
        (Frequency.QUARTERLY, date(2026, 10, 16)),
        (Frequency.HALF_YEARLY, date(2027, 4, 16)),
        (Frequency.YEARLY, date(2028, 4, 16)),
    ],
)
def test_the_payer_sets_the_frequency_and_the_duration(frequency: Frequency, third: date) -> None:
    order = Schedule(frequency, THURSDAY, occurrences=3)
    assert occurrence(order, 2) == third
    assert occurrences(order, date(2040, 1, 1))[-1] == third
    assert len(occurrences(order, date(2040, 1, 1))) == 3


def test_an_end_of_month_order_keeps_to_the_last_day_after_a_short_month() -> None:
    order = Schedule(Frequency.MONTHLY, date(2027, 2, 28), end_of_month=True)
    assert occurrence(order, 1) == date(2027, 3, 31)
    assert occurrence(Schedule(Frequency.MONTHLY, date(2027, 2, 28)), 1) == date(2027, 3, 28)


def test_the_last_occurrence_is_the_last_one_and_then_there_is_none() -> None:
    order = Schedule(Frequency.MONTHLY, THURSDAY, last_on=date(2026, 6, 16))
    assert occurrences(order, date(2030, 1, 1)) == (THURSDAY, date(2026, 5, 16), date(2026, 6, 16))
    assert next_occurrence(order, date(2026, 6, 15)) == date(2026, 6, 16)
    assert next_occurrence(order, date(2026, 6, 16)) is None
    assert occurrences(order, date(2026, 6, 16), after=date(2026, 5, 16)) == (date(2026, 6, 16),)


def test_a_last_occurrence_on_a_closed_day_is_still_executed_on_the_next_business_day() -> None:
    order = Schedule(Frequency.MONTHLY, date(2026, 4, 1), last_on=date(2026, 5, 1))
    last = occurrences(order, date(2030, 1, 1))[-1]
    assert last == date(2026, 5, 1)
    assert agreed_reception(last, date(2026, 4, 1), days(bred()).payment, PARIS).day == date(2026, 5, 4)
    assert agreed_reception(last, date(2026, 4, 1), days(bnc()).payment, NOUMEA).day == date(2026, 5, 4)


@pytest.mark.parametrize(
    ("schedule", "reason"),
    [
        (Schedule(Frequency.MONTHLY, date(2026, 4, 15)), Reason.DATE_PAST),
        (Schedule(Frequency.MONTHLY, THURSDAY, last_on=date(2026, 4, 15)), Reason.SCHEDULE_INVALID),
        (Schedule(Frequency.MONTHLY, THURSDAY, occurrences=0), Reason.SCHEDULE_INVALID),
        (Schedule(Frequency.WEEKLY, THURSDAY, end_of_month=True), Reason.SCHEDULE_INVALID),
        (
            Schedule(Frequency.MONTHLY, THURSDAY, end_of_month=True, last_on=date(2026, 4, 29)),
            Reason.SCHEDULE_INVALID,
        ),
        (Schedule(Frequency.MONTHLY, THURSDAY, last_on=THURSDAY), None),
        (Schedule(Frequency.WEEKLY, THURSDAY), None),
    ],
)
def test_a_schedule_must_leave_an_occurrence(schedule: Schedule, reason: Reason | None) -> None:
    assert schedule_refusal(schedule, THURSDAY) is reason
