"""Limits and rates day by day: the thirty days of an authorisation, what a usury check warns of."""

from datetime import date
from decimal import Decimal

import pytest

from teneur.accounts.governing import Governing
from teneur.bank import Bank, shipped_agreements
from teneur.kernel.commands import account_id
from teneur.ledger.contracts import Contract, Version
from teneur.pricing.interest.closing import RateSpan
from teneur.pricing.interest.gathering import usury_warnings
from teneur.pricing.interest.rules.usury import Verdict
from teneur.pricing.interest.timeline import AccountTerms, Timelines
from teneur.pricing.overdraft.facts import Authorisation, AuthorisationKind
from tests.pricing.interest.making import NOUMEA, Q2, close, grant, move
from tests.support.bank import BNC, open_account

OPENED = date(2026, 4, 1)


def authorisation(kind: AuthorisationKind = AuthorisationKind.OPEN_ENDED) -> Authorisation:
    """A limit of 1 000 since the first day of the quarter."""
    return Authorisation(
        account=account_id(1, 1_000_000), id=1, limit_minor=1_000, kind=kind, starts_on=OPENED, ends_on=None
    )


def limits(
    agreement: str, kind: AuthorisationKind, *spells: tuple[date, date | None]
) -> list[tuple[date, int]]:
    """From which day which limit counts in 2026-Q2."""
    contract = Contract((Version(agreement, OPENED),))
    terms = AccountTerms(contract, OPENED, "00001", (authorisation(kind),), spells=spells)
    spans = Timelines(Governing(shipped_agreements()), {}).spans(terms, Q2)
    return [(s.first_day, s.limit_minor) for s in spans]


def test_from_day_31_in_debit_nothing_is_authorised_where_the_agreement_says_so() -> None:
    spell = (date(2026, 4, 10), date(2026, 5, 20))
    assert limits("bnc-2026-04", AuthorisationKind.OPEN_ENDED, spell) == [
        (date(2026, 4, 1), 1_000),
        (date(2026, 5, 10), 0),  # the 31st day
        (date(2026, 5, 20), 1_000),  # back at zero
    ]
    assert limits("bred-2022-06", AuthorisationKind.OPEN_ENDED, spell) == [(date(2026, 4, 1), 1_000)]
    assert limits("bnc-2026-04", AuthorisationKind.ONE_OFF, spell) == [(date(2026, 4, 1), 1_000)]


@pytest.mark.parametrize(
    ("spell", "found"),
    [
        ((date(2026, 4, 10), date(2026, 5, 10)), [(date(2026, 4, 1), 1_000)]),  # thirty days
        ((date(2026, 6, 1), None), [(date(2026, 4, 1), 1_000)]),
        ((date(2026, 2, 1), None), [(date(2026, 4, 1), 0)]),
    ],
)
def test_thirty_days_are_covered_and_a_debit_that_lasts_from_before_is_not(
    spell: tuple[date, date | None], found: list[tuple[date, int]]
) -> None:
    assert limits("bnc-2026-04", AuthorisationKind.OPEN_ENDED, spell) == found


def span(percent: str, excess: str, limit: int, last_day: date = Q2.last_day) -> RateSpan:
    """A span of rates of the quarter."""
    return RateSpan(Q2.first_day, last_day, limit, Decimal(percent), Decimal(excess), Decimal(0), 365)


def test_a_rate_above_the_threshold_of_its_bracket_is_warned_of_before_it_is_used() -> None:
    """2026-Q2: 23.52 % up to 3 000 €, 15.73 % up to 6 000 €, 8.61 % above; 21.6 % in quarters is 23.42 %."""
    assert usury_warnings([("EUR", span("14.5", "21.6", 100_000))]) == ()
    assert usury_warnings([("EUR", span("14.5", "21.8", 100_000))]) == ((Decimal("21.8"), Verdict.ABOVE),)
    assert usury_warnings([("EUR", span("14.5", "16.5", 700_000))]) == ((Decimal("14.5"), Verdict.ABOVE),)
    assert usury_warnings([("EUR", span("99", "16.5", 0))]) == ()  # nothing is authorised at that rate
    later = span("14.5", "16.5", 100, date(2027, 3, 31))
    assert {verdict for _, verdict in usury_warnings([("XPF", later)])} == {Verdict.NOT_LOADED}
    assert usury_warnings([("USD", later)]) == ()


def test_the_closing_reports_what_it_warns_of(bank: Bank) -> None:
    account = open_account(bank, BNC)
    grant(bank, account, 1_000_000, rate_percent=Decimal("14"))  # 8 380 €: 8.61 % at most
    move(bank, account, -900_000, date(2026, 6, 1))
    assert close(bank, Q2, NOUMEA).warnings == [(Decimal("14"), Verdict.ABOVE)]
