"""Rules of accounts beside their clauses, without a database."""

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from teneur.accounts import rules
from teneur.accounts.rules import Item
from teneur.agreements.agreement import Agreement
from teneur.agreements.parameters import Parameter
from teneur.kernel.clock import instant
from teneur.kernel.commands import account_id
from teneur.kernel.identifiers import is_valid_iban, parse_iban
from teneur.ledger.account import Account, AccountKind
from tests.support.asserts import asserts

TODAY = date(2026, 5, 4)


def account(
    balance_minor: int, *, held: int = 0, unavailable: int = 0, floor: int = 0, number: int = 1
) -> Account:
    return Account(
        account_id(1, number),
        AccountKind.JOINT,
        "EUR",
        holders=(11, 12),
        balance_minor=balance_minor,
        held_minor=held,
        unavailable_minor=unavailable,
        floor_minor=floor,
    )


@asserts("BNC-1.2.1.a-1")
@pytest.mark.parametrize(("count", "fits"), [(0, False), (1, True), (2, False)])
def test_an_individual_account_has_exactly_one_holder(bnc: Agreement, count: int, fits: bool) -> None:
    assert rules.holder_count_fits(count, bnc.accounts.individual) is fits


@asserts("BNC-DEF-1")
@pytest.mark.parametrize(("count", "fits"), [(0, False), (1, False), (2, True), (40, True)])
def test_a_joint_account_has_two_holders_or_more(bnc: Agreement, count: int, fits: bool) -> None:
    assert rules.holder_count_fits(count, rules.holder_terms(AccountKind.JOINT, bnc.accounts)) is fits


@asserts("BRED-1.4.a-6")
def test_at_bred_each_co_holder_alone_may_order_and_nobody_else(bred: Agreement) -> None:
    joint = account(0)
    assert [rules.may_order(joint, actor, bred.accounts) for actor in (11, 12, 13, 0, -3)] == [
        True, True, False, False, False,
    ]  # fmt: skip


@asserts("BNC-1.2.2.a-3")
def test_at_bnc_each_co_holder_alone_may_order_and_nobody_else(bnc: Agreement) -> None:
    joint = account(0)
    assert rules.may_order(joint, 11, bnc.accounts)
    assert rules.may_order(joint, 12, bnc.accounts)
    assert not rules.may_order(joint, 13, bnc.accounts)


def test_one_signature_twice_is_not_two(bnc: Agreement) -> None:
    both = replace(bnc.accounts.joint, signatures=Parameter(2))
    assert not rules.enough_signatures((11, 12), (11, 11), both)
    assert not rules.enough_signatures((11, 12), (11, 13), both)
    assert rules.enough_signatures((11, 12), (12, 11), both)


@asserts("BNC-DEF-1")
@pytest.mark.parametrize(
    ("branches", "right"), [((), False), (("00001",), True), (("99999",), False), (("00001", "00002"), False)]
)
def test_an_account_is_kept_by_exactly_one_branch_of_the_bank(
    bnc: Agreement, branches: tuple[str, ...], right: bool
) -> None:
    assert rules.kept_by_right_branches(branches, bnc.accounts, bnc.bank) is right


@asserts("BRED-1.1-8")
def test_the_rib_is_handed_over_on_the_day_of_opening_in_paris(bred: Agreement) -> None:
    paris, terms = ZoneInfo("Europe/Paris"), bred.statements.rib
    opened_at = instant("2026-05-04T23:59:59.999999+02:00")
    due = rules.rib_due(opened_at, terms, paris)
    assert due is not None
    assert (due.due_at, due.due_on) == (opened_at, TODAY)
    next_day = rules.rib_due(instant("2026-05-05T00:00:00+02:00"), terms, paris)
    assert next_day is not None
    assert next_day.due_on == date(2026, 5, 5)
    never = replace(terms, on_opening=Parameter(False))
    assert rules.rib_due(opened_at, never, paris) is None


@pytest.mark.parametrize(
    ("book", "number", "text"),
    [
        (0, 1_000_000, "00001000000"),
        (1, 1_000_000, "01001000000"),
        (99, 999_999_999, "99999999999"),
        (100, 1_000_000, "T0019XP9XS0"),
        (1_000_000, 999_999_999, "T7UHQFJ1ZZZ"),
    ],
)
def test_an_account_number_tells_book_and_number(book: int, number: int, text: str) -> None:
    made = rules.account_number(account_id(book, number))
    assert len(made) == len(text) == 11
    assert made[0] == text[0]
    value = int(made[1:], 36) if made[0] == "T" else int(made)
    assert divmod(value, 1_000_000_000) == (book, number)


@pytest.mark.parametrize("book", [0, 7, 99, 100, 4711, 1_000_000])
def test_every_account_has_an_iban_with_a_valid_key(bnc: Agreement, book: int) -> None:
    rib = rules.rib_of_account(account_id(book, 1_234_567), "00001", bnc.bank)
    assert is_valid_iban(rib.iban)
    assert parse_iban(rib.iban).bank_code == "14889"
    assert rib.iban.startswith("FR")


@asserts("BRED-3.1-14", "BNC-2.1-3")
def test_the_balance_is_the_available_credits_less_all_debits() -> None:
    items = [
        Item(10_000, TODAY),
        Item(-2_500, TODAY),
        Item(4_000, date(2026, 5, 5)),  # subject to collection until tomorrow
        Item(-1, date(2026, 5, 5)),
    ]
    assert rules.balance_of(items, TODAY) == 7_499
    assert rules.balance_of(items, date(2026, 5, 5)) == 11_499
    assert rules.balance_of([], TODAY) == 0


@asserts("BRED-PREAMB-2")
def test_every_item_merges_into_the_one_balance() -> None:
    assert rules.merged_balance(10_000, 1) == 10_001
    assert rules.merged_balance(10_000, -10_001) == -1


@asserts("BRED-3.1-13")
def test_at_bred_what_is_held_or_made_unavailable_cannot_be_used(bred: Agreement) -> None:
    assert rules.usable_minor(10_000, 1_000, 2_000, bred.accounts.balance) == 7_000
    assert rules.available_minor(account(10_000, unavailable=10_000), bred.accounts.balance) == 0


@asserts("BNC-2.1-4")
def test_at_bnc_what_is_held_or_made_unavailable_cannot_be_used(bnc: Agreement) -> None:
    assert rules.usable_minor(10_000, 1_000, 2_000, bnc.accounts.balance) == 7_000
    assert rules.available_minor(account(10_000, unavailable=10_000), bnc.accounts.balance) == 0


@asserts("BRED-8-1")
def test_at_bred_the_floor_is_zero_or_as_deep_as_the_authorisation(bred: Agreement) -> None:
    assert rules.floor_minor(0, bred.accounts.balance) == 0
    assert rules.floor_minor(50_000, bred.accounts.balance) == -50_000


@asserts("BNC-2.1-3")
def test_at_bnc_the_amount_usable_adds_the_authorisation(bnc: Agreement) -> None:
    assert rules.floor_minor(0, bnc.accounts.balance) == 0
    floor = rules.floor_minor(50_000, bnc.accounts.balance)
    assert rules.available_minor(account(100, floor=floor), bnc.accounts.balance) == 50_100


@asserts("BRED-8-1")
@pytest.mark.parametrize(("amount", "covered"), [(50_100, True), (50_101, False)])
def test_a_debit_is_covered_to_the_last_cent_of_the_authorisation(
    bred: Agreement, amount: int, covered: bool
) -> None:
    terms = bred.accounts.balance
    assert rules.covers(account(100, floor=rules.floor_minor(50_000, terms)), amount, terms) is covered


@asserts("BRED-14.3-8")
def test_at_bred_a_debt_elsewhere_takes_no_funds_and_money_elsewhere_gives_none(bred: Agreement) -> None:
    funded, overdrawn = account(10_000), account(-9_000, floor=-9_000, number=2)
    assert rules.counted_accounts(funded, (overdrawn,), bred.accounts.balance) == (funded,)
    assert rules.covers(funded, 10_000, bred.accounts.balance, (overdrawn,))
    assert not rules.covers(overdrawn, 1, bred.accounts.balance, (funded,))


@asserts("BNC-8.2-7")
def test_at_bnc_a_debt_elsewhere_takes_no_funds_and_money_elsewhere_gives_none(bnc: Agreement) -> None:
    funded, overdrawn = account(10_000), account(-9_000, floor=-9_000, number=2)
    assert rules.counted_accounts(overdrawn, (funded,), bnc.accounts.balance) == (overdrawn,)
    assert rules.covers(funded, 10_000, bnc.accounts.balance, (overdrawn,))
    assert not rules.covers(overdrawn, 1, bnc.accounts.balance, (funded,))
