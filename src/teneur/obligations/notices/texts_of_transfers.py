"""Notices about transfers."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from teneur.interbank import reasons
from teneur.obligations.notices.templates import Kind, OpenCodes, Pair, Paragraph, Spec, Template
from teneur.payments.transfers.rules import texts
from teneur.payments.transfers.rules.refusal import Reason


def _without_places(pair: Pair) -> Pair:
    """A notice gives no figures beside those of the order: the places for others are left out."""
    french, english = (
        text.replace(" ({limit})", "").replace(" : {field}", "").replace(": {field}", "") for text in pair
    )
    return french, english


_REASONS: Final = {str(reason): _without_places(pair) for reason, pair in texts.REASONS.items()}
_CORRECTIONS: Final = {str(reason): pair for reason, pair in texts.CORRECTIONS.items()} | {
    str(Reason.MISSING_FIELD): ("Complétez l’ordre.", "Please complete the order.")
}
_ISO: Final = OpenCodes({code: (words.french, words.english) for code, words in reasons.WORDS.items()})

_ORDER: Final[Mapping[str, Spec]] = {
    "amount": Kind.AMOUNT,
    "currency": Kind.TEXT,
    "payee": Kind.TEXT,
    "reference": Kind.TEXT,
}
_ORDER_ROWS: Final = (
    (("Montant", "Amount"), "amount"),
    (("Bénéficiaire", "Payee"), "payee"),
    (("Votre référence", "Your reference"), "reference"),
)

TRANSFERS: Mapping[str, Template] = MappingProxyType(
    {
        "transfer-refused": Template(
            subject=("Votre virement est refusé", "Your transfer is refused"),
            paragraphs=(
                Paragraph(
                    (
                        "Nous n’avons pas exécuté le virement que voici. Votre compte n’est pas débité pour "
                        "ce virement.",
                        "We have not carried out this transfer. Your account is not debited for it.",
                    )
                ),
                Paragraph(("Pourquoi : {reason}", "Why: {reason}"), when="reason"),
                Paragraph(
                    (
                        "La loi ne nous permet pas d’en dire plus.",
                        "The law does not allow us to say more.",
                    ),
                    unless="reason",
                ),
                Paragraph(("Que faire : {correction}", "What to do: {correction}"), when="correction"),
                Paragraph(
                    (
                        "Un ordre refusé est considéré comme non reçu. Si vous voulez toujours faire ce "
                        "virement, donnez un nouvel ordre.",
                        "A refused order counts as not received. If you still want to make this transfer, "
                        "please give a new order.",
                    )
                ),
            ),
            values={"reason": _REASONS, "correction": _CORRECTIONS},
            optional=_ORDER,
            rows=_ORDER_ROWS,
            clauses=("BRED-3.1-16", "BNC-6.2.1-2", "BNC-6.2.1-3"),
        ),
        "instant-transfer-failed": Template(
            subject=("Votre virement instantané n’a pas abouti", "Your instant transfer has failed"),
            paragraphs=(
                Paragraph(
                    (
                        "La banque du bénéficiaire n’a pas pu recevoir votre virement instantané. La somme "
                        "est de nouveau disponible sur votre compte.",
                        "The payee’s bank could not take your instant transfer. The sum is available on "
                        "your account again.",
                    )
                ),
                Paragraph(("Ce qu’elle nous a dit : {reason}.", "What it told us: {reason}."), when="reason"),
                Paragraph(
                    (
                        "Vous pouvez donner un nouvel ordre, instantané ou non.",
                        "You may give a new order, instant or not.",
                    )
                ),
            ),
            values={"reason": _ISO},
            optional=_ORDER,
            rows=_ORDER_ROWS,
            clauses=("BRED-3.1-16", "BNC-6.2.1-2"),
        ),
        "transfer-returned": Template(
            subject=("Votre virement nous est revenu", "Your transfer came back"),
            paragraphs=(
                Paragraph(
                    (
                        "La banque du bénéficiaire nous a renvoyé votre virement. Nous avons crédité "
                        "{credited_minor} sur votre compte.",
                        "The payee’s bank has sent your transfer back. We have credited {credited_minor} to "
                        "your account.",
                    )
                ),
                Paragraph(("Ce qu’elle nous a dit : {reason}.", "What it told us: {reason}."), when="reason"),
            ),
            values={"reason": _ISO, "credited_minor": Kind.MONEY},
            optional=_ORDER,
            rows=_ORDER_ROWS,
            clauses=("BRED-3.1-16", "BNC-6.2.1-2"),
        ),
        "ceiling-raise-refused": Template(
            subject=(
                "Votre demande de plafond n’est pas acceptée",
                "Your request for a higher ceiling is not accepted",
            ),
            paragraphs=(
                Paragraph(
                    (
                        "Vous avez demandé un plafond de virement plus élevé. Votre conseiller n’a pas pu "
                        "l’accepter. Vos plafonds restent les mêmes.",
                        "You asked for a higher ceiling on transfers. Your adviser could not accept it. Your "
                        "ceilings stay as they are.",
                    )
                ),
                Paragraph(
                    (
                        "Vous pouvez en parler avec lui et faire une nouvelle demande.",
                        "You may talk to your adviser about it and ask again.",
                    )
                ),
            ),
            values={},
            optional={"per_operation_minor": Kind.MONEY, "weekly_minor": Kind.MONEY},
            rows=(
                (("Plafond demandé par opération", "Ceiling asked for per operation"), "per_operation_minor"),
                (("Plafond demandé par semaine", "Ceiling asked for per week"), "weekly_minor"),
            ),
            clauses=("BNC-6.1.3.1-16",),
        ),
    }
)
