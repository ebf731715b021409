"""A random life of one account through the bank's day, and what its exported statements alone say of it.

Everything below `told` is read from the JSON of the statements, as a customer has them: the balances day by
day, and the interest that they give. Nothing of the program's own interest is used.
"""

import json
import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from teneur.bank import Bank
from teneur.channels.day.job import advance
from teneur.channels.statements import issued_statements, kept
from teneur.kernel.clock import instant
from teneur.kernel.commands import AccountId, Ask, Channel, Outcome
from teneur.kernel.money import round_half_up
from teneur.ledger.chart import Role, own_account
from teneur.ledger.commands import Move
from teneur.pricing.overdraft.commands import ChangeOverdraft, EndOverdraft, GrantOverdraft
from tests.support.bank import ADVISER, BACK_OFFICE, BOOK, OTHER_ADVISER, move_clock

ONE_DAY = timedelta(days=1)
LEAP = 4


class Life:
    """What happens to an account: salaries, bills, entries that come late, overdrafts agreed and ended."""

    def __init__(self, bank: Bank, account: AccountId, seed: int, unit: int) -> None:
        """unit: minor units of a small sum."""
        self.bank = bank
        self.account = account
        self.chance = random.Random(seed)
        self.unit = unit
        self.problems: list[str] = []
        self.done: dict[str, int] = {}

    def live(self, until: date) -> None:
        """Days pass; on some of them something happens, in the morning."""
        day = self.bank.clock.now().date()
        while day < until:
            day = min(until, day + timedelta(days=self.chance.randint(1, 12)))
            self.problems += advance(self.bank, day).problems
            if day < until:
                move_clock(self.bank, instant(f"{day.isoformat()}T09:30:00+00:00"))
                for _ in range(self.chance.randint(0, 3)):
                    self._something(day)

    def _something(self, day: date) -> None:
        balance = self.bank.account(self.account).balance_minor
        poor, rich = balance < -30 * self.unit, balance > 10 * self.unit
        what = self.chance.choices(
            ["bill", "salary", "late value", "late booking", "agreed", "changed", "ended"],
            weights=[14 if rich else 7, 7 if poor else 2, 2, 2, 2, 1, 1],
        )[0]
        small = self.chance.randint(1, 60) * self.unit + self.chance.randint(0, self.unit - 1)
        match what:
            case "bill":
                done = self._move(-small, day, day + self.chance.randint(-1, 2) * ONE_DAY)
            case "salary":
                done = self._move(3 * small, day, day + self.chance.randint(0, 1) * ONE_DAY)
            case "late value":
                done = self._move(self._either(small), day, day - self.chance.randint(3, 150) * ONE_DAY)
            case "late booking":
                back = day - self.chance.randint(1, 40) * ONE_DAY
                done = self._move(self._either(small), back, back)
            case _:
                done = self._overdraft(what, small)
        if done:
            self.done[what] = self.done.get(what, 0) + 1

    def _either(self, amount: int) -> int:
        return self.chance.choice([-1, 1]) * amount

    def _move(self, amount_minor: int, booked_on: date, value_on: date) -> bool:
        other = own_account(BOOK, Role.SUSPENSE, self.bank.account(self.account).currency)
        debit, credit = (other, self.account) if amount_minor > 0 else (self.account, other)
        opened = self.bank.account(self.account).opened_on
        ask = Move(
            debit=debit, credit=credit, amount_minor=abs(amount_minor), booked_on=max(opened, booked_on),
            debit_value_on=max(opened, value_on), credit_value_on=max(opened, value_on), reason="vie",
            approved_by=OTHER_ADVISER, forced=True,
        )  # fmt: skip
        answer = self.bank.ask(ask, self.account, actor=BACK_OFFICE, channel=Channel.BRANCH)
        return answer.outcome is Outcome.ACCEPTED

    def _overdraft(self, what: str, limit: int) -> bool:
        holders = self.bank.account(self.account).holders
        agreed: dict[str, Any] = {
            "limit_minor": limit, "requested_by": holders, "approved_by": BACK_OFFICE, "document": "CP",
        }  # fmt: skip
        ask: Ask = EndOverdraft(requested_by=holders[0])
        if what != "ended":
            ask = GrantOverdraft(**agreed) if what == "agreed" else ChangeOverdraft(**agreed)
        channel = Channel.PAPER if what == "ended" else Channel.BRANCH
        answer = self.bank.ask(ask, self.account, actor=ADVISER, channel=channel)
        return answer.outcome is Outcome.ACCEPTED


# what the statements tell


def exported(bank: Bank, account: AccountId) -> list[dict[str, Any]]:
    """The statements as JSON, oldest first."""
    with bank.read() as connection:
        found = [kept(connection, account, one.number) for one in issued_statements(connection, account)]
    return [json.loads(pair[1]) for pair in found if pair is not None]


def lines_of(told: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """All lines in the account's own order."""
    return sorted((line for one in told for line in one["lines"]), key=lambda line: line["sequence"])


def quarters(told: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The last word on each quarter, in order."""
    last: dict[str, dict[str, Any]] = {}
    for one in told:
        for charge in one["interest"]:
            if charge["revision"] >= last.get(charge["first_day"], charge)["revision"]:
                last[charge["first_day"]] = charge
    return [last[first] for first in sorted(last)]


def recounted(told: Sequence[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], int, int]]:
    """Each quarter as told, with its interest counted again day by day, and its debit times days.

    What is still due of an authorisation that ended keeps its rate and only ever shrinks; it is carried from
    one quarter to the next.
    """
    lines = lines_of(told)
    due: int | None = None
    for charge in quarters(told):
        known = [line for line in lines if line["operation"] <= charge["knows"]]
        total, number = Fraction(0), 0
        for rate in charge["rates"]:
            day = date.fromisoformat(rate["first_day"])
            if rate["run_off"] and due is None:
                due = min(max(0, -_balance(known, day - ONE_DAY)), rate["limit_minor"])
            if not rate["run_off"]:
                due = None
            for _ in range(rate["days"]):
                debit = max(0, -_balance(known, day))
                if rate["run_off"]:
                    due = min(due or 0, debit)
                part = (due or 0) if rate["run_off"] else min(debit, rate["limit_minor"])
                year = 366 if day.year % LEAP == 0 else 365
                total += Fraction(part) * Fraction(Decimal(rate["percent"])) / 100 / year
                total += Fraction(debit - part) * Fraction(Decimal(rate["excess_percent"])) / 100 / year
                number += debit
                day += ONE_DAY
        yield charge, round_half_up(total), number


def _balance(lines: Sequence[dict[str, Any]], day: date) -> int:
    until = day.isoformat()
    return sum(line["amount_minor"] for line in lines if line["value_on"] <= until)


def real_percent(charge_minor: int, number: int) -> Decimal | None:
    """The effective rate by the method of numbers, to one decimal, counted apart."""
    if not number:
        return None
    day_rate = Fraction(charge_minor, number)
    rate = ((1 + Decimal(day_rate.numerator) / Decimal(day_rate.denominator)) ** 365 - 1) * 100
    return Decimal(round_half_up(rate * 10)) / 10
