"""What people are told: a sentence a reason and a step, in French and English, in plain words (level B2)."""

from collections.abc import Mapping
from enum import StrEnum

from teneur.kernel.money import Language
from teneur.payments.transfers.rules.payee import PayeeCheck
from teneur.payments.transfers.rules.refusal import Reason


class Step(StrEnum):
    """What happens to a transfer, as a person follows it."""

    RECEIVED = "received"
    RECEIVED_LATE = "received-late"
    SCHEDULED = "scheduled"
    HELD_FOR_CHECK = "held-for-check"
    RESERVED = "reserved"
    STAMPED = "stamped"
    EXECUTED = "executed"
    CONFIRMED = "confirmed"
    RELEASED = "released"
    REVOKED = "revoked"
    REFUSED = "refused"
    CREDITED = "credited"
    RETURNED = "returned"
    REVERSED = "reversed"
    LIKELY_DUPLICATE = "likely-duplicate"
    COM_PACIFIC_ADVICE = "com-pacific-advice"


Pair = tuple[str, str]  # French, English

REASONS: Mapping[Reason, Pair] = {
    Reason.INSUFFICIENT_FUNDS: (
        "Le solde disponible du compte ne suffit pas.",
        "The available balance of the account is not sufficient.",
    ),
    Reason.AMOUNT_INVALID: (
        "Le montant doit être supérieur à zéro et écrit dans la devise du virement.",
        "The amount must be above zero and written in the currency of the transfer.",
    ),
    Reason.MISSING_FIELD: (
        "Il manque une information obligatoire : {field}.",
        "A mandatory piece of information is missing: {field}.",
    ),
    Reason.IBAN_INVALID: (
        "L’IBAN du bénéficiaire est faux : sa clé de contrôle ne correspond pas.",
        "The payee’s IBAN is wrong: its check digits do not fit.",
    ),
    Reason.BIC_INVALID: (
        "Le BIC de la banque du bénéficiaire n’existe pas sous cette forme.",
        "The BIC of the payee’s bank does not exist in this form.",
    ),
    Reason.BIC_DOES_NOT_FIT: (
        "Le BIC et l’IBAN du bénéficiaire n’appartiennent pas au même pays.",
        "The BIC and the IBAN of the payee do not belong to the same country.",
    ),
    Reason.SAME_ACCOUNT: (
        "Le compte à débiter et le compte à créditer sont le même.",
        "The account to debit and the account to credit are the same.",
    ),
    Reason.DATE_PAST: ("La date demandée est passée.", "The date asked for has passed."),
    Reason.SCHEDULE_INVALID: (
        "Avec cette durée, le virement permanent n’aurait aucune échéance.",
        "With this duration the standing order would never fall due.",
    ),
    Reason.SIGNATURE_MISSING: ("L’ordre n’est pas signé.", "The order is not signed."),
    Reason.NOT_AUTHORISED: (
        "La personne qui donne l’ordre n’a pas le droit d’utiliser ce compte.",
        "The person who gives the order may not use this account.",
    ),
    Reason.CHANNEL_NOT_OFFERED: (
        "Ce type de virement ne peut pas être demandé par ce moyen.",
        "This type of transfer cannot be ordered in this way.",
    ),
    Reason.SUBSCRIPTION_NEEDED: (
        "Ce moyen demande un abonnement que vous n’avez pas.",
        "This way needs a subscription that you do not have.",
    ),
    Reason.OWN_ACCOUNTS_ONLY: (
        "Au distributeur, un virement ne peut aller que vers vos propres comptes dans cette banque.",
        "At a machine a transfer can only go to your own accounts at this bank.",
    ),
    Reason.SERVICE_NOT_OFFERED: (
        "La banque ne propose pas ce service pour ce virement.",
        "The bank does not offer this service for this transfer.",
    ),
    Reason.CURRENCY_NOT_OFFERED: (
        "Cette devise n’est pas disponible dans l’espace à distance : adressez-vous à l’agence.",
        "This currency is not available online: please ask your branch.",
    ),
    Reason.RISK_NOT_ACCEPTED: (
        "Le virement peut être rejeté avec ces coordonnées : il faut d’abord accepter ce risque.",
        "The transfer may be rejected with these details: please accept that risk first.",
    ),
    Reason.INSTANT_NOT_IMMEDIATE: (
        "Un virement instantané ne peut être ni différé ni permanent.",
        "An instant transfer can be neither deferred nor standing.",
    ),
    Reason.INSTANT_NOT_REACHABLE: (
        "La banque du bénéficiaire ne reçoit pas de virements instantanés.",
        "The payee’s bank does not take instant transfers.",
    ),
    Reason.INSTANT_CEILING: (
        "Le montant dépasse le maximum d’un virement instantané ({limit}).",
        "The amount is above the maximum of an instant transfer ({limit}).",
    ),
    Reason.INSTANT_EXPIRED: (
        "Le virement instantané est arrivé trop tard : son délai maximal était écoulé.",
        "The instant transfer came too late: its maximum time had passed.",
    ),
    Reason.CEILING_PER_OPERATION: (
        "Le montant dépasse votre plafond par opération ({limit}).",
        "The amount is above your ceiling per operation ({limit}).",
    ),
    Reason.CEILING_WEEKLY: (
        "Avec ce virement, vous dépasseriez votre plafond hebdomadaire ({limit}).",
        "With this transfer you would go above your weekly ceiling ({limit}).",
    ),
    Reason.RAISE_PENDING: (
        "Une demande d’augmentation est déjà en cours : attendez la réponse de votre conseiller.",
        "A request for a raise is already pending: please wait for your adviser’s answer.",
    ),
    Reason.INSTRUMENT_EXCLUDED: (
        "Les lettres de change et billets à ordre ne sont pas admis sur ce compte.",
        "Bills of exchange and promissory notes are not allowed on this account.",
    ),
    Reason.ACCOUNT_UNAVAILABLE: (
        "Le compte ne peut pas être utilisé pour cette opération.",
        "The account cannot be used for this operation.",
    ),
    Reason.LEGAL_PROVISION: (
        "La loi ne permet pas à la banque d’exécuter cet ordre.",
        "The law does not allow the bank to execute this order.",
    ),
    Reason.REVOCATION_CHANNEL: (
        "Un virement s’annule à l’agence, par lettre ou dans l’espace à distance, pas par ce moyen.",
        "A transfer is cancelled at the branch, by letter or online, not in this way.",
    ),
    Reason.REVOCATION_NOT_WRITTEN: (
        "La demande d’annulation doit être écrite.",
        "The request to cancel must be in writing.",
    ),
    Reason.REVOCATION_LATE: (
        "La demande d’annulation est arrivée après l’heure limite.",
        "The request to cancel came after the time limit.",
    ),
    Reason.EXECUTION_STARTED: (
        "L’exécution du virement a déjà commencé.",
        "The execution of the transfer has already begun.",
    ),
    Reason.INSTANT_IRREVOCABLE: (
        "Un virement instantané ne peut pas être annulé.",
        "An instant transfer cannot be cancelled.",
    ),
    Reason.INITIATION_IRREVOCABLE: (
        "Un virement confirmé auprès d’un prestataire d’initiation ne peut plus être annulé.",
        "A transfer confirmed with a payment initiation provider can no longer be cancelled.",
    ),
    Reason.REVERSAL_GROUND: (
        "Le virement reçu ne peut être repris que pour une erreur de la banque du payeur, une erreur du "
        "payeur justifiée par sa banque, ou une fraude avérée.",
        "The transfer received can be taken back only for an error of the payer’s bank, an error of the "
        "payer that it justifies, or proven fraud.",
    ),
    Reason.START_NOT_OFFERED: (
        "La banque ne prend pas d’ordre qui commence ainsi.",
        "The bank takes no order that starts in this way.",
    ),
    Reason.ORDER_STANDS: (
        "L’ordre à corriger n’a pas été refusé : il est reçu et compte toujours.",
        "The order to correct was not refused: it is received and still counts.",
    ),
    Reason.RATE_MISSING: (
        "La banque n’a pas de cours de change du jour pour cette devise.",
        "The bank has no exchange rate of the day for this currency.",
    ),
    Reason.RATE_NOT_AGREED: (
        "Un cours convenu est saisi par votre conseiller ; sinon la banque applique le sien.",
        "An agreed rate is entered by your adviser; else the bank applies its own.",
    ),
}

CORRECTIONS: Mapping[Reason, Pair] = {
    Reason.AMOUNT_INVALID: ("Indiquez un autre montant.", "Please give another amount."),
    Reason.MISSING_FIELD: ("Complétez : {field}.", "Please add: {field}."),
    Reason.IBAN_INVALID: (
        "Demandez au bénéficiaire son relevé d’identité bancaire et recopiez l’IBAN.",
        "Ask the payee for his account details and copy the IBAN.",
    ),
    Reason.BIC_INVALID: (
        "Recopiez le BIC du relevé d’identité bancaire : 8 ou 11 caractères.",
        "Copy the BIC from the payee’s account details: 8 or 11 characters.",
    ),
    Reason.BIC_DOES_NOT_FIT: (
        "Vérifiez le BIC, ou laissez-le vide s’il n’est pas demandé.",
        "Check the BIC, or leave it empty where it is not asked for.",
    ),
    Reason.SAME_ACCOUNT: ("Choisissez un autre compte.", "Please choose another account."),
    Reason.DATE_PAST: ("Choisissez une date à venir.", "Please choose a later date."),
    Reason.SCHEDULE_INVALID: ("Choisissez une date de fin plus tardive.", "Please choose a later end date."),
    Reason.SIGNATURE_MISSING: ("Signez l’ordre et remettez-le à l’agence.", "Please sign the order."),
}

STEPS: Mapping[Step, Pair] = {
    Step.RECEIVED: ("Ordre reçu le {day}.", "Order received on {day}."),
    Step.RECEIVED_LATE: (
        "Ordre arrivé après l’heure limite ou un jour fermé : réputé reçu le {day}.",
        "Order arrived after the cut-off or on a closed day: deemed received on {day}.",
    ),
    Step.SCHEDULED: ("Virement prévu le {day}.", "Transfer planned for {day}."),
    Step.HELD_FOR_CHECK: (
        "Virement retenu le temps d’une vérification.",
        "Transfer held while it is being checked.",
    ),
    Step.RESERVED: ("{amount} réservés sur le compte.", "{amount} reserved on the account."),
    Step.STAMPED: ("Virement instantané horodaté à {time}.", "Instant transfer time-stamped at {time}."),
    Step.EXECUTED: (
        "Compte débité de {amount} ; la banque du bénéficiaire sera créditée au plus tard le {day}.",
        "{amount} debited; the payee’s bank will be credited by {day} at the latest.",
    ),
    Step.CONFIRMED: ("Le bénéficiaire dispose des fonds.", "The payee has the funds."),
    Step.RELEASED: (
        "Les fonds n’ont pas pu être remis au bénéficiaire : {amount} sont de nouveau disponibles.",
        "The funds could not be given to the payee: {amount} are available again.",
    ),
    Step.REVOKED: ("Virement annulé à votre demande.", "Transfer cancelled at your request."),
    Step.REFUSED: ("Virement refusé.", "Transfer refused."),
    Step.CREDITED: ("{amount} crédités sur le compte.", "{amount} credited to the account."),
    Step.RETURNED: (
        "La banque du bénéficiaire a renvoyé {amount}.",
        "The payee’s bank has sent back {amount}.",
    ),
    Step.REVERSED: (
        "Virement reçu par erreur : {amount} repris sur le compte.",
        "Transfer received in error: {amount} taken back from the account.",
    ),
    Step.LIKELY_DUPLICATE: (
        "Vous avez déjà donné le même ordre le {day}. Est-ce voulu ?",
        "You have already given the same order on {day}. Is this on purpose?",
    ),
    Step.COM_PACIFIC_ADVICE: (
        "Il est fortement recommandé de donner un IBAN qui commence par FR et un BIC de PF, NC, WF ou FR ; "
        "sinon le virement peut être rejeté.",
        "An IBAN that begins with FR and a BIC of PF, NC, WF or FR are strongly recommended; else the "
        "transfer may be rejected.",
    ),
}

PAYEE_CHECKS: Mapping[PayeeCheck, Pair] = {
    PayeeCheck.MATCH: ("Le nom correspond au compte.", "The name fits the account."),
    PayeeCheck.CLOSE_MATCH: (
        "Le nom est presque le même. Titulaire du compte : {name}.",
        "The name is nearly the same. Holder of the account: {name}.",
    ),
    PayeeCheck.NO_MATCH: (
        "Le nom ne correspond pas au titulaire de ce compte. L’argent pourrait aller à une autre personne.",
        "The name does not fit the holder of this account. The money could go to someone else.",
    ),
    PayeeCheck.NOT_AVAILABLE: (
        "Le nom n’a pas pu être vérifié auprès de la banque du bénéficiaire.",
        "The name could not be checked with the payee’s bank.",
    ),
}

_FIELD_NAMES: Mapping[str, Pair] = {
    "debit-account": ("le compte à débiter", "the account to debit"),
    "amount": ("le montant", "the amount"),
    "currency": ("la devise", "the currency"),
    "payer-data": ("vos nom et adresse", "your name and address"),
    "payee-name": ("le nom du bénéficiaire", "the payee’s name"),
    "payee-iban": ("l’IBAN du bénéficiaire", "the payee’s IBAN"),
    "payee-rib": ("le RIB du bénéficiaire", "the payee’s RIB"),
    "payee-account-number": ("le numéro de compte du bénéficiaire", "the payee’s account number"),
    "payee-address": ("l’adresse du bénéficiaire", "the payee’s address"),
    "payee-bic": ("le BIC de la banque du bénéficiaire", "the BIC of the payee’s bank"),
    "payee-bank-name": ("le nom de la banque du bénéficiaire", "the name of the payee’s bank"),
}


def sentence(pair: Pair, language: Language = Language.FRENCH, **values: str) -> str:
    """One sentence in the language with its values put in. Raises KeyError if a value it needs is missing."""
    return pair[0 if language is Language.FRENCH else 1].format_map(values)


def field_name(field: str, language: Language = Language.FRENCH) -> str:
    """A field of an order as people call it."""
    return sentence(_FIELD_NAMES[field], language)
