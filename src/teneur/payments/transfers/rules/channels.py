"""Which channel may order what."""

from collections.abc import Collection

from teneur.agreements.parameters import Parameter
from teneur.agreements.terms.transfers import Instant, Ordering, Service, Timing, TransferClass
from teneur.kernel.commands import Channel
from teneur.kernel.rules import rule
from teneur.payments.transfers.rules.refusal import Reason
from teneur.payments.transfers.rules.routing import Counterparty

REMOTE = frozenset({Channel.REMOTE, Channel.MOBILE})


def channels_offered(
    transfer_class: TransferClass,
    service: Service,
    timing: Timing,
    terms: Ordering,
    *,
    by_agreement: bool = False,
) -> Parameter[frozenset[Channel]] | None:
    """The channels on which such an order may be given; by_agreement:

    those a specific agreement switches on.
    """
    key = str(transfer_class) if service is Service.ORDINARY else str(service)
    table = terms.by_specific_agreement if by_agreement else terms.channels
    return table.get(key, {}).get(timing)


@rule(
    "BRED-A3-2.1.1-3",
    "BRED-A3-2.1.1-4",
    "BRED-A3-2.1.1-6",
    "BRED-A3-2.1.2-2",
    "BNC-6.1.3.2-5",
    "BNC-6.1.3.2-7",
    "BNC-6.1.3.2-8",
    "BNC-6.1.3.2-10",
    "BNC-6.1.3.3-3",
)
def channel_refusal(
    transfer_class: TransferClass,
    service: Service,
    timing: Timing,
    channel: Channel,
    switched_on: Collection[Channel],
    terms: Ordering,
) -> Reason | None:
    """The order must come through a channel that the agreement lists for its kind.

    switched_on: channels that the customer's specific agreement adds, among those it may add (off by
    default).
    """
    offered = channels_offered(transfer_class, service, timing, terms)
    addable = channels_offered(transfer_class, service, timing, terms, by_agreement=True)
    if offered is None and addable is None:
        return Reason.SERVICE_NOT_OFFERED
    if offered is not None and channel in offered.value:
        return None
    if addable is not None and channel in addable.value:
        return None if channel in switched_on else Reason.SUBSCRIPTION_NEEDED
    return Reason.CHANNEL_NOT_OFFERED


@rule("BRED-A3-2.1.1-3", "BNC-6.1.3.2-5", "BNC-6.1.3.6-4", "BNC-6.1.3.1-5")
def payee_refusal(
    channel: Channel, counterparty: Counterparty, terms: Ordering, *, at_this_bank: bool
) -> Reason | None:
    """At the bank's machines only towards the customer's own accounts at the bank; elsewhere to anyone."""
    if channel not in terms.own_accounts_only.value:
        return None
    own_here = counterparty is Counterparty.OWN and at_this_bank
    return None if own_here else Reason.OWN_ACCOUNTS_ONLY


@rule("BRED-A3-2.1.1-3", "BRED-A3-2.1.1-6", "BRED-A3-2.3-1", "BNC-6.1.3.5-1")
def signature_refusal(channel: Channel, terms: Ordering, *, signed: bool) -> Reason | None:
    """A form or a letter is consent only when signed by the customer or an agent; unsigned it is refused."""
    return Reason.SIGNATURE_MISSING if channel in terms.signature_channels.value and not signed else None


@rule("BNC-6.1.3.3-3")
def currency_refusal(
    transfer_class: TransferClass, channel: Channel, currency: str, terms: Ordering
) -> Reason | None:
    """An international order in the remote space needs the currency to be available there."""
    if transfer_class is not TransferClass.INTERNATIONAL or channel not in REMOTE:
        return None
    available = terms.remote_international_currencies.value
    return None if "any" in available or currency in available else Reason.CURRENCY_NOT_OFFERED


@rule("BRED-A3-1.2-2", "BRED-A3-1.2-3", "BRED-A3-2.1.1-7", "BRED-A3-2.1.2-1")
def instant_refusal(
    transfer_class: TransferClass, timing: Timing, terms: Instant, *, payee_bank_takes_instant: bool
) -> Reason | None:
    """Only one-off SEPA transfers for immediate execution, to a bank of the SEPA area able to take them."""
    if not terms.offered.value or transfer_class not in terms.classes.value:
        return Reason.SERVICE_NOT_OFFERED
    if timing not in terms.timings.value:
        return Reason.INSTANT_NOT_IMMEDIATE
    return None if payee_bank_takes_instant else Reason.INSTANT_NOT_REACHABLE
