"""Facts about amendments: what the bank plans, and how it stands with each account."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import IntEnum
from typing import Any

import msgspec
from psycopg import Connection

from teneur.kernel.commands import AccountId, FactKind, account_id, book_of, number_of
from teneur.ledger.account import LARGEST_POSITION
from teneur.storage.sql import load

SQL = load("teneur.accounts.amendments")


class AmendmentKind(IntEnum):
    """What is changed. Stored: never renumber."""

    AGREEMENT = 1
    TARIFF = 2


class CustomerAnswer(IntEnum):
    """What the customer says to it. Stored: never renumber."""

    NONE = 0
    REFUSED = 1  # without leaving
    LEAVES = 2  # terminates the agreement
    SERVICE_ENDED = 3  # terminates one service


class AmendmentStatus(IntEnum):
    """How it stands with an account. Stored: never renumber."""

    TOLD = 1
    ACCEPTED_TACITLY = 2
    BOUND = 3  # refused, or ended one service, without leaving: it applies all the same
    LEGAL = 4  # imposed by law: nobody was asked


class Amendment(msgspec.Struct, frozen=True, kw_only=True):
    """A change that the bank plans for a series of agreements.

    edition: id of the agreement, or first day of the edition of the tariff. applies_on: the earliest day for
    anybody. legal_reference: of the law that imposes it; empty: the bank's own choice.
    """

    id: int
    series: str
    kind: AmendmentKind
    edition: str
    applies_on: date
    legal_reference: str
    medium: str
    summary: str
    planned_at: datetime
    withdrawn: bool = False

    @property
    def is_legal(self) -> bool:
        """Whether a law imposes it."""
        return bool(self.legal_reference)

    @property
    def opened_before(self) -> date:
        """Accounts opened from that day on have it from the start."""
        first = date.fromisoformat(self.edition) if self.kind is AmendmentKind.TARIFF else self.applies_on
        return min(first, self.applies_on)


class AccountAmendment(msgspec.Struct, frozen=True, kw_only=True):
    """A change and one account.

    notice: position of the row by which the customer is told. sent_on: when the draft was sent, or from when
    on it is to be; reference: of a letter sent by other means, empty: a duty proves the sending. applies_on:
    for this customer. service: the one that was ended.
    """

    account: AccountId
    amendment: Amendment
    notice: int
    medium: str
    sent_on: date
    applies_on: date
    reference: str = ""
    answer: CustomerAnswer = CustomerAnswer.NONE
    answered_on: date | None = None
    service: str = ""
    status: AmendmentStatus = AmendmentStatus.TOLD
    settled_on: date | None = None

    @property
    def is_settled(self) -> bool:
        """Whether the change has reached the account."""
        return self.status is not AmendmentStatus.TOLD


def amendment_from_row(row: Sequence[Any]) -> Amendment:
    """A change from the columns of the queries."""
    id_, series, kind, edition, applies_on, legal, medium, summary, planned_at, withdrawn_by = row
    return Amendment(
        id=id_,
        series=series,
        kind=AmendmentKind(kind),
        edition=edition,
        applies_on=applies_on,
        legal_reference=legal,
        medium=medium,
        summary=summary,
        planned_at=planned_at,
        withdrawn=withdrawn_by is not None,
    )


def load_amendments(connection: Connection[Any], ids: Sequence[int]) -> Mapping[int, Amendment]:
    """Changes by id."""
    wanted = [i for i in ids if 0 < i <= LARGEST_POSITION]
    rows = connection.execute(SQL["amendments"], {"amendments": wanted})
    return {found.id: found for found in map(amendment_from_row, rows)}


def load_planned(connection: Connection[Any], series: Sequence[str]) -> Mapping[str, tuple[Amendment, ...]]:
    """Every change of a series, in order; an empty tuple where there is none."""
    found: dict[str, tuple[Amendment, ...]] = dict.fromkeys(series, ())
    for row in connection.execute(SQL["amendments_of_series"], {"series": list(series)}):
        amendment = amendment_from_row(row)
        found[amendment.series] = (*found[amendment.series], amendment)
    return found


def load_of_accounts(
    connection: Connection[Any], accounts: Sequence[AccountId]
) -> Mapping[AccountId, tuple[AccountAmendment, ...]]:
    """Every change that accounts were told of or that reached them; an empty tuple where there is none."""
    found: dict[AccountId, tuple[AccountAmendment, ...]] = dict.fromkeys(accounts, ())
    for book in sorted({book_of(a) for a in accounts}):
        numbers = [number_of(a) for a in accounts if book_of(a) == book]
        for row in connection.execute(SQL["of_accounts"], {"book": book, "accounts": numbers}):
            number, notice, medium, sent_on, reference, applies_on = row[:6]
            answer, answered_on, service, status, settled_on = row[6:11]
            account = account_id(book, number)
            entry = AccountAmendment(
                account=account,
                amendment=amendment_from_row(row[11:]),
                notice=notice,
                medium=medium,
                sent_on=sent_on,
                reference=reference,
                applies_on=applies_on,
                answer=CustomerAnswer(answer),
                answered_on=answered_on,
                service=service,
                status=AmendmentStatus(status),
                settled_on=settled_on,
            )
            found[account] = (*found[account], entry)
    return found


def about(history: Sequence[AccountAmendment], amendment: int) -> AccountAmendment | None:
    """How one change stands with the account."""
    return next((entry for entry in history if entry.amendment.id == amendment), None)


AMENDMENT = FactKind("amendment", load_amendments)
PLANNED = FactKind("amendments of a series", load_planned)
OF_ACCOUNT = FactKind("amendments of an account", load_of_accounts)
