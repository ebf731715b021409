"""`pay`, `revoke`, `orders`, and what follows an order: ceilings, screening, instant answers."""

import secrets
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import click
import msgspec
from rich.markup import escape

from teneur.agreements.terms.transfers import ChargeOption, Service, StartCondition
from teneur.bank import Bank
from teneur.channels.cli.inputs import DAY, OPERATION, PERIOD, amount_minor, find_account, iban_of
from teneur.channels.cli.preview import Preview, preview
from teneur.channels.cli.shell import Command, Group, Shell, Trouble, pass_shell
from teneur.channels.cli.showing import show_explanation
from teneur.channels.cli.texts import say
from teneur.channels.explain import explain
from teneur.channels.explain_texts import order_status, reason_text
from teneur.channels.settings import other_banks
from teneur.documents.wording import grouped_iban
from teneur.kernel.commands import Answer, Channel, Outcome, book_of, number_of
from teneur.ledger.account import Account
from teneur.payments.transfers.commands import (
    AskCeiling,
    ConfirmInstant,
    DecideCeiling,
    PayeeAccount,
    PlaceTransfer,
    Repeat,
    ReviewScreening,
    RevokeTransfer,
    Start,
)
from teneur.payments.transfers.facts import SQL, TransferOrder, order_from_row
from teneur.payments.transfers.rules.standing import Frequency

CHANNELS = [c.name.lower().replace("_", "-") for c in Channel if c not in (Channel.SYSTEM, Channel.INTERBANK)]
CHANNEL = click.option(
    "--channel", type=click.Choice(CHANNELS), help=say("Moyen utilisé.", "How the order comes.")
)
BY = click.option("--by", type=int, help=say("Qui donne l’ordre (client).", "Who orders (customer)."))
STAFF = click.option("--as", "actor", type=int, help=say("Saisi par (personnel).", "Entered by (staff)."))
ACCOUNT = click.argument("account", metavar=say("COMPTE", "ACCOUNT"))
KEY = click.option("--key", help=say("Clé d’idempotence (32 chiffres hexadécimaux).", "Idempotency key."))


@click.command(cls=Command, help=say("Faire un virement.", "Make a transfer."))
@ACCOUNT
@click.argument("amount", metavar=say("MONTANT", "AMOUNT"))
@click.option("--to", "iban", default="", help=say("IBAN du bénéficiaire.", "The payee’s IBAN."))
@click.option("--name", default="", help=say("Nom du bénéficiaire.", "The payee’s name."))
@click.option("--rib", default="", help=say("RIB (23 caractères).", "RIB (23 characters)."))
@click.option(
    "--account-number", default="", help=say("Numéro de compte étranger.", "Foreign account number.")
)
@click.option("--bic", default="")
@click.option("--bank-name", default="", help=say("Banque du bénéficiaire.", "The payee’s bank."))
@click.option("--address", multiple=True, help=say("Adresse, ligne par ligne.", "Address, line by line."))
@click.option("--country", default="", help=say("Pays du bénéficiaire.", "The payee’s country."))
@click.option("--currency", help=say("Devise ; celle du compte sinon.", "Currency."))
@click.option("--rate", help=say("Cours convenu (conseiller).", "Agreed rate, for one unit (adviser)."))
@click.option("--instant", is_flag=True, help=say("Virement instantané.", "Instant transfer."))
@click.option("--treasury", is_flag=True, help=say("Virement de trésorerie.", "Treasury transfer."))
@click.option("--on", "agreed_on", type=DAY, help=say("À cette date.", "On that day."))
@click.option("--after", type=PERIOD, help=say("À la fin d’une période : 30d, 2m.", "When a period ends."))
@click.option("--when-funded", is_flag=True, help=say("Quand l’argent est là.", "When the money is there."))
@click.option("--every", type=click.Choice([f.value for f in Frequency]), help=say("Permanent.", "Standing."))
@click.option("--end-of-month", is_flag=True, help=say("Le dernier jour du mois.", "Last day of the month."))
@click.option("--until", type=DAY, help=say("Dernière date.", "Last day."))
@click.option("--times", type=int, help=say("Nombre d’échéances.", "Number of occurrences."))
@click.option("--text", "remittance", default="", help=say("Motif.", "Remittance text."))
@click.option("--reference", default="", help=say("Référence de bout en bout.", "End-to-end reference."))
@click.option("--charges", type=click.Choice([c.value for c in ChargeOption]), help=say("Frais.", "Charges."))
@click.option("--quoted-days", type=int, help=say("Délai convenu (jours).", "Quoted delay (days)."))
@click.option("--instrument", default="transfer", hidden=True)
@click.option("--own-account", is_flag=True, help=say("C’est un de mes comptes.", "It is my own account."))
@click.option(
    "--accept-risk", is_flag=True, help=say("Accepter le risque de rejet.", "Accept the risk of rejection.")
)
@click.option(
    "--corrects", type=OPERATION, help=say("L’ordre refusé qu’il corrige.", "The refused order it corrects.")
)
@click.option("--signed", is_flag=True, help=say("Ordre signé.", "The order is signed."))
@CHANNEL
@BY
@STAFF
@KEY
@click.option("--yes", "-y", is_flag=True, help=say("Sans demander.", "Without asking."))
@pass_shell
def pay(shell: Shell, /, account: str, amount: str, yes: bool, key: str | None, **given: Any) -> None:
    """Shows the check of the payee first; goes on when it is accepted."""
    with shell.bank() as bank:
        found = find_account(bank, account)
        ask = order_of(found, amount, given)
        actor, channel, ask = _origin(found, ask, given)
        seen = preview(bank, found, ask, other_banks(bank))
        if not yes:
            if shell.as_json:
                raise Trouble(shell.say("Ajoutez --yes.", "Add --yes."), "teneur pay … --yes --json")
            _show_preview(shell, found, ask, seen)
            if not shell.agrees(shell.say("Donner cet ordre ?", "Give this order?")):
                raise Trouble(shell.say("Rien n’a été fait.", "Nothing was done."))
        ask = msgspec.structs.replace(
            ask,
            check=seen.check(),
            duplicate_accepted=seen.duplicate is not None,
            risk_accepted=bool(given["accept_risk"] or (seen.risk and not yes)),
        )
        answer = bank.ask(ask, found.id, actor=actor, channel=channel, key=_key(key))
        _finish(shell, bank, answer, {"preview": seen.plain()} if shell.as_json else {})


def order_of(found: Account, amount: str, given: dict[str, Any]) -> PlaceTransfer:
    """The order that options describe. Raises Trouble."""
    code = (given["currency"] or found.currency).upper()
    repeat = None
    if given["every"]:
        repeat = Repeat(Frequency(given["every"]), given["end_of_month"], given["until"], given["times"])
        if given["agreed_on"] is None and not given["after"]:
            raise Trouble(
                say("Un virement permanent a une première date.", "A standing order has a first day."), "--on"
            )
    service = (
        Service.INSTANT if given["instant"] else Service.TREASURY if given["treasury"] else Service.ORDINARY
    )
    payee = PayeeAccount(
        name=given["name"],
        iban=iban_of(given["iban"]) if given["iban"] else "",
        rib=given["rib"],
        account_number=given["account_number"],
        address=tuple(given["address"]),
        country=given["country"],
        bic=given["bic"].upper(),
        bank_name=given["bank_name"],
    )
    return PlaceTransfer(
        amount_minor=amount_minor(amount, code),
        currency=code,
        payee=payee,
        service=service,
        agreed_on=given["agreed_on"],
        repeat=repeat,
        start=_start(given),
        corrects=given["corrects"][1] if given["corrects"] else 0,
        remittance=given["remittance"],
        end_to_end_id=given["reference"],
        rate=rate_of(given["rate"]),
        quoted_days=given["quoted_days"],
        charges=ChargeOption(given["charges"]) if given["charges"] else None,
        signed=given["signed"],
        instrument=given["instrument"],
        own_account=given["own_account"],
    )


def _start(given: dict[str, Any]) -> Start | None:
    """What starts the order instead of a day."""
    if given["when_funded"]:
        if given["after"]:
            raise Trouble(say("Un ordre commence une fois.", "There is one start."), "--when-funded, --after")
        return Start(StartCondition.FUNDS_AVAILABLE, until_on=given["until"])
    if given["after"]:
        months, days = given["after"]
        return Start(StartCondition.END_OF_PERIOD, months, days)
    return None


def rate_of(text: str | None) -> Decimal | None:
    """A rate as people write it. Raises Trouble."""
    try:
        return None if text is None else Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise Trouble(say(f"Cours {text!r} : attendu 0,92", f"Rate {text!r}: expected 0.92")) from None


def _key(text: str | None) -> bytes:
    try:
        key = bytes.fromhex(text) if text else secrets.token_bytes(16)
    except ValueError:
        key = b""
    if len(key) != 16:
        raise Trouble(say("Une clé a 32 chiffres hexadécimaux.", "A key has 32 hexadecimal digits."))
    return key


def _origin(found: Account, ask: PlaceTransfer, given: dict[str, Any]) -> tuple[int, Channel, PlaceTransfer]:
    """Who asks on which channel: a holder in the web space, or staff at the counter with a signed form."""
    name = given["channel"] or ("branch" if given["actor"] else "remote")
    channel = Channel[name.upper().replace("-", "_")]
    person = given["by"] or (found.holders[0] if found.holders else 0)
    if given["actor"]:
        return given["actor"], channel, msgspec.structs.replace(ask, ordered_by=person)
    return person, channel, ask


def _show_preview(shell: Shell, found: Account, ask: PlaceTransfer, seen: Preview) -> None:
    rows = [
        (shell.say("De", "From"), grouped_iban(found.iban)),
        (
            shell.say("À", "To"),
            escape(f"{ask.payee.name} {grouped_iban(ask.payee.iban) if ask.payee.iban else ''}".strip()),
        ),
        (shell.say("Montant", "Amount"), f"[bold]{shell.money(ask.amount_minor, ask.currency)}[/bold]"),
        (
            shell.say("Débit", "Debit"),
            shell.money(seen.debit_minor, found.currency)
            if seen.debit_minor and ask.currency != found.currency
            else "",
        ),
        (shell.say("Le", "On"), shell.day(ask.agreed_on) if ask.agreed_on else _start_text(shell, ask.start)),
        (shell.say("Motif", "Text"), escape(ask.remittance)),
        (
            shell.say("Nom vérifié", "Name checked"),
            f"[{seen.colour}]{escape(seen.sentence(shell.language))}[/]",  # another bank wrote part of it
        ),
        *((shell.say("Attention", "Beware"), f"[yellow]{text}[/]") for text in seen.warnings(shell.language)),
    ]
    shell.facts(rows, title=shell.say("Votre virement", "Your transfer"))


def _start_text(shell: Shell, start: Start | None) -> str:
    if start is None:
        return ""
    if start.condition is StartCondition.FUNDS_AVAILABLE:
        return shell.say("Quand l’argent est là", "When the money is there")
    period = f"{start.months} m" if start.months else f"{start.days} d"
    return shell.say(f"À la fin de la période ({period})", f"When the period ends ({period})")


def _finish(shell: Shell, bank: Bank, answer: Answer, more: dict[str, Any]) -> None:
    """What became of it, in the words of `explain`."""
    if shell.as_json:
        shell.emit(shell.answered(bank, answer, **more))
    else:
        told = explain(bank, answer.book, answer.position, shell.language)
        if told is not None:
            show_explanation(shell, told, short=True)
    if answer.outcome is Outcome.REFUSED:
        raise SystemExit(1)


@click.command(cls=Command, help=say("Annuler un virement.", "Revoke a transfer."))
@ACCOUNT
@click.argument("order", type=OPERATION, metavar=say("ORDRE", "ORDER"))
@click.option(
    "--day", "days", type=DAY, multiple=True, help=say("Seulement ces échéances.", "Only these days.")
)
@click.option("--oral", is_flag=True, help=say("Demandé sans écrit.", "Not asked in writing."))
@CHANNEL
@BY
@STAFF
@pass_shell
def revoke(
    shell: Shell, /, account: str, order: tuple[int, int], days: tuple[date, ...], oral: bool, **given: Any
) -> None:
    """Whether it is still possible is for the agreement to say."""
    with shell.bank() as bank:
        found = find_account(bank, account)
        name = given["channel"] or ("branch" if given["actor"] else "remote")
        ask = RevokeTransfer(transfer=order[1], written=not oral, days=days)
        actor = given["actor"] or given["by"] or found.holders[0]
        answer = bank.ask(ask, found.id, actor=actor, channel=Channel[name.upper().replace("-", "_")])
        _finish(shell, bank, answer, {})


@click.command(cls=Command, help=say("Les ordres d’un compte.", "The orders of an account."))
@ACCOUNT
@click.option("--limit", default=50, show_default=True)
@pass_shell
def orders(shell: Shell, account: str, limit: int) -> None:
    """Orders that are not done at once: planned, sent, reserved, held."""
    with shell.bank() as bank:
        found = find_account(bank, account)
        book = book_of(found.id)
        with bank.read() as connection:
            parameters = {"book": book, "account": number_of(found.id), "status": None, "limit": limit}
            rows = [order_from_row(book, r) for r in connection.execute(SQL["account_orders"], parameters)]
    if shell.as_json:
        shell.emit({"orders": [_plain(order) for order in rows]})
        return
    amount = shell.say("Montant", "Amount")
    table = shell.table(
        shell.say("Ordre", "Order"),
        amount,
        shell.say("Bénéficiaire", "Payee"),
        shell.say("État", "Status"),
        right=(amount,),
    )
    for order in rows:
        why = reason_text(order.reason, {}, shell.language) if order.reason else ""
        status = " : ".join(part for part in (order_status(order, shell.language), why) if part)
        table.add_row(
            f"{book}/{order.id}",
            shell.money(order.ask.amount_minor, order.ask.currency),
            order.ask.payee.name or order.ask.payee.iban,
            status,
        )
    shell.out.print(table)


def _plain(order: TransferOrder) -> dict[str, Any]:
    return {
        "order": f"{book_of(order.account)}/{order.id}",
        "status": order.status.name.lower(),
        "due_on": order.due_on,
        "execute_by": order.execute_by,
        "stamped_at": order.stamped_at,
        "debit_minor": order.debit_minor,
        "done_occurrences": order.done_occurrences,
        "reason": order.reason,
        "asked": msgspec.to_builtins(order.ask),
    }


@click.group(cls=Group, help=say("Les plafonds de virement.", "Ceilings of transfers."))
def ceiling() -> None:
    """Commands about ceilings."""


@ceiling.command("ask", help=say("Demander d’autres plafonds.", "Ask for other ceilings."))
@ACCOUNT
@click.option("--per-operation", help=say("Par opération.", "Per operation."))
@click.option("--weekly", help=say("Par semaine.", "Per week."))
@click.option("--until", type=DAY, help=say("Jusqu’au.", "Until."))
@BY
@pass_shell
def ceiling_ask(
    shell: Shell,
    account: str,
    per_operation: str | None,
    weekly: str | None,
    until: date | None,
    by: int | None,
) -> None:
    """A lowering counts at once; a raise waits for the adviser."""
    with shell.bank() as bank:
        found = find_account(bank, account)
        ask = AskCeiling(
            per_operation_minor=None
            if per_operation is None
            else amount_minor(per_operation, found.currency),
            weekly_minor=None if weekly is None else amount_minor(weekly, found.currency),
            until_on=until,
        )
        answer = bank.ask(ask, found.id, actor=by or found.holders[0], channel=Channel.REMOTE)
        _finish(shell, bank, answer, {})


@ceiling.command("decide", help=say("Décider d’une demande de plafond.", "Decide on a request."))
@ACCOUNT
@click.argument("request", type=OPERATION, metavar=say("DEMANDE", "REQUEST"))
@click.option("--grant/--refuse", required=True, help=say("Accorder ou refuser.", "Grant or refuse."))
@click.option("--until", type=DAY, help=say("Jusqu’au.", "Until."))
@click.option("--as", "actor", type=int, required=True)
@click.option("--approved-by", type=int, required=True)
@pass_shell
def ceiling_decide(
    shell: Shell,
    account: str,
    request: tuple[int, int],
    grant: bool,
    until: date | None,
    actor: int,
    approved_by: int,
) -> None:
    """The adviser and a second person."""
    with shell.bank() as bank:
        found = find_account(bank, account)
        ask = DecideCeiling(request=request[1], granted=grant, until_on=until, approved_by=approved_by)
        answer = bank.ask(ask, found.id, actor=actor, channel=Channel.BRANCH)
        _finish(shell, bank, answer, {})


@click.group(cls=Group, help=say("Les virements retenus pour vérification.", "Transfers held for a check."))
def screening() -> None:
    """Commands about screening."""


@screening.command("review", help=say("Laisser partir ou refuser un virement retenu.", "Clear or refuse it."))
@ACCOUNT
@click.argument("order", type=OPERATION, metavar=say("ORDRE", "ORDER"))
@click.option("--clear/--refuse", required=True)
@click.option("--note", default="")
@click.option("--as", "actor", type=int, required=True)
@pass_shell
def screening_review(
    shell: Shell, account: str, order: tuple[int, int], clear: bool, note: str, actor: int
) -> None:
    """By a member of staff who has looked."""
    with shell.bank() as bank:
        found = find_account(bank, account)
        ask = ReviewScreening(transfer=order[1], cleared=clear, note=note)
        _finish(shell, bank, bank.ask(ask, found.id, actor=actor, channel=Channel.BRANCH), {})


@click.group(cls=Group, help=say("Les virements instantanés.", "Instant transfers."))
def instant() -> None:
    """Commands about instant transfers."""


@instant.command("confirm", help=say("Répondre à un virement instantané.", "Answer an instant transfer."))
@click.argument("account", metavar=say("COMPTE", "ACCOUNT"))
@click.argument("order", type=OPERATION, metavar=say("ORDRE", "ORDER"))
@click.option(
    "--available/--unavailable", required=True, help=say("Fonds remis ou non.", "Funds given or not.")
)
@click.option("--reason", default="")
@click.option(
    "--as", "actor", type=int, required=True, help=say("Qui saisit (personnel).", "Who enters it (staff).")
)
@pass_shell
def instant_confirm(
    shell: Shell, account: str, order: tuple[int, int], available: bool, reason: str, actor: int
) -> None:
    """The other bank’s answer, as a member of the back office has it; only it moves the money."""
    with shell.bank() as bank:
        found = find_account(bank, account)
        ask = ConfirmInstant(transfer=order[1], available=available, reason=reason)
        _finish(shell, bank, bank.ask(ask, found.id, actor=actor, channel=Channel.BRANCH), {})
