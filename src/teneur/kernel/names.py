"""Verification of payee: does the name given fit the name of the account's holder?

    match         the same words, whatever their order, case, accents, hyphens and titles
    close match   the same person most likely: one slip of the pen, an initial, a given name left out
    no match      anything else

A close match shows the holder's name to the payer, so it needs most of that name to be known already: a
family name alone, or two initials, is no match, and where the family name is known it must be there in
full. Source: EPC verification of payee scheme (result codes), regulation (EU) 2024/886, art. 5c. No scores:
every answer is one of the named cases below.
"""

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

_TITLES: Final = frozenset({"MME", "MLLE", "MR", "MONSIEUR", "MADAME", "MADEMOISELLE", "DR", "MRS", "MS"})
_LEGAL_FORMS: Final = frozenset(
    {
        "SARL",
        "SAS",
        "SASU",
        "SA",
        "EURL",
        "SCI",
        "SNC",
        "SELARL",
        "GIE",
        "EARL",
        "SCEA",
        "STE",
        "SOCIETE",
        "LTD",
    }
    | {"GMBH", "BV", "INC"}
)
_LETTERS: Final = str.maketrans(
    {"Œ": "OE", "Æ": "AE", "Ø": "O", "Ł": "L", "Đ": "D", "Ð": "D", "Þ": "TH", "ẞ": "SS", "&": " ET "}
)
_JOINERS: Final = re.compile(r"['’ʼ`´]")  # D'ARC and DARC are one name
_WORDS: Final = re.compile(r"[^\W_]+")
_TYPO_LETTERS: Final = 4  # a shorter word with a slip may be another word: LI and LU
_MOST_WORDS: Final = 8  # longer names are compared word for word only

Words = tuple[str, ...]


class NameMatch(StrEnum):
    """The answer to the payer before consent."""

    MATCH = "match"
    CLOSE_MATCH = "close-match"
    NO_MATCH = "no-match"


def match_names(given: str, registered: str, family: str = "") -> NameMatch:
    """How the payee name given by the payer fits the name on the account. Empty names never match.

    family: the family name within `registered`, where the bank keeps it apart.
    """
    asked, asked_form = _split(given)
    held, held_form = _split(registered)
    if not asked or not held:
        return NameMatch.NO_MATCH
    if _same_words(asked, held):
        return NameMatch.MATCH if asked_form == held_form else NameMatch.CLOSE_MATCH
    if asked_form == held_form and (
        _one_slip(asked, held)
        or (_has_family(asked, family) and (_initials(asked, held) or _given_name_left_out(asked, held)))
    ):
        return NameMatch.CLOSE_MATCH
    return NameMatch.NO_MATCH


def best_match(given: str, registered: Iterable[tuple[str, str]]) -> tuple[NameMatch, str]:
    """The best answer over the names of an account (joint holders, a birth name), with the name it is for.

    registered: pairs of a name and the family name within it ("" if unknown).
    """
    order = list(NameMatch)
    answers = [(match_names(given, name, family), name) for name, family in registered]
    return min(answers, key=lambda answer: order.index(answer[0]), default=(NameMatch.NO_MATCH, ""))


def normalise(name: str) -> str:
    """Capitals without accents, ligatures or punctuation, one blank between words, no leading title."""
    text = _JOINERS.sub("", unicodedata.normalize("NFKC", name).upper()).translate(_LETTERS)
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    words = _WORDS.findall(bare)
    while len(words) > 1 and (words[0] in _TITLES or words[0] == "M"):
        words = words[1:]
    return " ".join(words)


def _split(name: str) -> tuple[Words, frozenset[str]]:
    """The words of a name and, apart from them, its legal forms (unless it has nothing else)."""
    words = tuple(word for word in normalise(name).split() if word not in _TITLES)
    forms = frozenset(words) & _LEGAL_FORMS
    names = tuple(word for word in words if word not in forms)
    return (names, forms) if names else (words, frozenset())


def _same_words(one: Words, other: Words) -> bool:
    """The same words in any order, or the same letters where words are joined (LE GOFF, LEGOFF)."""
    if sorted(one) == sorted(other):
        return True
    letters = "".join(other)
    return len(one) <= _MOST_WORDS and any(
        "".join(one[turn:] + one[:turn]) == letters or "".join(one) == "".join(other[turn:] + other[:turn])
        for turn in range(max(len(one), len(other)))
    )


def _has_family(words: Words, family: str) -> bool:
    return set(normalise(family).split()) <= set(words)


def _one_slip(one: Words, other: Words) -> bool:
    """All words the same but one, in which one letter is wrong, missing, added, or swapped with the next."""
    mine, theirs = _unshared(one, other)
    return len(mine) == len(theirs) == 1 and _is_slip(mine[0], theirs[0])


def _initials(one: Words, other: Words) -> bool:
    """All words the same but for those of which one side has only the initial; one full word is the same."""
    mine, theirs = _unshared(one, other)
    shared = [word for word in one if word not in mine and len(word) > 1]
    if len(mine) != len(theirs) or not shared:
        return False
    pairs = zip(sorted(mine), sorted(theirs), strict=True)
    return all(a[0] == b[0] and 1 in (len(a), len(b)) for a, b in pairs)


def _given_name_left_out(one: Words, other: Words) -> bool:
    """One side has all words of the other, at least two of them full, and one or two more."""
    mine, theirs = _unshared(one, other)
    shorter = one if len(one) < len(other) else other
    return (
        not (mine and theirs) and len(mine) + len(theirs) <= 2 and sum(len(word) > 1 for word in shorter) >= 2
    )


def _unshared(one: Words, other: Words) -> tuple[list[str], list[str]]:
    """The words of each side that the other does not have, each counted as often as it stands there."""
    mine, theirs = [], list(other)
    for word in one:
        if word in theirs:
            theirs.remove(word)
        else:
            mine.append(word)
    return mine, theirs


def _is_slip(one: str, other: str) -> bool:
    """Edit distance one, a swap of neighbours included, in a word long enough for it to be a slip."""
    if len(one) > len(other):
        one, other = other, one
    if len(one) < _TYPO_LETTERS or len(other) - len(one) > 1:
        return False
    at = next((i for i, letter in enumerate(one) if letter != other[i]), len(one))
    if len(one) < len(other):
        return one[at:] == other[at + 1 :]
    swapped = one[at + 1 : at + 2] + one[at : at + 1]
    return one[at + 1 :] == other[at + 1 :] or swapped + one[at + 2 :] == other[at:]
