"""Statements through the bank's day: how often, at what price, by which medium, and what they announce."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import msgspec
import pytest

from teneur.agreements.terms.statements import Period as Frequency
from teneur.agreements.terms.statements import Way
from teneur.bank import Bank
from teneur.channels.day import papers
from teneur.channels.day.job import advance
from teneur.channels.paper import print_statements
from teneur.channels.statements import page_of, post_statements
from teneur.kernel.clock import instant
from teneur.kernel.commands import Channel
from teneur.obligations.notices.commands import ChooseRecipient, ObjectToPaperless
from teneur.obligations.reading import of_account
from teneur.pricing.fees.commands import WaiveFee
from teneur.pricing.fees.facts import FeeStatus
from teneur.pricing.statements.commands import (
    AnswerInformation,
    ChooseStatementFrequency,
    DeliverStatement,
    RequestInformation,
)
from teneur.pricing.statements.gathering import Page, gather, load_due
from teneur.pricing.statements.statement import Medium, Period, Statement
from teneur.storage.database import Dsn
from tests.pricing.fees.making import fee_at, give_terms, raise_fee
from tests.pricing.statements.making import (
    choose,
    days,
    deliveries,
    fee_events,
    issued,
    read,
    until,
)
from tests.support import pdf
from tests.support.asserts import asserts
from tests.support.bank import (
    ADVISER,
    BACK_OFFICE,
    BNC,
    BOOK,
    BRED,
    CLERK,
    OTHER_ADVISER,
    accepted,
    add_person,
    move_clock,
    open_account,
    open_bank,
    pay_in,
    refused,
)

MAY = Period(date(2026, 5, 1), date(2026, 5, 31))


# how often


@asserts("BRED-5.3-3", "BNC-3.1-5", "BRED-5.5-1", "BNC-3.1-9", "BNC-3.1-7")
@pytest.mark.parametrize("series", [BRED, BNC])
def test_twice_a_month_costs_the_first_half_and_the_second_is_the_monthly_one(
    database: Dsn, series: str
) -> None:
    with open_bank(database, at="2026-05-14T08:00:00+02:00") as bank:
        account = open_account(bank, series, funds_minor=5_000)
        accepted(choose(bank, account, frequency=Frequency.HALF_MONTH))
        assert not until(bank, date(2026, 5, 15)).statements
        until(bank, date(2026, 5, 17))
        assert days(issued(bank, account)) == [(501, 515)]
        assert fee_events(bank, account) == ["statement-frequency"]
        assert read(bank, account, 1).price_minor == 200
        move_clock(bank, "2026-05-28T08:00:00+02:00")
        pay_in(bank, account, 500)
        until(bank, date(2026, 6, 1))
        assert days(issued(bank, account)) == [(501, 515), (516, 531)]
        assert fee_events(bank, account) == ["statement-frequency"]
        assert read(bank, account, 2).price_minor == 0


@asserts("BRED-5.5-1", "BNC-3.1-9")
def test_after_each_operation_is_each_day_on_which_something_was_booked(database: Dsn) -> None:
    with open_bank(database, at="2026-05-04T08:00:00+02:00") as bank:
        account = open_account(bank, BRED, funds_minor=5_000)
        accepted(choose(bank, account, frequency=Frequency.OPERATION))
        until(bank, date(2026, 5, 7))
        assert days(issued(bank, account)) == [(504, 504)]
        assert issued(bank, account)[0].frequency == "operation"


def test_a_quarterly_statement_covers_the_quarter_and_costs_nothing(database: Dsn) -> None:
    with open_bank(database, at="2026-05-28T08:00:00+02:00") as bank:
        account = open_account(bank, BRED, funds_minor=5_000)
        accepted(choose(bank, account, frequency=Frequency.QUARTER))
        assert not until(bank, date(2026, 6, 1)).statements
        until(bank, date(2026, 7, 1))
        assert days(issued(bank, account)) == [(401, 630)]
        assert fee_events(bank, account) == []


def test_a_choice_is_the_holders_and_of_what_is_offered(database: Dsn) -> None:
    with open_bank(database) as bank:
        account = open_account(bank, BRED)
        refused(choose(bank, account, frequency=Frequency.YEAR), "frequency-not-offered", "BRED-5.3-3")
        holder, stranger = bank.account(account).holders[0], add_person(bank, "Autre")
        ask = msgspec.structs.replace(_choice(), requested_by=holder)
        refused(bank.ask(ask, account, actor=stranger, channel=Channel.REMOTE), "not-a-holder")
        refused(bank.ask(_choice(), account, actor=CLERK, channel=Channel.BRANCH), "not-a-holder")
        accepted(bank.ask(ask, account, actor=CLERK, channel=Channel.BRANCH))


def _choice() -> ChooseStatementFrequency:
    return ChooseStatementFrequency(frequency=Frequency.HALF_MONTH)


@asserts("BRED-5.3-4", "BRED-A6-n4-1")
def test_a_year_without_movement_has_one_statement_which_bred_charges(database: Dsn) -> None:
    with open_bank(database, at="2026-12-28T08:00:00+01:00") as bank:
        still = open_account(bank, BRED)
        moved = open_account(bank, BRED, funds_minor=5_000)
        report = until(bank, date(2027, 1, 1))
        assert days(issued(bank, still)) == [(101, 1231)]
        assert days(issued(bank, moved)) == [(1201, 1231)]
        assert len(report.statements) == 2
        yearly = read(bank, still, 1)
        assert (yearly.lines, yearly.frequency, yearly.price_minor) == ((), Frequency.YEAR, 150)
        assert yearly.guarantee is not None
        assert "statement-yearly" in fee_events(bank, still)
        assert "statement-yearly" not in fee_events(bank, moved)
        shown = pdf.text(page_of(bank, still, 1) or b"")
        assert "Aucune opération sur la période." in shown
        assert "Prix de ce relevé : 1,50 €." in shown
        assert issued(bank, still)[0].first_sequence == 1
        move_clock(bank, "2027-01-05T08:00:00+01:00")
        pay_in(bank, still, 500)
        until(bank, date(2027, 2, 1))
        assert days(issued(bank, still)) == [(101, 1231), (101, 131)]
        assert issued(bank, still)[1].first_sequence == 1


@asserts("BNC-3.1-6", "BNC-14.6-9")
def test_the_yearly_statement_of_bnc_is_free_and_confirms_the_guarantee(database: Dsn) -> None:
    with open_bank(database, at="2026-12-28T08:00:00+11:00") as bank:
        account = open_account(bank, BNC)
        until(bank, date(2027, 1, 1))
        made = read(bank, account, 1)
        assert (made.lines, made.price_minor) == ((), 0)
        assert made.guarantee is not None
        assert made.guarantee.ceiling_minor == 11_933_174
        assert "statement-yearly" not in fee_events(bank, account)
        assert "jusqu’à 11 933 174 F CFP par déposant" in pdf.text(page_of(bank, account, 1) or b"")


@asserts("BRED-A6-n4-1", "BNC-14.6-9")
def test_the_yearly_check_finds_covered_accounts_that_no_statement_told(
    database: Dsn, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_bank(database, at="2026-12-28T08:00:00+01:00") as bank:
        told, excluded = open_account(bank, BRED), open_account(bank, BRED)
        give_terms(bank, excluded, date(2026, 12, 28), {"statements.guarantee.covered": False})
        monkeypatch.setattr(papers, "gather", lambda *_: Page([], []))
        report = advance(bank, date(2027, 1, 1))
        assert [p for p in report.problems if "guarantee" in p] == [
            f"account {told >> 32}/{told & 0xFFFF_FFFF}: no statement of 2026 confirms the deposit guarantee"
        ]


# media


@asserts("BNC-3.1-2")
def test_bnc_places_it_in_the_space_and_prints_it_for_whoever_objects(database: Dsn, tmp_path: Path) -> None:
    with open_bank(database, at="2026-05-28T08:00:00+11:00") as bank:
        space = open_account(bank, BNC, funds_minor=5_000)
        paper = open_account(bank, BNC, funds_minor=5_000)
        holder = bank.account(paper).holders[0]
        accepted(bank.ask(ObjectToPaperless(), paper, actor=holder, channel=Channel.REMOTE))
        until(bank, date(2026, 6, 1))
        assert [d[:2] for d in deliveries(bank, space)] == [(1, "electronic")]
        assert deliveries(bank, paper) == []
        done = print_statements(bank, BOOK, tmp_path)
        [printed] = done.files
        assert printed.read_bytes() == page_of(bank, paper, 1)
        assert deliveries(bank, paper) == [(1, "paper", holder)]
        assert print_statements(bank, BOOK, tmp_path).files == []
        refused(bank.ask(DeliverStatement(number=1, reference="x"), paper, actor=CLERK), "nothing-owed")


@asserts("BRED-5.3-2")
def test_bred_prints_it_until_the_customer_wants_it_in_the_space(database: Dsn) -> None:
    with open_bank(database, at="2026-05-28T08:00:00+02:00") as bank:
        paper = open_account(bank, BRED, funds_minor=5_000)
        space = open_account(bank, BRED, funds_minor=5_000)
        holder = bank.account(space).holders[0]
        accepted(bank.ask(ObjectToPaperless(objects=False), space, actor=holder, channel=Channel.REMOTE))
        until(bank, date(2026, 6, 1))
        assert deliveries(bank, space) == [(1, "electronic", holder)]
        with bank.read() as connection:
            [duty] = [d for d in of_account(connection, paper) if d.kind == "deliver-statement"]
        assert (duty.about, duty.clause, duty.discharged_at) == ("1", "BRED-5.3-2", None)
        assert duty.due_at is not None
        assert duty.due_at.date() == date(2026, 6, 4)  # the third business day after Monday 1 June
        refused(bank.ask(DeliverStatement(number=1, reference=" "), paper, actor=CLERK), "invalid-field")
        refused(bank.ask(DeliverStatement(number=2, reference="x"), paper, actor=CLERK), "unknown-statement")
        refused(bank.ask(DeliverStatement(number=1, reference="x"), paper, actor=holder), "not-authorised")
        accepted(bank.ask(DeliverStatement(number=1, reference="tirage 7"), paper, actor=CLERK))
        assert [d[:2] for d in deliveries(bank, paper)] == [(1, "paper")]


@asserts("BNC-3.1-3")
def test_a_joint_account_gets_exactly_one_to_the_address_of_the_particular_terms(database: Dsn) -> None:
    with open_bank(database, at="2026-05-28T08:00:00+11:00") as bank:
        one, two = add_person(bank, "Un"), add_person(bank, "Deux")
        account = open_account(bank, BNC, one, two, funds_minor=5_000)
        accepted(bank.ask(ChooseRecipient(person=two), account, actor=one, channel=Channel.REMOTE))
        until(bank, date(2026, 6, 1))
        assert len(issued(bank, account)) == 1
        assert deliveries(bank, account) == [(1, "electronic", two)]
        assert read(bank, account, 1).account.holders == ("Marie Un", "Marie Deux")


@asserts("BNC-3.1-7")
def test_a_second_medium_is_charged_with_each_statement(database: Dsn) -> None:
    with open_bank(database, at="2026-05-28T08:00:00+11:00") as bank:
        both = open_account(bank, BNC, funds_minor=5_000)
        same = open_account(bank, BNC, funds_minor=5_000)
        accepted(choose(bank, both, extra_medium=Medium.PAPER))
        accepted(choose(bank, same, extra_medium=Medium.ELECTRONIC))
        until(bank, date(2026, 6, 1))
        assert fee_events(bank, both) == ["statement-copy"]
        assert fee_events(bank, same) == []
        assert [d[:2] for d in deliveries(bank, both)] == [(1, "electronic")]
        accepted(bank.ask(DeliverStatement(number=1, reference="tirage 7"), both, actor=CLERK))
        assert [d[:2] for d in deliveries(bank, both)] == [(1, "electronic"), (1, "paper")]


# incident fees


@asserts("BNC-3.1-8")
@pytest.mark.parametrize("series", [BNC, BRED])
def test_incident_fees_are_announced_by_the_statement_and_taken_fourteen_days_later(
    database: Dsn, series: str
) -> None:
    with open_bank(database, at="2026-05-28T08:00:00+02:00") as bank:
        account = open_account(bank, series, funds_minor=10_000)
        key = raise_fee(bank, account, "overdraft-letter", date(2026, 5, 31))
        later = raise_fee(bank, account, "overdraft-letter", date(2026, 6, 1), about="2")
        until(bank, date(2026, 6, 1))
        [told] = read(bank, account, 1).fees.announced
        assert (told.fee, told.amount_minor, told.collectable_on) == (key[0], 1_200, date(2026, 6, 15))
        assert fee_at(bank, account, key).announced_on == date(2026, 6, 1)
        assert fee_at(bank, account, later).status is FeeStatus.DUE
        until(bank, date(2026, 6, 14))
        assert fee_at(bank, account, key).status is FeeStatus.ANNOUNCED
        until(bank, date(2026, 6, 15))
        assert fee_at(bank, account, key).status is FeeStatus.COLLECTED
        assert "Frais d’incidents à venir" in pdf.text(page_of(bank, account, 1) or b"")


def test_a_statement_that_shows_other_fees_than_are_due_is_not_issued(database: Dsn) -> None:
    """Given up between reading and issuing: it is made again without them, and nothing was announced."""
    with open_bank(database, at="2026-05-28T08:00:00+02:00") as bank:
        account = open_account(bank, BRED, funds_minor=10_000)
        key = raise_fee(bank, account, "overdraft-letter", date(2026, 5, 31))
        at = instant("2026-06-01T08:00:00+02:00")
        move_clock(bank, at)

        def make() -> Statement:
            with bank.read() as connection:
                due = load_due(connection, bank.governing, account, MAY, None)
                return gather(connection, bank.governing, BOOK, [due], at).statements[0]

        shown = make()
        assert len(shown.fees.announced) == 1
        waive = WaiveFee(fee=key[0], line=key[1], reason="geste", approved_by=OTHER_ADVISER)
        accepted(bank.ask(waive, account, actor=ADVISER, channel=Channel.BRANCH))
        [(_, answer)] = post_statements(bank, [shown])
        refused(answer, "statement-outdated")  # type: ignore[arg-type]
        assert issued(bank, account) == []
        [(_, answer)] = post_statements(bank, [make()])
        accepted(answer)  # type: ignore[arg-type]
        assert read(bank, account, 1).fees.announced == ()
        assert fee_at(bank, account, key).status is FeeStatus.WAIVED


@pytest.mark.parametrize("at_count", [1, 2, 3])
def test_a_day_killed_among_its_statements_issues_and_announces_the_same(
    new_database: Callable[[], Dsn], monkeypatch: pytest.MonkeyPatch, at_count: int
) -> None:
    monkeypatch.setattr(papers, "MOST", 1)

    class Killed(Exception):
        pass

    def world() -> tuple[Bank, list[int], list[tuple[int, int]]]:
        bank = open_bank(new_database(), at="2026-05-29T08:00:00+02:00")
        accounts = [open_account(bank, BRED, funds_minor=5_000) for _ in range(3)]
        keys = [raise_fee(bank, a, "overdraft-letter", date(2026, 5, 31)) for a in accounts]
        return bank, accounts, keys

    bank, accounts, keys = world()
    left = [at_count]

    def listen(what: str, _count: int) -> None:
        if what == "statements":
            left[0] -= 1
            if left[0] == 0:
                raise Killed

    with pytest.raises(Killed):
        advance(bank, date(2026, 6, 1), listen)
    bank.close()
    again = Bank.open(bank.dsn, bank.clock)
    report = advance(again, date(2026, 6, 1))
    assert report.problems == []
    for account, key in zip(accounts, keys, strict=True):
        [one] = issued(again, account)
        [told] = read(again, account, one.number).fees.announced
        fee = fee_at(again, account, key)
        assert (fee.announced_on, fee.collectable_on) == (date(2026, 6, 1), told.collectable_on)
        assert (told.fee, told.line) == key
    again.close()


# questions


@asserts("BRED-5.5-3")
def test_information_is_asked_for_in_writing_tracked_and_answered(database: Dsn) -> None:
    with open_bank(database) as bank:
        account = open_account(bank, BRED)
        holder = bank.account(account).holders[0]
        ask = RequestInformation(about="cours de mes titres", way=Way.EMAIL, requested_by=holder)
        by_phone = msgspec.structs.replace(ask, way=Way.PHONE)
        refused(bank.ask(by_phone, account, actor=CLERK, channel=Channel.PHONE), "way-not-open", "BRED-5.5-3")
        request = accepted(bank.ask(ask, account, actor=CLERK, channel=Channel.BRANCH)).position
        with bank.read() as connection:
            [duty] = [d for d in of_account(connection, account) if d.kind == "answer-information"]
        assert (duty.clause, duty.about) == ("BRED-5.5-3", str(request))
        assert duty.due_at is not None
        refused(
            bank.ask(AnswerInformation(request=request + 1, how="lettre"), account, actor=CLERK),
            "nothing-owed",
        )
        refused(bank.ask(AnswerInformation(request=request, how=" "), account, actor=CLERK), "invalid-field")
        refused(
            bank.ask(AnswerInformation(request=request, how="x"), account, actor=holder), "not-authorised"
        )
        accepted(bank.ask(AnswerInformation(request=request, how="lettre"), account, actor=BACK_OFFICE))
        refused(bank.ask(AnswerInformation(request=request, how="x"), account, actor=CLERK), "nothing-owed")


@asserts("BNC-14.6-9")
def test_on_request_the_bank_says_whether_its_deposits_are_guaranteed(database: Dsn) -> None:
    with open_bank(database) as bank:
        covered, excluded = open_account(bank, BNC), open_account(bank, BNC)
        give_terms(bank, excluded, date(2026, 5, 4), {"statements.guarantee.covered": False}, "bnc-2026-04")
        told = []
        for account in (covered, excluded):
            holder = bank.account(account).holders[0]
            ask = RequestInformation(about="deposit-guarantee", way=Way.REMOTE)
            answer = accepted(bank.ask(ask, account, actor=holder, channel=Channel.REMOTE))
            told.append((bank.decided(answer)["guaranteed"], bank.decided(answer)["ceiling_minor"]))
        assert told == [(True, 11_933_174), (False, 0)]
