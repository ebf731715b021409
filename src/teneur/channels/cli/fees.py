"""`fees`: the tariff, what is due, what an operation would cost, giving up, the yearly summary."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from rich.markup import escape

from teneur.agreements.agreement import Agreement
from teneur.agreements.terms.tariff import Price
from teneur.agreements.terms.transfers import Service
from teneur.channels.cli.accounts import ACCOUNT, APPROVED, AS, write_file
from teneur.channels.cli.inputs import DAY, OPERATION, amount_minor, find_account, iban_of
from teneur.channels.cli.pay import rate_of
from teneur.channels.cli.shell import Group, Shell, Trouble, pass_shell
from teneur.channels.cli.texts import say
from teneur.channels.fee_summaries import kept, made_now
from teneur.kernel.commands import Channel, Outcome, book_of
from teneur.ledger.account import Account
from teneur.ledger.reading import heads
from teneur.payments.transfers.commands import PayeeAccount, PlaceTransfer
from teneur.pricing.fees.commands import GivePriorInformation, RefundFee, WaiveFee
from teneur.pricing.fees.facts import OPEN, Fee
from teneur.pricing.fees.reading import fees_of
from teneur.pricing.fees.rendering import summary_pdf
from teneur.pricing.fees.rules import prices
from teneur.pricing.fees.summary import FeeSummary, summary_json
from teneur.pricing.fees.texts import event_name, limit_name, service_name, status_name

LINE = click.option("--line", default=0, show_default=True, help=say("Ligne de l’opération.", "Its line."))
FEE = click.argument("fee", type=OPERATION, metavar=say("FRAIS", "FEE"))
REASON = click.option("--reason", required=True, help=say("Pourquoi.", "Why."))


@click.group(cls=Group, help=say("Les frais et le tarif.", "Fees and the tariff."))
def fees() -> None:
    """Commands about fees."""


@fees.command(
    "tariff", help=say("Les prix d’une convention, à une date.", "The prices of an agreement, on a day.")
)
@click.option("--agreement", help=say("Édition d’une convention.", "An edition of an agreement."))
@click.option("--account", help=say("Tel qu’il vaut pour ce compte.", "As it is for this account."))
@click.option("--on", "on", type=DAY, help=say("À cette date.", "On that day."))
@pass_shell
def fees_tariff(shell: Shell, agreement: str | None, account: str | None, on: date | None) -> None:
    """What each event costs, and where that is said."""
    with shell.bank() as bank:
        day = on or bank.clock.now().date()
        if account:
            chosen = [bank.agreement_for(find_account(bank, account), day)]
        else:
            chosen = [a for a in bank.agreements if agreement in (None, a.id) and "tariff" in a.terms]
        if not chosen:
            known = ", ".join(a.id for a in bank.agreements)
            raise Trouble(say(f"Convention inconnue : {agreement}.", f"Unknown: {agreement}."), known)
        listed = [row for one in chosen for row in _prices(one, day, shell)]
    if shell.as_json:
        shell.emit({"on": day, "prices": listed})
        return
    amount = shell.say("Prix", "Price")
    for one in chosen:
        edition = prices.edition_in_force(day, one.tariff)
        title = shell.say(f"{one.id}, tarif du {edition}", f"{one.id}, tariff of {edition}")
        table = shell.table(
            shell.say("Événement", "Event"),
            "Code",
            amount,
            shell.say("Rubrique", "Heading"),
            title=title,
            right=(amount,),
        )
        for row in listed:
            if row["agreement"] == one.id:
                table.add_row(row["name"], row["event"], row["price"], row["heading"])
        shell.out.print(table)
        shell.note(
            shell.say(
                "Ces prix sont les nôtres : le tarif n’était pas parmi les documents.",
                "These prices are ours: the tariff was not among the documents.",
            )
        )


def _prices(agreement: Agreement, day: date, shell: Shell) -> list[dict[str, Any]]:
    rows = []
    for event, terms in agreement.tariff.events.items():
        price = prices.price_of(event, day, agreement.accounts, agreement.tariff)
        rows.append(
            {
                "agreement": agreement.id,
                "event": event,
                "name": event_name(event, shell.language),
                "price": _price(price, agreement.currency, shell),
                "heading": service_name(str(terms.value.service), shell.language),
                "nature": str(terms.value.nature),
                "collection": str(terms.value.collection),
                "clauses": list(agreement.cite(terms)),
            }
        )
    return rows


def _price(price: Price, code: str, shell: Shell) -> str:
    if price.zero:
        return shell.say("gratuit", "free")
    if price.percent is None:
        return shell.money(price.fixed_minor, code)
    parts = [f"{price.percent} %"]
    if price.least_minor:
        parts.append(shell.say("au moins ", "at least ") + shell.money(price.least_minor, code))
    if price.most_minor is not None:
        parts.append(shell.say("au plus ", "at most ") + shell.money(price.most_minor, code))
    return ", ".join(parts)


@fees.command("due", help=say("Les frais d’un compte.", "The fees of an account."))
@ACCOUNT
@click.option("--all", "every", is_flag=True, help=say("Aussi ceux qui sont réglés.", "Settled ones too."))
@pass_shell
def fees_due(shell: Shell, account: str, every: bool) -> None:
    """Those that are not taken yet, with the day from which they may be."""
    with shell.bank() as bank, bank.read() as connection:
        found = find_account(bank, account)
        listed = [fee for fee in fees_of(connection, found.id) if every or fee.status in OPEN]
    if shell.as_json:
        shell.emit({"fees": listed})
        return
    amount = shell.say("Montant", "Amount")
    table = shell.table(
        shell.say("N°", "No."),
        shell.say("Quoi", "What"),
        shell.say("Date", "Day"),
        amount,
        shell.say("État", "Status"),
        shell.say("Dès le", "From"),
        shell.say("Limité par", "Limited by"),
        right=(amount,),
    )
    for fee in listed:
        table.add_row(*_row(fee, found, shell))
    shell.out.print(table)


def _row(fee: Fee, account: Account, shell: Shell) -> tuple[str, ...]:
    number = f"{book_of(account.id)}/{fee.id}" + (f" ({fee.line})" if fee.line else "")
    amount = "" if fee.amount_minor is None else shell.money(fee.amount_minor, account.currency)
    return (
        number,
        event_name(fee.event, shell.language),
        shell.short_day(fee.occurred_on),
        amount,
        status_name(fee.status, shell.language),
        shell.short_day(fee.collectable_on) if fee.collectable_on else "",
        ", ".join(limit_name(limit, shell.language) for limit in fee.limits),
    )


@fees.command(
    "preview",
    help=say("Délai et frais d’une opération, avant de l’ordonner.", "Time and fees of an operation."),
)
@ACCOUNT
@click.argument("amount", metavar=say("MONTANT", "AMOUNT"))
@click.option("--to", "iban", default="", help=say("IBAN du bénéficiaire.", "The payee’s IBAN."))
@click.option("--bic", default="")
@click.option("--currency", help=say("Devise ; celle du compte sinon.", "Currency."))
@click.option("--rate", help=say("Cours : devise du compte pour une unité.", "Rate, for one unit."))
@click.option("--instant", is_flag=True, help=say("Virement instantané.", "Instant transfer."))
@click.option("--withdrawal", is_flag=True, help=say("Un retrait d’espèces.", "A cash withdrawal."))
@click.option("--deposit", is_flag=True, help=say("Un versement d’espèces.", "A cash deposit."))
@click.option("--at-branch", is_flag=True, help=say("Ordonné en agence.", "Ordered at the branch."))
@click.option("--written", is_flag=True, help=say("Réponse écrite voulue.", "A written answer is wanted."))
@click.option(
    "--for", "requested_by", type=int, default=0, help=say("Le titulaire qui demande.", "Who asks.")
)
@AS
@pass_shell
def fees_preview(shell: Shell, /, account: str, amount: str, **given: Any) -> None:
    """The answer is kept, as the agreement wants."""
    with shell.bank() as bank:
        found = find_account(bank, account)
        ask = _information(found, amount, given)
        channel = Channel.BRANCH if given["actor"] < 0 else Channel.REMOTE
        answer = bank.ask(ask, found.id, actor=given["actor"], channel=channel)
        if answer.outcome is Outcome.REFUSED or shell.as_json:
            shell.finish(bank, answer, "")
            return
        told = bank.decided(answer)
        shell.facts(_told(told, found, shell, bank.terms_for(found, bank.clock.now().date()).agreement.zone))
        shell.out.print(f"  [dim]{shell.say('opération', 'operation')} {answer.book}/{answer.position}[/dim]")


def _information(found: Account, amount: str, given: dict[str, Any]) -> GivePriorInformation:
    code = (given["currency"] or found.currency).upper()
    minor = amount_minor(amount, code)
    written, requested_by = given["written"], given["requested_by"]
    if given["withdrawal"] or given["deposit"]:
        operation = "cash-withdrawal" if given["withdrawal"] else "cash-deposit"
        return GivePriorInformation(
            operation=operation, amount_minor=minor, written=written, requested_by=requested_by
        )
    order = PlaceTransfer(
        amount_minor=minor,
        currency=code,
        payee=PayeeAccount(iban=iban_of(given["iban"]) if given["iban"] else "", bic=given["bic"].upper()),
        service=Service.INSTANT if given["instant"] else Service.ORDINARY,
        rate=rate_of(given["rate"]),
    )
    channel = Channel.BRANCH if given["at_branch"] else Channel.REMOTE
    return GivePriorInformation(
        operation="transfer", order=order, channel=channel, written=written, requested_by=requested_by
    )


def _told(told: dict[str, Any], found: Account, shell: Shell, where: str) -> list[tuple[str, str]]:
    latest = datetime.fromisoformat(told["latest_at"]) if told["latest_at"] else None
    at_once = shell.say("aussitôt", "at once")
    rows = [(shell.say("Au plus tard", "At the latest"), shell.moment(latest, where) if latest else at_once)]
    for line in told["fees"]:
        rows.append(
            (event_name(line["event"], shell.language), shell.money(line["amount_minor"], found.currency))
        )
    rows.append((shell.say("Frais", "Fees"), shell.money(told["total_minor"], found.currency)))
    return rows


@fees.command("waive", help=say("Abandonner des frais non encore perçus.", "Give up a fee not taken yet."))
@ACCOUNT
@FEE
@LINE
@REASON
@AS
@APPROVED
@pass_shell
def fees_waive(
    shell: Shell, account: str, fee: tuple[int, int], line: int, reason: str, actor: int, approved_by: int
) -> None:
    """Two members of staff stand behind it."""
    with shell.bank() as bank:
        found = find_account(bank, account)
        ask = WaiveFee(fee=fee[1], line=line, reason=reason, approved_by=approved_by)
        answer = bank.ask(ask, found.id, actor=actor, channel=Channel.BRANCH)
        shell.finish(bank, answer, shell.say("Frais abandonnés.", "The fee is given up."))


@fees.command("refund", help=say("Rembourser des frais perçus.", "Give back a fee that was taken."))
@ACCOUNT
@FEE
@click.argument("amount", metavar=say("MONTANT", "AMOUNT"))
@LINE
@REASON
@AS
@APPROVED
@pass_shell
def fees_refund(
    shell: Shell,
    account: str,
    fee: tuple[int, int],
    amount: str,
    line: int,
    reason: str,
    actor: int,
    approved_by: int,
) -> None:
    """Valued on the day on which it was taken; two members of staff stand behind it."""
    with shell.bank() as bank:
        found = find_account(bank, account)
        minor = amount_minor(amount, found.currency)
        ask = RefundFee(fee=fee[1], line=line, amount_minor=minor, reason=reason, approved_by=approved_by)
        answer = bank.ask(ask, found.id, actor=actor, channel=Channel.BRANCH)
        shell.finish(bank, answer, shell.say("Frais remboursés.", "The fee is given back."))


@fees.command("summary", help=say("Le récapitulatif annuel des frais.", "The yearly summary of fees."))
@ACCOUNT
@click.option("--year", type=int, help=say("L’année ; la dernière sinon.", "The year; else the last one."))
@click.option("--pdf", is_flag=True, help=say("En PDF.", "As a PDF."))
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help=say("Fichier.", "File."))
@pass_shell
def fees_summary(shell: Shell, account: str, year: int | None, pdf: bool, output: Path | None) -> None:
    """As it was made in January; the running year as it stands, not kept."""
    with shell.bank() as bank, bank.read() as connection:
        found = find_account(bank, account)
        wanted = year or bank.clock.now().year - 1
        made = kept(connection, found.id, wanted)
        if made is not None:
            told, json, paper = made
        else:
            if found.contract is None or wanted < found.opened_on.year:
                raise Trouble(
                    shell.say(
                        f"Ce compte n’a rien pour {wanted}.", f"This account has nothing for {wanted}."
                    ),
                    "--year",
                )
            book = book_of(found.id)
            told = made_now(bank, connection, found, wanted, heads(connection, [book]).get(book, 0))
            json, paper = summary_json(told), b""
    if pdf:
        write_file(shell, paper or summary_pdf(told, shell.language), output, binary=True)
    elif shell.as_json or output is not None:
        write_file(shell, json, output, binary=False)
    else:
        _show(shell, told, is_kept=made is not None)


def _show(shell: Shell, told: FeeSummary, *, is_kept: bool) -> None:
    code = told.account.currency
    amount, count = shell.say("Montant", "Amount"), shell.say("Nombre", "Number")
    title = shell.say(f"Récapitulatif des frais de {told.year}", f"Summary of the fees of {told.year}")
    table = shell.table(shell.say("Service", "Service"), count, amount, title=title, right=(count, amount))
    for one in told.services:
        total = shell.money(one.total_minor, code)
        table.add_row(f"[bold]{service_name(one.service, shell.language)}[/bold]", str(one.count), total)
        for event in one.events:
            name = escape(event_name(event.event, shell.language))
            table.add_row(f"  {name}", str(event.count), shell.money(event.total_minor, code))
    table.add_row(shell.say("Total", "Total"), "", shell.money(told.total_minor, code))
    shell.out.print(table)
    if not is_kept:
        shell.note(shell.say("Provisoire : pas encore établi.", "As it stands: not made yet."))
