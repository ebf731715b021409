"""A book in which everything goes on, and all that two runs of it must have in common."""

from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from psycopg import Connection, sql

from teneur.agreements.agreement import Agreements
from teneur.agreements.terms.interest import Designator, IndexEnd
from teneur.agreements.terms.overdraft import Capacity
from teneur.agreements.terms.transfers import StartCondition
from teneur.bank import Bank
from teneur.channels.notices import keep_ways
from teneur.channels.settings import CLOCK, clock_setting, keep_setting, setting
from teneur.customers.commands import UpdatePerson
from teneur.customers.decisions import REGISTER
from teneur.kernel.clock import SimulatedClock, instant
from teneur.kernel.commands import AccountId, Channel, number_of
from teneur.ledger.commands import PlaceHold
from teneur.payments.transfers.commands import PayeeAccount, PlaceTransfer, Repeat, Start
from teneur.payments.transfers.rules.standing import Frequency
from teneur.pricing.interest.commands import EndReferenceRate, SubstituteReferenceRate
from teneur.pricing.interest.rules.index import Designation
from teneur.pricing.overdraft.facts import AuthorisationKind
from teneur.storage.database import Dsn
from tests.accounts.amendments.making import drawer, planned, planned_tariff
from tests.pricing.interest.test_reference_rates import INDEX, OTHER, daily, load, on_rate
from tests.pricing.overdraft.making import grant, spend
from tests.support.bank import BNC, BRED, CLERK, accepted, add_person, open_account, open_bank

BEGINS = "2026-11-18T12:00:00+11:00"  # a Wednesday: noon in Nouméa, two in the morning in Paris
LAST_DAY = date(2027, 1, 22)  # two months: the quarter ends, amendments and fees have come
TARIFF = "2027-01-21"
GONE = date(2026, 11, 16)  # the index of an overdraft
FAR = "FR7630006000011234567890189"


@cache
def agreements() -> Agreements:
    """Both banks' editions, with one more of each agreement and tariff."""
    return drawer(TARIFF)


def make(dsn: Dsn) -> None:
    """Orders of every kind, overdrafts in and beyond their limits, fees, amendments, an index that ends."""
    with open_bank(dsn, at=BEGINS, agreements=agreements()) as bank:
        for series in (BRED, BNC):
            planned(bank, series, applies_on=date(2027, 1, 20))
            planned_tariff(bank, series, first_day=TARIFF)
            _payers(bank, series)
            _debtors(bank, series)
        _indexed(bank)
        with bank.connect() as connection:
            keep_setting(connection, CLOCK, clock_setting(bank.clock))


def reopen(dsn: Dsn) -> Bank:
    """The bank as a new process finds it."""
    bank = Bank.open(dsn, SimulatedClock(instant(BEGINS)), agreements=agreements())
    with bank.read() as connection:
        kept = setting(connection, CLOCK)
    assert kept is not None
    bank.clock = SimulatedClock(instant(kept.removeprefix("simulated:")))
    return bank


def give_ways(dsn: Dsn, folder: Path) -> None:
    """Letters go to a folder."""
    with reopen(dsn) as bank:
        keep_ways(bank, None, folder)


def _payers(bank: Bank, series: str) -> None:
    """Standing, deferred and waiting orders, some without funds; a hold; an account left in peace."""
    rich, poor = (
        open_account(bank, series, funds_minor=900_000),
        open_account(bank, series, funds_minor=1_500),
    )
    open_account(bank, series)
    _order(bank, rich, poor, 300, agreed_on=date(2026, 11, 24), repeat=Repeat(Frequency.WEEKLY))
    _order(bank, rich, None, 700, agreed_on=date(2026, 11, 30), repeat=Repeat(Frequency.MONTHLY))
    _order(bank, poor, rich, 200_000, agreed_on=date(2026, 12, 4))
    _order(bank, poor, rich, 500, agreed_on=date(2026, 12, 10), repeat=Repeat(Frequency.MONTHLY))
    _order(bank, poor, rich, 2_600, start=Start(StartCondition.FUNDS_AVAILABLE))
    _order(
        bank, poor, rich, 170_000, start=Start(StartCondition.FUNDS_AVAILABLE, until_on=date(2026, 12, 30))
    )
    hold = PlaceHold(amount_minor=300, purpose="card", expires_at=bank.clock.now() + timedelta(days=5))
    accepted(bank.ask(hold, rich))


def _debtors(bank: Bank, series: str) -> None:
    """Overdrafts: used for long, ended by its date, beyond its limit, without any, ended by incapacity."""
    long, once, beyond, tacit = (open_account(bank, series) for _ in range(4))
    accepted(grant(bank, long, 50_000))
    accepted(grant(bank, beyond, 20_000))
    ends = date(2026, 12, 12)
    accepted(grant(bank, once, 30_000, kind=AuthorisationKind.ONE_OFF, ends_on=ends))
    accepted(spend(bank, long, 40_000))
    accepted(spend(bank, once, 30_000))
    accepted(spend(bank, beyond, 45_000, forced=True))
    accepted(spend(bank, tacit, 7_000, forced=True))
    person = add_person(bank)
    accepted(grant(bank, open_account(bank, series, person), 10_000))
    update = UpdatePerson(person=person, reason="judgment", capacity=Capacity.PROTECTED)
    accepted(bank.ask(update, REGISTER, actor=CLERK))


def _indexed(bank: Bank) -> None:
    """An overdraft whose index ends and is substituted: nobody objects."""
    load(bank, INDEX, *daily(date(2026, 9, 28), GONE - timedelta(days=1), "2.000"))
    load(bank, OTHER, *daily(date(2026, 9, 28), LAST_DAY, "1.900"))
    account = open_account(bank, BNC)
    accepted(grant(bank, account, 1_000_000, rate_percent=Decimal(4), rate_index=INDEX))
    accepted(spend(bank, account, 500_000))
    ended = EndReferenceRate(name=INDEX, day=GONE, how=IndexEnd.ANNOUNCED, by="l’administrateur")
    accepted(on_rate(bank, ended))
    other = Designation(OTHER, Designator.AUTHORITY)
    accepted(on_rate(bank, SubstituteReferenceRate(name=INDEX, designations=(other,))))


def _order(bank: Bank, payer: AccountId, payee: AccountId | None, amount_minor: int, **more: Any) -> None:
    account = bank.account(payer)
    iban = FAR if payee is None else bank.account(payee).iban
    ask = PlaceTransfer(
        amount_minor=amount_minor,
        currency=account.currency,
        payee=PayeeAccount(name="Paul", iban=iban),
        remittance=f"{number_of(payer)}-{amount_minor}",
        **more,
    )
    accepted(bank.ask(ask, payer, actor=account.holders[0], channel=Channel.REMOTE))


# Made anew at each attempt, or by chance: how often a notice was tried, salts and the hashes over them.
NOT_COMPARED = {"journal": {"leaf"}, "record": {"salt"}, "migration": None, "notice_delivery": None}


def content(connection: Connection[Any]) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, in order, less what is made by chance."""
    found = {}
    columns: dict[str, list[str]] = {}
    for table, column in connection.execute(
        "select table_name, column_name from information_schema.columns"
        " where table_schema = 'public' and is_updatable = 'YES' order by table_name, ordinal_position"
    ):
        columns.setdefault(table, []).append(column)
    for table, names in columns.items():
        left_out = NOT_COMPARED.get(table, set[str]())
        if left_out is None:
            continue
        kept = sql.SQL(", ").join(sql.Identifier(n) for n in names if n not in left_out)
        rows = connection.execute(sql.SQL("select {} from {}").format(kept, sql.Identifier(table)))
        found[table] = sorted(rows.fetchall(), key=repr)
    return found


def letters(folder: Path) -> dict[str, bytes]:
    """Every file of a print folder, less the drafts that a death leaves beside them."""
    files = (p for p in sorted(folder.rglob("*")) if p.is_file() and not p.name.startswith("."))
    return {str(p.relative_to(folder)): p.read_bytes() for p in files}
