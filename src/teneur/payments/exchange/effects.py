"""How market rates and foreign cash are stored."""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast

import msgspec
from psycopg import Connection

from teneur.kernel.commands import AccountId, Effect, book_of, number_of
from teneur.ledger.cache import BatchFacts
from teneur.ledger.errors import BrokenDecision
from teneur.ledger.registry import EffectKind, Placed
from teneur.payments.exchange.facts import FOREIGN_CASH, QUOTE, SQL, ForeignDeposit
from teneur.payments.exchange.rates import Quote
from teneur.payments.exchange.rules import pair_of


class RatesLoaded(Effect, frozen=True):
    """Market rates."""

    quotes: tuple[Quote, ...]


class ForeignCashWaits(Effect, frozen=True):
    """Foreign cash came after the hour; its id is the position of the row."""

    account: AccountId
    currency: str
    amount_minor: int
    processed_on: date


class ForeignCashConverted(Effect, frozen=True):
    """It was converted and credited by this row."""

    book: int
    deposit: int


def _apply_loaded(facts: BatchFacts, effect: RatesLoaded, _position: int) -> None:
    known = facts.table(QUOTE)
    for key in known:
        one, other, since, until = key
        for quote in effect.quotes:
            newest: Quote | None = known[key]
            if (
                pair_of(quote.base, quote.quote) == (one, other)
                and since <= quote.at <= until
                and (newest is None or newest.at <= quote.at)
            ):
                known[key] = quote


def _apply_waits(facts: BatchFacts, effect: ForeignCashWaits, position: int) -> None:
    facts.table(FOREIGN_CASH)[book_of(effect.account), position] = ForeignDeposit(
        account=effect.account,
        deposit=position,
        currency=effect.currency,
        amount_minor=effect.amount_minor,
        processed_on=effect.processed_on,
    )


def _apply_converted(facts: BatchFacts, effect: ForeignCashConverted, position: int) -> None:
    known = facts.table(FOREIGN_CASH)
    key = (effect.book, effect.deposit)
    if known.get(key) is not None:
        known[key] = msgspec.structs.replace(known[key], converted_by=position)


def _write_loaded(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    names = ("base", "quote", "at", "loaded_by", "buying", "selling", "source", "synthetic")
    rows: dict[str, list[Any]] = {name: [] for name in names}
    for _, position, effect in placed:
        for q in cast("RatesLoaded", effect).quotes:
            values = (q.base, q.quote, q.at, position, q.buying, q.selling, q.source, q.synthetic)
            for column, value in zip(rows.values(), values, strict=True):
                column.append(value)
    connection.execute(SQL["insert_rates"], rows)


def _write_waits(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    names = ("book", "account", "deposit", "currency", "amount_minor", "processed_on")
    rows: dict[str, list[Any]] = {name: [] for name in names}
    for book, position, effect in placed:
        waits = cast("ForeignCashWaits", effect)
        if book_of(waits.account) != book:
            raise BrokenDecision(f"cash for book {book_of(waits.account)} by a row of book {book}")
        values = (
            book, number_of(waits.account), position, waits.currency, waits.amount_minor, waits.processed_on,
        )  # fmt: skip
        for column, value in zip(rows.values(), values, strict=True):
            column.append(value)
    connection.execute(SQL["insert_foreign_cash"], rows)


def _write_converted(connection: Connection[Any], placed: Sequence[Placed]) -> None:
    for book, position, effect in placed:
        converted = cast("ForeignCashConverted", effect)
        parameters = {"book": book, "deposit": converted.deposit, "converted_by": position}
        if connection.execute(SQL["convert_foreign_cash"], parameters).rowcount != 1:
            raise BrokenDecision(f"cash of row {book}/{converted.deposit} is converted a second time")


EFFECTS = (
    EffectKind(RatesLoaded, _write_loaded, _apply_loaded),
    EffectKind(ForeignCashWaits, _write_waits, _apply_waits),
    EffectKind(ForeignCashConverted, _write_converted, _apply_converted),
)
