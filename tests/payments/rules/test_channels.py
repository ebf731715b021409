"""Which channel may order what."""

import pytest

from teneur.agreements.agreement import Agreement
from teneur.agreements.terms.transfers import Service, Timing, TransferClass
from teneur.kernel.commands import Channel
from teneur.payments.transfers.rules.channels import (
    channel_refusal,
    currency_refusal,
    instant_refusal,
    payee_refusal,
    signature_refusal,
)
from teneur.payments.transfers.rules.plan import TransferPlan
from teneur.payments.transfers.rules.refusal import Reason
from teneur.payments.transfers.rules.routing import Counterparty
from tests.payments.rules.support import (
    AMERICAN_BANK,
    BRED_BANK,
    FRENCH_BANK,
    GERMAN_BANK,
    THURSDAY,
    bnc,
    bred,
    plans,
    terms,
)
from tests.support.asserts import asserts

SEPA, LOCAL = TransferClass.SEPA, TransferClass.LOCAL
COM, INTERNATIONAL = TransferClass.COM_PACIFIC, TransferClass.INTERNATIONAL
IMMEDIATE, DEFERRED, STANDING = Timing.IMMEDIATE, Timing.DEFERRED, Timing.STANDING
BUSINESS = (Channel.FILE, Channel.PAPER, Channel.REMOTE_BUSINESS)


def refused(
    agreement: Agreement,
    kind: TransferClass,
    timing: Timing,
    channel: Channel,
    *,
    service: Service = Service.ORDINARY,
    on: tuple[Channel, ...] = (),
) -> Reason | None:
    return channel_refusal(kind, service, timing, channel, on, terms(agreement).ordering)


@asserts("BRED-A3-2.1.1-3")
@pytest.mark.parametrize("channel", [Channel.BRANCH, Channel.REMOTE, Channel.MOBILE, Channel.ATM])
def test_a_sepa_transfer_is_ordered_at_the_branch_online_or_at_a_machine(channel: Channel) -> None:
    assert refused(bred(), SEPA, IMMEDIATE, channel) is None
    assert refused(bred(), SEPA, IMMEDIATE, Channel.PHONE) is Reason.CHANNEL_NOT_OFFERED


@asserts("BRED-A3-2.1.1-3")
@pytest.mark.parametrize("channel", BUSINESS)
def test_business_tools_are_off_until_a_specific_agreement_switches_them_on(channel: Channel) -> None:
    assert refused(bred(), SEPA, IMMEDIATE, channel) is Reason.SUBSCRIPTION_NEEDED
    assert refused(bred(), SEPA, IMMEDIATE, channel, on=(channel,)) is None
    assert refused(bred(), SEPA, STANDING, channel, on=(channel,)) is Reason.CHANNEL_NOT_OFFERED


@asserts("BRED-A3-2.1.1-3")
def test_at_a_machine_money_goes_only_to_the_customers_own_accounts_at_the_bank() -> None:
    ordering = terms(bred()).ordering
    own, third = Counterparty.OWN, Counterparty.THIRD_PARTY
    assert payee_refusal(Channel.ATM, own, ordering, at_this_bank=True) is None
    assert payee_refusal(Channel.ATM, third, ordering, at_this_bank=True) is Reason.OWN_ACCOUNTS_ONLY
    assert payee_refusal(Channel.ATM, own, ordering, at_this_bank=False) is Reason.OWN_ACCOUNTS_ONLY
    assert payee_refusal(Channel.REMOTE, third, ordering, at_this_bank=False) is None


@asserts("BRED-A3-2.1.1-4")
def test_an_initiation_provider_may_order_immediate_transfers_only() -> None:
    assert refused(bred(), SEPA, IMMEDIATE, Channel.INITIATION_SERVICE) is None
    for timing in (DEFERRED, STANDING):
        assert refused(bred(), SEPA, timing, Channel.INITIATION_SERVICE) is Reason.CHANNEL_NOT_OFFERED


@asserts("BRED-A3-2.1.1-6")
def test_an_international_transfer_is_ordered_on_a_signed_form_or_online_only() -> None:
    for channel in (Channel.BRANCH, Channel.POST, Channel.REMOTE):
        assert refused(bred(), INTERNATIONAL, IMMEDIATE, channel) is None
    for channel in (Channel.ATM, Channel.INITIATION_SERVICE, Channel.PHONE):
        assert refused(bred(), INTERNATIONAL, IMMEDIATE, channel) is Reason.CHANNEL_NOT_OFFERED
    assert refused(bred(), INTERNATIONAL, IMMEDIATE, Channel.FILE) is Reason.SUBSCRIPTION_NEEDED
    assert refused(bred(), INTERNATIONAL, IMMEDIATE, Channel.FILE, on=(Channel.FILE,)) is None
    ordering = terms(bred()).ordering
    assert signature_refusal(Channel.BRANCH, ordering, signed=False) is Reason.SIGNATURE_MISSING
    assert signature_refusal(Channel.BRANCH, ordering, signed=True) is None


@asserts("BRED-A3-2.3-1", "BNC-6.1.3.5-1")
@pytest.mark.parametrize("agreement", [bred(), bnc()])
def test_an_order_at_the_branch_is_consent_only_when_signed(agreement: Agreement) -> None:
    ordering = terms(agreement).ordering
    assert signature_refusal(Channel.BRANCH, ordering, signed=False) is Reason.SIGNATURE_MISSING
    assert signature_refusal(Channel.BRANCH, ordering, signed=True) is None
    assert signature_refusal(Channel.REMOTE, ordering, signed=False) is None


@asserts("BRED-A3-2.1.1-7")
@pytest.mark.parametrize("timing", list(Timing))
def test_a_pacific_transfer_is_ordered_like_a_sepa_one_but_never_instant(timing: Timing) -> None:
    assert refused(bred(), COM, timing, Channel.BRANCH) is None
    assert refused(bred(), COM, timing, Channel.REMOTE) is None
    instant = terms(bred()).instant
    assert instant_refusal(COM, timing, instant, payee_bank_takes_instant=True) is Reason.SERVICE_NOT_OFFERED


@asserts("BRED-A3-2.1.2-2")
def test_an_instant_transfer_comes_from_the_application_or_a_provider() -> None:
    for channel in (Channel.MOBILE, Channel.INITIATION_SERVICE):
        assert refused(bred(), SEPA, IMMEDIATE, channel, service=Service.INSTANT) is None
    for channel in (Channel.REMOTE, Channel.BRANCH, Channel.ATM, Channel.PAPER):
        assert (
            refused(bred(), SEPA, IMMEDIATE, channel, service=Service.INSTANT) is Reason.CHANNEL_NOT_OFFERED
        )


@asserts("BRED-A3-1.2-2", "BRED-A3-2.1.2-1")
def test_the_payees_bank_must_be_in_sepa_and_able_to_take_instant_transfers() -> None:
    instant = terms(bred()).instant
    assert instant_refusal(SEPA, IMMEDIATE, instant, payee_bank_takes_instant=True) is None
    refusal = instant_refusal(SEPA, IMMEDIATE, instant, payee_bank_takes_instant=False)
    assert refusal is Reason.INSTANT_NOT_REACHABLE
    abroad = instant_refusal(INTERNATIONAL, IMMEDIATE, instant, payee_bank_takes_instant=True)
    assert abroad is Reason.SERVICE_NOT_OFFERED


@asserts("BRED-A3-1.2-3")
@pytest.mark.parametrize("timing", [DEFERRED, STANDING])
def test_only_immediate_one_off_transfers_are_instant(timing: Timing) -> None:
    instant = terms(bred()).instant
    refusal = instant_refusal(SEPA, timing, instant, payee_bank_takes_instant=True)
    assert refusal is Reason.INSTANT_NOT_IMMEDIATE
    assert instant_refusal(SEPA, IMMEDIATE, instant, payee_bank_takes_instant=True) is None


def test_an_agreement_without_instant_or_treasury_transfers_refuses_them() -> None:
    instant = terms(bnc()).instant
    refusal = instant_refusal(LOCAL, IMMEDIATE, instant, payee_bank_takes_instant=True)
    assert refusal is Reason.SERVICE_NOT_OFFERED
    treasury = refused(bnc(), LOCAL, IMMEDIATE, Channel.BRANCH, service=Service.TREASURY)
    assert treasury is Reason.SERVICE_NOT_OFFERED


@asserts("BNC-6.1.3.2-5")
def test_an_immediate_local_transfer_is_ordered_at_the_branch_online_or_at_a_machine_for_own_accounts() -> (
    None
):
    for channel in (Channel.BRANCH, Channel.REMOTE, Channel.MOBILE, Channel.ATM):
        assert refused(bnc(), LOCAL, IMMEDIATE, channel) is None
    assert refused(bnc(), LOCAL, IMMEDIATE, Channel.PHONE) is Reason.CHANNEL_NOT_OFFERED
    ordering = terms(bnc()).ordering
    third = payee_refusal(Channel.ATM, Counterparty.THIRD_PARTY, ordering, at_this_bank=True)
    assert third is Reason.OWN_ACCOUNTS_ONLY
    assert payee_refusal(Channel.ATM, Counterparty.OWN, ordering, at_this_bank=True) is None


@asserts("BNC-6.1.3.2-7", "BNC-6.1.3.2-8")
def test_a_provider_may_order_an_immediate_local_transfer_and_no_other() -> None:
    assert refused(bnc(), LOCAL, IMMEDIATE, Channel.INITIATION_SERVICE) is None
    for timing in (DEFERRED, STANDING):
        assert refused(bnc(), LOCAL, timing, Channel.INITIATION_SERVICE) is Reason.CHANNEL_NOT_OFFERED
        assert refused(bnc(), LOCAL, timing, Channel.REMOTE) is None


@asserts("BNC-6.1.3.6-4")
def test_a_machine_only_moves_money_between_accounts_held_at_the_bank() -> None:
    ordering = terms(bnc()).ordering
    for counterparty in Counterparty:
        elsewhere = payee_refusal(Channel.ATM, counterparty, ordering, at_this_bank=False)
        assert elsewhere is Reason.OWN_ACCOUNTS_ONLY
    assert payee_refusal(Channel.ATM, Counterparty.OWN, ordering, at_this_bank=True) is None


@asserts("BNC-6.1.3.2-10")
@pytest.mark.parametrize("timing", [DEFERRED, STANDING])
def test_deferred_and_standing_transfers_are_not_ordered_at_machines(timing: Timing) -> None:
    for channel in (Channel.BRANCH, Channel.REMOTE, Channel.MOBILE):
        assert refused(bnc(), LOCAL, timing, channel) is None
    assert refused(bnc(), LOCAL, timing, Channel.ATM) is Reason.CHANNEL_NOT_OFFERED


@asserts("BNC-6.1.3.4-1")
def test_com_pacific_transfers_have_the_order_modes_of_local_ones() -> None:
    for timing in Timing:
        for channel in Channel:
            local = refused(bnc(), LOCAL, timing, channel)
            assert refused(bnc(), COM, timing, channel) is local
    assert refused(bnc(), COM, IMMEDIATE, Channel.BRANCH) is None


@asserts("BNC-6.1.3.3-3")
def test_an_international_transfer_is_ordered_at_the_branch_or_online_in_an_available_currency() -> None:
    assert refused(bnc(), INTERNATIONAL, IMMEDIATE, Channel.BRANCH) is None
    assert refused(bnc(), INTERNATIONAL, IMMEDIATE, Channel.REMOTE) is None
    assert refused(bnc(), INTERNATIONAL, IMMEDIATE, Channel.ATM) is Reason.CHANNEL_NOT_OFFERED
    ordering = terms(bnc()).ordering
    assert currency_refusal(INTERNATIONAL, Channel.REMOTE, "AUD", ordering) is None
    assert currency_refusal(INTERNATIONAL, Channel.REMOTE, "ZAR", ordering) is Reason.CURRENCY_NOT_OFFERED
    assert currency_refusal(INTERNATIONAL, Channel.BRANCH, "ZAR", ordering) is None


def planned(service: Service, timing: Timing, channel: Channel, counterparty: Counterparty) -> TransferPlan:
    payee = BRED_BANK if counterparty is Counterparty.OWN else FRENCH_BANK
    route = plans(bred()).route("EUR", "EUR", BRED_BANK, payee, counterparty, THURSDAY, service)
    agreed = None if timing is IMMEDIATE else THURSDAY
    return plans(bred()).plan(route, timing, channel, THURSDAY, agreed_day=agreed)


def test_a_plan_says_why_no_such_order_is_taken() -> None:
    third, own = Counterparty.THIRD_PARTY, Counterparty.OWN
    assert planned(Service.ORDINARY, IMMEDIATE, Channel.ATM, third).refusal is Reason.OWN_ACCOUNTS_ONLY
    assert planned(Service.ORDINARY, IMMEDIATE, Channel.ATM, own).refusal is None
    assert planned(Service.INSTANT, STANDING, Channel.MOBILE, third).refusal is Reason.INSTANT_NOT_IMMEDIATE
    by_file = planned(Service.ORDINARY, IMMEDIATE, Channel.FILE, third)
    assert (by_file.refusal, by_file.needs_subscription) == (None, True)
    assert planned(Service.ORDINARY, IMMEDIATE, Channel.BRANCH, third).needs_signature


def test_a_plan_reaches_only_banks_that_take_instant_transfers() -> None:
    for payee, reason in ((GERMAN_BANK, None), (AMERICAN_BANK, Reason.SERVICE_NOT_OFFERED)):
        route = plans(bred()).route(
            "EUR", "EUR", BRED_BANK, payee, Counterparty.THIRD_PARTY, THURSDAY, Service.INSTANT
        )
        assert plans(bred()).plan(route, IMMEDIATE, Channel.MOBILE, THURSDAY).refusal is reason
