"""What a quarter costs: interest, or the flat minimum where that is more, and what of it is effective
rate."""

from collections.abc import Collection
from dataclasses import replace

from teneur.agreements.terms.interest import FlatMinimum, InterestTerms
from teneur.agreements.terms.tariff import Price
from teneur.kernel.money import has_parity, parity_down
from teneur.kernel.rules import rule
from teneur.pricing.fees.rules.prices import amount_of
from teneur.pricing.interest.closing import Charge, QuarterNumbers
from teneur.pricing.interest.rules.numbers import credit_interest_minor, debit_interest_minor


@rule("BNC-7.4-3")
def is_exempt(services: Collection[str], terms: FlatMinimum) -> bool:
    """Whoever has an interest-free allowance, or an exemption service, pays no flat minimum."""
    return any(service in terms.exempting_services.value for service in services)


@rule("BNC-7.4-1")
def flat_minimum_minor(debit_number: int, days: int, interest_minor: int, terms: FlatMinimum) -> int:
    """The flat minimum in place of less interest, where the average debit balance is small; else 0.

    The average is the sum of daily debit balances over all days between two closings: above zero and
    strictly below the bound.
    """
    amount = terms.amount_minor.value
    if amount is None or not 0 < debit_number < terms.below_average_minor.value * days:
        return 0
    return amount if amount > interest_minor else 0


@rule("BNC-7.4-2")
def apr_charges_minor(interest_minor: int, minimum_minor: int, terms: FlatMinimum) -> int:
    """What counts in the effective rate: the interest by the numbers; the flat minimum does not."""
    return max(interest_minor, minimum_minor) if terms.counts_in_apr.value else interest_minor


@rule("BRED-8.1.2-2", "BNC-7.3-7")
def commission_minor(debit_number: int, days: int, price: Price) -> int:
    """The commission of a quarter in which an overdraft was used: a fee beside the interest.

    A share is one of the average debit balance of the quarter.
    """
    return amount_of(price, average_debit_minor(debit_number, days), 1) if debit_number > 0 else 0


def average_debit_minor(debit_number: int, days: int) -> int:
    """The sum of daily debit balances over all days of the quarter, rounded down."""
    return debit_number // days


def in_currency(terms: InterestTerms, code: str, to: str) -> InterestTerms:
    """The terms of an account in another currency than its agreement's: the flat minimum and its bound at the
    fixed parity; without a parity there is none."""
    minimum = terms.minimum
    if code == to or minimum.amount_minor.value is None:
        return terms
    amount = parity_down(minimum.amount_minor.value, code, to) if has_parity(code, to) else None
    bound = parity_down(minimum.below_average_minor.value, code, to) if has_parity(code, to) else 0
    told = replace(
        minimum,
        amount_minor=replace(minimum.amount_minor, value=amount),
        below_average_minor=replace(minimum.below_average_minor, value=bound),
    )
    return replace(terms, minimum=told)


def charge_of(numbers: QuarterNumbers, terms: InterestTerms, commission_minor: int = 0) -> Charge:
    """All that a quarter costs and brings. The commission counts in the effective rate as interest does."""
    interest = debit_interest_minor(numbers.spans)
    minimum = 0
    if terms.minimum.amount_minor.value is not None and not is_exempt(
        terms.minimum.services.value, terms.minimum
    ):
        minimum = flat_minimum_minor(numbers.debit_number, numbers.period.days, interest, terms.minimum)
    credit = credit_interest_minor(numbers.spans)
    counted = apr_charges_minor(interest, minimum, terms.minimum) + commission_minor
    return Charge(interest, minimum, credit, counted, commission_minor)
