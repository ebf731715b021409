"""Notices about overdrafts and interest."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from teneur.obligations.notices.templates import Kind, OpenCodes, Paragraph, Spec, Template

_EVENTS: Final = OpenCodes(
    {
        "account-closing": ("la clôture du compte", "the account was closed"),
        "joint-denunciation": ("la dénonciation du compte joint", "the joint account was ended"),
        "death": ("le décès d’un titulaire", "a holder has died"),
        "legal-incapacity": ("l’incapacité juridique d’un titulaire", "a holder lost legal capacity"),
        "judicial-liquidation": ("une liquidation judiciaire", "a judicial liquidation"),
        "insolvency-proceedings": ("une procédure collective", "insolvency proceedings"),
    }
)
_GROUNDS: Final = OpenCodes(
    {
        "": ("", ""),
        "breach-of-overdraft-terms": (
            "les conditions du découvert n’ont pas été respectées",
            "the terms of the overdraft were not kept",
        ),
        "gravely-reprehensible-conduct": (
            "un comportement gravement répréhensible",
            "gravely reprehensible conduct",
        ),
    }
)
_RATE_BEYOND: Final = OpenCodes(
    {
        "agreed": ("le taux convenu du découvert", "the agreed overdraft rate"),
        "unauthorised": ("le taux du découvert non autorisé", "the rate of an unauthorised overdraft"),
    }
)
_EXCESS: Final[Mapping[str, Spec]] = {
    "began_on": Kind.DATE,
    "balance_minor": Kind.MONEY,
    "limit_minor": Kind.MONEY,
    "excess_minor": Kind.MONEY,
}
_EXCESS_ROWS: Final = (
    (("Dépassement", "Excess"), "excess_minor"),
    (("Depuis le", "Since"), "began_on"),
    (("Solde", "Balance"), "balance_minor"),
    (("Découvert autorisé", "Authorised overdraft"), "limit_minor"),
)
_RAISE: Final[Mapping[str, Spec]] = {
    "limit_minor": Kind.MONEY,
    "effective_on": Kind.DATE,
    "apr_percent": Kind.PERCENT,
}

CREDIT: Mapping[str, Template] = MappingProxyType(
    {
        "overdraft-excess": Template(
            subject=("Votre compte dépasse le découvert autorisé", "Your account is over its limit"),
            paragraphs=(
                Paragraph(
                    (
                        "Le {began_on}, votre compte a dépassé de {excess_minor} ce qui est autorisé.",
                        "On {began_on} your account went {excess_minor} beyond what is authorised.",
                    )
                ),
                Paragraph(
                    (
                        "Merci de verser cette somme sans attendre. Le dépassement n’est pas un droit : nous "
                        "pouvons refuser les prochaines opérations.",
                        "Please pay in this sum without delay. Going beyond the limit is not a right: we may "
                        "refuse the next operations.",
                    )
                ),
            ),
            values=_EXCESS,
            rows=_EXCESS_ROWS,
            clauses=("BRED-8.2-6", "BNC-7.1-5"),
        ),
        "overdraft-significant-excess": Template(
            subject=(
                "Votre compte est en dépassement depuis plus d’un mois",
                "Your account has been over its limit for more than a month",
            ),
            paragraphs=(
                Paragraph(
                    (
                        "Votre compte est en dépassement depuis le {began_on}. Le dépassement est de "
                        "{excess_minor}.",
                        "Your account has been over its limit since {began_on}. The excess is "
                        "{excess_minor}.",
                    )
                ),
                Paragraph(
                    (
                        "Des intérêts courent sur cette somme, au taux de votre découvert. Des frais peuvent "
                        "s’y ajouter selon les conditions tarifaires.",
                        "Interest runs on this sum at the rate of your overdraft. Fees may come on top, by "
                        "the tariff.",
                    )
                ),
                Paragraph(
                    (
                        "Parlez-en avec votre conseiller : il existe des solutions.",
                        "Please talk to your adviser: there are ways to solve this.",
                    )
                ),
            ),
            values=_EXCESS,
            rows=_EXCESS_ROWS,
        ),
        "overdraft-other-credit": Template(
            subject=("Une autre solution que le découvert", "Another solution than the overdraft"),
            paragraphs=(
                Paragraph(
                    (
                        "Votre compte est en dépassement depuis le {began_on}, soit plus de trois mois. Le "
                        "dépassement est de {excess_minor}.",
                        "Your account has been over its limit since {began_on}, more than three months. The "
                        "excess is {excess_minor}.",
                    )
                ),
                Paragraph(
                    (
                        "Nous vous proposons de le remplacer par un autre crédit, mieux adapté. Prenez "
                        "rendez-vous avec votre conseiller : il vous fera une offre.",
                        "We propose to replace it by another kind of credit that fits better. Please make an "
                        "appointment with your adviser, who will make you an offer.",
                    )
                ),
            ),
            values=_EXCESS,
            rows=_EXCESS_ROWS,
        ),
        "overdraft-too-long": Template(
            subject=("Votre compte est à découvert depuis {days} jours", "Overdrawn for {days} days"),
            paragraphs=(
                Paragraph(
                    (
                        "Votre compte est débiteur depuis le {began_on}, soit {days} jours de suite. Votre "
                        "autorisation est limitée dans le temps : le compte doit redevenir créditeur.",
                        "Your account has been overdrawn since {began_on}: {days} days in a row. Your "
                        "authorisation is limited in time: the account must come back into credit.",
                    )
                ),
                Paragraph(
                    (
                        "Jusque-là, le taux appliqué est {rate_beyond}.",
                        "Until then the rate that applies is {rate_beyond}.",
                    )
                ),
            ),
            values={
                "days": Kind.COUNT,
                "began_on": Kind.DATE,
                "balance_minor": Kind.MONEY,
                "rate_beyond": _RATE_BEYOND,
            },
            rows=((("Solde", "Balance"), "balance_minor"),),
            clauses=("BRED-8.1-3", "BNC-7.2.a-2"),
        ),
        "overdraft-raised": Template(
            subject=("Votre découvert autorisé augmente", "Your overdraft limit goes up"),
            paragraphs=(
                Paragraph(
                    (
                        "À partir du {effective_on}, votre découvert autorisé est de {limit_minor}. Le TAEG "
                        "est de {apr_percent}.",
                        "From {effective_on} your overdraft limit is {limit_minor}. The APR is "
                        "{apr_percent}.",
                    )
                ),
                Paragraph(
                    (
                        "Si vous n’en voulez pas, dites-le nous avant cette date.",
                        "If you do not want this, please tell us before that day.",
                    )
                ),
            ),
            values=_RAISE,
            rows=(
                (("Nouveau découvert autorisé", "New overdraft limit"), "limit_minor"),
                (("À partir du", "From"), "effective_on"),
                (("TAEG", "APR"), "apr_percent"),
            ),
            clauses=("BNC-7.2.a-3",),
        ),
        "overdraft-reduced": Template(
            subject=("Votre découvert autorisé change", "Your overdraft limit changes"),
            paragraphs=(
                Paragraph(
                    (
                        "À partir du {effective_on}, votre découvert autorisé passe de {before_minor} à "
                        "{limit_minor}. Notre lettre {letter} vous l’annonce.",
                        "From {effective_on} your overdraft limit goes from {before_minor} to {limit_minor}. "
                        "Our letter {letter} announces it.",
                    )
                ),
                Paragraph(("Motif : {ground}.", "Ground: {ground}."), when="ground"),
                Paragraph(
                    (
                        "Vous pouvez rembourser en {instalments} mensualités égales ce qui dépassera la "
                        "nouvelle limite, au même taux et sans autres frais. Demandez-le à votre conseiller.",
                        "You may repay what will be beyond the new limit in {instalments} equal monthly "
                        "parts, at the same rate and at no other cost. Please ask your adviser.",
                    ),
                    when="instalments",
                ),
            ),
            values={
                "limit_minor": Kind.MONEY,
                "before_minor": Kind.MONEY,
                "effective_on": Kind.DATE,
                "letter": Kind.TEXT,
                "ground": _GROUNDS,
                "instalments": Kind.COUNT,
            },
            clauses=("BRED-8.1.1-3", "BNC-7.2.b-2"),
        ),
        "overdraft-ended": Template(
            subject=("Votre découvert autorisé a pris fin", "Your overdraft has ended"),
            paragraphs=(
                Paragraph(
                    (
                        "Votre découvert autorisé a pris fin le {ended_on}, sans préavis. Motif : {event}.",
                        "Your overdraft ended on {ended_on}, without notice. Reason: {event}.",
                    )
                ),
                Paragraph(
                    (
                        "Le compte ne peut plus être débiteur.",
                        "The account may no longer be overdrawn.",
                    )
                ),
            ),
            values={"event": _EVENTS, "ended_on": Kind.DATE},
            clauses=("BNC-7.2.b-4",),
        ),
        "overdraft-demand": Template(
            subject=("Demande de remboursement", "Demand for repayment"),
            paragraphs=(
                Paragraph(
                    (
                        "Votre compte dépasse de {amount_minor} ce qui est autorisé. Nous vous demandons de "
                        "rembourser cette somme dès maintenant.",
                        "Your account is {amount_minor} beyond what is authorised. We ask you to repay this "
                        "sum now.",
                    )
                ),
                Paragraph(
                    (
                        "Sans remboursement, nous pouvons demander votre inscription au fichier des "
                        "incidents de remboursement des crédits (FICP).",
                        "If it is not repaid, you may be entered in the national file of credit repayment "
                        "incidents (FICP).",
                    )
                ),
                Paragraph(
                    (
                        "En cas de difficulté, appelez votre conseiller.",
                        "If this is difficult for you, please call your adviser.",
                    )
                ),
            ),
            values={"letter": Kind.TEXT, "amount_minor": Kind.MONEY, "balance_minor": Kind.MONEY},
            rows=(
                (("Somme à rembourser", "Sum to repay"), "amount_minor"),
                (("Solde", "Balance"), "balance_minor"),
                (("Référence de la lettre", "Reference of the letter"), "letter"),
            ),
            clauses=("BRED-8.2-4", "BRED-8.2-7"),
        ),
        "over-indebtedness-recorded": Template(
            subject=("Votre dossier de surendettement", "Your over-indebtedness file"),
            paragraphs=(
                Paragraph(
                    (
                        "Votre dossier de surendettement est recevable depuis le {decided_on}. Nous avons "
                        "mis à part {isolated_minor}, la partie utilisée de votre découvert, et nous n’en "
                        "demandons plus le remboursement pour le moment.",
                        "Your over-indebtedness file was admitted on {decided_on}. We have set apart "
                        "{isolated_minor}, the used part of your overdraft, and do not ask for it for now.",
                    ),
                    when="isolated_minor",
                ),
                Paragraph(
                    (
                        "Votre dossier de surendettement est recevable depuis le {decided_on}. Votre "
                        "découvert n’était pas utilisé ce jour-là.",
                        "Your over-indebtedness file was admitted on {decided_on}. Your overdraft was not in "
                        "use on that day.",
                    ),
                    unless="isolated_minor",
                ),
                Paragraph(
                    (
                        "Vous ne devez plus payer les dettes nées avant cette date, ni en contracter qui "
                        "aggravent votre situation. Votre conseiller verra avec vous la suite du découvert.",
                        "You may not pay debts from before that day, nor take on new ones that make matters "
                        "worse. Your adviser will look at the overdraft with you.",
                    )
                ),
            ),
            values={"isolated_minor": Kind.MONEY, "decided_on": Kind.DATE},
            clauses=("BRED-8.1-5", "BRED-8.1-6"),
        ),
        "index-substitution": Template(
            subject=("L’indice de votre taux change", "The index of your rate changes"),
            paragraphs=(
                Paragraph(
                    (
                        "Le taux de votre découvert suit l’indice {index}. Depuis le {since}, cet indice ne "
                        "peut plus être utilisé. L’indice {substitute} le remplace depuis cette date, avec "
                        "{points} point(s) d’écart.",
                        "The rate of your overdraft follows the index {index}. Since {since} that index can "
                        "no longer be used. The index {substitute} replaces it from that day, with a "
                        "difference of {points} point(s).",
                    )
                ),
                Paragraph(("Pourquoi : {reason}", "Why: {reason}"), when="reason"),
                Paragraph(
                    (
                        "Vous pouvez vous y opposer par écrit jusqu’au {until}. Sans réponse de votre part à "
                        "cette date, vous acceptez le nouvel indice. Si vous vous opposez, l’autorisation de "
                        "découvert prend fin deux mois après que nous avons reçu votre lettre.",
                        "You may object in writing until {until}. If we have not heard from you by then, you "
                        "accept the new index. If you object, the overdraft authorisation ends two months "
                        "after we receive your letter.",
                    )
                ),
            ),
            values={
                "index": Kind.TEXT,
                "substitute": Kind.TEXT,
                "since": Kind.DATE,
                "points": Kind.TEXT,
                "reason": Kind.TEXT,
                "until": Kind.DATE,
            },
            clauses=("BNC-7.3-14", "BNC-7.3-15", "BNC-7.3-16"),
        ),
    }
)
