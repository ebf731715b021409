"""What can be wrong with a message: a stable code of ours, the ISO reason for the answer, and words for
people.

A fault of the file refuses the file whole; a fault of a transaction refuses that transaction alone. The ISO
reasons are of the external code list of status reasons (pain.002 and pacs.002).
"""

from typing import NamedTuple

import msgspec


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """One thing wrong. path: from the message element; line: in the file, 0 if unknown; value: an extract."""

    code: str
    iso: str
    french: str
    english: str
    path: str = ""
    line: int = 0
    value: str = ""


class FileRefusal(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to a file that is refused whole. faults: at least one, in the order found, at most
    MAX_FAULTS.
    """

    faults: tuple[Fault, ...]
    message_id: str = ""  # of the refused file, when it could be read

    @property
    def first(self) -> Fault:
        """The fault that a short answer names."""
        return self.faults[0]


class FileRefused(Exception):
    """Carries a refusal out of a stream; `read` functions turn it into the value."""

    def __init__(self, refusal: FileRefusal) -> None:
        super().__init__(refusal.first.english)
        self.refusal = refusal


class MessageError(ValueError):
    """We tried to write a message that the standard does not allow: an error of the program, with the
    element's path.
    """


MAX_FAULTS = 100


class _Kind(NamedTuple):
    iso: str
    french: str
    english: str


_BY_ROLE = "address"  # BE04 for the payee, BE07 for the payer
_KINDS = {
    # the file
    "file-empty": _Kind("FF01", "le fichier est vide", "the file is empty"),
    "file-too-large": _Kind("FF01", "le fichier dépasse {} octets", "the file is larger than {} bytes"),
    "file-too-many": _Kind(
        "FF01", "le fichier a plus de {} opérations", "the file has more than {} transactions"
    ),
    "record-too-large": _Kind(
        "FF01", "une opération dépasse {} octets", "one transaction is larger than {} bytes"
    ),
    "file-compressed": _Kind(
        "FF01", "le fichier est compressé : envoyez le XML", "the file is compressed: send the XML itself"
    ),
    "file-encoding": _Kind("FF01", "le fichier n'est pas en UTF-8 ({})", "the file is not in UTF-8 ({})"),
    "file-dtd": _Kind(
        "FF01", "une déclaration DOCTYPE n'est pas admise", "a DOCTYPE declaration is not allowed"
    ),
    "file-not-xml": _Kind("FF01", "le XML est mal formé : {}", "the XML is not well formed: {}"),
    "file-unknown-message": _Kind(
        "FF01", "message inconnu {} : attendu {}", "unknown message {}: expected {}"
    ),
    "count-mismatch": _Kind(
        "FF10",
        "le nombre d'opérations est {}, le fichier annonce {}",
        "there are {} transactions, the file says {}",
    ),
    "sum-mismatch": _Kind(
        "FF10",
        "la somme de contrôle est {}, le fichier annonce {}",
        "the control sum is {}, the file says {}",
    ),
    "currency-mismatch": _Kind(
        "AM03",
        "le total est en {}, pas toutes les opérations",
        "the total is in {}, not all transactions are",
    ),
    "group-recall": _Kind(
        "FF01", "une annulation par groupe n'est pas traitée", "a recall of a whole group is not handled"
    ),
    # elements
    "element-missing": _Kind("CH21", "élément obligatoire absent : {}", "required element missing: {}"),
    "element-not-admitted": _Kind(
        "CH17", "élément non admis à cet endroit : {}", "element not allowed here: {}"
    ),
    "element-repeated": _Kind(
        "CH17", "élément répété plus de {} fois", "element repeated more than {} times"
    ),
    "element-choice": _Kind("CH17", "un seul élément attendu parmi {}", "exactly one element expected of {}"),
    "text-not-admitted": _Kind("CH16", "texte non admis à cet endroit", "text not allowed here"),
    # contents
    "text-empty": _Kind("CH16", "contenu vide", "empty content"),
    "text-too-long": _Kind("CH16", "plus de {} caractères", "more than {} characters"),
    "code-unknown": _Kind("CH16", "code inconnu : {}", "unknown code: {}"),
    "number-invalid": _Kind("CH16", "nombre invalide", "invalid number"),
    "boolean-invalid": _Kind("CH16", "ni true ni false", "neither true nor false"),
    "date-invalid": _Kind("DT01", "date invalide", "invalid date"),
    "time-invalid": _Kind("DT01", "date et heure invalides", "invalid date and time"),
    "iban-invalid": _Kind("AC01", "IBAN mal formé", "the IBAN is not well formed"),
    "bic-invalid": _Kind("RC01", "BIC mal formé", "the BIC is not well formed"),
    "lei-invalid": _Kind("CH16", "LEI mal formé", "the LEI is not well formed"),
    "uetr-invalid": _Kind(
        "CH16", "UETR mal formé (UUID version 4)", "the UETR is not well formed (UUID version 4)"
    ),
    "country-invalid": _Kind("BE09", "code pays mal formé", "the country code is not well formed"),
    "amount-invalid": _Kind("AM12", "montant invalide", "invalid amount"),
    "amount-zero": _Kind("AM01", "le montant est zéro", "the amount is zero"),
    "amount-too-large": _Kind("AM02", "le montant est trop grand", "the amount is too large"),
    "amount-decimals": _Kind("CH20", "{} a {} décimales", "{} has {} decimals"),
    "currency-unknown": _Kind("AM03", "devise inconnue", "unknown currency"),
    # transfers
    "method-unsupported": _Kind(
        "CH16", "seul le virement (TRF) est traité", "only credit transfers (TRF) are handled"
    ),
    "equivalent-amount": _Kind(
        "CH17",
        "montant équivalent non admis : donnez le montant à virer",
        "equivalent amount not allowed: give the amount to transfer",
    ),
    "creditor-missing": _Kind("BE22", "le nom du bénéficiaire manque", "the payee's name is missing"),
    "creditor-account-missing": _Kind(
        "AC03", "le compte du bénéficiaire manque", "the payee's account is missing"
    ),
    # usage rules of a scheme
    "usage-currency": _Kind("AM03", "la devise doit être {}", "the currency must be {}"),
    "usage-amount": _Kind(
        "AM02", "montant hors des bornes du virement", "amount outside the bounds of the scheme"
    ),
    "usage-address-unstructured": _Kind(
        _BY_ROLE,
        "adresse non structurée refusée depuis le {:%d/%m/%Y} : donnez la ville et le pays",
        "unstructured address refused since {}: give town and country",
    ),
    "usage-address-incomplete": _Kind(
        _BY_ROLE, "l'adresse doit donner la ville et le pays", "the address must give town and country"
    ),
    "usage-address-lines": _Kind(
        _BY_ROLE, "plus de {} lignes d'adresse libres", "more than {} free address lines"
    ),
    "usage-iban": _Kind("AC01", "IBAN faux ({})", "wrong IBAN ({})"),
    "usage-iban-only": _Kind(
        "AC01", "le compte doit être donné par un IBAN", "the account must be given by an IBAN"
    ),
    "usage-rib": _Kind(
        "AC01", "RIB faux : 23 caractères, clé comprise", "wrong RIB: 23 characters with its key"
    ),
    "usage-area": _Kind("FF03", "le pays {} est hors de la zone", "country {} is outside the area"),
    "usage-bic": _Kind("RC01", "BIC inconnu", "no such BIC"),
    "usage-bic-only": _Kind(
        "RC01",
        "la banque doit être donnée par son BIC ou NOTPROVIDED",
        "name the bank by its BIC, or NOTPROVIDED",
    ),
    "usage-bic-iban": _Kind(
        "RC01", "le BIC est du pays {}, l'IBAN du pays {}", "the BIC is of country {}, the IBAN of {}"
    ),
    "usage-charges": _Kind("CH16", "les frais doivent être {}", "the charge bearer must be {}"),
    "usage-reference": _Kind(
        "CH16",
        "la référence a des caractères non admis, ou des / au bord ou doubles",
        "the reference has characters that are not allowed, or slashes at an end or together",
    ),
    "usage-characters": _Kind("CH16", "le nom n'a aucune lettre latine", "the name has no Latin letter"),
    "usage-name-length": _Kind(
        "CH16", "le nom a plus de {} caractères", "the name has more than {} characters"
    ),
    "usage-remittance-several": _Kind(
        "CH17", "un seul motif est admis", "only one remittance occurrence is allowed"
    ),
    "usage-remittance-length": _Kind(
        "CH15", "le motif a plus de {} caractères", "the remittance has more than {} characters"
    ),
    "usage-creditor-reference": _Kind(
        "CH16", "référence créancier fausse (ISO 11649)", "wrong creditor reference (ISO 11649)"
    ),
}


def fault(code: str, *words: object, path: str = "", line: int = 0, value: str = "") -> Fault:
    """The fault of this code, its words filled in. The value is cut to 35 characters: enough to find it."""
    kind = _KINDS[code]
    iso = kind.iso
    if iso == "AC01" and "Cdtr" in path:
        iso = "AC03"
    elif iso == _BY_ROLE:
        iso = "BE04" if "Cdtr" in path else "BE07"
    return Fault(
        code=code,
        iso=iso,
        french=kind.french.format(*words),
        english=kind.english.format(*words),
        path=path,
        line=line,
        value=value[:35],
    )


def refused(code: str, *words: object, path: str = "", line: int = 0, value: str = "") -> FileRefused:
    """The refusal of a whole file for one fault, ready to raise within a stream."""
    return FileRefused(FileRefusal(faults=(fault(code, *words, path=path, line=line, value=value),)))
