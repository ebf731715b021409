"""What an imported file came to."""

from collections.abc import Callable
from datetime import datetime

import msgspec

from teneur.interbank.faults import FileRefusal
from teneur.kernel.commands import AccountId
from teneur.kernel.money import Money

Progress = Callable[[int, int], None]  # transactions done, of all
REJECTED = "RJCT"
PENDING = "PDNG"


class ItemResult(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one transaction.

    status: ISO code (ACCP kept for its day, ACSP sent to the other bank, ACSC settled, PDNG held, RJCT
    refused). reason: ISO code where refused, text: in French, clauses: of the decision. operation: (book,
    position) of the decision, None where no order was made of it. replayed: it was decided earlier, under the
    same key.
    """

    position: int
    status: str
    end_to_end_id: str = ""
    instruction_id: str = ""
    transaction_id: str = ""
    amount: Money | None = None
    account: AccountId | None = None
    operation: tuple[int, int] | None = None
    reason: str = ""
    text: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    replayed: bool = False


class ImportReport(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a file.

    repeated: it had come and been answered before; nothing was done now, and `results` is empty. refusal: why
    it was refused whole. answer: the pain.002 for a customer; empty for messages of banks, whose answers wait
    to be exported.
    """

    name: str
    sha256: str
    message: str
    message_id: str
    received_at: datetime
    repeated: bool = False
    refusal: FileRefusal | None = None
    results: tuple[ItemResult, ...] = ()
    transactions: int = 0
    accepted: int = 0
    pending: int = 0
    refused: int = 0
    answer_id: str = ""
    answer: bytes = b""


def counts(results: tuple[ItemResult, ...]) -> tuple[int, int, int]:
    """How many were accepted, are pending, were refused."""
    refused = sum(r.status == REJECTED for r in results)
    pending = sum(r.status == PENDING for r in results)
    return len(results) - refused - pending, pending, refused
