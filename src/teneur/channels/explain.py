"""What happened to an operation, for people: each step with its clause, entries, duties, what came after."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final

import msgspec
from psycopg import Connection

from teneur.agreements.agreement import Agreement
from teneur.agreements.register import Register
from teneur.bank import Bank
from teneur.channels import explain_texts as texts
from teneur.channels.explain_texts import TOPICS, Topic
from teneur.channels.settings import SQL
from teneur.customers.facts import load_persons, load_staff
from teneur.documents.wording import grouped_iban
from teneur.kernel.clock import zone
from teneur.kernel.commands import AccountId, account_id, number_of
from teneur.kernel.money import Language, Money, currency, display
from teneur.kernel.rules import FUNCTIONS_OF
from teneur.ledger.account import Account, AccountKind, load_accounts
from teneur.ledger.reading import StoredOperation, operation_at
from teneur.obligations.facts import Obligation, obligation_from_row
from teneur.obligations.texts import name as duty_name
from teneur.payments.exchange.texts import conversion_text
from teneur.payments.transfers.facts import TransferOrder, load_orders
from teneur.payments.transfers.messages import ORDINARY
from teneur.pricing.fees.texts import event_name

UTC_ZONE: Final = "UTC"


class ClauseNote(msgspec.Struct, frozen=True):
    """A clause in short. rule: what it demands, in the language asked for; law: articles of law behind it."""

    id: str
    article: str
    rule: str
    law: tuple[str, ...]


class StepNote(msgspec.Struct, frozen=True):
    """One thing that was looked at or done, in words, with its clauses."""

    topic: str
    title: str
    text: str
    clauses: tuple[str, ...]


class EntryNote(msgspec.Struct, frozen=True, kw_only=True):
    """One movement of money."""

    debit: str
    credit: str
    amount_minor: int
    currency: str
    amount: str
    booked_on: date
    debit_value_on: date
    credit_value_on: date


class DutyNote(msgspec.Struct, frozen=True, kw_only=True):
    """One duty that the operation opened or that is about it."""

    kind: str
    name: str
    clause: str
    due_at: datetime | None
    discharged_at: datetime | None
    discharged_by: str | None


class FollowUp(msgspec.Struct, frozen=True):
    """A later operation about the same order."""

    operation: str
    at: datetime
    title: str
    outcome: str
    sentence: str


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """All of it, ready to be shown or sent. Instants are UTC; `zone` is how the agreement counts days."""

    operation: str
    title: str
    sentence: str
    outcome: str
    reason: str
    received_at: datetime
    zone: str
    channel: str
    actor: str
    account: str
    agreement: str
    steps: tuple[StepNote, ...]
    entries: tuple[EntryNote, ...]
    duties: tuple[DutyNote, ...]
    follow_ups: tuple[FollowUp, ...]
    clauses: tuple[ClauseNote, ...]
    order_status: str
    reversed_by: str
    correction: str


def explain(bank: Bank, book: int, position: int, language: Language = Language.FRENCH) -> Explanation | None:
    """The explanation of the operation that a position belongs to; None if there is no such position."""
    with bank.read() as connection:
        found = operation_at(connection, book, position)
        if found is None:
            return None
        return _Explainer(bank, connection, found, language).explanation()


def clause_note(clause_id: str, language: Language = Language.FRENCH) -> ClauseNote:
    """A clause in short; one that the register does not know keeps its id alone."""
    clause = Register.load().get(clause_id)
    if clause is None:
        return ClauseNote(clause_id, "", "", ())
    return ClauseNote(clause.id, clause.article, clause.sentence(language), clause.law)


class _Explainer:
    """One operation with the accounts, persons and order behind it."""

    def __init__(
        self, bank: Bank, connection: Connection[Any], found: StoredOperation, language: Language
    ) -> None:
        self.bank = bank
        self.connection = connection
        self.found = found
        self.language = language
        self.asked: dict[str, Any] = dict(found.record.asked) if found.record else {}
        self.decided: dict[str, Any] = dict(found.record.decided) if found.record else {}
        named = [a for row in found.rows for a in (row.debit, row.credit) if a is not None]
        opened = self.decided.get("account")  # by the operation itself
        candidates = [a for a in (found.subject, opened, *named) if a is not None]
        self.accounts = dict(load_accounts(connection, candidates))
        self.subject = subject = self._subject(candidates)
        self.account: Account | None = self.accounts.get(subject)
        self.order = self._order()
        if self.order is not None:
            self.asked = {**msgspec.to_builtins(self.order.ask), **self.asked}
        self.agreement = self._agreement()
        self.zone = self.agreement.zone if self.agreement else UTC_ZONE

    def _subject(self, candidates: list[AccountId]) -> AccountId:
        """Whom it is about: the first customer's account that it names, else what it was asked about."""
        for account in candidates:
            if account in self.accounts and self.accounts[account].kind is not AccountKind.OWN:
                return account
        return candidates[0] if candidates else account_id(self.found.book, 0)

    def explanation(self) -> Explanation:
        """All of it."""
        found = self.found
        kind = found.record.kind if found.record else self.bank.registry.name_of(found.kind)
        return Explanation(
            operation=f"{found.book}/{found.position}",
            title=texts.title(kind, self.asked, self.language),
            sentence=texts.sentence_of(found, self._values(), self.language),
            outcome=found.outcome.name.lower(),
            reason=found.reason,
            received_at=found.received_at,
            zone=self.zone,
            channel=texts.channel(found.channel, self.language),
            actor=self._actor(found.actor),
            account=self._account_name(self.subject) if self.account else "",
            agreement=self.agreement.id if self.agreement else "",
            steps=tuple(self._steps()),
            entries=tuple(self._entries()),
            duties=tuple(self._duties()),
            follow_ups=tuple(self._follow_ups()),
            clauses=tuple(clause_note(clause, self.language) for clause in found.citations),
            order_status=texts.order_status(self.order, self.language) if self.order else "",
            reversed_by="" if found.reversed_by is None else f"{found.book}/{found.reversed_by}",
            correction=texts.correction(found.reason, self._values(), self.language),
        )

    def _agreement(self) -> Agreement | None:
        account = self.account
        if account is None or account.contract is None:
            return None
        return self.bank.agreement_for(account, self.found.received_at.date())

    def _order(self) -> TransferOrder | None:
        """The order that the operation took or is about, if it is kept apart."""
        number = self.asked.get("transfer", self.found.position)
        key = (self.subject, int(number))
        return load_orders(self.connection, [key]).get(key)

    def _stays_here(self) -> bool:
        """Whether the money went to a customer of this bank: then no other bank has to be credited."""
        credited = [self.accounts.get(row.credit) for row in self.found.rows if row.credit is not None]
        return any(account is not None and account.kind is not AccountKind.OWN for account in credited)

    def _money(self, minor: int, code: str) -> str:
        return display(Money(minor, currency(code)), self.language)

    def _values(self) -> dict[str, str]:
        """What sentences may name."""
        code = self.asked.get("currency") or (self.account.currency if self.account else "EUR")
        minor = self.asked.get("amount_minor")
        if minor is None:
            minor = next((row.amount_minor for row in self.found.rows if row.amount_minor), 0)
        entries = [row for row in self.found.rows if row.debit is not None]
        booked_on = (entries or self.found.rows)[0].booked_on
        due = self.decided.get("due_on") or (
            str(self.order.due_on) if self.order and self.order.due_on else ""
        )
        by = self.order.execute_by if self.order and not self._stays_here() else None
        local = self.found.received_at.astimezone(zone(self.zone))
        ordinary = ORDINARY if "payee" in self.asked and not self.found.reason else {}
        understood = {**ordinary, **self.decided}
        return {
            "amount": self._money(minor, code),
            "debit": self._money(self.order.debit_minor, self.account.currency)
            if self.order and self.account
            else self._money(minor, code),
            "payee": str(self.asked.get("payee", {}).get("name", "")),
            "payer": str(self.asked.get("payer_name", "")),
            "booked_on": texts.day(booked_on, self.language),
            "due_on": texts.day(date.fromisoformat(due), self.language) if due else "",
            "execute_by": texts.day(by.astimezone(zone(self.zone)).date(), self.language) if by else "",
            "received_on": texts.day(local.date(), self.language),
            "time": texts.moment(self.found.received_at, self.zone, self.language),
            "class": texts.transfer_class(understood.get("class", ""), self.language),
            "charges": texts.charges(understood.get("charges", ""), self.language),
            "regime": texts.regime(understood.get("regime", ""), self.language),
            "outside": "" if self._stays_here() else "yes",
            "agreed_on": str(self.asked.get("agreed_on") or ""),
            "refused": str(self.decided.get("refused", "")),
            "granted": "yes" if self.asked.get("granted") else "",
            "why": str(self.decided.get("why", "")),
            "field": str(self.decided.get("field", "")),
            "event": event_name(str(self.decided.get("event", "")), self.language),
            "limit": "",
            "exchange": self._exchange(),
            "processed_on": self._day_of("processed_on"),
        }

    def _day_of(self, field: str) -> str:
        """A day that the decision kept, in words; empty where it kept none."""
        kept = self.decided.get(field)
        return texts.day(date.fromisoformat(str(kept)), self.language) if kept else ""

    def _exchange(self) -> str:
        """How an amount was converted, or will be; an empty text where nothing is."""
        kept = self.decided.get("exchange")
        return conversion_text(kept, self.language) if kept else ""

    def _steps(self) -> list[StepNote]:
        """The clauses by what they are about, each with what it meant here."""
        by_topic: dict[Topic, list[str]] = {}
        for clause in self.found.citations:
            by_topic.setdefault(topic_of(clause, self.agreement), []).append(clause)
        values = self._values()
        return [
            StepNote(
                topic.value,
                texts.topic(topic, self.language),
                texts.step(topic, self.found, values, self.language),
                tuple(by_topic.get(topic, ())),
            )
            for topic in Topic
            if topic in by_topic or (topic is Topic.EXCHANGE and values["exchange"])
        ]

    def _entries(self) -> list[EntryNote]:
        notes = []
        for row in self.found.rows:
            if row.debit is None or row.credit is None or row.amount_minor is None:
                continue
            assert row.debit_value_on is not None
            assert row.credit_value_on is not None
            code = self.accounts[row.debit].currency
            notes.append(
                EntryNote(
                    debit=self._account_name(row.debit),
                    credit=self._account_name(row.credit),
                    amount_minor=row.amount_minor,
                    currency=code,
                    amount=self._money(row.amount_minor, code),
                    booked_on=row.booked_on,
                    debit_value_on=row.debit_value_on,
                    credit_value_on=row.credit_value_on,
                )
            )
        return notes

    def _duties(self) -> list[DutyNote]:
        parameters = {
            "book": self.found.book,
            "account": number_of(self.subject),
            "operation": self.found.position,
        }
        rows = self.connection.execute(SQL["duties_of_operation"], parameters)
        return [duty_note(obligation_from_row(row), self.language) for row in rows]

    def _follow_ups(self) -> list[FollowUp]:
        parameters = {
            "book": self.found.book,
            "account": number_of(self.subject),
            "order": self.found.position,
        }
        notes = []
        for (position,) in self.connection.execute(SQL["follow_ups"], parameters).fetchall():
            later = operation_at(self.connection, self.found.book, position)
            assert later is not None
            other = _Explainer(self.bank, self.connection, later, self.language)
            kind = later.record.kind if later.record else ""
            notes.append(
                FollowUp(
                    f"{later.book}/{later.position}",
                    later.received_at,
                    texts.title(kind, other.asked, self.language),
                    later.outcome.name.lower(),
                    texts.sentence_of(later, other._values(), self.language),
                )
            )
        return notes

    def _actor(self, actor: int) -> str:
        if actor == 0:
            return texts.words(self.language)["bank"]
        if actor < 0:
            staff = load_staff(self.connection, [actor]).get(actor)
            return f"{staff.name} ({actor})" if staff else str(actor)
        person = load_persons(self.connection, [actor]).get(actor)
        return f"{person.name} ({actor})" if person else str(actor)

    def _account_name(self, account: AccountId) -> str:
        found = self.accounts.get(account)
        if found is None:
            return f"{self.found.book}/{number_of(account)}"
        if found.kind is AccountKind.OWN:
            return found.label
        persons = load_persons(self.connection, found.holders)
        holders = ", ".join(persons[h].name for h in found.holders if h in persons)
        return f"{holders} ({grouped_iban(found.iban)})" if holders else grouped_iban(found.iban)


def duty_note(duty: Obligation, language: Language) -> DutyNote:
    """A duty in words."""
    return DutyNote(
        kind=duty.kind,
        name=duty_name(duty.kind, language),
        clause=duty.clause,
        due_at=duty.due_at,
        discharged_at=duty.discharged_at,
        discharged_by=duty.discharged_by,
    )


def topic_of(clause: str, agreement: Agreement | None) -> Topic:
    """What a clause is about: the rule functions that carry it out say so, else the parameters that do."""
    paths = _paths(agreement).get(clause, ()) if agreement else ()
    if any(path.startswith(texts.PATHS[Topic.FUNDS]) for path in paths):
        return Topic.FUNDS
    modules = {f.__module__ for f in FUNCTIONS_OF.get(clause, ())}
    for topic, prefixes in TOPICS.items():
        if any(module.startswith(f"teneur.{prefix}") for module in modules for prefix in prefixes):
            return topic
    for path in paths:
        for topic, prefixes in texts.PATHS.items():
            if path.startswith(prefixes):
                return topic
    return Topic.OTHER


@lru_cache(maxsize=64)
def _paths(agreement: Agreement) -> dict[str, tuple[str, ...]]:
    """The parameters that carry each clause, as dotted paths."""
    found: dict[str, list[str]] = {}
    for path, parameter in agreement.parameters():
        for clause in parameter.clauses:
            found.setdefault(clause, []).append(path)
    return {clause: tuple(paths) for clause, paths in found.items()}
