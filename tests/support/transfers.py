"""Orders of tests, given as customers give them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from teneur.bank import Bank
from teneur.kernel.clock import instant
from teneur.kernel.commands import AccountId, Answer, Ask, Channel, Outcome
from teneur.obligations.facts import Obligation
from teneur.obligations.reading import of_account
from teneur.payments.transfers.commands import ExecuteTransfer, PayeeAccount, PlaceTransfer
from teneur.payments.transfers.facts import TransferOrder, load_orders

PARIS_MORNING = "2026-05-05T10:00:00+02:00"  # a Tuesday
NOUMEA_MORNING = "2026-05-05T10:00:00+11:00"
ELSEWHERE = "FR7630006000011234567890189"  # a valid IBAN of another French bank


def pay(
    bank: Bank,
    payer: AccountId,
    iban: str,
    amount_minor: int,
    at: str | datetime = PARIS_MORNING,
    *,
    channel: Channel = Channel.REMOTE,
    actor: int | None = None,
    currency: str = "",
    name: str = "Jean Payé",
    key: bytes | None = None,
    payee: PayeeAccount | None = None,
    **more: Any,
) -> Answer:
    """Order a transfer as the first holder, unless told otherwise."""
    account = bank.account(payer)
    ask = PlaceTransfer(
        amount_minor=amount_minor,
        currency=currency or account.currency,
        payee=payee or PayeeAccount(name=name, iban=iban),
        **more,
    )
    who = account.holders[0] if actor is None else actor
    return bank.ask(ask, payer, actor=who, channel=channel, at=instant(at), key=key)


def ask_at(
    bank: Bank, ask: Ask, subject: AccountId, at: str, *, actor: int = 0, channel: Channel = Channel.SYSTEM
) -> Answer:
    """Any other command, at an instant written with its offset."""
    return bank.ask(ask, subject, actor=actor, channel=channel, at=instant(at))


def fall_due(bank: Bank, payer: AccountId, order: Answer | int, day: date, at: str) -> Answer:
    """The bank's day comes to an order."""
    position = order if isinstance(order, int) else order.position
    return ask_at(bank, ExecuteTransfer(transfer=position, due_on=day), payer, at)


def order_of(bank: Bank, payer: AccountId, order: Answer | int) -> TransferOrder:
    """An order as it stands."""
    position = order if isinstance(order, int) else order.position
    with bank.read() as connection:
        return load_orders(connection, [(payer, position)])[payer, position]


def duties(bank: Bank, account: AccountId, kind: str = "") -> Sequence[Obligation]:
    """What is or was owed about an account, of one kind."""
    with bank.read() as connection:
        return [o for o in of_account(connection, account) if kind in ("", o.kind)]


def iban_of(bank: Bank, account: AccountId) -> str:
    """The IBAN of an account here."""
    return bank.account(account).iban


def balance(bank: Bank, account: AccountId) -> int:
    """The booked balance."""
    return bank.account(account).balance_minor


def refused(answer: Answer, reason: str) -> Answer:
    """The answer, which must be a refusal for this reason."""
    assert (answer.outcome, answer.reason) == (Outcome.REFUSED, reason), answer
    return answer
