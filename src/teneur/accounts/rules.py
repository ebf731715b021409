"""Who holds and orders, which branch keeps, what of the balance may be used. Amounts are in minor units."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from teneur.agreements.terms.accounts import AccountTerms, Balance, Holders
from teneur.agreements.terms.bank import BankTerms
from teneur.agreements.terms.statements import Rib as RibTerms
from teneur.kernel.clock import Instant
from teneur.kernel.commands import AccountId, book_of, number_of
from teneur.kernel.deadlines import Deadline, Unit, deadline
from teneur.kernel.identifiers import Rib, make_rib
from teneur.kernel.rules import rule
from teneur.ledger.account import Account, AccountKind

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_PLAIN_BOOKS = 100  # books whose number fits before the nine digits of the account's
_NUMBERS = 1_000_000_000


# holders and branch


def holder_terms(kind: AccountKind, terms: AccountTerms) -> Holders:
    """What the agreement says of the holders of such an account."""
    return terms.joint if kind is AccountKind.JOINT else terms.individual


@rule("BNC-1.2.1.a-1", "BNC-DEF-1")
def holder_count_fits(count: int, terms: Holders) -> bool:
    """An individual account has exactly one holder, a joint one at least two."""
    return count >= terms.minimum.value and (terms.maximum.value is None or count <= terms.maximum.value)


@rule("BRED-1.4.a-6", "BNC-1.2.2.a-3")
def enough_signatures(holders: Collection[int], signers: Collection[int], terms: Holders) -> bool:
    """Each co-holder alone may carry out any operation and obtain any overdraft."""
    return len(set(holders).intersection(signers)) >= terms.signatures.value


def may_order(account: Account, actor: int, terms: AccountTerms) -> bool:
    """Whether this person alone may order on the account."""
    return enough_signatures(account.holders, (actor,), holder_terms(account.kind, terms))


@rule("BNC-DEF-1")
def kept_by_right_branches(branches: Collection[str], terms: AccountTerms, bank: BankTerms) -> bool:
    """Every account has exactly one keeping branch, and it is one of the bank's (codes of five digits)."""
    known = {branch.code.value for branch in bank.branches.values()}
    return len(set(branches)) == terms.branches_per_account.value and set(branches) <= known


@rule("BRED-1.1-8")
def rib_due(opened_at: Instant, terms: RibTerms, zone: ZoneInfo) -> Deadline | None:
    """The account identity statement is handed over on opening: by the end of that day at the latest."""
    if not terms.on_opening.value:
        return None
    return deadline(opened_at, 0, Unit.CALENDAR_DAY, zone=zone)


# numbers


def account_number(account: AccountId) -> str:
    """The eleven characters of the RIB, one to one with the account.

    Two digits of the book and nine of the number; from book 100 on a letter and both to base 36, ten digits.
    """
    book, number = book_of(account), number_of(account)
    if book < _PLAIN_BOOKS:
        return f"{book:02d}{number:09d}"
    left, text = book * _NUMBERS + number, ""
    for _ in range(10):
        left, digit = divmod(left, 36)
        text = _DIGITS[digit] + text
    return f"T{text}"


def rib_of_account(account: AccountId, branch: str, bank: BankTerms) -> Rib:
    """The RIB of a new account with its key and its IBAN."""
    return make_rib(bank.bank_code.value, branch, account_number(account))


# what may be used


class Item(NamedTuple):
    """One debit (negative) or credit of the account; a credit subject to collection is available later."""

    amount_minor: int
    available_on: date


@rule("BRED-3.1-1")
def recorded(postings: Iterable[tuple[int, date]]) -> list[Item]:
    """The account records every operation: each posting is an item, none is left out, in the order booked."""
    return [Item(amount_minor, booked_on) for amount_minor, booked_on in postings]


@rule("BRED-3.1-14", "BNC-2.1-3")
def balance_of(items: Iterable[Item], on: date) -> int:
    """The available credits less the debits."""
    return sum(item.amount_minor for item in items if item.amount_minor < 0 or item.available_on <= on)


@rule("BRED-PREAMB-2")
def merged_balance(balance_minor: int, item_minor: int) -> int:
    """Every operation becomes an item, debit or credit, that merges at once into one available balance."""
    return balance_minor + item_minor


@rule("BRED-3.1-13", "BNC-2.1-4")
def usable_minor(balance_minor: int, held_minor: int, unavailable_minor: int, terms: Balance) -> int:
    """The balance, except what is kept aside or was made unavailable (by a seizure, for example)."""
    excluded = 0 if terms.unavailable_sums_count.value else unavailable_minor
    return balance_minor - held_minor - excluded


@rule("BRED-8-1", "BNC-2.1-3")
def floor_minor(authorised_minor: int, terms: Balance) -> int:
    """How low the balance may go: to zero, or as deep as the overdraft authorisation reaches."""
    extra = authorised_minor if terms.authorisation_extends_floor.value else 0
    return terms.floor_without_authorisation_minor.value - extra


def available_minor(account: Account, terms: Balance) -> int:
    """All that may be spent: what is usable of the balance, down to the floor of the account."""
    usable = usable_minor(account.balance_minor, account.held_minor, account.unavailable_minor, terms)
    return usable - account.floor_minor


@rule("BRED-14.3-8", "BNC-8.2-7")
def counted_accounts(account: Account, others: Sequence[Account], terms: Balance) -> tuple[Account, ...]:
    """Accounts stay independent: only its own funds count, whatever the holder's others owe or have."""
    return (account, *others) if terms.netting.value else (account,)


@rule("BRED-8.2-1", "BNC-7-1", "BNC-7.1-1")
def covers(account: Account, amount_minor: int, terms: Balance, others: Sequence[Account] = ()) -> bool:
    """Whether a debit finds its funds; without them it is rejected. others: the holder's other accounts,
    which never count."""
    if not others:
        return available_minor(account, terms) >= amount_minor
    counted = counted_accounts(account, others, terms)
    return sum(available_minor(a, terms) for a in counted) >= amount_minor


def largest_unavailable_minor(account: Account, terms: Balance) -> int:
    """The most that can be made unavailable in all: what is there, without the overdraft."""
    return max(0, usable_minor(account.balance_minor, account.held_minor, 0, terms))
