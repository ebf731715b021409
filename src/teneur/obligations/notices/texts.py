"""The words of every notice, in French and in English: plain sentences (level B2), one thing a sentence.

A template is found by the code that a decision gives. A test reads the program for codes and finds each here.
"""

from collections.abc import Mapping
from types import MappingProxyType

from teneur.obligations.notices.templates import Pair, Template
from teneur.obligations.notices.texts_of_amendments import AMENDMENTS
from teneur.obligations.notices.texts_of_credit import CREDIT
from teneur.obligations.notices.texts_of_fees import FEES
from teneur.obligations.notices.texts_of_transfers import TRANSFERS

TEMPLATES: Mapping[str, Template] = MappingProxyType({**TRANSFERS, **CREDIT, **FEES, **AMENDMENTS})

WORDS: Mapping[str, Pair] = MappingProxyType(
    {
        "greeting": ("Bonjour,", "Hello,"),
        "account": ("Compte", "Account"),
        "holder": ("Titulaire", "Account holder"),
        "holders": ("Titulaires", "Account holders"),
        "reference": ("Référence", "Reference"),
        "day": ("Le {day}", "{day}"),
        "registered": (
            "Lettre recommandée avec demande d’avis de réception",
            "Registered letter with acknowledgement of receipt",
        ),
        "questions": (
            "Une question ? Votre agence vous répond. Indiquez la référence {reference}.",
            "A question? Your branch will answer. Please quote the reference {reference}.",
        ),
        "clauses": (
            "Ce que dit votre convention de compte",
            "What your account agreement says",
        ),
        "clause": ("Article {article} ({clause}) : {rule}", "Article {article} ({clause}): {rule}"),
        "by_law": (
            "La loi demande cette information.",
            "The law asks for this information.",
        ),
        "closing": ("Cordialement,", "Yours sincerely,"),
        "page": ("Page", "Page"),
    }
)
