"""Setting a bank up: `init`, `staff`, `customer`."""

from datetime import date
from pathlib import Path

import click

from teneur.bank import Bank, shipped_agreements
from teneur.channels.cli.inputs import DAY, moment_of
from teneur.channels.cli.shell import Command, Group, Shell, Trouble, pass_shell
from teneur.channels.cli.texts import say
from teneur.channels.settings import (
    CLOCK,
    DIRECTORY,
    ENDPOINTS,
    SCREENING,
    SIMULATED,
    SYSTEM,
    clock_of,
    directory_of,
    keep_setting,
    screening_of,
    setting,
)
from teneur.customers.commands import Address, RegisterPerson, RegisterStaff, StaffRole
from teneur.customers.decisions import REGISTER
from teneur.customers.facts import find_persons, list_staff
from teneur.kernel.clock import business_date, zone
from teneur.kernel.commands import Answer, Channel, Outcome, account_id
from teneur.kernel.money import Language
from teneur.ledger.commands import OpenBook
from teneur.payments.verification.endpoints import read_endpoints
from teneur.storage.database import Dsn, connect
from teneur.storage.migrate import migrate

FIRST_ZONE = "Europe/Paris"
CURRENCIES = ("EUR", "XPF")


@click.command(
    cls=Command,
    help=say(
        "Préparer une banque : base, livre, premiers administrateurs.",
        "Set a bank up: database, book, first administrators.",
    ),
)
@click.option(
    "--clock",
    default=SYSTEM,
    show_default=True,
    help=say("system, ou simulated:2026-05-04T09:00", "system, or simulated:2026-05-04T09:00"),
)
@click.option(
    "--admin",
    "admins",
    multiple=True,
    default=("Admin Un", "Admin Deux"),
    help=say("Nom d’un administrateur (deux fois).", "Name of an administrator (twice)."),
)
@click.option("--books", default=1, show_default=True, help=say("Nombre de livres.", "Number of books."))
@click.option(
    "--directory",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=say("Annuaire des banques (CSV).", "Directory of banks (CSV)."),
)
@click.option(
    "--screening",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=say("Liste de filtrage (CSV : référence,nom).", "Screening list (CSV: reference,name)."),
)
@click.option(
    "--payee-verification",
    "endpoints",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=say("Où d’autres banques vérifient un nom (TOML).", "Where other banks check a name (TOML)."),
)
@pass_shell
def init(
    shell: Shell,
    clock: str,
    admins: tuple[str, ...],
    books: int,
    directory: Path | None,
    screening: Path | None,
    endpoints: Path | None,
) -> None:
    """Prepare what is missing; run again, it changes nothing but the lists."""
    with shell.dsn() as dsn:
        applied = migrate(dsn)
        lists = {
            DIRECTORY: directory.read_text("utf-8") if directory else None,
            SCREENING: screening.read_text("utf-8") if screening else None,
            ENDPOINTS: endpoints.read_text("utf-8") if endpoints else None,
        }
        made = prepare(dsn, _clock_text(clock), admins, books, lists)
        now, people = made.clock.now(), _staff_rows(made)
        values = {
            "clock": now,
            "books": list(range(1, books + 1)),
            "migrations": list(applied),
            "staff": people,
            "agreements": [a.id for a in made.agreements],
            "single_role": dsn.single_role,
        }
        made.close()
    if shell.as_json:
        shell.emit(values)
        return
    shell.out.print(shell.say("[green]✔[/green] La banque est prête.", "[green]✔[/green] The bank is ready."))
    shell.facts(
        [
            (shell.say("Conventions", "Agreements"), ", ".join(a.id for a in shipped_agreements())),
            (shell.say("Heure de la banque", "The bank’s time"), shell.moment(now, FIRST_ZONE)),
            (
                shell.say("Administrateurs", "Administrators"),
                ", ".join(f"{row['name']} ({row['staff']})" for row in people),
            ),
        ]
    )
    if dsn.single_role:
        shell.note(
            shell.say(
                "Attention : la base n’a qu’un rôle ; rien n’empêche le programme de récrire le journal.",
                "Beware: with one database role, no right keeps the program from rewriting the journal.",
            )
        )


def _clock_text(clock: str) -> str:
    """The setting of a clock as people write it: a simulated time without offset is that of Paris."""
    if not clock.startswith(SIMULATED):
        clock_of(clock)
        return clock
    at = moment_of(clock.removeprefix(SIMULATED), FIRST_ZONE)
    return f"{SIMULATED}{at.isoformat()}"


def prepare(dsn: Dsn, clock: str, admins: tuple[str, ...], books: int, lists: dict[str, str | None]) -> Bank:
    """A migrated database becomes a bank: settings, books, two administrators."""
    agreements = shipped_agreements()
    if len(admins) != len({*admins}) or len(admins) < 2:
        raise Trouble(
            say("Il faut deux administrateurs différents.", "Two different administrators are needed.")
        )
    directory_of(lists[DIRECTORY] or "", agreements)
    screening_of(lists[SCREENING] or "", agreements)
    read_endpoints(lists.get(ENDPOINTS) or "")
    with connect(dsn) as connection:
        known = setting(connection, CLOCK)
        if known is None:
            keep_setting(connection, CLOCK, clock)
        for name, text in lists.items():
            if text is not None:
                keep_setting(connection, name, text)
    if known is not None and known.startswith(SIMULATED) != clock.startswith(SIMULATED) and clock != SYSTEM:
        raise Trouble(
            say("L’horloge de cette banque est déjà choisie.", "This bank’s clock is chosen already.")
        )
    bank = Bank.open(dsn, clock_of(known or clock), agreements=agreements)
    today = business_date(bank.clock.now(), zone(FIRST_ZONE))
    numbers = range(1, books + 1)
    for book in numbers:
        others = tuple(n for n in numbers if n != book)
        ask = OpenBook(name=f"livre {book}", currencies=CURRENCIES, opened_on=today, other_books=others)
        _must(bank.ask(ask, account_id(book, 0), key=f"open-book-{book:06d}".encode()[:16]))
    if not _staff_rows(bank):
        for name in admins[:2]:
            _must(bank.ask(RegisterStaff(name=name, role=StaffRole.ADMIN), REGISTER))
    return bank


def _must(answer: Answer) -> None:
    if answer.outcome is Outcome.REFUSED and answer.reason != "key-reused":
        raise Trouble(f"{answer.reason}")


def _staff_rows(bank: Bank) -> list[dict[str, object]]:
    with bank.read() as connection:
        return [
            {"staff": s.id, "name": s.name, "role": s.role.value, "active": s.active}
            for s in list_staff(connection)
        ]


@click.group(cls=Group, help=say("Le personnel.", "Staff."))
def staff() -> None:
    """Commands about staff."""


@staff.command("add", help=say("Faire entrer un membre du personnel.", "Enter a member of staff."))
@click.argument("name", metavar=say("NOM", "NAME"))
@click.option("--role", type=click.Choice([r.value for r in StaffRole]), required=True)
@click.option("--as", "actor", type=int, required=True, help=say("Qui demande (numéro).", "Who asks (id)."))
@click.option("--approved-by", type=int, required=True, help=say("Qui approuve.", "Who approves."))
@pass_shell
def staff_add(shell: Shell, name: str, role: str, actor: int, approved_by: int) -> None:
    """Two administrators stand behind it."""
    with shell.bank() as bank:
        ask = RegisterStaff(name=name, role=StaffRole(role), approved_by=approved_by)
        answer = bank.ask(ask, REGISTER, actor=actor)
        number = bank.decided(answer).get("staff") if answer.outcome is Outcome.ACCEPTED else None
        shell.finish(bank, answer, f"{name} ({role}) : {number}", staff=number)


@staff.command("list", help=say("Qui travaille ici.", "Who works here."))
@pass_shell
def staff_list(shell: Shell) -> None:
    """Every member of staff."""
    with shell.bank() as bank:
        rows = _staff_rows(bank)
    if shell.as_json:
        shell.emit({"staff": rows})
        return
    table = shell.table("N°", shell.say("Nom", "Name"), shell.say("Rôle", "Role"), right=("N°",))
    for row in rows:
        table.add_row(str(row["staff"]), str(row["name"]), str(row["role"]))
    shell.out.print(table)


@click.group(cls=Group, help=say("Les clients.", "Customers."))
def customer() -> None:
    """Commands about customers."""


@customer.command("add", help=say("Faire entrer une personne.", "Enter a person."))
@click.option("--surname", required=True, help=say("Nom.", "Family name."))
@click.option("--first-names", required=True, help=say("Prénoms.", "First names."))
@click.option("--born", type=DAY, required=True, help=say("Date de naissance.", "Date of birth."))
@click.option("--birth-place", default="", help=say("Lieu de naissance.", "Place of birth."))
@click.option("--nationality", default="FR", show_default=True)
@click.option("--street", default="", help=say("Rue.", "Street."))
@click.option("--building", default="", help=say("Numéro dans la rue.", "Building number."))
@click.option("--post-code", default="", help=say("Code postal.", "Post code."))
@click.option("--town", required=True, help=say("Ville.", "Town."))
@click.option("--country", default="FR", show_default=True)
@click.option("--email", default="")
@click.option("--phone", default="")
@click.option("--speaks", type=click.Choice([c.value for c in Language]), default="fr", show_default=True)
@click.option("--as", "actor", type=int, required=True, help=say("Qui demande (numéro).", "Who asks (id)."))
@pass_shell
def customer_add(
    shell: Shell,
    surname: str,
    first_names: str,
    born: date,
    birth_place: str,
    nationality: str,
    street: str,
    building: str,
    post_code: str,
    town: str,
    country: str,
    email: str,
    phone: str,
    speaks: str,
    actor: int,
) -> None:
    """An adult natural person."""
    with shell.bank() as bank:
        ask = RegisterPerson(
            surname=surname,
            first_names=first_names,
            birth_date=born,
            birth_place=birth_place or town,
            nationality=nationality,
            since=business_date(bank.clock.now(), zone(FIRST_ZONE)),
            email=email,
            phone=phone,
            language=Language(speaks),
            address=Address(
                town=town, country=country, street=street, building=building, post_code=post_code
            ),
        )
        answer = bank.ask(ask, REGISTER, actor=actor, channel=Channel.BRANCH)
        person = bank.decided(answer).get("person") if answer.outcome is Outcome.ACCEPTED else None
        shell.finish(bank, answer, f"{first_names} {surname} : client {person}", person=person)


@customer.command("find", help=say("Chercher une personne par son nom.", "Find a person by name."))
@click.argument("text", metavar=say("NOM", "NAME"))
@pass_shell
def customer_find(shell: Shell, text: str) -> None:
    """Every word begins a word of the name."""
    with shell.bank() as bank, bank.read() as connection:
        found = find_persons(connection, text)
    if shell.as_json:
        shell.emit({"persons": found})
        return
    table = shell.table(
        "N°", shell.say("Nom", "Name"), shell.say("Né(e) le", "Born"), shell.say("Ville", "Town")
    )
    for person in found:
        table.add_row(str(person.id), person.name, shell.short_day(person.birth_date), person.address.town)
    shell.out.print(table)
