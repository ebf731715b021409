"""Words of fees in French and English: events, kinds of service, the page of the yearly summary."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from teneur.kernel.money import Language

Pair = tuple[str, str]  # French, English

EVENTS: Final[Mapping[str, Pair]] = MappingProxyType(
    {
        "account-keeping": ("Tenue de compte", "Account keeping"),
        "account-keeping-dormant": ("Tenue d’un compte inactif", "Keeping of a dormant account"),
        "statement-frequency": ("Relevés plus fréquents", "More frequent statements"),
        "statement-yearly": ("Relevé annuel", "Yearly statement"),
        "statement-copy": ("Remise supplémentaire d’un relevé", "Extra delivery of a statement"),
        "balance-request": ("Demande de solde", "Request for the balance"),
        "research": ("Recherche dans les archives", "Search of the archives"),
        "document-copy": ("Copie d’un document", "Copy of a document"),
        "evidence-search": ("Recherche de preuve", "Search for evidence"),
        "transfer-sepa-remote": ("Virement SEPA à distance", "SEPA transfer at a distance"),
        "transfer-sepa-branch": ("Virement SEPA en agence", "SEPA transfer at the branch"),
        "transfer-instant-remote": ("Virement instantané à distance", "Instant transfer at a distance"),
        "transfer-instant-branch": ("Virement instantané en agence", "Instant transfer at the branch"),
        "transfer-local-remote": ("Virement local à distance", "Local transfer at a distance"),
        "transfer-local-branch": ("Virement local en agence", "Local transfer at the branch"),
        "transfer-com-pacific-remote": (
            "Virement SEPA COM Pacifique à distance",
            "SEPA COM Pacifique transfer at a distance",
        ),
        "transfer-com-pacific-branch": (
            "Virement SEPA COM Pacifique en agence",
            "SEPA COM Pacifique transfer at the branch",
        ),
        "transfer-international-remote": (
            "Virement international à distance",
            "International transfer at a distance",
        ),
        "transfer-international-branch": (
            "Virement international en agence",
            "International transfer at the branch",
        ),
        "transfer-treasury-remote": ("Virement de trésorerie à distance", "Treasury transfer at a distance"),
        "transfer-treasury-branch": ("Virement de trésorerie en agence", "Treasury transfer at the branch"),
        "late-revocation": ("Révocation tardive d’un virement", "Late revocation of a transfer"),
        "standing-order-withdrawal": (
            "Retrait d’un virement permanent",
            "Withdrawal of a standing order",
        ),
        "recall": ("Rappel d’un virement", "Recall of a transfer"),
        "direct-debit-late-withdrawal": (
            "Révocation tardive d’un prélèvement",
            "Late revocation of a direct debit",
        ),
        "direct-debit-stop": ("Opposition à un prélèvement", "Stop of a direct debit"),
        "exchange-commission": ("Commission de change", "Exchange commission"),
        "cash-exchange": ("Change d’espèces", "Exchange of cash"),
        "cash-withdrawal-branch": ("Retrait d’espèces en agence", "Cash withdrawal at the branch"),
        "overdraft-file": ("Dossier de découvert", "Overdraft file"),
        "overdraft-commission": ("Commission de découvert", "Overdraft commission"),
        "cheque-stop": ("Opposition sur chèque", "Stop of a cheque"),
        "cheque-form-manual": ("Traitement manuel d’un chèque", "Manual handling of a cheque"),
        "cheque-foreign": ("Encaissement d’un chèque étranger", "Collection of a foreign cheque"),
        "chequebook-registered-mail": (
            "Envoi d’un chéquier en recommandé",
            "Registered mail of a cheque book",
        ),
        "chequebook-destroyed": ("Destruction d’un chéquier non retiré", "Destruction of a cheque book"),
        "bank-cheque": ("Chèque de banque", "Bank cheque"),
        "certificate-of-non-payment": ("Certificat de non-paiement", "Certificate of non-payment"),
        "intervention": ("Commission d’intervention", "Intervention commission"),
        "refusal-notice": ("Avis de refus d’un ordre", "Notice of a refused order"),
        "transfer-rejected": ("Rejet d’un virement", "Rejected transfer"),
        "standing-order-rejected": ("Non-exécution d’un virement permanent", "Standing order not executed"),
        "direct-debit-rejected": ("Rejet d’un prélèvement", "Rejected direct debit"),
        "cheque-rejected": ("Rejet d’un chèque", "Rejected cheque"),
        "cheque-letter": (
            "Lettre préalable au rejet d’un chèque",
            "Letter before the rejection of a cheque",
        ),
        "cheque-ban": ("Interdiction d’émettre des chèques notifiée", "Notified ban on cheques"),
        "overdraft-letter": ("Lettre pour compte débiteur", "Letter about an unauthorised debit"),
        "seizure-tax": ("Saisie administrative à tiers détenteur", "Seizure by a tax authority"),
        "seizure-civil": ("Saisie-attribution", "Civil seizure"),
        "card-blocked": ("Blocage de la carte par la banque", "Card blocked by the bank"),
        "card-declared": ("Déclaration de retrait de carte", "Declared withdrawal of a card"),
        "free-copy": ("Copie gratuite", "Free copy"),
        "overdraft-interest": ("Intérêts débiteurs", "Debit interest"),
        "other": ("Autres sommes", "Other sums"),
    }
)
SERVICES: Final[Mapping[str, Pair]] = MappingProxyType(
    {
        "account": ("Tenue du compte", "Running the account"),
        "information": ("Information et recherches", "Information and searches"),
        "transfers": ("Virements", "Transfers"),
        "direct-debits": ("Prélèvements", "Direct debits"),
        "cheques": ("Chèques", "Cheques"),
        "cards": ("Cartes", "Cards"),
        "cash": ("Espèces", "Cash"),
        "exchange": ("Change", "Exchange"),
        "overdraft": ("Découvert", "Overdraft"),
        "incidents": ("Irrégularités et incidents", "Irregularities and incidents"),
        "overdraft-interest": ("Intérêts débiteurs", "Debit interest"),
        "other": ("Autres sommes", "Other sums"),
    }
)
STATUSES: Final[tuple[Pair, ...]] = (  # by FeeStatus, from 1
    ("à venir", "due"),
    ("annoncé", "announced"),
    ("perçu", "taken"),
    ("abandonné", "given up"),
    ("gratuit", "free"),
    ("remboursé", "given back"),
)
LIMITS: Final[Mapping[str, Pair]] = MappingProxyType(
    {
        "intervention": ("plafond des commissions d’intervention", "cap on intervention commissions"),
        "intervention-protected": (
            "plafond réduit des commissions d’intervention",
            "reduced cap on intervention commissions",
        ),
        "rejection": ("plafond des rejets", "cap on rejections"),
        "cheque-rejection": ("plafond des rejets de chèque", "cap on rejected cheques"),
        "seizure-tax": ("plafond des saisies administratives", "cap on seizures by tax authorities"),
        "dormant": ("plafond des comptes inactifs", "cap on dormant accounts"),
        "fragile": ("plafond des clients fragiles", "cap for fragile customers"),
        "offer": ("plafond de l’offre spécifique", "cap of the specific offer"),
        "same-payment": ("même opération rejetée de nouveau", "same payment rejected again"),
        "basic-service": ("compris dans les services gratuits", "among the free services"),
    }
)
TITLES: Final[Mapping[str, Pair]] = MappingProxyType(
    {
        "fees-announced": ("Annonce de frais d’incident", "Incident fees shown"),
        "fee-collected": ("Perception de frais", "Fee taken"),
        "fee-waived": ("Abandon de frais", "Fee given up"),
        "fee-refunded": ("Remboursement de frais", "Fee given back"),
        "fee-for-period": ("Frais d’une période", "Fee for a period"),
        "fees-settled": ("Arrêté des frais à la clôture", "Fees settled at closing"),
        "research-requested": ("Demande de recherche", "Request for a research"),
        "copy-requested": ("Demande de copie", "Request for a copy"),
        "request-delivered": ("Remise de ce qui était demandé", "Delivery of what was asked for"),
        "prior-information": ("Information préalable sur une opération", "Prior information on an operation"),
        "fee-summary-made": ("Récapitulatif annuel des frais", "Yearly summary of fees"),
    }
)
DONE: Final[Mapping[str, Pair]] = MappingProxyType(
    {
        "fees-announced": ("Frais d’incident annoncés.", "Incident fees shown."),
        "fee-collected": ("{event} : {amount} le {booked_on}.", "{event}: {amount} on {booked_on}."),
        "fee-waived": ("{event} : frais abandonnés.", "{event}: the fee is given up."),
        "fee-refunded": ("{event} : {amount} rendus.", "{event}: {amount} given back."),
        "fee-for-period": ("{event} : à percevoir.", "{event}: to be taken."),
        "fees-settled": ("Frais arrêtés au dernier jour du compte.", "Fees settled to the last day."),
        "research-requested": ("{event} : demande notée.", "{event}: request noted."),
        "copy-requested": ("{event} : demande notée.", "{event}: request noted."),
        "request-delivered": ("{event} : remise faite.", "{event}: delivered."),
        "prior-information": ("Délai et frais indiqués au client.", "Time and fees told to the customer."),
        "fee-summary-made": ("Récapitulatif établi, à remettre en janvier.", "Summary made, due in January."),
    }
)
REASONS: Final[Mapping[str, Pair]] = MappingProxyType(
    {
        "unknown-fee": ("il n’y a pas de tels frais à percevoir.", "there is no such fee to take."),
        "fee-settled": ("ces frais sont déjà réglés.", "this fee is settled already."),
        "fee-not-taken": ("ces frais n’ont pas été perçus.", "this fee was not taken."),
        "not-collectable-yet": ("ces frais ne peuvent pas encore être perçus.", "it may not be taken yet."),
        "nothing-to-announce": ("il n’y a aucun frais à annoncer.", "there is no fee to show."),
        "already-charged": ("cette période est déjà facturée.", "this period is charged already."),
        "nothing-to-charge": ("ce service est gratuit.", "this service is free."),
        "nothing-owed": ("rien de tel n’est dû.", "no such thing is owed."),
    }
)
WORDS: Final[dict[Language, dict[str, str]]] = {
    Language.FRENCH: {
        "title": "Récapitulatif annuel des frais",
        "period": "Sommes perçues du {first} au {last} pour la gestion de votre compte",
        "holder": "Titulaire",
        "holders": "Titulaires",
        "iban": "IBAN",
        "service": "Service",
        "count": "Nombre",
        "amount": "Montant",
        "total": "Total perçu",
        "nothing": "Aucune somme n’a été perçue.",
        "amounts_in": "Montants en {currency}, intérêts débiteurs compris ; ce qui a été rendu est déduit.",
        "check_title": "Vérifier ce récapitulatif",
        "check": (
            "Établi le {day} sous la convention {agreement}, journal arrêté à la position {position}. "
            "Empreinte SHA-256 des données :"
        ),
        "page": "Page",
        "EUR": "euros",
        "XPF": "francs CFP",
    },
    Language.ENGLISH: {
        "title": "Yearly summary of fees",
        "period": "Sums taken from {first} to {last} for running your account",
        "holder": "Holder",
        "holders": "Holders",
        "iban": "IBAN",
        "service": "Service",
        "count": "Number",
        "amount": "Amount",
        "total": "Total taken",
        "nothing": "Nothing was taken.",
        "amounts_in": "Amounts in {currency}, debit interest included; what was given back is deducted.",
        "check_title": "Check this summary",
        "check": (
            "Made on {day} under the agreement {agreement}, journal read to position {position}. "
            "SHA-256 of the data:"
        ),
        "page": "Page",
        "EUR": "euros",
        "XPF": "CFP francs",
    },
}


def _said(pairs: Mapping[str, Pair], code: str, language: Language) -> str:
    french, english = pairs.get(code, (code, code))
    return english if language is Language.ENGLISH else french


def event_name(event: str, language: Language = Language.FRENCH) -> str:
    """What an event is called, or its code."""
    return _said(EVENTS, event, language)


def service_name(service: str, language: Language = Language.FRENCH) -> str:
    """What a kind of service is called, or its code."""
    return _said(SERVICES, service, language)


def limit_name(limit: str, language: Language = Language.FRENCH) -> str:
    """Why a fee came to less than its price, or the code."""
    return _said(LIMITS, limit, language)


def status_name(status: int, language: Language = Language.FRENCH) -> str:
    """What became of a fee."""
    french, english = STATUSES[status - 1]
    return english if language is Language.ENGLISH else french
