"""Interest at the turn of the day: quarters that ended are closed; reference rates that ended are seen to."""

from teneur.channels.day.report import Today
from teneur.kernel.commands import Outcome
from teneur.ledger.errors import CommandFailed
from teneur.pricing.interest.day import close_quarter, quarters_over, rate_commands

ONE_LOOK = 1_000


def close_quarters(today: Today) -> None:
    """On the first day after a quarter: interest of every account, and corrections of earlier quarters."""
    bank = today.bank
    for period in quarters_over(bank.governing, today.step.zone, today.day):
        found = close_quarter(
            bank.post,
            bank.read,
            bank.governing,
            today.book,
            today.step.zone,
            period,
            bank.clock.now,
            progress=lambda count: today.tell("quarters closed", count),
        )
        today.report.problems += found.problems
        today.report.replayed += found.replayed
        for task, count in (("quarters closed", found.closed), ("interest corrected", found.corrected)):
            if count:
                today.report.done[task] = today.report.done.get(task, 0) + count


def see_to_rates(today: Today) -> None:
    """Holders are told of substitute indexes; the silence of those whose time has passed is taken."""
    bank = today.bank
    for commands in rate_commands(
        bank.read, bank.governing, today.book, today.step.zone, today.day, bank.clock.now, ONE_LOOK
    ):
        new = 0
        for command, result in zip(commands, bank.post(commands), strict=True):
            if isinstance(result, CommandFailed):
                today.report.problems.append(f"account {command.subject >> 32}: {result}")
            elif result.outcome is Outcome.ACCEPTED and not result.replayed:
                new += 1
        if new:
            today.report.done["rates told"] = today.report.done.get("rates told", 0) + new
        today.tell("rates told", len(commands))
