"""Decisions on exchange: rates loaded, rates told, and foreign cash whose day has come."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Final

from teneur.accounts.governing import Governing
from teneur.agreements.agreement import Agreement
from teneur.customers.commands import StaffRole
from teneur.customers.decisions import REGISTER
from teneur.customers.facts import STAFF
from teneur.customers.rules import is_cleared
from teneur.kernel.clock import zone
from teneur.kernel.commands import Command, Decision, Facts, Need, Outcome, book_of, refuse
from teneur.kernel.money import CURRENCIES, MAX_MINOR
from teneur.ledger.account import ACCOUNT, Account, Status
from teneur.ledger.chart import Role, own_account
from teneur.ledger.registry import Kind
from teneur.payments.exchange import rules
from teneur.payments.exchange.booking import (
    CASH_RULES,
    accounts_missing,
    cash_commission,
    cash_entries,
    position_needs,
)
from teneur.payments.exchange.commands import AskExchangeRate, ConvertCash, SetExchangeRates
from teneur.payments.exchange.converting import Exchange, rate_needs
from teneur.payments.exchange.effects import ForeignCashConverted, RatesLoaded
from teneur.payments.exchange.facts import FOREIGN_CASH, QUOTE, ForeignDeposit
from teneur.payments.exchange.rates import Quote

DEALERS: Final = frozenset({StaffRole.BACK_OFFICE})
TELLERS: Final = frozenset({StaffRole.CLERK, StaffRole.ADVISER, StaffRole.BACK_OFFICE})
RATE_MISSING: Final = "exchange-rate-missing"
_LARGEST_RATE: Final = Decimal(1_000_000)
_SMALLEST_RATE: Final = Decimal("0.000001")
_MOST_DIGITS: Final = 18


class SetExchangeRatesHandler:
    """SetExchangeRates: by the back office, for every agreement at once."""

    def needs(self, command: Command, _facts: Facts) -> Iterable[Need]:
        """Who asks."""
        return ((STAFF, command.actor),)

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused for anybody else, and for a rate that is none or not yet."""
        ask: SetExchangeRates = command.ask  # type: ignore[assignment]
        if command.subject != REGISTER:
            return refuse("unknown-account", (), detail={"subject": "market rates are of the register"})
        if not is_cleared(facts.get(STAFF, command.actor), DEALERS):
            return refuse("not-authorised", ())
        if not ask.quotes:
            return refuse("invalid-field", (), detail={"field": "quotes"})
        for index, quote in enumerate(ask.quotes):
            if problem := _problem(quote, command.received_at):
                return refuse("invalid-field", (), detail={"field": f"quotes.{index}.{problem}"})
        return Decision(
            Outcome.ACCEPTED, (), effects=(RatesLoaded(ask.quotes),), detail={"rates": len(ask.quotes)}
        )


def _problem(quote: Quote, now: datetime) -> str:
    """The first field that is not as it must be, or an empty text."""
    if quote.base not in CURRENCIES:
        return "base"
    if quote.quote not in CURRENCIES or quote.quote == quote.base:
        return "quote"
    if rules.has_parity(quote.base, quote.quote):
        return "quote"  # the law fixes that one
    for field, rate in (("buying", quote.buying), ("selling", quote.selling)):
        if not rate.is_finite() or not _SMALLEST_RATE <= rate <= _LARGEST_RATE:
            return field
        if len(rate.as_tuple().digits) > _MOST_DIGITS:
            return field
    if quote.selling < quote.buying:
        return "selling"
    if quote.at.utcoffset() is None or quote.at > now:
        return "at"
    return "" if quote.source.strip() else "source"


class AskExchangeRateHandler:
    """AskExchangeRate: the rate with its margins, told at the branch; that it was told is kept."""

    def __init__(self, governing: Governing) -> None:
        self._governing = governing

    def needs(self, command: Command, facts: Facts) -> Iterable[Need]:
        """Who asks, the account, and the market rates."""
        ask: AskExchangeRate = command.ask  # type: ignore[assignment]
        yield STAFF, command.actor
        if command.subject != REGISTER:
            yield ACCOUNT, command.subject
        about = self._about(command, facts.peek(ACCOUNT, command.subject))
        if about is not None:
            agreement, code = about
            at, terms = ask.at or command.received_at, agreement.exchange
            yield from rate_needs(ask.currency, code, None, at, terms, zone(agreement.zone))

    def _about(self, command: Command, account: Account | None) -> tuple[Agreement, str] | None:
        """The agreement and the account's currency: of the account, or as asked."""
        ask: AskExchangeRate = command.ask  # type: ignore[assignment]
        if command.subject == REGISTER:
            known = ask.agreement in self._governing.agreements and ask.account_currency in CURRENCIES
            return (self._governing.agreements[ask.agreement], ask.account_currency) if known else None
        if account is None or account.contract is None:
            return None
        day = (ask.at or command.received_at).date()
        return self._governing.of_account(account, day).agreement, account.currency

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused elsewhere than at the branch, and where no rate of that day is loaded."""
        ask: AskExchangeRate = command.ask  # type: ignore[assignment]
        account: Account | None = None
        if command.subject != REGISTER:
            account = facts.get(ACCOUNT, command.subject)
        about = self._about(command, account)
        if about is None:
            return refuse("unknown-account", ())
        agreement, code = about
        holder = account is not None and command.actor in account.holders
        if not holder and not is_cleared(facts.get(STAFF, command.actor), TELLERS):
            return refuse("not-authorised", ())
        citations = agreement.cite(rules.is_told_on, rules.is_rate_of_day, rules.customer_rate)
        if not rules.is_told_on(command.channel, agreement.exchange):
            return refuse("channel-not-offered", agreement.cite(rules.is_told_on))
        if ask.currency not in CURRENCIES or ask.currency == code:
            return refuse("invalid-field", (), detail={"field": "currency"})
        at = ask.at or command.received_at
        if at > command.received_at:
            return refuse("invalid-field", (), detail={"field": "at"})
        exchange = Exchange(lambda key: facts.get(QUOTE, key), at, agreement.exchange, zone(agreement.zone))
        one = 10 ** CURRENCIES[ask.currency].decimals
        told = {
            side: exchange.conversion(one, ask.currency, code, debit=debit)
            for side, debit in (("selling", True), ("buying", False))
        }
        if any(c is None or c.estimate for c in told.values()):
            return refuse(RATE_MISSING, citations)
        return Decision(Outcome.ACCEPTED, citations, detail=told)


class ConvertCashHandler:
    """ConvertCash: the day of foreign cash has come."""

    def __init__(self, governing: Governing) -> None:
        self._governing = governing

    def needs(self, command: Command, facts: Facts) -> Iterable[Need]:
        """The deposit, the account, the accounts between, and the market rates."""
        ask: ConvertCash = command.ask  # type: ignore[assignment]
        key = (book_of(command.subject), ask.deposit)
        yield ACCOUNT, command.subject
        yield FOREIGN_CASH, key
        account: Account | None = facts.peek(ACCOUNT, command.subject)
        deposit: ForeignDeposit | None = facts.peek(FOREIGN_CASH, key)
        if account is None or account.contract is None or deposit is None:
            return
        yield from position_needs(account.id, (deposit.currency, account.currency))
        yield ACCOUNT, own_account(key[0], Role.CASH_IN_COUNT, deposit.currency)
        _, terms = self._governing.on_day_of(account, command.received_at)
        at, agreed = command.received_at, terms.agreement.exchange
        yield from rate_needs(deposit.currency, account.currency, None, at, agreed, terms.zone)

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused before its day, a second time, and without a rate of the day: then it waits on."""
        ask: ConvertCash = command.ask  # type: ignore[assignment]
        account: Account | None = facts.get(ACCOUNT, command.subject)
        deposit: ForeignDeposit | None = facts.get(FOREIGN_CASH, (book_of(command.subject), ask.deposit))
        if command.actor != 0:
            return refuse("not-authorised", ())
        if account is None or account.contract is None or deposit is None or deposit.account != account.id:
            return refuse("unknown-operation", ())
        if deposit.converted_by is not None:
            return refuse("already-converted", ())
        at = command.received_at
        day, terms = self._governing.on_day_of(account, at)
        agreement = terms.agreement
        if day < deposit.processed_on:
            return refuse("not-due", agreement.cite(rules.processed_on))
        if account.status is Status.CLOSED:
            return refuse("account-closed", ())
        exchange = Exchange(lambda key: facts.get(QUOTE, key), at, agreement.exchange, terms.zone)
        conversion = exchange.conversion(
            deposit.amount_minor, deposit.currency, account.currency, debit=False
        )
        if conversion is None or conversion.estimate:
            return refuse(RATE_MISSING, agreement.cite(rules.is_rate_of_day))
        if not 0 < conversion.converted_minor <= MAX_MINOR - abs(account.balance_minor):
            return refuse("amount-out-of-range", ())
        source = own_account(book_of(account.id), Role.CASH_IN_COUNT, deposit.currency)
        days = terms.calendars.payment_in(account.currency)
        entries = cash_entries(source, account.id, conversion, day, days, agreement)
        if accounts_missing(facts, entries):
            return refuse("currency-not-kept", ())
        effects = (
            ForeignCashConverted(book_of(account.id), deposit.deposit),
            *cash_commission(account.id, conversion, day, agreement),
        )
        return Decision(
            Outcome.ACCEPTED,
            agreement.cite(rules.processed_on, rules.account_to_credit, *CASH_RULES),
            entries,
            effects,
            detail={"deposit": deposit.deposit, "exchange": conversion},
        )


def kinds(governing: Governing) -> tuple[Kind, ...]:
    """290 to 299."""
    return (
        Kind(290, "set-exchange-rates", SetExchangeRates, SetExchangeRatesHandler(), plain=True),
        Kind(291, "ask-exchange-rate", AskExchangeRate, AskExchangeRateHandler(governing), plain=True),
        Kind(292, "convert-cash", ConvertCash, ConvertCashHandler(governing), plain=True),
    )
