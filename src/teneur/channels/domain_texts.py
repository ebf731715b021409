"""The words of the domains for explanations, gathered: titles of commands, reasons of refusals, what came of
them; and the names of channels."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from teneur.accounts.amendments import texts as amendments
from teneur.kernel.commands import Channel
from teneur.obligations.notices import command_texts as notices
from teneur.payments.exchange import texts as exchange
from teneur.pricing import texts as pricing

Pair = tuple[str, str]  # French, English

TITLES: Mapping[str, Pair] = MappingProxyType(
    {**pricing.TITLES, **amendments.TITLES, **notices.TITLES, **exchange.TITLES}
)
REASONS: Mapping[str, Pair] = MappingProxyType(
    {**amendments.REASONS, **pricing.REASONS, **notices.REASONS, **exchange.REASONS}
)
DONE: Mapping[str, Pair] = MappingProxyType(
    {**pricing.DONE, **amendments.DONE, **notices.DONE, **exchange.DONE}
)
CHANNELS: Final[Mapping[Channel, Pair]] = {
    Channel.SYSTEM: ("journée de la banque", "bank's day"),
    Channel.BRANCH: ("agence", "branch"),
    Channel.PAPER: ("papier", "paper"),
    Channel.REMOTE: ("espace à distance", "web space"),
    Channel.MOBILE: ("application", "application"),
    Channel.ATM: ("automate", "machine"),
    Channel.FILE: ("fichier", "file"),
    Channel.INITIATION_SERVICE: ("service d’initiation", "initiation service"),
    Channel.INTERBANK: ("autre banque", "other bank"),
    Channel.REMOTE_BUSINESS: ("abonnement d’entreprise", "business subscription"),
    Channel.PHONE: ("téléphone", "phone"),
    Channel.POST: ("courrier", "letter"),
}
