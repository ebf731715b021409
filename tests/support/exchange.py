"""Market rates of tests, loaded as the back office loads them."""

from datetime import datetime
from decimal import Decimal

from teneur.bank import Bank
from teneur.customers.decisions import REGISTER
from teneur.kernel.clock import instant
from teneur.kernel.commands import Answer
from teneur.payments.exchange.commands import SetExchangeRates
from teneur.payments.exchange.rates import Quote
from tests.support.bank import BACK_OFFICE, accepted


def quote(pair: str, rates: str, at: str | datetime, source: str = "test") -> Quote:
    """`EUR/USD`, `1.08-1.09` (or one rate for both sides)."""
    base, _, other = pair.partition("/")
    buying, _, selling = rates.partition("-")
    return Quote(
        base=base,
        quote=other,
        buying=Decimal(buying),
        selling=Decimal(selling or buying),
        at=instant(at),
        source=source,
        synthetic=True,
    )


def load_rates(bank: Bank, *quotes: Quote) -> Answer:
    """Load market rates when the last of them stands."""
    at = max(q.at for q in quotes)
    return accepted(bank.ask(SetExchangeRates(quotes=quotes), REGISTER, actor=BACK_OFFICE, at=at))
