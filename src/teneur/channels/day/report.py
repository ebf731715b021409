"""What the tasks of a day see and say: the day, the bank, and the report that grows."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from teneur.bank import Bank
from teneur.channels.statements import Issued
from teneur.kernel import commands
from teneur.kernel.clock import zone
from teneur.kernel.commands import AccountId, Answer, Ask, Command, Outcome, book_of, number_of
from teneur.ledger.account import Account
from teneur.ledger.errors import CommandFailed

ONE_DAY = timedelta(days=1)
MOST = 1_000  # commands in one batch, accounts in one page

Progress = Callable[[str, int], None]  # what, how many more are done
Work = tuple[AccountId, Ask, bytes]  # subject, what is asked, idempotency key


class Late(msgspec.Struct, frozen=True):
    """An instant transfer whose answer has not come within its maximum time."""

    account: AccountId
    transfer: int
    stamped_at: datetime
    exceeded_at: datetime


class DayReport(msgspec.Struct, kw_only=True):
    """What an advance did. Operations are (book, position); problems are for people.

    done: how many commands of each task were accepted anew (orders and holds stand by themselves).
    """

    days: list[tuple[str, date]] = []
    executed: list[tuple[int, int]] = []
    refused: list[tuple[int, int, str]] = []
    released_holds: int = 0
    replayed: int = 0
    done: dict[str, int] = {}
    statements: list[Issued] = []
    late_instant: list[Late] = []
    problems: list[str] = []


class Step(msgspec.Struct, frozen=True, order=True):
    """One local day of one zone, at its first instant."""

    at: datetime
    zone: str
    day: date


class Today(msgspec.Struct, frozen=True):
    """One day of one book: what each task is given."""

    bank: Bank
    book: int
    step: Step
    report: DayReport
    tell: Progress

    @property
    def day(self) -> date:
        """The local day that opens; the one before has just ended."""
        return self.step.day

    @property
    def zone(self) -> ZoneInfo:
        """The zone whose day it is."""
        return zone(self.step.zone)

    def is_in(self, account: Account) -> bool:
        """Whether the account counts its days in this zone: the others' day may not have come."""
        return self.bank.terms_for(account, self.day).zone == self.zone

    def ask(self, work: Sequence[Work]) -> list[tuple[Command, Answer]]:
        """Post in batches; the answers of those that did not fail. A failure is a problem for people."""
        answers = []
        for start in range(0, len(work), MOST):
            now = self.bank.clock.now()
            commands = [
                Command(key=key, subject=account, received_at=now, ask=ask)
                for account, ask, key in work[start : start + MOST]
            ]
            for command, result in zip(commands, self.bank.post(commands), strict=True):
                if isinstance(result, CommandFailed):
                    self.report.problems.append(f"{_where(command)}: {result}")
                else:
                    answers.append((command, result))
        return answers

    def do(self, task: str, work: Sequence[Work]) -> int:
        """Post what a task has to do and count it under the task's name; how many were accepted anew.

        Nobody ordered it, so a refusal is a problem too.
        """
        new = 0
        for command, answer in self.ask(work):
            if answer.replayed:
                self.report.replayed += 1
            elif answer.outcome is Outcome.REFUSED:
                self.report.problems.append(f"{task}, {_where(command)}: {answer.reason}")
            else:
                new += 1
        if new:
            self.report.done[task] = self.report.done.get(task, 0) + new
        self.tell(task, len(work))
        return new


Task = Callable[[Today], None]


def _where(command: Command) -> str:
    return f"account {book_of(command.subject)}/{number_of(command.subject)}"


def derived_key(*parts: object) -> bytes:
    """The idempotency key of what the bank's day does: the same work always has the same key."""
    return commands.derived_key("teneur-day", *parts)
