"""How the story ends: statements read back by somebody else's program, and books that balance."""

from pathlib import Path

from teneur.bank import Bank
from teneur.channels.day.report import DayReport
from teneur.channels.demo.stage import Stage
from teneur.channels.demo.writers import balances_read_back
from teneur.channels.statements import as_camt053, kept, page_of
from teneur.kernel.money import Money, currency, plain
from teneur.ledger.check import check
from teneur.ledger.reading import heads, trial_balance


def statements(stage: Stage, bank: Bank, report: DayReport, files: Path) -> None:
    """Write every statement, read it back, compare to the cent."""
    closing, theirs = "Nouveau solde", "Relu par camt053"
    table = stage.table(
        "", "Compte", "Titulaire", "Écritures", closing, theirs, right=("Écritures", closing, theirs)
    )
    for issued in report.statements:
        account = bank.account(issued.account)
        with bank.read() as connection:
            found = kept(connection, issued.account, issued.number)
        assert found is not None, "a statement that was issued is kept"
        statement, json = found
        pdf = page_of(bank, issued.account, issued.number) or b""
        message = as_camt053(statement)
        name = f"releve-{account.iban}-{issued.last_day:%Y-%m}"
        for ending, data in (("camt.053.xml", message), ("pdf", pdf), ("json", json)):
            (files / f"{name}.{ending}").write_bytes(data)
        opening, closed, entries = balances_read_back(message)
        unit = currency(account.currency)
        ours = [plain(Money(minor, unit)) for minor in (issued.opening_minor, issued.closing_minor)]
        same = _numbers(opening, closed) == _numbers(*ours) and entries == len(statement.lines)
        mark = "[green]✔[/]" if same else "[red]✘[/]"
        table.add_row(
            mark,
            account.iban,
            ", ".join(statement.account.holders),
            str(len(statement.lines)),
            stage.money(issued.closing_minor, unit.code),
            f"{closed} {unit.code}",
        )
        if not same:
            raise RuntimeError(f"{account.iban}: {ours} were written, {opening} and {closed} were read back")
    stage.console.print(table)


def _numbers(*texts: str) -> list[str]:
    """Amounts without the zeros that one program writes after the point and another does not."""
    return [text.rstrip("0").rstrip(".") if "." in text else text for text in texts]


def closing(stage: Stage, bank: Bank, files: Path) -> bool:
    """The trial balance, the books checked row by row, and where everything lies."""
    stage.say("\n[bold]Les livres, à la fin[/bold]\n")
    with bank.read() as connection:
        cut = heads(connection)
        balance = trial_balance(connection, {book: at for book, at in cut.items() if book})
    amount = "Solde"
    table = stage.table("Compte", amount, right=(amount,))
    sums: dict[tuple[str, str], int] = {}
    for line in balance.lines:
        key = (line.label if line.kind.name == "OWN" else "Comptes des clients", line.currency)
        sums[key] = sums.get(key, 0) + line.balance_minor
    for (label, code), total in sums.items():
        if total:
            table.add_row(f"{label} ({code})", stage.money(total, code))
    for code, total in sorted(balance.totals_minor.items()):
        table.add_row(f"[bold]Total ({code})[/bold]", f"[bold]{stage.money(total, code)}[/bold]")
    stage.console.print(table)
    with bank.connect() as connection:
        faults = check(connection)
    rows = sum(cut.values())
    for fault in faults:
        stage.say(f"[red]✘[/] {fault.invariant} : {fault.what}")
    stage.say(
        f"\n{'[red]✘[/]' if faults else '[green]✔[/]'} {rows} lignes du journal vérifiées : "
        f"{'des fautes' if faults else 'tout est juste'}. {stage.operations} opérations, "
        f"{stage.refusals} refus, {len(stage.clauses)} clauses appliquées."
    )
    stage.say(f"Fichiers, relevés (camt.053, PDF, JSON) et réponses : [bold]{files}[/bold]")
    return balance.balanced and not faults
