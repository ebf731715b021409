"""camt.056.001.08: a bank asks another to send transfers back (recall, or request by the payer)."""

from typing import Final

from teneur.interbank import components as part
from teneur.interbank import originals
from teneur.interbank.answers import Recall, Recalls
from teneur.interbank.controls import check_controls, sum_of
from teneur.interbank.faults import FileRefusal, FileRefused, MessageError, refused
from teneur.interbank.grammar import CAMT_056, COMMON, RECALLS
from teneur.interbank.payments import FaultyTransaction
from teneur.interbank.schema import Faulty, Schema, Values
from teneur.interbank.xml import SMALL, Limits, Source, message

SCHEMA: Final = Schema("camt.056.001.08", "FIToFIPmtCxlReq", COMMON, RECALLS, CAMT_056)


def read(source: Source, limits: Limits = SMALL) -> Recalls | FileRefusal:
    """The message; or why it is refused whole. A recall of a whole group (which SEPA does not know) is
    refused.
    """
    try:
        values = message(source, SCHEMA, "TxInf", limits)
        items = [item for underlying in values["Undrlyg"] for item in underlying.get("TxInf", ())]
        recalls = tuple(_recall(item, position) for position, item in enumerate(items, start=1))
        if not recalls:
            raise refused("group-recall", path=f"{SCHEMA.root}/Undrlyg")
        if "CtrlData" in values:
            amounts = [item.original_amount if isinstance(item, Recall) else item.amount for item in recalls]
            check_controls(values["CtrlData"], None, amounts)
    except FileRefused as refusal:
        return refusal.refusal
    assignment = values["Assgnmt"]
    return Recalls(
        id=assignment["Id"],
        assigner=originals.assigned(assignment["Assgnr"]),
        assignee=originals.assigned(assignment["Assgne"]),
        created_at=assignment["CreDtTm"],
        case=originals.case(values.get("Case")),
        recalls=recalls,
    )


def _recall(values: Values | Faulty, position: int) -> Recall | FaultyTransaction:
    if isinstance(values, Faulty):
        return originals.faulty(values, position)
    return Recall(
        reasons=part.reasons(values.get("CxlRsnInf", ())),
        ids=originals.ids(values),
        recall_id=values.get("CxlId") or "",
        case=originals.case(values.get("Case")),
        group=originals.group(values.get("OrgnlGrpInf")),
        original_amount=values.get("OrgnlIntrBkSttlmAmt"),
        original_settled_on=values.get("OrgnlIntrBkSttlmDt"),
        original=originals.original(values.get("OrgnlTxRef")),
    )


def write(value: Recalls) -> bytes:
    """The message, with its count, and its control sum where every amount is known. MessageError if it cannot
    be.
    """
    good = [item for item in value.recalls if isinstance(item, Recall)]
    if len(good) != len(value.recalls) or not good:
        raise MessageError(f"{SCHEMA.name}: a message has recalls, none of them faulty")
    amounts = [item.original_amount for item in good if item.original_amount is not None]
    return SCHEMA.document(
        {
            "Assgnmt": {
                "Id": value.id,
                "Assgnr": part.write_agent_as_choice(value.assigner),
                "Assgne": part.write_agent_as_choice(value.assignee),
                "CreDtTm": value.created_at,
            },
            "Case": originals.write_case(value.case),
            "CtrlData": {
                "NbOfTxs": len(good),
                "CtrlSum": sum_of(amounts) if len(amounts) == len(good) else None,
            },
            "Undrlyg": [{"TxInf": [_write(item) for item in good]}],
        }
    )


def _write(value: Recall) -> Values:
    return {
        "CxlId": value.recall_id,
        "Case": originals.write_case(value.case),
        "OrgnlGrpInf": originals.write_group(value.group),
        **originals.write_ids(value.ids),
        "OrgnlIntrBkSttlmAmt": value.original_amount,
        "OrgnlIntrBkSttlmDt": value.original_settled_on,
        "CxlRsnInf": part.write_reasons(value.reasons),
        "OrgnlTxRef": originals.write_original(value.original),
    }
