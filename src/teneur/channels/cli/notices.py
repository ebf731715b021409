"""`notices`: what holders are told: what waits, what went out, sending it, what holders want."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import click

from teneur.agreements.terms.notices import Medium
from teneur.channels.cli.inputs import DAY, DEFAULT_BOOK, find_account
from teneur.channels.cli.shell import TROUBLE, Group, Shell, Trouble, pass_shell
from teneur.channels.cli.texts import say
from teneur.channels.notices import deliver_all, keep_ways
from teneur.kernel.commands import Channel, account_id
from teneur.ledger.account import load_accounts
from teneur.obligations.notices.attempts import (
    attempts_of,
    kept_document,
    notices_of,
    try_again,
    unsent,
)
from teneur.obligations.notices.commands import (
    ChooseMedium,
    ChooseRecipient,
    NoteAcknowledgement,
    ObjectToPaperless,
)
from teneur.obligations.notices.day import Report
from teneur.obligations.notices.document import document_hash, document_pdf, document_text
from teneur.obligations.notices.facts import Notice, NoticeId, load_notices
from teneur.obligations.notices.templates import pick
from teneur.obligations.notices.texts import TEMPLATES

MOST = 200
_NAME = re.compile(r"(\d{1,7})-(\d{1,10})-(\d{1,18})-(\d{1,5})")
_MEDIA: dict[str, tuple[str, str]] = {
    "secure-message": ("message dans l’espace à distance", "message in the web space"),
    "e-mail": ("e-mail", "e-mail"),
    "letter": ("lettre", "letter"),
    "registered-letter": ("lettre recommandée", "registered letter"),
    "sms": ("SMS", "text message"),
}


@click.group(cls=Group, help=say("Ce dont la banque informe ses clients.", "What customers are told."))
def notices() -> None:
    """Commands about notices."""


@notices.command("list", help=say("Ce qui attend d’être envoyé.", "What waits to be sent."))
@click.option("--account", help=say("D’un compte, envoyé ou non.", "Of an account, sent or not."))
@click.option("--given-up", is_flag=True, help=say("À examiner par une personne.", "For a person to see to."))
@click.option("--book", default=DEFAULT_BOOK, show_default=True)
@pass_shell
def list_notices(shell: Shell, account: str | None, given_up: bool, book: int) -> None:
    """Oldest first; of an account: the latest first."""
    with shell.bank() as bank:
        of = find_account(bank, account) if account else None
        with bank.read() as connection:
            if of is not None:
                found = [(n, n.sent_at) for n in notices_of(connection, of.id, MOST)]
            else:
                found = unsent(connection, book, MOST, given_up=given_up)
            accounts = load_accounts(connection, list({n.account for n, _ in found}))
        zones = {a.id: bank.terms_for(a, a.opened_on).agreement.zone for a in accounts.values()}
    if shell.as_json:
        plain = [{**_plain(n), "next_at": None if n.sent_at else at} for n, at in found]
        shell.emit({"notices": plain})
        return
    table = shell.table(
        shell.say("N°", "Id"),
        shell.say("Objet", "Subject"),
        shell.say("Depuis", "Since"),
        shell.say("Envoyé", "Sent"),
        shell.say("Par", "By"),
    )
    for notice, _ in found:
        where = zones[notice.account]
        sent = shell.moment(notice.sent_at, where) if notice.sent_at else "—"
        since = shell.moment(notice.made_at, where)
        table.add_row(notice.name, _subject(shell, notice), since, sent, _medium(shell, notice.medium))
    shell.out.print(table if found else shell.say("Rien n’attend.", "Nothing waits."))


@notices.command("show", help=say("Lire un envoi et son histoire.", "Read a notice, and its story."))
@click.argument("name", metavar="ID")
@click.option("--pdf", type=click.Path(dir_okay=False, path_type=Path), help=say("Écrire la page.", "Page."))
@pass_shell
def show(shell: Shell, name: str, pdf: Path | None) -> None:
    """As it was issued; before that, what it will say of."""
    key = notice_key(shell, name)
    with shell.bank() as bank, bank.read() as connection:
        notice = load_notices(connection, [key]).get(key)
        kept = kept_document(connection, key)
        tries = attempts_of(connection, key)
        account = load_accounts(connection, [key[0]]).get(key[0])
        where = bank.terms_for(account, account.opened_on).agreement.zone if account else "UTC"
    if notice is None:
        raise Trouble(shell.say(f"Pas d’information {name}.", f"There is no notice {name}."))
    if pdf is not None:
        if kept is None:
            raise Trouble(shell.say("Elle n’est pas encore émise.", "It is not issued yet."))
        pdf.write_bytes(kept[1] or document_pdf(kept[0]))
    if shell.as_json:
        document = None if kept is None else {"sha256": document_hash(kept[0]), "document": kept[0]}
        shell.emit({**_plain(notice), "issued": document, "attempts": tries})
        return
    if kept is None:
        shell.out.print(_subject(shell, notice))
    else:
        shell.out.print(document_text(kept[0]), markup=False, highlight=False)
    for attempt in tries:
        became = str(attempt.outcome.value) if attempt.outcome else shell.say("inconnu", "not known")
        detail = attempt.error or attempt.reference
        shell.out.print(
            f"  [dim]{shell.moment(attempt.begun_at, where)}[/dim] {_medium(shell, attempt.medium)}", end=" "
        )
        shell.out.print(f"{became} {detail}", markup=False)


@notices.command("deliver", help=say("Envoyer ce qui attend.", "Send what waits."))
@click.option("--again", is_flag=True, help=say("Reprendre aussi l’abandonné.", "What was given up, too."))
@pass_shell
def deliver(shell: Shell, again: bool) -> None:
    """Restartable; what was sent and noted does not go out again."""
    with shell.bank() as bank:
        if again:
            with bank.connect() as connection:
                try_again(connection, bank.clock.now())
        with shell.progress(shell.say("Envoi", "Sending")) as bar:
            task = bar.task_ids[0]
            reports = deliver_all(bank, lambda _what, count: bar.advance(task, count))
    if shell.as_json:
        shell.emit({"books": {str(book): report for book, report in reports.items()}})
    else:
        for book, report in reports.items():
            _show_report(shell, book, report)
    if any(report.problems for report in reports.values()):
        raise SystemExit(TROUBLE)


def _show_report(shell: Shell, book: int, report: Report) -> None:
    if report.busy:
        shell.note(shell.say("Un autre processus envoie déjà.", "Another process is sending already."))
    by_medium: dict[str, int] = {}
    for _, medium in report.sent:
        by_medium[medium] = by_medium.get(medium, 0) + 1
    rows = [(_medium(shell, medium), str(count)) for medium, count in sorted(by_medium.items())]
    rows += [
        (shell.say("À réessayer", "To be tried again"), str(len(report.failed) or "")),
        (shell.say("Sans objet", "No longer needed"), str(len(report.needless) or "")),
        (shell.say("Moyen non installé", "Medium not set up"), str(len(report.unequipped) or "")),
        (shell.say("À examiner", "For a person to see to"), str(len(report.given_up) or "")),
    ]
    nothing = shell.say("Rien n’attendait.", "Nothing waited.")
    shell.facts(rows if any(count for _, count in rows) else [(nothing, " ")], title=f"{book}")
    for problem in report.problems:
        shell.err.print(problem, style="red", markup=False)


@notices.command("set-up", help=say("Installer les moyens d’envoi.", "Set up the ways of sending."))
@click.option(
    "--smtp",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=say("Fichier TOML du serveur de courrier.", "TOML file of the mail server."),
)
@click.option(
    "--print-folder",
    type=click.Path(file_okay=False, path_type=Path),
    help=say("Dossier des lettres à imprimer.", "Folder of letters to print."),
)
@pass_shell
def set_up(shell: Shell, smtp: Path | None, print_folder: Path | None) -> None:
    """What is not given stays as it is. The mail server's word of access comes from the environment."""
    with shell.bank() as bank:
        keep_ways(bank, None if smtp is None else smtp.read_text(encoding="utf-8"), print_folder)
    shell.note(shell.say("C’est noté.", "Noted."))


@notices.command("choose", help=say("Ce que veulent les titulaires.", "What holders want."))
@click.argument("account", metavar=say("COMPTE", "ACCOUNT"))
@click.option("--medium", type=click.Choice([m.value for m in Medium]))
@click.option("--paper/--paperless", default=None, help=say("Papier ou numérique.", "Paper or paperless."))
@click.option("--recipient", type=int, help=say("Titulaire destinataire.", "Holder who is written to."))
@click.option("--as", "actor", type=int, required=True, help=say("Qui demande (numéro).", "Who asks (id)."))
@pass_shell
def choose(
    shell: Shell, account: str, medium: str | None, paper: bool | None, recipient: int | None, actor: int
) -> None:
    """One thing at a time."""
    asks = [
        *([ChooseMedium(medium=Medium(medium))] if medium else []),
        *([ObjectToPaperless(objects=paper)] if paper is not None else []),
        *([ChooseRecipient(person=recipient)] if recipient is not None else []),
    ]
    if len(asks) != 1:
        raise Trouble(shell.say("Un seul choix à la fois.", "One choice at a time."), "--medium --paper …")
    with shell.bank() as bank:
        of = find_account(bank, account)
        answer = bank.ask(asks[0], of.id, actor=actor, channel=Channel.BRANCH)
        shell.finish(bank, answer, shell.say("Choix noté.", "Choice noted."))


@notices.command("acknowledge", help=say("Noter un avis de réception.", "Note an acknowledgement."))
@click.argument("name", metavar="ID")
@click.option("--on", "received_on", type=DAY, required=True, help=say("Remise le.", "Handed over on."))
@click.option("--reference", required=True, help=say("Référence de l’avis.", "Reference of the slip."))
@click.option("--as", "actor", type=int, required=True, help=say("Qui demande (numéro).", "Who asks (id)."))
@pass_shell
def acknowledge(shell: Shell, name: str, received_on: date, reference: str, actor: int) -> None:
    """Of a registered letter."""
    account, notice, line = notice_key(shell, name)
    ask = NoteAcknowledgement(notice=notice, line=line, received_on=received_on, reference=reference)
    with shell.bank() as bank:
        answer = bank.ask(ask, account, actor=actor, channel=Channel.BRANCH)
        shell.finish(bank, answer, shell.say("Avis de réception noté.", "Acknowledgement noted."))


def notice_key(shell: Shell, name: str) -> NoticeId:
    """What a name such as 1-1000000-42-0 stands for. Raises Trouble."""
    match = _NAME.fullmatch(name)
    if match is None:
        raise Trouble(
            shell.say(f"{name!r} n’est pas un numéro d’information.", f"{name!r} names no notice."),
            "1-1000000-42-0",
        )
    book, number, notice, line = map(int, match.groups())
    return account_id(book, number), notice, line


def _subject(shell: Shell, notice: Notice) -> str:
    """What kind of notice it is, without its figures."""
    template = TEMPLATES.get(notice.template)
    if template is None:
        return notice.template
    return re.sub(r"\s*\{\w+\}", " …", pick(template.subject, shell.language))


def _medium(shell: Shell, medium: str) -> str:
    return shell.say(*_MEDIA[medium]) if medium in _MEDIA else ""


def _plain(notice: Notice) -> dict[str, Any]:
    return {
        "id": notice.name,
        "template": notice.template,
        "about": notice.about,
        "discharges": notice.discharges,
        "made_at": notice.made_at,
        "sent_at": notice.sent_at,
        "medium": notice.medium,
        "reference": notice.reference,
        "acknowledged": notice.acknowledged,
    }
