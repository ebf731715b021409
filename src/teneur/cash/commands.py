"""What may be asked about cash at the counter."""

import msgspec

from teneur.agreements.terms.cash import CashForm
from teneur.kernel.commands import Ask


class Pieces(msgspec.Struct, frozen=True):
    """A number of notes or coins of one value. value_minor: of one piece, in minor units."""

    form: CashForm
    value_minor: int
    count: int


class CashDeposit(Ask, frozen=True, kw_only=True, omit_defaults=True):
    """Cash counted at the counter, to be credited to the subject account.

    branch: where it is paid in (code of five digits). depositor: who brought it, as written on the slip.
    """

    currency: str
    pieces: tuple[Pieces, ...]
    branch: str
    depositor: str


class CancelCashDeposit(Ask, frozen=True, kw_only=True):
    """The customer wants a deposit undone. operation: position of the row that booked it."""

    operation: int
