"""Market rates as the bank loads them, and a conversion as it is kept with the operation."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

import msgspec


class Side(StrEnum):
    """Which side of the market the bank stands on, seen from the other currency. Kept: never rename."""

    BUYING = "buying"  # the customer is credited for it
    SELLING = "selling"  # the customer pays for it


class Basis(StrEnum):
    """Where the rate of a conversion comes from. Kept: never rename."""

    MARKET = "market"
    AGREED = "agreed"  # by an adviser or the back office with the customer
    PARITY = "parity"  # fixed by law


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """Market rates of a pair at an instant: units of `quote` for one unit of `base`.

    buying: at which the market buys the base; selling: at which it sells it. synthetic: made up, no real
    figure.
    """

    base: str
    quote: str
    buying: Decimal
    selling: Decimal
    at: datetime
    source: str
    synthetic: bool = False

    def __str__(self) -> str:
        rates = f"{self.buying}" if self.buying == self.selling else f"{self.buying}-{self.selling}"
        return f"{self.base}/{self.quote} {rates}"


class Conversion(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One conversion, kept under `exchange` in the record's detail of the operation. Never rename a field.

    amount_minor: in `currency`, the other one; converted_minor: in account_currency, that of the account.
    rate: what the customer has, units of account_currency for one unit of currency; of the parity, rounded.
    side, market: side and rate of the market before margins (percent). quotes: market rates used, as loaded;
    quoted_at: when the older of them stood; source: whose they are. converted_at: when the rate was taken.
    estimate: nothing is converted yet: the order will be, at the rate of its own day.
    """

    basis: Basis
    currency: str
    account_currency: str
    amount_minor: int
    converted_minor: int
    rate: Decimal
    side: Side
    converted_at: datetime
    market: Decimal | None = None
    bank_margin_percent: Decimal | None = None
    intermediaries_margin_percent: Decimal | None = None
    source: str = ""
    quotes: tuple[str, ...] = ()
    quoted_at: datetime | None = None
    synthetic: bool = False
    estimate: bool = False
