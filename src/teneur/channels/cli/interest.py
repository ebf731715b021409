"""`interest`: closing quarters and telling them, effective rates, usury, reference rates, value dates."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import click
from rich.markup import escape

from teneur.agreements.agreement import Agreement
from teneur.bank import shipped_agreements
from teneur.channels.cli.inputs import DAY, OPERATION, amount_minor, find_account
from teneur.channels.cli.reference_rates import AS, PERCENT, index
from teneur.channels.cli.shell import TROUBLE, Group, Shell, Trouble, pass_shell
from teneur.channels.cli.texts import say
from teneur.channels.explain import clause_note
from teneur.kernel.commands import Channel
from teneur.ledger.account import Account
from teneur.pricing.interest import texts
from teneur.pricing.interest.closing import Span
from teneur.pricing.interest.commands import (
    SetValueDate,
)
from teneur.pricing.interest.day import close_quarter
from teneur.pricing.interest.reading import Told, told
from teneur.pricing.interest.rules import apr as apr_rules
from teneur.pricing.interest.rules import usury as usury_rules
from teneur.pricing.interest.rules.corrections import interest_after_end
from teneur.pricing.interest.rules.numbers import MICRO, closing_period
from teneur.pricing.interest.rules.rates import rate_on

_QUARTER = re.compile(r"(\d{4})-?[TtQq]([1-4])")
ACCOUNT = click.argument("account", metavar=say("COMPTE", "ACCOUNT"))
BOOK = click.option("--book", default=1, show_default=True)
AGREEMENT = click.option(
    "--agreement", default="bred-2022-06", show_default=True, help=say("Convention.", "Agreement.")
)


class Quarter(click.ParamType[date]):
    """2026T2, 2026-Q2, or any day of the quarter: its first day or that day."""

    name = "quarter"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """A day of the quarter; a usage error if it is none."""
        if isinstance(value, date):
            return value
        match = _QUARTER.fullmatch(value)
        return date(int(match[1]), int(match[2]) * 3 - 2, 1) if match else DAY.convert(value, param, ctx)


QUARTER = Quarter()
QUARTER_ARGUMENT = click.argument("quarter", type=QUARTER, metavar=say("TRIMESTRE", "QUARTER"))


@click.group(cls=Group, help=say("Intérêts, arrêtés et TAEG.", "Interest, closings and effective rates."))
def interest() -> None:
    """Commands about interest."""


interest.add_command(index)


@interest.command("close", help=say("Arrêter un trimestre (2026T2).", "Close a quarter (2026Q2)."))
@QUARTER_ARGUMENT
@BOOK
@pass_shell
def interest_close(shell: Shell, quarter: date, book: int) -> None:
    """For the agreements of every zone; again, it goes on where it stopped and posts nothing twice."""
    with shell.bank() as bank:
        reports = []
        for zone in sorted({a.zone for a in bank.agreements}):
            terms = next(a.interest.closing for a in bank.agreements if a.zone == zone)
            period = closing_period(quarter, terms)
            with shell.progress(shell.say("Arrêté des comptes", "Closing")) as bar:
                task = bar.task_ids[0]
                report = close_quarter(
                    bank.post, bank.read, bank.governing, book, zone, period, bank.clock.now,
                    progress=lambda count, bar=bar, task=task: bar.advance(task, count),  # type: ignore[misc]
                )  # fmt: skip
            reports.append((zone, report))
    shell.emit({"closings": [{"zone": zone, "report": report} for zone, report in reports]})
    for zone, report in () if shell.as_json else reports:
        first, last = shell.day(report.first_day), shell.day(report.last_day)
        shell.out.print(f"[bold]{zone}[/bold] · {shell.say(f'du {first} au {last}', f'{first} to {last}')}")
        shell.facts(
            [
                (shell.say("Comptes arrêtés", "Accounts closed"), str(report.closed)),
                (shell.say("Trimestres corrigés", "Corrections"), str(report.corrected or "")),
                (shell.say("Coupure du journal", "Cut of the journal"), f"{book}/{report.cut}"),
            ]
        )
        for percent, verdict in report.warnings:
            rate = texts.decimal(percent, shell.language)
            shell.err.print(f"[yellow]{rate} % : {texts.verdict(verdict, shell.language)}[/yellow]")
        for problem in report.problems:
            shell.err.print(f"[red]{escape(problem)}[/red]")
    if any(report.problems for _, report in reports):
        raise SystemExit(TROUBLE)


@interest.command("explain", help=say("Refaire un arrêté à la main.", "Recompute a closing by hand."))
@ACCOUNT
@QUARTER_ARGUMENT
@pass_shell
def interest_explain(shell: Shell, account: str, quarter: date) -> None:
    """Balances by value date, numbers, rates, parts, sum; every revision, with what changed."""
    with shell.bank() as bank:
        found = find_account(bank, account)
        agreement = bank.agreement_for(found, quarter)
        first_day = closing_period(quarter, agreement.interest.closing).first_day
        with bank.read() as connection:
            revisions = told(connection, found.id, first_day, agreement.interest)
    if not revisions:
        raise Trouble(
            shell.say("Ce trimestre n’est pas arrêté.", "This quarter is not closed."),
            "teneur interest close",
        )
    shell.emit({"revisions": revisions})
    for revision in () if shell.as_json else revisions:
        show_closing(shell, found, agreement, revision)


def show_closing(shell: Shell, account: Account, agreement: Agreement, shown: Told) -> None:
    """One revision of a quarter, with the arithmetic."""
    closing, numbers, code = shown.closing, shown.closing.numbers, account.currency
    first, last = shell.day(numbers.first_day), shell.day(numbers.last_day)
    title = shell.say(f"Arrêté du {first} au {last}", f"Closing {first} to {last}")
    again = shell.say(f", version {closing.revision + 1}", f", version {closing.revision + 1}")
    shell.out.print(
        f"[bold]{title}{again if closing.revision else ''}[/bold] [dim]{shown.operation} · "
        f"{shell.say('coupure', 'cut')} {numbers.position}[/dim]"
    )
    _show_steps(shell, shown, code)
    _show_spans(shell, shown, code)
    charge = closing.charge
    exact = Decimal(sum(s.authorised_micro + s.excess_micro for s in numbers.spans)) / MICRO
    rows = [
        (
            shell.say("Somme exacte", "Exact sum"),
            f"{texts.decimal(exact, shell.language)} {_unit(shell, code)}",
        ),
        (shell.say("Intérêts débiteurs", "Debit interest"), shell.money(charge.interest_minor, code)),
        (
            shell.say("Minimum forfaitaire", "Flat minimum"),
            shell.money(charge.minimum_minor, code) if charge.minimum_minor else "",
        ),
        (shell.say("Débité", "Debited"), shell.money(charge.debit_minor, code)),
        (
            shell.say("Intérêts créditeurs", "Credit interest"),
            shell.money(charge.credit_minor, code) if charge.credit_minor else "",
        ),
        (
            shell.say("TAEG réel", "Real effective rate"),
            f"{texts.decimal(shown.apr_percent, shell.language)} %" if shown.apr_percent is not None else "",
        ),
        (shell.say("Seuil de l’usure", "Usury threshold"), texts.verdict(closing.usury, shell.language)),
        (
            shell.say("Écart avec la version d’avant", "Difference to the version before"),
            shell.money(shown.difference_minor, code) if closing.revision else "",
        ),
    ]
    shell.facts(rows)
    for mention in shown.mentions:
        shell.out.print(f"  {escape(texts.mention(mention, shell.language))}")
    for clause in agreement.cite(*texts.SOURCES):
        shell.out.print(
            f"  [cyan]{clause}[/cyan] [dim]{escape(clause_note(clause, shell.language).rule)}[/dim]"
        )
    shell.out.print()


def _unit(shell: Shell, code: str) -> str:
    return shell.say("centimes", "cents") if code == "EUR" else code


def _show_steps(shell: Shell, shown: Told, code: str) -> None:
    balance, days = shell.say("Solde en valeur", "Value balance"), shell.say("Jours", "Days")
    number = shell.say("Nombre débiteur", "Debit number")
    table = shell.table(shell.say("Dès le", "From"), balance, days, number, right=(balance, days, number))
    for step in shown.steps:
        table.add_row(
            shell.short_day(step.first_day),
            shell.money(step.balance_minor, code),
            str(step.days),
            texts.whole(max(0, -step.balance_minor) * step.days, shell.language),
        )
    shell.out.print(table)


def _show_spans(shell: Shell, shown: Told, code: str) -> None:
    number, rate, part = (
        shell.say("Nombre", "Number"),
        shell.say("Taux", "Rate"),
        shell.say("Intérêt", "Interest"),
    )
    table = shell.table(
        shell.say("Période", "Span"),
        shell.say("Part", "Part"),
        number,
        rate,
        part,
        right=(number, rate, part),
    )
    for span in shown.closing.numbers.spans:
        for name, amount, percent, micro in _parts(shell, span, code):
            table.add_row(
                f"{shell.short_day(span.first_day)} · {span.days} {shell.say('j', 'd')}",
                name,
                texts.whole(amount, shell.language),
                f"{texts.decimal(percent, shell.language)} % / {span.year_days}",
                texts.decimal(Decimal(micro) / MICRO, shell.language),
            )
    if table.row_count:
        shell.out.print(table)


def _parts(shell: Shell, span: Span, code: str) -> list[tuple[str, int, Decimal, int]]:
    limit = shell.money(span.limit_minor, code)
    inside = shell.say(f"autorisée (jusqu’à {limit})", f"authorised (up to {limit})")
    if span.run_off:
        inside = shell.say("encore due après la fin", "still due after the end")
    if span.index:
        percent = texts.decimal(span.index_percent, shell.language)
        inside += (
            f", {span.index} {percent} % + {texts.decimal(span.percent - span.index_percent, shell.language)}"
        )
    rows = [
        (inside, span.authorised_number, span.percent, span.authorised_micro),
        (
            shell.say("non autorisée", "unauthorised"),
            span.excess_number,
            span.excess_percent,
            span.excess_micro,
        ),
        (shell.say("créditrice", "credit"), span.credit_number, span.credit_percent, span.credit_micro),
    ]
    return [row for row in rows if row[1] and (row[2] or row[0] != rows[2][0])]


@interest.command(
    "apr", help=say("TAEG d’un découvert, à titre d’exemple.", "Effective rate, as an example.")
)
@click.argument("limit", metavar=say("MONTANT", "AMOUNT"))
@click.argument("rate", type=PERCENT, metavar=say("TAUX", "RATE"))
@click.option("--fees", default="0", help=say("Frais pris au départ.", "Fees taken at the start."))
@click.option("--from", "first", type=DAY, help=say("Premier jour.", "First day."))
@click.option("--until", type=DAY, help=say("Dernier jour ; sinon un an.", "Last day; else a year."))
@AGREEMENT
@pass_shell
def interest_apr(
    shell: Shell, limit: str, rate: Decimal, fees: str, first: date | None, until: date | None, agreement: str
) -> None:
    """Constant full use, interest paid at each quarterly closing; a year, or the fixed duration."""
    terms = _agreement(agreement)
    code = terms.currency
    minor, fees_minor = amount_minor(limit, code), amount_minor(fees, code)
    period = apr_rules.example_period(first or date(2026, 1, 1), until, terms.interest.apr)
    found = apr_rules.indicative_rate(minor, rate, period, fees_minor, terms.interest.closing)
    shown = apr_rules.shown(found, terms.interest.apr)
    verdict = usury_rules.verdict(shown, minor, code, period.first_day)
    shell.emit(
        {"apr_percent": str(shown), "exact": str(found), "period": period, "usury": verdict,
         "clauses": terms.cite(apr_rules.indicative_rate)}
    )  # fmt: skip
    if not shell.as_json:
        days = f"{period.days} {shell.say('jours', 'days')}"
        label = shell.say("TAEG (exemple)", "Effective rate (example)")
        shell.out.print(f"{label} : [bold]{texts.decimal(shown, shell.language)} %[/bold] ({days})")
        colour = "red" if verdict is usury_rules.Verdict.ABOVE else "dim"
        shell.out.print(f"  [{colour}]{texts.verdict(verdict, shell.language)}[/]")


@interest.command(
    "after-end", help=say("Intérêts après la fin du compte.", "Interest after the account’s end.")
)
@click.argument("amount", metavar=say("MONTANT", "AMOUNT"))
@click.argument("ended_on", type=DAY, metavar=say("FIN", "ENDED"))
@click.argument("until", type=DAY, metavar=say("JUSQU’AU", "UNTIL"))
@click.option("--rate", type=PERCENT, help=say("Taux convenu ; sinon non autorisé.", "Agreed rate."))
@AGREEMENT
@pass_shell
def after_end(
    shell: Shell, amount: str, ended_on: date, until: date, rate: Decimal | None, agreement: str
) -> None:
    """Simple within a year; only interest due for a whole year bears interest."""
    terms = _agreement(agreement)
    code, dated = terms.currency, terms.interest.rates.unauthorised_percent.value
    years = _after_end(terms, amount_minor(amount, code), ended_on, until, rate, dated)
    shell.emit({"years": years})
    if shell.as_json:
        return
    principal, part = shell.say("Capital", "Principal"), shell.say("Intérêts", "Interest")
    table = shell.table(
        shell.say("Du", "From"), shell.say("Au", "To"), principal, part, "", right=(principal, part)
    )
    for year in years:
        note = shell.say("capitalisés", "capitalised") if year.capitalised else ""
        table.add_row(
            shell.short_day(year.first_day), shell.short_day(year.last_day),
            shell.money(year.principal_minor, code), shell.money(year.interest_minor, code), note,
        )  # fmt: skip
    shell.out.print(table)


def _after_end(
    terms: Agreement, minor: int, ended_on: date, until: date, rate: Decimal | None, dated: Any
) -> Any:
    """The years of a debit left at the end, at an agreed rate or the tariff's."""
    return interest_after_end(
        minor,
        ended_on,
        until,
        lambda day: rate_on(dated, day) if rate is None else rate,
        terms.interest.closing,
        terms.interest.capitalised_after_months.value,
    )


@interest.command(
    "usury", help=say("Comparer un taux au seuil de l’usure.", "Compare a rate with the usury threshold.")
)
@click.argument("used", metavar=say("MONTANT", "AMOUNT"))
@click.argument("rate", type=PERCENT, metavar="TAEG")
@click.argument("day", type=DAY, metavar=say("JOUR", "DAY"))
@AGREEMENT
@pass_shell
def interest_usury(shell: Shell, used: str, rate: Decimal, day: date, agreement: str) -> None:
    """By the credit really used, on a day."""
    code = _agreement(agreement).currency
    minor = amount_minor(used, code)
    line, verdict = usury_rules.threshold_of(day, minor, code), usury_rules.verdict(rate, minor, code, day)
    shell.emit({"verdict": verdict, "threshold": line})
    if not shell.as_json:
        shell.out.print(texts.verdict(verdict, shell.language))
        if line is not None:
            percent = texts.decimal(line.percent, shell.language)
            shell.out.print(f"  [dim]{percent} % · {line.notice}[/dim]")


@interest.command("value-date", help=say("Rectifier une date de valeur.", "Set a value date right."))
@ACCOUNT
@click.argument("operation", type=OPERATION, metavar=say("OPÉRATION", "OPERATION"))
@click.argument("day", type=DAY, metavar=say("JOUR", "DAY"))
@click.option(
    "--asked-by", required=True, help=say("Référence de l’autre banque.", "The other bank’s reference.")
)
@AS
@click.option("--approved-by", type=int, required=True, help=say("Qui approuve.", "Who approves."))
@pass_shell
def interest_value_date(
    shell: Shell,
    account: str,
    operation: tuple[int, int],
    day: date,
    asked_by: str,
    actor: int,
    approved_by: int,
) -> None:
    """At the payer bank's request; what was booked stays, interest follows with the next closing."""
    with shell.bank() as bank:
        ask = SetValueDate(
            operation=operation[1], due_value_on=day, asked_by=asked_by, approved_by=approved_by
        )
        answer = bank.ask(ask, find_account(bank, account).id, actor=actor, channel=Channel.INTERBANK)
        done = shell.say("Date de valeur rectifiée.", "Value date set right.")
        shell.finish(bank, answer, done)


def _agreement(name: str) -> Agreement:
    try:
        return shipped_agreements()[name]
    except KeyError as error:
        raise Trouble(str(error.args[0])) from None
