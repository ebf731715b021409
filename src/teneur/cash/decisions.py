"""Decisions on cash at the counter."""

from collections.abc import Iterable

import msgspec

from teneur.accounts.governing import Governing, GoverningTerms
from teneur.accounts.rules import merged_balance, usable_minor
from teneur.cash import rules
from teneur.cash.commands import CancelCashDeposit, CashDeposit
from teneur.cash.denominations import exists
from teneur.cash.foreign import foreign_deposit, foreign_needs, forms_taken
from teneur.customers.commands import StaffRole
from teneur.customers.facts import STAFF
from teneur.customers.rules import is_cleared
from teneur.kernel.clock import business_date, start_of_day
from teneur.kernel.commands import Command, Decision, Effect, Entry, Facts, Need, Outcome, book_of, refuse
from teneur.kernel.money import CURRENCIES, MAX_MINOR
from teneur.ledger.account import ACCOUNT, Account, Status
from teneur.ledger.chart import Role, own_account
from teneur.ledger.effects import HoldOwner, HoldPlaced, OperationReversed
from teneur.ledger.facts import OPERATION, REVERSED_BY, Operation
from teneur.ledger.registry import Kind
from teneur.payments.exchange.facts import IN_CURRENCY
from teneur.payments.exchange.rules import account_to_credit
from teneur.pricing.fees.rules.value_dates import value_offset_days

COUNTER = frozenset({StaffRole.CLERK, StaffRole.ADVISER})
MOST_PIECES = 1_000_000  # of one value: more is a slip of the pen
DEPOSIT = 40


class CashDepositHandler:
    """Cash in, credit to the account on the day it counts as received."""

    def __init__(self, governing: Governing) -> None:
        self._governing = governing

    def needs(self, command: Command, facts: Facts) -> Iterable[Need]:
        """The account, the bank's cash, and who counted; for foreign cash what its conversion needs."""
        ask: CashDeposit = command.ask  # type: ignore[assignment]
        yield ACCOUNT, command.subject
        yield STAFF, command.actor
        if ask.currency in CURRENCIES:
            yield ACCOUNT, own_account(book_of(command.subject), Role.CASH, ask.currency)
        account: Account | None = facts.peek(ACCOUNT, command.subject)
        if account is not None and account.contract is not None and ask.currency != account.currency:
            yield from foreign_needs(command, account, self._terms(account, command), facts)

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused without counter staff, for forms not taken and for pieces that do not exist.

        Foreign cash is credited to an account that the customer has in that currency, else converted.
        """
        ask: CashDeposit = command.ask  # type: ignore[assignment]
        account: Account | None = facts.get(ACCOUNT, command.subject)
        if not is_cleared(facts.get(STAFF, command.actor), COUNTER):
            return refuse("not-authorised", ())
        if account is None or account.contract is None:
            return refuse("unknown-account", ())
        if account.status is Status.CLOSED:
            return refuse("account-closed", ())
        terms = self._terms(account, command)
        cash = terms.agreement.cash
        foreign = ask.currency != account.currency
        if foreign and ask.currency not in terms.agreement.exchange.cash.currencies.value:
            return refuse("currency-mismatch", ())
        if not rules.accepts([p.form for p in ask.pieces], cash) or (foreign and not forms_taken(ask, terms)):
            return refuse("form-not-accepted", terms.agreement.cite(rules.accepts))
        if problem := _problem(ask, terms):
            return refuse("invalid-field", (), detail={"field": problem})
        amount = sum(p.value_minor * p.count for p in ask.pieces)
        if foreign:
            other = self._in_currency(account, command, facts, terms)
            if other is None:
                return foreign_deposit(command, account, amount, facts, terms)
            decision = self._accepted(command, ask, other, amount, terms)
            cited = dict.fromkeys((*terms.agreement.cite(account_to_credit), *decision.citations))
            detail = {**decision.detail, "credited": other.id}
            return msgspec.structs.replace(decision, citations=tuple(cited), detail=detail)
        if not 0 < amount <= MAX_MINOR - abs(account.balance_minor):
            return refuse("amount-out-of-range", ())
        return self._accepted(command, ask, account, amount, terms)

    def _terms(self, account: Account, command: Command) -> GoverningTerms:
        """The terms on the local day of the deposit."""
        return self._governing.on_day_of(account, command.received_at)[1]

    def _in_currency(
        self, account: Account, command: Command, facts: Facts, terms: GoverningTerms
    ) -> Account | None:
        """The customer's account with this bank in the currency of the cash, if there is one."""
        ask: CashDeposit = command.ask  # type: ignore[assignment]
        series = terms.agreement.edition.series
        others: list[Account | None] = [
            facts.get(ACCOUNT, id_) for id_ in facts.get(IN_CURRENCY, (account.id, ask.currency)) or ()
        ]
        here = [o.id for o in others if o and self._terms(o, command).agreement.edition.series == series]
        chosen = account_to_credit(account.id, here, terms.agreement.exchange.cash)
        return None if chosen is None else facts.get(ACCOUNT, chosen)

    def _accepted(
        self, command: Command, ask: CashDeposit, account: Account, amount: int, terms: GoverningTerms
    ) -> Decision:
        cash = terms.agreement.cash
        day = rules.received_on(command.received_at, ask.branch, cash, terms.calendars, terms.zone)
        value_on, available_on = (
            rules.valued_on(day, cash, terms.agreement.tariff),
            rules.available_on(day, cash),
        )
        vault = own_account(book_of(account.id), Role.CASH, ask.currency)
        entry = Entry(vault, account.id, amount, day, value_on, value_on)
        effects: tuple[Effect, ...] = ()
        if available_on > day:
            until = start_of_day(available_on, terms.zone)
            at, owner = command.received_at, HoldOwner.DONE
            effects = (HoldPlaced(account.id, amount, "cash-deposit", at, until, owner),)
        detail = {
            "received_on": day,
            "available_on": available_on,
            "balance_minor": merged_balance(account.balance_minor, amount),
        }
        citations = terms.agreement.cite(
            rules.accepts,
            rules.received_on,
            cash.counter_cut_off,
            rules.available_on,
            rules.valued_on,
            value_offset_days,
            merged_balance,
        )
        return Decision(Outcome.ACCEPTED, citations, (entry,), effects, detail=detail)


def _problem(ask: CashDeposit, terms: GoverningTerms) -> str:
    """The first field that is not as it must be, or an empty text."""
    if not ask.depositor.strip():
        return "depositor"
    branches = terms.agreement.bank.branches.values()
    if not any(b.code.value == ask.branch and b.physical.value for b in branches):
        return "branch"
    if not ask.pieces:
        return "pieces"
    for index, piece in enumerate(ask.pieces):
        if not exists(ask.currency, piece.form, piece.value_minor) or not 0 < piece.count <= MOST_PIECES:
            return f"pieces.{index}"
    return ""


class CancelCashDepositHandler:
    """A deposit the customer wants undone: the agreement says whether that can be."""

    def __init__(self, governing: Governing) -> None:
        self._governing = governing

    def needs(self, command: Command, facts: Facts) -> Iterable[Need]:
        """The account, who asks, and the deposit with its accounts."""
        ask: CancelCashDeposit = command.ask  # type: ignore[assignment]
        key = (book_of(command.subject), ask.operation)
        yield ACCOUNT, command.subject
        yield STAFF, command.actor
        yield OPERATION, key
        yield REVERSED_BY, key
        operation: Operation | None = facts.peek(OPERATION, key)
        for line in operation.lines if operation else ():
            yield ACCOUNT, line.debit

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused once the bank has received the cash, which it has as soon as there is an operation."""
        ask: CancelCashDeposit = command.ask  # type: ignore[assignment]
        key = (book_of(command.subject), ask.operation)
        account: Account | None = facts.get(ACCOUNT, command.subject)
        operation: Operation | None = facts.get(OPERATION, key)
        if not is_cleared(facts.get(STAFF, command.actor), COUNTER):
            return refuse("not-authorised", ())
        if account is None or account.contract is None:
            return refuse("unknown-account", ())
        if operation is None or operation.kind != DEPOSIT or not operation.lines:
            return refuse("unknown-operation", ())
        line = operation.lines[0]
        if account.id not in (line.credit, operation.lines[-1].credit):
            return refuse("unknown-operation", ())
        terms = self._governing.of_account(account, line.booked_on)
        cash = terms.agreement.cash
        citations = terms.agreement.cite(rules.can_be_withdrawn, cash.revocable)
        if not rules.can_be_withdrawn(True, cash):
            return refuse("irrevocable", citations)
        if facts.get(REVERSED_BY, key) is not None:
            return refuse("already-reversed", ())
        balance = terms.agreement.accounts.balance
        usable = usable_minor(account.balance_minor, account.held_minor, account.unavailable_minor, balance)
        if usable < line.amount_minor:
            return refuse("insufficient-funds", terms.agreement.cite(usable_minor))
        day = business_date(command.received_at, terms.zone)
        back = Entry(
            line.credit, line.debit, line.amount_minor, day, line.credit_value_on, line.debit_value_on
        )
        return Decision(Outcome.ACCEPTED, citations, (back,), (OperationReversed(key[0], ask.operation),))


def kinds(governing: Governing) -> tuple[Kind, ...]:
    """The kinds of command of cash."""
    return (
        Kind(DEPOSIT, "cash-deposit", CashDeposit, CashDepositHandler(governing)),
        Kind(41, "cancel-cash-deposit", CancelCashDeposit, CancelCashDepositHandler(governing)),
    )
