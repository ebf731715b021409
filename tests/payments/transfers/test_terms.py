"""Which terms decide an order: particular terms, a branch's own, another edition, channels switched on."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from tests.accounts.editions import edition
from tests.conftest import Databases
from tests.payments.transfers.world import INSTANT, NOUMEA, open_world, payee
from tests.support.asserts import asserts
from tests.support.bank import (
    ADVISER,
    BACK_OFFICE,
    BNC,
    BOOK,
    BRED,
    MAIN_BRANCH,
    accepted,
    add_person,
    open_account,
    pay_in,
)
from tests.support.transfers import (
    NOUMEA_MORNING,
    PARIS_MORNING,
    ask_at,
    balance,
    duties,
    fall_due,
    iban_of,
    order_of,
    pay,
    refused,
)

from teneur.accounts.commands import MoveToAgreement, OpenAccount
from teneur.agreements.agreement import Agreement, Agreements
from teneur.agreements.loader import DATA, load_agreements
from teneur.agreements.terms.transfers import Service
from teneur.bank import Bank, shipped_agreements
from teneur.kernel.clock import instant
from teneur.kernel.commands import AccountId, Channel, Outcome, account_id
from teneur.ledger.account import AccountKind
from teneur.payments.transfers.commands import Repeat, ReviewScreening, RevokeTransfer
from teneur.payments.transfers.facts import OrderStatus
from teneur.payments.transfers.rules.standing import Frequency

NEXT = date(2026, 5, 11)  # a Monday: the first day of the new editions of these tests
SERIES_ID = {BRED: "bred-2022-06", BNC: "bnc-2026-04"}
CHANGES = {
    "bred-2022-06": [
        ("[execution.delays.euro]", "business_days", "1", "2"),
        ("[revocation]", "late", '"if-not-started"', '"refuse"'),
    ],
    "bnc-2026-04": [
        ("[execution.delays.local]", "business_days", "4", "2"),
        ("[ceilings]", "per_operation_minor", "500000", "9000"),
    ],
}


def next_edition(folder: Path, agreement_id: str) -> Agreement:
    """The agreement as its files would say it with other values, under another id, from `NEXT` on."""
    copytree(DATA / agreement_id, folder / agreement_id)
    file = folder / agreement_id / "transfers.toml"
    text = file.read_text("utf-8")
    for table, name, old, new in CHANGES[agreement_id]:
        before, head, rest = text.partition(f"\n{table}\n")
        changed, count = re.subn(
            rf"^{name} = {{ value = {re.escape(old)},",
            f"{name} = {{ value = {new},",
            rest,
            count=1,
            flags=re.M,
        )
        assert count == 1, (table, name)
        text = before + head + changed
    file.write_text(text, "utf-8")
    loaded = load_agreements(folder)[agreement_id]
    return edition(loaded, f"{agreement_id}-next", effective_from=NEXT)


@pytest.fixture(scope="module")
def bank(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank]:
    """A bank whose agreements each have a next edition, and a branch of BRED that has terms of its own."""
    shipped = list(shipped_agreements())
    coming = [next_edition(tmp_path_factory.mktemp("data"), a.id) for a in shipped]
    dsn = databases.create()
    own = {("bred-2022-06", MAIN_BRANCH): {"transfers.ceilings.instant_minor": 5_000}}
    with open_world(dsn, agreements=Agreements([*shipped, *coming]), branch_terms=own) as opened:
        yield opened
    databases.drop(dsn)


def particular(bank: Bank, series: str, values: dict[str, Any], on: date = date(2026, 5, 5)) -> AccountId:
    """A funded account whose particular terms say otherwise from a day on."""
    account = open_account(bank, series, funds_minor=5_000_000)
    move = MoveToAgreement(agreement=SERIES_ID[series], valid_from=on, particular=values)
    accepted(bank.ask(move, account, actor=ADVISER))
    return account


def moved(bank: Bank, series: str, funds_minor: int = 5_000_000) -> AccountId:
    """A funded account that goes to the next edition on its first day."""
    account = open_account(bank, series, funds_minor=funds_minor)
    move = MoveToAgreement(agreement=f"{SERIES_ID[series]}-next", valid_from=NEXT)
    accepted(bank.ask(move, account, actor=ADVISER))
    return account


# particular terms and branches


@asserts("BNC-SCOPE-4")
def test_a_customers_own_ceiling_decides_and_is_cited(bank: Bank) -> None:
    payer = particular(bank, BNC, {"transfers.ceilings.per_operation_minor": 1_000}, date(2026, 5, 6))
    iban = iban_of(bank, open_account(bank, BNC))
    assert pay(bank, payer, iban, 1_001, NOUMEA_MORNING).outcome is Outcome.ACCEPTED  # the day before
    answer = refused(pay(bank, payer, iban, 1_001, "2026-05-06T10:00:00+11:00"), "ceiling-per-operation")
    assert {"BNC-6.1.3.1-11"} <= set(answer.citations)
    assert pay(bank, payer, iban, 1_000, "2026-05-06T10:00:00+11:00").outcome is Outcome.ACCEPTED


@asserts("BRED-PREAMB-4")
def test_a_customers_own_cut_off_decides_and_the_clause_of_precedence_is_cited(bank: Bank) -> None:
    own = {"transfers.reception.cut_offs.sepa.remote": {"kind": "time", "at": "15:00:00"}}
    payer = particular(bank, BRED, own)
    usual = open_account(bank, BRED, funds_minor=10_000)
    iban = iban_of(bank, open_account(bank, BRED))
    at = "2026-05-05T15:00:00+02:00"
    done = pay(bank, payer, iban, 1_000, at)
    assert balance(bank, payer) == 4_999_000
    assert "BRED-PREAMB-4" in done.citations
    waits = pay(bank, usual, iban, 1_000, at)
    assert order_of(bank, usual, waits).due_on == date(2026, 5, 6)
    assert "BRED-PREAMB-4" not in waits.citations
    late = pay(bank, payer, iban, 1_000, "2026-05-05T15:00:00.000001+02:00")
    assert order_of(bank, payer, late).due_on == date(2026, 5, 6)


def test_a_branchs_own_terms_decide_for_the_accounts_that_it_keeps(bank: Bank) -> None:
    payer = open_account(bank, BRED, funds_minor=1_000_000)
    mobile: dict[str, Any] = {"channel": Channel.MOBILE, "service": Service.INSTANT}
    refused(pay(bank, payer, INSTANT, 5_001, **mobile), "instant-ceiling")
    assert pay(bank, payer, INSTANT, 5_000, **mobile).outcome is Outcome.PENDING
    own = particular(bank, BRED, {"transfers.ceilings.instant_minor": 6_000})  # the customer's come first
    assert pay(bank, own, INSTANT, 6_000, **mobile).outcome is Outcome.PENDING
    refused(pay(bank, own, INSTANT, 6_001, **mobile), "instant-ceiling")


# another edition


@asserts("BNC-SCOPE-6")
def test_orders_before_the_day_run_under_the_old_edition_and_orders_from_it_under_the_new(bank: Bank) -> None:
    payer = moved(bank, BNC)
    iban = iban_of(bank, open_account(bank, BNC))
    last_evening, first_morning = "2026-05-10T23:59:59.999999+11:00", "2026-05-11T00:00:00+11:00"
    assert pay(bank, payer, iban, 9_001, last_evening).outcome is Outcome.ACCEPTED
    refused(pay(bank, payer, iban, 9_001, first_morning), "ceiling-per-operation")
    assert pay(bank, payer, iban, 9_000, first_morning).outcome is Outcome.ACCEPTED


@pytest.mark.parametrize(
    ("series", "given_at", "agreed_on", "due_at", "execute_by"),
    [
        # one day under the old edition of BRED, two under the next
        (
            BRED,
            PARIS_MORNING,
            date(2026, 5, 12),
            "2026-05-12T06:00:00+02:00",
            "2026-05-13T23:59:59.999999+02:00",
        ),
        # four days under the old edition of BNC (14 May is closed), two under the next
        (
            BNC,
            NOUMEA_MORNING,
            date(2026, 5, 12),
            "2026-05-12T06:00:00+11:00",
            "2026-05-19T23:59:59.999999+11:00",
        ),
    ],
)
@asserts("BNC-SCOPE-6")
def test_an_order_given_before_the_day_and_due_after_it_keeps_the_deadline_of_its_edition(
    bank: Bank, series: str, given_at: str, agreed_on: date, due_at: str, execute_by: str
) -> None:
    payer = moved(bank, series)
    to = payee(INSTANT) if series == BRED else payee(NOUMEA)
    fields: dict[str, Any] = {"payee": to, "agreed_on": agreed_on}
    order = pay(bank, payer, "", 1_000, given_at, **fields)
    assert order.outcome is Outcome.ACCEPTED, order
    assert order_of(bank, payer, order).execute_by == instant(execute_by)
    done = fall_due(bank, payer, order, agreed_on, due_at)
    assert done.outcome is Outcome.ACCEPTED
    assert order_of(bank, payer, order).execute_by == instant(execute_by)
    [duty] = duties(bank, payer, "execute-transfer")
    assert duty.due_at == instant(execute_by)
    new = pay(bank, payer, "", 1_000, due_at, payee=to)
    assert order_of(bank, payer, new).execute_by != instant(execute_by)


def test_each_occurrence_of_a_standing_order_runs_under_the_edition_of_its_day(bank: Bank) -> None:
    payer = moved(bank, BRED)
    repeat = Repeat(frequency=Frequency.WEEKLY)
    order = pay(bank, payer, INSTANT, 1_000, agreed_on=date(2026, 5, 6), repeat=repeat)
    fall_due(bank, payer, order, date(2026, 5, 6), "2026-05-06T06:00:00+02:00")
    fall_due(bank, payer, order, date(2026, 5, 13), "2026-05-13T06:00:00+02:00")
    due = [duty.due_at for duty in duties(bank, payer, "execute-transfer")]
    assert due == [
        instant("2026-05-07T23:59:59.999999+02:00"),  # one business day
        instant("2026-05-15T23:59:59.999999+02:00"),  # two: 14 May is open in TARGET
    ]


def test_the_right_to_take_an_order_back_is_that_of_its_edition(bank: Bank) -> None:
    payer = moved(bank, BRED)
    holder = bank.account(payer).holders[0]
    iban = iban_of(bank, open_account(bank, BRED))
    old = pay(bank, payer, iban, 1_000, agreed_on=date(2026, 5, 13))
    new = pay(bank, payer, iban, 1_000, "2026-05-11T10:00:00+02:00", agreed_on=date(2026, 5, 13))
    at = "2026-05-13T05:00:00+02:00"  # too late: accepted by the old edition while nothing has begun

    def revoke(position: int) -> Any:
        ask = RevokeTransfer(transfer=position)
        return ask_at(bank, ask, payer, at, actor=holder, channel=Channel.REMOTE)

    assert revoke(old.position).outcome is Outcome.ACCEPTED
    refused(revoke(new.position), "revocation-late")


def test_an_order_held_for_screening_over_the_day_keeps_its_edition(bank: Bank) -> None:
    payer = moved(bank, BRED)
    held = pay(bank, payer, INSTANT, 4_000, "2026-05-08T10:00:00+02:00", name="KRASNY Igor")
    review = ReviewScreening(transfer=held.position, cleared=True)
    ask_at(bank, review, payer, "2026-05-12T10:00:00+02:00", actor=BACK_OFFICE)
    assert order_of(bank, payer, held).execute_by == instant("2026-05-13T23:59:59.999999+02:00")


# what falls due is screened as what is given


def test_a_deferred_order_to_a_listed_name_is_held_on_its_day(bank: Bank) -> None:
    payer = open_account(bank, BRED, funds_minor=10_000)
    order = pay(bank, payer, INSTANT, 4_000, agreed_on=date(2026, 5, 7), name="KRASNY Igor")
    assert order.outcome is Outcome.ACCEPTED
    held = fall_due(bank, payer, order, date(2026, 5, 7), "2026-05-07T06:00:00+02:00")
    assert (held.outcome, held.reason) == (Outcome.PENDING, "screening")
    assert (balance(bank, payer), bank.account(payer).held_minor) == (10_000, 4_000)
    assert not duties(bank, payer, "execute-transfer")
    refused(fall_due(bank, payer, order, date(2026, 5, 7), "2026-05-07T07:00:00+02:00"), "not-due")
    review = ReviewScreening(transfer=order.position, cleared=True)
    ask_at(bank, review, payer, "2026-05-07T11:00:00+02:00", actor=BACK_OFFICE)
    assert (balance(bank, payer), bank.account(payer).held_minor) == (6_000, 0)
    assert order_of(bank, payer, order).status is OrderStatus.SENT
    [duty] = duties(bank, payer, "execute-transfer")
    assert duty.due_at == instant("2026-05-08T23:59:59.999999+02:00")


def test_an_occurrence_to_a_listed_name_is_held_alone(bank: Bank) -> None:
    payer = open_account(bank, BRED, funds_minor=10_000)
    repeat = Repeat(frequency=Frequency.WEEKLY)
    order = pay(bank, payer, INSTANT, 4_000, agreed_on=date(2026, 5, 7), repeat=repeat, name="Igor KRASNY")
    held = fall_due(bank, payer, order, date(2026, 5, 7), "2026-05-07T06:00:00+02:00")
    assert held.outcome is Outcome.PENDING
    stands = order_of(bank, payer, order)
    assert (stands.status, stands.due_on) == (OrderStatus.SCHEDULED, date(2026, 5, 14))
    review = ReviewScreening(transfer=held.position, cleared=False)
    ask_at(bank, review, payer, "2026-05-07T11:00:00+02:00", actor=BACK_OFFICE)
    assert (balance(bank, payer), bank.account(payer).held_minor) == (10_000, 0)
    assert order_of(bank, payer, held).status is OrderStatus.REFUSED
    assert order_of(bank, payer, order).status is OrderStatus.SCHEDULED


def test_an_end_of_month_order_begins_at_the_end_of_its_first_month(bank: Bank) -> None:
    payer = open_account(bank, BRED, funds_minor=10_000)
    repeat = Repeat(frequency=Frequency.MONTHLY, end_of_month=True, occurrences=2)
    order = pay(bank, payer, INSTANT, 1_000, agreed_on=date(2026, 5, 15), repeat=repeat)
    days = []
    while (due := order_of(bank, payer, order).due_on) is not None:
        days.append(due)
        assert fall_due(bank, payer, order, due, f"{due}T06:00:00+02:00").outcome is Outcome.ACCEPTED
    assert days == [date(2026, 6, 1), date(2026, 6, 30)]  # 31 May is a Sunday
    assert balance(bank, payer) == 8_000


def test_a_day_beyond_the_calendars_is_refused(bank: Bank) -> None:
    payer = open_account(bank, BRED, funds_minor=10_000)
    refused(pay(bank, payer, INSTANT, 1_000, agreed_on=date(2050, 1, 3)), "schedule-invalid")
    refused(pay(bank, payer, INSTANT, 1_000, agreed_on=date(9999, 12, 31)), "schedule-invalid")


# channels of a specific agreement


@pytest.mark.parametrize(
    ("series", "channel"),
    [(BRED, Channel.FILE), (BRED, Channel.REMOTE_BUSINESS), (BRED, Channel.PAPER), (BNC, Channel.FILE)],
)
@asserts("BRED-A3-2.1.1-3")
def test_business_channels_are_off_until_a_specific_agreement_switches_them_on(
    bank: Bank, series: str, channel: Channel
) -> None:
    person = add_person(bank)
    currency, morning = ("EUR", PARIS_MORNING) if series == BRED else ("XPF", NOUMEA_MORNING)
    usual = open_account(bank, series, person, funds_minor=10_000)
    ask = OpenAccount(
        kind=AccountKind.INDIVIDUAL,
        holders=(person,),
        currency=currency,
        series=series,
        branch=MAIN_BRANCH,
        switched_on=(channel,),
    )
    opened = bank.ask(ask, account_id(BOOK, 0), actor=ADVISER, channel=Channel.BRANCH)
    business: AccountId = bank.decided(accepted(opened))["account"]
    pay_in(bank, business, 10_000)
    refused(
        pay(bank, usual, iban_of(bank, business), 500, morning, channel=channel, signed=True),
        "subscription-needed",
    )
    done = pay(bank, business, iban_of(bank, usual), 500, morning, channel=channel, signed=True)
    assert done.outcome is Outcome.ACCEPTED, done
    move = MoveToAgreement(agreement=SERIES_ID[series], valid_from=date(2026, 5, 6), switched_on=(channel,))
    accepted(bank.ask(move, usual, actor=ADVISER))
    again = {"channel": channel, "signed": True}
    refused(pay(bank, usual, iban_of(bank, business), 500, morning, **again), "subscription-needed")  # type: ignore[arg-type]
    from_then_on = morning.replace("05-05", "05-06")
    later = pay(bank, usual, iban_of(bank, business), 500, from_then_on, **again)  # type: ignore[arg-type]
    assert later.outcome is Outcome.ACCEPTED


def test_a_channel_that_the_terms_let_nobody_add_cannot_be_switched_on(bank: Bank) -> None:
    account = open_account(bank, BNC)
    move = MoveToAgreement(
        agreement="bnc-2026-04", valid_from=date(2026, 5, 6), switched_on=(Channel.REMOTE_BUSINESS,)
    )
    answer = bank.ask(move, account, actor=ADVISER)
    refused(answer, "invalid-field")
