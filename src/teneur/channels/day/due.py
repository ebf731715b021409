"""Which tasks of a day may have something to do: asked for all of them in one exchange with the database.

What is asked is what the task itself asks first, with the same parameters: where that gives no row, the task
would find nothing. A task that is not listed here is always run.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Final, LiteralString, NamedTuple

from teneur.accounts.amendments.facts import SQL as AMENDMENTS
from teneur.channels.day import amendments, fees, interest, notices, orders, overdrafts, papers
from teneur.channels.day.report import ONE_DAY, Task, Today
from teneur.ledger.account import SQL as LEDGER
from teneur.obligations.notices.facts import SQL as NOTICES
from teneur.payments.transfers.facts import SQL as TRANSFERS
from teneur.pricing.fees.facts import SQL as FEES
from teneur.pricing.interest.facts import SQL as INTEREST
from teneur.pricing.overdraft.facts import SQL as OVERDRAFTS
from teneur.pricing.statements.day import frequencies_over
from teneur.pricing.statements.facts import SQL as STATEMENTS


class Question(NamedTuple):
    """A statement that gives rows if a task may have something to do, and what it needs beside BEGINNING."""

    task: Task
    statement: LiteralString
    more: Mapping[str, Any] = MappingProxyType({})


# The first row of a first page, whatever it is that a page goes on after.
BEGINNING: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "limit": 1, "after": 0, "after_day": date.min, "after_transfer": 0, "after_account": 0,
        "after_fee": 0, "after_line": 0, "after_amendment": 0, "after_notice": 0,
    }
)  # fmt: skip


def questions(today: Today) -> list[Question]:
    """What to ask on a day; nothing about tasks whose time it is not."""
    eve = today.day - ONE_DAY
    agreed, frequencies = frequencies_over(eve, today.bank.governing, today.zone)
    period = {"day": eve, "chosen_only": not agreed, "frequencies": [f.value for f in frequencies]}
    opened = {"opened_to": today.day, "opened_from": date.min if today.day.day == 1 else eve}
    asked = [
        Question(overdrafts.end_overdrafts, OVERDRAFTS["incapable"]),
        Question(overdrafts.review_overdrafts, OVERDRAFTS["to_review"], {"day": eve}),
        Question(fees.announce_fees, FEES["accounts_to_announce"], {"until": eve}),
        Question(amendments.apply_amendments, AMENDMENTS["all_amendments"]),
        Question(amendments.tell_of_amendments, AMENDMENTS["all_amendments"]),
        Question(orders.release_expired, LEDGER["holds_expired"]),
        Question(orders.execute_due, TRANSFERS["due_orders_after"]),
        Question(orders.look_for_funds, TRANSFERS["waiting_orders_after"]),
        Question(fees.charge_periods, FEES["accounts_after"], opened),
        Question(fees.collect_fees, FEES["open_after"]),
        Question(interest.see_to_rates, INTEREST["substitutions"]),
        Question(interest.see_to_rates, INTEREST["notices_silent"]),
        Question(notices.deliver_notices, NOTICES["take_waiting"]),
    ]
    if agreed or frequencies:
        asked.append(Question(papers.cut_statements, STATEMENTS["accounts_after"], period))
    return asked


ASKED_FOR: Final = frozenset(
    {
        overdrafts.end_overdrafts, overdrafts.review_overdrafts, fees.announce_fees, fees.charge_periods,
        fees.collect_fees, amendments.apply_amendments, amendments.tell_of_amendments, orders.release_expired,
        orders.execute_due, orders.look_for_funds, interest.see_to_rates, notices.deliver_notices,
        papers.cut_statements,
    }
)  # fmt: skip


def due(today: Today, tasks: Iterable[Task]) -> set[Task]:
    """Those of some tasks that may have something to do now."""
    tasks = tuple(tasks)
    here = {**BEGINNING, "book": today.book, "day": today.day, "at": today.bank.clock.now()}
    asked = [question for question in questions(today) if question.task in tasks]
    with today.bank.read() as connection, connection.pipeline():
        answers = [connection.execute(one.statement, {**here, **one.more}) for one in asked]
        found = {one.task for one, answer in zip(asked, answers, strict=True) if answer.fetchone()}
    return found | {task for task in tasks if task not in ASKED_FOR}
