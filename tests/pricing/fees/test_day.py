"""The bank's day and fees: shown, charged, taken and summed up by itself, once, also when begun again."""

import hashlib
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from psycopg import errors

from teneur.bank import Bank
from teneur.channels.day.job import advance
from teneur.channels.day.report import derived_key
from teneur.channels.fee_summaries import SummaryNotDue, kept, make
from teneur.kernel.commands import Channel
from teneur.kernel.money import Language
from teneur.ledger.chart import Role, own_account
from teneur.ledger.commands import Move
from teneur.pricing.fees import day as fee_day
from teneur.pricing.fees.commands import RefundFee
from teneur.pricing.fees.facts import FeeStatus
from teneur.pricing.fees.rendering import summary_pdf
from teneur.pricing.fees.rules import summary as rules
from teneur.pricing.fees.summary import OTHER, Taken, summary_hash, totals
from tests.pricing.fees.making import BNC_ID, BRED_ID, agreement, fee_at, fees, give_terms, notices, raise_fee
from tests.support.asserts import asserts
from tests.support.bank import (
    ADVISER,
    BACK_OFFICE,
    BNC,
    BRED,
    accepted,
    move_clock,
    open_account,
)
from tests.support.transfers import balance, duties

PARIS = ZoneInfo("Europe/Paris")


def test_the_day_shows_incident_fees_with_the_statement_and_takes_them_fourteen_days_later(
    bank: Bank,
) -> None:
    account = open_account(bank, BRED, funds_minor=10_000)
    pacific = open_account(bank, BNC, funds_minor=10_000)
    keys = {a: raise_fee(bank, a, "overdraft-letter", date(2026, 5, 31)) for a in (account, pacific)}
    report = advance(bank, date(2026, 6, 1))
    assert "fees-announced" not in report.done  # the statements announce them as they are issued
    assert len(report.statements) == 2
    assert len(notices(bank, pacific, "incident-fees")) == 1
    assert notices(bank, account, "incident-fees") == []
    advance(bank, date(2026, 6, 14))
    assert balance(bank, account) == balance(bank, pacific) == 10_000
    report = advance(bank, date(2026, 6, 15))
    assert report.done["fees-collected"] == 2
    assert balance(bank, account) == balance(bank, pacific) == 8_800
    for of, key in keys.items():
        assert fee_at(bank, of, key).settled_on == date(2026, 6, 15)
    assert report.problems == []


def test_an_account_without_a_statement_is_told_by_letter(bank: Bank) -> None:
    account = open_account(bank, BRED)
    raise_fee(bank, account, "overdraft-letter", date(2026, 5, 31))
    report = advance(bank, date(2026, 6, 1))
    assert report.problems == []
    assert len(notices(bank, account, "incident-fees")) == 1


def test_each_day_has_its_own_fees_and_a_day_begun_again_takes_nothing_twice(bank: Bank) -> None:
    account = open_account(bank, BRED, funds_minor=10_000)
    at_once = raise_fee(bank, account, "cheque-stop", date(2026, 5, 4))
    monthly = raise_fee(bank, account, "transfer-sepa-branch", date(2026, 5, 4), about="2")
    advance(bank, date(2026, 5, 5))
    assert fee_at(bank, account, at_once).status is FeeStatus.COLLECTED
    advance(bank, date(2026, 5, 31))
    assert fee_at(bank, account, monthly).status is FeeStatus.DUE
    advance(bank, date(2026, 6, 1))
    assert balance(bank, account) == 8_050
    with bank.connect() as connection:  # as if the program had been killed before it noted the day
        connection.execute("update bank_day set done_on = %s", [date(2026, 5, 4)])
    report = advance(bank, date(2026, 6, 1))
    assert balance(bank, account) == 8_050
    assert report.problems == []


def test_work_is_found_in_pages_with_the_same_keys_each_time(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts = [open_account(bank, BRED) for _ in range(5)]
    for number, account in enumerate(accounts):
        raise_fee(bank, account, "cheque-stop", date(2026, 5, 4), about="1")
        if number % 2:
            raise_fee(bank, account, "cheque-stop", date(2026, 5, 4), about="2")
    monkeypatch.setattr(fee_day, "MOST", 2)
    found: list[list[fee_day.Work]] = []
    for _ in range(2):
        work: list[fee_day.Work] = []
        after: tuple[int, int, int] | None = (0, 0, 0)
        while after is not None:
            with bank.read() as connection:
                page = fee_day.collections(
                    connection, bank.governing, 1, PARIS, date(2026, 5, 5), derived_key, after
                )
            work += page.work
            after = page.after
        found.append(work)
    assert found[0] == found[1]
    assert len(found[0]) == len({key for _, _, key in found[0]}) == 7
    with bank.read() as connection:
        noumea = ZoneInfo("Pacific/Noumea")
        page = fee_day.collections(
            connection, bank.governing, 1, noumea, date(2026, 5, 5), derived_key, (0, 0, 0)
        )
    assert page.work == []


@asserts("BRED-11.3.4-1", "BNC-12.3-7")
@pytest.mark.parametrize(
    ("series", "name", "edition", "until", "spans"),
    [
        (BRED, BRED_ID, "2022-06-01", date(2027, 1, 2), ["2026-05-04/2026-12-31", "2027-01-01/2027-12-31"]),
        (BNC, BNC_ID, "2026-04-01", date(2026, 10, 1), ["2026-05-04/2026-06-30", "2026-07-01/2026-09-30"]),
    ],
)
def test_keeping_the_account_is_charged_period_by_period(
    bank: Bank, series: str, name: str, edition: str, until: date, spans: list[str]
) -> None:
    account = open_account(bank, series, funds_minor=10_000)
    path = f"tariff.editions.{edition}.account-keeping"
    give_terms(bank, account, date(2026, 5, 4), {path: {"fixed_minor": 3_650}}, name)
    advance(bank, until)
    assert [fee.about for fee in fees(bank, account)] == spans
    assert all(fee.status is FeeStatus.COLLECTED for fee in fees(bank, account))
    first = 3_650 * 242 // 365 if series == BRED else 3_650 * 58 // 91
    assert balance(bank, account) == 10_000 - first - 3_650


def test_a_free_account_costs_nothing_and_leaves_no_trace(bank: Bank) -> None:
    account = open_account(bank, BRED)
    advance(bank, date(2026, 7, 1))
    assert fees(bank, account) == []


@asserts("BRED-5.4-1", "BNC-3.2-1")
@pytest.mark.parametrize(("series", "offset"), [(BRED, "+01:00"), (BNC, "+11:00")])
def test_in_january_the_past_years_fees_are_summed_up_and_owed_by_its_last_day(
    bank: Bank, series: str, offset: str
) -> None:
    move_clock(bank, f"2026-12-20T12:00:00{offset}")
    account = open_account(bank, series)
    for number in range(2):
        raise_fee(bank, account, "cheque-stop", date(2026, 12, 20), about=str(number))
    raise_fee(bank, account, "bank-cheque", date(2026, 12, 30))
    late = raise_fee(bank, account, "document-copy", date(2027, 1, 1))
    advance(bank, date(2027, 1, 1))
    assert duties(bank, account, "deliver-fee-summary") == []
    advance(bank, date(2027, 1, 2))
    assert fee_at(bank, account, late).status is FeeStatus.COLLECTED
    (duty,) = duties(bank, account, "deliver-fee-summary")
    assert duty.clause == ("BRED-5.4-1" if series == BRED else "BNC-3.2-1")
    assert duty.due_at is not None
    zone = ZoneInfo(bank.terms_for(bank.account(account), date(2027, 1, 2)).agreement.zone)
    assert duty.due_at.astimezone(zone).date() == date(2027, 1, 31)
    assert (duty.due_at + timedelta(microseconds=1)).astimezone(zone).date() == date(2027, 2, 1)
    with bank.read() as connection:
        found = kept(connection, account, 2026)
    assert found is not None
    summary, json, pdf = found
    assert (summary.first_day, summary.last_day) == (date(2026, 1, 1), date(2026, 12, 31))
    (cheques,) = summary.services
    assert (cheques.service, cheques.count, cheques.total_minor) == ("cheques", 3, 4_200)
    assert [(e.event, e.count, e.total_minor) for e in cheques.events] == [
        ("bank-cheque", 1, 1_200),
        ("cheque-stop", 2, 3_000),
    ]
    assert summary.total_minor == 4_200
    assert pdf.startswith(b"%PDF")
    (notice,) = notices(bank, account, "fee-summary")
    assert notice["json_sha256"] == hashlib.sha256(json).hexdigest() == summary_hash(summary)
    advance(bank, date(2027, 1, 31))
    assert len(duties(bank, account, "deliver-fee-summary")) == 1


@asserts("BRED-5.4-1", "BNC-3.2-1")
@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2026, 12, 31), None),
        (date(2027, 1, 1), None),
        (date(2027, 1, 2), 2026),
        (date(2027, 1, 31), 2026),
        (date(2027, 2, 1), None),
    ],
)
def test_summaries_are_made_in_january_once_the_year_is_closed(day: date, year: int | None) -> None:
    assert rules.year_to_sum_up(day) == year
    assert rules.year_summed_up(2028).days == 366


def test_overdraft_interest_is_in_the_summary_and_what_was_given_back_is_not(bank: Bank) -> None:
    account = open_account(bank, BRED, funds_minor=10_000)
    key = raise_fee(bank, account, "cheque-stop", date(2026, 5, 4))
    for role, minor in ((Role.INTEREST_INCOME, 123), (Role.FEE_INCOME, 77)):
        move = Move(
            debit=account,
            credit=own_account(1, role, "EUR"),
            amount_minor=minor,
            booked_on=date(2026, 6, 30),
            debit_value_on=date(2026, 6, 30),
            credit_value_on=date(2026, 6, 30),
            reason="closing",
            approved_by=BACK_OFFICE,
            forced=False,
        )
        accepted(bank.ask(move, account, actor=ADVISER, channel=Channel.BRANCH))
    advance(bank, date(2026, 5, 6))
    ask = RefundFee(fee=key[0], line=key[1], amount_minor=500, reason="gesture", approved_by=BACK_OFFICE)
    accepted(bank.ask(ask, account, actor=ADVISER, channel=Channel.BRANCH))
    with pytest.raises(SummaryNotDue):
        make(bank, account, 2026)
    move_clock(bank, "2027-01-02T00:00:00+01:00")
    make(bank, account, 2026)
    with bank.read() as connection:
        found = kept(connection, account, 2026)
    assert found is not None
    told = {one.service: (one.count, one.total_minor) for one in found[0].services}
    assert told == {"cheques": (1, 1_000), "overdraft-interest": (1, 123), OTHER: (1, 77)}
    assert found[0].total_minor == 1_200


def test_a_summary_stays_as_it_was_made_and_the_program_cannot_change_it(bank: Bank) -> None:
    account = open_account(bank, BRED)
    move_clock(bank, "2027-01-02T00:00:00+01:00")
    first = make(bank, account, 2026)
    move_clock(bank, "2027-01-09T00:00:00+01:00")
    assert make(bank, account, 2026) == first
    for statement in ("update fee_summary set year = 2027", "delete from fee_summary"):
        with bank.connect() as connection, pytest.raises(errors.InsufficientPrivilege):
            connection.execute(statement)


def test_a_year_without_fees_has_a_summary_of_nothing_in_both_languages(bank: Bank) -> None:
    account = open_account(bank, BRED)
    move_clock(bank, "2027-01-02T00:00:00+01:00")
    make(bank, account, 2026)
    with bank.read() as connection:
        found = kept(connection, account, 2026)
    assert found is not None
    summary, json, pdf = found
    assert (summary.services, summary.total_minor) == ((), 0)
    assert summary_pdf(summary) == pdf
    assert summary_pdf(summary, Language.ENGLISH) != pdf
    assert msgspec.json.decode(json)["format"] == "teneur.fee-summary/1"


def test_sub_totals_count_what_was_taken_and_lessen_by_what_came_back() -> None:
    taken = [Taken("cheque-stop", 1_500), Taken("cheque-stop", -1_500), Taken("recall", 1), Taken("odd", 2)]
    found = totals(taken, {"cheque-stop": "cheques", "recall": "transfers"})
    assert [(t.service, t.count, t.total_minor) for t in found] == [
        ("cheques", 1, 0),
        ("other", 1, 2),
        ("transfers", 1, 1),
    ]


@asserts("BNC-6.1.3.2-2", "BRED-9-1", "BRED-A3-1.4-1")
@pytest.mark.parametrize(
    ("name", "event", "heading"),
    [
        (BNC_ID, "transfer-local-branch", "transfers"),
        (BRED_ID, "transfer-sepa-branch", "transfers"),
        (BRED_ID, "transfer-international-remote", "transfers"),
        (BRED_ID, "direct-debit-rejected", "incidents"),
        (BRED_ID, "seizure-tax", "incidents"),
    ],
)
def test_a_fee_stands_in_the_summary_under_its_kind_of_service(name: str, event: str, heading: str) -> None:
    services = {code: str(p.value.service) for code, p in agreement(name).tariff.events.items()}
    (found,) = totals([Taken(event, 100)], services)
    assert (found.service, found.count, found.total_minor) == (heading, 1, 100)
