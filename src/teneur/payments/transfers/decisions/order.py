"""What is checked of an order before it is taken, whenever its money is to move."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache

import msgspec

from teneur.agreements.terms.transfers import (
    ChargeOption,
    Field,
    Service,
    StartCondition,
    Timing,
    TransferClass,
)
from teneur.customers.commands import StaffRole
from teneur.customers.facts import STAFF
from teneur.customers.rules import is_cleared
from teneur.kernel.calendars import LAST_YEAR
from teneur.kernel.commands import AccountId, Channel, Command, Facts
from teneur.kernel.deadlines import Deadline, add_months
from teneur.kernel.identifiers import make_rib
from teneur.kernel.money import CURRENCIES
from teneur.ledger.account import ACCOUNT, ACCOUNT_OF_IBAN, Account, AccountKind, Status
from teneur.payments.exchange.converting import Exchange, basis_of
from teneur.payments.exchange.facts import QUOTE
from teneur.payments.exchange.rates import Basis, Conversion
from teneur.payments.exchange.rules import debit_value_on
from teneur.payments.transfers.commands import PayeeAccount, PlaceTransfer, Start
from teneur.payments.transfers.context import Terms, TransferContext
from teneur.payments.transfers.facts import CEILING, SPENT
from teneur.payments.transfers.rules import (
    ceilings,
    channels,
    charges,
    execution,
    identifiers,
    reception,
    refusal,
    routing,
)
from teneur.payments.transfers.rules.geography import Bank
from teneur.payments.transfers.rules.plan import Route, Timeline, TransferPlan
from teneur.payments.transfers.rules.refusal import Reason
from teneur.payments.transfers.rules.standing import Schedule, occurrence, schedule_refusal

LARGEST_MINOR = 2**53 - 1
MAY_AGREE_RATES = frozenset({StaffRole.ADVISER, StaffRole.BACK_OFFICE})
LARGEST_RATE = 1_000_000
LONGEST_DELAY_DAYS = 366
LONGEST_PERIOD_DAYS = 3_660
SEPA_LARGEST_MINOR = 99_999_999_999  # 999,999,999.99 EUR, by the usage rules of SEPA messages
IN_FORCE = 2  # effects.CeilingStatus.IN_FORCE
LATE_CLASSES = (TransferClass.SEPA, TransferClass.COM_PACIFIC)


class Order:
    """An order with what was found out about it. `refuse` gives the first reason against it."""

    __slots__ = (
        "account", "ask", "channel", "context", "conversion", "converts", "iban", "payee", "payee_bank",
        "plan", "terms",
    )  # fmt: skip

    def __init__(
        self, context: TransferContext, terms: Terms, account: Account, ask: PlaceTransfer, channel: Channel
    ) -> None:
        self.context = context
        self.terms = terms
        self.account = account
        self.ask = ask
        self.channel = channel
        self.iban = payee_iban(ask.payee)
        self.payee: Account | None = None
        self.payee_bank: Bank | None = None
        self.plan: TransferPlan | None = None
        self.converts = ask.currency != account.currency
        self.conversion: Conversion | None = None  # into the account's currency, once `convert` has made it

    @property
    def route(self) -> Route:
        """The route; known once `find_plan` has found a plan."""
        assert self.plan is not None
        return self.plan.route

    @property
    def timing(self) -> Timing:
        """Immediate, deferred or standing."""
        ask = self.ask
        return routing.timing_of(ask.agreed_on or ask.start, repeats=ask.repeat is not None)

    @property
    def awaits_funds(self) -> bool:
        """Whether the customer's funds start it, whenever they come."""
        start = self.ask.start
        return start is not None and start.condition is StartCondition.FUNDS_AVAILABLE

    def find_plan(self, facts: Facts, day: date) -> Reason | None:
        """Who keeps the payee's account, and the plan of such an order on a local day."""
        ask, terms, account = self.ask, self.terms, self.account
        iban = self.iban
        here: AccountId | None = facts.get(ACCOUNT_OF_IBAN, iban)
        if here is None or ask.payee.bic:  # (an IBAN that names an account here was checked when it was made)
            problem = identifiers.identifier_problem(iban, ask.payee.bic)
            if problem is not None:
                return problem
        if iban:
            bank: Bank | None = self.context.bank_of(terms, iban, ask.payee.bic)
        else:
            bank = self.context.directory.bank_without_iban(ask.payee.bic) or (
                Bank(ask.payee.country) if len(ask.payee.country) == 2 else None
            )
        if bank is None:
            return Reason.MISSING_FIELD
        self.payee_bank = bank
        holders: tuple[int, ...] = ()
        if bank.own:
            self.payee = payee = None if here is None else facts.get(ACCOUNT, here)
            if payee is None or payee.status is Status.CLOSED:
                return Reason.IBAN_INVALID
            if payee is account:
                return Reason.SAME_ACCOUNT
            holders = payee.holders
        counterparty = routing.counterparty(account.holders, holders, declared_own=ask.own_account)
        first = ask.agreed_on if ask.repeat is None else occurrence(schedule_of(ask), 0)
        self.plan = terms.plans.of_order(
            ask.currency, account.currency, (terms.home, bank), counterparty, day, ask.service, self.timing,
            self.channel, branch_of(account), first,
        )  # fmt: skip
        return None

    def content_problem(self) -> Reason | None:
        """What the order itself may lack: instrument, fields, acceptance of a risk, signature, channel."""
        ask, plan, terms = self.ask, self.plan, self.terms
        assert plan is not None
        route = plan.route
        if plan.refusal is not None:
            return plan.refusal
        if plan.needs_subscription and self.channel not in terms.switched_on:
            return Reason.SUBSCRIPTION_NEEDED
        if plan.needs_signature and not ask.signed:
            return channels.signature_refusal(self.channel, terms.transfers.ordering, signed=ask.signed)
        reason = refusal.instrument_refusal(ask.instrument, terms.transfers.refusal)
        if reason is not None:
            return reason
        if (
            route.currency == "EUR"
            and route.transfer_class in LATE_CLASSES
            and ask.amount_minor > SEPA_LARGEST_MINOR
        ):
            return Reason.AMOUNT_INVALID
        if lacking(given_fields(ask), route, self.terms, plan.arrives_on):
            return Reason.MISSING_FIELD
        if self.payee is not None and self.payee.currency != ask.currency:
            return Reason.CURRENCY_NOT_OFFERED
        return (self._rate_problem() if self.converts else None) or self._risk_problem(route)

    @property
    def basis(self) -> Basis | None:
        """Where the rate of the conversion comes from; None where there is none."""
        ask, code = self.ask, self.account.currency
        return None if ask.currency == code else basis_of(ask.currency, code, ask.rate)

    def convert(self, facts: Facts, at: datetime) -> Reason | None:
        """Find what the account is debited at the rate of the day; by an older one that is an estimate."""
        ask, code = self.ask, self.account.currency
        if ask.currency == code:
            return None
        agreed, zone = self.terms.agreement.exchange, self.terms.zone
        exchange = Exchange(lambda key: facts.get(QUOTE, key), at, agreed, zone)
        made = exchange.conversion(ask.amount_minor, ask.currency, code, debit=True, agreed=ask.rate)
        self.conversion = made
        return Reason.RATE_MISSING if made is None else None

    def convert_now(self, facts: Facts, at: datetime) -> Reason | None:
        """The same for an order whose money moves now: only a rate of the day will do."""
        reason = self.convert(facts, at)
        estimated = self.conversion is not None and self.conversion.estimate
        return Reason.RATE_MISSING if estimated else reason

    def only_estimate(self) -> None:
        """The order is for later: it will be converted at the market's rate of its own day."""
        if self.conversion is not None and self.conversion.basis is Basis.MARKET:
            self.conversion = msgspec.structs.replace(self.conversion, estimate=True)

    def debit_value_on(self, booked_on: date, otherwise: date) -> date:
        """The value date of the debit: of a converted one the booking date, whatever holds otherwise."""
        if self.conversion is None:
            return otherwise
        return debit_value_on(booked_on, self.terms.agreement.exchange.value_dates)

    @property
    def debit_minor(self) -> int:
        """What the account is debited, in its own currency; 0: there is no such amount."""
        return self.ask.amount_minor if self.conversion is None else self.conversion.converted_minor

    def _rate_problem(self) -> Reason | None:
        """An agreed rate is one."""
        rate = self.ask.rate
        if self.basis is not Basis.AGREED or rate is None:
            return None
        return None if rate.is_finite() and 0 < rate <= LARGEST_RATE else Reason.AMOUNT_INVALID

    def _risk_problem(self, route: Route) -> Reason | None:
        """SEPA COM Pacifique with identifiers that may be rejected: only if the customer takes that risk."""
        if route.transfer_class is not TransferClass.COM_PACIFIC or self.ask.risk_accepted:
            return None
        return Reason.RISK_NOT_ACCEPTED if self.advice().needs_acceptance else None

    def advice(self) -> identifiers.Advice:
        """Whether the customer is to be told that a SEPA COM Pacifique order may be rejected."""
        if self.route.transfer_class is not TransferClass.COM_PACIFIC:
            return identifiers.Advice(warn=False)
        wanted = self.terms.transfers.identifiers
        return identifiers.com_pacific_advice(self.iban, self.ask.payee.bic, wanted)

    def timeline(self, at: datetime) -> Timeline:
        """What an order given then has before it."""
        assert self.plan is not None
        found = self.plan.timeline(at)
        return replace(found, execution=self.deadline(found)) if self.route.quoted else found

    def deadline(self, timeline: Timeline) -> Deadline | None:
        """By when the payee's bank has the money; where no delay is fixed, the one quoted for the order.

        Nothing is promised where nothing was quoted.
        """
        quoted = self.ask.quoted_days
        if not self.route.quoted or quoted is None:
            return timeline.execution
        days = self.terms.calendars.payment_in(self.ask.currency)
        first = days.next_on_or_after(timeline.received_on)
        return execution.execution_deadline(first, quoted, days, self.terms.zone)

    def schedule_problem(self, today: date) -> Reason | None:
        """A day that has passed, or a standing order without an occurrence; an order that starts at the end
        of a period has that day as its agreed day from here on."""
        ask = self.ask
        if ask.quoted_days is not None and not 0 <= ask.quoted_days <= LONGEST_DELAY_DAYS:
            return Reason.SCHEDULE_INVALID
        if ask.agreed_on is None and ask.start is None:
            return None if ask.repeat is None else Reason.SCHEDULE_INVALID
        return self._funds_problem(today) if self.awaits_funds else self._day_problem(today)

    def _day_problem(self, today: date) -> Reason | None:
        """Of an order that starts on a given day or at the end of a period."""
        ask, start = self.ask, self.ask.start
        ends_on = None if start is None else period_end(start, today)
        if start is not None and (ask.agreed_on is not None or ends_on is None):
            return Reason.SCHEDULE_INVALID
        day = reception.agreed_day(
            StartCondition.GIVEN_DAY if start is None else start.condition,
            self.terms.transfers.reception,
            given_day=ask.agreed_on,
            period_ends_on=ends_on,
        )
        if day is None:
            return Reason.START_NOT_OFFERED
        if day.year >= LAST_YEAR:  # the last frozen year is kept for the delays that run into it
            return Reason.SCHEDULE_INVALID
        if start is not None:
            self.ask = ask = msgspec.structs.replace(ask, agreed_on=day)
        if ask.repeat is None:
            return Reason.DATE_PAST if day < today else None
        return schedule_refusal(schedule_of(ask), today)

    def _funds_problem(self, today: date) -> Reason | None:
        """Of an order that the customer's funds start: it waits until a day, by the agreement if not said."""
        ask, start, terms = self.ask, self.ask.start, self.terms.transfers.reception
        assert start is not None
        if ask.agreed_on is not None or ask.repeat is not None or start.months or start.days:
            return Reason.SCHEDULE_INVALID
        if reception.agreed_day(start.condition, terms, funds_available_on=today) is None:
            return Reason.START_NOT_OFFERED
        until = start.until_on or today + timedelta(days=terms.longest_wait_for_funds_days.value)
        if until < today:
            return Reason.DATE_PAST
        if until.year >= LAST_YEAR:
            return Reason.SCHEDULE_INVALID
        self.ask = msgspec.structs.replace(ask, start=msgspec.structs.replace(start, until_on=until))
        return None

    def ceiling_problem(self, facts: Facts, command: Command, debit_minor: int) -> Reason | None:
        """The ceilings of the remote space, both of them, and the one of instant transfers."""
        terms = self.terms.transfers.ceilings
        if self.ask.service is Service.INSTANT:
            reason = ceilings.instant_ceiling_refusal(self.ask.amount_minor, terms)
            if reason is not None:
                return reason
        if not counts_against_ceilings(self.terms, self.channel):
            return None
        limits = limits_of(self.terms, self.account, facts, self.terms.local_day(command.received_at))
        spent = facts.get(SPENT, spent_key(self.terms, self.account.id, command)) or 0
        return ceilings.ceiling_refusal(debit_minor, spent, limits)

    def charge_option(self) -> ChargeOption:
        """Who bears the charges."""
        return charges.charge_option(
            self.ask.charges, self.route.charges, self.terms.transfers.charges
        ).option


def payee_iban(payee: PayeeAccount) -> str:
    """The IBAN that decides: the one given, or the one that a French RIB (23 characters) makes; else ""."""
    to = identifiers.executed_to(payee, payee.name)
    if payee.iban:
        return to
    return _iban_of_rib(to) if payee.rib else ""


@lru_cache(maxsize=100_000)
def _iban_of_rib(rib: str) -> str:
    made = make_rib(rib[:5], rib[5:10], rib[10:21]) if len(rib) == 23 and rib.isalnum() else None
    if made is None or made.key != rib[21:]:
        return f"FR00{rib}"  # a wrong key is a wrong identifier
    return made.iban


def branch_of(account: Account) -> str:
    """The key of the account's branch in the calendar; branches without their own hours have the
    default's."""
    return account.branch or "default"


def given_fields(ask: PlaceTransfer) -> tuple[bool, ...]:
    """Which of the payee's fields are stated, in the order of `_GIVEN`."""
    p = ask.payee
    return (
        bool(p.name), bool(p.iban), bool(p.rib), bool(p.account_number), bool(p.address), bool(p.bic),
        bool(p.bank_name),
    )  # fmt: skip


_GIVEN = (
    Field.PAYEE_NAME, Field.PAYEE_IBAN, Field.PAYEE_RIB, Field.PAYEE_ACCOUNT_NUMBER, Field.PAYEE_ADDRESS,
    Field.PAYEE_BIC, Field.PAYEE_BANK_NAME,
)  # fmt: skip
_ALWAYS = frozenset({Field.DEBIT_ACCOUNT, Field.AMOUNT, Field.CURRENCY, Field.PAYER_DATA})  # by command


@lru_cache(maxsize=10_000)
def lacking(given: tuple[bool, ...], route: Route, terms: Terms, day: date) -> tuple[Field, ...]:
    """What an order lacks. The payer's data are the bank's to complete."""
    fields = _ALWAYS | {f for f, there in zip(_GIVEN, given, strict=True) if there}
    wanted = terms.transfers.identifiers
    missing = identifiers.missing_fields(fields, route.transfer_class, wanted)
    missing += identifiers.payee_account_missing(fields, route.transfer_class, route.regime, wanted)
    waived = identifiers.bic_waived(
        fields,
        route.transfer_class,
        (route.payer.place, route.payee.place),
        wanted,
        terms.plans.geography(day),
    )
    return missing + identifiers.payee_bank_missing(
        fields, route.transfer_class, route.regime, wanted, waived=waived
    )


def schedule_of(ask: PlaceTransfer) -> Schedule:
    """The schedule of a standing order."""
    assert ask.repeat is not None
    assert ask.agreed_on is not None
    repeat = ask.repeat
    return Schedule(repeat.frequency, ask.agreed_on, repeat.end_of_month, repeat.last_on, repeat.occurrences)


def period_end(start: Start, today: date) -> date | None:
    """The last day of a period that begins today; None if it is none, or longer than a bank agrees to."""
    months, days = start.months, start.days
    is_period = months >= 0 and days >= 0 and 0 < months * 31 + days <= LONGEST_PERIOD_DAYS
    if not is_period or start.until_on is not None:
        return None
    return add_months(today, months) + timedelta(days=days)


def amount_problem(ask: PlaceTransfer) -> Reason | None:
    """An amount is positive, within what the books hold, in a currency that they know."""
    if ask.currency not in CURRENCIES:
        return Reason.CURRENCY_NOT_OFFERED
    return None if 0 < ask.amount_minor <= LARGEST_MINOR else Reason.AMOUNT_INVALID


def agreed_rate_problem(
    ask: PlaceTransfer, account: Account, command: Command, facts: Facts
) -> Reason | None:
    """A rate that an order brings is one that the bank has agreed: whoever may agree it enters the order."""
    if ask.rate is None or ask.currency == account.currency:
        return None
    cleared = is_cleared(facts.get(STAFF, command.actor), MAY_AGREE_RATES)
    return None if cleared else Reason.RATE_NOT_AGREED


def orderer(command: Command, ask: PlaceTransfer) -> int:
    """The person whose order it is: who asks, or whose signed form a member of staff (negative id) enters."""
    return command.actor if command.actor > 0 else ask.ordered_by


def authority_problem(context: TransferContext, terms: Terms, account: Account, person: int) -> Reason | None:
    """The account runs, and this person alone may order from it."""
    if account.kind is AccountKind.OWN or not context.may_order(account, terms, person):
        return Reason.NOT_AUTHORISED
    return None if account.status is Status.OPEN else Reason.ACCOUNT_UNAVAILABLE


def counts_against_ceilings(terms: Terms, channel: Channel) -> bool:
    """Whether orders on the channel are limited and the agreement sets a limit at all."""
    agreed = terms.transfers.ceilings
    limited = agreed.per_operation_minor.value is not None or agreed.weekly_minor.value is not None
    return limited and ceilings.has_ceilings(channel, agreed)


def spent_key(
    terms: Terms, account: AccountId, command: Command
) -> tuple[AccountId, object, tuple[int, ...]]:
    """The fact that says what of the weekly ceiling is used."""
    agreed = terms.transfers.ceilings
    since = ceilings.week_begins(command.received_at, agreed, terms.zone)
    return account, since, tuple(sorted(agreed.channels.value))


def limits_of(terms: Terms, account: Account, facts: Facts, today: date) -> ceilings.Limits:
    """The ceilings in force: the agreement's, then the customer's own, the latest last."""
    agreed = terms.transfers.ceilings
    limits = ceilings.agreed_limits(agreed)
    for request in facts.get(CEILING, account.id) or ():
        if request.status != IN_FORCE:
            continue
        own = ceilings.Limits(
            limits.per_operation_minor
            if request.per_operation_minor is None
            else request.per_operation_minor,
            limits.weekly_minor if request.weekly_minor is None else request.weekly_minor,
        )
        raised = ceilings.TemporaryLimits(own, request.until_on or date.max)
        limits = ceilings.limits_in_force(limits, raised, today, agreed)
    return limits
