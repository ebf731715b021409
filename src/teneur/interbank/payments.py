"""What orders to pay say: a customer's file (pain.001) and a bank's transfers to another bank (pacs.008)."""

from datetime import date, datetime
from decimal import Decimal

from teneur.interbank.faults import Fault
from teneur.interbank.messages import Account, Agent, Coded, Part, Party, PaymentType, Remittance
from teneur.kernel.money import Money


class FileHeader(Part, frozen=True, kw_only=True):
    """Who sent a customer's file, and what it says that it holds."""

    version: str  # pain.001.001.09 or pain.001.001.03
    message_id: str
    created_at: datetime
    transactions: int
    control_sum: Decimal | None
    initiating_party: Party


class TransferInstruction(Part, frozen=True, kw_only=True):
    """One transfer that a customer orders. Payment type, charge bearer and ultimate debtor may stand on the
    batch: here they are already those that hold for the transfer.
    """

    position: int  # in the file, from 1
    line: int
    end_to_end_id: str
    amount: Money
    creditor: Party
    creditor_account: Account
    instruction_id: str = ""
    uetr: str = ""
    payment_type: PaymentType | None = None
    charge_bearer: str = ""  # SLEV, SHAR, DEBT, CRED
    ultimate_debtor: Party | None = None
    intermediary_agents: tuple[Agent, ...] = ()
    creditor_agent: Agent | None = None
    ultimate_creditor: Party | None = None
    instructions_for_creditor_agent: tuple[str, ...] = ()
    purpose: Coded | None = None
    remittance: Remittance | None = None


class FaultyTransaction(Part, frozen=True, kw_only=True):
    """A transaction that cannot be taken, with what is needed to answer it, as far as it could be read.

    amount: None where it is unreadable. payer_bic, settlement_on, instant: of a transfer between banks, so
    that its money can be sent back.
    """

    position: int
    line: int
    faults: tuple[Fault, ...]
    instruction_id: str = ""
    end_to_end_id: str = ""
    transaction_id: str = ""
    uetr: str = ""
    amount: Money | None = None
    payer_bic: str = ""
    settlement_on: date | None = None
    instant: bool = False


class PaymentBatch(Part, frozen=True, kw_only=True):
    """Transfers from one account on one day (PmtInf). A stream gives the batch before its transfers."""

    id: str
    execution_on: date
    debtor: Party
    debtor_account: Account
    debtor_agent: Agent
    execution_at: datetime | None = None  # where the customer gave a time too
    batch_booking: bool | None = None  # one debit for all of the batch, or one for each
    payment_type: PaymentType | None = None
    charge_bearer: str = ""
    charges_account: Account | None = None
    ultimate_debtor: Party | None = None
    transactions: int | None = None  # as the file says
    control_sum: Decimal | None = None
    transfers: tuple[TransferInstruction | FaultyTransaction, ...] = ()


class CustomerTransferFile(Part, frozen=True, kw_only=True):
    """A customer's file of transfers, whole: its counts and sums have been checked."""

    header: FileHeader
    batches: tuple[PaymentBatch, ...]


class Settlement(Part, frozen=True, kw_only=True):
    """How banks settle: CLRG through a clearing system, INDA or INGA over an account, COVE by a cover
    payment.
    """

    method: str
    account: Account | None = None
    clearing_system: Coded | None = None
    instructing_reimbursement_agent: Agent | None = None
    instructed_reimbursement_agent: Agent | None = None


class Charge(Part, frozen=True, kw_only=True):
    """What a bank on the way took."""

    amount: Money
    agent: Agent


class InterbankTransfer(Part, frozen=True, kw_only=True):
    """One transfer between banks. Settlement day, payment type and agents may stand on the message: here they
    are already those that hold for the transfer.
    """

    end_to_end_id: str
    amount: Money  # settled between the banks
    charge_bearer: str
    debtor: Party
    debtor_agent: Agent
    creditor_agent: Agent
    creditor: Party
    transaction_id: str = ""
    instruction_id: str = ""
    uetr: str = ""
    clearing_system_reference: str = ""
    payment_type: PaymentType | None = None
    settlement_on: date | None = None
    settlement_priority: str = ""
    accepted_at: datetime | None = None  # instant transfers: the time stamp of the payer's bank
    instructed: Money | None = None  # what the payer ordered, if not what is settled
    exchange_rate: Decimal | None = None
    charges: tuple[Charge, ...] = ()
    instructing_agent: Agent | None = None
    instructed_agent: Agent | None = None
    intermediary_agents: tuple[Agent, ...] = ()
    ultimate_debtor: Party | None = None
    initiating_party: Party | None = None
    debtor_account: Account | None = None
    creditor_account: Account | None = None
    ultimate_creditor: Party | None = None
    instructions_for_creditor_agent: tuple[str, ...] = ()
    purpose: Coded | None = None
    remittance: Remittance | None = None


class InterbankTransfers(Part, frozen=True, kw_only=True):
    """A message of transfers between two banks (pacs.008): its count, sum and total follow from the
    transfers.
    """

    message_id: str
    created_at: datetime
    settlement: Settlement
    transfers: tuple[InterbankTransfer | FaultyTransaction, ...]
    settlement_on: date | None = None
    payment_type: PaymentType | None = None
    instructing_agent: Agent | None = None
    instructed_agent: Agent | None = None
