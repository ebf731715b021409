"""What is said of commands about notices, in French and in English: titles, outcomes, reasons."""

from collections.abc import Mapping
from types import MappingProxyType

from teneur.obligations.notices.templates import Pair

TITLES: Mapping[str, Pair] = MappingProxyType(
    {
        "choose-medium": ("Choix du moyen d’information", "Choice of medium"),
        "object-to-paperless": ("Choix du papier ou du numérique", "Choice of paper or paperless"),
        "choose-recipient": ("Choix de l’adresse de correspondance", "Choice of the mailing address"),
        "note-acknowledgement": ("Avis de réception revenu", "Acknowledgement of receipt"),
    }
)
DONE: Mapping[str, Pair] = MappingProxyType(
    {
        "choose-medium": ("Moyen d’information noté.", "Medium noted."),
        "object-to-paperless": ("Choix du papier ou du numérique noté.", "Choice noted."),
        "choose-recipient": ("Adresse de correspondance notée.", "Mailing address noted."),
        "note-acknowledgement": ("Avis de réception noté.", "Acknowledgement noted."),
    }
)
REASONS: Mapping[str, Pair] = MappingProxyType(
    {
        "medium-not-offered": (
            "la banque n’informe pas par ce moyen au choix du client.",
            "the bank does not offer this medium to choose.",
        ),
        "address-missing": (
            "cette personne n’a pas donné d’adresse e-mail.",
            "this person has given no e-mail address.",
        ),
        "unknown-notice": ("cette information n’existe pas.", "there is no such notice."),
        "sent-already": ("cette information est déjà envoyée.", "this notice has been sent already."),
        "no-registered-letter": (
            "cette information n’est pas partie en lettre recommandée.",
            "this notice did not go out as a registered letter.",
        ),
        "acknowledged-already": (
            "l’avis de réception est déjà noté.",
            "the acknowledgement is noted already.",
        ),
    }
)
