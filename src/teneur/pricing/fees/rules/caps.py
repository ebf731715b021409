"""What the law caps: by event, by operation, by month and year; the same payment rejected again."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal

import msgspec

from teneur.agreements.terms.accounts import AccountTerms
from teneur.agreements.terms.tariff import Cap, CapTerms, Holder, Nature, SamePayment, TariffTerms
from teneur.kernel.rules import rule
from teneur.pricing.fees.rules.prices import amount_of, first_day, free_times_a_month, holder_of, price_of
from teneur.pricing.fees.rules.recurring import period_holding, pro_rata_minor, span_of

ALL_INCIDENTS = "incidents"
SAME_PAYMENT, FREE_OF_MONTH = "same-payment", "basic-service"


class Charge(msgspec.Struct, frozen=True, kw_only=True):
    """A fee as the caps see it. amount_minor: what it came to (less what was given back); None: not yet."""

    event: str
    about: str
    occurred_on: date
    base_minor: int = 0
    quantity: int = 1
    amount_minor: int | None = None


class Assessed(msgspec.Struct, frozen=True):
    """What a fee comes to. limits: codes of the caps and exemptions that made it less."""

    price_minor: int
    amount_minor: int
    limits: tuple[str, ...] = ()


def is_incident(event: str, tariff: TariffTerms) -> bool:
    """Whether the law counts the event's fee among those of irregularities and incidents."""
    known = tariff.events.get(event)
    return known is not None and known.value.nature is Nature.INCIDENT


def caps_on(event: str, holder: Holder, on: date, tariff: TariffTerms) -> list[tuple[str, CapTerms, Cap]]:
    """The caps that bind a fee of that day, by name, each with its value on it."""
    found = []
    for name, terms in tariff.caps.items():
        begun = [since for since in terms.since if first_day(since) <= on]
        covers = _covers(terms, event, tariff)
        if holder in terms.holders.value and covers and begun:
            found.append((name, terms, terms.since[max(begun, key=first_day)].value))
    return found


def _covers(terms: CapTerms, event: str, tariff: TariffTerms) -> bool:
    events = terms.events.value
    return event in events or (ALL_INCIDENTS in events and is_incident(event, tariff))


@rule(law="CMF L131-73, D131-25, D133-6, L133-26 II, LPF L262")
def most_for_operation(cap: Cap, base_minor: int, quantity: int) -> int | None:
    """The most for one operation, all labels together; None: this cap sets none."""
    limits = []
    if cap.each_minor is not None:
        larger = cap.above_base_minor is not None and base_minor > cap.above_base_minor
        each = cap.each_above_minor if larger and cap.each_above_minor is not None else cap.each_minor
        limits.append(each * quantity)
    if cap.of_base:
        limits.append(base_minor)
    if cap.base_percent is not None:
        share = Decimal(base_minor) * cap.base_percent / 100
        limits.append(int(share.to_integral_value(rounding=ROUND_DOWN)))
    return min(limits, default=None)


@rule(law="CMF R312-4-1, R312-4-2, R312-4-3")
def left_in_period(most_minor: int, taken: Iterable[int]) -> int:
    """What a cap of a month or a year leaves after the fees it already covers."""
    return max(0, most_minor - sum(taken))


@rule(law="CMF L133-26 II bis, D131-25")
def rejected_before(charge: Charge, earlier: Iterable[Charge], terms: SamePayment) -> bool:
    """Whether the same payment, or the same cheque within its days, was rejected at a price before."""
    since = terms.since.value
    for other in earlier:
        if other.about != charge.about or other.event != charge.event:
            continue
        if charge.event in terms.events.value and since is not None and charge.occurred_on >= since:
            return True
        again_until = other.occurred_on + timedelta(days=terms.cheque_days.value)
        if charge.event in terms.cheque_events.value and charge.occurred_on <= again_until:
            return True
    return False


def assess(
    charge: Charge,
    before: Sequence[Charge],
    others: Sequence[Charge],
    accounts: AccountTerms,
    tariff: TariffTerms,
) -> Assessed:
    """What a fee comes to on this account.

    before: all fees that arose before it, whatever became of them. others: every other fee that has its
    amount already. The price of its day times its quantity; then exemptions, then each cap of the law.
    """
    holder = holder_of(accounts, tariff)
    on = charge.occurred_on
    price = price_of(charge.event, on, accounts, tariff)
    full = _in_proportion(charge, amount_of(price, charge.base_minor, charge.quantity), tariff)
    if full and rejected_before(charge, before, tariff.same_payment):
        return Assessed(full, 0, (SAME_PAYMENT,))
    paid_for = charge.quantity - _free_left(charge, before, holder, tariff)
    amount = full if paid_for == charge.quantity else amount_of(price, charge.base_minor, paid_for)
    limits = [] if amount == full else [FREE_OF_MONTH]
    for name, terms, cap in caps_on(charge.event, holder, on, tariff):
        allowed = _allowed(charge, cap, [c for c in others if _covers(terms, c.event, tariff)])
        if allowed is not None and allowed < amount:
            amount = allowed
            limits.append(name)
    return Assessed(full, amount, tuple(limits))


def _in_proportion(charge: Charge, amount_minor: int, tariff: TariffTerms) -> int:
    """Of a recurring fee, the share of the days for which it is owed."""
    recurring, used = tariff.recurring.get(charge.event), span_of(charge.about)
    if recurring is None or used is None:
        return amount_minor
    return pro_rata_minor(amount_minor, period_holding(used.first_day, recurring.months.value), used)


def _free_left(charge: Charge, before: Iterable[Charge], holder: Holder, tariff: TariffTerms) -> int:
    """How many of this fee's events the month's free ones still cover."""
    free = free_times_a_month(charge.event, holder, tariff)
    if not free:
        return 0
    used = sum(
        c.quantity
        for c in before
        if c.event == charge.event and same_month(c.occurred_on, charge.occurred_on)
    )
    return max(0, min(charge.quantity, free - used))


def same_month(one: date, other: date) -> bool:
    """Whether two days lie in the same calendar month: the law's month, by the day of the event."""
    return (one.year, one.month) == (other.year, other.month)


def _allowed(charge: Charge, cap: Cap, covered: Sequence[Charge]) -> int | None:
    """What one cap leaves for a fee after those that it covers already."""
    on = charge.occurred_on
    found = []
    most = most_for_operation(cap, charge.base_minor, charge.quantity)
    if most is not None:
        same = (c.amount_minor or 0 for c in covered if c.about == charge.about)
        found.append(left_in_period(most, same))
    if cap.month_minor is not None:
        of_month = (c for c in covered if same_month(c.occurred_on, on))
        found.append(left_in_period(cap.month_minor, (c.amount_minor or 0 for c in of_month)))
    if cap.year_minor is not None:
        of_year = (c for c in covered if c.occurred_on.year == on.year)
        found.append(left_in_period(cap.year_minor, (c.amount_minor or 0 for c in of_year)))
    return min(found, default=None)
