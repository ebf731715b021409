"""What a day that has ended changes: thirty days and the next, zero, excess, the duties of the law."""

from datetime import date, timedelta

import pytest

from teneur.agreements.agreement import Agreement
from teneur.bank import Bank
from teneur.channels.day.report import derived_key
from teneur.pricing.overdraft import rules
from teneur.pricing.overdraft.commands import ReviewOverdraft
from teneur.pricing.overdraft.day import reviews
from teneur.pricing.overdraft.facts import AuthorisationKind, EpisodeKind, Stage
from tests.pricing.overdraft.making import (
    TODAY,
    ZONE,
    duties,
    fees,
    grant,
    history,
    notices,
    pay,
    review_day,
    review_days,
    spend,
    watch,
)
from tests.support.asserts import asserts
from tests.support.bank import ADVISER, BNC, BOOK, BRED, accepted, move_clock, open_account, pay_in, refused

OPEN_ENDED, ONE_OFF = AuthorisationKind.OPEN_ENDED, AuthorisationKind.ONE_OFF
ONE_DAY = timedelta(days=1)


@asserts("BRED-8.1-3", "BNC-7.2.a-2")
@pytest.mark.parametrize(
    ("began_on", "thirtieth"),
    [
        (date(2026, 5, 4), date(2026, 6, 2)),
        (date(2027, 1, 31), date(2027, 3, 1)),
        (date(2028, 1, 31), date(2028, 2, 29)),  # a leap day is a day
        (date(2026, 12, 2), date(2026, 12, 31)),
    ],
)
def test_the_thirtieth_day_in_debit_is_allowed_and_the_thirty_first_is_not(
    bred: Agreement, bnc: Agreement, began_on: date, thirtieth: date
) -> None:
    for agreement in (bred, bnc):
        terms = agreement.overdraft.use
        assert rules.days_in_debit(began_on, began_on) == 1
        assert rules.days_in_debit(began_on, thirtieth) == 30
        assert not rules.is_too_long(began_on, thirtieth, OPEN_ENDED, terms)
        assert rules.is_too_long(began_on, thirtieth + ONE_DAY, OPEN_ENDED, terms)
        assert not rules.is_too_long(began_on, thirtieth + 40 * ONE_DAY, ONE_OFF, terms)
        assert not rules.is_too_long(began_on, thirtieth + 40 * ONE_DAY, None, terms)


@asserts("BRED-8.1-3", "BNC-7.2.a-2")
@pytest.mark.parametrize(
    ("series", "clause", "rate"),
    [(BRED, "BRED-8.1-3", "agreed"), (BNC, "BNC-7.2.a-2", "unauthorised")],
)
def test_day_31_opens_one_incident_and_zero_starts_the_count_anew(
    bank: Bank, series: str, clause: str, rate: str
) -> None:
    account = open_account(bank, series)
    accepted(grant(bank, account, 10_000))
    accepted(spend(bank, account, 500))
    reviewed = review_days(bank, TODAY, date(2026, 6, 2), series)  # day 30 is 2 June
    assert [day for day, _ in reviewed] == [TODAY]
    running = watch(bank, account).running(EpisodeKind.DEBIT)
    assert running is not None
    assert (running.began_on, running.stage) == (TODAY, Stage.FOUND)
    [answer] = review_day(bank, date(2026, 6, 3), series)
    assert clause in answer.citations
    [duty] = duties(bank, account)
    assert (duty.kind, duty.clause) == ("look-into-overdraft", clause)
    [(template, values)] = notices(bank, account)
    assert (template, values["days"], values["rate_beyond"]) == ("overdraft-too-long", 31, rate)
    assert bank.account(account).floor_minor == -10_000  # the limit stays until the bank ends it
    assert review_days(bank, date(2026, 6, 4), date(2026, 6, 7), series) == []
    pay_in(bank, account, 500)  # exactly zero at the end of Monday 8 June
    [(day, _)] = review_days(bank, date(2026, 6, 8), date(2026, 6, 9), series)
    assert day == date(2026, 6, 8)
    assert watch(bank, account).episodes == ()
    accepted(spend(bank, account, 500))
    assert len(review_day(bank, date(2026, 6, 10), series)) == 1
    running = watch(bank, account).running(EpisodeKind.DEBIT)
    assert running is not None
    assert running.began_on == date(2026, 6, 10)


def test_a_debit_within_the_day_that_is_covered_by_its_end_does_not_count(bank: Bank) -> None:
    account = open_account(bank, BRED)
    accepted(grant(bank, account, 10_000))
    accepted(spend(bank, account, 500))
    pay_in(bank, account, 500)
    assert review_day(bank, TODAY) == []


def test_a_book_is_reviewed_account_by_account_of_the_zone_whose_day_ended(bank: Bank) -> None:
    accounts = [open_account(bank, series) for series in (BRED, BNC, BRED)]
    for account in accounts:
        accepted(grant(bank, account, 10_000))
        accepted(spend(bank, account, 1))
    at_bnc = review_day(bank, TODAY, BNC)
    assert len(at_bnc) == 1
    assert watch(bank, accounts[0]).episodes == ()
    assert len(review_day(bank, TODAY, BRED)) == 2
    assert review_day(bank, TODAY, BRED) == []
    assert all(len(watch(bank, account).episodes) == 1 for account in accounts)


def test_a_review_is_the_bank_s_own_and_of_a_day_that_is_over(bank: Bank) -> None:
    account = open_account(bank, BRED)
    holder = bank.account(account).holders[0]
    refused(bank.ask(ReviewOverdraft(day=date(2026, 5, 3)), account, actor=holder), "not-authorised")
    refused(bank.ask(ReviewOverdraft(day=TODAY), account), "day-not-over")
    refused(bank.ask(ReviewOverdraft(day=date(2026, 5, 3)), account, actor=ADVISER), "not-open-yet")
    move_clock(bank, "2026-05-05T00:00:00+02:00")
    accepted(bank.ask(ReviewOverdraft(day=TODAY), account, actor=ADVISER))


@asserts("BRED-8-1")
def test_a_day_reviewed_late_leaves_the_limit_of_today_and_the_stretch_that_began_later(bank: Bank) -> None:
    account = open_account(bank, BRED)
    move_clock(bank, "2026-05-08T09:00:00+02:00")  # nothing was reviewed since the 4th
    accepted(grant(bank, account, 10_000))
    accepted(bank.ask(ReviewOverdraft(day=date(2026, 5, 5)), account))
    assert bank.account(account).floor_minor == -10_000
    accepted(spend(bank, account, 5_000))
    review_day(bank, date(2026, 5, 8))
    accepted(bank.ask(ReviewOverdraft(day=date(2026, 5, 5)), account))
    running = watch(bank, account).running(EpisodeKind.DEBIT)
    assert running is not None
    assert running.began_on == date(2026, 5, 8)


# excess


@asserts("BRED-8.2-1", "BNC-7-1", "BNC-7.1-1")
@pytest.mark.parametrize(("series", "clauses"), [(BRED, ("BRED-8.2-1",)), (BNC, ("BNC-7-1", "BNC-7.1-1"))])
def test_an_order_that_nothing_covers_is_rejected(bank: Bank, series: str, clauses: tuple[str, ...]) -> None:
    move_clock(bank, "2026-05-05T09:00:00+11:00")  # Monday evening in Paris
    shop = bank.account(open_account(bank, series)).iban
    account = open_account(bank, series, funds_minor=500)
    refused(pay(bank, account, shop, 501), "insufficient-funds", *clauses)
    accepted(grant(bank, account, 10_000))
    refused(pay(bank, account, shop, 10_501), "insufficient-funds", *clauses)
    accepted(pay(bank, account, shop, 10_500))
    refused(pay(bank, account, shop, 1), "insufficient-funds", *clauses)


@asserts("BRED-8.2-6", "BNC-7.1-5")
def test_down_to_the_limit_nothing_is_an_excess(bank: Bank) -> None:
    assert not rules.is_beyond(0, 0)
    assert rules.is_beyond(-1, 0)
    assert not rules.is_beyond(-10_000, 10_000)
    assert rules.is_beyond(-10_001, 10_000)
    account = open_account(bank)
    accepted(grant(bank, account, 10_000))
    accepted(spend(bank, account, 10_000))
    review_day(bank, TODAY)
    assert watch(bank, account).running(EpisodeKind.EXCESS) is None


@asserts("BRED-8.2-6", "BNC-7.1-5")
@pytest.mark.parametrize(("series", "clause"), [(BRED, "BRED-8.2-6"), (BNC, "BNC-7.1-5")])
def test_an_excess_of_one_unit_is_told_by_letter_once_and_charged_once(
    bank: Bank, series: str, clause: str
) -> None:
    account = open_account(bank, series)
    accepted(grant(bank, account, 10_000))
    accepted(spend(bank, account, 10_001, forced=True))  # a fee, a return: booked in any case
    [answer] = review_day(bank, TODAY, series)
    assert clause in answer.citations
    [duty] = duties(bank, account, "inform-of-excess")
    assert duty.clause == clause
    letter = {
        "medium": "letter", "began_on": "2026-05-04", "balance_minor": -10_001, "limit_minor": 10_000,
        "excess_minor": 1,
    }  # fmt: skip
    assert notices(bank, account) == [("overdraft-excess", letter)]
    assert [event for event, _, _ in fees(bank, account)] == ["overdraft-file", "overdraft-letter"]
    assert review_days(bank, date(2026, 5, 5), date(2026, 5, 10), series) == []
    pay_in(bank, account, 500)
    review_day(bank, date(2026, 5, 11), series)
    assert watch(bank, account).running(EpisodeKind.EXCESS) is None
    assert watch(bank, account).running(EpisodeKind.DEBIT) is not None


@pytest.mark.parametrize(
    ("day", "stage"),
    [
        (date(2026, 2, 28), 1),  # from 31 January: a month ends with February
        (date(2026, 3, 1), 2),
        (date(2026, 4, 30), 2),
        (date(2026, 5, 1), 3),
    ],
)
def test_the_law_s_duties_begin_after_a_month_and_after_three(
    bred: Agreement, bnc: Agreement, day: date, stage: int
) -> None:
    assert rules.legal_stage(date(2026, 1, 31), day, bred.overdraft.law) == stage
    assert rules.legal_stage(date(2026, 1, 31), day, bnc.overdraft.law) == 1


@pytest.mark.parametrize(("series", "told"), [(BRED, 2), (BNC, 0)])
def test_a_long_excess_is_told_again_and_another_credit_offered_on_the_mainland(
    bank: Bank, series: str, told: int
) -> None:
    account = open_account(bank, series)
    accepted(spend(bank, account, 100, forced=True))
    review_day(bank, TODAY, series)
    reviewed = review_days(bank, date(2026, 6, 3), date(2026, 6, 6), series)
    reviewed += review_days(bank, date(2026, 8, 3), date(2026, 8, 6), series)
    assert [day for day, _ in reviewed] == [date(2026, 6, 5), date(2026, 8, 5)][:told]
    templates = [template for template, _ in notices(bank, account)][1:]
    assert templates == ["overdraft-significant-excess", "overdraft-other-credit"][:told]


def test_a_one_off_authorisation_ends_on_its_day_and_what_is_used_is_then_an_excess(bank: Bank) -> None:
    account = open_account(bank, BRED)
    accepted(grant(bank, account, 10_000, kind=ONE_OFF, ends_on=date(2026, 5, 6)))
    accepted(spend(bank, account, 5_000))
    review_days(bank, TODAY, date(2026, 5, 5))
    assert bank.account(account).floor_minor == -10_000
    review_day(bank, date(2026, 5, 6))
    assert bank.account(account).floor_minor == 0
    assert watch(bank, account).running(EpisodeKind.EXCESS) is None
    review_day(bank, date(2026, 5, 7))
    running = watch(bank, account).running(EpisodeKind.EXCESS)
    assert running is not None
    assert running.began_on == date(2026, 5, 7)
    assert len(history(bank, account)) == 1


def test_a_day_that_was_killed_halfway_is_done_once_when_it_is_begun_again(bank: Bank) -> None:
    accounts = [open_account(bank, BRED) for _ in range(3)]
    for account in accounts:
        accepted(grant(bank, account, 10_000))
        accepted(spend(bank, account, 10_001, forced=True))
    move_clock(bank, "2026-05-05T00:00:00+02:00")
    with bank.read() as connection:
        page = reviews(connection, bank.governing, BOOK, ZONE[BRED], TODAY, bank.clock.now(), derived_key)
    assert [subject for subject, _, _ in page.work] == accounts
    assert page.after is None
    subject, ask, key = page.work[0]
    first = accepted(bank.ask(ask, subject, key=key))
    assert len(review_day(bank, TODAY)) == 2  # what was done is not asked again
    replayed = [bank.ask(ask, subject, key=key) for subject, ask, key in page.work]
    assert all(answer.replayed for answer in replayed)
    assert replayed[0].position == first.position
    for account in accounts:
        assert [template for template, _ in notices(bank, account)] == ["overdraft-excess"]
        assert len(duties(bank, account)) == 1
    assert review_day(bank, TODAY) == []
