"""Random entries, holds, reversals and retries on two engines, against a model of a few dicts."""

from dataclasses import dataclass, field
from typing import Any

import msgspec
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests.support.ledger import Bank, ChangeAccount, answer, command, move, place, release, reverse, take

from teneur.kernel.commands import Answer, Command, Outcome, number_of
from teneur.ledger.check import check
from teneur.storage.database import connect

ACCOUNTS = st.integers(0, 2)
NEAR = st.sampled_from([-250, -1, 0, 1])  # how far from the limit: most faults show at it
FLAGS = st.booleans()
SELDOM = st.sampled_from([False] * 4 + [True])
ENGINES = st.integers(0, 1)


@dataclass
class Model:
    """What the books should say: nothing here knows how they are kept."""

    balance: list[int] = field(default_factory=lambda: [1_000, 1_000, 0])
    floor: list[int] = field(default_factory=lambda: [0, -100, 0])
    holds: dict[int, tuple[int, int]] = field(default_factory=dict)  # id → account, left
    done: dict[int, tuple[int, int, int]] = field(default_factory=dict)  # position → debit, credit, amount
    undone: set[int] = field(default_factory=set)

    def available(self, account: int) -> int:
        held = sum(left for owner, left in self.holds.values() if owner == account)
        return self.balance[account] - held - self.floor[account]

    def book(self, debit: int, credit: int, amount: int) -> None:
        self.balance[debit] -= amount
        self.balance[credit] += amount


class Books(RuleBasedStateMachine):
    """Each example has new accounts in the same books."""

    bank: Bank
    engines: list[Any]

    @initialize()
    def open(self) -> None:
        self.model = Model()
        first, second = self.bank.open_accounts(2, fund_minor=1_000)
        (third,) = self.bank.open_accounts(1)
        self.accounts = [first, second, third]
        self.bank.post(command(second, ChangeAccount(floor_minor=-100)))
        self.asked: list[tuple[Command, Answer]] = []

    def ask(self, engine: int, asked: Command, allowed: bool) -> Answer:
        found = answer(self.engines[engine].post([asked])[0])
        assert (found.outcome is Outcome.ACCEPTED) == allowed, (found, self.model)
        assert not found.replayed
        self.asked.append((asked, found))
        return found

    @rule(engine=ENGINES, debit=ACCOUNTS, credit=ACCOUNTS, near=NEAR, forced=FLAGS)
    def pay(self, engine: int, debit: int, credit: int, near: int, forced: bool) -> None:
        model = self.model
        amount = model.available(debit) + near
        allowed = debit != credit and amount > 0 and (forced or amount <= model.available(debit))
        asked = move(self.accounts[debit], self.accounts[credit], amount, forced=forced)
        found = self.ask(engine, asked, allowed)
        if allowed:
            model.book(debit, credit, amount)
            model.done[found.position] = (debit, credit, amount)

    @rule(engine=ENGINES, account=ACCOUNTS, near=NEAR)
    def hold(self, engine: int, account: int, near: int) -> None:
        amount = self.model.available(account) + near
        allowed = 0 < amount <= self.model.available(account)
        found = self.ask(engine, place(self.accounts[account], amount), allowed)
        if allowed:
            self.model.holds[found.position] = (account, amount)

    @precondition(lambda self: self.model.holds)
    @rule(engine=ENGINES, data=st.data(), credit=ACCOUNTS, near=NEAR, final=FLAGS, thief=SELDOM)
    def take(
        self, engine: int, data: st.DataObject, credit: int, near: int, final: bool, thief: bool
    ) -> None:
        hold = data.draw(st.sampled_from(sorted(self.model.holds)))
        owner, left = self.model.holds[hold]
        amount = left + near
        account = (owner + 1) % 3 if thief else owner
        allowed = not thief and account != credit and 0 < amount <= left
        self.ask(
            engine, take(self.accounts[account], hold, amount, self.accounts[credit], final=final), allowed
        )
        if allowed:
            self.model.book(account, credit, amount)
            if final or left == amount:
                del self.model.holds[hold]
            else:
                self.model.holds[hold] = (owner, left - amount)

    @precondition(lambda self: self.model.holds)
    @rule(engine=ENGINES, data=st.data())
    def free(self, engine: int, data: st.DataObject) -> None:
        hold = data.draw(st.sampled_from(sorted(self.model.holds)))
        owner, _ = self.model.holds.pop(hold)
        self.ask(engine, release(self.accounts[owner], hold), allowed=True)
        self.ask(1 - engine, release(self.accounts[owner], hold), allowed=False)

    @rule(engine=ENGINES, account=ACCOUNTS, floor=st.sampled_from([0, -1, -500, 100]))
    def limit(self, engine: int, account: int, floor: int) -> None:
        self.ask(engine, command(self.accounts[account], ChangeAccount(floor_minor=floor)), allowed=True)
        self.model.floor[account] = floor

    @precondition(lambda self: self.model.done)
    @rule(engine=ENGINES, data=st.data())
    def undo(self, engine: int, data: st.DataObject) -> None:
        position = data.draw(st.sampled_from(sorted(self.model.done)))
        debit, credit, amount = self.model.done[position]
        allowed = position not in self.model.undone and amount <= self.model.available(credit)
        self.ask(engine, reverse(self.accounts[debit], position), allowed)
        if allowed:
            self.model.book(credit, debit, amount)
            self.model.undone.add(position)

    @precondition(lambda self: self.asked)
    @rule(engine=ENGINES, data=st.data(), cold=FLAGS)
    def ask_again(self, engine: int, data: st.DataObject, cold: bool) -> None:
        asked, first = data.draw(st.sampled_from(self.asked))
        if cold:
            self.engines[engine].close()
        again = answer(self.engines[engine].post([asked])[0])
        assert again == msgspec.structs.replace(first, replayed=True)

    @invariant()
    def the_tables_agree_with_the_model(self) -> None:
        numbers = [number_of(account) for account in self.accounts]
        found = self.bank.rows(
            """select a.account, a.held_minor, coalesce(sum(p.amount_minor), 0)
                 from account a left join posting p using (book, account)
                where book = 1 and account = any(%(numbers)s) group by 1, 2 order by 1""",
            numbers=numbers,
        )
        held = [sum(left for owner, left in self.model.holds.values() if owner == n) for n in range(3)]
        assert [list(row[1:]) for row in found] == [
            [h, b] for h, b in zip(held, self.model.balance, strict=True)
        ]


def test_two_engines_behave_as_a_model_of_a_few_dicts(bank: Bank) -> None:
    Books.bank = bank
    Books.engines = [bank.engine, bank.another_engine()]
    run_state_machine_as_test(
        Books,
        settings=settings(
            max_examples=40, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
    with connect(bank.dsn, autocommit=True) as connection:
        assert check(connection) == []
