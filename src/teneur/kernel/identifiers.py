"""IBAN, RIB and BIC: read, checked, made and shown.

Sources: ISO 13616 (IBAN), ISO 7064 (mod 97), ISO 9362 (BIC), CFONB (RIB key).

An IBAN that begins with FR serves France, its overseas departments and also New Caledonia, French Polynesia
and Wallis and Futuna: it does not tell whether the bank is in the SEPA area; the country of its BIC does.
"""

import re
from enum import StrEnum
from functools import lru_cache
from typing import Final

import msgspec
from schwifty import BIC, IBAN
from schwifty.exceptions import (
    InvalidBBANChecksum,
    InvalidChecksumDigits,
    InvalidCountryCode,
    InvalidLength,
    SchwiftyException,
)

_WITH_RIB_KEY: Final = frozenset({"FR", "MC"})
# Countries whose banks' BIC names them, while their accounts bear the IBAN of another (ISO 13616 register).
_IBAN_COUNTRY: Final = {
    **dict.fromkeys(("BL", "GF", "GP", "MF", "MQ", "NC", "PF", "PM", "RE", "TF", "WF", "YT"), "FR"),
    **dict.fromkeys(("GG", "IM", "JE"), "GB"),
    "AX": "FI",
}
# Letters in an account number count as these digits in the RIB key: A 1 … I 9, J 1 … R 9, S 2 … Z 9.
_RIB_DIGITS: Final = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789")
_BLANKS: Final = re.compile(r"[\s\u00a0\u202f-]+")


class IdentifierError(ValueError):
    """An identifier that is not one. `problem` says what is wrong with it."""

    def __init__(self, message: str, problem: "IdentifierProblem") -> None:
        super().__init__(message)
        self.problem = problem


class IdentifierProblem(StrEnum):
    """What can be wrong with an identifier."""

    CHARACTERS = "characters"
    COUNTRY = "country"
    LENGTH = "length"
    CHECK_DIGITS = "check-digits"
    RIB_KEY = "rib-key"
    STRUCTURE = "structure"


class Iban(msgspec.Struct, frozen=True):
    """A valid IBAN in electronic form. branch_code is empty where the country has none."""

    value: str
    country: str
    bank_code: str
    branch_code: str
    account_number: str

    def __str__(self) -> str:
        return self.value


class Rib(msgspec.Struct, frozen=True):
    """A French account identity: bank and branch (5 digits each), account (11 digits or letters), key (2)."""

    bank_code: str
    branch_code: str
    account_number: str
    key: str
    iban: str


class Bic(msgspec.Struct, frozen=True):
    """A BIC as written. country: ISO 3166. full: the eleven characters, XXX being the head office."""

    value: str
    country: str
    full: str

    def __str__(self) -> str:
        return self.value


def compact(text: str) -> str:
    """What a person typed, in electronic form: no blanks or hyphens, capitals."""
    return _BLANKS.sub("", text).upper()


@lru_cache(maxsize=200_000)
def iban_problem(text: str) -> IdentifierProblem | None:
    """What is wrong with an IBAN in electronic form, or None if it is valid (RIB key included)."""
    if not (text.isascii() and text.isalnum() and text == text.upper()):
        return IdentifierProblem.CHARACTERS
    try:
        IBAN(text, validate_bban=text[:2] in _WITH_RIB_KEY)
    except InvalidCountryCode:
        return IdentifierProblem.COUNTRY
    except InvalidLength:
        return IdentifierProblem.LENGTH
    except InvalidBBANChecksum:
        return IdentifierProblem.RIB_KEY
    except InvalidChecksumDigits:
        return IdentifierProblem.CHECK_DIGITS
    except SchwiftyException:
        return IdentifierProblem.STRUCTURE
    return None


def is_valid_iban(text: str) -> bool:
    """Whether the text is a valid IBAN in electronic form."""
    return iban_problem(text) is None


@lru_cache(maxsize=200_000)
def parse_iban(text: str) -> Iban:
    """The IBAN of a text in electronic form (see `compact`). Raises IdentifierError."""
    problem = iban_problem(text)
    if problem is not None:
        raise IdentifierError(
            f"{text[:40]!r} is not a valid IBAN: wrong {problem.replace('-', ' ')}", problem
        )
    parts = IBAN(text, allow_invalid=True)
    account = parts.account_code
    return Iban(text, text[:2], parts.bank_code, parts.branch_code or "", account)


def format_iban(value: str) -> str:
    """The IBAN in groups of four, as printed for people."""
    return " ".join(value[at : at + 4] for at in range(0, len(value), 4))


@lru_cache(maxsize=20_000)
def parse_bic(text: str) -> Bic:
    """The BIC of eight or eleven characters. Raises IdentifierError."""
    try:
        if text != compact(text):
            raise IdentifierError(f"{text[:20]!r} is not a BIC: blanks or small letters", _CHARACTERS)
        code = BIC(text)
    except InvalidCountryCode as error:
        raise IdentifierError(f"{text[:20]!r} names no country", IdentifierProblem.COUNTRY) from error
    except InvalidLength as error:
        raise IdentifierError(
            f"{text[:20]!r} has not 8 or 11 characters", IdentifierProblem.LENGTH
        ) from error
    except SchwiftyException as error:
        raise IdentifierError(f"{text[:20]!r} is not a BIC", IdentifierProblem.STRUCTURE) from error
    return Bic(text, str(code.country_code), text.ljust(11, "X"))


_CHARACTERS: Final = IdentifierProblem.CHARACTERS


def bic_fits_iban(bic: Bic, iban: Iban) -> bool:
    """Whether a bank of the BIC's country can keep that IBAN (Nouméa's banks keep FR accounts)."""
    return _IBAN_COUNTRY.get(bic.country, bic.country) == iban.country


def rib_key(bank_code: str, branch_code: str, account_number: str) -> str:
    """The two digits that check a RIB: 97 − (89 × bank + 15 × branch + 3 × account) mod 97."""
    account = int(account_number.translate(_RIB_DIGITS))
    return f"{97 - (89 * int(bank_code) + 15 * int(branch_code) + 3 * account) % 97:02d}"


def make_rib(bank_code: str, branch_code: str, account_number: str) -> Rib:
    """The RIB of a new account with its key and IBAN.

    bank_code, branch_code: five digits each. account_number: up to eleven digits or capitals, filled with
    zeros on the left. Raises IdentifierError.
    """
    account = account_number.rjust(11, "0")
    for name, text, pattern in (
        ("bank code", bank_code, r"\d{5}"),
        ("branch code", branch_code, r"\d{5}"),
        ("account number", account, r"[0-9A-Z]{11}"),
    ):
        if re.fullmatch(pattern, text, re.ASCII) is None:
            raise IdentifierError(f"{name} {text!r}: expected {pattern}", IdentifierProblem.STRUCTURE)
    key = rib_key(bank_code, branch_code, account)
    bban = f"{bank_code}{branch_code}{account}{key}"
    check = 98 - int("".join(str(int(c, 36)) for c in f"{bban}FR00")) % 97
    return Rib(bank_code, branch_code, account, key, f"FR{check:02d}{bban}")


def rib_of(iban: Iban) -> Rib:
    """The RIB inside a French (or New Caledonian) IBAN. Raises IdentifierError for one of another country."""
    if iban.country != "FR":
        raise IdentifierError(f"{iban} is not a French account: it has no RIB", IdentifierProblem.COUNTRY)
    text = iban.value
    return Rib(text[4:9], text[9:14], text[14:25], text[25:27], text)
