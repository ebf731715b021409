"""What a day that has ended changes about an overdraft: pure, for the decision and the selection."""

from collections.abc import Iterable
from datetime import date, timedelta

import msgspec

from teneur.accounts.rules import floor_minor
from teneur.agreements.agreement import Citable
from teneur.kernel.commands import AccountId, Effect
from teneur.kernel.fees import FeeDue
from teneur.kernel.money import has_parity, parity_up
from teneur.kernel.notices import Notify
from teneur.kernel.obligations import Discharge, Owe
from teneur.pricing.overdraft import rules
from teneur.pricing.overdraft.decisions.common import Case
from teneur.pricing.overdraft.effects import ClaimChanges, EpisodeBegins, EpisodeChanges
from teneur.pricing.overdraft.facts import (
    PAY_INSTALMENT,
    Authorisation,
    AuthorisationKind,
    ClaimStatus,
    Episode,
    EpisodeKind,
    Stage,
    Watch,
    in_force,
    limit_on,
)

INFORM_OF_EXCESS = "inform-of-excess"
LOOK_INTO_OVERDRAFT = "look-into-overdraft"
INFORM_OF_SIGNIFICANT_EXCESS = "inform-of-significant-excess"
OFFER_OTHER_CREDIT = "offer-other-credit"
REPAY_OVERDRAFT = "repay-overdraft"
DECLARE_TO_FICP = "declare-to-ficp"
EXCESS_LETTER_FEE = "overdraft-letter"
ONE_DAY = timedelta(days=1)


class Review(msgspec.Struct, frozen=True):
    """What is to be done: the effects, and the rules that ask for them."""

    effects: tuple[Effect, ...]
    citations: tuple[str, ...]


class _Reviewing:
    """One review: an account, the day that has ended, its balance at the end of it."""

    def __init__(self, case: Case, watch: Watch, day: date, balance_minor: int) -> None:
        self.case = case
        self.watch = watch
        self.day = day
        self.balance_minor = balance_minor
        self.limit_minor = limit_on(case.history, day)
        self.next_limit_minor = limit_on(case.history, day + ONE_DAY)
        self.at = case.at
        self.effects: list[Effect] = []
        self.sources: list[Citable] = []

    @property
    def account(self) -> AccountId:
        return self.case.account.id

    def floor(self) -> None:
        """The limit of the present day, whichever day is reviewed; a tolerance of a day before is over."""
        change = self.case.with_floor(limit_on(self.case.history, self.case.day))
        if change.floor_minor != self.case.account.floor_minor:
            self.effects.append(change)
            self.sources.append(floor_minor)

    def debit(self) -> None:
        """Days in debit: day 1, back at zero, day 31."""
        running = self.watch.running(EpisodeKind.DEBIT)
        if self.balance_minor >= 0:
            self._end(running)
            return
        if running is None:
            running = self._begin(EpisodeKind.DEBIT)
        now = in_force(self.case.history, self.day)
        kind = now.kind if now else None
        too_long = rules.is_too_long(running.began_on, self.day, kind, self.case.overdraft.use)
        if running.stage is Stage.FOUND and too_long:
            self._advance(running, Stage.TOLD)
            clause = self._clause(rules.is_too_long)
            about = _about(running)
            self.effects += (
                Owe(self.account, LOOK_INTO_OVERDRAFT, about, clause, self.at, None),
                Notify(
                    self.account,
                    "overdraft-too-long",
                    about,
                    (
                        ("days", rules.days_in_debit(running.began_on, self.day)),
                        ("began_on", running.began_on.isoformat()),
                        ("balance_minor", self.balance_minor),
                        ("rate_beyond", self.case.overdraft.use.rate_beyond.value.value),
                    ),
                    self.at,
                ),
            )

    def excess(self) -> None:
        """Beyond the authorisation: told by letter; what the law wants after one month and after three."""
        running = self.watch.running(EpisodeKind.EXCESS)
        if not rules.is_beyond(self.balance_minor, self.limit_minor):
            self._end(running)
            return
        if running is None:
            running = self._begin(EpisodeKind.EXCESS)
            self._advance(running, Stage.TOLD, here=True)
            clause = self._clause(rules.excess_medium)
            self.effects += (
                Owe(self.account, INFORM_OF_EXCESS, _about(running), clause, self.at, None),
                self._letter("overdraft-excess", running, INFORM_OF_EXCESS),
                FeeDue(self.account, EXCESS_LETTER_FEE, _about(running), self.day),
            )
            return
        stage = rules.legal_stage(running.began_on, self.day, self.case.overdraft.law)
        if stage <= running.stage:
            return
        if stage >= Stage.SIGNIFICANT > running.stage:
            self.effects += (
                Owe(self.account, INFORM_OF_SIGNIFICANT_EXCESS, _about(running), "", self.at, None),
                self._letter("overdraft-significant-excess", running, INFORM_OF_SIGNIFICANT_EXCESS),
            )
        if stage >= Stage.OFFERED > running.stage:
            self.effects += (
                Owe(self.account, OFFER_OTHER_CREDIT, _about(running), "", self.at, None),
                self._letter("overdraft-other-credit", running, OFFER_OTHER_CREDIT),
            )
        self._advance(running, Stage(stage))

    def claims(self) -> None:
        """Demanded debts: repaid, or still unpaid and to be declared."""
        beyond = rules.is_beyond(self.balance_minor, self.limit_minor)
        for claim in self.watch.claims:
            about = str(claim.id)
            if not beyond:
                self.effects.append(
                    ClaimChanges(account=self.account, claim=claim.id, status=ClaimStatus.REPAID)
                )
                for kind in (REPAY_OVERDRAFT, DECLARE_TO_FICP):
                    self.effects.append(Discharge(self.account, kind, about, "repaid", self.at))
                self.sources.append(rules.is_beyond)
            elif claim.status is ClaimStatus.DEMANDED and self.watch.indebtedness is None:
                owed = self._in_agreed_currency(-self.balance_minor - self.limit_minor)
                terms = self.case.overdraft.excess
                if rules.is_to_be_declared(claim.demanded_on, self.day, owed, terms):
                    change = ClaimChanges(account=self.account, claim=claim.id, status=ClaimStatus.TO_DECLARE)
                    clause = self._clause(rules.is_to_be_declared)
                    self.effects += (
                        change,
                        Owe(self.account, DECLARE_TO_FICP, about, clause, self.at, None),
                    )

    def _in_agreed_currency(self, amount_minor: int) -> int:
        """A debt as the agreement's amounts count, where the law fixes a parity."""
        code, own = self.case.account.currency, self.case.agreement.currency
        return parity_up(amount_minor, code, own) if has_parity(code, own) else amount_minor

    def instalments(self, open_abouts: tuple[str, ...]) -> None:
        """Instalments whose day has come are paid when the balance is within the limit that follows."""
        if rules.is_beyond(self.balance_minor, self.next_limit_minor):
            return
        for about in open_abouts:
            paid = Discharge(self.account, PAY_INSTALMENT, about, "balance within the plan", self.at)
            self.effects.append(paid)

    def _begin(self, kind: EpisodeKind) -> Episode:
        self.effects.append(EpisodeBegins(account=self.account, kind=kind, began_on=self.day))
        self.sources.append(rules.days_in_debit if kind is EpisodeKind.DEBIT else rules.is_beyond)
        return Episode(id=0, kind=kind, began_on=self.day, stage=Stage.FOUND)

    def _end(self, running: Episode | None) -> None:
        """The first day back; a day reviewed late, that the stretch does not reach, says nothing of it."""
        if running is not None and self.day > running.began_on:
            change = EpisodeChanges(
                account=self.account, episode=running, stage=running.stage, ended_on=self.day
            )
            self.effects.append(change)
            self.sources.append(rules.days_in_debit if running.kind is EpisodeKind.DEBIT else rules.is_beyond)

    def _advance(self, running: Episode, stage: Stage, *, here: bool = False) -> None:
        change = EpisodeChanges(account=self.account, episode=running, stage=stage, began_here=here)
        self.effects.append(change)

    def _clause(self, source: Citable) -> str:
        """The clause of a duty, noted as one that the review rests on; empty where the text has none."""
        self.sources.append(source)
        return "".join(self.case.agreement.cite(source)[:1])

    def _letter(self, template: str, running: Episode, discharges: str) -> Notify:
        """The excess, told by the medium that the text names."""
        values = (
            ("medium", rules.excess_medium(self.case.overdraft.excess)),
            ("began_on", running.began_on.isoformat()),
            ("balance_minor", self.balance_minor),
            ("limit_minor", self.limit_minor),
            ("excess_minor", -self.balance_minor - self.limit_minor),
        )
        self.sources.append(rules.excess_medium)
        return Notify(self.account, template, _about(running), values, self.at, discharges)


def _about(running: Episode) -> str:
    return f"{running.kind.name.lower()} since {running.began_on.isoformat()}"


def review(
    case: Case, watch: Watch, day: date, balance_minor: int, open_instalments: tuple[str, ...] = ()
) -> Review:
    """What a day that has ended changes. balance_minor: booked, at its end. No effects: nothing."""
    reviewing = _Reviewing(case, watch, day, balance_minor)
    reviewing.floor()
    reviewing.debit()
    reviewing.excess()
    reviewing.claims()
    reviewing.instalments(open_instalments)
    return Review(tuple(reviewing.effects), case.agreement.cite(*reviewing.sources))


def instalments_due(history: Iterable[Authorisation], day: date) -> list[str]:
    """What the instalments that fell due by a day are about: their due days."""
    return [
        a.ends_on.isoformat()
        for a in history
        if a.kind is AuthorisationKind.INSTALMENTS and a.ends_on is not None and a.ends_on <= day
    ]
