"""The parts that every message shares: from the values of a grammar to our structs, and back."""

from collections.abc import Iterable, Sequence

from teneur.interbank.messages import (
    Account,
    Address,
    Agent,
    Birth,
    Coded,
    OtherId,
    Party,
    PaymentType,
    Reason,
    Remittance,
    StructuredRemittance,
)
from teneur.interbank.payments import Charge, Settlement
from teneur.interbank.schema import Values

INSTRUCTION_CODES = frozenset({"CHQB", "HOLD", "PHOB", "TELB"})
_ADDRESS = {
    "Dept": "department",
    "SubDept": "sub_department",
    "StrtNm": "street",
    "BldgNb": "building_number",
    "BldgNm": "building_name",
    "Flr": "floor",
    "PstBx": "post_box",
    "Room": "room",
    "PstCd": "post_code",
    "TwnNm": "town",
    "TwnLctnNm": "town_location",
    "DstrctNm": "district",
    "CtrySubDvsn": "country_subdivision",
    "Ctry": "country",
}


# ---------------------------------------------------------------- read


def coded(values: Values | None) -> Coded | None:
    """A choice of a listed code and a proprietary one."""
    if not values:
        return None
    return Coded(code=values.get("Cd") or "", proprietary=values.get("Prtry") or "")


def address(values: Values | None) -> Address | None:
    """A postal address; in the versions of 2009 its type is a bare code."""
    if not values:
        return None
    kind = values.get("AdrTp")
    if isinstance(kind, dict):
        kind = Coded(code=kind.get("Cd") or "", proprietary=(kind.get("Prtry") or {}).get("Id") or "")
    elif kind:
        kind = Coded(code=kind)
    fields = {field: values.get(name) or "" for name, field in _ADDRESS.items()}
    return Address(kind=kind, lines=tuple(values.get("AdrLine", ())), **fields)


def _other_id(values: Values) -> OtherId:
    return OtherId(id=values["Id"], scheme=coded(values.get("SchmeNm")), issuer=values.get("Issr") or "")


def party(values: Values | None) -> Party | None:
    """A person or an organisation."""
    if values is None:
        return None
    ids = values.get("Id") or {}
    organisation, person = ids.get("OrgId") or {}, ids.get("PrvtId") or {}
    birth = person.get("DtAndPlcOfBirth")
    return Party(
        name=values.get("Nm") or "",
        address=address(values.get("PstlAdr")),
        bic=organisation.get("AnyBIC") or organisation.get("BICOrBEI") or "",
        lei=organisation.get("LEI") or "",
        organisation_ids=tuple(_other_id(item) for item in organisation.get("Othr", ())),
        birth=birth
        and Birth(
            on=birth["BirthDt"],
            city=birth["CityOfBirth"],
            country=birth["CtryOfBirth"],
            province=birth.get("PrvcOfBirth") or "",
        ),
        person_ids=tuple(_other_id(item) for item in person.get("Othr", ())),
        country_of_residence=values.get("CtryOfRes") or "",
    )


def agent(values: Values | None) -> Agent | None:
    """A bank."""
    if values is None:
        return None
    institution = values.get("FinInstnId") or {}
    member = institution.get("ClrSysMmbId") or {}
    other = institution.get("Othr")
    return Agent(
        bic=institution.get("BICFI") or institution.get("BIC") or "",
        clearing_system=coded(member.get("ClrSysId")),
        clearing_member=member.get("MmbId") or "",
        lei=institution.get("LEI") or "",
        name=institution.get("Nm") or "",
        address=address(institution.get("PstlAdr")),
        other=other and _other_id(other),
        branch=(values.get("BrnchId") or {}).get("Id") or "",
    )


def party_or_agent(values: Values | None) -> Party | None:
    """A party; a bank that stands in its place is a party by its name and BIC."""
    if not values:
        return None
    if "Pty" in values:
        return party(values["Pty"])
    bank = agent(values.get("Agt"))
    if bank is None:
        return None
    return Party(name=bank.name, bic=bank.bic, lei=bank.lei, address=bank.address)


def account(values: Values | None) -> Account | None:
    """An account by its IBAN or another identifier."""
    if values is None:
        return None
    ids = values.get("Id") or {}
    other = ids.get("Othr")
    return Account(
        iban=ids.get("IBAN") or "",
        other=other and _other_id(other),
        kind=coded(values.get("Tp")),
        currency=values.get("Ccy"),
        name=values.get("Nm") or "",
    )


def remittance(values: Values | None) -> Remittance | None:
    """What the payment is for."""
    if values is None:
        return None
    structured = []
    for item in values.get("Strd", ()):
        reference = item.get("CdtrRefInf") or {}
        kind = reference.get("Tp") or {}
        structured.append(
            StructuredRemittance(
                reference=reference.get("Ref") or "",
                reference_kind=coded(kind.get("CdOrPrtry")),
                reference_issuer=kind.get("Issr") or "",
                document_numbers=tuple(d["Nb"] for d in item.get("RfrdDocInf", ()) if d.get("Nb")),
                additional=tuple(item.get("AddtlRmtInf", ())),
            )
        )
    return Remittance(unstructured=tuple(values.get("Ustrd", ())), structured=tuple(structured))


def payment_type(values: Values | None) -> PaymentType | None:
    """How the payment shall be treated."""
    if values is None:
        return None
    levels = values.get("SvcLvl", ())
    return PaymentType(
        priority=values.get("InstrPrty") or "",
        clearing_channel=values.get("ClrChanl") or "",
        service_levels=tuple(
            Coded(code=item.get("Cd") or "", proprietary=item.get("Prtry") or "")
            for item in ([levels] if isinstance(levels, dict) else levels)
        ),
        local_instrument=coded(values.get("LclInstrm")),
        category_purpose=coded(values.get("CtgyPurp")),
    )


def settlement(values: Values) -> Settlement:
    """How the banks settle."""
    return Settlement(
        method=values["SttlmMtd"],
        account=account(values.get("SttlmAcct")),
        clearing_system=coded(values.get("ClrSys")),
        instructing_reimbursement_agent=agent(values.get("InstgRmbrsmntAgt")),
        instructed_reimbursement_agent=agent(values.get("InstdRmbrsmntAgt")),
    )


def charges(values: Iterable[Values]) -> tuple[Charge, ...]:
    """What banks on the way took."""
    return tuple(Charge(amount=item["Amt"], agent=agent(item["Agt"]) or Agent()) for item in values)


def reasons(values: Iterable[Values]) -> tuple[Reason, ...]:
    """Why."""
    return tuple(
        Reason(
            reason=coded(item.get("Rsn")),
            originator=party(item.get("Orgtr")),
            additional=tuple(item.get("AddtlInf", ())),
        )
        for item in values
    )


def intermediaries(values: Values) -> tuple[Agent, ...]:
    """The banks between the two banks of the parties, in order."""
    found = (agent(values.get(f"IntrmyAgt{n}")) for n in (1, 2, 3))
    return tuple(bank for bank in found if bank)


def instructions(values: Iterable[Values]) -> tuple[str, ...]:
    """What the payee's bank is asked to do: a code (HOLD, PHOB …), a text, or both with a space between."""
    return tuple(" ".join(filter(None, (item.get("Cd"), item.get("InstrInf")))) for item in values)


# ---------------------------------------------------------------- write


def write_coded(value: Coded | None) -> Values | None:
    """The values of `coded`."""
    return None if value is None else {"Cd": value.code, "Prtry": value.proprietary}


def write_address(value: Address | None) -> Values | None:
    """The values of `address`."""
    if value is None:
        return None
    kind = value.kind and {"Cd": value.kind.code}
    fields = {name: getattr(value, field) for name, field in _ADDRESS.items()}
    return {"AdrTp": kind, **fields, "AdrLine": value.lines}


def _write_other_id(value: OtherId | None) -> Values | None:
    if value is None:
        return None
    return {"Id": value.id, "SchmeNm": write_coded(value.scheme), "Issr": value.issuer}


def write_party(value: Party | None) -> Values | None:
    """The values of `party`."""
    if value is None:
        return None
    birth = value.birth and {
        "BirthDt": value.birth.on,
        "PrvcOfBirth": value.birth.province,
        "CityOfBirth": value.birth.city,
        "CtryOfBirth": value.birth.country,
    }
    ids = {
        "OrgId": {
            "AnyBIC": value.bic,
            "LEI": value.lei,
            "Othr": [_write_other_id(item) for item in value.organisation_ids],
        },
        "PrvtId": {
            "DtAndPlcOfBirth": birth,
            "Othr": [_write_other_id(item) for item in value.person_ids],
        },
    }
    return {
        "Nm": value.name,
        "PstlAdr": write_address(value.address),
        "Id": ids,
        "CtryOfRes": value.country_of_residence,
    }


def write_agent(value: Agent | None) -> Values | None:
    """The values of `agent`. A bank of which nothing is known is NOTPROVIDED (EPC), never empty."""
    if value is None:
        return None
    member = {"ClrSysId": write_coded(value.clearing_system), "MmbId": value.clearing_member}
    institution = {
        "BICFI": value.bic,
        "ClrSysMmbId": member,
        "LEI": value.lei,
        "Nm": value.name,
        "PstlAdr": write_address(value.address),
        "Othr": _write_other_id(value.other),
    }
    if value == Agent(branch=value.branch):
        institution["Othr"] = {"Id": "NOTPROVIDED"}
    return {"FinInstnId": institution, "BrnchId": {"Id": value.branch}}


def write_party_as_choice(value: Party | None) -> Values | None:
    """A party where a bank could stand too."""
    return None if value is None else {"Pty": write_party(value)}


def write_agent_as_choice(value: Agent | None) -> Values | None:
    """A bank where a party could stand too."""
    return None if value is None else {"Agt": write_agent(value)}


def write_account(value: Account | None) -> Values | None:
    """The values of `account`."""
    if value is None:
        return None
    return {
        "Id": {"IBAN": value.iban, "Othr": _write_other_id(value.other)},
        "Tp": write_coded(value.kind),
        "Ccy": value.currency,
        "Nm": value.name,
    }


def write_remittance(value: Remittance | None) -> Values | None:
    """The values of `remittance`."""
    if value is None:
        return None
    structured = []
    for item in value.structured:
        kind = {"CdOrPrtry": write_coded(item.reference_kind), "Issr": item.reference_issuer}
        structured.append(
            {
                "RfrdDocInf": [{"Nb": number} for number in item.document_numbers],
                "CdtrRefInf": {"Tp": kind, "Ref": item.reference},
                "AddtlRmtInf": item.additional,
            }
        )
    return {"Ustrd": value.unstructured, "Strd": structured}


def write_payment_type(value: PaymentType | None) -> Values | None:
    """The values of `payment_type`."""
    if value is None:
        return None
    return {
        "InstrPrty": value.priority,
        "ClrChanl": value.clearing_channel,
        "SvcLvl": [write_coded(item) for item in value.service_levels],
        "LclInstrm": write_coded(value.local_instrument),
        "CtgyPurp": write_coded(value.category_purpose),
    }


def write_settlement(value: Settlement) -> Values:
    """The values of `settlement`."""
    return {
        "SttlmMtd": value.method,
        "SttlmAcct": write_account(value.account),
        "ClrSys": write_coded(value.clearing_system),
        "InstgRmbrsmntAgt": write_agent(value.instructing_reimbursement_agent),
        "InstdRmbrsmntAgt": write_agent(value.instructed_reimbursement_agent),
    }


def write_charges(values: Iterable[Charge]) -> list[Values]:
    """The values of `charges`."""
    return [{"Amt": item.amount, "Agt": write_agent(item.agent)} for item in values]


def write_reasons(values: Iterable[Reason]) -> list[Values]:
    """The values of `reasons`."""
    return [
        {
            "Orgtr": write_party(item.originator),
            "Rsn": write_coded(item.reason),
            "AddtlInf": item.additional,
        }
        for item in values
    ]


def write_intermediaries(values: Sequence[Agent]) -> Values:
    """The values of `intermediaries`: at most three."""
    assert len(values) <= 3
    return {f"IntrmyAgt{n}": write_agent(value) for n, value in enumerate(values, start=1)}


def write_instructions(values: Iterable[str]) -> list[Values]:
    """The values of `instructions`."""
    written = []
    for value in values:
        code, _, text = value.partition(" ")
        known = code in INSTRUCTION_CODES
        written.append({"Cd": code if known else None, "InstrInf": text if known else value})
    return written
