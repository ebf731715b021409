"""Terms of transfers: everything in which two agreements may differ about sending and receiving money.

Places are ISO 3166 codes of where the account-keeping bank is (NC, PF, WF and the departments have their own
code here, though their IBANs begin with FR), or one of the words of `PLACE_WORDS`. Currencies are ISO 4217
codes or one of the words of `CURRENCY_WORDS`. Amounts are minor units of the agreement's currency. Days are
business days of payments (jours ouvrables).
"""

from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from teneur.agreements.parameters import Parameter
from teneur.agreements.values import ValueProblem
from teneur.kernel.commands import Channel
from teneur.kernel.deadlines import Boundary

CURRENCY_WORDS = ("any", "eea", "non-eea")
PLACE_WORDS = ("any", "eea", "sepa", "pacific", "french-republic")


class TransferClass(StrEnum):
    """What kind of transfer it is, by currency and by where the two banks are."""

    SEPA = "sepa"
    LOCAL = "local"  # Pacific francs between two banks of New Caledonia
    COM_PACIFIC = "com-pacific"  # euro with or between the Pacific territories (SEPA COM Pacifique)
    INTERNATIONAL = "international"


class Service(StrEnum):
    """How it is carried: the ordinary way, instantly, or as a treasury transfer (virement de trésorerie)."""

    ORDINARY = "ordinary"
    INSTANT = "instant"
    TREASURY = "treasury"


class Timing(StrEnum):
    """When it is to be executed."""

    IMMEDIATE = "immediate"
    DEFERRED = "deferred"
    STANDING = "standing"


class Regime(StrEnum):
    """Which law of payment services governs an operation."""

    FULL = "full"  # CMF L133-1 II
    NON_EEA_CURRENCY = "non-eea-currency"  # CMF L133-1 III
    ONE_LEG = "one-leg"  # CMF L133-1 IV
    PARTIAL = "partial"  # CMF L133-1-1
    L712_8 = "l712-8"  # euro with the Pacific; L722-1 since 2022
    OUTSIDE = "outside"


class ChargeOption(StrEnum):
    """Who bears the charges: each his own bank's, all by the payer, all by the payee."""

    SHA = "SHA"
    OUR = "OUR"
    BEN = "BEN"


class ChargeSituation(StrEnum):
    """Where the clauses on charges draw their lines. "Home" is SEPA, local and SEPA COM Pacifique."""

    HOME = "home"
    HOME_CONVERTED = "home-converted"  # sending needs a currency conversion, payee's bank outside the EEA
    HOME_CONVERTED_TO_EEA = "home-converted-to-eea"
    INTERNATIONAL_TO_EEA = "international-to-eea"
    INTERNATIONAL = "international"


class CutOffKind(StrEnum):
    """What ends the day of an order: a time of day, the closing of the branch, or the day itself."""

    TIME = "time"
    BRANCH_CLOSING = "branch-closing"
    END_OF_DAY = "end-of-day"


class LateRevocation(StrEnum):
    """What becomes of a revocation that comes after its deadline."""

    IF_NOT_STARTED = "if-not-started"
    REFUSE = "refuse"


class DelayBasis(StrEnum):
    """What the clauses on the maximum execution time go by."""

    CURRENCY = "currency"  # rows: euro, eea-currency, other-currency
    CLASS = "class"  # rows: local, com-pacific, international


class DelayKind(StrEnum):
    """Whether a delay is fixed by the agreement or quoted for each order."""

    FIXED = "fixed"
    QUOTED = "quoted"


class Field(StrEnum):
    """What an order may be required to state."""

    DEBIT_ACCOUNT = "debit-account"
    AMOUNT = "amount"
    CURRENCY = "currency"
    PAYER_DATA = "payer-data"
    PAYEE_NAME = "payee-name"
    PAYEE_IBAN = "payee-iban"
    PAYEE_RIB = "payee-rib"
    PAYEE_ACCOUNT_NUMBER = "payee-account-number"
    PAYEE_ADDRESS = "payee-address"
    PAYEE_BIC = "payee-bic"
    PAYEE_BANK_NAME = "payee-bank-name"


class BicAdvice(StrEnum):
    """What a missing recommended pair of BIC and IBAN leads to in SEPA COM Pacifique."""

    WARN = "warn"
    WARN_AND_ACCEPT = "warn-and-accept"  # the customer must accept the risk of rejection


class ReversalGround(StrEnum):
    """Why the payer's bank cancels a transfer that the customer has received."""

    PAYER_BANK_ERROR = "payer-bank-error"
    PAYER_ERROR_JUSTIFIED = "payer-error-justified-by-its-bank"
    PROVEN_FRAUD = "proven-fraud"


class WeekBasis(StrEnum):
    """How the week of a ceiling is counted."""

    ROLLING = "rolling"
    CALENDAR = "calendar"  # from Monday


class StartCondition(StrEnum):
    """What may start a deferred or standing order."""

    GIVEN_DAY = "given-day"
    END_OF_PERIOD = "end-of-period"
    FUNDS_AVAILABLE = "funds-available"


@dataclass(frozen=True)
class CutOff:
    """The end of the day of an order. at: local, required for kind `time` only."""

    kind: CutOffKind
    at: time | None = None
    boundary: Boundary = Boundary.INCLUSIVE

    def __post_init__(self) -> None:
        if (self.at is None) is (self.kind is CutOffKind.TIME):
            raise ValueProblem(
                f"a cut-off of kind {self.kind} with the time {self.at}: a time goes with kind time"
            )

    def __str__(self) -> str:
        return f"{self.kind if self.at is None else f'{self.at:%H:%M}'} ({self.boundary})"


@dataclass(frozen=True)
class Routing:
    """What tells one class of transfer from another. The country sets stand in `countries.toml`."""

    sepa_offered: Parameter[bool]
    local_currency: Parameter[str | None]  # of LOCAL transfers
    local_place: Parameter[str | None]  # where both banks of a LOCAL transfer are
    com_currency: Parameter[str]
    com_pacific_side: Parameter[frozenset[str]]
    com_other_side: Parameter[frozenset[str]]
    com_between_pacific: Parameter[bool]
    com_needs_reachability: Parameter[bool]  # the other bank must adhere to that clearing, else international
    eea_currencies: Parameter[frozenset[str]]  # the euro and the other currencies of the EEA


@dataclass(frozen=True)
class RegimeCase:
    """A regime applies when the currency is listed and one bank is among `one`, the other among `other`.

    `excluding` takes places out of `other`. directed: `one` is the payer's side and `other` the payee's.
    """

    regime: Parameter[Regime]
    currencies: Parameter[tuple[str, ...]]
    one: Parameter[frozenset[str]]
    other: Parameter[frozenset[str]]
    excluding: Parameter[frozenset[str]]
    directed: Parameter[bool]


@dataclass(frozen=True)
class Regimes:
    """The cases in the order in which they are tried, and the articles of CMF L133 each regime leaves out."""

    cases: dict[str, RegimeCase]
    excluded_articles: dict[str, Parameter[frozenset[str]]]  # by regime; "all": the chapter does not apply


@dataclass(frozen=True)
class Reception:
    """When an order counts as received."""

    start_conditions: Parameter[tuple[StartCondition, ...]]
    longest_wait_for_funds_days: Parameter[int]  # of an order that says no last day itself; calendar days
    cut_offs: dict[str, dict[str, Parameter[CutOff]]]  # operation, then channel or "any"


@dataclass(frozen=True)
class Delay:
    """Maximum execution time: business days from the day of reception to the credit of the payee's bank."""

    kind: Parameter[DelayKind]
    business_days: Parameter[int]
    paper_extra_business_days: Parameter[int]
    converted_business_days: Parameter[int | None]  # in all, paper or not, when sending needs a conversion


@dataclass(frozen=True)
class Execution:
    """Maximum execution times and what counts as paper."""

    basis: Parameter[DelayBasis]
    delays: dict[str, Delay]
    paper_channels: Parameter[frozenset[Channel]]
    paper_timings: Parameter[frozenset[Timing]]


@dataclass(frozen=True)
class Revocation:
    """Until when, how and at what price an order may be taken back."""

    deadline_business_days_before: Parameter[int]
    cut_offs: dict[str, Parameter[CutOff]]  # by channel of the request, or "any"
    channels: Parameter[frozenset[Channel]]
    written: Parameter[bool]
    late: Parameter[LateRevocation]
    instant_revocable: Parameter[bool]
    initiation_service_revocable: Parameter[bool]
    occurrences_revocable: Parameter[bool]
    immediate_price_minor: Parameter[int]
    deferred_price_minor: Parameter[int]


@dataclass(frozen=True)
class Charges:
    """Charge options allowed; the first is what applies when the order asks for nothing."""

    options: dict[str, Parameter[tuple[ChargeOption, ...]]]  # by ChargeSituation


@dataclass(frozen=True)
class Ceilings:
    """Ceilings of transfers ordered in the remote space, and of instant transfers. None: no ceiling."""

    channels: Parameter[frozenset[Channel]]
    per_operation_minor: Parameter[int | None]
    weekly_minor: Parameter[int | None]
    week_days: Parameter[int]
    week_basis: Parameter[WeekBasis]
    pending_raises_max: Parameter[int]
    raise_is_temporary: Parameter[bool]
    instant_minor: Parameter[int | None]


@dataclass(frozen=True)
class Ordering:
    """Which channel may order what."""

    channels: dict[str, dict[str, Parameter[frozenset[Channel]]]]  # class or service, then timing
    by_specific_agreement: dict[str, dict[str, Parameter[frozenset[Channel]]]]  # off by default
    own_accounts_only: Parameter[frozenset[Channel]]
    signature_channels: Parameter[frozenset[Channel]]
    remote_international_currencies: Parameter[frozenset[str]]  # or "any"


@dataclass(frozen=True)
class Requirements:
    """What an order must state. Each alternative is a list of fields joined by "+", best first."""

    fields: Parameter[tuple[Field, ...]]
    payee_account: Parameter[tuple[str, ...]]
    payee_bank: Parameter[tuple[str, ...]]


@dataclass(frozen=True)
class Identifiers:
    """Unique identifiers and mandatory information."""

    requirements: dict[str, Requirements]  # by TransferClass
    bic_waived_within: Parameter[frozenset[str]]  # both banks there: the IBANs alone are enough
    bic_waived_classes: Parameter[frozenset[TransferClass]]
    strict_regimes: Parameter[frozenset[Regime]]  # no fallback replaces the IBAN, nor the BIC where it is due
    bic_advice: Parameter[BicAdvice]
    advised_bic_countries: Parameter[frozenset[str]]
    advised_iban_country: Parameter[str]


@dataclass(frozen=True)
class Instant:
    """Instant transfers (Virement SEPA Instantané). offered: whether the agreement knows them."""

    offered: Parameter[bool]
    classes: Parameter[frozenset[TransferClass]]
    timings: Parameter[frozenset[Timing]]
    target_seconds: Parameter[int]
    exceptional_seconds: Parameter[int]
    reject_incoming_after_seconds: Parameter[int]


@dataclass(frozen=True)
class Incoming:
    """Transfers received."""

    availability_delay_days: Parameter[int]
    value_offset_days: Parameter[int]
    reversal_grounds: Parameter[frozenset[ReversalGround]]


@dataclass(frozen=True)
class Refusal:
    """What is refused outright. What is owed after a refusal stands in `notices.toml`."""

    excluded_instruments: Parameter[frozenset[str]]


@dataclass(frozen=True)
class Safeguards:
    """Ours: protections that the documents leave open."""

    duplicate_window_hours: Parameter[int]
    screening_matches: Parameter[int]  # words of a listed name that must all be found; at least this many


@dataclass(frozen=True)
class Recalls:
    """Until when banks may ask a transfer back, and answer. Business days are those of TARGET.

    No agreement states it: the scheme of the banks does. Counted from the day after the execution.
    """

    bank_error_business_days: Parameter[int]  # sent twice or wrongly by the payer's bank (DUPL, TECH)
    fraud_months: Parameter[int]  # FRAD
    payer_request_months: Parameter[int]  # what the payer himself asks (CUST, AC03, AM09)
    answer_business_days: Parameter[int]  # from the day after the bank was asked


@dataclass(frozen=True)
class TransfersTerms:
    """All terms of transfers of one agreement."""

    routing: Routing
    regimes: Regimes
    reception: Reception
    execution: Execution
    revocation: Revocation
    charges: Charges
    ceilings: Ceilings
    ordering: Ordering
    identifiers: Identifiers
    instant: Instant
    incoming: Incoming
    refusal: Refusal
    safeguards: Safeguards
    recalls: Recalls
