"""By when the payee's bank has the money: fixed delays by currency, class and channel; quoted ones."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from tests.conftest import Databases
from tests.payments.transfers.world import (
    AMERICAN,
    GERMAN,
    INSTANT,
    NOUMEA,
    REMOTE,
    open_world,
    payee,
    send,
)
from tests.support.asserts import asserts
from tests.support.bank import BNC, BRED, open_account
from tests.support.exchange import load_rates, quote
from tests.support.transfers import NOUMEA_MORNING, duties, order_of, refused

from teneur.bank import Bank
from teneur.kernel.clock import instant
from teneur.kernel.commands import AccountId, Answer, Outcome
from teneur.payments.transfers.commands import PayeeAccount


@pytest.fixture(scope="module")
def bank(databases: Databases) -> Iterator[Bank]:
    """One bank for all tests of this file."""
    dsn = databases.create()
    with open_world(dsn, ("USD", "CHF")) as opened:
        yield opened
    databases.drop(dsn)


@pytest.fixture(scope="module")
def payers(bank: Bank) -> dict[str, AccountId]:
    """A rich account under each agreement. No test looks at their whole balance."""
    return {series: open_account(bank, series, funds_minor=90_000_000) for series in (BRED, BNC)}


def due_of(bank: Bank, answer: Answer, payer: AccountId) -> tuple[str, str]:
    """The due instant of the duty to execute, in UTC, and its clause."""
    [duty] = [d for d in duties(bank, payer, "execute-transfer") if d.about == str(answer.position)]
    assert duty.due_at is not None
    return duty.due_at.isoformat(), duty.clause


PARIS_NIGHT = "T21:59:59.999999+00:00"  # 23:59:59.999999 in summer
PARIS_WINTER = "T22:59:59.999999+00:00"
NOUMEA_NIGHT = "T12:59:59.999999+00:00"
DELAYS = [
    # TARGET is closed on 25 December and 1 January, New Caledonia on 8 May
    (BRED, payee(GERMAN), "EUR", REMOTE, "2026-12-24", f"2026-12-28{PARIS_WINTER}", "BRED-A3-3.2.1-1"),
    (BRED, payee(GERMAN), "EUR", {}, "2026-12-24", f"2026-12-29{PARIS_WINTER}", "BRED-A3-3.2.1-1"),
    (BRED, AMERICAN, "EUR", REMOTE, "2026-05-05", f"2026-05-06{PARIS_NIGHT}", "BRED-A3-3.2.1-1"),
    (
        BRED,
        payee(NOUMEA, "NOUMNCN1"),
        "EUR",
        REMOTE,
        "2026-05-05",
        f"2026-05-06{PARIS_NIGHT}",
        "BRED-A3-3.2.1-1",
    ),
    (BRED, AMERICAN, "CHF", REMOTE, "2026-12-24", f"2026-12-31{PARIS_WINTER}", "BRED-A3-3.2.2-1"),
    (BRED, AMERICAN, "CHF", {}, "2026-12-24", f"2026-12-31{PARIS_WINTER}", "BRED-A3-3.2.2-1"),
    (BNC, payee(NOUMEA), "XPF", REMOTE, "2026-05-05", f"2026-05-12{NOUMEA_NIGHT}", "BNC-6.1.3.6-7"),
    (BNC, payee(NOUMEA), "XPF", {}, "2026-05-05", f"2026-05-13{NOUMEA_NIGHT}", "BNC-6.1.3.6-7"),
    (
        BNC,
        payee(INSTANT, "AGRIFRPP"),
        "EUR",
        REMOTE,
        "2026-05-05",
        f"2026-05-12{NOUMEA_NIGHT}",
        "BNC-6.1.3.6-9",
    ),
    (BNC, payee(INSTANT, "AGRIFRPP"), "EUR", {}, "2026-05-05", f"2026-05-12{NOUMEA_NIGHT}", "BNC-6.1.3.6-9"),
    (
        BNC,
        payee(INSTANT, "AGRIFRPP"),
        "EUR",
        REMOTE,
        "2026-12-24",
        f"2027-01-04{NOUMEA_NIGHT}",
        "BNC-6.1.3.6-9",
    ),
]


@pytest.mark.parametrize(("series", "to", "currency", "how", "day", "due", "clause"), DELAYS)
@asserts(
    "BRED-A3-3.2.1-1", "BRED-A3-3.2.1-2", "BRED-A3-3.2.2-1", "BNC-6.1.3.6-7", "BNC-6.1.3.6-8", "BNC-6.1.3.6-9"
)
def test_the_payees_bank_has_the_money_by_the_end_of_the_last_business_day(
    bank: Bank,
    payers: dict[str, AccountId],
    series: str,
    to: PayeeAccount,
    currency: str,
    how: dict[str, Any],
    day: str,
    due: str,
    clause: str,
) -> None:
    at = f"{day}T10:00:00{'+11:00' if series == BNC else '+01:00' if day > '2026-11' else '+02:00'}"
    if currency == "CHF":
        load_rates(bank, quote("EUR/CHF", "0.95", at))
    payer = open_account(bank, series, funds_minor=1_000_000)
    answer = send(bank, {series: payer}, series, to, currency, 1_000, at, **how)
    assert answer.outcome is Outcome.ACCEPTED, answer
    assert due_of(bank, answer, payer) == (due, clause)
    assert order_of(bank, payer, answer).execute_by == instant(due)


@asserts("BNC-6.1.3.6-12")
def test_euros_from_a_euro_account_at_bnc_have_four_days_and_one_more_on_paper(bank: Bank) -> None:
    payer = open_account(bank, BNC, currency="EUR", funds_minor=1_000_000)
    for how, due in ((REMOTE, "2026-05-11"), ({}, "2026-05-12")):
        answer = send(
            bank, {BNC: payer}, BNC, payee(INSTANT, "AGRIFRPP"), "EUR", 1_000, NOUMEA_MORNING, **how
        )
        assert due_of(bank, answer, payer) == (f"{due}{NOUMEA_NIGHT}", "BNC-6.1.3.6-12")


@pytest.mark.parametrize(
    ("series", "to", "currency", "clause", "night", "due"),
    [
        (BRED, AMERICAN, "USD", "BRED-A3-3.2.2-2", PARIS_NIGHT, "2026-05-08"),
        (BRED, payee(NOUMEA, "NOUMNCN1"), "XPF", "BRED-A3-3.2.2-2", PARIS_NIGHT, "2026-05-08"),
        (BNC, AMERICAN, "USD", "BNC-6.1.3.6-9", NOUMEA_NIGHT, "2026-05-11"),  # 8 May is closed there
        (BNC, payee(GERMAN, "COBADEFF"), "EUR", "BNC-6.1.3.6-9", NOUMEA_NIGHT, "2026-05-08"),
    ],
)
@asserts("BRED-A3-3.2.2-2", "BNC-6.1.3.6-12")
def test_where_the_delay_is_quoted_what_was_quoted_is_kept_and_nothing_is_promised_without(
    bank: Bank,
    payers: dict[str, AccountId],
    series: str,
    to: PayeeAccount,
    currency: str,
    clause: str,
    night: str,
    due: str,
) -> None:
    payer = payers[series]
    rate: dict[str, Any] = {"rate": Decimal("1.5")} if currency == "USD" else {}
    silent = send(bank, payers, series, to, currency, 1_000, **rate)
    assert order_of(bank, payer, silent).execute_by is None
    assert not [d for d in duties(bank, payer, "execute-transfer") if d.about == str(silent.position)]
    quoted = send(bank, payers, series, to, currency, 1_000, quoted_days=3, **rate)
    assert due_of(bank, quoted, payer) == (f"{due}{night}", clause)
    assert order_of(bank, payer, quoted).ask.quoted_days == 3
    refused(send(bank, payers, series, to, currency, 1_000, quoted_days=-1, **rate), "schedule-invalid")


def test_a_quote_does_not_lengthen_a_delay_that_is_fixed(bank: Bank, payers: dict[str, AccountId]) -> None:
    answer = send(bank, payers, BRED, payee(GERMAN), "EUR", quoted_days=30, **REMOTE)
    assert due_of(bank, answer, payers[BRED])[0] == f"2026-05-06{PARIS_NIGHT}"
