"""Which notes and coins there are, in minor units.

Sources: euro notes and coins (regulation (EC) 974/98), the 500 euro note being no longer issued but still
taken; notes and coins of the Pacific franc (IEOM). Foreign notes: those that their central banks issue now
(Federal Reserve, Bank of England, Swiss National Bank, Reserve Banks of Australia and of New Zealand, Bank of
Japan); foreign coins are not dealt in.
"""

from collections.abc import Mapping
from types import MappingProxyType

from teneur.agreements.terms.cash import CashForm

DENOMINATIONS: Mapping[tuple[str, CashForm], frozenset[int]] = MappingProxyType(
    {
        ("EUR", CashForm.BANKNOTES): frozenset({500, 1000, 2000, 5000, 10_000, 20_000, 50_000}),
        ("EUR", CashForm.COINS): frozenset({1, 2, 5, 10, 20, 50, 100, 200}),
        ("XPF", CashForm.BANKNOTES): frozenset({500, 1000, 5000, 10_000}),
        ("XPF", CashForm.COINS): frozenset({5, 10, 20, 50, 100, 200}),
        ("USD", CashForm.BANKNOTES): frozenset({100, 200, 500, 1000, 2000, 5000, 10_000}),
        ("GBP", CashForm.BANKNOTES): frozenset({500, 1000, 2000, 5000}),
        ("CHF", CashForm.BANKNOTES): frozenset({1000, 2000, 5000, 10_000, 20_000, 100_000}),
        ("AUD", CashForm.BANKNOTES): frozenset({500, 1000, 2000, 5000, 10_000}),
        ("NZD", CashForm.BANKNOTES): frozenset({500, 1000, 2000, 5000, 10_000}),
        ("JPY", CashForm.BANKNOTES): frozenset({1000, 2000, 5000, 10_000}),
    }
)


def exists(currency: str, form: CashForm, value_minor: int) -> bool:
    """Whether there is such a note or coin."""
    return value_minor in DENOMINATIONS.get((currency, form), frozenset())
