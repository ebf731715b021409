"""The account's identity slip (RIB), given to whoever pays or debits its holder: PDF, text and JSON."""

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

from teneur.agreements.agreement import Agreement
from teneur.agreements.terms.statements import Identifier
from teneur.agreements.terms.statements import Rib as RibTerms
from teneur.documents.identity import BankIdentity, bank_view
from teneur.documents.typesetting import displayable, typeset
from teneur.documents.wording import grouped_iban, long_date
from teneur.kernel.canonical import canonical
from teneur.kernel.identifiers import Rib, parse_bic, parse_iban, rib_of
from teneur.kernel.money import Language, currency
from teneur.kernel.rules import rule

FORMAT: Final = "teneur.rib/1"

WORDS: Final[dict[Language, dict[str, str]]] = {
    Language.FRENCH: {
        "title": "Relevé d’identité bancaire",
        "purpose": (
            "Remettez ce document à un employeur, à un organisme ou à un créancier pour recevoir un virement "
            "ou autoriser un prélèvement."
        ),
        "holder": "Titulaire du compte",
        "holders": "Titulaires du compte",
        "iban": "IBAN (identifiant international du compte)",
        "bic": "BIC (identifiant de la banque)",
        "currency": "Monnaie du compte",
        "domiciliation": "Domiciliation",
        "national": "Identification nationale",
        "bank_code": "Code banque",
        "branch_code": "Code guichet",
        "account_number": "Numéro de compte",
        "key": "Clé RIB",
        "issued": "Document établi le {day}.",
        "page": "Page",
        "EUR": "Euro (EUR)",
        "XPF": "Franc CFP (XPF)",
    },
    Language.ENGLISH: {
        "title": "Bank account details (RIB)",
        "purpose": "Give this document to whoever pays you, or to whom you pay by direct debit.",
        "holder": "Account holder",
        "holders": "Account holders",
        "iban": "IBAN (international account number)",
        "bic": "BIC (identifier of the bank)",
        "currency": "Account currency",
        "domiciliation": "Branch",
        "national": "National identification",
        "bank_code": "Bank code",
        "branch_code": "Branch code",
        "account_number": "Account number",
        "key": "Check key",
        "issued": "Issued on {day}.",
        "page": "Page",
        "EUR": "Euro (EUR)",
        "XPF": "Pacific franc (XPF)",
    },
}


class RibSlipError(ValueError):
    """A slip that nobody could use, such as one without a holder: a broken program."""


class RibSlip(msgspec.Struct, frozen=True, kw_only=True):
    """The slip of one account.

    identifiers: "iban" and "bic", compact. holders: as the account is titled. domiciliation: the branch
    that keeps it. issued_at: aware; zone: IANA name of the zone in which the bank counts days. citations:
    clauses that made it so.
    """

    bank: BankIdentity
    identifiers: dict[str, str]
    parts: Rib
    holders: tuple[str, ...]
    address: tuple[str, ...]
    domiciliation: str
    currency: str
    issued_at: datetime
    zone: str
    citations: tuple[str, ...]
    format: str = FORMAT


@rule("BRED-5.1-1", "BNC-3.3-1")
def printed_identifiers(iban: str, bic: str, terms: RibTerms) -> dict[str, str]:
    """The slip states the IBAN of the account and the BIC of the bank."""
    known = {Identifier.IBAN: iban, Identifier.BIC: bic}
    return {name.value: known[name] for name in terms.identifiers.value}


def build_rib_slip(
    iban: str,
    bic: str,
    holders: tuple[str, ...],
    *,
    bank: BankIdentity,
    agreement: Agreement,
    currency_code: str,
    domiciliation: str,
    issued_at: datetime,
    address: tuple[str, ...] = (),
) -> RibSlip:
    """The slip, its numbers checked. Errors: IdentifierError (IBAN, key or BIC), MoneyError, RibSlipError."""
    currency(currency_code)
    if not holders:
        raise RibSlipError(f"{iban}: an account has at least one holder")
    if issued_at.tzinfo is None:
        raise RibSlipError(f"{iban}: the instant of issue must carry its time zone")
    return RibSlip(
        bank=bank,
        identifiers=printed_identifiers(iban, parse_bic(bic).value, agreement.statements.rib),
        parts=rib_of(parse_iban(iban)),
        holders=holders,
        address=address,
        domiciliation=domiciliation,
        currency=currency_code,
        issued_at=issued_at,
        zone=agreement.zone,
        citations=agreement.cite(printed_identifiers),
    )


def rib_json(slip: RibSlip) -> bytes:
    """The canonical JSON of the slip (RFC 8785)."""
    return canonical(slip)


def rib_text(slip: RibSlip, language: Language = Language.FRENCH) -> str:
    """The slip as plain text, a fact a line, for a terminal, a mail or a screen reader."""
    say = WORDS[language]
    rows = [
        (_holders_word(slip, language), ", ".join(displayable(holder) for holder in slip.holders)),
        *((name.upper(), _spelled(name, value, " ")) for name, value in slip.identifiers.items()),
        (say["bank_code"], slip.parts.bank_code),
        (say["branch_code"], slip.parts.branch_code),
        (say["account_number"], slip.parts.account_number),
        (say["key"], slip.parts.key),
        (say["domiciliation"], f"{displayable(slip.domiciliation)}, {displayable(slip.bank.name)}"),
        (say["currency"], say.get(slip.currency, slip.currency)),
    ]
    width = max(len(name) for name, _ in rows)
    return "\n".join([say["title"], "", *(f"{name:<{width}}  {value}" for name, value in rows), ""])


def rib_pdf(slip: RibSlip, language: Language = Language.FRENCH) -> bytes:
    """The slip as PDF/UA-1 and PDF/A-2a, the same bytes each time."""
    return typeset("accounts/rib.typ", rib_view(slip, language), slip.issued_at)


def rib_view(slip: RibSlip, language: Language) -> dict[str, Any]:
    """Every word of the page, ready to be set: the template only lays them out."""
    say = WORDS[language]
    issued_on = slip.issued_at.astimezone(ZoneInfo(slip.zone)).date()
    return {
        "language": language.value,
        "title": f"{say['title']}, {slip.holders[0]}",
        "keywords": list(slip.identifiers.values()),
        "words": say,
        "heading": say["title"],
        "purpose": say["purpose"],
        "bank": bank_view(slip.bank),
        "holders_word": _holders_word(slip, language),
        "holders": [displayable(holder) for holder in slip.holders],
        "address": [displayable(part) for part in slip.address],
        "identifiers": [
            [say[name], _spelled(name, value, "\u00a0")] for name, value in slip.identifiers.items()
        ],
        "currency": say.get(slip.currency, slip.currency),
        "domiciliation": displayable(slip.domiciliation),
        "rib": msgspec.to_builtins(slip.parts),
        "issued": say["issued"].format(day=long_date(issued_on, language)),
    }


def _spelled(name: str, value: str, space: str) -> str:
    return grouped_iban(value).replace("\u00a0", space) if name == Identifier.IBAN else value


def _holders_word(slip: RibSlip, language: Language) -> str:
    return WORDS[language]["holder" if len(slip.holders) == 1 else "holders"]
