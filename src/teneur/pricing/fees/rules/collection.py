"""When a fee may be taken, how it is shown before, and how it stands in the books."""

from datetime import date, datetime, timedelta

from teneur.agreements.terms.tariff import Collection, FeeEvent, IncidentNotice, Nature, NoticeMedium
from teneur.kernel.commands import AccountId, Entry
from teneur.kernel.rules import rule


def month_after(day: date) -> date:
    """The first day of the next month."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def needs_notice(event: FeeEvent) -> bool:
    """Whether the fee must be shown before it is taken: those of irregularities and incidents."""
    return event.nature is Nature.INCIDENT


@rule(law="CMF L312-1-5, R312-1-2")
def collectable_after_notice(shown_on: date, terms: IncidentNotice) -> date:
    """At least 14 days after the date of the statement or letter that shows it."""
    return shown_on + timedelta(days=terms.days.value)


def collectable_on(event: FeeEvent, occurred_on: date) -> date | None:
    """The first day on which a fee may be taken; None: only after its notice."""
    match event.collection:
        case Collection.AT_ONCE:
            return occurred_on
        case Collection.MONTHLY:
            return month_after(occurred_on)
        case Collection.AFTER_NOTICE:
            return None


@rule("BNC-3.1-8", law="CMF L312-1-5")
def shown_by_letter(terms: IncidentNotice, *, has_statement: bool) -> bool:
    """In a letter with the paper statement or in the remote space; on the statement itself elsewhere.

    Where no statement is made for the period, a letter of its own does it, free of charge.
    """
    return terms.medium.value is NoticeMedium.WITH_STATEMENT or not has_statement


@rule("BRED-11.3.1-2", "BNC-12.2.1-3", law="CMF L312-1-5")
def taken_at_once(*, closing: bool) -> bool:
    """When an account is closed, fees of incidents are taken at once, without their notice."""
    return closing


@rule("BNC-4-3", "BRED-9-1")
def fee_entry(account: AccountId, income: AccountId, amount_minor: int, on: date) -> Entry:
    """A fee is its own debit of the account, valued on its day; it may leave the account short."""
    return Entry(account, income, amount_minor, on, on, on, forced=True)


def refund_entry(
    account: AccountId, income: AccountId, amount_minor: int, on: date, debited_on: date
) -> Entry:
    """What was taken wrongly comes back, valued on the day of the debit."""
    return Entry(income, account, amount_minor, on, debited_on, debited_on, forced=True)


@rule("BNC-4-1", law="CMF L312-1-1")
def tariff_given_at(opened_at: datetime, *, delivered: bool) -> datetime | None:
    """The tariff is given to the customer at the opening of the account."""
    return opened_at if delivered else None
