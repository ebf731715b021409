"""camt.053.001.08: the account statement."""

from typing import Final

from teneur.interbank.faults import MessageError
from teneur.interbank.grammar import CAMT_053, COMMON, REPORTS
from teneur.interbank.messages import AccountReport, BalanceKind, ReportMessage, Side
from teneur.interbank.reports import write_balance, write_header, write_report
from teneur.interbank.schema import Schema, Values

SCHEMA: Final = Schema("camt.053.001.08", "BkToCstmrStmt", COMMON, REPORTS, CAMT_053)


def write(message: ReportMessage) -> bytes:
    """The message. MessageError: no balance, or entries that do not lead from OPBD to CLBD."""
    return SCHEMA.document(
        {"GrpHdr": write_header(message), "Stmt": [_statement(report) for report in message.reports]}
    )


def _statement(report: AccountReport) -> Values:
    _check_balances(report)
    values = write_report(report)
    values["Bal"] = [write_balance(balance) for balance in report.balances]
    values["AddtlStmtInf"] = report.information
    return values


def _check_balances(report: AccountReport) -> None:
    """The last door before paper: opening balance plus entries is the closing balance, to the cent."""
    booked = {balance.kind: balance.amount for balance in report.balances}
    opening, closing = booked.get(BalanceKind.OPENING_BOOKED), booked.get(BalanceKind.CLOSING_BOOKED)
    if opening is None or closing is None:
        raise MessageError(f"statement {report.id}: an opening and a closing booked balance are needed")
    total = opening.amount_minor
    for entry in report.entries:
        total += entry.amount.amount_minor * (1 if entry.side is Side.CREDIT else -1)
    currencies = {opening.currency, closing.currency, *(entry.amount.currency for entry in report.entries)}
    if total != closing.amount_minor or len(currencies) != 1:
        raise MessageError(
            f"statement {report.id}: {opening} and its entries come to {total} minor units, not to {closing}"
        )
