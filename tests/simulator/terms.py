"""The two agreements as the model reads them, written down as literals. Knows nothing of Teneur."""

from datetime import date, datetime, time
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tests.simulator import days

LARGEST = 2**53 - 1
LARGEST_SEPA = 99_999_999_999
INSTANT_CEILING = 1_500_000  # BRED: 15,000 euros
CLEARING, CLEARING_INSTANT, NOSTRO, POSITION, CASH, IN_COUNT = 2, 3, 4, 11, 1, 12  # roles in the bank's chart
NUMERIC = {"EUR": 978, "XPF": 953}
PAPER = ("branch", "paper", "post")

NOTES = {"EUR": (500, 1000, 2000, 5000, 10_000, 20_000, 50_000), "XPF": (500, 1000, 5000, 10_000)}
COINS = {"EUR": (1, 2, 5, 10, 20, 50, 100, 200), "XPF": (5, 10, 20, 50, 100, 200)}


class Terms(NamedTuple):
    """What an agreement says, as far as the simulator asks."""

    series: str
    currency: str
    zone: ZoneInfo
    bank_code: str
    calendar: str  # payment days of its own currency
    euro_calendar: str
    counter: str
    counter_closes: time
    takes_coins: bool
    late_revocation: bool
    per_operation: int | None
    weekly: int | None
    tariff: str  # the edition handed over at the opening


BRED = Terms(
    "bred-account", "EUR", days.PARIS, "10107", "target", "target", "paris-counter", time(17, 30),
    takes_coins=True, late_revocation=True, per_operation=None, weekly=None, tariff="2022-06-01",
)  # fmt: skip
BNC = Terms(
    "bnc-account", "XPF", days.NOUMEA, "14889", "noumea", "target", "noumea-counter", time(15, 30),
    takes_coins=False, late_revocation=False, per_operation=500_000, weekly=1_000_000,
    tariff="2026-04-01",
)  # fmt: skip
ALL = {terms.series: terms for terms in (BRED, BNC)}


class PayeeBank(NamedTuple):
    """Another bank, as the directory knows it."""

    iban: str
    bic: str
    place: str
    com_pacific: bool
    instant: bool


def iban_of(bank_code: str, branch: str, account: str) -> str:
    """A French IBAN with both keys (digits only)."""
    key = 97 - (89 * int(bank_code) + 15 * int(branch) + 3 * int(account)) % 97
    bban = f"{bank_code}{branch}{account}{key:02d}"
    return f"FR{98 - int(bban + '152700') % 97:02d}{bban}"


@lru_cache(maxsize=100_000)
def iban_holds(iban: str) -> bool:
    """Whether the check digits of an IBAN are right."""
    return len(iban) > 14 and int("".join(str(int(c, 36)) for c in iban[4:] + iban[:4])) % 97 == 1


OTHER_BANKS = (
    PayeeBank("FR7630006000011234567890189", "AGRIFRPPXXX", "FR", com_pacific=True, instant=True),
    PayeeBank(
        iban_of("30004", "00823", "00001234567"), "BNPAFRPPXXX", "FR", com_pacific=False, instant=False
    ),
    PayeeBank("DE89370400440532013000", "COBADEFFXXX", "DE", com_pacific=False, instant=False),
    PayeeBank("TR330006100519786457841326", "TCZBTR2AXXX", "TR", com_pacific=False, instant=False),
    PayeeBank(iban_of("17499", "00010", "00000012345"), "BCALNCNNXXX", "NC", com_pacific=True, instant=False),
)


class Route(NamedTuple):
    """What kind of transfer it is. days: to execute it, None where no delay is fixed."""

    kind: str
    role: int
    days: int | None
    paper_days: int
    notice_owed: bool


def route(terms: Terms, currency: str, place: str, *, com_pacific: bool) -> Route:
    """The class of a transfer, where it settles, and how long it may take."""
    french = place in ("FR", "NC")
    if terms is BRED:
        if place == "TR":
            return Route("international", NOSTRO, 1, 1, notice_owed=True)
        return Route("com-pacific" if place == "NC" else "sepa", CLEARING, 1, 1, notice_owed=True)
    if currency == "XPF" and place == "NC":
        return Route("local", CLEARING, 4, 1, notice_owed=True)
    if currency == "EUR" and french and com_pacific:
        return Route("com-pacific", CLEARING, 5, 0, notice_owed=True)  # with an exchange
    return Route("international", NOSTRO, None, 0, notice_owed=french)


_EVERYWHERE = ("branch", "post", "remote", "mobile")
_LOCAL = ("branch", "remote", "mobile")
_OFFERED = {
    ("bred-account", "sepa"): (*_EVERYWHERE, "atm", "initiation-service"),
    ("bred-account", "com-pacific"): (*_EVERYWHERE, "initiation-service"),
    ("bred-account", "international"): _EVERYWHERE,
    ("bnc-account", "local"): (*_LOCAL, "atm", "initiation-service"),
    ("bnc-account", "com-pacific"): (*_LOCAL, "atm", "initiation-service"),
    ("bnc-account", "international"): _LOCAL,
}
_LATER = {"bred-account": _EVERYWHERE, "bnc-account": _LOCAL}
_ADDABLE = {
    ("bred-account", "sepa", "immediate"): ("file", "paper", "remote-business"),
    ("bred-account", "sepa", "deferred"): ("file", "paper", "remote-business"),
    ("bred-account", "international", "immediate"): ("file",),
    ("bnc-account", "local", "immediate"): ("file",),
    ("bnc-account", "local", "deferred"): ("file",),
    ("bnc-account", "com-pacific", "immediate"): ("file",),
    ("bnc-account", "com-pacific", "deferred"): ("file",),
    ("bnc-account", "international", "immediate"): ("file",),
}


def channel_problem(terms: Terms, kind: str, timing: str, channel: str) -> str | None:
    """Why an ordinary order may not come that way."""
    offered = _OFFERED[terms.series, kind] if timing == "immediate" else _LATER[terms.series]
    if channel in offered:
        return None
    addable = _ADDABLE.get((terms.series, kind, timing), ())
    return "subscription-needed" if channel in addable else "channel-not-offered"


def last_in_time(terms: Terms, kind: str, timing: str, channel: str, day: date) -> datetime:
    """The last instant of a local day at which an ordinary order is in time."""
    if channel == "branch" and not (terms is BRED and kind == "international"):
        return counter_ends(terms, day)
    if terms is BNC:
        return days.day_ends(day, terms.zone) if channel == "atm" else days.clock(day, time(15), terms.zone)
    at = time(12)
    if kind == "international":
        at = time(15) if channel == "branch" else at
    elif timing == "standing":
        if channel in ("remote", "mobile"):
            return days.day_begins(day, terms.zone) - days.TICK
    elif channel in ("paper", "post"):
        at = time(11)
    return days.clock(day, at, terms.zone)


def counter_ends(terms: Terms, day: date) -> datetime:
    """When the counter closes for the day; the end of the day where it does not open."""
    if days.counter_opens(terms.counter, day):
        return days.clock(day, terms.counter_closes, terms.zone)
    return days.day_ends(day, terms.zone)


def calendar_of(terms: Terms, currency: str) -> str:
    """The payment days of a currency."""
    return terms.euro_calendar if currency == "EUR" else terms.calendar


def received_on(
    terms: Terms, route_: Route, order: dict[str, object], channel: str, at: datetime, agreed: date | None
) -> date:
    """The business day on which an ordinary order counts as received; agreed: the day agreed to start."""
    timing = timing_of(order)
    currency = str(order["currency"])
    calendar = terms.counter if channel in PAPER else calendar_of(terms, currency)
    day = days.local_day(at, terms.zone)
    if not days.is_open(calendar, day):
        got = days.next_open(calendar, day)
    elif at > last_in_time(terms, route_.kind, timing, channel, day):
        got = days.add_open(calendar, day, 1)
    else:
        got = day
    return got if agreed is None else max(days.next_open(calendar, agreed), got)


def timing_of(order: dict[str, object]) -> str:
    """Immediate, deferred or standing."""
    if order["repeat"] is not None:
        return "standing"
    return "immediate" if order["agreed_on"] is None else "deferred"


def execute_by(
    terms: Terms, route_: Route, order: dict[str, object], channel: str, day: date
) -> datetime | None:
    """The last instant at which the other bank may get the money of an order received on a day."""
    if route_.days is None:
        return None
    on_paper = channel in PAPER and (terms is BNC or timing_of(order) == "immediate")
    calendar = calendar_of(terms, str(order["currency"]))
    count = route_.days + (route_.paper_days if on_paper else 0)
    return days.day_ends(days.add_open(calendar, days.next_open(calendar, day), count), terms.zone)


def notice_by(terms: Terms, at: datetime) -> datetime:
    """The last instant at which the customer may be told of a refusal."""
    return days.day_ends(days.add_open(terms.calendar, days.local_day(at, terms.zone), 1), terms.zone)


def francs(cents: int) -> int:
    """Euro cents in Pacific francs at 8.38 euros for 1,000 francs, half up."""
    return (2 * cents * 1000 + 838) // (2 * 838)


def cents(amount_francs: int) -> int:
    """Pacific francs in euro cents at the same parity, half up."""
    return (2 * amount_francs * 838 + 1000) // 2000
