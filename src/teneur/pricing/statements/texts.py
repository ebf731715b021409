"""Words of the statement in French and English. Every language has the same keys (a test compares them)."""

from typing import Final

from teneur.kernel.money import Language
from teneur.pricing.fees.texts import event_name

WORDS: Final[dict[Language, dict[str, str]]] = {
    Language.FRENCH: {
        "title": "Relevé de compte",
        "number": "Relevé n° {number}",
        "period": "du {first} au {last}",
        "holder": "Titulaire",
        "holders": "Titulaires",
        "iban": "IBAN",
        "bic": "BIC",
        "bank_code": "Code banque",
        "branch_code": "Code guichet",
        "account_number": "N° de compte",
        "key": "Clé RIB",
        "domiciliation": "Domiciliation",
        "opening": "Ancien solde au {day}",
        "closing": "Nouveau solde au {day}",
        "credits": "Total des crédits ({count})",
        "debits": "Total des débits ({count})",
        "total_row": "Totaux de la période",
        "operations": "Opérations",
        "amounts_in": "Montants en {currency}. Les opérations sont classées par date d’opération.",
        "booked_on": "Date d’opération",
        "value_on": "Date de valeur",
        "label": "Libellé",
        "debit": "Débit",
        "credit": "Crédit",
        "balance": "Solde",
        "reference": "Réf. {reference}",
        "clauses": "Clauses : {clauses}",
        "available": "Disponible au {day} : {amount}, découvert autorisé compris, sommes bloquées déduites.",
        "nothing": "Aucune opération sur la période.",
        "free": "Ce relevé est gratuit.",
        "price": "Prix de ce relevé : {amount}.",
        "chart_title": "Votre solde sur la période",
        "chart_alternative": (
            "Courbe du solde en fin de journée, du {first} au {last}. Au départ {opening} ; au plus bas "
            "{lowest} ({lowest_day}) ; au plus haut {highest} ({highest_day}) ; à la fin {closing}. Les "
            "chiffres sont ceux de la colonne Solde du tableau des opérations."
        ),
        "chart_note": "Solde en fin de journée, en {currency}. Les chiffres : colonne Solde ci-dessous.",
        "chart_limit": "découvert autorisé",
        "late": "Enregistrée après le relevé précédent, qui couvrait cette date.",
        "abroad_rate": "cours {rate}",
        "abroad_place": "pays {place}",
        "abroad_fees": "frais de la banque {fees}",
        "fees_title": "Frais perçus",
        "fee_service": "Service",
        "fee_count": "Nombre",
        "fee_amount": "Montant",
        "fees_total": "Total des frais de la période",
        "announced_title": "Frais d’incidents à venir",
        "announced_note": (
            "Ces frais d’irrégularités et d’incidents ne sont pas encore débités : ils peuvent l’être à "
            "partir de la date indiquée, quatorze jours au moins après la date de ce relevé."
        ),
        "announced_event": "Incident",
        "announced_on": "Date",
        "announced_from": "Débit à partir du",
        "announced_total": "Total annoncé",
        "interest_title": "Intérêts",
        "interest_quarter": "Du {first} au {last}",
        "interest_corrected": "Rectification : du {first} au {last}",
        "interest_debit": "Intérêts débiteurs : {amount}.",
        "interest_minimum": "Minimum forfaitaire de perception : {amount}.",
        "interest_credit": "Intérêts créditeurs : {amount}.",
        "interest_posted": "Porté au compte par cette rectification : {amount}.",
        "interest_apr": "TAEG réellement appliqué : {percent}.",
        "interest_rate": "Taux du {first} au {last} : {percent} dans la limite de {limit}",
        "interest_rate_none": "Du {first} au {last}, sans découvert autorisé",
        "interest_rate_run_off": "Taux du {first} au {last} : {percent} sur le découvert échu",
        "interest_excess": "{percent} au-delà",
        "interest_alone": "taux {percent}",
        "interest_index": "dont {index} {percent}",
        "rate_change": "Le taux de référence {index} est passé de {old} à {new} le {since}.",
        "overdraft_title": "Découvert autorisé",
        "overdraft": "Découvert autorisé : {limit}, au taux de {percent} l’an.",
        "overdraft_apr": (
            "TAEG : {apr}, à titre d’exemple, pour une utilisation entière et constante pendant un an."
        ),
        "overdraft_ends": "Il prend fin le {day}.",
        "announcements_title": "Votre contrat change",
        "announcement": (
            "Le {day} : {summary} Sans refus de votre part avant cette date, vous acceptez ce changement ; "
            "vous pouvez le refuser et résilier sans frais jusque-là."
        ),
        "announcement_imposed": "Le {day}, par l’effet de la loi : {summary}",
        "guarantee_title": "Garantie des dépôts",
        "guarantee": (
            "Vos dépôts sont couverts par le Fonds de garantie des dépôts et de résolution (FGDR), "
            "jusqu’à {ceiling} par déposant et par établissement de crédit. "
            "Renseignements sur www.garantiedesdepots.fr."
        ),
        "check_title": "Vérifier ce relevé",
        "check": (
            "Établi le {day} sous la convention {agreement} (édition : {version}), journal arrêté à la "
            "position {position}. Empreinte SHA-256 des données du relevé :"
        ),
        "page": "Page",
        "continued": "{title} · {period} · {iban}",
        "EUR": "euros",
        "XPF": "francs CFP",
        "fee_back": "{fee} : remboursement",
        "operation_debit": "Opération au débit",
        "operation_credit": "Opération au crédit",
    },
    Language.ENGLISH: {
        "title": "Account statement",
        "number": "Statement no. {number}",
        "period": "from {first} to {last}",
        "holder": "Account holder",
        "holders": "Account holders",
        "iban": "IBAN",
        "bic": "BIC",
        "bank_code": "Bank code",
        "branch_code": "Branch code",
        "account_number": "Account no.",
        "key": "Key",
        "domiciliation": "Branch",
        "opening": "Opening balance, {day}",
        "closing": "Closing balance, {day}",
        "credits": "Total credits ({count})",
        "debits": "Total debits ({count})",
        "total_row": "Totals of the period",
        "operations": "Operations",
        "amounts_in": "Amounts in {currency}. Operations are listed by booking date.",
        "booked_on": "Booking date",
        "value_on": "Value date",
        "label": "Description",
        "debit": "Debit",
        "credit": "Credit",
        "balance": "Balance",
        "reference": "Ref. {reference}",
        "clauses": "Clauses: {clauses}",
        "available": "Available on {day}: {amount}, with the authorised overdraft, less amounts held.",
        "nothing": "No operation in the period.",
        "free": "This statement is free of charge.",
        "price": "Price of this statement: {amount}.",
        "chart_title": "Your balance over the period",
        "chart_alternative": (
            "Line of the balance at the end of each day, from {first} to {last}. At the start {opening}; "
            "lowest {lowest} ({lowest_day}); highest {highest} ({highest_day}); at the end {closing}. The "
            "figures are those of the Balance column in the table of operations."
        ),
        "chart_note": "Balance at the end of each day, in {currency}. The figures: Balance column below.",
        "chart_limit": "authorised overdraft",
        "late": "Recorded after the previous statement, which covered this date.",
        "abroad_rate": "rate {rate}",
        "abroad_place": "country {place}",
        "abroad_fees": "bank’s fees {fees}",
        "fees_title": "Fees taken",
        "fee_service": "Service",
        "fee_count": "Number",
        "fee_amount": "Amount",
        "fees_total": "Total fees of the period",
        "announced_title": "Incident fees to come",
        "announced_note": (
            "These fees for irregularities and incidents are not debited yet: they may be from the day shown "
            "on, fourteen days at least after the date of this statement."
        ),
        "announced_event": "Incident",
        "announced_on": "Date",
        "announced_from": "Debit from",
        "announced_total": "Total announced",
        "interest_title": "Interest",
        "interest_quarter": "From {first} to {last}",
        "interest_corrected": "Correction: from {first} to {last}",
        "interest_debit": "Debit interest: {amount}.",
        "interest_minimum": "Flat minimum: {amount}.",
        "interest_credit": "Credit interest: {amount}.",
        "interest_posted": "Posted by this correction: {amount}.",
        "interest_apr": "APR really applied: {percent}.",
        "interest_rate": "Rate from {first} to {last}: {percent} up to {limit}",
        "interest_rate_none": "From {first} to {last}, without an authorised overdraft",
        "interest_rate_run_off": "Rate from {first} to {last}: {percent} on the overdraft that ended",
        "interest_excess": "{percent} beyond",
        "interest_alone": "rate {percent}",
        "interest_index": "of which {index} {percent}",
        "rate_change": "The reference rate {index} went from {old} to {new} on {since}.",
        "overdraft_title": "Authorised overdraft",
        "overdraft": "Authorised overdraft: {limit}, at {percent} a year.",
        "overdraft_apr": "APR: {apr}, as an example, for full and constant use over one year.",
        "overdraft_ends": "It ends on {day}.",
        "announcements_title": "Your contract changes",
        "announcement": (
            "On {day}: {summary} Unless you refuse before that day, you accept this change; until then you "
            "may refuse it and leave free of charge."
        ),
        "announcement_imposed": "On {day}, because the law has it so: {summary}",
        "guarantee_title": "Deposit guarantee",
        "guarantee": (
            "Your deposits are covered by the Fonds de garantie des dépôts et de résolution (FGDR), "
            "up to {ceiling} per depositor and per credit institution. More at www.garantiedesdepots.fr."
        ),
        "check_title": "Check this statement",
        "check": (
            "Issued on {day} under agreement {agreement} (edition: {version}), the journal being read up to "
            "position {position}. SHA-256 of the statement’s data:"
        ),
        "page": "Page",
        "continued": "{title} · {period} · {iban}",
        "EUR": "euros",
        "XPF": "Pacific francs",
        "fee_back": "{fee}: refund",
        "operation_debit": "Debit",
        "operation_credit": "Credit",
    },
}

# Wording of the kinds of operations: code -> (to the debit, to the credit). A posting's own label wins.
KIND_LABELS: Final[dict[Language, dict[str, tuple[str, str]]]] = {
    Language.FRENCH: {
        "transfer": ("Virement émis", "Virement reçu"),
        "transfer-internal": ("Virement interne émis", "Virement interne reçu"),
        "transfer-sepa": ("Virement SEPA émis", "Virement SEPA reçu"),
        "transfer-instant": ("Virement instantané émis", "Virement instantané reçu"),
        "transfer-local": ("Virement local émis", "Virement local reçu"),
        "transfer-com-pacific": ("Virement SEPA COM Pacifique émis", "Virement SEPA COM Pacifique reçu"),
        "transfer-international": ("Virement international émis", "Virement international reçu"),
        "standing-order": ("Virement permanent émis", "Virement permanent reçu"),
        "transfer-return": ("Annulation de virement reçu", "Retour de virement émis"),
        "direct-debit": ("Prélèvement", "Remboursement de prélèvement"),
        "cash": ("Retrait d’espèces", "Versement d’espèces"),
        "cheque": ("Chèque émis", "Remise de chèque"),
        "card": ("Paiement par carte", "Remboursement carte"),
        "fee": ("Frais", "Remboursement de frais"),
        "interest": ("Intérêts débiteurs", "Intérêts créditeurs"),
        "interest-correction": ("Rectification d’intérêts", "Rectification d’intérêts"),
        "correction": ("Rectification", "Rectification"),
    },
    Language.ENGLISH: {
        "transfer": ("Transfer sent", "Transfer received"),
        "transfer-internal": ("Internal transfer sent", "Internal transfer received"),
        "transfer-sepa": ("SEPA transfer sent", "SEPA transfer received"),
        "transfer-instant": ("Instant transfer sent", "Instant transfer received"),
        "transfer-local": ("Local transfer sent", "Local transfer received"),
        "transfer-com-pacific": ("SEPA COM Pacifique transfer sent", "SEPA COM Pacifique transfer received"),
        "transfer-international": ("International transfer sent", "International transfer received"),
        "standing-order": ("Standing order sent", "Standing order received"),
        "transfer-return": ("Received transfer taken back", "Sent transfer returned"),
        "direct-debit": ("Direct debit", "Direct debit refunded"),
        "cash": ("Cash withdrawal", "Cash paid in"),
        "cheque": ("Cheque drawn", "Cheque paid in"),
        "card": ("Card payment", "Card refund"),
        "fee": ("Fee", "Fee refunded"),
        "interest": ("Debit interest", "Credit interest"),
        "interest-correction": ("Correction of interest", "Correction of interest"),
        "correction": ("Correction", "Correction"),
    },
}


def words(language: Language) -> dict[str, str]:
    """The labels of a language; some hold fields for `str.format`."""
    return WORDS[language]


def operation_label(kind: str, label: str, amount_minor: int, language: Language, event: str = "") -> str:
    """What the statement calls an operation: its own label, else the wording of its kind, else its side.

    event: of a fee, its code in the tariff, whose name takes the place of the kind's.
    """
    if label:
        return label
    if event:
        fee = event_name(event, language)
        return fee if amount_minor < 0 else WORDS[language]["fee_back"].format(fee=fee)
    pair = KIND_LABELS[language].get(kind)
    if pair is None:
        return WORDS[language]["operation_debit" if amount_minor < 0 else "operation_credit"]
    return pair[0 if amount_minor < 0 else 1]
