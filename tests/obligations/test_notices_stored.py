"""What must be told is stored with the decision that says so, once, and never changed."""

import json

import pytest
from psycopg import errors

from teneur.bank import Bank
from teneur.kernel.commands import number_of
from teneur.kernel.notices import Notify
from teneur.ledger.errors import BrokenDecision
from teneur.obligations.notices.effects import EFFECTS
from tests.support.bank import BRED, open_account

WRITE = EFFECTS[0].write


def test_two_notices_of_one_decision_stand_in_order_with_their_values(bank: Bank) -> None:
    account = open_account(bank, BRED)
    at = bank.clock.now()
    told = [
        (1, 77, Notify(account, "overdraft-excess", "", (("excess_minor", 1), ("on", "2026-05-04")), at)),
        (1, 77, Notify(account, "overdraft-excess", "4", (), at, discharges="inform-of-excess")),
        (1, 78, Notify(account, "fee-announced", "", (), at)),
    ]
    with bank.connect() as connection:
        WRITE(connection, told)
        found = connection.execute(
            "select notice, line, template, about, content, discharges from notice where account = %s "
            "and notice >= 77 order by notice, line",
            [number_of(account)],
        ).fetchall()
    assert [row[:4] for row in found] == [
        (77, 0, "overdraft-excess", "77"),
        (77, 1, "overdraft-excess", "4"),
        (78, 0, "fee-announced", "78"),
    ]
    assert json.loads(found[0][4]) == {"excess_minor": 1, "on": "2026-05-04"}
    assert [row[5] for row in found] == ["", "inform-of-excess", ""]


def test_a_notice_about_another_book_breaks_the_decision(bank: Bank) -> None:
    account = open_account(bank, BRED)
    with bank.connect() as connection, pytest.raises(BrokenDecision, match="book 1"):
        WRITE(connection, [(2, 5, Notify(account, "overdraft-excess", "", (), bank.clock.now()))])


def test_the_program_cannot_change_or_remove_what_had_to_be_told(bank: Bank) -> None:
    open_account(bank, BRED)
    for statement in ("update notice set template = 'x'", "delete from notice"):
        with bank.connect() as connection, pytest.raises(errors.InsufficientPrivilege):
            connection.execute(statement)
