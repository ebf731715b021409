"""The words about interest, French first: figures, verdicts, mentions on statements, what happens to an
index."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from teneur.kernel.money import Language
from teneur.pricing.interest.facts import EventKind, IndexEvent
from teneur.pricing.interest.rules import apr, numbers
from teneur.pricing.interest.rules.index import Mention
from teneur.pricing.interest.rules.usury import Verdict

Pair = tuple[str, str]  # French, English
_NARROW: Final = "\u202f"
SOURCES: Final[tuple[Callable[..., object], ...]] = (
    numbers.value_ladder,
    numbers.split_debit,
    numbers.debit_interest_minor,
    apr.real_rate,
)
_VERDICTS: Final[Mapping[str, Pair]] = MappingProxyType(
    {
        Verdict.BELOW: ("sous le seuil de l’usure", "below the usury threshold"),
        Verdict.ABOVE: ("au-dessus du seuil de l’usure", "above the usury threshold"),
        Verdict.NOT_LOADED: (
            "aucun seuil de l’usure n’est chargé pour ce jour",
            "no usury threshold is loaded for that day",
        ),
    }
)
_EVENTS: Final[Mapping[EventKind, Pair]] = MappingProxyType(
    {
        EventKind.MODIFIED: ("modifié dès le {day} : {reason}", "modified from {day}: {reason}"),
        EventKind.ENDED: ("disparu le {day} ({reason})", "ended on {day} ({reason})"),
        EventKind.SUBSTITUTED: (
            "remplacé par {substitute} dès le {day}, désigné par {by}, marge {points}",
            "replaced by {substitute} from {day}, designated by {by}, margin {points}",
        ),
    }
)


def pick(pair: Pair, language: Language) -> str:
    """One of the two."""
    return pair[1 if language is Language.ENGLISH else 0]


def decimal(value: Decimal, language: Language) -> str:
    """A number as people read it: at most six decimals, without needless zeros."""
    text = format(value.quantize(Decimal("1.000000")), ",f").rstrip("0").rstrip(".") or "0"
    if language is Language.ENGLISH:
        return text
    return text.replace(",", _NARROW).replace(".", ",").replace("-", "−")


def whole(value: int, language: Language) -> str:
    """A whole number with its thousands apart."""
    return f"{value:,}" if language is Language.ENGLISH else f"{value:,}".replace(",", _NARROW)


def verdict(found: str, language: Language) -> str:
    """What the usury check says; empty where nothing was to be checked."""
    return pick(_VERDICTS[found], language) if found else ""


def mention(found: Mention, language: Language) -> str:
    """What the statement says of a reference rate that changed."""
    old, new = decimal(found.old_percent, language), decimal(found.new_percent, language)
    pair = (
        f"Le taux de référence {found.index} est passé de {old} % à {new} % le {found.since:%d/%m/%Y}.",
        f"The reference rate {found.index} went from {old}% to {new}% on {found.since.isoformat()}.",
    )
    return pick(pair, language)


def event(found: IndexEvent, language: Language) -> str:
    """What happened to a reference rate."""
    day = found.day.isoformat() if language is Language.ENGLISH else f"{found.day:%d/%m/%Y}"
    return pick(_EVENTS[found.kind], language).format(
        day=day,
        reason=found.reason,
        substitute=found.substitute,
        by=found.designated_by or "",
        points=decimal(found.points, language),
    )


# explanations: what each kind of command is called, why it is refused, what came of it

TITLES: Final[Mapping[str, Pair]] = MappingProxyType(
    {
        "begin-closing": ("Début d’un arrêté trimestriel", "Beginning of a quarterly closing"),
        "close-quarter": ("Arrêté trimestriel", "Quarterly closing"),
        "correct-interest": ("Rectification d’intérêts", "Correction of interest"),
        "load-reference-rate": ("Valeurs d’un taux de référence", "Values of a reference rate"),
        "modify-reference-rate": ("Modification d’un taux de référence", "Change of a reference rate"),
        "end-reference-rate": ("Disparition d’un taux de référence", "End of a reference rate"),
        "substitute-reference-rate": (
            "Remplacement d’un taux de référence",
            "Substitute of a reference rate",
        ),
        "inform-of-substitute": ("Information sur l’indice de substitution", "Notice of a substitute index"),
        "inform-of-rate": ("Information sur un nouveau taux", "Notice of a new rate"),
        "object-to-rate": ("Contestation d’un taux", "Objection to a rate"),
        "take-silence": ("Silence du client", "The customer’s silence"),
        "set-value-date": ("Rectification de date de valeur", "Value date set right"),
    }
)
REASONS: Final[Mapping[str, Pair]] = MappingProxyType(
    {
        "not-a-quarter": ("ces jours ne sont pas un trimestre.", "these days are no quarter."),
        "quarter-not-over": ("le trimestre n’est pas fini.", "the quarter is not over."),
        "closing-changed": (
            "l’arrêté a changé depuis la lecture des nombres.",
            "the closing changed since the numbers were read.",
        ),
        "unknown-index": ("ce taux de référence n’est pas connu.", "this reference rate is not known."),
        "consent-needed": ("la modification demande un accord.", "the change needs consent."),
        "not-a-permanent-end": ("ce n’est pas une disparition définitive.", "this is no end for good."),
        "index-still-published": ("le taux est encore publié.", "the rate is still published."),
        "no-substitute": ("aucun taux connu ne peut le remplacer.", "no known rate can replace it."),
        "reason-missing": ("il manque la raison de l’ajustement.", "the adjustment has no reason."),
        "unknown-substitution": ("ce remplacement n’existe pas.", "there is no such substitution."),
        "already-told": ("le client est déjà informé.", "the customer was told already."),
        "nothing-presumed": ("la convention ne présume rien.", "the agreement presumes nothing."),
        "not-in-writing": ("la contestation se fait par écrit.", "an objection is made in writing."),
        "unknown-notice": ("cette information n’existe pas.", "there is no such notice."),
        "already-answered": ("il y a déjà une réponse.", "it was answered already."),
        "too-late": ("le délai est passé.", "the time has passed."),
        "time-not-passed": ("le délai court encore.", "the time still runs."),
        "already-adjusted": (
            "la date de valeur est déjà rectifiée.",
            "the value date was set right already.",
        ),
        "value-date-not-earlier": (
            "la date de valeur demandée n’est pas antérieure.",
            "the value date asked for is not earlier.",
        ),
    }
)
DONE: Final[Mapping[str, Pair]] = MappingProxyType(
    {
        "close-quarter": ("Trimestre arrêté ({amount}).", "Quarter closed ({amount})."),
        "correct-interest": ("Intérêts rectifiés ({amount}).", "Interest corrected ({amount})."),
        "object-to-rate": ("Contestation enregistrée.", "Objection recorded."),
        "take-silence": ("Accepté par silence.", "Accepted by silence."),
        "set-value-date": (
            "Même montant repris puis rendu à la bonne date de valeur.",
            "The same amount taken and given back on the right value date.",
        ),
    }
)
