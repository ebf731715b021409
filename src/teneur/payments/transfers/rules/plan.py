"""The plan of a transfer: all that does not depend on the order itself, worked out once and remembered.

Two steps. A *route* is what the two banks, the currency and the service give: class, regime, charges,
identifiers. A *plan* adds timing, channel and the local day of arrival: cut-off, reception, maximum
execution time, citations. A decision then compares instants and amounts only.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from teneur.agreements.agreement import Agreement, Citable
from teneur.agreements.terms.transfers import (
    ChargeSituation,
    Delay,
    Regime,
    Service,
    Timing,
    TransferClass,
)
from teneur.kernel.calendars import Calendar, Calendars
from teneur.kernel.clock import Instant, zone
from teneur.kernel.commands import Channel
from teneur.kernel.deadlines import Deadline
from teneur.payments.transfers.rules import channels as channel_rules
from teneur.payments.transfers.rules import (
    charges,
    execution,
    identifiers,
    incoming,
    reception,
    regimes,
    revocation,
    routing,
)
from teneur.payments.transfers.rules.ceilings import has_ceilings
from teneur.payments.transfers.rules.geography import Bank, Geography
from teneur.payments.transfers.rules.refusal import Reason
from teneur.payments.transfers.rules.regimes import Duty
from teneur.payments.transfers.rules.routing import Counterparty
from teneur.pricing.fees.rules import prices

BRANCH_CHANNELS = frozenset({Channel.BRANCH, Channel.PAPER, Channel.POST})
_REMEMBERED = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class Route:
    """What the accounts, the currency and the service give. Compared by identity: one object for each."""

    transfer_class: TransferClass
    service: Service
    currency: str
    converted: bool
    payer: Bank
    payee: Bank
    counterparty: Counterparty
    regime: Regime
    full_amount_binds: bool
    refusal_notice_binds: bool
    maximum_time_binds: bool
    charges: ChargeSituation
    delay: Delay
    quoted: bool
    reach: execution.Reach
    citations: tuple[str, ...]

    @property
    def on_us(self) -> bool:
        """This bank keeps both accounts."""
        return self.payer.own and self.payee.own


@dataclass(frozen=True, slots=True)
class Timeline:
    """What an order that arrives in one stretch of the day has before it.

    received_at: the deemed moment of reception; None: the actual one. execution: None where it is quoted or
    instant.
    value_on: value date of both sides if it is executed on the day of reception.
    """

    received_at: Instant | None
    received_on: date
    execution: Deadline | None
    value_on: date

    def reception(self, arrived_at: Instant) -> Instant:
        """The moment of reception of an order that arrived then; until it, it may be revoked if immediate."""
        return arrived_at if self.received_at is None else self.received_at


@dataclass(frozen=True, slots=True, eq=False)
class TransferPlan:
    """A route on one channel on one local day.

    refusal: why no such order is taken at all, whoever asks. needs_subscription: only with a specific
    agreement.
    last_on_time: up to and including it an order takes `on_time`, then `late`.
    fee_event: what the tariff of that day charges for it; empty: it is free.
    """

    route: Route
    timing: Timing
    channel: Channel
    arrives_on: date
    refusal: Reason | None
    needs_subscription: bool
    needs_signature: bool
    has_ceilings: bool
    last_on_time: Instant
    on_time: Timeline
    late: Timeline
    citations: tuple[str, ...]
    fee_event: str = ""

    def timeline(self, arrived_at: Instant) -> Timeline:
        """On time or late: one comparison."""
        return self.on_time if arrived_at <= self.last_on_time else self.late


class Plans:
    """The plans of one agreement. Safe to share between threads: what is remembered is always right."""

    def __init__(self, agreement: Agreement, calendars: Calendars) -> None:
        self._agreement = agreement
        self._terms = agreement.transfers
        self._calendars = calendars
        self._zone = zone(agreement.zone)
        self._shift = agreement.calendar.late_shift_business_days.value
        self._routes: dict[tuple[object, ...], Route] = {}
        self._plans: dict[tuple[object, ...], TransferPlan] = {}

    def route(
        self,
        currency: str,
        account_currency: str,
        payer: Bank,
        payee: Bank,
        counterparty: Counterparty,
        on_date: date,
        service: Service = Service.ORDINARY,
    ) -> Route:
        """The route between two banks; account_currency: of the account debited here."""
        key = (currency, account_currency, payer, payee, counterparty, on_date, service)
        found = self._routes.get(key)
        if found is None:
            _make_room(self._routes)
            found = self._routes[key] = self._new_route(*key)
        return found

    def plan(
        self,
        route: Route,
        timing: Timing,
        channel: Channel,
        arrives_on: date,
        branch: str = "default",
        agreed_day: date | None = None,
    ) -> TransferPlan:
        """The plan of an order that arrives on a local day.

        agreed_day: of a deferred order or one occurrence.
        """
        key = (route, timing, channel, arrives_on, branch, agreed_day)
        found = self._plans.get(key)
        if found is None:
            _make_room(self._plans)
            found = self._plans[key] = self._new_plan(*key)
        return found

    def of_order(
        self,
        currency: str,
        account_currency: str,
        banks: tuple[Bank, Bank],
        counterparty: Counterparty,
        arrives_on: date,
        service: Service,
        timing: Timing,
        channel: Channel,
        branch: str,
        agreed_day: date | None,
    ) -> TransferPlan:
        """Route and plan of an order in one look. banks: the payer's and the payee's."""
        payer, payee = banks
        key = (
            currency, account_currency, payer, payee, counterparty, arrives_on, service, timing, channel,
            branch, agreed_day,
        )  # fmt: skip
        found = self._plans.get(key)
        if found is None:
            route = self.route(currency, account_currency, payer, payee, counterparty, arrives_on, service)
            found = self.plan(route, timing, channel, arrives_on, branch, agreed_day)
            self._plans[key] = found
        return found

    def revocation_deadline(
        self, route: Route, agreed_day: date, channel: Channel, branch: str = "default"
    ) -> Instant:
        """The last instant in time of a revocation of an order with an agreed day, asked on a channel."""
        terms = self._terms.revocation
        return revocation.revocation_deadline(
            agreed_day,
            revocation.cut_off_of_revocation(channel, terms),
            terms,
            self.days(channel, route.currency, branch),
            self._calendars.branch(branch),
            self._zone,
        )

    def geography(self, on_date: date) -> Geography:
        """The country sets of the agreement on a date."""
        return Geography(self._agreement.countries, on_date)

    def _new_route(
        self,
        currency: str,
        account_currency: str,
        payer: Bank,
        payee: Bank,
        counterparty: Counterparty,
        on_date: date,
        service: Service,
    ) -> Route:
        terms, geography = self._terms, self.geography(on_date)
        eea_currencies = terms.routing.eea_currencies.value
        kind = routing.transfer_class(currency, payer, payee, terms.routing, geography)
        regime = regimes.regime_of(
            currency, payer.place, payee.place, terms.regimes, eea_currencies, geography
        )
        converted = currency != account_currency
        situation = charges.charge_situation(
            kind, converted=converted, payee_bank_in_eea=geography.in_eea(payee.place)
        )
        delay = execution.delay_of(kind, currency, eea_currencies, terms.execution)
        quoted = execution.is_quoted(delay, (payer.place, payee.place), terms.execution, geography)
        time_binds = regimes.duty_applies(Duty.MAXIMUM_EXECUTION_TIME, regime, terms.regimes)
        return Route(
            transfer_class=kind,
            service=service,
            currency=currency,
            converted=converted,
            payer=payer,
            payee=payee,
            counterparty=counterparty,
            regime=regime,
            full_amount_binds=regimes.duty_applies(Duty.FULL_AMOUNT, regime, terms.regimes),
            refusal_notice_binds=regimes.duty_applies(Duty.REFUSAL_NOTICE, regime, terms.regimes),
            maximum_time_binds=time_binds,
            charges=situation,
            delay=delay,
            quoted=quoted,
            reach=execution.reach(maximum_time_binds=time_binds),
            citations=self._agreement.cite(
                *_class_sources(kind),
                regimes.excluded_articles(regime, terms.regimes),
                charges.options_in(situation, terms.charges),
            ),
        )

    def _new_plan(
        self,
        route: Route,
        timing: Timing,
        channel: Channel,
        arrives_on: date,
        branch: str,
        agreed_day: date | None,
    ) -> TransferPlan:
        terms = self._terms
        cut_off = reception.cut_off_of(
            route.transfer_class, route.service, timing, route.currency, channel, terms.reception
        )
        opening = self._calendars.branch(branch)
        last = reception.last_instant(
            arrives_on, None if cut_off is None else cut_off.value, opening, self._zone
        )
        refusal = self._refusal(route, timing, channel)
        return TransferPlan(
            route=route,
            timing=timing,
            channel=channel,
            arrives_on=arrives_on,
            refusal=None if refusal is Reason.SUBSCRIPTION_NEEDED else refusal,
            needs_subscription=refusal is Reason.SUBSCRIPTION_NEEDED,
            needs_signature=channel_rules.signature_refusal(channel, terms.ordering, signed=False)
            is not None,
            has_ceilings=has_ceilings(channel, terms.ceilings),
            last_on_time=last,
            on_time=self._timeline(route, timing, channel, arrives_on, branch, agreed_day, late=False),
            late=self._timeline(route, timing, channel, arrives_on, branch, agreed_day, late=True),
            citations=self._citations(route, timing, channel, () if cut_off is None else (cut_off,)),
            fee_event=self._fee_event(route, channel, arrives_on),
        )

    def _fee_event(self, route: Route, channel: Channel, on: date) -> str:
        """What is charged for such a transfer; nothing between accounts of the same customer here."""
        agreement = self._agreement
        if route.on_us and route.counterparty is Counterparty.OWN:
            return ""
        at_branch = channel in BRANCH_CHANNELS
        terms = agreement.tariff.transfers
        event = prices.transfer_event(route.transfer_class, route.service, at_branch=at_branch, terms=terms)
        return "" if prices.price_of(event, on, agreement.accounts, agreement.tariff).zero else event

    def _timeline(
        self,
        route: Route,
        timing: Timing,
        channel: Channel,
        arrives_on: date,
        branch: str,
        agreed_day: date | None,
        *,
        late: bool,
    ) -> Timeline:
        if route.service is Service.INSTANT:
            return Timeline(None, arrives_on, None, self._value_date(arrives_on))
        days = self.days(channel, route.currency, branch)
        deemed = reception.deemed_reception(arrives_on, days, self._shift, self._zone, late=late)
        begins_at, received_on = deemed.begins_at, deemed.day
        if agreed_day is not None:
            moment = reception.agreed_reception(agreed_day, received_on, days, self._zone)
            begins_at, received_on = moment.at, moment.day
        return Timeline(
            begins_at,
            received_on,
            self._execution(route, timing, channel, received_on),
            self._value_date(received_on),
        )

    def _value_date(self, booked_on: date) -> date:
        return incoming.value_date(booked_on, self._terms.incoming, self._agreement.tariff)

    def _execution(
        self, route: Route, timing: Timing, channel: Channel, received_on: date
    ) -> Deadline | None:
        """Delays between banks run on their payment days, from the first one if a branch opens on another."""
        if route.quoted:
            return None
        paper = execution.paper_extension(route.delay, channel, timing, self._terms.execution)
        count = execution.maximum_business_days(route.delay, paper, converted=route.converted)
        interbank = self._calendars.payment_in(route.currency)
        return execution.execution_deadline(
            interbank.next_on_or_after(received_on), count, interbank, self._zone
        )

    def _refusal(self, route: Route, timing: Timing, channel: Channel) -> Reason | None:
        ordering = self._terms.ordering
        if route.service is Service.INSTANT:
            refused = channel_rules.instant_refusal(
                route.transfer_class,
                timing,
                self._terms.instant,
                payee_bank_takes_instant=route.payee.instant or route.payee.own,
            )
            if refused is not None:
                return refused
        return (
            channel_rules.payee_refusal(channel, route.counterparty, ordering, at_this_bank=route.payee.own)
            or channel_rules.currency_refusal(route.transfer_class, channel, route.currency, ordering)
            or channel_rules.channel_refusal(
                route.transfer_class, route.service, timing, channel, (), ordering
            )
        )

    def days(self, channel: Channel, currency: str, branch: str) -> Calendar:
        """The business days of an operation: the branch's where it is made there, else the payment days."""
        if channel in BRANCH_CHANNELS:
            return self._calendars.branch_days(branch)
        return self._calendars.payment_in(currency)

    def _citations(
        self, route: Route, timing: Timing, channel: Channel, cut_off: tuple[Citable, ...]
    ) -> tuple[str, ...]:
        received: tuple[Citable, ...] = (reception.deemed_reception, *cut_off)
        if timing is not Timing.IMMEDIATE:
            received = (reception.agreed_reception, *cut_off)
        delay = route.delay
        limit: tuple[Citable, ...] = (delay.kind,) if route.quoted else (delay.business_days,)
        paper = execution.paper_extension(delay, channel, timing, self._terms.execution)
        if paper and not route.quoted:
            limit = (*limit, delay.paper_extra_business_days)
        if route.converted and delay.converted_business_days.value is not None:
            limit = (delay.converted_business_days,)
        if route.service is Service.INSTANT:
            received, limit = (
                (),
                (self._terms.instant.target_seconds, self._terms.instant.exceptional_seconds),
            )
        return self._agreement.cite(*received, *limit)


def _class_sources(kind: TransferClass) -> tuple[Citable, ...]:
    if kind is TransferClass.SEPA:
        return (routing.is_sepa,)
    if kind is TransferClass.LOCAL:
        return (routing.is_local,)
    if kind is TransferClass.COM_PACIFIC:  # each such order is looked at for identifiers that may be rejected
        return (routing.is_com_pacific, identifiers.com_pacific_advice)
    return (routing.transfer_class,)


def _make_room(remembered: dict[tuple[object, ...], Any]) -> None:
    if len(remembered) >= _REMEMBERED:
        remembered.clear()
