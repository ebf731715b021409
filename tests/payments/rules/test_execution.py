"""Maximum execution times and their breach."""

from datetime import date, timedelta

import pytest

from teneur.agreements.agreement import Agreement
from teneur.agreements.terms.transfers import Service, Timing
from teneur.kernel.commands import Channel
from teneur.payments.transfers.rules.execution import (
    Reach,
    execution_deadline,
    in_breach,
    maximum_business_days,
    reach,
)
from teneur.payments.transfers.rules.geography import Bank
from teneur.payments.transfers.rules.plan import TransferPlan
from teneur.payments.transfers.rules.routing import Counterparty
from tests.payments.rules.support import (
    AFTER_EASTER,
    AMERICAN_BANK,
    BNC_BANK,
    BRED_BANK,
    EVE_OF_EASTER,
    FRENCH_BANK,
    FRIDAY,
    GERMAN_BANK,
    MONDAY,
    NOUMEA_BANK,
    PARIS,
    SATURDAY,
    THURSDAY,
    bnc,
    bred,
    days,
    noumea,
    paris,
    plans,
    terms,
)
from tests.support.asserts import asserts


def order(
    agreement: Agreement,
    payee: Bank,
    currency: str,
    *,
    channel: Channel = Channel.REMOTE,
    timing: Timing = Timing.IMMEDIATE,
    account_currency: str = "",
    day: date = THURSDAY,
    agreed: date | None = None,
    branch: str = "default",
) -> TransferPlan:
    own = BRED_BANK if agreement is bred() else BNC_BANK
    route = plans(agreement).route(
        currency, account_currency or agreement.currency, own, payee, Counterparty.THIRD_PARTY, THURSDAY
    )
    return plans(agreement).plan(route, timing, channel, day, branch, agreed)


def due(plan: TransferPlan) -> date | None:
    deadline = plan.on_time.execution
    return None if deadline is None else deadline.due_on


@asserts("BRED-A3-3.2.1-1")
def test_a_euro_transfer_is_executed_by_the_end_of_the_next_business_day() -> None:
    plan = order(bred(), GERMAN_BANK, "EUR")
    assert due(plan) == FRIDAY
    assert plan.on_time.execution is not None
    assert plan.on_time.execution.due_at == paris(FRIDAY, "23:59:59.999999")
    assert due(order(bred(), GERMAN_BANK, "EUR", day=FRIDAY)) == MONDAY
    assert due(order(bred(), GERMAN_BANK, "EUR", day=EVE_OF_EASTER)) == AFTER_EASTER


@asserts("BRED-A3-3.2.1-1")
def test_the_day_runs_from_the_deemed_reception() -> None:
    plan = order(bred(), GERMAN_BANK, "EUR")
    late = plan.timeline(paris(THURSDAY, "12:00:01")).execution
    assert late is not None
    assert late.due_on == MONDAY


@asserts("BRED-A3-3.2.1-2")
def test_an_immediate_euro_order_on_paper_has_one_business_day_more() -> None:
    assert due(order(bred(), GERMAN_BANK, "EUR", channel=Channel.PAPER)) == MONDAY
    assert due(order(bred(), GERMAN_BANK, "EUR", channel=Channel.POST)) == MONDAY
    deferred = order(
        bred(), GERMAN_BANK, "EUR", channel=Channel.BRANCH, timing=Timing.DEFERRED, agreed=THURSDAY
    )
    assert due(deferred) == FRIDAY  # only immediate orders on paper


@asserts("BRED-A3-3.2.2-1")
def test_a_transfer_in_another_eea_currency_has_four_business_days() -> None:
    assert due(order(bred(), Bank("SE"), "SEK")) == date(2026, 4, 22)
    assert due(order(bred(), Bank("SE"), "SEK", channel=Channel.BRANCH)) == date(2026, 4, 22)
    assert due(order(bred(), Bank("PL"), "PLN", day=EVE_OF_EASTER)) == date(2026, 4, 10)


@asserts("BRED-A3-3.2.2-2")
def test_a_currency_outside_the_eea_has_a_delay_quoted_for_the_order() -> None:
    dollars = order(bred(), AMERICAN_BANK, "USD")
    assert dollars.route.quoted
    assert due(dollars) is None
    assert not order(bred(), Bank("SE"), "SEK").route.quoted
    assert not order(bred(), GERMAN_BANK, "EUR").route.quoted


@asserts("BRED-PREL-10", "BRED-PREL-11")
def test_where_the_law_on_time_does_not_bind_the_deadline_reaches_the_banks_correspondent() -> None:
    abroad = order(bred(), AMERICAN_BANK, "EUR")
    assert due(abroad) == FRIDAY
    assert abroad.route.reach is Reach.CORRESPONDENT
    assert order(bred(), GERMAN_BANK, "USD").route.reach is Reach.CORRESPONDENT
    assert order(bred(), GERMAN_BANK, "EUR").route.reach is Reach.PAYEE_BANK
    assert reach(maximum_time_binds=True) is Reach.PAYEE_BANK


def test_a_branch_open_on_saturday_starts_the_interbank_delay_on_the_next_payment_day() -> None:
    plan = order(bred(), GERMAN_BANK, "EUR", channel=Channel.BRANCH, day=SATURDAY, branch="00002")
    assert plan.on_time.received_on == SATURDAY
    assert due(plan) == date(2026, 4, 22)  # from Monday: one day and one for paper


@asserts("BNC-6.1.3.6-7")
def test_a_local_transfer_reaches_the_payees_bank_by_the_end_of_the_fourth_business_day() -> None:
    plan = order(bnc(), NOUMEA_BANK, "XPF")
    assert plan.on_time.execution is not None
    assert plan.on_time.execution.due_on == date(2026, 4, 22)
    assert plan.on_time.execution.due_at == noumea(date(2026, 4, 22), "23:59:59.999999")
    assert due(order(bnc(), NOUMEA_BANK, "XPF", day=date(2026, 4, 28))) == date(2026, 5, 5)  # 1 May closed


@asserts("BNC-6.1.3.6-8")
@pytest.mark.parametrize("timing", list(Timing))
def test_on_paper_a_local_transfer_has_five_business_days(timing: Timing) -> None:
    agreed = None if timing is Timing.IMMEDIATE else THURSDAY
    plan = order(bnc(), NOUMEA_BANK, "XPF", channel=Channel.BRANCH, timing=timing, agreed=agreed)
    assert due(plan) == date(2026, 4, 23)
    assert due(order(bnc(), NOUMEA_BANK, "XPF")) == date(2026, 4, 22)


@asserts("BNC-6.1.3.6-9")
@pytest.mark.parametrize("channel", [Channel.REMOTE, Channel.BRANCH])
def test_with_an_exchange_the_limit_is_five_business_days_paper_or_not(channel: Channel) -> None:
    assert due(order(bnc(), FRENCH_BANK, "EUR", channel=channel)) == date(2026, 4, 23)
    local = order(bnc(), NOUMEA_BANK, "XPF", channel=channel, account_currency="EUR")
    assert due(local) == date(2026, 4, 23)
    delay = terms(bnc()).execution.delays["local"]
    assert maximum_business_days(delay, 1, converted=True) == 5
    assert (
        due(order(bnc(), GERMAN_BANK, "EUR", channel=channel)) is None
    )  # international: outside the article


@asserts("BNC-6.1.3.6-12")
def test_com_pacific_without_exchange_has_the_local_limits_and_international_none() -> None:
    assert due(order(bnc(), FRENCH_BANK, "EUR", account_currency="EUR")) == date(2026, 4, 22)
    assert due(order(bnc(), FRENCH_BANK, "EUR", channel=Channel.BRANCH, account_currency="EUR")) == date(
        2026, 4, 23
    )
    assert order(bnc(), GERMAN_BANK, "EUR").route.quoted
    assert not order(bnc(), FRENCH_BANK, "EUR").route.quoted


@asserts("BRED-7.2.3.a-1")
def test_the_bank_answers_until_the_payees_bank_has_the_amount_in_time() -> None:
    limit = execution_deadline(THURSDAY, 1, days(bred()).payment, PARIS)
    last = paris(FRIDAY, "23:59:59.999999")
    assert not in_breach(limit, last, now=paris(MONDAY, "09:00"))
    assert in_breach(limit, last + timedelta(microseconds=1), now=paris(MONDAY, "09:00"))
    assert not in_breach(limit, None, now=last)
    assert in_breach(limit, None, now=paris(SATURDAY, "00:00"))


def test_an_instant_transfer_has_seconds_not_days() -> None:
    route = plans(bred()).route(
        "EUR", "EUR", BRED_BANK, GERMAN_BANK, Counterparty.THIRD_PARTY, THURSDAY, Service.INSTANT
    )
    plan = plans(bred()).plan(route, Timing.IMMEDIATE, Channel.MOBILE, THURSDAY)
    assert plan.on_time.execution is None
