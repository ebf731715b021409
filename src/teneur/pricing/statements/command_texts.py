"""The words of commands about statements for explanations: titles, what came of them, reasons of refusals."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

Pair = tuple[str, str]  # French, English

TITLES: Final[Mapping[str, Pair]] = MappingProxyType(
    {
        "statement-frequency": ("Périodicité des relevés", "Frequency of statements"),
        "statement-issued": ("Émission d’un relevé", "Issue of a statement"),
        "statement-delivered": ("Envoi d’un relevé sur papier", "Sending of a printed statement"),
        "information-requested": ("Demande d’information", "Request for information"),
        "information-given": ("Réponse à une demande d’information", "Answer to a request for information"),
    }
)
DONE: Final[Mapping[str, Pair]] = MappingProxyType(
    {
        "statement-frequency": ("Périodicité des relevés notée.", "Frequency of statements noted."),
        "statement-issued": ("Relevé émis.", "Statement issued."),
        "statement-delivered": ("Relevé mis à la poste.", "Statement posted."),
        "information-requested": ("Demande d’information notée.", "Request for information noted."),
        "information-given": ("Information donnée.", "Information given."),
    }
)
REASONS: Final[Mapping[str, Pair]] = MappingProxyType(
    {
        "frequency-not-offered": (
            "cette périodicité n’est pas proposée.",
            "this frequency is not offered.",
        ),
        "statement-outdated": (
            "ce que le relevé annonce a changé depuis sa préparation.",
            "what the statement announces changed since it was prepared.",
        ),
        "statement-does-not-follow": (
            "il ne fait pas suite au relevé précédent.",
            "it does not follow the statement before.",
        ),
        "period-not-over": ("la période n’est pas finie.", "the period is not over."),
        "unknown-statement": ("ce relevé n’existe pas.", "there is no such statement."),
        "way-not-open": (
            "une information se demande en agence ou par écrit.",
            "information is asked for at the branch or in writing.",
        ),
    }
)
