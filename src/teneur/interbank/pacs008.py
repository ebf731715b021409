"""pacs.008.001.08: customers' transfers from one bank to another: SEPA, instant, through correspondents."""

from collections.abc import Iterator
from typing import Final

from msgspec.structs import replace

from teneur.interbank import components as part
from teneur.interbank import originals
from teneur.interbank.controls import Tally, controls_of
from teneur.interbank.faults import Fault, FileRefusal, FileRefused, MessageError, fault, refused
from teneur.interbank.grammar import COMMON, PACS_008
from teneur.interbank.messages import Agent, Party
from teneur.interbank.payments import FaultyTransaction, InterbankTransfer, InterbankTransfers
from teneur.interbank.schema import Element, Faulty, Schema, Values, line_of
from teneur.interbank.xml import LIMITS, Limits, Source, records

SCHEMA: Final = Schema("pacs.008.001.08", "FIToFICstmrCdtTrf", COMMON, PACS_008)


Item = InterbankTransfers | InterbankTransfer | FaultyTransaction


def stream(source: Source, limits: Limits = LIMITS) -> Iterator[Item]:
    """The message without its transfers, then its transfers, good and faulty, in order.

    Memory stays small whatever the size. Nothing may be done with the items before the stream has ended: it
    raises FileRefused where the message turns out to be bad, at the latest when counts and sums are compared
    at the end.
    """
    header: Values = {}
    tally = Tally()
    try:
        for _, path, element in records(source, {SCHEMA.name: SCHEMA}, ("GrpHdr", "CdtTrfTxInf"), limits):
            if path == "GrpHdr":
                header = _header(element, header)
                yield _head(header)
            elif not header:
                raise refused("element-missing", "GrpHdr", path=SCHEMA.root, line=line_of(element))
            else:
                item = _transfer(element, header, tally.count + 1)
                tally.add(item.amount)
                yield item
        if not tally.count:
            raise refused("element-missing", "CdtTrfTxInf", path=SCHEMA.root)
        tally.check(header, header.get("TtlIntrBkSttlmAmt"))
    except FileRefused as refused_file:
        if not header:
            raise
        raise FileRefused(replace(refused_file.refusal, message_id=header["MsgId"])) from None


def read(source: Source, limits: Limits = LIMITS) -> InterbankTransfers | FileRefusal:
    """The whole message; or why it is refused whole: structure, count, control sum or total."""
    head: InterbankTransfers | None = None
    transfers: list[InterbankTransfer | FaultyTransaction] = []
    try:
        for item in stream(source, limits):
            if isinstance(item, InterbankTransfers):
                head = item
            else:
                transfers.append(item)
    except FileRefused as refused_file:
        return refused_file.refusal
    assert head is not None, "a message without a header is refused"
    return replace(head, transfers=tuple(transfers))


def _head(header: Values) -> InterbankTransfers:
    return InterbankTransfers(
        message_id=header["MsgId"],
        created_at=header["CreDtTm"],
        settlement=part.settlement(header["SttlmInf"]),
        settlement_on=header.get("IntrBkSttlmDt"),
        payment_type=part.payment_type(header.get("PmtTpInf")),
        instructing_agent=part.agent(header.get("InstgAgt")),
        instructed_agent=part.agent(header.get("InstdAgt")),
        transfers=(),
    )


def _header(element: Element, before: Values) -> Values:
    if before:
        raise refused("element-repeated", 1, path=f"{SCHEMA.root}/GrpHdr", line=line_of(element))
    faults: list[Fault] = []
    values: Values = SCHEMA.read("GroupHeader", element, faults)
    if faults:
        raise FileRefused(FileRefusal(faults=tuple(faults), message_id=values.get("MsgId") or ""))
    return values


def _transfer(element: Element, header: Values, position: int) -> InterbankTransfer | FaultyTransaction:
    values = SCHEMA.read_transaction("Transfer", element)
    if not isinstance(values, Faulty):
        missing = tuple(_missing(values, header, element))
        if missing:
            values = Faulty(values, missing)
    if isinstance(values, Faulty):
        return _faulty(values, header, position, element)
    own = values["PmtId"]
    return InterbankTransfer(
        instruction_id=own.get("InstrId") or "",
        end_to_end_id=own["EndToEndId"],
        transaction_id=own.get("TxId") or "",
        uetr=own.get("UETR") or "",
        clearing_system_reference=own.get("ClrSysRef") or "",
        payment_type=part.payment_type(values.get("PmtTpInf") or header.get("PmtTpInf")),
        amount=values["IntrBkSttlmAmt"],
        settlement_on=values.get("IntrBkSttlmDt") or header.get("IntrBkSttlmDt"),
        settlement_priority=values.get("SttlmPrty") or "",
        accepted_at=values.get("AccptncDtTm"),
        instructed=values.get("InstdAmt"),
        exchange_rate=values.get("XchgRate"),
        charge_bearer=values["ChrgBr"],
        charges=part.charges(values.get("ChrgsInf", ())),
        instructing_agent=part.agent(values.get("InstgAgt") or header.get("InstgAgt")),
        instructed_agent=part.agent(values.get("InstdAgt") or header.get("InstdAgt")),
        intermediary_agents=part.intermediaries(values),
        ultimate_debtor=part.party(values.get("UltmtDbtr")),
        initiating_party=part.party(values.get("InitgPty")),
        debtor=part.party(values["Dbtr"]) or Party(),
        debtor_account=part.account(values.get("DbtrAcct")),
        debtor_agent=part.agent(values["DbtrAgt"]) or Agent(),
        creditor_agent=part.agent(values["CdtrAgt"]) or Agent(),
        creditor=part.party(values["Cdtr"]) or Party(),
        creditor_account=part.account(values.get("CdtrAcct")),
        ultimate_creditor=part.party(values.get("UltmtCdtr")),
        instructions_for_creditor_agent=part.instructions(values.get("InstrForCdtrAgt", ())),
        purpose=part.coded(values.get("Purp")),
        remittance=part.remittance(values.get("RmtInf")),
    )


def _faulty(found: Faulty, header: Values, position: int, element: Element) -> FaultyTransaction:
    """With what its return or its rejection needs, where that could be read."""
    values = found.values
    bank = (values.get("DbtrAgt") or {}).get("FinInstnId") or {}
    kind = values.get("PmtTpInf") or header.get("PmtTpInf") or {}
    local = kind.get("LclInstrm") or {}
    unreadable = "LclInstrm" in kind and not local
    return replace(
        originals.faulty(found, position, element),
        payer_bic=bank.get("BICFI") or "",
        settlement_on=values.get("IntrBkSttlmDt") or header.get("IntrBkSttlmDt"),
        instant="INST" in (local.get("Cd"), local.get("Prtry"))
        or (unreadable and "AccptncDtTm" in values),  # only instant transfers have that time
    )


def _missing(values: Values, header: Values, element: Element) -> Iterator[Fault]:
    """What a transfer needs to be credited, which the standard leaves optional or free."""
    path, line = f"{SCHEMA.root}/CdtTrfTxInf", line_of(element)
    if values["IntrBkSttlmAmt"].amount_minor == 0:
        yield fault("amount-zero", path=f"{path}/IntrBkSttlmAmt", line=line)
    if not (values.get("IntrBkSttlmDt") or header.get("IntrBkSttlmDt")):
        yield fault("element-missing", "IntrBkSttlmDt", path=f"{path}/IntrBkSttlmDt", line=line)
    if "CdtrAcct" not in values:
        yield fault("creditor-account-missing", path=f"{path}/CdtrAcct", line=line)


def write(message: InterbankTransfers) -> bytes:
    """The message. Its count, control sum and total are those of its transfers. MessageError if it cannot be.

    What a transfer shares with the message (settlement day, payment type, agents) is written once, on the
    message.
    """
    good = [item for item in message.transfers if isinstance(item, InterbankTransfer)]
    if len(good) != len(message.transfers):
        raise MessageError(f"{SCHEMA.name}: a faulty transaction cannot be sent")
    header = {
        "MsgId": message.message_id,
        "CreDtTm": message.created_at,
        **controls_of([item.amount for item in good], "TtlIntrBkSttlmAmt"),
        "IntrBkSttlmDt": message.settlement_on,
        "SttlmInf": part.write_settlement(message.settlement),
        "PmtTpInf": part.write_payment_type(message.payment_type),
        "InstgAgt": part.write_agent(message.instructing_agent),
        "InstdAgt": part.write_agent(message.instructed_agent),
    }
    return SCHEMA.document({"GrpHdr": header, "CdtTrfTxInf": [_write(item, message) for item in good]})


def _write(value: InterbankTransfer, message: InterbankTransfers) -> Values:
    def own(name: str) -> object:
        mine = getattr(value, name)
        return None if mine == getattr(message, name) else mine

    payment_type, instructing, instructed = (
        own("payment_type"),
        own("instructing_agent"),
        own("instructed_agent"),
    )
    return {
        "PmtId": {
            "InstrId": value.instruction_id,
            "EndToEndId": value.end_to_end_id,
            "TxId": value.transaction_id,
            "UETR": value.uetr,
            "ClrSysRef": value.clearing_system_reference,
        },
        "PmtTpInf": part.write_payment_type(value.payment_type) if payment_type else None,
        "IntrBkSttlmAmt": value.amount,
        "IntrBkSttlmDt": own("settlement_on"),
        "SttlmPrty": value.settlement_priority,
        "AccptncDtTm": value.accepted_at,
        "InstdAmt": value.instructed,
        "XchgRate": value.exchange_rate,
        "ChrgBr": value.charge_bearer,
        "ChrgsInf": part.write_charges(value.charges),
        "InstgAgt": part.write_agent(value.instructing_agent) if instructing else None,
        "InstdAgt": part.write_agent(value.instructed_agent) if instructed else None,
        **part.write_intermediaries(value.intermediary_agents),
        "UltmtDbtr": part.write_party(value.ultimate_debtor),
        "InitgPty": part.write_party(value.initiating_party),
        "Dbtr": part.write_party(value.debtor),
        "DbtrAcct": part.write_account(value.debtor_account),
        "DbtrAgt": part.write_agent(value.debtor_agent),
        "CdtrAgt": part.write_agent(value.creditor_agent),
        "Cdtr": part.write_party(value.creditor),
        "CdtrAcct": part.write_account(value.creditor_account),
        "UltmtCdtr": part.write_party(value.ultimate_creditor),
        "InstrForCdtrAgt": part.write_instructions(value.instructions_for_creditor_agent),
        "Purp": part.write_coded(value.purpose),
        "RmtInf": part.write_remittance(value.remittance),
    }
