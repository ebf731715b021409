"""How the demonstration speaks: chapters, rows, refusals with their clause."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table

from teneur.bank import Bank
from teneur.channels.explain import clause_note, explain
from teneur.documents.wording import long_date
from teneur.kernel.clock import zone
from teneur.kernel.commands import Answer, Outcome
from teneur.kernel.money import Language, Money, currency, display

PARIS, NOUMEA = "Europe/Paris", "Pacific/Noumea"
_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_MARKS = {Outcome.ACCEPTED: "[green]✔[/]", Outcome.REFUSED: "[red]✘[/]", Outcome.PENDING: "[yellow]…[/]"}
_COLOURS = {Outcome.ACCEPTED: "green", Outcome.REFUSED: "red", Outcome.PENDING: "yellow"}
LONGEST_RULE = 230  # characters of a clause's text


class Stage:
    """Where it is told, and what was told: refusals are counted for the end."""

    def __init__(self, console: Console, bank: Bank) -> None:
        self.console = console
        self.bank = bank
        self.refusals = 0
        self.clauses: set[str] = set()
        self.operations = 0

    def chapter(self, where: str, title: str) -> None:
        """A new chapter begins at the bank's present time, as it is in a place."""
        at = self.bank.clock.now().astimezone(zone(where))
        day = f"{_DAYS[at.weekday()]} {long_date(at.date(), Language.FRENCH)}"
        town = where.rpartition("/")[2].replace("Noumea", "Nouméa")
        self.console.print()
        self.console.print(
            Rule(f"[bold]{day}, {at.hour} h {at:%M} à {town}[/bold]", align="left", style="blue")
        )
        self.console.print(f"[blue]{title}[/blue]\n")

    def say(self, text: str) -> None:
        """A line of the story."""
        self.console.print(text)

    def did(self, what: str, answer: Answer, note: str = "") -> Answer:
        """What someone asked and what the bank answered; a refusal with its clause and its text."""
        told = explain(self.bank, answer.book, answer.position)
        sentence = told.sentence if told else ""
        colour = _COLOURS[answer.outcome]
        self.operations += 1
        self.clauses.update(answer.citations)
        self.console.print(f"{_MARKS[answer.outcome]} {what} [dim]({answer.book}/{answer.position})[/dim]")
        shown = sentence if answer.outcome is Outcome.REFUSED else note or sentence
        self._indented(f"[{colour}]{escape(shown)}[/]")
        if answer.outcome is Outcome.REFUSED:
            self.refused(answer.citations)
        return answer

    def cited(self, clauses: Sequence[str]) -> None:
        """The clause behind something, with its text."""
        self.clauses.update(clauses)
        self._clause(clauses)

    def refused(self, citations: Sequence[str]) -> None:
        """The clause of a refusal, which the caller has told."""
        self.refusals += 1
        self.clauses.update(citations)
        self._clause(citations)

    def _clause(self, citations: Sequence[str]) -> None:
        """The clause that says most: of a refusal, the rule itself comes after its general ground."""
        chosen = list(citations[1:2] or citations[:1])
        for clause in chosen:
            rule = clause_note(clause).rule
            short = rule if len(rule) <= LONGEST_RULE else rule[: LONGEST_RULE - 1].rsplit(" ", 1)[0] + "…"
            self._indented(f"[cyan]{clause}[/cyan] [dim]{escape(short)}[/dim]")

    def _indented(self, text: str) -> None:
        self.console.print(Padding(text, (0, 0, 0, 2)))

    def money(self, minor: int, code: str) -> str:
        """An amount as people read it."""
        return display(Money(minor, currency(code)))

    def table(self, *columns: str, right: Sequence[str] = ()) -> Table:
        """An empty table."""
        table = Table(box=None, pad_edge=False, header_style="dim")
        for column in columns:
            table.add_column(column, justify="right" if column in right else "left", overflow="fold")
        return table
