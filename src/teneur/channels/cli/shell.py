"""What every command shares: options, output for people or as JSON, the open bank, exit codes.

Exit codes: 0 done (or pending), 1 refused, 2 wrong use or bad input, 3 trouble of machine or database.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any

import click
import msgspec
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from teneur.bank import Bank
from teneur.channels import explain_texts
from teneur.channels.cli.texts import LANGUAGE, language_of, say
from teneur.channels.settings import NotSetUp, open_bank
from teneur.documents.wording import long_date, short_date
from teneur.kernel.clock import zone
from teneur.kernel.commands import Answer, Outcome
from teneur.kernel.money import Language, Money, currency, display
from teneur.storage.database import Dsn, resolve
from teneur.storage.embedded import EmbeddedServer

DONE, REFUSED, BAD_INPUT, TROUBLE = 0, 1, 2, 3
COLOURS = {Outcome.ACCEPTED: "green", Outcome.REFUSED: "red", Outcome.PENDING: "yellow"}


class Trouble(click.ClickException):
    """An error for people: what is wrong, and what to do."""

    def __init__(self, what: str, remedy: str = "", code: int = BAD_INPUT) -> None:
        super().__init__(what)
        self.remedy = remedy
        self.code = code


class Shell:
    """One run of the program: its language, where its data are, how it writes."""

    def __init__(self) -> None:
        self.language = LANGUAGE
        self.as_json = False
        self.data: Path | None = None
        self.out = Console(highlight=False, soft_wrap=False)
        self.err = Console(stderr=True, highlight=False)

    # the bank

    def dsn(self) -> Dsn:
        """The database: in the data folder given, or where the environment says."""
        if self.data is None or os.environ.get("TENEUR_DATABASE_URL"):
            return resolve()
        server = EmbeddedServer(self.data).start()
        return Dsn(server.app_url, server.owner_url, server=server)

    @contextmanager
    def bank(self) -> Iterator[Bank]:
        """The bank, open for the time of a command."""
        with self.dsn() as dsn:
            try:
                opened = open_bank(dsn)
            except NotSetUp:
                raise Trouble(
                    self.say("Aucune banque n’est encore prête ici.", "No bank is set up here yet."),
                    self.say("lancez d’abord : teneur init", "run first: teneur init"),
                    TROUBLE,
                ) from None
            with opened:
                yield opened

    # words

    def say(self, french: str, english: str) -> str:
        """The text in the language of this run."""
        return say(french, english, self.language)

    def money(self, minor: int, code: str) -> str:
        """An amount as people read it."""
        return display(Money(minor, currency(code)), self.language)

    def day(self, of: date) -> str:
        """A date in full."""
        return long_date(of, self.language)

    def short_day(self, of: date) -> str:
        """A date for a column."""
        return short_date(of, self.language)

    def moment(self, at: datetime, where: str) -> str:
        """A local date and time, for a column."""
        local = at.astimezone(zone(where))
        return f"{short_date(local.date(), self.language)} {local:%H:%M}"

    def reason(self, reason: str, detail: Mapping[str, Any] | None = None) -> str:
        """A reason of refusal in a sentence."""
        values = {k: str(v) for k, v in (detail or {}).items()}
        text = explain_texts.reason_text(reason, values, self.language)
        return f"{text[:1].upper()}{text[1:]}"

    # output

    def emit(self, value: Any) -> None:
        """Print a value as JSON, if JSON is asked for."""
        if self.as_json:
            click.echo(msgspec.json.format(msgspec.json.encode(value, enc_hook=_plain), indent=2).decode())

    def note(self, text: str) -> None:
        """A line for people, on stderr."""
        if not self.as_json:
            self.err.print(text)

    def agrees(self, question: str) -> bool:
        """Whether the person at the terminal says yes."""
        said = click.prompt(
            f"{question} [{self.say('o/N', 'y/N')}]", default="", show_default=False, err=True
        )
        return said.strip().lower() in {"o", "oui", "y", "yes"}

    def table(self, *columns: str, title: str = "", right: Sequence[str] = ()) -> Table:
        """An empty table in the house style."""
        table = Table(title=title or None, title_justify="left", title_style="bold", box=None, pad_edge=False)
        for column in columns:
            table.add_column(
                column, header_style="dim", justify="right" if column in right else "left", overflow="fold"
            )
        return table

    def facts(self, rows: Sequence[tuple[str, str]], title: str = "") -> None:
        """Names and values, a fact a line."""
        table = Table(
            title=title or None,
            title_justify="left",
            title_style="bold",
            box=None,
            show_header=False,
            pad_edge=False,
        )
        table.add_column(style="dim", no_wrap=True)
        table.add_column(overflow="fold")
        for name, value in rows:
            if value:
                table.add_row(name, value)
        self.out.print(table)

    @contextmanager
    def progress(self, what: str) -> Iterator[Progress]:
        """A bar on stderr while long work runs."""
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed}"),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=self.err, transient=True, disable=self.as_json) as bar:
            bar.add_task(what, total=None)
            yield bar

    # answers

    def answered(self, bank: Bank, answer: Answer, **more: Any) -> dict[str, Any]:
        """An answer as plain values."""
        record = bank.record(answer)
        return {
            "outcome": answer.outcome.name.lower(),
            "reason": answer.reason,
            "sentence": self.reason(answer.reason, record["decided"]) if answer.reason else "",
            "operation": f"{answer.book}/{answer.position}",
            "citations": list(answer.citations),
            "replayed": answer.replayed,
            "decided": record["decided"],
            **more,
        }

    def finish(self, bank: Bank, answer: Answer, done: str, **more: Any) -> None:
        """Show an answer, and end with exit code 1 if it is a refusal."""
        values = self.answered(bank, answer, **more)
        if self.as_json:
            self.emit(values)
        elif answer.outcome is Outcome.REFUSED:
            self.err.print(f"[red]{self.say('Refusé :', 'Refused:')}[/red] {escape(values['sentence'])}")
            self.citations(answer.citations)
        else:
            mark = "[green]✔[/green]" if answer.outcome is Outcome.ACCEPTED else "[yellow]…[/yellow]"
            self.out.print(f"{mark} {escape(done)}", soft_wrap=True)
            operation = self.say("opération", "operation")
            self.out.print(f"  [dim]{operation} {values['operation']}[/dim]")
        if answer.outcome is Outcome.REFUSED:
            raise SystemExit(REFUSED)

    def citations(self, citations: Sequence[str]) -> None:
        """The clauses of a refusal, in short, on stderr."""
        from teneur.channels.explain import clause_note  # noqa: PLC0415 (only when something is refused)

        for clause in citations:
            rule = escape(clause_note(clause, self.language).rule)
            self.err.print(f"  [cyan]{clause}[/cyan] {rule}", highlight=False)


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, bytes):
        return value.hex()
    raise NotImplementedError(type(value).__name__)


def _set_json(context: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value:
        context.ensure_object(Shell).as_json = True


def _set_language(context: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    if value:
        context.ensure_object(Shell).language = language_of(value)


def _set_data(context: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    if value:
        context.ensure_object(Shell).data = Path(value)


def shared_options() -> list[click.Parameter]:
    """Options that every command takes, before or after its name."""
    return [
        click.Option(
            ["--json"],
            is_flag=True,
            expose_value=False,
            callback=_set_json,
            is_eager=True,
            help=say("Écrire du JSON.", "Write JSON."),
        ),
        click.Option(
            ["--lang"],
            type=click.Choice([c.value for c in Language]),
            expose_value=False,
            callback=_set_language,
            is_eager=True,
            help=say("Langue.", "Language."),
        ),
        click.Option(
            ["--data"],
            type=click.Path(file_okay=False),
            expose_value=False,
            callback=_set_data,
            is_eager=True,
            help=say("Dossier des données.", "Data folder."),
        ),
    ]


class Command(click.Command):
    """A command with the shared options."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params += shared_options()


class Group(click.Group):
    """A group of such commands."""

    command_class = Command
    group_class = type

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params += shared_options()


pass_shell = click.make_pass_decorator(Shell, ensure=True)
