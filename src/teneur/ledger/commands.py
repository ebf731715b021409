"""What staff and the bank's own day may ask of the books directly. Everything a customer asks is in the
domains."""

from datetime import date, datetime

from teneur.kernel.commands import AccountId, Ask


class OpenBook(Ask, frozen=True, kw_only=True):
    """Open a book with the bank's own accounts in these currencies, and transit accounts to the other books.

    The subject is (book, number 0). Asked again with more currencies or other books, it opens what is
    missing.
    """

    name: str
    currencies: tuple[str, ...]
    opened_on: date
    other_books: tuple[int, ...] = ()


class Move(Ask, frozen=True, kw_only=True):
    """Move money between two accounts by hand. Needs a second person; `forced` may leave the debit short."""

    debit: AccountId
    credit: AccountId
    amount_minor: int
    booked_on: date
    debit_value_on: date
    credit_value_on: date
    reason: str
    approved_by: int
    forced: bool = False


class PlaceHold(Ask, frozen=True, kw_only=True):
    """Keep an amount of the subject aside, until taken, released or expired."""

    amount_minor: int
    purpose: str
    expires_at: datetime | None = None


class TakeHold(Ask, frozen=True, kw_only=True):
    """Turn a hold of the subject, wholly or in part, into an entry. What is left stays held unless
    `final`."""

    hold: int
    amount_minor: int
    credit: AccountId
    booked_on: date
    debit_value_on: date
    credit_value_on: date
    final: bool = True


class ReleaseHold(Ask, frozen=True, kw_only=True):
    """Free what is left of a hold of the subject. `expired`: because its time has come, which is then
    checked."""

    hold: int
    expired: bool = False


class ReverseOperation(Ask, frozen=True, kw_only=True):
    """Undo an operation of the subject's book by new entries, once. Needs a second person.

    Values go back to the value dates of the operation, so that interest is as if it had never been.
    """

    operation: int
    booked_on: date
    reason: str
    approved_by: int
    forced: bool = False
