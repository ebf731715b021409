"""Decisions on the books themselves: books and own accounts, moves by hand, holds, reversals."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from teneur.kernel.commands import (
    AccountId,
    Ask,
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
from teneur.kernel.money import CURRENCIES
from teneur.ledger.account import ACCOUNT, FIRST_TRANSIT_NUMBER, UNLIMITED_MINOR, Account, AccountKind, Status
from teneur.ledger.batch import transit_account
from teneur.ledger.chart import FRENCH, Role, own_account
from teneur.ledger.commands import Move, OpenBook, PlaceHold, ReleaseHold, ReverseOperation, TakeHold
from teneur.ledger.effects import (
    HOLD,
    AccountOpened,
    BookOpened,
    Hold,
    HoldChanged,
    HoldOwner,
    HoldPlaced,
    HoldStatus,
    OperationReversed,
)
from teneur.ledger.facts import OPERATION, REVERSED_BY, Operation
from teneur.ledger.registry import Kind
from teneur.ledger.rights import Rights, hand_problem

LARGEST_MINOR = 2**53 - 1


class OpenBookHandler:
    """A book, the bank's own accounts in it, and transit accounts to other books."""

    def needs(self, command: Command, _facts: Facts) -> Iterable[Need]:
        """The own accounts that may exist already."""
        return [(ACCOUNT, account) for account, _, _ in self._accounts(command)]

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Open what is missing; nothing to do is accepted too."""
        ask: OpenBook = command.ask  # type: ignore[assignment]
        unknown = [c for c in ask.currencies if c not in CURRENCIES]
        if unknown or not ask.currencies:
            return refuse("unknown-currency", (), detail={"currencies": unknown})
        effects: list[Effect] = [BookOpened(book_of(command.subject), ask.name, ask.opened_on)]
        for account, currency, label in self._accounts(command):
            if facts.get(ACCOUNT, account) is None:
                effects.append(
                    AccountOpened(
                        account,
                        AccountKind.OWN,
                        currency,
                        ask.opened_on,
                        floor_minor=UNLIMITED_MINOR,
                        label=label,
                    )
                )
        return Decision(Outcome.ACCEPTED, (), effects=tuple(effects), booked_on=ask.opened_on)

    def _accounts(self, command: Command) -> list[tuple[AccountId, str, str]]:
        ask: OpenBook = command.ask  # type: ignore[assignment]
        book = book_of(command.subject)
        found = []
        for currency in (c for c in ask.currencies if c in CURRENCIES):
            found += [(own_account(book, role, currency), currency, FRENCH[role]) for role in Role]
            numeric = int(CURRENCIES[currency].numeric)
            for other in ask.other_books:
                found.append(
                    (transit_account(book, other, numeric), currency, f"Liaison avec le livre {other}")
                )
        return found


class MoveHandler:
    """Money moved by hand, by two people."""

    def __init__(self, rights: Rights) -> None:
        self._rights = rights

    def needs(self, command: Command, _facts: Facts) -> Iterable[Need]:
        """Both accounts, and the rights of the two people."""
        ask: Move = command.ask  # type: ignore[assignment]
        staff = self._rights.needs((command.actor, ask.approved_by))
        return ((ACCOUNT, ask.debit), (ACCOUNT, ask.credit), (ACCOUNT, command.subject), *staff)

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused without the right, second person, account, right currency or funds (unless forced)."""
        ask: Move = command.ask  # type: ignore[assignment]
        debit: Account | None = facts.get(ACCOUNT, ask.debit)
        credit: Account | None = facts.get(ACCOUNT, ask.credit)
        problem = hand_problem(facts, self._rights, command.actor, ask.approved_by, forced=ask.forced)
        if problem is not None:
            return refuse(problem[0], (), detail={"right": str(problem[1])})
        if debit is None or credit is None or debit is credit:
            return refuse("unknown-account", ())
        if command.subject not in (ask.debit, ask.credit):
            return refuse("unknown-account", (), detail={"subject": "neither side of the entry"})
        if Status.CLOSED in (debit.status, credit.status):
            return refuse("account-closed", ())
        if debit.currency != credit.currency:
            return refuse("currency-mismatch", ())
        if not 0 < ask.amount_minor <= LARGEST_MINOR:
            return refuse("amount-out-of-range", ())
        if not ask.forced and ask.amount_minor > debit.available_minor:
            return refuse("insufficient-funds", ())
        entry = Entry(
            ask.debit,
            ask.credit,
            ask.amount_minor,
            ask.booked_on,
            ask.debit_value_on,
            ask.credit_value_on,
            ask.forced,
        )
        return Decision(Outcome.ACCEPTED, (), (entry,))


class PlaceHoldHandler:
    """A hold on the subject: counted at once, so that nobody can spend the same money."""

    def needs(self, command: Command, _facts: Facts) -> Iterable[Need]:
        """The account."""
        return ((ACCOUNT, command.subject),)

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused beyond the available balance."""
        ask: PlaceHold = command.ask  # type: ignore[assignment]
        account: Account | None = facts.get(ACCOUNT, command.subject)
        if account is None:
            return refuse("unknown-account", ())
        if account.status is not Status.OPEN:
            return refuse("account-closed", ())
        if not 0 < ask.amount_minor <= LARGEST_MINOR:
            return refuse("amount-out-of-range", ())
        if ask.expires_at is not None and ask.expires_at <= command.received_at:
            return refuse("hold-expired", ())
        if ask.amount_minor > account.available_minor:
            return refuse("insufficient-funds", ())
        placed = HoldPlaced(
            account.id, ask.amount_minor, ask.purpose, command.received_at, ask.expires_at, HoldOwner.HAND
        )
        return Decision(Outcome.ACCEPTED, (), effects=(placed,))


def hold_in_force(facts: Facts, account: AccountId, hold: int) -> Hold | None:
    """The hold, if something of it is still kept aside."""
    found: Hold | None = facts.get(HOLD, (account, hold))
    return found if found is not None and found.status is HoldStatus.IN_FORCE else None


def _owned_elsewhere(hold: Hold, *, expired: bool = False) -> Decision | None:
    """The refusal to end a hold by hand that an operation has placed for itself; None if it is free to be.

    Ended by hand, the hold of an order that waits for an answer would leave that order waiting for ever. What
    a finished operation keeps aside until a day is free on that day.
    """
    match hold.owner:
        case HoldOwner.HAND:
            return None
        case HoldOwner.DONE:
            reason = "" if expired else "hold-until-its-day"
        case HoldOwner.PENDING:
            reason = "hold-of-an-order"
    detail = {"purpose": hold.purpose, "placed_by": hold.id}
    return refuse(reason, (), detail=detail) if reason else None


def take_hold(hold: Hold, amount_minor: int, *, final: bool) -> HoldChanged:
    """The change of a hold when `amount_minor` of it becomes an entry; the rest is freed if it was the last
    time."""
    left = 0 if final else hold.left_minor - amount_minor
    status = HoldStatus.TAKEN if left == 0 else HoldStatus.IN_FORCE
    return HoldChanged(hold.account, hold.id, left, hold.left_minor - left, status)


def release_hold(hold: Hold, status: HoldStatus = HoldStatus.RELEASED) -> HoldChanged:
    """The change of a hold when all that is left of it is freed."""
    return HoldChanged(hold.account, hold.id, 0, hold.left_minor, status)


class TakeHoldHandler:
    """A hold placed by hand becomes an entry; never twice, since it is read under the book's order."""

    def needs(self, command: Command, _facts: Facts) -> Iterable[Need]:
        """The hold and both accounts."""
        ask: TakeHold = command.ask  # type: ignore[assignment]
        return ((ACCOUNT, command.subject), (ACCOUNT, ask.credit), (HOLD, (command.subject, ask.hold)))

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused if the hold is gone, smaller than the amount, or belongs to an operation."""
        ask: TakeHold = command.ask  # type: ignore[assignment]
        account: Account | None = facts.get(ACCOUNT, command.subject)
        credit: Account | None = facts.get(ACCOUNT, ask.credit)
        hold = hold_in_force(facts, command.subject, ask.hold)
        if account is None or credit is None or account is credit:
            return refuse("unknown-account", ())
        if hold is None:
            return refuse("hold-not-in-force", ())
        if owned := _owned_elsewhere(hold):
            return owned
        if hold.expires_at is not None and hold.expires_at <= command.received_at:
            return refuse("hold-not-in-force", ())
        if Status.CLOSED in (account.status, credit.status):
            return refuse("account-closed", ())
        if account.currency != credit.currency:
            return refuse("currency-mismatch", ())
        if not 0 < ask.amount_minor <= hold.left_minor:
            return refuse("amount-out-of-range", ())
        entry = Entry(
            account.id,
            credit.id,
            ask.amount_minor,
            ask.booked_on,
            ask.debit_value_on,
            ask.credit_value_on,
            forced=True,  # the hold already counted it
        )
        change = take_hold(hold, ask.amount_minor, final=ask.final)
        return Decision(Outcome.ACCEPTED, (), (entry,), (change,))


class ReleaseHoldHandler:
    """A hold is freed, by whoever placed it or because its time has come."""

    def needs(self, command: Command, _facts: Facts) -> Iterable[Need]:
        """The hold and its account."""
        ask: ReleaseHold = command.ask  # type: ignore[assignment]
        return ((ACCOUNT, command.subject), (HOLD, (command.subject, ask.hold)))

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused if it is gone, belongs to an operation, or is not yet expired where that is the reason."""
        ask: ReleaseHold = command.ask  # type: ignore[assignment]
        hold = hold_in_force(facts, command.subject, ask.hold)
        if hold is None:
            return refuse("hold-not-in-force", ())
        if owned := _owned_elsewhere(hold, expired=ask.expired):
            return owned
        if ask.expired and (hold.expires_at is None or hold.expires_at > command.received_at):
            return refuse("hold-not-expired", ())
        status = HoldStatus.EXPIRED if ask.expired else HoldStatus.RELEASED
        return Decision(Outcome.ACCEPTED, (), effects=(release_hold(hold, status),))


class ReverseOperationHandler:
    """An operation undone by new entries; what was booked stays as it was."""

    def __init__(self, rights: Rights) -> None:
        self._rights = rights

    def needs(self, command: Command, facts: Facts) -> Iterable[Need]:
        """The operation, whether it is undone already, its accounts, and the rights of the two people."""
        ask: ReverseOperation = command.ask  # type: ignore[assignment]
        key = (book_of(command.subject), ask.operation)
        yield from self._rights.needs((command.actor, ask.approved_by))
        yield OPERATION, key
        yield REVERSED_BY, key
        operation: Operation | None = facts.peek(OPERATION, key)
        for line in operation.lines if operation else ():
            yield ACCOUNT, line.debit
            yield ACCOUNT, line.credit

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused without the right or second person, when unknown, undone already, or when the money is gone
        (unless forced)."""
        ask: ReverseOperation = command.ask  # type: ignore[assignment]
        key = (book_of(command.subject), ask.operation)
        operation: Operation | None = facts.get(OPERATION, key)
        problem = hand_problem(facts, self._rights, command.actor, ask.approved_by, forced=ask.forced)
        if problem is not None:
            return refuse(problem[0], (), detail={"right": str(problem[1])})
        if operation is None or not operation.lines:
            return refuse("unknown-operation", ())
        if facts.get(REVERSED_BY, key) is not None:
            return refuse("already-reversed", ())
        if any(
            number_of(a) >= FIRST_TRANSIT_NUMBER
            for line in operation.lines
            for a in (line.debit, line.credit)
        ):
            return refuse(
                "reverse-from-payee", (), detail={"why": "half of the operation is in another book"}
            )
        entries = tuple(
            Entry(
                line.credit,
                line.debit,
                line.amount_minor,
                ask.booked_on,
                line.credit_value_on,
                line.debit_value_on,
                ask.forced,
            )
            for line in reversed(operation.lines)
        )
        sides = [facts.get(ACCOUNT, a) for e in entries for a in (e.debit, e.credit)]
        if any(side is None or side.status is Status.CLOSED for side in sides):
            return refuse("account-closed", ())
        if not ask.forced and short_of_funds(facts, entries):
            return refuse("insufficient-funds", ())
        mark = OperationReversed(key[0], ask.operation)
        return Decision(Outcome.ACCEPTED, (), entries, (mark,), detail={"reverses": ask.operation})


def short_of_funds(facts: Facts, entries: Iterable[Entry]) -> bool:
    """Whether these entries, booked in order, would beat the available balance of an account they debit."""
    change: dict[AccountId, int] = {}
    for entry in entries:
        account: Account | None = facts.get(ACCOUNT, entry.debit)
        left = change.get(entry.debit, 0) - entry.amount_minor
        if account is None or account.available_minor + left < 0:
            return True
        change[entry.debit] = left
        change[entry.credit] = change.get(entry.credit, 0) + entry.amount_minor
    return False


def book_subject(book: int) -> AccountId:
    """The subject of commands about a book itself."""
    return account_id(book, 0)


NUMBERS: Mapping[type[Ask], int] = MappingProxyType(
    {OpenBook: 1, Move: 2, PlaceHold: 3, TakeHold: 4, ReleaseHold: 5, ReverseOperation: 6}
)


def kinds(rights: Rights) -> tuple[Kind, ...]:
    """What may be asked of the books. rights: who of the staff may move money by hand."""
    return (
        Kind(NUMBERS[OpenBook], "open-book", OpenBook, OpenBookHandler()),
        Kind(NUMBERS[Move], "move", Move, MoveHandler(rights), plain=True),
        Kind(NUMBERS[PlaceHold], "place-hold", PlaceHold, PlaceHoldHandler()),
        Kind(NUMBERS[TakeHold], "take-hold", TakeHold, TakeHoldHandler()),
        Kind(NUMBERS[ReleaseHold], "release-hold", ReleaseHold, ReleaseHoldHandler()),
        Kind(
            NUMBERS[ReverseOperation],
            "reverse-operation",
            ReverseOperation,
            ReverseOperationHandler(rights),
            plain=True,
        ),
    )
