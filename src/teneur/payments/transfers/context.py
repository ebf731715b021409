"""What decisions about transfers know beside facts: terms in force, directory of banks, screening list.

All of it is constant while the program runs; a new list or directory is a new context.
"""

from datetime import UTC, date, datetime

from teneur.accounts.governing import Governing, GoverningTerms
from teneur.accounts.rules import may_order
from teneur.agreements.terms.transfers import TransfersTerms
from teneur.kernel.clock import business_date, end_of_day, start_of_day
from teneur.ledger.account import Account
from teneur.ledger.contracts import Contract
from teneur.payments.transfers.rules.directory import Directory
from teneur.payments.transfers.rules.geography import Bank
from teneur.payments.transfers.rules.plan import Plans
from teneur.payments.transfers.rules.screening import ScreeningList

_REMEMBERED = 50_000


class Terms:
    """One agreement as it governs transfers: its parameters, plans, calendars and place."""

    __slots__ = (
        "_day", "agreement", "calendars", "home", "own_code", "plans", "switched_on", "transfers", "zone",
    )  # fmt: skip

    def __init__(self, governing: GoverningTerms, switched_on: tuple[int, ...]) -> None:
        agreement = governing.agreement
        self.agreement = agreement
        self.calendars = governing.calendars
        self.zone = governing.zone
        self.transfers: TransfersTerms = agreement.transfers
        self.plans = Plans(agreement, self.calendars)
        bank = agreement.bank
        self.own_code = (bank.iban_country.value, bank.bank_code.value)
        self.home = Bank(bank.country.value, own=True, com_pacific=True, instant=True)
        self.switched_on = switched_on
        self._day = (datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC), date.min)

    def local_day(self, at: datetime) -> date:
        """The local day of an instant in the agreement's zone; the day last asked for is remembered."""
        first, last, day = self._day
        if first <= at <= last:
            return day
        day = business_date(at, self.zone)
        self._day = (start_of_day(day, self.zone), end_of_day(day, self.zone), day)
        return day

    def keeps(self, iban: str) -> bool:
        """Whether an IBAN is one of the bank's own."""
        return iban.startswith(self.own_code[0]) and iban[4 : 4 + len(self.own_code[1])] == self.own_code[1]


class TransferContext:
    """One for the whole bank; what it remembers is always right, so threads may share it."""

    def __init__(
        self,
        governing: Governing,
        directory: Directory | None = None,
        screening: ScreeningList | None = None,
    ) -> None:
        self.governing = governing
        self.directory = directory or Directory()
        self.screening = screening
        self._found: dict[tuple[int, str, date], tuple[Contract, Terms | None]] = {}
        self._built: dict[tuple[int, tuple[int, ...]], tuple[GoverningTerms, Terms]] = {}
        self._latest: dict[tuple[int, str], tuple[datetime, datetime, Contract, Terms]] = {}

    def terms(self, account: Account, at: datetime) -> Terms | None:
        """The terms that govern what is concluded then, by the local day; None before there are any."""
        contract = account.contract
        if contract is None:
            return None
        key = (id(contract), account.branch)
        latest = self._latest.get(key)
        if latest is not None and latest[0] <= at <= latest[1]:
            return latest[3]
        found = self._then(contract, account.branch, at)
        if found is not None:  # the same all day long
            if len(self._latest) >= _REMEMBERED:
                self._latest.clear()
            day = found.local_day(at)
            self._latest[key] = (start_of_day(day, found.zone), end_of_day(day, found.zone), contract, found)
        return found

    def _then(self, contract: Contract, branch: str, at: datetime) -> Terms | None:
        day = at.date()
        found = self._on(contract, branch, day)
        if found is not None:
            local_day = found.local_day(at)
            if local_day != day:
                found = self._on(contract, branch, local_day)
        else:
            found = self._on(contract, branch, contract.versions[0].valid_from)
            if found is not None and found.local_day(at) < contract.versions[0].valid_from:
                return None
        return found

    def _on(self, contract: Contract, branch: str, day: date) -> Terms | None:
        key = (id(contract), branch, day)
        found = self._found.get(key)
        if found is None:
            if len(self._found) >= _REMEMBERED:
                self._found.clear()
            governing = self.governing.of_contract(contract, day, branch)
            version = contract.in_force(day)
            switched_on = () if version is None else version.switched_on
            terms = None if governing is None else self._build(governing, switched_on)
            found = self._found[key] = (contract, terms)
        return found[1]

    def _build(self, governing: GoverningTerms, switched_on: tuple[int, ...]) -> Terms:
        key = (id(governing), switched_on)
        built = self._built.get(key)
        if built is None:
            built = self._built[key] = (governing, Terms(governing, switched_on))
        return built[1]

    def may_order(self, account: Account, terms: Terms, person: int) -> bool:
        """Whether that person alone may order from the account."""
        return may_order(account, person, terms.agreement.accounts)

    def bank_of(self, terms: Terms, iban: str, bic: str) -> Bank:
        """The bank that keeps an account with a valid IBAN; this bank if the IBAN is one of its own."""
        return terms.home if terms.keeps(iban) else self.directory.bank_of(iban, bic)
