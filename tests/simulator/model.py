"""The model: what the bank must answer and hold, in dicts, ints and dates. Knows nothing of Teneur.

`judge` says what must become of a request (its outcome, and every reason that stands against it); `book`
does it. Both sides of the simulation number accounts and operations alike: the id of an account carries its
book, an operation's id is the position of its first row.
"""

import hashlib
from collections import deque
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, NamedTuple

from tests.simulator import terms
from tests.simulator.terms import LARGEST, Terms

UNLIMITED = -(2**53)
FIRST_TRANSIT = 1_000_000_000
KINDS = {
    "move": 2, "place-hold": 3, "take-hold": 4, "release-hold": 5, "reverse": 6, "open-account": 20,
    "overdraft": 21, "unavailable": 23, "deposit": 40, "cancel-deposit": 41, "notice": 51, "transfer": 100,
    "due": 101, "revoke": 102, "settle": 103, "confirm": 104, "review": 105, "ask-ceiling": 106,
    "decide-ceiling": 107, "receive": 109,
}  # fmt: skip


class Request(NamedTuple):
    """Who asks what, when, on which channel. ask: fields by name."""

    key: bytes
    kind: str
    subject: int
    at: datetime
    actor: int
    channel: str
    ask: dict[str, Any]

    def content(self) -> tuple[object, ...]:
        """What must be the same for a key to be a repetition."""
        return (self.kind, self.subject, self.actor, self.channel, self.ask)


class Move(NamedTuple):
    """One amount from one account to another."""

    debit: int
    credit: int
    amount: int
    booked: date
    debit_value: date
    credit_value: date
    forced: bool = False


class Row(NamedTuple):
    """A row that the journal must hold."""

    book: int
    position: int
    line: int
    kind: int
    outcome: int
    key: bytes | None
    debit: int | None = None
    credit: int | None = None
    amount: int | None = None
    booked: date | None = None
    debit_value: date | None = None
    credit_value: date | None = None
    debit_sequence: int | None = None
    credit_sequence: int | None = None
    debit_balance: int | None = None
    credit_balance: int | None = None


class Account:
    """An account as the model keeps it. by_value: the sum of what counts from each day on."""

    def __init__(
        self, id_: int, currency: str, terms_: Terms | None = None, holders: tuple[int, ...] = ()
    ) -> None:
        self.id = id_
        self.currency = currency
        self.terms = terms_
        self.holders = holders
        self.iban = ""
        self.opened_on = date.min
        self.balance = 0
        self.sequence = 0
        self.floor = 0 if terms_ else UNLIMITED
        self.held = 0
        self.unavailable = 0
        self.by_value: dict[date, int] = {}
        self.statement = hashlib.blake2b(digest_size=16)
        self.spent: list[tuple[datetime, int, int]] = []  # arrival, amount, order
        self.ceilings: dict[int, dict[str, Any]] = {}

    @property
    def available(self) -> int:
        """Balance − holds − what is unavailable + authorised overdraft."""
        return self.balance - self.held - self.unavailable - self.floor

    def post(self, amount: int, booked: date, value: date, position: int) -> None:
        """One line of the statement."""
        self.balance += amount
        self.sequence += 1
        self.by_value[value] = self.by_value.get(value, 0) + amount
        self.statement.update(repr((position, amount, self.balance, booked, value)).encode())

    def on_value_date(self, day: date) -> int:
        """The balance that bears interest at the end of a day."""
        return sum(amount for value, amount in self.by_value.items() if value <= day)


class Verdict:
    """What must become of a request, and every reason for it (any of them may be given).

    after: what else changes, told the position of its first row. stored: the key was known before.
    """

    def __init__(
        self,
        outcome: str,
        *reasons: str,
        moves: tuple[Move, ...] = (),
        after: Callable[[int], None] | None = None,
        stored: "Known | None" = None,
    ) -> None:
        self.outcome = outcome
        self.stored = stored
        self.reasons = reasons
        self.moves = moves
        self.after = after

    def __repr__(self) -> str:
        return f"{self.outcome} {'|'.join(self.reasons)}".strip()


class Known:
    """A stored answer. reasons: those that stood; the one that was given, once it is known."""

    def __init__(
        self, content: tuple[object, ...], outcome: str, reasons: tuple[str, ...], position: int
    ) -> None:
        self.content = content
        self.outcome = outcome
        self.reasons = reasons
        self.position = position


OUTCOMES = {"accepted": 1, "refused": 2, "pending": 3}


def refused(*reasons: str, after: Callable[[int], None] | None = None) -> Verdict:
    """A refusal for any of these reasons."""
    return Verdict("refused", *reasons, after=after)


class Model:
    """The whole bank. What changed since the last `take_changes` is kept for the checker."""

    def __init__(
        self, staff: dict[int, str], persons: set[int], books: tuple[int, ...], head: dict[int, int]
    ) -> None:
        from tests.simulator import counter, orders, receiving

        self.staff = staff
        self.persons = persons
        self.books = books
        self.head = dict(head)
        self.accounts: dict[int, Account] = {}
        self.by_iban: dict[str, int] = {}
        self.customers: list[Account] = []
        self.next_number = dict.fromkeys(books, 1_000_000)
        self.holds: dict[tuple[int, int], dict[str, Any]] = {}
        self.operations: dict[tuple[int, int], dict[str, Any]] = {}
        self.known: dict[tuple[int, bytes], Known] = {}
        self.open_duties: dict[tuple[int, str, str], list[int]] = {}
        self.messages = 0
        self.recent_holds: deque[tuple[int, int]] = deque(maxlen=200)
        self.recent_operations: deque[tuple[int, int]] = deque(maxlen=300)
        self.orders = orders.Orders(self)
        self.judges: dict[str, Callable[[Request], Verdict]] = {
            "move": self._move, "place-hold": self._place_hold, "take-hold": self._take_hold,
            "release-hold": self._release_hold, "reverse": self._reverse,
            **counter.Counter(self).judges, **self.orders.judges, **receiving.Receiving(self).judges,
        }  # fmt: skip
        self.clear_changes()
        for book in books:
            for currency in terms.NUMERIC:
                for role in range(1, 16):
                    self.add(Account(self.own(book, role, currency), currency))
                for other in books:
                    if other != book:
                        self.add(Account(self.transit(book, other, currency), currency))

    def add(self, account: Account) -> None:
        """Another account."""
        self.accounts[account.id] = account

    def clear_changes(self) -> None:
        """Forget what changed: the checker has seen it."""
        self.rows: list[Row] = []
        self.touched: set[int] = set()
        self.touched_orders: set[tuple[int, int]] = set()
        self.new_duties: dict[tuple[int, int, str], tuple[str, datetime | None]] = {}
        self.done_duties: set[tuple[int, int, str]] = set()

    @staticmethod
    def own(book: int, role: int, currency: str) -> int:
        """One of the bank's own accounts."""
        return book << 32 | role * 1000 + terms.NUMERIC[currency]

    @staticmethod
    def transit(book: int, other: int, currency: str) -> int:
        """What a book owes another."""
        return book << 32 | FIRST_TRANSIT + other * 1000 + terms.NUMERIC[currency]

    # asking

    def judge(self, request: Request) -> Verdict:
        """What must become of a request, the model being as it is."""
        numbers = [v for v in request.ask.values() if isinstance(v, int)]
        if len(request.key) != 16 or any(abs(n) > LARGEST for n in numbers):
            return Verdict("failed")
        known = self.known.get((request.subject >> 32, request.key))
        if known is None:
            return self.judges[request.kind](request)
        if known.content == request.content():
            return Verdict(known.outcome, *known.reasons, stored=known)
        return Verdict("refused", "key-reused", stored=known)

    def book(self, request: Request, verdict: Verdict) -> Known | None:
        """Do it. What is stored of it, or was stored before; None if nothing is."""
        if verdict.outcome == "failed" or verdict.stored is not None:
            return verdict.stored
        home = request.subject >> 32
        number, outcome = KINDS[request.kind], OUTCOMES[verdict.outcome]
        position = self.head[home] + 1
        if not verdict.moves:
            self.head[home] = position
            self.rows.append(Row(home, position, 0, number, outcome, request.key))
        else:
            self._book_moves(request, verdict.moves, number, outcome)
        if verdict.after is not None:
            verdict.after(position)
        known = Known(request.content(), verdict.outcome, verdict.reasons or ("",), position)
        self.known[home, request.key] = known
        return known

    def _book_moves(self, request: Request, moves: tuple[Move, ...], number: int, outcome: int) -> None:
        home = request.subject >> 32
        legs = sorted(
            (leg for move in moves for leg in self._legs(move)), key=lambda m: m.debit >> 32 != home
        )
        origin = self.head[home] + 1
        crossing = len(legs) > len(moves)
        lines: dict[int, int] = {}
        if legs[0].debit >> 32 != home:
            self.head[home] = origin
            self.rows.append(Row(home, origin, 0, number, outcome, request.key))
            lines[home] = 1
        firsts: dict[int, int] = {home: origin}
        for leg in legs:
            book = leg.debit >> 32
            line = lines.get(book, 0)
            lines[book] = line + 1
            self.head[book] += 1
            position = self.head[book]
            firsts.setdefault(book, position)
            self._post(
                leg,
                book,
                position,
                line,
                number,
                outcome,
                request.key if position == origin and book == home else None,
            )
        for book, first in firsts.items():
            mine = [leg for leg in legs if leg.debit >> 32 == book]
            self.operations[book, first] = {
                "kind": request.kind, "moves": mine, "reversed": False, "crossing": crossing,
            }  # fmt: skip
            self.recent_operations.append((book, first))

    def _legs(self, move: Move) -> tuple[Move, ...]:
        here, there = move.debit >> 32, move.credit >> 32
        if here == there:
            return (move,)
        currency = self.accounts[move.debit].currency
        return (
            move._replace(credit=self.transit(here, there, currency), credit_value=move.debit_value),
            move._replace(
                debit=self.transit(there, here, currency), debit_value=move.credit_value, forced=True
            ),
        )

    def _post(
        self, move: Move, book: int, position: int, line: int, number: int, outcome: int, key: bytes | None
    ) -> None:
        debit, credit = self.accounts[move.debit], self.accounts[move.credit]
        assert move.amount > 0, "the model moves nothing"
        assert debit.currency == credit.currency, "the model mixes currencies"
        assert move.forced or debit.available >= move.amount, "the model beats an available balance"
        debit.post(-move.amount, move.booked, move.debit_value, position)
        credit.post(move.amount, move.booked, move.credit_value, position)
        self.touched |= {move.debit, move.credit}
        mask = 0xFFFF_FFFF
        self.rows.append(
            Row(
                book, position, line, number, outcome, key, move.debit & mask, move.credit & mask, move.amount,
                move.booked, move.debit_value, move.credit_value, debit.sequence, credit.sequence, debit.balance,
                credit.balance,
            )
        )  # fmt: skip

    # holds and duties

    def hold(self, account: int, amount: int, position: int, expires: datetime | None, owner: str) -> None:
        """Keep an amount aside."""
        self.holds[account, position] = {"left": amount, "expires": expires, "in_force": True, "owner": owner}
        self.recent_holds.append((account, position))
        self.accounts[account].held += amount
        self.touched.add(account)

    def free(self, account: int, hold: int, amount: int | None = None) -> None:
        """Free (a part of) a hold: what is taken is freed too."""
        found = self.holds[account, hold]
        part = found["left"] if amount is None else amount
        found["left"] -= part
        found["in_force"] = found["left"] > 0
        self.accounts[account].held -= part
        self.touched.add(account)

    def owe(self, account: int, position: int, kind: str, about: str, due_at: datetime | None) -> None:
        """A duty opens."""
        self.new_duties[account, position, kind] = (about, due_at)
        self.open_duties.setdefault((account, kind, about), []).append(position)

    def discharge(self, account: int, kind: str, about: str) -> None:
        """Duties of a kind about a thing are done."""
        for position in self.open_duties.pop((account, kind, about), []):
            self.done_duties.add((account, position, kind))

    def tells(self, r: Request) -> bool:
        """Whether who asks can know what became of a payment: a bank's message, the program, the back office."""
        if r.actor == 0:
            return r.channel in ("interbank", "system")
        return self.at_desk(r)

    def at_desk(self, r: Request) -> bool:
        """Whether the back office asks, at work inside the bank."""
        return r.channel in ("branch", "system") and self.in_role(r.actor, "back-office")

    def in_role(self, staff: int, *roles: str) -> bool:
        """Whether that is a member of staff in one of these roles."""
        return self.staff.get(staff) in roles

    # by hand

    def _hand_problems(self, r: Request) -> list[str]:
        """Two members of staff stand behind money moved by hand; only the back office forces."""
        second, problems = r.ask["approved_by"], []
        if r.actor >= 0 or second == r.actor or not self.in_role(second, "adviser", "back-office"):
            problems.append("second-person-missing")
        if r.ask["forced"] and not self.in_role(r.actor, "back-office"):
            problems.append("force-not-authorised")
        if not r.ask["forced"] and not self.in_role(r.actor, "adviser", "back-office"):
            problems.append("move-not-authorised")
        return problems

    def _move(self, r: Request) -> Verdict:
        ask = r.ask
        debit, credit = self.accounts.get(ask["debit"]), self.accounts.get(ask["credit"])
        problems = self._hand_problems(r)
        if debit is None or credit is None or debit is credit or r.subject not in (debit.id, credit.id):
            return refused(*problems, "unknown-account")
        if debit.currency != credit.currency:
            problems.append("currency-mismatch")
        if not 0 < ask["amount_minor"] <= LARGEST:
            problems.append("amount-out-of-range")
        elif not ask["forced"] and ask["amount_minor"] > debit.available:
            problems.append("insufficient-funds")
        if problems:
            return refused(*problems)
        move = Move(
            debit.id, credit.id, ask["amount_minor"], ask["booked_on"], ask["debit_value_on"], ask["credit_value_on"],
            ask["forced"],
        )  # fmt: skip
        return Verdict("accepted", moves=(move,))

    def _place_hold(self, r: Request) -> Verdict:
        account, amount, expires = self.accounts.get(r.subject), r.ask["amount_minor"], r.ask["expires_at"]
        if account is None:
            return refused("unknown-account")
        problems = []
        if not 0 < amount <= LARGEST:
            problems.append("amount-out-of-range")
        elif amount > account.available:
            problems.append("insufficient-funds")
        if expires is not None and expires <= r.at:
            problems.append("hold-expired")
        if problems:
            return refused(*problems)
        return Verdict("accepted", after=lambda p: self.hold(r.subject, amount, p, expires, "hand"))

    def _in_force(self, r: Request) -> dict[str, Any] | None:
        hold = self.holds.get((r.subject, r.ask["hold"]))
        return hold if hold is not None and hold["in_force"] else None

    def _take_hold(self, r: Request) -> Verdict:
        ask = r.ask
        account, credit, hold = (
            self.accounts.get(r.subject),
            self.accounts.get(ask["credit"]),
            self._in_force(r),
        )
        if account is None or credit is None or account is credit:
            return refused("unknown-account")
        if hold is None:
            return refused("hold-not-in-force")
        if hold["owner"] == "order":
            return refused("hold-of-an-order")
        if hold["expires"] is not None and hold["expires"] <= r.at:
            return refused("hold-not-in-force")
        problems = []
        if account.currency != credit.currency:
            problems.append("currency-mismatch")
        if not 0 < ask["amount_minor"] <= hold["left"]:
            problems.append("amount-out-of-range")
        if problems:
            return refused(*problems)
        move = Move(
            r.subject, ask["credit"], ask["amount_minor"], ask["booked_on"], ask["debit_value_on"],
            ask["credit_value_on"], forced=True,
        )  # fmt: skip
        freed = hold["left"] if ask["final"] else ask["amount_minor"]
        return Verdict("accepted", moves=(move,), after=lambda _: self.free(r.subject, ask["hold"], freed))

    def _release_hold(self, r: Request) -> Verdict:
        hold = self._in_force(r)
        if hold is None:
            return refused("hold-not-in-force")
        if hold["owner"] == "order":
            return refused("hold-of-an-order")
        if r.ask["expired"] and (hold["expires"] is None or hold["expires"] > r.at):
            return refused("hold-not-expired")
        return Verdict("accepted", after=lambda _: self.free(r.subject, r.ask["hold"]))

    def _reverse(self, r: Request) -> Verdict:
        ask = r.ask
        found = self.operations.get((r.subject >> 32, ask["operation"]))
        if problems := self._hand_problems(r):
            return refused(*problems, *(() if found else ("unknown-operation",)))
        if found is None:
            return refused("unknown-operation")
        if found["reversed"]:
            return refused("already-reversed")
        if found["crossing"]:
            return refused("reverse-from-payee")
        back = tuple(
            Move(m.credit, m.debit, m.amount, ask["booked_on"], m.credit_value, m.debit_value, ask["forced"])
            for m in reversed(found["moves"])
        )
        left: dict[int, int] = {}
        for move in back:
            left[move.debit] = left.get(move.debit, self.accounts[move.debit].available) - move.amount
            if left[move.debit] < 0 and not ask["forced"]:
                return refused("insufficient-funds")
            left[move.credit] = left.get(move.credit, self.accounts[move.credit].available) + move.amount
        return Verdict("accepted", moves=back, after=lambda _: found.update(reversed=True))

    def customer_of(self, r: Request) -> tuple[Account, Terms] | None:
        """The customer's account that a request is about, with its terms."""
        account = self.accounts.get(r.subject)
        return None if account is None or account.terms is None else (account, account.terms)

    def forget(self, positions: int) -> None:
        """Drop orders and holds that are over and older than so many positions."""
        oldest = {book: head - positions for book, head in self.head.items()}
        over = {k for k, o in self.orders.all.items() if o.over and k[1] < oldest[k[0] >> 32]}
        self.orders.all = {k: o for k, o in self.orders.all.items() if k not in over}
        self.orders.recent = deque(
            (k for k in self.orders.recent if k not in over), self.orders.recent.maxlen
        )
        gone = {k for k, h in self.holds.items() if not h["in_force"] and k[1] < oldest[k[0] >> 32]}
        self.holds = {k: h for k, h in self.holds.items() if k not in gone}
        self.recent_holds = deque((k for k in self.recent_holds if k not in gone), self.recent_holds.maxlen)
