"""camt.029.001.09: the answer to a recall. A refusal says why; an accepted recall is answered by pacs.004."""

from typing import Final

from teneur.interbank import components as part
from teneur.interbank import originals
from teneur.interbank.answers import RecallAnswer, RecallAnswers
from teneur.interbank.faults import FileRefusal, FileRefused, MessageError
from teneur.interbank.grammar import CAMT_029, COMMON, RECALLS
from teneur.interbank.payments import FaultyTransaction
from teneur.interbank.schema import Faulty, Schema, Values
from teneur.interbank.xml import SMALL, Limits, Source, message

SCHEMA: Final = Schema("camt.029.001.09", "RsltnOfInvstgtn", COMMON, RECALLS, CAMT_029)


def read(source: Source, limits: Limits = SMALL) -> RecallAnswers | FileRefusal:
    """The message; or why it is refused whole."""
    try:
        values = message(source, SCHEMA, "TxInfAndSts", limits)
    except FileRefused as refusal:
        return refusal.refusal
    items = [item for details in values.get("CxlDtls", ()) for item in details.get("TxInfAndSts", ())]
    assignment = values["Assgnmt"]
    return RecallAnswers(
        id=assignment["Id"],
        assigner=originals.assigned(assignment["Assgnr"]),
        assignee=originals.assigned(assignment["Assgne"]),
        created_at=assignment["CreDtTm"],
        case=originals.case(values.get("RslvdCase")),
        confirmation=values["Sts"].get("Conf") or "",
        answers=tuple(_answer(item, position) for position, item in enumerate(items, start=1)),
    )


def _answer(values: Values | Faulty, position: int) -> RecallAnswer | FaultyTransaction:
    if isinstance(values, Faulty):
        return originals.faulty(values, position)
    return RecallAnswer(
        status=values.get("TxCxlSts") or "",
        reasons=part.reasons(values.get("CxlStsRsnInf", ())),
        ids=originals.ids(values),
        status_id=values.get("CxlStsId") or "",
        case=originals.case(values.get("RslvdCase")),
        group=originals.group(values.get("OrgnlGrpInf")),
        original_amount=values.get("OrgnlIntrBkSttlmAmt"),
        original_settled_on=values.get("OrgnlIntrBkSttlmDt"),
        original=originals.original(values.get("OrgnlTxRef")),
    )


def write(value: RecallAnswers) -> bytes:
    """The message. MessageError if it cannot be."""
    good = [item for item in value.answers if isinstance(item, RecallAnswer)]
    if len(good) != len(value.answers):
        raise MessageError(f"{SCHEMA.name}: a faulty transaction is no answer")
    return SCHEMA.document(
        {
            "Assgnmt": {
                "Id": value.id,
                "Assgnr": part.write_agent_as_choice(value.assigner),
                "Assgne": part.write_agent_as_choice(value.assignee),
                "CreDtTm": value.created_at,
            },
            "RslvdCase": originals.write_case(value.case),
            "Sts": {"Conf": value.confirmation},
            "CxlDtls": [{"TxInfAndSts": [_write(item) for item in good]}] if good else None,
        }
    )


def _write(value: RecallAnswer) -> Values:
    return {
        "CxlStsId": value.status_id,
        "RslvdCase": originals.write_case(value.case),
        "OrgnlGrpInf": originals.write_group(value.group),
        **originals.write_ids(value.ids),
        "TxCxlSts": value.status,
        "CxlStsRsnInf": part.write_reasons(value.reasons),
        "OrgnlIntrBkSttlmAmt": value.original_amount,
        "OrgnlIntrBkSttlmDt": value.original_settled_on,
        "OrgnlTxRef": originals.write_original(value.original),
    }
