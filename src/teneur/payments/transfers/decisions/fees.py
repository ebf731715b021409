"""What transfers cost: events that the tariff has a price for, as effects. The principal is never touched."""

from datetime import date, datetime

from teneur.kernel.commands import Effect
from teneur.kernel.fees import FeeDue
from teneur.ledger.account import Account
from teneur.payments.exchange.rules import commission_event
from teneur.payments.transfers.context import Terms
from teneur.payments.transfers.decisions.order import Order
from teneur.payments.transfers.rules.refusal import Reason
from teneur.pricing.fees.rules import prices

REFUSAL = "refusal-notice"


def transfer_fee(order: Order, on: date, debit_minor: int, about: str = "") -> tuple[Effect, ...]:
    """The fee of a transfer carried out that day, unless its plan says that it is free; the commission of
    its conversion beside it."""
    assert order.plan is not None
    events = [order.plan.fee_event]
    if order.basis is not None:
        events.append(commission_event(order.basis, order.terms.agreement.exchange.commission))
    return tuple(FeeDue(order.account.id, event, about, on, debit_minor) for event in events if event)


def refusal_fee(
    terms: Terms, account: Account, at: datetime, reason: Reason, base_minor: int, *, notice_owed: bool
) -> tuple[Effect, ...]:
    """The fee of the notice of a refusal that is objectively justified.

    base_minor: what was to be debited, which no such fee may exceed; 0: nothing may be charged.
    """
    tariff = terms.agreement.tariff
    if base_minor <= 0 or not prices.refusal_is_charged(
        str(reason), tariff.transfers, notice_owed=notice_owed
    ):
        return ()
    on = terms.local_day(at)
    if prices.price_of(REFUSAL, on, terms.agreement.accounts, tariff).zero:
        return ()
    return (FeeDue(account.id, REFUSAL, "", on, base_minor),)


def late_revocation_fee(order: Order, about: int, at: datetime) -> tuple[int, tuple[Effect, ...]]:
    """What a late revocation costs: its price, and the fee if there is any."""
    terms = order.terms
    on = terms.local_day(at)
    price = prices.late_revocation_price(on, terms.agreement.accounts, terms.agreement.tariff)
    return price, _charged(order, prices.LATE_REVOCATION, about, on, price)


def withdrawal_fee(order: Order, about: int, at: datetime) -> tuple[int, tuple[Effect, ...]]:
    """What withdrawing consent from a standing order costs: its price, and the fee if there is any."""
    terms = order.terms
    on = terms.local_day(at)
    price = prices.withdrawal_price(on, terms.agreement.accounts, terms.agreement.tariff)
    return price, _charged(order, prices.WITHDRAWAL, about, on, price)


def _charged(order: Order, event: str, about: int, on: date, price_minor: int) -> tuple[Effect, ...]:
    return (FeeDue(order.account.id, event, str(about), on),) if price_minor else ()
