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
}


def fault(code: str, *words: object, path: str = "", line: int = 0, value: str = "") -> Fault:
    """The fault of this code, its words filled in. The value is cut to 35 characters: enough to find it."""
    kind = _KINDS[code]
    iso = "AC03" if code == "iban-invalid" and "Cdtr" in path else kind.iso
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
