"""Whether the statements of an account are what they say: hashes, chain, and the ledger's figures."""

from hashlib import sha256
from itertools import pairwise
from typing import Any

import msgspec
from psycopg import Connection

from teneur.bank import Bank
from teneur.channels.statements import Issued, issued_statements, kept
from teneur.kernel.commands import AccountId, book_of, number_of
from teneur.ledger.reading import heads, postings
from teneur.pricing.statements.facts import SQL
from teneur.pricing.statements.rendering import statement_json
from teneur.pricing.statements.statement import Statement


class Checked(msgspec.Struct, frozen=True):
    """What was checked. faults are for people; none: all is as issued."""

    statements: int
    lines: int
    pages: int
    faults: tuple[str, ...]


def check_statements(bank: Bank, account: AccountId) -> Checked:
    """Recompute everything of an account's statements: nothing of what is checked is taken from itself.

    The hash from the bytes kept, the bytes from the statement they say, balances and lines from the journal,
    the links from the statement before, the pages from their own hashes.
    """
    faults: list[str] = []
    with bank.read() as connection:
        issued = issued_statements(connection, account)
        found = [(one, kept(connection, account, one.number)) for one in issued]
        entries = _entries(connection, account)
        pages = 0
        for one, pair in found:
            assert pair is not None, "a statement that is listed is kept"
            faults += _own(one, *pair)
            faults += _against_the_ledger(pair[0], entries)
            page_faults, count = _pages(connection, account, one.number)
            faults += page_faults
            pages += count
    made = [pair[0] for _, pair in found if pair is not None]
    faults += _first(made)
    for (before, _), (after, pair) in pairwise(found):
        if pair is not None:
            faults += _link(before, after, pair[0])
    return Checked(len(issued), sum(len(statement.lines) for statement in made), pages, tuple(faults))


def _entries(connection: Connection[Any], account: AccountId) -> dict[int, tuple[int, int, str, str]]:
    """Amount, balance, booking and value date of every posting of the account, by sequence."""
    book = book_of(account)
    head = heads(connection, [book]).get(book, 0)
    return {
        p.sequence: (p.amount_minor, p.balance_minor, p.booked_on.isoformat(), p.value_on.isoformat())
        for p in postings(connection, account, head)
    }


def _own(one: Issued, statement: Statement, json: bytes) -> list[str]:
    where = f"statement {one.number}"
    faults = []
    if sha256(json).hexdigest() != one.json_sha256:
        faults.append(f"{where}: its hash is not that of its data")
    if statement_json(statement) != json:
        faults.append(f"{where}: its data are not in canonical form")
    told = (statement.number, statement.period.first_day, statement.period.last_day, statement.opening_minor)
    if told != (one.number, one.first_day, one.last_day, one.opening_minor):
        faults.append(f"{where}: its data speak of another one")
    if statement.closing_minor != one.closing_minor:
        faults.append(f"{where}: its data close at another balance")
    total = statement.opening_minor + sum(line.amount_minor for line in statement.lines)
    if total != statement.closing_minor:
        faults.append(f"{where}: its lines give {total}, and it closes at {statement.closing_minor}")
    return faults


def _against_the_ledger(statement: Statement, entries: dict[int, tuple[int, int, str, str]]) -> list[str]:
    where = f"statement {statement.number}"
    faults = []
    stated = {
        line.sequence: (line.amount_minor, line.booked_on.isoformat(), line.value_on.isoformat())
        for line in statement.lines
    }
    covered = range(statement.first_sequence, statement.last_sequence + 1)
    ledger = {s: (e[0], e[2], e[3]) for s, e in entries.items() if s in covered}
    if stated != ledger or len(ledger) != len(covered):
        faults.append(f"{where}: its lines are not those of the ledger")
    last = entries.get(statement.last_sequence)
    if (0 if last is None else last[1]) != statement.closing_minor:
        faults.append(f"{where}: the ledger stood at another balance")
    return faults


def _first(made: list[Statement]) -> list[str]:
    if made and (made[0].number, made[0].first_sequence, made[0].opening_minor) != (1, 1, 0):
        return ["statement 1: the first one begins at the account's first posting, with nothing"]
    return []


def _link(before: Issued, after: Issued, statement: Statement) -> list[str]:
    follows = (
        after.number == before.number + 1
        and after.first_sequence == before.last_sequence + 1
        and after.opening_minor == before.closing_minor
        and after.first_day > before.last_day
        and statement.previous is not None
        and statement.previous.sha256 == before.json_sha256
    )
    return [] if follows else [f"statement {after.number}: it does not follow statement {before.number}"]


def _pages(connection: Connection[Any], account: AccountId, number: int) -> tuple[list[str], int]:
    faults, count = [], 0
    for language in ("fr", "en"):
        key = {
            "book": book_of(account), "account": number_of(account), "number": number, "language": language,
        }  # fmt: skip
        row = connection.execute(SQL["page"], key).fetchone()
        if row is not None:
            count += 1
            if sha256(bytes(row[0])).digest() != bytes(row[1]):
                faults.append(f"statement {number}: the hash of its page ({language}) is another one")
    return faults, count
