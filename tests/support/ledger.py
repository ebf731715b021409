"""A bank for tests of the books: opened through the engine, with kinds of command that plant defects."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg import Connection

from teneur.kernel.commands import (
    AccountId,
    Answer,
    Ask,
    Channel,
    Command,
    Decision,
    Effect,
    Entry,
    Facts,
    Need,
    Outcome,
    account_id,
    book_of,
    number_of,
    refuse,
)
from teneur.ledger.account import ACCOUNT, Account, AccountKind, Status
from teneur.ledger.chart import Role, own_account
from teneur.ledger.commands import Move, OpenBook, PlaceHold, ReleaseHold, ReverseOperation, TakeHold
from teneur.ledger.decisions import book_subject, kinds
from teneur.ledger.effects import EFFECTS, AccountOpened, HoldOwner, HoldPlaced, changed
from teneur.ledger.engine import Engine, Result
from teneur.ledger.errors import CommandFailed
from teneur.ledger.registry import Kind, Registry
from teneur.ledger.rights import Right
from teneur.storage.database import Dsn, connect

DAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TELLER, SUPERVISOR = -1, -2
FIRST = 1_000_000  # number of the first customer account


class OpenAccount(Ask, frozen=True, kw_only=True):
    """Open the subject; its decision looks at nothing: only the tables keep it from being done twice."""

    currency: str = "EUR"
    floor_minor: int = 0
    iban: str = ""
    own: bool = False


class ChangeAccount(Ask, frozen=True, kw_only=True):
    """Another limit, sum set apart or standing for the subject."""

    floor_minor: int | None = None
    unavailable_minor: int | None = None
    status: Status | None = None


class Defect(Ask, frozen=True, kw_only=True):
    """A command whose program is broken in the way that `how` names."""

    how: str
    other: AccountId = 0


class Several(Ask, frozen=True, kw_only=True):
    """Several entries of one operation: (debit, credit, amount), forced."""

    entries: tuple[tuple[AccountId, AccountId, int], ...]


class KeepAside(Ask, frozen=True, kw_only=True):
    """An operation that keeps money aside for itself, pending as an order that awaits an answer, or done."""

    amount_minor: int
    pending: bool
    expires_at: datetime | None = None


class _KeepAsideHandler:
    def needs(self, command: Command, _facts: Facts) -> Iterable[Need]:
        return ((ACCOUNT, command.subject),)

    def decide(self, command: Command, _facts: Facts) -> Decision:
        ask: KeepAside = command.ask  # type: ignore[assignment]
        outcome = Outcome.PENDING if ask.pending else Outcome.ACCEPTED
        owner = HoldOwner.PENDING if ask.pending else HoldOwner.DONE
        hold = HoldPlaced(command.subject, ask.amount_minor, "order", NOON, ask.expires_at, owner)
        return Decision(outcome, (), effects=(hold,), reason="awaiting" if ask.pending else "")


class _OpenAccountHandler:
    def needs(self, command: Command, _facts: Facts) -> Iterable[Need]:
        return ((ACCOUNT, command.subject),)

    def decide(self, command: Command, _facts: Facts) -> Decision:
        ask: OpenAccount = command.ask  # type: ignore[assignment]
        kind = AccountKind.OWN if ask.own else AccountKind.INDIVIDUAL
        opened = AccountOpened(
            command.subject, kind, ask.currency, DAY, floor_minor=ask.floor_minor, iban=ask.iban
        )
        return Decision(Outcome.ACCEPTED, (), effects=(opened,))


class _ChangeAccountHandler:
    def needs(self, command: Command, _facts: Facts) -> Iterable[Need]:
        return ((ACCOUNT, command.subject),)

    def decide(self, command: Command, facts: Facts) -> Decision:
        ask: ChangeAccount = command.ask  # type: ignore[assignment]
        account: Account | None = facts.get(ACCOUNT, command.subject)
        if account is None:
            return refuse("unknown-account", ())
        wanted = {f: getattr(ask, f) for f in ask.__struct_fields__ if getattr(ask, f) is not None}
        return Decision(Outcome.ACCEPTED, (), effects=(changed(account, **wanted),))


class _SeveralHandler:
    def needs(self, command: Command, _facts: Facts) -> Iterable[Need]:
        ask: Several = command.ask  # type: ignore[assignment]
        return [(ACCOUNT, account) for debit, credit, _ in ask.entries for account in (debit, credit)]

    def decide(self, command: Command, _facts: Facts) -> Decision:
        ask: Several = command.ask  # type: ignore[assignment]
        entries = tuple(Entry(d, c, amount, DAY, DAY, DAY, forced=True) for d, c, amount in ask.entries)
        return Decision(Outcome.ACCEPTED, ("TEST-1", "TEST-2"), entries)


class _DefectHandler:
    def needs(self, command: Command, _facts: Facts) -> Iterable[Need]:
        ask: Defect = command.ask  # type: ignore[assignment]
        if ask.how == "needs":
            raise RuntimeError("planted: needs")
        return ((ACCOUNT, command.subject), (ACCOUNT, ask.other or command.subject))

    def decide(self, command: Command, facts: Facts) -> Decision:
        ask: Defect = command.ask  # type: ignore[assignment]
        here, there = command.subject, ask.other
        effects: tuple[Effect, ...] = ()
        entries: tuple[Entry, ...] = ()
        detail: Any = None
        match ask.how:
            case "decide":
                raise RuntimeError("planted: decide")
            case "undeclared fact":
                facts.get(ACCOUNT, account_id(book_of(here), 999_999_999))
            case "float in the record":
                detail = {"rate": 0.5}
            case "beats the available balance":
                entries = (Entry(here, there, 10**15, DAY, DAY, DAY),)
            case "second entry beats the available balance":
                entries = (Entry(here, there, 1, DAY, DAY, DAY), Entry(here, there, 10**15, DAY, DAY, DAY))
            case "amount too large for the table":
                entries = (Entry(here, there, 2**63, DAY, DAY, DAY, forced=True),)
            case "hold in another book" | "hold on an account no row names":
                effects = (HoldPlaced(there, 1, "planted", NOON),)
            case "character the database refuses":
                effects = (HoldPlaced(here, 1, "nul \0", NOON),)
            case "hold of nothing":
                effects = (HoldPlaced(here, 0, "planted", NOON),)
        return Decision(Outcome.ACCEPTED, (), entries, effects, detail=detail)


class DeskRights:
    """The rights of the few who work in these tests."""

    HOLDERS: Mapping[int, frozenset[Right]] = MappingProxyType(
        {
            TELLER: frozenset({Right.MOVE, Right.APPROVE_MOVE, Right.FORCE}),
            SUPERVISOR: frozenset({Right.MOVE, Right.APPROVE_MOVE, Right.APPROVE_FORCE}),
        }
    )

    def needs(self, _staff: Iterable[int]) -> Iterable[Need]:
        """Nothing: they are known."""
        return ()

    def has(self, _facts: Facts, staff: int, right: Right) -> bool:
        """Whether this one has it."""
        return right in self.HOLDERS.get(staff, ())


KINDS = kinds(DeskRights())
TEST_KINDS = (
    Kind(30_001, "test-open-account", OpenAccount, _OpenAccountHandler()),
    Kind(30_002, "test-change-account", ChangeAccount, _ChangeAccountHandler()),
    Kind(30_003, "test-defect", Defect, _DefectHandler()),
    Kind(30_004, "test-several", Several, _SeveralHandler(), plain=True),
    Kind(30_005, "test-keep-aside", KeepAside, _KeepAsideHandler()),
)
REGISTRY = Registry((*KINDS, *TEST_KINDS), EFFECTS)


def command(
    subject: AccountId,
    ask: Ask,
    *,
    key: bytes | None = None,
    at: datetime = NOON,
    actor: int = TELLER,
    channel: Channel = Channel.BRANCH,
) -> Command:
    """A command at the counter, under a new key unless one is given."""
    return Command(
        key=key or uuid4().bytes, subject=subject, received_at=at, ask=ask, actor=actor, channel=channel
    )


def move(
    debit: AccountId,
    credit: AccountId,
    amount_minor: int,
    *,
    forced: bool = False,
    booked_on: date = DAY,
    debit_value_on: date | None = None,
    credit_value_on: date | None = None,
    approved_by: int = SUPERVISOR,
    subject: AccountId | None = None,
    **envelope: Any,
) -> Command:
    """Money moved by hand; the subject is the debited account unless given."""
    ask = Move(
        debit=debit,
        credit=credit,
        amount_minor=amount_minor,
        booked_on=booked_on,
        debit_value_on=debit_value_on or booked_on,
        credit_value_on=credit_value_on or booked_on,
        reason="test",
        approved_by=approved_by,
        forced=forced,
    )
    return command(debit if subject is None else subject, ask, **envelope)


def place(
    account: AccountId, amount_minor: int, *, expires_at: datetime | None = None, **envelope: Any
) -> Command:
    """Keep an amount aside."""
    ask = PlaceHold(amount_minor=amount_minor, purpose="test", expires_at=expires_at)
    return command(account, ask, **envelope)


def take(
    account: AccountId,
    hold: int,
    amount_minor: int,
    credit: AccountId,
    *,
    final: bool = True,
    **envelope: Any,
) -> Command:
    """Turn a hold, or part of it, into an entry."""
    ask = TakeHold(
        hold=hold, amount_minor=amount_minor, credit=credit, booked_on=DAY, debit_value_on=DAY,
        credit_value_on=DAY, final=final,
    )  # fmt: skip
    return command(account, ask, **envelope)


def release(account: AccountId, hold: int, *, expired: bool = False, **envelope: Any) -> Command:
    """Free what is left of a hold."""
    return command(account, ReleaseHold(hold=hold, expired=expired), **envelope)


def reverse(account: AccountId, operation: int, *, forced: bool = False, **envelope: Any) -> Command:
    """Undo an operation."""
    ask = ReverseOperation(
        operation=operation, booked_on=DAY, reason="test", approved_by=SUPERVISOR, forced=forced
    )
    return command(account, ask, **envelope)


def answer(result: Result) -> Answer:
    """The answer of a command that did not fail."""
    if isinstance(result, CommandFailed):
        raise result
    return result


class Bank:
    """Books in a database, engines on it, and short ways to fill and look at them.

    Each engine made here is closed with the bank.
    """

    def __init__(self, dsn: Dsn | str) -> None:
        self.dsn = dsn
        self._engines: list[Engine] = []
        self._numbers: dict[int, itertools.count[int]] = {}
        self._reader: Connection[Any] | None = None
        self.engine = self.another_engine()

    def connect(self) -> Connection[Any]:
        """A session as the engine opens it."""
        return connect(self.dsn, hot=True)

    def another_engine(self, sole_books: Iterable[int] = ()) -> Engine:
        """One more engine, with its own connection and an empty cache."""
        engine = Engine(self.connect, REGISTRY, sole_books)
        self._engines.append(engine)
        return engine

    def close(self) -> None:
        """Close every engine."""
        for engine in self._engines:
            engine.close()
        if self._reader is not None:
            self._reader.close()

    def open_books(self, *books: int, currencies: tuple[str, ...] = ("EUR", "XPF")) -> None:
        """Open books that know each other."""
        for book in books:
            others = tuple(b for b in books if b != book)
            ask = OpenBook(name=f"Book {book}", currencies=currencies, opened_on=DAY, other_books=others)
            assert self.engine.post_one(command(book_subject(book), ask)).outcome is Outcome.ACCEPTED

    def open_accounts(
        self,
        count: int = 1,
        *,
        book: int = 1,
        fund_minor: int = 0,
        currency: str = "EUR",
        floor_minor: int = 0,
    ) -> list[AccountId]:
        """Open customer accounts and pay cash in."""
        numbers = self._numbers.setdefault(book, itertools.count(FIRST))
        accounts = [account_id(book, next(numbers)) for _ in range(count)]
        ask = OpenAccount(currency=currency, floor_minor=floor_minor)
        self.engine.post([command(a, ask) for a in accounts])
        if fund_minor:
            cash = own_account(book, Role.CASH, currency)
            self.engine.post([move(cash, a, fund_minor, subject=a) for a in accounts])
        return accounts

    def post(self, *commands: Command) -> list[Answer]:
        """Answers of one batch; a command that failed raises."""
        return [answer(result) for result in self.engine.post(commands)]

    def cash(self, book: int = 1, currency: str = "EUR") -> AccountId:
        """The cash account of a book."""
        return own_account(book, Role.CASH, currency)

    def row(self, query: str, **parameters: Any) -> Sequence[Any]:
        """The one row of a query, as committed now."""
        found = self.rows(query, **parameters)
        assert len(found) == 1, found
        return found[0]

    def rows(self, query: str, **parameters: Any) -> list[Sequence[Any]]:
        """The rows of a query, as committed now, read on a session that no engine uses."""
        if self._reader is None:
            self._reader = connect(self.dsn, autocommit=True)
        return list(self._reader.execute(query.encode(), parameters).fetchall())

    def balance(self, account: AccountId) -> int:
        """The last running balance, straight from the tables."""
        found = self.rows(
            "select balance_minor from posting where book = %(book)s and account = %(account)s"
            " order by sequence desc limit 1",
            book=book_of(account),
            account=number_of(account),
        )
        return int(found[0][0]) if found else 0

    def held(self, account: AccountId) -> int:
        """The sum held on an account, straight from the tables."""
        query = "select held_minor from account where book = %(book)s and account = %(account)s"
        return int(self.row(query, book=book_of(account), account=number_of(account))[0])

    def count(self, book: int = 1) -> int:
        """How many rows the journal of a book has."""
        return int(self.row("select count(*) from journal where book = %(book)s", book=book)[0])

    def times_stored(self, key: bytes) -> int:
        """How many rows carry a key."""
        return int(self.row("select count(*) from journal where key = %(key)s", key=UUID(bytes=key))[0])


def superuser_of(superuser_url: str, dsn: Dsn) -> Connection[Any]:
    """A session of the superuser on the database of `dsn`: what no program of ours may do."""
    name = psycopg.conninfo.conninfo_to_dict(dsn.app)["dbname"]
    return psycopg.connect(psycopg.conninfo.make_conninfo(superuser_url, dbname=name), autocommit=True)
