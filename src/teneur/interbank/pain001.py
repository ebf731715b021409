"""pain.001.001.09 and .03: the file of transfers that a customer sends to its bank. Read as a stream.

A file whose structure, counts or sums are wrong is refused whole. A transaction that is wrong is a
FaultyTransaction among the others. A repeated message id is no fault here: who keeps the orders knows what
came before.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from msgspec.structs import replace

from teneur.interbank import components as part
from teneur.interbank.datatypes import TYPES, BadValueError
from teneur.interbank.faults import Fault, FileRefusal, FileRefused, fault, refused
from teneur.interbank.grammar import COMMON, OF_2009, PAIN_001
from teneur.interbank.messages import Account, Agent, Party, PaymentType
from teneur.interbank.payments import (
    CustomerTransferFile,
    FaultyTransaction,
    FileHeader,
    PaymentBatch,
    TransferInstruction,
)
from teneur.interbank.schema import Element, Schema, Values, line_of, local_name
from teneur.interbank.xml import LIMITS, Limits, Source, records
from teneur.kernel.money import Money

SCHEMAS: Final = {
    "pain.001.001.09": Schema("pain.001.001.09", "CstmrCdtTrfInitn", COMMON, PAIN_001),
    "pain.001.001.03": Schema("pain.001.001.03", "CstmrCdtTrfInitn", COMMON, PAIN_001, OF_2009),
}
_PATHS: Final = ("GrpHdr", "PmtInf", "PmtInf/CdtTrfTxInf")

Item = FileHeader | PaymentBatch | TransferInstruction | FaultyTransaction


class _Sums:
    """Counts and sums of the transactions of a batch or a file. A sum is unknown once one amount is
    unreadable.
    """

    __slots__ = ("count", "total")

    def __init__(self) -> None:
        self.count = 0
        self.total: Decimal | None = Decimal(0)

    def add(self, count: int, amount: Decimal | None) -> None:
        self.count += count
        self.total = None if amount is None or self.total is None else self.total + amount

    def faults(self, count: int | None, total: Decimal | None, path: str, line: int) -> Iterator[Fault]:
        if count is not None and count != self.count:
            yield fault("count-mismatch", self.count, count, path=f"{path}/NbOfTxs", line=line)
        if total is not None and self.total is not None and total != self.total:
            yield fault("sum-mismatch", self.total, total, path=f"{path}/CtrlSum", line=line)


def stream(source: Source, limits: Limits = LIMITS) -> Iterator[Item]:
    """The header, then each batch (without its transfers) followed by its transfers, good and faulty, in
    order.

    Memory stays small whatever the size. Nothing may be done with the items before the stream has ended: it
    raises FileRefused where the file turns out to be bad, at the latest when counts and sums are compared at
    the end.
    """
    header: FileHeader | None = None
    batch: PaymentBatch | None = None
    whole, of_batch = _Sums(), _Sums()
    before: Element | None = None  # the last element of the batch before its transactions
    position = 0
    for schema, path, element in records(source, SCHEMAS, _PATHS, limits):
        if path == "GrpHdr":
            if header is not None:
                raise refused("element-repeated", 1, path="CstmrCdtTrfInitn/GrpHdr", line=line_of(element))
            header = _header(schema, element)
            yield header
            continue
        if header is None:
            raise refused("element-missing", "GrpHdr", path="CstmrCdtTrfInitn", line=line_of(element))
        if path == "PmtInf":
            _end_batch(batch, of_batch, element, before, header)
            whole.add(of_batch.count, of_batch.total)
            batch, of_batch = None, _Sums()
            continue
        parent = element.getparent()
        assert parent is not None
        if batch is None:
            before = element.getprevious()
            batch = _batch(schema, parent, header)
            yield batch
        elif (stray := element.getprevious()) is not before and stray is not None:
            raise _stray(stray, header)
        position += 1
        item, amount = _transfer(schema, element, batch, position)
        of_batch.add(1, amount)
        yield item
    if header is None or not position:
        raise refused("element-missing", "PmtInf/CdtTrfTxInf", path="CstmrCdtTrfInitn")
    _refuse(whole.faults(header.transactions, header.control_sum, "CstmrCdtTrfInitn/GrpHdr", 0), header)


def read(source: Source, limits: Limits = LIMITS) -> CustomerTransferFile | FileRefusal:
    """The whole file, checked; or why it is refused whole."""
    header: FileHeader | None = None
    batches: list[tuple[PaymentBatch, list[TransferInstruction | FaultyTransaction]]] = []
    try:
        for item in stream(source, limits):
            if isinstance(item, FileHeader):
                header = item
            elif isinstance(item, PaymentBatch):
                batches.append((item, []))
            else:
                batches[-1][1].append(item)
    except FileRefused as refused_file:
        refusal = refused_file.refusal
        return replace(refusal, message_id=header.message_id) if header else refusal
    assert header is not None
    return CustomerTransferFile(header=header, batches=tuple(_filled(*batch) for batch in batches))


def _filled(batch: PaymentBatch, transfers: list[TransferInstruction | FaultyTransaction]) -> PaymentBatch:
    return replace(batch, transfers=tuple(transfers))


def _refuse(faults: Iterator[Fault] | list[Fault], header: FileHeader | None) -> None:
    found = tuple(faults)
    if found:
        raise FileRefused(FileRefusal(faults=found, message_id=header.message_id if header else ""))


def _header(schema: Schema, element: Element) -> FileHeader:
    faults: list[Fault] = []
    values = schema.read("GroupHeader", element, faults)
    if faults:
        raise FileRefused(FileRefusal(faults=tuple(faults), message_id=values.get("MsgId") or ""))
    return FileHeader(
        version=schema.name,
        message_id=values["MsgId"],
        created_at=values["CreDtTm"],
        transactions=values["NbOfTxs"],
        control_sum=values.get("CtrlSum"),
        initiating_party=part.party(values["InitgPty"]) or Party(),
    )


def _batch(schema: Schema, parent: Element, header: FileHeader) -> PaymentBatch:
    """The batch, from what stands before its first transaction."""
    faults: list[Fault] = []
    values = schema.read("PaymentInformation", parent, faults)
    if not faults and values["PmtMtd"] != "TRF":
        faults.append(fault("method-unsupported", path="PmtInf/PmtMtd", line=line_of(parent)))
    _refuse(faults, header)
    day, moment = values["ReqdExctnDt"], None
    if isinstance(day, dict):
        moment = day.get("DtTm")
        day = moment.date() if moment else day["Dt"]
    return PaymentBatch(
        id=values["PmtInfId"],
        execution_on=day,
        execution_at=moment,
        batch_booking=values.get("BtchBookg"),
        payment_type=part.payment_type(values.get("PmtTpInf")),
        debtor=part.party(values["Dbtr"]) or Party(),
        debtor_account=part.account(values["DbtrAcct"]) or Account(),
        debtor_agent=part.agent(values["DbtrAgt"]) or Agent(),
        charge_bearer=values.get("ChrgBr") or "",
        charges_account=part.account(values.get("ChrgsAcct")),
        ultimate_debtor=part.party(values.get("UltmtDbtr")),
        transactions=values.get("NbOfTxs"),
        control_sum=values.get("CtrlSum"),
    )


def _stray(stray: Element, header: FileHeader) -> FileRefused:
    name = local_name(stray)
    found = fault("element-not-admitted", name, path=f"CstmrCdtTrfInitn/PmtInf/{name}", line=line_of(stray))
    return FileRefused(FileRefusal(faults=(found,), message_id=header.message_id))


def _end_batch(
    batch: PaymentBatch | None, sums: _Sums, element: Element, before: Element | None, header: FileHeader
) -> None:
    path = "CstmrCdtTrfInitn/PmtInf"
    if batch is None:
        missing = fault("element-missing", "CdtTrfTxInf", path=path, line=line_of(element))
        _refuse([missing], header)
        return
    after = before.getnext() if before is not None else None
    if after is not None:
        raise _stray(after, header)
    _refuse(sums.faults(batch.transactions, batch.control_sum, path, line_of(element)), header)


def _transfer(
    schema: Schema, element: Element, batch: PaymentBatch, position: int
) -> tuple[TransferInstruction | FaultyTransaction, Decimal | None]:
    """The transfer and the amount that it counts for in the control sum (None: unreadable)."""
    faults: list[Fault] = []
    values: Values = schema.read("Transfer", element, faults)
    kind = values.get("Amt") or {}
    money: Money | None = kind.get("InstdAmt")
    _check(values, kind, money, element, faults)
    ids = values.get("PmtId") or {}
    amount = _amount(element, schema)
    if faults or money is None:
        faulty = FaultyTransaction(
            position=position,
            line=line_of(element),
            faults=tuple(faults),
            instruction_id=ids.get("InstrId") or "",
            end_to_end_id=ids.get("EndToEndId") or "",
            uetr=ids.get("UETR") or "",
            amount=money,
        )
        return faulty, amount
    own: PaymentType | None = part.payment_type(values.get("PmtTpInf"))
    good = TransferInstruction(
        position=position,
        line=line_of(element),
        instruction_id=ids.get("InstrId") or "",
        end_to_end_id=ids["EndToEndId"],
        uetr=ids.get("UETR") or "",
        amount=money,
        payment_type=own or batch.payment_type,
        charge_bearer=values.get("ChrgBr") or batch.charge_bearer,
        ultimate_debtor=part.party(values.get("UltmtDbtr")) or batch.ultimate_debtor,
        intermediary_agents=part.intermediaries(values),
        creditor_agent=part.agent(values.get("CdtrAgt")),
        creditor=part.party(values["Cdtr"]) or Party(),
        creditor_account=part.account(values["CdtrAcct"]) or Account(),
        ultimate_creditor=part.party(values.get("UltmtCdtr")),
        instructions_for_creditor_agent=part.instructions(values.get("InstrForCdtrAgt", ())),
        purpose=part.coded(values.get("Purp")),
        remittance=part.remittance(values.get("RmtInf")),
    )
    return good, amount


def _check(values: Values, kind: Values, money: Money | None, element: Element, faults: list[Fault]) -> None:
    """What every transfer needs and the standard leaves optional: an amount above zero, a named payee, an
    account.
    """
    path, line = "CstmrCdtTrfInitn/PmtInf/CdtTrfTxInf", line_of(element)
    if kind.get("EqvtAmt") is not None:
        faults.append(fault("equivalent-amount", path=f"{path}/Amt/EqvtAmt", line=line))
    if money is not None and money.amount_minor == 0:
        faults.append(fault("amount-zero", path=f"{path}/Amt/InstdAmt", line=line))
    if not values.get("Cdtr") or not (values["Cdtr"].get("Nm") or faults):
        faults.append(fault("creditor-missing", path=f"{path}/Cdtr/Nm", line=line))
    if "CdtrAcct" not in values:
        faults.append(fault("creditor-account-missing", path=f"{path}/CdtrAcct", line=line))


def _amount(element: Element, schema: Schema) -> Decimal | None:
    """The amount as it stands in the file, for the control sum, even where the transaction is faulty."""
    found = element.find(f"{schema.prefix}Amt/{schema.prefix}InstdAmt")
    if found is None:
        found = element.find(f"{schema.prefix}Amt/{schema.prefix}EqvtAmt/{schema.prefix}Amt")
    if found is None:
        return None
    try:
        amount: Decimal = TYPES["Decimal"].read(found.text or "")
    except BadValueError:
        return None
    return amount
