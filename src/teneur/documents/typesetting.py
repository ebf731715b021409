"""Plain values in, a PDF out: PDF/UA-1 (accessible) and PDF/A-2a (archive) at once, the same bytes each time.

The templates are ours and stand in the package. What people wrote (names, remittance texts) reaches a
template only as JSON strings in `sys.inputs`, never as Typst source, so it cannot be read as markup or
code. Only the fonts embedded in Typst are used, so a page looks the same on every machine; `displayable`
keeps to their characters. Source: ISO 14289-1 (PDF/UA-1), ISO 19005-2 level A (PDF/A-2a).
"""

import unicodedata
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import msgspec
import typst

PACKAGE: Final = (
    Path(__file__).resolve().parent.parent
)  # the root that templates may read from, and no further
REPLACEMENT: Final = "\ufffd"  # shown where the embedded fonts have no glyph
_BREAK_HERE: Final = "\u200b"  # zero-width space: a line may break here
_LONGEST_RUN: Final = 24  # characters without a break that the narrowest text column holds
_MARKS: Final = frozenset({"Mn", "Me"})  # marks that NFC could not join to a letter: fonts differ on them

# Blocks, first and last character, that Libertinus Serif or DejaVu Sans Mono draws whole (a test sets them).
_BLOCKS: Final = (
    (0x20, 0x7E),  # Latin
    (0xA0, 0xAC),
    (0xAE, 0x36F),  # more Latin, phonetics, combining marks; without the soft hyphen
    (0x384, 0x38A),  # Greek
    (0x38C, 0x38C),
    (0x38E, 0x3A1),
    (0x3A3, 0x4FF),  # Greek, Cyrillic
    (0x5D0, 0x5EA),  # Hebrew
    (0x621, 0x63A),  # Arabic
    (0x641, 0x64A),
    (0x660, 0x669),
    (0x1E00, 0x1EFF),  # Vietnamese and other Latin
    (0x2010, 0x2027),  # dashes, quotation marks, ellipsis; without line and paragraph separators
    (0x202F, 0x203A),
    (0x20A0, 0x20BF),  # currencies
    (0x2116, 0x2116),  # №
    (0x2122, 0x2122),  # ™
    (0x2190, 0x2199),  # arrows
    (0x2212, 0x2212),  # minus
)
_ALLOWED: Final = frozenset(
    character
    for first, last in _BLOCKS
    for character in map(chr, range(first, last + 1))
    if unicodedata.category(character) not in _MARKS
)
_SPACES: Final = frozenset("\t\n\r\v\f\u0085\u2028\u2029")


class TypesettingError(RuntimeError):
    """A template did not compile: a broken program, never a customer's text. The message is Typst's own."""


def displayable(text: str) -> str:
    """The text as a page can show it: NFC, one line, known characters, and long words that may break.

    Line breaks become spaces; controls, direction overrides and characters without a glyph become one
    "\ufffd" a run. The stored record keeps the text as it was given; only its picture changes.
    """
    shown: list[str] = []
    run = 0
    for char in unicodedata.normalize("NFC", text):
        if unicodedata.category(char) in _MARKS:
            continue
        drawn = " " if char in _SPACES else char
        if drawn not in _ALLOWED:
            if shown and shown[-1] == REPLACEMENT:
                continue
            drawn = REPLACEMENT
        run = 0 if drawn in " -" else run + 1
        if run > _LONGEST_RUN:
            shown.append(_BREAK_HERE)
            run = 1
        shown.append(drawn)
    return "".join(shown).strip()


def typeset(template: str, view: Mapping[str, Any], written_at: datetime) -> bytes:
    """The PDF of a template (path within the package: "accounts/rib.typ") filled with a view of plain values.

    The view is strings, numbers, booleans, lists and dicts; it must hold `title` and `language`, which PDF/UA
    requires. written_at: aware; becomes the date of the document. Errors: TypesettingError.
    """
    if written_at.tzinfo is None:
        raise TypesettingError(f"{template}: the instant of writing must carry its time zone")
    try:
        return typst.compile(
            PACKAGE / template,
            root=PACKAGE,
            font_paths=_embedded_fonts(),
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"view": msgspec.json.encode(view).decode()},
            pdf_standards=["ua-1", "a-2a"],
            timestamp=int(written_at.timestamp()),
        )
    except typst.TypstError as error:
        raise TypesettingError(f"{template}: {error.diagnostic or error.message}") from error


@lru_cache(maxsize=1)
def _embedded_fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
