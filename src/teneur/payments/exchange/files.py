"""Files of market rates: our own CSV, and the daily reference rates of the European Central Bank.

The ECB publishes `eurofxref.csv` (one line: the day, then a rate for each currency) and, in the same form,
`eurofxref-hist.csv` (a line for each day): units of a currency for one euro, one rate for both sides, at
about 16:00 in Frankfurt on days when TARGET is open. Such a rate stands from then on, not before.
"""

import csv
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Final
from zoneinfo import ZoneInfo

from teneur.kernel.clock import local_instant
from teneur.kernel.money import CURRENCIES
from teneur.payments.exchange.rates import Quote

ECB_SOURCE: Final = "ECB euro foreign exchange reference rates"
ECB_ZONE: Final = ZoneInfo("Europe/Berlin")
ECB_TIME: Final = time(16)
_ECB_DAYS: Final = ("%d %B %Y", "%Y-%m-%d", "%d.%m.%Y")
_COLUMNS: Final = ("base", "quote", "buying", "selling", "at")
_NO_RATE: Final = frozenset({"", "N/A"})


class RateFileError(ValueError):
    """A file of rates that cannot be read; the message says where and what is expected."""


def read_rates(lines: Iterable[str], source: str, *, synthetic: bool = False) -> tuple[Quote, ...]:
    """Our CSV: the header `base,quote,buying,selling,at`, then one pair a line; `at` with its offset.

    Raises RateFileError.
    """
    rows = csv.reader(lines)
    header = tuple(cell.strip() for cell in next(rows, []))
    if header != _COLUMNS:
        raise RateFileError(f"line 1: expected {','.join(_COLUMNS)}")
    quotes = []
    for number, row in enumerate(rows, 2):
        cells = [cell.strip() for cell in row]
        if len(cells) != len(_COLUMNS):
            raise RateFileError(f"line {number}: expected {len(_COLUMNS)} columns, found {len(cells)}")
        base, quote, buying, selling, at = cells
        quotes.append(
            Quote(
                base=base,
                quote=quote,
                buying=_rate(buying, number),
                selling=_rate(selling, number),
                at=_instant(at, number),
                source=source,
                synthetic=synthetic,
            )
        )
    return tuple(quotes)


def read_ecb(lines: Iterable[str], *, since: date | None = None) -> tuple[Quote, ...]:
    """The ECB's file of a day or of many; of many, the days from `since` on. Currencies that this program
    does not know are left out, and those that had no rate that day. Raises RateFileError.
    """
    rows = csv.reader(lines)
    header = [cell.strip() for cell in next(rows, [])]
    if not header or header[0] != "Date":
        raise RateFileError("line 1: expected Date, USD, JPY, …, as the European Central Bank writes it")
    quotes = []
    for number, row in enumerate(rows, 2):
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        day = _day(cells[0], number)
        if since is not None and day < since:
            continue
        at = local_instant(day, ECB_TIME, ECB_ZONE)
        for code, cell in zip(header[1:], cells[1:], strict=False):
            if code in CURRENCIES and cell not in _NO_RATE:
                rate = _rate(cell, number)
                quotes.append(
                    Quote(base="EUR", quote=code, buying=rate, selling=rate, at=at, source=ECB_SOURCE)
                )
    return tuple(quotes)


def _rate(text: str, number: int) -> Decimal:
    try:
        found = Decimal(text)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise RateFileError(f"line {number}: {text!r} is not a rate: expected 1.0823")
    return found


def _instant(text: str, number: int) -> datetime:
    found: datetime | None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise RateFileError(f"line {number}: {text!r} is no instant: expected 2026-05-05T09:00:00+02:00")
    return found.astimezone(UTC)


def _day(text: str, number: int) -> date:
    for form in _ECB_DAYS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 (a date, no instant)
        except ValueError:
            continue
    raise RateFileError(f"line {number}: {text!r} is no day: expected 5 May 2026")
