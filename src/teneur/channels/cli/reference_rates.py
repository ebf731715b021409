"""`interest index`: reference rates, their values, their end and what takes their place."""

import csv
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import click
from rich.markup import escape

from teneur.agreements.terms.interest import Designator, IndexEnd
from teneur.bank import Bank
from teneur.channels.cli.inputs import DAY, find_account
from teneur.channels.cli.shell import Group, Shell, Trouble, pass_shell
from teneur.channels.cli.texts import say
from teneur.customers.decisions import REGISTER
from teneur.kernel.commands import Channel
from teneur.ledger.account import Account
from teneur.pricing.interest import texts
from teneur.pricing.interest.commands import (
    EndReferenceRate,
    LoadReferenceRate,
    ModifyReferenceRate,
    ObjectToRate,
    SubstituteReferenceRate,
)
from teneur.pricing.interest.facts import load_indexes, load_rate_notices
from teneur.pricing.interest.rules.index import Designation

ACCOUNT = click.argument("account", metavar=say("COMPTE", "ACCOUNT"))
AS = click.option(
    "--as", "actor", type=int, required=True, help=say("Qui demande (numéro).", "Who asks (id).")
)


class Percent(click.ParamType[Decimal]):
    """14,5 or 14.5."""

    name = "percent"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        """The number; a usage error if it is none."""
        try:
            found = value if isinstance(value, Decimal) else Decimal(value.replace(",", ".", 1))
        except InvalidOperation:
            found = Decimal("NaN")
        if not found.is_finite():
            self.fail(f"{value!r} : {say('attendu : 14,5', 'expected 14.5')}", param, ctx)
        return found


PERCENT = Percent()


@click.group("index", cls=Group, help=say("Les taux de référence.", "Reference rates."))
def index() -> None:
    """Commands about reference rates."""


@index.command("load", help=say("Charger un fichier jour,taux.", "Load a file of day,percent."))
@click.argument("name")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", required=True, help=say("D’où viennent les valeurs.", "Where they come from."))
@click.option("--synthetic", is_flag=True, help=say("Valeurs inventées.", "Made up, no real figures."))
@AS
@pass_shell
def index_load(shell: Shell, name: str, file: Path, source: str, synthetic: bool, actor: int) -> None:
    """One value a line: 2026-05-04,1.934"""
    values = []
    for number, row in enumerate(csv.reader(file.read_text("utf-8").splitlines()), 1):
        try:
            values.append((date.fromisoformat(row[0]), Decimal(row[1])))
        except (IndexError, ValueError, InvalidOperation):
            raise Trouble(
                f"{file}, {shell.say('ligne', 'line')} {number} : {row}", "2026-05-04,1.934"
            ) from None
    ask = LoadReferenceRate(name=name, values=tuple(values), source=source, synthetic=synthetic)
    with shell.bank() as bank:
        answer = bank.ask(ask, REGISTER, actor=actor)
        done = shell.say(
            f"{len(values)} valeurs de {name} chargées.", f"{len(values)} values of {name} loaded."
        )
        shell.finish(bank, answer, done)


@index.command("show", help=say("Un taux de référence et son histoire.", "A reference rate and its story."))
@click.argument("name")
@pass_shell
def index_show(shell: Shell, name: str) -> None:
    """The last values, and what happened to it."""
    with shell.bank() as bank, bank.read() as connection:
        history = load_indexes(connection, [name]).get(name)
    if history is None:
        raise Trouble(
            shell.say(f"Aucune valeur de {name}.", f"No value of {name}."), "teneur interest index load"
        )
    shell.emit({"history": history})
    if shell.as_json:
        return
    made_up = shell.say(" (valeurs inventées)", " (made up)") if history.synthetic else ""
    shell.out.print(f"[bold]{escape(name)}[/bold]{made_up}")
    for day, percent in history.values[-10:]:
        shell.out.print(f"  {shell.short_day(day)}  {texts.decimal(percent, shell.language)} %")
    for event in history.events:
        shell.out.print(f"  {escape(texts.event(event, shell.language))}")


@index.command("modify", help=say("Noter une modification.", "Note a modification."))
@click.argument("name")
@click.argument("day", type=DAY)
@click.argument("what")
@AS
@pass_shell
def index_modify(shell: Shell, name: str, day: date, what: str, actor: int) -> None:
    """The index stays the reference."""
    _on_rate(shell, ModifyReferenceRate(name=name, day=day, what=what), actor)


@index.command("end", help=say("Noter la disparition d’un taux.", "Note the end of a rate."))
@click.argument("name")
@click.argument("day", type=DAY)
@click.option("--by", required=True, help=say("Qui l’annonce.", "Who announces it."))
@click.option(
    "--unlawful", is_flag=True, help=say("La loi interdit de l’utiliser.", "The law forbids its use.")
)
@click.option(
    "--successor", is_flag=True, help=say("Un administrateur prend la suite.", "An administrator goes on.")
)
@AS
@pass_shell
def index_end(
    shell: Shell, name: str, day: date, by: str, unlawful: bool, successor: bool, actor: int
) -> None:
    """Announced by its administrator, an authority or a court, or forbidden."""
    how = IndexEnd.UNLAWFUL if unlawful else IndexEnd.ANNOUNCED
    ask = EndReferenceRate(name=name, day=day, how=how, by=by, successor_administrator=successor)
    _on_rate(shell, ask, actor)


@index.command("substitute", help=say("Remplacer un taux disparu.", "Replace a rate that ended."))
@click.argument("name")
@click.option(
    "--designated", "designated", multiple=True, required=True, metavar="WHO:INDEX",
    help=", ".join(Designator),
)  # fmt: skip
@click.option(
    "--points", type=PERCENT, default="0", help=say("Variation de la marge.", "Change of the margin.")
)
@click.option("--reason", default="")
@click.option("--recommended", type=PERCENT, help=say("Ajustement recommandé.", "Recommended adjustment."))
@AS
@pass_shell
def index_substitute(
    shell: Shell, name: str, designated: tuple[str, ...], points: Decimal, reason: str,
    recommended: Decimal | None, actor: int,
) -> None:  # fmt: skip
    """The official substitute in its order, else the closest one in good faith."""
    found = []
    for item in designated:
        who, _, other = item.partition(":")
        if who not in list(Designator) or not other:
            raise Trouble(f"{item!r}", f"authority:€STR ({', '.join(Designator)})")
        found.append(Designation(other, Designator(who)))
    ask = SubstituteReferenceRate(
        name=name, designations=tuple(found), points=points, reason=reason, recommended_points=recommended
    )
    _on_rate(shell, ask, actor)


@index.command("object", help=say("Noter la contestation d’un client.", "Note a customer’s objection."))
@ACCOUNT
@click.argument("notice", type=int, required=False)
@AS
@pass_shell
def index_object(shell: Shell, account: str, notice: int | None, actor: int) -> None:
    """In writing; without a number, the last notice."""
    with shell.bank() as bank:
        found = find_account(bank, account)
        chosen = notice if notice is not None else _last_notice(shell, bank, found)
        answer = bank.ask(ObjectToRate(notice=chosen), found.id, actor=actor, channel=Channel.POST)
        shell.finish(bank, answer, shell.say("Contestation enregistrée.", "Objection recorded."))


def _last_notice(shell: Shell, bank: Bank, account: Account) -> int:
    with bank.read() as connection:
        notices = load_rate_notices(connection, [account.id])[account.id]
    if not notices:
        raise Trouble(shell.say("Aucune information n’a été envoyée.", "Nothing was sent."))
    return notices[-1].id


def _on_rate(shell: Shell, ask: Any, actor: int) -> None:
    with shell.bank() as bank:
        answer = bank.ask(ask, REGISTER, actor=actor)
        shell.finish(bank, answer, shell.say(f"{ask.name} : noté.", f"{ask.name}: noted."))
