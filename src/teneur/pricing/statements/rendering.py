"""A statement as canonical JSON (what its hash covers) and as an accessible PDF."""

from datetime import timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from teneur.documents.identity import bank_view
from teneur.documents.typesetting import displayable, typeset
from teneur.documents.wording import amount, figure, grouped_iban, long_date, round_amount, short_date
from teneur.kernel.canonical import canonical
from teneur.kernel.identifiers import parse_iban, rib_of
from teneur.kernel.money import Currency, Language, currency
from teneur.pricing.statements.chart import chart_of
from teneur.pricing.statements.sections import foreign_words, sections_view
from teneur.pricing.statements.statement import Line, Statement
from teneur.pricing.statements.texts import operation_label, words

_NARROW_SPACE = "\u202f"  # between thousands
_NO_REFERENCE = "NOTPROVIDED"  # ISO 20022: the payer gave none


def statement_json(statement: Statement) -> bytes:
    """The canonical JSON of the statement (RFC 8785): one form only, whoever writes it."""
    return canonical(statement)


def statement_hash(statement: Statement) -> str:
    """SHA-256 of the canonical JSON, 64 hexadecimal digits: this is the statement, whatever its picture."""
    return sha256(statement_json(statement)).hexdigest()


def statement_pdf(
    statement: Statement, language: Language = Language.FRENCH, *, with_clauses: bool = False
) -> bytes:
    """The statement as PDF/UA-1 and PDF/A-2a, the same bytes each time. with_clauses: on each line."""
    view = statement_view(statement, language, with_clauses=with_clauses)
    return typeset("pricing/statements/statement.typ", view, statement.issued_at)


def statement_view(statement: Statement, language: Language, *, with_clauses: bool = False) -> dict[str, Any]:
    """Every word and figure of the page, ready to be set: the template only lays them out."""
    say = words(language)
    unit = currency(statement.account.currency)
    iban = statement.account.iban
    first, last = (
        long_date(day, language) for day in (statement.period.first_day, statement.period.last_day)
    )
    period = say["period"].format(first=first, last=last)
    bank = statement.bank
    digest = statement_hash(statement)
    lines = [_line_view(line, unit, language, with_clauses=with_clauses) for line in statement.lines]
    chart = chart_of(statement, language)
    return {
        "language": language.value,
        "title": f"{say['title']} {period}, {grouped_iban(iban)}",
        "keywords": [*(item.value for item in statement.identifiers), digest],
        "words": say,
        "heading": say["title"],
        "number": say["number"].format(number=statement.number),
        "period": period,
        "bank": bank_view(bank),
        "holders_word": say["holder" if len(statement.account.holders) == 1 else "holders"],
        "holders": [displayable(holder) for holder in statement.account.holders],
        "address": [displayable(part) for part in statement.account.address],
        "identifiers": [
            [say[item.name], grouped_iban(item.value) if item.name == "iban" else item.value]
            for item in statement.identifiers
        ],
        "rib": msgspec.to_builtins(rib_of(parse_iban(iban))),
        "domiciliation": displayable(statement.account.domiciliation),
        "running_head": say["continued"].format(title=say["title"], period=period, iban=grouped_iban(iban)),
        **_balances_view(statement, unit, language),
        "amounts_in": say["amounts_in"].format(currency=say.get(unit.code, unit.code)),
        "nothing": "" if lines else say["nothing"],
        "lines": lines,
        "chart": None if chart is None else msgspec.to_builtins(chart),
        "chart_note": say["chart_note"].format(currency=say.get(unit.code, unit.code)),
        **sections_view(statement, unit, language),
        **_notes_view(statement, unit, language),
    }


def _balances_view(statement: Statement, unit: Currency, language: Language) -> dict[str, Any]:
    say = words(language)
    totals = statement.totals
    eve = long_date(statement.period.first_day - timedelta(days=1), language)
    last = long_date(statement.period.last_day, language)

    def money(minor: int) -> str:
        return amount(minor, unit, language)

    def bare(minor: int) -> str:
        return figure(minor, unit, language)

    balances = (
        statement.opening_minor,
        statement.closing_minor,
        *(line.balance_minor for line in statement.lines),
    )
    return {
        "opening": [say["opening"].format(day=eve), money(statement.opening_minor)],
        "credits": [say["credits"].format(count=totals.credit_count), money(totals.credit_minor)],
        "debits": [say["debits"].format(count=totals.debit_count), money(-totals.debit_minor)],
        "closing": [say["closing"].format(day=last), money(statement.closing_minor)],
        "opening_row": [say["opening"].format(day=eve), bare(statement.opening_minor)],
        "closing_row": [say["closing"].format(day=last), bare(statement.closing_minor)],
        "total_row": [
            say["total_row"],
            bare(totals.debit_minor),
            bare(totals.credit_minor),
        ],
        "figure_widths_mm": [
            _width_mm(22, bare(totals.debit_minor)),
            _width_mm(22, bare(totals.credit_minor)),
            _width_mm(25, *map(bare, (min(balances), max(balances)))),
        ],
    }


def _width_mm(least: int, *figures: str) -> int:
    """Width of a column of figures: 1.9 mm a bold character, 0.8 mm a narrow space, and 5 mm of margins."""
    widest = max((19 * len(text) - 11 * text.count(_NARROW_SPACE) for text in figures), default=0)
    return max(least, widest // 10 + 5)


def _notes_view(statement: Statement, unit: Currency, language: Language) -> dict[str, Any]:
    say = words(language)
    guarantee = statement.guarantee
    last = long_date(statement.period.last_day, language)
    issued_on = statement.issued_at.astimezone(ZoneInfo(statement.zone)).date()

    def money(minor: int) -> str:
        return amount(minor, unit, language)

    return {
        "available": say["available"].format(day=last, amount=money(statement.available_minor)),
        "price": say["price" if statement.price_minor else "free"].format(
            amount=money(statement.price_minor)
        ),
        "guarantee": ""
        if guarantee is None
        else say["guarantee"].format(ceiling=round_amount(guarantee.ceiling_minor, unit, language)),
        "check": say["check"].format(
            day=long_date(issued_on, language),
            agreement=displayable(statement.agreement),
            version=displayable(statement.agreement_version),
            position=statement.journal_position,
        ),
        "hash": statement_hash(statement),
    }


def _line_view(line: Line, unit: Currency, language: Language, *, with_clauses: bool) -> dict[str, Any]:
    say = words(language)
    reference = line.end_to_end_id if line.end_to_end_id != _NO_REFERENCE else ""
    details = [line.counterparty_name, line.remittance]
    if line.foreign is not None:
        details.append(foreign_words(line.foreign, unit, language))
    if line.late:
        details.append(say["late"])
    if reference:
        details.append(say["reference"].format(reference=reference))
    if with_clauses and line.citations:
        details.append(say["clauses"].format(clauses=", ".join(line.citations)))
    side = figure(abs(line.amount_minor), unit, language)
    return {
        "booked_on": short_date(line.booked_on, language),
        "value_on": short_date(line.value_on, language),
        "label": displayable(operation_label(line.kind, line.label, line.amount_minor, language, line.event)),
        "details": [shown for shown in (displayable(part) for part in details) if shown],
        "debit": side if line.amount_minor < 0 else "",
        "credit": side if line.amount_minor > 0 else "",
        "balance": figure(line.balance_minor, unit, language),
    }
