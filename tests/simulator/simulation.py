"""One run: requests drawn, answered by the real engines, and compared with the model."""

import contextlib
import hashlib
import time
from collections import Counter, deque
from collections.abc import Callable
from datetime import date, datetime

from teneur.bank import Bank
from teneur.customers.commands import Address, RegisterPerson, RegisterStaff, StaffRole
from teneur.customers.decisions import REGISTER
from teneur.kernel.clock import SimulatedClock
from teneur.kernel.commands import Answer, Channel, Outcome, account_id
from teneur.ledger.commands import OpenBook
from teneur.ledger.engine import Result
from teneur.ledger.errors import BookBusy, OutcomeUnknown
from teneur.payments.transfers.rules.directory import Directory, read_directory
from teneur.payments.transfers.rules.screening import ListedName, ScreeningList
from teneur.storage.database import Dsn
from tests.simulator import taking as orders
from tests.simulator import terms
from tests.simulator.checker import Checker, Divergence, differ
from tests.simulator.faults import STORED, Crash, Fault, FaultyEngine, no_queue
from tests.simulator.generator import Generator
from tests.simulator.model import Known, Model, Request, Verdict
from tests.simulator.translate import command

BOOKS = (1, 2)
PERSONS = 60
STAFF = (
    ("Ada Martin", StaffRole.ADMIN),
    ("Bruno Petit", StaffRole.ADMIN),
    ("Chloé Roux", StaffRole.CLERK),
    ("David Blanc", StaffRole.ADVISER),
    ("Emma Noir", StaffRole.ADVISER),
    ("Farid Vidal", StaffRole.BACK_OFFICE),
)
OUTCOMES = {Outcome.ACCEPTED: "accepted", Outcome.REFUSED: "refused", Outcome.PENDING: "pending"}
Asked = tuple[Request, Verdict, Known | None]
PAUSE_SECONDS = 0.01
KEPT = 60_000  # operations that the model remembers beside what can be asked again


class Simulation:
    """A bank, its model and a seed."""

    def __init__(self, dsn: Dsn, seed: int) -> None:
        self.seed = seed
        self.asked = 0
        self.counts: Counter[tuple[str, str]] = Counter()
        self.reasons: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()
        self.digest = hashlib.blake2b(digest_size=16)
        self.history: deque[tuple[int, Asked]] = deque(maxlen=20_000)
        listed = ScreeningList([ListedName("L1", orders.LISTED)], words_needed=2)
        start = SimulatedClock(datetime.fromisoformat("2026-06-01T08:00:00Z"))
        self.bank = Bank.open(dsn, start, directory=directory(), screening=listed)
        prepare(self.bank)
        staff = {-n: role.value for n, (_, role) in enumerate(STAFF, start=1)}
        with self.bank.read() as connection:
            heads = dict(
                connection.execute("select book, max(position) from journal group by book").fetchall()
            )
        self.model = Model(staff, set(range(1, PERSONS + 1)), BOOKS, {b: heads[b] for b in BOOKS})
        self.generator = Generator(seed, self.model)
        self.checker = Checker(self.bank, self.model)
        self.sole = seed % 4 == 0  # one writer that keeps the books to itself
        self.engines = [self._begin()] * 2 if self.sole else [self._begin(), self._begin()]

    def close(self) -> None:
        """Close every session."""
        for engine in self.engines:
            engine.close()
        self.checker.connection.close()
        self.bank.close()

    def run(self, operations: int, progress: Callable[["Simulation"], None] | None = None) -> str:
        """At least so many operations; a hash of the whole run. Raises Divergence."""
        while self.asked < operations:
            self.step()
            if progress is not None:
                progress(self)
        large = operations > 200_000
        total = self.checker.everything(statements=50 if large else None, walk=not large)
        self.digest.update(total.encode())
        return self.digest.hexdigest()

    def step(self) -> None:
        """One batch, in one of the ways in which batches are posted."""
        rng = self.generator.rng
        size = rng.choice((1, 5, 30, 200, 500, 500, 500))
        chance = rng.random()
        self.generator.clean = chance < 0.16
        batch = self._draw(size)
        if chance < 0.09:
            self._post_and_crash(batch, rng.choice(tuple(Fault)))
        elif chance < 0.16 and not self.sole:
            self._overtake(batch, self._draw(rng.choice((1, 10, 100))))
        elif chance < 0.30:
            pieces = rng.randrange(2, 5)
            for number in range(pieces):
                piece = batch[len(batch) * number // pieces : len(batch) * (number + 1) // pieces]
                self._post(piece, self.engines[number % 2])
        elif chance < 0.33:
            self._restart(*range(1 if self.sole else 2))
            self._post(batch, self.engines[0])
        else:
            self._post(batch, rng.choice(self.engines))
        self.checker.changes()
        self.generator.pass_time(size)
        self._forget()

    def _draw(self, size: int) -> list[Asked]:
        """Requests with what must become of them: the model goes ahead of the bank."""
        drawn = []
        self.generator.answered = dict(self.model.head)
        self.generator.opened = len(self.model.customers)
        for request in self.generator.due():
            drawn.append(self._judge(request))
        while len(drawn) < size:
            drawn.append(self._judge(self.generator.draw()))
        return drawn

    def _judge(self, request: Request) -> Asked:
        verdict = self.model.judge(request)
        known = self.model.book(request, verdict)
        self.digest.update(repr(request).encode())
        return request, verdict, known

    # posting

    def _post(self, batch: list[Asked], engine: FaultyEngine) -> None:
        if batch:
            self._compare(batch, engine.post([command(request) for request, _, _ in batch]))

    def _post_and_crash(self, batch: list[Asked], fault: Fault) -> None:
        """The engine comes to grief in the middle; what has no answer is asked again with the same keys."""
        engine = self.engines[0]
        engine.fault, engine.hit = fault, False
        commands = [command(request) for request, _, _ in batch]
        answers: list[Result] | None = None
        with contextlib.suppress(Crash, OutcomeUnknown):
            answers = engine.post(commands)
        engine.fault = None
        hit, stored = engine.hit, fault in STORED
        self.faults[str(fault) if hit else "nothing to break"] += 1
        if answers is not None:
            self._compare(batch, answers)
        if fault is not Fault.CUT_OFF_BEFORE_COMMIT:
            self._restart(0)
        if not hit or fault is not Fault.CUT_OFF_AFTER_COMMIT:
            differ(f"{fault}: answered", not hit, answers is not None)
        repeated = self.engines[self.generator.rng.randrange(2)].post(commands)
        known = len(batch)
        if answers is None:  # an engine may store a batch in pieces: those before the fault are known
            known = self._first_unknown(batch, repeated) if stored else 0
            differ(f"{fault}: something is stored", stored, known > 0)
        self._compare(batch, repeated, known=known, first=answers is None)

    @staticmethod
    def _first_unknown(batch: list[Asked], answers: list[Result]) -> int:
        """How many at the front were known when they were asked again."""
        for number, ((_, verdict, _), answer) in enumerate(zip(batch, answers, strict=True)):
            if verdict.stored is None and isinstance(answer, Answer) and not answer.replayed:
                return number
        return len(batch)

    def _overtake(self, batch: list[Asked], second: list[Asked]) -> None:
        """The second batch is decided first, but the first is stored in between: it must be decided anew."""
        slow, quick = self.engines
        answers: list[Result] = []

        def meanwhile() -> None:
            with no_queue():
                answers.extend(quick.post([command(request) for request, _, _ in batch]))

        slow.meanwhile = meanwhile
        before = slow.retries
        late = slow.post([command(request) for request, _, _ in second])
        self._compare(batch, answers)
        self._compare(second, late)
        self.faults["overtaken"] += slow.retries > before

    def _restart(self, *numbers: int) -> None:
        """These programs end and others begin, with nothing in memory."""
        for number in numbers:
            self.engines[number].close()
            self.engines[number] = self._begin()
            if self.sole:
                self.engines = [self.engines[number]] * 2
            self.faults["restarts"] += 1

    def _begin(self) -> FaultyEngine:
        """A new writer. A book that one kept is free once the server has ended its session."""
        engine = FaultyEngine(self.bank, BOOKS if self.sole else ())
        for _ in range(500):
            with contextlib.suppress(BookBusy):
                assert not engine.connection.closed
                return engine
            time.sleep(PAUSE_SECONDS)
        raise BookBusy("the writer before has not let go of its books")

    # comparing

    def _compare(
        self, batch: list[Asked], answers: list[Result], *, known: int = 0, first: bool = True
    ) -> None:
        """Outcome, reason, position, one by one; known: how many at the front were stored before.

        first: these are the first answers.
        """
        differ("answers", len(batch), len(answers))
        for number, (asked, answer) in enumerate(zip(batch, answers, strict=True)):
            request, verdict, kept = asked
            if first:
                self.asked += 1
                self.history.append((self.asked, asked))
                self.counts[request.kind, verdict.outcome if verdict.stored is None else "replayed"] += 1
            seen = self._seen(answer)
            self.reasons[str(seen[1]) if len(seen) > 1 else "failed"] += first
            self.digest.update(repr(seen).encode())
            again = number < known or verdict.stored is not None
            expected: tuple[object, ...] = ("failed",)
            if kept is not None:
                expected = (verdict.outcome, self._reason(verdict, kept, seen), kept.position, again)
            if seen != expected:
                raise Divergence(
                    f"{request}\n  the model: {verdict!r} {expected}\n  the bank:  {seen} {answer!r:.300}"
                )

    @staticmethod
    def _seen(answer: Result) -> tuple[object, ...]:
        if not isinstance(answer, Answer):
            return ("failed",)
        return OUTCOMES[answer.outcome], answer.reason, answer.position, answer.replayed

    @staticmethod
    def _reason(verdict: Verdict, known: Known, seen: tuple[object, ...]) -> object:
        """The reason that was given, if it is one of those that stand; from now on it is the only one."""
        if verdict.stored is not None and verdict.reasons == ("key-reused",) != known.reasons:
            return "key-reused"
        if len(seen) > 1 and seen[1] in known.reasons:
            known.reasons = (str(seen[1]),)
        return known.reasons[0]

    def _forget(self) -> None:
        """Keep the model small: drop what nothing can ask for any more."""
        model, keep = self.model, self.generator
        if len(model.known) > 2 * KEPT:
            wanted = {(r.subject >> 32, r.key) for r in (*keep.past, *keep.recent)}
            model.known = {k: v for k, v in model.known.items() if k in wanted}
            recent = set(model.recent_operations)
            model.operations = {k: v for k, v in model.operations.items() if k in recent}
            model.forget(KEPT)


def directory() -> Directory:
    """The directory of the model's other banks that are in one."""
    rows = ["country,bank_code,bic,place,com_pacific,instant"]
    for bank in terms.OTHER_BANKS:
        if bank.com_pacific or bank.instant:
            flags = ",".join("yes" if flag else "no" for flag in (bank.com_pacific, bank.instant))
            rows.append(f"{bank.iban[:2]},{bank.iban[4:9]},{bank.bic},{bank.place},{flags}")
    return read_directory(rows)


def prepare(bank: Bank) -> None:
    """Books, staff and persons."""
    for book in BOOKS:
        others = tuple(b for b in BOOKS if b != book)
        ask = OpenBook(
            name=f"book {book}", currencies=("EUR", "XPF"), opened_on=date(2026, 1, 1), other_books=others
        )
        bank.ask(ask, account_id(book, 0), actor=-1)
    for name, role in STAFF:
        bank.ask(RegisterStaff(name=name, role=role, approved_by=-2), REGISTER, actor=-1)
    for number in range(1, PERSONS + 1):
        person = RegisterPerson(
            surname=f"Personne {number}", first_names="Jeanne", birth_date=date(1980, 2, 29), birth_place="Paris",
            nationality="FR", address=Address(town="Paris", country="FR"), since=bank.clock.now().date(),
        )  # fmt: skip
        bank.ask(person, REGISTER, actor=-3, channel=Channel.BRANCH)
