"""What every page shares: characters that can be drawn, figures and dates as people write them."""

from datetime import UTC, date, datetime

import msgspec
import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from teneur.documents import typesetting
from teneur.documents.typesetting import REPLACEMENT, TypesettingError, displayable, typeset
from teneur.documents.wording import amount, figure, grouped_iban, long_date, round_amount, short_date
from teneur.kernel.money import EUR, XPF, Language

FRENCH, ENGLISH = Language.FRENCH, Language.ENGLISH
PLAIN = b"""
#set document(title: "x")
#set text(font: ("Libertinus Serif", "DejaVu Sans Mono"), lang: "fr")
#for word in json(bytes(sys.inputs.words)) [#par(text(word)) #par(text(weight: "semibold", word))]
"""


def compiles(words: list[str]) -> bool:
    data = typst.compile(
        PLAIN,
        font_paths=typesetting._embedded_fonts(),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"words": msgspec.json.encode(words).decode()},
        pdf_standards=["ua-1", "a-2a"],
    )
    return data.startswith(b"%PDF")


def test_every_character_that_we_let_through_is_drawn_by_an_embedded_font() -> None:
    allowed = [*sorted(typesetting._ALLOWED), REPLACEMENT]
    assert len(allowed) > 1_000
    assert compiles([f"a{character}b" for character in allowed])


_DRAWABLE = st.text(sorted(typesetting._ALLOWED), max_size=60)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=60) | _DRAWABLE, max_size=12))
def test_any_text_at_all_can_be_set(words: list[str]) -> None:
    assert compiles([displayable(word) for word in words])


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Société d’Énergie – n° 5, 12,50 €", "Société d’Énergie – n° 5, 12,50 €"),
        ("e\u0301", "é"),
        ("one\r\ntwo", "one  two"),
        ("\U0001f469\u200d\U0001f467 x", f"{REPLACEMENT} x"),
        ("pay \u202eoot", f"pay {REPLACEMENT}oot"),
        ("tab\there\x00", f"tab here{REPLACEMENT}"),
        ("soft\u00adhyphen", f"soft{REPLACEMENT}hyphen"),
        ("x" + "\u0323" * 9, "x"),
        ("  ", ""),
    ],
)
def test_text_is_shown_as_given_or_visibly_replaced(given: str, shown: str) -> None:
    assert displayable(given) == shown


def test_a_long_word_may_break_and_loses_nothing() -> None:
    shown = displayable("B" * 140)
    assert max(len(part) for part in shown.split("\u200b")) == 24
    assert shown.replace("\u200b", "") == "B" * 140
    assert "\u200b" not in displayable("B" * 24 + " " + "C" * 24)


def test_an_instant_without_zone_and_a_view_without_title_are_broken_programs() -> None:
    with pytest.raises(TypesettingError, match="time zone"):
        typeset("accounts/rib.typ", {}, datetime(2026, 8, 1))  # noqa: DTZ001 - that is the fault
    with pytest.raises(TypesettingError, match=r"accounts/rib\.typ"):
        typeset("accounts/rib.typ", {"language": "fr"}, datetime(2026, 8, 1, tzinfo=UTC))


def test_figures_in_columns_leave_out_the_currency() -> None:
    assert figure(123_456_789, EUR, FRENCH) == "1\u202f234\u202f567,89"
    assert figure(-5, EUR, FRENCH) == "\u22120,05"
    assert figure(0, EUR, ENGLISH) == "0.00"
    assert figure(-1_234_567, XPF, ENGLISH) == "\u22121,234,567"
    assert figure(-1_234_567, XPF, FRENCH) == "\u22121\u202f234\u202f567"


def test_amounts_that_stand_alone_name_their_currency_and_round_ones_drop_their_zeros() -> None:
    assert amount(-8_450, EUR, FRENCH) == "\u221284,50\u00a0€"
    assert round_amount(10_000_000, EUR, FRENCH) == "100\u202f000\u00a0€"
    assert round_amount(10_000_000, EUR, ENGLISH) == "€100,000"
    assert round_amount(10_000_050, EUR, FRENCH) == "100\u202f000,50\u00a0€"
    assert round_amount(11_933_174, XPF, FRENCH) == "11\u202f933\u202f174\u00a0F\u00a0CFP"


def test_dates_are_written_as_each_language_writes_them() -> None:
    assert long_date(date(2026, 8, 1), FRENCH) == "1er\u00a0août\u00a02026"
    assert long_date(date(2028, 2, 29), FRENCH) == "29\u00a0février\u00a02028"
    assert long_date(date(2026, 8, 1), ENGLISH) == "1\u00a0August\u00a02026"
    assert short_date(date(2026, 7, 4), FRENCH) == "04/07/2026"
    assert short_date(date(2026, 7, 4), ENGLISH) == "04\u00a0Jul\u00a02026"


def test_an_iban_stands_in_groups_of_four_that_no_line_breaks() -> None:
    assert grouped_iban("FR7610107001180001234567822") == "FR76 1010 7001 1800 0123 4567 822".replace(
        " ", "\u00a0"
    )
