"""The yearly summary of fees: what was taken in a calendar year, by kind of service, with their numbers."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Final

import msgspec
from psycopg import Connection

from teneur.agreements.agreement import Agreement
from teneur.documents.identity import BankIdentity
from teneur.kernel.canonical import canonical
from teneur.kernel.commands import book_of, number_of
from teneur.ledger.account import Account
from teneur.ledger.chart import Role, own_account
from teneur.pricing.fees.facts import SQL
from teneur.pricing.fees.rules import summary as rules
from teneur.pricing.statements.statement import StatementAccount

FORMAT: Final = "teneur.fee-summary/1"  # of the canonical record
INTEREST, OTHER = "overdraft-interest", "other"


class Taken(msgspec.Struct, frozen=True):
    """One entry between an account and the bank's income. amount_minor: below zero where it came back.

    event: of the tariff; INTEREST for interest; OTHER for what no fee stands behind.
    """

    event: str
    amount_minor: int


class EventTotal(msgspec.Struct, frozen=True):
    """What one event cost. count: how many times it was taken."""

    event: str
    count: int
    total_minor: int


class ServiceTotal(msgspec.Struct, frozen=True):
    """What one kind of service cost, with what it is made of."""

    service: str
    count: int
    total_minor: int
    events: tuple[EventTotal, ...]


class FeeSummary(msgspec.Struct, frozen=True, kw_only=True):
    """The summary as it is kept. Amounts in minor units of the account's currency."""

    bank: BankIdentity
    account: StatementAccount
    year: int
    first_day: date
    last_day: date
    zone: str
    issued_at: datetime
    services: tuple[ServiceTotal, ...]
    total_minor: int
    agreement: str
    citations: tuple[str, ...]
    journal_position: int
    format: str = FORMAT


def taken_in_year(connection: Connection[Any], account: Account, year: int, position: int) -> list[Taken]:
    """Every entry of a year between an account and the bank's income, as the journal stood at a position."""
    covered = rules.year_summed_up(year)
    book = book_of(account.id)
    interest = own_account(book, Role.INTEREST_INCOME, account.currency)
    fees = own_account(book, Role.FEE_INCOME, account.currency)
    key = {"book": book, "account": number_of(account.id)}
    parameters = {
        **key,
        "income": [number_of(interest), number_of(fees)],
        "first_day": covered.first_day,
        "last_day": covered.last_day,
        "position": position,
    }
    rows = connection.execute(SQL["charges_of_year"], parameters).fetchall()
    operations = [operation for operation, _, _ in rows]
    events = dict(connection.execute(SQL["of_operations"], {**key, "operations": operations}).fetchall())
    return [
        Taken(INTEREST if own == number_of(interest) else events.get(operation, OTHER), amount)
        for operation, own, amount in rows
    ]


def totals(taken: Iterable[Taken], services: Mapping[str, str]) -> tuple[ServiceTotal, ...]:
    """Sub-totals and numbers by kind of service, in order. services: event -> kind of service.

    What came back lessens the total, not the number of times it was taken.
    """
    found: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for one in taken:
        service = one.event if one.event == INTEREST else services.get(one.event, OTHER)
        counted = found[service][one.event]
        counted[0] += one.amount_minor > 0
        counted[1] += one.amount_minor
    return tuple(
        ServiceTotal(
            service,
            sum(count for count, _ in events.values()),
            sum(total for _, total in events.values()),
            tuple(EventTotal(event, *counted) for event, counted in sorted(events.items())),
        )
        for service, events in sorted(found.items())
    )


def build_summary(
    taken: Iterable[Taken],
    year: int,
    account: StatementAccount,
    *,
    bank: BankIdentity,
    agreement: Agreement,
    issued_at: datetime,
    position: int,
) -> FeeSummary:
    """The summary of a year. A year in which nothing was taken has one too, of nothing."""
    covered = rules.year_summed_up(year)
    services = {event: str(p.value.service) for event, p in agreement.tariff.events.items()}
    found = totals(taken, services)
    return FeeSummary(
        bank=bank,
        account=account,
        year=year,
        first_day=covered.first_day,
        last_day=covered.last_day,
        zone=agreement.zone,
        issued_at=issued_at,
        services=found,
        total_minor=sum(one.total_minor for one in found),
        agreement=agreement.id,
        citations=agreement.cite(rules.year_summed_up),
        journal_position=position,
    )


def summary_json(summary: FeeSummary) -> bytes:
    """Its canonical JSON (RFC 8785)."""
    return canonical(summary)


def summary_hash(summary: FeeSummary) -> str:
    """SHA-256 of the canonical JSON, 64 hexadecimal digits."""
    return sha256(summary_json(summary)).hexdigest()
