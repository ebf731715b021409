"""Counts and sums that say whether a message between banks is whole."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from teneur.interbank.faults import Fault, FileRefusal, FileRefused, MessageError, fault
from teneur.interbank.schema import Values
from teneur.kernel.money import Money, plain


def sum_of(amounts: Iterable[Money]) -> Decimal:
    """The sum as control sums count: of the numbers, whatever their currencies."""
    return sum((Decimal(plain(amount)) for amount in amounts), Decimal(0))


def check_controls(header: Values, total: Money | None, amounts: Sequence[Money | None]) -> None:
    """FileRefused if the count, control sum or total of the header (values of a GrpHdr) is not that of the
    amounts.

    An unreadable amount (None) leaves the sums unknown; then only the count is compared.
    """
    faults: list[Fault] = []
    if header["NbOfTxs"] != len(amounts):
        faults.append(fault("count-mismatch", len(amounts), header["NbOfTxs"], path="GrpHdr/NbOfTxs"))
    readable = [amount for amount in amounts if amount is not None]
    if len(readable) == len(amounts):
        found = sum_of(readable)
        declared = header.get("CtrlSum")
        if declared is not None and declared != found:
            faults.append(fault("sum-mismatch", found, declared, path="GrpHdr/CtrlSum"))
        if total is not None and any(amount.currency != total.currency for amount in readable):
            faults.append(fault("currency-mismatch", total.currency.code, path="GrpHdr"))
        elif total is not None and Decimal(plain(total)) != found:
            faults.append(fault("sum-mismatch", found, plain(total), path="GrpHdr"))
    if faults:
        raise FileRefused(FileRefusal(faults=tuple(faults), message_id=header.get("MsgId") or ""))


def controls_of(amounts: Sequence[Money], total: str) -> Values:
    """The count, the control sum and, under the name `total`, the total amount of a header."""
    currencies = {amount.currency for amount in amounts}
    if len(currencies) != 1:
        raise MessageError("a message between banks has transactions, all in one currency")
    whole = Money(sum(amount.amount_minor for amount in amounts), currencies.pop())
    return {"NbOfTxs": len(amounts), "CtrlSum": sum_of(amounts), total: whole}
