"""pacs.002.001.10: the status of transfers between banks. It confirms or rejects an instant transfer."""

from typing import Final

from teneur.interbank import components as part
from teneur.interbank import originals
from teneur.interbank.answers import InterbankStatusReport, TransactionStatus
from teneur.interbank.faults import FileRefusal, FileRefused, MessageError
from teneur.interbank.grammar import COMMON, PACS_002
from teneur.interbank.pain002 import group_status, transaction_status, write_group_status
from teneur.interbank.payments import FaultyTransaction
from teneur.interbank.schema import Schema, Values
from teneur.interbank.xml import SMALL, Limits, Source, message

SCHEMA: Final = Schema("pacs.002.001.10", "FIToFIPmtStsRpt", COMMON, PACS_002)


def read(source: Source, limits: Limits = SMALL) -> InterbankStatusReport | FileRefusal:
    """The message; or why it is refused whole."""
    try:
        values = message(source, SCHEMA, "TxInfAndSts", limits)
    except FileRefused as refusal:
        return refusal.refusal
    header = values["GrpHdr"]
    return InterbankStatusReport(
        message_id=header["MsgId"],
        created_at=header["CreDtTm"],
        instructing_agent=part.agent(header.get("InstgAgt")),
        instructed_agent=part.agent(header.get("InstdAgt")),
        groups=tuple(group_status(item) for item in values.get("OrgnlGrpInfAndSts", ())),
        statuses=tuple(
            transaction_status(item, position)
            for position, item in enumerate(values.get("TxInfAndSts", ()), start=1)
        ),
    )


def write(report: InterbankStatusReport) -> bytes:
    """The message. MessageError if it cannot be."""
    return SCHEMA.document(
        {
            "GrpHdr": {
                "MsgId": report.message_id,
                "CreDtTm": report.created_at,
                "InstgAgt": part.write_agent(report.instructing_agent),
                "InstdAgt": part.write_agent(report.instructed_agent),
            },
            "OrgnlGrpInfAndSts": [write_group_status(item) for item in report.groups],
            "TxInfAndSts": [_write(item) for item in report.statuses],
        }
    )


def _write(value: TransactionStatus | FaultyTransaction) -> Values:
    if isinstance(value, FaultyTransaction):
        raise MessageError(f"{SCHEMA.name}: a faulty transaction is no status: answer it with RJCT")
    return {
        "StsId": value.status_id,
        "OrgnlGrpInf": originals.write_group(value.group),
        **originals.write_ids(value.ids),
        "TxSts": value.status,
        "StsRsnInf": part.write_reasons(value.reasons),
        "AccptncDtTm": value.accepted_at,
        "FctvIntrBkSttlmDt": {"Dt": value.settled_on},
        "AcctSvcrRef": value.servicer_reference,
        "InstgAgt": part.write_agent(value.instructing_agent),
        "InstdAgt": part.write_agent(value.instructed_agent),
        "OrgnlTxRef": originals.write_original(value.original),
    }
