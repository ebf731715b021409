"""What ISO 20022 messages say, as frozen structs: the words shared by every message, and the account reports.

The structs of payments stand in `payments.py`, those of answers to payments in `answers.py`. Names are
English; the comment beside a field gives the ISO element where it is not obvious. Empty text means that the
element is absent.

Times are as the sender wrote them: a time without offset stays naive, and is the local time of the bank that
reads. Written times must be aware.
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import msgspec

from teneur.kernel.money import Currency, Money

NOT_PROVIDED = "NOTPROVIDED"  # EPC: what stands where the payer gave no reference, or no BIC


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """Base of every part of a message."""


class Coded(Part, frozen=True, kw_only=True):
    """A code of an ISO external list, or a proprietary one agreed between the two sides; never both."""

    code: str = ""
    proprietary: str = ""


class Address(Part, frozen=True, kw_only=True):
    """A postal address: structured (fields), hybrid (town and country, at most two lines) or unstructured
    (lines).
    """

    kind: Coded | None = None  # AdrTp
    department: str = ""
    sub_department: str = ""
    street: str = ""
    building_number: str = ""
    building_name: str = ""
    floor: str = ""
    post_box: str = ""
    room: str = ""
    post_code: str = ""
    town: str = ""
    town_location: str = ""
    district: str = ""
    country_subdivision: str = ""
    country: str = ""  # ISO 3166, two letters
    lines: tuple[str, ...] = ()


class OtherId(Part, frozen=True, kw_only=True):
    """An identifier in some scheme: of a person, an organisation, an account or a bank."""

    id: str
    scheme: Coded | None = None
    issuer: str = ""


class Birth(Part, frozen=True, kw_only=True):
    """Date and place of birth of a private person."""

    on: date
    city: str
    country: str
    province: str = ""


class Party(Part, frozen=True, kw_only=True):
    """A payer, a payee, the party for whose account they act, or the party that sent the file."""

    name: str = ""
    address: Address | None = None
    bic: str = ""  # OrgId/AnyBIC
    lei: str = ""
    organisation_ids: tuple[OtherId, ...] = ()
    birth: Birth | None = None
    person_ids: tuple[OtherId, ...] = ()
    country_of_residence: str = ""


class Agent(Part, frozen=True, kw_only=True):
    """A bank. An agent whose BIC the payer did not know has `other` NOTPROVIDED, or nothing at all."""

    bic: str = ""
    clearing_system: Coded | None = None
    clearing_member: str = ""
    lei: str = ""
    name: str = ""
    address: Address | None = None
    other: OtherId | None = None
    branch: str = ""  # BrnchId/Id


class Account(Part, frozen=True, kw_only=True):
    """An account: by IBAN, or by another identifier (a RIB, an account number abroad)."""

    iban: str = ""
    other: OtherId | None = None
    kind: Coded | None = None  # Tp
    currency: Currency | None = None
    name: str = ""


class StructuredRemittance(Part, frozen=True, kw_only=True):
    """One structured occurrence: the creditor reference (SCOR: ISO 11649) and the words beside it."""

    reference: str = ""
    reference_kind: Coded | None = None  # SCOR
    reference_issuer: str = ""
    document_numbers: tuple[str, ...] = ()
    additional: tuple[str, ...] = ()


class Remittance(Part, frozen=True, kw_only=True):
    """What the payment is for, in the payer's words (each at most 140 characters) or structured."""

    unstructured: tuple[str, ...] = ()
    structured: tuple[StructuredRemittance, ...] = ()


class PaymentType(Part, frozen=True, kw_only=True):
    """How the payment shall be treated: service level SEPA, URGP, NURG; local instrument INST; category SALA
    …
    """

    priority: str = ""  # HIGH, NORM
    clearing_channel: str = ""  # between banks only
    service_levels: tuple[Coded, ...] = ()
    local_instrument: Coded | None = None
    category_purpose: Coded | None = None


class Reason(Part, frozen=True, kw_only=True):
    """Why a payment was rejected, returned, recalled, or a recall refused."""

    reason: Coded | None = None
    originator: Party | None = None  # who says so: a bank by its BIC, or a customer by name
    additional: tuple[str, ...] = ()  # each at most 105 characters


# ---------------------------------------------------------------- account reports: camt.053 and camt.054


class Side(StrEnum):
    """The side of the account that an entry is booked on, seen from the account owner."""

    CREDIT = "CRDT"
    DEBIT = "DBIT"


class BalanceKind(StrEnum):
    """The kinds of balance that statements give."""

    OPENING_BOOKED = "OPBD"
    CLOSING_BOOKED = "CLBD"
    CLOSING_AVAILABLE = "CLAV"
    OPENING_AVAILABLE = "OPAV"
    FORWARD_AVAILABLE = "FWAV"
    INTERIM_BOOKED = "ITBD"


class EntryStatus(StrEnum):
    """Booked, waiting, or for information."""

    BOOKED = "BOOK"
    PENDING = "PDNG"
    INFORMATION = "INFO"


class Balance(Part, frozen=True, kw_only=True):
    """A balance at the end of day `on`. The amount is signed: below zero the account is in debit."""

    kind: BalanceKind
    amount: Money
    on: date


class BankTransactionCode(Part, frozen=True, kw_only=True):
    """The nature of an entry, by the ISO external code list: domain, family, sub-family; or the bank's own
    code.
    """

    domain: str = ""
    family: str = ""
    subfamily: str = ""
    proprietary: str = ""
    proprietary_issuer: str = ""


SEPA_TRANSFER_ISSUED = BankTransactionCode(domain="PMNT", family="ICDT", subfamily="ESCT")
SEPA_TRANSFER_RECEIVED = BankTransactionCode(domain="PMNT", family="RCDT", subfamily="ESCT")
INSTANT_TRANSFER_ISSUED = BankTransactionCode(domain="PMNT", family="IRCT", subfamily="ESCT")
INSTANT_TRANSFER_RECEIVED = BankTransactionCode(domain="PMNT", family="RRCT", subfamily="ESCT")
INTERNAL_TRANSFER_ISSUED = BankTransactionCode(domain="PMNT", family="ICDT", subfamily="BOOK")
INTERNAL_TRANSFER_RECEIVED = BankTransactionCode(domain="PMNT", family="RCDT", subfamily="BOOK")
DOMESTIC_TRANSFER_ISSUED = BankTransactionCode(domain="PMNT", family="ICDT", subfamily="DMCT")
DOMESTIC_TRANSFER_RECEIVED = BankTransactionCode(domain="PMNT", family="RCDT", subfamily="DMCT")
CROSS_BORDER_TRANSFER_ISSUED = BankTransactionCode(domain="PMNT", family="ICDT", subfamily="XBCT")
CROSS_BORDER_TRANSFER_RECEIVED = BankTransactionCode(domain="PMNT", family="RCDT", subfamily="XBCT")
STANDING_ORDER_ISSUED = BankTransactionCode(domain="PMNT", family="ICDT", subfamily="STDO")
ISSUED_TRANSFER_RETURNED = BankTransactionCode(domain="PMNT", family="ICDT", subfamily="RRTN")
RECEIVED_TRANSFER_RETURNED = BankTransactionCode(domain="PMNT", family="RCDT", subfamily="RRTN")
CASH_DEPOSIT = BankTransactionCode(domain="PMNT", family="CNTR", subfamily="CDPT")
CASH_WITHDRAWAL = BankTransactionCode(domain="PMNT", family="CNTR", subfamily="CWDL")
FEES_DEBITED = BankTransactionCode(domain="ACMT", family="MDOP", subfamily="FEES")
INTEREST_DEBITED = BankTransactionCode(domain="ACMT", family="MDOP", subfamily="INTR")
INTEREST_CREDITED = BankTransactionCode(domain="ACMT", family="MCOP", subfamily="INTR")


class References(Part, frozen=True, kw_only=True):
    """Every reference under which an operation is known."""

    message_id: str = ""
    servicer_reference: str = ""  # AcctSvcrRef: ours
    payment_information_id: str = ""
    instruction_id: str = ""
    end_to_end_id: str = ""
    uetr: str = ""
    transaction_id: str = ""
    mandate_id: str = ""
    cheque_number: str = ""
    clearing_system_reference: str = ""


class Exchange(Part, frozen=True, kw_only=True):
    """A conversion: `rate` units of `target` for one unit of `unit` (by default `source`)."""

    source: Currency
    target: Currency
    rate: Decimal
    unit: Currency | None = None


class EntryDetail(Part, frozen=True, kw_only=True):
    """One operation within an entry (an entry of a batch has several)."""

    references: References = References()
    amount: Money | None = None
    side: Side | None = None
    instructed: Money | None = None  # what the payer wrote, if not what was booked
    exchange: Exchange | None = None
    debtor: Party | None = None
    debtor_account: Account | None = None
    ultimate_debtor: Party | None = None
    creditor: Party | None = None
    creditor_account: Account | None = None
    ultimate_creditor: Party | None = None
    debtor_agent: Agent | None = None
    creditor_agent: Agent | None = None
    purpose: Coded | None = None
    remittance: Remittance | None = None
    accepted_at: datetime | None = None
    settled_on: date | None = None
    return_reason: Reason | None = None
    information: str = ""  # at most 500 characters


class ReportEntry(Part, frozen=True, kw_only=True):
    """One booked movement: amount above zero, on the side that it was booked on.

    A reversal keeps the side of its own booking: a refunded debit is side CREDIT with `reversal` set, and a
    reader that adds up sides finds the balance without looking at `reversal`.
    """

    amount: Money
    side: Side
    booked_on: date | None
    value_on: date | None
    code: BankTransactionCode
    reference: str = ""  # NtryRef
    servicer_reference: str = ""  # AcctSvcrRef
    reversal: bool = False
    status: EntryStatus = EntryStatus.BOOKED
    details: tuple[EntryDetail, ...] = ()
    information: str = ""  # at most 500 characters


class AccountReport(Part, frozen=True, kw_only=True):
    """A statement (camt.053) or a notification (camt.054: no balances) of one account for one period.

    `from_at` and `to_at` are the first and the last instant of the period, both inside it. Sequence numbers
    count the reports of the account without a gap: `sequence_number` all of them, `legal_sequence_number` the
    legal statements.
    """

    id: str
    account: Account
    created_at: datetime
    entries: tuple[ReportEntry, ...]
    balances: tuple[Balance, ...] = ()
    sequence_number: int | None = None
    legal_sequence_number: int | None = None
    from_at: datetime | None = None
    to_at: datetime | None = None
    copy: str = ""  # COPY, DUPL, CODU
    owner: Party | None = None
    servicer: Agent | None = None
    information: str = ""  # at most 500 characters


class ReportMessage(Part, frozen=True, kw_only=True):
    """One camt.053 or camt.054 message: one or more reports, on one page."""

    message_id: str
    created_at: datetime
    reports: tuple[AccountReport, ...]
    recipient: Party | None = None
    information: str = ""
