"""The yearly summary as an accessible PDF."""

from typing import Any
from zoneinfo import ZoneInfo

from teneur.documents.identity import bank_view
from teneur.documents.typesetting import displayable, typeset
from teneur.documents.wording import amount, figure, grouped_iban, long_date
from teneur.kernel.money import Language, currency
from teneur.pricing.fees.summary import FeeSummary, summary_hash
from teneur.pricing.fees.texts import WORDS, event_name, service_name


def summary_pdf(summary: FeeSummary, language: Language = Language.FRENCH) -> bytes:
    """PDF/UA-1 and PDF/A-2a, the same bytes each time."""
    return typeset("pricing/fees/summary.typ", summary_view(summary, language), summary.issued_at)


def summary_view(summary: FeeSummary, language: Language) -> dict[str, Any]:
    """Every word and figure of the page, ready to be set."""
    say = WORDS[language]
    unit = currency(summary.account.currency)
    first, last = (long_date(day, language) for day in (summary.first_day, summary.last_day))
    iban = grouped_iban(summary.account.iban)
    made_on = long_date(summary.issued_at.astimezone(ZoneInfo(summary.zone)).date(), language)
    digest = summary_hash(summary)
    return {
        "language": language.value,
        "title": f"{say['title']} {summary.year}, {iban}",
        "keywords": [summary.account.iban, digest],
        "words": say,
        "heading": f"{say['title']} {summary.year}",
        "period": say["period"].format(first=first, last=last),
        "bank": bank_view(summary.bank),
        "holders_word": say["holder" if len(summary.account.holders) == 1 else "holders"],
        "holders": [displayable(holder) for holder in summary.account.holders],
        "address": [displayable(part) for part in summary.account.address],
        "iban": iban,
        "amounts_in": say["amounts_in"].format(currency=say.get(unit.code, unit.code)),
        "services": [
            {
                "name": service_name(one.service, language),
                "count": str(one.count),
                "total": figure(one.total_minor, unit, language),
                "events": [
                    [event_name(e.event, language), str(e.count), figure(e.total_minor, unit, language)]
                    for e in one.events
                ],
            }
            for one in summary.services
        ],
        "total": amount(summary.total_minor, unit, language),
        "check": say["check"].format(
            day=made_on, agreement=summary.agreement, position=summary.journal_position
        ),
        "hash": digest,
    }
