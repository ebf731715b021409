"""Fees in the books: shown first where the law wants it, taken once, each its own entry, capped."""

import threading
from datetime import date

import pytest

from teneur.bank import Bank
from teneur.kernel.commands import AccountId, Channel, Outcome
from teneur.ledger.engine import Result
from teneur.ledger.reading import operation_at
from teneur.pricing.fees.commands import CollectFee, RefundFee, WaiveFee
from teneur.pricing.fees.facts import FeeStatus
from teneur.pricing.fees.reading import announced
from tests.pricing.fees.making import (
    BNC_ID,
    BRED_ID,
    announce,
    collect,
    command,
    fee_at,
    give_terms,
    income,
    notices,
    raise_fee,
)
from tests.support.asserts import asserts
from tests.support.bank import (
    ADMIN,
    ADVISER,
    BACK_OFFICE,
    BNC,
    BRED,
    CLERK,
    accepted,
    move_clock,
    open_account,
    refused,
)

MAY, JUNE = date(2026, 5, 31), date(2026, 6, 1)
SHOWN = {BRED: "2026-06-01T00:00:00+02:00", BNC: "2026-06-01T00:00:00+11:00"}
OFFSET = {BRED: "+02:00", BNC: "+11:00"}


def shown(bank: Bank, account: AccountId, series: str = BRED, *, has_statement: bool = True) -> None:
    """The statement of 1 June shows the incident fees of May."""
    move_clock(bank, SHOWN[series])
    accepted(announce(bank, account, JUNE, MAY, SHOWN[series], has_statement=has_statement))


@asserts("BNC-4-3", "BRED-9-1")
@pytest.mark.parametrize(("series", "minor"), [(BRED, 1_500), (BNC, 1_500)])
def test_a_fee_is_a_debit_of_its_own_to_the_banks_income_with_its_clause(
    bank: Bank, series: str, minor: int
) -> None:
    account = open_account(bank, series, funds_minor=10_000)
    key = raise_fee(bank, account, "cheque-stop", date(2026, 5, 4), about="cheque 7")
    answer = accepted(collect(bank, account, key, f"2026-05-05T00:00:00{OFFSET[series]}"))
    with bank.read() as connection:
        found = operation_at(connection, answer.book, answer.position)
    assert found is not None
    (row,) = found.rows
    assert (row.debit, row.amount_minor, row.booked_on) == (account, minor, date(2026, 5, 5))
    assert row.debit_value_on == date(2026, 5, 5)
    assert income(bank, account) == minor
    assert bank.account(account).balance_minor == 10_000 - minor
    assert ("BNC-4-3" if series == BNC else "BRED-9-1") in answer.citations
    assert fee_at(bank, account, key).settled_by == answer.position


def test_a_fee_is_taken_where_the_account_is_empty_and_never_twice(bank: Bank) -> None:
    account = open_account(bank, BRED)
    key = raise_fee(bank, account, "bank-cheque", date(2026, 5, 4))
    at = "2026-05-04T12:00:00+02:00"
    accepted(collect(bank, account, key, at))
    assert bank.account(account).balance_minor == -1_200
    refused(collect(bank, account, key, at), "unknown-fee")
    assert bank.account(account).balance_minor == -1_200


def test_only_the_banks_day_takes_fees(bank: Bank) -> None:
    account = open_account(bank, BRED)
    key = raise_fee(bank, account, "bank-cheque", date(2026, 5, 4))
    ask = CollectFee(fee=key[0], line=key[1])
    for actor in (ADVISER, bank.account(account).holders[0]):
        refused(bank.ask(ask, account, actor=actor, channel=Channel.BRANCH), "not-authorised")


@pytest.mark.parametrize(
    ("at", "taken"),
    [("2026-05-31T23:59:59.999999+02:00", False), ("2026-06-01T00:00:00+02:00", True)],
)
def test_a_monthly_fee_waits_for_the_end_of_its_month(bank: Bank, at: str, taken: bool) -> None:
    account = open_account(bank, BRED, funds_minor=1_000)
    key = raise_fee(bank, account, "transfer-sepa-branch", date(2026, 5, 4))
    move_clock(bank, at)
    answer = collect(bank, account, key, at)
    assert (answer.outcome is Outcome.ACCEPTED) is taken
    assert bank.account(account).balance_minor == (550 if taken else 1_000)


@asserts("BRED-9-1")
@pytest.mark.parametrize("series", [BRED, BNC])
def test_an_incident_fee_is_shown_on_the_statement_and_taken_on_the_fourteenth_day(
    bank: Bank, series: str
) -> None:
    account = open_account(bank, series)
    key = raise_fee(bank, account, "overdraft-letter", MAY)
    refused(collect(bank, account, key, f"2026-06-01T00:00:00{OFFSET[series]}"), "not-collectable-yet")
    shown(bank, account, series)
    fee = fee_at(bank, account, key)
    assert (fee.status, fee.announced_on, fee.collectable_on) == (
        FeeStatus.ANNOUNCED,
        JUNE,
        date(2026, 6, 15),
    )
    with bank.read() as connection:
        assert [(f.id, f.amount_minor) for f in announced(connection, account, JUNE)] == [(key[0], 1_200)]
        assert announced(connection, account, MAY) == []
    move_clock(bank, f"2026-06-14T23:59:59.999999{OFFSET[series]}")
    refused(collect(bank, account, key, f"2026-06-14T23:59:59.999999{OFFSET[series]}"), "not-collectable-yet")
    assert bank.account(account).balance_minor == 0
    move_clock(bank, f"2026-06-15T00:00:00{OFFSET[series]}")
    answer = accepted(collect(bank, account, key, f"2026-06-15T00:00:00{OFFSET[series]}"))
    assert bank.account(account).balance_minor == -1_200
    if series == BRED:
        assert "BRED-9-1" in answer.citations


@asserts("BNC-3.1-8")
@pytest.mark.parametrize(
    ("series", "has_statement", "by_letter"), [(BNC, True, True), (BRED, True, False), (BRED, False, True)]
)
def test_what_incidents_cost_comes_in_a_letter_with_the_statement_or_where_there_is_none(
    bank: Bank, series: str, has_statement: bool, by_letter: bool
) -> None:
    account = open_account(bank, series)
    raise_fee(bank, account, "overdraft-letter", date(2026, 5, 6))
    raise_fee(bank, account, "cheque-ban", date(2026, 5, 7))
    shown(bank, account, series, has_statement=has_statement)
    letters = notices(bank, account, "incident-fees")
    assert len(letters) == by_letter
    if by_letter:
        assert letters[0]["total_minor"] == 4_200
        assert letters[0]["collectable_on"] == "2026-06-15"
        assert (letters[0]["fee_2_event"], letters[0]["fee_2_minor"]) == ("cheque-ban", 3_000)


def test_fees_of_the_new_month_wait_for_the_next_statement(bank: Bank) -> None:
    account = open_account(bank, BRED)
    raise_fee(bank, account, "overdraft-letter", MAY)
    later = raise_fee(bank, account, "overdraft-letter", JUNE, about="2")
    shown(bank, account)
    assert fee_at(bank, account, later).status is FeeStatus.DUE
    refused(announce(bank, account, JUNE, MAY, SHOWN[BRED]), "nothing-to-announce")


def test_an_ordinary_fee_needs_no_notice(bank: Bank) -> None:
    account = open_account(bank, BRED)
    raise_fee(bank, account, "cheque-stop", date(2026, 5, 6))
    move_clock(bank, SHOWN[BRED])
    refused(announce(bank, account, JUNE, MAY, SHOWN[BRED]), "nothing-to-announce")


@pytest.mark.parametrize(("series", "most"), [(BRED, 8_000), (BNC, 9_547)])
def test_interventions_of_a_month_come_to_the_cap_and_not_one_unit_more(
    bank: Bank, series: str, most: int
) -> None:
    account = open_account(bank, series)
    keys = [raise_fee(bank, account, "intervention", date(2026, 5, 1 + n), about=f"op{n}") for n in range(12)]
    shown(bank, account, series)
    told = [fee_at(bank, account, key) for key in keys]
    assert sum(fee.amount_minor or 0 for fee in told) == most
    assert told[-1].status is FeeStatus.FREE
    assert told[-1].limits == ("intervention",)
    at = f"2026-06-15T00:00:00{OFFSET[series]}"
    move_clock(bank, at)
    for key, fee in zip(keys, told, strict=True):
        if fee.status is FeeStatus.ANNOUNCED:
            accepted(collect(bank, account, key, at))
    assert bank.account(account).balance_minor == -most


def test_the_fees_of_one_batch_see_each_other(bank: Bank) -> None:
    account = open_account(bank, BRED)
    keys = [raise_fee(bank, account, "intervention", date(2026, 5, 1 + n), about=f"op{n}") for n in range(11)]
    shown(bank, account)
    at = "2026-06-15T00:00:00+02:00"
    move_clock(bank, at)
    asks = [command(CollectFee(fee=key[0], line=key[1]), account, at) for key in keys[:10]]
    results: list[Result] = bank.post(asks)
    assert all(getattr(r, "outcome", None) is Outcome.ACCEPTED for r in results)
    assert bank.account(account).balance_minor == -8_000


def test_two_writers_that_take_the_same_fees_take_each_once(bank: Bank) -> None:
    account = open_account(bank, BRED)
    keys = [raise_fee(bank, account, "cheque-stop", date(2026, 5, 4), about=f"{n}") for n in range(40)]
    at = "2026-05-05T00:00:00+02:00"
    outcomes: list[Outcome] = []

    def take() -> None:
        engine = bank.engine()
        try:
            for key in keys:
                found = engine.post_surely([command(CollectFee(fee=key[0], line=key[1]), account, at)], 30)[0]
                outcomes.append(found.outcome)  # type: ignore[union-attr]
        finally:
            engine.close()

    threads = [threading.Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count(Outcome.ACCEPTED) == 40
    assert outcomes.count(Outcome.REFUSED) == 40
    assert bank.account(account).balance_minor == -40 * 1_500


@asserts("BRED-8.1.2-2", "BNC-7.3-7")
@pytest.mark.parametrize(
    ("series", "name", "edition"), [(BRED, BRED_ID, "2022-06-01"), (BNC, BNC_ID, "2026-04-01")]
)
def test_a_fee_agreed_for_an_overdraft_is_taken_apart_at_the_agreed_price(
    bank: Bank, series: str, name: str, edition: str
) -> None:
    account = open_account(bank, series)
    give_terms(
        bank,
        account,
        date(2026, 5, 5),
        {f"tariff.editions.{edition}.overdraft-file": {"fixed_minor": 700}},
        name,
    )
    before = raise_fee(bank, account, "overdraft-file", date(2026, 5, 4), about="1")
    after = raise_fee(bank, account, "overdraft-file", date(2026, 5, 5), about="2")
    at = f"2026-05-05T12:00:00{OFFSET[series]}"
    move_clock(bank, at)
    accepted(collect(bank, account, before, at))
    assert bank.account(account).balance_minor == -1_500
    answer = accepted(collect(bank, account, after, at))
    assert bank.account(account).balance_minor == -2_200
    assert ("BRED-8.1.2-2" if series == BRED else "BNC-7.3-7") in answer.citations


@asserts("BRED-3.5.3-2", "BNC-6.1.1.2-7")
@pytest.mark.parametrize(
    ("series", "base", "minor"), [(BRED, 100_000, 500), (BNC, 59_999, 300), (BRED, 0, 300)]
)
def test_the_exchange_commission_is_that_of_the_tariff_and_apart(
    bank: Bank, series: str, base: int, minor: int
) -> None:
    account = open_account(bank, series)
    key = raise_fee(bank, account, "exchange-commission", date(2026, 5, 4), base_minor=base)
    answer = accepted(collect(bank, account, key, f"2026-05-05T12:00:00{OFFSET[series]}"))
    assert bank.account(account).balance_minor == -minor
    assert ("BRED-3.5.3-2" if series == BRED else "BNC-6.1.1.2-7") in answer.citations


@asserts("BRED-1.3-4", "BNC-1.1.1-2")
@pytest.mark.parametrize(("series", "name"), [(BRED, BRED_ID), (BNC, BNC_ID)])
def test_a_basic_service_costs_nothing_on_an_account_opened_by_right(
    bank: Bank, series: str, name: str
) -> None:
    account = open_account(bank, series)
    give_terms(bank, account, date(2026, 5, 5), {"accounts.designated": True}, name)
    at = f"2026-05-06T12:00:00{OFFSET[series]}"
    move_clock(bank, at)
    free = raise_fee(bank, account, "bank-cheque", date(2026, 5, 6), about="1")
    charged = raise_fee(bank, account, "cheque-stop", date(2026, 5, 6))
    accepted(collect(bank, account, free, at))
    assert bank.account(account).balance_minor == 0
    assert fee_at(bank, account, free).status is FeeStatus.FREE
    accepted(collect(bank, account, charged, at))
    assert bank.account(account).balance_minor == -1_500


def test_two_members_of_staff_give_a_fee_up(bank: Bank) -> None:
    account = open_account(bank, BRED)
    key = raise_fee(bank, account, "cheque-stop", date(2026, 5, 4))

    def waive(actor: int, approved_by: int, reason: str = "gesture") -> object:
        ask = WaiveFee(fee=key[0], line=key[1], reason=reason, approved_by=approved_by)
        return bank.ask(ask, account, actor=actor, channel=Channel.BRANCH)

    assert waive(CLERK, BACK_OFFICE).reason == "not-authorised"  # type: ignore[attr-defined]
    assert waive(ADVISER, ADVISER).reason == "second-person-missing"  # type: ignore[attr-defined]
    assert waive(ADVISER, ADMIN).reason == "second-person-missing"  # type: ignore[attr-defined]
    assert waive(ADVISER, BACK_OFFICE, " ").reason == "invalid-field"  # type: ignore[attr-defined]
    accepted(waive(ADVISER, BACK_OFFICE))  # type: ignore[arg-type]
    assert fee_at(bank, account, key).status is FeeStatus.WAIVED
    refused(collect(bank, account, key, "2026-05-05T00:00:00+02:00"), "unknown-fee")
    assert waive(ADVISER, BACK_OFFICE).reason == "fee-settled"  # type: ignore[attr-defined]
    assert bank.account(account).balance_minor == 0


def test_what_was_taken_comes_back_valued_on_the_day_it_was_taken_and_not_more(bank: Bank) -> None:
    account = open_account(bank, BRED)
    key = raise_fee(bank, account, "cheque-stop", date(2026, 5, 4))

    def refund(minor: int) -> object:
        ask = RefundFee(fee=key[0], line=key[1], amount_minor=minor, reason="error", approved_by=BACK_OFFICE)
        return bank.ask(ask, account, actor=ADVISER, channel=Channel.BRANCH)

    assert refund(1).reason == "fee-not-taken"  # type: ignore[attr-defined]
    accepted(collect(bank, account, key, "2026-05-05T00:00:00+02:00"))
    move_clock(bank, "2026-05-20T12:00:00+02:00")
    assert refund(1_501).reason == "amount-out-of-range"  # type: ignore[attr-defined]
    answer = accepted(refund(1))  # type: ignore[arg-type]
    with bank.read() as connection:
        found = operation_at(connection, answer.book, answer.position)
    assert found is not None
    (row,) = found.rows
    assert (row.credit, row.booked_on, row.credit_value_on) == (account, date(2026, 5, 20), date(2026, 5, 5))
    accepted(refund(1_499))  # type: ignore[arg-type]
    assert bank.account(account).balance_minor == 0
    fee = fee_at(bank, account, key)
    assert (fee.status, fee.refunded_minor) == (FeeStatus.REFUNDED, 1_500)
    assert refund(1).reason == "fee-not-taken"  # type: ignore[attr-defined]
