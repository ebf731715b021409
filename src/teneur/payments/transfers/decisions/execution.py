"""How the money of a transfer moves, once it is to move."""

from collections.abc import Iterable
from datetime import date

from teneur.agreements.terms.transfers import Service, TransferClass
from teneur.kernel.commands import AccountId, Entry, Facts, Need, book_of
from teneur.kernel.money import CURRENCIES
from teneur.ledger.account import ACCOUNT, Account
from teneur.ledger.chart import Role, own_account
from teneur.payments.transfers.rules.plan import Route

TARGETS = (Role.CLEARING, Role.CLEARING_INSTANT, Role.NOSTRO)


def target(book: int, route: Route, payee: Account | None) -> AccountId:
    """Where the money goes: the payee here, or the account through which the bank settles with his."""
    if payee is not None:
        return payee.id
    return settlement_account(book, route.transfer_class, route.service, route.currency)


def settlement_account(
    book: int, transfer_class: TransferClass, service: Service, currency: str
) -> AccountId:
    """The bank's own account for what leaves to, or comes from, other banks."""
    if service is Service.INSTANT:
        role = Role.CLEARING_INSTANT
    elif transfer_class is TransferClass.INTERNATIONAL:
        role = Role.NOSTRO
    else:
        role = Role.CLEARING
    return own_account(book, role, currency)


def settlement_needs(account: AccountId, currencies: Iterable[str]) -> list[Need]:
    """The own accounts that a transfer in these currencies may touch."""
    book = book_of(account)
    known = {c for c in currencies if c in CURRENCIES}
    return [
        (ACCOUNT, own_account(book, role, c)) for c in sorted(known) for role in (*TARGETS, Role.POSITION)
    ]


def entries(
    payer: AccountId,
    payer_currency: str,
    to: AccountId,
    amounts: tuple[int, int],
    currency: str,
    booked_on: date,
    value_on: date,
    *,
    forced: bool = False,
) -> tuple[Entry, ...]:
    """The entries of a payment from a customer. amounts: (debited, sent on), each in its own currency.

    A conversion is two entries through the bank's position accounts, one in each currency.
    """
    debited, sent = amounts
    if currency == payer_currency:
        return (Entry(payer, to, debited, booked_on, value_on, value_on, forced),)
    book = book_of(payer)
    return (
        Entry(
            payer,
            own_account(book, Role.POSITION, payer_currency),
            debited,
            booked_on,
            value_on,
            value_on,
            forced,
        ),
        Entry(own_account(book, Role.POSITION, currency), to, sent, booked_on, value_on, value_on),
    )


def incoming_entries(
    source: AccountId,
    currency: str,
    payee: AccountId,
    payee_currency: str,
    amounts: tuple[int, int],
    booked_on: date,
    value_on: date,
) -> tuple[Entry, ...]:
    """The entries of money received. amounts: (received, credited), each in its own currency."""
    received, credited = amounts
    if currency == payee_currency:
        return (Entry(source, payee, received, booked_on, value_on, value_on),)
    book = book_of(payee)
    return (
        Entry(source, own_account(book, Role.POSITION, currency), received, booked_on, value_on, value_on),
        Entry(
            own_account(book, Role.POSITION, payee_currency), payee, credited, booked_on, value_on, value_on
        ),
    )


def accounts_missing(facts: Facts, booked: tuple[Entry, ...]) -> bool:
    """Whether the book lacks an own account that the entries need (a currency it was not opened for)."""
    return any(facts.get(ACCOUNT, account) is None for e in booked for account in (e.debit, e.credit))


def settlement_missing(facts: Facts, payer: Account, route: Route, payee: Account | None) -> bool:
    """Whether the payer's book lacks an own account that such a transfer goes through (a currency it was not
    opened for): known when the order is given, so that none is taken that could not be executed."""
    book, wanted = book_of(payer.id), []
    if payee is None:
        wanted.append(target(book, route, None))
    if route.currency != payer.currency:
        wanted += [own_account(book, Role.POSITION, c) for c in (payer.currency, route.currency)]
    return any(facts.get(ACCOUNT, account) is None for account in wanted)
