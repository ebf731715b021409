"""`exchange`: market rates loaded and shown, and the rate that a customer would have."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
from rich.markup import escape

from teneur.agreements.agreement import Agreement
from teneur.bank import Bank
from teneur.channels.cli.accounts import AS
from teneur.channels.cli.inputs import DAY, find_account, moment_of
from teneur.channels.cli.pay import rate_of
from teneur.channels.cli.shell import Group, Shell, Trouble, pass_shell
from teneur.channels.cli.texts import say
from teneur.customers.decisions import REGISTER
from teneur.kernel.clock import zone
from teneur.kernel.commands import Channel, Outcome
from teneur.kernel.money import currency
from teneur.payments.exchange.commands import AskExchangeRate, SetExchangeRates
from teneur.payments.exchange.files import read_ecb, read_rates
from teneur.payments.exchange.rates import Conversion, Quote
from teneur.payments.exchange.reading import exchange_at, history
from teneur.payments.exchange.texts import conversion_text

SYNTHETIC = click.option(
    "--synthetic", is_flag=True, help=say("Valeurs inventées.", "Made up, no real figures.")
)
MOST_IN_A_COMMAND = 1_000


@click.group(cls=Group, help=say("Le change et ses cours.", "Exchange and its rates."))
def exchange() -> None:
    """Commands about exchange."""


@exchange.command(
    "rate", help=say("Le cours du client : EUR USD (il paie des euros).", "The customer’s rate: EUR USD.")
)
@click.argument("home", metavar=say("DEVISE_DU_COMPTE", "ACCOUNT_CURRENCY"))
@click.argument("other", metavar=say("AUTRE_DEVISE", "OTHER_CURRENCY"))
@click.option("--at", help=say("À ce moment.", "At that time."))
@click.option("--agreement", default="bred-2022-06", show_default=True, help=say("Convention.", "Agreement."))
@click.option("--account", help=say("Pour ce compte (et sa convention).", "For this account."))
@click.option(
    "--as", "actor", type=int, help=say("Demandé en agence (personnel) : c’est noté.", "Asked: it is kept.")
)
@pass_shell
def exchange_rate(
    shell: Shell,
    home: str,
    other: str,
    at: str | None,
    agreement: str,
    account: str | None,
    actor: int | None,
) -> None:
    """Market, margins and what they make, on both sides; the request is kept where somebody makes it."""
    home, other = currency(home.upper()).code, currency(other.upper()).code
    with shell.bank() as bank:
        found = find_account(bank, account) if account else None
        if found is not None and found.currency != home:
            raise Trouble(say(f"Le compte est en {found.currency}.", f"The account is in {found.currency}."))
        now = bank.clock.now()
        terms = _agreement(bank, agreement) if found is None else bank.agreement_for(found, now.date())
        moment = moment_of(at, terms.zone) if at else now
        if actor is not None:
            ask = AskExchangeRate(
                currency=other,
                agreement="" if found else terms.id,
                account_currency="" if found else home,
                at=moment if at else None,
            )
            subject = REGISTER if found is None else found.id
            answer = bank.ask(ask, subject, actor=actor, channel=Channel.BRANCH)
            if answer.outcome is Outcome.REFUSED:
                shell.finish(bank, answer, "")
        told = _both(bank, terms, home, other, moment)
    if shell.as_json:
        shell.emit({"agreement": terms.id, "at": moment, **told})
        return
    _show(shell, terms, moment, told)


def _agreement(bank: Bank, name: str) -> Agreement:
    if name not in bank.agreements:
        known = ", ".join(a.id for a in bank.agreements)
        raise Trouble(say(f"Convention inconnue : {name}.", f"Unknown agreement: {name}."), known)
    return bank.agreements[name]


def _both(bank: Bank, terms: Agreement, home: str, other: str, at: datetime) -> dict[str, Conversion]:
    """The conversion of one unit, sold and bought. Raises Trouble where no rate of that day is loaded."""
    if home == other:
        raise Trouble(say("Il n’y a rien à changer.", "There is nothing to convert."))
    one = 10 ** currency(other).decimals
    with bank.read() as connection:
        dealer = exchange_at(connection, at, terms.exchange, zone(terms.zone))
        made = {
            "selling": dealer.conversion(one, other, home, debit=True),
            "buying": dealer.conversion(one, other, home, debit=False),
        }
    found = {side: c for side, c in made.items() if c is not None and not c.estimate}
    if len(found) < len(made):
        raise Trouble(
            say(f"Pas de cours du jour de {other} en {home}.", f"No rate of the day of {other} in {home}."),
            "teneur exchange import …",
        )
    return found


def _show(shell: Shell, terms: Agreement, at: datetime, told: dict[str, Conversion]) -> None:
    names = {
        "selling": shell.say("La banque vend", "The bank sells"),
        "buying": shell.say("La banque achète", "The bank buys"),
    }
    rate = shell.say("Cours du client", "Customer’s rate")
    table = shell.table(
        "",
        shell.say("Marché", "Market"),
        shell.say("Marge banque", "Bank’s margin"),
        shell.say("Marge intermédiaires", "Intermediaries’"),
        rate,
        title=f"{terms.id}, {shell.moment(at, terms.zone)}",
        right=(rate,),
    )
    for side, made in told.items():
        table.add_row(
            names[side],
            _number(shell, made.market),
            _percent(shell, made.bank_margin_percent),
            _percent(shell, made.intermediaries_margin_percent),
            f"1 {made.currency} = {_number(shell, made.rate)} {made.account_currency}",
        )
    shell.out.print(table)
    for made in told.values():
        shell.out.print(f"  {escape(conversion_text(_kept(made), shell.language))}", soft_wrap=True)


def _kept(made: Conversion) -> dict[str, Any]:
    return {name: getattr(made, name) for name in made.__struct_fields__}


def _number(shell: Shell, value: Decimal | None) -> str:
    return "" if value is None else shell.say(str(value).replace(".", ","), str(value))


def _percent(shell: Shell, value: Decimal | None) -> str:
    return "" if value is None else f"{_number(shell, value)} %"


@exchange.command("set", help=say("Charger un cours du marché.", "Load a market rate."))
@click.argument("base")
@click.argument("quote")
@click.argument("buying", metavar=say("ACHAT", "BUYING"))
@click.argument("selling", metavar=say("VENTE", "SELLING"))
@click.option("--source", required=True, help=say("D’où il vient.", "Where it comes from."))
@click.option("--at", help=say("Depuis ce moment (UTC) ; maintenant sinon.", "Since when (UTC); now."))
@SYNTHETIC
@AS
@pass_shell
def exchange_set(
    shell: Shell, base: str, quote: str, buying: str, selling: str, source: str, at: str | None,
    synthetic: bool, actor: int,
) -> None:  # fmt: skip
    """Units of QUOTE for one unit of BASE, as the market buys and sells the base."""
    low, high = rate_of(buying), rate_of(selling)
    assert low is not None
    assert high is not None
    with shell.bank() as bank:
        stands = moment_of(at, "UTC") if at else bank.clock.now()
        one = Quote(
            base=base.upper(), quote=quote.upper(), buying=low, selling=high, at=stands, source=source,
            synthetic=synthetic,
        )  # fmt: skip
        _load(shell, bank, [one], actor)


@exchange.command(
    "import", help=say("Charger un fichier de cours (CSV, ou de la BCE).", "Load a file of rates (CSV, ECB).")
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--ecb", is_flag=True, help=say("Fichier eurofxref de la BCE.", "An eurofxref file of the ECB.")
)
@click.option("--since", type=DAY, help=say("De la BCE : dès ce jour.", "Of the ECB: from that day on."))
@click.option("--source", help=say("D’où viennent les cours.", "Where they come from."))
@SYNTHETIC
@AS
@pass_shell
def exchange_import(
    shell: Shell, file: Path, ecb: bool, since: date | None, source: str | None, synthetic: bool, actor: int
) -> None:
    """Our CSV: base,quote,buying,selling,at. The European Central Bank's has one rate for both sides."""
    if not ecb and not source:
        raise Trouble(say("Dites d’où viennent les cours.", "Say where the rates come from."), "--source")
    lines = file.read_text("utf-8-sig").splitlines()
    quotes = read_ecb(lines, since=since) if ecb else read_rates(lines, source or "", synthetic=synthetic)
    with shell.bank() as bank:
        _load(shell, bank, quotes, actor)


def _load(shell: Shell, bank: Bank, quotes: Sequence[Quote], actor: int) -> None:
    """All of them, in commands of a size that the books bear; orders that waited go with the next day run."""
    if not quotes:
        raise Trouble(say("Aucun cours à charger.", "There is no rate to load."))
    for start in range(0, len(quotes), MOST_IN_A_COMMAND):
        part = tuple(quotes[start : start + MOST_IN_A_COMMAND])
        answer = bank.ask(SetExchangeRates(quotes=part), REGISTER, actor=actor)
        if answer.outcome is Outcome.REFUSED or start + MOST_IN_A_COMMAND >= len(quotes):
            done = f"{len(quotes)} cours chargés ; « teneur day » traite ce qui attendait."
            english = f"{len(quotes)} rates loaded; `teneur day` sees to what waited for them."
            shell.finish(bank, answer, shell.say(done, english))


@exchange.command("history", help=say("Les cours chargés d’une paire.", "The rates loaded of a pair."))
@click.argument("one")
@click.argument("other")
@click.option("--limit", default=20, show_default=True)
@pass_shell
def exchange_history(shell: Shell, one: str, other: str, limit: int) -> None:
    """The latest first, with their sources."""
    with shell.bank() as bank, bank.read() as connection:
        found = history(connection, one.upper(), other.upper(), limit)
    if shell.as_json:
        shell.emit({"rates": found})
        return
    table = shell.table(
        shell.say("Depuis", "Since"),
        shell.say("Paire", "Pair"),
        shell.say("Achat", "Buying"),
        shell.say("Vente", "Selling"),
        "Source",
    )
    for row in found:
        made_up = shell.say(" (inventé)", " (made up)") if row.synthetic else ""
        table.add_row(
            shell.moment(row.at, "UTC"), f"{row.base}/{row.quote}", _number(shell, row.buying),
            _number(shell, row.selling), escape(row.source + made_up),
        )  # fmt: skip
    shell.out.print(table)
