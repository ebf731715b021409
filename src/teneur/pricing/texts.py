"""The words of all of pricing for explanations: titles of commands, reasons of refusals, what came of
them."""

from collections.abc import Mapping
from types import MappingProxyType

from teneur.pricing.fees import texts as fees
from teneur.pricing.interest import texts as interest
from teneur.pricing.overdraft import texts as overdraft
from teneur.pricing.statements import command_texts as statements

Pair = tuple[str, str]  # French, English

TITLES: Mapping[str, Pair] = MappingProxyType(
    {**overdraft.TITLES, **interest.TITLES, **fees.TITLES, **statements.TITLES}
)
REASONS: Mapping[str, Pair] = MappingProxyType(
    {**overdraft.REASONS, **interest.REASONS, **fees.REASONS, **statements.REASONS}
)
DONE: Mapping[str, Pair] = MappingProxyType(
    {**overdraft.DONE, **interest.DONE, **fees.DONE, **statements.DONE}
)
