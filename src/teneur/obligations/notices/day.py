"""The task that renders and delivers what waits, and records that it went out.

For each notice: issue its document, note that an attempt begins, send, note what became of it, then record
the sending in the journal, which does the duty. A program that dies on the way goes on from there: what is
known as sent is only recorded; what may have been sent (begun, no outcome) goes out again under the same
reference, since at least once is the promise that can be kept. One process delivers the notices of a book at
a time.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final, Protocol

import msgspec
from psycopg import Connection

from teneur.accounts.governing import Governing, GoverningTerms
from teneur.agreements.terms.notices import Medium
from teneur.customers.facts import Person, load_persons
from teneur.documents.identity import BankIdentity
from teneur.documents.typesetting import TypesettingError
from teneur.kernel.clock import Clock
from teneur.kernel.commands import Answer as Posted
from teneur.kernel.commands import Command, Outcome, derived_key, number_of
from teneur.ledger.account import Account, load_accounts
from teneur.obligations.commands import NoticeSent
from teneur.obligations.notices import attempts as store
from teneur.obligations.notices import rules
from teneur.obligations.notices.adapters import Adapter, Answer, Parcel
from teneur.obligations.notices.attempts import Grounds
from teneur.obligations.notices.delivery import PAUSES, Attempt, next_at, next_medium, since_given_up
from teneur.obligations.notices.delivery import Outcome as Became
from teneur.obligations.notices.document import (
    NoticeDocument,
    build_document,
    document_hash,
    document_pdf,
    document_text,
)
from teneur.obligations.notices.facts import NO_CHOICE, SQL, Choice, Notice, load_choices
from teneur.obligations.notices.templates import WordingError

MOST: Final = 100  # notices in one round
WITHOUT_ADAPTER: Final = timedelta(days=1)  # the first pause of what cannot be sent; then as long as it waits
Enclosures = Callable[[Connection[Any], Notice], tuple[tuple[str, bytes], ...]]


class BankLike(Protocol):
    """What the task needs of a bank."""

    clock: Clock
    governing: Governing

    def post(self, commands: Sequence[Command]) -> Sequence[Any]:
        """The answers to commands, or their errors, in order."""
        ...

    def connect(self) -> Connection[Any]:
        """A session of its own."""
        ...

    def read(self) -> AbstractContextManager[Connection[Any]]:
        """A read-only session."""
        ...


class Report(msgspec.Struct, kw_only=True):
    """What was delivered: names of notices, with the medium; problems are for people.

    unequipped: wait for a way of sending that is not set up. given_up: a person must look.
    """

    sent: list[tuple[str, str]] = []
    failed: list[tuple[str, str]] = []
    given_up: list[str] = []
    needless: list[str] = []
    unequipped: list[str] = []
    problems: list[str] = []
    busy: bool = False


class _Work(msgspec.Struct, kw_only=True):
    """One notice of a round. sent: an earlier run had sent it. equipped: each of its media is set up."""

    notice: Notice
    attempts: list[Attempt]
    document: NoticeDocument
    email: str
    pdf: bytes | None
    medium: Medium | None
    equipped: bool = True
    address: str = ""
    sent: Attempt | None = None
    enclosures: tuple[tuple[str, bytes], ...] = ()


def _nothing_enclosed(_connection: Connection[Any], _notice: Notice) -> tuple[tuple[str, bytes], ...]:
    return ()


def deliver(
    bank: BankLike,
    book: int,
    adapters: Mapping[Medium, Adapter],
    enclosures: Enclosures = _nothing_enclosed,
    tell: Callable[[str, int], None] = lambda _what, _count: None,
) -> Report:
    """Everything of a book whose time has come, in rounds; busy: another process is at it already."""
    return _Delivery(bank, book, adapters, enclosures, tell).run()


class _Delivery:
    def __init__(
        self,
        bank: BankLike,
        book: int,
        adapters: Mapping[Medium, Adapter],
        enclosures: Enclosures,
        tell: Callable[[str, int], None],
    ) -> None:
        self.bank = bank
        self.book = book
        self.adapters = adapters
        self.enclosures = enclosures
        self.tell = tell
        self.report = Report()

    def run(self) -> Report:
        with closing(self.bank.connect()) as notes, self._alone(notes) as alone:
            self.report.busy = not alone
            while alone:
                with notes.transaction():
                    notices = store.waiting(notes, self.book, self.bank.clock.now(), MOST)
                if not notices:
                    break
                self._round(notes, notices)
                self.tell("notices", len(notices))
        return self.report

    @contextmanager
    def _alone(self, notes: Connection[Any]) -> Iterator[bool]:
        with notes.transaction():
            row = notes.execute(SQL["one_at_a_time"], {"book": self.book}).fetchone()
        alone = bool(row and row[0])
        yield alone
        if alone:
            with notes.transaction():
                notes.execute(SQL["next_one"], {"book": self.book})

    def _round(self, notes: Connection[Any], notices: list[Notice]) -> None:
        sent: list[tuple[_Work, str, Medium | str]] = []
        ready: dict[Medium, list[_Work]] = {}
        with notes.transaction():
            works = list(self._prepare(notes, notices))
        for work in works:
            if work.sent is not None:
                sent.append((work, work.sent.reference, work.sent.medium))
            elif work.medium is not None:
                ready.setdefault(work.medium, []).append(work)
        for medium, group in ready.items():
            sent += self._send(notes, medium, group)
        place = {notice.key: number for number, notice in enumerate(notices)}
        sent.sort(key=lambda one: place[one[0].notice.key])  # the same order after a death on the way
        self._record(notes, sent)

    def _prepare(self, notes: Connection[Any], notices: list[Notice]) -> Iterator[_Work]:
        """Documents issued, media chosen; what cannot be done is noted and left out."""
        accounts = load_accounts(notes, list({n.account for n in notices}))
        persons = load_persons(notes, list({h for a in accounts.values() for h in a.holders}))
        choices = load_choices(notes, list(accounts))
        grounds = store.grounds_of(notes, self.book, notices)
        for notice in notices:
            attempts = store.attempts_of(notes, notice.key)
            sent = next((a for a in attempts if a.outcome is Became.SENT), None)
            duty = grounds[notice.key]
            if sent is None and duty.duty_done is not None:
                self._needless(notes, notice, attempts, duty.duty_done)
                continue
            try:
                work = self._work(notes, notice, attempts, accounts[notice.account], persons, choices, duty)
            except (WordingError, TypesettingError, LookupError) as error:
                self._give_up(notes, notice, attempts, str(error))
                continue
            work.sent = sent
            if sent is None and work.medium is None and not work.equipped:
                now = self.bank.clock.now()
                store.wait_until(notes, notice.key, now + max(WITHOUT_ADAPTER, now - notice.made_at))
                self.report.unequipped.append(notice.name)
                continue
            if sent is None and work.medium is None:
                self._give_up(notes, notice, attempts, "no medium is left")
                continue
            yield work

    def _work(
        self,
        notes: Connection[Any],
        notice: Notice,
        attempts: list[Attempt],
        account: Account,
        persons: Mapping[int, Person],
        choices: Mapping[int, Choice],
        grounds: Grounds,
    ) -> _Work:
        terms = self.bank.governing.of_account(account, notice.made_at.date())
        choice = choices.get(account.id, NO_CHOICE)
        person = persons[rules.recipient(choice, account.holders)]
        kept = store.kept_document(notes, notice.key)
        if kept is None:
            document = self._issue(notes, notice, account, persons, person, terms, grounds)
            pdf = None
        else:
            document, pdf = kept
            person = persons.get(document.person, person)
        media = rules.media_in_order(
            notice.template, rules.named_medium(notice.values), choice, terms.agreement.notices
        )
        medium = next_medium(media, attempts, self.adapters, document, person.email)
        work = _Work(
            notice=notice, attempts=attempts, document=document, email=person.email, pdf=pdf, medium=medium,
            equipped=all(m in self.adapters for m in media),
            enclosures=self.enclosures(notes, notice),
        )  # fmt: skip
        if medium is not None:
            adapter = self.adapters[medium]
            work.address = adapter.address(document, person.email)
            if adapter.needs_page and work.pdf is None:
                work.pdf = document_pdf(document, registered=medium is Medium.REGISTERED_LETTER)
                store.keep_page(notes, notice.key, work.pdf)
        return work

    def _issue(
        self,
        notes: Connection[Any],
        notice: Notice,
        account: Account,
        persons: Mapping[int, Person],
        person: Person,
        terms: GoverningTerms,
        grounds: Grounds,
    ) -> NoticeDocument:
        of = terms.agreement.bank
        document = build_document(
            notice,
            account,
            [persons[holder] for holder in account.holders],
            person,
            terms.agreement,
            clauses=grounds.clauses,
            bank=BankIdentity(name=of.name.value, bic=of.bic.value),
            issued_at=self.bank.clock.now(),
        )
        store.keep_document(notes, notice.key, document)
        return document

    def _needless(self, notes: Connection[Any], notice: Notice, attempts: list[Attempt], how: str) -> None:
        """What had to be told was told otherwise, or is no longer true: nothing goes out."""
        number, now = len(attempts) + 1, self.bank.clock.now()
        store.begin(notes, notice.key, number, "", "", now)
        store.end(notes, notice.key, number, Became.NEEDLESS, now, error=how)
        notes.execute(SQL["needless"], store.key_of(notice.key))
        self.report.needless.append(notice.name)

    def _give_up(self, notes: Connection[Any], notice: Notice, attempts: list[Attempt], why: str) -> None:
        number, now = len(attempts) + 1, self.bank.clock.now()
        store.begin(notes, notice.key, number, "", "", now)
        store.end(notes, notice.key, number, Became.FAILED, now, error=why)
        store.wait_until(notes, notice.key, None)
        self.report.given_up.append(notice.name)
        self.report.problems.append(f"notice {notice.name} ({notice.template}): {why}")

    def _send(
        self, notes: Connection[Any], medium: Medium, group: list[_Work]
    ) -> list[tuple[_Work, str, Medium | str]]:
        """Send by one medium; each outcome is noted as soon as it is known."""
        begun_at = self.bank.clock.now()
        with notes.transaction():
            for work in group:
                number = len(work.attempts) + 1
                store.begin(notes, work.notice.key, number, medium.value, work.address, begun_at)
        sent: list[tuple[_Work, str, Medium | str]] = []
        answers = self.adapters[medium].send([_parcel(work, medium) for work in group])
        for work, answer in zip(group, answers, strict=True):
            with notes.transaction():
                self._note(notes, work, medium, answer)
            if answer.sent:
                sent.append((work, answer.reference, medium))
        return sent

    def _note(self, notes: Connection[Any], work: _Work, medium: Medium, answer: Answer) -> None:
        now, key, number = self.bank.clock.now(), work.notice.key, len(work.attempts) + 1
        if answer.sent:
            store.end(notes, key, number, Became.SENT, now, reference=answer.reference)
            return
        outcome = Became.REFUSED if answer.permanent else Became.FAILED
        store.end(notes, key, number, outcome, now, error=answer.error)
        before = sum(a.medium == medium for a in since_given_up(work.attempts))
        store.wait_until(notes, key, next_at(now, before, permanent=answer.permanent))
        self.report.failed.append((work.notice.name, f"{medium.value}: {answer.error}"))

    def _record(self, notes: Connection[Any], sent: list[tuple[_Work, str, Medium | str]]) -> None:
        """The proof of sending, in the journal; it does the duty."""
        commands = [self._command(work, reference, medium) for work, reference, medium in sent]
        results = self.bank.post(commands) if commands else []
        for (work, _, medium), result in zip(sent, results, strict=True):
            if isinstance(result, Posted) and result.outcome is Outcome.ACCEPTED:
                self.report.sent.append((work.notice.name, str(medium)))
                continue
            why = result.reason if isinstance(result, Posted) else str(result)
            self.report.problems.append(f"notice {work.notice.name} went out, but this was not noted: {why}")
            with notes.transaction():
                store.wait_until(notes, work.notice.key, self.bank.clock.now() + PAUSES[0])

    def _command(self, work: _Work, reference: str, medium: Medium | str) -> Command:
        notice = work.notice
        digest = work.sent.address_sha256 if work.sent else sha256(work.address.encode()).hexdigest()
        ask = NoticeSent(
            kind=notice.discharges,
            about=notice.about,
            medium=str(medium),
            reference=reference,
            notice=notice.id,
            line=notice.line,
            document_sha256=document_hash(work.document),
            address_sha256=digest,
        )
        number = number_of(notice.account)
        key = derived_key("teneur-notice-sent", self.book, number, notice.id, notice.line)
        return Command(key=key, subject=notice.account, received_at=self.bank.clock.now(), ask=ask)


def _parcel(work: _Work, medium: Medium) -> Parcel:
    return Parcel(
        key=work.notice.key,
        medium=medium,
        document=work.document,
        text=document_text(work.document),
        sha256=document_hash(work.document),
        email=work.email,
        pdf=work.pdf,
        enclosures=work.enclosures,
    )
