"""Who may have an overdraft, when it holds, how it ends. Amounts are in minor units."""

from collections.abc import Collection
from datetime import date

from teneur.agreements.terms.overdraft import Capacity, Consent, Granting
from teneur.customers.facts import Person
from teneur.customers.rules import is_adult
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
