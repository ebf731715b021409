"""The tariff: prices of events by edition, who collects when, and what the law caps or makes free.

Amounts are minor units of the agreement's currency. An event is a stable code ("transfer-sepa-branch"), the
same in every agreement.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from teneur.agreements.parameters import Parameter
from teneur.agreements.values import ValueProblem


class Holder(StrEnum):
    """What the law makes of an account's holder, where fees are concerned."""

    ORDINARY = "ordinary"
    FRAGILE = "fragile"  # CMF R312-4-3
    SPECIFIC_OFFER = "specific-offer"  # has taken the offer for fragile customers
    DESIGNATED = "designated"  # the account was opened by right: `accounts.designated`


class ValuedOperation(StrEnum):
    """Operations whose value date the tariff states."""

    CASH_DEPOSIT = "cash-deposit"
    TRANSFER = "transfer"


class Nature(StrEnum):
    """Whether prior notice and the caps on incidents apply (CMF L312-1-5, R312-1-2)."""

    ORDINARY = "ordinary"
    INCIDENT = "incident"


class Collection(StrEnum):
    """When a fee is taken. Incident fees always wait for their notice."""

    AT_ONCE = "at-once"
    MONTHLY = "monthly"  # after the month in which it arose
    AFTER_NOTICE = "after-notice"


class ServiceKind(StrEnum):
    """Under which heading the yearly summary counts a fee. Stored in summaries: never rename."""

    ACCOUNT = "account"
    INFORMATION = "information"
    TRANSFERS = "transfers"
    DIRECT_DEBITS = "direct-debits"
    CHEQUES = "cheques"
    CARDS = "cards"
    CASH = "cash"
    EXCHANGE = "exchange"
    OVERDRAFT = "overdraft"
    INCIDENTS = "incidents"


class NoticeMedium(StrEnum):
    """Where incident fees are shown before they are taken."""

    STATEMENT = "statement"  # on it
    WITH_STATEMENT = "with-statement"  # letter enclosed with the paper one, or placed in the remote space


@dataclass(frozen=True)
class FeeEvent:
    """How the fee of an event is dealt with."""

    nature: Nature
    collection: Collection
    service: ServiceKind

    def __post_init__(self) -> None:
        """An incident fee cannot be taken without notice."""
        if (self.nature is Nature.INCIDENT) != (self.collection is Collection.AFTER_NOTICE):
            raise ValueProblem("an incident fee is collected after notice, and no other fee is")


@dataclass(frozen=True)
class Price:
    """A fixed amount, or a share of the operation between a least and a most."""

    fixed_minor: int = 0
    percent: Decimal | None = None
    least_minor: int = 0
    most_minor: int | None = None

    @property
    def zero(self) -> bool:
        """Whether it can come to nothing only."""
        return self.fixed_minor == 0 and self.least_minor == 0 and not self.percent


@dataclass(frozen=True)
class Cap:
    """What the law allows at most for certain events.

    each_minor: for one event; above_base_minor, each_above_minor: another most where the operation is larger
    than the first. of_base: never more than the operation. base_percent: never more than a share of it.
    month_minor, year_minor: for all those events together, by the calendar month or year in which they arose.
    """

    each_minor: int | None = None
    above_base_minor: int | None = None
    each_above_minor: int | None = None
    of_base: bool = False
    base_percent: Decimal | None = None
    month_minor: int | None = None
    year_minor: int | None = None


@dataclass(frozen=True)
class CapTerms:
    """One cap: whose accounts, which events ("incidents": all of them), and its values by first day."""

    holders: Parameter[frozenset[Holder]]
    events: Parameter[frozenset[str]]
    since: dict[str, Parameter[Cap]]


@dataclass(frozen=True)
class Recurring:
    """A fee for a period of calendar months, taken before it (in_advance) or after it."""

    months: Parameter[int]
    in_advance: Parameter[bool]


@dataclass(frozen=True)
class FreeEvents:
    """What may not be charged, whatever a tariff says: to anyone, and to holders with basic services.

    …_monthly: events that are free so many times in a calendar month.
    """

    always: Parameter[frozenset[str]]
    designated: Parameter[frozenset[str]]
    designated_monthly: dict[str, Parameter[int]]
    specific_offer: Parameter[frozenset[str]]
    specific_offer_monthly: dict[str, Parameter[int]]


@dataclass(frozen=True)
class IncidentNotice:
    """Prior notice of incident fees. days: from the statement or letter that shows them to the debit."""

    days: Parameter[int]
    medium: Parameter[NoticeMedium]


@dataclass(frozen=True)
class SamePayment:
    """The same payment rejected again costs nothing more.

    since: first day of that rule, none: no such rule. cheque_days: presented again within so many days, a
    cheque is one incident.
    """

    since: Parameter[date | None]
    events: Parameter[frozenset[str]]
    cheque_days: Parameter[int]
    cheque_events: Parameter[frozenset[str]]


@dataclass(frozen=True)
class TransferPrices:
    """How the price of a transfer is found.

    com_pacific_as_sepa: SEPA COM Pacifique costs what SEPA costs. instant_not_dearer_since: first day on
    which an instant transfer may cost no more than an ordinary one, none: it may. justified_refusals: reasons
    of refusal for which the notice may be charged.
    """

    com_pacific_as_sepa: Parameter[bool]
    instant_not_dearer_since: Parameter[date | None]
    justified_refusals: Parameter[frozenset[str]]


@dataclass(frozen=True)
class Requests:
    """What customers may ask for. delivery_business_days: until it is given; agreed_medium: of statements."""

    delivery_business_days: Parameter[int]
    agreed_medium: Parameter[str]


@dataclass(frozen=True)
class YearlySummary:
    """The summary of a calendar year's fees: delivered in the next year until this day of this month."""

    month: Parameter[int]
    day: Parameter[int]


@dataclass(frozen=True)
class TariffTerms:
    """`tariff.toml`.

    holder: what the holder of the account is; ordinary unless the particular terms say otherwise. held_on:
    none, or the last day whose editions apply to the account (its holder was not told of later ones in time).
    delivered: whether the tariff is given at opening. value_dates: by operation, days after the booking date.
    editions: by first day, each with the prices that it sets; what it does not name keeps its price.
    """

    holder: Parameter[Holder]
    held_on: Parameter[date | None]
    delivered: Parameter[bool]
    value_dates: dict[str, Parameter[int]]
    events: dict[str, Parameter[FeeEvent]]
    editions: dict[str, dict[str, Parameter[Price]]]
    free: FreeEvents
    caps: dict[str, CapTerms]
    notice: IncidentNotice
    same_payment: SamePayment
    transfers: TransferPrices
    recurring: dict[str, Recurring]
    requests: Requests
    summary: YearlySummary
