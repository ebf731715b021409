"""From postings to a statement, with the checks that make it the ledger's own words, to the cent."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from itertools import pairwise

from teneur.accounts.rules import balance_of, recorded
from teneur.agreements.agreement import Agreement, Citable
from teneur.agreements.terms.statements import Period as Frequency
from teneur.agreements.terms.tariff import ServiceKind
from teneur.documents.identity import BankIdentity
from teneur.kernel.identifiers import parse_bic, parse_iban, rib_of
from teneur.kernel.money import MAX_MINOR, currency
from teneur.pricing.statements import rules
from teneur.pricing.statements.statement import (
    FORMAT,
    Contents,
    FeeGroup,
    Fees,
    Line,
    Period,
    Posting,
    Previous,
    Statement,
    StatementAccount,
    Totals,
)

FEE, INTEREST, INTEREST_CORRECTION = "fee", "interest", "interest-correction"
OTHER = "other"  # service of a fee that the tariff does not know


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
    frequency: Frequency | None = None,
    previous: Previous | None = None,
    stated_to: date | None = None,
    after_sequence: int | None = None,
    contents: Contents | None = None,
    price_minor: int | None = None,
    without_operations: bool = False,
) -> Statement | None:
    """The statement of the period, or None if it has no operation and none is due.

    postings: all that it states, in any order. opening_minor: balance before them; closing_minor: balance
    after them, read from the ledger apart from the postings, so that the two can be compared. agreement: what
    the account runs under on the last day. stated_to: last day of the statement before; what is booked until
    then is late. after_sequence: the last posting of the statement before, where this one follows it without
    a gap; None: it is not checked. without_operations: it is due without any too, once a year.
    Errors: StatementError, IdentifierError, MoneyError.
    """
    terms, given = agreement.statements, tuple(postings)
    in_order = rules.chronological(given, terms)
    _check_issue(account, number, issued_at)
    _check_postings(account, given, period, stated_to, journal_position)
    _check_chain(account, given, after_sequence)
    _check_balances(account, in_order, period, opening_minor, closing_minor)
    if not rules.is_due(in_order, terms) and not without_operations:
        return None
    lines, told = _lines(in_order, opening_minor, stated_to), contents or Contents()
    first = min((p.sequence for p in given), default=(after_sequence or 0) + 1)
    return Statement(
        bank=bank,
        account=account,
        identifiers=rules.printed_identifiers(account, terms),
        period=period,
        frequency=frequency or terms.period.value,
        zone=agreement.zone,
        number=number,
        previous=previous,
        issued_at=issued_at,
        first_sequence=first,
        last_sequence=max((p.sequence for p in given), default=first - 1),
        opening_minor=opening_minor,
        closing_minor=closing_minor,
        available_minor=available_minor,
        lines=lines,
        totals=_totals(lines),
        fees=_fees(lines, told.fees, agreement),
        interest=told.interest,
        rate_changes=told.rate_changes,
        overdraft=told.overdraft,
        guarantee=rules.guarantee_line(terms.guarantee),
        announcements=told.announcements,
        price_minor=rules.price_minor(terms) if price_minor is None else price_minor,
        agreement=agreement.id,
        agreement_version=agreement.about.document.edition.value,
        citations=agreement.cite(*_sources(agreement, lines, without_operations=without_operations)),
        journal_position=journal_position,
        format=FORMAT,
    )


def _sources(agreement: Agreement, lines: Sequence[Line], *, without_operations: bool) -> tuple[Citable, ...]:
    """The rules behind a statement: only those that had something to decide."""
    found: tuple[Citable, ...] = rules.YEARLY_RULES if without_operations else rules.STATEMENT_RULES
    if agreement.statements.guarantee.covered.value:
        found = (*found, rules.guarantee_line)
    if any(line.foreign is not None for line in lines):
        found = (*found, rules.is_told_abroad)
    return found


@lru_cache(maxsize=10_000)
def _check_numbers(iban: str, bic: str, code: str) -> None:
    currency(code)
    rib_of(parse_iban(iban))
    parse_bic(bic)


def _check_issue(account: StatementAccount, number: int, issued_at: datetime) -> None:
    if issued_at.tzinfo is None:
        raise StatementError(f"{account.iban}: the instant of issue must carry its time zone")
    if number < 1:
        raise StatementError(f"{account.iban}: statements are numbered from 1, not {number}")
    _check_numbers(account.iban, account.bic, account.currency)
    if not account.holders:
        raise StatementError(f"{account.iban}: an account has at least one holder")


def _check_postings(
    account: StatementAccount,
    postings: Sequence[Posting],
    period: Period,
    stated_to: date | None,
    journal_position: int,
) -> None:
    for posting in postings:
        where = f"{account.iban}, posting {posting.sequence}"
        if posting.account != account.account:
            raise StatementError(f"{where}: it belongs to account {posting.account}")
        if posting.amount_minor == 0 or abs(posting.amount_minor) > MAX_MINOR:
            raise StatementError(f"{where}: the amount {posting.amount_minor} cannot be that of an operation")
        if not period.holds(posting.booked_on) and not rules.is_late(posting.booked_on, stated_to):
            raise StatementError(f"{where}: booked on {posting.booked_on}, outside the period")
        if posting.operation > journal_position:
            raise StatementError(f"{where}: position {posting.operation} is after the cut {journal_position}")


def _check_chain(account: StatementAccount, postings: Sequence[Posting], after: int | None) -> None:
    """Each running balance follows from the one before, wherever the account's sequence has no gap.

    A gap is an operation that is stated elsewhere; what is truly missing shows in the closing balance. There
    is none in a statement that follows another.
    """
    in_order = sorted(postings, key=lambda posting: posting.sequence)
    if after is not None and in_order and in_order[0].sequence != after + 1:
        raise StatementError(
            f"{account.iban}: posting {after} was stated last, and {in_order[0].sequence} would be the next"
        )
    for before, now in pairwise(in_order):
        if now.sequence == before.sequence:
            raise StatementError(f"{account.iban}: posting {now.sequence} was handed over twice")
        follows = now.sequence == before.sequence + 1
        if after is not None and not follows:
            raise StatementError(
                f"{account.iban}: postings are missing between {before.sequence} and {now.sequence}"
            )
        if follows and now.balance_minor != before.balance_minor + now.amount_minor:
            raise StatementError(
                f"{account.iban}, posting {now.sequence}: {before.balance_minor} and {now.amount_minor} "
                f"do not give the balance {now.balance_minor} that the ledger holds"
            )


def _check_balances(
    account: StatementAccount,
    postings: Sequence[Posting],
    period: Period,
    opening_minor: int,
    closing_minor: int,
) -> None:
    items = recorded((posting.amount_minor, posting.booked_on) for posting in postings)
    reached = opening_minor + balance_of(items, on=period.last_day)
    if len(items) != len(postings) or reached != closing_minor:
        raise StatementError(
            f"{account.iban}: opening balance {opening_minor} and {len(items)} operations give {reached}, "
            f"but the ledger closes at {closing_minor} (minor units); operations are missing or counted twice"
        )


def _lines(postings: Sequence[Posting], opening_minor: int, stated_to: date | None) -> tuple[Line, ...]:
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
                late=rules.is_late(posting.booked_on, stated_to),
                kind=posting.kind,
                event=posting.event,
                label=posting.label,
                counterparty_name=posting.counterparty_name,
                counterparty_iban=posting.counterparty_iban,
                remittance=posting.remittance,
                end_to_end_id=posting.end_to_end_id,
                amount_minor=posting.amount_minor,
                balance_minor=balance,
                foreign=posting.foreign,
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


def _fees(lines: Sequence[Line], told: Fees, agreement: Agreement) -> Fees:
    """Sub-totals of the fees among the lines, in the order of kinds of service, beside what is announced."""
    events = agreement.tariff.events
    found: dict[str, list[int]] = {}
    for line in lines:
        if line.kind != FEE:
            continue
        service = str(events[line.event].value.service) if line.event in events else OTHER
        counted = found.setdefault(service, [0, 0])
        counted[0] += line.amount_minor < 0
        counted[1] -= line.amount_minor
    order = [*map(str, ServiceKind), OTHER]
    groups = tuple(FeeGroup(service, *found[service]) for service in sorted(found, key=order.index))
    return Fees(
        groups=groups,
        total_minor=sum(group.total_minor for group in groups),
        announced=told.announced,
        announced_minor=sum(fee.amount_minor for fee in told.announced),
    )
