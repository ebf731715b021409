"""What every drawing shares: the source of chance, the time, and accounts, persons, amounts and days."""

import random
from datetime import date, datetime, timedelta
from typing import Any

from tests.simulator import days
from tests.simulator.model import Account, Model
from tests.simulator.terms import BRED, LARGEST

ADMIN, CLERK, ADVISER, OTHER_ADVISER, BACK_OFFICE = -1, -3, -4, -5, -6
WINDOW = 160  # accounts in use at a time; older ones are met again now and then
Drawn = tuple[int, int, str, dict[str, Any]]  # subject, actor, channel, what is asked


class Drawing:
    """Draws from a seed. clean: nothing that the engine cannot even store."""

    def __init__(self, seed: int, model: Model, now: datetime) -> None:
        self.rng = random.Random(seed)
        self.model = model
        self.now = now
        self.clean = False
        self.answered = dict(model.head)  # positions up to which the bank has answered
        self.opened = 0  # accounts whose numbers are known

    def _account(self) -> Account:
        """One of the accounts in use, rarely an older one or one of the bank's own."""
        rng, customers = self.rng, self.model.customers
        count = self.opened if rng.random() < 0.9995 else len(customers)
        chance = rng.random()
        if chance < 0.01 or not customers:
            book = rng.choice(self.model.books)
            return self.model.accounts[self.model.own(book, rng.randrange(1, 16), rng.choice(("EUR", "XPF")))]
        count = count or len(customers)
        if chance < 0.05:
            return customers[rng.randrange(count)]
        return customers[rng.randrange(max(0, count - WINDOW), count)]

    def _subject(self, account: Account) -> int:
        """The account, or now and then one that does not exist."""
        return account.id if self.rng.random() > 0.004 else account.id + 500_000

    def _holder(self, account: Account) -> int:
        """A holder of the account, or now and then somebody else."""
        if not account.holders or self.rng.random() < 0.02:
            return self.rng.randrange(1, len(self.model.persons) + 2)
        return self.rng.choice(account.holders)

    def _amount(self, account: Account) -> int:
        """Small amounts mostly, and every edge: all that is available, one more, one, zero, negative, absurd."""
        rng, chance = self.rng, self.rng.random()
        if chance < 0.8:
            return rng.randrange(1, 30_000)
        if chance < 0.9:
            return max(0, account.available if account.terms else 0) + rng.choice((-1, 0, 0, 1))
        if chance < 0.985:
            return rng.randrange(1, 2_000_000)
        if chance < 0.9999 or self.clean:
            return rng.choice((1, 0, -1, LARGEST, -LARGEST, 99_999_999_999, 100_000_000_000))
        return rng.choice((LARGEST + 1, 2**63, 2**70))  # no record can hold it

    def _day(self, account: Account) -> date:
        """Today at the account's bank."""
        return days.local_day(self.now, (account.terms or BRED).zone)

    def _some_day(self, account: Account) -> date:
        """A day near today, or the end of February, or a day that has passed."""
        return self._day(account) + timedelta(days=self.rng.choice((-1, 0, 0, 1, 1, 2, 3, 4, 7, 10, 15)))

    def _operation(self, account: Account) -> tuple[int, int]:
        """A recent operation that was answered: its book and position; sometimes one that is not there."""
        rng, recent = self.rng, self.model.recent_operations
        if recent and rng.random() < 0.9:
            book, position = rng.choice(recent)
            if position <= self.answered[book]:
                return book, position
        return account.id >> 32, rng.choice((0, -1, 10**12))
