"""Tariffs for tests: those that ship, with one thing stated otherwise."""

from dataclasses import replace

from teneur.agreements.agreement import Agreement
from teneur.agreements.terms.tariff import TariffTerms, ValuedOperation


def stating(agreement: Agreement, operation: ValuedOperation, offset_days: int) -> TariffTerms:
    """The agreement's tariff with another value date for an operation."""
    tariff = agreement.tariff
    stated = replace(tariff.value_dates[operation], value=offset_days)
    return replace(tariff, value_dates={**tariff.value_dates, operation: stated})
