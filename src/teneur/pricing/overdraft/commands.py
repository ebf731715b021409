"""What may be asked about overdrafts. The subject is the account; amounts are in its minor units."""

from datetime import date
from decimal import Decimal

from teneur.agreements.terms.overdraft import Event, Ground
from teneur.kernel.commands import Ask
from teneur.pricing.overdraft.facts import AuthorisationKind


class GrantOverdraft(Ask, frozen=True, kw_only=True, omit_defaults=True):
    """Authorise an overdraft where there is none.

    requested_by: the holders who ask. document: the particular terms or the specific agreement that says so.
    starts_on: None: today. ends_on: last day of a one-off one. rate_percent: agreed fixed rate a year, or
    the points above rate_index; None: the tariff's rate.
    """

    limit_minor: int
    requested_by: tuple[int, ...]
    approved_by: int
    document: str
    kind: AuthorisationKind = AuthorisationKind.OPEN_ENDED
    starts_on: date | None = None
    ends_on: date | None = None
    rate_percent: Decimal | None = None
    rate_index: str = ""


class ChangeOverdraft(Ask, frozen=True, kw_only=True, omit_defaults=True):
    """Another limit, agreed with the customer at the branch, from a day on (None: today); rate as before."""

    limit_minor: int
    requested_by: tuple[int, ...]
    approved_by: int
    document: str
    starts_on: date | None = None


class RaiseOverdraft(Ask, frozen=True, kw_only=True):
    """The bank raises the limit by itself and tells the customer so today: amount, effective date, APR.

    medium: letter, secure-message, durable-medium. apr_percent: None: not stated.
    """

    limit_minor: int
    effective_on: date
    apr_percent: Decimal | None
    medium: str
    approved_by: int


class ReduceOverdraft(Ask, frozen=True, kw_only=True, omit_defaults=True):
    """The bank reduces the limit (0: ends it) by a letter that has been sent.

    letter: number of the registered letter. sent_on: day on which it was sent. effective_on: first day of
    the new limit; None: the earliest. ground: a legitimate one, on which the bank acts at once, with its
    explanation.
    """

    limit_minor: int
    letter: str
    sent_on: date
    approved_by: int
    effective_on: date | None = None
    ground: Ground | None = None
    explanation: str = ""


class EndOverdraft(Ask, frozen=True, kw_only=True):
    """The customer ends the authorisation, in writing; the channel of the command tells in which form."""

    requested_by: int


class EndOverdraftByEvent(Ask, frozen=True, kw_only=True):
    """Something happened that ends the authorisation by itself. proof: what tells the bank."""

    event: Event
    occurred_on: date
    proof: str


class ReviewOverdraft(Ask, frozen=True, kw_only=True):
    """The bank's day, about a local day that has ended: limits of the next day, days in debit, excess."""

    day: date


class AllowExcess(Ask, frozen=True, kw_only=True):
    """Let one debit pass beyond the limit, today. about: which debit; the author is the command's actor."""

    debit_minor: int
    about: str
    reason: str
    approved_by: int


class DemandRepayment(Ask, frozen=True, kw_only=True):
    """The bank demands the debit balance beyond the limit. letter: reference of the ordinary letter."""

    letter: str


class RepayInInstalments(Ask, frozen=True, kw_only=True):
    """A borrower repays in monthly instalments what the bank's reduction or ending left uncovered."""

    requested_by: int


class RecordAdmissibility(Ask, frozen=True, kw_only=True, omit_defaults=True):
    """A file of over-indebtedness was declared admissible.

    creditors: IBANs of the creditors in the file. reference: of the commission's decision.
    """

    reference: str
    decided_on: date
    approved_by: int
    creditors: tuple[str, ...] = ()


class CheckOldDebt(Ask, frozen=True, kw_only=True, omit_defaults=True):
    """May a payment to a creditor go? born_on: day on which the debt arose, None if not known."""

    creditor: str
    amount_minor: int
    born_on: date | None = None


class CloseOverIndebtedness(Ask, frozen=True, kw_only=True):
    """The commission's measures are known: recovery is no longer frozen. measures: what they say."""

    measures: str
