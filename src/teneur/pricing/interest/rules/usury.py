"""Usury thresholds: a dated check that warns before a rate is used.

The thresholds stand in `usury.csv` with the notice each comes from: quarters, and months in 2023. A
consumer's
overdraft has the bracket of the credit really used (note 1 of the notices); others have their own line.
"""

import csv
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Final

import msgspec

from teneur.kernel.money import EUR, Money, convert_parity, currency
from teneur.kernel.rules import rule

CONSUMER: Final = "consumer"
OTHER_OVERDRAFT: Final = "non-consumer overdraft"


class Verdict(StrEnum):
    """What the check says. Kept with closings: never rename."""

    BELOW = "below"
    ABOVE = "above"
    NOT_LOADED = "not-loaded"


class Threshold(msgspec.Struct, frozen=True):
    """One line of a notice. over_minor, up_to_minor: bracket in cents of euro, up_to inclusive, None:
    open."""

    first_day: date
    last_day: date
    category: str
    over_minor: int
    up_to_minor: int | None
    percent: Decimal
    notice: str


@cache
def thresholds() -> tuple[Threshold, ...]:
    """The lines that ship with the program."""
    text = files("teneur.pricing.interest").joinpath("usury.csv").read_text(encoding="utf-8")
    return tuple(
        Threshold(
            date.fromisoformat(row["from"]),
            date.fromisoformat(row["to"]),
            row["category"],
            int(row["over_eur"] or 0) * 100,
            int(row["up_to_eur"]) * 100 if row["up_to_eur"] else None,
            Decimal(row["usury_threshold_pct"]),
            row["notice_nor"],
        )
        for row in csv.DictReader(text.splitlines())
    )


@cache
def brackets(code: str, day: date, *, consumer: bool = True) -> tuple[tuple[int | None, Threshold], ...]:
    """The lines of a day by the most that each covers, in minor units of a currency (None: no bound), the
    smallest first; empty where no notice covers the day.

    Raises MoneyError for a currency without a fixed parity with the euro.
    """
    wanted = CONSUMER if consumer else OTHER_OVERDRAFT
    found = []
    for line in thresholds():
        if line.category == wanted and line.first_day <= day <= line.last_day:
            most = line.up_to_minor
            bound = None if most is None else convert_parity(Money(most, EUR), currency(code)).amount_minor
            found.append((bound, line))
    return tuple(sorted(found, key=lambda pair: (pair[0] is None, pair[0] or 0)))


def threshold_of(day: date, used_minor: int, code: str, *, consumer: bool = True) -> Threshold | None:
    """The line for a credit really used on a day, in minor units of a currency; None where no notice covers
    it."""
    for bound, line in brackets(code, day, consumer=consumer):
        if bound is None or used_minor <= bound:
            return line
    return None


@rule(law="C. conso L314-6")
def is_usurious(effective_percent: Decimal, threshold: Threshold) -> bool:
    """Whether an effective rate beats the threshold; at the threshold it does not."""
    return effective_percent > threshold.percent


def verdict(effective_percent: Decimal, used_minor: int, code: str, day: date) -> Verdict:
    """What the check says of a rate for a consumer's credit really used, in minor units of a currency."""
    threshold = threshold_of(day, used_minor, code)
    if threshold is None:
        return Verdict.NOT_LOADED
    return Verdict.ABOVE if is_usurious(effective_percent, threshold) else Verdict.BELOW
