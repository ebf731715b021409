"""Who the bank is: names, identifiers, branches."""

from dataclasses import dataclass

from teneur.agreements.parameters import Parameter


@dataclass(frozen=True)
class Branch:
    """A branch that keeps accounts. code: the five digits of the RIB (code guichet)."""

    name: Parameter[str]
    code: Parameter[str]
    physical: Parameter[bool]


@dataclass(frozen=True)
class BankTerms:
    """`bank.toml`.

    bank_code: five digits of the RIB (code banque). country: where it keeps its accounts (ISO 3166).
    iban_country: the country code of its IBANs (a Pacific territory's is FR). main_branch: a key of branches.
    """

    name: Parameter[str]
    short_name: Parameter[str]
    bank_code: Parameter[str]
    bic: Parameter[str]
    country: Parameter[str]
    iban_country: Parameter[str]
    main_branch: Parameter[str]
    branches: dict[str, Branch]
