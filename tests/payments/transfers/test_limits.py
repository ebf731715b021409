"""Ceilings of the remote space, and screening before money leaves."""

from collections.abc import Iterator
from datetime import date

import pytest
from tests.support.asserts import asserts
from tests.support.bank import ADVISER, BACK_OFFICE, BNC, BRED, CLERK, OTHER_ADVISER, open_account, open_bank
from tests.support.transfers import ELSEWHERE, ask_at, balance, duties, iban_of, order_of, pay, refused

from teneur.bank import Bank
from teneur.kernel.clock import SimulatedClock, instant
from teneur.kernel.commands import Answer, Channel, Outcome
from teneur.payments.transfers.commands import AskCeiling, DecideCeiling, ReviewScreening
from teneur.payments.transfers.facts import OrderStatus
from teneur.payments.transfers.rules.screening import ListedName, ScreeningList
from teneur.storage.database import Dsn

LISTED = ScreeningList([ListedName("L-1", "Igor Malvenu Krasny")], words_needed=2)


@pytest.fixture
def bank(database: Dsn) -> Iterator[Bank]:
    """A bank with a name on its list."""
    with open_bank(database):
        pass
    clock = SimulatedClock(instant("2026-05-04T08:00:00+02:00"))
    with Bank.open(database, clock, screening=LISTED) as opened:
        yield opened


def noumea(day: int, hour: int = 9) -> str:
    return f"2026-05-{day:02d}T{hour:02d}:00:00+11:00"


def ask_ceiling(bank: Bank, account: int, at: str, **asked: object) -> Answer:
    holder = bank.account(account).holders[0]
    ask = AskCeiling(**asked)  # type: ignore[arg-type]
    return ask_at(bank, ask, account, at, actor=holder, channel=Channel.REMOTE)


@asserts("BNC-6.1.3.1-11")
def test_both_ceilings_must_hold_and_the_week_rolls(bank: Bank) -> None:
    payer = open_account(bank, BNC, funds_minor=3_000_000)
    iban = iban_of(bank, open_account(bank, BNC))
    refused(pay(bank, payer, iban, 500_001, noumea(5)), "ceiling-per-operation")
    assert pay(bank, payer, iban, 500_000, noumea(5)).outcome is Outcome.ACCEPTED
    assert pay(bank, payer, iban, 500_000, noumea(6)).outcome is Outcome.ACCEPTED
    weekly = refused(pay(bank, payer, iban, 1, noumea(7)), "ceiling-weekly")
    assert "BNC-6.1.3.1-11" in weekly.citations
    assert pay(bank, payer, iban, 500_000, noumea(12)).outcome is Outcome.ACCEPTED
    refused(pay(bank, payer, iban, 1, noumea(12)), "ceiling-weekly")


def test_orders_at_the_branch_and_orders_not_yet_due_count_as_they_should(bank: Bank) -> None:
    payer = open_account(bank, BNC, funds_minor=3_000_000)
    holder = bank.account(payer).holders[0]
    iban = iban_of(bank, open_account(bank, BNC))
    branch = pay(
        bank,
        payer,
        iban,
        600_000,
        noumea(5),
        channel=Channel.BRANCH,
        actor=-3,
        ordered_by=holder,
        signed=True,
    )
    assert branch.outcome is Outcome.ACCEPTED
    later = pay(bank, payer, iban, 500_000, noumea(5), agreed_on=date(2026, 5, 20))
    assert later.outcome is Outcome.ACCEPTED
    refused(pay(bank, payer, iban, 500_000 - 1 + 2, noumea(5, 10)), "ceiling-per-operation")
    assert pay(bank, payer, iban, 500_000, noumea(5, 10)).outcome is Outcome.ACCEPTED
    refused(pay(bank, payer, iban, 1, noumea(5, 10)), "ceiling-weekly")


@asserts("BNC-6.1.3.1-13", "BNC-6.1.3.1-14", "BNC-6.1.3.1-15")
def test_a_raise_waits_for_the_adviser_one_at_a_time_and_ends_on_its_date(bank: Bank) -> None:
    payer = open_account(bank, BNC, funds_minor=5_000_000)
    iban = iban_of(bank, open_account(bank, BNC))
    raised = ask_ceiling(bank, payer, noumea(5), per_operation_minor=800_000)
    assert raised.outcome is Outcome.PENDING
    refused(pay(bank, payer, iban, 800_000, noumea(5)), "ceiling-per-operation")
    refused(ask_ceiling(bank, payer, noumea(5), per_operation_minor=900_000), "raise-pending")
    alone = DecideCeiling(
        request=raised.position, granted=True, until_on=date(2026, 5, 6), approved_by=ADVISER
    )
    refused(ask_at(bank, alone, payer, noumea(5), actor=ADVISER), "second-person-missing")
    by_clerk = DecideCeiling(
        request=raised.position, granted=True, until_on=date(2026, 5, 6), approved_by=OTHER_ADVISER
    )
    for actor in (CLERK, -99, 5):
        refused(ask_at(bank, by_clerk, payer, noumea(5), actor=actor), "not-authorised")
    endless = DecideCeiling(request=raised.position, granted=True, approved_by=OTHER_ADVISER)
    refused(ask_at(bank, endless, payer, noumea(5), actor=ADVISER), "end-date-missing")
    grant = DecideCeiling(
        request=raised.position, granted=True, until_on=date(2026, 5, 6), approved_by=OTHER_ADVISER
    )
    assert ask_at(bank, grant, payer, noumea(5), actor=ADVISER).outcome is Outcome.ACCEPTED
    assert pay(bank, payer, iban, 800_000, noumea(6)).outcome is Outcome.ACCEPTED
    refused(pay(bank, payer, iban, 500_001, noumea(14)), "ceiling-per-operation")


@asserts("BNC-6.1.3.1-13")
def test_a_lowering_counts_at_once(bank: Bank) -> None:
    payer = open_account(bank, BNC, funds_minor=500_000)
    iban = iban_of(bank, open_account(bank, BNC))
    assert ask_ceiling(bank, payer, noumea(5), per_operation_minor=1_000).outcome is Outcome.ACCEPTED
    refused(pay(bank, payer, iban, 1_001, noumea(5)), "ceiling-per-operation")
    assert pay(bank, payer, iban, 1_000, noumea(5)).outcome is Outcome.ACCEPTED


def test_a_listed_name_is_held_until_staff_has_looked(bank: Bank) -> None:
    payer = open_account(bank, BRED, funds_minor=10_000)
    held = pay(bank, payer, ELSEWHERE, 4_000, name="KRASNY Igor")
    assert (held.outcome, held.reason) == (Outcome.PENDING, "screening")
    account = bank.account(payer)
    assert (account.balance_minor, account.held_minor) == (10_000, 4_000)
    review = ReviewScreening(transfer=held.position, cleared=True)
    refused(ask_at(bank, review, payer, "2026-05-05T11:00:00+02:00", actor=1), "staff-only")
    ask_at(bank, review, payer, "2026-05-05T11:00:00+02:00", actor=BACK_OFFICE)
    account = bank.account(payer)
    assert (account.balance_minor, account.held_minor) == (6_000, 0)
    assert order_of(bank, payer, held).status is OrderStatus.SENT
    assert len(duties(bank, payer, "execute-transfer")) == 1


def test_a_name_that_is_not_cleared_frees_the_money(bank: Bank) -> None:
    payer = open_account(bank, BRED, funds_minor=10_000)
    held = pay(bank, payer, ELSEWHERE, 4_000, name="Igor Krasny")
    review = ReviewScreening(transfer=held.position, cleared=False)
    ask_at(bank, review, payer, "2026-05-05T11:00:00+02:00", actor=BACK_OFFICE)
    assert (balance(bank, payer), bank.account(payer).held_minor) == (10_000, 0)
    assert order_of(bank, payer, held).status is OrderStatus.REFUSED
    assert len(duties(bank, payer, "inform-of-refusal")) == 1


def test_one_common_word_does_not_hold_an_order(bank: Bank) -> None:
    payer = open_account(bank, BRED, funds_minor=10_000)
    assert pay(bank, payer, ELSEWHERE, 4_000, name="Igor Petit").outcome is Outcome.ACCEPTED
