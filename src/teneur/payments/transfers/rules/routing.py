"""What kind of transfer an order is: counterparty, timing and class."""

from collections.abc import Collection
from enum import StrEnum

from teneur.agreements.terms.transfers import Field, Routing, Timing, TransferClass
from teneur.kernel.rules import rule
from teneur.payments.transfers.rules.geography import Bank, Geography


class Counterparty(StrEnum):
    """Whose the other account is."""

    OWN = "own"
    THIRD_PARTY = "third-party"


@rule("BRED-A3-1.1-1", "BRED-A3-2.2-1", "BNC-6.1.3.1-5", "BNC-6.1.3.1-20", "BNC-6.1.3.2-11")
def counterparty(
    customers: Collection[int], other_holders: Collection[int], *, declared_own: bool = False
) -> Counterparty:
    """The other account is the customer's own, here or at another bank, or a third party's; both may be paid.

    customers: holders of the account debited or credited. other_holders: those of the other account, where
    this bank keeps it. declared_own: another bank keeps it and the customer says that it is his.
    """
    own = declared_own or not set(customers).isdisjoint(other_holders)
    return Counterparty.OWN if own else Counterparty.THIRD_PARTY


@rule("BRED-A3-1.2-1", "BNC-6.1.3.1-6")
def timing_of(agreed: object | None, *, repeats: bool) -> Timing:
    """One-off as soon as possible, one-off later, or standing: duration, frequency and amount set.

    agreed: the day or the event that was agreed to start the execution; None: nothing was.
    """
    if repeats:
        return Timing.STANDING
    return Timing.IMMEDIATE if agreed is None else Timing.DEFERRED


@rule("BNC-6.1.3.2-1", "BNC-6.1.3.2-4")
def is_local(currency: str, payer: Bank, payee: Bank, terms: Routing) -> bool:
    """In Pacific francs between two accounts with institutions of New Caledonia; the payee's bank too."""
    place = terms.local_place.value
    return (
        place is not None and currency == terms.local_currency.value and place == payer.place == payee.place
    )


@rule("BRED-A3-2.1.1-7", "BNC-DEF-4", "BNC-6.1.3.4-1")
def is_com_pacific(currency: str, payer: Bank, payee: Bank, terms: Routing) -> bool:
    """Euro between a Pacific territory and another part of the Republic, or between those territories.

    Where the agreement asks for it, the other bank must be reachable by that clearing. No other country of
    SEPA.
    """
    pacific, rest = terms.com_pacific_side.value, terms.com_other_side.value
    sides = (payer.place in pacific, payee.place in pacific)
    if currency != terms.com_currency.value or not any(sides):
        return False
    if all(sides):
        if not terms.com_between_pacific.value:
            return False
    elif (payee.place if sides[0] else payer.place) not in rest:
        return False
    return not terms.com_needs_reachability.value or all(b.own or b.com_pacific for b in (payer, payee))


@rule("BRED-A3-1.3-1")
def is_sepa(currency: str, payer: Bank, payee: Bank, terms: Routing, geography: Geography) -> bool:
    """Euro transfers to or from the SEPA area, both accounts being in it."""
    inside = geography.in_sepa(payer.place) and geography.in_sepa(payee.place)
    return terms.sepa_offered.value and currency == "EUR" and inside


@rule("BRED-A3-1.3-1", "BNC-6.1.3.3-1")
def transfer_class(
    currency: str, payer: Bank, payee: Bank, terms: Routing, geography: Geography
) -> TransferClass:
    """Local, SEPA COM Pacifique, SEPA, or international: whatever is none of the others."""
    if is_local(currency, payer, payee, terms):
        return TransferClass.LOCAL
    if is_com_pacific(currency, payer, payee, terms):
        return TransferClass.COM_PACIFIC
    if is_sepa(currency, payer, payee, terms, geography):
        return TransferClass.SEPA
    return TransferClass.INTERNATIONAL


@rule("BNC-6.1.3.1-3")
def bank_completes(payer: Bank, payee: Bank) -> tuple[Field, ...]:
    """For a payee's bank in another place the order carries the payer's data, completed by the bank."""
    return () if payee.place == payer.place else (Field.PAYER_DATA,)
