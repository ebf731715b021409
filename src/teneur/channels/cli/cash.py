"""`cash`: notes and coins at the counter."""

import click

from teneur.agreements.terms.cash import CashForm
from teneur.cash.commands import CashDeposit, Pieces
from teneur.channels.cli.accounts import ACCOUNT, AS
from teneur.channels.cli.inputs import amount_minor, find_account
from teneur.channels.cli.shell import Group, Shell, Trouble, pass_shell
from teneur.channels.cli.texts import say
from teneur.kernel.commands import Channel
from teneur.pricing.statements.titling import holders_of


@click.group(cls=Group, help=say("Les espèces au guichet.", "Cash at the counter."))
def cash() -> None:
    """Commands about cash."""


@cash.command("deposit", help=say("Verser des espèces : 20x50,00 10x20,00", "Pay cash in: 20x50.00 10x20.00"))
@ACCOUNT
@click.argument("pieces", nargs=-1, required=True, metavar=say("NOMBRExVALEUR…", "COUNTxVALUE…"))
@click.option("--depositor", help=say("Qui les apporte ; un titulaire sinon.", "Who brings it."))
@click.option("--branch", help=say("Agence ; celle du compte sinon.", "Branch."))
@click.option("--currency", help=say("Devise des billets ; celle du compte sinon.", "Currency of the notes."))
@click.option("--coins", is_flag=True, help=say("Ce sont des pièces.", "These are coins."))
@AS
@pass_shell
def cash_deposit(
    shell: Shell,
    account: str,
    pieces: tuple[str, ...],
    depositor: str | None,
    branch: str | None,
    currency: str | None,
    coins: bool,
    actor: int,
) -> None:
    """Counted at the counter, credited to the account."""
    with shell.bank() as bank:
        found = find_account(bank, account)
        with bank.read() as connection:
            holders = holders_of(connection, found)
        code = (currency or found.currency).upper()
        form = CashForm.COINS if coins else CashForm.BANKNOTES
        ask = CashDeposit(
            currency=code,
            pieces=tuple(_pieces(text, form, code) for text in pieces),
            branch=branch or found.branch,
            depositor=depositor or (holders[0].name if holders else ""),
        )
        answer = bank.ask(ask, found.id, actor=actor, channel=Channel.BRANCH)
        money = shell.money(sum(p.value_minor * p.count for p in ask.pieces), code)
        shell.finish(bank, answer, shell.say(f"{money} versés en espèces.", f"{money} paid in."))


def _pieces(text: str, form: CashForm, code: str) -> Pieces:
    count, times, value = text.lower().replace("×", "x").partition("x")
    if not (times and count.isdecimal()):
        raise Trouble(say(f"{text!r} : attendu 20x50", f"{text!r}: expected 20x50"))
    return Pieces(form, amount_minor(value, code), int(count))
