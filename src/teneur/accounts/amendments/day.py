"""The bank's day for amendments: who is to be told, whom a change has reached, whose tariff is held.

Each function gives pages of work, in order of account, with keys that the work itself gives: a campaign over
any number of accounts is begun again where it was left, and does nothing twice. To be posted in this order:
applications before holds, both before anything of the day is priced.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from psycopg import Connection

from teneur.accounts.amendments.commands import ApplyAmendment, HoldTariff, NotifyAmendment
from teneur.accounts.amendments.decisions.applying import duty_of
from teneur.accounts.amendments.decisions.parts import is_new
from teneur.accounts.amendments.facts import (
    SQL,
    AccountAmendment,
    Amendment,
    amendment_from_row,
    load_of_accounts,
)
from teneur.accounts.amendments.rules.contract import ONE_DAY, held_on
from teneur.accounts.amendments.rules.notice import earliest_application, tariff_reaches
from teneur.accounts.amendments.sending import sent_day
from teneur.accounts.governing import Governing
from teneur.kernel import commands
from teneur.kernel.commands import AccountId, Ask, account_id, number_of
from teneur.ledger.account import Account, load_accounts
from teneur.obligations.facts import load_obligations
from teneur.pricing.fees.rules.prices import first_day

MOST = 1_000  # accounts in one page

Read = Callable[[], AbstractContextManager[Connection[Any]]]
Work = tuple[AccountId, Ask, bytes]  # subject, what is asked, idempotency key


def derived_key(*parts: object) -> bytes:
    """The idempotency key of what a campaign does: the same work always has the same key."""
    return commands.derived_key("teneur-amendment", *parts)


def notices(
    read: Read,
    governing: Governing,
    book: int,
    where: ZoneInfo,
    day: date,
    *,
    only: int = 0,
    size: int = MOST,
) -> Iterator[list[Work]]:
    """Who is to be told of a planned change and was not yet, of the accounts that count their days in a zone.

    only: one change, by id; 0: all of them.
    """
    for amendment in _open_amendments(read, legal=False):
        if only in (0, amendment.id):
            for accounts in _not_told(read, governing, book, where, day, amendment, size):
                ask = NotifyAmendment(amendment=amendment.id)
                yield [
                    (id_, ask, derived_key("notify", book, number_of(id_), amendment.id)) for id_ in accounts
                ]


def applications(
    read: Read,
    governing: Governing,
    book: int,
    where: ZoneInfo,
    day: date,
    *,
    only: int = 0,
    size: int = MOST,
) -> Iterator[list[Work]]:
    """Whom a change reaches by a day: two months after a proven sending, or by law on its day."""
    for amendment in _open_amendments(read, legal=True):
        if only in (0, amendment.id) and amendment.applies_on <= day:
            for ids in _not_told(read, governing, book, where, day, amendment, size):
                yield [_application(id_, amendment.id) for id_ in ids]
    after = (0, 0)
    while True:
        parameters = {
            "book": book, "day": day, "after": after[0], "after_amendment": after[1], "limit": size,
        }  # fmt: skip
        with read() as connection:
            rows = connection.execute(SQL["told_after"], parameters).fetchall()
            numbers = dict.fromkeys(number for number, _ in rows)
            accounts = _in_zone(connection, governing, [account_id(book, n) for n in numbers], where, day)
            histories = load_of_accounts(connection, list(accounts))
            due = [
                (accounts[entry.account], entry)
                for id_ in accounts
                for entry in histories[id_]
                if (number_of(id_), entry.amendment.id) in rows and only in (0, entry.amendment.id)
            ]
            proven = _proven(connection, due, where)
        yield [
            _application(account.id, entry.amendment.id)
            for account, entry in due
            if _has_come(governing, account, proven.get((account.id, entry.amendment.id)), day)
        ]
        if len(rows) < size:
            return
        after = rows[-1]


def holds(
    read: Read, governing: Governing, book: int, where: ZoneInfo, day: date, *, size: int = MOST
) -> Iterator[list[Work]]:
    """Whose tariff is held, on the first day of an edition: those whom no procedure has brought there."""
    begun = {
        (a.edition.series, edition)
        for a in governing.agreements
        for edition in a.tariff.editions
        if first_day(edition) == day and a.edition.from_date < day
    }
    for series, edition in sorted(begun):
        for accounts in _pages(
            read,
            "tariff_not_settled_after",
            {"book": book, "first_day": day, "series": series, "edition": edition},
            size,
            lambda connection, ids: _in_zone(connection, governing, ids, where, day),
        ):
            yield [
                (id_, HoldTariff(edition=edition), derived_key("hold", book, number_of(id_), edition))
                for id_, account in accounts.items()
                if _is_to_hold(governing, account, series, edition, day)
            ]


def _open_amendments(read: Read, *, legal: bool) -> list[Amendment]:
    with read() as connection:
        found = [amendment_from_row(row) for row in connection.execute(SQL["all_amendments"])]
    return [a for a in found if not a.withdrawn and a.is_legal == legal]


def _not_told(
    read: Read,
    governing: Governing,
    book: int,
    where: ZoneInfo,
    day: date,
    amendment: Amendment,
    size: int,
) -> Iterator[list[AccountId]]:
    parameters = {"book": book, "amendment": amendment.id, "opened_before": amendment.opened_before}

    def concerned(connection: Connection[Any], ids: Sequence[AccountId]) -> Mapping[AccountId, Account]:
        return _in_zone(connection, governing, ids, where, day)

    for accounts in _pages(read, "not_told_after", parameters, size, concerned):
        yield [
            id_
            for id_, account in accounts.items()
            if governing.of_account(account, day).agreement.edition.series == amendment.series
            and is_new(governing, account, amendment)
        ]


def _pages(
    read: Read,
    query: str,
    parameters: Mapping[str, object],
    size: int,
    keep: Callable[[Connection[Any], Sequence[AccountId]], Mapping[AccountId, Account]],
) -> Iterator[Mapping[AccountId, Account]]:
    """The accounts of a query, a page at a time."""
    book, after = parameters["book"], 0
    assert isinstance(book, int)
    while True:
        with read() as connection:
            rows = connection.execute(SQL[query], {**parameters, "after": after, "limit": size}).fetchall()
            found = keep(connection, [account_id(book, number) for (number,) in rows])
        yield found
        if len(rows) < size:
            return
        after = rows[-1][0]


def _in_zone(
    connection: Connection[Any], governing: Governing, ids: Sequence[AccountId], where: ZoneInfo, day: date
) -> dict[AccountId, Account]:
    """The accounts that count their days in that zone: the others' day may not have come."""
    found = load_accounts(connection, ids)
    return {id_: found[id_] for id_ in ids if governing.of_account(found[id_], day).zone == where}


def _proven(
    connection: Connection[Any], due: Sequence[tuple[Account, AccountAmendment]], where: ZoneInfo
) -> dict[tuple[AccountId, int], date]:
    """The day on which each draft was sent, of those whose sending is proven."""
    duties = load_obligations(connection, [duty_of(account.id, entry) for account, entry in due])
    found = {}
    for account, entry in due:
        sent_on = sent_day(entry, duties.get(duty_of(account.id, entry)), where)
        if sent_on is not None:
            found[account.id, entry.amendment.id] = sent_on
    return found


def _has_come(governing: Governing, account: Account, sent_on: date | None, day: date) -> bool:
    """Whether two months have run since the draft was sent."""
    if sent_on is None:
        return False
    terms = governing.of_account(account, day).agreement.amendments
    return earliest_application(sent_on, terms) <= day


def _is_to_hold(governing: Governing, account: Account, series: str, edition: str, day: date) -> bool:
    agreement = governing.of_account(account, day).agreement
    if agreement.edition.series != series or edition not in agreement.tariff.editions:
        return False
    begins = first_day(edition)
    assert account.contract is not None
    version = account.contract.in_force(day)
    held = version is not None and (held_on(version) or date.max) <= begins - ONE_DAY
    return not held and not tariff_reaches(begins, account.opened_on, agreement.amendments, settled=False)


def _application(account: AccountId, amendment: int) -> Work:
    key = derived_key("apply", account >> 32, number_of(account), amendment)
    return account, ApplyAmendment(amendment=amendment), key
