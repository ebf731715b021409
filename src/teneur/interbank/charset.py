"""The Latin characters that every SEPA bank can write, and how other text is put into them.

Customers may write any text that XML holds; between banks only this set is sure. So text for people (names,
addresses, remittance) is put into the set when it leaves, and references, which must reach the payee
unchanged, are refused on entry when they do not fit. Sources: EPC implementation guidelines (section on the
character set) and EPC217-08 (conversion table, of which only a part is fixed: the rest is ours).
"""

import unicodedata
from functools import lru_cache
from typing import Any, TypeVar

import msgspec

from teneur.interbank.messages import Part

LETTERS_AND_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
BASIC = frozenset(LETTERS_AND_DIGITS + "/-?:().,'+ ")
_UNKNOWN = "."


def _pairs(table: str) -> dict[str, str]:
    return dict(pair.split(":") for pair in table.split())


_LATIN = _pairs(
    "ß:ss ẞ:SS æ:ae Æ:AE œ:oe Œ:OE ø:o Ø:O ł:l Ł:L đ:d Đ:D ð:d Ð:D þ:th Þ:TH ı:i ħ:h Ħ:H ŧ:t Ŧ:T ŋ:n Ŋ:N"
)
_SIGNS = _pairs("&:+ _:- €:E ~:- –:- —:- ‑:- −:- [:( ]:) {:( }:) \\:/ |:/ º:o °:o ª:a ·:. •:. ×:x ;:,")
_QUOTES = dict.fromkeys('"`´’‘‚“”„«»‹›ʻʼ', "'")
_INVISIBLE = dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", "")
_CAPITALS = _pairs(
    # Greek, then Bulgarian
    "Α:A Β:V Γ:G Δ:D Ε:E Ζ:Z Η:I Θ:TH Ι:I Κ:K Λ:L Μ:M Ν:N Ξ:X Ο:O Π:P Ρ:R Σ:S Τ:T Υ:Y Φ:F Χ:CH Ψ:PS Ω:O "
    "А:A Б:B В:V Г:G Д:D Е:E Ж:ZH З:Z И:I Й:Y К:K Л:L М:M Н:N О:O П:P Р:R С:S Т:T У:U Ф:F Х:H Ц:TS Ч:CH "
    "Ш:SH Щ:SHT Ъ:A Ь:Y Ю:YU Я:YA"
)
_TABLE = {**_LATIN, **_SIGNS, **_QUOTES, **_INVISIBLE, **_CAPITALS}
_TABLE.update({capital.lower(): letters.lower() for capital, letters in _CAPITALS.items()})
_TABLE["ς"] = "s"

P = TypeVar("P", bound=Part)


def is_basic(text: str) -> bool:
    """Whether every character is in the set."""
    return BASIC.issuperset(text)


def is_reference(text: str) -> bool:
    """Whether a reference may travel between banks: in the set, no slash at either end, no two slashes
    together.
    """
    return is_basic(text) and not text.startswith("/") and not text.endswith("/") and "//" not in text


@lru_cache(maxsize=4096)
def _character(char: str) -> str:
    if char in BASIC:
        return char
    if char in _TABLE:
        return _TABLE[char]
    if char.isspace():
        return " "
    plain = "".join(c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c))
    if plain != char:
        return "".join(_character(c) for c in plain)
    return "" if unicodedata.combining(char) else _UNKNOWN


def transliterate(text: str, most: int | None = None) -> str:
    """The text in the set, cut to `most` characters. What has no counterpart becomes a full stop.

    >>> transliterate("Société Générale & Cœur")
    'Societe Generale + Coeur'
    """
    if BASIC.issuperset(text):
        return text if most is None else text[:most]
    written = "".join(_character(char) for char in unicodedata.normalize("NFC", text))
    return written if most is None else written[:most]


def says_something(text: str) -> bool:
    """Whether anything of the text survives: a name in Chinese does not, and must not leave as dots."""
    return any(char in LETTERS_AND_DIGITS for char in transliterate(text))


# Texts for people and their lengths: a text may grow past its own where ß becomes ss.
_LENGTHS = {
    "name": 70,
    "additional": 105,
    "unstructured": 140,
    **dict.fromkeys(("street", "department", "sub_department", "floor", "room", "lines"), 70),
    **dict.fromkeys(("building_name", "town", "town_location", "district", "country_subdivision"), 35),
    **dict.fromkeys(("city", "province"), 35),
    **dict.fromkeys(("building_number", "post_box", "post_code"), 16),
}


def for_interbank(part: P) -> P:
    """The same part (a transfer, a party, an address …) with every text for people in the set.

    References are left as they are: they were checked on entry, or come from a bank.
    """
    changes: dict[str, Any] = {}
    for name in part.__struct_fields__:
        value = getattr(part, name)
        new = _converted(name, value)
        if new is not value:
            changes[name] = new
    return msgspec.structs.replace(part, **changes) if changes else part


def _converted(name: str, value: Any) -> Any:
    if isinstance(value, Part):
        return for_interbank(value)
    if isinstance(value, str):
        return transliterate(value, _LENGTHS[name]) if name in _LENGTHS else value
    if isinstance(value, tuple) and value:
        items = tuple(_converted(name, item) for item in value)
        return items if any(new is not old for new, old in zip(items, value, strict=True)) else value
    return value
