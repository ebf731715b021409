"""What is said of amendments, in French and in English: commands, outcomes, reasons, duties, documents."""

from collections.abc import Mapping
from types import MappingProxyType

from teneur.agreements.terms.amendments import ComponentKind
from teneur.kernel.money import Language

Pair = tuple[str, str]  # French, English

TITLES: Mapping[str, Pair] = MappingProxyType(
    {
        "plan-amendment": ("Modification prévue par la banque", "Amendment planned by the bank"),
        "withdraw-amendment": ("Retrait d’une modification prévue", "Planned amendment withdrawn"),
        "notify-amendment": ("Envoi d’un projet de modification", "Draft of an amendment sent"),
        "object-to-amendment": ("Refus d’une modification", "Objection to an amendment"),
        "apply-amendment": ("Entrée en application d’une modification", "Amendment applied"),
        "hold-tariff": ("Maintien de l’ancien tarif", "Former tariff kept"),
        "activate-service": ("Activation d’un service", "Service switched on"),
    }
)
DONE: Mapping[str, Pair] = MappingProxyType(
    {
        "plan-amendment": (
            "Modification prévue ; chaque client doit la recevoir deux mois avant.",
            "Amendment planned; each customer must receive it two months before.",
        ),
        "withdraw-amendment": ("Modification retirée.", "Amendment withdrawn."),
        "notify-amendment": (
            "Projet à envoyer au client ; le délai de deux mois court dès l’envoi.",
            "Draft to be sent to the customer; two months run from its sending.",
        ),
        "object-to-amendment": (
            "Refus enregistré, sans frais pour le client.",
            "Objection recorded, free of charge for the customer.",
        ),
        "apply-amendment": (
            "La nouvelle version s’applique au compte.",
            "The new edition applies to the account.",
        ),
        "hold-tariff": (
            "Le compte garde l’ancien tarif : la procédure de modification n’est pas achevée pour lui.",
            "The account keeps the former tariff: for it, the procedure of amendments is not over.",
        ),
        "activate-service": ("Service activé.", "Service switched on."),
    }
)
REASONS: Mapping[str, Pair] = MappingProxyType(
    {
        "unknown-amendment": (
            "cette modification n’existe pas pour ce compte.",
            "there is no such amendment for this account.",
        ),
        "amendment-withdrawn": ("la modification a été retirée.", "the amendment was withdrawn."),
        "unknown-edition": (
            "cette version n’existe pas ou n’est pas en vigueur à cette date.",
            "there is no such edition, or it is not in force on that day.",
        ),
        "planned-already": ("cette version est déjà prévue.", "this edition is planned already."),
        "legal-reference-missing": (
            "une modification imposée par la loi, et elle seule, cite le texte qui l’impose.",
            "an amendment that a law imposes, and no other, names that law.",
        ),
        "medium-not-durable": (
            "le projet doit être envoyé sur papier ou sur un autre support durable.",
            "the draft must be sent on paper or on another durable medium.",
        ),
        "notice-too-short": (
            "le client doit recevoir le projet deux mois avant ; possible à partir du {earliest}.",
            "the customer must be told two months before; possible from {earliest} on.",
        ),
        "legal-change": (
            "une modification imposée par la loi s’applique sans envoi préalable.",
            "an amendment that a law imposes needs no draft sent before.",
        ),
        "told-already": ("le client a déjà reçu le projet.", "the customer was told already."),
        "not-told": ("le client n’a pas reçu de projet.", "the customer was not told."),
        "notice-not-sent": (
            "rien ne prouve que le projet a été envoyé au client.",
            "nothing proves that the draft was sent to the customer.",
        ),
        "objection-too-late": (
            "la date d’application est atteinte : la modification est opposable au client.",
            "the application date has come: the amendment binds the customer.",
        ),
        "answered-already": ("le client a déjà résilié.", "the customer has terminated already."),
        "customer-leaves": (
            "le client a résilié : la modification ne s’applique pas à lui.",
            "the customer has terminated: the amendment does not apply to him.",
        ),
        "not-accepted": ("la modification n’est pas acceptée.", "the amendment is not accepted."),
        "applied-already": ("la modification s’applique déjà.", "the amendment applies already."),
        "not-yet": ("la date n’est pas arrivée.", "its day has not come."),
        "unknown-service": ("ce service n’existe pas.", "there is no such service."),
        "service-not-held": ("le compte n’a pas ce service.", "the account does not have this service."),
        "service-not-covered": (
            "un nouveau service demande un avenant accepté ou une convention à part, signée.",
            "a new service needs an accepted amendment or a separate signed agreement.",
        ),
        "invalid-particular-terms": (
            "les conditions particulières du compte ne vont pas avec cette version.",
            "the particular terms of the account do not fit this edition.",
        ),
    }
)
DUTIES: Mapping[str, Pair] = MappingProxyType(
    {
        "send-amendment": (
            "Envoyer le projet de modification au client",
            "Send the draft of the amendment to the customer",
        ),
        "close-account": ("Clôturer le compte", "Close the account"),
    }
)
COMPONENTS: Mapping[ComponentKind, Pair] = MappingProxyType(
    {
        ComponentKind.GENERAL: ("Conditions générales", "General terms"),
        ComponentKind.ANNEXES: ("Annexe", "Annex"),
        ComponentKind.PARTICULAR: ("Conditions particulières", "Particular terms"),
        ComponentKind.TARIFF: ("Conditions tarifaires", "Tariff"),
        ComponentKind.PRODUCT: ("Convention de service", "Service agreement"),
        ComponentKind.AUTHENTICATION: ("Convention d’authentification", "Authentication agreement"),
    }
)
WHY: Mapping[str, Pair] = MappingProxyType(
    {
        "opening": ("en vigueur à l’ouverture", "in force at opening"),
        "amendment": ("modification {amendment}", "amendment {amendment}"),
        "law": ("modification {amendment}, imposée par la loi", "amendment {amendment}, imposed by law"),
        "moved": ("entrée en vigueur depuis l’ouverture", "in force since, after opening"),
        "agreed": ("convenu avec le client", "agreed with the customer"),
        "held": (
            "maintenu : la nouvelle édition n’a pas été envoyée deux mois avant",
            "kept: the newer edition was not sent two months before",
        ),
        "signed": ("signé par le client", "signed by the customer"),
    }
)
STATUSES: Mapping[str, Pair] = MappingProxyType(
    {
        "told": ("projet envoyé ou à envoyer", "draft sent or to be sent"),
        "accepted-tacitly": ("accepté tacitement", "accepted tacitly"),
        "bound": ("opposable au client malgré son refus", "binding although refused"),
        "legal": ("appliqué en vertu de la loi", "applied by law"),
    }
)
ANSWERS: Mapping[str, Pair] = MappingProxyType(
    {
        "none": ("sans réponse", "no answer"),
        "refused": ("refusé sans résilier", "refused without leaving"),
        "leaves": ("convention résiliée", "agreement terminated"),
        "service-ended": ("un service résilié", "one service terminated"),
    }
)


def pick(pair: Pair, language: Language) -> str:
    """One of the two."""
    return pair[1 if language is Language.ENGLISH else 0]
