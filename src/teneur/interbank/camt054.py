"""camt.054.001.08: notice of entries on an account, as they are booked."""

from typing import Final

from teneur.interbank.faults import MessageError
from teneur.interbank.grammar import CAMT_054, COMMON, REPORTS
from teneur.interbank.messages import AccountReport, ReportMessage
from teneur.interbank.reports import write_header, write_report
from teneur.interbank.schema import Schema, Values

SCHEMA: Final = Schema("camt.054.001.08", "BkToCstmrDbtCdtNtfctn", COMMON, REPORTS, CAMT_054)


def write(message: ReportMessage) -> bytes:
    """The message. MessageError if it cannot be: a notification gives no balances."""
    return SCHEMA.document(
        {"GrpHdr": write_header(message), "Ntfctn": [_notification(report) for report in message.reports]}
    )


def _notification(report: AccountReport) -> Values:
    if report.balances:
        raise MessageError(f"notification {report.id}: balances belong into a statement")
    values = write_report(report)
    values["AddtlNtfctnInf"] = report.information
    return values
