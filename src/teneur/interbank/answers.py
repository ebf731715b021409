"""What answers and questions about payments say: status, returns, recalls, answers to recalls."""

from datetime import date, datetime
from decimal import Decimal

from teneur.interbank.messages import (
    Account,
    Agent,
    Coded,
    Part,
    Party,
    PaymentType,
    Reason,
    Remittance,
)
from teneur.interbank.payments import Charge, FaultyTransaction, Settlement
from teneur.kernel.money import Money


class OriginalGroup(Part, frozen=True, kw_only=True):
    """The message that a transaction came in: its id and its name (pacs.008.001.08)."""

    message_id: str
    name: str
    created_at: datetime | None = None


class OriginalIds(Part, frozen=True, kw_only=True):
    """Every reference of the transaction in question."""

    instruction_id: str = ""
    end_to_end_id: str = ""
    transaction_id: str = ""
    uetr: str = ""
    clearing_system_reference: str = ""


class OriginalTransaction(Part, frozen=True, kw_only=True):
    """What the transaction in question said, repeated so that the reader need not look it up (OrgnlTxRef)."""

    amount: Money | None = None  # settled between the banks
    instructed: Money | None = None  # ordered by the customer
    settled_on: date | None = None
    execution_on: date | None = None
    settlement: Settlement | None = None
    payment_type: PaymentType | None = None
    method: str = ""
    remittance: Remittance | None = None
    ultimate_debtor: Party | None = None
    debtor: Party | None = None
    debtor_account: Account | None = None
    debtor_agent: Agent | None = None
    creditor_agent: Agent | None = None
    creditor: Party | None = None
    creditor_account: Account | None = None
    ultimate_creditor: Party | None = None
    purpose: Coded | None = None


# ---------------------------------------------------------------- status: pain.002 and pacs.002


class TransactionStatus(Part, frozen=True, kw_only=True):
    """The status of one transaction: ACTC, ACSP, ACSC, ACCC, ACWC, PDNG, RJCT … (ISO external list)."""

    status: str
    ids: OriginalIds = OriginalIds()
    status_id: str = ""
    group: OriginalGroup | None = None  # pacs.002 only
    reasons: tuple[Reason, ...] = ()
    accepted_at: datetime | None = None
    settled_on: date | None = None  # pacs.002 only
    servicer_reference: str = ""
    instructing_agent: Agent | None = None  # pacs.002 only
    instructed_agent: Agent | None = None  # pacs.002 only
    original: OriginalTransaction | None = None


class GroupStatus(Part, frozen=True, kw_only=True):
    """The status of a whole message: ACTC, ACCP, PART, RJCT …; empty where only transactions have one."""

    group: OriginalGroup
    transactions: int | None = None
    control_sum: Decimal | None = None
    status: str = ""
    reasons: tuple[Reason, ...] = ()


class BatchStatus(Part, frozen=True, kw_only=True):
    """The status of one batch of a customer's file and of its transactions."""

    id: str
    transactions: int | None = None
    control_sum: Decimal | None = None
    status: str = ""
    reasons: tuple[Reason, ...] = ()
    statuses: tuple[TransactionStatus | FaultyTransaction, ...] = ()


class CustomerStatusReport(Part, frozen=True, kw_only=True):
    """The bank's answer to a customer's file (pain.002)."""

    message_id: str
    created_at: datetime
    group: GroupStatus
    batches: tuple[BatchStatus, ...] = ()
    initiating_party: Party | None = None
    debtor_agent: Agent | None = None


class InterbankStatusReport(Part, frozen=True, kw_only=True):
    """One bank's answer to transfers of another (pacs.002): confirms or rejects an instant transfer."""

    message_id: str
    created_at: datetime
    statuses: tuple[TransactionStatus | FaultyTransaction, ...]
    groups: tuple[GroupStatus, ...] = ()
    instructing_agent: Agent | None = None
    instructed_agent: Agent | None = None


# ---------------------------------------------------------------- return: pacs.004


class PaymentReturn(Part, frozen=True, kw_only=True):
    """One transfer sent back: of its own accord, or after a recall (FOCR)."""

    returned: Money
    reasons: tuple[Reason, ...]
    ids: OriginalIds = OriginalIds()
    return_id: str = ""
    group: OriginalGroup | None = None
    original_amount: Money | None = None
    original_settled_on: date | None = None
    settlement_on: date | None = None
    returned_instructed: Money | None = None  # before charges and conversion
    exchange_rate: Decimal | None = None
    compensation: Money | None = None
    charge_bearer: str = ""
    charges: tuple[Charge, ...] = ()
    clearing_system_reference: str = ""  # of the return itself
    instructing_agent: Agent | None = None
    instructed_agent: Agent | None = None
    original: OriginalTransaction | None = None


class PaymentReturns(Part, frozen=True, kw_only=True):
    """A message of returns between two banks: its count, sum and total follow from the returns."""

    message_id: str
    created_at: datetime
    settlement: Settlement
    returns: tuple[PaymentReturn | FaultyTransaction, ...]
    settlement_on: date | None = None
    instructing_agent: Agent | None = None
    instructed_agent: Agent | None = None


# ---------------------------------------------------------------- recall and answer: camt.056 and camt.029


class Case(Part, frozen=True, kw_only=True):
    """An investigation case and who opened it."""

    id: str
    creator: Party
    by_agent: bool = True  # the creator is a bank


class Recall(Part, frozen=True, kw_only=True):
    """One transfer that the other bank is asked to send back."""

    reasons: tuple[Reason, ...]
    ids: OriginalIds = OriginalIds()
    recall_id: str = ""
    case: Case | None = None
    group: OriginalGroup | None = None
    original_amount: Money | None = None
    original_settled_on: date | None = None
    original: OriginalTransaction | None = None


class Recalls(Part, frozen=True, kw_only=True):
    """A message that asks for transfers back (camt.056)."""

    id: str
    assigner: Agent
    assignee: Agent
    created_at: datetime
    recalls: tuple[Recall | FaultyTransaction, ...]
    case: Case | None = None


class RecallAnswer(Part, frozen=True, kw_only=True):
    """The answer for one transfer: RJCR refused, PDCR waiting, ACCR accepted (the money then comes by
    pacs.004).
    """

    status: str
    reasons: tuple[Reason, ...]
    ids: OriginalIds = OriginalIds()
    status_id: str = ""
    case: Case | None = None
    group: OriginalGroup | None = None
    original_amount: Money | None = None
    original_settled_on: date | None = None
    original: OriginalTransaction | None = None


class RecallAnswers(Part, frozen=True, kw_only=True):
    """A message that answers recalls (camt.029). confirmation: CNCL, RJCR, PDCR, PECR … of all of it."""

    id: str
    assigner: Agent
    assignee: Agent
    created_at: datetime
    confirmation: str
    answers: tuple[RecallAnswer | FaultyTransaction, ...]
    case: Case | None = None
