"""How an account's overdraft stands: for whoever looks at it."""

from datetime import date
from typing import Any

import msgspec
from psycopg import Connection

from teneur.kernel.commands import AccountId, book_of, number_of
from teneur.ledger.account import Account
from teneur.pricing.overdraft.facts import (
    SQL,
    Authorisation,
    Claim,
    EpisodeKind,
    Indebtedness,
    limit_on,
    load_authorisations,
    load_watches,
)

MOST = 100


class Tolerance(msgspec.Struct, frozen=True):
    """One debit let pass. id: position of the row; author: the member of staff."""

    id: int
    day: date
    debit_minor: int
    excess_minor: int
    about: str
    reason: str
    author: int


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """The limit of a day and what is used; all authorisations, past and to come; what is going on.

    debit_since, excess_since: first day of an unbroken stretch, as far as days have been reviewed.
    """

    account: AccountId
    currency: str
    day: date
    limit_minor: int
    balance_minor: int
    excess_minor: int
    debit_since: date | None
    excess_since: date | None
    history: tuple[Authorisation, ...]
    claims: tuple[Claim, ...]
    indebtedness: Indebtedness | None
    tolerances: tuple[Tolerance, ...]


def standing(connection: Connection[Any], account: Account, day: date) -> Standing:
    """How the overdraft of an account stands on a day."""
    history = load_authorisations(connection, [account.id])[account.id]
    watch = load_watches(connection, [account.id])[account.id]
    limit = limit_on(history, day)
    debit, excess = watch.running(EpisodeKind.DEBIT), watch.running(EpisodeKind.EXCESS)
    return Standing(
        account=account.id,
        currency=account.currency,
        day=day,
        limit_minor=limit,
        balance_minor=account.balance_minor,
        excess_minor=max(0, -account.balance_minor - limit),
        debit_since=debit.began_on if debit else None,
        excess_since=excess.began_on if excess else None,
        history=history,
        claims=watch.claims,
        indebtedness=watch.indebtedness,
        tolerances=tolerances(connection, account.id),
    )


def tolerances(connection: Connection[Any], account: AccountId) -> tuple[Tolerance, ...]:
    """The debits let pass on an account, newest first."""
    parameters = {"book": book_of(account), "account": number_of(account), "limit": MOST}
    return tuple(Tolerance(*row) for row in connection.execute(SQL["tolerances"], parameters))
