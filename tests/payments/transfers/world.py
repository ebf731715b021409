"""Other banks for tests of transfers abroad: one of each kind that the rules tell apart."""

from datetime import date
from typing import Any

from tests.support.bank import ADMIN, ADVISER, BNC, BOOK, BRED, CLERK, START, accepted, open_bank
from tests.support.transfers import NOUMEA_MORNING, PARIS_MORNING, pay

from teneur.bank import Bank
from teneur.kernel.clock import SimulatedClock, instant
from teneur.kernel.commands import AccountId, Answer, Channel, account_id
from teneur.kernel.identifiers import make_rib
from teneur.ledger.commands import OpenBook
from teneur.payments.transfers.commands import PayeeAccount
from teneur.payments.transfers.rules.directory import read_directory
from teneur.payments.transfers.rules.screening import ListedName, ScreeningList
from teneur.storage.database import Dsn

DIRECTORY = """\
country,bank_code,bic,place,com_pacific,instant
FR,30006,AGRIFRPP,FR,yes,yes
FR,99901,LENTFRPP,FR,no,no
FR,17939,NOUMNCN1,NC,yes,no
FR,17940,ANCINCN1,NC,no,no
FR,17469,TAHIPFT1,PF,yes,no
FR,17470,MOORPFT1,PF,no,no
FR,17569,WALLWFW1,WF,yes,no
FR,99902,RUNIRERX,RE,yes,no
DE,37040044,COBADEFF,DE,no,yes
CH,00762,KBBECHBB,CH,no,no
US,021000021,CHASUS33,US,no,no
"""
LISTED = ScreeningList([ListedName("L-1", "Igor Malvenu Krasny")], words_needed=2)

GERMAN = "DE89370400440532013000"
SWISS = "CH9300762011623852957"


def iban(bank_code: str) -> str:
    """An account with a French bank code, wherever in the Republic that bank is."""
    return make_rib(bank_code, "00001", "12345").iban


INSTANT, SLOW = iban("30006"), iban("99901")  # two mainland banks; COM Pacifique reaches the first
NOUMEA, OLD_NOUMEA = iban("17939"), iban("17940")
PAPEETE, MOOREA = iban("17469"), iban("17470")
WALLIS = iban("17569")


def payee(account: str = "", bic: str = "", **more: object) -> PayeeAccount:
    """A payee with a name."""
    fields: dict[str, object] = {"name": "Jean Payé", "iban": account, "bic": bic, **more}
    return PayeeAccount(**fields)  # type: ignore[arg-type]


AMERICAN = payee(
    account_number="000123456789", address=("1 Main Street", "10001 New York"), country="US", bic="CHASUS33"
)


def open_world(
    dsn: Dsn, currencies: tuple[str, ...] = (), books: tuple[int, ...] = (BOOK,), **more: Any
) -> Bank:
    """A bank that knows these banks and this list. currencies: kept in the first book beside euro and franc.

    more: what `Bank.open` takes besides.
    """
    with open_bank(dsn, books=books, agreements=more.get("agreements")) as bank:
        if currencies:
            ask = OpenBook(name="more", currencies=currencies, opened_on=date(2026, 1, 1))
            accepted(bank.ask(ask, account_id(books[0], 0), actor=ADMIN))
    directory = read_directory(DIRECTORY.splitlines())
    clock = SimulatedClock(instant(START))
    return Bank.open(dsn, clock, directory=directory, screening=LISTED, **more)


MORNING = {BRED: PARIS_MORNING, BNC: NOUMEA_MORNING}
REMOTE: dict[str, Any] = {"channel": Channel.REMOTE, "actor": None, "ordered_by": 0, "signed": False}


def send(
    bank: Bank,
    payers: dict[str, AccountId],
    series: str,
    to: PayeeAccount,
    currency: str,
    amount: int = 100_000,
    at: str = "",
    **more: Any,
) -> Answer:
    """An order in the morning, given at the branch (where there is no ceiling) on a signed form.

    A rate in it is one that an adviser has agreed.
    """
    payer = payers[series]
    form: dict[str, Any] = {
        "channel": Channel.BRANCH,
        "actor": ADVISER if "rate" in more else CLERK,
        "ordered_by": bank.account(payer).holders[0],
        "signed": True,
    }
    return pay(
        bank,
        payer,
        "",
        amount,
        at or MORNING[series],
        payee=to,
        currency=currency,
        **{**form, **more},
    )
