"""What duties are called, for people. A kind without a name here shows its code."""

from collections.abc import Mapping
from types import MappingProxyType

from teneur.accounts.amendments.texts import DUTIES as OF_AMENDMENTS
from teneur.kernel.money import Language
from teneur.pricing.overdraft.texts import DUTIES as OF_OVERDRAFTS

NAMES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        **OF_OVERDRAFTS,
        **OF_AMENDMENTS,
        "deliver-rib": ("Remettre le RIB au client", "Hand the customer the account details (RIB)"),
        "agreement-ends": ("Fin de la convention", "End of the agreement"),
        "inform-of-refusal": (
            "Informer le client du refus de l’ordre",
            "Tell the customer that the order is refused",
        ),
        "execute-transfer": ("Exécuter le virement", "Execute the transfer"),
        "inform-of-return": (
            "Informer le client du retour de son virement",
            "Tell the customer that the transfer came back",
        ),
        "answer-recall": ("Répondre à la demande de rappel", "Answer the recall"),
        "deliver-research": ("Remettre le résultat de la recherche", "Deliver the result of the research"),
        "deliver-statement-copy": ("Remettre la copie du relevé", "Deliver the copy of the statement"),
        "deliver-document-copy": ("Remettre la copie du document", "Deliver the copy of the document"),
        "deliver-free-copy": ("Remettre la copie gratuite", "Deliver the free copy"),
        "deliver-tariff": ("Remettre les conditions tarifaires", "Hand over the tariff"),
        "deliver-fee-summary": (
            "Remettre le récapitulatif annuel des frais",
            "Deliver the yearly summary of fees",
        ),
        "deliver-statement": ("Mettre le relevé imprimé à la poste", "Post the printed statement"),
        "answer-information": ("Répondre à la demande d’information", "Answer the request for information"),
    }
)


def name(kind: str, language: Language = Language.FRENCH) -> str:
    """The name of a kind of duty, or its code."""
    french, english = NAMES.get(kind, (kind, kind))
    return english if language is Language.ENGLISH else french
