"""What a message to another bank says, until the file of its kind is written. Canonical JSON in the
outbox."""

from datetime import date, datetime

import msgspec

CREDIT_TRANSFER = "pacs.008"
RETURN = "pacs.004"
STATUS = "pacs.002"
RECALL = "camt.056"
RECALL_ANSWER = "camt.029"

# How most orders are understood; the record of an order inside the bank leaves it out where it is so.
ORDINARY = {"charges": "SHA", "class": "sepa", "regime": "full"}


class OutgoingTransfer(msgspec.Struct, frozen=True, omit_defaults=True):
    """A transfer to be sent. `transfer`: id of the order, None where the message's own row is the order.

    payer: account id.
    """

    payer: int
    amount_minor: int
    currency: str
    settlement_on: date
    payee_name: str
    payee_iban: str = ""
    payee_account_number: str = ""
    payee_bic: str = ""
    payee_bank_name: str = ""
    payee_address: tuple[str, ...] = ()
    payee_town: str = ""
    payee_country: str = ""
    remittance: str = ""
    structured_reference: str = ""
    end_to_end_id: str = ""
    charges: str = "SHA"
    transfer_class: str = "sepa"
    instant: bool = False
    stamped_at: datetime | None = None
    transfer: int | None = None


class OutgoingReturn(msgspec.Struct, frozen=True, omit_defaults=True):
    """Money received that goes back, with its reason."""

    amount_minor: int
    currency: str
    settlement_on: date
    reason: str
    original_message_id: str
    original_transaction_id: str
    original_end_to_end_id: str = ""
    payer_bic: str = ""
    case_id: str = ""
    instant: bool = False


class OutgoingStatus(msgspec.Struct, frozen=True, omit_defaults=True):
    """The answer about an instant transfer received."""

    accepted: bool
    original_message_id: str
    original_transaction_id: str
    original_end_to_end_id: str = ""
    reason: str = ""
    payer_bic: str = ""
    at: datetime | None = None


class OutgoingRecall(msgspec.Struct, frozen=True, omit_defaults=True):
    """A request to give back a transfer of ours.

    payer: account id. asked_by_payer: not by the bank itself.
    """

    payer: int
    transfer: int
    amount_minor: int
    currency: str
    reason: str
    note: str = ""
    end_to_end_id: str = ""
    settled_on: date | None = None
    payee_bic: str = ""
    payee_iban: str = ""
    asked_by_payer: bool = False


class OutgoingRecallAnswer(msgspec.Struct, frozen=True, omit_defaults=True):
    """A recall that is refused, with its reason (an acceptance is a return).

    words: beside the code, at most 105 characters.
    """

    reason: str
    case_id: str
    original_message_id: str
    original_transaction_id: str
    original_end_to_end_id: str = ""
    payer_bic: str = ""
    words: str = ""
