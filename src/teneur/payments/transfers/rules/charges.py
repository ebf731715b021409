"""Who bears the charges of a transfer, and that none are taken from the amount."""

import msgspec

from teneur.agreements.parameters import Parameter
from teneur.agreements.terms.transfers import ChargeOption, Charges, ChargeSituation, TransferClass
from teneur.kernel.rules import rule


class ChargeAnswer(msgspec.Struct, frozen=True):
    """The option that applies. forced: another was asked for, which the agreement does not allow here."""

    option: ChargeOption
    forced: bool = False


def charge_situation(
    transfer_class: TransferClass, *, converted: bool, payee_bank_in_eea: bool
) -> ChargeSituation:
    """On which side of the clauses' lines the transfer is. converted: sending needs a currency conversion."""
    if transfer_class is TransferClass.INTERNATIONAL:
        return ChargeSituation.INTERNATIONAL_TO_EEA if payee_bank_in_eea else ChargeSituation.INTERNATIONAL
    if not converted:
        return ChargeSituation.HOME
    return ChargeSituation.HOME_CONVERTED_TO_EEA if payee_bank_in_eea else ChargeSituation.HOME_CONVERTED


def options_in(situation: ChargeSituation, terms: Charges) -> Parameter[tuple[ChargeOption, ...]]:
    """The options allowed; the first is the one that applies without a request."""
    return terms.options[situation]


@rule(
    "BRED-3.1-8",
    "BRED-A3-1.4-2",
    "BRED-A3-1.4-3",
    "BRED-A3-1.4-4",
    "BRED-A3-1.4-5",
    "BRED-A3-2.1.1-9",
    "BNC-6.1.3.1-22",
    "BNC-6.1.3.1-23",
    "BNC-6.1.3.1-24",
)
def charge_option(asked: ChargeOption | None, situation: ChargeSituation, terms: Charges) -> ChargeAnswer:
    """Each bank charges its own customer, unless the order asks for what is allowed in the situation."""
    allowed = options_in(situation, terms).value
    if asked in allowed:
        return ChargeAnswer(asked)
    return ChargeAnswer(allowed[0], forced=asked is not None)


@rule("BRED-3.1-7", "BNC-6.1.3.1-21", law="CMF L133-11")
def amount_passed_on(amount_minor: int, fees_minor: int, *, full_amount_binds: bool) -> int:
    """What goes on to the payee: the whole amount; fees are a separate entry.

    Only where the full-amount rule does not bind may charges borne by the payee be taken from it.
    """
    return amount_minor if full_amount_binds else amount_minor - fees_minor
