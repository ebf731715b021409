"""Words of the statement in French and English. Every language has the same keys (a test compares them)."""

from typing import Final

from teneur.kernel.money import Language

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
        "free": "Ce relevé est gratuit.",
        "price": "Prix de ce relevé : {amount}.",
        "guarantee_title": "Garantie des dépôts",
        "guarantee": (
            "Vos dépôts sont couverts par le Fonds de garantie des dépôts et de résolution (FGDR), "
            "jusqu’à {ceiling} par déposant et par établissement de crédit. "
            "Renseignements sur www.garantiedesdepots.fr."
        ),
        "guarantee_plain": (
            "Vos dépôts sont couverts par le Fonds de garantie des dépôts et de résolution (FGDR), dans les "
            "limites prévues par la loi. Renseignements sur www.garantiedesdepots.fr."
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
        "free": "This statement is free of charge.",
        "price": "Price of this statement: {amount}.",
        "guarantee_title": "Deposit guarantee",
        "guarantee": (
            "Your deposits are covered by the Fonds de garantie des dépôts et de résolution (FGDR), "
            "up to {ceiling} per depositor and per credit institution. More at www.garantiedesdepots.fr."
        ),
        "guarantee_plain": (
            "Your deposits are covered by the Fonds de garantie des dépôts et de résolution (FGDR), within "
            "the limits set by law. More at www.garantiedesdepots.fr."
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
        "correction": ("Correction", "Correction"),
    },
}


def words(language: Language) -> dict[str, str]:
    """The labels of a language; some hold fields for `str.format`."""
    return WORDS[language]


def operation_label(kind: str, label: str, amount_minor: int, language: Language) -> str:
    """What the statement calls an operation: its own label, else the wording of its kind, else its side."""
    if label:
        return label
    pair = KIND_LABELS[language].get(kind)
    if pair is None:
        return WORDS[language]["operation_debit" if amount_minor < 0 else "operation_credit"]
    return pair[0 if amount_minor < 0 else 1]
