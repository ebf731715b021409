"""What each transaction of another bank's message asks for, and what became of it."""

from collections.abc import Sequence

import msgspec

from teneur.bank import Bank
from teneur.channels.files.reports import REJECTED, ItemResult
from teneur.kernel.commands import Answer, Command, Outcome
from teneur.ledger.errors import CommandFailed

MOST = 1_000  # transactions in one batch
DONE = "ACSC"


class Step(msgspec.Struct, frozen=True):
    """One transaction: what it says of itself, and the command that it makes; None: nothing to be done.

    faulty: the result is a refusal with its reason already, whatever the command does with the money.
    """

    result: ItemResult
    command: Command | None = None
    faulty: bool = False


def posted(bank: Bank, steps: Sequence[Step]) -> list[ItemResult]:
    """Do what the steps ask, in order; one result a step."""
    commands = [s.command for s in steps if s.command is not None]
    answers = iter(bank.post(commands) if commands else ())
    results = []
    for step in steps:
        if step.command is None:
            results.append(step.result)
            continue
        answer = next(answers)
        if isinstance(answer, CommandFailed):
            changes: dict[str, object] = {} if step.faulty else {"status": REJECTED, "reason": "MS03"}
        else:
            changes = {
                "account": step.command.subject,
                "operation": (answer.book, answer.position),
                "clauses": answer.citations,
                "replayed": answer.replayed,
                **({} if step.faulty else _said(bank, answer)),
            }
        results.append(msgspec.structs.replace(step.result, **changes))
    return results


def _said(bank: Bank, answer: Answer) -> dict[str, object]:
    """Status, and of a refusal the code that the other bank is told and the reason."""
    if answer.outcome is not Outcome.REFUSED:
        return {"status": DONE, "reason": "", "text": ()}
    told = str(bank.decided(answer).get("told", "MS03")) if answer.reason != "key-reused" else ""
    return {"status": REJECTED, "reason": told or "AM05", "text": (answer.reason,)}
