"""Decisions on accounts: opening, other editions, sums made unavailable, keeping branch."""

from collections.abc import Iterable
from datetime import date, datetime

from teneur.accounts import rules
from teneur.accounts.amendments.rules.contract import contract_set
from teneur.accounts.commands import ChangeBranch, MoveToAgreement, OpenAccount, SetUnavailable
from teneur.accounts.governing import Governing, GoverningTerms, open_account
from teneur.agreements.agreement import Agreement
from teneur.agreements.errors import AgreementError
from teneur.agreements.register import PREFIXES
from teneur.agreements.rules import (
    agreement_of_new_account,
    edition_in_force,
    ends_on,
    is_eligible,
    version_of_operation,
)
from teneur.customers.commands import StaffRole
from teneur.customers.facts import PERSON, STAFF, Person
from teneur.customers.rules import are_two_cleared, is_adult, is_cleared
from teneur.kernel.clock import business_date, end_of_day
from teneur.kernel.commands import (
    AccountId,
    Command,
    Decision,
    Effect,
    Facts,
    Need,
    Outcome,
    account_id,
    book_of,
    refuse,
)
from teneur.kernel.money import CURRENCIES
from teneur.kernel.notices import Notify
from teneur.kernel.obligations import Owe
from teneur.ledger.account import ACCOUNT, AccountKind
from teneur.ledger.chart import Role, own_account
from teneur.ledger.contracts import Contract, Version
from teneur.ledger.effects import NEXT_NUMBER, AccountOpened, changed
from teneur.ledger.registry import Kind
from teneur.pricing.fees.rules import prices
from teneur.pricing.fees.rules.collection import tariff_given_at

OPENERS = frozenset({StaffRole.CLERK, StaffRole.ADVISER})
ADVISERS = frozenset({StaffRole.ADVISER})
BACK_OFFICE = frozenset({StaffRole.BACK_OFFICE})
SECONDS = frozenset({StaffRole.ADVISER, StaffRole.BACK_OFFICE})
DELIVER_RIB = "deliver-rib"
AGREEMENT_ENDS = "agreement-ends"
DELIVER_TARIFF = "deliver-tariff"


def channels_can_be_switched_on(channels: Iterable[int], agreement: Agreement) -> bool:
    """Whether the agreement lets a specific agreement add each of these channels to some kind of transfer."""
    tables = agreement.transfers.ordering.by_specific_agreement.values()
    addable = {channel for table in tables for found in table.values() for channel in found.value}
    return addable.issuperset(channels)


class OpenAccountHandler:
    """A new account with its holders, its contract and its IBAN."""

    def __init__(self, governing: Governing) -> None:
        self._governing = governing

    def needs(self, command: Command, _facts: Facts) -> Iterable[Need]:
        """Who asks, the holders, the next free number, and whether the book runs in that currency."""
        ask: OpenAccount = command.ask  # type: ignore[assignment]
        book = book_of(command.subject)
        yield STAFF, command.actor
        yield NEXT_NUMBER, book
        for holder in ask.holders:
            yield PERSON, holder
        if ask.currency in CURRENCIES:
            yield ACCOUNT, own_account(book, Role.CASH, ask.currency)

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused unless staff asks and the agreement accepts party, purpose, holders and branch."""
        ask: OpenAccount = command.ask  # type: ignore[assignment]
        book = book_of(command.subject)
        if not is_cleared(facts.get(STAFF, command.actor), OPENERS):
            return refuse("not-authorised", ())
        if ask.kind not in (AccountKind.INDIVIDUAL, AccountKind.JOINT):
            return refuse("invalid-field", (), detail={"field": "kind"})
        if ask.currency not in CURRENCIES:
            return refuse("unknown-currency", ())
        if facts.get(ACCOUNT, own_account(book, Role.CASH, ask.currency)) is None:
            return refuse(
                "currency-not-kept", (), detail={"why": "the book has no accounts in this currency"}
            )
        agreement = self._agreement(ask, command)
        if agreement is None:
            return refuse("no-agreement-in-force", (), detail={"series": ask.series})
        if not channels_can_be_switched_on(ask.switched_on, agreement):
            return refuse("invalid-field", (), detail={"field": "switched_on"})
        day = self._day(agreement, command)
        version = Version(agreement.id, day, "account", ask.particular, ask.switched_on)
        try:
            terms = self._governing.of_version(version, ask.branch)
        except AgreementError as error:
            return refuse("invalid-particular-terms", (), detail={"problem": str(error)})
        refusal = self._refusal(ask, terms, version.valid_from, facts)
        return refusal or self._opened(command, ask, terms, version, facts)

    def _agreement(self, ask: OpenAccount, command: Command) -> Agreement | None:
        """The edition to contract under: the specific one that is named, else the one in force that day."""
        agreements = self._governing.agreements
        series = [a for a in agreements if a.edition.series == ask.series]
        if not series:
            return None
        edition = edition_in_force([a.edition for a in series], ask.series, self._day(series[0], command))
        chosen = agreement_of_new_account(edition, ask.specific_agreement)
        return agreements[chosen] if chosen is not None and chosen in agreements else None

    def _day(self, agreement: Agreement, command: Command) -> date:
        return business_date(command.received_at, self._governing.of_agreement(agreement).zone)

    def _refusal(self, ask: OpenAccount, terms: GoverningTerms, day: date, facts: Facts) -> Decision | None:
        agreement = terms.agreement
        cite = agreement.cite
        if not is_eligible(ask.party, ask.purpose, agreement.about):
            return refuse("not-eligible", cite(is_eligible, agreement.about.eligible_party.kinds))
        holders = rules.holder_terms(ask.kind, agreement.accounts)
        if len(set(ask.holders)) != len(ask.holders) or not rules.holder_count_fits(
            len(ask.holders), holders
        ):
            return refuse("wrong-number-of-holders", cite(rules.holder_count_fits, holders.maximum))
        for holder in ask.holders:
            person: Person | None = facts.get(PERSON, holder)
            if person is None:
                return refuse("unknown-person", (), detail={"person": holder})
            if not is_adult(person.birth_date, day):
                return refuse("minor", (), detail={"person": holder})
        branches = (ask.branch,) if ask.branch else ()
        if not rules.kept_by_right_branches(branches, agreement.accounts, agreement.bank):
            return refuse("unknown-branch", cite(rules.kept_by_right_branches))
        if ask.authentication and ask.authentication not in PREFIXES:
            return refuse("unknown-agreement", (), detail={"agreement": ask.authentication})
        return None

    def _opened(
        self, command: Command, ask: OpenAccount, terms: GoverningTerms, version: Version, facts: Facts
    ) -> Decision:
        agreement, day = terms.agreement, version.valid_from
        book = book_of(command.subject)
        account = account_id(book, facts.get(NEXT_NUMBER, book) or 0)
        rib = rules.rib_of_account(account, ask.branch, agreement.bank)
        versions = [version]
        if ask.authentication:
            versions.append(Version(ask.authentication, day, "authentication"))
        contract = Contract(tuple(versions))
        opened = AccountOpened(
            account,
            ask.kind,
            ask.currency,
            day,
            floor_minor=rules.floor_minor(0, agreement.accounts.balance),
            holders=ask.holders,
            contract=contract,
            branch=ask.branch,
            iban=rib.iban,
            label=ask.label,
        )
        effects: list[Effect] = [opened]
        rib_terms = agreement.statements.rib
        due = rules.rib_due(command.received_at, rib_terms, terms.zone)
        if due is not None:
            clause = "".join(agreement.cite(rules.rib_due, rib_terms.on_opening)[:1])  # none: our default
            effects.append(Owe(account, DELIVER_RIB, rib.iban, clause, command.received_at, due.due_at))
        effects += _tariff_given(account, command.received_at, day, agreement)
        last_day = ends_on(day, agreement.about)
        if last_day is not None:
            clause = agreement.cite(ends_on, agreement.about.term_months)[0]
            due_at = end_of_day(last_day, terms.zone)
            effects.append(Owe(account, AGREEMENT_ENDS, agreement.id, clause, command.received_at, due_at))
        citations = agreement.cite(
            is_eligible,
            edition_in_force,
            agreement_of_new_account,
            contract_set,
            rules.holder_count_fits,
            rules.kept_by_right_branches,
            rules.floor_minor,
            rules.rib_due,
            ends_on,
            *([tariff_given_at] if agreement.tariff.delivered.value else []),
        )
        documents = [[c.kind, c.id, c.version] for c in contract_set(contract, day, agreement)]
        detail = {
            "account": account,
            "iban": rib.iban,
            "agreement": agreement.id,
            "opened_on": day,
            "contract": documents,
        }
        return Decision(Outcome.ACCEPTED, citations, effects=tuple(effects), detail=detail, booked_on=day)


def _tariff_given(
    account: AccountId, opened_at: datetime, day: date, agreement: Agreement
) -> tuple[Effect, ...]:
    """The tariff in force goes to the customer: owed at once, and done when the notice is sent."""
    tariff = agreement.tariff
    at = tariff_given_at(opened_at, delivered=tariff.delivered.value)
    if at is None:
        return ()
    edition = prices.edition_in_force(day, tariff)
    clause = "".join(agreement.cite(tariff_given_at, tariff.delivered)[:1])  # none: our default
    values = (("agreement", agreement.id), ("edition", edition))
    return (
        Owe(account, DELIVER_TARIFF, edition, clause, at, at),
        Notify(account, "tariff", edition, values, at, DELIVER_TARIFF),
    )


class _OnAccount:
    """What the other handlers share: the account, its terms on the day, and who stands behind the command."""

    def __init__(self, governing: Governing) -> None:
        self._governing = governing

    def needs(self, command: Command, _facts: Facts) -> Iterable[Need]:
        """The account, who asks, and who approves."""
        yield ACCOUNT, command.subject
        yield STAFF, command.actor
        approved_by = getattr(command.ask, "approved_by", None)
        if approved_by is not None:
            yield STAFF, approved_by


class MoveToAgreementHandler(_OnAccount):
    """Another edition or other particular terms from a day on; what was concluded before keeps its own."""

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused for a day in the past, an edition not in force on the day, or one of another bank."""
        ask: MoveToAgreement = command.ask  # type: ignore[assignment]
        account = open_account(command, facts)
        if isinstance(account, Decision):
            return account
        if not is_cleared(facts.get(STAFF, command.actor), ADVISERS):
            return refuse("not-authorised", ())
        day, now = self._governing.on_day_of(account, command.received_at)
        agreements = self._governing.agreements
        if ask.agreement not in agreements:
            return refuse("unknown-agreement", (), detail={"agreement": ask.agreement})
        agreement = agreements[ask.agreement]
        if agreement.edition.series != now.agreement.edition.series:
            return refuse("other-bank", (), detail={"series": agreement.edition.series})
        if ask.valid_from < day:
            return refuse("retroactive", now.agreement.cite(version_of_operation))
        edition = edition_in_force([agreement.edition], agreement.edition.series, ask.valid_from)
        if edition is None:
            return refuse("no-agreement-in-force", agreement.cite(edition_in_force))
        if not channels_can_be_switched_on(ask.switched_on, agreement):
            return refuse("invalid-field", (), detail={"field": "switched_on"})
        version = Version(agreement.id, ask.valid_from, "account", ask.particular, ask.switched_on)
        try:
            self._governing.of_version(version, account.branch)
        except AgreementError as error:
            return refuse("invalid-particular-terms", (), detail={"problem": str(error)})
        assert account.contract is not None
        change = changed(account, contract=account.contract.moved_to(version))
        citations = agreement.cite(version_of_operation, edition_in_force)
        return Decision(Outcome.ACCEPTED, citations, effects=(change,), booked_on=day)


class SetUnavailableHandler(_OnAccount):
    """A sum of the balance that nobody may use, or may use again."""

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused without two members of staff, and beyond what is there."""
        ask: SetUnavailable = command.ask  # type: ignore[assignment]
        account = open_account(command, facts)
        if isinstance(account, Decision):
            return account
        first, second = facts.get(STAFF, command.actor), facts.get(STAFF, ask.approved_by)
        if not is_cleared(first, BACK_OFFICE):
            return refuse("not-authorised", ())
        if not are_two_cleared(first, second, BACK_OFFICE, SECONDS):
            return refuse("second-person-missing", ())
        day, terms = self._governing.on_day_of(account, command.received_at)
        balance = terms.agreement.accounts.balance
        if not ask.reason.strip():
            return refuse("invalid-field", (), detail={"field": "reason"})
        most = max(account.unavailable_minor, rules.largest_unavailable_minor(account, balance))
        if not 0 <= ask.unavailable_minor <= most:
            return refuse("amount-out-of-range", terms.agreement.cite(rules.usable_minor))
        change = changed(account, unavailable_minor=ask.unavailable_minor)
        citations = terms.agreement.cite(rules.usable_minor, balance.unavailable_sums_count)
        return Decision(Outcome.ACCEPTED, citations, effects=(change,), booked_on=day)


class ChangeBranchHandler(_OnAccount):
    """Another branch keeps the account."""

    def decide(self, command: Command, facts: Facts) -> Decision:
        """Refused unless it is exactly one branch of the bank, and another than before."""
        ask: ChangeBranch = command.ask  # type: ignore[assignment]
        account = open_account(command, facts)
        if isinstance(account, Decision):
            return account
        if not is_cleared(facts.get(STAFF, command.actor), SECONDS):
            return refuse("not-authorised", ())
        day, terms = self._governing.on_day_of(account, command.received_at)
        agreement = terms.agreement
        branches = (ask.branch,) if ask.branch else ()
        if not rules.kept_by_right_branches(branches, agreement.accounts, agreement.bank):
            return refuse("unknown-branch", agreement.cite(rules.kept_by_right_branches))
        if ask.branch == account.branch:
            return refuse("nothing-changes", ())
        citations = agreement.cite(rules.kept_by_right_branches)
        change = changed(account, branch=ask.branch)
        return Decision(Outcome.ACCEPTED, citations, effects=(change,), booked_on=day)


def kinds(governing: Governing) -> tuple[Kind, ...]:
    """The kinds of command of accounts (21, the overdraft's limit, is decided where overdrafts are)."""
    return (
        Kind(20, "open-account", OpenAccount, OpenAccountHandler(governing)),
        Kind(22, "move-to-agreement", MoveToAgreement, MoveToAgreementHandler(governing)),
        Kind(23, "set-unavailable", SetUnavailable, SetUnavailableHandler(governing)),
        Kind(24, "change-branch", ChangeBranch, ChangeBranchHandler(governing)),
    )
