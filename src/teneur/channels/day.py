"""The bank's day: orders due or awaiting funds, expired holds, unanswered instant transfers, statements.

`advance` works off every local day up to a day, book by book, at the day's first instant. A day is noted
as done only when all its work is; whatever was begun before a crash is asked again with the same keys, which
the engine recognises, so that nothing is done twice.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from psycopg import Connection

from teneur.bank import Bank
from teneur.channels.settings import CLOCK, SQL, clock_setting, keep_setting
from teneur.channels.statements import Issued, issue
from teneur.kernel.clock import SimulatedClock, business_date, start_of_day, zone
from teneur.kernel.commands import AccountId, Answer, Ask, Command, Outcome, account_id, book_of, number_of
from teneur.ledger.account import SQL as LEDGER_SQL
from teneur.ledger.account import load_accounts
from teneur.ledger.commands import ReleaseHold
from teneur.ledger.errors import CommandFailed
from teneur.payments.transfers.commands import ExecuteTransfer
from teneur.payments.transfers.decisions.waiting import worth_looking
from teneur.payments.transfers.facts import SQL as TRANSFER_SQL
from teneur.payments.transfers.facts import load_orders
from teneur.payments.transfers.rules.instant import clocks
from teneur.pricing.statements.build import StatementError
from teneur.pricing.statements.rules import statement_period
from teneur.pricing.statements.statement import Period

MOST = 1_000  # commands in one batch
ONE_DAY = timedelta(days=1)

Progress = Callable[[str, int], None]  # what, how many more are done


class Late(msgspec.Struct, frozen=True):
    """An instant transfer whose answer has not come within its maximum time."""

    account: AccountId
    transfer: int
    stamped_at: datetime
    exceeded_at: datetime


class DayReport(msgspec.Struct, kw_only=True):
    """What an advance did. Operations are (book, position); problems are for people."""

    days: list[tuple[str, date]] = []
    executed: list[tuple[int, int]] = []
    refused: list[tuple[int, int, str]] = []
    released_holds: int = 0
    replayed: int = 0
    statements: list[Issued] = []
    late_instant: list[Late] = []
    problems: list[str] = []


class Step(msgspec.Struct, frozen=True, order=True):
    """One local day of one zone, at its first instant."""

    at: datetime
    zone: str
    day: date


def derived_key(*parts: object) -> bytes:
    """The idempotency key of what the bank's day does: the same work always has the same key."""
    return sha256("|".join(("teneur-day", *map(str, parts))).encode()).digest()[:16]


def advance(bank: Bank, to: date, progress: Progress | None = None) -> DayReport:
    """Work off every local day up to and including `to`, in all zones and books.

    A simulated clock moves to the first instant of each day. With the machine's clock, days that have not
    begun are left.
    """
    report = DayReport()
    tell = progress or (lambda _what, _count: None)
    zones = sorted({agreement.zone for agreement in bank.agreements})
    with bank.read() as connection:
        books = [row[0] for row in connection.execute(LEDGER_SQL["books"]) if row[0] > 0]
    with closing(bank.connect()) as notes:
        for step in _steps(bank, zones, books, to):
            if isinstance(bank.clock, SimulatedClock) and step.at > bank.clock.now():
                bank.clock.set(step.at)
            for book in books:
                _execute_due(bank, book, step, report, tell)
                _look_for_funds(bank, book, step, report, tell)
                _release_expired(bank, book, report, tell)
                _cut_statements(bank, book, step, report, tell)
            _note_done(notes, bank, books, step)
            report.days.append((step.zone, step.day))
            tell("day", 1)
    with bank.read() as connection:
        for book in books:
            report.late_instant += list(_late_instant(bank, connection, book))
    return report


def _steps(bank: Bank, zones: list[str], books: list[int], to: date) -> Iterator[Step]:
    """The days to work off, in the order in which they begin around the world."""
    now = bank.clock.now()
    steps = []
    for name in zones:
        where = zone(name)
        today = business_date(now, where)
        done = min((_done_on(bank, book).get(name, today - ONE_DAY) for book in books), default=to)
        last = to if isinstance(bank.clock, SimulatedClock) else min(to, today)
        day = min(done + ONE_DAY, today)
        while day <= last:
            steps.append(Step(start_of_day(day, where), name, day))
            day += ONE_DAY
    return iter(sorted(steps))


def _done_on(bank: Bank, book: int) -> dict[str, date]:
    with bank.read() as connection:
        return dict(connection.execute(SQL["done_on"], {"book": book}).fetchall())


def _note_done(connection: Connection[Any], bank: Bank, books: list[int], step: Step) -> None:
    """All the work of a local day is done, and a simulated clock stands there."""
    with connection.transaction():
        for book in books:
            parameters = {"book": book, "zone": step.zone, "done_on": step.day}
            connection.execute(SQL["keep_done_on"], parameters)
        if isinstance(bank.clock, SimulatedClock):
            keep_setting(connection, CLOCK, clock_setting(bank.clock))


def _execute_due(bank: Bank, book: int, step: Step, report: DayReport, tell: Progress) -> None:
    """Due orders in batches; again until none is left, since a standing order may be due more than once."""
    where = zone(step.zone)
    while True:
        moved = 0
        after = (date.min, 0, 0)
        while True:
            with bank.read() as connection:
                parameters = {
                    "book": book, "day": step.day, "limit": MOST,
                    "after_day": after[0], "after_transfer": after[1], "after_account": after[2],
                }  # fmt: skip
                rows = connection.execute(TRANSFER_SQL["due_orders_after"], parameters).fetchall()
                accounts = load_accounts(connection, [account_id(book, row[0]) for row in rows])
            commands = [
                _command(
                    bank,
                    account_id(book, number),
                    ExecuteTransfer(transfer=transfer, due_on=due_on),
                    derived_key("due", book, number, transfer, due_on),
                )
                for number, transfer, due_on in rows
                if _is_in(bank, accounts[account_id(book, number)], step.day, where)
            ]
            moved += _post(bank, commands, report, tell)
            if len(rows) < MOST:
                break
            after = (rows[-1][2], rows[-1][1], rows[-1][0])
        if not moved:
            return


def _look_for_funds(bank: Bank, book: int, step: Step, report: DayReport, tell: Progress) -> None:
    """Orders that wait for funds: those whose money is there, or whose time is over."""
    where = zone(step.zone)
    after = 0
    while True:
        parameters = {"book": book, "after": after, "limit": MOST}
        with bank.read() as connection:
            rows = connection.execute(TRANSFER_SQL["waiting_orders_after"], parameters).fetchall()
            accounts = load_accounts(connection, [account_id(book, number) for number, _ in rows])
            orders = load_orders(connection, [(account_id(book, n), transfer) for n, transfer in rows])
        commands = [
            _command(
                bank,
                id_,
                ExecuteTransfer(transfer=transfer, due_on=step.day),
                derived_key("due", book, number_of(id_), transfer, step.day),
            )
            for (id_, transfer), order in orders.items()
            if _is_in(bank, accounts[id_], step.day, where)
            and worth_looking(bank.transfers, accounts[id_], order, step.day)
        ]
        _post(bank, commands, report, tell)
        if len(rows) < MOST:
            return
        after = rows[-1][1]


def _is_in(bank: Bank, account: Any, day: date, where: ZoneInfo) -> bool:
    """Whether the account counts its days in that zone: the others' day may not have come."""
    return bank.terms_for(account, day).zone == where


def _command(bank: Bank, account: AccountId, ask: Ask, key: bytes) -> Command:
    return Command(key=key, subject=account, received_at=bank.clock.now(), ask=ask)


def _post(bank: Bank, commands: list[Command], report: DayReport, tell: Progress) -> int:
    """Post a batch and note what became of it; returns how many were new."""
    new = 0
    for command, result in zip(commands, bank.post(commands) if commands else [], strict=True):
        if isinstance(result, CommandFailed):
            where = f"{book_of(command.subject)}/{number_of(command.subject)}"
            report.problems.append(f"account {where}: {result}")
            continue
        new += not result.replayed
        _note(result, report)
    tell("orders", len(commands))
    return new


def _note(answer: Answer, report: DayReport) -> None:
    if answer.replayed:
        report.replayed += 1
    elif answer.outcome is Outcome.REFUSED:
        report.refused.append((answer.book, answer.position, answer.reason))
    else:
        report.executed.append((answer.book, answer.position))


def _release_expired(bank: Bank, book: int, report: DayReport, tell: Progress) -> None:
    """Holds whose time has come are freed."""
    at = bank.clock.now()
    with bank.read() as connection:
        rows = connection.execute(LEDGER_SQL["holds_expired"], {"book": book, "at": at}).fetchall()
    for start in range(0, len(rows), MOST):
        commands = [
            _command(
                bank,
                account_id(book, number),
                ReleaseHold(hold=hold, expired=True),
                derived_key("expired", book, number, hold),
            )
            for number, hold in rows[start : start + MOST]
        ]
        for result in bank.post(commands):
            if isinstance(result, CommandFailed):
                report.problems.append(str(result))
            elif result.outcome is Outcome.ACCEPTED and not result.replayed:
                report.released_holds += 1
        tell("holds", len(commands))


def _late_instant(bank: Bank, connection: Any, book: int) -> Iterator[Late]:
    """Instant transfers without an answer in time: to be looked into; time alone moves no money."""
    now = bank.clock.now()
    rows = connection.execute(TRANSFER_SQL["reserved_orders"], {"book": book}).fetchall()
    accounts = load_accounts(connection, [account_id(book, number) for number, _, _ in rows])
    for number, transfer, stamped_at in rows:
        account = accounts[account_id(book, number)]
        terms = bank.terms_for(account, stamped_at.date()).agreement.transfers.instant
        exceeded_at = clocks(stamped_at, terms).exceeded_at
        if now > exceeded_at:
            yield Late(account.id, transfer, stamped_at, exceeded_at)


def _cut_statements(bank: Bank, book: int, step: Step, report: DayReport, tell: Progress) -> None:
    """On the first day after a period of statements: what was booked in it, account by account."""
    where = zone(step.zone)
    periods: set[Period] = set()
    for agreement in bank.agreements:
        if zone(agreement.zone) == where:
            period = statement_period(step.day - ONE_DAY, agreement.statements)
            if period.last_day == step.day - ONE_DAY:
                periods.add(period)
    for period in sorted(periods, key=lambda p: p.first_day):
        after = 0
        while True:
            parameters = {
                "book": book, "after": after, "limit": MOST,
                "first_day": period.first_day, "last_day": period.last_day,
            }  # fmt: skip
            with bank.read() as connection:
                numbers = [n for (n,) in connection.execute(SQL["contract_accounts_after"], parameters)]
                accounts = load_accounts(connection, [account_id(book, n) for n in numbers])
            for number in numbers:
                account = accounts[account_id(book, number)]
                terms = bank.terms_for(account, period.last_day)
                if (
                    terms.zone == where
                    and statement_period(period.last_day, terms.agreement.statements) == period
                ):
                    _issue(bank, account.id, period, report)
                    tell("statements", 1)
            if len(numbers) < MOST:
                break
            after = numbers[-1]


def _issue(bank: Bank, account: AccountId, period: Period, report: DayReport) -> None:
    try:
        made = issue(bank, account, period)
    except StatementError as error:
        report.problems.append(str(error))
        return
    if made is not None:
        report.statements.append(made)
