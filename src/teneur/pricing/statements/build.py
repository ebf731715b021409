"""From postings to a statement, with the checks that make it the ledger's own words, to the cent."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise

from teneur.accounts.rules import balance_of, recorded
from teneur.agreements.agreement import Agreement
from teneur.documents.identity import BankIdentity
from teneur.kernel.identifiers import parse_bic, parse_iban, rib_of
from teneur.kernel.money import MAX_MINOR, currency
from teneur.pricing.statements import rules
from teneur.pricing.statements.statement import Line, Period, Posting, Statement, StatementAccount, Totals


class StatementError(RuntimeError):
    """The ledger handed over figures that cannot be true together: a broken program. Nothing is issued."""


def build_statement(
    account: StatementAccount,
    postings: Iterable[Posting],
    *,
    opening_minor: int,
    closing_minor: int,
    available_minor: int,
    period: Period,
    number: int,
    issued_at: datetime,
    bank: BankIdentity,
    agreement: Agreement,
    journal_position: int,
) -> Statement | None:
    """The statement of the period, or None if it had no operation and none is due.

    postings: all of the account booked in the period, in any order. opening_minor: booked balance before
    the first day; closing_minor: booked balance at the end of the last day, read from the ledger apart from
    the postings, so that the two can be compared. agreement: what the account runs under on the last day.
    Errors: StatementError, IdentifierError, MoneyError.
    """
    terms = agreement.statements
    given = tuple(postings)
    in_order = rules.chronological(given, terms)
    if issued_at.tzinfo is None:
        raise StatementError(f"{account.iban}: the instant of issue must carry its time zone")
    if number < 1:
        raise StatementError(f"{account.iban}: statements are numbered from 1, not {number}")
    _check_account(account)
    _check_postings(account, given, period, journal_position)
    _check_chain(account, given)
    items = recorded((posting.amount_minor, posting.booked_on) for posting in in_order)
    reached = opening_minor + balance_of(items, on=period.last_day)
    if len(items) != len(given) or reached != closing_minor:
        raise StatementError(
            f"{account.iban}: opening balance {opening_minor} and {len(items)} operations give {reached}, "
            f"but the ledger closes at {closing_minor} (minor units); operations are missing or counted twice"
        )
    if not rules.is_due(in_order, terms):
        return None
    lines = _lines(in_order, opening_minor)
    return Statement(
        bank=bank,
        account=account,
        identifiers=rules.printed_identifiers(account, terms),
        period=period,
        zone=agreement.zone,
        number=number,
        issued_at=issued_at,
        opening_minor=opening_minor,
        closing_minor=closing_minor,
        available_minor=available_minor,
        lines=lines,
        totals=_totals(lines),
        price_minor=rules.price_minor(terms),
        agreement=agreement.id,
        agreement_version=agreement.about.document.edition.value,
        citations=agreement.cite(*rules.STATEMENT_RULES),
        journal_position=journal_position,
    )


def _check_account(account: StatementAccount) -> None:
    currency(account.currency)
    rib_of(parse_iban(account.iban))
    parse_bic(account.bic)
    if not account.holders:
        raise StatementError(f"{account.iban}: an account has at least one holder")


def _check_postings(
    account: StatementAccount, postings: Sequence[Posting], period: Period, journal_position: int
) -> None:
    for posting in postings:
        where = f"{account.iban}, posting {posting.sequence}"
        if posting.account != account.account:
            raise StatementError(f"{where}: it belongs to account {posting.account}")
        if posting.amount_minor == 0 or abs(posting.amount_minor) > MAX_MINOR:
            raise StatementError(f"{where}: the amount {posting.amount_minor} cannot be that of an operation")
        if not period.holds(posting.booked_on):
            raise StatementError(f"{where}: booked on {posting.booked_on}, outside the period")
        if posting.operation > journal_position:
            raise StatementError(f"{where}: position {posting.operation} is after the cut {journal_position}")


def _check_chain(account: StatementAccount, postings: Sequence[Posting]) -> None:
    """Each running balance follows from the one before, wherever the account's sequence has no gap.

    A gap is an operation booked in another period (booking dates need not rise with the sequence); what is
    truly missing shows in the closing balance.
    """
    for before, after in pairwise(sorted(postings, key=lambda posting: posting.sequence)):
        if after.sequence == before.sequence:
            raise StatementError(f"{account.iban}: posting {after.sequence} was handed over twice")
        follows = after.sequence == before.sequence + 1
        if follows and after.balance_minor != before.balance_minor + after.amount_minor:
            raise StatementError(
                f"{account.iban}, posting {after.sequence}: {before.balance_minor} and {after.amount_minor} "
                f"do not give the balance {after.balance_minor} that the ledger holds"
            )


def _lines(postings: Sequence[Posting], opening_minor: int) -> tuple[Line, ...]:
    lines = []
    balance = opening_minor
    for posting in postings:
        balance += posting.amount_minor
        lines.append(
            Line(
                operation=posting.operation,
                sequence=posting.sequence,
                booked_on=posting.booked_on,
                value_on=posting.value_on,
                kind=posting.kind,
                label=posting.label,
                counterparty_name=posting.counterparty_name,
                counterparty_iban=posting.counterparty_iban,
                remittance=posting.remittance,
                end_to_end_id=posting.end_to_end_id,
                amount_minor=posting.amount_minor,
                balance_minor=balance,
                citations=posting.citations,
            )
        )
    return tuple(lines)


def _totals(lines: Sequence[Line]) -> Totals:
    paid = [-line.amount_minor for line in lines if line.amount_minor < 0]
    received = [line.amount_minor for line in lines if line.amount_minor > 0]
    return Totals(
        debit_count=len(paid), debit_minor=sum(paid), credit_count=len(received), credit_minor=sum(received)
    )
