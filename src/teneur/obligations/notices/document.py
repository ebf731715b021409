"""A notice as its reader gets it: canonical JSON (what its hash covers), plain text, an accessible page."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

from teneur.agreements.agreement import Agreement
from teneur.agreements.register import Register
from teneur.customers.commands import Address
from teneur.customers.facts import Person
from teneur.documents.identity import BankIdentity, bank_view
from teneur.documents.typesetting import displayable, typeset
from teneur.documents.wording import grouped_iban, long_date
from teneur.kernel.canonical import canonical
from teneur.kernel.money import Language
from teneur.ledger.account import Account
from teneur.obligations.notices.facts import Notice
from teneur.obligations.notices.templates import WordingError, pick, say
from teneur.obligations.notices.texts import TEMPLATES, WORDS

FORMAT: Final = "teneur.notice/1"
MOST_CLAUSES: Final = 3  # named at the foot where no clause asks for the notice itself


class ClauseSaid(msgspec.Struct, frozen=True, kw_only=True):
    """A clause at the foot: its id, its article in the agreement, its sentence in the reader's language."""

    clause: str
    article: str
    rule: str


class NoticeDocument(msgspec.Struct, frozen=True, kw_only=True):
    """One notice to one person. Its words are part of it: whatever the templates say later, it stays.

    name: what names it within the bank. person: who is written to. address: as a letter needs it. issued_at:
    aware; zone: IANA name of the zone in which the bank counts days. values: what the words came from.
    """

    name: str
    template: str
    about: str
    bank: BankIdentity
    account: int
    iban: str
    holders: tuple[str, ...]
    person: int
    recipient: str
    address: tuple[str, ...]
    language: Language
    subject: str
    paragraphs: tuple[str, ...]
    rows: tuple[tuple[str, str], ...]
    items: tuple[str, ...]
    clauses: tuple[ClauseSaid, ...]
    agreement: str
    values: Mapping[str, str | int]
    made_at: datetime
    issued_at: datetime
    zone: str
    format: str = FORMAT


def postal_lines(person: str, address: Address, home: str) -> tuple[str, ...]:
    """Name and address as they stand on an envelope; the country where it is not `home` (ISO 3166)."""
    street = " ".join(part for part in (address.building, address.street) if part)
    town = f"{address.post_code} {address.town}".strip()
    country = address.country if address.country != home else ""
    return tuple(part for part in (person, street, town, country) if part)


def build_document(
    notice: Notice,
    account: Account,
    holders: Iterable[Person],
    person: Person,
    agreement: Agreement,
    *,
    clauses: Iterable[str],
    bank: BankIdentity,
    issued_at: datetime,
) -> NoticeDocument:
    """The notice in the language of whoever is written to. clauses: that the decision rests on.

    Raises WordingError for a code without template, and for values that do not fit it.
    """
    template = TEMPLATES.get(notice.template)
    if template is None:
        raise WordingError(f"there is no template {notice.template!r}")
    said = say(template, notice.values, account.currency, person.language)
    home = agreement.bank.country.value
    return NoticeDocument(
        name=notice.name,
        template=notice.template,
        about=notice.about,
        bank=bank,
        account=account.id,
        iban=account.iban,
        holders=tuple(holder.name for holder in holders),
        person=person.id,
        recipient=person.name,
        address=postal_lines(person.name, person.address, home),
        language=person.language,
        subject=said.subject,
        paragraphs=said.paragraphs,
        rows=said.rows,
        items=said.items,
        clauses=tuple(_said(clauses_at_foot(template.clauses, clauses, agreement), person.language)),
        agreement=agreement.id,
        values=notice.values,
        made_at=notice.made_at,
        issued_at=issued_at,
        zone=agreement.zone,
    )


def clauses_at_foot(
    asked_by: Iterable[str], rests_on: Iterable[str], agreement: Agreement
) -> tuple[str, ...]:
    """The clauses of the agreement that ask for such a notice; without any, those of the decision itself."""
    own = agreement.clause_prefixes
    asked = tuple(clause for clause in asked_by if clause.startswith(own))
    return asked or tuple(clause for clause in rests_on if clause.startswith(own))[:MOST_CLAUSES]


def _said(clauses: Iterable[str], language: Language) -> Iterable[ClauseSaid]:
    register = Register.load()
    for clause in clauses:
        found = register[clause]
        yield ClauseSaid(clause=clause, article=found.article, rule=found.sentence(language))


def document_json(document: NoticeDocument) -> bytes:
    """The canonical JSON of the notice (RFC 8785)."""
    return canonical(document)


def document_hash(document: NoticeDocument) -> str:
    """SHA-256 of the canonical JSON, 64 hexadecimal digits: this is the notice, whatever its picture."""
    return sha256(document_json(document)).hexdigest()


def document_text(document: NoticeDocument) -> str:
    """The notice as plain text, for an e-mail, the web space, a terminal or a screen reader."""
    language = document.language
    holders = "holder" if len(document.holders) == 1 else "holders"
    facts = [
        (_word("account", language), grouped_iban(document.iban)),
        (_word(holders, language), ", ".join(map(displayable, document.holders))),
        *((label, displayable(value)) for label, value in document.rows),
        (_word("reference", language), document.name),
    ]
    colon = "\u00a0: " if language is Language.FRENCH else ": "
    blocks = [
        _word("greeting", language),
        *map(displayable, document.paragraphs),
        "\n".join(f"- {displayable(item)}" for item in document.items),
        "\n".join(f"{label}{colon}{value}" for label, value in facts),
        _word("questions", language).format(reference=document.name),
        f"{_word('closing', language)}\n{displayable(document.bank.name)}",
        "\n".join(["-- ", _foot_title(document), *_foot(document)]),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def document_pdf(document: NoticeDocument, *, registered: bool = False) -> bytes:
    """The notice as PDF/UA-1 and PDF/A-2a, the same bytes each time. registered: marked so on the page."""
    view = document_view(document, registered=registered)
    return typeset("obligations/notices/notice.typ", view, document.issued_at)


def document_view(document: NoticeDocument, *, registered: bool = False) -> dict[str, Any]:
    """Every word of the page, ready to be set: the template only lays them out."""
    language = document.language
    day = document.issued_at.astimezone(ZoneInfo(document.zone)).date()
    holders = "holder" if len(document.holders) == 1 else "holders"
    return {
        "language": language.value,
        "title": f"{document.subject}, {document.name}",
        "keywords": [document.name, document_hash(document)],
        "words": {name: pick(pair, language) for name, pair in WORDS.items()},
        "bank": bank_view(document.bank),
        "address": [displayable(line) for line in document.address],
        "registered": _word("registered", language) if registered else "",
        "day": _word("day", language).format(day=long_date(day, language)),
        "subject": displayable(document.subject),
        "facts": [
            [_word("account", language), grouped_iban(document.iban)],
            [_word(holders, language), ", ".join(map(displayable, document.holders))],
            [_word("reference", language), document.name],
        ],
        "paragraphs": [displayable(paragraph) for paragraph in document.paragraphs],
        "rows": [[label, displayable(value)] for label, value in document.rows],
        "items": [displayable(item) for item in document.items],
        "questions": _word("questions", language).format(reference=document.name),
        "closing": _word("closing", language),
        "foot_title": _foot_title(document),
        "foot": _foot(document),
    }


def _word(name: str, language: Language) -> str:
    return pick(WORDS[name], language)


def _foot_title(document: NoticeDocument) -> str:
    return _word("clauses" if document.clauses else "by_law", document.language)


def _foot(document: NoticeDocument) -> list[str]:
    words = _word("clause", document.language)
    return [
        displayable(words.format(article=said.article, clause=said.clause, rule=said.rule))
        for said in document.clauses
    ]
