"""What decisions about transfers know beside facts: agreements in force, directory of banks, screening list.

All of it is constant while the program runs; a new list or directory is a new context.
"""

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from teneur.agreements.agreement import Agreement, Agreements, Layer
from teneur.agreements.terms.calendar import calendars
from teneur.agreements.terms.transfers import TransfersTerms
from teneur.kernel.calendars import Calendars
from teneur.kernel.clock import business_date, zone
from teneur.ledger.account import Account
from teneur.ledger.contracts import Contract
from teneur.payments.transfers.rules.directory import Directory
from teneur.payments.transfers.rules.geography import Bank
from teneur.payments.transfers.rules.plan import Plans
from teneur.payments.transfers.rules.screening import ScreeningList

PARTICULAR_RANK = 0  # the first of the agreement's precedence list


class Terms:
    """One agreement as it governs transfers: its parameters, plans, calendars and place."""

    __slots__ = ("agreement", "calendars", "home", "own_code", "plans", "switched_on", "transfers", "zone")

    def __init__(self, agreement: Agreement, switched_on: tuple[int, ...] = ()) -> None:
        self.agreement = agreement
        self.transfers: TransfersTerms = agreement.transfers
        self.calendars: Calendars = calendars(agreement.calendar, agreement.currency)
        self.plans = Plans(agreement, self.calendars)
        self.zone: ZoneInfo = zone(agreement.zone)
        bank = agreement.bank
        self.own_code = (bank.iban_country.value, bank.bank_code.value)
        self.home = Bank(bank.country.value, own=True, com_pacific=True, instant=True)
        self.switched_on = switched_on

    def local_day(self, at: datetime) -> date:
        """The local day of an instant in the agreement's zone."""
        return business_date(at, self.zone)

    def keeps(self, iban: str) -> bool:
        """Whether an IBAN is one of the bank's own."""
        return iban.startswith(self.own_code[0]) and iban[4 : 4 + len(self.own_code[1])] == self.own_code[1]


class TransferContext:
    """may_order(account, person): whether that person alone may order from the account (a rule of the
    accounts)."""

    def __init__(
        self,
        agreements: Agreements,
        may_order: Callable[[Account, int], bool],
        directory: Directory | None = None,
        screening: ScreeningList | None = None,
    ) -> None:
        self.agreements = agreements
        self.may_order = may_order
        self.directory = directory or Directory()
        self.screening = screening
        self._terms: dict[tuple[int, date], tuple[Contract, Terms | None]] = {}
        self._built: dict[tuple[str, str, tuple[int, ...]], Terms] = {}

    def terms(self, account: Account, at: datetime) -> Terms | None:
        """The terms that govern an operation concluded then; None where no agreement is in force yet."""
        contract = account.contract
        if contract is None:
            return None
        key = (id(contract), at.date())
        found = self._terms.get(key)
        if found is None:
            if len(self._terms) > 100_000:
                self._terms.clear()
            found = self._terms[key] = (contract, self._find(contract, at))
        return found[1]

    def _find(self, contract: Contract, at: datetime) -> Terms | None:
        """The version of the local day decides; the zone is that of the version itself."""
        version = contract.in_force(at.date())
        for candidate in contract.versions:
            local = business_date(at, zone(self.agreements[candidate.agreement].zone))
            if candidate.kind == "account" and candidate.valid_from <= local:
                version = candidate
        if version is None:
            return None
        key = (version.agreement, repr(sorted(version.particular.items())), version.switched_on)
        built = self._built.get(key)
        if built is None:
            agreement = self.agreements[version.agreement]
            if version.particular:
                rank = agreement.about.precedence.value[PARTICULAR_RANK]
                agreement = agreement.with_overrides([Layer(rank, "particular terms", version.particular)])
            built = self._built[key] = Terms(agreement, version.switched_on)
        return built

    def bank_of(self, terms: Terms, iban: str, bic: str) -> Bank:
        """The bank that keeps an account with a valid IBAN; this bank if the IBAN is one of its own."""
        return terms.home if terms.keeps(iban) else self.directory.bank_of(iban, bic)
