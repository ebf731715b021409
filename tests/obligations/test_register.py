"""The register of duties: opened and discharged by decisions, read as of an instant, by urgency."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest

from teneur.accounts.decisions import DELIVER_RIB
from teneur.bank import Bank
from teneur.kernel.clock import instant
from teneur.kernel.commands import AccountId, Ask, Command, Decision, Facts, Need, Outcome, account_id
from teneur.kernel.money import Language
from teneur.kernel.obligations import Discharge, Owe
from teneur.ledger.engine import Engine
from teneur.ledger.registry import Kind, Registry
from teneur.obligations import reading
from teneur.obligations.commands import DischargeObligation, NoticeSent
from teneur.obligations.decisions import KINDS
from teneur.obligations.effects import EFFECTS
from teneur.obligations.facts import Obligation
from teneur.obligations.texts import NAMES, name
from teneur.storage.database import Dsn, connect
from tests.support.bank import BNC, BOOK, BRED, CLERK, accepted, open_account, refused

NOON = instant("2026-05-04T12:00:00Z")
LEDGER = account_id(BOOK, 0)
ACCOUNT = account_id(BOOK, 1_000_007)


class Note(Ask, frozen=True, kw_only=True):
    """Owe and discharge at will: pairs of (kind, about), hours until due."""

    owe: tuple[tuple[str, str, int | None], ...] = ()
    done: tuple[tuple[str, str], ...] = ()
    account: AccountId = ACCOUNT


class NoteHandler:
    def needs(self, _command: Command, _facts: Facts) -> Iterable[Need]:
        return ()

    def decide(self, command: Command, _facts: Facts) -> Decision:
        ask: Note = command.ask  # type: ignore[assignment]
        at = command.received_at
        owed = [
            Owe(ask.account, kind, about, "BRED-1.1-8", at, None if h is None else at + timedelta(hours=h))
            for kind, about, h in ask.owe
        ]
        done = [Discharge(ask.account, kind, about, "test", at) for kind, about in ask.done]
        return Decision(Outcome.ACCEPTED, (), effects=(*owed, *done))


class Notes:
    """An engine that runs notes."""

    def __init__(self, dsn: Dsn) -> None:
        self.dsn = dsn
        self.registry = Registry((*KINDS, Kind(9000, "note", Note, NoteHandler(), plain=True)), EFFECTS)
        self.engine = Engine(lambda: connect(dsn, hot=True), self.registry)
        self.count = 0

    def post(
        self, *asks: Ask, at: datetime = NOON, actor: int = -1, subject: AccountId = ACCOUNT
    ) -> list[Any]:
        commands = []
        for ask in asks:
            self.count += 1
            key = self.count.to_bytes(16, "big")
            commands.append(Command(key=key, subject=subject, received_at=at, ask=ask, actor=actor))
        results = self.engine.post(commands)
        return [getattr(r, "outcome", r) for r in results]

    def of_account(self, account: AccountId = ACCOUNT) -> list[Obligation]:
        with connect(self.dsn) as connection:
            return reading.of_account(connection, account)


@pytest.fixture
def notes(database: Dsn) -> Iterable[Notes]:
    made = Notes(database)
    yield made
    made.engine.close()


def test_a_duty_is_kept_with_its_clause_and_its_last_instant(notes: Notes) -> None:
    notes.post(Note(owe=(("answer", "claim 7", 24), ("answer", "claim 8", None))))
    first, second = notes.of_account()
    assert (first.kind, first.about, first.clause, first.debtor) == (
        "answer",
        "claim 7",
        "BRED-1.1-8",
        "bank",
    )
    assert (first.starts_at, first.due_at) == (NOON, NOON + timedelta(hours=24))
    assert (second.due_at, second.id, second.line) == (None, first.id, 1)


def test_a_duty_is_done_once_and_the_first_time_counts(notes: Notes) -> None:
    notes.post(Note(owe=(("answer", "claim 7", 24),)))
    for hours in (1, 2):
        notes.post(Note(done=(("answer", "claim 7"),)), at=NOON + timedelta(hours=hours))
    (duty,) = notes.of_account()
    assert (duty.discharged_at, duty.discharged_by) == (NOON + timedelta(hours=1), "test")


@pytest.mark.parametrize(("kind", "about"), [("answer", "claim 8"), ("inform", "claim 7")])
def test_what_is_done_about_another_thing_discharges_nothing(notes: Notes, kind: str, about: str) -> None:
    notes.post(Note(owe=(("answer", "claim 7", 24),)))
    notes.post(Note(done=((kind, about),)))
    assert reading.still_open(notes.of_account()) == notes.of_account()


def test_a_duty_of_another_account_stays(notes: Notes) -> None:
    other = account_id(BOOK, 1_000_008)
    notes.post(Note(owe=(("answer", "claim 7", 24),)))
    notes.post(Note(done=(("answer", "claim 7"),), account=other))
    assert len(reading.still_open(notes.of_account())) == 1
    assert notes.of_account(other) == []


def test_within_a_batch_only_what_was_owed_before_is_done(notes: Notes) -> None:
    notes.post(
        Note(done=(("x", "1"),)),
        Note(owe=(("x", "1", 1),)),  # opened after that: it stays
        Note(owe=(("y", "1", 1),)),
        Note(done=(("y", "1"),)),
        Note(owe=(("y", "1", 2),)),  # owed again
        Note(owe=(("z", "1", 1),), done=(("z", "1"),)),  # owed and done by the same decision
        Note(owe=(("z", "2", 1),)),
        Note(done=(("z", "2"),)),
        Note(owe=(("z", "2", 2),)),
        Note(done=(("z", "2"),)),
    )
    states = [(o.kind, o.about, o.discharged_at is None) for o in notes.of_account()]
    assert states == [
        ("x", "1", True),
        ("y", "1", False),
        ("y", "1", True),
        ("z", "1", False),
        ("z", "2", False),
        ("z", "2", False),
    ]


def test_a_duty_in_another_book_than_the_decision_s_is_a_broken_program(notes: Notes) -> None:
    (result,) = notes.post(Note(owe=(("x", "1", 1),), account=account_id(2, 1_000_000)))
    assert "book 2" in str(getattr(result, "__cause__", result))
    assert notes.of_account(account_id(2, 1_000_000)) == []


def test_what_is_due_comes_the_most_urgent_first(notes: Notes) -> None:
    notes.post(
        Note(owe=(("c", "1", 30), ("a", "1", 10), ("never", "1", None), ("b", "1", 20), ("b", "0", 20)))
    )
    with connect(notes.dsn) as connection:
        found = reading.due(connection, BOOK, NOON + timedelta(hours=29, minutes=59))
        assert [(o.kind, o.about) for o in found] == [("a", "1"), ("b", "1"), ("b", "0")]
        assert [o.kind for o in reading.due(connection, BOOK, NOON + timedelta(hours=30), limit=1)] == ["a"]
        assert reading.due(connection, BOOK + 1, NOON + timedelta(days=9)) == []


def test_a_duty_is_late_one_microsecond_after_its_last_instant(notes: Notes) -> None:
    notes.post(Note(owe=(("a", "1", 10),)))
    last = NOON + timedelta(hours=10)
    with connect(notes.dsn) as connection:
        assert reading.overdue(connection, BOOK, last) == []
        (late,) = reading.overdue(connection, BOOK, last + timedelta(microseconds=1))
    assert late.is_overdue(last + timedelta(microseconds=1))
    assert not late.is_overdue(last)


def test_what_was_open_can_be_asked_of_any_instant(notes: Notes) -> None:
    notes.post(Note(owe=(("a", "1", 10), ("b", "1", None))))
    notes.post(Note(done=(("a", "1"),)), at=NOON + timedelta(hours=5))
    with connect(notes.dsn) as connection:

        def open_at(hours: int) -> list[str]:
            found = reading.open_as_of(connection, BOOK, NOON + timedelta(hours=hours))
            assert all(o.is_open(NOON + timedelta(hours=hours)) for o in found)
            return [o.kind for o in found]

        assert open_at(-1) == []
        assert open_at(0) == ["a", "b"]
        assert open_at(4) == ["a", "b"]
        assert open_at(5) == ["b"]


# commands


def of_rib(bank: Bank, account: AccountId) -> Obligation:
    """The duty to hand over the RIB, which every opening brings."""
    with bank.read() as connection:
        (duty,) = (o for o in reading.of_account(connection, account) if o.kind == DELIVER_RIB)
    return duty


def test_staff_discharges_a_duty_and_says_how(bank: Bank) -> None:
    account = open_account(bank, BRED)
    duty = of_rib(bank, account)
    ask = DischargeObligation(obligation=duty.id, line=duty.line, how=" handed over at the counter ")
    refused(bank.ask(ask, account, actor=0), "not-authorised")
    refused(bank.ask(ask, account, actor=1), "not-authorised")
    silent = DischargeObligation(obligation=duty.id, line=duty.line, how=" ")
    refused(bank.ask(silent, account, actor=CLERK), "invalid-field")
    for wrong in (duty.id + 1, 2**52):
        unknown = DischargeObligation(obligation=wrong, line=0, how="x")
        refused(bank.ask(unknown, account, actor=CLERK), "unknown-obligation")
    answer = accepted(bank.ask(ask, account, actor=CLERK))
    assert answer.citations == (duty.clause,)
    refused(bank.ask(ask, account, actor=CLERK), "already-discharged")
    done = of_rib(bank, account)
    assert (done.discharged_at, done.discharged_by) == (bank.clock.now(), "handed over at the counter")


def test_a_notice_that_went_out_discharges_the_duty_to_send_it(bank: Bank) -> None:
    account = bank.account(open_account(bank, BRED))
    ask = NoticeSent(kind=DELIVER_RIB, about=account.iban, medium="letter", reference="2026-05-04/17")
    refused(bank.ask(ask, account.id, actor=1), "not-authorised")
    nameless = NoticeSent(kind=DELIVER_RIB, about=account.iban, medium="letter", reference="")
    refused(bank.ask(nameless, account.id), "invalid-field")
    assert accepted(bank.ask(ask, account.id)).citations == ("BRED-1.1-8",)
    refused(bank.ask(ask, account.id), "nothing-owed")
    done = of_rib(bank, account.id)
    assert done.discharged_by == "letter: 2026-05-04/17"


def test_two_notices_of_one_thing_in_a_batch_are_one(notes: Notes) -> None:
    sent = NoticeSent(kind="inform", about="order 1", medium="e-mail", reference="m1")
    outcomes = notes.post(sent, Note(owe=(("inform", "order 1", 1),)), sent, sent, actor=0)
    assert outcomes == [Outcome.REFUSED, Outcome.ACCEPTED, Outcome.ACCEPTED, Outcome.REFUSED]
    (duty,) = notes.of_account()
    assert duty.discharged_by == "e-mail: m1"


def test_a_duty_discharged_within_the_batch_is_not_discharged_again(notes: Notes) -> None:
    notes.post(Note(owe=(("inform", "order 1", 1),)))
    (duty,) = notes.of_account()
    ask = DischargeObligation(obligation=duty.id, line=duty.line, how="by hand")
    assert notes.post(Note(done=(("inform", "order 1"),)), ask) == [Outcome.ACCEPTED, Outcome.REFUSED]


def test_a_duty_of_the_bank_s_own_making_cites_no_clause(bank: Bank) -> None:
    account = bank.account(open_account(bank, BNC))
    duty = of_rib(bank, account.id)
    assert (duty.kind, duty.clause) == (DELIVER_RIB, "")
    assert duty.due_at == instant("2026-05-04T23:59:59.999999+11:00")
    ask = NoticeSent(kind=DELIVER_RIB, about=account.iban, medium="letter", reference="17")
    assert accepted(bank.ask(ask, account.id)).citations == ()


def test_every_duty_has_a_name_in_both_languages_and_an_unknown_one_its_code() -> None:
    for kind in NAMES:
        assert name(kind) != kind
        assert name(kind, Language.ENGLISH) not in (kind, name(kind))
    assert name("some-new-duty") == "some-new-duty"
