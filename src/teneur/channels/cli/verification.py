"""`verification`: answering other banks' questions about payees, and asking one by hand."""

import signal
from typing import Any, NoReturn

import click
import msgspec
from rich.markup import escape

from teneur.channels.cli.inputs import iban_of
from teneur.channels.cli.shell import Group, Shell, Trouble, pass_shell
from teneur.channels.cli.texts import say
from teneur.channels.settings import other_banks
from teneur.channels.verification.answering import Answerer
from teneur.channels.verification.serving import HOST, Server
from teneur.payments.transfers.rules.texts import PAYEE_CHECKS, sentence
from teneur.payments.verification.asking import Question
from teneur.payments.verification.wire import PATH


@click.group(
    cls=Group,
    help=say("La vérification du bénéficiaire entre banques.", "Verification of payee between banks."),
)
def verification() -> None:
    """Commands about verification of payee."""


@verification.command(
    "serve", help=say("Répondre aux autres banques, sur 127.0.0.1.", "Answer other banks, on 127.0.0.1.")
)
@click.option("--port", type=click.IntRange(0, 65_535), default=8_461, show_default=True)
@click.option(
    "--requester-header",
    default="X-Requester-BIC",
    show_default=True,
    help=say(
        "L’en-tête par lequel le serveur TLS dit quelle banque demande.",
        "The header in which the TLS server in front says which bank asks.",
    ),
)
@click.option(
    "--unchecked",
    is_flag=True,
    help=say(
        "Croire ce que dit la demande (essais seulement).", "Believe what the request says (trials only)."
    ),
)
@pass_shell
def serve(shell: Shell, port: int, requester_header: str, unchecked: bool) -> None:
    """Until it is ended."""
    if not (unchecked or requester_header.strip()):
        raise Trouble(shell.say("Il faut un nom d’en-tête.", "A header needs a name."), "--requester-header")
    signal.signal(signal.SIGTERM, _end)
    with shell.bank() as bank:
        try:
            server = Server(Answerer(bank), port, "" if unchecked else requester_header)
        except OSError as error:
            raise Trouble(f"{HOST}:{port}: {error.strerror}", "--port") from error
        with server:
            url = f"http://{HOST}:{server.server_port}{PATH}"
            if shell.as_json:
                shell.emit({"url": url})
            else:
                shell.out.print(f"[green]✔[/green] {url}", soft_wrap=True)
            try:
                server.serve_forever()
            except KeyboardInterrupt:
                shell.note("")


def _end(*_: Any) -> NoReturn:
    raise SystemExit(0)


@verification.command(
    "ask",
    help=say("Demander à une autre banque si un nom convient.", "Ask another bank whether a name fits."),
)
@click.argument("iban")
@click.option("--name", default="", help=say("Nom du bénéficiaire.", "The payee’s name."))
@click.option("--lei", default="", help=say("Son LEI, au lieu du nom.", "Its LEI, instead of the name."))
@click.option("--bic", default="", help=say("BIC de sa banque.", "BIC of the payee’s bank."))
@click.option("--text", "remittance", default="", help=say("Référence.", "Reference."))
@click.option("--from", "requesting_bic", required=True, help=say("BIC de notre banque.", "Our bank’s BIC."))
@pass_shell
def ask(shell: Shell, iban: str, name: str, lei: str, bic: str, remittance: str, requesting_bic: str) -> None:
    """One question, for whoever looks after the connection; no order comes of it."""
    if bool(name.strip()) is bool(lei):
        raise Trouble(shell.say("Il faut un nom ou un LEI.", "A name or an LEI is needed."), "--name --lei")
    question = Question(
        iban=iban_of(iban),
        name=name,
        lei=lei.upper(),
        bic=bic.upper(),
        remittance=remittance,
        requesting_bic=requesting_bic.upper(),
    )
    with shell.bank() as bank:
        found = other_banks(bank).verify(question)
    if shell.as_json:
        shell.emit(msgspec.to_builtins(found))
        return
    told = sentence(PAYEE_CHECKS[found.outcome], shell.language, name=found.shown_name)
    shell.facts(
        [
            (shell.say("Réponse", "Answer"), escape(told)),
            (shell.say("De", "From"), found.answered_by),
            (shell.say("Cause", "Cause"), found.cause),
            (shell.say("Demande", "Request"), found.request_id),
        ]
    )
