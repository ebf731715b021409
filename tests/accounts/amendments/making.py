"""Later editions, campaigns, and the bank's day as far as amendments go."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, time
from typing import Any

from teneur.accounts.amendments import day as days
from teneur.accounts.amendments.commands import (
    ApplyAmendment,
    NotifyAmendment,
    Objection,
    ObjectToAmendment,
    PlanAmendment,
)
from teneur.accounts.amendments.day import Work
from teneur.accounts.amendments.facts import AccountAmendment, AmendmentKind, load_of_accounts
from teneur.accounts.amendments.rules.contract import Component, contract_set
from teneur.agreements.agreement import Agreement, Agreements
from teneur.agreements.parameters import Parameter
from teneur.agreements.terms.tariff import Price
from teneur.bank import Bank, shipped_agreements
from teneur.customers.decisions import REGISTER
from teneur.kernel.clock import local_instant, zone
from teneur.kernel.commands import AccountId, Answer, Channel, Command
from teneur.ledger.errors import CommandFailed
from teneur.obligations.commands import NoticeSent
from teneur.obligations.facts import Obligation
from teneur.obligations.reading import of_account
from tests.accounts.editions import edition
from tests.support.bank import ADVISER, BACK_OFFICE, BNC, BOOK, BRED, accepted, move_clock

NOW = "2026-10-15T12:00:00+11:00"  # a Thursday: noon in Nouméa, three in the morning in Paris
NEW_FROM = date(2027, 1, 1)
PLANNED = date(2027, 1, 15)
OLD = {BRED: "bred-2022-06", BNC: "bnc-2026-04"}
NEW = {BRED: "bred-2027-01", BNC: "bnc-2027-01"}
ZONE = {BRED: "Europe/Paris", BNC: "Pacific/Noumea"}
TARIFF = "2027-02-01"
EVENT = "document-copy"
BOTH = (BRED, BNC)


def with_tariff(agreement: Agreement, first_day: str, price_minor: int = 9_900) -> Agreement:
    """The agreement whose tariff has one more edition, with another price of one event."""
    new = {EVENT: Parameter(Price(price_minor), note="a test's")}
    terms = replace(agreement.tariff, editions={**agreement.tariff.editions, first_day: new})
    return Agreement(agreement.id, agreement.clause_prefixes[0], {**agreement.terms, "tariff": terms})


def drawer(*first_days: str) -> Agreements:
    """Both banks' present editions, with later editions of their tariff, and the next of each agreement."""
    found = []
    for series in BOTH:
        old = shipped_agreements()[OLD[series]]
        for first_day in first_days or (TARIFF,):
            old = with_tariff(old, first_day)
        found += [old, edition(old, NEW[series], effective_from=NEW_FROM)]
    return Agreements(found)


def plan(bank: Bank, series: str = BRED, **changes: Any) -> Answer:
    """A campaign for the next edition of the agreement, unless something else is said."""
    fields: dict[str, Any] = {
        "series": series,
        "kind": AmendmentKind.AGREEMENT,
        "edition": NEW.get(series, ""),
        "applies_on": PLANNED,
        "summary": "Le virement instantané est ouvert à tous.",
        "medium": "letter",
        "approved_by": ADVISER,
    }
    actor, subject = changes.pop("actor", BACK_OFFICE), changes.pop("subject", REGISTER)
    return bank.ask(PlanAmendment(**(fields | changes)), subject, actor=actor, channel=Channel.BRANCH)


def planned(bank: Bank, series: str = BRED, **changes: Any) -> int:
    """The id of a campaign that was accepted."""
    return accepted(plan(bank, series, **changes)).position


def planned_tariff(bank: Bank, series: str = BRED, first_day: str = TARIFF, **changes: Any) -> int:
    """A campaign for an edition of the tariff."""
    fields = {"kind": AmendmentKind.TARIFF, "edition": first_day, "applies_on": date.fromisoformat(first_day)}
    return planned(bank, series, **(fields | changes))


def tell(bank: Bank, account: AccountId, amendment: int, **changes: Any) -> Answer:
    """The draft goes to a customer, by the bank's day unless somebody else is named."""
    actor = changes.pop("actor", 0)
    return bank.ask(NotifyAmendment(amendment=amendment, **changes), account, actor=actor)


def sent(bank: Bank, account: AccountId, amendment: int) -> Answer:
    """The notice has gone out, now."""
    ask = NoticeSent(kind="send-amendment", about=str(amendment), medium="letter", reference="pli 1")
    return accepted(bank.ask(ask, account))


def told(bank: Bank, account: AccountId, amendment: int, **changes: Any) -> Answer:
    """The draft goes to a customer at once, with proof."""
    answer = accepted(tell(bank, account, amendment, **changes))
    sent(bank, account, amendment)
    return answer


def apply(bank: Bank, account: AccountId, amendment: int, actor: int = 0) -> Answer:
    return bank.ask(ApplyAmendment(amendment=amendment), account, actor=actor)


def object_to(bank: Bank, account: AccountId, amendment: int, objection: Objection, **changes: Any) -> Answer:
    """The first holder does not agree."""
    holder = bank.account(account).holders[0]
    fields: dict[str, Any] = {"requested_by": holder} | changes
    actor = fields.pop("actor", holder)
    ask = ObjectToAmendment(amendment=amendment, objection=objection, **fields)
    return bank.ask(ask, account, actor=actor, channel=Channel.REMOTE)


def on(bank: Bank, day: date, series: str = BRED, at: str = "00:00:01") -> None:
    """Let the clock stand at a local time of a day."""
    hours, minutes, seconds = map(int, at.split(":"))
    move_clock(bank, local_instant(day, time(hours, minutes, seconds), zone(ZONE[series])))


Task = Callable[..., Iterator[list[Work]]]
TASKS: tuple[Task, ...] = (days.applications, days.holds, days.notices)


def run(bank: Bank, task: Task, day: date, series: str = BRED, size: int = 1_000) -> list[Answer]:
    """One task of a day of the bank, posted page by page."""
    answers = []
    for work in task(bank.read, bank.governing, BOOK, zone(ZONE[series]), day, size=size):
        answers += post(bank, work)
    return answers


def post(bank: Bank, work: Iterable[Work]) -> list[Answer]:
    now = bank.clock.now()
    commands = [Command(key=key, subject=id_, received_at=now, ask=ask) for id_, ask, key in work]
    answers = []
    for result in bank.post(commands):
        assert not isinstance(result, CommandFailed), result
        answers.append(result)
    return answers


def open_day(bank: Bank, day: date, series: str = BRED) -> list[Answer]:
    """The clock goes to the first instants of a day, and the bank does what amendments want of it."""
    on(bank, day, series)
    return [answer for task in TASKS for answer in run(bank, task, day, series)]


def history(bank: Bank, account: AccountId) -> tuple[AccountAmendment, ...]:
    with bank.read() as connection:
        return load_of_accounts(connection, [account])[account]


def duties(bank: Bank, account: AccountId, kind: str) -> list[Obligation]:
    with bank.read() as connection:
        return [o for o in of_account(connection, account) if o.kind == kind]


def edition_on(bank: Bank, account: AccountId, day: date) -> str:
    """The edition that governs what is concluded that day."""
    return bank.agreement_for(bank.account(account), day).id


def documents(bank: Bank, account: AccountId, day: date) -> tuple[Component, ...]:
    """The contract of an account on a day."""
    found = bank.account(account)
    assert found.contract is not None
    return contract_set(found.contract, day, bank.agreement_for(found, day), history(bank, account))
