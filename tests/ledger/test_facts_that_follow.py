"""A command may need facts that only follow from what the commands before it in its batch do."""

from datetime import timedelta

import pytest
from tests.support.bank import ADVISER, BNC, BOOK, MAIN_BRANCH, add_person, open_account, open_bank

from teneur.accounts.commands import OpenAccount
from teneur.kernel.clock import instant
from teneur.kernel.commands import Answer, Channel, Command, Outcome, account_id
from teneur.ledger.account import AccountKind
from teneur.payments.transfers.commands import PayeeAccount, PlaceTransfer
from teneur.storage.database import Dsn

AT = instant("2026-05-05T10:00:00+11:00")


@pytest.mark.parametrize("cut", [0, 1, 2])
def test_an_account_opened_and_used_in_one_batch_is_as_if_used_in_the_next(database: Dsn, cut: int) -> None:
    with open_bank(database) as bank:
        payee = bank.account(open_account(bank, BNC)).iban
        person = add_person(bank)
        commands = [_opening(person), *(_order(person, payee, number) for number in (1, 2))]
        answers = bank.post(commands[:cut]) + bank.post(commands[cut:])
        assert [_seen(answer) for answer in answers] == [
            (Outcome.ACCEPTED, "", False),
            (Outcome.REFUSED, "insufficient-funds", False),
            (Outcome.REFUSED, "ceiling-per-operation", False),
        ]
        assert [_seen(answer) for answer in bank.post(commands)] == [
            (*_seen(answer)[:2], True) for answer in answers
        ]


def _opening(person: int) -> Command:
    ask = OpenAccount(
        kind=AccountKind.INDIVIDUAL, holders=(person,), currency="XPF", series=BNC, branch=MAIN_BRANCH
    )
    book = account_id(BOOK, 0)
    return Command(
        key=b"opening".ljust(16), subject=book, received_at=AT, ask=ask, actor=ADVISER, channel=Channel.BRANCH
    )


def _order(person: int, payee: str, number: int) -> Command:
    """The first order is for more than the account has, the second beyond the ceiling of one operation."""
    ask = PlaceTransfer(
        amount_minor=1 if number == 1 else 500_001,
        currency="XPF",
        payee=PayeeAccount(name="Jean Payé", iban=payee),
    )
    return Command(
        key=(b"order %d" % number).ljust(16),
        subject=account_id(BOOK, 1_000_001),
        received_at=AT + timedelta(seconds=number),
        ask=ask,
        actor=person,
        channel=Channel.REMOTE,
    )


def _seen(answer: object) -> tuple[Outcome, str, bool]:
    assert isinstance(answer, Answer), answer
    return answer.outcome, answer.reason, answer.replayed
