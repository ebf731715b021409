"""Notices about fees, the tariff and changes of the agreement."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from teneur.obligations.notices.templates import Kind, OpenCodes, Paragraph, Template

INCIDENTS: Final = OpenCodes(
    {
        "intervention": ("Commission d’intervention", "Intervention fee"),
        "refusal-notice": ("Information sur un ordre refusé", "Notice of a refused order"),
        "transfer-rejected": ("Virement non exécuté", "Transfer not executed"),
        "standing-order-rejected": ("Virement permanent non exécuté", "Standing order not executed"),
        "direct-debit-rejected": ("Prélèvement rejeté", "Direct debit rejected"),
        "cheque-rejected": ("Chèque rejeté", "Cheque rejected"),
        "cheque-letter": ("Lettre pour chèque sans provision", "Letter about an uncovered cheque"),
        "cheque-ban": ("Interdiction d’émettre des chèques", "Ban on cheques"),
        "overdraft-letter": ("Lettre pour dépassement", "Letter about an excess"),
        "seizure-tax": ("Saisie administrative", "Tax seizure"),
        "seizure-civil": ("Saisie-attribution", "Civil seizure"),
        "card-blocked": ("Blocage de la carte", "Card blocked"),
        "card-declared": ("Déclaration de retrait de carte", "Declaration that a card was withdrawn"),
    }
)

_AMENDED: Final = OpenCodes(
    {
        "agreement": ("votre convention de compte", "your account agreement"),
        "tariff": ("les conditions tarifaires", "the tariff"),
    }
)

FEES: Mapping[str, Template] = MappingProxyType(
    {
        "incident-fees": Template(
            subject=("Frais d’incident à venir", "Incident fees to come"),
            paragraphs=(
                Paragraph(
                    (
                        "Des irrégularités ou des incidents ont eu lieu sur votre compte. Nous débiterons "
                        "{total_minor} de frais, au plus tôt le {collectable_on}.",
                        "There were irregularities or incidents on your account. We will debit {total_minor} "
                        "of fees, on {collectable_on} at the earliest.",
                    )
                ),
                Paragraph(
                    (
                        "Cette information est gratuite. En cas de désaccord, écrivez à votre agence avant "
                        "cette date.",
                        "This notice is free of charge. If you disagree, please write to your branch before "
                        "that day.",
                    )
                ),
            ),
            values={
                "shown_on": Kind.DATE,
                "collectable_on": Kind.DATE,
                "count": Kind.COUNT,
                "total_minor": Kind.MONEY,
            },
            rows=(
                (("Date de cette information", "Date of this notice"), "shown_on"),
                (("Nombre de frais", "Number of fees"), "count"),
                (("Total", "Total"), "total_minor"),
            ),
            listed=("fee", {"event": INCIDENTS, "on": Kind.DATE, "minor": Kind.MONEY}),
            clauses=("BNC-3.1-8",),
        ),
        "fee-summary": Template(
            subject=("Vos frais bancaires en {year}", "Your bank fees in {year}"),
            paragraphs=(
                Paragraph(
                    (
                        "En {year}, nous avons pris {total_minor} sur votre compte : les frais et les "
                        "intérêts de découvert. Le récapitulatif joint donne le détail par service.",
                        "In {year} we took {total_minor} from your account: fees and overdraft interest. The "
                        "enclosed summary gives the detail by service.",
                    )
                ),
                Paragraph(
                    (
                        "L’empreinte de ce récapitulatif est {json_sha256}.",
                        "The fingerprint of this summary is {json_sha256}.",
                    )
                ),
            ),
            values={"year": Kind.COUNT, "total_minor": Kind.MONEY, "json_sha256": Kind.TEXT},
        ),
        "tariff": Template(
            subject=("Vos conditions tarifaires", "Your tariff"),
            paragraphs=(
                Paragraph(
                    (
                        "Votre compte est ouvert. Les conditions tarifaires du {edition} s’y appliquent. "
                        "Elles sont à votre disposition en agence et sur notre site.",
                        "Your account is open. The tariff of {edition} applies to it. You find it at your "
                        "branch and on our website.",
                    )
                ),
            ),
            values={"agreement": Kind.TEXT, "edition": Kind.DATE},
            rows=(
                (("Convention", "Agreement"), "agreement"),
                (("Conditions tarifaires du", "Tariff of"), "edition"),
            ),
            clauses=("BNC-4-1",),
        ),
        "amendment": Template(
            subject=("Un projet de modification : {kind}", "A planned change: {kind}"),
            paragraphs=(
                Paragraph(
                    (
                        "Nous prévoyons de modifier {kind} à partir du {applies_on}. Version : {edition}.",
                        "We plan to change {kind} from {applies_on}. Edition: {edition}.",
                    )
                ),
                Paragraph(("Ce qui change : {summary}", "What changes: {summary}"), when="summary"),
                Paragraph(
                    (
                        "Si vous ne dites rien avant cette date, vous acceptez ce changement. Si vous le "
                        "refusez, vous pouvez résilier avant cette date, sans frais.",
                        "If you say nothing before that day, you accept the change. If you refuse it, you "
                        "may terminate before that day, at no cost.",
                    ),
                    unless="price_minor",
                ),
                Paragraph(
                    (
                        "Si vous ne dites rien avant cette date, vous acceptez ce changement. Si vous le "
                        "refusez, vous pouvez résilier avant cette date. Les frais sont de {price_minor}.",
                        "If you say nothing before that day, you accept the change. If you refuse it, you "
                        "may terminate before that day. The fee is {price_minor}.",
                    ),
                    when="price_minor",
                ),
            ),
            values={
                "kind": _AMENDED,
                "edition": Kind.TEXT,
                "summary": Kind.TEXT,
                "applies_on": Kind.DATE,
                "price_minor": Kind.MONEY,
            },
            clauses=("BRED-11.2.1-1", "BRED-11.2.1-2", "BNC-10.1-1", "BNC-10.1-2"),
        ),
    }
)
