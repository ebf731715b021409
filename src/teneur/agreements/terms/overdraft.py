"""Authorised overdraft and excess: who may have one, how it changes and ends, what follows from its use."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from teneur.agreements.parameters import Parameter


class Capacity(StrEnum):
    """Whether a person may bind themselves. Stored: never rename."""

    FULL = "full"
    EMANCIPATED = "emancipated-minor"
    MINOR = "minor"  # not emancipated: told by the birth date, never stored
    PROTECTED = "protected-adult"


class Consent(StrEnum):
    """Which holders of a joint account must ask for an overdraft."""

    ANY_HOLDER = "any-holder"
    ALL_HOLDERS = "all-holders"


class BeyondDays(StrEnum):
    """At which rate an overdraft runs once its longest period is over."""

    AGREED = "agreed"
    UNAUTHORISED = "unauthorised"


class Ground(StrEnum):
    """Legitimate grounds on which the bank may act at once. Stored: never rename."""

    BREACH = "breach-of-overdraft-terms"
    MISCONDUCT = "gravely-reprehensible-conduct"


class Event(StrEnum):
    """What ends an authorisation by itself. Stored: never rename."""

    CLOSING = "account-closing"
    DENUNCIATION = "joint-denunciation"
    DEATH = "death"
    INCAPACITY = "legal-incapacity"
    LIQUIDATION = "judicial-liquidation"
    INSOLVENCY = "insolvency-proceedings"  # any other collective proceedings


class OldDebts(StrEnum):
    """What happens to payments of debts older than the admissibility of an over-indebtedness file."""

    REFUSE = "refuse"  # an unknown age: a person looks
    ALERT = "alert"


@dataclass(frozen=True)
class Granting:
    """Who may have an authorisation. on_designated_account: on an account opened by right (credit only)."""

    excluded_capacities: Parameter[tuple[Capacity, ...]]
    joint_consent: Parameter[Consent]
    on_designated_account: Parameter[bool]


@dataclass(frozen=True)
class Use:
    """longest_debit_days: consecutive days in debit that an open-ended authorisation allows."""

    longest_debit_days: Parameter[int]
    rate_beyond: Parameter[BeyondDays]


@dataclass(frozen=True)
class Raising:
    """A raise by the bank alone: up to which limit (none: never), told by which media."""

    maximum_minor: Parameter[int | None]
    media: Parameter[tuple[str, ...]]


@dataclass(frozen=True)
class Ending:
    """How an authorisation is reduced or ended.

    notice_months: from the sending of the bank's letter. letter: its form. notice_ends_one_off: whether such
    a letter also ends a one-off authorisation. grounds: on which the bank may act at once. events: that end
    it by themselves; death_ends_joint: whether a death also ends that of a joint account. written_channels:
    by number, on which the customer ends it in writing.
    """

    notice_months: Parameter[int]
    letter: Parameter[str]
    notice_ends_one_off: Parameter[bool]
    grounds: Parameter[tuple[Ground, ...]]
    events: Parameter[tuple[Event, ...]]
    death_ends_joint: Parameter[bool]
    written_channels: Parameter[tuple[int, ...]]


@dataclass(frozen=True)
class Excess:
    """What is told and demanded beyond the authorisation.

    ficp_delay_days: from the demand until the unpaid debt is to be declared; ficp_threshold_minor: not below.
    holder_share_percent: for how much of the debt each holder is liable.
    """

    notice_medium: Parameter[str]
    demand_medium: Parameter[str]
    holder_share_percent: Parameter[int]
    ficp_delay_days: Parameter[int]
    ficp_threshold_minor: Parameter[int]


@dataclass(frozen=True)
class Law:
    """Duties of the consumer code where it applies (none: not here).

    significant_months: an excess for longer is told without delay. other_credit_months: for longer, another
    credit is offered. instalments_from: first day on which the borrower may repay in instalments what a
    reduction or an ending by the bank leaves uncovered; instalments: how many, monthly.
    """

    significant_months: Parameter[int | None]
    other_credit_months: Parameter[int | None]
    instalments_from: Parameter[date | None]
    instalments: Parameter[int]


@dataclass(frozen=True)
class OverdraftTerms:
    """`overdraft.toml`.

    old_debt_creditors: IBANs of the creditors in an admissible file of over-indebtedness; the account's own
    terms name them as long as the case is open.
    """

    granting: Granting
    use: Use
    raising: Raising
    ending: Ending
    excess: Excess
    law: Law
    old_debts: Parameter[OldDebts]
    old_debt_creditors: Parameter[tuple[str, ...]]
