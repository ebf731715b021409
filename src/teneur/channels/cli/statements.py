"""`account statement` and what belongs to it: reading, verifying, printing, frequency, questions."""

from datetime import date
from pathlib import Path
from typing import Any

import click

from teneur.agreements.terms.statements import Period as Frequency
from teneur.agreements.terms.statements import Way
from teneur.bank import Bank
from teneur.channels.cli.accounts import ACCOUNT, AS, write_file
from teneur.channels.cli.inputs import DAY, DEFAULT_BOOK, find_account
from teneur.channels.cli.shell import REFUSED, Command, Shell, Trouble, pass_shell
from teneur.channels.cli.texts import say
from teneur.channels.paper import print_statements
from teneur.channels.statement_checks import check_statements
from teneur.channels.statements import (
    as_camt053,
    issued_statements,
    kept,
    month_of,
    page_of,
    statement_of,
)
from teneur.documents.wording import grouped_iban
from teneur.kernel.commands import Channel, book_of
from teneur.ledger.account import Account
from teneur.ledger.reading import heads
from teneur.pricing.statements.commands import (
    AnswerInformation,
    ChooseStatementFrequency,
    RequestInformation,
)
from teneur.pricing.statements.rendering import statement_json, statement_pdf
from teneur.pricing.statements.statement import Medium, Period, Statement
from teneur.pricing.statements.texts import operation_label

_CHANNELS = {
    Way.BRANCH: Channel.BRANCH,
    Way.POST: Channel.POST,
    Way.EMAIL: Channel.BRANCH,
    Way.REMOTE: Channel.REMOTE,
    Way.PHONE: Channel.PHONE,
}


@click.command(
    "statement",
    cls=Command,
    help=say("Relevé : le dernier émis, ou d’une période.", "Statement, issued or of a period."),
)
@ACCOUNT
@click.option(
    "--number", type=int, help=say("Relevé émis de ce numéro.", "The issued statement of that number.")
)
@click.option(
    "--month", type=DAY, help=say("Provisoire : le mois de ce jour.", "Provisional: that day’s month.")
)
@click.option("--list", "list_them", is_flag=True, help=say("Les relevés émis.", "The statements issued."))
@click.option(
    "--verify", is_flag=True, help=say("Tout recalculer et comparer.", "Recompute and compare everything.")
)
@click.option("--format", "form", type=click.Choice(["text", "json", "camt053", "pdf"]), default="text")
@click.option(
    "--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help=say("Fichier.", "File.")
)
@pass_shell
def account_statement(
    shell: Shell,
    account: str,
    number: int | None,
    month: date | None,
    list_them: bool,
    verify: bool,
    form: str,
    output: Path | None,
) -> None:
    """Issued statements never change; a provisional one is not kept."""
    with shell.bank() as bank:
        found = find_account(bank, account)
        if verify:
            _verify(shell, bank, found)
            return
        with bank.read() as connection:
            issued = issued_statements(connection, found.id)
        if list_them:
            _list_statements(shell, found, issued)
            return
        pdf = b""
        if month is not None or not (issued or number):
            statement = _provisional(bank, found, month or bank.clock.now().date(), len(issued) + 1)
        else:
            with bank.read() as connection:
                stored = kept(connection, found.id, number or issued[-1].number)
            if stored is None:
                raise Trouble(shell.say(f"Pas de relevé n° {number}.", f"No statement {number}."))
            statement, _json = stored
            if form == "pdf":
                pdf = page_of(bank, found.id, statement.number, shell.language) or b""
    if statement is None:
        shell.emit({"statement": None})
        shell.note(shell.say("Aucune opération : pas de relevé.", "No operation: no statement."))
        return
    form = "json" if shell.as_json and form == "text" else form
    _write_statement(shell, statement, form, output, pdf)


def _provisional(bank: Bank, found: Account, day: date, number: int) -> Statement | None:
    with bank.read() as connection:
        position = heads(connection, [book_of(found.id)]).get(book_of(found.id), 0)
        period: Period = month_of(bank, found, day)
        return statement_of(
            bank, connection, found, period, position=position, number=number, issued_at=bank.clock.now()
        )


def _list_statements(shell: Shell, found: Account, issued: list[Any]) -> None:
    if shell.as_json:
        shell.emit({"statements": issued})
        return
    opening, closing = shell.say("Ancien solde", "Opening"), shell.say("Nouveau solde", "Closing")
    table = shell.table(
        "N°",
        shell.say("Du", "From"),
        shell.say("Au", "To"),
        opening,
        closing,
        "SHA-256",
        right=(opening, closing),
    )
    for one in issued:
        table.add_row(
            str(one.number),
            shell.short_day(one.first_day),
            shell.short_day(one.last_day),
            shell.money(one.opening_minor, found.currency),
            shell.money(one.closing_minor, found.currency),
            one.json_sha256[:16] + "…",
        )
    shell.out.print(table)


def _write_statement(shell: Shell, statement: Statement, form: str, output: Path | None, pdf: bytes) -> None:
    if form == "text":
        show_statement(shell, statement)
        return
    if form == "pdf":
        data = pdf or statement_pdf(statement, shell.language)
    else:
        data = statement_json(statement) if form == "json" else as_camt053(statement, shell.language)
    write_file(shell, data, output, binary=form == "pdf")


def show_statement(shell: Shell, statement: Statement) -> None:
    """A statement as a table."""
    code = statement.account.currency
    debit, credit, balance = (
        shell.say("Débit", "Debit"),
        shell.say("Crédit", "Credit"),
        shell.say("Solde", "Balance"),
    )
    title = shell.say(
        f"Relevé n° {statement.number}, du {shell.day(statement.period.first_day)} au "
        f"{shell.day(statement.period.last_day)}",
        f"Statement {statement.number}, {shell.day(statement.period.first_day)} to "
        f"{shell.day(statement.period.last_day)}",
    )
    shell.out.print(f"[bold]{title}[/bold]")
    shell.out.print(f"{', '.join(statement.account.holders)} · {grouped_iban(statement.account.iban)}\n")
    table = shell.table(
        shell.say("Opération", "Booked"),
        shell.say("Valeur", "Value"),
        shell.say("Libellé", "Label"),
        debit,
        credit,
        balance,
        right=(debit, credit, balance),
    )
    table.add_row(
        "",
        "",
        shell.say("Ancien solde", "Opening balance"),
        "",
        "",
        shell.money(statement.opening_minor, code),
    )
    for line in statement.lines:
        label = operation_label(line.kind, line.label, line.amount_minor, shell.language, line.event)
        about = " · ".join(part for part in (label, line.counterparty_name, line.remittance) if part)
        money = shell.money(abs(line.amount_minor), code)
        table.add_row(
            shell.short_day(line.booked_on),
            shell.short_day(line.value_on),
            about,
            money if line.amount_minor < 0 else "",
            money if line.amount_minor > 0 else "",
            shell.money(line.balance_minor, code),
        )
    table.add_row(
        "",
        "",
        f"[bold]{shell.say('Nouveau solde', 'Closing balance')}[/bold]",
        "",
        "",
        f"[bold]{shell.money(statement.closing_minor, code)}[/bold]",
    )
    shell.out.print(table)


def _verify(shell: Shell, bank: Bank, found: Account) -> None:
    """Everything recomputed; any difference is told, and ends with the code of a refusal."""
    checked = check_statements(bank, found.id)
    shell.emit(checked)
    if not shell.as_json:
        for fault in checked.faults:
            shell.err.print(f"[red]✘[/red] {fault}")
        if not checked.faults:
            shell.out.print(
                shell.say(
                    f"[green]✔[/green] {checked.statements} relevés, {checked.lines} lignes : tout est bon.",
                    f"[green]✔[/green] {checked.statements} statements, {checked.lines} lines: all is right.",
                )
            )
    if checked.faults:
        raise SystemExit(REFUSED)


@click.command(
    "statement-frequency",
    cls=Command,
    help=say("Périodicité et support des relevés.", "How often statements come, and how."),
)
@ACCOUNT
@click.option(
    "--frequency",
    type=click.Choice([f.value for f in Frequency]),
    help=say("Autre périodicité ; celle de la convention sinon.", "Another frequency; else as agreed."),
)
@click.option(
    "--also-by",
    type=click.Choice([m.value for m in Medium]),
    help=say("Second support, payant.", "A second medium, at a price."),
)
@click.option("--for", "requested_by", type=int, help=say("Titulaire qui demande.", "Holder who asks."))
@AS
@pass_shell
def frequency(
    shell: Shell,
    account: str,
    frequency: str | None,
    also_by: str | None,
    requested_by: int | None,
    actor: int,
) -> None:
    """The whole choice from now on."""
    with shell.bank() as bank:
        found = find_account(bank, account)
        ask = ChooseStatementFrequency(
            frequency=Frequency(frequency) if frequency else None,
            extra_medium=Medium(also_by) if also_by else None,
            requested_by=requested_by or found.holders[0],
        )
        channel = Channel.BRANCH if actor < 0 else Channel.REMOTE
        answer = bank.ask(ask, found.id, actor=actor, channel=channel)
        shell.finish(bank, answer, shell.say("Choix noté.", "Choice noted."))


@click.command("ask-information", cls=Command, help=say("Demander une information.", "Ask for information."))
@ACCOUNT
@click.argument("about", metavar=say("OBJET", "ABOUT"))
@click.option("--way", type=click.Choice([w.value for w in Way]), default=Way.BRANCH.value, show_default=True)
@click.option("--for", "requested_by", type=int, help=say("Titulaire qui demande.", "Holder who asks."))
@AS
@pass_shell
def ask_information(
    shell: Shell, account: str, about: str, way: str, requested_by: int | None, actor: int
) -> None:
    """`deposit-guarantee` is answered at once."""
    with shell.bank() as bank:
        found = find_account(bank, account)
        ask = RequestInformation(about=about, way=Way(way), requested_by=requested_by or found.holders[0])
        answer = bank.ask(ask, found.id, actor=actor, channel=_CHANNELS[Way(way)])
        shell.finish(
            bank, answer, shell.say("Demande notée.", "Request noted."), decided=bank.decided(answer)
        )


@click.command("give-information", cls=Command, help=say("Répondre à une demande.", "Answer a request."))
@ACCOUNT
@click.argument("request", type=int, metavar=say("DEMANDE", "REQUEST"))
@click.argument("how", metavar=say("RÉPONSE", "ANSWER"))
@AS
@pass_shell
def give_information(shell: Shell, account: str, request: int, how: str, actor: int) -> None:
    """A member of staff has answered."""
    with shell.bank() as bank:
        found = find_account(bank, account)
        answer = bank.ask(
            AnswerInformation(request=request, how=how), found.id, actor=actor, channel=Channel.BRANCH
        )
        shell.finish(bank, answer, shell.say("Réponse notée.", "Answer noted."))


@click.command(
    "print-statements",
    cls=Command,
    help=say("Relevés à imprimer et à poster.", "Statements to print and to post."),
)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), metavar=say("DOSSIER", "FOLDER"))
@click.option("--book", default=DEFAULT_BOOK, show_default=True)
@pass_shell
def print_command(shell: Shell, folder: Path, book: int) -> None:
    """One PDF each; each is noted as posted once its file is there."""
    with shell.bank() as bank:
        done = print_statements(bank, book, folder)
    if shell.as_json:
        shell.emit({"printed": [str(path) for path in done.files], "problems": done.problems})
    else:
        for path in done.files:
            shell.out.print(f"[green]✔[/green] {path}")
        for problem in done.problems:
            shell.err.print(f"[red]{problem}[/red]")
        if not done.files and not done.problems:
            shell.out.print(shell.say("Rien à imprimer.", "Nothing to print."))
    if done.problems:
        raise SystemExit(REFUSED)
