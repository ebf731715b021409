"""The words of explanations, in French and in English: what was asked, what came of it, each step."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from teneur.channels import domain_texts
from teneur.documents.wording import long_date
from teneur.kernel.clock import zone
from teneur.kernel.commands import Channel, Outcome
from teneur.kernel.money import Language
from teneur.ledger.reading import StoredOperation
from teneur.payments.exchange.texts import cash_done
from teneur.payments.transfers.facts import OrderStatus, TransferOrder
from teneur.payments.transfers.rules.refusal import Reason
from teneur.payments.transfers.rules.texts import CORRECTIONS, REASONS

Pair = tuple[str, str]  # French, English


class Topic(StrEnum):
    """What a step is about, in the order in which a person wants to read them."""

    PERSON = "person"
    ACCOUNT = "account"
    KIND = "kind"
    PAYEE = "payee"
    CHANNEL = "channel"
    RECEPTION = "reception"
    CEILING = "ceiling"
    FUNDS = "funds"
    INSTANT = "instant"
    STANDING = "standing"
    EXECUTION = "execution"
    CHARGES = "charges"
    INCOMING = "incoming"
    EXCHANGE = "exchange"
    CASH = "cash"
    REVOCATION = "revocation"
    REFUSAL = "refusal"
    OTHER = "other"


_RULES: Final = "payments.transfers.rules."
# Beginnings of module names below teneur; the first topic that fits wins.
TOPICS: Final[Mapping[Topic, tuple[str, ...]]] = {
    Topic.REVOCATION: (_RULES + "revocation",),
    Topic.REFUSAL: (_RULES + "refusal",),
    Topic.INSTANT: (_RULES + "instant",),
    Topic.CEILING: (_RULES + "ceilings",),
    Topic.CHARGES: (_RULES + "charges", "pricing.interest.", "pricing.fees."),
    Topic.EXECUTION: (_RULES + "execution",),
    Topic.RECEPTION: (_RULES + "reception",),
    Topic.STANDING: (_RULES + "standing",),
    Topic.EXCHANGE: ("payments.exchange.",),
    Topic.CASH: ("cash.",),
    Topic.INCOMING: (_RULES + "incoming",),
    Topic.PAYEE: (_RULES + "identifiers", _RULES + "payee", _RULES + "identity_check"),
    Topic.CHANNEL: (_RULES + "channels",),
    Topic.KIND: (_RULES + "routing", _RULES + "regimes", _RULES + "plan"),
    Topic.ACCOUNT: ("accounts.", "agreements.", "kernel.calendars"),
    Topic.PERSON: ("customers.",),
}
PATHS: Final[Mapping[Topic, tuple[str, ...]]] = {
    Topic.FUNDS: ("accounts.balance",),
    Topic.RECEPTION: ("transfers.reception", "calendar."),
    Topic.EXECUTION: ("transfers.execution",),
    Topic.CHARGES: ("transfers.charges", "interest.", "tariff."),
    Topic.REVOCATION: ("transfers.revocation",),
    Topic.CHANNEL: ("transfers.ordering",),
    Topic.CEILING: ("transfers.ceilings",),
    Topic.EXCHANGE: ("exchange.",),
    Topic.CASH: ("cash.",),
    Topic.ACCOUNT: ("accounts.", "agreement."),
}

_TOPIC_NAMES: Final[Mapping[Topic, Pair]] = {
    Topic.PERSON: ("La personne", "The person"),
    Topic.ACCOUNT: ("Le compte", "The account"),
    Topic.KIND: ("Nature du virement", "Kind of transfer"),
    Topic.PAYEE: ("Bénéficiaire", "Payee"),
    Topic.CHANNEL: ("Moyen utilisé", "Channel"),
    Topic.RECEPTION: ("Réception", "Reception"),
    Topic.CEILING: ("Plafonds", "Ceilings"),
    Topic.FUNDS: ("Provision", "Funds"),
    Topic.INSTANT: ("Instantané", "Instant"),
    Topic.STANDING: ("Échéances", "Due days"),
    Topic.EXECUTION: ("Délai d’exécution", "Execution time"),
    Topic.CHARGES: ("Frais et intérêts", "Charges and interest"),
    Topic.INCOMING: ("Virement reçu", "Incoming transfer"),
    Topic.EXCHANGE: ("Change", "Exchange"),
    Topic.CASH: ("Espèces", "Cash"),
    Topic.REVOCATION: ("Annulation", "Revocation"),
    Topic.REFUSAL: ("Refus", "Refusal"),
    Topic.OTHER: ("Autres clauses", "Other clauses"),
}

_TITLES: Final[Mapping[str, Pair]] = {
    "transfer": ("Virement", "Transfer"),
    "transfer-due": ("Échéance d’un virement", "Transfer falling due"),
    "transfer-revoked": ("Annulation d’un virement", "Revocation of a transfer"),
    "transfer-settled": ("Règlement d’un virement", "Settlement of a transfer"),
    "instant-answered": ("Réponse à un virement instantané", "Answer about an instant transfer"),
    "screening-reviewed": ("Contrôle d’un virement", "Review of a transfer"),
    "ceiling-asked": ("Demande de plafond", "Request for a ceiling"),
    "ceiling-decided": ("Décision sur un plafond", "Decision on a ceiling"),
    "messages-exported": ("Envoi d’un fichier", "File sent"),
    "transfer-received": ("Virement reçu", "Transfer received"),
    "transfer-sent-back": ("Virement reçu fautif", "Faulty transfer received"),
    "transfer-returned": ("Virement renvoyé", "Transfer returned"),
    "recall-requested": ("Demande de rappel", "Request for a recall"),
    "recall-received": ("Rappel d’un virement reçu", "Recall of a transfer received"),
    "recall-answered": ("Réponse à un rappel", "Answer to a recall"),
    "payee-verified": ("Vérification du bénéficiaire par une autre banque", "Payee verified by another bank"),
    "identity-checked": ("Vérification d’identité par une autre banque", "Identity checked by another bank"),
    "file-received": ("Fichier reçu", "File received"),
    "file-answered": ("Réponse à un fichier", "Answer to a file"),
    "file-written": ("Fichier écrit", "File written"),
    "cash-deposit": ("Versement d’espèces", "Cash paid in"),
    "cancel-cash-deposit": ("Annulation d’un versement", "Cancellation of a cash deposit"),
    "open-account": ("Ouverture de compte", "Opening of an account"),
    **domain_texts.TITLES,
    "move-to-agreement": ("Changement de convention", "Move to another agreement"),
    "set-unavailable": ("Somme rendue indisponible", "Sum made unavailable"),
    "change-branch": ("Changement d’agence", "Change of branch"),
    "open-book": ("Ouverture du livre", "Opening of the book"),
    "move": ("Mouvement par le personnel", "Move by staff"),
    "reverse-operation": ("Contre-passation", "Reversal"),
    "place-hold": ("Blocage d’une somme", "Hold placed"),
    "take-hold": ("Prélèvement sur une somme bloquée", "Hold taken"),
    "release-hold": ("Libération d’une somme", "Hold released"),
    "register-person": ("Entrée d’une personne", "Person entered"),
    "register-staff": ("Entrée d’un membre du personnel", "Staff entered"),
    "discharge-obligation": ("Obligation remplie", "Duty done"),
    "notice-sent": ("Information envoyée", "Notice sent"),
}
_OUTCOMES: Final[Mapping[Outcome, Pair]] = {
    Outcome.ACCEPTED: ("Accepté.", "Accepted."),
    Outcome.PENDING: ("En attente.", "Pending."),
    Outcome.REFUSED: ("Refusé : {reason}", "Refused: {reason}"),
}
_OTHER_REASONS: Final[Mapping[str, Pair]] = {
    **domain_texts.REASONS,
    "not-authorised": ("la personne n’a pas ce droit.", "the person has no right to do this."),
    "second-person-missing": (
        "il faut l’accord d’une deuxième personne habilitée.",
        "a second authorised person must approve.",
    ),
    "move-not-authorised": (
        "seuls les conseillers et le service de gestion passent une écriture à la main.",
        "only advisers and the back office book by hand.",
    ),
    "force-not-authorised": (
        "seul le service de gestion passe une écriture sans regarder la provision.",
        "only the back office books whatever the funds.",
    ),
    "interbank-only": (
        "seuls un message de l’autre banque et le service de gestion disent ce que ce virement est devenu.",
        "only a message of the other bank, or the back office, tells what became of this transfer.",
    ),
    "bank-only": (
        "seuls la journée de la banque et le service de gestion envoient ses fichiers.",
        "only the bank’s day and the back office send its files.",
    ),
    "staff-only": (
        "seul le service de gestion lève ou confirme un blocage pour vérification.",
        "only the back office decides on an order held for a check.",
    ),
    "hold-of-an-order": (
        "cette somme est bloquée pour un ordre en attente : seule la réponse à l’ordre (autre banque, "
        "contrôle, annulation) la prélève ou la libère.",
        "this sum is held for a pending order: what answers the order (the other bank, the check or a "
        "revocation) takes or frees it.",
    ),
    "hold-until-its-day": (
        "cette somme est bloquée par une opération faite : elle se libère d’elle-même à son échéance.",
        "this sum is held by an operation that is done: it is free again on its day, by itself.",
    ),
    "hold-not-in-force": ("cette somme n’est plus bloquée.", "this sum is no longer held."),
    "hold-not-expired": (
        "l’échéance de ce blocage n’est pas passée.",
        "the time of this hold has not passed.",
    ),
    "not-awaiting-settlement": ("l’ordre n’attend pas de règlement.", "the order awaits no settlement."),
    "unknown-message": ("ce message n’est pas de ce livre.", "this message is not of this book."),
    "unknown-account": ("ce compte n’existe pas.", "there is no such account."),
    "unknown-order": ("cet ordre n’existe pas.", "there is no such order."),
    "unknown-person": ("cette personne n’est pas connue.", "this person is not known."),
    "unknown-branch": ("cette agence n’existe pas.", "there is no such branch."),
    "account-closed": ("le compte est clos.", "the account is closed."),
    "minor": ("la personne est mineure.", "the person is a minor."),
    "not-a-holder": ("la personne n’est pas titulaire du compte.", "the person does not hold the account."),
    "wrong-number-of-holders": (
        "le nombre de titulaires ne convient pas à ce type de compte.",
        "the number of holders does not fit this kind of account.",
    ),
    "form-not-accepted": (
        "l’agence ne prend pas ces espèces.",
        "the branch does not take cash of this form.",
    ),
    "currency-mismatch": ("la devise n’est pas celle du compte.", "the currency is not that of the account."),
    "currency-not-kept": ("le livre n’est pas tenu dans cette devise.", "the book keeps no such currency."),
    "invalid-field": ("une donnée est fausse : {field}.", "a field is wrong: {field}."),
    "key-reused": (
        "cette clé a déjà servi pour une autre demande.",
        "this key was used for another request already.",
    ),
    "awaiting-funds": ("les fonds ne sont pas encore là.", "the funds have not come yet."),
    "not-due": ("l’ordre n’est pas (ou plus) à échéance.", "the order is not (or no longer) due."),
    "no-agreement-in-force": ("aucune convention n’est en vigueur.", "no agreement is in force."),
    "not-awaiting-confirmation": ("l’ordre n’attend pas de réponse.", "the order awaits no answer."),
    "not-awaiting-screening": ("l’ordre n’attend pas de contrôle.", "the order awaits no review."),
    "irrevocable": ("l’opération ne peut plus être annulée.", "the operation can no longer be undone."),
    "administrators-first": (
        "les deux premiers membres du personnel sont administrateurs.",
        "the first two members of staff are administrators.",
    ),
    "unknown-request": ("cette demande n’existe pas.", "there is no such request."),
    "nothing-to-change": ("rien ne change.", "nothing changes."),
    "end-date-missing": ("il manque la date de fin.", "the end date is missing."),
    "awaiting-adviser": ("le conseiller doit répondre.", "the adviser must answer."),
    "recall-late": (
        "le rappel vient après le délai que les banques se sont donné.",
        "the recall comes after the time limit that banks keep.",
    ),
    "recall-pending": ("un rappel attend déjà sa réponse.", "a recall awaits its answer already."),
    "already-reversed": ("l’argent a déjà été rendu.", "the money was given back already."),
    "unknown-operation": ("ce virement n’a pas été reçu.", "no such transfer was received."),
    "amount-does-not-fit": ("le montant n’est pas celui du virement.", "the transfer had another amount."),
    "message-faulty": (
        "le message de l’autre banque est fautif : {field}.",
        "the other bank’s message is faulty: {field}.",
    ),
    "screening": ("une vérification est nécessaire.", "a check is needed."),
    "awaiting-confirmation": (
        "la banque du bénéficiaire doit répondre.",
        "the payee’s bank must answer.",
    ),
}
_WORDS: Final[Mapping[Language, Mapping[str, str]]] = {
    Language.FRENCH: {"bank": "la banque (sa journée)"},
    Language.ENGLISH: {"bank": "the bank (its day)"},
}
_CLASSES: Final[Mapping[str, Pair]] = {
    "sepa": ("Virement SEPA", "SEPA transfer"),
    "local": ("Virement local en francs CFP", "Local transfer in Pacific francs"),
    "com-pacific": ("Virement SEPA COM Pacifique", "SEPA COM Pacifique transfer"),
    "international": ("Virement international", "International transfer"),
}
_REGIMES: Final[Mapping[str, Pair]] = {
    "full": ("protection complète de la loi", "full protection of the law"),
    "partial": ("protection partielle de la loi", "partial protection of the law"),
    "one-leg": ("protection pour la part de service en Europe", "protection for the part inside the EEA"),
    "non-eea-currency": ("devise hors Espace économique", "currency from outside the EEA"),
    "l712-8": ("euro avec le Pacifique (art. L712-8)", "euro with the Pacific (art. L712-8)"),
    "outside": ("hors du champ de la loi", "outside the scope of the law"),
}
_CHARGES: Final[Mapping[str, Pair]] = {
    "SHA": ("Chacun paie les frais de sa banque (SHA).", "Each pays the charges of his own bank (SHA)."),
    "OUR": ("Le payeur paie tous les frais (OUR).", "The payer bears all charges (OUR)."),
    "BEN": ("Le bénéficiaire paie tous les frais (BEN).", "The payee bears all charges (BEN)."),
}
_STATUSES: Final[Mapping[OrderStatus, Pair]] = {
    OrderStatus.SCHEDULED: ("prévu le {day}", "planned for {day}"),
    OrderStatus.SENT: ("envoyé, pas encore réglé", "sent, not settled yet"),
    OrderStatus.RESERVED: ("réservé, en attente de réponse", "reserved, awaiting an answer"),
    OrderStatus.SCREENED: ("retenu pour vérification", "held for a check"),
    OrderStatus.DONE: ("terminé", "done"),
    OrderStatus.REFUSED: ("refusé", "refused"),
    OrderStatus.REVOKED: ("annulé", "revoked"),
    OrderStatus.FAILED: ("échoué", "failed"),
    OrderStatus.RETURNED: ("renvoyé", "returned"),
    OrderStatus.RECALL_ASKED: ("rappel demandé", "recall asked"),
    OrderStatus.WAITING: ("en attente des fonds jusqu’au {until}", "waiting for funds until {until}"),
}
_STEPS: Final[Mapping[Topic, Pair]] = {
    Topic.KIND: ("{class} : {regime}.", "{class}: {regime}."),
    Topic.CHARGES: ("{charges}", "{charges}"),
    Topic.EXCHANGE: ("{exchange}", "{exchange}"),
    Topic.PAYEE: ("Le bénéficiaire est {payee}.", "The payee is {payee}."),
}


def pick(pair: Pair, language: Language) -> str:
    """One of the two."""
    return pair[1 if language is Language.ENGLISH else 0]


def words(language: Language) -> Mapping[str, str]:
    """Single words."""
    return _WORDS[language]


def topic(of: Topic, language: Language) -> str:
    """What a step is called."""
    return pick(_TOPIC_NAMES[of], language)


def title(kind: str, asked: Mapping[str, Any], language: Language) -> str:
    """What was asked, in a few words."""
    if kind == "transfer" and asked.get("service") == "instant":
        return pick(("Virement instantané", "Instant transfer"), language)
    if kind == "transfer" and asked.get("repeat"):
        return pick(("Virement permanent", "Standing order"), language)
    if kind == "transfer" and asked.get("agreed_on"):
        return pick(("Virement différé", "Deferred transfer"), language)
    return pick(_TITLES.get(kind, (kind, kind)), language)


def reason_text(reason: str, values: Mapping[str, str], language: Language) -> str:
    """A reason in a sentence; its code where there is none."""
    blank = _Blank(values)
    if reason in list(Reason):
        text = pick(REASONS[Reason(reason)], language).format_map(blank)
        return text.replace(" ()", "")
    return pick(_OTHER_REASONS.get(reason, (f"{reason}.", f"{reason}.")), language).format_map(blank)


def correction(reason: str, values: Mapping[str, str], language: Language) -> str:
    """What to do about a refusal, or an empty text."""
    found = CORRECTIONS.get(Reason(reason)) if reason in list(Reason) else None
    return pick(found, language).format_map(_Blank(values)) if found else ""


def sentence_of(found: StoredOperation, values: Mapping[str, str], language: Language) -> str:
    """What became of it, in one sentence."""
    kind = found.record.kind if found.record else ""
    if found.outcome is Outcome.ACCEPTED:
        pair = _accepted(kind, found, values)
        return pick(pair, language).format_map(_Blank(values))
    reason = reason_text(found.reason, values, language)
    if found.outcome is Outcome.PENDING:
        return f"{pick(_OUTCOMES[Outcome.PENDING], language)} {reason[:1].upper()}{reason[1:]}"
    return pick(_OUTCOMES[Outcome.REFUSED], language).format(reason=f"{reason[:1].lower()}{reason[1:]}")


def _accepted(kind: str, found: StoredOperation, values: Mapping[str, str]) -> Pair:
    moved = any(row.amount_minor for row in found.rows)
    if kind in ("transfer", "transfer-due") and moved:
        if values["execute_by"]:
            return (
                "Compte débité de {amount} le {booked_on} ; la banque du bénéficiaire sera créditée au plus "
                "tard le {execute_by}.",
                "{amount} debited on {booked_on}; the payee’s bank will be credited by {execute_by}.",
            )
        if values["outside"]:
            return (
                "Compte débité de {debit} le {booked_on}, envoyés à l’autre banque.",
                "{debit} debited on {booked_on} and sent to the other bank.",
            )
        return ("{amount} virés le {booked_on}.", "{amount} transferred on {booked_on}.")
    late = (
        "Arrivé après l’heure limite ou un jour fermé : réputé reçu le {due_on}, quand {amount} partiront.",
        "Arrived after the cut-off or on a closed day: deemed received on {due_on}, when {amount} leave.",
    )
    planned = ("Virement de {amount} prévu le {due_on}.", "Transfer of {amount} planned for {due_on}.")
    return {
        "transfer": planned if values["agreed_on"] else late,
        "screening-reviewed": (
            (
                "Refusé après vérification : {debit} de nouveau disponibles.",
                "Refused after the check: {debit} available again.",
            )
            if values["refused"]
            else ("Vérifié : {debit} partent.", "Checked: {debit} leave.")
        ),
        "instant-answered": (
            (
                "{debit} débités : le bénéficiaire dispose des fonds.",
                "{debit} debited: the payee has the funds.",
            )
            if moved
            else (
                "Fonds non remis : {debit} de nouveau disponibles.",
                "Funds not given: {debit} available again.",
            )
        ),
        "ceiling-asked": ("Plafond abaissé.", "Ceiling lowered."),
        "ceiling-decided": ("Plafond accordé.", "Ceiling granted.")
        if values["granted"]
        else ("Plafond refusé.", "Ceiling refused."),
        "transfer-returned": ("{amount} revenus le {booked_on}.", "{amount} came back on {booked_on}."),
        "recall-received": (
            "{amount} repris sur le compte le {booked_on} et renvoyés.",
            "{amount} taken back from the account on {booked_on} and sent back.",
        ),
        "recall-requested": ("Rappel demandé à l’autre banque.", "Recall asked of the other bank."),
        "recall-answered": ("L’autre banque refuse le rappel.", "The other bank refuses the recall."),
        **domain_texts.DONE,
        "transfer-revoked": ("Virement annulé à la demande du client.", "Transfer cancelled as asked."),
        "transfer-received": ("{amount} crédités le {booked_on}.", "{amount} credited on {booked_on}."),
        "transfer-sent-back": (
            "{amount} rendus à l’autre banque le {booked_on}.",
            "{amount} sent back to the other bank on {booked_on}.",
        ),
        "transfer-settled": ("La banque du bénéficiaire a les fonds.", "The payee’s bank has the money."),
        "cash-deposit": cash_done(values),
        "open-account": ("Compte ouvert.", "Account opened."),
    }.get(kind, _OUTCOMES[Outcome.ACCEPTED])


def step(of: Topic, found: StoredOperation, values: Mapping[str, str], language: Language) -> str:
    """What the step meant here, in one sentence; empty where its clauses say it."""
    refused = found.outcome is Outcome.REFUSED
    moved = any(row.amount_minor for row in found.rows)
    if of is Topic.REFUSAL and refused:
        text = reason_text(found.reason, values, language)
    elif of is Topic.FUNDS:
        short = refused and found.reason == Reason.INSUFFICIENT_FUNDS
        text = pick(
            ("La provision manque.", "Funds are missing.")
            if short
            else ("La provision est regardée quand l’argent part.", "Funds are checked when money leaves.")
            if not moved and not refused
            else ("La provision suffit.", "There are enough funds."),
            language,
        )
    elif of is Topic.RECEPTION:
        text = _reception(values, refused=refused, language=language)
    elif of is Topic.EXECUTION and values["execute_by"]:
        text = pick(
            ("Banque du bénéficiaire créditée au plus tard le {execute_by}.",
             "The payee’s bank is credited by {execute_by} at the latest."), language,
        )  # fmt: skip
    else:
        text = pick(_STEPS.get(of, ("", "")), language)
    filled = text.format_map(_Blank(values))
    nobody = of is Topic.PAYEE and not values["payee"]  # a check of a name, not a payment
    return filled if filled.strip(" :.") and not nobody else ""


def _reception(values: Mapping[str, str], *, refused: bool, language: Language) -> str:
    if refused:
        return pick(("Ordre refusé : réputé non reçu.", "A refused order is deemed not received."), language)
    if values["due_on"]:
        return pick(
            ("Arrivé le {time} : réputé reçu le {due_on}.", "Arrived {time}: deemed received on {due_on}."),
            language,
        )
    return pick(("Reçu le {time}.", "Received {time}."), language)


def channel(of: Channel, language: Language) -> str:
    """How a command came."""
    return pick(domain_texts.CHANNELS[of], language)


def transfer_class(code: str, language: Language) -> str:
    """A class of transfer, or nothing."""
    return pick(_CLASSES.get(code, ("", "")), language)


def charges(code: str, language: Language) -> str:
    """Who bears the charges, or nothing."""
    return pick(_CHARGES.get(code, ("", "")), language)


def regime(code: str, language: Language) -> str:
    """Which law protects the operation, or nothing."""
    return pick(_REGIMES.get(code, ("", "")), language)


def order_status(order: TransferOrder, language: Language) -> str:
    """How an order stands."""
    due = day(order.due_on, language) if order.due_on else ""
    start = order.ask.start
    until = day(start.until_on, language) if start and start.until_on else ""
    return pick(_STATUSES[order.status], language).format(day=due, until=until)


def day(of: date, language: Language) -> str:
    """A date in full."""
    return long_date(of, language)


def moment(at: datetime, where: str, language: Language) -> str:
    """A local date and time: "4 mai 2026 à 9 h 05"."""
    local = at.astimezone(zone(where))
    if language is Language.ENGLISH:
        return f"{long_date(local.date(), language)} at {local:%H:%M}"
    return f"{long_date(local.date(), language)} à {local.hour} h {local:%M}"


class _Blank(dict[str, str]):
    """Values of sentences; what is not known is left out."""

    def __init__(self, values: Mapping[str, str]) -> None:
        super().__init__(values)

    def __missing__(self, key: str) -> str:
        return ""
