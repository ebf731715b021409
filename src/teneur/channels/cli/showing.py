"""How explanations, clauses and duties look on a terminal."""

from rich.markup import escape
from rich.table import Table

from teneur.channels.cli.shell import Shell
from teneur.channels.explain import ClauseNote, Explanation

_MARKS = {"accepted": ("✔", "green"), "refused": ("✘", "red"), "pending": ("…", "yellow")}


def show_explanation(shell: Shell, told: Explanation, *, short: bool = False) -> None:
    """The whole story; short: what became of it, and for a refusal its clauses."""
    mark, colour = _MARKS[told.outcome]
    when = shell.moment(told.received_at, told.zone)
    shell.out.print(
        f"[{colour}]{mark}[/] [bold]{escape(told.title)}[/bold] [dim]{told.operation} · {when} · "
        f"{told.channel}[/dim]"
    )
    shell.out.print(f"  [{colour}]{escape(told.sentence)}[/]")
    if told.correction:
        shell.out.print(f"  {escape(told.correction)}")
    if short:
        if told.outcome == "refused":
            show_clauses(shell, told.clauses, indent=2)
        hint = shell.say("Tout savoir :", "The whole story:")
        shell.out.print(f"  [dim]{hint} teneur explain {told.operation}[/dim]")
        return
    shell.facts(
        [
            (shell.say("Compte", "Account"), escape(told.account)),
            (shell.say("Demandé par", "Asked by"), escape(told.actor)),
            (shell.say("Convention", "Agreement"), told.agreement),
            (shell.say("Où en est l’ordre", "How the order stands"), told.order_status),
            (shell.say("Contre-passée par", "Reversed by"), told.reversed_by),
        ]
    )
    _show_steps(shell, told)
    _show_entries(shell, told)
    _show_duties(shell, told)
    _show_follow_ups(shell, told)


def show_clauses(
    shell: Shell, clauses: tuple[ClauseNote, ...], indent: int = 0, *, dim: bool = False
) -> None:
    """Clause ids with their article and text in short."""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(style="cyan", no_wrap=True, min_width=16)
    table.add_column(overflow="fold", style="dim" if dim else "")
    for clause in clauses:
        table.add_row(" " * max(indent - 1, 0), clause.id, escape(clause.rule))
    shell.out.print(table)


def _show_steps(shell: Shell, told: Explanation) -> None:
    if not told.steps:
        return
    by_id = {clause.id: clause for clause in told.clauses}
    shell.out.print(f"\n[bold]{shell.say('Pas à pas', 'Step by step')}[/bold]")
    for step in told.steps:
        text = f"{shell.say(' :', ':')} {escape(step.text)}" if step.text else ""
        shell.out.print(f"• [bold]{escape(step.title)}[/bold]{text}")
        show_clauses(shell, tuple(by_id[clause] for clause in step.clauses), indent=2, dim=True)


def _show_entries(shell: Shell, told: Explanation) -> None:
    if not told.entries:
        return
    amount = shell.say("Montant", "Amount")
    shell.out.print(f"\n[bold]{shell.say('Écritures', 'Entries')}[/bold]")
    table = shell.table(
        shell.say("Débit", "Debit"),
        shell.say("Crédit", "Credit"),
        amount,
        shell.say("Comptabilisé", "Booked"),
        shell.say("Valeur", "Value"),
        right=(amount,),
    )
    for entry in told.entries:
        values = shell.short_day(entry.debit_value_on)
        if entry.credit_value_on != entry.debit_value_on:
            values += f" / {shell.short_day(entry.credit_value_on)}"
        table.add_row(
            escape(entry.debit), escape(entry.credit), entry.amount, shell.short_day(entry.booked_on), values
        )
    shell.out.print(table)


def _show_duties(shell: Shell, told: Explanation) -> None:
    if not told.duties:
        return
    shell.out.print(f"\n[bold]{shell.say('Obligations de la banque', 'The bank’s duties')}[/bold]")
    table = shell.table(
        shell.say("Quoi", "What"),
        shell.say("Au plus tard", "At the latest"),
        shell.say("Clause", "Clause"),
        shell.say("Faite", "Done"),
    )
    for duty in told.duties:
        due = shell.moment(duty.due_at, told.zone) if duty.due_at else ""
        done = shell.moment(duty.discharged_at, told.zone) if duty.discharged_at else "—"
        table.add_row(duty.name, due, f"[cyan]{duty.clause}[/cyan]", done)
    shell.out.print(table)


def _show_follow_ups(shell: Shell, told: Explanation) -> None:
    if not told.follow_ups:
        return
    shell.out.print(f"\n[bold]{shell.say('Ensuite', 'Then')}[/bold]")
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for later in told.follow_ups:
        _, colour = _MARKS[later.outcome]
        table.add_row(
            later.operation,
            shell.moment(later.at, told.zone),
            later.title,
            f"[{colour}]{escape(later.sentence)}[/]",
        )
    shell.out.print(table)
