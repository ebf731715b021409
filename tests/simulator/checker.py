"""Compares the tables with the model: after each batch what changed, at the end everything."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from psycopg import Connection

from teneur.bank import Bank
from teneur.ledger import reading
from teneur.ledger.check import check
from tests.simulator.model import Account, Model, Row

JOURNAL = """
select book, position, line, kind, outcome, key, debit, credit, amount_minor,
       case when amount_minor is not null then booked_on end, debit_value_on,
       credit_value_on, debit_sequence, credit_sequence, debit_balance_minor, credit_balance_minor
  from journal where book = %(book)s and position > %(after)s order by position
"""
ACCOUNTS = """
select account, floor_minor, held_minor, unavailable_minor from account
 where book = %(book)s and account = any(%(accounts)s)
"""
ORDERS = """
select o.account, o.transfer, o.status, o.due_on, o.debit_minor, o.execute_by, o.hold, o.done_occurrences
  from unnest(%(accounts)s::int[], %(transfers)s::bigint[]) u(a, t)
  join transfer_order o on o.book = %(book)s and o.account = u.a and o.transfer = u.t
"""
DUTIES = """
select account, obligation, kind, about, due_at, discharged_at is not null from obligation
 where book = %(book)s and (obligation > %(after)s or (account, obligation, kind) in (
       select a, p, k from unnest(%(accounts)s::int[], %(positions)s::bigint[], %(kinds)s::text[]) u(a, p, k)))
"""
MESSAGES = "select count(*) from outbox"
MASK = 0xFFFF_FFFF


class Divergence(AssertionError):
    """The bank and the model differ."""


def differ(what: str, expected: object, found: object) -> None:
    """Raise unless both are equal."""
    if expected != found:
        raise Divergence(f"{what}\n  the model: {expected}\n  the bank:  {found}")


class Checker:
    """Reads in a session of its own; knows up to which position it has compared."""

    def __init__(self, bank: Bank, model: Model) -> None:
        self.model = model
        self.connection: Connection[Any] = bank.connect(hot=True)
        self.connection.autocommit = True
        self.seen = dict(model.head)
        self.rows = 0

    def rows_of(self, query: str, parameters: Mapping[str, object]) -> list[tuple[Any, ...]]:
        """Rows in the binary form, which is read faster."""
        return self.connection.cursor(binary=True).execute(query, parameters, prepare=True).fetchall()

    def changes(self) -> None:
        """What the model says has changed must have, and nothing else."""
        model = self.model
        for book in model.books:
            self._journal(book)
            self._accounts(book, [a for a in model.touched if a >> 32 == book])
            self._orders(book, [k for k in model.touched_orders if k[0] >> 32 == book])
            self._duties(book)
            self.seen[book] = model.head[book]
        model.clear_changes()

    def _journal(self, book: int) -> None:
        """The rows themselves: entries in order, sequences, running balances, booking and value dates."""
        expected = [row for row in self.model.rows if row.book == book]
        found = self.rows_of(JOURNAL, {"book": book, "after": self.seen[book]})
        self.rows += len(found)
        for row, stored in zip(expected, found, strict=False):
            key = stored[5].bytes if stored[5] is not None else None
            differ(f"row {book}/{row.position}", row, Row(*(*stored[:5], key, *stored[6:])))
        differ(f"rows of book {book}", [r.position for r in expected], [r[1] for r in found])

    def _accounts(self, book: int, accounts: Iterable[int]) -> None:
        """What is held, made unavailable, authorised."""
        wanted = {a & MASK: self.model.accounts[a] for a in accounts}
        found = {n: rest for n, *rest in self.rows_of(ACCOUNTS, {"book": book, "accounts": list(wanted)})}
        for number, account in wanted.items():
            expected = [account.floor, account.held, account.unavailable]
            differ(f"account {book}/{number}: floor, held, unavailable", expected, found.get(number))

    def _orders(self, book: int, keys: list[tuple[int, int]]) -> None:
        """How orders stand."""
        parameters = {
            "book": book,
            "accounts": [a & MASK for a, _ in keys],
            "transfers": [t for _, t in keys],
        }
        found = {(book << 32 | n, t): tuple(rest) for n, t, *rest in self.rows_of(ORDERS, parameters)}
        for key in keys:
            order = self.model.orders.all[key]
            expected = (order.status, order.due_on, order.debit, order.execute_by, order.hold, order.done)
            what = f"order {key[1]} of account {book}/{key[0] & MASK}: status, due on, debit, execute by, hold, done; {order.channel} {order.ask}"
            differ(what, expected, found.get(key))

    def _duties(self, book: int) -> None:
        """Duties that opened, with their last instant, and those that are done."""
        model = self.model
        done = [k for k in model.done_duties if k[0] >> 32 == book]
        parameters = {
            "book": book, "after": self.seen[book], "accounts": [a & MASK for a, _, _ in done],
            "positions": [p for _, p, _ in done], "kinds": [kind for _, _, kind in done],
        }  # fmt: skip
        found = {(book << 32 | row[0], *row[1:3]): row[3:] for row in self.rows_of(DUTIES, parameters)}
        expected = {
            k: (*v, k in model.done_duties) for k, v in model.new_duties.items() if k[0] >> 32 == book
        }
        for key in done:
            if key not in expected:
                differ(f"duty {key} is done", True, key in found and found.pop(key)[2])
        differ(f"duties of book {book}", expected, found)

    # at the end

    def everything(self, *, statements: int | None = None, walk: bool = True) -> str:
        """All accounts, through the readers that the bank has; statements: of so many accounts only.

        Returns a hash of all balances and statements.
        """
        model, connection = self.model, self.connection
        cut = reading.heads(connection, model.books)
        differ("last positions", {b: model.head[b] for b in model.books}, cut)
        trial = reading.trial_balance(connection, cut)
        differ("the trial balance sums to zero", True, trial.balanced)
        moved = {line.account: line.balance_minor for line in trial.lines}
        differ("balances", {i: a.balance for i, a in model.accounts.items() if a.sequence}, moved)
        differ("messages to send", model.messages, connection.execute(MESSAGES).fetchone()[0])  # type: ignore[index]
        customers = (
            model.customers
            if statements is None
            else model.customers[:: len(model.customers) // statements + 1]
        )
        total = hashlib.blake2b(digest_size=16)
        for account in customers:
            self._statement(account, cut[account.id >> 32])
        for account in model.accounts.values():
            total.update(repr((account.id, account.balance, account.held, account.floor)).encode())
            total.update(account.statement.digest())
        if walk:
            differ("faults in the books", [], check(connection, model.books))
        return total.hexdigest()

    def _statement(self, account: Account, position: int) -> None:
        """The statement line by line, the available balance, and the balance by value date on some days."""
        connection, digest = self.connection, hashlib.blake2b(digest_size=16)
        for line in reading.postings(connection, account.id, position):
            content = (line.position, line.amount_minor, line.balance_minor, line.booked_on, line.value_on)
            digest.update(repr(content).encode())
        differ(f"statement of {account.id & MASK}", account.statement.hexdigest(), digest.hexdigest())
        available = reading.available(connection, account.id)
        differ(
            f"available on {account.id & MASK}", account.available, available and available.available_minor
        )
        for day in self._days_of(account):
            found = reading.balance_on_value_date(connection, account.id, day, position)
            differ(f"balance of {account.id & MASK} valued by {day}", account.on_value_date(day), found)

    def _days_of(self, account: Account) -> list[date]:
        days = sorted(account.by_value)
        return [] if not days else [days[0] - timedelta(days=1), days[0], days[len(days) // 2], days[-1]]
