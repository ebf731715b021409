"""The words about exchange, French first: titles, reasons, what came of it, a conversion in a sentence."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from teneur.kernel.clock import instant, zone
from teneur.kernel.money import Language, Money, currency, display
from teneur.payments.exchange.rates import Basis, Side

Pair = tuple[str, str]  # French, English

TITLES: Final[Mapping[str, Pair]] = MappingProxyType(
    {
        "set-exchange-rates": ("Cours de change chargés", "Exchange rates loaded"),
        "ask-exchange-rate": ("Cours de change demandé", "Exchange rate asked for"),
        "convert-cash": ("Change d’espèces déposées", "Conversion of cash paid in"),
    }
)
REASONS: Final[Mapping[str, Pair]] = MappingProxyType(
    {
        "already-converted": ("ces espèces sont déjà changées.", "this cash is converted already."),
        "amount-out-of-range": (
            "le montant ne tient pas sur le compte.",
            "the account cannot hold the amount.",
        ),
    }
)
DONE: Final[Mapping[str, Pair]] = MappingProxyType(
    {
        "set-exchange-rates": ("Cours chargés.", "Rates loaded."),
        "ask-exchange-rate": ("Cours communiqué.", "The rate was told."),
        "convert-cash": (
            "{amount} changés et crédités le {booked_on}.",
            "{amount} converted and credited on {booked_on}.",
        ),
    }
)
_SIDES: Final[Mapping[str, Pair]] = MappingProxyType(
    {
        Side.SELLING: ("cours de vente", "selling rate"),
        Side.BUYING: ("cours d’achat", "buying rate"),
    }
)
_MARKET: Final[Pair] = (
    "{told} : {side} {market} ({source}, {at}), marges {bank} % (banque) et {others} % (intermédiaires).",
    "{told}: {side} {market} ({source}, {at}), margins {bank} % (bank) and {others} % (intermediaries).",
)
_ESTIMATE: Final[Pair] = (
    "Estimation : le cours sera celui du jour d’exécution.",
    "An estimate: the rate will be that of the day of execution.",
)


def conversion_text(kept: Mapping[str, Any], language: Language) -> str:
    """A conversion, as the record keeps it under `exchange`, in a sentence or two."""
    french = language is not Language.ENGLISH
    code, home = str(kept["currency"]), str(kept["account_currency"])
    amounts = [
        display(Money(int(kept[name]), currency(unit)), language)
        for name, unit in (("amount_minor", code), ("converted_minor", home))
    ]
    rate = f"1 {code} = {_number(kept['rate'], french)} {home}"
    told = f"{amounts[0]} = {amounts[1]} ({rate})"
    basis = kept["basis"]
    if basis == Basis.PARITY:
        return f"{told} : parité fixe, sans marge." if french else f"{told}: fixed parity, no margin."
    if basis == Basis.AGREED:
        return f"{told} : cours convenu." if french else f"{told}: agreed rate."
    side = _SIDES[kept["side"]][0 if french else 1]
    market, bank, others = (
        _number(kept[name], french)
        for name in ("market", "bank_margin_percent", "intermediaries_margin_percent")
    )
    at = instant(str(kept["quoted_at"])) if not isinstance(kept["quoted_at"], datetime) else kept["quoted_at"]
    moment = f"{at.astimezone(zone('UTC')):%Y-%m-%d %H:%M} UTC"
    words = {
        "told": told, "side": side, "market": market, "source": kept["source"], "at": moment, "bank": bank,
        "others": others,
    }  # fmt: skip
    made = _MARKET[0 if french else 1].format_map(words)
    return f"{made} {_ESTIMATE[0 if french else 1]}" if kept.get("estimate") else made


def cash_done(values: Mapping[str, str]) -> Pair:
    """What became of cash paid in: credited, converted, or kept for the day on which it will be."""
    if values["processed_on"]:
        return (
            "{amount} reçus, à changer et à créditer le {processed_on}.",
            "{amount} received, to be converted and credited on {processed_on}.",
        )
    if values["exchange"]:
        return DONE["convert-cash"]
    return ("{amount} crédités le {booked_on}.", "{amount} credited on {booked_on}.")


def _number(value: Any, french: bool) -> str:
    return str(value).replace(".", ",") if french else str(value)
