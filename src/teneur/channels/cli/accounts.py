"""`account`: opening, looking, statements, RIB, overdraft."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import click
import msgspec

from teneur.accounts.commands import OpenAccount, SetOverdraft
from teneur.accounts.rib import build_rib_slip, rib_json, rib_pdf, rib_text
from teneur.bank import Bank
from teneur.channels.cli.inputs import amount_minor, find_account
from teneur.channels.cli.shell import Group, Shell, Trouble, pass_shell
from teneur.channels.cli.texts import say
from teneur.channels.explain import explain
from teneur.channels.settings import SQL
from teneur.documents.wording import grouped_iban
from teneur.kernel.clock import business_date
from teneur.kernel.commands import Answer, Channel, Outcome, account_id, book_of, number_of
from teneur.ledger.account import Account, AccountKind, load_accounts
from teneur.ledger.reading import available
from teneur.pricing.interest.texts import verdict
from teneur.pricing.overdraft.facts import limit_on, load_authorisations
from teneur.pricing.statements.titling import account_titled, holders_of, identity

ONE_DAY = timedelta(days=1)
AS = click.option(
    "--as", "actor", type=int, required=True, help=say("Qui demande (numéro).", "Who asks (id).")
)
APPROVED = click.option("--approved-by", type=int, required=True, help=say("Qui approuve.", "Who approves."))
ACCOUNT = click.argument("account", metavar=say("COMPTE", "ACCOUNT"))


@click.group(cls=Group, help=say("Les comptes.", "Accounts."))
def account() -> None:
    """Commands about accounts."""


@account.command("open", help=say("Ouvrir un compte.", "Open an account."))
@click.option(
    "--holder",
    "holders",
    type=int,
    multiple=True,
    required=True,
    help=say("Titulaire (numéro de client).", "Holder (customer id)."),
)
@click.option("--series", help=say("Convention : bred-account, bnc-account.", "Agreement series."))
@click.option("--agreement", help=say("Édition précise d’une convention.", "A precise edition."))
@click.option("--currency", help=say("Devise ; celle de la convention sinon.", "Currency."))
@click.option("--branch", default="00001", show_default=True, help=say("Code guichet.", "Branch code."))
@click.option("--book", default=1, show_default=True)
@click.option(
    "--particular",
    multiple=True,
    metavar="PATH=VALUE",
    help=say("Condition particulière (JSON).", "Particular term (JSON value)."),
)
@click.option("--label", default="")
@AS
@pass_shell
def account_open(
    shell: Shell,
    holders: tuple[int, ...],
    series: str | None,
    agreement: str | None,
    currency: str | None,
    branch: str,
    book: int,
    particular: tuple[str, ...],
    label: str,
    actor: int,
) -> None:
    """One holder: an individual account; several: a joint one."""
    with shell.bank() as bank:
        chosen = _edition(bank, series, agreement)
        ask = OpenAccount(
            kind=AccountKind.JOINT if len(holders) > 1 else AccountKind.INDIVIDUAL,
            holders=holders,
            currency=currency or chosen.currency,
            series=chosen.edition.series,
            branch=branch,
            specific_agreement=agreement,
            particular=dict(map(_particular, particular)),
            label=label,
        )
        answer = bank.ask(ask, account_id(book, 0), actor=actor, channel=Channel.BRANCH)
        if answer.outcome is Outcome.REFUSED:
            shell.finish(bank, answer, "")
        decided = bank.decided(answer)
        number = f"{book_of(decided['account'])}/{number_of(decided['account'])}"
        done = shell.say(
            f"Compte {number} ouvert sous {decided['agreement']} : IBAN {grouped_iban(decided['iban'])}",
            f"Account {number} opened under {decided['agreement']}: IBAN {grouped_iban(decided['iban'])}",
        )
        shell.finish(bank, answer, done, account=number, iban=decided["iban"])


def _edition(bank: Bank, series: str | None, agreement: str | None) -> Any:
    if agreement and agreement in bank.agreements:
        return bank.agreements[agreement]
    found = [a for a in bank.agreements if a.edition.series == series]
    if not found:
        known = ", ".join(sorted({a.edition.series for a in bank.agreements}))
        raise Trouble(
            say(f"Convention inconnue : {series or agreement}.", f"Unknown: {series or agreement}."), known
        )
    return found[-1]


def _particular(text: str) -> tuple[str, Any]:
    path, equals, value = text.partition("=")
    try:
        return path, msgspec.json.decode(value)
    except msgspec.DecodeError:
        if not equals:
            raise Trouble(
                say(f"{text!r} : attendu CHEMIN=VALEUR.", f"{text!r}: expected PATH=VALUE.")
            ) from None
        return path, value


@account.command("list", help=say("Les comptes d’un livre.", "The accounts of a book."))
@click.option("--book", default=1, show_default=True)
@click.option("--limit", default=100, show_default=True)
@pass_shell
def account_list(shell: Shell, book: int, limit: int) -> None:
    """Customers' accounts with their balances."""
    with shell.bank() as bank, bank.read() as connection:
        numbers = [n for (n,) in connection.execute(SQL["all_accounts"], {"book": book, "limit": limit})]
        accounts = load_accounts(connection, [account_id(book, n) for n in numbers])
        rows = [_brief(bank, connection, accounts[account_id(book, n)]) for n in numbers]
    if shell.as_json:
        shell.emit({"accounts": rows})
        return
    balance = shell.say("Solde", "Balance")
    table = shell.table(
        shell.say("Compte", "Account"), "IBAN", shell.say("Titulaires", "Holders"), balance, right=(balance,)
    )
    for row in rows:
        money = shell.money(row["balance_minor"], row["currency"])
        table.add_row(row["account"], grouped_iban(row["iban"]), ", ".join(row["holders"]), money)
    shell.out.print(table)


def _brief(bank: Bank, connection: Any, found: Account) -> dict[str, Any]:
    terms = bank.terms_for(found, bank.clock.now().date())
    today = business_date(bank.clock.now(), terms.zone)
    authorised = limit_on(load_authorisations(connection, [found.id])[found.id], today)
    return {
        "account": f"{book_of(found.id)}/{number_of(found.id)}",
        "iban": found.iban,
        "holders": [person.name for person in holders_of(connection, found)],
        "kind": found.kind.name.lower(),
        "status": found.status.name.lower(),
        "agreement": terms.agreement.id,
        "branch": found.branch,
        "opened_on": found.opened_on,
        "currency": found.currency,
        "balance_minor": found.balance_minor,
        "available_minor": found.available_minor,
        "overdraft_minor": authorised,
        "tolerated_minor": max(0, -found.floor_minor - authorised),
        "held_minor": found.held_minor,
        "unavailable_minor": found.unavailable_minor,
    }


@account.command(
    "show", help=say("Un compte : soldes et dernières opérations.", "An account: balances, operations.")
)
@ACCOUNT
@click.option(
    "--last", default=15, show_default=True, help=say("Combien d’opérations.", "How many operations.")
)
@pass_shell
def account_show(shell: Shell, account: str, last: int) -> None:
    """What may be used and why, and what happened last, refusals included."""
    with shell.bank() as bank:
        found = find_account(bank, account)
        with bank.read() as connection:
            brief = _brief(bank, connection, found)
            known = available(connection, found.id)
            key = {"book": book_of(found.id), "account": number_of(found.id), "limit": last}
            positions = [p for (p,) in connection.execute(SQL["account_operations"], key).fetchall()]
        operations = [explain(bank, book_of(found.id), p, shell.language) for p in positions]
    if shell.as_json:
        rows = [
            {
                "operation": o.operation,
                "at": o.received_at,
                "title": o.title,
                "outcome": o.outcome,
                "reason": o.reason,
                "sentence": o.sentence,
            }
            for o in operations
            if o
        ]
        shell.emit({**brief, "holds": known.holds if known else (), "operations": rows})
        return
    money = [
        shell.money(brief[f"{n}_minor"], found.currency)
        for n in ("balance", "held", "overdraft", "tolerated", "available")
    ]
    shell.facts(
        [
            ("IBAN", grouped_iban(found.iban)),
            (shell.say("Titulaires", "Holders"), ", ".join(brief["holders"])),
            (shell.say("Convention", "Agreement"), brief["agreement"]),
            (shell.say("Solde", "Balance"), money[0]),
            (shell.say("Sommes bloquées", "Held"), money[1] if brief["held_minor"] else ""),
            (
                shell.say("Découvert autorisé", "Authorised overdraft"),
                money[2] if brief["overdraft_minor"] else "",
            ),
            (
                shell.say("Toléré en plus aujourd’hui", "Let pass beyond it today"),
                money[3] if brief["tolerated_minor"] else "",
            ),
            (shell.say("Disponible", "Available"), f"[bold]{money[4]}[/bold]"),
        ],
        title=shell.say(f"Compte {brief['account']}", f"Account {brief['account']}"),
    )
    where = bank.terms_for(found, found.opened_on).agreement.zone
    table = shell.table(
        shell.say("Opération", "Operation"),
        shell.say("Quand", "When"),
        shell.say("Quoi", "What"),
        shell.say("Résultat", "Outcome"),
    )
    for o in operations:
        if o:
            colour = {"refused": "red", "pending": "yellow"}.get(o.outcome, "green")
            table.add_row(
                o.operation, shell.moment(o.received_at, where), o.title, f"[{colour}]{o.sentence}[/]"
            )
    shell.out.print()
    shell.out.print(table)


def write_file(shell: Shell, data: bytes, output: Path | None, *, binary: bool) -> None:
    """Write to a file, or to standard output unless that is a terminal and the data are no text."""
    if output is not None:
        output.write_bytes(data)
        shell.note(f"[green]✔[/green] {output} ({len(data)} octets)")
        return
    if binary and shell.out.is_terminal:
        raise Trouble(
            shell.say("Un PDF ne s’affiche pas ici.", "A PDF cannot be shown here."), "--output F.pdf"
        )
    click.echo(data, nl=not (binary or data.endswith(b"\n")))


@account.command("rib", help=say("Relevé d’identité bancaire.", "Account identity slip (RIB)."))
@ACCOUNT
@click.option("--format", "form", type=click.Choice(["text", "json", "pdf"]), default="text")
@click.option(
    "--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help=say("Fichier.", "File.")
)
@pass_shell
def account_rib(shell: Shell, account: str, form: str, output: Path | None) -> None:
    """As text, JSON or PDF."""
    with shell.bank() as bank:
        found = find_account(bank, account)
        agreement = bank.agreement_for(found, bank.clock.now().date())
        with bank.read() as connection:
            titled = account_titled(found, holders_of(connection, found), agreement.bank)
        slip = build_rib_slip(
            found.iban,
            titled.bic,
            titled.holders,
            bank=identity(agreement.bank),
            agreement=agreement,
            currency_code=found.currency,
            domiciliation=titled.domiciliation,
            issued_at=bank.clock.now(),
            address=titled.address,
        )
    form = "json" if shell.as_json and form == "text" else form
    if form == "pdf":
        data = rib_pdf(slip, shell.language)
    else:
        data = rib_json(slip) if form == "json" else rib_text(slip, shell.language).encode()
    write_file(shell, data, output, binary=form == "pdf")


@account.command("overdraft", help=say("Autoriser un découvert.", "Authorise an overdraft."))
@ACCOUNT
@click.argument("limit", metavar=say("MONTANT", "AMOUNT"))
@click.option(
    "--for", "requested_by", type=int, help=say("Titulaire qui demande seul.", "The one who asks alone.")
)
@AS
@APPROVED
@pass_shell
def account_overdraft(
    shell: Shell, account: str, limit: str, requested_by: int | None, actor: int, approved_by: int
) -> None:
    """Two members of staff; 0 takes it away."""
    with shell.bank() as bank:
        found = find_account(bank, account)
        minor = amount_minor(limit, found.currency)
        ask = SetOverdraft(
            limit_minor=minor,
            requested_by=requested_by or found.holders[0],
            approved_by=approved_by,
            also_requested_by=() if requested_by else found.holders[1:],
        )
        answer = bank.ask(ask, found.id, actor=actor, channel=Channel.BRANCH)
        money = shell.money(minor, found.currency)
        finish_limit(shell, bank, answer, shell.say(f"Découvert autorisé : {money}", f"Overdraft: {money}"))


def finish_limit(shell: Shell, bank: Bank, answer: Answer, done: str) -> None:
    """Show an answer about an overdraft, and warn of a rate above the usury threshold."""
    kept = bank.decided(answer)
    told = {name: kept[name] for name in ("usury", "apr_percent") if name in kept}
    shell.finish(bank, answer, done, **told)
    if told and not shell.as_json:
        rate = f" ({kept['apr_percent']} %)" if kept["apr_percent"] else ""
        label = shell.say("TAEG", "Effective rate")
        shell.out.print(f"  [yellow]{label}{rate} : {verdict(kept['usury'], shell.language)}[/yellow]")
