"""What a statement is made of: the account, its operations of a period, and the balances at both ends.

Amounts are minor units of the account's currency, positive to the customer's credit and negative to his
debit.
"""

from datetime import date, datetime
from typing import Final

import msgspec

from teneur.documents.identity import BankIdentity
from teneur.kernel.commands import AccountId

FORMAT: Final = "teneur.statement/1"  # of the canonical record: a new number whenever a field changes meaning


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


class Posting(msgspec.Struct, frozen=True, kw_only=True):
    """One side of a journal entry, as the ledger hands it over.

    sequence: the account's own count of postings. balance_minor: booked balance just after it. operation:
    position in the journal, within the account's book, of the first entry of the business operation. kind:
    stable code, see `texts.KIND_LABELS`. label: wording that takes the place of the kind's. counterparty_*,
    remittance, end_to_end_id: as the order gave them.
    """

    account: AccountId
    sequence: int
    amount_minor: int
    balance_minor: int
    booked_on: date
    value_on: date
    operation: int
    kind: str
    label: str = ""
    counterparty_name: str = ""
    counterparty_iban: str = ""
    remittance: str = ""
    end_to_end_id: str = ""
    citations: tuple[str, ...] = ()


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One operation on the statement. balance_minor: running balance in the order of the statement."""

    operation: int
    sequence: int
    booked_on: date
    value_on: date
    kind: str
    label: str
    counterparty_name: str
    counterparty_iban: str
    remittance: str
    end_to_end_id: str
    amount_minor: int
    balance_minor: int
    citations: tuple[str, ...]


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """Counts and sums of both sides; debit_minor is positive."""

    debit_count: int
    debit_minor: int
    credit_count: int
    credit_minor: int


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """A statement of one account for one period; immutable, and whole in itself.

    number: 1, 2, … of the account's statements. issued_at: aware. zone: IANA name of the zone in which the
    bank counts days. available_minor: what could be spent at the end of the last day. agreement,
    agreement_version: what the account ran under then. citations: clauses that made the statement.
    price_minor: what it costs. journal_position: the last row read, in the account's book.
    """

    bank: BankIdentity
    account: StatementAccount
    identifiers: tuple[Identification, ...]
    period: Period
    zone: str
    number: int
    issued_at: datetime
    opening_minor: int
    closing_minor: int
    available_minor: int
    lines: tuple[Line, ...]
    totals: Totals
    price_minor: int
    agreement: str
    agreement_version: str
    citations: tuple[str, ...]
    journal_position: int
    format: str = FORMAT
