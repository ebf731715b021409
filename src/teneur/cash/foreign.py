"""Cash in another currency than the account's: converted the same day, kept for its day, or credited to the
customer's account in that currency."""

from collections.abc import Iterable

from teneur.accounts.governing import GoverningTerms
from teneur.cash.commands import CashDeposit
from teneur.kernel.clock import business_date
from teneur.kernel.commands import Command, Decision, Entry, Facts, Need, Outcome, book_of, refuse
from teneur.kernel.money import CURRENCIES, MAX_MINOR
from teneur.ledger.account import ACCOUNT, Account
from teneur.ledger.chart import Role, own_account
from teneur.payments.exchange import rules
from teneur.payments.exchange.booking import (
    CASH_RULES,
    accounts_missing,
    cash_commission,
    cash_entries,
    position_needs,
)
from teneur.payments.exchange.converting import Exchange, rate_needs
from teneur.payments.exchange.decisions import RATE_MISSING
from teneur.payments.exchange.effects import ForeignCashWaits
from teneur.payments.exchange.facts import IN_CURRENCY, QUOTE


def foreign_needs(command: Command, account: Account, terms: GoverningTerms, facts: Facts) -> Iterable[Need]:
    """The customer's accounts in the currency, the accounts between, and the market rates."""
    ask: CashDeposit = command.ask  # type: ignore[assignment]
    if ask.currency not in CURRENCIES:
        return
    key = (account.id, ask.currency)
    yield IN_CURRENCY, key
    for other in facts.peek(IN_CURRENCY, key) or ():
        yield ACCOUNT, other
    yield from position_needs(account.id, (ask.currency, account.currency))
    yield ACCOUNT, own_account(book_of(account.id), Role.CASH_IN_COUNT, ask.currency)
    agreed = terms.agreement.exchange
    yield from rate_needs(ask.currency, account.currency, None, command.received_at, agreed, terms.zone)


def forms_taken(ask: CashDeposit, terms: GoverningTerms) -> bool:
    """Whether the counter deals in notes, or coins, of other currencies."""
    return {p.form for p in ask.pieces} <= set(terms.agreement.exchange.cash.forms.value)


def foreign_deposit(
    command: Command, account: Account, amount: int, facts: Facts, terms: GoverningTerms
) -> Decision:
    """Converted and credited if it came in time; else it waits in the till for the day it counts as received.

    A commission is charged apart. Without a rate of the day nothing is taken in.
    """
    ask: CashDeposit = command.ask  # type: ignore[assignment]
    agreement, at = terms.agreement, command.received_at
    agreed = agreement.exchange
    today = business_date(at, terms.zone)
    day = rules.processed_on(at, ask.branch, agreed.cash, terms.calendars, terms.zone)
    book = book_of(account.id)
    till = own_account(book, Role.CASH, ask.currency)
    if day > today:
        counting = own_account(book, Role.CASH_IN_COUNT, ask.currency)
        entries: tuple[Entry, ...] = (Entry(till, counting, amount, today, today, today),)
        if accounts_missing(facts, entries):
            return refuse("currency-not-kept", ())
        waits = ForeignCashWaits(account.id, ask.currency, amount, day)
        cited = agreement.cite(rules.processed_on, rules.account_to_credit)
        return Decision(Outcome.ACCEPTED, cited, entries, (waits,), detail={"processed_on": day})
    exchange = Exchange(lambda key: facts.get(QUOTE, key), at, agreed, terms.zone)
    conversion = exchange.conversion(amount, ask.currency, account.currency, debit=False)
    if conversion is None or conversion.estimate:
        return refuse(RATE_MISSING, agreement.cite(rules.is_rate_of_day))
    if not 0 < conversion.converted_minor <= MAX_MINOR - abs(account.balance_minor):
        return refuse("amount-out-of-range", ())
    days = terms.calendars.payment_in(account.currency)
    entries = cash_entries(till, account.id, conversion, day, days, agreement)
    if accounts_missing(facts, entries):
        return refuse("currency-not-kept", ())
    return Decision(
        Outcome.ACCEPTED,
        agreement.cite(rules.processed_on, rules.account_to_credit, *CASH_RULES),
        entries,
        cash_commission(account.id, conversion, day, agreement),
        detail={"received_on": day, "exchange": conversion},
    )
