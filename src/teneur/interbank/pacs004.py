"""pacs.004.001.09: transfers sent back to the bank that they came from."""

from collections.abc import Iterator
from typing import Final

from teneur.interbank import components as part
from teneur.interbank import originals
from teneur.interbank.answers import PaymentReturn, PaymentReturns
from teneur.interbank.controls import check_controls, controls_of
from teneur.interbank.faults import Fault, FileRefusal, FileRefused, MessageError, fault, refused
from teneur.interbank.grammar import COMMON, PACS_004
from teneur.interbank.payments import FaultyTransaction
from teneur.interbank.schema import Faulty, Schema, Values
from teneur.interbank.xml import SMALL, Limits, Source, message

SCHEMA: Final = Schema("pacs.004.001.09", "PmtRtr", COMMON, PACS_004)


def read(source: Source, limits: Limits = SMALL) -> PaymentReturns | FileRefusal:
    """The message; or why it is refused whole: structure, count, control sum or total, or a return of a
    group.
    """
    try:
        values = message(source, SCHEMA, "TxInf", limits)
        header = values["GrpHdr"]
        returns = tuple(
            _return(item, values, position) for position, item in enumerate(values.get("TxInf", ()), start=1)
        )
        if not returns:
            raise refused("element-missing", "TxInf", path=SCHEMA.root)
        amounts = [item.returned if isinstance(item, PaymentReturn) else item.amount for item in returns]
        check_controls(header, header.get("TtlRtrdIntrBkSttlmAmt"), amounts)
    except FileRefused as refusal:
        return refusal.refusal
    return PaymentReturns(
        message_id=header["MsgId"],
        created_at=header["CreDtTm"],
        settlement=part.settlement(header["SttlmInf"]),
        settlement_on=header.get("IntrBkSttlmDt"),
        instructing_agent=part.agent(header.get("InstgAgt")),
        instructed_agent=part.agent(header.get("InstdAgt")),
        returns=returns,
    )


def _return(values: Values | Faulty, whole: Values, position: int) -> PaymentReturn | FaultyTransaction:
    if not isinstance(values, Faulty):
        missing = tuple(_missing(values, whole["GrpHdr"], position))
        if missing:
            values = Faulty(values, missing)
    if isinstance(values, Faulty):
        return originals.faulty(values, position)
    header, group = whole["GrpHdr"], whole.get("OrgnlGrpInf")
    reasons = values.get("RtrRsnInf") or (group or {}).get("RtrRsnInf", ())
    return PaymentReturn(
        returned=values["RtrdIntrBkSttlmAmt"],
        reasons=part.reasons(reasons),
        ids=originals.ids(values),
        return_id=values.get("RtrId") or "",
        group=originals.group(values.get("OrgnlGrpInf") or group),
        original_amount=values.get("OrgnlIntrBkSttlmAmt"),
        original_settled_on=values.get("OrgnlIntrBkSttlmDt"),
        settlement_on=values.get("IntrBkSttlmDt") or header.get("IntrBkSttlmDt"),
        returned_instructed=values.get("RtrdInstdAmt"),
        exchange_rate=values.get("XchgRate"),
        compensation=values.get("CompstnAmt"),
        charge_bearer=values.get("ChrgBr") or "",
        charges=part.charges(values.get("ChrgsInf", ())),
        clearing_system_reference=values.get("ClrSysRef") or "",
        instructing_agent=part.agent(values.get("InstgAgt") or header.get("InstgAgt")),
        instructed_agent=part.agent(values.get("InstdAgt") or header.get("InstdAgt")),
        original=originals.original(values.get("OrgnlTxRef")),
    )


def _missing(values: Values, header: Values, position: int) -> Iterator[Fault]:
    """What a return needs to be booked, which the standard leaves optional or free."""
    path = f"{SCHEMA.root}/TxInf[{position}]"
    if values["RtrdIntrBkSttlmAmt"].amount_minor == 0:
        yield fault("amount-zero", path=f"{path}/RtrdIntrBkSttlmAmt")
    if not (values.get("IntrBkSttlmDt") or header.get("IntrBkSttlmDt")):
        yield fault("element-missing", "IntrBkSttlmDt", path=f"{path}/IntrBkSttlmDt")


def write(value: PaymentReturns) -> bytes:
    """The message. Count, control sum and total are those of its returns. MessageError if it cannot be."""
    good = [item for item in value.returns if isinstance(item, PaymentReturn)]
    if len(good) != len(value.returns):
        raise MessageError(f"{SCHEMA.name}: a faulty transaction cannot be sent")
    header = {
        "MsgId": value.message_id,
        "CreDtTm": value.created_at,
        **controls_of([item.returned for item in good], "TtlRtrdIntrBkSttlmAmt"),
        "IntrBkSttlmDt": value.settlement_on,
        "SttlmInf": part.write_settlement(value.settlement),
        "InstgAgt": part.write_agent(value.instructing_agent),
        "InstdAgt": part.write_agent(value.instructed_agent),
    }
    return SCHEMA.document({"GrpHdr": header, "TxInf": [_write(item, value) for item in good]})


def _write(value: PaymentReturn, whole: PaymentReturns) -> Values:
    """A return; what it shares with the message is written once, on the message."""
    day = value.settlement_on if value.settlement_on != whole.settlement_on else None
    instructing = value.instructing_agent if value.instructing_agent != whole.instructing_agent else None
    instructed = value.instructed_agent if value.instructed_agent != whole.instructed_agent else None
    return {
        "RtrId": value.return_id,
        "OrgnlGrpInf": originals.write_group(value.group),
        **originals.write_ids(value.ids),
        "OrgnlIntrBkSttlmAmt": value.original_amount,
        "OrgnlIntrBkSttlmDt": value.original_settled_on,
        "RtrdIntrBkSttlmAmt": value.returned,
        "IntrBkSttlmDt": day,
        "RtrdInstdAmt": value.returned_instructed,
        "XchgRate": value.exchange_rate,
        "CompstnAmt": value.compensation,
        "ChrgBr": value.charge_bearer,
        "ChrgsInf": part.write_charges(value.charges),
        "ClrSysRef": value.clearing_system_reference,
        "InstgAgt": part.write_agent(instructing),
        "InstdAgt": part.write_agent(instructed),
        "RtrRsnInf": part.write_reasons(value.reasons),
        "OrgnlTxRef": originals.write_original(value.original),
    }
