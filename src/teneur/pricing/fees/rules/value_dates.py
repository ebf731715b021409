"""Value dates as the tariff states them, within what the agreement allows."""

from teneur.agreements.terms.tariff import TariffTerms, ValuedOperation
from teneur.kernel.rules import rule


@rule("BNC-5-4")
def value_offset_days(operation: ValuedOperation, tariff: TariffTerms, most_days: int) -> int:
    """How many days after the booking date an operation counts: the tariff says, the agreement limits.

    most_days: the furthest from the booking date, before or after, that the agreement lets it be.
    """
    return max(-most_days, min(tariff.value_dates[operation].value, most_days))
