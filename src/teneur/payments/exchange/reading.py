"""Rates as readers see them: what a conversion would give, and the history of a pair."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from psycopg import Connection

from teneur.agreements.terms.exchange import ExchangeTerms
from teneur.payments.exchange.converting import Exchange
from teneur.payments.exchange.facts import SQL, load_quotes, quote_from_row
from teneur.payments.exchange.rates import Quote


def exchange_at(connection: Connection[Any], at: datetime, terms: ExchangeTerms, zone: ZoneInfo) -> Exchange:
    """Conversions as they would be at an instant, by the market rates that are loaded."""
    return Exchange(lambda key: load_quotes(connection, [key]).get(key), at, terms, zone)


def history(connection: Connection[Any], one: str, other: str, limit: int) -> list[Quote]:
    """The market rates of a pair, the latest first."""
    rows = connection.execute(SQL["rates_of_pair"], {"one": one, "other": other, "limit": limit})
    return [quote_from_row(row) for row in rows]
