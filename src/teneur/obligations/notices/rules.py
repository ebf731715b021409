"""By which medium the customer is told: what the text names, what he chose, what the agreement allows."""

from collections.abc import Sequence

from teneur.agreements.parameters import Parameter
from teneur.agreements.terms.notices import Medium, NoticeTerms, Paperless
from teneur.kernel.rules import rule
from teneur.obligations.notices.facts import Choice

OTHER = "other"
ON_PAPER = frozenset({Medium.LETTER, Medium.REGISTERED_LETTER})


def media_of_kind(template: str, terms: NoticeTerms) -> Parameter[tuple[Medium, ...]]:
    """The media that the agreement gives for a kind of notice, in order."""
    return terms.media.get(template) or terms.media[OTHER]


@rule("BNC-3.4-2")
def may_write_email(terms: NoticeTerms) -> bool:
    """Information on the agreement and its products may come by e-mail."""
    return terms.email_allowed.value


@rule("BRED-6-2", "BRED-6-3", "BNC-3.1-2")
def stays_on_paper(choice: Choice, terms: Paperless, *, document: bool) -> bool:
    """The customer may object to paperless delivery at any time, and get all on paper.

    Until he says what he wants, documents go as the agreement says, and messages electronically.
    """
    if choice.paperless is not None:
        return not choice.paperless
    return document and not terms.by_default.value


def media_in_order(
    template: str, named: Medium | None, choice: Choice, terms: NoticeTerms
) -> tuple[Medium, ...]:
    """By which media the customer may be told, the first that works being enough.

    named: the medium that the text wants for this case, by the decision; it binds.
    """
    if named is not None:
        return (named,)
    allowed = media_of_kind(template, terms).value
    if template in terms.text_names.value:
        return allowed
    media = [m for m in allowed if m is not Medium.EMAIL or may_write_email(terms)]
    if stays_on_paper(choice, terms.paperless, document=template in terms.paperless.documents.value):
        return tuple(m for m in media if m in ON_PAPER) or (Medium.LETTER,)
    if choice.medium in media:
        media.sort(key=lambda m: m is not choice.medium)
    return tuple(media)


def recipient(choice: Choice, holders: Sequence[int]) -> int:
    """The one holder who is written to: whose address the particular terms give, else the first.

    Whoever holds the account no longer is not written to.
    """
    named = choice.recipient
    return named if named is not None and named in holders else holders[0]


def named_medium(values: dict[str, str | int]) -> Medium | None:
    """The medium that a decision names for its notice; None: any that the agreement gives will do."""
    named = values.get("medium")
    return Medium(named) if named in frozenset(Medium) else None
