"""An amount converted at the bank's rate, with all that the record keeps of it. Pure; used by every decision
that moves money between currencies."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from teneur.agreements.terms.exchange import ExchangeTerms
from teneur.kernel.clock import business_date, start_of_day
from teneur.kernel.commands import Need
from teneur.kernel.money import CURRENCIES, XPF, Money, MoneyError, convert, convert_parity
from teneur.payments.exchange import rules
from teneur.payments.exchange.facts import QUOTE, QuoteKey
from teneur.payments.exchange.rates import Basis, Conversion, Quote, Side

RATE_RULES: Final = (rules.is_rate_of_day, rules.customer_rate)  # what a conversion cites
Find = Callable[[QuoteKey], Quote | None]  # how market rates are found: facts, or a reader


def basis_of(currency: str, account_currency: str, agreed: Decimal | None) -> Basis:
    """Where the rate comes from: the law's parity whatever was agreed, else what was agreed, else the
    market."""
    if rules.has_parity(currency, account_currency):
        return Basis.PARITY
    return Basis.MARKET if agreed is None else Basis.AGREED


def quote_keys(
    currency: str, account_currency: str, at: datetime, terms: ExchangeTerms, zone: ZoneInfo
) -> tuple[QuoteKey, ...]:
    """The facts that a conversion at the market's rate needs: the pair, and both through the pivot."""
    if currency not in CURRENCIES or account_currency not in CURRENCIES:
        return ()
    first_day = business_date(at, zone) - timedelta(days=terms.rates.estimate_days.value - 1)
    since, pivot = start_of_day(first_day, zone), terms.rates.pivot.value
    pairs = {
        rules.pair_of(one, other)
        for one, other in ((currency, account_currency), (currency, pivot), (account_currency, pivot))
        if one != other and not rules.has_parity(one, other)
    }
    return tuple((*pair, since, at) for pair in sorted(pairs))


def rate_needs(
    currency: str,
    account_currency: str,
    agreed: Decimal | None,
    at: datetime,
    terms: ExchangeTerms,
    zone: ZoneInfo,
) -> list[Need]:
    """The market rates that a conversion may use; none without conversion, or at a rate that stands."""
    if currency == account_currency or basis_of(currency, account_currency, agreed) is not Basis.MARKET:
        return []
    return [(QUOTE, key) for key in quote_keys(currency, account_currency, at, terms, zone)]


class Exchange:
    """Converts under one agreement at one instant, with the market rates that `find` knows."""

    __slots__ = ("_at", "_find", "_terms", "_zone")

    def __init__(self, find: Find, at: datetime, terms: ExchangeTerms, zone: ZoneInfo) -> None:
        self._find = find
        self._at = at
        self._terms = terms
        self._zone = zone

    def conversion(
        self,
        amount_minor: int,
        currency: str,
        account_currency: str,
        *,
        debit: bool,
        agreed: Decimal | None = None,
    ) -> Conversion | None:
        """The conversion of an amount of `currency`; None without a rate of the market.

        One whose market rate is not of the day is an `estimate`: nothing may be converted at it.
        converted_minor is 0 where the amount rounds to nothing, or is more than an account can hold.
        """
        side = rules.side_of(debit=debit)
        basis = basis_of(currency, account_currency, agreed)
        money, to = Money(amount_minor, CURRENCIES[currency]), CURRENCIES[account_currency]
        digits, margins = self._terms.rates.significant_digits.value, self._terms.margins
        if basis is Basis.PARITY:
            exact = rules.XPF_IN_EUR if currency == XPF.code else 1 / rules.XPF_IN_EUR
            rate, market = rules.rounded(exact, digits), None
            converted = _or_zero(lambda: convert_parity(money, to))
        elif agreed is not None:
            rate, market = agreed, None
            converted = _or_zero(lambda: convert(money, agreed, to))
        else:
            market = self._market(currency, account_currency, side)
            if market is None:
                return None
            rate = rules.customer_rate(market.rate, side, margins, digits)
            converted = _or_zero(lambda: convert(money, rate, to))
        made = Conversion(
            basis=basis,
            currency=currency,
            account_currency=account_currency,
            amount_minor=amount_minor,
            converted_minor=converted,
            rate=rate,
            side=side,
            converted_at=self._at,
            source=str(basis),
        )
        if market is None:
            return made
        of_day = all(rules.is_rate_of_day(q.at, self._at, self._zone) for q in market.quotes)
        return msgspec.structs.replace(
            made,
            market=market.rate,
            bank_margin_percent=margins.bank_percent.value,
            intermediaries_margin_percent=margins.intermediaries_percent.value,
            source=" + ".join(dict.fromkeys(q.source for q in market.quotes)),
            quotes=tuple(str(q) for q in market.quotes),
            quoted_at=rules.oldest(market.quotes),
            synthetic=any(q.synthetic for q in market.quotes),
            estimate=not of_day,
        )

    def _market(self, currency: str, account_currency: str, side: Side) -> rules.Market | None:
        """By the newest quotes of each pair: those of the day if they do, else whatever the span has."""
        keys = quote_keys(currency, account_currency, self._at, self._terms, self._zone)
        found = ((key, self._find(key)) for key in keys)
        known: Mapping[rules.Pair, Quote] = {(key[0], key[1]): q for key, q in found if q is not None}
        of_day = {pair: q for pair, q in known.items() if rules.is_rate_of_day(q.at, self._at, self._zone)}
        rates = self._terms.rates
        return rules.market_rate(currency, account_currency, side, of_day, rates) or rules.market_rate(
            currency, account_currency, side, known, rates
        )


def part_of(debit_minor: int, part_minor: int, whole_minor: int) -> int:
    """What a part of an amount that was converted was worth then: in proportion, half up."""
    return int(Fraction(debit_minor * part_minor, whole_minor) + Fraction(1, 2))


def _or_zero(make: Callable[[], Money]) -> int:
    try:
        return make().amount_minor
    except MoneyError:
        return 0
