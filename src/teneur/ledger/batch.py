"""Deciding a batch and packing what came out: journal rows, records, grounds and effects.

Everything here happens in memory, in order, each decision seeing the effects of the one before. The hot path
is `add`: a first row with one entry inside the book; every other shape takes the slower ways below it.
"""

import hashlib
import os
import struct
from collections.abc import Sequence
from datetime import date
from typing import Any

from teneur.kernel.canonical import canonical as encode
from teneur.kernel.commands import (
    AccountId,
    Answer,
    Command,
    Decision,
    Effect,
    Entry,
    Outcome,
    account_id,
    book_of,
    number_of,
)
from teneur.kernel.money import CURRENCIES
from teneur.ledger.account import FIRST_TRANSIT_NUMBER, Account
from teneur.ledger.cache import BatchFacts, Cache, Known
from teneur.ledger.errors import BrokenDecision
from teneur.ledger.journal import (
    EPOCH_DAY,
    LEAF_LENGTH,
    LEAF_MARK,
    NO_RECORD,
    any_row,
    entry_row,
    leaf_hash,
    microseconds,
    outcome_row,
)
from teneur.ledger.registry import Kind

_who = struct.Struct("!qih").pack
_record = struct.Struct("!hiqiii16si").pack
_sha256 = hashlib.sha256
_NUMBER = 0xFFFF_FFFF


def request_hash(command: Command) -> bytes:
    """16 bytes over what is asked and by whom: a key that comes back with another one is refused."""
    asked = encode(command.ask)
    return _sha256(asked + _who(command.subject, command.actor, command.channel)).digest()[:16]


def transit_account(book: int, other_book: int, currency_numeric: int) -> AccountId:
    """The account of `book` that mirrors what it owes to, or is owed by, `other_book`."""
    return account_id(book, FIRST_TRANSIT_NUMBER + other_book * 1000 + currency_numeric)


def missing_transit_accounts(facts: BatchFacts, entries: Sequence[Entry]) -> set[AccountId]:
    """The mirrored accounts that entries between two books need and that are not loaded."""
    wanted: set[AccountId] = set()
    for entry in entries:
        here, there = book_of(entry.debit), book_of(entry.credit)
        debit = facts.accounts.get(entry.debit)
        if here != there and debit is not None:
            numeric = int(CURRENCIES[debit.currency].numeric)
            wanted |= {transit_account(here, there, numeric), transit_account(there, here, numeric)}
    return {account for account in wanted if account not in facts.accounts}


class Batch:
    """One transaction's worth of outcomes, at consecutive positions of each book."""

    def __init__(self, cache: Cache, facts: BatchFacts, size: int) -> None:
        self.cache = cache
        self.facts = facts
        self.positions = {b.book: b.position for b in cache.books.values()}
        self.leaves: dict[int, bytes] = {}
        self.rows: list[bytes] = []
        self.records: list[bytes] = []
        self.effects: dict[type[Effect], list[tuple[int, int, Effect]]] = {}
        self.new_grounds: dict[bytes, tuple[str, tuple[str, ...]]] = {}
        self.known: dict[int, dict[bytes, Known]] = {}
        self.touched: set[AccountId] = set()
        self._salts = os.urandom(16 * size)
        self._salt = 0
        self._grounds: dict[tuple[str, tuple[str, ...]], bytes] = {}
        self._details: dict[int, tuple[Any, bytes]] = {}

    def add(self, command: Command, kind: Kind, decision: Decision) -> Answer:
        """Append the outcome of one command and make its effects visible to the next."""
        asked = encode(command.ask)
        subject = command.subject
        book = subject >> 32
        request = _sha256(asked + _who(subject, command.actor, command.channel)).digest()[:16]
        citations = decision.citations
        ground = self._grounds.get((decision.reason, citations)) or self._ground(decision.reason, citations)
        position = self.positions[book] + 1
        detail = decision.detail
        decided = b"{}" if not detail else self._detail(detail)
        body = b'{"asked":%b,"decided":%b,"kind":"%b"}' % (asked, decided, kind.name.encode())
        salted = self._keep(book, position, body)
        entries = decision.entries
        first = entries[0] if entries else None
        received = microseconds(command.received_at)
        outcome = decision.outcome
        if (
            first is not None
            and len(entries) == 1
            and first.debit >> 32 == book == first.credit >> 32
            and (subject in (first.debit, first.credit))
        ):
            debit, credit = self._move(first)
            row = entry_row(
                position, first.amount_minor, debit.sequence, credit.sequence, debit.balance_minor,
                credit.balance_minor, received, book, first.debit & _NUMBER, first.credit & _NUMBER,
                first.booked_on.toordinal() - EPOCH_DAY, first.debit_value_on.toordinal() - EPOCH_DAY,
                first.credit_value_on.toordinal() - EPOCH_DAY, command.actor, kind.number, outcome,
                command.channel, command.key, request, ground,
            )  # fmt: skip
            leaf = _sha256(LEAF_MARK + row + salted).digest()  # (as `leaf_hash`, without the call)
            self.rows += (row, LEAF_LENGTH, leaf)
            self.positions[book] = position
            self.leaves[book] = leaf
        elif first is None:
            booked = (decision.booked_on or command.received_at.date()).toordinal() - EPOCH_DAY
            row = outcome_row(
                position, received, book, subject & _NUMBER, booked, command.actor, kind.number, outcome,
                command.channel, command.key, request, ground,
            )  # fmt: skip
            self._append(book, position, row, salted)
            self.touched.add(subject)
        else:
            self._add_lines(command, kind, decision, request, ground, salted)
        if decision.effects:
            self._apply(kind, command, position, decision)
        answer = Answer(outcome, decision.reason, citations, book, position)
        known = self.known.get(book)
        if known is None:
            known = self.known[book] = {}
        known[command.key] = Known(request, answer)
        return answer

    def _detail(self, detail: Any) -> bytes:
        """What the record keeps of the decision; encoded once for all of the batch that share it."""
        known = self._details.get(id(detail))
        if known is None:
            known = self._details[id(detail)] = (detail, encode(detail))  # (kept, so that its id is its own)
        return known[1]

    def _append(self, book: int, position: int, row: bytes, salted: bytes) -> None:
        leaf = leaf_hash(row, salted)
        self.rows += (row, LEAF_LENGTH, leaf)
        self.positions[book] = position
        self.leaves[book] = leaf

    def _keep(self, book: int, position: int, body: bytes) -> bytes:
        """Store a record; the salted hash that its leaf covers."""
        start = self._salt
        if start == len(self._salts):
            self._salts += os.urandom(16 * 64)
        self._salt = start + 16
        salt = self._salts[start : start + 16]
        self.records += (_record(4, 8, position, 4, book, 16, salt, len(body)), body)
        return _sha256(salt + body).digest()

    def _move(self, entry: Entry) -> tuple[Account, Account]:
        """Move the money in memory; what the books forbid raises before anything changed."""
        accounts = self.facts.accounts
        debit, credit = accounts.get(entry.debit), accounts.get(entry.credit)
        amount = entry.amount_minor
        if debit is None or credit is None:
            missing = entry.debit if debit is None else entry.credit
            raise BrokenDecision(
                f"an entry names account {book_of(missing)}/{number_of(missing)}: not loaded"
            )
        if amount <= 0 or debit is credit or debit.currency != credit.currency:
            raise BrokenDecision(
                f"an entry of {amount} {debit.currency} to {credit.currency} cannot be booked"
            )
        if not entry.forced and amount > debit.available_minor:
            raise BrokenDecision(
                f"an entry of {amount} beats the available {debit.available_minor} of {debit!r}"
            )
        debit.balance_minor -= amount
        debit.sequence += 1
        credit.balance_minor += amount
        credit.sequence += 1
        self.touched.add(entry.debit)
        self.touched.add(entry.credit)
        return debit, credit

    def _ground(self, reason: str, citations: tuple[str, ...]) -> bytes:
        """The content address of what a decision rests on, remembered for this batch."""
        digest = _sha256(encode({"clauses": citations, "reason": reason})).digest()[:16]
        self._grounds[reason, citations] = digest
        if digest not in self.cache.grounds:
            self.new_grounds[digest] = (reason, citations)
        return digest

    def _add_lines(
        self, command: Command, kind: Kind, decision: Decision, request: bytes, ground: bytes, salted: bytes
    ) -> None:
        """Several entries, entries in other books, or entries that do not name the subject."""
        home = book_of(command.subject)
        legs = [leg for entry in decision.entries for leg in self._legs(entry)]
        common = {
            "received_at": microseconds(command.received_at), "actor": command.actor, "kind": kind.number,
            "outcome": decision.outcome, "channel": command.channel, "ground": ground,
        }  # fmt: skip
        origin = self.positions[home] + 1
        own = {"key": command.key, "request": request, "subject": number_of(command.subject)}
        lines: dict[int, int] = {home: 0}
        if not any(book_of(leg.debit) == home for leg in legs):
            values = {
                **common,
                **own,
                "book": home,
                "position": origin,
                "line": 0,
                "booked_on": _day(legs[0].booked_on),
            }
            self._append(home, origin, any_row(values), salted)
            lines[home] = 1
        for leg in sorted(legs, key=lambda e: book_of(e.debit) != home):
            book = book_of(leg.debit)
            position = self.positions[book] + 1
            line = lines.get(book, 0)
            lines[book] = line + 1
            values = {**common, **self._entry_values(leg), "book": book, "position": position, "line": line}
            hashed = NO_RECORD
            if line == 0 and book == home:
                values |= own
                hashed = salted
            elif line == 0:
                values["subject"] = None
                hashed = self._keep(
                    book, position, encode({"asked": {"book": home, "position": origin}, "kind": kind.name})
                )
            if values.get("subject") in (values["debit"], values["credit"]):
                values["subject"] = None
            self._append(book, position, any_row(values), hashed)

    def _legs(self, entry: Entry) -> Sequence[Entry]:
        """The entry itself, or its two halves against the mirrored transit accounts of two books."""
        here, there = book_of(entry.debit), book_of(entry.credit)
        if here == there:
            return (entry,)
        currency = self.facts.accounts[entry.debit].currency
        numeric = int(CURRENCIES[currency].numeric)
        out = Entry(entry.debit, transit_account(here, there, numeric), entry.amount_minor, entry.booked_on,
                    entry.debit_value_on, entry.debit_value_on, entry.forced)  # fmt: skip
        back = Entry(transit_account(there, here, numeric), entry.credit, entry.amount_minor, entry.booked_on,
                     entry.credit_value_on, entry.credit_value_on, forced=True)  # fmt: skip
        return (out, back)

    def _entry_values(self, entry: Entry) -> dict[str, Any]:
        debit, credit = self._move(entry)
        return {
            "debit": number_of(entry.debit), "credit": number_of(entry.credit),
            "amount_minor": entry.amount_minor,
            "debit_sequence": debit.sequence, "credit_sequence": credit.sequence,
            "debit_balance_minor": debit.balance_minor, "credit_balance_minor": credit.balance_minor,
            "booked_on": _day(entry.booked_on), "debit_value_on": _day(entry.debit_value_on),
            "credit_value_on": _day(entry.credit_value_on),
        }  # fmt: skip

    def _apply(self, kind: Kind, command: Command, position: int, decision: Decision) -> None:
        """Make effects visible, and keep the rule that lets caches be right: who changes is named in a
        row."""
        kinds = self.cache.registry.effects
        book = book_of(command.subject)
        for effect in decision.effects:
            effect_kind = kinds[type(effect)]
            account: AccountId | None = getattr(effect, "account", None)
            if account is not None:
                self.touched.add(account)
            if effect_kind.changes_account:
                named = {command.subject}.union(*((e.debit, e.credit) for e in decision.entries))
                hidden = kind.plain and decision.outcome is not Outcome.PENDING
                if hidden or account not in named:
                    raise BrokenDecision(
                        f"{type(effect).__name__} changes an account that no row of it names"
                    )
            if effect_kind.apply is not None:
                effect_kind.apply(self.facts, effect, position)
            self.effects.setdefault(type(effect), []).append((book, position, effect))


def _day(day: date) -> int:
    return day.toordinal() - EPOCH_DAY


def asked_again(command: Command, known: Known) -> Answer:
    """The stored answer to a key; a refusal where the key comes back with another content."""
    answer = known.answer
    if known.request != request_hash(command):
        return Answer(Outcome.REFUSED, "key-reused", (), answer.book, answer.position, replayed=True)
    if answer.replayed:
        return answer
    return Answer(
        answer.outcome, answer.reason, answer.citations, answer.book, answer.position, replayed=True
    )
