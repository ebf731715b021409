"""Cutting statements asks the database the same number of questions however many postings there are."""

from datetime import date
from typing import Any

import psycopg
import pytest

from teneur.bank import Bank
from teneur.pricing.statements.gathering import POSTINGS_AT_ONCE, Due, gather, in_portions, load_due
from teneur.pricing.statements.statement import Period
from teneur.storage.database import Dsn
from tests.support.bank import BOOK, BRED, move_clock, open_account, open_bank, pay_in
from tests.support.transfers import iban_of, pay

MAY = Period(date(2026, 5, 1), date(2026, 5, 31))


def questions(bank: Bank, accounts: list[int], monkeypatch: pytest.MonkeyPatch) -> tuple[int, int]:
    """How many statements a page of these accounts sends, and how many lines it has."""
    sent = [0]
    execute = psycopg.Connection.execute

    def counted(self: Any, *arguments: Any, **more: Any) -> Any:
        sent[0] += 1
        return execute(self, *arguments, **more)

    with bank.read() as connection:
        dues = [load_due(connection, bank.governing, a, MAY, None) for a in accounts]
        with monkeypatch.context() as patch:
            patch.setattr(psycopg.Connection, "execute", counted)
            page = gather(connection, bank.governing, BOOK, dues, bank.clock.now())
    assert page.problems == []
    return sent[0], sum(len(one.lines) for one in page.statements)


def test_more_accounts_and_more_postings_ask_nothing_more(
    database: Dsn, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_bank(database) as bank:
        accounts = [open_account(bank, BRED, funds_minor=5_000) for _ in range(6)]
        pay(bank, accounts[0], iban_of(bank, accounts[1]), 100)
        few, lines = questions(bank, accounts[:2], monkeypatch)
        assert lines == 4
        for number in range(12):
            pay(bank, accounts[number % 3], iban_of(bank, accounts[3 + number % 3]), 100 + number)
        many, lines = questions(bank, accounts, monkeypatch)
        assert lines == 6 + 2 + 24
        assert many <= few


def test_portions_hold_so_many_postings_at_most_and_one_account_at_least(database: Dsn) -> None:
    with open_bank(database) as bank:
        account = bank.account(open_account(bank, BRED))
        dues = []
        for sequence in (
            POSTINGS_AT_ONCE,
            1,
            POSTINGS_AT_ONCE + 5,
            POSTINGS_AT_ONCE // 2,
            POSTINGS_AT_ONCE // 2,
        ):
            one = bank.account(account.id)
            one.sequence = sequence
            dues.append(
                Due(one, MAY, bank.terms_for(account, MAY.last_day).agreement.statements.period.value, None)
            )
        assert [len(portion) for portion in in_portions(dues)] == [1, 1, 1, 2]


def test_an_entry_after_the_cut_is_not_read_into_the_page(database: Dsn) -> None:
    with open_bank(database) as bank:
        account = open_account(bank, BRED, funds_minor=5_000)
        move_clock(bank, "2026-06-01T09:00:00+02:00")
        with bank.read() as connection:
            due = load_due(connection, bank.governing, account, MAY, None)
            pay_in(bank, account, 500)
            [made] = gather(connection, bank.governing, BOOK, [due], bank.clock.now()).statements
        assert made.closing_minor == 5_000
