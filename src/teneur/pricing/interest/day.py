"""The bank's day at the end of a quarter: close it, and see to reference rates that ended.

Everything is asked with keys that the work itself gives, so that a run that was killed is taken up by running
it again: the cut of a closing is the journal row that began it, accounts already closed are passed over.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import msgspec
from psycopg import Connection

from teneur.accounts.governing import Governing
from teneur.kernel import commands
from teneur.kernel.commands import AccountId, Ask, Command, Outcome, account_id, book_of, number_of
from teneur.ledger.contracts import contract_from_row
from teneur.ledger.engine import Result
from teneur.ledger.errors import CommandFailed
from teneur.pricing.interest.closing import ONE_DAY, Period
from teneur.pricing.interest.commands import BeginClosing, InformOfSubstitute, TakeSilence
from teneur.pricing.interest.facts import SQL
from teneur.pricing.interest.gathering import Page, gather
from teneur.pricing.interest.rules.numbers import closing_period
from teneur.pricing.interest.rules.usury import Verdict

MOST = 1_000  # rows in one look at rates
BATCH = 100  # closings in one transaction: payments wait for no more, and more at a time is no faster
PAGE = 20_000  # accounts whose numbers are formed in one look: the journal is read once for all of them
STATEMENT = "statement"

Post = Callable[[Sequence[Command]], list[Result]]
Read = Callable[[], AbstractContextManager[Connection[Any]]]
Progress = Callable[[int], None]  # how many more accounts are done


class ClosingReport(msgspec.Struct, kw_only=True):
    """What the closing of a quarter did. problems are for people; warnings: yearly rates in percent that were
    used above the usury threshold, or with none loaded to compare them with."""

    first_day: date
    last_day: date
    cut: int
    closed: int = 0
    replayed: int = 0
    corrected: int = 0
    problems: list[str] = []
    warnings: list[tuple[Decimal, Verdict]] = []


class CannotClose(RuntimeError):
    """The closing could not begin: the quarter is not over, or no agreement closes so."""


def derived_key(*parts: object) -> bytes:
    """The idempotency key of what the closing does: the same work always has the same key."""
    return commands.derived_key("teneur-interest", *parts)


def quarters_over(governing: Governing, zone: str, day: date) -> list[Period]:
    """The quarters that ended the day before, by the agreements of a zone: what is due to be closed on a
    day."""
    eve = day - ONE_DAY
    agreements = (a for a in governing.agreements if a.zone == zone)
    periods = {closing_period(eve, a.interest.closing) for a in agreements}
    return sorted(p for p in periods if p.last_day == eve)


def begin(book: int, zone: str, period: Period, at: datetime) -> Command:
    """The command that begins a closing, always under the same key."""
    ask = BeginClosing(first_day=period.first_day, last_day=period.last_day, zone=zone)
    key = derived_key("begin", book, zone, period.first_day)
    return Command(key=key, subject=account_id(book, 0), received_at=at, ask=ask)


def close_quarter(
    post: Post,
    read: Read,
    governing: Governing,
    book: int,
    zone: str,
    period: Period,
    now: Callable[[], datetime],
    *,
    progress: Progress = lambda _count: None,
    page: int = PAGE,
    batch: int = BATCH,
) -> ClosingReport:
    """Close a quarter of a book for the agreements of a zone: corrections first, page by page.

    post: the engine's. read: read-only sessions, one at a time for each thread. Raises CannotClose; what was
    posted before stays, and running it again goes on.
    """
    (answer,) = post([begin(book, zone, period, now())])
    if isinstance(answer, CommandFailed):
        raise answer
    if answer.outcome is not Outcome.ACCEPTED:
        raise CannotClose(f"the quarter from {period.first_day} cannot be closed: {answer.reason}")
    report = ClosingReport(first_day=period.first_day, last_day=period.last_day, cut=answer.position)
    for found in pages(read, governing, book, zone, period, answer.position, page):
        report.problems += [p for p in found.problems if p not in report.problems]
        report.warnings = sorted({*report.warnings, *found.warnings})
        asks: list[tuple[AccountId, Ask, bytes]] = [
            (account, ask, derived_key("correct", book, number_of(account), answer.position))
            for account, ask in found.corrections
        ]
        report.corrected += _post(post, asks, now(), batch, report)
        asks = [
            (account, ask, derived_key("close", book, number_of(account), period.first_day))
            for account, ask in found.closings
        ]
        for start in range(0, len(asks), batch):
            part = asks[start : start + batch]
            report.closed += _post(post, part, now(), batch, report)
            progress(len(part))
    return report


def pages(
    read: Read, governing: Governing, book: int, zone: str, period: Period, cut: int, size: int = PAGE
) -> Iterator[Page]:
    """What is to be posted, page by page; the next page is read while the one before is posted."""

    def look(after: int) -> Page:
        with read() as connection:
            row = connection.execute(SQL["cut_day"], {"book": book, "cut": cut}).fetchone()
            assert row is not None
            return gather(connection, governing, book, zone, period, cut, row[0], after, size)

    with ThreadPoolExecutor(1) as reader:
        following = reader.submit(look, 0)
        while True:
            found = following.result()
            if not found.last:
                return
            following = reader.submit(look, found.last)
            yield found


def _post(
    post: Post,
    asks: Sequence[tuple[AccountId, Ask, bytes]],
    at: datetime,
    batch: int,
    report: ClosingReport,
) -> int:
    """Post in batches; how many were accepted anew."""
    accepted = 0
    for start in range(0, len(asks), batch):
        part = asks[start : start + batch]
        commands = [Command(key=key, subject=account, received_at=at, ask=ask) for account, ask, key in part]
        for command, result in zip(commands, post(commands), strict=True):
            where = f"{book_of(command.subject)}/{number_of(command.subject)}"
            if isinstance(result, CommandFailed):
                report.problems.append(f"{where}: {result}")
            elif result.outcome is not Outcome.ACCEPTED:
                report.problems.append(f"{where}: {result.reason}")
            elif result.replayed:
                report.replayed += 1
            else:
                accepted += 1
    return accepted


def rate_commands(
    read: Read,
    governing: Governing,
    book: int,
    zone: str,
    day: date,
    now: Callable[[], datetime],
    limit: int = MOST,
) -> Iterator[list[Command]]:
    """What is due about reference rates on a day of a zone, in batches: telling customers of substitutions,
    and taking the silence of those whose time to object has passed."""
    with read() as connection:
        substitutions = connection.execute(SQL["substitutions"]).fetchall()
    for name, event in substitutions:
        told = InformOfSubstitute(name=name, event=event, medium=STATEMENT)
        more = {"name": name, "event": event}
        for rows in _pages(read, "accounts_with_rate", book, day, limit, more):
            yield [
                Command(
                    key=derived_key("inform", book, number, event),
                    subject=account_id(book, number),
                    received_at=now(),
                    ask=told,
                )
                for number, _ in _in_zone(governing, rows, zone, day)
            ]
    for rows in _pages(read, "notices_silent", book, day, limit, {}):
        yield [
            Command(
                key=derived_key("silence", book, number, notice),
                subject=account_id(book, number),
                received_at=now(),
                ask=TakeSilence(notice=notice),
            )
            for number, notice in _in_zone(governing, rows, zone, day)
        ]


def _pages(
    read: Read, query: str, book: int, day: date, limit: int, more: dict[str, Any]
) -> Iterator[list[Sequence[Any]]]:
    """Rows of (account, notice, what governs it), page by page in that order."""
    after = (0, 0)
    while True:
        parameters = {
            "book": book, "day": day, "after": after[0], "after_notice": after[1], "limit": limit, **more,
        }  # fmt: skip
        with read() as connection:
            rows = connection.execute(SQL[query], parameters).fetchall()
        if not rows:
            return
        yield rows
        after = (rows[-1][0], rows[-1][1])


def _in_zone(
    governing: Governing, rows: Sequence[Sequence[Any]], zone: str, day: date
) -> Iterator[tuple[int, int]]:
    """The accounts that count their days in a zone: the others' day may not have come."""
    for number, notice, id_, versions, branch, opened_on in rows:
        contract = contract_from_row(id_, versions)
        governed = None if contract is None else governing.of_contract(contract, max(day, opened_on), branch)
        if governed is not None and governed.agreement.zone == zone:
            yield number, notice
