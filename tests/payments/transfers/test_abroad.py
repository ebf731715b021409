"""Transfers to other banks near and far: class, law, charges, conversion, identifiers, delays, channels."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.conftest import Databases
from tests.payments.transfers.world import (
    AMERICAN,
    GERMAN,
    INSTANT,
    MOOREA,
    NOUMEA,
    OLD_NOUMEA,
    PAPEETE,
    REMOTE,
    SLOW,
    SWISS,
    WALLIS,
    iban,
    open_world,
    payee,
    send,
)
from tests.support.asserts import asserts
from tests.support.bank import BNC, BOOK, BRED, open_account
from tests.support.exchange import load_rates, quote
from tests.support.transfers import NOUMEA_MORNING, balance, refused

from teneur.agreements.terms.transfers import ChargeOption, Service
from teneur.bank import Bank
from teneur.kernel.commands import AccountId, Channel, Outcome
from teneur.ledger.chart import Role, own_account
from teneur.payments.transfers.commands import PayeeAccount, Repeat
from teneur.payments.transfers.facts import load_orders
from teneur.payments.transfers.rules.standing import Frequency


@pytest.fixture(scope="module")
def bank(databases: Databases) -> Iterator[Bank]:
    """One bank for all tests of this file, with dollars and Swiss francs in its book; no yen."""
    dsn = databases.create()
    with open_world(dsn, ("USD", "CHF")) as opened:
        yield opened
    databases.drop(dsn)


@pytest.fixture(scope="module")
def payers(bank: Bank) -> dict[str, AccountId]:
    """A rich account under each agreement. No test looks at their whole balance."""
    return {series: open_account(bank, series, funds_minor=90_000_000) for series in (BRED, BNC)}


CLASSES = [
    (BRED, payee(INSTANT), "EUR", "sepa", "full"),
    (BRED, payee(GERMAN), "EUR", "sepa", "full"),
    (BRED, payee(SWISS, "KBBECHBB"), "EUR", "sepa", "one-leg"),
    (BRED, payee(iban("99902"), "RUNIRERX"), "EUR", "sepa", "full"),
    (BRED, payee(NOUMEA, "NOUMNCN1"), "EUR", "com-pacific", "l712-8"),
    (BRED, payee(OLD_NOUMEA, "ANCINCN1"), "EUR", "com-pacific", "l712-8"),
    (BRED, payee(WALLIS, "WALLWFW1"), "EUR", "com-pacific", "l712-8"),
    (BRED, AMERICAN, "EUR", "international", "one-leg"),
    (BNC, payee(NOUMEA), "XPF", "local", "full"),
    (BNC, payee(PAPEETE), "XPF", "international", "full"),
    (BNC, payee(INSTANT, "AGRIFRPP"), "EUR", "com-pacific", "l712-8"),
    (BNC, payee(SLOW, "LENTFRPP"), "EUR", "international", "l712-8"),
    (BNC, payee(PAPEETE, "TAHIPFT1"), "EUR", "com-pacific", "l712-8"),
    (BNC, payee(MOOREA, "MOORPFT1"), "EUR", "international", "l712-8"),
    (BNC, payee(WALLIS, "WALLWFW1"), "EUR", "com-pacific", "l712-8"),
    (BNC, payee(GERMAN, "COBADEFF"), "EUR", "international", "outside"),
]


@pytest.mark.parametrize(
    ("series", "to", "currency", "kind", "regime"),
    CLASSES,
    ids=[f"{s[:4]}-{c}-{t.iban[4:9] or t.country}" for s, t, c, _, _ in CLASSES],
)
@asserts("BRED-A3-1.3-1", "BRED-A3-2.1.1-7", "BNC-DEF-4", "BNC-6.1.3.2-1", "BNC-6.1.3.3-1", "BNC-6.1.3.4-1")
def test_each_bank_is_reached_in_the_class_and_under_the_law_of_its_place(
    bank: Bank,
    payers: dict[str, AccountId],
    series: str,
    to: PayeeAccount,
    currency: str,
    kind: str,
    regime: str,
) -> None:
    answer = send(bank, payers, series, to, currency)
    assert answer.outcome is Outcome.ACCEPTED, answer
    understood = bank.decided(answer)
    assert (understood["class"], understood["regime"]) == (kind, regime)


# charges


@pytest.mark.parametrize(
    ("series", "to", "currency", "asked", "borne"),
    [
        (BRED, payee(GERMAN), "EUR", ChargeOption.BEN, "SHA"),
        (BRED, AMERICAN, "EUR", None, "SHA"),
        (BRED, AMERICAN, "EUR", ChargeOption.OUR, "OUR"),
        (BRED, AMERICAN, "EUR", ChargeOption.BEN, "BEN"),
        (BNC, payee(NOUMEA), "XPF", ChargeOption.OUR, "SHA"),
        (BNC, payee(INSTANT, "AGRIFRPP"), "EUR", ChargeOption.BEN, "BEN"),
        (BNC, payee(INSTANT, "AGRIFRPP"), "EUR", ChargeOption.OUR, "SHA"),
        (BNC, payee(GERMAN, "COBADEFF"), "EUR", None, "SHA"),
        (BNC, payee(GERMAN, "COBADEFF"), "EUR", ChargeOption.OUR, "OUR"),
    ],
)
@asserts("BRED-A3-1.4-2", "BRED-A3-1.4-5", "BNC-6.1.3.1-22", "BNC-6.1.3.1-23", "BNC-6.1.3.1-24")
def test_charges_are_borne_as_asked_where_the_terms_leave_the_choice(
    bank: Bank,
    payers: dict[str, AccountId],
    series: str,
    to: PayeeAccount,
    currency: str,
    asked: ChargeOption | None,
    borne: str,
) -> None:
    answer = send(bank, payers, series, to, currency, charges=asked)
    assert bank.decided(answer)["charges"] == borne


@asserts("BRED-A3-1.4-4")
def test_a_bank_of_the_eea_shares_charges_in_any_currency(bank: Bank, payers: dict[str, AccountId]) -> None:
    rate: dict[str, Any] = {"rate": Decimal("0.9"), "charges": ChargeOption.OUR}
    to = payee(GERMAN, "COBADEFF")
    assert bank.decided(send(bank, payers, BRED, to, "USD", **rate))["charges"] == "SHA"


# conversion


def moved(bank: Bank, payer: AccountId, role: Role, currency: str) -> tuple[int, int]:
    """Balances of the payer and of an own account."""
    return balance(bank, payer), balance(bank, own_account(BOOK, role, currency))


@pytest.mark.parametrize(
    ("series", "to", "currency", "amount", "debit"),
    [
        (BNC, payee(INSTANT, "AGRIFRPP"), "EUR", 838, 1_000),
        (BNC, payee(INSTANT, "AGRIFRPP"), "EUR", 1, 1),  # 1.19 francs
        (BNC, payee(INSTANT, "AGRIFRPP"), "EUR", 3, 4),  # 3.58 francs
        (BRED, payee(NOUMEA, "NOUMNCN1"), "XPF", 1_000, 838),
        (BRED, payee(NOUMEA, "NOUMNCN1"), "XPF", 125, 105),  # 104.75 cents
        (BRED, payee(NOUMEA, "NOUMNCN1"), "XPF", 1, 1),  # 0.838 cents
    ],
)
def test_euros_and_francs_convert_at_the_parity_both_ways_rounded_once(
    bank: Bank,
    payers: dict[str, AccountId],
    series: str,
    to: PayeeAccount,
    currency: str,
    amount: int,
    debit: int,
) -> None:
    payer = payers[series]
    home = bank.account(payer).currency
    way_out = Role.CLEARING if currency == "EUR" else Role.NOSTRO
    before = moved(bank, payer, way_out, currency)
    bought = balance(bank, own_account(BOOK, Role.POSITION, currency))
    sold = balance(bank, own_account(BOOK, Role.POSITION, home))
    assert send(bank, payers, series, to, currency, amount).outcome is Outcome.ACCEPTED
    after = moved(bank, payer, way_out, currency)
    assert (before[0] - after[0], after[1] - before[1]) == (debit, amount)
    assert balance(bank, own_account(BOOK, Role.POSITION, currency)) == bought - amount
    assert balance(bank, own_account(BOOK, Role.POSITION, home)) == sold + debit


def test_an_agreed_rate_is_rounded_once_half_up(bank: Bank, payers: dict[str, AccountId]) -> None:
    before = balance(bank, payers[BRED])
    send(bank, payers, BRED, AMERICAN, "USD", 1_050, rate=Decimal("0.91"))  # 955.5 cents
    assert before - balance(bank, payers[BRED]) == 956
    francs = balance(bank, payers[BNC])
    send(bank, payers, BNC, AMERICAN, "USD", 1_050, rate=Decimal("104.9"))  # 1,101.45 francs
    assert francs - balance(bank, payers[BNC]) == 1_101


@pytest.mark.parametrize("series", [BRED, BNC])
@pytest.mark.parametrize(
    ("rate", "reason"),
    [
        (None, "exchange-rate-missing"),
        (Decimal(0), "amount-invalid"),
        (Decimal("-0.9"), "amount-invalid"),
        (Decimal("1E-9"), "amount-invalid"),  # the debit would be nothing
        (Decimal(1_000_001), "amount-invalid"),
    ],
)
def test_another_currency_without_a_rate_that_is_one_is_refused(
    bank: Bank, payers: dict[str, AccountId], series: str, rate: Decimal | None, reason: str
) -> None:
    refused(send(bank, payers, series, AMERICAN, "USD", rate=rate), reason)


def test_a_debit_beyond_what_the_books_hold_is_refused(bank: Bank, payers: dict[str, AccountId]) -> None:
    answer = send(bank, payers, BRED, AMERICAN, "USD", 2**53 - 1, rate=Decimal(1_000_000))
    refused(answer, "amount-invalid")
    to = payee(INSTANT, "AGRIFRPP")
    refused(send(bank, payers, BNC, to, "EUR", 99_999_999_999), "insufficient-funds")
    refused(send(bank, payers, BNC, payee(GERMAN, "COBADEFF"), "EUR", 2**53 - 1), "amount-invalid")


def test_a_currency_that_the_book_does_not_keep_is_refused(bank: Bank, payers: dict[str, AccountId]) -> None:
    for series in (BRED, BNC):
        refused(send(bank, payers, series, AMERICAN, "JPY", rate=Decimal("0.6")), "currency-not-offered")
        refused(send(bank, payers, series, AMERICAN, "XXX", rate=Decimal("0.6")), "currency-not-offered")


WEEKLY = Repeat(frequency=Frequency.WEEKLY, occurrences=3)


@pytest.mark.parametrize("series", [BRED, BNC])
@pytest.mark.parametrize(
    "later",
    [{"agreed_on": date(2026, 5, 12)}, {"agreed_on": date(2026, 5, 12), "repeat": WEEKLY}, {"at": "evening"}],
)
def test_nor_is_an_order_for_later_taken_that_could_not_be_executed_then(
    bank: Bank, payers: dict[str, AccountId], series: str, later: dict[str, Any]
) -> None:
    """Deferred, standing, or given after the cut-off: what the book lacks is known at once."""
    if "at" in later:
        later = {"at": {BRED: "2026-05-05T21:00:00+02:00", BNC: "2026-05-05T21:00:00+11:00"}[series]}
    rate = Decimal("0.6")
    answer = refused(send(bank, payers, series, AMERICAN, "JPY", rate=rate, **later), "currency-not-offered")
    with bank.read() as connection:
        assert load_orders(connection, [(payers[series], answer.position)]) == {}
    assert send(bank, payers, series, AMERICAN, "USD", rate=rate, **later).outcome is Outcome.ACCEPTED


def test_between_two_accounts_here_the_payee_gets_the_currency_of_his_account(
    bank: Bank, payers: dict[str, AccountId]
) -> None:
    payer, euro = payers[BNC], open_account(bank, BNC, currency="EUR")
    before = balance(bank, payer)
    to = payee(bank.account(euro).iban, "CEPANCNM")
    assert send(bank, payers, BNC, to, "EUR", 838).outcome is Outcome.ACCEPTED
    assert (before - balance(bank, payer), balance(bank, euro)) == (1_000, 838)
    refused(send(bank, payers, BNC, to, "XPF", 1_000), "currency-not-offered")


def test_a_customer_of_the_other_bank_here_is_paid_through_clearing_as_anywhere_else(
    bank: Bank, payers: dict[str, AccountId]
) -> None:
    clearing = own_account(BOOK, Role.CLEARING, "EUR")
    before, there = balance(bank, clearing), balance(bank, payers[BNC])
    answer = send(bank, payers, BRED, payee(bank.account(payers[BNC]).iban), "EUR", 500)
    assert answer.outcome is Outcome.ACCEPTED
    assert (balance(bank, clearing) - before, balance(bank, payers[BNC])) == (500, there)


# identifiers


@asserts("BRED-A3-2.1.1-5")
def test_at_bred_an_account_number_with_address_and_the_banks_name_replace_iban_and_bic(
    bank: Bank, payers: dict[str, AccountId]
) -> None:
    whole = payee(account_number="123", address=("1 Main Street",), country="US", bank_name="First Bank")
    assert send(bank, payers, BRED, whole, "USD", rate=Decimal("0.9")).outcome is Outcome.ACCEPTED
    for lacking in (
        payee(account_number="123", country="US", bank_name="First Bank"),  # no address
        payee(address=("1 Main Street",), country="US", bank_name="First Bank"),  # no account
        payee(account_number="123", address=("1 Main Street",), country="US"),  # no bank
        payee(account_number="123", address=("1 Main Street",), bank_name="First Bank"),  # no place
        PayeeAccount(account_number="123", address=("1 Main Street",), country="US", bank_name="First Bank"),
    ):
        refused(send(bank, payers, BRED, lacking, "USD", rate=Decimal("0.9")), "missing-field")


@asserts("BNC-6.1.3.3-2")
def test_at_bnc_an_order_abroad_needs_the_bic_and_takes_no_name_of_the_bank_for_it(
    bank: Bank, payers: dict[str, AccountId]
) -> None:
    rate: dict[str, Any] = {"rate": Decimal(105)}
    assert send(bank, payers, BNC, AMERICAN, "USD", **rate).outcome is Outcome.ACCEPTED
    named = payee(account_number="123", address=("1 Main Street",), country="US", bank_name="First Bank")
    refused(send(bank, payers, BNC, named, "USD", **rate), "missing-field")
    refused(send(bank, payers, BNC, payee(GERMAN), "EUR"), "missing-field")
    assert send(bank, payers, BNC, payee(GERMAN, "COBADEFF"), "EUR").outcome is Outcome.ACCEPTED


@asserts("BNC-6.2.1-6")
def test_a_strict_regime_takes_no_replacement_of_the_iban(bank: Bank, payers: dict[str, AccountId]) -> None:
    tahitian = payee(account_number="123", address=("1 rue du Port",), bic="TAHIPFT1")
    refused(send(bank, payers, BNC, tahitian, "XPF"), "missing-field")
    # outside it the same payee is reached by his account number
    american = payee(account_number="123", address=("1 Main Street",), bic="CHASUS33")
    assert send(bank, payers, BNC, american, "EUR").outcome is Outcome.ACCEPTED


@asserts("BNC-6.1.3.1-4")
def test_a_bank_named_by_its_bic_alone_is_found_in_the_directory(
    bank: Bank, payers: dict[str, AccountId]
) -> None:
    to = payee(account_number="123", bic="AGRIFRPP")
    answer = send(bank, payers, BNC, to, "EUR", risk_accepted=True)
    assert bank.decided(answer)["class"] == "com-pacific"


@asserts("BRED-3.1-20", "BNC-6.2.1-7")
def test_inside_the_country_the_iban_is_enough(bank: Bank, payers: dict[str, AccountId]) -> None:
    assert send(bank, payers, BRED, payee(GERMAN), "EUR").outcome is Outcome.ACCEPTED
    assert send(bank, payers, BNC, payee(PAPEETE), "XPF").outcome is Outcome.ACCEPTED
    assert send(bank, payers, BNC, payee(SLOW), "EUR").outcome is Outcome.ACCEPTED


@asserts("BNC-6.1.3.4-2")
def test_at_bnc_without_the_recommended_bic_the_customer_takes_the_risk_or_does_not_pay(
    bank: Bank, payers: dict[str, AccountId]
) -> None:
    answer = refused(send(bank, payers, BNC, payee(INSTANT), "EUR"), "risk-not-accepted")
    assert "BNC-6.1.3.4-2" in answer.citations
    taken = send(bank, payers, BNC, payee(INSTANT), "EUR", risk_accepted=True)
    assert taken.outcome is Outcome.ACCEPTED
    assert {"BNC-6.1.3.4-1", "BNC-6.1.3.4-2"} <= set(taken.citations)
    assert bank.decided(taken)["warning"] == "may-be-rejected"
    assert bank.record(taken)["asked"]["risk_accepted"] is True
    assert "warning" not in bank.decided(send(bank, payers, BNC, payee(INSTANT, "AGRIFRPP"), "EUR"))


@asserts("BRED-A3-2.1.1-8")
def test_at_bred_a_missing_bic_for_the_pacific_is_a_warning_only(
    bank: Bank, payers: dict[str, AccountId]
) -> None:
    warned = send(bank, payers, BRED, payee(NOUMEA), "EUR")
    assert (warned.outcome, bank.decided(warned)["warning"]) == (Outcome.ACCEPTED, "may-be-rejected")
    assert {"BRED-A3-2.1.1-7", "BRED-A3-2.1.1-8"} <= set(warned.citations)
    fitting = send(bank, payers, BRED, payee(NOUMEA, "NOUMNCN1"), "EUR")
    assert "warning" not in bank.decided(fitting)
    assert "BRED-A3-2.1.1-8" in fitting.citations  # it was looked at, and nothing was wrong
    assert "BRED-A3-2.1.1-8" not in send(bank, payers, BRED, payee(GERMAN), "EUR").citations


# channels


@pytest.mark.parametrize("series", [BRED, BNC])
@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ({"signed": False}, "signature-missing"),
        ({"channel": Channel.ATM, "actor": None}, "own-accounts-only"),
        ({"channel": Channel.ATM, "actor": None, "own_account": True}, "own-accounts-only"),
        ({"channel": Channel.INITIATION_SERVICE, "actor": None}, "channel-not-offered"),
        ({"channel": Channel.PHONE, "actor": None}, "channel-not-offered"),
        ({"channel": Channel.FILE, "actor": None}, "subscription-needed"),
        ({}, ""),
        (REMOTE, ""),
    ],
)
@asserts("BRED-A3-2.1.1-6", "BNC-6.1.3.3-3")
def test_an_order_abroad_is_given_on_a_signed_form_or_in_the_remote_space(
    bank: Bank, payers: dict[str, AccountId], series: str, how: dict[str, Any], reason: str
) -> None:
    answer = send(bank, payers, series, AMERICAN, "EUR", 1_000, **how)
    if reason:
        refused(answer, reason)
    else:
        assert answer.outcome is Outcome.ACCEPTED, answer


@asserts("BNC-6.1.3.3-3")
def test_at_bnc_a_currency_must_be_open_in_the_remote_space(bank: Bank, payers: dict[str, AccountId]) -> None:
    load_rates(bank, quote("CHF/XPF", "125", NOUMEA_MORNING), quote("USD/XPF", "110", NOUMEA_MORNING))
    refused(send(bank, payers, BNC, AMERICAN, "CHF", 1_000, **REMOTE), "currency-not-offered")
    assert send(bank, payers, BNC, AMERICAN, "USD", 1_000, **REMOTE).outcome is Outcome.ACCEPTED
    assert send(bank, payers, BNC, AMERICAN, "CHF", 1_000).outcome is Outcome.ACCEPTED


@asserts("BRED-A3-2.1.1-7")
@pytest.mark.parametrize(
    ("to", "reason"),
    [
        (payee(INSTANT), ""),
        (payee(GERMAN), ""),
        (payee(SLOW), "instant-not-reachable"),
        (payee(SWISS, "KBBECHBB"), "instant-not-reachable"),
        (payee(NOUMEA, "NOUMNCN1"), "service-not-offered"),
        (AMERICAN, "service-not-offered"),
    ],
)
def test_instant_goes_to_banks_of_the_sepa_area_that_take_it(
    bank: Bank, payers: dict[str, AccountId], to: PayeeAccount, reason: str
) -> None:
    mobile: dict[str, Any] = {**REMOTE, "channel": Channel.MOBILE, "service": Service.INSTANT}
    answer = send(bank, payers, BRED, to, "EUR", 1_000, **mobile)
    if reason:
        refused(answer, reason)
    else:
        assert answer.outcome is Outcome.PENDING


def test_bnc_knows_no_instant_transfer(bank: Bank, payers: dict[str, AccountId]) -> None:
    mobile: dict[str, Any] = {**REMOTE, "channel": Channel.MOBILE, "service": Service.INSTANT}
    to = payee(INSTANT, "AGRIFRPP")
    refused(send(bank, payers, BNC, to, "EUR", 1_000, **mobile), "service-not-offered")
