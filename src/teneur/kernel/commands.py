"""Commands, decisions and effects: what is asked, what is answered, and what the answer changes.

    Command   what someone asks: who, on which channel, when received, with an idempotency key
    Decision  the answer of a pure function: accepted, refused or pending; citations; effects
    Effect    what an accepted decision does; nothing else changes the state of an account

They are immutable structs. A command is an envelope (who, when, on which channel, under which key) around
what is asked; the canonical JSON (RFC 8785) of what is asked is kept in the evidence record. Being immutable
they form no cycles, so the garbage collector need not visit them (gc=False): with many of them in memory its
visits would hold up everybody.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import IntEnum
from hashlib import sha256
from typing import Any, Protocol

import msgspec

AccountId = int  # book << 32 | number within the book: the id carries the book


def account_id(book: int, number: int) -> AccountId:
    """The bank-wide id of account `number` of `book`."""
    return book << 32 | number


def book_of(account: AccountId) -> int:
    """The book that keeps the account; an account never leaves it."""
    return account >> 32


def number_of(account: AccountId) -> int:
    """The account's number within its book."""
    return account & 0xFFFF_FFFF


class Channel(IntEnum):
    """How a command reached the bank. Stored in the journal: never renumber."""

    SYSTEM = 0  # the bank's own day: due orders, deadlines
    BRANCH = 1  # at the counter, on the bank's form or signed there
    PAPER = 2  # a letter or a paper list sent to the branch
    REMOTE = 3  # the web space (espace à distance)
    MOBILE = 4  # the bank's application
    ATM = 5
    FILE = 6  # file transmission (télétransmission)
    INITIATION_SERVICE = 7  # a payment initiation provider
    INTERBANK = 8  # a message from another bank
    REMOTE_BUSINESS = 9  # the business subscription of the web space (TransBred at BRED)
    PHONE = 10
    POST = 11  # a letter to the branch


class Outcome(IntEnum):
    """What became of a command. Stored in the journal: never renumber."""

    ACCEPTED = 1
    REFUSED = 2
    PENDING = 3


class Ask(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What is asked, one subclass for each kind of command. Its canonical JSON is kept as evidence.

    A field name is part of the evidence format: add fields with a default, never rename one.
    """


class Command(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Who asks what, when, on which channel.

    key: 16 bytes, chosen by the client before it sends, unique for ever within the book of `subject`. The
    same key with the same content returns the stored answer; with another content it is refused.
    subject: the account it is about; its book orders the command. Book 0 takes commands without an account.
    received_at: reception instant, aware, UTC. Not part of the content: a retry arrives later.
    actor: the person or staff member who asks (0: the bank's own day).
    """

    key: bytes
    subject: AccountId
    received_at: datetime
    ask: Ask
    actor: int = 0
    channel: Channel = Channel.SYSTEM


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One amount from one account to another: the only way money moves. amount_minor > 0, in both accounts'
    currency.

    A debit beyond the available balance is a refusal that the rule must have made; `forced` marks the entries
    that the bank may book in any case (fees, returns, seizures), and only those.
    """

    debit: AccountId
    credit: AccountId
    amount_minor: int
    booked_on: date
    debit_value_on: date
    credit_value_on: date
    forced: bool = False


class Effect(msgspec.Struct, frozen=True):
    """Base of every other effect. Each subclass is registered with one `apply` and one `write`."""


class Decision(msgspec.Struct, frozen=True, gc=False):
    """The answer to a command.

    citations: clause ids, of the agreement the command ran under. reason: a stable code when refused or
    pending.
    entries: booked in order. effects: everything else. detail: what the evidence record keeps beside the
    command (a struct or a dict of plain values with ASCII keys). booked_on: the bank's day of an outcome
    without entries, where it is not the day of reception in UTC.
    """

    outcome: Outcome
    citations: tuple[str, ...]
    entries: tuple[Entry, ...] = ()
    effects: tuple[Effect, ...] = ()
    reason: str = ""
    detail: Any = None
    booked_on: date | None = None


def refuse(
    reason: str, citations: Iterable[str], effects: Sequence[Effect] = (), detail: Any = None
) -> Decision:
    """A refusal: changes no balance; its effects are only duties (to inform) and notes."""
    return Decision(Outcome.REFUSED, tuple(citations), effects=tuple(effects), reason=reason, detail=detail)


class Answer(msgspec.Struct, frozen=True, gc=False):
    """The stored outcome of a command: the same for ever, however often it is asked again.

    operation: (book, position) of the command's first journal row. replayed: the key was known before.
    """

    outcome: Outcome
    reason: str
    citations: tuple[str, ...]
    book: int
    position: int
    replayed: bool = False


def derived_key(*parts: object) -> bytes:
    """The idempotency key that a piece of work itself gives: the same work always has the same key.

    The first part names whose work it is, so that no two kinds of work meet.
    """
    return sha256("|".join(map(str, parts)).encode()).digest()[:16]


Need = tuple["FactKind", Hashable]


class FactKind(msgspec.Struct, frozen=True, eq=False):
    """A kind of fact that decisions may read.

    load(connection, keys) fetches all missing keys at once and returns those that exist. `cached` facts stay
    between
    batches: allowed only if they never change once they exist, or if they are keyed by the account and every
    change of them writes a journal row that names it (the engine then forgets them). Every other fact is
    loaded in each batch.
    """

    name: str
    load: Callable[[Any, Sequence[Any]], Mapping[Any, Any]]
    cached: bool = False


class Facts(Protocol):
    """What a decision may read: facts of the batch's transaction, with the effects of the decisions before
    it."""

    def get(self, kind: FactKind, key: Hashable) -> Any | None:
        """The fact, or None if there is none. Asking for one not declared in `needs` is a broken program."""
        ...

    def peek(self, kind: FactKind, key: Hashable) -> Any | None:
        """For `needs`: the fact if it is loaded already, to see which further facts it leads to."""
        ...


class Handler(Protocol):
    """One kind of command: the facts it needs and the pure function that decides it."""

    def needs(self, command: Command, facts: Facts) -> Iterable[Need]:
        """Facts wanted. Called again after loading until it asks for nothing new (a fact may lead to
        another)."""
        ...

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Pure: no I/O, no clock. Bad input is a refusal, never an exception."""
        ...
