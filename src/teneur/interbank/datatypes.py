"""The simple contents of ISO 20022 elements: text of the file to value, and value to text. Money is never a
float.

Sources: ISO 20022 data types; XML Schema part 2 for lexical forms (dates, decimals and booleans may stand
between white space, texts keep theirs); ISO 4217 through kernel.money; ISO 17442 (LEI), ISO 9362 (BIC), ISO
13616 (IBAN: its form only, the check digits are a usage rule).
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from teneur.kernel.money import CURRENCIES, MAX_MINOR, Currency, Money, plain


class BadValueError(Exception):
    """The content does not fit its type: the code of the fault and the words that it needs."""

    def __init__(self, code: str, *words: object) -> None:
        super().__init__(code)
        self.code = code
        self.words = words


class DataType(NamedTuple):
    """How a content is read (BadValueError if it does not fit) and written."""

    read: Callable[[str], Any]
    write: Callable[[Any], str]


_WHITE = " \t\r\n"
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def _text(most: int) -> DataType:
    def read(text: str) -> str:
        if not text or text.isspace():
            raise BadValueError("text-empty")
        if len(text) > most:
            raise BadValueError("text-too-long", most)
        return text

    def write(value: str) -> str:
        if _NOT_XML.search(value):
            raise BadValueError("text-not-admitted")
        return read(value)

    return DataType(read, write)


def _pattern(code: str, pattern: str) -> DataType:
    fits = re.compile(pattern, re.ASCII).fullmatch

    def read(text: str) -> str:
        if fits(text) is None:
            raise BadValueError(code)
        return text

    return DataType(read, read)


def _code(*codes: str) -> DataType:
    known = frozenset(codes)

    def read(text: str) -> str:
        if text not in known:
            raise BadValueError("code-unknown", text[:10])
        return text

    return DataType(read, read)


_DATE = re.compile(r"(\d{4}-\d\d-\d\d)(?:Z|[+-]\d\d:\d\d)?", re.ASCII)
_DATE_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)?", re.ASCII)


@lru_cache(maxsize=4096)
def read_date(text: str) -> date:
    """A day. An offset after it (allowed by XML Schema) is ignored: it does not move the day."""
    match = _DATE.fullmatch(text.strip(_WHITE))
    if match is None:
        raise BadValueError("date-invalid")
    try:
        return date.fromisoformat(match[1])
    except ValueError:
        raise BadValueError("date-invalid") from None


def read_date_time(text: str) -> datetime:
    """A moment, to the microsecond; naive if the file gives no offset."""
    match = _DATE_TIME.fullmatch(text.strip(_WHITE))
    if match is None:
        raise BadValueError("time-invalid")
    fraction = (match[2] or "")[:7]
    try:
        return datetime.fromisoformat(match[1] + fraction + (match[3] or ""))
    except ValueError:
        raise BadValueError("time-invalid") from None


def write_date_time(value: datetime) -> str:
    """To the second, or to the millisecond where there is one; always with its offset, Z for UTC."""
    if value.tzinfo is None:
        raise BadValueError("time-invalid")
    text = value.isoformat(timespec="milliseconds" if value.microsecond else "seconds")
    return text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") else text


_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


def _read_boolean(text: str) -> bool:
    value = _BOOLEANS.get(text.strip(_WHITE))
    if value is None:
        raise BadValueError("boolean-invalid")
    return value


_DECIMAL = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII)


def _decimal(digits: int, fraction: int) -> DataType:
    def read(text: str) -> Decimal:
        text = text.strip(_WHITE)
        if len(text) > 64 or _DECIMAL.fullmatch(text) is None:
            raise BadValueError("number-invalid")
        whole, _, part = text.lstrip("+-").partition(".")
        part = part.rstrip("0")
        if len(part) > fraction or len(whole.lstrip("0")) + len(part) > digits:
            raise BadValueError("number-invalid")
        return Decimal(text)

    def write(value: Decimal) -> str:
        text = f"{value:f}"
        read(text)
        return text

    return DataType(read, write)


_AMOUNT = re.compile(r"\+?(\d*)(?:\.(\d*))?", re.ASCII)


def read_amount(text: str, code: str | None) -> Money:
    """The amount and its currency attribute: at most 18 digits, 5 of them decimals (the standard).

    Beyond the decimals of the currency only zeros are allowed: "100.00" XPF is 100 francs, as writers that
    know only two decimals say it, and "100.50" XPF is a fault.
    """
    currency = CURRENCIES.get(code or "")
    if currency is None:
        raise BadValueError("currency-unknown")
    match = _AMOUNT.fullmatch(text.strip(_WHITE))
    if match is None:
        raise BadValueError("amount-invalid")
    whole, fraction = match[1].lstrip("0"), (match[2] or "").rstrip("0")
    if not (match[1] or match[2]) or len(fraction) > 5 or len(whole) + len(fraction) > 18:
        raise BadValueError("amount-invalid")
    if len(fraction) > currency.decimals:
        raise BadValueError("amount-decimals", currency.code, currency.decimals)
    minor = int((whole + fraction.ljust(currency.decimals, "0")) or "0")
    if minor > MAX_MINOR:
        raise BadValueError("amount-too-large")
    return Money(minor, currency)


def write_amount(value: Money) -> tuple[str, str]:
    """The text and the currency attribute. The side stands beside an amount: it is never negative."""
    if value.amount_minor < 0:
        raise BadValueError("amount-invalid")
    return plain(value), value.currency.code


def _read_currency(text: str) -> Currency:
    currency = CURRENCIES.get(text)
    if currency is None:
        raise BadValueError("currency-unknown")
    return currency


def _digits(most: int) -> DataType:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) <= most):
            raise BadValueError("number-invalid")
        return int(text)

    def write(value: int) -> str:
        text = str(value)
        read(text)
        return text

    return DataType(read, write)


TYPES: dict[str, DataType] = {
    **{f"T{most}": _text(most) for most in (3, 4, 5, 10, 16, 34, 35, 70, 105, 128, 140, 350, 500, 2048)},
    "Exact4": _pattern("text-too-long", r"[a-zA-Z0-9]{4}"),
    "Iban": _pattern("iban-invalid", r"[A-Z]{2}[0-9]{2}[a-zA-Z0-9]{1,30}"),
    "Bic": _pattern("bic-invalid", r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?"),
    "Lei": _pattern("lei-invalid", r"[A-Z0-9]{18}[0-9]{2}"),
    "Uetr": _pattern("uetr-invalid", r"[a-f0-9]{8}-[a-f0-9]{4}-4[a-f0-9]{3}-[89ab][a-f0-9]{3}-[a-f0-9]{12}"),
    "Country": _pattern("country-invalid", r"[A-Z]{2}"),
    "CurrencyCode": DataType(_read_currency, lambda value: value.code),
    "Date": DataType(read_date, lambda value: value.isoformat()),
    "DateTime": DataType(read_date_time, write_date_time),
    "Boolean": DataType(_read_boolean, lambda value: "true" if value else "false"),
    "Decimal": _decimal(18, 17),
    "Rate": _decimal(11, 10),
    "Digits5": _digits(5),
    "Digits15": _digits(15),
    "Digits18": _digits(18),
    "AddressTypeCode": _code("ADDR", "PBOX", "HOME", "BIZZ", "MLTO", "DLVY"),
    "Priority": _code("HIGH", "NORM"),
    "SettlementPriority": _code("URGT", "HIGH", "NORM"),
    "ClearingChannel": _code("RTGS", "RTNS", "MPNS", "BOOK"),
    "ReferenceTypeCode": _code("RADM", "RPIN", "FXDR", "DISP", "PUOR", "SCOR"),
    "ChargeBearer": _code("DEBT", "CRED", "SHAR", "SLEV"),
    "PaymentMethod": _code("CHK", "TRF", "TRA"),
    "OriginalMethod": _code("CHK", "TRF", "DD", "TRA"),
    "SettlementMethod": _code("INDA", "INGA", "COVE", "CLRG"),
    "InstructionCode": _code("CHQB", "HOLD", "PHOB", "TELB"),
    "CancellationStatus": _code("RJCR", "ACCR", "PDCR"),
    "Side": _code("CRDT", "DBIT"),
    "CopyDuplicate": _code("CODU", "COPY", "DUPL"),
}
