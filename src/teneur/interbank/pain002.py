"""pain.002.001.10: the bank's answer to a customer's file: a status and a reason for each transaction."""

from datetime import datetime
from typing import Final

from teneur.interbank import components as part
from teneur.interbank import originals
from teneur.interbank.answers import (
    BatchStatus,
    CustomerStatusReport,
    GroupStatus,
    OriginalGroup,
    OriginalIds,
    TransactionStatus,
)
from teneur.interbank.faults import Fault, FileRefusal, FileRefused, MessageError
from teneur.interbank.grammar import COMMON, PAIN_002
from teneur.interbank.messages import NOT_PROVIDED, Coded, Party, Reason
from teneur.interbank.payments import FaultyTransaction
from teneur.interbank.schema import Faulty, Schema, Values
from teneur.interbank.xml import SMALL, Limits, Source, message

SCHEMA: Final = Schema("pain.002.001.10", "CstmrPmtStsRpt", COMMON, PAIN_002)
_WORDS = 105  # characters of one AddtlInf


def reason_of(found: Fault, originator: Party) -> Reason:
    """The reason that a customer is given for a fault: the ISO code, the place and the words in French."""
    words = f"{found.path.rpartition('/')[2]}: {found.french}" if found.path else found.french
    cuts = range(0, len(words), _WORDS)
    return Reason(
        reason=Coded(code=found.iso),
        originator=originator,
        additional=tuple(words[at : at + _WORDS] for at in cuts),
    )


def rejected(item: FaultyTransaction, bank: Party) -> TransactionStatus:
    """The status of a transaction that could not be taken: RJCT, with a reason for each fault."""
    return TransactionStatus(
        status="RJCT",
        ids=OriginalIds(instruction_id=item.instruction_id, end_to_end_id=item.end_to_end_id, uetr=item.uetr),
        reasons=tuple(reason_of(found, bank) for found in item.faults),
    )


def refused_file(
    refusal: FileRefusal, message_id: str, created_at: datetime, bank: Party, name: str = "pain.001.001.09"
) -> CustomerStatusReport:
    """The answer to a file that is refused whole. message_id: of the answer; name: of the message refused."""
    group = OriginalGroup(message_id=refusal.message_id or NOT_PROVIDED, name=name)
    reasons = tuple(reason_of(found, bank) for found in refusal.faults)
    return CustomerStatusReport(
        message_id=message_id,
        created_at=created_at,
        group=GroupStatus(group=group, status="RJCT", reasons=reasons),
    )


def write(report: CustomerStatusReport) -> bytes:
    """The message. Counts per status follow from the transactions. MessageError if it cannot be."""
    return SCHEMA.document(
        {
            "GrpHdr": {
                "MsgId": report.message_id,
                "CreDtTm": report.created_at,
                "InitgPty": part.write_party(report.initiating_party),
                "DbtrAgt": part.write_agent(report.debtor_agent),
            },
            "OrgnlGrpInfAndSts": write_group_status(report.group),
            "OrgnlPmtInfAndSts": [_write_batch(batch) for batch in report.batches],
        }
    )


def read(source: Source, limits: Limits = SMALL) -> CustomerStatusReport | FileRefusal:
    """The message, as a customer's program would read it; or why it is refused whole."""
    try:
        values = message(source, SCHEMA, "TxInfAndSts", limits)
    except FileRefused as refusal:
        return refusal.refusal
    header = values["GrpHdr"]
    return CustomerStatusReport(
        message_id=header["MsgId"],
        created_at=header["CreDtTm"],
        initiating_party=part.party(header.get("InitgPty")),
        debtor_agent=part.agent(header.get("DbtrAgt")),
        group=group_status(values["OrgnlGrpInfAndSts"]),
        batches=tuple(_batch(batch) for batch in values.get("OrgnlPmtInfAndSts", ())),
    )


def group_status(values: Values) -> GroupStatus:
    """The status of a whole message."""
    return GroupStatus(
        group=originals.group_of(values),
        transactions=values.get("OrgnlNbOfTxs"),
        control_sum=values.get("OrgnlCtrlSum"),
        status=values.get("GrpSts") or "",
        reasons=part.reasons(values.get("StsRsnInf", ())),
    )


def write_group_status(value: GroupStatus) -> Values:
    """The values of `group_status`."""
    return {
        **(originals.write_group(value.group) or {}),
        "OrgnlNbOfTxs": value.transactions,
        "OrgnlCtrlSum": value.control_sum,
        "GrpSts": value.status,
        "StsRsnInf": part.write_reasons(value.reasons),
    }


def _batch(values: Values) -> BatchStatus:
    return BatchStatus(
        id=values["OrgnlPmtInfId"],
        transactions=values.get("OrgnlNbOfTxs"),
        control_sum=values.get("OrgnlCtrlSum"),
        status=values.get("PmtInfSts") or "",
        reasons=part.reasons(values.get("StsRsnInf", ())),
        statuses=tuple(
            transaction_status(item, position)
            for position, item in enumerate(values.get("TxInfAndSts", ()), start=1)
        ),
    )


def transaction_status(values: Values | Faulty, position: int) -> TransactionStatus | FaultyTransaction:
    """One transaction's; what only pacs.002 has is absent in pain.002."""
    if isinstance(values, Faulty):
        return originals.faulty(values, position)
    return TransactionStatus(
        status=values.get("TxSts") or "",
        ids=originals.ids(values),
        status_id=values.get("StsId") or "",
        group=originals.group(values.get("OrgnlGrpInf")),
        reasons=part.reasons(values.get("StsRsnInf", ())),
        accepted_at=values.get("AccptncDtTm"),
        settled_on=originals.day_of(values.get("FctvIntrBkSttlmDt")),
        servicer_reference=values.get("AcctSvcrRef") or "",
        instructing_agent=part.agent(values.get("InstgAgt")),
        instructed_agent=part.agent(values.get("InstdAgt")),
        original=originals.original(values.get("OrgnlTxRef")),
    )


def _write_batch(batch: BatchStatus) -> Values:
    counts: dict[str, int] = {}
    written = []
    for item in batch.statuses:
        if isinstance(item, FaultyTransaction):
            raise MessageError(f"{SCHEMA.name}: a faulty transaction is no status: answer it with RJCT")
        counts[item.status] = counts.get(item.status, 0) + 1
        written.append(_write_status(item))
    return {
        "OrgnlPmtInfId": batch.id,
        "OrgnlNbOfTxs": batch.transactions,
        "OrgnlCtrlSum": batch.control_sum,
        "PmtInfSts": batch.status,
        "StsRsnInf": part.write_reasons(batch.reasons),
        "NbOfTxsPerSts": [
            {"DtldNbOfTxs": count, "DtldSts": status} for status, count in sorted(counts.items())
        ],
        "TxInfAndSts": written,
    }


def _write_status(value: TransactionStatus) -> Values:
    return {
        "StsId": value.status_id,
        **originals.write_ids(value.ids),
        "TxSts": value.status,
        "StsRsnInf": part.write_reasons(value.reasons),
        "AccptncDtTm": value.accepted_at,
        "AcctSvcrRef": value.servicer_reference,
        "OrgnlTxRef": originals.write_original(value.original),
    }
