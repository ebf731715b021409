"""Who may have an overdraft, when it holds, how it ends. Amounts are in minor units."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from enum import StrEnum

from teneur.agreements.terms.overdraft import (
    Capacity,
    Consent,
    Ending,
    Event,
    Excess,
    Granting,
    Ground,
    Law,
    OldDebts,
    Raising,
    Use,
)
from teneur.customers.facts import Person
from teneur.customers.rules import is_adult
from teneur.kernel.clock import Instant
from teneur.kernel.commands import Channel
from teneur.kernel.deadlines import add_months
from teneur.kernel.rules import rule
from teneur.ledger.account import AccountKind
from teneur.pricing.overdraft.facts import AuthorisationKind

# granting


def capacity_of(person: Person, day: date) -> Capacity:
    """The capacity of a person on a day: minority is told by the birth date."""
    if person.capacity is Capacity.FULL and not is_adult(person.birth_date, day):
        return Capacity.MINOR
    return person.capacity


@rule("BRED-8.1-1", "BNC-7.2.a-1")
def may_be_authorised(capacities: Collection[Capacity], terms: Granting) -> bool:
    """No overdraft for a non-emancipated minor or a protected adult, nor beside one as co-holder."""
    return not set(capacities) & set(terms.excluded_capacities.value)


@rule("BRED-1.3-3", "BNC-1.1.1-4")
def may_be_overdrawn(designated: bool, terms: Granting) -> bool:
    """An account opened by right runs in credit only: no authorisation, no tolerance."""
    return terms.on_designated_account.value or not designated


@rule("BRED-1.4.a-6", "BNC-1.2.2.a-5")
def consents_suffice(
    kind: AccountKind, holders: Collection[int], asking: Collection[int], terms: Granting
) -> bool:
    """Whether enough holders ask: at one bank any co-holder, at the other all of them."""
    if kind is AccountKind.JOINT and terms.joint_consent.value is Consent.ALL_HOLDERS:
        return set(holders) <= set(asking)
    return bool(set(holders) & set(asking))


@rule("BRED-8.1-2", "BRED-8.1-4", "BNC-7.2.a-2", "BNC-7.2.a-5")
def span_fits(kind: AuthorisationKind, starts_on: date, ends_on: date | None) -> bool:
    """An open-ended authorisation has no end date, a one-off one has: limited in amount and duration."""
    if kind is AuthorisationKind.ONE_OFF:
        return ends_on is not None and ends_on >= starts_on
    return kind is AuthorisationKind.OPEN_ENDED and ends_on is None


# changing and raising


@rule("BNC-7.2.a-4")
def may_agree_limit(channel: Channel, asking: Collection[int], holders: Collection[int]) -> bool:
    """The customer may at any time agree another limit with the adviser, through the branch."""
    return channel is Channel.BRANCH and bool(set(asking) & set(holders))


@rule("BNC-7.2.a-3")
def may_raise_alone(limit_minor: int, terms: Raising) -> bool:
    """The bank may raise the limit by itself up to an amount; beyond it the customer must agree."""
    return terms.maximum_minor.value is not None and limit_minor <= terms.maximum_minor.value


@rule("BNC-7.2.a-3")
def raise_mentions(
    limit_minor: int, effective_on: date, apr_percent: Decimal | None
) -> tuple[tuple[str, str | int], ...]:
    """The three mentions of the information on a raise: new amount, effective date, APR. Empty: one is
    missing."""
    if apr_percent is None or apr_percent < 0 or limit_minor <= 0:
        return ()
    return (
        ("limit_minor", limit_minor),
        ("effective_on", effective_on.isoformat()),
        ("apr_percent", str(apr_percent)),
    )


@rule("BNC-7.2.a-3")
def earliest_raise(sent_on: date) -> date:
    """The effective date is on or after the day on which the information is sent."""
    return sent_on


# reducing and ending


@rule("BRED-8.1.1-3", "BNC-7.2.b-2")
def earliest_with_notice(sent_on: date, terms: Ending) -> date:
    """Reduced or ended by the bank's registered letter: at least two months after it is sent."""
    return add_months(sent_on, terms.notice_months.value)


@rule("BRED-8.1.1-3", "BNC-7.2.b-2")
def notice_may_end(kind: AuthorisationKind, terms: Ending) -> bool:
    """Which authorisations the bank may reduce or end with notice: open-ended ones, at one bank all."""
    return kind is AuthorisationKind.OPEN_ENDED or terms.notice_ends_one_off.value


@rule("BRED-8.1.1-4", "BNC-7.2.b-3")
def acts_at_once(ground: Ground | None, explanation: str, terms: Ending) -> bool:
    """With a legitimate ground on record, and the letter, the bank acts at once."""
    return ground in terms.grounds.value and bool(explanation.strip())


@rule("BRED-8.1.1-2", "BNC-7.2.b-1")
def ended_by_customer_on(channel: Channel, received_on: date, terms: Ending) -> date | None:
    """The customer ends the authorisation at any time in writing: at receipt. None: not in writing."""
    return received_on if channel in terms.written_channels.value else None


@rule("BRED-8.1.1-1", "BNC-7.2.b-4")
def ends_by_itself(event: Event, kind: AccountKind, terms: Ending) -> bool:
    """Closing, denunciation, death (but on a joint account), incapacity, insolvency: without notice."""
    if event is Event.DEATH and kind is AccountKind.JOINT:
        return terms.death_ends_joint.value
    if event is Event.DENUNCIATION and kind is not AccountKind.JOINT:
        return False
    return event in terms.events.value


@rule(law="C. conso. L312-90")
def may_repay_in_instalments(kind: AuthorisationKind, reduced_on: date, terms: Law) -> bool:
    """From 20 November 2026: what the bank's reduction of an open-ended overdraft leaves uncovered."""
    since = terms.instalments_from.value
    return since is not None and kind is AuthorisationKind.OPEN_ENDED and reduced_on >= since


@rule(law="C. conso. L312-90")
def instalments(excess_minor: int, starts_on: date, terms: Law) -> tuple[tuple[date, int], ...]:
    """Equal monthly parts and the day by whose end each is due; they differ by at most one minor unit, the
    larger ones last, and add up to the excess."""
    count = terms.instalments.value
    part, rest = divmod(excess_minor, count)
    amounts = [part + (1 if index >= count - rest else 0) for index in range(count)]
    return tuple((add_months(starts_on, index + 1), amount) for index, amount in enumerate(amounts))


# use: days in debit, excess


@rule("BRED-8.1-3", "BNC-7.2.a-2")
def days_in_debit(began_on: date, day: date) -> int:
    """Day 1 is the first day whose end-of-day booked balance is negative; one at zero or above ends the
    count."""
    return (day - began_on).days + 1


@rule("BRED-8.1-3", "BNC-7.2.a-2")
def is_too_long(began_on: date, day: date, kind: AuthorisationKind | None, terms: Use) -> bool:
    """More than 30 consecutive days under an open-ended authorisation; a one-off one has its own duration."""
    if kind is not AuthorisationKind.OPEN_ENDED:
        return False
    return days_in_debit(began_on, day) > terms.longest_debit_days.value


@rule("BRED-8.2-3", "BNC-7.1-3")
def tolerated_floor(available_minor: int, floor_minor: int, debit_minor: int) -> int:
    """How low the balance may go for one debit to pass exceptionally: exactly that debit fits, the limit is
    as before."""
    return floor_minor - max(0, debit_minor - available_minor)


@rule("BRED-8.2-6", "BNC-7.1-5")
def is_beyond(balance_minor: int, limit_minor: int) -> bool:
    """An excess: the balance is below zero by more than what is authorised."""
    return balance_minor < -limit_minor


@rule("BRED-8.2-6", "BNC-7.1-5")
def excess_medium(terms: Excess) -> str:
    """The customer is told of an excess by letter."""
    return terms.notice_medium.value


@rule("BRED-8.2-4", "BNC-7.1-3")
def repayable_by(demanded_at: Instant) -> Instant:
    """The customer must regularise at once, on the bank's first demand."""
    return demanded_at


@rule("BRED-1.4.a-8", "BNC-1.2.2.a-6")
def owed_by_each(debt_minor: int, holders: Collection[int], terms: Excess) -> tuple[tuple[int, int], ...]:
    """Each co-holder owes the whole of the debt, not a share: (person, minor units)."""
    share = terms.holder_share_percent.value
    return tuple((holder, debt_minor * share // 100) for holder in sorted(holders))


@rule("BRED-8.2-7", "BNC-7.1-6")
def is_to_be_declared(demanded_on: date, day: date, owed_minor: int, terms: Excess) -> bool:
    """A debit balance due and demanded, and still not repaid, is declared to the FICP."""
    late = (day - demanded_on).days >= terms.ficp_delay_days.value
    return late and owed_minor >= max(1, terms.ficp_threshold_minor.value)


@rule(law="C. conso. L312-92, L312-93")
def legal_stage(began_on: date, day: date, terms: Law) -> int:
    """What an excess of this length calls for: 1 none, 2 (over a month) told of amount, rate and costs, 3
    (over three months) another credit offered."""
    stage = 1
    if terms.significant_months.value and day > add_months(began_on, terms.significant_months.value):
        stage = 2
    if terms.other_credit_months.value and day > add_months(began_on, terms.other_credit_months.value):
        stage = 3
    return stage


# over-indebtedness


@rule("BRED-8.1-5", "BNC-7.2.a-6")
def used_part(balance_minor: int) -> int:
    """What is isolated: the debit balance at the end of the day of the decision."""
    return max(0, -balance_minor)


@rule("BRED-8.1-5", "BNC-7.2.a-7")
def is_to_be_reviewed(limit_minor: int) -> bool:
    """An authorisation in force is adapted by common accord after the admissibility."""
    return limit_minor > 0


class OldDebtAnswer(StrEnum):
    """What happens to a payment after an admissibility."""

    GO = "go"
    REFUSE = "refuse"
    LOOK = "look"  # a person decides: the age of the debt is not known
    ALERT = "alert"


@rule("BRED-8.1-6", "BNC-7.2.a-6")
def old_debt_answer(
    decided_on: date, creditor: str, listed: Collection[str], born_on: date | None, policy: OldDebts
) -> OldDebtAnswer:
    """From admissibility on, debts born before the decision may not be paid: listed creditors."""
    if creditor not in listed or (born_on is not None and born_on >= decided_on):
        return OldDebtAnswer.GO
    if policy is OldDebts.ALERT:
        return OldDebtAnswer.ALERT
    return OldDebtAnswer.LOOK if born_on is None else OldDebtAnswer.REFUSE


@rule("BNC-7.2.a-6")
def looked_into_first(payee_iban: str, creditors: Collection[str], policy: OldDebts) -> bool:
    """A payment to a listed creditor does not say how old the debt is: a person looks before the money
    leaves."""
    return policy is OldDebts.REFUSE and payee_iban in creditors
