"""Reference rates on the real books: values, changes, the end of one, its substitute, silence and
objection."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from teneur.agreements.terms.interest import Designator, IndexEnd
from teneur.bank import Bank
from teneur.customers.decisions import REGISTER
from teneur.kernel.calendars import target_calendar
from teneur.kernel.commands import AccountId, Answer, Ask, Channel, Outcome
from teneur.pricing.interest.commands import (
    EndReferenceRate,
    InformOfRate,
    InformOfSubstitute,
    LoadReferenceRate,
    ModifyReferenceRate,
    ObjectToRate,
    SubstituteReferenceRate,
    TakeSilence,
)
from teneur.pricing.interest.day import rate_commands
from teneur.pricing.interest.facts import NoticeStatus, RateNotice, load_indexes, load_rate_notices
from teneur.pricing.interest.reading import told
from teneur.pricing.interest.rules.index import Designation
from teneur.pricing.overdraft.facts import load_authorisations
from tests.pricing.interest.making import (
    NOUMEA,
    ONE_DAY,
    Q2,
    Q3,
    Q4,
    close,
    closing,
    closings,
    grant,
    independent,
    move,
    move_clock_to,
)
from tests.support.asserts import asserts
from tests.support.bank import ADVISER, BACK_OFFICE, BNC, BOOK, BRED, accepted, open_account, refused

INDEX, OTHER = "EURIBOR-SYN", "ESTR-SYN"
GONE = date(2026, 6, 1)
TARGET = target_calendar()


def on_rate(bank: Bank, ask: Ask, actor: int = BACK_OFFICE) -> Answer:
    return bank.ask(ask, REGISTER, actor=actor)


def load(bank: Bank, name: str, *values: tuple[date, str]) -> Answer:
    """Values of a made-up rate."""
    pairs = tuple((day, Decimal(percent)) for day, percent in values)
    ask = LoadReferenceRate(name=name, values=pairs, source="tests", synthetic=True)
    return accepted(on_rate(bank, ask))


def daily(first: date, last: date, percent: str) -> list[tuple[date, str]]:
    """The same value on every TARGET day."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [(day, percent) for day in days if TARGET.is_business_day(day)]


def notices(bank: Bank, account: AccountId) -> Sequence[RateNotice]:
    with bank.read() as connection:
        return load_rate_notices(connection, [account])[account]


def told_days(bank: Bank, day: date) -> int:
    """The bank's day about rates in Nouméa; how many commands were accepted."""
    move_clock_to(bank, day, NOUMEA)
    count = 0
    for commands in rate_commands(bank.read, bank.governing, BOOK, NOUMEA, day, bank.clock.now):
        results = bank.post(commands)
        count += sum(r.outcome is Outcome.ACCEPTED and not r.replayed for r in results)  # type: ignore[union-attr]
    return count


@pytest.fixture
def indexed(bank: Bank) -> AccountId:
    """A BNC account with 1 000 000 F at the index + 4 points, 500 000 F in debit since 10 May."""
    load(bank, INDEX, *daily(date(2026, 3, 30), GONE - ONE_DAY, "2.000"))
    account = open_account(bank, BNC)
    grant(bank, account, 1_000_000, rate_percent=Decimal("4"), rate_index=INDEX)
    move(bank, account, -500_000, date(2026, 5, 10))
    return account


def substitute(bank: Bank, **more: Any) -> Answer:
    """The old index ended on 1 June; the authority names another one."""
    ended = EndReferenceRate(name=INDEX, day=GONE, how=IndexEnd.ANNOUNCED, by="l’administrateur")
    accepted(on_rate(bank, ended))
    ask = SubstituteReferenceRate(
        name=INDEX,
        designations=(Designation("X", Designator.BANK), Designation(OTHER, Designator.AUTHORITY)),
        **more,
    )
    return on_rate(bank, ask)


# values


@asserts("BNC-7.3-2", "BNC-7.3-3", "BNC-7.3-4")
def test_a_rate_by_reference_follows_its_index_day_by_day_with_a_floor_at_zero(bank: Bank) -> None:
    load(bank, INDEX, *daily(date(2026, 3, 30), date(2026, 5, 20), "1.500"))
    load(bank, INDEX, *daily(date(2026, 5, 21), date(2026, 7, 1), "-0.400"))
    account = open_account(bank, BNC)
    grant(bank, account, 1_000_000, rate_percent=Decimal("4.25"), rate_index=INDEX)
    move(bank, account, -600_000, date(2026, 5, 10))
    close(bank, Q2, NOUMEA)
    found = closing(bank, account, Q2)
    rates = {date.min: ("5.75", "15.00"), date(2026, 5, 21): ("4.25", "15.00")}
    limits = {date.min: 0, date(2026, 5, 4): 1_000_000}
    assert found.charge.interest_minor == independent({date(2026, 5, 10): -600_000}, Q2, limits, rates)
    assert [s.index_percent for s in found.numbers.spans if s.index] == [Decimal("1.5"), Decimal(0)]
    terms = bank.agreement_for(bank.account(account), Q2.last_day).interest
    with bank.read() as connection:
        (only,) = told(connection, account, Q2.first_day, terms)
    (mention,) = only.mentions
    assert (mention.since, mention.old_percent, mention.new_percent) == (
        date(2026, 5, 21), Decimal("1.5"), Decimal(0),
    )  # fmt: skip
    assert only.apr_percent is not None


def test_values_are_loaded_by_back_office_from_a_source_once_a_day(bank: Bank) -> None:
    def ask(*values: tuple[date, str], name: str = INDEX, source: str = "x") -> LoadReferenceRate:
        pairs = tuple((day, Decimal(percent)) for day, percent in values)
        return LoadReferenceRate(name=name, values=pairs, source=source, synthetic=False)

    good = (date(2026, 5, 4), "1.9")
    refused(on_rate(bank, ask(good), ADVISER), "not-authorised")
    refused(bank.ask(ask(good), REGISTER + 1, actor=BACK_OFFICE), "unknown-account")
    for bad in (
        ask(),
        ask(good, good),
        ask(good, source=" "),
        ask(good, name=""),
        ask((good[0], "1.12345678")),
    ):
        refused(on_rate(bank, bad), "invalid-field")
    accepted(on_rate(bank, ask(good, (date(2026, 5, 5), "2.0"))))
    accepted(on_rate(bank, ask((date(2026, 5, 5), "2.1"))))  # a correction: the last one loaded counts
    with bank.read() as connection:
        history = load_indexes(connection, [INDEX])[INDEX]
    assert history.values == ((date(2026, 5, 4), Decimal("1.9")), (date(2026, 5, 5), Decimal("2.1")))
    assert not history.synthetic


def test_an_account_whose_index_has_no_value_is_a_problem_and_the_others_are_closed(bank: Bank) -> None:
    account, other = open_account(bank, BNC), open_account(bank, BNC)
    grant(bank, account, 1_000, rate_percent=Decimal("4"), rate_index="UNKNOWN")
    report = close(bank, Q2, NOUMEA)
    assert report.closed == 1
    (problem,) = report.problems
    assert "UNKNOWN" in problem
    assert closings(bank, account) == []
    assert len(closings(bank, other)) == 1


@asserts("BNC-7.3-10")
def test_a_modified_index_goes_on_without_consent_or_notice(bank: Bank, indexed: AccountId) -> None:
    answer = accepted(on_rate(bank, ModifyReferenceRate(name=INDEX, day=date(2026, 5, 1), what="méthode")))
    assert answer.citations == ("BNC-7.3-10",)
    assert bank.decided(answer) == {"consent_needed": False}
    close(bank, Q2, NOUMEA)
    assert {s.index for s in closing(bank, indexed, Q2).numbers.spans} == {"", INDEX}
    assert told_days(bank, Q3.first_day) == 0
    refused(on_rate(bank, ModifyReferenceRate(name="?", day=GONE, what="x")), "unknown-index")


@asserts("BNC-7.3-11")
def test_while_it_is_not_published_the_last_value_serves(bank: Bank, indexed: AccountId) -> None:
    report = close(bank, Q2, NOUMEA)
    assert report.problems == [
        f"{INDEX}: no value since 2026-06-01, longer than the agreement waits; substitute it"
    ]
    found = closing(bank, indexed, Q2)
    limits = {date.min: 0, date(2026, 5, 4): 1_000_000}
    assert found.charge.interest_minor == independent(
        {date(2026, 5, 10): -500_000}, Q2, limits, {date.min: ("6", "15.00")}
    )


@asserts("BNC-7.3-11")
@pytest.mark.parametrize(("day", "gone"), [("2026-06-10", None), ("2026-06-11", "2026-06-01")])
def test_a_gap_of_more_than_eight_target_days_is_an_end(
    bank: Bank, indexed: AccountId, day: str, gone: str | None
) -> None:
    """1 June is the first TARGET day without a value, 10 June the eighth."""
    load(bank, OTHER, *daily(date(2026, 3, 30), date(2026, 6, 30), "1.000"))
    move_clock_to(bank, date.fromisoformat(day))
    ask = SubstituteReferenceRate(name=INDEX, designations=(Designation(OTHER, Designator.BANK),))
    answer = on_rate(bank, ask)
    if gone is None:
        refused(answer, "index-still-published", "BNC-7.3-11")
    else:
        assert bank.decided(accepted(answer))["gone_on"] == gone


# the end


@asserts("BNC-7.3-12")
def test_an_announcement_with_an_administrator_who_goes_on_is_no_end(bank: Bank, indexed: AccountId) -> None:
    ask = EndReferenceRate(
        name=INDEX, day=GONE, how=IndexEnd.ANNOUNCED, by="régulateur", successor_administrator=True
    )
    refused(on_rate(bank, ask), "not-a-permanent-end", "BNC-7.3-12")
    never = EndReferenceRate(name=INDEX, day=GONE, how=IndexEnd.UNPUBLISHED, by="x")
    refused(on_rate(bank, never), "not-a-permanent-end")
    accepted(on_rate(bank, EndReferenceRate(name=INDEX, day=GONE, how=IndexEnd.UNLAWFUL, by="loi")))


@asserts("BNC-7.3-12", "BNC-7.3-13")
def test_the_official_substitute_wins_and_a_new_margin_needs_a_reason(bank: Bank, indexed: AccountId) -> None:
    move_clock_to(bank, date(2026, 6, 2))
    refused(substitute(bank), "no-substitute", "BNC-7.3-12")  # no value of it is known
    load(bank, OTHER, *daily(date(2026, 3, 30), date(2026, 6, 30), "1.000"))
    refused(substitute(bank, points=Decimal("0.1")), "reason-missing", "BNC-7.3-13")
    refused(substitute(bank, recommended_points=Decimal("0.1")), "reason-missing")
    answer = accepted(substitute(bank, points=Decimal("0.1"), reason="écart moyen"))
    assert bank.decided(answer) == {
        "substitute": OTHER, "designated_by": "authority", "gone_on": "2026-06-01",
    }  # fmt: skip
    with bank.read() as connection:
        event = load_indexes(connection, [INDEX])[INDEX].events[-1]
    assert (event.points, event.reason, event.designated_by) == (
        Decimal("0.1"), "écart moyen", Designator.AUTHORITY,
    )  # fmt: skip


@asserts("BNC-7.3-14", "BNC-7.3-15")
def test_silence_accepts_and_quarters_closed_meanwhile_are_corrected_from_the_disappearance(
    bank: Bank, indexed: AccountId
) -> None:
    load(bank, OTHER, *daily(date(2026, 3, 30), date(2026, 12, 31), "1.000"))
    move_clock_to(bank, date(2026, 6, 15), NOUMEA)
    accepted(substitute(bank, points=Decimal("0.5"), reason="écart moyen sur cinq ans"))
    other = open_account(bank, BNC)  # without an index: not told
    assert told_days(bank, date(2026, 6, 16)) == 1
    (notice,) = notices(bank, indexed)
    assert (notice.sent_on, notice.last_day, notice.gone_on) == (date(2026, 6, 16), date(2026, 8, 16), GONE)
    assert notices(bank, other) == ()
    assert told_days(bank, date(2026, 6, 17)) == 0  # told once
    close(bank, Q2, NOUMEA)
    limits = {date.min: 0, date(2026, 5, 4): 1_000_000}
    movements = {date(2026, 5, 10): -500_000}
    before = closing(bank, indexed, Q2).charge.interest_minor
    assert before == independent(movements, Q2, limits, {date.min: ("6", "15.00")})
    refused(bank.ask(TakeSilence(notice=notice.id), indexed, at=_at(date(2026, 8, 16))), "time-not-passed")
    assert told_days(bank, date(2026, 8, 16)) == 0
    assert told_days(bank, date(2026, 8, 17)) == 1
    assert notices(bank, indexed)[0].status is NoticeStatus.ACCEPTED
    assert close(bank, Q3, NOUMEA).corrected == 1
    again = closing(bank, indexed, Q2)
    rates = {date.min: ("6", "15.00"), GONE: ("5.5", "15.00")}
    assert again.charge.interest_minor == independent(movements, Q2, limits, rates) < before
    assert {s.index for s in closing(bank, indexed, Q3).numbers.spans} == {OTHER}
    assert close(bank, Q4, NOUMEA).corrected == 0


@asserts("BNC-7.3-16")
def test_an_objection_ends_the_authorisation_and_the_last_value_counts_until_then(
    bank: Bank, indexed: AccountId
) -> None:
    load(bank, OTHER, *daily(date(2026, 3, 30), date(2026, 12, 31), "1.000"))
    move_clock_to(bank, date(2026, 6, 15), NOUMEA)
    accepted(substitute(bank))
    told_days(bank, date(2026, 6, 16))
    (notice,) = notices(bank, indexed)
    holder = bank.account(indexed).holders[0]
    ask = ObjectToRate(notice=notice.id)
    refused(bank.ask(ask, indexed, actor=holder, channel=Channel.PHONE), "not-in-writing", "BNC-7.3-16")
    refused(bank.ask(ask, indexed, actor=holder + 1, channel=Channel.POST), "not-a-holder")
    answer = accepted(bank.ask(ask, indexed, actor=holder, channel=Channel.POST, at=_at(date(2026, 7, 10))))
    assert bank.decided(answer) == {"ends_on": "2026-09-10"}
    with bank.read() as connection:
        (authorisation,) = load_authorisations(connection, [indexed])[indexed]
    assert (authorisation.ends_on, authorisation.ended_by) == (date(2026, 9, 10), "index-objection")
    refused(bank.ask(ask, indexed, actor=holder, channel=Channel.POST), "already-answered")
    assert told_days(bank, date(2026, 8, 17)) == 0
    close(bank, Q3, NOUMEA)
    spans = [s for s in closing(bank, indexed, Q3).numbers.spans if s.index]
    assert {(s.index, s.percent) for s in spans} == {(INDEX, Decimal("6"))}
    assert spans[-1].run_off
    assert spans[-1].first_day == date(2026, 9, 11)


@asserts("BNC-7.3-15", "BNC-7.3-16")
@pytest.mark.parametrize(("day", "reason"), [("2026-08-16", ""), ("2026-08-17", "too-late")])
def test_the_last_day_to_object_is_in_time(bank: Bank, indexed: AccountId, day: str, reason: str) -> None:
    load(bank, OTHER, *daily(date(2026, 3, 30), date(2026, 12, 31), "1.000"))
    move_clock_to(bank, date(2026, 6, 15), NOUMEA)
    accepted(substitute(bank))
    told_days(bank, date(2026, 6, 16))
    (notice,) = notices(bank, indexed)
    answer = bank.ask(
        ObjectToRate(notice=notice.id), indexed, actor=ADVISER, channel=Channel.POST,
        at=_at(date.fromisoformat(day)),
    )  # fmt: skip
    assert answer.reason == reason


@asserts("BNC-7.3-14")
def test_holders_are_told_once_by_a_medium_that_is_one(bank: Bank, indexed: AccountId) -> None:
    load(bank, OTHER, *daily(date(2026, 3, 30), date(2026, 12, 31), "1.000"))
    move_clock_to(bank, date(2026, 6, 15), NOUMEA)
    answer = accepted(substitute(bank))
    event = answer.position
    refused(bank.ask(InformOfSubstitute(name=INDEX, event=event, medium="rumour"), indexed), "invalid-field")
    refused(
        bank.ask(InformOfSubstitute(name=INDEX, event=1, medium="letter"), indexed), "unknown-substitution"
    )
    ask = InformOfSubstitute(name=INDEX, event=event, medium="letter")
    assert "BNC-7.3-14" in accepted(bank.ask(ask, indexed)).citations
    refused(bank.ask(ask, indexed), "already-told")
    with bank.read() as connection:
        rows = connection.execute(
            "select content from notice where template = 'index-substitution'"
        ).fetchall()
    ((content,),) = rows
    assert OTHER in content


# new rates told by the statement


@asserts("BNC-7.3-5")
@pytest.mark.parametrize(("day", "approved"), [("2026-06-03", False), ("2026-06-04", True)])
def test_a_new_rate_is_presumed_approved_after_thirty_days_without_dispute(
    bank: Bank, indexed: AccountId, day: str, approved: bool
) -> None:
    accepted(bank.ask(InformOfRate(name=INDEX, statement="3"), indexed, at=_at(date(2026, 5, 4))))
    assert told_days(bank, date.fromisoformat(day)) == int(approved)
    status = NoticeStatus.ACCEPTED if approved else NoticeStatus.OPEN
    assert [n.status for n in notices(bank, indexed)] == [status]


@asserts("BNC-7.3-5")
def test_a_dispute_in_time_keeps_a_new_rate_from_being_presumed(bank: Bank, indexed: AccountId) -> None:
    answer = accepted(bank.ask(InformOfRate(name=INDEX, statement="3"), indexed, at=_at(date(2026, 5, 4))))
    holder = bank.account(indexed).holders[0]
    ask = ObjectToRate(notice=answer.position)
    accepted(bank.ask(ask, indexed, actor=holder, channel=Channel.REMOTE, at=_at(date(2026, 6, 3))))
    assert told_days(bank, date(2026, 6, 4)) == 0
    assert [n.status for n in notices(bank, indexed)] == [NoticeStatus.OBJECTED]
    with bank.read() as connection:
        (authorisation,) = load_authorisations(connection, [indexed])[indexed]
    assert authorisation.ends_on is None


def test_where_nothing_is_presumed_no_time_runs(bank: Bank) -> None:
    account = open_account(bank, BRED)
    refused(bank.ask(InformOfRate(name=INDEX, statement="3"), account), "nothing-presumed")
    refused(bank.ask(TakeSilence(notice=7), account), "unknown-notice")


def _at(day: date) -> Any:
    from teneur.kernel.clock import instant

    return instant(f"{day.isoformat()}T12:00:00+11:00")
