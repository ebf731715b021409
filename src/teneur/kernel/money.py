"""Money: an integer of minor units with its currency. No float ever enters; rounding happens once, half-up.

Sources: ISO 4217 (codes, numbers, decimals); fixed parity of the Pacific franc, 1,000 XPF = 8.38 EUR
(order of 31 December 1998, art. L712-1 CMF). Amounts stay within ±(2**53 − 1) minor units, so that every
reader of our JSON records keeps them exactly (RFC 8785 / I-JSON).
"""

import re
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import floor
from typing import Final

import msgspec

MAX_MINOR: Final = 2**53 - 1
_PLAIN = re.compile(r"(-?)(\d{1,18})(?:\.(\d{1,6}))?", re.ASCII)
_NARROW_SPACE: Final = "\u202f"  # between thousands
_NO_BREAK_SPACE: Final = "\u00a0"  # before the symbol
_MINUS: Final = "\u2212"


class MoneyError(ValueError):
    """An amount, a currency or a sum that cannot be; the message says which and what is allowed."""


class Currency(msgspec.Struct, frozen=True):
    """An ISO 4217 currency. numeric: three digits as text. decimals: digits of its minor unit."""

    code: str
    numeric: str
    decimals: int

    def __str__(self) -> str:
        return self.code


# code:numeric:decimals of the currencies that a French or Pacific bank meets (ISO 4217 list one).
_TABLE: Final = """
AED:784:2 ALL:008:2 ARS:032:2 AUD:036:2 BGN:975:2 BHD:048:3 BRL:986:2 CAD:124:2 CHF:756:2 CLP:152:0 CNY:156:2
COP:170:2 CZK:203:2 DKK:208:2 DZD:012:2 EGP:818:2 EUR:978:2 FJD:242:2 GBP:826:2 GIP:292:2 GNF:324:0 HKD:344:2
HUF:348:2 IDR:360:2 ILS:376:2 INR:356:2 ISK:352:0 JOD:400:3 JPY:392:0 KES:404:2 KMF:174:0 KRW:410:0 KWD:414:3
LBP:422:2 MAD:504:2 MDL:498:2 MGA:969:2 MKD:807:2 MUR:480:2 MXN:484:2 MYR:458:2 NGN:566:2 NOK:578:2 NZD:554:2
OMR:512:3 PEN:604:2 PGK:598:2 PHP:608:2 PLN:985:2 QAR:634:2 RON:946:2 RSD:941:2 RUB:643:2 SAR:682:2 SBD:090:2
SCR:690:2 SEK:752:2 SGD:702:2 THB:764:2 TND:788:3 TOP:776:2 TRY:949:2 TWD:901:2 UAH:980:2 USD:840:2 VND:704:0
VUV:548:0 WST:882:2 XAF:950:0 XOF:952:0 XPF:953:0 ZAR:710:2
"""
CURRENCIES: Final[dict[str, Currency]] = {
    code: Currency(code, numeric, int(decimals))
    for code, numeric, decimals in (item.split(":") for item in _TABLE.split())
}
EUR: Final = CURRENCIES["EUR"]
XPF: Final = CURRENCIES["XPF"]
_XPF_IN_EUR: Final = Fraction(838, 100_000)  # 8.38 EUR for 1,000 XPF, exactly

_SYMBOLS: Final = {"EUR": "€", "USD": "$", "GBP": "£"}  # any other currency shows its code


def currency(code: str) -> Currency:
    """The currency of an ISO 4217 code, in capitals; MoneyError if this bank's table does not hold it."""
    found = CURRENCIES.get(code)
    if found is None:
        raise MoneyError(f"unknown currency {code!r}: expected an ISO 4217 code such as EUR or XPF")
    return found


class Language(StrEnum):
    """Languages in which the bank writes to people."""

    FRENCH = "fr"
    ENGLISH = "en"


class Money(msgspec.Struct, frozen=True):
    """An amount. amount_minor: cents of EUR, whole francs of XPF; negative for what is owed."""

    amount_minor: int
    currency: Currency

    def __post_init__(self) -> None:
        if type(self.amount_minor) is not int:
            raise MoneyError(
                f"an amount is a whole number of minor units, not {type(self.amount_minor).__name__}"
            )
        if not -MAX_MINOR <= self.amount_minor <= MAX_MINOR:
            raise MoneyError(f"the amount {self.amount_minor} is beyond ±{MAX_MINOR} minor units")

    def __add__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.amount_minor + other.amount_minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.amount_minor - other.amount_minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount_minor, self.currency)

    def __lt__(self, other: "Money") -> bool:
        self._same(other)
        return self.amount_minor < other.amount_minor

    def __le__(self, other: "Money") -> bool:
        self._same(other)
        return self.amount_minor <= other.amount_minor

    def __str__(self) -> str:
        return f"{plain(self)} {self.currency.code}"

    def _same(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise MoneyError(f"{self} and {other} are in two currencies: convert one of them first")


def parse(text: str, of: Currency, *, signed: bool = False) -> Money:
    """The amount written in machine form ("1234.56"), as in ISO 20022 files and our own JSON.

    Refuses (MoneyError): anything but ASCII digits with at most the currency's decimals (exponents, spaces,
    NaN), an amount beyond 2**53 − 1 minor units, and a minus sign unless `signed`. Trailing zeros beyond the
    decimals are refused too: "100.00" is not an amount of Pacific francs.
    """
    match = _PLAIN.fullmatch(text)
    if match is None:
        raise MoneyError(f"{text[:40]!r} is not an amount: expected digits such as 1234 or 1234.56")
    sign, whole, fraction = match[1], match[2], match[3] or ""
    if sign and not signed:
        raise MoneyError(f"{text!r}: a negative amount is not allowed here")
    if len(fraction) > of.decimals:
        raise MoneyError(f"{text!r}: {of.code} has {of.decimals} decimals, not {len(fraction)}")
    minor = int(whole + fraction.ljust(of.decimals, "0"))
    return Money(-minor if sign else minor, of)


def plain(money: Money) -> str:
    """The machine form: "1234.56" (EUR), "1234" (XPF), "-0.05". `parse(..., signed=True)` reads it back."""
    decimals = money.currency.decimals
    sign = "-" if money.amount_minor < 0 else ""
    digits = str(abs(money.amount_minor)).rjust(decimals + 1, "0")
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}" if decimals else sign + digits


def display(money: Money, language: Language = Language.FRENCH) -> str:
    """The amount as people read it: "−1 234,56 €" and "1 234 F CFP" in French, "−€1,234.56" in English.

    French: narrow no-break space between thousands, comma, no-break space before the symbol, true minus sign.
    """
    sign = _MINUS if money.amount_minor < 0 else ""
    whole, _, fraction = plain(money).lstrip("-").partition(".")
    code = money.currency.code
    if language is Language.ENGLISH:
        number = f"{int(whole):,}" + (f".{fraction}" if fraction else "")
        symbol = _SYMBOLS.get(code)
        return f"{sign}{symbol}{number}" if symbol else f"{sign}{code}{_NO_BREAK_SPACE}{number}"
    number = f"{int(whole):,}".replace(",", _NARROW_SPACE) + (f",{fraction}" if fraction else "")
    symbol = f"F{_NO_BREAK_SPACE}CFP" if code == "XPF" else _SYMBOLS.get(code, code)
    return f"{sign}{number}{_NO_BREAK_SPACE}{symbol}"


def round_half_up(amount: Fraction | Decimal) -> int:
    """The nearest whole number; a half goes away from zero (so a debit rounds as the like credit does)."""
    exact = Fraction(amount)
    nearest = floor(abs(exact) + Fraction(1, 2))
    return -nearest if exact < 0 else nearest


def convert_parity(money: Money, to: Currency) -> Money:
    """EUR into XPF or XPF into EUR at the fixed parity: exact, then rounded once, half-up."""
    if money.currency == to:
        return money
    if {money.currency, to} != {EUR, XPF}:
        raise MoneyError(f"there is no fixed parity between {money.currency} and {to}: give a rate")
    rate = _XPF_IN_EUR if to == EUR else 1 / _XPF_IN_EUR
    return _converted(money, rate, to)


def has_parity(code: str, other: str) -> bool:
    """Whether amounts of two currencies stand for each other: the same one, or EUR and XPF."""
    return code == other or {code, other} == {EUR.code, XPF.code}


def parity_down(amount_minor: int, code: str, to: str) -> int:
    """What a price of one currency is in the other at the fixed parity, rounded down: to the payer's benefit.
    Raises MoneyError without a parity."""
    if code == to:
        return amount_minor
    if not has_parity(code, to):
        raise MoneyError(f"there is no fixed parity between {code} and {to}: give a rate")
    cents_of_franc = _XPF_IN_EUR * 100
    return floor(amount_minor * (cents_of_franc if code == XPF.code else 1 / cents_of_franc))


def parity_up(amount_minor: int, code: str, to: str) -> int:
    """The same, rounded up: what was paid already, what must not be exceeded."""
    return -parity_down(-amount_minor, code, to)


def convert(money: Money, rate: Decimal, to: Currency) -> Money:
    """`rate` units of `to` for one unit of the money's currency: exact, then rounded once, half-up."""
    if type(rate) is not Decimal or not rate.is_finite() or rate <= 0:
        raise MoneyError(f"a rate is a positive Decimal, not {rate!r}")
    return _converted(money, Fraction(rate), to)


def _converted(money: Money, rate: Fraction, to: Currency) -> Money:
    scale = Fraction(10) ** (to.decimals - money.currency.decimals)
    return Money(round_half_up(money.amount_minor * rate * scale), to)
