"""The bank's rate by hand: sides, margins, crosses, days, value dates, and the hour of foreign cash."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from teneur.accounts.governing import GoverningTerms
from teneur.agreements.agreement import Agreement
from teneur.agreements.terms.calendar import calendars
from teneur.bank import shipped_agreements
from teneur.kernel.clock import instant, zone
from teneur.payments.exchange import rules
from teneur.payments.exchange.converting import Exchange, part_of
from teneur.payments.exchange.facts import QuoteKey
from teneur.payments.exchange.rates import Basis, Conversion, Quote, Side
from tests.support.asserts import asserts
from tests.support.exchange import quote

BRED, BNC = (shipped_agreements()[name] for name in ("bred-2022-06", "bnc-2026-04"))
PARIS, NOUMEA = ZoneInfo("Europe/Paris"), ZoneInfo("Pacific/Noumea")
NOON = "2026-05-05T12:00:00+02:00"


def converted(
    agreement: Agreement,
    amount: int,
    pair: str,
    *quotes: Quote,
    debit: bool = True,
    at: str = NOON,
    agreed: Decimal | None = None,
) -> Conversion | None:
    """`USD/EUR`: an amount of dollars, of an account in euros."""

    def find(key: QuoteKey) -> Quote | None:
        one, other, since, until = key
        fits = [q for q in quotes if {q.base, q.quote} == {one, other} and since <= q.at <= until]
        return max(fits, key=lambda q: q.at, default=None)

    currency, _, account = pair.partition("/")
    exchange = Exchange(find, instant(at), agreement.exchange, zone(agreement.zone))
    return exchange.conversion(amount, currency, account, debit=debit, agreed=agreed)


def sure(found: Conversion | None) -> Conversion:
    assert found is not None
    return found


@asserts("BRED-3.5.3-1", "BRED-A3-1.4-6")
def test_the_bank_sells_above_the_market_and_buys_below_it_by_both_margins() -> None:
    """1.20 % and 0.30 % at BRED: 0.92 × 1.015 = 0.9338; 0.91 × 0.985 = 0.89635."""
    dollars = quote("USD/EUR", "0.91-0.92", NOON)
    sold, bought = (sure(converted(BRED, 10_000, "USD/EUR", dollars, debit=d)) for d in (True, False))
    assert (sold.side, sold.market, sold.rate) == (Side.SELLING, Decimal("0.92"), Decimal("0.9338"))
    assert (bought.side, bought.market, bought.rate) == (Side.BUYING, Decimal("0.91"), Decimal("0.89635"))
    assert (sold.converted_minor, bought.converted_minor) == (9_338, 8_964)  # 8,963.5: half up
    assert sold.bank_margin_percent == Decimal("1.20")
    assert sold.intermediaries_margin_percent == Decimal("0.30")
    assert (sold.source, sold.quoted_at, sold.estimate) == ("test", instant(NOON), False)
    assert sold.quotes == ("USD/EUR 0.91-0.92",)


@asserts("BNC-6.1.3.1-25", "BNC-6.1.1.2-5")
def test_dollars_cross_the_euro_into_francs_at_the_parity_and_the_margins_of_bnc() -> None:
    """1 USD = 1/1.10 EUR = 1/1.10/0.00838 XPF = 108.4834 XPF; × 1.018 = 110.4361; 1.50 % and 0.30 %."""
    found = sure(converted(BNC, 100_000, "USD/XPF", quote("EUR/USD", "1.10", NOON)))
    assert (found.market, found.rate) == (Decimal("108.4834"), Decimal("110.4361"))
    assert (found.converted_minor, found.basis) == (110_436, Basis.MARKET)
    back = sure(converted(BNC, 100_000, "USD/XPF", quote("EUR/USD", "1.10", NOON), debit=False))
    assert back.rate == Decimal("106.5307")  # × 0.982


def test_a_pair_quoted_the_other_way_round_is_turned_and_its_sides_with_it() -> None:
    """The market buys a euro for 1.08 dollars and sells it for 1.09: it sells a dollar for 1/1.08 euros."""
    euros = quote("EUR/USD", "1.08-1.09", NOON)
    assert sure(converted(BRED, 1, "USD/EUR", euros)).market == Decimal("0.9259259")
    assert sure(converted(BRED, 1, "USD/EUR", euros, debit=False)).market == Decimal("0.9174312")


def test_a_cross_takes_the_far_side_of_each_pair() -> None:
    """A dollar sold costs 0.92 EUR, a pound buys 1.15 EUR: 0.80 pounds; bought: 0.90 / 1.20 = 0.75."""
    quotes = (quote("USD/EUR", "0.90-0.92", NOON), quote("GBP/EUR", "1.15-1.20", NOON))
    sold = sure(converted(BRED, 100, "USD/GBP", *quotes))
    assert (sold.market, sold.quotes) == (Decimal("0.8"), ("USD/EUR 0.90-0.92", "GBP/EUR 1.15-1.20"))
    assert sure(converted(BRED, 100, "USD/GBP", *quotes, debit=False)).market == Decimal("0.75")
    assert converted(BRED, 100, "USD/GBP", quotes[0]) is None


def test_yen_have_no_decimals_and_a_rate_of_seven_digits_all_the_same() -> None:
    yen = quote("EUR/JPY", "163.45", NOON)
    found = sure(converted(BRED, 10_000, "JPY/EUR", yen))
    assert (found.market, found.rate) == (Decimal("0.006118079"), Decimal("0.00620985"))
    assert found.converted_minor == 6_210  # 62.0985 EUR
    assert sure(converted(BRED, 1, "JPY/EUR", yen)).converted_minor == 1  # 0.62 cent
    assert sure(converted(BRED, 1, "JPY/XPF", yen)).converted_minor == 1  # 0.74 franc


def test_the_parity_bears_no_margin_and_needs_no_rate() -> None:
    for agreement in (BRED, BNC):
        euros = sure(converted(agreement, 838, "EUR/XPF"))
        assert (euros.basis, euros.converted_minor, euros.rate) == (Basis.PARITY, 1_000, Decimal("119.3317"))
        francs = sure(converted(agreement, 1_000, "XPF/EUR", debit=False, agreed=Decimal(5)))
        assert (francs.basis, francs.converted_minor, francs.rate) == (Basis.PARITY, 838, Decimal("0.00838"))
        assert (francs.market, francs.bank_margin_percent, francs.source) == (None, None, "parity")


def test_an_agreed_rate_is_taken_as_it_is() -> None:
    found = sure(converted(BRED, 10_000, "USD/EUR", agreed=Decimal("0.93")))
    assert (found.basis, found.rate, found.converted_minor, found.market) == (
        Basis.AGREED, Decimal("0.93"), 9_300, None,
    )  # fmt: skip


@asserts("BRED-3.5.3-1", "BRED-A3-1.4-6")
@pytest.mark.parametrize(
    ("quoted_at", "estimate"),
    [
        ("2026-05-05T00:00:00+02:00", False),
        ("2026-05-05T12:00:00+02:00", False),
        ("2026-05-04T23:59:59.999999+02:00", True),
        ("2026-04-29T00:00:00+02:00", True),
    ],
)
def test_only_a_rate_of_the_day_of_conversion_is_one_in_paris(quoted_at: str, estimate: bool) -> None:
    assert sure(converted(BRED, 100, "USD/EUR", quote("USD/EUR", "0.9", quoted_at))).estimate is estimate


@asserts("BNC-6.1.1.2-5", "BNC-6.1.3.1-25")
def test_the_day_of_conversion_is_that_of_noumea_at_bnc() -> None:
    """The euro's reference rates of 5 May, 16:00 in Frankfurt, stand at 1:00 on 6 May in Nouméa."""
    published = quote("EUR/USD", "1.1", "2026-05-05T16:00:00+02:00")
    morning = sure(converted(BNC, 100, "USD/XPF", published, at="2026-05-06T09:00:00+11:00"))
    assert morning.estimate is False
    evening = sure(converted(BNC, 100, "USD/XPF", published, at="2026-05-07T00:00:00+11:00"))
    assert evening.estimate is True


def test_a_rate_that_is_too_old_or_yet_to_come_is_none() -> None:
    old = quote("USD/EUR", "0.9", "2026-04-28T23:59:59+02:00")
    coming = quote("USD/EUR", "0.9", "2026-05-05T12:00:00.000001+02:00")
    assert converted(BRED, 100, "USD/EUR", old) is None
    assert converted(BRED, 100, "USD/EUR", coming) is None


def test_a_cross_of_today_goes_before_an_old_rate_of_the_pair() -> None:
    old = quote("USD/GBP", "0.7", "2026-05-04T12:00:00+02:00")
    quotes = (quote("USD/EUR", "0.9", NOON), quote("GBP/EUR", "1.2", NOON))
    found = sure(converted(BRED, 100, "USD/GBP", old, *quotes))
    assert (found.market, found.estimate) == (Decimal("0.75"), False)


def test_margins_may_be_nothing() -> None:
    layer = BRED.exchange.margins
    none = replace(
        layer,
        bank_percent=replace(layer.bank_percent, value=Decimal(0)),
        intermediaries_percent=replace(layer.intermediaries_percent, value=Decimal(0)),
    )
    for side in Side:
        assert rules.customer_rate(Decimal("0.9123456"), side, none, 7) == Decimal("0.9123456")


def test_an_amount_that_no_account_can_hold_converts_to_nothing() -> None:
    assert sure(converted(BRED, 2**53 - 1, "USD/EUR", agreed=Decimal(1_000_000))).converted_minor == 0


def test_a_part_comes_back_in_proportion() -> None:
    assert part_of(9_338, 10_000, 10_000) == 9_338
    assert part_of(9_338, 5_000, 10_000) == 4_669
    assert part_of(5, 1, 10) == 1  # half up
    assert part_of(4, 1, 10) == 0


def terms(agreement: Agreement) -> GoverningTerms:
    return GoverningTerms(agreement, calendars(agreement.calendar, agreement.currency), zone(agreement.zone))


@asserts("BRED-A1-1.2.2-2")
@pytest.mark.parametrize(
    ("at", "day"),
    [
        ("2026-05-05T10:59:59.999999+02:00", date(2026, 5, 5)),
        ("2026-05-05T11:00:00+02:00", date(2026, 5, 6)),
        ("2026-05-07T11:00:00+02:00", date(2026, 5, 11)),  # the 8th is a holiday, then the branch is closed
        ("2026-05-08T10:00:00+02:00", date(2026, 5, 11)),
        ("2026-01-06T10:59:59.999999+01:00", date(2026, 1, 6)),  # winter
        ("2026-01-06T11:00:00+01:00", date(2026, 1, 7)),
    ],
)
def test_foreign_cash_is_processed_the_same_day_before_eleven_in_paris(at: str, day: date) -> None:
    governed = terms(BRED)
    found = rules.processed_on(instant(at), "default", BRED.exchange.cash, governed.calendars, governed.zone)
    assert found == day


@asserts("BNC-6.1.1.2-3")
def test_at_bnc_foreign_cash_is_taken_until_the_counter_closes() -> None:
    governed = terms(BNC)
    days = [
        rules.processed_on(instant(at), "default", BNC.exchange.cash, governed.calendars, governed.zone)
        for at in ("2026-05-05T11:00:00+11:00", "2026-05-05T23:00:00+11:00", "2026-05-02T10:00:00+11:00")
    ]
    assert days == [date(2026, 5, 5), date(2026, 5, 6), date(2026, 5, 4)]


@asserts("BRED-3.5.1-1")
def test_a_debit_has_the_value_date_of_its_booking() -> None:
    assert rules.debit_value_on(date(2026, 5, 8), BRED.exchange.value_dates) == date(2026, 5, 8)


@asserts("BRED-3.5.2-1", "BNC-6.1.1.2-6")
@pytest.mark.parametrize("agreement", [BRED, BNC])
def test_a_credit_has_the_business_day_on_which_the_funds_are_held_in_the_accounts_currency(
    agreement: Agreement,
) -> None:
    days, dates = terms(agreement).calendars.payment, agreement.exchange.value_dates
    tuesday, saturday = date(2026, 5, 5), date(2026, 5, 9)

    def on(funds: date, converted_on: date, basis: Basis = Basis.MARKET) -> date:
        return rules.credit_value_on(funds, converted_on, basis, days, dates)

    assert on(tuesday, tuesday) == tuesday
    assert on(date(2026, 5, 4), tuesday) == tuesday  # the funds came a day before they were converted
    assert on(saturday, saturday) == date(2026, 5, 11)
    assert on(date(2026, 5, 4), tuesday, Basis.PARITY) == date(2026, 5, 4)
