"""The page of a statement as others see it: a checker of tagged PDF, readers of its structure, its chart."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import msgspec
import pdfua
import pytest

from teneur.kernel.money import Language
from teneur.pricing.statements.chart import WHOLE, chart_of, day_balances
from teneur.pricing.statements.rendering import statement_json, statement_pdf
from teneur.pricing.statements.statement import (
    AnnouncedFee,
    Announcement,
    Contents,
    Fees,
    Foreign,
    InterestCharge,
    Overdraft,
    RateChange,
    RateLine,
    Statement,
)
from teneur.pricing.statements.texts import WORDS
from tests.pricing.making import BNC, OPENING_MINOR, account, chain, issued
from tests.support import pdf

RATE: Final = RateLine(
    first_day=date(2026, 4, 1), days=91, year_days=365, limit_minor=80_000, percent=Decimal("14.50"),
    excess_percent=Decimal("16.50"), credit_percent=Decimal(0), authorised_number=5_000_000,
    excess_number=1_000, credit_number=0, index="EURIBOR-3M", index_percent=Decimal("2.10"), run_off=False,
)  # fmt: skip
FULL: Final = Contents(
    fees=Fees(
        announced=(
            AnnouncedFee(
                fee=1, line=0, event="overdraft-letter", occurred_on=date(2026, 7, 9), amount_minor=1_200,
                collectable_on=date(2026, 8, 15),
            ),
        )
    ),
    interest=(
        InterestCharge(
            operation=1, knows=1, first_day=date(2026, 4, 1), last_day=date(2026, 6, 30), revision=0,
            debit_minor=2_345, credit_minor=0, posted_minor=2_345, minimum=False,
            real_apr_percent=Decimal("15.4"), rates=(RATE,),
        ),
    ),
    rate_changes=(
        RateChange(
            index="EURIBOR-3M", since=date(2026, 5, 2), old_percent=Decimal("2.10"),
            new_percent=Decimal("2.35"),
        ),
    ),
    overdraft=Overdraft(
        limit_minor=80_000, percent=Decimal("14.50"), ends_on=None, indicative_apr_percent=Decimal("15.3")
    ),
    announcements=(
        Announcement(applies_on=date(2026, 10, 1), summary="le tarif change.", imposed=False),
        Announcement(applies_on=date(2026, 9, 1), summary="le délai change.", imposed=True),
    ),
)  # fmt: skip


def full(language: Language = Language.FRENCH) -> tuple[Statement, bytes]:
    """A statement with everything that one can tell."""
    postings = chain([-8_450, 215_034, -450, -300_000, -2_345])
    postings[0] = msgspec.structs.replace(postings[0], booked_on=date(2026, 6, 20))
    postings[2] = msgspec.structs.replace(postings[2], kind="fee", event="transfer-sepa-branch")
    postings[3] = msgspec.structs.replace(
        postings[3],
        kind="transfer-international",
        foreign=Foreign(
            amount_minor=327_763, currency="USD", rate=Decimal("0.91530"), place="US", fees_minor=2_200
        ),
    )
    postings[4] = msgspec.structs.replace(postings[4], kind="interest")
    made = issued(postings, contents=FULL, stated_to=date(2026, 6, 30))
    return made, statement_pdf(made, language)


@pytest.mark.parametrize("language", Language)
def test_an_independent_checker_finds_no_fault_in_the_tags(tmp_path: Any, language: Language) -> None:
    file = tmp_path / "statement.pdf"
    file.write_bytes(full(language)[1])
    found = pdfua.validate(str(file))
    assert len(found.outcomes) >= 12
    # One of its checks, of the levels of headings, cannot read attributes that stand in an array.
    assert {o.rule_id for o in found.outcomes if o.skipped_reason} <= {"UA-14-001"}
    assert [(o.rule_id, o.findings) for o in found.outcomes if o.findings] == []


@pytest.mark.parametrize("language", Language)
def test_title_language_headings_and_figure_are_those_of_the_language(language: Language) -> None:
    _, page = full(language)
    pdf.assert_accessible(page, language.value)
    say = WORDS[language]
    heads = [str(e["/T"]) for e in pdf.elements(page) if e["/S"] in ("/H1", "/H2")]
    assert heads == [
        say[name]
        for name in (
            "title", "chart_title", "operations", "fees_title", "announced_title", "interest_title",
            "overdraft_title", "announcements_title",
        )
    ]  # fmt: skip
    [figure] = [element for element in pdf.elements(page) if element["/S"] == "/Figure"]
    assert str(figure["/Alt"]).startswith(say["chart_alternative"][:20])


def test_the_page_is_read_in_its_order() -> None:
    shown = pdf.text(full()[1])
    marks = (
        "Relevé de compte", "Titulaire", "IBAN", "Ancien solde", "Votre solde sur la période", "Opérations",
        "20/06/2026", "Virement international émis", "Totaux de la période", "Frais perçus",
        "Frais d’incidents à venir", "TAEG réellement appliqué", "Découvert autorisé :",
        "Votre contrat change", "Garantie des dépôts", "Empreinte SHA-256",
    )  # fmt: skip
    places: list[int] = []
    for mark in marks:
        places.append(shown.index(mark, places[-1] if places else 0))
    assert places == sorted(places)


def test_what_is_told_stands_on_the_page_in_words() -> None:
    shown = pdf.text(full()[1])
    for words in (
        "Enregistrée après le relevé précédent, qui couvrait cette date.",
        "3 277,63 $, cours 0,9153, pays US, frais de la banque 22,00 €",
        "Virement SEPA en agence",
        "Total des frais de la période 4,50",
        "15/08/2026 12,00",
        "Intérêts débiteurs : 23,45 €. TAEG réellement appliqué : 15,4 %.",
        "Taux du 01/04/2026 au 30/06/2026 : 14,5 % dans la limite de 800 € (dont EURIBOR-3M 2,1 %), 16,5 %",
        "Le taux de référence EURIBOR-3M est passé de 2,1 % à 2,35 % le 2 mai 2026.",
        "Découvert autorisé : 800,00 €, au taux de 14,5 % l’an. TAEG : 15,3 %, à titre d’exemple",
        "Le 1er octobre 2026 : le tarif change. Sans refus de votre part",
        "Le 1er septembre 2026, par l’effet de la loi : le délai change.",
        "jusqu’à 100 000 € par déposant",
    ):
        assert words in shown.replace("\u00a0", " ").replace("\u202f", " "), words


def test_the_effective_rate_stands_beside_the_overdraft_in_the_same_type() -> None:
    """CMF L312-1-1: in characters of the same size, which the reader of the page tells by run of text."""
    sizes: dict[str, set[float]] = {}

    def visit(text: str, _cm: Any, tm: Any, _font: Any, size: float) -> None:
        for mark in ("Découvert autorisé :", "TAEG :"):
            if mark in text.replace("\u00a0", " "):
                sizes.setdefault(mark, set()).add(round(size * tm[0], 2))

    for page in pdf.read(full()[1]).pages:
        page.extract_text(visitor_text=visit)
    assert len(set.union(*sizes.values())) == 1


def test_the_chart_is_the_balance_at_the_end_of_each_day() -> None:
    made, _ = full()
    days = day_balances(made)
    assert [(d.day, d.balance_minor) for d in days] == [
        (date(2026, 7, 1), OPENING_MINOR - 8_450),  # late: counts from the first day on
        (date(2026, 7, 7), OPENING_MINOR + 206_584),
        (date(2026, 7, 13), OPENING_MINOR + 206_134),
        (date(2026, 7, 19), OPENING_MINOR - 93_866),
        (date(2026, 7, 25), OPENING_MINOR - 96_211),
    ]
    chart = chart_of(made, Language.FRENCH)
    assert chart is not None
    assert (chart.points[0][0], chart.points[-1]) == (0, (WHOLE, chart.points[-2][1]))
    assert all(0 <= x <= WHOLE and 0 <= y <= WHOLE for x, y in chart.points)
    assert [tick.label for tick in chart.up] == ["0", "1\u202f000", "2\u202f000", "3\u202f000", "4\u202f000"]
    assert chart.zero == 0
    assert chart.limit is None  # never below zero: the limit of the overdraft need not be drawn
    assert [tick.label for tick in chart.across] == ["01/07", "08/07", "15/07", "22/07", "29/07"]
    assert "au plus bas" in chart.alternative


def test_a_debit_balance_goes_below_zero_with_the_limit_that_holds() -> None:
    made = issued(chain([-150_000]), BNC, account=account("XPF"), contents=FULL)
    chart = chart_of(made, Language.ENGLISH)
    assert chart is not None
    assert chart.zero > chart.points[-1][1] > 0
    assert chart.limit == 0 or (chart.limit is not None and chart.limit < chart.points[-1][1])
    assert chart.up[0].label.startswith("\u2212")


def test_a_day_or_a_period_without_operations_has_no_chart() -> None:
    from teneur.pricing.statements.statement import Period

    day = Period(date(2026, 7, 1), date(2026, 7, 1))
    assert chart_of(issued(chain([-1]), period=day), Language.FRENCH) is None
    assert chart_of(issued([], without_operations=True), Language.FRENCH) is None


def test_the_documented_shape_of_the_json_is_that_of_the_program() -> None:
    """Changed on purpose, it is written anew, with a new format number where a field changed its meaning."""
    documented = json.loads((Path(__file__).parents[3] / "docs/statement.schema.json").read_text("utf-8"))
    assert documented == json.loads(json.dumps(msgspec.json.schema(Statement)))


def test_the_json_has_the_documented_fields_and_no_null() -> None:
    made, _ = full()
    data = statement_json(made)
    assert b":null" not in data
    shape: dict[str, Any] = msgspec.json.schema(Statement)["$defs"]["Statement"]
    assert set(shape["required"]) <= set(json.loads(data)) <= set(shape["properties"])
    assert json.loads(data)["format"] == "teneur.statement/2"
