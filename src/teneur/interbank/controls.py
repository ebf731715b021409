"""Counts and sums that say whether a message between banks is whole."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from teneur.interbank.faults import Fault, FileRefusal, FileRefused, MessageError, fault
from teneur.interbank.schema import Values
from teneur.kernel.money import Currency, Money, plain


def sum_of(amounts: Iterable[Money]) -> Decimal:
    """The sum as control sums count: of the numbers, whatever their currencies."""
    return sum((Decimal(plain(amount)) for amount in amounts), Decimal(0))


class Tally:
    """Count and sum of the transactions of a message while it is read. An unreadable amount (None) leaves the
    sum unknown: then only the count is compared.
    """

    __slots__ = ("_currencies", "_readable", "_sum", "count")

    def __init__(self) -> None:
        self.count = 0
        self._sum = Decimal(0)
        self._readable = True
        self._currencies: set[Currency] = set()

    def add(self, amount: Money | None) -> None:
        """One more transaction."""
        self.count += 1
        if amount is None:
            self._readable = False
        else:
            self._sum += Decimal(plain(amount))
            self._currencies.add(amount.currency)

    def check(self, header: Values, total: Money | None) -> None:
        """FileRefused if the count, control sum or total of the header (values of a GrpHdr) is not this
        one."""
        faults: list[Fault] = []
        if header["NbOfTxs"] != self.count:
            faults.append(fault("count-mismatch", self.count, header["NbOfTxs"], path="GrpHdr/NbOfTxs"))
        if self._readable:
            declared = header.get("CtrlSum")
            if declared is not None and declared != self._sum:
                faults.append(fault("sum-mismatch", self._sum, declared, path="GrpHdr/CtrlSum"))
            if total is not None and self._currencies - {total.currency}:
                faults.append(fault("currency-mismatch", total.currency.code, path="GrpHdr"))
            elif total is not None and Decimal(plain(total)) != self._sum:
                faults.append(fault("sum-mismatch", self._sum, plain(total), path="GrpHdr"))
        if faults:
            raise FileRefused(FileRefusal(faults=tuple(faults), message_id=header.get("MsgId") or ""))


def check_controls(header: Values, total: Money | None, amounts: Iterable[Money | None]) -> None:
    """FileRefused if the count, control sum or total of the header is not that of the amounts."""
    tally = Tally()
    for amount in amounts:
        tally.add(amount)
    tally.check(header, total)


def controls_of(amounts: Sequence[Money], total: str) -> Values:
    """The count, the control sum and, under the name `total`, the total amount of a header."""
    currencies = {amount.currency for amount in amounts}
    if len(currencies) != 1:
        raise MessageError("a message between banks has transactions, all in one currency")
    whole = Money(sum(amount.amount_minor for amount in amounts), currencies.pop())
    return {"NbOfTxs": len(amounts), "CtrlSum": sum_of(amounts), total: whole}
