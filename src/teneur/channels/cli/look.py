"""`obligations`, `explain`, `trial-balance`, `verify-books`."""

from datetime import datetime, timedelta
from typing import Any

import click
from rich.markup import escape

from teneur.channels.cli.inputs import OPERATION, find_account
from teneur.channels.cli.setup import FIRST_ZONE
from teneur.channels.cli.shell import REFUSED, TROUBLE, Command, Shell, Trouble, pass_shell
from teneur.channels.cli.showing import show_explanation
from teneur.channels.cli.texts import say
from teneur.channels.explain import explain
from teneur.kernel.clock import business_date, end_of_day, zone
from teneur.kernel.commands import book_of, number_of
from teneur.ledger.account import load_accounts
from teneur.ledger.check import check
from teneur.ledger.reading import heads, trial_balance
from teneur.obligations.facts import Obligation
from teneur.obligations.reading import due, of_account, open_as_of, overdue
from teneur.obligations.texts import name as duty_name


@click.command(
    cls=Command, help=say("Ce que la banque doit, à qui, pour quand.", "What is owed to whom by when.")
)
@click.option(
    "--due", "only", flag_value="due", help=say("À faire d’ici la fin du jour suivant.", "Due by tomorrow.")
)
@click.option("--overdue", "only", flag_value="overdue", help=say("En retard.", "Late."))
@click.option("--account", help=say("D’un compte, faites ou non.", "Of an account, done or not."))
@click.option("--kind", help=say("D’une seule sorte (code).", "Of one kind (code)."))
@click.option("--book", default=1, show_default=True)
@pass_shell
def obligations(shell: Shell, only: str | None, account: str | None, kind: str | None, book: int) -> None:
    """Open duties, the most urgent first; of an account all, in the order in which they arose."""
    with shell.bank() as bank:
        now = bank.clock.now()
        of = find_account(bank, account) if account else None
        with bank.read() as connection:
            if of is not None:
                found = [o for o in of_account(connection, of.id) if _is_asked(o, only, now)]
            elif only == "due":
                found = due(connection, book, _end_of_tomorrow(now))
            elif only == "overdue":
                found = overdue(connection, book, now)
            else:
                found = open_as_of(connection, book, now)
            found = [o for o in found if kind in (None, o.kind)]
            accounts = load_accounts(connection, list({o.account for o in found}))
        zones = {a.id: bank.terms_for(a, now.date()).agreement.zone for a in accounts.values() if a.contract}
    if shell.as_json:
        shell.emit({"obligations": [_plain(o) for o in found]})
        return
    table = shell.table(
        shell.say("Au plus tard", "At the latest"),
        shell.say("Quoi", "What"),
        shell.say("Compte", "Account"),
        shell.say("À propos de", "About"),
        "Clause",
        shell.say("Faite par", "Done by"),
    )
    for duty in found:
        late = duty.is_overdue(now)
        when = shell.moment(duty.due_at, zones.get(duty.account, FIRST_ZONE)) if duty.due_at else "—"
        owner = accounts.get(duty.account)
        table.add_row(
            f"[red]{when}[/red]" if late else when,
            duty_name(duty.kind, shell.language),
            owner.iban if owner else "",
            duty.about,
            f"[cyan]{duty.clause}[/cyan]",
            escape(duty.discharged_by or ""),
        )
    shell.out.print(table if found else shell.say("Rien n’est dû.", "Nothing is owed."))


def _end_of_tomorrow(now: datetime) -> datetime:
    where = zone(FIRST_ZONE)
    return end_of_day(business_date(now, where) + timedelta(days=1), where)


def _is_asked(duty: Obligation, only: str | None, now: datetime) -> bool:
    """Whether a duty of an account is among those asked for: all, those due by tomorrow, those late."""
    if only is None:
        return True
    soon = duty.due_at is not None and duty.due_at <= _end_of_tomorrow(now)
    return duty.is_overdue(now) if only == "overdue" else duty.is_open(now) and soon


def _plain(duty: Obligation) -> dict[str, Any]:
    return {
        "account": f"{book_of(duty.account)}/{number_of(duty.account)}",
        "kind": duty.kind,
        "about": duty.about,
        "clause": duty.clause,
        "debtor": duty.debtor,
        "starts_at": duty.starts_at,
        "due_at": duty.due_at,
        "discharged_at": duty.discharged_at,
        "discharged_by": duty.discharged_by,
    }


@click.command(
    "explain",
    cls=Command,
    help=say(
        "Raconter une opération, avec ses clauses.", "Tell what happened to an operation, with its clauses."
    ),
)
@click.argument("operation", type=OPERATION, metavar=say("OPÉRATION", "OPERATION"))
@pass_shell
def explain_command(shell: Shell, operation: tuple[int, int]) -> None:
    """Each step with its clause, entries, duties, what came after."""
    with shell.bank() as bank:
        told = explain(bank, *operation, shell.language)
    if told is None:
        book, position = operation
        raise Trouble(shell.say(f"Pas d’opération {book}/{position}.", f"No operation {book}/{position}."))
    if shell.as_json:
        shell.emit(told)
        return
    show_explanation(shell, told)


@click.command(
    "trial-balance",
    cls=Command,
    help=say("Balance générale : la somme est nulle.", "Trial balance: the sum is zero."),
)
@click.option("--as-of", type=OPERATION, help=say("À cette position (1/42).", "As of that position (1/42)."))
@click.option(
    "--all", "every", is_flag=True, help=say("Tous les comptes, clients compris.", "Every account.")
)
@pass_shell
def trial_balance_command(shell: Shell, as_of: tuple[int, int] | None, every: bool) -> None:
    """By a cut of the journal."""
    with shell.bank() as bank, bank.read() as connection:
        cut = {as_of[0]: as_of[1]} if as_of else {b: p for b, p in heads(connection).items() if b}
        balance = trial_balance(connection, cut)
    if shell.as_json:
        shell.emit(
            {
                "cut": balance.cut,
                "balanced": balance.balanced,
                "totals_minor": balance.totals_minor,
                "lines": [
                    {
                        "account": f"{book_of(line.account)}/{number_of(line.account)}",
                        "label": line.label,
                        "kind": line.kind.name.lower(),
                        "currency": line.currency,
                        "balance_minor": line.balance_minor,
                    }
                    for line in balance.lines
                ],
            }
        )
    else:
        _show_trial_balance(shell, balance, every)
    if not balance.balanced:
        raise SystemExit(TROUBLE)


def _show_trial_balance(shell: Shell, balance: Any, every: bool) -> None:
    amount = shell.say("Solde", "Balance")
    table = shell.table(shell.say("Compte", "Account"), amount, right=(amount,))
    customers: dict[str, int] = {}
    for line in balance.lines:
        if line.kind.name != "OWN" and not every:
            customers[line.currency] = customers.get(line.currency, 0) + line.balance_minor
        elif line.balance_minor:
            label = line.label or f"{book_of(line.account)}/{number_of(line.account)}"
            table.add_row(f"{label} ({line.currency})", shell.money(line.balance_minor, line.currency))
    for code, total in sorted(customers.items()):
        table.add_row(
            shell.say(f"Comptes des clients ({code})", f"Customers’ accounts ({code})"),
            shell.money(total, code),
        )
    for code, total in sorted(balance.totals_minor.items()):
        colour = "red" if total else "green"
        table.add_row(f"[bold]Total ({code})[/bold]", f"[bold {colour}]{shell.money(total, code)}[/]")
    shell.out.print(table)


@click.command(
    "verify-books",
    cls=Command,
    help=say("Vérifier les livres, ligne par ligne.", "Check the books, row by row."),
)
@pass_shell
def verify_books(shell: Shell) -> None:
    """Positions, keys, leaves, sequences, balances, holds, mirrors."""
    with shell.bank() as bank, bank.connect() as connection:
        rows = sum(heads(connection).values())
        with bank.connect() as fresh, shell.progress(shell.say("Vérification", "Checking")):
            faults = check(fresh)
    if shell.as_json:
        shell.emit({"rows": rows, "faults": faults})
    elif faults:
        for fault in faults:
            shell.err.print(f"[red]✘[/red] {fault.invariant} (livre {fault.book}) : {fault.what}")
    else:
        shell.out.print(
            shell.say(
                f"[green]✔[/green] {rows} lignes vérifiées : tout est juste.",
                f"[green]✔[/green] {rows} rows checked: all is right.",
            )
        )
    if faults:
        raise SystemExit(REFUSED)
