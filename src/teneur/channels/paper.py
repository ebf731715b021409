"""Statements owed on paper: each becomes a file for the printer, and then is noted as posted.

The file stands whole before the note, under a name that the statement gives: whoever dies in between writes
the same file again, and nothing is noted that is not there.
"""

from pathlib import Path

import msgspec

from teneur.bank import Bank
from teneur.channels.statements import kept, page_of
from teneur.customers.facts import load_persons
from teneur.kernel.commands import Command, Outcome, number_of
from teneur.kernel.money import Language
from teneur.ledger.account import load_accounts
from teneur.ledger.errors import CommandFailed
from teneur.obligations.notices.facts import NO_CHOICE, load_choices
from teneur.obligations.notices.rules import recipient
from teneur.pricing.statements.commands import DeliverStatement
from teneur.pricing.statements.day import derived_key, owed_on_paper


class Printed(msgspec.Struct):
    """What was written; problems are for people."""

    files: list[Path] = []
    problems: list[str] = []


def print_statements(bank: Bank, book: int, folder: Path) -> Printed:
    """Write every statement of a book that is owed on paper, in the language of whoever is written to."""
    folder.mkdir(parents=True, exist_ok=True)
    with bank.read() as connection:
        owed = owed_on_paper(connection, book, bank.clock.now())
        accounts = load_accounts(connection, sorted({account for account, _ in owed}))
        choices = load_choices(connection, sorted(accounts))
        persons = load_persons(connection, sorted({h for a in accounts.values() for h in a.holders}))
    done = Printed([], [])
    for id_, number in owed:
        account = accounts[id_]
        person = persons.get(recipient(choices.get(id_, NO_CHOICE), account.holders))
        language = Language.FRENCH if person is None else person.language
        with bank.read() as connection:
            found = kept(connection, id_, number)
        pdf = page_of(bank, id_, number, language)
        if found is None or pdf is None:
            done.problems.append(f"{account.iban}: there is no statement {number}")
            continue
        path = folder / f"{account.iban}-{number:04}-{found[0].period.last_day:%Y-%m-%d}.pdf"
        part = path.with_suffix(".part")
        part.write_bytes(pdf)
        part.replace(path)
        command = Command(
            key=derived_key("posted", book, number_of(id_), number),
            subject=id_,
            received_at=bank.clock.now(),
            ask=DeliverStatement(number=number, reference=path.name),
        )
        [answer] = bank.post([command])
        if isinstance(answer, CommandFailed) or answer.outcome is not Outcome.ACCEPTED:
            why = str(answer) if isinstance(answer, CommandFailed) else answer.reason
            done.problems.append(f"{account.iban}, statement {number}: {why}")
        else:
            done.files.append(path)
    return done
