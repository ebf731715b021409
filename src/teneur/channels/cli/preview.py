"""What is shown before consent: the check of the payee's name, a likely duplicate, the Pacific advice."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from teneur.agreements.terms.transfers import TransferClass
from teneur.bank import Bank
from teneur.customers.facts import load_persons
from teneur.documents.wording import long_date
from teneur.kernel.clock import business_date, zone
from teneur.kernel.commands import book_of, number_of
from teneur.kernel.money import CURRENCIES, Language
from teneur.ledger.account import Account, load_accounts, load_by_iban
from teneur.payments.exchange.reading import exchange_at
from teneur.payments.transfers.commands import PayeeAccount, PlaceTransfer
from teneur.payments.transfers.commands import PayeeCheck as KeptCheck
from teneur.payments.transfers.context import Terms
from teneur.payments.transfers.decisions.order import payee_iban
from teneur.payments.transfers.facts import SQL
from teneur.payments.transfers.rules.duplicates import OrderTrace, likely_duplicate
from teneur.payments.transfers.rules.identifiers import Advice, com_pacific_advice, identifier_problem
from teneur.payments.transfers.rules.payee import PayeeCheck, Verification, verify_here
from teneur.payments.transfers.rules.routing import Counterparty
from teneur.payments.transfers.rules.texts import PAYEE_CHECKS, STEPS, Step, sentence
from teneur.payments.verification.asking import NobodyAnswers, PayeeVerification, Question

_COLOURS: Mapping[PayeeCheck, str] = {
    PayeeCheck.MATCH: "green",
    PayeeCheck.CLOSE_MATCH: "yellow",
    PayeeCheck.NO_MATCH: "red",
    PayeeCheck.NOT_AVAILABLE: "yellow",
}


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What the customer sees. shown: the sentence that is stored with the order, in French.

    risk: SEPA COM Pacifique with details that may be rejected. debit_minor: in the account's currency; None
    where it is not known yet.
    """

    verification: Verification
    duplicate: OrderTrace | None
    risk: bool
    advice: bool
    debit_minor: int | None
    zone: str

    @property
    def shown(self) -> str:
        """The answer about the name, as it was shown."""
        return self.sentence(Language.FRENCH)

    @property
    def colour(self) -> str:
        """How serious the answer is."""
        return _COLOURS[self.verification.outcome]

    def sentence(self, language: Language) -> str:
        """The answer about the name."""
        pair = PAYEE_CHECKS[self.verification.outcome]
        return sentence(pair, language, name=self.verification.shown_name)

    def warnings(self, language: Language) -> list[str]:
        """What else the customer should know before consent."""
        found = []
        if self.duplicate is not None:
            day = long_date(business_date(self.duplicate.received_at, zone(self.zone)), language)
            told = sentence(STEPS[Step.LIKELY_DUPLICATE], language, day=day)
            found.append(f"{told} ({self.duplicate.operation})")
        if self.advice:
            found.append(sentence(STEPS[Step.COM_PACIFIC_ADVICE], language))
        return found

    def check(self) -> KeptCheck:
        """What is kept with the order."""
        found = self.verification
        return KeptCheck(found.outcome.value, self.shown, found.answered_by, found.request_id, found.cause)

    def plain(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "payee_check": self.verification.outcome.value,
            "shown": self.shown,
            "answered_by": self.verification.answered_by,
            "not_available_because": self.verification.cause,
            "duplicate_of": self.duplicate.operation if self.duplicate else None,
            "warnings": self.warnings(Language.FRENCH),
            "debit_minor": self.debit_minor,
        }


def preview(
    bank: Bank, account: Account, ask: PlaceTransfer, elsewhere: PayeeVerification | None = None
) -> Preview:
    """Everything that is shown before an order is given; it refuses nothing."""
    now = bank.clock.now()
    terms = bank.transfers.terms(account, now)
    iban = payee_iban(ask.payee)
    advice = _advice(bank, terms, account, ask, iban)
    return Preview(
        verification=_verify(bank, terms, iban, ask.payee, elsewhere or NobodyAnswers()),
        duplicate=None if terms is None else _duplicate(bank, account, ask, iban, now, terms),
        risk=advice is not None and advice.needs_acceptance,
        advice=advice is not None and advice.warn,
        debit_minor=_debit(bank, terms, account.currency, ask, now),
        zone="UTC" if terms is None else terms.agreement.zone,
    )


def _verify(
    bank: Bank, terms: Terms | None, iban: str, payee: PayeeAccount, elsewhere: PayeeVerification
) -> Verification:
    """Own accounts from the bank's books, others through whoever answers for them."""
    with bank.read() as connection:
        found = load_by_iban(connection, [iban]).get(iban) if iban else None
        if found is not None:
            persons = load_persons(connection, load_accounts(connection, [found])[found].holders)
            return verify_here(payee.name, [(person.name, person.surname) for person in persons.values()])
    if terms is None:
        return Verification(PayeeCheck.NOT_AVAILABLE, payee.name)
    own_bic = terms.agreement.bank.bic.value
    return elsewhere.verify(Question(iban=iban, name=payee.name, bic=payee.bic, requesting_bic=own_bic))


def _duplicate(
    bank: Bank, account: Account, ask: PlaceTransfer, iban: str, now: datetime, terms: Terms
) -> OrderTrace | None:
    """The order just given that this one looks like."""
    if ask.repeat is not None:
        return None
    safeguards = terms.transfers.safeguards
    since = now - timedelta(hours=safeguards.duplicate_window_hours.value)
    parameters = {"book": book_of(account.id), "account": number_of(account.id), "since": since}
    with bank.read() as connection:
        rows = connection.execute(SQL["twins"], parameters).fetchall()
    earlier = []
    for position, received_at, body in rows:
        asked = msgspec.convert(msgspec.json.decode(body)["asked"], PlaceTransfer)
        if asked.repeat is None:
            earlier.append(_trace(asked, received_at, f"{book_of(account.id)}/{position}"))
    return likely_duplicate(_trace(ask, now, ""), earlier, safeguards)


def _trace(ask: PlaceTransfer, at: datetime, operation: str) -> OrderTrace:
    payee = payee_iban(ask.payee) or ask.payee.account_number
    return OrderTrace(payee, ask.amount_minor, ask.currency, ask.remittance, at, operation)


def _advice(
    bank: Bank, terms: Terms | None, account: Account, ask: PlaceTransfer, iban: str
) -> Advice | None:
    """Of a SEPA COM Pacifique transfer: what is recommended; None for any other."""
    if terms is None or not iban or identifier_problem(iban, ask.payee.bic) is not None:
        return None
    payee_bank = bank.transfers.bank_of(terms, iban, ask.payee.bic)
    if payee_bank.own:
        return None
    day = terms.local_day(bank.clock.now())
    route = terms.plans.route(
        ask.currency, account.currency, terms.home, payee_bank, Counterparty.THIRD_PARTY, day, ask.service
    )
    if route.transfer_class is not TransferClass.COM_PACIFIC:
        return None
    return com_pacific_advice(iban, ask.payee.bic, terms.transfers.identifiers)


def _debit(bank: Bank, terms: Terms | None, code: str, ask: PlaceTransfer, now: datetime) -> int | None:
    """At the rate of the day, or what is known of it; None without any, or where the account has another."""
    if ask.currency == code:
        return ask.amount_minor
    if terms is None or ask.currency not in CURRENCIES:
        return None
    with bank.read() as connection:
        exchange = exchange_at(connection, now, terms.agreement.exchange, terms.zone)
        made = exchange.conversion(ask.amount_minor, ask.currency, code, debit=True, agreed=ask.rate)
    return None if made is None else made.converted_minor
