"""The words of the domains for explanations, gathered: titles of commands, reasons of refusals, what came of
them."""

from collections.abc import Mapping
from types import MappingProxyType

from teneur.accounts.amendments import texts as amendments
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
