"""Movements by value date, closings, and a second, independent way to count interest: day by day."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from teneur.bank import Bank
from teneur.kernel.clock import SimulatedClock, start_of_day, zone
from teneur.kernel.commands import AccountId, Answer, Channel, book_of
from teneur.kernel.money import round_half_up
from teneur.ledger.chart import Role, own_account
from teneur.ledger.commands import Move
from teneur.pricing.interest.closing import Closing, Period
from teneur.pricing.interest.day import ClosingReport, close_quarter
from teneur.pricing.interest.facts import load_closings
from teneur.pricing.overdraft.commands import GrantOverdraft
from tests.support.bank import ADVISER, BACK_OFFICE, BOOK, OTHER_ADVISER, accepted

PARIS, NOUMEA = "Europe/Paris", "Pacific/Noumea"
ONE_DAY = timedelta(days=1)
Q2 = Period(date(2026, 4, 1), date(2026, 6, 30))
Q3 = Period(date(2026, 7, 1), date(2026, 9, 30))
Q4 = Period(date(2026, 10, 1), date(2026, 12, 31))


def move(
    bank: Bank, account: AccountId, amount_minor: int, value_on: date, *, booked_on: date | None = None
) -> Answer:
    """A movement of the account with a value date; positive: credit. The other side is suspense."""
    other = own_account(book_of(account), Role.SUSPENSE, bank.account(account).currency)
    debit, credit = (other, account) if amount_minor > 0 else (account, other)
    ask = Move(
        debit=debit,
        credit=credit,
        amount_minor=abs(amount_minor),
        booked_on=booked_on or value_on,
        debit_value_on=value_on,
        credit_value_on=value_on,
        reason="test",
        approved_by=OTHER_ADVISER,
        forced=True,
    )
    return accepted(bank.ask(ask, account, actor=BACK_OFFICE, channel=Channel.BRANCH))


def grant(
    bank: Bank, account: AccountId, limit_minor: int, at: datetime | None = None, **more: object
) -> Answer:
    """An overdraft authorisation from today, or as told."""
    ask = GrantOverdraft(
        limit_minor=limit_minor,
        requested_by=bank.account(account).holders,
        approved_by=BACK_OFFICE,
        document="convention de découvert",
        **more,  # type: ignore[arg-type]
    )
    return accepted(bank.ask(ask, account, actor=ADVISER, channel=Channel.BRANCH, at=at))


def move_clock_to(bank: Bank, day: date, zone_name: str = PARIS) -> None:
    """Let the clock stand at noon of a local day, if it is later."""
    assert isinstance(bank.clock, SimulatedClock)
    at = start_of_day(day, zone(zone_name)) + timedelta(hours=12)
    if at > bank.clock.now():
        bank.clock.set(at)


def close(
    bank: Bank, period: Period, zone_name: str = PARIS, *, on: date | None = None, page: int = 5_000
) -> ClosingReport:
    """Close a quarter on the day after it, or on a later one."""
    move_clock_to(bank, on or period.last_day + ONE_DAY, zone_name)
    return close_quarter(
        bank.post, bank.read, bank.governing, BOOK, zone_name, period, bank.clock.now, page=page
    )


def closings(bank: Bank, account: AccountId) -> list[Closing]:
    """Every revision of every quarter."""
    with bank.read() as connection:
        return [k.closing for k in load_closings(connection, [account])[account]]


def closing(bank: Bank, account: AccountId, period: Period) -> Closing:
    """The last revision of a quarter."""
    return [c for c in closings(bank, account) if c.numbers.first_day == period.first_day][-1]


def independent(
    movements: Mapping[date, int] | Iterable[tuple[date, int]],
    period: Period,
    limits: Mapping[date, int],
    rates: Mapping[date, tuple[str, str]],
) -> int:
    """Debit interest day by day, in fractions. limits, rates: from their first day on; rates are those of the
    authorised part and of the excess, in percent."""
    pairs = list(movements.items() if isinstance(movements, Mapping) else movements)
    total = Fraction(0)
    day = period.first_day
    while day <= period.last_day:
        balance = sum(amount for value_on, amount in pairs if value_on <= day)
        limit = limits[max(d for d in limits if d <= day)]
        inside, beyond = rates[max(d for d in rates if d <= day)]
        debit = -balance if balance < 0 else 0
        year = 366 if day.year % 4 == 0 else 365
        part = min(debit, limit)
        total += Fraction(part) * Fraction(Decimal(inside)) / 100 / year
        total += Fraction(debit - part) * Fraction(Decimal(beyond)) / 100 / year
        day += ONE_DAY
    return round_half_up(total)
