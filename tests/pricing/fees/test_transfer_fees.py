"""What transfers cost: apart from the principal, by where they were given, nothing where they are free."""

from datetime import date

import pytest

from teneur.agreements.terms.transfers import Service
from teneur.bank import Bank
from teneur.kernel.commands import Channel, Outcome
from teneur.payments.transfers.commands import PayeeAccount, RevokeTransfer
from teneur.pricing.fees.facts import FeeStatus
from tests.pricing.fees.making import (
    BRED_ID,
    announce,
    collect,
    fee_at,
    fees,
    give_terms,
    notices,
    raise_fee,
)
from tests.support.asserts import asserts
from tests.support.bank import BNC, BRED, accepted, move_clock, open_account
from tests.support.transfers import (
    ELSEWHERE,
    NOUMEA_MORNING,
    PARIS_MORNING,
    ask_at,
    balance,
    duties,
    fall_due,
    iban_of,
    pay,
)


@asserts("BRED-3.1-7", "BNC-6.1.3.1-21", "BRED-A3-1.4-1", "BNC-6.1.3.2-2")
@pytest.mark.parametrize(
    ("series", "at", "event", "minor", "later"),
    [
        (BRED, PARIS_MORNING, "transfer-sepa-branch", 450, "2026-06-01T00:00:00+02:00"),
        (BNC, NOUMEA_MORNING, "transfer-local-branch", 300, "2026-06-01T00:00:00+11:00"),
    ],
)
def test_the_payee_gets_the_whole_amount_and_the_fee_is_a_debit_of_its_own(
    bank: Bank, series: str, at: str, event: str, minor: int, later: str
) -> None:
    payer = open_account(bank, series, funds_minor=10_000)
    payee = open_account(bank, series)
    order = accepted(pay(bank, payer, iban_of(bank, payee), 2_000, at, channel=Channel.BRANCH, signed=True))
    (fee,) = fees(bank, payer)
    assert (fee.event, fee.id, fee.base_minor) == (event, order.position, 2_000)
    assert (balance(bank, payer), balance(bank, payee)) == (8_000, 2_000)
    move_clock(bank, later)
    taken = accepted(collect(bank, payer, (fee.id, fee.line), later))
    assert (balance(bank, payer), balance(bank, payee)) == (8_000 - minor, 2_000)
    assert ("BRED-A3-1.4-1" if series == BRED else "BNC-6.1.3.2-2") in taken.citations


@pytest.mark.parametrize(("series", "at"), [(BRED, PARIS_MORNING), (BNC, NOUMEA_MORNING)])
def test_a_transfer_that_is_free_leaves_no_trace_of_a_fee(bank: Bank, series: str, at: str) -> None:
    payer = open_account(bank, series, funds_minor=10_000)
    payee = open_account(bank, series)
    accepted(pay(bank, payer, iban_of(bank, payee), 2_000, at))
    holder = bank.account(payer).holders[0]
    own = open_account(bank, series, holder)
    accepted(pay(bank, payer, iban_of(bank, own), 100, at, channel=Channel.BRANCH, signed=True))
    assert fees(bank, payer) == []


@asserts("BRED-A3-2.1.1-9")
def test_a_transfer_to_the_pacific_costs_what_a_sepa_transfer_costs(bank: Bank) -> None:
    payer = open_account(bank, BRED, funds_minor=10_000)
    pacific = iban_of(bank, open_account(bank, BNC))
    for iban in (ELSEWHERE, pacific):
        answer = pay(
            bank, payer, iban, 1_000, channel=Channel.BRANCH, signed=True, risk_accepted=True, currency="EUR"
        )
        assert answer.outcome is Outcome.ACCEPTED, answer
    assert [fee.event for fee in fees(bank, payer)] == ["transfer-sepa-branch"] * 2


def test_an_instant_transfer_is_charged_once_it_is_done_and_as_an_ordinary_one(bank: Bank) -> None:
    payer = open_account(bank, BRED, funds_minor=10_000)
    payee = iban_of(bank, open_account(bank, BRED))
    give_terms(
        bank,
        payer,
        date(2026, 5, 4),
        {"tariff.editions.2022-06-01.transfer-sepa-remote": {"fixed_minor": 20}},
    )
    accepted(pay(bank, payer, payee, 1_000, service=Service.INSTANT, channel=Channel.MOBILE))
    (fee,) = fees(bank, payer)
    assert fee.event == "transfer-instant-remote"
    at = "2026-06-01T00:00:00+02:00"
    move_clock(bank, at)
    accepted(collect(bank, payer, (fee.id, fee.line), at))
    assert balance(bank, payer) == 10_000 - 1_000 - 20


def test_an_international_transfer_costs_a_share_between_its_least_and_its_most(bank: Bank) -> None:
    payer = open_account(bank, BRED, funds_minor=3_000_000)
    payee = PayeeAccount(
        name="Ann",
        account_number="12",
        bic="CHASUS33XXX",
        country="US",
        bank_name="Chase",
        address=("1 Main St",),
    )
    answer = pay(
        bank, payer, "", 1_800_000, payee=payee, currency="EUR", quoted_days=3,
        channel=Channel.BRANCH, signed=True,
    )  # fmt: skip
    assert answer.outcome is Outcome.ACCEPTED, answer
    (fee,) = fees(bank, payer)
    assert (fee.event, fee.base_minor) == ("transfer-international-branch", 1_800_000)
    accepted(collect(bank, payer, (fee.id, fee.line), "2026-05-06T00:00:00+02:00"))
    assert fee_at(bank, payer, (fee.id, fee.line)).amount_minor == 2_200


def test_a_deferred_order_and_each_occurrence_are_charged_on_their_day(bank: Bank) -> None:
    payer = open_account(bank, BRED, funds_minor=10_000)
    payee = iban_of(bank, open_account(bank, BRED))
    order = pay(bank, payer, payee, 1_000, channel=Channel.BRANCH, signed=True, agreed_on=date(2026, 5, 12))
    assert fees(bank, payer) == []
    accepted(fall_due(bank, payer, order, date(2026, 5, 12), "2026-05-12T00:00:00+02:00"))
    (fee,) = fees(bank, payer)
    assert (fee.event, fee.occurred_on) == ("transfer-sepa-branch", date(2026, 5, 12))


@asserts("BRED-3.1-18", "BNC-6.2.1-5")
@pytest.mark.parametrize(
    ("series", "at", "amount", "minor", "offset"),
    [
        (BRED, PARIS_MORNING, 100_000, 1_000, "+02:00"),
        (BRED, PARIS_MORNING, 1, 1, "+02:00"),
        (BNC, NOUMEA_MORNING, 100_000, 1_200, "+11:00"),
        (BNC, NOUMEA_MORNING, 1, 1, "+11:00"),
    ],
)
def test_the_notice_of_a_refusal_for_lack_of_funds_is_charged_up_to_the_order(
    bank: Bank, series: str, at: str, amount: int, minor: int, offset: str
) -> None:
    payer = open_account(bank, series)
    payee = iban_of(bank, open_account(bank, series))
    refusal = pay(bank, payer, payee, amount, at)
    assert refusal.reason == "insufficient-funds"
    assert duties(bank, payer, "inform-of-refusal")
    (fee,) = fees(bank, payer)
    assert (fee.event, fee.base_minor) == ("refusal-notice", amount)
    shown = f"2026-06-01T00:00:00{offset}"
    move_clock(bank, shown)
    accepted(announce(bank, payer, date(2026, 6, 1), date(2026, 5, 31), shown))
    later = f"2026-06-15T00:00:00{offset}"
    move_clock(bank, later)
    taken = accepted(collect(bank, payer, (fee.id, fee.line), later))
    assert balance(bank, payer) == -minor
    assert ("BRED-3.1-18" if series == BRED else "BNC-6.2.1-5") in taken.citations


@asserts("BRED-3.1-18", "BNC-6.2.1-5")
@pytest.mark.parametrize(("series", "at"), [(BRED, PARIS_MORNING), (BNC, NOUMEA_MORNING)])
def test_the_notice_of_any_other_refusal_is_free(bank: Bank, series: str, at: str) -> None:
    payer = open_account(bank, series, funds_minor=10_000)
    assert pay(bank, payer, "FR7630006000011234567890188", 100, at).reason == "iban-invalid"
    assert fees(bank, payer) == []


@asserts("BRED-A3-2.3-7")
def test_a_late_revocation_is_accepted_and_charged_at_the_tariff(bank: Bank) -> None:
    payer = open_account(bank, BRED, funds_minor=10_000)
    order = pay(bank, payer, ELSEWHERE, 1_000, agreed_on=date(2026, 5, 12))
    at = "2026-05-12T00:00:00+02:00"
    ask = RevokeTransfer(transfer=order.position)
    holder = bank.account(payer).holders[0]
    answer = accepted(ask_at(bank, ask, payer, at, actor=holder, channel=Channel.REMOTE))
    assert bank.decided(answer)["price_minor"] == 1_000
    (fee,) = fees(bank, payer)
    assert (fee.event, fee.about) == ("late-revocation", str(order.position))
    accepted(collect(bank, payer, (fee.id, fee.line), at))
    assert balance(bank, payer) == 9_000


def test_a_revocation_in_time_is_free(bank: Bank) -> None:
    payer = open_account(bank, BRED, funds_minor=10_000)
    order = pay(bank, payer, ELSEWHERE, 1_000, agreed_on=date(2026, 5, 12))
    ask = RevokeTransfer(transfer=order.position)
    holder = bank.account(payer).holders[0]
    accepted(ask_at(bank, ask, payer, "2026-05-11T10:00:00+02:00", actor=holder, channel=Channel.REMOTE))
    assert fees(bank, payer) == []


@asserts("BRED-1.3-4")
def test_transfers_of_an_account_opened_by_right_are_free_at_the_counter_too(bank: Bank) -> None:
    payer = open_account(bank, BRED, funds_minor=10_000)
    payee = iban_of(bank, open_account(bank, BRED))
    accepted(pay(bank, payer, payee, 100, channel=Channel.BRANCH, signed=True))
    assert len(fees(bank, payer)) == 1
    give_terms(bank, payer, date(2026, 5, 4), {"accounts.designated": True}, BRED_ID)
    accepted(pay(bank, payer, payee, 100, channel=Channel.BRANCH, signed=True))
    assert len(fees(bank, payer)) == 1


@asserts("BNC-4-1")
def test_the_tariff_in_force_is_given_at_opening_and_that_is_kept(bank: Bank) -> None:
    for series, edition, clause in ((BRED, "2022-06-01", ""), (BNC, "2026-04-01", "BNC-4-1")):
        account = open_account(bank, series)
        (duty,) = duties(bank, account, "deliver-tariff")
        assert (duty.about, duty.clause, duty.due_at) == (edition, clause, bank.clock.now())
        (notice,) = notices(bank, account, "tariff")
        assert notice["edition"] == edition


def test_the_same_payment_refused_again_is_not_charged_twice(bank: Bank) -> None:
    payer = open_account(bank, BRED)
    first = raise_fee(bank, payer, "direct-debit-rejected", date(2026, 5, 6), about="M9/1", base_minor=9_000)
    again = raise_fee(bank, payer, "direct-debit-rejected", date(2026, 5, 20), about="M9/1", base_minor=9_000)
    shown = "2026-06-01T00:00:00+02:00"
    move_clock(bank, shown)
    accepted(announce(bank, payer, date(2026, 6, 1), date(2026, 5, 31), shown))
    assert fee_at(bank, payer, first).amount_minor == 2_000
    second = fee_at(bank, payer, again)
    assert (second.status, second.limits) == (FeeStatus.FREE, ("same-payment",))
