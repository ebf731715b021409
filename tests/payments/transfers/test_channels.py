"""Cut-offs by channel through the engine: the last instant in time, and one microsecond after."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.accounts.editions import edition
from tests.conftest import Databases
from tests.payments.transfers.world import AMERICAN, INSTANT, NOUMEA, open_world, payee
from tests.support.asserts import asserts
from tests.support.bank import (
    ADVISER,
    BNC,
    BOOK,
    BRED,
    CLERK,
    MAIN_BRANCH,
    accepted,
    add_person,
    open_account,
    pay_in,
)
from tests.support.exchange import load_rates, quote
from tests.support.transfers import balance, iban_of, order_of, pay, refused

from teneur.accounts.commands import OpenAccount
from teneur.agreements.agreement import Agreement, Agreements
from teneur.agreements.terms.transfers import Service
from teneur.bank import Bank, shipped_agreements
from teneur.kernel.commands import AccountId, Answer, Channel, Outcome, account_id
from teneur.ledger.account import AccountKind
from teneur.payments.transfers.commands import Repeat
from teneur.payments.transfers.facts import OrderStatus
from teneur.payments.transfers.rules.standing import Frequency

ZONES = {BRED: ZoneInfo("Europe/Paris"), BNC: ZoneInfo("Pacific/Noumea")}
CURRENCY = {BRED: "EUR", BNC: "XPF"}
SATURDAY_BRANCH = "00002"  # open on Saturday until 13:00, shut on Monday
SUMMER, WINTER = date(2026, 5, 5), date(2026, 12, 8)  # Tuesdays
MICROSECOND = timedelta(microseconds=1)
FORM_CHANNELS = (Channel.BRANCH, Channel.PAPER, Channel.POST)


def with_saturday_branch(agreement: Agreement) -> Agreement:
    """BRED with the branch whose hours are in its calendar already."""
    if agreement.id != "bred-2022-06":
        return agreement
    main = agreement.bank.branches["main"]
    other = replace(main, code=replace(main.code, value=SATURDAY_BRANCH))
    changed = edition(agreement, agreement.id)
    terms: Any = replace(agreement.bank, branches={"main": main, "saturday": other})
    changed.terms["bank"] = terms
    return changed


@pytest.fixture(scope="module")
def bank(databases: Databases) -> Iterator[Bank]:
    """One bank for all tests of this file."""
    dsn = databases.create()
    agreements = Agreements(map(with_saturday_branch, shipped_agreements()))
    with open_world(dsn, ("CHF",), agreements=agreements) as opened:
        yield opened
    databases.drop(dsn)


def funded(
    bank: Bank, series: str, branch: str = MAIN_BRANCH, switched_on: tuple[int, ...] = ()
) -> AccountId:
    """A rich account at a branch, with channels that its specific agreement adds."""
    ask = OpenAccount(
        kind=AccountKind.INDIVIDUAL,
        holders=(add_person(bank),),
        currency=CURRENCY[series],
        series=series,
        branch=branch,
        switched_on=switched_on,
    )
    opened = bank.ask(ask, account_id(BOOK, 0), actor=ADVISER, channel=Channel.BRANCH)
    account: AccountId = bank.decided(accepted(opened))["account"]
    pay_in(bank, account, 50_000_000)
    return account


@pytest.fixture(scope="module")
def payers(bank: Bank) -> dict[str, AccountId]:
    """An account under each agreement with every business channel switched on."""
    business = (Channel.PAPER, Channel.FILE, Channel.REMOTE_BUSINESS)
    return {
        BRED: funded(bank, BRED, switched_on=business),
        BNC: funded(bank, BNC, switched_on=(Channel.FILE,)),
    }


def local(series: str, day: date, text: str) -> datetime:
    """A wall-clock time of the bank's place."""
    return datetime.fromisoformat(f"{day}T{text}").replace(tzinfo=ZONES[series])


def order(bank: Bank, payer: AccountId, channel: Channel, at: datetime, **fields: Any) -> Answer:
    """An order on a channel, signed where that is needed."""
    form: dict[str, Any] = {}
    if channel in FORM_CHANNELS:
        form = {"actor": CLERK, "ordered_by": bank.account(payer).holders[0], "signed": True}
    to = fields.pop("payee", payee(INSTANT))
    if fields.get("currency") == "CHF":
        load_rates(bank, quote("CHF/EUR", "1.05", at))
    answer = pay(bank, payer, "", 1_000, at, channel=channel, payee=to, **form, **fields)
    assert answer.outcome is Outcome.ACCEPTED, answer
    return answer


def received(bank: Bank, payer: AccountId, answer: Answer, series: str) -> tuple[OrderStatus, date]:
    """Whether it left at once or waits, and the local day of its reception."""
    stored = order_of(bank, payer, answer)
    assert stored.received_at is not None
    return stored.status, stored.received_at.astimezone(ZONES[series]).date()


def assert_cut_off(
    bank: Bank, payer: AccountId, series: str, channel: Channel, last: datetime, **fields: Any
) -> Answer:
    """In time at `last`, and the next business day a microsecond later."""
    day = last.date()
    in_time = order(bank, payer, channel, last, **fields)
    assert received(bank, payer, in_time, series) == (OrderStatus.SENT, day)
    assert order_of(bank, payer, in_time).received_at == last
    late = order(bank, payer, channel, last + MICROSECOND, **fields)
    assert received(bank, payer, late, series) == (OrderStatus.SCHEDULED, day + timedelta(days=1))
    assert order_of(bank, payer, late).due_on == day + timedelta(days=1)
    return in_time


FRANCS = {"payee": AMERICAN, "currency": "CHF"}
ABROAD = {"payee": AMERICAN}
TREASURY = {"service": Service.TREASURY}
ANNEX_5 = [
    ("BRED-A5-T-1", Channel.REMOTE, "12:00", {}),
    ("BRED-A5-T-1", Channel.MOBILE, "12:00", {}),
    ("BRED-A5-T-2", Channel.REMOTE_BUSINESS, "12:00", {}),
    ("BRED-A5-T-3", Channel.FILE, "12:00", {}),
    ("BRED-A5-T-4", Channel.BRANCH, "17:30", {}),
    ("BRED-A5-T-5", Channel.PAPER, "11:00", {}),
    ("BRED-A5-T-8", Channel.BRANCH, "11:30", FRANCS),
    ("BRED-A5-T-9", Channel.BRANCH, "15:00", ABROAD),
    ("BRED-A5-T-10", Channel.FILE, "11:30", FRANCS),
    ("BRED-A5-T-10", Channel.FILE, "11:30", ABROAD),
    ("BRED-A5-T-11", Channel.REMOTE_BUSINESS, "13:30", TREASURY),
    ("BRED-A5-T-12", Channel.FILE, "13:30", TREASURY),
    ("BRED-A5-T-13", Channel.BRANCH, "14:45", TREASURY),
]


@pytest.mark.parametrize("day", [SUMMER, WINTER], ids=["summer", "winter"])
@pytest.mark.parametrize(
    ("clause", "channel", "at", "fields"),
    [
        pytest.param(*row, marks=pytest.mark.asserts(row[0]), id=f"{row[0]}-{row[1].name.lower()}-{number}")
        for number, row in enumerate(ANNEX_5)
    ],
)
def test_each_cut_off_of_annex_5_holds_on_its_channel_by_the_clock_of_paris(
    bank: Bank,
    payers: dict[str, AccountId],
    clause: str,
    channel: Channel,
    at: str,
    fields: dict[str, Any],
    day: date,
) -> None:
    answer = assert_cut_off(bank, payers[BRED], BRED, channel, local(BRED, day, at), **fields)
    assert clause in answer.citations


WEEKLY = {"repeat": Repeat(frequency=Frequency.WEEKLY)}


@pytest.mark.parametrize("day", [SUMMER, WINTER], ids=["summer", "winter"])
@asserts("BRED-A5-T-6")
def test_a_standing_order_of_the_remote_space_must_be_there_when_its_first_day_begins(
    bank: Bank, payers: dict[str, AccountId], day: date
) -> None:
    midnight = local(BRED, day, "00:00")
    eve = order(bank, payers[BRED], Channel.REMOTE, midnight - MICROSECOND, agreed_on=day, **WEEKLY)
    assert order_of(bank, payers[BRED], eve).due_on == day
    assert "BRED-A5-T-6" in eve.citations
    same_day = order(bank, payers[BRED], Channel.REMOTE, midnight, agreed_on=day, **WEEKLY)
    assert order_of(bank, payers[BRED], same_day).due_on == day + timedelta(days=1)


@asserts("BRED-A5-T-7")
def test_a_standing_order_at_the_branch_may_begin_the_same_day_until_it_closes(
    bank: Bank, payers: dict[str, AccountId]
) -> None:
    closing = local(BRED, SUMMER, "17:30")
    in_time = order(bank, payers[BRED], Channel.BRANCH, closing, agreed_on=SUMMER, **WEEKLY)
    assert order_of(bank, payers[BRED], in_time).due_on == SUMMER
    late = order(bank, payers[BRED], Channel.BRANCH, closing + MICROSECOND, agreed_on=SUMMER, **WEEKLY)
    assert order_of(bank, payers[BRED], late).due_on == SUMMER + timedelta(days=1)


@pytest.mark.parametrize(
    ("channel", "at", "fields"),
    [
        (Channel.BRANCH, "15:30", {}),
        (Channel.REMOTE, "15:00", {}),
        (Channel.MOBILE, "15:00", {}),
        (Channel.FILE, "15:00", {}),
        (Channel.INITIATION_SERVICE, "15:00", {}),
        (Channel.REMOTE, "15:00", {"payee": payee(INSTANT, "AGRIFRPP"), "currency": "EUR"}),
    ],
)
@pytest.mark.parametrize("day", [SUMMER, WINTER], ids=["cool", "hot"])
@asserts("BNC-6.1.3.6-2", "BNC-6.1.3.6-3")
def test_at_bnc_cut_offs_are_by_the_clock_of_noumea(
    bank: Bank, payers: dict[str, AccountId], channel: Channel, at: str, fields: dict[str, Any], day: date
) -> None:
    wanted = {"payee": payee(NOUMEA), **fields}
    assert_cut_off(bank, payers[BNC], BNC, channel, local(BNC, day, at), **wanted)


@asserts("BNC-6.1.3.6-4")
def test_at_the_machine_the_whole_day_counts(bank: Bank) -> None:
    holder = add_person(bank)
    payer = open_account(bank, BNC, holder, funds_minor=10_000)
    own = payee(iban_of(bank, open_account(bank, BNC, holder)))
    order(bank, payer, Channel.ATM, local(BNC, SUMMER, "23:59:59.999999"), payee=own)
    assert balance(bank, payer) == 9_000
    saturday = order(bank, payer, Channel.ATM, local(BNC, date(2026, 5, 16), "10:00"), payee=own)
    assert balance(bank, payer) == 9_000
    assert order_of(bank, payer, saturday).due_on == date(2026, 5, 18)


def test_a_day_of_the_pacific_is_not_a_day_of_paris(bank: Bank, payers: dict[str, AccountId]) -> None:
    """8 May is a holiday in Nouméa and a payment day of the euro: 9 in the evening of the 7th in Paris."""
    at = local(BNC, date(2026, 5, 8), "09:00")
    franc = order(bank, payers[BNC], Channel.REMOTE, at, payee=payee(NOUMEA))
    assert received(bank, payers[BNC], franc, BNC) == (OrderStatus.SCHEDULED, date(2026, 5, 11))
    euro = order(bank, payers[BNC], Channel.REMOTE, at, payee=payee(INSTANT, "AGRIFRPP"), currency="EUR")
    assert received(bank, payers[BNC], euro, BNC) == (OrderStatus.SENT, date(2026, 5, 8))


# branches


@asserts("BRED-PREL-2", "BRED-A5-T-4")
def test_a_branch_open_on_saturday_takes_orders_until_it_closes_and_its_monday_is_closed(bank: Bank) -> None:
    payer = funded(bank, BRED, SATURDAY_BRANCH)
    saturday, tuesday = date(2026, 5, 9), date(2026, 5, 12)
    closing = local(BRED, saturday, "13:00")
    in_time = order(bank, payer, Channel.BRANCH, closing)
    assert received(bank, payer, in_time, BRED) == (OrderStatus.SENT, saturday)
    # two business days on paper, of the days on which banks settle: from Monday
    assert order_of(bank, payer, in_time).execute_by == local(BRED, date(2026, 5, 13), "23:59:59.999999")
    late = order(bank, payer, Channel.BRANCH, closing + MICROSECOND)
    assert received(bank, payer, late, BRED) == (OrderStatus.SCHEDULED, tuesday)
    monday = order(bank, payer, Channel.BRANCH, local(BRED, date(2026, 5, 11), "10:00"))
    assert received(bank, payer, monday, BRED) == (OrderStatus.SCHEDULED, tuesday)
    # its hours are those of its counter: the remote space has the payment days
    remote = order(bank, payer, Channel.REMOTE, closing)
    assert received(bank, payer, remote, BRED) == (OrderStatus.SCHEDULED, date(2026, 5, 11))
    online = order(bank, payer, Channel.REMOTE, local(BRED, date(2026, 5, 11), "10:00"))
    assert received(bank, payer, online, BRED) == (OrderStatus.SENT, date(2026, 5, 11))


def test_another_branch_is_closed_on_saturday(bank: Bank, payers: dict[str, AccountId]) -> None:
    answer = order(bank, payers[BRED], Channel.BRANCH, local(BRED, date(2026, 5, 9), "10:00"))
    assert received(bank, payers[BRED], answer, BRED) == (OrderStatus.SCHEDULED, date(2026, 5, 11))


def test_on_a_public_holiday_the_counter_is_shut_and_the_euro_settles(
    bank: Bank, payers: dict[str, AccountId]
) -> None:
    holiday = date(2026, 7, 14)
    counter = order(bank, payers[BRED], Channel.BRANCH, local(BRED, holiday, "10:00"))
    assert received(bank, payers[BRED], counter, BRED) == (OrderStatus.SCHEDULED, date(2026, 7, 15))
    remote = order(bank, payers[BRED], Channel.REMOTE, local(BRED, holiday, "10:00"))
    assert received(bank, payers[BRED], remote, BRED) == (OrderStatus.SENT, holiday)


@pytest.mark.parametrize("channel", [Channel.FILE, Channel.REMOTE_BUSINESS, Channel.PAPER])
def test_without_a_specific_agreement_no_business_channel_is_open(bank: Bank, channel: Channel) -> None:
    payer = open_account(bank, BRED, funds_minor=10_000)
    at = local(BRED, SUMMER, "10:00")
    refused(pay(bank, payer, INSTANT, 1_000, at, channel=channel, signed=True), "subscription-needed")
