"""Screening of names against a list: a hit holds the funds before they leave, until a person has looked."""

from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache

import msgspec

from teneur.kernel.names import normalise
from teneur.payments.transfers.rules.instant import compliance_step


class ListedName(msgspec.Struct, frozen=True):
    """An entry of the list that the bank was given. reference: the list's own number."""

    reference: str
    name: str


class ScreeningStep(StrEnum):
    """What is done with the order."""

    GO_ON = "go-on"
    HOLD = "hold"
    REFUSE = "refuse"


class ScreeningList:
    """A list made ready for many names: most share no word with it and are answered at once. Immutable.

    words_needed: so many words of a listed name, in any order, make a hit; all of them if it has fewer.
    """

    def __init__(self, entries: Iterable[ListedName], words_needed: int) -> None:
        self._entries = [(entry, frozenset(normalise(entry.name).split())) for entry in entries]
        self._needed = words_needed
        self._by_word: dict[str, list[int]] = {}
        for index, (_, words) in enumerate(self._entries):
            for word in words:
                self._by_word.setdefault(word, []).append(index)
        self.hits = lru_cache(maxsize=50_000)(self._hits)

    def _hits(self, name: str) -> tuple[ListedName, ...]:
        words = frozenset(normalise(name).split())
        found = {index for word in words for index in self._by_word.get(word, ())}
        return tuple(
            self._entries[index][0]
            for index in sorted(found)
            if len(words & self._entries[index][1]) >= min(self._needed, len(self._entries[index][1]))
        )


def screening_step(hits: Iterable[ListedName], *, cleared: bool | None) -> ScreeningStep:
    """Held before the funds leave; released or refused as the person who looked says (None:

    not looked at yet).
    """
    return ScreeningStep(compliance_step(hit=any(True for _ in hits), cleared=cleared).value)
