"""The composition root: which kinds of command there are, and the bank as channels and tests use it."""

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache
from typing import Any, Self

import msgspec
from psycopg import Connection, IsolationLevel

from teneur.accounts import decisions as accounts
from teneur.accounts.amendments import effects as amendment_effects
from teneur.accounts.amendments.kinds import kinds as amendment_kinds
from teneur.accounts.facts import record_of
from teneur.accounts.governing import Governing, GoverningTerms
from teneur.agreements.agreement import Agreement, Agreements
from teneur.agreements.loader import load_agreements
from teneur.cash import decisions as cash
from teneur.customers import decisions as customers
from teneur.customers import effects as customer_effects
from teneur.customers.rights import StaffRights
from teneur.kernel.clock import Clock
from teneur.kernel.commands import AccountId, Answer, Ask, Channel, Command
from teneur.ledger import decisions as ledger
from teneur.ledger import effects as ledger_effects
from teneur.ledger.account import Account, load_accounts
from teneur.ledger.contracts import Contract
from teneur.ledger.engine import Engine, Result
from teneur.ledger.errors import CommandFailed
from teneur.ledger.registry import EffectKind, Kind, Registry
from teneur.obligations import decisions as obligations
from teneur.obligations import effects as obligation_effects
from teneur.obligations.notices import effects as notice_effects
from teneur.obligations.notices.decisions import kinds as notice_kinds
from teneur.payments.exchange import effects as exchange_effects
from teneur.payments.exchange.decisions import kinds as exchange_kinds
from teneur.payments.transfers import effects as transfer_effects
from teneur.payments.transfers.context import TransferContext
from teneur.payments.transfers.kinds import kinds as transfer_kinds
from teneur.payments.transfers.rules.directory import Directory
from teneur.payments.transfers.rules.screening import ScreeningList
from teneur.payments.verification.decisions import kinds as verification_kinds
from teneur.pricing.fees import effects as fee_effects
from teneur.pricing.fees.kinds import kinds as fee_kinds
from teneur.pricing.interest import effects as interest_effects
from teneur.pricing.interest.kinds import kinds as interest_kinds
from teneur.pricing.overdraft import effects as overdraft_effects
from teneur.pricing.overdraft.kinds import kinds as overdraft_kinds
from teneur.pricing.statements import effects as statement_effects
from teneur.pricing.statements.decisions import kinds as statement_kinds
from teneur.storage.database import Dsn, connect

BranchTerms = Mapping[tuple[str, str], Mapping[str, object]]


@cache
def shipped_agreements() -> Agreements:
    """The agreements that ship with the program, loaded once."""
    return load_agreements()


def kinds(governing: Governing, transfers: TransferContext | None = None) -> tuple[Kind, ...]:
    """Every kind of command. Numbers are stored and never reused:

    1 ledger · 10 customers · 20 accounts · 30 amendments · 40 cash · 50 obligations · 100 to 199 payments ·
    200 to 219 overdrafts · 220 to 239 interest · 240 to 269 fees ·
    280 to 289 statements · 290 to 299 exchange
    """
    return (
        *ledger.kinds(StaffRights()),
        *customers.KINDS,
        *accounts.kinds(governing),
        *amendment_kinds(governing),
        *cash.kinds(governing),
        *obligations.KINDS,
        *notice_kinds(governing),
        *transfer_kinds(transfers or TransferContext(governing)),
        *verification_kinds(transfers or TransferContext(governing)),
        *exchange_kinds(governing),
        *overdraft_kinds(governing),
        *interest_kinds(governing),
        *fee_kinds(governing, transfers or TransferContext(governing)),
        *statement_kinds(governing),
    )


def effects() -> tuple[EffectKind, ...]:
    """Every kind of effect, in the order to store them in: what others build on comes first."""
    return (
        *ledger_effects.EFFECTS,
        *customer_effects.EFFECTS,
        *amendment_effects.EFFECTS,
        *transfer_effects.EFFECTS,
        *exchange_effects.EFFECTS,
        *overdraft_effects.EFFECTS,
        *interest_effects.EFFECTS,
        *obligation_effects.EFFECTS,
        *notice_effects.EFFECTS,
        *fee_effects.EFFECTS,
        *statement_effects.EFFECTS,
    )


def registry(governing: Governing | None = None, context: TransferContext | None = None) -> Registry:
    """All kinds of command and of effect, deciding under these terms (unless given, those shipped).

    context: what transfers know beside their facts (other banks, the screening list); unless given, nothing.
    """
    terms = governing or Governing(shipped_agreements())
    return Registry(kinds(terms, context or TransferContext(terms)), effects())


class Bank:
    """A bank that is open: it posts commands, and lets readers read.

    One bank object posts from one thread at a time; `engine()` gives another writer for another thread.
    """

    def __init__(
        self,
        dsn: Dsn | str,
        clock: Clock,
        governing: Governing,
        *,
        transfers: TransferContext | None = None,
        schema: str | None = None,
    ) -> None:
        self.dsn = dsn
        self.clock = clock
        self.governing = governing
        self.transfers = transfers or TransferContext(governing)
        self.registry = registry(governing, self.transfers)
        self._schema = schema
        self._engine: Engine | None = None
        self._sole_books: tuple[int, ...] = ()
        self.posted = 0  # commands so far: whoever remembers what he read knows when to read again
        self._readers: list[Connection[Any]] = []

    @classmethod
    def open(
        cls,
        dsn: Dsn | str,
        clock: Clock,
        *,
        agreements: Agreements | None = None,
        branch_terms: BranchTerms | None = None,
        directory: Directory | None = None,
        screening: ScreeningList | None = None,
        sole_books: Iterable[int] = (),
        schema: str | None = None,
    ) -> Self:
        """A bank on a migrated database. sole_books: books that only this bank object writes (faster).

        agreements: those that ship with the program unless given. branch_terms: see `Governing`.
        directory: which other banks can be reached. screening: whose payments wait for a person to look.
        """
        governing = Governing(agreements or shipped_agreements(), branch_terms)
        transfers = TransferContext(governing, directory, screening)
        bank = cls(dsn, clock, governing, transfers=transfers, schema=schema)
        bank._sole_books = tuple(sole_books)
        return bank

    @property
    def agreements(self) -> Agreements:
        """Every agreement the bank has loaded."""
        return self.governing.agreements

    # writing

    def engine(self, sole_books: Iterable[int] = ()) -> Engine:
        """Another writer, with its own connection and cache."""
        return Engine(lambda: self.connect(hot=True), self.registry, sole_books)

    def post(self, commands: Sequence[Command]) -> list[Result]:
        """The answers to commands in order, durable on return. A refusal is an answer; see `Engine.post`."""
        if self._engine is None:
            self._engine = self.engine(self._sole_books)
        self.posted += len(commands)
        return self._engine.post(commands)

    def ask(
        self,
        ask: Ask,
        subject: AccountId,
        *,
        actor: int = 0,
        channel: Channel = Channel.SYSTEM,
        key: bytes | None = None,
        at: datetime | None = None,
    ) -> Answer:
        """Post one command, received now (or at a given instant). Raises its CommandFailed."""
        command = Command(
            key=key or secrets.token_bytes(16),
            subject=subject,
            received_at=at or self.clock.now(),
            ask=ask,
            actor=actor,
            channel=channel,
        )
        result = self.post([command])[0]
        if isinstance(result, CommandFailed):
            raise result
        return result

    # reading

    def connect(self, *, hot: bool = False) -> Connection[Any]:
        """A session of the engine's role. hot: its statements are all look-ups by key."""
        return connect(self.dsn, schema=self._schema, hot=hot)

    @contextmanager
    def read(self) -> Iterator[Connection[Any]]:
        """A read-only session that sees one state of the books for as long as it lasts."""
        try:
            connection = self._readers.pop()
        except IndexError:
            connection = self.connect()
        try:
            connection.isolation_level = IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            with connection.transaction():
                yield connection
            self._readers.append(connection)
        except BaseException:
            connection.close()
            raise

    def account(self, account: AccountId) -> Account:
        """An account as it stands. Raises LookupError if there is none."""
        with self.read() as connection:
            found = load_accounts(connection, [account]).get(account)
        if found is None:
            raise LookupError(f"there is no account {account >> 32}/{account & 0xFFFF_FFFF}")
        return found

    def record(self, answer: Answer) -> dict[str, Any]:
        """The evidence record of an answer: {"asked": …, "decided": …, "kind": …}. LookupError if erased."""
        with self.read() as connection:
            body = record_of(connection, answer.book, answer.position)
        if body is None:
            raise LookupError(f"there is no record of operation {answer.book}/{answer.position}")
        return msgspec.json.decode(body, type=dict[str, Any])

    def decided(self, answer: Answer) -> dict[str, Any]:
        """What the decision kept beside the command: new ids, dates, amounts."""
        found: dict[str, Any] = self.record(answer)["decided"]
        return found

    # terms

    def agreement_for(self, subject: Account | Contract, on: date) -> Agreement:
        """The agreement, with its overrides, that governs what is concluded on a day. Raises LookupError."""
        return self.terms_for(subject, on).agreement

    def terms_for(self, subject: Account | Contract, on: date) -> GoverningTerms:
        """The governing agreement with its calendars and its zone. Raises LookupError."""
        if isinstance(subject, Account):
            return self.governing.of_account(subject, on)
        terms = self.governing.of_contract(subject, on)
        if terms is None:
            raise LookupError(f"the contract has no account agreement on {on}")
        return terms

    def close(self) -> None:
        """Close every session."""
        if self._engine is not None:
            self._engine.close()
            self._engine = None
        while self._readers:
            self._readers.pop().close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
