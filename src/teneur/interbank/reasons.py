"""Why payments are rejected, returned, recalled, or not given back: closed lists a message, with words for
people.

Sources: ISO 20022 external code lists; EPC guidance on reason codes for SEPA R-transactions (SCT and SCT
Inst). The lists are what this bank sends; what it receives may be any code of the standard.
"""

from enum import StrEnum
from typing import NamedTuple


class Words(NamedTuple):
    """What a code means, for a customer."""

    french: str
    english: str


WORDS: dict[str, Words] = {
    "AB05": Words("délai dépassé chez la banque du bénéficiaire", "timed out at the payee's bank"),
    "AB06": Words("délai dépassé chez une banque intermédiaire", "timed out at a bank on the way"),
    "AB07": Words("banque du bénéficiaire hors ligne", "the payee's bank is offline"),
    "AB08": Words("banque du bénéficiaire hors ligne", "the creditor's bank is offline"),
    "AB09": Words("erreur chez la banque du bénéficiaire", "an error at the payee's bank"),
    "AB10": Words("erreur chez une banque intermédiaire", "an error at a bank on the way"),
    "AC01": Words("numéro de compte incorrect", "incorrect account number"),
    "AC03": Words("compte du bénéficiaire incorrect", "incorrect payee account"),
    "AC04": Words("compte clôturé", "account closed"),
    "AC06": Words("compte bloqué", "account blocked"),
    "AG01": Words(
        "opération interdite sur ce type de compte", "transaction forbidden on this type of account"
    ),
    "AG02": Words("code opération incorrect", "incorrect operation code"),
    "AG09": Words("paiement non reçu", "payment not received"),
    "AG10": Words("banque suspendue", "bank suspended"),
    "AG11": Words("banque du bénéficiaire suspendue", "the payee's bank is suspended"),
    "AM01": Words("montant égal à zéro", "the amount is zero"),
    "AM02": Words("montant non admis", "amount not allowed"),
    "AM03": Words("devise non admise", "currency not allowed"),
    "AM04": Words("provision insuffisante", "insufficient funds"),
    "AM05": Words("opération en double", "duplicate"),
    "AM09": Words("montant erroné", "wrong amount"),
    "AM12": Words("montant invalide", "invalid amount"),
    "AM14": Words("plafond dépassé", "the amount exceeds the agreed limit"),
    "AM23": Words("montant supérieur au plafond du virement instantané", "amount above the instant limit"),
    "ARDT": Words("virement déjà retourné", "already returned"),
    "BE04": Words("adresse du bénéficiaire absente ou incorrecte", "payee's address missing or incorrect"),
    "BE07": Words("adresse du payeur absente ou incorrecte", "payer's address missing or incorrect"),
    "BE22": Words("nom du bénéficiaire absent", "payee's name missing"),
    "CNOR": Words("banque du bénéficiaire non joignable", "the payee's bank is not registered"),
    "CUST": Words("à la demande du client", "by the customer's decision"),
    "DNOR": Words("banque du payeur non enregistrée", "the payer's bank is not registered"),
    "DT01": Words("date invalide", "invalid date"),
    "DUPL": Words("virement en double", "duplicate payment"),
    "ED05": Words("règlement interbancaire en échec", "settlement failed"),
    "ERIN": Words("option de virement instantané non offerte", "the instant option is not offered"),
    "FF01": Words("format de fichier invalide", "invalid file format"),
    "FOCR": Words("retour après une demande de rappel", "returned after a recall"),
    "FRAD": Words("fraude", "fraud"),
    "LEGL": Words("décision légale", "legal decision"),
    "MD07": Words("titulaire décédé", "account holder deceased"),
    "MS02": Words("raison non précisée par le client", "reason not given by the customer"),
    "MS03": Words("raison non précisée par la banque", "reason not given by the bank"),
    "NOAS": Words("pas de réponse du client", "no answer from the customer"),
    "NOOR": Words("virement d'origine non reçu", "the original transfer was not received"),
    "RC01": Words("BIC incorrect", "incorrect bank identifier"),
    "RR01": Words("compte ou identifiant du payeur absent", "payer's account or identifier missing"),
    "RR02": Words("nom ou adresse du payeur absent", "payer's name or address missing"),
    "RR03": Words("nom ou adresse du bénéficiaire absent", "payee's name or address missing"),
    "RR04": Words("raison réglementaire", "regulatory reason"),
    "TECH": Words("problème technique", "technical problem"),
    "TM01": Words("heure limite dépassée", "received after the cut-off time"),
}


class RejectReason(StrEnum):
    """Reasons with which this bank rejects before settlement: pain.002 to a customer, pacs.002 to a bank."""

    TIMEOUT_CREDITOR_AGENT = "AB05"
    CREDITOR_AGENT_ERROR = "AB09"
    ACCOUNT_NUMBER = "AC01"
    CREDITOR_ACCOUNT = "AC03"
    ACCOUNT_CLOSED = "AC04"
    ACCOUNT_BLOCKED = "AC06"
    FORBIDDEN_ON_ACCOUNT = "AG01"
    OPERATION_CODE = "AG02"
    ZERO_AMOUNT = "AM01"
    AMOUNT_NOT_ALLOWED = "AM02"
    CURRENCY = "AM03"
    INSUFFICIENT_FUNDS = "AM04"
    DUPLICATE = "AM05"
    ABOVE_AGREED_LIMIT = "AM14"
    ABOVE_INSTANT_LIMIT = "AM23"
    CREDITOR_ADDRESS = "BE04"
    DEBTOR_ADDRESS = "BE07"
    CREDITOR_BANK_UNKNOWN = "CNOR"
    INVALID_DATE = "DT01"
    SETTLEMENT_FAILED = "ED05"
    INSTANT_NOT_OFFERED = "ERIN"
    HOLDER_DECEASED = "MD07"
    CUSTOMER_UNSPECIFIED = "MS02"
    AGENT_UNSPECIFIED = "MS03"
    BIC = "RC01"
    DEBTOR_ACCOUNT_MISSING = "RR01"
    DEBTOR_NAME_MISSING = "RR02"
    CREDITOR_NAME_MISSING = "RR03"
    REGULATORY = "RR04"
    AFTER_CUTOFF = "TM01"


class ReturnReason(StrEnum):
    """Reasons with which this bank returns a transfer after settlement: pacs.004."""

    ACCOUNT_NUMBER = "AC01"
    CREDITOR_ACCOUNT = "AC03"
    ACCOUNT_CLOSED = "AC04"
    ACCOUNT_BLOCKED = "AC06"
    FORBIDDEN_ON_ACCOUNT = "AG01"
    OPERATION_CODE = "AG02"
    DUPLICATE = "AM05"
    CREDITOR_ADDRESS = "BE04"
    CREDITOR_BANK_UNKNOWN = "CNOR"
    FOLLOWING_RECALL = "FOCR"
    HOLDER_DECEASED = "MD07"
    CUSTOMER_UNSPECIFIED = "MS02"
    AGENT_UNSPECIFIED = "MS03"
    BIC = "RC01"
    DEBTOR_ACCOUNT_MISSING = "RR01"
    DEBTOR_NAME_MISSING = "RR02"
    CREDITOR_NAME_MISSING = "RR03"
    REGULATORY = "RR04"


class RecallReason(StrEnum):
    """Reasons for which a transfer is asked back: camt.056."""

    DUPLICATE = "DUPL"  # by the bank
    TECHNICAL = "TECH"  # by the bank
    FRAUD = "FRAD"  # by the bank
    CUSTOMER = "CUST"  # asked by the payer
    WRONG_ACCOUNT = "AC03"  # asked by the payer
    WRONG_AMOUNT = "AM09"  # asked by the payer


ASKED_BY_PAYER = frozenset({RecallReason.CUSTOMER, RecallReason.WRONG_ACCOUNT, RecallReason.WRONG_AMOUNT})


class RecallRefusal(StrEnum):
    """Reasons for which a recall is refused: camt.029."""

    ACCOUNT_CLOSED = "AC04"
    INSUFFICIENT_FUNDS = "AM04"
    ALREADY_RETURNED = "ARDT"
    CUSTOMER = "CUST"
    LEGAL = "LEGL"
    AGENT_UNSPECIFIED = "MS03"
    NO_ANSWER = "NOAS"
    NOT_RECEIVED = "NOOR"


_PROTECTED = frozenset({"AC04", "AM04"})


def protected(reason: str, *, data_protection: bool) -> str:
    """The reason to send: MS03 in place of AC04 and AM04 where the law forbids to tell the state of an
    account.
    """
    return "MS03" if data_protection and reason in _PROTECTED else reason


def words_of(reason: str) -> Words:
    """What a code means; a code that we do not know says itself."""
    return WORDS.get(reason, Words(f"code {reason}", f"code {reason}"))
