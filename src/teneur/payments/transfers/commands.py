"""What may be asked about transfers."""

from datetime import date, datetime
from decimal import Decimal

import msgspec

from teneur.agreements.terms.transfers import ChargeOption, ReversalGround, Service, StartCondition
from teneur.kernel.commands import AccountId, Ask
from teneur.payments.transfers.rules.standing import Frequency


class PayeeAccount(msgspec.Struct, frozen=True, omit_defaults=True):
    """The payee as the order states him; empty: not stated. Identifiers in electronic form (no spaces).

    address: its lines; town: where they give it apart, as messages between banks want it.
    """

    name: str = ""
    iban: str = ""
    rib: str = ""
    account_number: str = ""
    address: tuple[str, ...] = ()
    town: str = ""
    country: str = ""
    bic: str = ""
    bank_name: str = ""


class Repeat(msgspec.Struct, frozen=True, omit_defaults=True):
    """Standing: from the agreed day on. Ends on a day, or after a number of occurrences, or when
    withdrawn."""

    frequency: Frequency
    end_of_month: bool = False
    last_on: date | None = None
    occurrences: int | None = None


class Start(msgspec.Struct, frozen=True, omit_defaults=True):
    """What starts an order where no day is given.

    End of a period: so many months, then days, after the day it is given; also of a standing order's first
    occurrence. Funds available: as soon as the account has the money, and refused when it has not come by
    the end of `until_on` (None: as long as the agreement waits).
    """

    condition: StartCondition
    months: int = 0
    days: int = 0
    until_on: date | None = None


class PayeeCheck(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the verification of the payee answered and what the customer was shown before consent.

    Where another bank was asked, also: its BIC, the id of the question, and why it could not say, if so.
    """

    outcome: str  # match | close-match | no-match | not-available
    shown: str = ""
    answered_by: str = ""
    request_id: str = ""
    cause: str = ""


class PlaceTransfer(Ask, frozen=True, kw_only=True, omit_defaults=True):
    """Order a transfer from the subject account.

    amount_minor: in `currency`, what the payee is to receive. rate: units of the account's currency for one
    unit of `currency`, agreed with the customer; only an adviser or the back office, entering the order, can
    give one, and it holds whenever the order is executed. Without it the bank's rate of that day is applied.
    agreed_on: the day to start, for a deferred or standing order; start: what starts it instead of a day.
    ordered_by: the person whose signed form a member of staff enters. quoted_days: execution delay quoted for
    the order, where the agreement fixes none. corrects: the refused order of the account that this one puts
    right.
    """

    amount_minor: int
    currency: str
    payee: PayeeAccount
    service: Service = Service.ORDINARY
    agreed_on: date | None = None
    repeat: Repeat | None = None
    remittance: str = ""
    structured_reference: str = ""
    end_to_end_id: str = ""
    charges: ChargeOption | None = None
    rate: Decimal | None = None
    quoted_days: int | None = None
    instrument: str = "transfer"
    signed: bool = False
    ordered_by: int = 0
    own_account: bool = False
    check: PayeeCheck | None = None
    risk_accepted: bool = False
    duplicate_accepted: bool = False
    instruction: str = ""  # file, payment and instruction ids of the customer's system
    start: Start | None = None
    corrects: int = 0


class ExecuteTransfer(Ask, frozen=True, kw_only=True):
    """The bank's day: an order taken earlier has fallen due on `due_on`."""

    transfer: int
    due_on: date


class RevokeTransfer(Ask, frozen=True, kw_only=True, omit_defaults=True):
    """Take an order back; `days`: only these occurrences of a standing order."""

    transfer: int
    written: bool = True
    days: tuple[date, ...] = ()


class SettleTransfer(Ask, frozen=True, kw_only=True):
    """The payee's bank has the money: the duty to execute is done."""

    transfer: int
    reference: str = ""


class ConfirmInstant(Ask, frozen=True, kw_only=True, omit_defaults=True):
    """The answer about an instant transfer sent: the money was made available to the payee, or could not
    be."""

    transfer: int
    available: bool
    reason: str = ""


class ReviewScreening(Ask, frozen=True, kw_only=True, omit_defaults=True):
    """A member of staff clears or refuses an order whose payee's name is on the screening list."""

    transfer: int
    cleared: bool
    note: str = ""


class ReceiveTransfer(Ask, frozen=True, kw_only=True, omit_defaults=True):
    """Money has come from another bank for an account of ours: the subject.

    For an IBAN that names no account of ours the subject is the clearing account of a book. settled_on: the
    day the bank's own account was credited; None: today. stamped_at: of an instant transfer. Another currency
    than the account's is converted at the bank's rate of the day.
    """

    payee_iban: str
    payee_name: str
    amount_minor: int
    currency: str
    payer_name: str = ""
    payer_iban: str = ""
    payer_bic: str = ""
    remittance: str = ""
    end_to_end_id: str = ""
    transaction_id: str = ""
    message_id: str = ""
    instant: bool = False
    stamped_at: datetime | None = None
    settled_on: date | None = None


class SendBackTransfer(Ask, frozen=True, kw_only=True, omit_defaults=True):
    """A transfer came from another bank that is too faulty to credit anybody.

    The subject is the bank's own account that it settles through. fault: the ISO code of what is wrong;
    words: the same for people. settled_on: the day on which the bank's own account was credited; None: today.
    """

    amount_minor: int
    currency: str
    fault: str
    words: str = ""
    payer_bic: str = ""
    end_to_end_id: str = ""
    transaction_id: str = ""
    message_id: str = ""
    instant: bool = False
    settled_on: date | None = None


class ReceiveReturn(Ask, frozen=True, kw_only=True, omit_defaults=True):
    """The payee's bank sends back a transfer of ours. amount_minor: in the currency that was sent."""

    transfer: int
    amount_minor: int
    currency: str
    reason: str
    message_id: str = ""
    settled_on: date | None = None


class RequestRecall(Ask, frozen=True, kw_only=True, omit_defaults=True):
    """Ask the payee's bank to give back a transfer that was executed. reason: an ISO code of recalls."""

    transfer: int
    reason: str
    note: str = ""


class ReceiveRecall(Ask, frozen=True, kw_only=True, omit_defaults=True):
    """The payer's bank asks a received transfer back.

    operation: the operation that credited it (0: not found). ground: why, in the words of the agreement;
    None: none that it knows. reason: the ISO code of the message. asked_at: when the other bank wrote it;
    None: now.
    """

    operation: int
    amount_minor: int
    currency: str
    ground: ReversalGround | None
    reason: str
    case_id: str = ""
    original_message_id: str = ""
    original_transaction_id: str = ""
    original_end_to_end_id: str = ""
    payer_bic: str = ""
    asked_at: datetime | None = None


class ReceiveRecallAnswer(Ask, frozen=True, kw_only=True, omit_defaults=True):
    """The payee's bank refuses a recall of ours (an acceptance comes as a return)."""

    transfer: int
    reason: str


class AskCeiling(Ask, frozen=True, kw_only=True, omit_defaults=True):
    """A customer asks for other ceilings; None: unchanged. A raise waits for the adviser, a lowering counts
    at once."""

    per_operation_minor: int | None = None
    weekly_minor: int | None = None
    until_on: date | None = None


class DecideCeiling(Ask, frozen=True, kw_only=True, omit_defaults=True):
    """The adviser grants (until the date on the signed form) or refuses a raise; a second person approves."""

    request: int
    granted: bool
    until_on: date | None = None
    approved_by: int = 0


class AnswerIdentityCheck(Ask, frozen=True, kw_only=True, omit_defaults=True):
    """The payer's bank asks whether these are the surname, first names and birth date of a holder of the
    subject account. asking_bic: of the bank that asks; message_id: its own reference.
    """

    surname: str
    first_names: str
    born_on: date | None
    asking_bic: str
    message_id: str = ""


class RecordIdentityObjection(Ask, frozen=True, kw_only=True, omit_defaults=True):
    """A person objects to such checks on a legitimate ground, or withdraws that; the subject is (0, 0)."""

    person: int
    ground: str
    withdrawn: bool = False


class ExportMessages(Ask, frozen=True, kw_only=True):
    """Take waiting messages of one kind along in a file; the subject is the book."""

    message: str
    file_id: str
    items: tuple[tuple[AccountId, int, int], ...]  # account, position, line
