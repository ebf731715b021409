"""Which clauses a refusal cites: the ground of refusals in general, then the rule that refused."""

from collections.abc import Callable

from teneur.agreements.agreement import Agreement
from teneur.payments.exchange import rules as exchange
from teneur.payments.transfers.rules import (
    ceilings,
    channels,
    identifiers,
    incoming,
    instant,
    reception,
    refusal,
    revocation,
)
from teneur.payments.transfers.rules.refusal import Reason

Rule = Callable[..., object]

_FIELDS: tuple[Rule, ...] = (identifiers.missing_fields,)
_IDENTIFIER: tuple[Rule, ...] = (identifiers.identifier_problem,)

RULES: dict[Reason, tuple[Rule, ...]] = {
    Reason.MISSING_FIELD: _FIELDS,
    Reason.IBAN_INVALID: _IDENTIFIER,
    Reason.BIC_INVALID: _IDENTIFIER,
    Reason.BIC_DOES_NOT_FIT: _IDENTIFIER,
    Reason.SIGNATURE_MISSING: (channels.signature_refusal,),
    Reason.CHANNEL_NOT_OFFERED: (channels.channel_refusal,),
    Reason.SUBSCRIPTION_NEEDED: (channels.channel_refusal,),
    Reason.OWN_ACCOUNTS_ONLY: (channels.payee_refusal,),
    Reason.CURRENCY_NOT_OFFERED: (channels.currency_refusal,),
    Reason.RISK_NOT_ACCEPTED: (identifiers.com_pacific_advice,),
    Reason.INSTANT_NOT_IMMEDIATE: (channels.instant_refusal,),
    Reason.INSTANT_NOT_REACHABLE: (channels.instant_refusal,),
    Reason.INSTANT_CEILING: (ceilings.instant_ceiling_refusal,),
    Reason.INSTANT_EXPIRED: (instant.incoming_refusal,),
    Reason.CEILING_PER_OPERATION: (ceilings.ceiling_refusal,),
    Reason.CEILING_WEEKLY: (ceilings.ceiling_refusal,),
    Reason.RAISE_PENDING: (ceilings.ceiling_change,),
    Reason.INSTRUMENT_EXCLUDED: (refusal.instrument_refusal,),
    Reason.REVOCATION_CHANNEL: (revocation.channel_refusal,),
    Reason.REVOCATION_NOT_WRITTEN: (revocation.channel_refusal,),
    Reason.REVOCATION_LATE: (revocation.late_answer,),
    Reason.EXECUTION_STARTED: (revocation.late_answer,),
    Reason.INSTANT_IRREVOCABLE: (revocation.irrevocable,),
    Reason.INITIATION_IRREVOCABLE: (revocation.irrevocable,),
    Reason.REVERSAL_GROUND: (incoming.reversal_refusal,),
    Reason.START_NOT_OFFERED: (reception.agreed_day,),
    Reason.ORDER_STANDS: (refusal.reception_that_counts,),
    Reason.RATE_MISSING: (exchange.is_rate_of_day,),
    Reason.RATE_NOT_AGREED: (exchange.customer_rate,),
}

_NOT_AN_ORDER = frozenset(
    {
        Reason.REVOCATION_CHANNEL,
        Reason.REVOCATION_NOT_WRITTEN,
        Reason.REVOCATION_LATE,
        Reason.EXECUTION_STARTED,
        Reason.INSTANT_IRREVOCABLE,
        Reason.INITIATION_IRREVOCABLE,
        Reason.REVERSAL_GROUND,
        Reason.RAISE_PENDING,
    }
)


def refusal_citations(agreement: Agreement, reason: Reason) -> tuple[str, ...]:
    """The clauses of the agreement that a refusal for this reason names; remembered by the agreement."""
    general: tuple[Rule, ...] = () if reason in _NOT_AN_ORDER else (refusal.ground_of,)
    return agreement.cite(*general, *RULES.get(reason, ()))
