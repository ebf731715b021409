"""The entries of foreign cash that is converted, and what it costs: at the counter and when its day comes."""

from collections.abc import Iterable
from datetime import date

from teneur.agreements.agreement import Agreement, Citable
from teneur.kernel.calendars import Calendar
from teneur.kernel.commands import AccountId, Effect, Entry, Facts, Need, book_of
from teneur.kernel.fees import FeeDue
from teneur.kernel.money import CURRENCIES
from teneur.ledger.account import ACCOUNT
from teneur.ledger.chart import Role, own_account
from teneur.payments.exchange import rules
from teneur.payments.exchange.converting import RATE_RULES
from teneur.payments.exchange.rates import Conversion

CASH_RULES: tuple[Citable, ...] = (*RATE_RULES, rules.credit_value_on, rules.commission_event)


def position_needs(account: AccountId, currencies: Iterable[str]) -> list[Need]:
    """The position accounts in which a conversion meets, of the currencies that there are."""
    book = book_of(account)
    return [(ACCOUNT, own_account(book, Role.POSITION, c)) for c in sorted(set(currencies) & set(CURRENCIES))]


def cash_entries(
    source: AccountId,
    account: AccountId,
    conversion: Conversion,
    day: date,
    days: Calendar,
    agreement: Agreement,
) -> tuple[Entry, ...]:
    """Foreign cash into the position in its currency, and its worth out of the position to the account."""
    book = book_of(account)
    value_on = rules.credit_value_on(day, day, conversion.basis, days, agreement.exchange.value_dates)
    foreign = own_account(book, Role.POSITION, conversion.currency)
    home = own_account(book, Role.POSITION, conversion.account_currency)
    return (
        Entry(source, foreign, conversion.amount_minor, day, value_on, value_on),
        Entry(home, account, conversion.converted_minor, day, value_on, value_on),
    )


def cash_commission(
    account: AccountId, conversion: Conversion, day: date, agreement: Agreement
) -> tuple[Effect, ...]:
    """The commission by the tariff, apart from what is credited."""
    event = rules.commission_event(conversion.basis, agreement.exchange.commission, cash=True)
    return (FeeDue(account, event, "", day, conversion.converted_minor),) if event else ()


def accounts_missing(facts: Facts, entries: Iterable[Entry]) -> bool:
    """Whether the book lacks an own account that the entries need: a currency it was not opened for."""
    return any(facts.get(ACCOUNT, account) is None for e in entries for account in (e.debit, e.credit))
