"""Statements made for tests: an account of an invented bank, run by a real agreement."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any, Final

from teneur.agreements.agreement import Agreement
from teneur.agreements.loader import load_agreements
from teneur.documents.identity import BankIdentity
from teneur.kernel.commands import account_id
from teneur.kernel.identifiers import make_rib
from teneur.pricing.statements.build import build_statement
from teneur.pricing.statements.statement import Period, Posting, Statement, StatementAccount

BRED: Final = "bred-2022-06"
BNC: Final = "bnc-2026-04"
BOTH: Final = (BRED, BNC)
JULY: Final = Period(date(2026, 7, 1), date(2026, 7, 31))
ACCOUNT_ID: Final = account_id(1, 7)
OPENING_MINOR: Final = 123_456
HELD_MINOR: Final = 5_000
BANK: Final = BankIdentity(
    name="Banque du Récif",
    bic="RECFFRPPXXX",
    legal_line="Société anonyme",
    phone="01 00 00 00 00",
    guarantee_ceiling_minor=10_000_000,
)


@cache
def agreement(agreement_id: str = BRED) -> Agreement:
    return load_agreements()[agreement_id]


def account(currency: str = "EUR", **changes: Any) -> StatementAccount:
    fields: dict[str, Any] = {
        "account": ACCOUNT_ID,
        "iban": make_rib("10107", "00118", "12345678").iban,
        "bic": "BREDFRPPXXX",
        "holders": ("Mme Jeanne Martin",),
        "currency": currency,
        "address": ("12 rue des Acacias", "75011 Paris"),
        "domiciliation": "Agence Paris Nation",
    }
    return StatementAccount(**(fields | changes))


def posting(sequence: int, amount_minor: int, balance_minor: int, **changes: Any) -> Posting:
    fields: dict[str, Any] = {
        "account": ACCOUNT_ID,
        "booked_on": date(2026, 7, 1),
        "value_on": date(2026, 7, 1),
        "operation": 1_000 + sequence,
        "kind": "transfer-sepa",
        "counterparty_name": "Société Exemple",
        "remittance": "Facture 8841",
        "end_to_end_id": "E2E-1",
        "citations": ("BRED-A3-1.1-1",),
    }
    return Posting(
        sequence=sequence, amount_minor=amount_minor, balance_minor=balance_minor, **(fields | changes)
    )


def chain(amounts: Sequence[int], **changes: Any) -> list[Posting]:
    """Postings that follow one another from the opening balance, spread over July."""
    made = []
    balance = OPENING_MINOR
    for at, amount in enumerate(amounts):
        balance += amount
        day = date(2026, 7, 1) + timedelta(days=at * 30 // len(amounts))
        made.append(posting(at + 1, amount, balance, **({"booked_on": day, "value_on": day} | changes)))
    return made


def issue(postings: Sequence[Posting], agreement_id: str = BRED, **changes: Any) -> Statement | None:
    closing = OPENING_MINOR + sum(p.amount_minor for p in postings)
    fields: dict[str, Any] = {
        "opening_minor": OPENING_MINOR,
        "closing_minor": closing,
        "available_minor": closing - HELD_MINOR,
        "period": JULY,
        "number": 7,
        "issued_at": datetime(2026, 8, 1, 2, tzinfo=UTC),
        "bank": BANK,
        "agreement": agreement(agreement_id),
        "journal_position": 99_999,
    }
    of = changes.pop("account", None) or account()
    return build_statement(of, postings, **(fields | changes))


def issued(postings: Sequence[Posting], agreement_id: str = BRED, **changes: Any) -> Statement:
    statement = issue(postings, agreement_id, **changes)
    assert statement is not None
    return statement
