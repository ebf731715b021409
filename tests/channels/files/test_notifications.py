"""Notifications of what was booked: the same entries as the ledger, valid by the schema, without balances."""

from collections.abc import Iterator
from datetime import date

import pytest
from lxml import etree
from tests.channels.files.making import take, their_transfer, transfers_of
from tests.interbank.schemas import assert_valid
from tests.support.bank import BRED, open_account, open_bank
from tests.support.transfers import ELSEWHERE, iban_of, pay

from teneur.bank import Bank
from teneur.channels.files.notifications import account_report
from teneur.storage.database import Dsn

TUESDAY = date(2026, 5, 5)


@pytest.fixture
def bank(database: Dsn) -> Iterator[Bank]:
    with open_bank(database) as opened:
        yield opened


def test_credits_and_debits_of_a_day_are_told_with_who_paid_whom(bank: Bank) -> None:
    account = open_account(bank, BRED, funds_minor=50_000)  # cash, the day before
    take(bank, transfers_of(their_transfer(iban_of(bank, account))))
    pay(bank, account, ELSEWHERE, 1_234)
    document = account_report(bank, account, TUESDAY, TUESDAY)
    assert_valid("camt.054.001.08", document)
    tree = etree.fromstring(document)

    def texts(name: str) -> list[str | None]:
        return [element.text for element in tree.iter(f"{{*}}{name}")]

    entries = list(tree.iter("{*}Ntry"))
    sides = [(e.findtext("{*}Amt"), e.findtext("{*}CdtDbtInd")) for e in entries]
    assert sides == [("100.00", "CRDT"), ("12.34", "DBIT")]
    assert "Atelier Durand" in texts("Nm")
    assert "Jean Payé" in texts("Nm")
    assert texts("Bal") == []
    assert account_report(bank, account, TUESDAY, TUESDAY) == document


def test_a_day_without_entries_tells_nothing(bank: Bank) -> None:
    account = open_account(bank, BRED, funds_minor=50_000)
    assert account_report(bank, account, TUESDAY, TUESDAY) == b""
