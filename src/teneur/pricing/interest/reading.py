"""A closing told so that every cent can be recomputed by hand: balances, numbers, rates, parts, sum."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
from psycopg import Connection

from teneur.agreements.terms.interest import InterestTerms
from teneur.kernel.commands import AccountId, book_of, number_of
from teneur.pricing.interest.closing import ONE_DAY, Closing, Period, Step
from teneur.pricing.interest.facts import KeptClosing, load_closings
from teneur.pricing.interest.gathering import value_sums
from teneur.pricing.interest.rules.apr import real_rate, shown
from teneur.pricing.interest.rules.index import Mention, mention_of
from teneur.pricing.interest.rules.numbers import value_ladder


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One revision of a quarter. operation: what posted it. steps: the value-dated balance as the cut had it.

    apr_percent: the effective rate really applied, as shown; None without debit. difference_minor: what this
    revision added to the charge of the one before (positive: debited).
    """

    closing: Closing
    operation: str
    steps: tuple[Step, ...]
    apr_percent: Decimal | None
    mentions: tuple[Mention, ...]
    difference_minor: int


def told(
    connection: Connection[Any], account: AccountId, first_day: date, terms: InterestTerms
) -> tuple[Told, ...]:
    """Every revision of a quarter, oldest first; empty if it was never closed."""
    kept = load_closings(connection, [account])[account]
    found: list[Told] = []
    for item in kept:
        closing = item.closing
        if closing.numbers.first_day != first_day:
            continue
        before = found[-1].closing if found else None
        found.append(
            Told(
                closing=closing,
                operation=f"{book_of(account)}/{item.closed_by}",
                steps=steps_of(connection, account, closing),
                apr_percent=real_percent(closing, terms),
                mentions=mentions_of(closing, _eve(kept, closing)),
                difference_minor=_net(closing) - (_net(before) if before else 0),
            )
        )
    return tuple(found)


def steps_of(connection: Connection[Any], account: AccountId, closing: Closing) -> tuple[Step, ...]:
    """The value-dated balance of a quarter, read again from the journal up to the closing's cut."""
    numbers = closing.numbers
    number = number_of(account)
    sums = value_sums(connection, book_of(account), [number], numbers.position)[number]
    opening = sum(amount for day, amount in sums.items() if day < numbers.first_day)
    return value_ladder(opening, sums.items(), Period(numbers.first_day, numbers.last_day))


def real_percent(closing: Closing, terms: InterestTerms) -> Decimal | None:
    """The effective rate really applied in a quarter, in percent as shown; None without debit."""
    rate = real_rate(closing.charge.apr_charges_minor, closing.numbers.debit_number)
    return None if rate is None else shown(rate, terms.apr)


def mentions_of(closing: Closing, before: Closing | None) -> tuple[Mention, ...]:
    """What the statement says of reference rates that changed: within the quarter, and since the one
    before."""
    found = []
    last: tuple[str, Decimal] | None = None
    if before is not None and before.numbers.spans[-1].index:
        last = (before.numbers.spans[-1].index, before.numbers.spans[-1].index_percent)
    for span in closing.numbers.spans:
        if not span.index:
            last = None
            continue
        old = last[1] if last else None
        mention = mention_of(span.index, old, span.index_percent, span.first_day)
        if mention is not None:
            found.append(mention)
        last = (span.index, span.index_percent)
    return tuple(found)


def _eve(kept: Sequence[KeptClosing], closing: Closing) -> Closing | None:
    """The last revision of the quarter before."""
    before = [k.closing for k in kept if k.closing.numbers.last_day == closing.numbers.first_day - ONE_DAY]
    return before[-1] if before else None


def _net(closing: Closing) -> int:
    return closing.charge.debit_minor - closing.charge.credit_minor
