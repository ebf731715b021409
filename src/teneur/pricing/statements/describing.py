"""The words of postings: what was done, with whom, and why. All postings of a page are described in one go.

What an operation was asked and by whom stands in its record; of an execution of an earlier order, the order
stands apart. A half of a payment between books has its record in the other book.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

import msgspec
from psycopg import Connection

from teneur.customers.facts import load_persons
from teneur.kernel.commands import AccountId, account_id, number_of
from teneur.ledger.account import FIRST_CUSTOMER_NUMBER, FIRST_TRANSIT_NUMBER, load_accounts
from teneur.payments.transfers.facts import TransferOrder, load_orders
from teneur.pricing.statements.build import FEE, INTEREST, INTEREST_CORRECTION
from teneur.pricing.statements.facts import SQL
from teneur.pricing.statements.statement import Foreign, Posting

CASH_KINDS: Final = frozenset({"cash-deposit", "cancel-cash-deposit"})
RETURN_KINDS: Final = frozenset({"transfer-returned", "recall-received"})
BY_HAND: Final = frozenset({"move", "reverse-operation"})
FEE_KINDS: Final = frozenset({"fee-collected", "fee-refunded", "fees-settled"})
_UNKNOWN: Final[Mapping[str, Any]] = {}

Told = Callable[[AccountId, str, date], bool]  # account, place of the other bank, day
FeesOf = Callable[[AccountId, int], int]  # account, order: what the bank's fees for it come to


class Origin(msgspec.Struct, frozen=True, gc=False):
    """The first row of an operation, with its record. subject, debit: numbers in its book."""

    book: int
    position: int
    subject: int | None
    debit: int | None
    kind: str
    asked: Mapping[str, Any]
    decided: Mapping[str, Any]


class Raw(msgspec.Struct, frozen=True, gc=False):
    """A posting as read, with the first row of its operation in its own book."""

    account: AccountId
    sequence: int
    position: int
    operation: int
    amount_minor: int
    balance_minor: int
    counterparty: AccountId
    booked_on: date
    value_on: date
    citations: tuple[str, ...]
    origin: Origin


def raw_postings(connection: Connection[Any], book: int, rows: Iterable[Sequence[Any]]) -> list[Raw]:
    """Postings from the columns of the queries `unstated` and `booked_between`, each with its origin."""
    bodies: dict[int, tuple[Origin, tuple[int, int] | None]] = {}
    found = []
    for row in rows:
        operation = row[2] - row[3]
        if operation not in bodies:
            bodies[operation] = _origin(book, operation, row[11], row[12], row[10])
        found.append((operation, row))
    elsewhere: dict[int, set[int]] = {}
    for _, other in bodies.values():
        if other is not None:
            elsewhere.setdefault(other[0], set()).add(other[1])
    asked = {
        (other, position): _origin(other, position, subject, debit, body)[0]
        for other, positions in elsewhere.items()
        for position, subject, debit, body in connection.execute(
            SQL["origins"], {"book": other, "positions": sorted(positions)}
        )
    }
    origins = {
        operation: origin if other is None else asked.get(other, origin)
        for operation, (origin, other) in bodies.items()
    }
    return [
        Raw(
            account_id(book, row[0]), row[1], row[2], operation, row[4], row[5], account_id(book, row[6]),
            row[7], row[8], tuple(row[9]), origins[operation],
        )
        for operation, row in found
    ]  # fmt: skip


def _origin(
    book: int, position: int, subject: int | None, debit: int | None, body: bytes | None
) -> tuple[Origin, tuple[int, int] | None]:
    """An origin; and where it was asked, if that was in another book. The record may have been erased."""
    if body is None:
        return Origin(book, position, subject, debit, "", _UNKNOWN, _UNKNOWN), None
    content = msgspec.json.decode(body)
    asked, decided = content["asked"], content.get("decided")
    made = Origin(book, position, subject, debit, content["kind"], asked, decided or _UNKNOWN)
    return made, None if decided is not None else (asked["book"], asked["position"])


def is_customer(account: AccountId) -> bool:
    """Whether an account is a customer's, and none of the bank's own."""
    return FIRST_CUSTOMER_NUMBER <= number_of(account) < FIRST_TRANSIT_NUMBER


def described(
    connection: Connection[Any], raws: Sequence[Raw], told: Told, fees_of: FeesOf
) -> dict[AccountId, list[Posting]]:
    """The postings with the words of their orders and the names of the other side, by account, in order.

    told: whether the data of a transfer with a place are given. fees_of: what its fees come to.
    """
    payers = {(raw.account, raw.sequence): _payer(raw) for raw in raws}
    keys = {
        (payers[raw.account, raw.sequence], int(raw.origin.asked["transfer"]))
        for raw in raws
        if "transfer" in raw.origin.asked
    }
    orders = load_orders(connection, sorted(keys))
    others = {*payers.values(), *(raw.counterparty for raw in raws)}
    accounts = load_accounts(connection, sorted(a for a in others if is_customer(a)))
    persons = load_persons(connection, sorted({h for a in accounts.values() for h in a.holders}))
    titles = {
        a.id: (", ".join(persons[h].name for h in a.holders if h in persons), a.iban)
        for a in accounts.values()
    }
    currencies = _currencies(connection, raws, accounts)
    found: dict[AccountId, list[Posting]] = {}
    for raw in raws:
        payer = payers[raw.account, raw.sequence]
        order = orders.get((payer, int(raw.origin.asked.get("transfer", 0))))
        one = _described(raw, payer, order, titles)
        foreign = _foreign(raw, order, one, currencies[raw.account], told, fees_of)
        if foreign is not None:
            one = msgspec.structs.replace(one, foreign=foreign)
        found.setdefault(raw.account, []).append(one)
    return found


def _currencies(
    connection: Connection[Any], raws: Sequence[Raw], known: Mapping[AccountId, Any]
) -> dict[AccountId, str]:
    """The currency of each account whose postings these are."""
    mine = {raw.account for raw in raws}
    missing = sorted(mine - known.keys())
    accounts = {**known, **(load_accounts(connection, missing) if missing else {})}
    return {id_: accounts[id_].currency for id_ in mine}


def _payer(raw: Raw) -> AccountId:
    """Whose command moved the money: the subject, or the account that the first entry debits."""
    if raw.amount_minor < 0:
        return raw.account
    if is_customer(raw.counterparty):
        return raw.counterparty
    number = raw.origin.subject or raw.origin.debit
    return account_id(raw.origin.book, number) if number else raw.account


def _content(raw: Raw, order: TransferOrder | None) -> Mapping[str, Any]:
    """What was asked, over what an earlier order said."""
    if order is None:
        return raw.origin.asked
    return {**msgspec.to_builtins(order.ask), **raw.origin.asked}


def _described(
    raw: Raw,
    payer: AccountId,
    order: TransferOrder | None,
    titles: Mapping[AccountId, tuple[str, str]],
) -> Posting:
    asked = _content(raw, order)
    if "payer_name" in asked or "payer_iban" in asked:
        name, iban = asked.get("payer_name", ""), asked.get("payer_iban", "")
    elif raw.amount_minor < 0:
        payee = asked.get("payee", _UNKNOWN)
        name, iban = payee.get("name", ""), payee.get("iban", "")
        name, iban = (name, iban) if name or iban else titles.get(raw.counterparty, ("", ""))
    else:
        name, iban = titles.get(payer, ("", "")) if "payee" in asked else ("", "")
    kind = _kind(raw, asked)
    return Posting(
        account=raw.account,
        sequence=raw.sequence,
        amount_minor=raw.amount_minor,
        balance_minor=raw.balance_minor,
        booked_on=raw.booked_on,
        value_on=raw.value_on,
        operation=raw.operation,
        kind=kind,
        event=_event(raw) if kind == FEE else "",
        label=str(asked.get("reason", "")) if raw.origin.kind in BY_HAND else "",
        counterparty_name=name or str(asked.get("depositor", "")),
        counterparty_iban=iban,
        remittance=asked.get("remittance", ""),
        end_to_end_id=asked.get("end_to_end_id", ""),
        citations=raw.citations,
    )


def _event(raw: Raw) -> str:
    """Which fee it is; of several in one operation the one at the posting's place."""
    decided = raw.origin.decided
    fees = decided.get("fees")
    if fees is None:
        return str(decided.get("event", ""))
    taken = [fee for fee in fees if fee.get("amount_minor")]
    at = raw.position - raw.operation
    return str(taken[at].get("event", "")) if at < len(taken) else ""


def _kind(raw: Raw, asked: Mapping[str, Any]) -> str:
    """The stable code under which the statement words the operation."""
    kind = raw.origin.kind
    for kinds, code in (
        (CASH_KINDS, "cash"),
        (BY_HAND, "correction"),
        (RETURN_KINDS, "transfer-return"),
        (FEE_KINDS, FEE),
        ({"close-quarter"}, INTEREST),
        ({"correct-interest"}, INTEREST_CORRECTION),
    ):
        if kind in kinds:
            return code
    if not kind:
        return "transfer"
    if asked.get("repeat"):
        return "standing-order"
    if asked.get("service") == "instant" or asked.get("instant"):
        return "transfer-instant"
    if is_customer(raw.counterparty):
        return "transfer-internal"
    found = raw.origin.decided.get("class")
    return f"transfer-{found}" if found else "transfer"


def _foreign(
    raw: Raw, order: TransferOrder | None, one: Posting, currency: str, told: Told, fees_of: FeesOf
) -> Foreign | None:
    """The data of a transfer abroad, and of what was converted; None for any other operation."""
    asked = _content(raw, order)
    exchange = raw.origin.decided.get("exchange") or _UNKNOWN
    converted = bool(exchange) and not exchange.get("estimate") and one.kind != FEE
    other = str(exchange["currency"] if converted else asked.get("currency", ""))
    transfer = one.kind.startswith(("transfer", "standing"))
    if "amount_minor" not in asked or not (converted or (transfer and other)):
        return None
    place = place_of(asked, one, sent=raw.amount_minor < 0) if transfer else ""
    if other == currency and not told(raw.account, place, raw.booked_on):
        return None
    id_ = order.id if order is not None else raw.operation
    return Foreign(
        amount_minor=int(exchange["amount_minor"] if converted else asked["amount_minor"]),
        currency=other,
        rate=Decimal(str(exchange["rate"])) if converted else None,
        place=place,
        fees_minor=fees_of(raw.account, id_),
    )


def place_of(asked: Mapping[str, Any], one: Posting, *, sent: bool) -> str:
    """ISO 3166 code of the place of the other bank, as the order tells it; empty: it does not."""
    payee = asked.get("payee", _UNKNOWN)
    if sent and payee.get("country"):
        return str(payee["country"])
    bic = str(payee.get("bic", "")) if sent else str(asked.get("payer_bic", ""))
    return bic[4:6] if len(bic) >= 6 else one.counterparty_iban[:2]
