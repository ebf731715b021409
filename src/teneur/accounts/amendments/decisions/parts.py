"""What the handlers share: the account, its terms on the day, the change, and who asks."""

from collections.abc import Iterable
from datetime import date

import msgspec

from teneur.accounts.amendments.facts import (
    AMENDMENT,
    OF_ACCOUNT,
    AccountAmendment,
    Amendment,
    AmendmentKind,
    about,
)
from teneur.accounts.governing import Governing, GoverningTerms, open_account
from teneur.agreements.agreement import Agreement
from teneur.agreements.errors import AgreementError
from teneur.agreements.terms.amendments import AmendmentTerms
from teneur.customers.commands import StaffRole
from teneur.customers.facts import STAFF
from teneur.customers.rules import is_cleared
from teneur.kernel.commands import Command, Decision, Facts, Need, refuse
from teneur.ledger.account import ACCOUNT, Account
from teneur.ledger.contracts import Contract, Version

BACK_OFFICE = frozenset({StaffRole.BACK_OFFICE})
SECONDS = frozenset({StaffRole.ADVISER, StaffRole.BACK_OFFICE})
FRONT = frozenset({StaffRole.CLERK, StaffRole.ADVISER, StaffRole.BACK_OFFICE})
SEND_AMENDMENT = "send-amendment"
CLOSE_ACCOUNT = "close-account"


class Case(msgspec.Struct, frozen=True):
    """An open account on the local day of a command."""

    account: Account
    contract: Contract
    terms: GoverningTerms
    day: date
    history: tuple[AccountAmendment, ...]

    @property
    def agreement(self) -> Agreement:
        """The one that governs the account on the day, with its overrides."""
        return self.terms.agreement

    @property
    def rules(self) -> AmendmentTerms:
        """What it says of amendments."""
        return self.agreement.amendments

    @property
    def version(self) -> Version:
        """The version of the contract that is in force."""
        found = self.contract.in_force(max(self.day, self.account.opened_on))
        assert found is not None
        return found

    def entry(self, amendment: int) -> AccountAmendment | None:
        """How a change stands with the account."""
        return about(self.history, amendment)


class OnAccount:
    """A handler of commands whose subject is an account, perhaps about a planned change."""

    def __init__(self, governing: Governing) -> None:
        self.governing = governing

    def needs(self, command: Command, _facts: Facts) -> Iterable[Need]:
        """The account, how changes stand with it, the change, and who asks."""
        yield ACCOUNT, command.subject
        yield OF_ACCOUNT, command.subject
        yield STAFF, command.actor
        amendment = getattr(command.ask, "amendment", None)
        if amendment is not None:
            yield AMENDMENT, amendment

    def case(self, command: Command, facts: Facts) -> Case | Decision:
        """The account with its terms, or why nothing can be asked of it."""
        account = open_account(command, facts)
        if isinstance(account, Decision):
            return account
        assert account.contract is not None
        day, terms = self.governing.on_day_of(account, command.received_at)
        return Case(account, account.contract, terms, day, facts.get(OF_ACCOUNT, account.id) or ())

    def amendment(self, command: Command, case: Case, facts: Facts) -> Amendment | Decision:
        """The change that is asked about; refused where it is none of the account's series."""
        found: Amendment | None = facts.get(AMENDMENT, command.ask.amendment)  # type: ignore[attr-defined]
        if found is None or found.series != case.agreement.edition.series:
            return refuse("unknown-amendment", ())
        return refuse("amendment-withdrawn", ()) if found.withdrawn else found

    def is_new_to(self, case: Case, amendment: Amendment) -> bool:
        """Whether the account does not have the edition from its own contract already."""
        return is_new(self.governing, case.account, amendment)

    def unfit(self, case: Case, contract: Contract, from_day: date) -> Decision | None:
        """The refusal of a contract whose particular terms fit no parameter of its editions from a day on."""
        try:
            for version in contract.versions:
                if version.kind == "account" and version.valid_from >= from_day:
                    self.governing.of_version(version, case.account.branch)
        except AgreementError as error:
            return refuse("invalid-particular-terms", (), detail={"problem": str(error)})
        return None


def holder_refusal(command: Command, case: Case, facts: Facts, holder: int) -> Decision | None:
    """Refused unless a holder asks himself, or through a member of staff."""
    if holder not in case.account.holders:
        return refuse("not-a-holder", ())
    if command.actor == holder or is_cleared(facts.get(STAFF, command.actor), FRONT):
        return None
    return refuse("not-authorised", ())


def is_of_bank(command: Command, facts: Facts, roles: frozenset[StaffRole]) -> bool:
    """Whether the bank's day asks, or a member of staff in one of these roles."""
    return command.actor == 0 or is_cleared(facts.get(STAFF, command.actor), roles)


def is_new(governing: Governing, account: Account, amendment: Amendment) -> bool:
    """Whether the edition of a change is later than what the account's contract has by itself."""
    if account.contract is None or account.opened_on >= amendment.opened_before:
        return False
    if amendment.kind is AmendmentKind.TARIFF:
        return True
    editions = {a.id: a.edition for a in governing.agreements}
    latest = max((v for v in account.contract.versions if v.kind == "account"), key=lambda v: v.valid_from)
    return editions[latest.agreement].from_date < editions[amendment.edition].from_date
