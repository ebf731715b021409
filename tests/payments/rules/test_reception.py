"""Cut-offs of every operation and channel, deemed reception days, agreed days."""

from datetime import date, datetime, timedelta

import pytest

from teneur.agreements.agreement import Agreement
from teneur.agreements.terms.transfers import Service, StartCondition, Timing
from teneur.kernel.commands import Channel
from teneur.payments.transfers.rules.geography import Bank
from teneur.payments.transfers.rules.plan import TransferPlan
from teneur.payments.transfers.rules.reception import (
    agreed_day,
    agreed_reception,
    deemed_reception,
)
from teneur.payments.transfers.rules.routing import Counterparty
from tests.payments.rules.support import (
    AFTER_EASTER,
    AMERICAN_BANK,
    BNC_BANK,
    BRED_BANK,
    EVE_OF_EASTER,
    FRENCH_BANK,
    FRIDAY,
    MONDAY,
    NOUMEA,
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

US = timedelta(microseconds=1)


def plan_of(
    agreement: Agreement,
    channel: Channel,
    day: date,
    *,
    currency: str = "",
    payee: Bank | None = None,
    service: Service = Service.ORDINARY,
    timing: Timing = Timing.IMMEDIATE,
    agreed: date | None = None,
    branch: str = "default",
) -> TransferPlan:
    own = BRED_BANK if agreement is bred() else BNC_BANK
    other = payee or (FRENCH_BANK if agreement is bred() else NOUMEA_BANK)
    route = plans(agreement).route(
        currency or agreement.currency,
        agreement.currency,
        own,
        other,
        Counterparty.THIRD_PARTY,
        THURSDAY,
        service,
    )
    return plans(agreement).plan(route, timing, channel, day, branch, agreed)


def received_on(plan: TransferPlan, at: datetime) -> date:
    return plan.timeline(at).received_on


def received(plan: TransferPlan, at: datetime) -> tuple[datetime, date]:
    """The moment of reception and its business day."""
    timeline = plan.timeline(at)
    return timeline.reception(at), timeline.received_on


def assert_cut_off(plan: TransferPlan, last: datetime, next_day: date) -> None:
    """In time up to and including `last`; one microsecond later it is the next business day's."""
    assert plan.last_on_time == last
    assert received_on(plan, last) == plan.arrives_on
    assert received_on(plan, last + US) == next_day


@asserts("BRED-A5-T-1")
@pytest.mark.parametrize("channel", [Channel.REMOTE, Channel.MOBILE])
def test_a_sepa_order_online_is_in_time_until_noon(channel: Channel) -> None:
    assert_cut_off(plan_of(bred(), channel, THURSDAY), paris(THURSDAY, "12:00"), FRIDAY)


@asserts("BRED-A5-T-2")
def test_a_sepa_order_of_the_business_site_is_in_time_until_noon() -> None:
    assert_cut_off(plan_of(bred(), Channel.REMOTE_BUSINESS, FRIDAY), paris(FRIDAY, "12:00"), MONDAY)


@asserts("BRED-A5-T-3")
def test_a_sepa_order_by_file_is_in_time_until_noon() -> None:
    assert_cut_off(plan_of(bred(), Channel.FILE, THURSDAY), paris(THURSDAY, "12:00"), FRIDAY)


@asserts("BRED-A5-T-4")
def test_a_sepa_order_at_the_counter_is_in_time_until_the_branch_closes() -> None:
    assert_cut_off(plan_of(bred(), Channel.BRANCH, THURSDAY), paris(THURSDAY, "17:30"), FRIDAY)


@asserts("BRED-A5-T-4")
def test_a_branch_open_on_saturday_takes_orders_that_day_until_it_closes_at_one() -> None:
    plan = plan_of(bred(), Channel.BRANCH, SATURDAY, branch="00002")
    assert received_on(plan, paris(SATURDAY, "13:00")) == SATURDAY
    assert received_on(plan, paris(SATURDAY, "13:00:00.000001")) == date(2026, 4, 21)  # shut on Monday


@asserts("BRED-A5-T-5")
def test_a_paper_list_is_in_time_until_eleven() -> None:
    assert_cut_off(plan_of(bred(), Channel.PAPER, THURSDAY), paris(THURSDAY, "11:00"), FRIDAY)


@asserts("BRED-A5-T-6")
def test_a_standing_order_online_must_come_before_its_due_day_begins() -> None:
    eve = plan_of(bred(), Channel.REMOTE, THURSDAY, timing=Timing.STANDING, agreed=FRIDAY)
    assert received_on(eve, paris(THURSDAY, "23:59:59.999999")) == FRIDAY
    due_day = plan_of(bred(), Channel.REMOTE, FRIDAY, timing=Timing.STANDING, agreed=FRIDAY)
    assert received_on(due_day, paris(FRIDAY, "00:00")) == MONDAY
    assert due_day.last_on_time == paris(FRIDAY, "00:00") - US


@asserts("BRED-A5-T-7")
def test_a_standing_order_at_the_counter_may_come_on_its_due_day_until_the_branch_closes() -> None:
    plan = plan_of(bred(), Channel.BRANCH, THURSDAY, timing=Timing.STANDING, agreed=THURSDAY)
    assert received_on(plan, paris(THURSDAY, "17:30")) == THURSDAY
    assert received_on(plan, paris(THURSDAY, "17:30:00.000001")) == FRIDAY


@asserts("BRED-A5-T-8")
def test_an_international_order_in_foreign_currency_at_the_counter_is_in_time_until_half_past_eleven() -> (
    None
):
    plan = plan_of(bred(), Channel.BRANCH, THURSDAY, currency="USD", payee=AMERICAN_BANK)
    assert_cut_off(plan, paris(THURSDAY, "11:30"), FRIDAY)


@asserts("BRED-A5-T-9")
def test_an_international_order_in_euro_at_the_counter_is_in_time_until_three() -> None:
    plan = plan_of(bred(), Channel.BRANCH, THURSDAY, payee=AMERICAN_BANK)
    assert_cut_off(plan, paris(THURSDAY, "15:00"), FRIDAY)


@asserts("BRED-A5-T-10")
@pytest.mark.parametrize("currency", ["EUR", "USD", "SEK"])
def test_an_international_order_by_file_is_in_time_until_half_past_eleven(currency: str) -> None:
    plan = plan_of(bred(), Channel.FILE, THURSDAY, currency=currency, payee=AMERICAN_BANK)
    assert_cut_off(plan, paris(THURSDAY, "11:30"), FRIDAY)


@asserts("BRED-A5-T-11")
def test_a_treasury_transfer_of_the_business_site_is_in_time_until_half_past_one() -> None:
    plan = plan_of(bred(), Channel.REMOTE_BUSINESS, THURSDAY, service=Service.TREASURY)
    assert_cut_off(plan, paris(THURSDAY, "13:30"), FRIDAY)


@asserts("BRED-A5-T-12")
def test_a_treasury_transfer_by_file_is_in_time_until_half_past_one() -> None:
    plan = plan_of(bred(), Channel.FILE, THURSDAY, service=Service.TREASURY)
    assert_cut_off(plan, paris(THURSDAY, "13:30"), FRIDAY)


@asserts("BRED-A5-T-13")
def test_a_treasury_transfer_at_the_counter_is_in_time_until_quarter_to_three() -> None:
    plan = plan_of(bred(), Channel.BRANCH, THURSDAY, service=Service.TREASURY)
    assert_cut_off(plan, paris(THURSDAY, "14:45"), FRIDAY)


@pytest.mark.parametrize(("channel", "payee"), [(Channel.REMOTE, AMERICAN_BANK), (Channel.ATM, BRED_BANK)])
def test_where_annex_5_is_silent_noon_is_taken(channel: Channel, payee: Bank) -> None:
    assert_cut_off(plan_of(bred(), channel, THURSDAY, payee=payee), paris(THURSDAY, "12:00"), FRIDAY)


def test_the_cut_off_follows_summer_time() -> None:
    winter, summer = date(2026, 3, 27), date(2026, 3, 30)
    assert plan_of(bred(), Channel.REMOTE, winter).last_on_time.hour == 11
    assert plan_of(bred(), Channel.REMOTE, summer).last_on_time.hour == 10


@asserts("BRED-PREL-1")
def test_an_order_after_its_cut_off_is_deemed_received_the_next_business_day() -> None:
    plan = plan_of(bred(), Channel.REMOTE, EVE_OF_EASTER)
    assert received_on(plan, paris(EVE_OF_EASTER, "12:00")) == EVE_OF_EASTER
    assert received_on(plan, paris(EVE_OF_EASTER, "12:00:00.000001")) == AFTER_EASTER


@asserts("BRED-A3-3.1.1-1")
def test_an_immediate_order_is_received_when_it_comes_or_when_the_next_business_day_begins() -> None:
    thursday = plan_of(bred(), Channel.REMOTE, THURSDAY)
    assert received(thursday, paris(THURSDAY, "09:17:03")) == (paris(THURSDAY, "09:17:03"), THURSDAY)
    assert received(thursday, paris(THURSDAY, "12:00:01")) == (paris(FRIDAY, "00:00"), FRIDAY)
    saturday = plan_of(bred(), Channel.REMOTE, SATURDAY)
    assert received(saturday, paris(SATURDAY, "09:00")) == (paris(MONDAY, "00:00"), MONDAY)


@asserts("BNC-6.1.3.6-1")
def test_the_moment_of_reception_is_the_date_and_time_of_the_instruction() -> None:
    at = noumea(THURSDAY, "08:00:00.123456")
    assert received(plan_of(bnc(), Channel.REMOTE, THURSDAY), at) == (at, THURSDAY)
    deemed = deemed_reception(THURSDAY, days(bnc()).payment, 1, NOUMEA, late=False)
    assert (deemed.day, deemed.begins_at) == (THURSDAY, None)


@asserts("BNC-6.1.3.6-2")
def test_a_branch_order_is_received_that_day_until_the_banks_cut_off_else_the_next_business_day() -> None:
    plan = plan_of(bnc(), Channel.BRANCH, FRIDAY)
    assert_cut_off(plan, noumea(FRIDAY, "15:30"), MONDAY)


@asserts("BNC-6.1.3.6-3")
@pytest.mark.parametrize("channel", [Channel.REMOTE, Channel.MOBILE])
def test_a_remote_order_is_received_that_day_until_the_banks_cut_off_in_noumea_time(channel: Channel) -> None:
    plan = plan_of(bnc(), channel, FRIDAY)
    assert_cut_off(plan, noumea(FRIDAY, "15:00"), MONDAY)
    assert plan.last_on_time.hour == 4  # UTC+11, no summer time


@asserts("BNC-6.1.3.6-4")
def test_an_order_at_a_machine_is_received_on_its_day_of_entry() -> None:
    plan = plan_of(bnc(), Channel.ATM, THURSDAY, payee=BNC_BANK)
    assert received_on(plan, noumea(THURSDAY, "23:59:59.999999")) == THURSDAY


@asserts("BRED-A3-3.1.2-1", "BNC-6.1.3.6-6")
@pytest.mark.parametrize(
    ("agreement", "zone", "agreed", "received"),
    [
        (bred(), PARIS, THURSDAY, THURSDAY),
        (bred(), PARIS, SATURDAY, MONDAY),
        (bred(), PARIS, date(2026, 4, 3), AFTER_EASTER),  # Good Friday, TARGET closed
        (bred(), PARIS, date(2026, 5, 1), date(2026, 5, 4)),
        (bnc(), NOUMEA, THURSDAY, THURSDAY),
        (bnc(), NOUMEA, SATURDAY, MONDAY),
        (bnc(), NOUMEA, date(2026, 9, 24), date(2026, 9, 25)),  # New Caledonia's own holiday
    ],
)
def test_the_agreed_day_is_the_reception_and_a_closed_one_moves_to_the_next_business_day(
    agreement: Agreement, zone: object, agreed: date, received: date
) -> None:
    assert zone in (PARIS, NOUMEA)
    where = PARIS if zone is PARIS else NOUMEA
    moment = agreed_reception(agreed, date(2026, 1, 2), days(agreement).payment, where)
    assert moment.day == received
    assert moment.at.astimezone(where).replace(tzinfo=None) == datetime(*received.timetuple()[:3])  # noqa: DTZ001


def test_a_deferred_order_that_comes_too_late_for_its_day_is_received_after_it() -> None:
    plan = plan_of(bred(), Channel.REMOTE, THURSDAY, timing=Timing.DEFERRED, agreed=THURSDAY)
    assert received_on(plan, paris(THURSDAY, "12:00")) == THURSDAY
    assert received_on(plan, paris(THURSDAY, "12:01")) == FRIDAY


@asserts("BRED-A3-3.1.2-1", "BNC-6.1.3.6-5")
@pytest.mark.parametrize("agreement", [bred(), bnc()])
def test_a_dated_order_starts_on_a_day_at_the_end_of_a_period_or_when_the_funds_are_there(
    agreement: Agreement,
) -> None:
    reception = terms(agreement).reception
    given, end, funds = THURSDAY, FRIDAY, MONDAY
    answers = [
        agreed_day(condition, reception, given_day=given, period_ends_on=end, funds_available_on=funds)
        for condition in StartCondition
    ]
    assert answers == [given, end, funds]
    assert agreed_day(StartCondition.FUNDS_AVAILABLE, reception, given_day=given) is None


@asserts("BNC-6.1.3.6-5")
def test_the_reception_of_a_deferred_order_is_the_beginning_of_its_agreed_day() -> None:
    plan = plan_of(bnc(), Channel.REMOTE, THURSDAY, timing=Timing.DEFERRED, agreed=MONDAY)
    assert plan.on_time.received_at == noumea(MONDAY, "00:00")
    assert plan.on_time.received_on == MONDAY


def test_an_instant_transfer_has_no_cut_off_and_no_closed_day() -> None:
    plan = plan_of(bred(), Channel.MOBILE, SATURDAY, service=Service.INSTANT)
    at = paris(SATURDAY, "23:30")
    assert received_on(plan, at) == SATURDAY
    assert plan.timeline(at).reception(at) == at
