"""`import` and `export`: files of ISO 20022 messages in and out."""

from pathlib import Path
from typing import Any

import click
from rich.markup import escape

from teneur.channels.cli.shell import REFUSED, Command, Shell, pass_shell
from teneur.channels.cli.texts import say
from teneur.channels.explain import explain
from teneur.channels.files.exporting import KINDS, export_messages
from teneur.channels.files.importing import OTHER_BANK, import_file
from teneur.channels.files.reports import REJECTED, ImportReport, ItemResult
from teneur.interbank.faults import FileRefusal


@click.command(
    "import",
    cls=Command,
    help=say(
        "Recevoir un fichier d’ordres ou d’une autre banque.", "Take in a file of orders, or of another bank."
    ),
)
@click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar=say("FICHIER", "FILE")
)
@click.option(
    "--sender",
    type=int,
    default=OTHER_BANK,
    show_default=True,
    help=say("Client qui envoie ; 0 : une autre banque.", "Customer who sends; 0: another bank."),
)
@click.option("--book", default=1, show_default=True)
@click.option(
    "--answer",
    type=click.Path(dir_okay=False, path_type=Path),
    help=say("Où écrire la réponse (pain.002).", "Where to write the answer (pain.002)."),
)
@pass_shell
def import_command(shell: Shell, file: Path, sender: int, book: int, answer: Path | None) -> None:
    """A bad transaction is refused alone, a bad file whole; the same file twice does nothing twice."""
    with shell.bank() as bank:
        with shell.progress(file.name) as bar:
            task = bar.task_ids[0]
            report = import_file(
                bank,
                file,
                sender=sender,
                name=file.name,
                book=book,
                progress=lambda done, total: bar.update(task, completed=done, total=total),
            )
        told = [explain(bank, *r.operation, shell.language) if r.operation else None for r in report.results]
    if answer is not None and report.answer:
        answer.write_bytes(report.answer)
    if shell.as_json:
        shell.emit(_plain(report))
    else:
        _show(shell, file, report, [t.sentence if t else "" for t in told])
    nothing_done = bool(report.results) and report.refused == len(report.results)
    if report.refusal is not None or nothing_done:
        raise SystemExit(REFUSED)


def _plain(report: ImportReport) -> dict[str, Any]:
    return {
        "name": report.name,
        "sha256": report.sha256,
        "message": report.message,
        "message_id": report.message_id,
        "received_at": report.received_at,
        "repeated": report.repeated,
        "transactions": report.transactions,
        "accepted": report.accepted,
        "pending": report.pending,
        "refused": report.refused,
        "refusal": None if report.refusal is None else _faults(report.refusal),
        "results": [_item(result) for result in report.results],
    }


def _faults(refusal: FileRefusal) -> list[dict[str, Any]]:
    return [
        {
            "code": f.code,
            "iso": f.iso,
            "french": f.french,
            "english": f.english,
            "line": f.line,
            "path": f.path,
        }
        for f in refusal.faults
    ]


def _item(result: ItemResult) -> dict[str, Any]:
    return {
        "position": result.position,
        "status": result.status,
        "reason": result.reason,
        "end_to_end_id": result.end_to_end_id,
        "amount": None if result.amount is None else str(result.amount),
        "operation": "{}/{}".format(*result.operation) if result.operation else None,
        "text": list(result.text),
        "clauses": list(result.clauses),
        "replayed": result.replayed,
    }


def _show(shell: Shell, file: Path, report: ImportReport, told: list[str]) -> None:
    known = " · ".join(part for part in (report.message, report.message_id) if part)
    shell.out.print(f"[bold]{escape(file.name)}[/bold] [dim]{escape(known)}[/dim]")
    if report.repeated:
        shell.out.print(
            shell.say("Déjà reçu : rien n’est fait deux fois.", "Known already: nothing is done twice.")
        )
        return
    if report.refusal is not None:
        shell.err.print(
            f"[red]{shell.say('Fichier refusé, rien n’est fait :', 'Refused, nothing is done:')}[/red]"
        )
        for fault in report.refusal.faults:
            line = f" ({shell.say('ligne', 'line')} {fault.line})" if fault.line else ""
            shell.err.print(f"  {escape(shell.say(fault.french, fault.english))}{line}")
        return
    amount = shell.say("Montant", "Amount")
    table = shell.table(
        "",
        shell.say("Référence", "Reference"),
        amount,
        shell.say("Statut", "Status"),
        shell.say("Ce qui s’est passé", "What happened"),
        right=(amount,),
    )
    for result, sentence in zip(report.results, told, strict=True):
        mark = "[red]✘[/]" if result.status == REJECTED else "[green]✔[/]"
        money = shell.money(result.amount.amount_minor, result.amount.currency.code) if result.amount else ""
        table.add_row(
            mark,
            result.end_to_end_id or result.transaction_id,
            money,
            f"{result.status} {result.reason}".strip(),
            sentence or " ".join(result.text),
        )
    shell.out.print(table)
    shell.out.print(
        shell.say(
            f"{report.accepted} acceptés, {report.pending} en attente, {report.refused} refusés.",
            f"{report.accepted} accepted, {report.pending} pending, {report.refused} refused.",
        )
    )


@click.command(
    "export",
    cls=Command,
    help=say(
        "Écrire les messages qui attendent pour d’autres banques.",
        "Write the messages that wait for other banks.",
    ),
)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), metavar=say("DOSSIER", "FOLDER"))
@click.option(
    "--kind",
    "kinds",
    type=click.Choice(list(KINDS)),
    multiple=True,
    help=say("Un seul message.", "One message only."),
)
@click.option("--book", default=1, show_default=True)
@pass_shell
def export(shell: Shell, folder: Path, kinds: tuple[str, ...], book: int) -> None:
    """Each message goes out once."""
    folder.mkdir(parents=True, exist_ok=True)
    with shell.bank() as bank, shell.progress(shell.say("Écriture", "Writing")) as bar:
        written: list[Path] = []
        for kind in kinds or tuple(KINDS):
            written += export_messages(bank, book, kind, folder)
            bar.advance(bar.task_ids[0], 1)
    if shell.as_json:
        shell.emit({"files": [str(path) for path in written]})
        return
    for path in written:
        shell.out.print(f"[green]✔[/green] {path}", soft_wrap=True)
    if not written:
        shell.out.print(shell.say("Rien n’attend.", "Nothing waits."))
