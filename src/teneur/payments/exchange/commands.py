"""What may be asked about exchange. Rates belong to the register (book 0), as reference rates do."""

from datetime import date, datetime

from teneur.kernel.commands import Ask
from teneur.payments.exchange.rates import Quote


class SetExchangeRates(Ask, frozen=True, kw_only=True):
    """Load market rates, each of its own instant. Nothing is overwritten: of one instant the last counts."""

    quotes: tuple[Quote, ...]


class AskExchangeRate(Ask, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody asks at the branch at which rates the bank converts. The subject is his account.

    currency: the one that is not the account's. Without an account the subject is the register, and
    agreement and account_currency say what the account's would be. at: asked about an instant that has
    passed.
    """

    currency: str
    agreement: str = ""
    account_currency: str = ""
    at: datetime | None = None


class ConvertCash(Ask, frozen=True, kw_only=True):
    """The bank's day: foreign cash taken in after the hour is converted and credited.

    deposit: position of the row that took it in. day: the local day on which it is tried.
    """

    deposit: int
    day: date
