"""Overdrafts at the turn of the day: those that incapacity ends, limits that change, debit, excess."""

from teneur.channels.day.report import Today, derived_key
from teneur.pricing.overdraft.day import ONE_DAY, endings, reviews


def end_overdrafts(today: Today) -> None:
    """The overdrafts of holders who lost their capacity end with the new day."""
    after: int | None = 0
    while after is not None:
        with today.bank.read() as connection:
            page = endings(
                connection, today.bank.governing, today.book, today.zone, today.day, derived_key, after
            )
        today.do("overdrafts ended", page.work)
        after = page.after


def review_overdrafts(today: Today) -> None:
    """What the day that ended changes, before the orders of the new one look for their funds."""
    after: int | None = 0
    while after is not None:
        now = today.bank.clock.now()
        with today.bank.read() as connection:
            page = reviews(
                connection,
                today.bank.governing,
                today.book,
                today.zone,
                today.day - ONE_DAY,
                now,
                derived_key,
                after,
            )
        today.do("overdrafts reviewed", page.work)
        after = page.after
