"""What another bank may ask about a payee."""

from teneur.kernel.commands import Ask


class AnswerPayeeCheck(Ask, frozen=True, kw_only=True, omit_defaults=True):
    """Another bank asks whether a name, or an identifier, is that of the holder of an IBAN.

    The subject is the account of that IBAN, or (0, 0) if it is none of this bank. requesting_bic: who asks;
    request_id: the bank's own id of the question. identifier: asked about instead of the name.
    """

    iban: str
    requesting_bic: str
    request_id: str
    name: str = ""
    identifier: str = ""
    remittance: str = ""
