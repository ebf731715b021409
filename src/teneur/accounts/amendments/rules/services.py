"""Payment services of an account: which it has, and what must cover a new one."""

from collections.abc import Mapping

import msgspec

from teneur.agreements.agreement import Agreement
from teneur.agreements.terms.amendments import ServiceTerms
from teneur.agreements.tree import parameter_at
from teneur.kernel.rules import rule
from teneur.ledger.contracts import Version


@rule("BRED-3.1-3", "BNC-2.1-6")
def is_covered(service: str, services: Mapping[str, ServiceTerms], document: str) -> bool:
    """A new payment service needs an edition of the agreement that has it, or a separate agreement.

    services: of the edition that governs the account, thus of one that the customer accepted.
    """
    known = services.get(service)
    return bool(document) or (known is not None and known.covered.value)


def has_service(service: ServiceTerms, agreement: Agreement, version: Version) -> bool:
    """Whether the account has it: its channels are switched on, and what it offers is offered."""
    switched_on = set(service.channels.value) <= set(version.switched_on)
    return switched_on and all(_is_true(agreement, path) for path in service.offers.value)


def _is_true(agreement: Agreement, path: str) -> bool:
    area, _, rest = path.partition(".")
    found = parameter_at(agreement.terms[area], rest)
    return found is not None and found[0].value is True


def switched(version: Version, service: ServiceTerms, *, on: bool) -> Version:
    """The version with the service switched on or off."""
    channels = {int(channel) for channel in service.channels.value}
    others = set(version.switched_on) - channels
    return msgspec.structs.replace(
        version,
        switched_on=tuple(sorted(others | channels if on else others)),
        particular=version.particular | dict.fromkeys(service.offers.value, on),
    )
