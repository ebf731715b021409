"""The typed terms of an agreement, one module an area. An area is one TOML file of the agreement's folder.

A terms class is a frozen dataclass whose leaf fields are `Parameter[T]`; a nested dataclass is a nested
table, and `dict[str, X]` an open table whose keys the agreement chooses.
"""

from collections.abc import Mapping
from types import MappingProxyType

from teneur.agreements.terms.accounts import AccountTerms
from teneur.agreements.terms.agreement import AgreementTerms
from teneur.agreements.terms.amendments import AmendmentTerms
from teneur.agreements.terms.bank import BankTerms
from teneur.agreements.terms.calendar import CalendarTerms
from teneur.agreements.terms.cash import CashTerms
from teneur.agreements.terms.countries import CountryTerms
from teneur.agreements.terms.exchange import ExchangeTerms
from teneur.agreements.terms.interest import InterestTerms
from teneur.agreements.terms.notices import NoticeTerms
from teneur.agreements.terms.overdraft import OverdraftTerms
from teneur.agreements.terms.statements import StatementTerms
from teneur.agreements.terms.tariff import TariffTerms
from teneur.agreements.terms.transfers import TransfersTerms

# The areas of an account agreement: every folder has exactly these files.
AREAS: Mapping[str, type] = MappingProxyType(
    {
        "agreement": AgreementTerms,
        "bank": BankTerms,
        "countries": CountryTerms,
        "calendar": CalendarTerms,
        "accounts": AccountTerms,
        "cash": CashTerms,
        "transfers": TransfersTerms,
        "statements": StatementTerms,
        "notices": NoticeTerms,
        "overdraft": OverdraftTerms,
        "interest": InterestTerms,
        "tariff": TariffTerms,
        "amendments": AmendmentTerms,
        "exchange": ExchangeTerms,
    }
)
