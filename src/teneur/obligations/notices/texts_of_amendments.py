"""The draft of an amendment, as the customer reads it."""

from collections.abc import Mapping
from types import MappingProxyType

from teneur.obligations.notices.templates import Codes, Kind, Paragraph, Template

KINDS: Codes = MappingProxyType(
    {
        "agreement": ("la convention de votre compte", "your account agreement"),
        "tariff": ("les conditions tarifaires de votre compte", "the tariff of your account"),
    }
)

AMENDMENTS: Mapping[str, Template] = MappingProxyType(
    {
        "amendment": Template(
            subject=(
                "Projet de modification au {applies_on}",
                "Amendment planned for {applies_on}",
            ),
            paragraphs=(
                Paragraph(
                    (
                        "Nous prévoyons de modifier {kind} à partir du {applies_on}. Voici ce qui change : "
                        "{summary}",
                        "We plan to change {kind} from {applies_on}. This is what changes: {summary}",
                    )
                ),
                Paragraph(
                    (
                        "Si vous êtes d’accord, vous n’avez rien à faire. Sans réponse de votre part avant "
                        "le {applies_on}, vous avez accepté ces modifications.",
                        "If you agree, you need not do anything. If we do not hear from you before "
                        "{applies_on}, you have accepted these changes.",
                    )
                ),
                Paragraph(
                    (
                        "Si vous refusez, vous pouvez résilier la convention, ou le seul service concerné, "
                        "avant le {applies_on}. Frais de cette résiliation : {price_minor}. Sans résiliation "
                        "avant cette date, les modifications s’appliquent.",
                        "If you refuse, you may end the agreement, or only the service concerned, before "
                        "{applies_on}. Cost of ending it: {price_minor}. Unless you end it before that date, "
                        "the changes apply.",
                    )
                ),
            ),
            values={
                "kind": KINDS,
                "edition": Kind.TEXT,
                "summary": Kind.TEXT,
                "applies_on": Kind.DATE,
                "price_minor": Kind.MONEY,
            },
            rows=(
                (("Nouvelle version", "New edition"), "edition"),
                (("Date d’application", "Application date"), "applies_on"),
            ),
            clauses=("BRED-11.2.1-1", "BNC-10.1-1"),
        ),
    }
)
