"""The command line's own words: French first, English beside it."""

import os
import sys

from teneur.kernel.money import Language

Pair = tuple[str, str]  # French, English


def language_of(text: str | None) -> Language:
    """The language of a code; French unless it is English."""
    return Language.ENGLISH if (text or "").lower().startswith("en") else Language.FRENCH


def _asked_for() -> Language:
    """What the process was asked to speak, before any command is parsed: help texts are made at import."""
    words = sys.argv[1:]
    for index, word in enumerate(words):
        if word.startswith("--lang="):
            return language_of(word.partition("=")[2])
        if word == "--lang" and index + 1 < len(words):
            return language_of(words[index + 1])
    return language_of(os.environ.get("TENEUR_LANG"))


LANGUAGE = _asked_for()


def say(french: str, english: str, language: Language | None = None) -> str:
    """The text in the language; that of the process unless given."""
    return english if (language or LANGUAGE) is Language.ENGLISH else french
