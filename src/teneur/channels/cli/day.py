"""`day`: let days pass, and see what one brought."""

from datetime import date, timedelta

import click
from rich.markup import escape

from teneur.bank import Bank
from teneur.channels.cli.inputs import DAY
from teneur.channels.cli.setup import FIRST_ZONE
from teneur.channels.cli.shell import TROUBLE, Group, Shell, Trouble, pass_shell
from teneur.channels.cli.texts import say
from teneur.channels.day.job import advance, days_to_work_off, done_on, done_on_day
from teneur.channels.day.report import DayReport
from teneur.channels.day.series import NotSimulated, Series, make_up, series_to
from teneur.channels.day.texts import task_name
from teneur.channels.explain_texts import reason_text, title
from teneur.kernel.calendars import LAST_DAY
from teneur.kernel.clock import SimulatedClock, business_date, zone
from teneur.kernel.commands import Outcome


@click.group(cls=Group, help=say("La journée de la banque.", "The bank’s day."))
def day() -> None:
    """Commands about the bank's day."""


@day.command(
    "advance",
    help=say(
        "Faire passer les jours : échéances, intérêts, frais, relevés, avis.",
        "Let days pass: due orders, interest, fees, statements, notices.",
    ),
)
@click.option(
    "--to", "to", type=DAY, help=say("Jusqu’à ce jour ; demain sinon.", "Up to that day; else tomorrow.")
)
@click.option(
    "--synthetic-by",
    "actor",
    type=int,
    metavar=say("NUMÉRO", "ID"),
    help=say(
        "Simulation : ce membre du personnel prolonge les taux de référence par des valeurs inventées.",
        "Simulation: that member of staff lets reference rates go on with made-up values.",
    ),
)
@pass_shell
def day_advance(shell: Shell, to: date | None, actor: int | None) -> None:
    """Restartable: whatever was done is not done again."""
    with shell.bank() as bank:
        today = business_date(bank.clock.now(), zone(FIRST_ZONE))
        simulated = isinstance(bank.clock, SimulatedClock)
        target = to or (today + timedelta(days=1) if simulated else today)
        if target < today:
            raise Trouble(shell.say(f"Nous sommes le {shell.day(today)}.", f"Today is {shell.day(today)}."))
        if target > LAST_DAY:
            last = shell.day(LAST_DAY)
            raise Trouble(shell.say(f"Les calendriers vont au {last}.", f"Calendars go to {last}."))
        if actor is not None:
            _make_up(shell, bank, target, actor)
        series = series_to(bank, target)
        if simulated:
            _tell_series(shell, series)
        report = _advance(shell, bank, target)
        now = bank.clock.now()
    if shell.as_json:
        shell.emit({"now": now, "report": report, "series": series})
    else:
        show_report(shell, report)
    if report.problems:
        raise SystemExit(TROUBLE)


def _advance(shell: Shell, bank: Bank, target: date) -> DayReport:
    """With a bar that counts days and names the task at work."""
    with shell.progress(shell.say("La banque travaille", "The bank is at work")) as bar:
        (shown,) = bar.task_ids
        bar.update(shown, total=days_to_work_off(bank, target))

        def tell(what: str, count: int) -> None:
            if what == "day":
                bar.advance(shown, count)
            elif count:
                bar.update(shown, description=f"{task_name(what, shell.language)} ({count})")

        return advance(bank, target, tell)


def _make_up(shell: Shell, bank: Bank, target: date, actor: int) -> None:
    try:
        answers = make_up(bank, target, actor)
    except NotSimulated:
        raise Trouble(
            shell.say(
                "L’horloge de cette banque est la vraie : aucune valeur n’est inventée.",
                "This bank’s clock is the real one: no values are made up.",
            )
        ) from None
    for answer in answers:
        if answer.outcome is not Outcome.ACCEPTED:
            raise Trouble(reason_text(answer.reason, {}, shell.language))


def _tell_series(shell: Shell, series: Series) -> None:
    """Once: where real series end, what is made up, and what has no value at all."""
    for rate in series.made_up:
        since = f" ({shell.short_day(rate.real_to)})" if rate.real_to else ""
        text = shell.say(
            f"{rate.name} : valeurs inventées après la dernière vraie{since}.",
            f"{rate.name}: made-up values after the last real one{since}.",
        )
        shell.note(f"[yellow]{escape(text)}[/yellow]")
    for rate in series.missing:
        last = shell.short_day(rate.last_day)
        text = shell.say(
            f"{rate.name} : aucune valeur après le {last} (--synthetic-by en invente).",
            f"{rate.name}: no value after {last} (--synthetic-by makes them up).",
        )
        shell.note(f"[yellow]{escape(text)}[/yellow]")
    if series.without_usury:
        last = shell.short_day(series.usury_to)
        text = shell.say(
            f"Seuils de l’usure publiés jusqu’au {last} : ensuite, aucun taux n’y est comparé.",
            f"Usury thresholds are published to {last}: after that, no rate is compared with one.",
        )
        shell.note(f"[yellow]{escape(text)}[/yellow]")


def show_report(shell: Shell, report: DayReport) -> None:
    """What the days brought."""
    days = sorted({d for _, d in report.days})
    if days:
        first, last = shell.day(days[0]), shell.day(days[-1])
        shell.out.print(shell.say(f"Du {first} au {last} :", f"{first} to {last}:"))
    rows = [
        (shell.say("Virements exécutés", "Transfers executed"), len(report.executed)),
        (shell.say("Virements refusés à l’échéance", "Transfers refused when due"), len(report.refused)),
        (shell.say("Sommes libérées", "Holds released"), report.released_holds),
        *((task_name(task, shell.language), count) for task, count in report.done.items()),
        (shell.say("Relevés émis", "Statements issued"), len(report.statements)),
        (shell.say("Instantanés sans réponse", "Instant without answer"), len(report.late_instant)),
    ]
    shell.facts(
        [(name, str(count)) for name, count in rows if count]
        or [(shell.say("Rien à faire.", "Nothing due."), " ")]
    )
    for book, position, reason in report.refused:
        text = reason_text(reason, {}, shell.language)
        shell.out.print(f"  [red]✘[/red] {book}/{position} : {text}")
    for problem in report.problems:
        shell.err.print(f"[red]{escape(problem)}[/red]")


@day.command("show", help=say("Ce que la banque a fait un jour.", "What the bank did on a day."))
@click.argument("of", type=DAY, metavar=say("JOUR", "DAY"))
@click.option("--book", default=1, show_default=True)
@pass_shell
def day_show(shell: Shell, of: date, book: int) -> None:
    """From the journal: by kind of command, what the bank asked of itself."""
    with shell.bank() as bank:
        ends = done_on(bank, book)
        found = done_on_day(bank, book, of)
    if shell.as_json:
        kinds = [{"kind": k, "outcome": o.name.lower(), "count": n} for k, o, n in found]
        shell.emit({"day": of, "done": {where: last >= of for where, last in ends.items()}, "kinds": kinds})
        return
    shell.out.print(f"[bold]{shell.day(of)}[/bold]")
    for where, last in sorted(ends.items()):
        mark = "[green]✔[/green]" if last >= of else "…"
        shell.out.print(f"{mark} {where}")
    refused = f" ({shell.say('refusé', 'refused')})"
    rows = [
        (title(kind, {}, shell.language) + refused * (outcome is Outcome.REFUSED), str(count))
        for kind, outcome, count in found
    ]
    shell.facts(rows or [(shell.say("Rien.", "Nothing."), " ")])
