"""Whether a rate beats the usury threshold: told to whoever grants it, before it is used. Refuses nothing."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from teneur.kernel.calendars import target_calendar
from teneur.kernel.commands import Command, Facts, Need
from teneur.kernel.money import EUR, XPF, parity_down
from teneur.pricing.fees.rules.prices import amount_of, price_of
from teneur.pricing.interest.facts import INDEX, IndexHistory
from teneur.pricing.interest.rules import apr, usury
from teneur.pricing.interest.rules.index import index_on
from teneur.pricing.interest.rules.rates import authorised_percent, counted_index, indexed_percent
from teneur.pricing.overdraft.decisions.common import Case
from teneur.pricing.overdraft.facts import AUTHORISATIONS, IndexedRate, Rate

WITH_PARITY = frozenset({EUR.code, XPF.code})  # the thresholds are set for credits in euros


def index_need(rate: Rate) -> Iterable[Need]:
    """The reference rate that a rate adds to."""
    if isinstance(rate, IndexedRate):
        yield INDEX, rate.index


def known_index_needs(command: Command, facts: Facts) -> Iterable[Need]:
    """The reference rates of the authorisations that an account has."""
    for authorisation in facts.peek(AUTHORISATIONS, command.subject) or ():
        yield from index_need(authorisation.rate)


def usury_told(
    case: Case,
    facts: Facts,
    limit_minor: int,
    rate: Rate,
    starts_on: date,
    ends_on: date | None,
    fee_event: str = "",
) -> dict[str, str]:
    """What the record keeps of the check: verdict and effective rate in percent; empty where it is below.

    The rate is that of the example: full use of the limit, with the fee of the event taken at the start.
    """
    if case.account.currency not in WITH_PARITY:
        return {}
    percent = _percent_on(case, facts, rate, starts_on)
    if percent is None:
        return {"usury": usury.Verdict.NOT_LOADED, "apr_percent": ""}
    terms, accounts, tariff = case.agreement.interest, case.agreement.accounts, case.agreement.tariff
    fee = amount_of(price_of(fee_event, case.day, accounts, tariff), limit_minor, 1) if fee_event else 0
    fee = parity_down(fee, case.agreement.currency, case.account.currency)
    period = apr.example_period(starts_on, ends_on, terms.apr)
    try:
        exact = apr.indicative_rate(limit_minor, percent, period, fee, terms.closing)
    except apr.NoRateError:  # the fee alone is as much as the credit
        return {"usury": usury.Verdict.ABOVE, "apr_percent": ""}
    shown = apr.shown(exact, terms.apr)
    found = usury.verdict(exact * 100, limit_minor, case.account.currency, starts_on)
    return {} if found is usury.Verdict.BELOW else {"usury": found, "apr_percent": str(shown)}


def _percent_on(case: Case, facts: Facts, rate: Rate, day: date) -> Decimal | None:
    """The yearly rate of the authorised part in percent; None where the reference rate has no value yet."""
    terms = case.agreement.interest
    if not isinstance(rate, IndexedRate):
        return authorised_percent(rate, terms.rates, day)
    history: IndexHistory | None = facts.get(INDEX, rate.index)
    state = None if history is None else index_on(history.values, day, target_calendar(), terms.index)
    return (
        None
        if state is None
        else indexed_percent(counted_index(state.percent, terms.rates), rate.margin_percent)
    )
