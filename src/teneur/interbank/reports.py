"""Account reports for customers: the values of a camt.053 statement and of a camt.054 notification."""

from collections.abc import Sequence
from typing import Any

from teneur.interbank import components as part
from teneur.interbank.controls import sum_of
from teneur.interbank.faults import MessageError
from teneur.interbank.messages import (
    AccountReport,
    Balance,
    BankTransactionCode,
    EntryDetail,
    ReportEntry,
    ReportMessage,
    Side,
)
from teneur.interbank.schema import Values
from teneur.kernel.money import Money


def write_header(message: ReportMessage) -> Values:
    """The group header: the message always stands on one page."""
    return {
        "MsgId": message.message_id,
        "CreDtTm": message.created_at,
        "MsgRcpt": part.write_party(message.recipient),
        "MsgPgntn": {"PgNb": 1, "LastPgInd": True},
        "AddtlInf": message.information,
    }


def write_report(report: AccountReport) -> Values:
    """What statements and notifications share; the summary is of the entries."""
    account = part.write_account(report.account)
    return {
        "Id": report.id,
        "ElctrncSeqNb": report.sequence_number,
        "LglSeqNb": report.legal_sequence_number,
        "CreDtTm": report.created_at,
        "FrToDt": {"FrDtTm": report.from_at, "ToDtTm": report.to_at},
        "CpyDplctInd": report.copy,
        "Acct": {
            **(account or {}),
            "Ownr": part.write_party(report.owner),
            "Svcr": part.write_agent(report.servicer),
        },
        "TxsSummry": write_summary(report.entries),
        "Ntry": [write_entry(entry) for entry in report.entries],
    }


def write_balance(balance: Balance) -> Values:
    """A balance: its amount without sign, and its side (an account at zero is in credit)."""
    minor = balance.amount.amount_minor
    return {
        "Tp": {"CdOrPrtry": {"Cd": balance.kind.value}},
        "Amt": Money(abs(minor), balance.amount.currency),
        "CdtDbtInd": (Side.DEBIT if minor < 0 else Side.CREDIT).value,
        "Dt": {"Dt": balance.on},
    }


def write_summary(entries: Sequence[ReportEntry]) -> Values:
    """How many entries, of what sums, and what they come to. By the side booked: a reversal counts on its
    own.
    """
    sides = {side: [entry.amount for entry in entries if entry.side is side] for side in Side}
    sums = {side: sum_of(amounts) for side, amounts in sides.items()}
    net = sums[Side.CREDIT] - sums[Side.DEBIT]
    return {
        "TtlNtries": {
            "NbOfNtries": len(entries),
            "Sum": sums[Side.CREDIT] + sums[Side.DEBIT],
            "TtlNetNtry": {"Amt": abs(net), "CdtDbtInd": (Side.DEBIT if net < 0 else Side.CREDIT).value},
        },
        "TtlCdtNtries": {"NbOfNtries": len(sides[Side.CREDIT]), "Sum": sums[Side.CREDIT]},
        "TtlDbtNtries": {"NbOfNtries": len(sides[Side.DEBIT]), "Sum": sums[Side.DEBIT]},
    }


def write_entry(entry: ReportEntry) -> Values:
    """One entry. RvslInd never turns the side: CdtDbtInd is the side that was booked."""
    if entry.amount.amount_minor <= 0:
        raise MessageError(f"entry {entry.reference}: an entry has an amount above zero, on its side")
    details = [_detail(detail, entry) for detail in entry.details]
    return {
        "NtryRef": entry.reference,
        "Amt": entry.amount,
        "CdtDbtInd": entry.side.value,
        "RvslInd": True if entry.reversal else None,
        "Sts": {"Cd": entry.status.value},
        "BookgDt": {"Dt": entry.booked_on},
        "ValDt": {"Dt": entry.value_on},
        "AcctSvcrRef": entry.servicer_reference,
        "BkTxCd": _code(entry.code),
        "NtryDtls": [{"Btch": _batch(entry), "TxDtls": details}] if details else None,
        "AddtlNtryInf": entry.information,
    }


def _batch(entry: ReportEntry) -> Values | None:
    """How many operations an entry holds, where it holds several."""
    if len(entry.details) < 2:
        return None
    references = {detail.references.payment_information_id for detail in entry.details}
    return {
        "PmtInfId": references.pop() if len(references) == 1 else None,
        "NbOfTxs": len(entry.details),
        "TtlAmt": entry.amount,
        "CdtDbtInd": entry.side.value,
    }


def _code(code: BankTransactionCode) -> Values:
    family = {"Cd": code.family, "SubFmlyCd": code.subfamily}
    return {
        "Domn": {"Cd": code.domain, "Fmly": family},
        "Prtry": {"Cd": code.proprietary, "Issr": code.proprietary_issuer},
    }


def _detail(detail: EntryDetail, entry: ReportEntry) -> Values:
    side = detail.side or entry.side
    return {
        "Refs": _references(detail),
        "Amt": detail.amount or (entry.amount if len(entry.details) == 1 else None),
        "CdtDbtInd": side.value,
        "AmtDtls": _amounts(detail),
        "RltdPties": {
            "Dbtr": part.write_party_as_choice(detail.debtor),
            "DbtrAcct": part.write_account(detail.debtor_account),
            "UltmtDbtr": part.write_party_as_choice(detail.ultimate_debtor),
            "Cdtr": part.write_party_as_choice(detail.creditor),
            "CdtrAcct": part.write_account(detail.creditor_account),
            "UltmtCdtr": part.write_party_as_choice(detail.ultimate_creditor),
        },
        "RltdAgts": {
            "DbtrAgt": part.write_agent(detail.debtor_agent),
            "CdtrAgt": part.write_agent(detail.creditor_agent),
        },
        "Purp": part.write_coded(detail.purpose),
        "RmtInf": part.write_remittance(detail.remittance),
        "RltdDts": {"AccptncDtTm": detail.accepted_at, "IntrBkSttlmDt": detail.settled_on},
        "RtrInf": part.write_reasons([detail.return_reason])[0] if detail.return_reason else None,
        "AddtlTxInf": detail.information,
    }


def _references(detail: EntryDetail) -> Values:
    known = detail.references
    return {
        "MsgId": known.message_id,
        "AcctSvcrRef": known.servicer_reference,
        "PmtInfId": known.payment_information_id,
        "InstrId": known.instruction_id,
        "EndToEndId": known.end_to_end_id,
        "UETR": known.uetr,
        "TxId": known.transaction_id,
        "MndtId": known.mandate_id,
        "ChqNb": known.cheque_number,
        "ClrSysRef": known.clearing_system_reference,
    }


def _amounts(detail: EntryDetail) -> Values | None:
    exchange: Any = detail.exchange and {
        "SrcCcy": detail.exchange.source,
        "TrgtCcy": detail.exchange.target,
        "UnitCcy": detail.exchange.unit,
        "XchgRate": detail.exchange.rate,
    }
    if detail.instructed is None:
        return None
    return {"InstdAmt": {"Amt": detail.instructed, "CcyXchg": exchange}}
