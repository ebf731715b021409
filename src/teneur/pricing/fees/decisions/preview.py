"""What an operation would cost and when it would be done, told before it is ordered. The answer is kept."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from teneur.accounts.governing import Governing, GoverningTerms, open_account
from teneur.cash import rules as cash
from teneur.kernel.clock import business_date, start_of_day
from teneur.kernel.commands import Channel, Command, Decision, Facts, Need, Outcome, refuse
from teneur.ledger.account import ACCOUNT, ACCOUNT_OF_IBAN, Account
from teneur.payments.exchange.converting import rate_needs
from teneur.payments.exchange.rules import commission_event
from teneur.payments.transfers.commands import PlaceTransfer
from teneur.payments.transfers.context import TransferContext
from teneur.payments.transfers.decisions.order import Order, amount_problem, payee_iban
from teneur.payments.transfers.rules.refusal import Reason
from teneur.pricing.fees.commands import GivePriorInformation
from teneur.pricing.fees.decisions.parts import OnAccount, person_asking
from teneur.pricing.fees.rules import prices, requests
from teneur.pricing.fees.rules.requests import FeeLine

TRANSFER, WITHDRAWAL, DEPOSIT = "transfer", "cash-withdrawal", "cash-deposit"
WITHDRAWAL_EVENT = "cash-withdrawal-branch"
Found = tuple[datetime | None, tuple[FeeLine, ...], dict[str, Any]]


class PreviewHandler(OnAccount):
    """GivePriorInformation."""

    def __init__(self, governing: Governing, transfers: TransferContext) -> None:
        super().__init__(governing)
        self._transfers = transfers

    def needs(self, command: Command, facts: Facts) -> Iterable[Need]:
        """Also whose the payee's account is, if it is one of ours."""
        ask: GivePriorInformation = command.ask  # type: ignore[assignment]
        yield from super().needs(command, facts)
        if ask.order is not None:
            iban = payee_iban(ask.order.payee)
            yield ACCOUNT_OF_IBAN, iban
            payee = facts.peek(ACCOUNT_OF_IBAN, iban)
            if payee is not None:
                yield ACCOUNT, payee
            account: Account | None = facts.peek(ACCOUNT, command.subject)
            terms = None if account is None else self._transfers.terms(account, command.received_at)
            if account is not None and terms is not None:
                at, agreed = command.received_at, terms.agreement.exchange
                yield from rate_needs(ask.order.currency, account.currency, None, at, agreed, terms.zone)

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused for who is no holder, and for an operation that would be refused itself."""
        ask: GivePriorInformation = command.ask  # type: ignore[assignment]
        account = open_account(command, facts)
        if isinstance(account, Decision):
            return account
        if not person_asking(command, account, facts):
            return refuse("not-a-holder", ())
        day, terms = self._governing.on_day_of(account, command.received_at)
        found = self._found(ask, account, command, terms, facts)
        if isinstance(found, Decision):
            return found
        latest_at, lines, more = found
        told = requests.prior_information(latest_at, lines)
        detail = {
            **more,
            "operation": ask.operation,
            "latest_at": told.latest_at,
            "fees": [{"event": line.event, "amount_minor": line.amount_minor} for line in told.fees],
            "total_minor": told.total_minor,
            "written": ask.written,
        }
        citations = terms.agreement.cite(requests.prior_information)
        return Decision(Outcome.ACCEPTED, citations, detail=detail, booked_on=day)

    def _found(
        self,
        ask: GivePriorInformation,
        account: Account,
        command: Command,
        terms: GoverningTerms,
        facts: Facts,
    ) -> Found | Decision:
        match ask.operation:
            case "transfer" if ask.order is not None and ask.channel in Channel._value2member_map_:
                return self._transfer(ask.order, Channel(ask.channel), account, command, facts)
            case "cash-withdrawal" if ask.amount_minor > 0:
                line = self._line(terms, WITHDRAWAL_EVENT, command, ask.amount_minor, account)
                return None, (line,), {}
            case "cash-deposit" if ask.amount_minor > 0:
                agreed, branch = terms.agreement.cash, account.branch or "default"
                on = cash.received_on(command.received_at, branch, agreed, terms.calendars, terms.zone)
                usable_on = cash.available_on(on, agreed)
                return start_of_day(usable_on, terms.zone), (), {"available_on": usable_on.isoformat()}
            case _:
                return refuse("invalid-field", (), detail={"field": "operation"})

    def _line(
        self, terms: GoverningTerms, event: str, command: Command, base_minor: int, account: Account
    ) -> FeeLine:
        day = business_date(command.received_at, terms.zone)
        agreement = terms.agreement
        price = prices.price_of(event, day, agreement.accounts, agreement.tariff)
        price = prices.price_in(price, agreement.currency, account.currency)
        return FeeLine(event, prices.amount_of(price, base_minor, 1))

    def _transfer(
        self, ask: PlaceTransfer, channel: Channel, account: Account, command: Command, facts: Facts
    ) -> Found | Decision:
        """The plan of such an order says both; an order that would be refused is refused here too."""
        terms = self._transfers.terms(account, command.received_at)
        if terms is None:
            return refuse("no-agreement-in-force", ())
        order = Order(self._transfers, terms, account, ask, channel)
        today = terms.local_day(command.received_at)
        problem = amount_problem(ask) or order.schedule_problem(today) or order.find_plan(facts, today)
        if problem is None and order.plan is not None:
            problem = order.plan.refusal
        if problem is None and ask.rate is not None and not (ask.rate.is_finite() and ask.rate > 0):
            problem = Reason.AMOUNT_INVALID
        problem = problem or order.convert(facts, command.received_at)
        if problem is not None:
            return refuse(str(problem), ())
        assert order.plan is not None
        timeline = order.timeline(command.received_at)
        agreement = terms.agreement
        debit = order.debit_minor
        events = [order.plan.fee_event] if order.plan.fee_event else []
        if order.basis is not None:
            commission = commission_event(order.basis, agreement.exchange.commission)
            events += [commission] if commission else []
        found = []
        for event in events:
            price = prices.price_of(event, timeline.received_on, agreement.accounts, agreement.tariff)
            price = prices.price_in(price, agreement.currency, account.currency)
            found.append(FeeLine(event, prices.amount_of(price, debit, 1)))
        latest = timeline.execution.due_at if timeline.execution else None
        return (
            latest,
            tuple(found),
            {"class": str(order.route.transfer_class), "received_on": timeline.received_on.isoformat()},
        )
