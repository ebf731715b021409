"""Which terms govern an account on a day: the edition, with what its contract and its branch override."""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec

from teneur.agreements.agreement import Agreement, Agreements, Layer
from teneur.agreements.rules import ContractVersion
from teneur.agreements.terms.calendar import calendars
from teneur.kernel.calendars import Calendars
from teneur.kernel.clock import business_date, zone
from teneur.kernel.commands import Command, Decision, Facts, refuse
from teneur.ledger.account import ACCOUNT, Account, Status
from teneur.ledger.contracts import Contract, Version

# The ranks of precedence that mean the terms agreed with one customer (conditions particulières).
CUSTOMER_RANKS = ("particular-terms", "special-conditions")
BRANCH_RANK = "branch"
_REMEMBERED = 50_000


class GoverningTerms(msgspec.Struct, frozen=True, eq=False):
    """An agreement with its overrides, its calendars and its time zone."""

    agreement: Agreement
    calendars: Calendars
    zone: ZoneInfo


def open_account(command: Command, facts: Facts) -> Account | Decision:
    """The customer's account that a command is about, or why nothing can be asked of it."""
    account: Account | None = facts.get(ACCOUNT, command.subject)
    if account is None or account.contract is None:
        return refuse("unknown-account", ())
    return refuse("account-closed", ()) if account.status is Status.CLOSED else account


class Governing:
    """Finds and remembers governing terms. Immutable data behind it, so one may serve every thread.

    branch_terms: by agreement id and branch code, dotted parameter path -> value, as in the files.
    """

    def __init__(
        self,
        agreements: Agreements,
        branch_terms: Mapping[tuple[str, str], Mapping[str, object]] | None = None,
    ) -> None:
        self.agreements = agreements
        self._branch_terms = dict(branch_terms or {})
        self._found: dict[tuple[int, str, date], tuple[Contract, GoverningTerms | None]] = {}
        self._terms: dict[int, GoverningTerms] = {}

    def of_account(self, account: Account, on: date) -> GoverningTerms:
        """The terms of a customer's account on a day; before its first day, those of its first day.

        Raises LookupError for one of the bank's own accounts: no agreement governs it.
        """
        if account.contract is None:
            raise LookupError(f"{account!r} has no contract: no agreement governs it")
        terms = self.of_contract(account.contract, max(on, account.opened_on), account.branch)
        if terms is None:
            raise LookupError(f"{account!r} has no account agreement on {on}")
        return terms

    def on_day_of(self, account: Account, at: datetime) -> tuple[date, GoverningTerms]:
        """The local day of an instant where the account is kept, and the terms on that day."""
        day = business_date(at, self.of_account(account, at.date()).zone)
        return day, self.of_account(account, day)

    def of_contract(self, contract: Contract, on: date, branch: str = "") -> GoverningTerms | None:
        """The terms of a contract for what is concluded that day; None before its first day."""
        key = (id(contract), branch, on)
        found = self._found.get(key)
        if found is None:
            if len(self._found) >= _REMEMBERED:
                self._found.clear()
            version = self._version(contract, on)
            found = (contract, None if version is None else self.of_version(version, branch))
            self._found[key] = found
        return found[1]

    def of_version(self, version: Version, branch: str = "") -> GoverningTerms:
        """The terms of one version. Raises AgreementError where its particular terms fit no parameter."""
        agreement = self.agreements[version.agreement]
        ranks = agreement.about.precedence.value
        layers = []
        if version.particular:
            rank = next((r for r in CUSTOMER_RANKS if r in ranks), ranks[0])
            layers.append(Layer(rank, f"contract of {version.valid_from}", version.particular))
        if of_branch := self._branch_terms.get((agreement.id, branch)):
            layers.append(Layer(BRANCH_RANK, f"branch {branch}", of_branch))
        return self.of_agreement(agreement.with_overrides(layers))

    def of_agreement(self, agreement: Agreement) -> GoverningTerms:
        """An agreement with its calendars and its zone."""
        terms = self._terms.get(id(agreement))
        if terms is None or terms.agreement is not agreement:
            if len(self._terms) >= _REMEMBERED:
                self._terms.clear()
            terms = GoverningTerms(
                agreement, calendars(agreement.calendar, agreement.currency), zone(agreement.zone)
            )
            self._terms[id(agreement)] = terms
        return terms

    def _version(self, contract: Contract, on: date) -> Version | None:
        of_account = (v for v in contract.versions if v.kind == "account")
        versions = {ContractVersion(v.agreement, v.valid_from): v for v in of_account}
        chosen = self.agreements.version_for(versions, on)
        return None if chosen is None else versions[chosen]
