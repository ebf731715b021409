"""What a statement is made of: the account, its operations of a period, the balances at both ends, and what
else the customer is told with them.

Amounts are minor units of the account's currency, positive to the customer's credit and negative to his
debit. Rates are percent a year, as text in JSON. `docs/statements.md` documents the JSON.
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

import msgspec

from teneur.agreements.terms.statements import Period as Frequency
from teneur.documents.identity import BankIdentity
from teneur.kernel.commands import AccountId

FORMAT: Final = "teneur.statement/2"  # of the canonical record: a new number whenever a field changes meaning


class Medium(StrEnum):
    """How a statement reaches the customer. Stored: never rename."""

    ELECTRONIC = "electronic"  # in the remote space, where it stays
    PAPER = "paper"


class Period(msgspec.Struct, frozen=True):
    """Days of booking, both included."""

    first_day: date
    last_day: date

    def holds(self, day: date) -> bool:
        """Whether a booking date falls in the period."""
        return self.first_day <= day <= self.last_day


class StatementAccount(msgspec.Struct, frozen=True, kw_only=True):
    """The account as the statement names it.

    holders: names as the account is titled, one or more. address: lines of the mailing address. iban, bic:
    compact, in capitals. currency: ISO 4217 code. domiciliation: the branch that keeps the account.
    """

    account: AccountId
    iban: str
    bic: str
    holders: tuple[str, ...]
    currency: str
    address: tuple[str, ...] = ()
    domiciliation: str = ""


class Identification(msgspec.Struct, frozen=True):
    """One of the numbers by which others pay to the account. name: "iban" or "bic"."""

    name: str
    value: str


class Foreign(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Of a transfer abroad or in another currency: what was sent or came, and what it cost.

    amount_minor: in minor units of `currency`. rate: units of the account's currency for one unit of
    `currency`; None where nothing was converted. place: ISO 3166 code of the other bank's place, empty: not
    known. fees_minor: the bank's fees for it, in the account's currency; they are taken as lines of their
    own.
    """

    amount_minor: int
    currency: str
    rate: Decimal | None = None
    place: str
    fees_minor: int


class Posting(msgspec.Struct, frozen=True, kw_only=True):
    """One side of a journal entry, as the ledger hands it over.

    sequence: the account's own count of postings. balance_minor: booked balance just after it. operation:
    position in the journal, within the account's book, of the first entry of the business operation. kind:
    stable code, see `texts.KIND_LABELS`; event: of a fee, its code in the tariff. label: wording that takes
    the place of the kind's. counterparty_*, remittance, end_to_end_id: as the order gave them.
    """

    account: AccountId
    sequence: int
    amount_minor: int
    balance_minor: int
    booked_on: date
    value_on: date
    operation: int
    kind: str
    event: str = ""
    label: str = ""
    counterparty_name: str = ""
    counterparty_iban: str = ""
    remittance: str = ""
    end_to_end_id: str = ""
    foreign: Foreign | None = None
    citations: tuple[str, ...] = ()


class Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One operation on the statement. balance_minor: running balance in the order of the statement.

    late: booked into days that an earlier statement had covered already.
    """

    operation: int
    sequence: int
    booked_on: date
    value_on: date
    late: bool
    kind: str
    event: str
    label: str
    counterparty_name: str
    counterparty_iban: str
    remittance: str
    end_to_end_id: str
    amount_minor: int
    balance_minor: int
    foreign: Foreign | None = None
    citations: tuple[str, ...]


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """Counts and sums of both sides; debit_minor is positive."""

    debit_count: int
    debit_minor: int
    credit_count: int
    credit_minor: int


class FeeGroup(msgspec.Struct, frozen=True):
    """Fees of one kind of service taken in the period, less what came back. count: how many were taken."""

    service: str
    count: int
    total_minor: int


class AnnouncedFee(msgspec.Struct, frozen=True, kw_only=True):
    """A fee for an irregularity or an incident that will be taken, and the first day on which it may be.

    fee, line: what names it within the account.
    """

    fee: int
    line: int
    event: str
    occurred_on: date
    amount_minor: int
    collectable_on: date


class Fees(msgspec.Struct, frozen=True, kw_only=True):
    """What the bank took for its services, by kind of service, and the incident fees that it announces."""

    groups: tuple[FeeGroup, ...] = ()
    total_minor: int = 0
    announced: tuple[AnnouncedFee, ...] = ()
    announced_minor: int = 0


class RateLine(msgspec.Struct, frozen=True, kw_only=True):
    """Days of a quarter with one limit and one set of rates, and the numbers of those days.

    …_number: parts of the debit, and the credit, in minor units times days. index, index_percent: the
    reference rate within `percent`; empty: a fixed rate. run_off: the authorisation had ended, and what was
    still due of it kept its rate.
    """

    first_day: date
    days: int
    year_days: int
    limit_minor: int
    percent: Decimal
    excess_percent: Decimal
    credit_percent: Decimal
    authorised_number: int
    excess_number: int
    credit_number: int
    index: str
    index_percent: Decimal
    run_off: bool


class InterestCharge(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Interest of a quarter that the period posted: what the quarter costs and brings now, and since when.

    revision: 0 for the closing, then corrections. posted_minor: what this one debited (negative: gave back).
    minimum: the flat minimum took the place of less interest. real_apr_percent: the effective rate really
    applied; None without debit. operation: what posted it; knows: the last journal position it knew.
    """

    operation: int
    knows: int
    first_day: date
    last_day: date
    revision: int
    debit_minor: int
    credit_minor: int
    posted_minor: int
    minimum: bool
    real_apr_percent: Decimal | None = None
    rates: tuple[RateLine, ...]


class RateChange(msgspec.Struct, frozen=True, kw_only=True):
    """A reference rate has changed."""

    index: str
    since: date
    old_percent: Decimal
    new_percent: Decimal


class Overdraft(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The authorised overdraft on the last day. indicative_apr_percent: for its full use over a year."""

    limit_minor: int
    percent: Decimal
    ends_on: date | None = None
    indicative_apr_percent: Decimal | None = None


class GuaranteeLine(msgspec.Struct, frozen=True):
    """The deposits are guaranteed, up to so much for each depositor and bank."""

    ceiling_minor: int


class Announcement(msgspec.Struct, frozen=True, kw_only=True):
    """A change of the contract, or of the tariff, that the customer was told of and that is to come.

    applies_on: its first day. summary: as he was told. imposed: by a law, so that nobody is asked.
    """

    applies_on: date
    summary: str
    imposed: bool


class Previous(msgspec.Struct, frozen=True):
    """The statement before this one: the closing balance of that one is the opening balance of this one."""

    number: int
    last_day: date
    sha256: str


class Contents(msgspec.Struct, frozen=True, kw_only=True):
    """What the statement tells beside its lines."""

    fees: Fees = Fees()
    interest: tuple[InterestCharge, ...] = ()
    rate_changes: tuple[RateChange, ...] = ()
    overdraft: Overdraft | None = None
    announcements: tuple[Announcement, ...] = ()


class Statement(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A statement of one account for one period; immutable, and whole in itself.

    number: 1, 2, … of the account's statements. issued_at: aware. zone: IANA name of the zone in which the
    bank counts days. first_sequence, last_sequence: the account's postings that it states, without a gap;
    none where the first is beyond the last. available_minor: what could be spent at the end of the last day.
    agreement, agreement_version: what the account ran under then. citations: clauses that made the statement.
    price_minor: what it costs. journal_position: the last row read, in the account's book. What there is none
    of (previous, overdraft, guarantee, `foreign` of a line, …) is left out of the JSON.
    """

    bank: BankIdentity
    account: StatementAccount
    identifiers: tuple[Identification, ...]
    period: Period
    frequency: Frequency
    zone: str
    number: int
    previous: Previous | None = None
    issued_at: datetime
    first_sequence: int
    last_sequence: int
    opening_minor: int
    closing_minor: int
    available_minor: int
    lines: tuple[Line, ...]
    totals: Totals
    fees: Fees
    interest: tuple[InterestCharge, ...]
    rate_changes: tuple[RateChange, ...]
    overdraft: Overdraft | None = None
    guarantee: GuaranteeLine | None = None
    announcements: tuple[Announcement, ...]
    price_minor: int
    agreement: str
    agreement_version: str
    citations: tuple[str, ...]
    journal_position: int
    format: str
