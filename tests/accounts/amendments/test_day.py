"""A campaign over many accounts: by pages, taken up where it was left, nobody forgotten, nothing twice."""

from datetime import date

import pytest

from teneur.accounts.amendments import day as days
from teneur.accounts.amendments.commands import WithdrawAmendment
from teneur.accounts.amendments.facts import AmendmentStatus
from teneur.bank import Bank
from teneur.customers.decisions import REGISTER
from teneur.kernel.clock import zone
from teneur.kernel.commands import AccountId
from tests.accounts.amendments.making import (
    BOTH,
    NEW,
    OLD,
    PLANNED,
    ZONE,
    edition_on,
    history,
    on,
    open_day,
    planned,
    post,
    run,
    sent,
)
from tests.support.bank import BACK_OFFICE, BNC, BOOK, BRED, accepted, add_person, open_account

SENT = date(2026, 11, 3)


def many(bank: Bank, series: str, count: int) -> list[AccountId]:
    person = add_person(bank)
    return [open_account(bank, series, person) for _ in range(count)]


@pytest.mark.parametrize("series", BOTH)
def test_a_campaign_goes_by_pages_and_is_taken_up_where_it_was_left(bank: Bank, series: str) -> None:
    other = BNC if series == BRED else BRED
    mine, others = many(bank, series, 7), many(bank, other, 2)
    amendment = planned(bank, series)
    on(bank, SENT, series)
    pages = days.notices(bank.read, bank.governing, BOOK, zone(ZONE[series]), SENT, size=3)
    first = next(pages)
    assert len(first) == 3
    post(bank, first)  # and the machine stops here
    rest = run(bank, days.notices, SENT, series, size=3)
    assert len(rest) == 4
    assert [len(history(bank, a)) for a in mine] == [1] * 7
    assert [history(bank, a) for a in others] == [()] * 2
    replayed = post(bank, first)
    assert all(answer.replayed for answer in replayed)
    for account in mine[:-1]:
        sent(bank, account, amendment)
    on(bank, PLANNED, series)
    applied = days.applications(bank.read, bank.governing, BOOK, zone(ZONE[series]), PLANNED, size=3)
    post(bank, next(applied))
    assert len(run(bank, days.applications, PLANNED, series, size=3)) == 3
    assert [edition_on(bank, a, PLANNED) for a in mine] == [NEW[series]] * 6 + [OLD[series]]
    statuses = [history(bank, a)[0].status for a in mine]
    assert statuses == [AmendmentStatus.ACCEPTED_TACITLY] * 6 + [AmendmentStatus.TOLD]
    assert run(bank, days.applications, PLANNED, series) == []


def test_days_of_one_zone_leave_the_accounts_of_the_other_alone(bank: Bank) -> None:
    far, near = open_account(bank, BNC), open_account(bank, BRED)
    for series in BOTH:
        planned(bank, series)
    open_day(bank, SENT, BNC)
    assert (len(history(bank, far)), history(bank, near)) == (1, ())
    open_day(bank, SENT, BRED)
    assert len(history(bank, near)) == 1


def test_a_withdrawn_campaign_tells_nobody_and_reaches_nobody(bank: Bank) -> None:
    amendment = planned(bank)
    account = open_account(bank)
    open_day(bank, SENT)
    sent(bank, account, amendment)
    gone = WithdrawAmendment(amendment=amendment, reason="Reporté.")
    accepted(bank.ask(gone, REGISTER, actor=BACK_OFFICE))
    late = open_account(bank)
    assert open_day(bank, PLANNED) == []
    assert (edition_on(bank, account, PLANNED), history(bank, late)) == (OLD[BRED], ())
