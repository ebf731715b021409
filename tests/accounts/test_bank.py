"""The bank as one object: what it composes, how it is read, which terms it finds."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import psycopg
import pytest

from teneur.bank import Bank, effects, kinds, registry, shipped_agreements
from teneur.kernel.commands import Answer, Outcome, account_id
from teneur.ledger.account import load_accounts
from teneur.ledger.chart import Role, own_account
from teneur.ledger.contracts import Contract, Version
from tests.support.bank import BNC, BOOK, BRED, open_account, pay_in


def test_the_numbers_of_kinds_stay_within_the_range_of_their_package() -> None:
    ranges = {
        "ledger": range(1, 10), "customers": range(10, 20), "accounts": range(20, 40), "cash": range(40, 50),
        "obligations": range(50, 60), "payments": {*range(100, 200), *range(290, 300)},
        "pricing": {21, *range(200, 290)},
    }  # fmt: skip
    known = registry().by_number
    assert len(known) == len({k.name for k in known.values()})
    for number, kind in known.items():
        package = type(kind.handler).__module__.split(".")[1]
        assert number in ranges[package], f"{kind.name} is numbered {number}"


def test_every_effect_is_registered_once_and_duties_are_opened_before_they_are_done(bank: Bank) -> None:
    names = [kind.effect.__name__ for kind in effects()]
    assert len(names) == len(set(names))
    assert names.index("Owe") < names.index("Discharge")
    assert names.index("HoldPlaced") < names.index("HoldChanged")
    assert len(kinds(bank.governing)) == len(bank.registry.by_number)


def test_reading_sees_one_state_of_the_books_and_changes_nothing(bank: Bank) -> None:
    account = open_account(bank, BRED, funds_minor=500)
    with bank.read() as connection:
        before = load_accounts(connection, [account])[account].balance_minor
        pay_in(bank, account, 1_000)
        assert load_accounts(connection, [account])[account].balance_minor == before == 500
    assert bank.account(account).balance_minor == 1_500
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction), bank.read() as connection:
        connection.execute("update account set floor_minor = -1")
    assert bank.account(account).floor_minor == 0


def test_many_threads_read_at_once(bank: Bank) -> None:
    account = open_account(bank, BRED, funds_minor=500)
    with ThreadPoolExecutor(8) as pool:
        assert {a.balance_minor for a in pool.map(bank.account, [account] * 32)} == {500}


def test_what_there_is_not_is_said_so(bank: Bank) -> None:
    with pytest.raises(LookupError, match="there is no account 1/77"):
        bank.account(account_id(BOOK, 77))
    with pytest.raises(LookupError, match="no record of operation 1/9999"):
        bank.record(Answer(Outcome.ACCEPTED, "", (), BOOK, 9999))
    with pytest.raises(LookupError, match="has no contract"):
        bank.agreement_for(bank.account(own_account(BOOK, Role.CASH, "EUR")), date(2026, 5, 4))
    contract = Contract((Version("bnc-2026-04", date(2026, 5, 4)),))
    with pytest.raises(LookupError, match="no account agreement on 2026-05-03"):
        bank.agreement_for(contract, date(2026, 5, 3))
    assert bank.agreement_for(contract, date(2026, 5, 4)) is shipped_agreements()["bnc-2026-04"]


def test_terms_come_with_the_calendars_and_the_zone_of_their_agreement(bank: Bank) -> None:
    paris = bank.terms_for(bank.account(open_account(bank, BRED)), date(2026, 5, 4))
    noumea = bank.terms_for(bank.account(open_account(bank, BNC)), date(2026, 5, 4))
    assert (paris.zone.key, noumea.zone.key) == ("Europe/Paris", "Pacific/Noumea")
    holiday = date(2026, 9, 24)  # New Caledonia's day
    assert paris.calendars.payment.is_business_day(holiday)
    assert not noumea.calendars.payment.is_business_day(holiday)
    assert bank.terms_for(bank.account(open_account(bank, BRED)), date(2026, 5, 4)) is paris
