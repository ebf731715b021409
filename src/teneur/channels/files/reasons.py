"""From our reasons to the codes and words of pain.002."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from teneur.interbank.reasons import RejectReason
from teneur.payments.transfers.rules.refusal import Reason
from teneur.payments.transfers.rules.texts import REASONS, sentence

WORDS_LENGTH: Final = 105  # characters of one AddtlInf
OTHER: Final = RejectReason.AGENT_UNSPECIFIED
KEY_REUSED: Final = "key-reused"

ISO: Final[Mapping[str, RejectReason]] = MappingProxyType(
    {
        Reason.INSUFFICIENT_FUNDS: RejectReason.INSUFFICIENT_FUNDS,
        Reason.AMOUNT_INVALID: RejectReason.AMOUNT_NOT_ALLOWED,
        Reason.MISSING_FIELD: RejectReason.CREDITOR_NAME_MISSING,
        Reason.IBAN_INVALID: RejectReason.CREDITOR_ACCOUNT,
        Reason.BIC_INVALID: RejectReason.BIC,
        Reason.BIC_DOES_NOT_FIT: RejectReason.BIC,
        Reason.SAME_ACCOUNT: RejectReason.CREDITOR_ACCOUNT,
        Reason.DATE_PAST: RejectReason.INVALID_DATE,
        Reason.SCHEDULE_INVALID: RejectReason.INVALID_DATE,
        Reason.SIGNATURE_MISSING: RejectReason.FORBIDDEN_ON_ACCOUNT,
        Reason.NOT_AUTHORISED: RejectReason.FORBIDDEN_ON_ACCOUNT,
        Reason.CHANNEL_NOT_OFFERED: RejectReason.FORBIDDEN_ON_ACCOUNT,
        Reason.SUBSCRIPTION_NEEDED: RejectReason.FORBIDDEN_ON_ACCOUNT,
        Reason.OWN_ACCOUNTS_ONLY: RejectReason.FORBIDDEN_ON_ACCOUNT,
        Reason.SERVICE_NOT_OFFERED: RejectReason.OPERATION_CODE,
        Reason.CURRENCY_NOT_OFFERED: RejectReason.CURRENCY,
        Reason.RISK_NOT_ACCEPTED: RejectReason.BIC,
        Reason.INSTANT_NOT_IMMEDIATE: RejectReason.INVALID_DATE,
        Reason.INSTANT_NOT_REACHABLE: RejectReason.CREDITOR_BANK_UNKNOWN,
        Reason.INSTANT_CEILING: RejectReason.ABOVE_INSTANT_LIMIT,
        Reason.INSTANT_EXPIRED: RejectReason.TIMEOUT_CREDITOR_AGENT,
        Reason.CEILING_PER_OPERATION: RejectReason.ABOVE_AGREED_LIMIT,
        Reason.CEILING_WEEKLY: RejectReason.ABOVE_AGREED_LIMIT,
        Reason.START_NOT_OFFERED: RejectReason.INVALID_DATE,
        Reason.INSTRUMENT_EXCLUDED: RejectReason.OPERATION_CODE,
        Reason.ACCOUNT_UNAVAILABLE: RejectReason.ACCOUNT_BLOCKED,
        Reason.RATE_MISSING: RejectReason.CURRENCY,
        Reason.RATE_NOT_AGREED: RejectReason.CURRENCY,
        Reason.ORDER_STANDS: RejectReason.DUPLICATE,
        Reason.LEGAL_PROVISION: OTHER,  # the law may forbid to say more
        KEY_REUSED: RejectReason.DUPLICATE,
    }
)
_OWN_WORDS: Final = MappingProxyType(
    {
        KEY_REUSED: "Un autre ordre a déjà été donné sous ces références.",
        "no-agreement-in-force": "Le compte n’a pas de convention en vigueur à cette date.",
    }
)
_PLACEHOLDER: Final = re.compile(r"\s*(?::\s*)?\(?\{\w+\}\)?")


def iso_reason(reason: str) -> str:
    """The ISO code of a refusal of ours; MS03 for what has none."""
    return str(ISO.get(reason, OTHER))


def words(reason: str) -> str:
    """The refusal in a French sentence; empty where there is none, or where the law may forbid to tell."""
    if reason in _OWN_WORDS:
        return _OWN_WORDS[reason]
    if reason == Reason.LEGAL_PROVISION or reason not in frozenset(Reason):
        return ""
    french, english = REASONS[Reason(reason)]
    return sentence((_PLACEHOLDER.sub("", french), english))  # a file has no form whose field could be named


def explanation(reason: str, clauses: tuple[str, ...]) -> tuple[str, ...]:
    """What AddtlInf says: the sentence, then the clauses, cut where a line ends."""
    said = words(reason)
    cited = f"Clauses : {', '.join(clauses)}" if clauses and said else ""
    return tuple(line for text in (said, cited) for line in _lines(text))


def _lines(text: str) -> list[str]:
    """The text in lines that AddtlInf holds, broken between words."""
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= WORDS_LENGTH:
            lines[-1] += f" {word}"
        else:
            lines.append(word[:WORDS_LENGTH])
    return lines
