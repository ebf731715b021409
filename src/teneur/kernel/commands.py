"""Commands, decisions and effects: what is asked, what is answered, and what the answer changes.

    Command   what someone asks: who, on which channel, when received, with an idempotency key
    Decision  the answer of a pure function: accepted, refused or pending; citations; effects
    Effect    what an accepted decision does; nothing else changes the state of an account

They are immutable structs. A command's canonical JSON (RFC 8785) is its evidence record and what its request hash
covers, so a field name is part of the evidence format: add fields with a default, never rename one.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import IntEnum
from typing import Any, Protocol, TypeVar

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


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """What someone asks.

    key: 16 bytes, chosen by the client before it sends, unique for ever within the book of `subject`.
    actor: the person or staff member who asks (0: the bank's own clock).
    subject: the account it is about; its book orders the command. Book 0 takes commands without an account.
    received_at: reception instant, aware, UTC.
    """

    key: bytes
    subject: AccountId
    received_at: datetime
    actor: int = 0
    channel: Channel = Channel.SYSTEM


class Entry(msgspec.Struct, frozen=True):
    """One amount from one account to another: the only way money moves. amount_minor > 0, in both accounts' currency.

    A debit beyond the available balance is a refusal that the rule must have made; `forced` marks the entries that
    the bank may book in any case (fees, returns, seizures), and only those.
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


class Decision(msgspec.Struct, frozen=True):
    """The answer to a command.

    citations: clause ids, of the agreement the command ran under. reason: a stable code when refused or pending.
    entries: booked in order. effects: everything else. detail: what the evidence record keeps beside the command
    (a struct or a dict of plain values with ASCII keys).
    """

    outcome: Outcome
    citations: tuple[str, ...]
    entries: tuple[Entry, ...] = ()
    effects: tuple[Effect, ...] = ()
    reason: str = ""
    detail: Any = None


def refuse(reason: str, citations: Iterable[str], effects: Sequence[Effect] = (), detail: Any = None) -> Decision:
    """A refusal: changes no balance; its effects are only duties (to inform) and notes."""
    return Decision(Outcome.REFUSED, tuple(citations), effects=tuple(effects), reason=reason, detail=detail)


C = TypeVar("C", bound=Command, contravariant=True)
Need = tuple["FactKind", Hashable]


class FactKind(msgspec.Struct, frozen=True, eq=False):
    """A kind of fact that decisions may read.

    load(connection, keys) fetches all missing keys at once and returns those that exist. `cached` facts stay between
    batches: allowed only if they never change, or if every change writes a journal row whose subject is the account
    in the key (the engine then forgets them). Every other fact is loaded anew in each batch.
    """

    name: str
    load: Callable[[Any, Sequence[Any]], Mapping[Any, Any]]
    cached: bool = False


class Facts(Protocol):
    """What a decision may read: facts of the batch's transaction, with the effects of the decisions before it."""

    def get(self, kind: FactKind, key: Hashable) -> Any | None:
        """The fact, or None if there is none. Asking for a fact not declared in `needs` is a broken program."""
        ...


class Handler(Protocol[C]):
    """One kind of command: the facts it needs and the pure function that decides it."""

    def needs(self, command: C, facts: Facts) -> Iterable[Need]:
        """Facts wanted. Called again after loading until it asks for nothing new (a fact may lead to another)."""
        ...

    def decide(self, command: C, facts: Facts) -> Decision:
        """Pure: no I/O, no clock. Bad input is a refusal, never an exception."""
        ...
