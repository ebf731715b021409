"""Fees that a day brings: shown, charged for a period, taken, summed up in January."""

from collections.abc import Callable
from functools import partial
from typing import Any

from teneur.channels.day.report import Today, derived_key
from teneur.channels.fee_summaries import accounts_without, make
from teneur.pricing.fees import day as fees
from teneur.pricing.fees.rules.summary import year_to_sum_up

Look = Callable[..., fees.Looked]


def _do(today: Today, task: str, look: Look, first: Any) -> None:
    """Page after page: read it, then post what it asks."""
    after = first
    while after is not None:
        with today.bank.read() as connection:
            work, after = look(
                connection, today.bank.governing, today.book, today.zone, today.day, derived_key, after
            )
        if work:
            today.do(task, work)


def announce_fees(today: Today) -> None:
    """Incident fees that no statement of the day shows: a letter does."""
    _do(today, "fees-announced", fees.announcements, 0)


def charge_periods(today: Today) -> None:
    """Fees for periods become due."""
    _do(today, "fees-for-periods", fees.periods, 0)


def collect_fees(today: Today) -> None:
    """What may be taken that day is taken."""
    _do(today, "fees-collected", fees.collections, (0, 0, 0))


def sum_up_fees(today: Today) -> None:
    """In January the summaries of the past year, once its last closings are booked."""
    year = year_to_sum_up(today.day)
    if year is None:
        return
    find = partial(accounts_without, today.bank, today.book, today.zone, year)
    after: int | None = 0
    while after is not None:
        accounts, following = find(after)
        today.do("fee-summaries", [make(today.bank, account, year) for account in accounts])
        after = following
