"""Verification of payee: does the name given fit the name of the account's holder?

    match         the same words, whatever their order, case, accents, hyphens and titles
    close match   the same person most likely: one slip of the pen, an initial, a given name left out, a
                  company's legal form left out, somebody named beside the holder
    no match      anything else

A close match shows the holder's name to the payer, so it needs most of that name to be known already: a
family name alone, or two initials, is no match, and where the family name is known it must be there in
full. Of an account of several holders each one's name is a match, and so are all their names together,
with a common family name written once or each time. Source: EPC verification of payee scheme (result codes;
its recommendations on matching leave the method to the answering bank), regulation (EU) 2024/886, art. 5c.
No scores: every answer is one of the named cases below.
"""

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from itertools import product
from typing import Final

_TITLES: Final = frozenset({
    "MM", "MME", "MMES", "MLLE", "MR", "MONSIEUR", "MESSIEURS", "MADAME", "MESDAMES", "MADEMOISELLE", "DR",
    "MRS", "MS",
})  # fmt: skip
_LEGAL_FORMS: Final = frozenset({
    "SARL", "SAS", "SASU", "SA", "EURL", "EIRL", "EI", "SCI", "SCM", "SCP", "SNC", "SELARL", "SELAS",
    "GIE", "EARL", "SCEA", "SCOP", "STE", "SOCIETE", "ASSOCIATION", "ASSO", "LTD", "PLC", "LLC", "LLP",
    "INC", "GMBH", "AG", "KG", "BV", "NV", "SRL", "SPA",
})  # fmt: skip
_LONG_FORMS: Final = {
    "SOCIETE PAR ACTIONS SIMPLIFIEE UNIPERSONNELLE": "SASU",
    "SOCIETE PAR ACTIONS SIMPLIFIEE": "SAS",
    "SOCIETE A RESPONSABILITE LIMITEE": "SARL",
    "ENTREPRISE UNIPERSONNELLE A RESPONSABILITE LIMITEE": "EURL",
    "SOCIETE CIVILE IMMOBILIERE": "SCI",
    "SOCIETE EN NOM COLLECTIF": "SNC",
    "SOCIETE ANONYME": "SA",
    "ENTREPRENEUR INDIVIDUEL": "EI",
    "LIMITED": "LTD",
}
_LONG_FORM: Final = re.compile(rf"\b(?:{'|'.join(_LONG_FORMS)})\b")
_LETTER_BY_LETTER: Final = re.compile(r"\b\w(?: \w\b)+")
_LETTERS: Final = str.maketrans(
    {"Œ": "OE", "Æ": "AE", "Ø": "O", "Ł": "L", "Đ": "D", "Ð": "D", "Þ": "TH", "ẞ": "SS", "&": " ET "}
)
# Two ways to write the same letters on a keyboard without them: MUELLER and MULLER are both Müller.
_TWO_LETTERS: Final = str.maketrans({"Ä": "AE", "Ö": "OE", "Ü": "UE", "Å": "AA", "Ø": "OE"})
_JOINERS: Final = re.compile(r"['’ʼ`´]")  # D'ARC and DARC are one name
_WORDS: Final = re.compile(r"[^\W_]+")
_TYPO_LETTERS: Final = 4  # a shorter word with a slip may be another word: LI and LU
_MOST_WORDS: Final = 8  # longer names are compared word for word only
_MOST_PERSONS: Final = 4  # in one question; more would be guessing
_SEVERAL: Final = re.compile(r"\s*[/+;&]\s*|\s+(?:et|ou|and|or)\s+", re.IGNORECASE)

Words = tuple[str, ...]
Reading = tuple[Words, frozenset[str]]  # the words of a name, its legal forms


class NameMatch(StrEnum):
    """The answer to the payer before consent."""

    MATCH = "match"
    CLOSE_MATCH = "close-match"
    NO_MATCH = "no-match"


_ORDER: Final = tuple(NameMatch)  # the best first


def match_names(given: str, registered: str, family: str = "") -> NameMatch:
    """How the payee name given by the payer fits the name on the account. Empty names never match.

    family: the family name within `registered`, where the bank keeps it apart.
    """
    plain = _match_words(_split(normalise(given)), _split(normalise(registered)), family)
    if plain is NameMatch.MATCH:
        return plain
    readings = product(_readings(given), _readings(registered))
    return min((_match_words(asked, held, family) for asked, held in readings), key=_ORDER.index)


def best_match(given: str, registered: Iterable[tuple[str, str]]) -> tuple[NameMatch, str]:
    """The best answer over the names of an account (joint holders, a trade name), with the name it is for.

    registered: pairs of a name and the family name within it ("" if unknown). Several persons named in one
    text are each looked for: all of them holders is a match, one of them a close match.
    """
    names = list(registered)
    answers = [(match_names(given, name, family), name) for name, family in names]
    alone = min(answers, key=_rank, default=(NameMatch.NO_MATCH, ""))
    together = _match_several(given, names)
    return min((alone, together), key=_rank)


def normalise(name: str) -> str:
    """Capitals without accents, ligatures or punctuation, one blank between words, no leading title."""
    text = _JOINERS.sub("", unicodedata.normalize("NFKC", name).upper()).translate(_LETTERS)
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    words = _WORDS.findall(bare)
    while len(words) > 1 and (words[0] in _TITLES or words[0] == "M"):
        words = words[1:]
    return " ".join(words)


def _rank(answer: tuple[NameMatch, object]) -> int:
    return _ORDER.index(answer[0])


def _match_words(asked: Reading, held: Reading, family: str) -> NameMatch:
    (mine, my_form), (theirs, their_form) = asked, held
    if not mine or not theirs:
        return NameMatch.NO_MATCH
    if my_form == their_form and _same_words(mine, theirs):
        return NameMatch.MATCH
    has_family = _has_family((*mine, *my_form), family)  # SA is also a family name
    if my_form != their_form:
        close = has_family and _same_words(mine, theirs)
    else:
        close = _one_slip(mine, theirs) or (
            has_family and (_initials(mine, theirs) or _given_name_left_out(mine, theirs))
        )
    return NameMatch.CLOSE_MATCH if close else NameMatch.NO_MATCH


def _match_several(given: str, registered: list[tuple[str, str]]) -> tuple[NameMatch, str]:
    """Several persons named at once ("Jean et Marie Dupont"): each of them against each holder.

    Somebody beside a holder who is named exactly is a close match: nothing is shown that was not known.
    """
    pieces = _SEVERAL.split(given)
    parts = [piece for piece in pieces if not _TITLES.union("M").issuperset(_words_of(piece))]
    if len(pieces) == 1 or not 0 < len(parts) <= _MOST_PERSONS:
        return NameMatch.NO_MATCH, ""
    found: list[tuple[NameMatch, str]] = []
    left = list(registered)
    for part in parts:
        answers = [(_match_part(part, given, *holder), holder) for holder in left]
        match, holder = min(answers, key=_rank, default=(NameMatch.NO_MATCH, ("", "")))
        if match is not NameMatch.NO_MATCH:
            left.remove(holder)
            found.append((match, holder[0]))
    exact = [name for match, name in found if match is NameMatch.MATCH]
    if len(exact) == len(parts):
        return NameMatch.MATCH, " / ".join(exact)
    if len(found) == len(parts):
        return NameMatch.CLOSE_MATCH, " / ".join(name for _, name in found)
    return (NameMatch.CLOSE_MATCH, " / ".join(exact)) if exact else (NameMatch.NO_MATCH, "")


def _match_part(part: str, given: str, name: str, family: str) -> NameMatch:
    """One of several persons; the family name may stand once for all of them."""
    needed, words = set(_words_of(family)), set(_words_of(part))
    if needed and not needed <= words and needed <= set(_words_of(given)):
        part = f"{part} {family}"
    return match_names(part, name, family)


def _words_of(name: str) -> list[str]:
    return normalise(name).split()


def _readings(name: str) -> list[Reading]:
    """The ways to read a name: with umlauts as one letter or as two, and S.A. as initials or a legal form."""
    capitals = unicodedata.normalize("NFKC", name).upper()
    spelt = dict.fromkeys((normalise(name), normalise(capitals.translate(_TWO_LETTERS))))
    return [reading for text in spelt for reading in dict.fromkeys((_split(text), _with_form(text)))]


def _with_form(text: str) -> Reading:
    """As `_split`, with a legal form in full or letter by letter (S.A.R.L.) read as its abbreviation."""
    text = _LONG_FORM.sub(lambda found: _LONG_FORMS[found[0]], text)
    return _split(_LETTER_BY_LETTER.sub(_joined_form, text))


def _joined_form(letters: re.Match[str]) -> str:
    joined = letters[0].replace(" ", "")
    return joined if joined in _LEGAL_FORMS else letters[0]


def _split(text: str) -> Reading:
    """The words of a name and, apart from them, its legal forms (unless it has nothing else)."""
    words = tuple(word for word in text.split() if word not in _TITLES)
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
    if not shared:
        return False
    if len(mine) != len(theirs):
        return _initials_in_one(mine, theirs) or _initials_in_one(theirs, mine)
    pairs = zip(sorted(mine), sorted(theirs), strict=True)
    return all(a[0] == b[0] and 1 in (len(a), len(b)) for a, b in pairs)


def _initials_in_one(short: list[str], full: list[str]) -> bool:
    """JP for Jean-Pierre."""
    return len(short) == 1 and len(full) > 1 and short[0] == "".join(word[0] for word in full)


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
