"""Who may say what became of a payment, look at a held one, and send the bank's messages; whose a hold is."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from uuid import uuid4

import pytest
from tests.payments.transfers.world import INSTANT, open_world, payee
from tests.support.bank import (
    ADMIN,
    ADVISER,
    BACK_OFFICE,
    BOOK,
    BRED,
    CLERK,
    OTHER_ADMIN,
    accepted,
    open_account,
)
from tests.support.transfers import ask_at, balance, duties, order_of, pay, refused

from teneur.agreements.terms.transfers import Service
from teneur.bank import Bank
from teneur.channels.explain_texts import reason_text
from teneur.customers.commands import ChangeStaff, StaffRole
from teneur.customers.decisions import REGISTER
from teneur.kernel.commands import Answer, Ask, Channel, Command, Outcome, account_id
from teneur.kernel.money import Language
from teneur.ledger.chart import Role, own_account
from teneur.ledger.commands import ReleaseHold, TakeHold
from teneur.ledger.reading import holds_in_force
from teneur.payments.transfers.commands import (
    ConfirmInstant,
    ExportMessages,
    ReviewScreening,
    RevokeTransfer,
    SettleTransfer,
)
from teneur.payments.transfers.facts import OrderStatus
from teneur.payments.transfers.message_files import FileWritten
from teneur.payments.transfers.messages import CREDIT_TRANSFER
from teneur.storage.database import Dsn

AT = "2026-05-05T10:00:03+02:00"
MUCH_LATER = "2027-05-05T10:00:00+02:00"
STRANGER = 1  # any person
OUTSIDERS = [
    *((STRANGER, channel) for channel in Channel),
    *((0, channel) for channel in Channel if channel not in (Channel.SYSTEM, Channel.INTERBANK)),
    *((staff, Channel.BRANCH) for staff in (ADMIN, CLERK, ADVISER, -99)),
    (BACK_OFFICE, Channel.MOBILE),
    (BACK_OFFICE, Channel.INTERBANK),
]
PROGRAM, DESK = (0, Channel.SYSTEM), (BACK_OFFICE, Channel.BRANCH)
OTHER_BANK = (0, Channel.INTERBANK)


@pytest.fixture
def bank(database: Dsn) -> Iterator[Bank]:
    """A bank that knows others, and a list of names."""
    with open_world(database) as opened:
        yield opened


@pytest.fixture
def payer(bank: Bank) -> int:
    """An account with 10,000 cents."""
    return open_account(bank, BRED, funds_minor=10_000)


def instant_order(bank: Bank, payer: int) -> Answer:
    answer = pay(bank, payer, INSTANT, 4_000, channel=Channel.MOBILE, service=Service.INSTANT)
    assert answer.outcome is Outcome.PENDING
    return answer


def screened_order(bank: Bank, payer: int) -> Answer:
    answer = pay(bank, payer, "", 4_000, payee=payee(INSTANT, name="Igor Malvenu Krasny"))
    assert (answer.outcome, answer.reason) == (Outcome.PENDING, "screening")
    return answer


def sent_order(bank: Bank, payer: int) -> Answer:
    return accepted(pay(bank, payer, INSTANT, 4_000))


# who may tell


def all_refused(bank: Bank, subject: int, ask: Ask, reason: str, *more: tuple[int, Channel]) -> None:
    """Refused to every outsider, with a reason that has words."""
    for actor, channel in (*OUTSIDERS, *more):
        refused(ask_at(bank, ask, subject, AT, actor=actor, channel=channel), reason)
    assert reason_text(reason, {}, Language.FRENCH) != f"{reason}."


@pytest.mark.parametrize("teller", [OTHER_BANK, PROGRAM, DESK])
@pytest.mark.parametrize(("available", "left"), [(True, 6_000), (False, 10_000)])
def test_only_the_other_bank_the_program_and_the_back_office_answer_an_instant_transfer(
    bank: Bank, payer: int, teller: tuple[int, Channel], available: bool, left: int
) -> None:
    order = instant_order(bank, payer)
    answer = ConfirmInstant(transfer=order.position, available=available)
    all_refused(bank, payer, answer, "interbank-only")
    account = bank.account(payer)
    assert (account.balance_minor, account.held_minor) == (10_000, 4_000)
    accepted(ask_at(bank, answer, payer, AT, actor=teller[0], channel=teller[1]))
    account = bank.account(payer)
    assert (account.balance_minor, account.held_minor) == (left, 0)


@pytest.mark.parametrize("teller", [OTHER_BANK, PROGRAM, DESK])
def test_only_they_say_that_a_transfer_is_settled(
    bank: Bank, payer: int, teller: tuple[int, Channel]
) -> None:
    order = sent_order(bank, payer)
    settle = SettleTransfer(transfer=order.position)
    all_refused(bank, payer, settle, "interbank-only")
    assert order_of(bank, payer, order).status is OrderStatus.SENT
    assert duties(bank, payer, "execute-transfer")[0].discharged_at is None
    accepted(ask_at(bank, settle, payer, AT, actor=teller[0], channel=teller[1]))
    assert order_of(bank, payer, order).status is OrderStatus.DONE


@pytest.mark.parametrize("teller", [PROGRAM, DESK])
def test_only_the_bank_itself_takes_messages_along_and_says_that_a_file_is_written(
    bank: Bank, payer: int, teller: tuple[int, Channel]
) -> None:
    order, book = sent_order(bank, payer), account_id(BOOK, 0)
    [line] = messages(bank)
    taken = ExportMessages(message=CREDIT_TRANSFER, file_id="F1", items=((payer, order.position, line),))
    written = FileWritten(file_id="F1", sha256="00" * 32)
    all_refused(bank, book, taken, "bank-only", OTHER_BANK)
    assert messages(bank) == [line]
    accepted(ask_at(bank, taken, book, AT, actor=teller[0], channel=teller[1]))
    assert messages(bank) == []
    all_refused(bank, book, written, "bank-only", OTHER_BANK)
    assert files_unwritten(bank) == 1
    accepted(ask_at(bank, written, book, AT, actor=teller[0], channel=teller[1]))
    assert files_unwritten(bank) == 0


def messages(bank: Bank) -> list[int]:
    """The lines of the messages that wait."""
    with bank.read() as connection:
        return [n for (n,) in connection.execute("select line from outbox where exported_in is null")]


def files_unwritten(bank: Bank) -> int:
    with bank.read() as connection:
        return len(connection.execute("select from file_sent where written_at is null").fetchall())


def test_only_the_back_office_looks_at_an_order_held_for_screening(bank: Bank, payer: int) -> None:
    order = screened_order(bank, payer)
    review = ReviewScreening(transfer=order.position, cleared=True)
    all_refused(bank, payer, review, "staff-only", OTHER_BANK, PROGRAM)
    assert order_of(bank, payer, order).status is OrderStatus.SCREENED
    accepted(ask_at(bank, review, payer, AT, actor=BACK_OFFICE, channel=Channel.BRANCH))
    assert order_of(bank, payer, order).status is OrderStatus.SENT


def test_who_has_left_the_back_office_answers_nothing_any_more(bank: Bank, payer: int) -> None:
    left = ChangeStaff(staff=BACK_OFFICE, role=StaffRole.BACK_OFFICE, active=False, approved_by=OTHER_ADMIN)
    accepted(bank.ask(left, REGISTER, actor=ADMIN))
    order = instant_order(bank, payer)
    answer = ConfirmInstant(transfer=order.position, available=True)
    refused(ask_at(bank, answer, payer, AT, actor=BACK_OFFICE, channel=Channel.BRANCH), "interbank-only")


# whose a hold is


def by_hand(payer: int, order: Answer) -> tuple[Ask, ...]:
    """All that may be asked of a hold as such; the order that placed it gave it its own number."""
    day = date(2026, 5, 5)
    take = TakeHold(
        hold=order.position, amount_minor=4_000, credit=own_account(BOOK, Role.SUSPENSE, "EUR"),
        booked_on=day, debit_value_on=day, credit_value_on=day,
    )  # fmt: skip
    return (
        take,
        ReleaseHold(hold=order.position),
        ReleaseHold(hold=order.position, expired=True),
    )


@pytest.mark.parametrize("at", [AT, MUCH_LATER])
def test_the_hold_of_an_instant_order_is_ended_by_its_answer_alone(bank: Bank, payer: int, at: str) -> None:
    """Not by hand, and not by time."""
    order = instant_order(bank, payer)
    for ask in by_hand(payer, order):
        refused(ask_at(bank, ask, payer, at, actor=BACK_OFFICE, channel=Channel.BRANCH), "hold-of-an-order")
    assert (bank.account(payer).held_minor, order_of(bank, payer, order).status) == (
        4_000,
        OrderStatus.RESERVED,
    )
    with bank.read() as connection:
        assert [hold.expires_at for hold in holds_in_force(connection, payer)] == [None]
    answer = ConfirmInstant(transfer=order.position, available=True)
    accepted(ask_at(bank, answer, payer, at, channel=Channel.INTERBANK))
    assert order_of(bank, payer, order).status is OrderStatus.DONE
    assert (balance(bank, payer), bank.account(payer).held_minor) == (6_000, 0)


@pytest.mark.parametrize("how", ["cleared", "not cleared", "revoked"])
def test_the_hold_of_a_screened_order_is_ended_by_what_ends_the_order(
    bank: Bank, payer: int, how: str
) -> None:
    order = screened_order(bank, payer)
    for ask in by_hand(payer, order):
        refused(ask_at(bank, ask, payer, AT, actor=BACK_OFFICE, channel=Channel.BRANCH), "hold-of-an-order")
    if how == "revoked":
        revoke = RevokeTransfer(transfer=order.position, written=True)
        holder = bank.account(payer).holders[0]
        ended = ask_at(bank, revoke, payer, AT, actor=holder, channel=Channel.REMOTE)
    else:
        review = ReviewScreening(transfer=order.position, cleared=how == "cleared")
        ended = ask_at(bank, review, payer, AT, actor=BACK_OFFICE, channel=Channel.BRANCH)
    accepted(ended)
    statuses = {
        "cleared": OrderStatus.SENT,
        "not cleared": OrderStatus.REFUSED,
        "revoked": OrderStatus.REVOKED,
    }
    assert order_of(bank, payer, order).status is statuses[how]
    assert bank.account(payer).held_minor == 0


def test_writers_that_ask_at_once_for_the_hold_and_for_the_answer_end_the_order_once(
    bank: Bank, payer: int
) -> None:
    """Whatever comes first, only the answer acts."""
    order, at = instant_order(bank, payer), bank.clock.now() + timedelta(days=2)
    asks: list[tuple[Ask, int, Channel]] = [
        (ask, BACK_OFFICE, Channel.BRANCH) for ask in by_hand(payer, order)
    ]
    asks += [(ConfirmInstant(transfer=order.position, available=True), *OTHER_BANK)] * 3

    def post(asked: tuple[Ask, int, Channel]) -> Answer:
        ask, actor, channel = asked
        key = uuid4().bytes
        engine = bank.engine()
        try:
            return engine.post_one(
                Command(key=key, subject=payer, received_at=at, ask=ask, actor=actor, channel=channel)
            )
        finally:
            engine.close()

    with ThreadPoolExecutor(len(asks)) as pool:
        answers = list(pool.map(post, asks))
    assert {a.reason for a in answers[:3]} <= {"hold-of-an-order", "hold-not-in-force"}
    assert sum(a.outcome is Outcome.ACCEPTED for a in answers) == 1
    assert order_of(bank, payer, order).status is OrderStatus.DONE
    assert (balance(bank, payer), bank.account(payer).held_minor) == (6_000, 0)
