"""Payments that a day brings: due orders, orders that wait for funds, holds whose time is over."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from psycopg import Connection

from teneur.bank import Bank
from teneur.channels.day.exchange import without_rate
from teneur.channels.day.report import MOST, Late, Today, Work, derived_key
from teneur.kernel.commands import Outcome, account_id, number_of
from teneur.ledger.account import SQL as LEDGER_SQL
from teneur.ledger.account import load_accounts
from teneur.ledger.commands import ReleaseHold
from teneur.payments.transfers.commands import ExecuteTransfer
from teneur.payments.transfers.decisions.waiting import is_over, worth_looking
from teneur.payments.transfers.facts import SQL, load_orders
from teneur.payments.transfers.rules.instant import clocks


def execute_due(today: Today) -> None:
    """Due orders in batches; again until none is left, since a standing order may be due more than once."""
    while True:
        moved = 0
        after = (date.min, 0, 0)
        while True:
            with today.bank.read() as connection:
                parameters = {
                    "book": today.book, "day": today.day, "limit": MOST,
                    "after_day": after[0], "after_transfer": after[1], "after_account": after[2],
                }  # fmt: skip
                rows = connection.execute(SQL["due_orders_after"], parameters).fetchall()
                accounts = load_accounts(connection, [account_id(today.book, row[0]) for row in rows])
            unrated = without_rate(today, [(row[0], row[1]) for row in rows])
            moved += _execute(
                today,
                [
                    (
                        account_id(today.book, number),
                        ExecuteTransfer(transfer=transfer, due_on=due_on),
                        derived_key("due", today.book, number, transfer, due_on),
                    )
                    for number, transfer, due_on in rows
                    if today.is_in(accounts[account_id(today.book, number)])
                    and (account_id(today.book, number), transfer) not in unrated
                ],
            )
            if len(rows) < MOST:
                break
            after = (rows[-1][2], rows[-1][1], rows[-1][0])
        if not moved:
            return


def look_for_funds(today: Today) -> None:
    """Orders that wait for funds: those whose money is there, or whose time is over."""
    after = 0
    while True:
        with today.bank.read() as connection:
            rows, accounts, orders = _waiting(connection, today.book, after)
        unrated = without_rate(today, rows)
        _execute(
            today,
            [
                (
                    id_,
                    ExecuteTransfer(transfer=transfer, due_on=today.day),
                    derived_key("due", today.book, number_of(id_), transfer, today.day),
                )
                for (id_, transfer), order in orders.items()
                if today.is_in(accounts[id_])
                and worth_looking(today.bank.transfers, accounts[id_], order, today.day)
                and ((id_, transfer) not in unrated or is_over(order, today.day))
            ],
        )
        if len(rows) < MOST:
            return
        after = rows[-1][1]


def _waiting(connection: Connection[Any], book: int, after: int) -> tuple[Any, Any, Any]:
    """A page of orders that wait for funds, in the order in which they were given, with their accounts."""
    parameters = {"book": book, "after": after, "limit": MOST}
    rows = connection.execute(SQL["waiting_orders_after"], parameters).fetchall()
    accounts = load_accounts(connection, [account_id(book, number) for number, _ in rows])
    keys = [(account_id(book, number), transfer) for number, transfer in rows]
    found = load_orders(connection, keys)
    return rows, accounts, {key: found[key] for key in keys}


def _execute(today: Today, work: Sequence[Work]) -> int:
    """Post executions and note what became of each; how many were new."""
    new = 0
    for _, answer in today.ask(work):
        if answer.replayed:
            today.report.replayed += 1
            continue
        new += 1
        if answer.outcome is Outcome.REFUSED:
            today.report.refused.append((answer.book, answer.position, answer.reason))
        else:
            today.report.executed.append((answer.book, answer.position))
    today.tell("orders", len(work))
    return new


def release_expired(today: Today) -> None:
    """Holds whose time has come are freed."""
    at = today.bank.clock.now()
    with today.bank.read() as connection:
        rows = connection.execute(LEDGER_SQL["holds_expired"], {"book": today.book, "at": at}).fetchall()
    work: list[Work] = [
        (
            account_id(today.book, number),
            ReleaseHold(hold=hold, expired=True),
            derived_key("expired", today.book, number, hold),
        )
        for number, hold in rows
    ]
    for _, answer in today.ask(work):
        if answer.outcome is Outcome.ACCEPTED and not answer.replayed:
            today.report.released_holds += 1
    today.tell("holds", len(work))


def late_instant(bank: Bank, book: int) -> Iterator[Late]:
    """Instant transfers without an answer in time: to be looked into; time alone moves no money."""
    now = bank.clock.now()
    with bank.read() as connection:
        rows = connection.execute(SQL["reserved_orders"], {"book": book}).fetchall()
        accounts = load_accounts(connection, [account_id(book, number) for number, _, _ in rows])
    for number, transfer, stamped_at in rows:
        account = accounts[account_id(book, number)]
        terms = bank.terms_for(account, stamped_at.date()).agreement.transfers.instant
        exceeded_at = clocks(stamped_at, terms).exceeded_at
        if now > exceeded_at:
            yield Late(account.id, transfer, stamped_at, exceeded_at)
