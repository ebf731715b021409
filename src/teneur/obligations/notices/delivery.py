"""By which medium a notice goes next, and when it is tried again: pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import msgspec

from teneur.agreements.terms.notices import Medium
from teneur.obligations.notices.adapters import Adapter
from teneur.obligations.notices.document import NoticeDocument

# Pauses before a medium is tried again; after the last one the next medium has its turn.
PAUSES: Final = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=8))
MOST_ATTEMPTS: Final = len(PAUSES) + 1


class Outcome(StrEnum):
    """What became of an attempt. Stored: never rename."""

    SENT = "sent"
    FAILED = "failed"  # to be tried again
    REFUSED = "refused"  # for good
    NEEDLESS = "needless"  # it was told otherwise before


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """An attempt to send a notice. outcome: None if the program died before it knew."""

    number: int
    medium: str
    address_sha256: str
    reference: str
    begun_at: datetime
    ended_at: datetime | None
    outcome: Outcome | None
    error: str


def next_medium(
    media: Iterable[Medium],
    attempts: Iterable[Attempt],
    adapters: Mapping[Medium, Adapter],
    document: NoticeDocument,
    email: str,
) -> Medium | None:
    """The first medium that can be used and has not failed for good or too often; None: there is none."""
    tried = since_given_up(attempts)
    for medium in media:
        adapter = adapters.get(medium)
        if adapter is None or not adapter.address(document, email):
            continue
        mine = [a for a in tried if a.medium == medium]
        if len(mine) < MOST_ATTEMPTS and not any(a.outcome is Outcome.REFUSED for a in mine):
            return medium
    return None


def since_given_up(attempts: Iterable[Attempt]) -> list[Attempt]:
    """The attempts that still count: when somebody says that a notice is tried again, all begins anew."""
    tried: list[Attempt] = []
    for attempt in attempts:
        if attempt.medium:
            tried.append(attempt)
        else:
            tried.clear()
    return tried


def next_at(now: datetime, failed_before: int, *, permanent: bool) -> datetime:
    """When to go on after a failure: at once with the next medium, or later with the same.

    failed_before: attempts by this medium before the one that has just failed.
    """
    if permanent or failed_before >= len(PAUSES):
        return now
    return now + PAUSES[failed_before]
