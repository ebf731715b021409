"""Answering another bank that checks a customer's surname, first names and birth date (BRED 5.1)."""

from datetime import date
from enum import StrEnum

import msgspec

from teneur.kernel.names import NameMatch, match_names
from teneur.kernel.rules import rule


class Identity(msgspec.Struct, frozen=True):
    """The three data of the check; all are compulsory."""

    surname: str
    first_names: str
    born_on: date | None


class IdentityAnswer(StrEnum):
    """What the asking bank is told."""

    MATCH = "match"
    NO_MATCH = "no-match"
    INCOMPLETE = "incomplete"  # a compulsory datum is missing in the question
    OBJECTION = "objection"  # the customer's legitimate objection is honoured: nothing is told


@rule("BRED-5.1-3")
def identity_answer(asked: Identity, held: Identity, *, objected: bool) -> IdentityAnswer:
    """Surname, first names and birth date must all fit; a near name is no match; no datum is told."""
    if objected:
        return IdentityAnswer.OBJECTION
    if not (asked.surname.strip() and asked.first_names.strip()) or asked.born_on is None:
        return IdentityAnswer.INCOMPLETE
    names = (
        match_names(asked.surname, held.surname),
        match_names(asked.first_names, held.first_names),
    )
    fits = all(name is NameMatch.MATCH for name in names) and asked.born_on == held.born_on
    return IdentityAnswer.MATCH if fits else IdentityAnswer.NO_MATCH
