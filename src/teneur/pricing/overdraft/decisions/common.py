"""What decisions on overdrafts share: the case they decide, who stands behind it, the effects on limits."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import msgspec

from teneur.accounts.governing import Governing, GoverningTerms, open_account
from teneur.accounts.rules import floor_minor
from teneur.agreements.agreement import Agreement, Citable
from teneur.agreements.terms.overdraft import OverdraftTerms
from teneur.customers.commands import StaffRole
from teneur.customers.facts import PERSON, STAFF, Staff
from teneur.customers.rules import are_two_cleared, is_cleared
from teneur.kernel.clock import Instant
from teneur.kernel.commands import Command, Decision, Effect, Facts, Need, Outcome
from teneur.kernel.obligations import Discharge
from teneur.ledger.account import ACCOUNT, Account
from teneur.ledger.effects import AccountChanged, changed
from teneur.pricing.overdraft.effects import AuthorisationEnds
from teneur.pricing.overdraft.facts import (
    AUTHORISATIONS,
    PAY_INSTALMENT,
    WATCH,
    Authorisation,
    AuthorisationKind,
    Watch,
    overlaps,
)

ADVISERS = frozenset({StaffRole.ADVISER})
BACK_OFFICE = frozenset({StaffRole.BACK_OFFICE})
SECONDS = frozenset({StaffRole.ADVISER, StaffRole.BACK_OFFICE})
ONE_DAY = timedelta(days=1)


class Case(msgspec.Struct, frozen=True):
    """What every decision on an overdraft looks at. at: when it was asked; day: the local day of it."""

    account: Account
    terms: GoverningTerms
    at: Instant
    day: date
    history: tuple[Authorisation, ...]
    watch: Watch = Watch()

    @property
    def agreement(self) -> Agreement:
        """The agreement that governs the account on the day."""
        return self.terms.agreement

    @property
    def overdraft(self) -> OverdraftTerms:
        """Its overdraft terms."""
        return self.terms.agreement.overdraft

    @property
    def designated(self) -> bool:
        """Whether the account was opened by right."""
        return self.agreement.accounts.designated.value

    def with_floor(self, limit_minor: int) -> AccountChanged:
        """The account with the floor that a limit gives from now on."""
        floor = floor_minor(limit_minor, self.agreement.accounts.balance)
        return changed(self.account, floor_minor=floor)


class OnOverdraft:
    """A handler of commands about the overdraft of one account."""

    def __init__(self, governing: Governing) -> None:
        self.governing = governing

    def needs(self, command: Command, facts: Facts) -> Iterable[Need]:
        """The account with its authorisations and holders, who asks, and who approves."""
        yield ACCOUNT, command.subject
        yield AUTHORISATIONS, command.subject
        yield WATCH, command.subject
        yield STAFF, command.actor
        approved_by = getattr(command.ask, "approved_by", None)
        if approved_by is not None:
            yield STAFF, approved_by
        account: Account | None = facts.peek(ACCOUNT, command.subject)
        for holder in account.holders if account is not None else ():
            yield PERSON, holder

    def case(self, command: Command, facts: Facts) -> Case | Decision:
        """The case, or why nothing can be asked of this account."""
        account = open_account(command, facts)
        if isinstance(account, Decision):
            return account
        day, terms = self.governing.on_day_of(account, command.received_at)
        history: tuple[Authorisation, ...] = facts.get(AUTHORISATIONS, command.subject) or ()
        watch: Watch = facts.get(WATCH, command.subject) or Watch()
        return Case(account, terms, command.received_at, day, history, watch)

    def accepted(
        self, case: Case, effects: Iterable[Effect], sources: Iterable[Citable], detail: Any = None
    ) -> Decision:
        """An acceptance on the local day, that cites what it rests on."""
        return Decision(
            Outcome.ACCEPTED,
            case.agreement.cite(*sources),
            effects=tuple(effects),
            detail=detail,
            booked_on=case.day,
        )


def two_persons_problem(
    command: Command, approved_by: int, facts: Facts, roles: frozenset[StaffRole] = ADVISERS
) -> str:
    """Why the two members of staff who stand behind a command are not enough, or an empty text."""
    first: Staff | None = facts.get(STAFF, command.actor)
    if not is_cleared(first, roles):
        return "not-authorised"
    second = facts.get(STAFF, approved_by)
    return "" if are_two_cleared(first, second, roles, SECONDS) else "second-person-missing"


def ends_from(
    history: Iterable[Authorisation], day: date, ended_by: str, at: Instant
) -> list[AuthorisationEnds | Discharge]:
    """The effects by which nothing known so far holds on that day or later. Instalments that were to be paid
    by then are owed no more: the plan ends with its steps."""
    cut = [a for a in history if overlaps(a, day, None)]
    ends: list[AuthorisationEnds | Discharge] = [
        AuthorisationEnds(
            account=a.account,
            authorisation=a.id,
            line=a.line,
            ends_on=max(day, a.starts_on) - ONE_DAY,
            ended_by=ended_by,
        )
        for a in cut
    ]
    ends += [
        Discharge(a.account, PAY_INSTALMENT, a.ends_on.isoformat(), ended_by, at)
        for a in cut
        if a.kind is AuthorisationKind.INSTALMENTS and a.ends_on is not None
    ]
    return ends
