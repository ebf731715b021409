"""The plan of a transfer: worked out once, right for every order it serves."""

from datetime import timedelta

import pytest

from teneur.agreements.agreement import Agreement
from teneur.agreements.terms.transfers import ChargeSituation, Regime, Service, Timing, TransferClass
from teneur.kernel.commands import Channel
from teneur.payments.transfers.rules.geography import Bank
from teneur.payments.transfers.rules.plan import Plans, Route
from teneur.payments.transfers.rules.reception import cut_off_of, deemed_reception, last_instant
from teneur.payments.transfers.rules.routing import Counterparty
from tests.payments.rules.support import (
    AMERICAN_BANK,
    BNC_BANK,
    BRED_BANK,
    EVE_OF_EASTER,
    FRENCH_BANK,
    GERMAN_BANK,
    NOUMEA,
    NOUMEA_BANK,
    PARIS,
    SATURDAY,
    THURSDAY,
    bnc,
    bred,
    days,
    plans,
    terms,
)


def route(
    agreement: Agreement, payee: Bank, currency: str = "", service: Service = Service.ORDINARY
) -> Route:
    own = BRED_BANK if agreement is bred() else BNC_BANK
    return plans(agreement).route(
        currency or agreement.currency,
        agreement.currency,
        own,
        payee,
        Counterparty.THIRD_PARTY,
        THURSDAY,
        service,
    )


def test_a_route_knows_class_regime_charges_and_duties() -> None:
    sepa = route(bred(), GERMAN_BANK)
    assert (sepa.transfer_class, sepa.regime, sepa.charges) == (
        TransferClass.SEPA,
        Regime.FULL,
        ChargeSituation.HOME,
    )
    assert sepa.full_amount_binds
    assert sepa.refusal_notice_binds
    dollars = route(bred(), AMERICAN_BANK, "USD")
    assert (dollars.transfer_class, dollars.regime, dollars.charges) == (
        TransferClass.INTERNATIONAL,
        Regime.ONE_LEG,
        ChargeSituation.INTERNATIONAL,
    )
    assert dollars.converted
    assert not dollars.full_amount_binds
    assert dollars.refusal_notice_binds
    pacific = route(bnc(), FRENCH_BANK, "EUR")
    assert (pacific.transfer_class, pacific.charges) == (
        TransferClass.COM_PACIFIC,
        ChargeSituation.HOME_CONVERTED_TO_EEA,
    )


def test_a_transfer_between_two_accounts_of_the_bank_is_on_us() -> None:
    assert route(bred(), BRED_BANK).on_us
    assert route(bnc(), BNC_BANK).on_us
    assert not route(bnc(), NOUMEA_BANK).on_us


@pytest.mark.parametrize(("agreement", "zone"), [(bred(), PARIS), (bnc(), NOUMEA)])
@pytest.mark.parametrize("channel", [Channel.REMOTE, Channel.BRANCH, Channel.POST])
@pytest.mark.parametrize("day", [THURSDAY, SATURDAY, EVE_OF_EASTER])
def test_a_plan_answers_as_the_rules_do_one_order_at_a_time(
    agreement: Agreement, zone: object, channel: Channel, day: object
) -> None:
    local, where = (PARIS if zone is PARIS else NOUMEA), route(agreement, NOUMEA_BANK)
    arrives = next(d for d in (THURSDAY, SATURDAY, EVE_OF_EASTER) if d == day)
    plan = plans(agreement).plan(where, Timing.IMMEDIATE, channel, arrives)
    cut_off = cut_off_of(
        where.transfer_class,
        Service.ORDINARY,
        Timing.IMMEDIATE,
        where.currency,
        channel,
        terms(agreement).reception,
    )
    assert cut_off is not None
    last = last_instant(arrives, cut_off.value, days(agreement).branch(), local)
    calendar = (
        days(agreement).payment_in(where.currency)
        if channel is Channel.REMOTE
        else days(agreement).branch_days()
    )
    assert plan.last_on_time == last
    for at in (last, last + timedelta(microseconds=1)):
        deemed = deemed_reception(arrives, calendar, 1, local, late=at > last)
        found = plan.timeline(at)
        assert (found.reception(at), found.received_on) == (deemed.begins_at or at, deemed.day)


def test_a_plan_cites_only_clauses_of_its_agreement_and_those_that_decided() -> None:
    local = route(bnc(), NOUMEA_BANK)
    paper = plans(bnc()).plan(local, Timing.IMMEDIATE, Channel.BRANCH, THURSDAY)
    assert local.citations == ("BNC-6.1.3.2-1", "BNC-6.1.3.2-4", "BNC-DEF-8", "BNC-6.1.3.1-22")
    assert paper.citations == ("BNC-6.1.3.6-1", "BNC-6.1.3.6-2", "BNC-6.1.3.6-7", "BNC-6.1.3.6-8")
    online = plans(bred()).plan(route(bred(), GERMAN_BANK), Timing.IMMEDIATE, Channel.REMOTE, THURSDAY)
    assert online.citations == ("BRED-A3-3.1.1-1", "BRED-A5-T-1", "BRED-A3-3.2.1-1")
    instant = plans(bred()).plan(
        route(bred(), GERMAN_BANK, service=Service.INSTANT), Timing.IMMEDIATE, Channel.MOBILE, THURSDAY
    )
    assert instant.citations == ("BRED-A3-1.2-2", "BRED-A3-3.2.3-1")


def test_the_same_plan_is_given_again_and_never_one_of_another_day_or_channel() -> None:
    fresh = Plans(bred(), days(bred()))
    where = fresh.route("EUR", "EUR", BRED_BANK, GERMAN_BANK, Counterparty.THIRD_PARTY, THURSDAY)
    first = fresh.plan(where, Timing.IMMEDIATE, Channel.REMOTE, THURSDAY)
    assert fresh.plan(where, Timing.IMMEDIATE, Channel.REMOTE, THURSDAY) is first
    assert fresh.plan(where, Timing.IMMEDIATE, Channel.REMOTE, SATURDAY).arrives_on == SATURDAY
    assert fresh.plan(where, Timing.IMMEDIATE, Channel.FILE, THURSDAY).channel is Channel.FILE


def test_what_is_executed_on_its_reception_day_has_that_value_date() -> None:
    plan = plans(bnc()).plan(route(bnc(), BNC_BANK), Timing.IMMEDIATE, Channel.REMOTE, SATURDAY)
    assert plan.on_time.received_on == plan.on_time.value_on
    assert plan.on_time.value_on.isoformat() == "2026-04-20"
