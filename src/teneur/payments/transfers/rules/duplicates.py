"""A warning when an order looks like one just given."""

from collections.abc import Iterable
from datetime import timedelta

import msgspec

from teneur.agreements.terms.transfers import Safeguards
from teneur.kernel.clock import Instant


class OrderTrace(msgspec.Struct, frozen=True):
    """What of an order tells whether another is the same. operation: how the customer finds it."""

    payee_account: str
    amount_minor: int
    currency: str
    text: str
    received_at: Instant
    operation: str = ""


def likely_duplicate(
    order: OrderTrace, earlier: Iterable[OrderTrace], terms: Safeguards
) -> OrderTrace | None:
    """The latest order of the window to the same account with the same amount and text: only a warning.

    Occurrences of standing orders are not compared: they repeat on purpose.
    """
    since = order.received_at - timedelta(hours=terms.duplicate_window_hours.value)
    alike = (
        o for o in earlier if since <= o.received_at <= order.received_at and _content(o) == _content(order)
    )
    return max(alike, key=lambda o: o.received_at, default=None)


def _content(order: OrderTrace) -> tuple[str, int, str, str]:
    return order.payee_account, order.amount_minor, order.currency, " ".join(order.text.casefold().split())
