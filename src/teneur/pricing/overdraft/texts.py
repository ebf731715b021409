"""What is said of overdrafts, in French and in English: kinds of command, reasons, outcomes."""

from collections.abc import Mapping
from types import MappingProxyType

from teneur.pricing.overdraft.facts import AuthorisationKind

Pair = tuple[str, str]  # French, English

TITLES: Mapping[str, Pair] = MappingProxyType(
    {
        "set-overdraft": ("Autorisation de découvert", "Overdraft authorisation"),
        "grant-overdraft": ("Ouverture d’un découvert", "Overdraft granted"),
        "change-overdraft": ("Changement du découvert autorisé", "Change of the overdraft limit"),
        "raise-overdraft": ("Relèvement du découvert par la banque", "Overdraft raised by the bank"),
        "reduce-overdraft": (
            "Réduction ou fin du découvert par la banque",
            "Overdraft reduced or ended by the bank",
        ),
        "end-overdraft": ("Fin du découvert demandée par le client", "Overdraft ended by the customer"),
        "overdraft-event": ("Fin de plein droit du découvert", "Overdraft ended by an event"),
        "review-overdraft": ("Suivi quotidien du découvert", "Daily review of the overdraft"),
        "allow-excess": ("Dépassement accepté pour une opération", "Excess allowed for one debit"),
        "demand-repayment": ("Demande de remboursement du découvert", "Demand to repay the overdraft"),
        "repay-in-instalments": (
            "Remboursement du dépassement en mensualités",
            "Excess repaid in instalments",
        ),
        "record-admissibility": (
            "Recevabilité d’un dossier de surendettement",
            "Over-indebtedness file admitted",
        ),
        "check-old-debt": (
            "Contrôle d’une dette antérieure au surendettement",
            "Check of an older debt",
        ),
        "close-over-indebtedness": (
            "Mesures de surendettement connues",
            "Over-indebtedness measures known",
        ),
    }
)
DONE: Mapping[str, Pair] = MappingProxyType(
    {
        "set-overdraft": ("Découvert fixé.", "Overdraft set."),
        "grant-overdraft": ("Découvert autorisé.", "Overdraft authorised."),
        "change-overdraft": ("Découvert modifié avec le client.", "Limit changed with the customer."),
        "raise-overdraft": (
            "Découvert relevé ; le client en est informé.",
            "Limit raised; the customer is told.",
        ),
        "reduce-overdraft": (
            "Découvert réduit ou supprimé à la date d’effet de la lettre.",
            "Overdraft reduced or ended from the day that the letter gives.",
        ),
        "end-overdraft": (
            "Découvert supprimé dès la réception de l’écrit.",
            "Overdraft ended on receipt of the writing.",
        ),
        "overdraft-event": ("Découvert terminé sans préavis.", "Overdraft ended without notice."),
        "review-overdraft": (
            "Situation du compte revue en fin de journée.",
            "Account reviewed after the day.",
        ),
        "allow-excess": (
            "L’opération peut passer ; le plafond ne change pas.",
            "The debit may pass; the limit is as before.",
        ),
        "demand-repayment": (
            "Le dépassement est exigible aussitôt, en totalité, de chaque titulaire.",
            "The excess is due at once, the whole of it by each holder.",
        ),
        "repay-in-instalments": (
            "Le dépassement se rembourse par mensualités égales, au taux du découvert et sans autres frais.",
            "The excess is repaid in equal monthly parts, at the overdraft rate, at no other cost.",
        ),
        "record-admissibility": (
            "La partie utilisée du découvert est isolée sur un compte technique. "
            "Son recouvrement est suspendu.",
            "The used part of the overdraft is set apart on a technical account; its recovery is frozen.",
        ),
        "close-over-indebtedness": ("Le dossier est clos.", "The case is closed."),
    }
)
KIND_NAMES: Mapping[AuthorisationKind, Pair] = MappingProxyType(
    {
        AuthorisationKind.OPEN_ENDED: ("durée indéterminée", "open-ended"),
        AuthorisationKind.ONE_OFF: ("ponctuel", "one-off"),
        AuthorisationKind.INSTALMENTS: ("mensualités", "instalments"),
    }
)
REASONS: Mapping[str, Pair] = MappingProxyType(
    {
        "credit-only": (
            "ce compte, ouvert au titre du droit au compte, fonctionne uniquement en position créditrice.",
            "this account, opened by right, runs in credit only.",
        ),
        "consent-missing": (
            "tous les cotitulaires doivent demander le découvert.",
            "all co-holders must ask for the overdraft.",
        ),
        "no-capacity": (
            "un titulaire est mineur non émancipé ou majeur protégé.",
            "a holder is a minor or a protected adult.",
        ),
        "overdraft-in-force": (
            "un découvert est déjà autorisé sur ces jours : il faut le changer.",
            "an overdraft is authorised on these days already: change that one.",
        ),
        "no-overdraft": ("aucun découvert n’est autorisé.", "no overdraft is authorised."),
        "retroactive": ("la date d’effet est passée.", "the effective date is past."),
        "agreed-at-branch-only": (
            "une autre limite se convient avec le conseiller, en agence.",
            "another limit is agreed with the adviser, at the branch.",
        ),
        "customer-must-agree": (
            "la banque ne peut pas relever seule le découvert à ce montant : le client doit l’accepter.",
            "the bank may not raise the limit to this amount alone: the customer must agree.",
        ),
        "mention-missing": (
            "l’information doit donner le montant, la date d’effet et le TAEG.",
            "the information must state amount, effective date and APR.",
        ),
        "letter-missing": (
            "il faut la référence de la lettre envoyée au client.",
            "the reference of the letter sent to the customer is missing.",
        ),
        "no-legitimate-ground": (
            "un effet immédiat demande un motif légitime et son explication.",
            "acting at once takes a legitimate ground and its explanation.",
        ),
        "one-off-runs-to-its-end": (
            "un découvert ponctuel va jusqu’à sa date de fin.",
            "a one-off overdraft runs to its end date.",
        ),
        "notice-too-short": (
            "le préavis de deux mois après l’envoi de la lettre n’est pas respecté.",
            "the notice of two months after the letter is not kept.",
        ),
        "not-in-writing": ("la demande doit être écrite.", "the request must be in writing."),
        "event-ends-nothing": (
            "cet événement ne met pas fin au découvert de ce compte.",
            "this event does not end the overdraft of this account.",
        ),
        "no-right-to-instalments": (
            "aucune réduction du découvert par la banque n’ouvre ce droit.",
            "no reduction by the bank gives this right.",
        ),
        "plan-already-made": (
            "des mensualités sont déjà prévues pour cette réduction.",
            "instalments are planned for this reduction already.",
        ),
        "nothing-beyond-limit": ("rien ne dépasse la limite autorisée.", "nothing is beyond the limit."),
        "not-open-yet": ("le compte n’existait pas ce jour-là.", "there was no account on that day."),
        "day-not-over": ("cette journée n’est pas finie.", "this day has not ended."),
        "recovery-frozen": (
            "un dossier de surendettement est recevable : le recouvrement est suspendu.",
            "an over-indebtedness file is admitted: recovery is frozen.",
        ),
        "demanded-already": (
            "le remboursement a déjà été demandé.",
            "repayment has been demanded already.",
        ),
        "case-open-already": (
            "un dossier de surendettement est déjà ouvert sur ce compte.",
            "a case of over-indebtedness is open on this account already.",
        ),
        "no-case-open": (
            "aucun dossier de surendettement n’est ouvert sur ce compte.",
            "no case of over-indebtedness is open on this account.",
        ),
        "technical-account-missing": (
            "le livre n’a pas de compte technique dans cette monnaie : il faut rouvrir le livre.",
            "the book has no technical account in this currency: open the book again.",
        ),
        "debt-before-admissibility": (
            "cette dette est antérieure à la recevabilité du dossier de surendettement : "
            "elle ne peut pas être payée.",
            "this debt is older than the admissibility of the file: it may not be paid.",
        ),
        "age-of-debt-unknown": (
            "l’ancienneté de la dette n’est pas connue : une personne examine le paiement.",
            "the age of the debt is not known: a person looks into the payment.",
        ),
    }
)
DUTIES: Mapping[str, Pair] = MappingProxyType(
    {
        "inform-of-excess": ("Informer le client du dépassement", "Tell the customer of the excess"),
        "look-into-overdraft": (
            "Examiner un découvert de plus de 30 jours",
            "Look into an overdraft of more than 30 days",
        ),
        "inform-of-significant-excess": (
            "Informer le client d’un dépassement de plus d’un mois",
            "Tell the customer of an excess of more than a month",
        ),
        "offer-other-credit": (
            "Proposer un autre crédit après trois mois",
            "Offer another credit after three months",
        ),
        "repay-overdraft": ("Rembourser le découvert exigible", "Repay the overdraft that is due"),
        "declare-to-ficp": ("Déclarer l’incident au FICP", "Declare the incident to the FICP"),
        "pay-instalment": ("Payer une mensualité du découvert", "Pay an instalment of the overdraft"),
        "review-overdraft": (
            "Revoir le découvert d’un commun accord",
            "Review the overdraft by common accord",
        ),
        "look-into-old-debt": (
            "Examiner le paiement d’une dette antérieure",
            "Look into the payment of an older debt",
        ),
    }
)
