"""Orders through the real engine: done at once, sent, refused."""

import pytest
from tests.support.asserts import asserts
from tests.support.bank import BNC, BOOK, BRED, CLERK, add_person, open_account
from tests.support.transfers import (
    ELSEWHERE,
    NOUMEA_MORNING,
    balance,
    duties,
    iban_of,
    order_of,
    pay,
    refused,
)

from teneur.agreements.terms.transfers import ChargeOption
from teneur.bank import Bank
from teneur.kernel.clock import instant
from teneur.kernel.commands import Answer, Channel, Outcome
from teneur.kernel.identifiers import make_rib
from teneur.ledger.chart import Role, own_account
from teneur.payments.transfers.commands import PayeeAccount
from teneur.payments.transfers.facts import OrderStatus


@asserts("BRED-A3-1.1-1")
def test_an_order_in_time_to_an_account_here_moves_the_money_at_once(bank: Bank) -> None:
    payer = open_account(bank, BRED, funds_minor=100_000)
    payee = open_account(bank, BRED)
    answer = pay(bank, payer, iban_of(bank, payee), 12_345)
    assert answer.outcome is Outcome.ACCEPTED
    assert (balance(bank, payer), balance(bank, payee)) == (87_655, 12_345)
    assert {"BRED-A5-T-1", "BRED-A3-1.3-1", "BRED-PREL-9", "BRED-8-1"} <= set(answer.citations)
    assert not [c for c in answer.citations if not c.startswith("BRED-")]
    assert bank.decided(answer) == {}  # the ordinary understanding is left out inside the bank


def test_the_other_agreement_by_the_same_code(bank: Bank) -> None:
    payer = open_account(bank, BNC, funds_minor=100_000)
    payee = open_account(bank, BNC)
    answer = pay(bank, payer, iban_of(bank, payee), 5_000, NOUMEA_MORNING)
    assert answer.outcome is Outcome.ACCEPTED
    assert balance(bank, payee) == 5_000
    assert {"BNC-6.1.3.2-1", "BNC-DEF-8", "BNC-6.1.3.6-7"} <= set(answer.citations)
    assert not [c for c in answer.citations if not c.startswith("BNC-")]


@asserts("BRED-8-1", "BRED-3.1-16", "BRED-3.1-17")
def test_one_cent_too_much_is_refused_and_the_customer_is_to_be_told_by_the_next_evening(bank: Bank) -> None:
    payer = open_account(bank, BRED, funds_minor=1_000)
    payee = open_account(bank, BRED)
    answer = refused(pay(bank, payer, iban_of(bank, payee), 1_001), "insufficient-funds")
    assert {"BRED-3.1-15", "BRED-8-1", "BRED-3.1-13", "BRED-14.3-8", "BRED-3.1-17"} <= set(answer.citations)
    assert (balance(bank, payer), balance(bank, payee)) == (1_000, 0)
    [duty] = duties(bank, payer, "inform-of-refusal")
    assert duty.about == str(answer.position)
    assert duty.clause == "BRED-3.1-16"
    assert duty.due_at == instant("2026-05-06T23:59:59.999999+02:00")
    assert not duties(bank, payer, "execute-transfer")
    assert pay(bank, payer, iban_of(bank, payee), 1_000).outcome is Outcome.ACCEPTED


def test_an_order_to_another_bank_leaves_through_clearing_and_is_to_be_executed_the_next_day(
    bank: Bank,
) -> None:
    payer = open_account(bank, BRED, funds_minor=100_000)
    answer = pay(bank, payer, ELSEWHERE, 12_345)
    assert answer.outcome is Outcome.ACCEPTED
    assert balance(bank, payer) == 87_655
    assert balance(bank, own_account(BOOK, Role.CLEARING, "EUR")) == 12_345
    order = order_of(bank, payer, answer)
    assert order.status is OrderStatus.SENT
    assert order.execute_by == instant("2026-05-06T23:59:59.999999+02:00")
    [duty] = duties(bank, payer, "execute-transfer")
    assert (duty.about, duty.due_at) == (str(answer.position), order.execute_by)


def test_a_joint_holder_alone_may_order_and_a_stranger_may_not(bank: Bank) -> None:
    one, two = add_person(bank), add_person(bank, "Martin", "Paul")
    payer = open_account(bank, BRED, one, two, funds_minor=10_000)
    payee = open_account(bank, BRED)
    for holder in (one, two):
        assert pay(bank, payer, iban_of(bank, payee), 100, actor=holder).outcome is Outcome.ACCEPTED
    stranger = add_person(bank, "Autre", "Ève")
    refused(pay(bank, payer, iban_of(bank, payee), 100, actor=stranger), "not-authorised")


@pytest.mark.parametrize("iban", ["FR7630006000011234567890188", "FR2420020202260600024M02606", "XX", "FR76"])
@asserts("BRED-A3-2.1.1-1")
def test_a_wrong_iban_is_refused_with_its_correction_to_be_told(bank: Bank, iban: str) -> None:
    payer = open_account(bank, BRED, funds_minor=10_000)
    answer = refused(pay(bank, payer, iban, 100), "iban-invalid")
    assert bank.decided(answer) == {"correction": True, "reason": "iban-invalid"}
    assert "BRED-A3-2.1.1-1" in answer.citations


def test_an_iban_of_this_bank_that_no_account_has_is_refused(bank: Bank) -> None:
    payer = open_account(bank, BRED, funds_minor=10_000)
    spare = iban_of(bank, open_account(bank, BRED))
    nobody = make_rib(spare[4:9], spare[9:14], "00999999999").iban
    refused(pay(bank, payer, nobody, 100), "iban-invalid")


def test_amounts_at_their_bounds(bank: Bank) -> None:
    payer = open_account(bank, BRED, funds_minor=10_000)
    iban = iban_of(bank, open_account(bank, BRED))
    for amount in (0, -1, 2**53 - 1):
        refused(pay(bank, payer, iban, amount), "amount-invalid")
    refused(pay(bank, payer, iban, 100_000_000_000), "amount-invalid")
    assert pay(bank, payer, iban, 1).outcome is Outcome.ACCEPTED
    refused(pay(bank, payer, iban_of(bank, payer), 1), "same-account")


def test_the_same_key_does_nothing_twice_and_another_content_under_it_is_refused(bank: Bank) -> None:
    payer = open_account(bank, BRED, funds_minor=10_000)
    iban = iban_of(bank, open_account(bank, BRED))
    key = b"k" * 16
    first = pay(bank, payer, iban, 100, key=key)
    again = pay(bank, payer, iban, 100, "2026-05-06T10:00:00+02:00", key=key)
    assert (again.position, again.outcome, again.citations) == (
        first.position,
        first.outcome,
        first.citations,
    )
    assert again.replayed
    refused(pay(bank, payer, iban, 101, key=key), "key-reused")
    assert balance(bank, payer) == 9_900


@asserts("BNC-6.1.3.5-1")
def test_an_unsigned_form_at_the_branch_is_no_consent(bank: Bank) -> None:
    payer = open_account(bank, BNC, funds_minor=10_000)
    holder = bank.account(payer).holders[0]
    iban = iban_of(bank, open_account(bank, BNC))
    at = NOUMEA_MORNING

    def form(*, signed: bool) -> Answer:
        return pay(
            bank, payer, iban, 500, at, channel=Channel.BRANCH, actor=CLERK, ordered_by=holder, signed=signed
        )

    refused(form(signed=False), "signature-missing")
    assert form(signed=True).outcome is Outcome.ACCEPTED


@asserts("BNC-6.1.3.2-5")
def test_a_machine_pays_only_to_the_customers_own_accounts(bank: Bank) -> None:
    holder = add_person(bank)
    payer = open_account(bank, BNC, holder, funds_minor=10_000)
    own, other = open_account(bank, BNC, holder), open_account(bank, BNC)
    refused(
        pay(bank, payer, iban_of(bank, other), 500, NOUMEA_MORNING, channel=Channel.ATM), "own-accounts-only"
    )
    done = pay(bank, payer, iban_of(bank, own), 500, NOUMEA_MORNING, channel=Channel.ATM)
    assert done.outcome is Outcome.ACCEPTED


@asserts("BNC-6-2")
def test_a_bill_of_exchange_is_not_issued_under_the_agreement(bank: Bank) -> None:
    payer = open_account(bank, BNC, funds_minor=10_000)
    iban = iban_of(bank, open_account(bank, BNC))
    refused(pay(bank, payer, iban, 500, NOUMEA_MORNING, instrument="bill-of-exchange"), "instrument-excluded")


@asserts("BNC-6.1.3.4-1", "BNC-6.1.3.6-9")
def test_euros_from_a_franc_account_to_the_mainland_convert_at_the_parity_and_have_five_days(
    bank: Bank,
) -> None:
    payer = open_account(bank, BNC, funds_minor=100_000)
    payee = PayeeAccount(name="Jean Payé", iban=ELSEWHERE, bic="BNPAFRPPXXX")
    answer = pay(bank, payer, "", 8_380, NOUMEA_MORNING, currency="EUR", payee=payee)
    # the other bank is not in the directory of this test, so it is not reachable by that clearing
    assert bank.decided(answer)["class"] == "international"
    assert balance(bank, payer) == 90_000
    assert balance(bank, own_account(BOOK, Role.POSITION, "XPF")) == 10_000
    assert balance(bank, own_account(BOOK, Role.POSITION, "EUR")) == -8_380
    assert balance(bank, own_account(BOOK, Role.NOSTRO, "EUR")) == 8_380


@asserts("BRED-A3-1.4-2")
def test_charges_are_shared_whatever_a_sepa_order_asks(bank: Bank) -> None:
    payer = open_account(bank, BRED, funds_minor=10_000)
    answer = pay(bank, payer, ELSEWHERE, 100, charges=ChargeOption.OUR)
    assert bank.decided(answer)["charges"] == "SHA"
