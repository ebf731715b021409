"""The transaction that an answer is about: its message, its references and what it said."""

from datetime import date
from typing import Any

from msgspec.structs import replace

from teneur.interbank import components as part
from teneur.interbank.answers import Case, OriginalGroup, OriginalIds, OriginalTransaction
from teneur.interbank.messages import Agent, Party
from teneur.interbank.payments import FaultyTransaction
from teneur.interbank.schema import Element, Faulty, Values, line_of


def day_of(values: Values | None) -> date | None:
    """The day of a choice of a day and a moment."""
    if not values:
        return None
    day: date | None = values.get("Dt")
    return day if day is not None else values["DtTm"].date()


def group(values: Values | None) -> OriginalGroup | None:
    """The message that the transaction came in."""
    return None if values is None else group_of(values)


def group_of(values: Values) -> OriginalGroup:
    """The message that these values begin with."""
    return OriginalGroup(
        message_id=values["OrgnlMsgId"], name=values["OrgnlMsgNmId"], created_at=values.get("OrgnlCreDtTm")
    )


def ids(values: Values) -> OriginalIds:
    """Its references."""
    return OriginalIds(
        instruction_id=values.get("OrgnlInstrId") or "",
        end_to_end_id=values.get("OrgnlEndToEndId") or "",
        transaction_id=values.get("OrgnlTxId") or "",
        uetr=values.get("OrgnlUETR") or "",
        clearing_system_reference=values.get("OrgnlClrSysRef") or "",
    )


def original(values: Values | None) -> OriginalTransaction | None:
    """What it said."""
    if values is None:
        return None
    settled = values.get("SttlmInf")
    return OriginalTransaction(
        amount=values.get("IntrBkSttlmAmt"),
        instructed=(values.get("Amt") or {}).get("InstdAmt"),
        settled_on=values.get("IntrBkSttlmDt"),
        execution_on=day_of(values.get("ReqdExctnDt")),
        settlement=part.settlement(settled) if settled else None,
        payment_type=part.payment_type(values.get("PmtTpInf")),
        method=values.get("PmtMtd") or "",
        remittance=part.remittance(values.get("RmtInf")),
        ultimate_debtor=part.party_or_agent(values.get("UltmtDbtr")),
        debtor=part.party_or_agent(values.get("Dbtr")),
        debtor_account=part.account(values.get("DbtrAcct")),
        debtor_agent=part.agent(values.get("DbtrAgt")),
        creditor_agent=part.agent(values.get("CdtrAgt")),
        creditor=part.party_or_agent(values.get("Cdtr")),
        creditor_account=part.account(values.get("CdtrAcct")),
        ultimate_creditor=part.party_or_agent(values.get("UltmtCdtr")),
        purpose=part.coded(values.get("Purp")),
    )


def case(values: Values | None) -> Case | None:
    """An investigation case."""
    if values is None:
        return None
    creator = values["Cretr"]
    return Case(id=values["Id"], creator=part.party_or_agent(creator) or Party(), by_agent="Agt" in creator)


def assigned(values: Values) -> Agent:
    """The bank that asks or is asked; an organisation in its place counts by its BIC and name."""
    if "Agt" in values:
        return part.agent(values["Agt"]) or Agent()
    party = part.party(values["Pty"]) or Party()
    return Agent(bic=party.bic, lei=party.lei, name=party.name, address=party.address)


def faulty(found: Faulty, position: int, element: Element | None = None) -> FaultyTransaction:
    """A transaction with faults, with the references that could be read."""
    values = found.values
    own = values.get("PmtId") or {}
    back = ids(values)
    return FaultyTransaction(
        position=position,
        line=line_of(element) if element is not None else found.faults[0].line,
        faults=found.faults,
        instruction_id=own.get("InstrId") or back.instruction_id,
        end_to_end_id=own.get("EndToEndId") or back.end_to_end_id,
        transaction_id=own.get("TxId") or back.transaction_id,
        uetr=own.get("UETR") or back.uetr,
        amount=values.get("IntrBkSttlmAmt") or values.get("RtrdIntrBkSttlmAmt"),
    )


# ---------------------------------------------------------------- write


def write_group(value: OriginalGroup | None) -> Values | None:
    """The values of `group`."""
    if value is None:
        return None
    return {
        "OrgnlMsgId": value.message_id,
        "OrgnlMsgNmId": value.name,
        "OrgnlCreDtTm": value.created_at,
    }


def write_ids(value: OriginalIds) -> Values:
    """The values of `ids`."""
    return {
        "OrgnlInstrId": value.instruction_id,
        "OrgnlEndToEndId": value.end_to_end_id,
        "OrgnlTxId": value.transaction_id,
        "OrgnlUETR": value.uetr,
        "OrgnlClrSysRef": value.clearing_system_reference,
    }


def write_original(value: OriginalTransaction | None) -> Values | None:
    """The values of `original`."""
    if value is None:
        return None
    return {
        "IntrBkSttlmAmt": value.amount,
        "Amt": {"InstdAmt": value.instructed},
        "IntrBkSttlmDt": value.settled_on,
        "ReqdExctnDt": {"Dt": value.execution_on},
        "SttlmInf": value.settlement and part.write_settlement(value.settlement),
        "PmtTpInf": part.write_payment_type(value.payment_type),
        "PmtMtd": value.method,
        "RmtInf": part.write_remittance(value.remittance),
        "UltmtDbtr": part.write_party_as_choice(value.ultimate_debtor),
        "Dbtr": part.write_party_as_choice(value.debtor),
        "DbtrAcct": part.write_account(value.debtor_account),
        "DbtrAgt": part.write_agent(value.debtor_agent),
        "CdtrAgt": part.write_agent(value.creditor_agent),
        "Cdtr": part.write_party_as_choice(value.creditor),
        "CdtrAcct": part.write_account(value.creditor_account),
        "UltmtCdtr": part.write_party_as_choice(value.ultimate_creditor),
        "Purp": part.write_coded(value.purpose),
    }


def write_case(value: Case | None) -> Values | None:
    """The values of `case`."""
    if value is None:
        return None
    creator: Any = part.write_party_as_choice(value.creator)
    if value.by_agent:
        bank = Agent(bic=value.creator.bic, lei=value.creator.lei, name=value.creator.name)
        creator = part.write_agent_as_choice(replace(bank, address=value.creator.address))
    return {"Id": value.id, "Cretr": creator}
