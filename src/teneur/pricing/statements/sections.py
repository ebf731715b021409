"""The parts of the page below the operations: fees, interest, the authorised overdraft, what else is told."""

from datetime import timedelta
from typing import Any

from teneur.documents.typesetting import displayable
from teneur.documents.wording import (
    amount,
    decimal_number,
    figure,
    long_date,
    percentage,
    round_amount,
    short_date,
)
from teneur.kernel.money import CURRENCIES, Currency, Language
from teneur.pricing.fees.texts import event_name, service_name
from teneur.pricing.statements.statement import Foreign, InterestCharge, RateLine, Statement
from teneur.pricing.statements.texts import words

_ONE_DAY = timedelta(days=1)


def sections_view(statement: Statement, unit: Currency, language: Language) -> dict[str, Any]:
    """The words and figures of these parts; an empty list or text where there is nothing to tell."""
    say = words(language)
    return {
        **_fees_view(statement, unit, language),
        "interest": [_interest_view(charge, unit, language) for charge in statement.interest],
        "rate_changes": [
            say["rate_change"].format(
                index=displayable(change.index),
                old=percentage(change.old_percent, language),
                new=percentage(change.new_percent, language),
                since=long_date(change.since, language),
            )
            for change in statement.rate_changes
        ],
        "overdraft": _overdraft_view(statement, unit, language),
        "announcements": [
            say["announcement_imposed" if told.imposed else "announcement"].format(
                day=long_date(told.applies_on, language), summary=displayable(told.summary)
            )
            for told in statement.announcements
        ],
    }


def _fees_view(statement: Statement, unit: Currency, language: Language) -> dict[str, Any]:
    say, fees = words(language), statement.fees
    return {
        "fee_groups": [
            [
                service_name(group.service, language),
                str(group.count),
                figure(group.total_minor, unit, language),
            ]
            for group in fees.groups
        ],
        "fees_total": [say["fees_total"], figure(fees.total_minor, unit, language)],
        "announced": [
            [
                event_name(fee.event, language),
                short_date(fee.occurred_on, language),
                short_date(fee.collectable_on, language),
                figure(fee.amount_minor, unit, language),
            ]
            for fee in fees.announced
        ],
        "announced_total": [say["announced_total"], figure(fees.announced_minor, unit, language)],
    }


def _interest_view(charge: InterestCharge, unit: Currency, language: Language) -> dict[str, Any]:
    say = words(language)
    title = say["interest_quarter" if charge.revision == 0 else "interest_corrected"].format(
        first=long_date(charge.first_day, language), last=long_date(charge.last_day, language)
    )
    told = []
    if charge.debit_minor:
        kind = "interest_minimum" if charge.minimum else "interest_debit"
        told.append(say[kind].format(amount=amount(charge.debit_minor, unit, language)))
    if charge.credit_minor:
        told.append(say["interest_credit"].format(amount=amount(charge.credit_minor, unit, language)))
    if charge.revision:
        told.append(say["interest_posted"].format(amount=amount(charge.posted_minor, unit, language)))
    if charge.real_apr_percent is not None:
        told.append(say["interest_apr"].format(percent=percentage(charge.real_apr_percent, language)))
    used = [rate for rate in charge.rates if rate.authorised_number or rate.excess_number]
    return {
        "title": title,
        "told": " ".join(told),
        "rates": [_rate_words(rate, unit, language) for rate in used],
    }


def _rate_words(rate: RateLine, unit: Currency, language: Language) -> str:
    """Which rates bore on which days: up to the limit, and beyond it where something was."""
    say = words(language)
    days = {
        "first": short_date(rate.first_day, language),
        "last": short_date(rate.first_day + (rate.days - 1) * _ONE_DAY, language),
    }
    excess = percentage(rate.excess_percent, language)
    if not rate.limit_minor:
        return f"{say['interest_rate_none'].format(**days)}, {say['interest_alone'].format(percent=excess)}."
    percent = percentage(rate.percent, language)
    limit = round_amount(rate.limit_minor, unit, language)
    kind = "interest_rate_run_off" if rate.run_off else "interest_rate"
    parts = [say[kind].format(**days, percent=percent, limit=limit)]
    if rate.index:
        index_percent = percentage(rate.index_percent, language)
        index = say["interest_index"].format(index=displayable(rate.index), percent=index_percent)
        parts[0] = f"{parts[0]} ({index})"
    if rate.excess_number:
        parts.append(say["interest_excess"].format(percent=excess))
    return f"{', '.join(parts)}."


def _overdraft_view(statement: Statement, unit: Currency, language: Language) -> list[str]:
    """The authorised overdraft and its effective rate: one line after the other, in the same type."""
    say, held = words(language), statement.overdraft
    if held is None:
        return []
    told = [
        say["overdraft"].format(
            limit=amount(held.limit_minor, unit, language), percent=percentage(held.percent, language)
        )
    ]
    if held.indicative_apr_percent is not None:
        told.append(say["overdraft_apr"].format(apr=percentage(held.indicative_apr_percent, language)))
    if held.ends_on is not None:
        told.append(say["overdraft_ends"].format(day=long_date(held.ends_on, language)))
    return told


def foreign_words(foreign: Foreign, unit: Currency, language: Language) -> str:
    """The data of a transfer abroad or in another currency: amount, currency, rate, place, fees."""
    say = words(language)
    parts = [amount(foreign.amount_minor, CURRENCIES[foreign.currency], language)]
    if foreign.rate is not None:
        parts.append(say["abroad_rate"].format(rate=decimal_number(foreign.rate, language)))
    if foreign.place:
        parts.append(say["abroad_place"].format(place=displayable(foreign.place)))
    if foreign.fees_minor:
        parts.append(say["abroad_fees"].format(fees=amount(foreign.fees_minor, unit, language)))
    return ", ".join(parts)
