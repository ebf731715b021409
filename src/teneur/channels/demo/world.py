"""The bank of the demonstration: its staff, its customers, their accounts, the banks around it."""

from datetime import date
from pathlib import Path

from teneur.accounts.commands import OpenAccount
from teneur.agreements.terms.cash import CashForm
from teneur.bank import Bank, shipped_agreements
from teneur.cash.commands import CashDeposit, Pieces
from teneur.channels.settings import directory_of, screening_of
from teneur.customers.commands import Address, RegisterPerson, RegisterStaff, StaffRole
from teneur.customers.decisions import REGISTER
from teneur.kernel.clock import SimulatedClock, instant
from teneur.kernel.commands import Answer, Ask, Channel, account_id
from teneur.kernel.identifiers import make_rib
from teneur.ledger.account import Account, AccountKind
from teneur.ledger.commands import OpenBook
from teneur.storage.database import Dsn
from teneur.storage.embedded import EmbeddedServer
from teneur.storage.migrate import migrate

ADMIN, OTHER_ADMIN, CLERK, ADVISER, OTHER_ADVISER, BACK_OFFICE = -1, -2, -3, -4, -5, -6
BEGIN = "2026-12-21T08:00:00+11:00"  # a Monday morning in Nouméa, still Sunday evening in Paris
BOOK = 1
MAIN = "00001"
_STAFF = (
    ("Ada Martin", StaffRole.ADMIN),
    ("Bruno Petit", StaffRole.ADMIN),
    ("Chloé Roux", StaffRole.CLERK),
    ("David Blanc", StaffRole.ADVISER),
    ("Emma Noir", StaffRole.ADVISER),
    ("Farid Vidal", StaffRole.BACK_OFFICE),
)
# Other banks, for the demonstration only: their codes are not those of real banks.
DIRECTORY = """country,bank_code,bic,place,com_pacific,instant
FR,30099,LUMIFRPPXXX,FR,yes,yes
FR,20099,MARAFRPPXXX,FR,yes,no
FR,18899,LAGONCNNXXX,NC,yes,no
"""
SCREENING = "ONU-17,Boris Malkovitch\n"
LUMIERE, MARAIS, LAGON = ("30099", "LUMIFRPPXXX"), ("20099", "MARAFRPPXXX"), ("18899", "LAGONCNNXXX")


def iban_at(bank: tuple[str, str], number: int) -> str:
    """A valid IBAN of an account of another bank."""
    return make_rib(bank[0], MAIN, f"{number:011d}").iban


def open_world(folder: Path) -> tuple[Bank, Dsn]:
    """A fresh bank in a data folder, its staff at work."""
    server = EmbeddedServer(folder).start()
    dsn = Dsn(server.app_url, server.owner_url, server=server)
    migrate(dsn)
    agreements = shipped_agreements()
    bank = Bank.open(
        dsn,
        SimulatedClock(instant(BEGIN)),
        agreements=agreements,
        directory=directory_of(DIRECTORY, agreements),
        screening=screening_of(SCREENING, agreements),
    )
    book = OpenBook(name="livre 1", currencies=("EUR", "XPF"), opened_on=date(2026, 12, 21))
    bank.ask(book, account_id(BOOK, 0), actor=ADMIN)
    for name, role in _STAFF:
        bank.ask(RegisterStaff(name=name, role=role, approved_by=OTHER_ADMIN), REGISTER, actor=ADMIN)
    return bank, dsn


def add_person(bank: Bank, first_names: str, surname: str, street: str, post_code: str, town: str) -> int:
    """A customer; the id."""
    ask = RegisterPerson(
        surname=surname,
        first_names=first_names,
        birth_date=date(1984, 2, 29),
        birth_place=town,
        nationality="FR",
        address=Address(street=street, building="12", post_code=post_code, town=town, country="FR"),
        since=bank.clock.now().date(),
    )
    answer = bank.ask(ask, REGISTER, actor=CLERK, channel=Channel.BRANCH)
    return int(bank.decided(answer)["person"])


def open_account(bank: Bank, series: str, *holders: int, with_files: bool = False) -> tuple[Account, Answer]:
    """An account under the edition in force; with_files: the particular terms add file transmission."""
    agreement = next(a for a in bank.agreements if a.edition.series == series)
    particular: dict[str, object] = {}
    if with_files:
        for kind in ("sepa", "local"):
            for timing in ("immediate", "deferred"):
                path = f"transfers.ordering.channels.{kind}.{timing}"
                offered = agreement.transfers.ordering.channels.get(kind, {})
                known = next((p.value for t, p in offered.items() if t == timing), None)
                if known is not None:
                    particular[path] = [*sorted(c.name.lower().replace("_", "-") for c in known), "file"]
    ask = OpenAccount(
        kind=AccountKind.JOINT if len(holders) > 1 else AccountKind.INDIVIDUAL,
        holders=holders,
        currency=agreement.currency,
        series=series,
        branch=MAIN,
        particular=particular,
    )
    answer = bank.ask(ask, account_id(BOOK, 0), actor=ADVISER, channel=Channel.BRANCH)
    return bank.account(bank.decided(answer)["account"]), answer


def pay_in(bank: Bank, account: Account, count: int, note_minor: int, depositor: str) -> Answer:
    """Notes at the counter."""
    ask: Ask = CashDeposit(
        currency=account.currency,
        pieces=(Pieces(CashForm.BANKNOTES, note_minor, count),),
        branch=MAIN,
        depositor=depositor,
    )
    return bank.ask(ask, account.id, actor=CLERK, channel=Channel.BRANCH)
