"""What a closing is made of: steps of a balance, spans of one rate, and the closing as it is kept.

Numbers (nombres) are balances in minor units times days. Balances are value-dated, positive to the
customer's credit; parts of a debit are positive.
"""

from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256

import msgspec

from teneur.kernel.canonical import canonical
from teneur.kernel.commands import AccountId

ONE_DAY = timedelta(days=1)


class Period(msgspec.Struct, frozen=True, order=True):
    """Days from the first to the last, both included."""

    first_day: date
    last_day: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last_day - self.first_day).days + 1


class Step(msgspec.Struct, frozen=True):
    """A value-dated balance that stands for some days."""

    first_day: date
    days: int
    balance_minor: int


class RateSpan(msgspec.Struct, frozen=True):
    """Days with one limit and one set of yearly rates in percent.

    run_off: the authorisation has ended; limit_minor is the one that ended, and what is still due of it keeps
    its rate. index, index_percent: the reference rate behind `percent`, as counted; empty: a fixed rate.
    """

    first_day: date
    last_day: date
    limit_minor: int
    percent: Decimal
    excess_percent: Decimal
    credit_percent: Decimal
    year_days: int
    index: str = ""
    index_percent: Decimal = Decimal(0)
    run_off: bool = False

    def same_terms(self, other: "RateSpan") -> bool:
        """Whether both differ by nothing but their days."""
        return msgspec.structs.replace(other, first_day=self.first_day, last_day=self.last_day) == self


class Span(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """The numbers of one span of rates, and what they give.

    …_number: parts of the debit, and the credit, each times its days. debit_days: days in debit. …_micro: the
    interest of this span in millionths of a minor unit, rounded for reading; only the sum of all is charged.
    """

    first_day: date
    days: int
    limit_minor: int
    percent: Decimal
    excess_percent: Decimal
    credit_percent: Decimal
    year_days: int
    authorised_number: int = 0
    excess_number: int = 0
    credit_number: int = 0
    debit_days: int = 0
    authorised_micro: int = 0
    excess_micro: int = 0
    credit_micro: int = 0
    index: str = ""
    index_percent: Decimal = Decimal(0)
    run_off: bool = False

    @property
    def debit_number(self) -> int:
        """Debit balances times their days, authorised or not."""
        return self.authorised_number + self.excess_number


class QuarterNumbers(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """A quarter of an account as the journal had it up to a position (the cut).

    opening_minor, closing_minor: value-dated balances at the end of the eve and of the last day. later: sums
    by value date after the quarter, of what the cut holds already. run_off_minor: what is still due, at the
    end, of an authorisation that has ended.
    """

    first_day: date
    last_day: date
    position: int
    opening_minor: int
    closing_minor: int
    spans: tuple[Span, ...]
    later: tuple[tuple[date, int], ...] = ()
    run_off_minor: int = 0

    @property
    def period(self) -> Period:
        """Its days."""
        return Period(self.first_day, self.last_day)

    @property
    def debit_number(self) -> int:
        """Debit balances times their days."""
        return sum(s.authorised_number + s.excess_number for s in self.spans)


class Charge(msgspec.Struct, frozen=True, gc=False):
    """What a quarter costs and brings, in minor units.

    interest_minor: debit interest by the numbers, rounded once. minimum_minor: the flat minimum where it
    takes the place of less interest, else 0. credit_minor: credit interest. apr_charges_minor: what counts in
    the effective rate. commission_minor: the tariff's commission on use, a fee beside the interest.
    """

    interest_minor: int
    minimum_minor: int
    credit_minor: int
    apr_charges_minor: int
    commission_minor: int = 0

    @property
    def debit_minor(self) -> int:
        """What is debited."""
        return self.minimum_minor or self.interest_minor


class Closing(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A closing as it is kept: never changed. A correction adds the next revision."""

    account: AccountId
    revision: int
    currency: str
    agreement: str
    numbers: QuarterNumbers
    charge: Charge
    usury: str = ""  # "": nothing to check; else below, above or not-loaded

    def encode(self) -> bytes:
        """Its canonical JSON: the same closing gives the same bytes."""
        return canonical(self)


def hash_of(json: bytes) -> bytes:
    """What identifies a closing."""
    return sha256(json).digest()


def decode(json: bytes) -> Closing:
    """A closing as kept."""
    return msgspec.json.decode(json, type=Closing)
