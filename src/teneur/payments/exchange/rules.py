"""The bank's rate, value dates of what was converted, its commission, and foreign cash."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from teneur.agreements.terms.exchange import (
    ExchangeCommission,
    ExchangeMargins,
    ExchangeTerms,
    ExchangeValueDates,
    ForeignCash,
    MarketRates,
)
from teneur.kernel.calendars import Calendar, Calendars
from teneur.kernel.clock import Instant, business_date
from teneur.kernel.commands import AccountId, Channel
from teneur.kernel.deadlines import Boundary, reception_day
from teneur.kernel.rules import rule
from teneur.payments.exchange.rates import Basis, Quote, Side

PARITY: Final = frozenset({"EUR", "XPF"})
XPF_IN_EUR: Final = Fraction(838, 100_000)
_HUNDRED: Final = 100
Pair = tuple[str, str]  # two codes, in order of the alphabet


class Market(msgspec.Struct, frozen=True):
    """The market rate of one currency in another, on one side, with the rates it was made of."""

    rate: Decimal
    quotes: tuple[Quote, ...]


def pair_of(one: str, other: str) -> Pair:
    """A pair of currencies whichever is named first."""
    return (one, other) if one < other else (other, one)


def has_parity(one: str, other: str) -> bool:
    """Whether the two change into each other at the parity that the law fixes."""
    return {one, other} == PARITY


def side_of(*, debit: bool) -> Side:
    """The bank sells a currency to whoever is debited for it, and buys it from whoever is credited."""
    return Side.SELLING if debit else Side.BUYING


def rounded(rate: Fraction, digits: int) -> Decimal:
    """A rate to so many significant digits, half up; without needless zeros."""
    context = Context(prec=digits, rounding=ROUND_HALF_UP)
    exact = context.divide(Decimal(rate.numerator), Decimal(rate.denominator)).normalize()
    return exact.quantize(Decimal(1)) if exact == exact.to_integral_value() else exact


@rule("BRED-3.5.3-1", "BNC-6.1.1.2-5", "BNC-6.1.3.1-25", "BRED-A3-1.4-6")
def is_rate_of_day(quoted_at: Instant, converted_at: Instant, zone: ZoneInfo) -> bool:
    """Only a rate of the day of conversion is applied: local day of the agreement, known by then."""
    same_day = business_date(quoted_at, zone) == business_date(converted_at, zone)
    return same_day and quoted_at <= converted_at


def market_rate(
    currency: str, account_currency: str, side: Side, quotes: Mapping[Pair, Quote], terms: MarketRates
) -> Market | None:
    """Units of the account's currency for one of the other: the buying or the selling price of the market.

    By the pair itself, in whichever order it is quoted; else through the pivot, where the account's currency
    stands on the other side. Rounded once. None: a rate is missing.
    """
    direct = _worth(currency, account_currency, side, quotes)
    if direct is None:
        pivot = terms.pivot.value
        other = Side.BUYING if side is Side.SELLING else Side.SELLING
        one = _worth(currency, pivot, side, quotes)
        per = _worth(account_currency, pivot, other, quotes)
        if one is None or per is None:
            return None
        direct = (one[0] / per[0], (*one[1], *per[1]))
    return Market(rounded(direct[0], terms.significant_digits.value), direct[1])


def _worth(
    code: str, in_currency: str, side: Side, quotes: Mapping[Pair, Quote]
) -> tuple[Fraction, tuple[Quote, ...]] | None:
    """What one unit is worth on a side of the market, exactly."""
    if code == in_currency:
        return Fraction(1), ()
    if has_parity(code, in_currency):
        return (XPF_IN_EUR if code == "XPF" else 1 / XPF_IN_EUR), ()
    quote = quotes.get(pair_of(code, in_currency))
    if quote is None:
        return None
    sold, bought = Fraction(quote.selling), Fraction(quote.buying)
    if quote.base == code:
        return (sold if side is Side.SELLING else bought), (quote,)
    return 1 / (bought if side is Side.SELLING else sold), (quote,)


@rule("BRED-3.5.3-1", "BNC-6.1.3.1-25", "BRED-A3-1.4-6")
def customer_rate(market: Decimal, side: Side, margins: ExchangeMargins, digits: int) -> Decimal:
    """The market's rate, plus both margins where the bank sells, less both where it buys."""
    percent = Fraction(margins.bank_percent.value) + Fraction(margins.intermediaries_percent.value)
    signed = percent if side is Side.SELLING else -percent
    return rounded(Fraction(market) * (1 + signed / _HUNDRED), digits)


@rule("BRED-3.5.1-1")
def debit_value_on(booked_on: date, terms: ExchangeValueDates) -> date:
    """What is debited in another currency has the value date of the day the account is debited."""
    return booked_on + timedelta(days=terms.debit_offset_days.value)


@rule("BRED-3.5.2-1", "BNC-6.1.1.2-6")
def credit_value_on(
    funds_on: date, converted_on: date, basis: Basis, days: Calendar, terms: ExchangeValueDates
) -> date:
    """The business day on which the bank holds the funds in the currency of the account.

    funds_on: when it had them in the other one. At the fixed parity that is the same day; else they are
    converted first, and are held so many business days after that, at the earliest the next business day.
    """
    if basis is Basis.PARITY:
        return funds_on
    first = days.next_on_or_after(max(funds_on, converted_on))
    return days.add_business_days(first, terms.settlement_business_days.value)


@rule("BRED-3.5.3-2", "BNC-6.1.1.2-7", "BRED-A1-1.1.2-7")
def commission_event(basis: Basis, terms: ExchangeCommission, *, cash: bool = False) -> str:
    """The event of the tariff that a conversion is, charged apart from the amount; empty: none."""
    if cash:
        return terms.cash.value
    return (terms.parity.value or "") if basis is Basis.PARITY else terms.transfer.value


@rule("BRED-3.5.3-3", "BNC-6.1.1.2-5", "BNC-6.1.3.1-26", "BRED-A3-1.4-6")
def is_told_on(channel: Channel, terms: ExchangeTerms) -> bool:
    """Whether the rate, margins included, is told on request there: at the branch."""
    return channel in terms.told_on.value


@rule("BRED-A1-1.2.2-2", "BNC-6.1.1.2-3")
def processed_on(
    paid_in_at: Instant, branch: str, terms: ForeignCash, calendars: Calendars, zone: ZoneInfo
) -> date:
    """Foreign cash received before the hour is processed the same day; else on the next business day.

    Where no hour is fixed, until the branch closes.
    """
    fixed = terms.cut_off.value
    return reception_day(
        paid_in_at,
        calendars.branch(branch) if fixed is None else fixed,
        Boundary.INCLUSIVE if fixed is None else Boundary.STRICT,
        calendars.branch_days(branch),
        zone=zone,
        late_shift_business_days=terms.late_shift_business_days.value,
    )


@rule("BRED-A1-1.1.2-7")
def account_to_credit(
    account: AccountId, in_currency: Iterable[AccountId], terms: ForeignCash
) -> AccountId | None:
    """Foreign cash is converted, unless the customer has an account in that currency, which is credited.

    None: it is converted and credited to the account it was paid in on.
    """
    others = sorted(other for other in in_currency if other != account)
    return others[0] if others and terms.to_account_in_currency.value else None


def oldest(quotes: Iterable[Quote]) -> datetime:
    """When the older of the rates stood."""
    return min(quote.at for quote in quotes)
