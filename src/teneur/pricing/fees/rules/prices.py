"""What an event costs: the tariff in force on its day, or what was agreed with the customer; what is free."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import ROUND_DOWN, Decimal
from functools import lru_cache

from teneur.agreements.parameters import Parameter
from teneur.agreements.terms.accounts import AccountTerms
from teneur.agreements.terms.tariff import Holder, Price, TariffTerms, TransferPrices
from teneur.agreements.terms.transfers import Service, TransferClass
from teneur.kernel.money import has_parity, parity_down
from teneur.kernel.rules import rule

FREE = Price()
LATE_REVOCATION, WITHDRAWAL = "late-revocation", "standing-order-withdrawal"
AT_BRANCH, AT_DISTANCE = "branch", "remote"
ORDINARY_OF_INSTANT = {
    f"transfer-instant-{where}": f"transfer-sepa-{where}" for where in (AT_BRANCH, AT_DISTANCE)
}


@lru_cache(maxsize=1_000)
def first_day(edition: str) -> date:
    """The first day of an edition of the tariff: its name. Raises ValueError for a name that is no date."""
    return date.fromisoformat(edition)


def edition_in_force(on: date, tariff: TariffTerms) -> str:
    """The name of the latest edition that has begun on a day; of the first one before there is any."""
    begun = [e for e in tariff.editions if first_day(e) <= on]
    return max(begun, key=first_day) if begun else min(tariff.editions, key=first_day)


def holder_of(accounts: AccountTerms, tariff: TariffTerms) -> Holder:
    """What the law makes of the holder; that the account was opened by right comes first."""
    return Holder.DESIGNATED if accounts.designated.value else tariff.holder.value


@rule("BNC-4-2", "BRED-9-1", "BRED-A3-1.4-1", law="CMF L314-7")
def price_in_force(event: str, on: date, tariff: TariffTerms) -> Parameter[Price] | None:
    """The price of the latest edition that has begun on the day of the event; none: it has no price then.

    A price agreed with the customer (an override) stands whatever editions follow.
    """
    last = on if tariff.held_on.value is None else min(on, tariff.held_on.value)
    begun = sorted((e for e in tariff.editions if first_day(e) <= last), key=first_day)
    found = [tariff.editions[e][event] for e in begun if event in tariff.editions[e]]
    return agreed_price(found) or (found[-1] if found else None)


@rule("BRED-8.1.2-2", "BNC-7.3-7")
def agreed_price(found: Iterable[Parameter[Price]]) -> Parameter[Price] | None:
    """Fees are those of the tariff, unless others were agreed with the customer: then these."""
    agreed = [price for price in found if price.layer]
    return agreed[-1] if agreed else None


@rule("BRED-1.3-4", "BNC-1.1.1-2", law="CMF D312-5, D312-5-1")
def basic_service(event: str, holder: Holder, tariff: TariffTerms) -> bool:
    """On an account opened by right the services of the basic list are free; only these are."""
    return holder is Holder.DESIGNATED and event in tariff.free.designated.value


@rule("BRED-1.3-4", "BNC-1.1.1-2", law="CMF D312-5, D312-5-1")
def free_times_a_month(event: str, holder: Holder, tariff: TariffTerms) -> int:
    """How many times in a calendar month the event is free for that holder."""
    if holder is Holder.DESIGNATED and event in tariff.free.designated_monthly:
        return tariff.free.designated_monthly[event].value
    if holder is Holder.SPECIFIC_OFFER and event in tariff.free.specific_offer_monthly:
        return tariff.free.specific_offer_monthly[event].value
    return 0


@rule("BRED-5.3-5", law="CMF L133-26, L312-1-7, L131-71")
def always_free(event: str, tariff: TariffTerms) -> bool:
    """What no tariff may charge: closing, information, corrections, the monthly statement as agreed."""
    return event in tariff.free.always.value


def price_of(event: str, on: date, accounts: AccountTerms, tariff: TariffTerms) -> Price:
    """The price of an event for this account, before the caps of the law; zero where it is free."""
    holder = holder_of(accounts, tariff)
    offered = holder is Holder.SPECIFIC_OFFER and event in tariff.free.specific_offer.value
    if always_free(event, tariff) or basic_service(event, holder, tariff) or offered:
        return FREE
    found = price_in_force(event, on, tariff)
    price = FREE if found is None else found.value
    if event in ORDINARY_OF_INSTANT:
        ordinary = price_of(ORDINARY_OF_INSTANT[event], on, accounts, tariff)
        return instant_price(price, ordinary, on, tariff.transfers)
    return price


def amount_of(price: Price, base_minor: int, quantity: int) -> int:
    """What a price comes to, in minor units; a share is rounded down, to the customer's benefit."""
    amount = price.fixed_minor
    if price.percent is not None:
        share = Decimal(base_minor) * price.percent / 100
        amount += int(share.to_integral_value(rounding=ROUND_DOWN))
    amount = max(amount, price.least_minor)
    if price.most_minor is not None:
        amount = min(amount, price.most_minor)
    return amount * quantity


def price_in(price: Price, code: str, to: str) -> Price:
    """A price of the tariff for an account in another currency: at the fixed parity, where there is one."""
    if code == to or not has_parity(code, to):
        return price
    most = None if price.most_minor is None else parity_down(price.most_minor, code, to)
    return replace(
        price,
        fixed_minor=parity_down(price.fixed_minor, code, to),
        least_minor=parity_down(price.least_minor, code, to),
        most_minor=most,
    )


@rule("BRED-A3-2.1.1-9")
def priced_as(kind: TransferClass, terms: TransferPrices) -> TransferClass:
    """SEPA COM Pacifique costs what a SEPA transfer costs, where the agreement says so."""
    equal = terms.com_pacific_as_sepa.value and kind is TransferClass.COM_PACIFIC
    return TransferClass.SEPA if equal else kind


@rule("BNC-6.1.3.2-2", "BRED-A3-1.4-1")
def transfer_event(kind: TransferClass, service: Service, *, at_branch: bool, terms: TransferPrices) -> str:
    """The event of the tariff that a transfer is: by its kind, and by where the order was given."""
    name = priced_as(kind, terms)
    label = str(name if service is Service.ORDINARY else service)
    return f"transfer-{label}-{AT_BRANCH if at_branch else AT_DISTANCE}"


@rule(law="Regulation (EU) 2024/886, article 5b")
def instant_price(instant: Price, ordinary: Price, on: date, terms: TransferPrices) -> Price:
    """An instant transfer never costs more than an ordinary one, since that is the law."""
    since = terms.instant_not_dearer_since.value
    if since is None or on < since:
        return instant
    return min((instant, ordinary), key=lambda p: (p.fixed_minor, p.least_minor, p.percent or 0))


@rule("BRED-A3-2.3-7", law="CMF L133-8 IV")
def late_revocation_price(on: date, accounts: AccountTerms, tariff: TariffTerms) -> int:
    """A revocation accepted after its time costs what the tariff says."""
    return amount_of(price_of(LATE_REVOCATION, on, accounts, tariff), 0, 1)


@rule("BRED-A3-2.3-8", "BNC-6.1.3.5-6")
def withdrawal_price(on: date, accounts: AccountTerms, tariff: TariffTerms) -> int:
    """Withdrawing consent from a standing order costs what the tariff says."""
    return amount_of(price_of(WITHDRAWAL, on, accounts, tariff), 0, 1)


@rule("BRED-3.1-18", "BNC-6.2.1-5", law="CMF L133-10")
def refusal_is_charged(reason: str, terms: TransferPrices, *, notice_owed: bool) -> bool:
    """The notice of a refusal may be charged where the refusal is objectively justified."""
    return notice_owed and reason in terms.justified_refusals.value


@rule("BNC-3.1-7", "BRED-5.3-5")
def extra_delivery(medium: str, agreed_medium: str) -> bool:
    """The agreed medium of the statement is free; another delivery by another medium is charged."""
    return medium != agreed_medium
