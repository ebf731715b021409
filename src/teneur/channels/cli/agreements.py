"""`agreement` and `clauses`: the terms with their clauses, and how far the code carries them."""

from collections.abc import Mapping
from typing import Any

import click
from rich.markup import escape

from teneur.agreements.agreement import Agreement, Agreements
from teneur.agreements.coverage import ClauseStanding, ParameterPlace, plain, standings, summary
from teneur.agreements.register import ClauseKind, Register
from teneur.agreements.values import written
from teneur.bank import shipped_agreements
from teneur.channels.cli.shell import Command, Group, Shell, Trouble, pass_shell
from teneur.channels.cli.texts import say
from teneur.kernel.money import Language

SOURCES: Mapping[str, tuple[str, str, str]] = {
    "document": ("document", "document", "green"),
    "reading": ("notre lecture", "our reading", "yellow"),
    "default": ("notre choix", "our default", "magenta"),
}


KINDS: Mapping[ClauseKind, tuple[str, str]] = {
    ClauseKind.AUTOMATIC: ("automatique", "automatic"),
    ClauseKind.WORKFLOW: ("suivie (une personne la remplit)", "workflow (a person carries it out)"),
    ClauseKind.DISCLOSURE: ("à faire connaître", "disclosure"),
}


@click.group(cls=Group, help=say("Les conventions.", "Agreements."))
def agreement() -> None:
    """Commands about agreements."""


@agreement.command("list", help=say("Les conventions connues.", "The agreements known."))
@pass_shell
def agreement_list(shell: Shell) -> None:
    """Each edition with its dates."""
    found = list(shipped_agreements())
    if shell.as_json:
        shell.emit({"agreements": [_brief(a) for a in found]})
        return
    table = shell.table(
        shell.say("Convention", "Agreement"),
        shell.say("Titre", "Title"),
        shell.say("Depuis le", "Since"),
        shell.say("Monnaie", "Currency"),
        "Zone",
    )
    for one in found:
        table.add_row(
            one.id,
            one.title(shell.language.value),
            shell.short_day(one.about.effective_from.value),
            one.currency,
            one.zone,
        )
    shell.out.print(table)


def _brief(one: Agreement) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": {"fr": one.title("fr"), "en": one.title("en")},
        "series": one.edition.series,
        "currency": one.currency,
        "zone": one.zone,
        "effective_from": one.about.effective_from.value,
        "effective_until": one.about.effective_until.value,
        "parameters": sum(1 for _ in one.parameters()),
    }


@agreement.command("show", help=say("Les paramètres d’une convention.", "The parameters of an agreement."))
@click.argument("name", metavar="ID")
@click.option("--area", help=say("Un domaine : transfers, cash, …", "One area: transfers, cash, …"))
@click.option(
    "--source", type=click.Choice(list(SOURCES)), help=say("D’une seule origine.", "Of one source.")
)
@click.option("--notes", is_flag=True, help=say("Avec les notes.", "With notes."))
@pass_shell
def agreement_show(shell: Shell, name: str, area: str | None, source: str | None, notes: bool) -> None:
    """Each value with its clauses and where it comes from."""
    one = _find(shipped_agreements(), name)
    if area is not None and area not in one.terms:
        raise Trouble(shell.say(f"Domaine inconnu : {area}.", f"Unknown area: {area}."), ", ".join(one.terms))
    rows = [
        (path, p)
        for path, p in one.parameters()
        if (area is None or path.partition(".")[0] == area) and (source is None or str(p.source) == source)
    ]
    if shell.as_json:
        shell.emit(
            {
                **_brief(one),
                "parameters": {
                    path: {
                        "value": _value(p.value),
                        "clauses": list(p.clauses),
                        "source": str(p.source),
                        "note": p.note,
                    }
                    for path, p in rows
                },
            }
        )
        return
    shell.out.print(f"[bold]{one.title(shell.language.value)}[/bold]")
    table = shell.table(
        shell.say("Paramètre", "Parameter"),
        shell.say("Valeur", "Value"),
        "Clauses",
        shell.say("Origine", "Source"),
    )
    for full, p in rows:
        path = full.partition(".")[2] if area else full
        french, english, colour = SOURCES[str(p.source)]
        value = _text(p.value)
        table.add_row(
            path,
            f"{value}\n[dim]{p.note}[/dim]" if notes and p.note else value,
            f"[cyan]{' '.join(p.clauses)}[/cyan]",
            f"[{colour}]{shell.say(french, english)}[/]",
        )
    shell.out.print(table)


def _find(agreements: Agreements, name: str) -> Agreement:
    if name not in agreements:
        known = ", ".join(a.id for a in agreements)
        raise Trouble(say(f"Convention inconnue : {name}.", f"Unknown agreement: {name}."), known)
    return agreements[name]


def _value(value: Any) -> Any:
    if isinstance(value, frozenset | set):
        return sorted(map(str, value))
    if isinstance(value, tuple):
        return [_value(v) for v in value]
    return value if isinstance(value, str | int | bool | None) else str(value)


def _text(value: Any) -> str:
    """A value of a parameter as people read it."""
    if value is None:
        return "—"
    if isinstance(value, bool):
        return say("oui", "yes") if value else say("non", "no")
    if isinstance(value, frozenset | set | tuple | list):
        texts = [_text(v) for v in value]
        return ", ".join(texts if isinstance(value, tuple | list) else sorted(texts))
    return written(value)


@click.command(
    cls=Command,
    help=say(
        "Les clauses, le code qui les porte, les tests qui les prouvent.",
        "Clauses, the code that carries them, the tests that prove them.",
    ),
)
@click.argument("clause", required=False, metavar="[ID]")
@click.option("--agreement", "source", help=say("Une seule source.", "One source only."))
@pass_shell
def clauses(shell: Shell, clause: str | None, source: str | None) -> None:
    """Without an id, counts; with one, all that is known of it."""
    register = Register.load()
    if source is not None and source not in register.agreements():
        known = ", ".join(register.agreements())
        raise Trouble(shell.say(f"Source inconnue : {source}.", f"Unknown source: {source}."), known)
    if clause is not None and clause not in register:
        near = ", ".join(register.near(clause))
        raise Trouble(shell.say(f"Clause inconnue : {clause}.", f"Unknown clause: {clause}."), near)
    every = standings(agreements=shipped_agreements())
    if clause is not None:
        if shell.as_json:
            shell.emit(plain(every[clause]))
        else:
            _show_clause(shell, every[clause])
        return
    counted = summary(every, source)
    if shell.as_json:
        shell.emit(counted)
        return
    _show_counts(shell, counted)


def _show_clause(shell: Shell, standing: ClauseStanding) -> None:
    one = standing.clause
    shell.out.print(
        f"[bold cyan]{one.id}[/bold cyan] [dim]{one.agreement} · {one.article} · {one.area}[/dim]"
    )
    shell.out.print(f"  {escape(one.sentence(shell.language))}\n")
    none = shell.say("aucun", "none")
    register = [("When", escape(one.trigger)), ("Effect", escape(one.effect))]
    if shell.language is Language.FRENCH:  # the register is kept in English
        told = [one.rule, one.trigger, one.effect] if one.french else [one.trigger, one.effect]
        register = [("Registre (anglais)", escape("\n".join(told)))]
    shell.facts(
        [
            (shell.say("Nature", "Kind"), shell.say(*KINDS[one.kind])),
            (shell.say("Loi", "Law"), ", ".join(one.law)),
            (
                shell.say("Code", "Code"),
                "\n".join(f"{f.function}\n[dim]{f.file}:{f.line}[/dim]" for f in standing.functions) or none,
            ),
            (
                shell.say("Paramètres", "Parameters"),
                "\n".join(_parameter(place) for place in standing.parameters),
            ),
            ("Tests", "\n".join(standing.tests) or none),
            (shell.say("En échec", "Failing"), "\n".join(standing.failing_tests)),
            *register,
        ]
    )


def _parameter(place: ParameterPlace) -> str:
    """A parameter with its value as people read it."""
    name, _, file = place.file.partition("/")
    path = f"{file.removesuffix('.toml')}.{place.path}"
    value = dict(shipped_agreements()[name].parameters())[path].value
    french, english, colour = SOURCES[place.source]
    return f"{name} {path} = [bold]{_text(value)}[/bold] [{colour}]({say(french, english)})[/]"


def _show_counts(shell: Shell, counted: Mapping[str, Any]) -> None:
    numbers = (shell.say("Règles", "Rules"), shell.say("Codées", "Coded"), shell.say("Testées", "Tested"))
    table = shell.table(shell.say("Source", "Source"), shell.say("Domaine", "Area"), *numbers, right=numbers)
    for source, found in counted["agreements"].items():
        totals = [0, 0, 0]
        for area, kinds in found["areas"].items():
            sums = [sum(k[n] for k in kinds.values()) for n in ("rules", "implemented", "tested")]
            totals = [a + b for a, b in zip(totals, sums, strict=True)]
            table.add_row("", area, *map(str, sums))
        table.add_row(
            f"[bold]{source}[/bold]",
            "[bold]Total[/bold]",
            *(f"[bold]{n}[/bold]" for n in totals),
            end_section=True,
        )
    shell.out.print(table)
