"""The account records every operation: deposits, transfers out and in, and what undoes them."""

from teneur.accounts.facts import balance, items
from teneur.bank import Bank
from teneur.ledger.commands import ReverseOperation
from tests.support.asserts import asserts
from tests.support.bank import (
    ADVISER,
    BACK_OFFICE,
    BRED,
    accepted,
    bank,
    open_account,
    pay_in,
)
from tests.support.transfers import iban_of, pay, refused

__all__ = ["bank"]


@asserts("BRED-3.1-1")
def test_each_operation_is_an_item_in_order_and_a_refused_one_is_none(bank: Bank) -> None:
    account, other = open_account(bank, BRED), open_account(bank, BRED, funds_minor=5_000)
    pay_in(bank, account, 10_000)
    accepted(pay(bank, account, iban_of(bank, other), 2_500))
    accepted(pay(bank, other, iban_of(bank, account), 700))
    refused(pay(bank, account, iban_of(bank, other), 9_000), "insufficient-funds")
    sent = accepted(pay(bank, account, iban_of(bank, other), 1))
    undo = ReverseOperation(
        operation=sent.position,
        booked_on=bank.clock.now().date(),
        reason="entered twice",
        approved_by=ADVISER,
    )
    accepted(bank.ask(undo, account, actor=BACK_OFFICE))
    with bank.read() as connection:
        assert [i.amount_minor for i in items(connection, account)] == [10_000, -2_500, 700, -1, 1]
        assert balance(connection, account) == bank.account(account).balance_minor == 8_200
