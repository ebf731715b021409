"""What the payer is told of an order that is refused, or whose money comes back."""

from datetime import datetime

from teneur.kernel.commands import AccountId
from teneur.kernel.money import CURRENCIES, Money, plain
from teneur.kernel.notices import Notify, Value
from teneur.payments.transfers.commands import PlaceTransfer
from teneur.payments.transfers.context import Terms
from teneur.payments.transfers.rules import refusal
from teneur.payments.transfers.rules.refusal import NoticeContent, Reason

REFUSED, FAILED, RETURNED = "transfer-refused", "instant-transfer-failed", "transfer-returned"


def content_of_notice(terms: Terms, reason: Reason) -> NoticeContent:
    """Whether the notice of a refusal gives its reason and the correction."""
    may_tell = refusal.law_lets_tell(reason)
    return refusal.notice_content(reason, terms.agreement.notices.refusal, may_tell=may_tell)


def refusal_notice(
    terms: Terms,
    account: AccountId,
    reason: Reason,
    ask: PlaceTransfer | None,
    about: str,
    at: datetime,
    discharges: str,
) -> Notify:
    """The order was refused: which one, and why and what to correct as far as the agreement lets tell."""
    content = content_of_notice(terms, reason)
    values: tuple[tuple[str, Value], ...] = (
        ("reason", str(reason) if content.reason else ""),
        ("correction", str(reason) if content.correction else ""),
        *_order_values(ask),
    )
    return Notify(account, REFUSED, about, values, at, discharges)


def failure_notice(
    account: AccountId, ask: PlaceTransfer, reason: str, at: datetime, discharges: str
) -> Notify:
    """An instant transfer could not be made: the other bank's ISO code, and that the money is free again."""
    values: tuple[tuple[str, Value], ...] = (("reason", reason), *_order_values(ask))
    return Notify(account, FAILED, "", values, at, discharges)


def return_notice(
    account: AccountId,
    ask: PlaceTransfer,
    credited_minor: int,
    reason: str,
    about: str,
    at: datetime,
    discharges: str,
) -> Notify:
    """The money came back: how much was credited, and the ISO code of why, as the other bank gave it."""
    values: tuple[tuple[str, Value], ...] = (
        ("reason", reason), ("credited_minor", credited_minor), *_order_values(ask),
    )  # fmt: skip
    return Notify(account, RETURNED, about, values, at, discharges)


def _order_values(ask: PlaceTransfer | None) -> tuple[tuple[str, Value], ...]:
    """Amount (in the order's own currency), payee and the payer's reference, as far as they were given."""
    if ask is None:
        return ()
    known = {"payee": ask.payee.name, "reference": ask.end_to_end_id}
    if ask.currency in CURRENCIES:
        known |= {
            "amount": plain(Money(ask.amount_minor, CURRENCIES[ask.currency])),
            "currency": ask.currency,
        }
    return tuple((name, value) for name, value in known.items() if value)
