"""Papers that a day brings: the statements of the periods that ended the day before."""

from collections.abc import Sequence
from datetime import timedelta

from teneur.channels.day.report import MOST, Today
from teneur.channels.statements import OUTDATED, post_statements
from teneur.kernel.commands import AccountId, Outcome
from teneur.ledger.errors import CommandFailed
from teneur.pricing.statements.day import statements_due, unconfirmed
from teneur.pricing.statements.facts import load_last
from teneur.pricing.statements.gathering import Due, gather, in_portions

ONE_DAY = timedelta(days=1)


def cut_statements(today: Today) -> None:
    """On the first day after a period of statements: what was booked to its end, and was not stated before.

    After a year also the statement of accounts without movement.
    """
    after: int | None = 0
    while after is not None:
        with today.bank.read() as connection:
            dues, after = statements_due(
                connection, today.bank.governing, today.book, today.zone, today.day, after, MOST
            )
        for portion in in_portions(dues):
            outdated = _issue(today, portion)
            again = [due for due in portion if due.account.id in outdated]
            if again and _issue(today, again):
                today.report.problems += [f"account {id_ >> 32}: {OUTDATED}" for id_ in sorted(outdated)]


def _issue(today: Today, dues: Sequence[Due]) -> set[AccountId]:
    """Issue what is due; the accounts of which something changed meanwhile."""
    bank, report = today.bank, today.report
    with bank.read() as connection:
        page = gather(connection, bank.governing, today.book, dues, bank.clock.now())
    report.problems += [problem for _, problem in page.problems]
    outdated: set[AccountId] = set()
    count = 0
    for made, answer in post_statements(bank, page.statements):
        if isinstance(answer, CommandFailed):
            report.problems.append(f"account {made.account >> 32}, statement {made.number}: {answer}")
        elif answer.outcome is Outcome.ACCEPTED:
            report.statements.append(made)
            count += 1
        elif answer.reason == OUTDATED:
            outdated.add(made.account)
        elif not _exists(today, made.account, made.number):
            report.problems.append(f"account {made.account >> 32}, statement {made.number}: {answer.reason}")
    if count:
        today.tell("statements", count)
    return outdated


def _exists(today: Today, account: AccountId, number: int) -> bool:
    """Whether somebody else issued it meanwhile."""
    with today.bank.read() as connection:
        last = load_last(connection, [account]).get(account)
    return last is not None and last.number >= number


def check_guarantee(today: Today) -> None:
    """After a year: whoever was not told in it that his deposits are guaranteed is a problem for people."""
    if (today.day.month, today.day.day) != (1, 1):
        return
    year = today.day.year - 1
    with today.bank.read() as connection:
        found = list(unconfirmed(connection, today.bank.governing, today.book, today.zone, year))
    today.report.problems += [
        f"account {id_ >> 32}/{id_ & 0xFFFF_FFFF}: no statement of {year} confirms the deposit guarantee"
        for id_, _ in found
    ]
