"""Conversion between currencies: market rates, margins, value dates, and foreign cash."""

from dataclasses import dataclass
from datetime import time
from decimal import Decimal

from teneur.agreements.parameters import Parameter
from teneur.agreements.terms.cash import CashForm
from teneur.kernel.commands import Channel


@dataclass(frozen=True)
class MarketRates:
    """How the market rate of a pair of currencies is found.

    pivot: the currency through which two are crossed where the pair itself has no rate. significant_digits:
    to which a market rate and a customer's rate are rounded, half up. estimate_days: local days, today
    included, of which the latest rate may estimate what an order for later will cost.
    """

    pivot: Parameter[str]
    significant_digits: Parameter[int]
    estimate_days: Parameter[int]


@dataclass(frozen=True)
class ExchangeMargins:
    """Percent of the market rate: on top of it where the bank sells a currency, off it where it buys."""

    bank_percent: Parameter[Decimal]
    intermediaries_percent: Parameter[Decimal]


@dataclass(frozen=True)
class ExchangeValueDates:
    """debit_offset_days: from booking. settlement_business_days: from conversion until the bank holds the
    funds in the currency of the account."""

    debit_offset_days: Parameter[int]
    settlement_business_days: Parameter[int]


@dataclass(frozen=True)
class ExchangeCommission:
    """Events of the tariff by what is converted. parity: a transfer at the fixed parity; None: it is free."""

    transfer: Parameter[str]
    cash: Parameter[str]
    parity: Parameter[str | None]


@dataclass(frozen=True)
class ForeignCash:
    """Cash in another currency than the account's.

    cut_off: local time before which (strictly) it is processed the same day; None: until the branch closes.
    to_account_in_currency: whether an account of the customer in that currency is credited instead.
    """

    currencies: Parameter[tuple[str, ...]]
    forms: Parameter[tuple[CashForm, ...]]
    cut_off: Parameter[time | None]
    late_shift_business_days: Parameter[int]
    to_account_in_currency: Parameter[bool]


@dataclass(frozen=True)
class ExchangeTerms:
    """`exchange.toml`. told_on: channels on which a rate is told on request."""

    rates: MarketRates
    margins: ExchangeMargins
    value_dates: ExchangeValueDates
    commission: ExchangeCommission
    cash: ForeignCash
    told_on: Parameter[tuple[Channel, ...]]
