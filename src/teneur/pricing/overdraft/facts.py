"""Facts about overdrafts: every authorisation of an account, past and to come."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import IntEnum
from typing import Any

import msgspec
from psycopg import Connection

from teneur.kernel.commands import AccountId, FactKind, account_id, book_of, number_of
from teneur.storage.sql import load

SQL = load("teneur.pricing.overdraft")
PAY_INSTALMENT = "pay-instalment"  # a duty of the customer; it is about the last day of its step


class AuthorisationKind(IntEnum):
    """What an authorisation is. Stored: never renumber."""

    OPEN_ENDED = 1
    ONE_OFF = 2  # negotiated, with an end date
    INSTALMENTS = 3  # a step of the plan by which an excess is repaid after the bank reduced or ended another


class IndexedRate(msgspec.Struct, frozen=True):
    """A reference rate plus points: margin_percent in percent a year, may be negative."""

    index: str
    margin_percent: Decimal


Rate = Decimal | IndexedRate | None  # percent a year; None: the overdraft rate of the tariff


class Authorisation(msgspec.Struct, frozen=True, kw_only=True):
    """One limit over a span of days.

    id: position of the journal row that made it; line: which of its spans. limit_minor: > 0, how deep the
    balance may go. starts_on: first day; ends_on: last day, None if open-ended; one before starts_on if it
    was ended on its first day. document: where it was agreed. ended_by: why it ends, where not agreed from
    the start.
    """

    account: AccountId
    id: int
    limit_minor: int
    kind: AuthorisationKind
    starts_on: date
    ends_on: date | None
    rate: Rate = None
    line: int = 0
    document: str = ""
    ended_by: str = ""

    def is_in_force(self, day: date) -> bool:
        """Whether it holds on that day."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


def in_force(history: Iterable[Authorisation], day: date) -> Authorisation | None:
    """The authorisation that holds on a day: at most one does."""
    return max((a for a in history if a.is_in_force(day)), key=lambda a: (a.id, a.line), default=None)


def limit_on(history: Iterable[Authorisation], day: date) -> int:
    """How deep the balance may go on a day, in minor units; 0 without an authorisation."""
    found = in_force(history, day)
    return 0 if found is None else found.limit_minor


def overlaps(authorisation: Authorisation, starts_on: date, ends_on: date | None) -> bool:
    """Whether an authorisation holds on any day of a span (ends_on: last day, None if open)."""
    last = authorisation.ends_on or date.max
    return (
        authorisation.starts_on <= last
        and starts_on <= last
        and authorisation.starts_on <= (ends_on or date.max)
    )


def load_authorisations(
    connection: Connection[Any], accounts: Sequence[AccountId]
) -> Mapping[AccountId, tuple[Authorisation, ...]]:
    """Every authorisation of these accounts, past and to come, oldest first; an empty tuple where none is."""
    found: dict[AccountId, list[Authorisation]] = {account: [] for account in accounts}
    for book in sorted({book_of(a) for a in accounts}):
        numbers = [number_of(a) for a in accounts if book_of(a) == book]
        for row in connection.execute(SQL["authorisations"], {"book": book, "accounts": numbers}):
            authorisation = authorisation_from_row(book, row)
            found[authorisation.account].append(authorisation)
    return {account: tuple(history) for account, history in found.items()}


def authorisation_from_row(book: int, row: Sequence[Any]) -> Authorisation:
    """An authorisation from the columns of the query `authorisations`."""
    (number, id_, line, kind, limit, starts_on, ends_on, percent, index, document, ended_by) = row
    rate: Rate = IndexedRate(index, percent) if index else percent
    return Authorisation(
        account=account_id(book, number),
        id=id_,
        line=line,
        kind=AuthorisationKind(kind),
        limit_minor=limit,
        starts_on=starts_on,
        ends_on=ends_on,
        rate=rate,
        document=document,
        ended_by=ended_by,
    )


# what is watched: stretches in debit or excess, tolerances, claims, over-indebtedness


class EpisodeKind(IntEnum):
    """What lasts. Stored: never renumber."""

    DEBIT = 1
    EXCESS = 2


class Stage(IntEnum):
    """What has been done about an episode. Stored: never renumber."""

    FOUND = 0
    TOLD = 1  # in debit: an incident was opened; in excess: the letter
    SIGNIFICANT = 2
    OFFERED = 3  # another kind of credit


class Episode(msgspec.Struct, frozen=True, kw_only=True):
    """An unbroken stretch of days that lasts."""

    id: int
    kind: EpisodeKind
    began_on: date
    stage: Stage


class ClaimStatus(IntEnum):
    """Life of a claim. Stored: never renumber."""

    DEMANDED = 1
    TO_DECLARE = 2  # to the FICP
    REPAID = 3


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """A debit balance that was demanded and is open."""

    id: int
    status: ClaimStatus
    amount_minor: int
    demanded_on: date
    debtors: tuple[int, ...]


class Indebtedness(msgspec.Struct, frozen=True, kw_only=True):
    """An admissible file of over-indebtedness that awaits the commission's measures."""

    id: int
    reference: str
    decided_on: date
    isolated_minor: int
    technical_account: AccountId | None
    creditors: tuple[str, ...]


class Watch(msgspec.Struct, frozen=True):
    """What is going on with an account."""

    episodes: tuple[Episode, ...] = ()
    claims: tuple[Claim, ...] = ()
    indebtedness: Indebtedness | None = None

    def running(self, kind: EpisodeKind) -> Episode | None:
        """The episode of a kind that lasts."""
        return next((e for e in self.episodes if e.kind is kind), None)


def load_watches(connection: Connection[Any], accounts: Sequence[AccountId]) -> Mapping[AccountId, Watch]:
    """What is going on with these accounts; an empty watch where nothing is."""
    found = dict.fromkeys(accounts, Watch())
    for book in sorted({book_of(a) for a in accounts}):
        parameters = {"book": book, "accounts": [number_of(a) for a in accounts if book_of(a) == book]}
        for number, id_, kind, began, stage in connection.execute(SQL["episodes"], parameters):
            account, episode = (
                account_id(book, number),
                Episode(id=id_, kind=EpisodeKind(kind), began_on=began, stage=Stage(stage)),
            )
            found[account] = msgspec.structs.replace(
                found[account], episodes=(*found[account].episodes, episode)
            )
        for number, id_, status, amount, day, debtors in connection.execute(SQL["claims"], parameters):
            account, claim = (
                account_id(book, number),
                Claim(
                    id=id_,
                    status=ClaimStatus(status),
                    amount_minor=amount,
                    demanded_on=day,
                    debtors=tuple(debtors),
                ),
            )
            found[account] = msgspec.structs.replace(found[account], claims=(*found[account].claims, claim))
        for number, *rest in connection.execute(SQL["indebtedness"], parameters):
            account = account_id(book, number)
            found[account] = msgspec.structs.replace(found[account], indebtedness=_indebtedness(book, rest))
    return found


def _indebtedness(book: int, row: Sequence[Any]) -> Indebtedness:
    id_, reference, decided_on, isolated, technical, creditors = row
    return Indebtedness(
        id=id_,
        reference=reference,
        decided_on=decided_on,
        isolated_minor=isolated,
        technical_account=None if technical is None else account_id(book, technical),
        creditors=tuple(creditors),
    )


def load_day_balances(
    connection: Connection[Any], keys: Sequence[tuple[AccountId, date]]
) -> Mapping[tuple[AccountId, date], int]:
    """The booked balance of accounts at the end of days: that after the last posting booked by then."""
    found: dict[tuple[AccountId, date], int] = {}
    for book in sorted({book_of(a) for a, _ in keys}):
        mine = [(number_of(a), day) for a, day in keys if book_of(a) == book]
        parameters = {"book": book, "accounts": [a for a, _ in mine], "days": [day for _, day in mine]}
        for number, day, balance in connection.execute(SQL["day_balances"], parameters):
            found[account_id(book, number), day] = balance
    return found


AUTHORISATIONS = FactKind("overdraft authorisations", load_authorisations)
WATCH = FactKind("overdraft watch", load_watches)
DAY_BALANCE = FactKind("booked balance at the end of a day", load_day_balances)
